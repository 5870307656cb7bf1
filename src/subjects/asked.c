#include "subjects/asked.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/impossible.h"
#include "machine/expect_field.h"
#include "machine/field_names.h"
#include "machine/host_field.h"
#include "machine/lines.h"
#include "machine/octets.h"
#include "machine/option_list.h"

/* The head that is being taken apart. */
struct apart {
  struct e100_asked *asked;
  struct e100_expect_field expect;
  struct e100_option_list options;
  char *fields;   /* where the next field line that is kept goes */
  unsigned hosts; /* field lines Host; one is needed (RFC 9112 3.2) */
  bool bad_host;
};

/* The length of a head that is well-formed; 0: there is none. */
static size_t head_length(const uint8_t *octets, size_t length) {
  struct e100_lines lines;
  size_t taken = 0;
  if (length == 0 || !e100_is_token(octets[0]))
    return 0;
  e100_lines_begin_head(&lines);
  return e100_lines_take(&lines, octets, length, &taken) == E100_LINES_END ? taken : 0;
}

static bool is_token(const char *text, const char *end) {
  while (text < end && e100_is_token((uint8_t)*text))
    text++;
  return text == end;
}

/* Method and target, each closed with NUL in the place of the blank after it; what follows the request line.
 */
static char *read_request_line(struct e100_request *request, char *line, const char *end) {
  char *cr = memchr(line, '\r', (size_t)(end - line));
  char *first = memchr(line, ' ', (size_t)(cr - line));
  char *second = first != NULL ? memchr(first + 1, ' ', (size_t)(cr - first - 1)) : NULL;
  static const char version[] = "HTTP/1.1";
  bool sound = second != NULL && is_token(line, first) && second > first + 1 &&
               (size_t)(cr - second - 1) == sizeof version - 1 &&
               memcmp(second + 1, version, sizeof version - 1) == 0;
  if (!sound)
    return NULL;
  *first = *second = '\0';
  request->method = line;
  request->target = first + 1;
  return cr + 2;
}

static void read_host(struct apart *apart, const uint8_t *value, size_t length) {
  struct e100_host_field host = {.place = 0};
  e100_host_feed(&host, value, length);
  apart->hosts++;
  apart->bad_host = apart->bad_host || !e100_host_is_valid(&host);
}

/* One field line, with its CRLF. */
static void read_line(struct apart *apart, const char *line, size_t length) {
  const char *colon = memchr(line, ':', length);
  size_t name = colon != NULL ? (size_t)(colon - line) : 0;
  const uint8_t *value = (const uint8_t *)line + name + 1;
  size_t value_length = length - name - 3;
  struct e100_request *request = &apart->asked->request;
  switch (e100_field_named((const uint8_t *)line, name)) {
  case E100_FIELD_EXPECT:
    e100_expect_feed(&apart->expect, value, value_length);
    e100_expect_line_end(&apart->expect);
    return;
  case E100_FIELD_CONNECTION:
    e100_options_feed(&apart->options, value, value_length);
    e100_options_line_end(&apart->options);
    return;
  case E100_FIELD_TRANSFER_ENCODING:
    request->framing = E100_REQUEST_CHUNKED;
    return;
  case E100_FIELD_CONTENT_LENGTH:
    if (request->framing == E100_REQUEST_NO_CONTENT)
      request->framing = E100_REQUEST_LENGTH;
    return;
  case E100_FIELD_HOST:
    read_host(apart, value, value_length);
    break;
  case E100_FIELD_UPGRADE:
    request->upgrade = true;
    break;
  case E100_FIELD_TE:
    request->te = true;
    break;
  default:
    break;
  }
  if (apart->fields != line)
    memmove(apart->fields, line, length);
  apart->fields += length;
}

/* Each LF of a head that is well-formed ends a line. */
static char *end_of_line(char *line, const char *end) {
  return (char *)memchr(line, '\n', (size_t)(end - line)) + 1;
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
  if (head == 0)
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
  if (apart.hosts != 1 || apart.bad_host) {
    e100_asked_free(asked);
    return false;
  }
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

void e100_asked_take_first(struct e100_asked *list, uint32_t *count, struct e100_asked *first) {
  E100_CHECK(*count > 0, "what is taken was asked for");
  *first = list[0];
  --*count;
  if (*count > 0)
    memmove(list, list + 1, *count * sizeof list[0]);
}

void e100_asked_put_at(struct e100_asked *list, uint32_t *count, uint32_t place,
                       const struct e100_asked *asked) {
  E100_CHECK(place <= *count, "what is put stands behind nothing but others");
  memmove(list + place + 1, list + place, (*count - place) * sizeof list[0]);
  list[place] = *asked;
  ++*count;
}

void e100_asked_free_all(struct e100_asked *list, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    e100_asked_free(&list[i]);
  }
}
