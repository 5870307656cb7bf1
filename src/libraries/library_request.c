/* library_request.c - what a client's application asks for, as a library wants to be told of it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libraries/client_library.h"
#include "machine/octets.h"
#include "subjects/asked.h"

/* The value of a field line, without the blanks around it. LINE ends with CRLF, and is cut. */
static const char *value_of(char *colon, char *end) {
  char *value = colon + 1;
  while (value < end && (*value == ' ' || *value == '\t'))
    value++;
  while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *end = '\0';
  return value;
}

/* Libraries take texts, no octets: what has no end but a control character is no text. */
static bool is_text(const char *text) {
  for (const char *c = text; *c != '\0'; c++)
    if (((uint8_t)*c < ' ' && *c != '\t') || *c == 127)
      return false;
  return true;
}

/* An application that names Expect in Connection, or leaves a member of it empty, breaks a rule by itself
 * (RFC 9110 7.6.1, 5.6.1.1), as no library looks at what it is given there. */
static bool is_unsound_connection(const struct e100_library_field *field) {
  const char *member = field->value;
  if (strcasecmp(field->name, "connection") != 0 || *member == '\0')
    return false;
  for (;; member++) {
    member += strspn(member, " \t");
    size_t length = strcspn(member, ", \t");
    if (length == 0 || (length == strlen("expect") && strncasecmp(member, "expect", length) == 0))
      return true;
    member += strcspn(member, ",");
    if (*member == '\0')
      return false;
  }
}

static const char *behind_token(const char *at) {
  const char *end = at;
  while (e100_is_token((uint8_t)*end))
    end++;
  return end > at ? end : NULL;
}

/* Behind a token or a quoted string; NULL: AT is neither. */
static const char *behind_value(const char *at) {
  if (*at != '"')
    return behind_token(at);
  for (at++; *at != '"'; at++) {
    if (*at == '\\')
      at++;
    if (*at == '\0')
      return NULL;
  }
  return at + 1;
}

static const char *behind_blanks(const char *at) {
  return at + strspn(at, " \t");
}

/* Behind NAME or NAME=VALUE; a parameter has a value. */
static const char *behind_pair(const char *at, bool parameter) {
  at = behind_token(at);
  if (at == NULL || *at != '=')
    return parameter ? NULL : at;
  return behind_value(at + 1);
}

static const char *behind_expectation(const char *at) {
  const char *name = behind_token(at);
  at = behind_pair(at, false); /* NULL where there is no name */
  for (bool may_have = at != name; at != NULL && may_have && *behind_blanks(at) == ';';) {
    at = behind_blanks(behind_blanks(at) + 1);
    if (e100_is_token((uint8_t)*at))
      at = behind_pair(at, true);
  }
  return at;
}

/* A list with the grammar of RFC 9110 10.1.1, without empty members. An application that writes something
 * else breaks a rule by itself, as no library looks at what it is given there: this one leaves such a line
 * out. */
static bool is_list_of_expectations(const char *at) {
  for (;; at++) {
    at = behind_expectation(behind_blanks(at));
    if (at == NULL)
      return false;
    at = behind_blanks(at);
    if (*at != ',')
      return *at == '\0';
  }
}

static bool take_field(struct e100_library_request *request, char *line, char *end) {
  char *colon = memchr(line, ':', (size_t)(end - line));
  if (colon == NULL || request->field_count == E100_LIBRARY_FIELDS_LIMIT)
    return false;
  *colon = '\0';
  struct e100_library_field field = {line, value_of(colon, end)};
  if (strlen(field.value) + 1 > (size_t)(end - colon) || !is_text(field.value) ||
      is_unsound_connection(&field))
    return false;
  bool expects = strcasecmp(field.name, "expect") == 0;
  if (strcasecmp(field.name, "content-length") == 0 || (expects && !is_list_of_expectations(field.value)))
    return true;
  request->expects |= expects;
  request->fields[request->field_count++] = field;
  return true;
}

/* The field lines of a head that is known to be sound. */
static bool take_fields(struct e100_library_request *request, char *head, size_t length) {
  char *line = memchr(head, '\n', length);
  while (line != NULL && line[1] != '\r') {
    char *next = memchr(line + 1, '\n', length - (size_t)(line + 1 - head));
    if (next == NULL || memchr(line + 1, '\0', (size_t)(next - line - 1)) != NULL ||
        !take_field(request, line + 1, next - 1))
      return false;
    line = next;
  }
  return line != NULL;
}

/* The words of the request line; a library makes the rest of it. */
static bool take_words(struct e100_library_request *request, char *head) {
  char *target = strchr(head, ' ') + 1;
  char *end = strchr(target, ' ');
  target[-1] = *end = '\0';
  request->method = head;
  request->target = target;
  return is_text(target);
}

bool e100_library_request_read(struct e100_library_request *request, const uint8_t *octets, size_t length,
                               bool chunked) {
  struct e100_asked asked;
  memset(request, 0, sizeof *request);
  if (!e100_asked_read(&asked, octets, length, chunked))
    return false;
  size_t head = length - asked.content_length;
  request->block = malloc(length + 1);
  E100_CHECK(request->block != NULL, "out of memory");
  memcpy(request->block, octets, length);
  request->block[length] = '\0';
  request->content = (const uint8_t *)request->block + head;
  request->content_length = asked.content_length;
  request->close = asked.request.close;
  request->chunked = asked.request.framing == E100_REQUEST_CHUNKED;
  bool asks = asked.request.expects;
  e100_asked_free(&asked);
  bool good = memchr(request->block, '\0', head) == NULL && take_fields(request, request->block, head) &&
              take_words(request, request->block);
  request->expects &= asks;
  good = good && !(strcmp(request->method, "TRACE") == 0 && request->content_length > 0);
  if (!good)
    e100_library_request_free(request);
  return good;
}

void e100_library_request_free(struct e100_library_request *request) {
  free(request->block);
  memset(request, 0, sizeof *request);
}
