#include "subjects/asked.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exchange/impossible.h"
#include "machine/expect_field.h"
#include "machine/octets.h"
#include "machine/option_list.h"

/* The head that is being taken apart. */
struct apart {
  struct e100_asked *asked;
  struct e100_expect_field expect;
  struct e100_option_list options;
  char *fields; /* where the next field line that is kept goes */
};

/* The length of the head with its empty line; 0: there is none. */
static size_t head_length(const uint8_t *octets, size_t length) {
  for (size_t i = 0; i + 4 <= length; i++) {
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0)
      return i + 4;
  }
  return 0;
}

/* Method and target, each closed with NUL in the place of the blank after it; what follows the request line.
 */
static char *read_request_line(struct e100_request *request, char *line, const char *end) {
  char *cr = memchr(line, '\r', (size_t)(end - line));
  char *first = memchr(line, ' ', (size_t)(cr - line));
  char *second = first != NULL ? memchr(first + 1, ' ', (size_t)(cr - first - 1)) : NULL;
  bool sound = second != NULL && first > line && second > first + 1 && cr[1] == '\n';
  if (!sound)
    return NULL;
  *first = *second = '\0';
  request->method = line;
  request->target = first + 1;
  return cr + 2;
}

static bool name_is(const char *line, size_t length, const char *name) {
  return strlen(name) == length && strncasecmp(line, name, length) == 0;
}

/* One field line, with its CRLF. */
static void read_line(struct apart *apart, const char *line, size_t length) {
  const char *colon = memchr(line, ':', length);
  size_t name = colon != NULL ? (size_t)(colon - line) : 0;
  const uint8_t *value = (const uint8_t *)line + name + 1;
  size_t value_length = length - name - 3;
  struct e100_request *request = &apart->asked->request;
  if (name_is(line, name, "expect")) {
    e100_expect_feed(&apart->expect, value, value_length);
    e100_expect_line_end(&apart->expect);
  } else if (name_is(line, name, "connection")) {
    e100_options_feed(&apart->options, value, value_length);
    e100_options_line_end(&apart->options);
  } else if (name_is(line, name, "transfer-encoding")) {
    request->framing = E100_REQUEST_CHUNKED;
  } else if (name_is(line, name, "content-length")) {
    if (request->framing == E100_REQUEST_NO_CONTENT)
      request->framing = E100_REQUEST_LENGTH;
  } else {
    request->upgrade = request->upgrade || name_is(line, name, "upgrade");
    memmove(apart->fields, line, length);
    apart->fields += length;
  }
}

static char *end_of_line(char *line, const char *end) {
  char *at = line;
  while (at + 1 < end && !(at[0] == '\r' && at[1] == '\n'))
    at++;
  return at + 2;
}

/* The field lines up to the empty one; those that stay move together, with NUL behind them. */
static void read_fields(struct apart *apart, char *line, const char *end) {
  apart->asked->request.fields = line;
  apart->fields = line;
  while (line[0] != '\r' || line[1] != '\n') {
    char *next = end_of_line(line, end);
    read_line(apart, line, (size_t)(next - line));
    line = next;
  }
  *apart->fields = '\0';
}

/* Content without a length gets its own; a request without any says so where its method means it to have some
 * (RFC 9110 8.6). */
static void settle_framing(struct e100_asked *asked, bool chunked) {
  struct e100_request *request = &asked->request;
  if (asked->content_length == 0) {
    if (request->framing == E100_REQUEST_CHUNKED || strcmp(request->method, "PUT") == 0 ||
        strcmp(request->method, "POST") == 0)
      request->framing = E100_REQUEST_LENGTH;
  } else if (chunked || request->framing == E100_REQUEST_CHUNKED) {
    request->framing = E100_REQUEST_CHUNKED;
  } else {
    request->framing = E100_REQUEST_LENGTH;
  }
  request->length = request->framing == E100_REQUEST_LENGTH ? asked->content_length : 0;
}

bool e100_asked_read(struct e100_asked *asked, const uint8_t *octets, size_t length, bool chunked) {
  struct apart apart = {.asked = asked};
  *asked = (struct e100_asked){.block = NULL};
  size_t head = head_length(octets, length);
  if (head == 0 || memchr(octets, '\0', head) != NULL)
    return false;
  asked->block = malloc(length);
  E100_CHECK(asked->block != NULL, "out of memory");
  memcpy(asked->block, octets, length);
  char *end = asked->block + head;
  char *fields = read_request_line(&asked->request, asked->block, end);
  if (fields == NULL) {
    e100_asked_free(asked);
    return false;
  }
  read_fields(&apart, fields, end);
  asked->content = (const uint8_t *)asked->block + head;
  asked->content_length = length - head;
  e100_expect_end(&apart.expect);
  asked->request.expects = apart.expect.asks;
  asked->request.close = apart.options.close;
  settle_framing(asked, chunked);
  return true;
}

void e100_asked_free(struct e100_asked *asked) {
  free(asked->block);
  *asked = (struct e100_asked){.block = NULL};
}
