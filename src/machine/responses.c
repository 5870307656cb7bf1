#include "machine/responses.h"

#include <stdio.h>

#include "exchange/exchange.h"

static const struct {
  uint16_t status;
  const char *phrase;
} phrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {205, "Reset Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

static const char *phrase_of(unsigned status) {
  for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
    if (phrases[i].status == status)
      return phrases[i].phrase;
  }
  return "";
}

unsigned e100_write_status_line(char out[E100_STATUS_LINE_LIMIT], unsigned status) {
  int length = snprintf(out, E100_STATUS_LINE_LIMIT, "HTTP/1.1 %03u %s\r\n", status, phrase_of(status));
  E100_CHECK(length > 0 && length < E100_STATUS_LINE_LIMIT, "every status line fits");
  return (unsigned)length;
}
