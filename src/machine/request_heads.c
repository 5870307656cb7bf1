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

/* Fields for one hop are named there (RFC 9110 7.6.1). */
static void add_options(struct e100_outgoing *outgoing, const struct e100_request *request) {
  const struct {
    bool there;
    const char *name;
  } options[] = {{request->upgrade, "upgrade"}, {request->te, "TE"}, {request->close, "close"}};
  const char *before = "Connection: ";
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    if (!options[i].there)
      continue;
    add_text(outgoing, before);
    add_text(outgoing, options[i].name);
    before = ", ";
  }
  if (before[0] == ',')
    E100_OUTGOING_ADD(outgoing, "\r\n");
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
  add_options(&outgoing, request);
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
