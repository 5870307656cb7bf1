#include "machine/request_heads.h"

#include <string.h>

struct sending {
  const struct e100_client_calls *calls;
  void *user;
};

static void send_text(const struct sending *sending, const char *text) {
  size_t length = strlen(text);
  if (length > 0)
    sending->calls->send(sending->user, (const uint8_t *)text, length);
}

/* A number in BASE, before CRLF. */
static void send_number(const struct sending *sending, uint64_t number, unsigned base) {
  enum { ROOM = 24 };
  uint8_t octets[ROOM];
  size_t first = ROOM;
  octets[--first] = '\n';
  octets[--first] = '\r';
  do {
    octets[--first] = (uint8_t) "0123456789abcdef"[number % base];
    number /= base;
  } while (number > 0);
  sending->calls->send(sending->user, octets + first, ROOM - first);
}

static void send_framing(const struct sending *sending, const struct e100_request *request) {
  if (request->framing == E100_REQUEST_CHUNKED)
    send_text(sending, "Transfer-Encoding: chunked\r\n");
  if (request->framing != E100_REQUEST_LENGTH)
    return;
  send_text(sending, "Content-Length: ");
  send_number(sending, request->length, 10);
}

void e100_send_request_head(const struct e100_client_calls *calls, void *user,
                            const struct e100_request *request, bool asks) {
  struct sending sending = {.calls = calls, .user = user};
  send_text(&sending, request->method);
  send_text(&sending, " ");
  send_text(&sending, request->target);
  send_text(&sending, " HTTP/1.1\r\n");
  if (request->fields != NULL)
    send_text(&sending, request->fields);
  send_framing(&sending, request);
  if (asks)
    send_text(&sending, "Expect: 100-continue\r\n");
  if (request->upgrade)
    send_text(&sending, request->close ? "Connection: upgrade, close\r\n" : "Connection: upgrade\r\n");
  else if (request->close)
    send_text(&sending, "Connection: close\r\n");
  send_text(&sending, "\r\n");
}

void e100_send_chunk_line(const struct e100_client_calls *calls, void *user, size_t length) {
  struct sending sending = {.calls = calls, .user = user};
  send_number(&sending, length, 16);
}
