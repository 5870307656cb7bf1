#include "machine/request_heads.h"

#include <string.h>

#include "machine/outgoing.h"

static void add_text(struct e100_outgoing *outgoing, const char *text) {
  e100_outgoing_add(outgoing, text, strlen(text));
}

static void add_framing(struct e100_outgoing *outgoing, const struct e100_request *request) {
  if (request->framing == E100_REQUEST_CHUNKED)
    E100_OUTGOING_ADD(outgoing, "Transfer-Encoding: chunked\r\n");
  if (request->framing != E100_REQUEST_LENGTH)
    return;
  E100_OUTGOING_ADD(outgoing, "Content-Length: ");
  e100_outgoing_add_number(outgoing, request->length, 10);
}

void e100_send_request_head(const struct e100_client_calls *calls, void *user,
                            const struct e100_request *request, bool asks) {
  struct e100_outgoing outgoing;
  e100_outgoing_begin(&outgoing, calls->send, user);
  add_text(&outgoing, request->method);
  E100_OUTGOING_ADD(&outgoing, " ");
  add_text(&outgoing, request->target);
  E100_OUTGOING_ADD(&outgoing, " HTTP/1.1\r\n");
  if (request->fields != NULL)
    add_text(&outgoing, request->fields);
  add_framing(&outgoing, request);
  if (asks)
    E100_OUTGOING_ADD(&outgoing, "Expect: 100-continue\r\n");
  if (request->upgrade)
    add_text(&outgoing, request->close ? "Connection: upgrade, close\r\n" : "Connection: upgrade\r\n");
  else if (request->close)
    E100_OUTGOING_ADD(&outgoing, "Connection: close\r\n");
  E100_OUTGOING_ADD(&outgoing, "\r\n");
  e100_outgoing_end(&outgoing);
}

void e100_send_chunk(const struct e100_client_calls *calls, void *user, const uint8_t *octets,
                     size_t length) {
  struct e100_outgoing outgoing;
  e100_outgoing_begin(&outgoing, calls->send, user);
  e100_outgoing_add_number(&outgoing, length, 16);
  e100_outgoing_add(&outgoing, octets, length);
  E100_OUTGOING_ADD(&outgoing, "\r\n");
  e100_outgoing_end(&outgoing);
}
