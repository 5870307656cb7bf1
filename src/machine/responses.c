#include "machine/responses.h"

#include <string.h>

#include "exchange/impossible.h"

static const char *const phrases[] = {
    [100] = "Continue",
    [101] = "Switching Protocols",
    [200] = "OK",
    [201] = "Created",
    [202] = "Accepted",
    [204] = "No Content",
    [205] = "Reset Content",
    [301] = "Moved Permanently",
    [302] = "Found",
    [303] = "See Other",
    [304] = "Not Modified",
    [307] = "Temporary Redirect",
    [308] = "Permanent Redirect",
    [400] = "Bad Request",
    [401] = "Unauthorized",
    [403] = "Forbidden",
    [404] = "Not Found",
    [405] = "Method Not Allowed",
    [408] = "Request Timeout",
    [409] = "Conflict",
    [411] = "Length Required",
    [412] = "Precondition Failed",
    [413] = "Content Too Large",
    [414] = "URI Too Long",
    [415] = "Unsupported Media Type",
    [417] = "Expectation Failed",
    [422] = "Unprocessable Content",
    [426] = "Upgrade Required",
    [431] = "Request Header Fields Too Large",
    [500] = "Internal Server Error",
    [501] = "Not Implemented",
    [502] = "Bad Gateway",
    [503] = "Service Unavailable",
    [504] = "Gateway Timeout",
    [505] = "HTTP Version Not Supported",
};

void e100_add_lines(struct e100_response_head *head, const char *octets, size_t length) {
  E100_CHECK(length <= sizeof head->octets - head->length,
             "there is room for every line that is written here");
  memcpy(head->octets + head->length, octets, length);
  head->length += (unsigned)length;
}

void e100_add_status_line(struct e100_response_head *head, unsigned status) {
  char line[] = "HTTP/1.1 000 ";
  E100_CHECK(status < 1000, "a status has three digits");
  line[9] = (char)('0' + status / 100);
  line[10] = (char)('0' + status / 10 % 10);
  line[11] = (char)('0' + status % 10);
  e100_add_lines(head, line, sizeof line - 1);
  if (status < sizeof phrases / sizeof phrases[0] && phrases[status] != NULL)
    e100_add_lines(head, phrases[status], strlen(phrases[status]));
  E100_ADD_LINES(head, "\r\n");
}

void e100_add_length_line(struct e100_response_head *head, uint64_t length) {
  enum { DIGITS_LIMIT = 20 };
  char digits[DIGITS_LIMIT];
  unsigned first = DIGITS_LIMIT;
  do {
    digits[--first] = (char)('0' + length % 10);
    length /= 10;
  } while (length > 0);
  E100_ADD_LINES(head, "Content-Length: ");
  e100_add_lines(head, digits + first, DIGITS_LIMIT - first);
  E100_ADD_LINES(head, "\r\n");
}
