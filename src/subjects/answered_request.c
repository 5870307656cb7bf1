#include "subjects/answered_request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "machine/octets.h"

static bool named_upgrade(const struct e100_answered_request *request) {
  return request->name_length == 7 && strncasecmp(request->name, "upgrade", 7) == 0;
}

static bool named_mark(const struct e100_answered_request *request) {
  return request->name_length == 9 && strncasecmp(request->name, "E100-Mark", 9) == 0;
}

void e100_answered_name(struct e100_answered_request *request, const uint8_t *octets, size_t length) {
  if (!request->in_head)
    request->protocols_length = request->mark_length = 0;
  if (!request->in_head || request->in_value)
    request->name_length = 0;
  request->in_head = true;
  request->in_value = false;
  size_t room = sizeof request->name - request->name_length;
  size_t kept = length < room ? length : room;
  memcpy(request->name + request->name_length, octets, kept);
  request->name_length += (uint8_t)kept;
}

static void keep_protocols(struct e100_answered_request *request, const char *octets, size_t length) {
  for (size_t i = 0; i < length && request->protocols_length < sizeof request->protocols; i++)
    request->protocols[request->protocols_length++] = octets[i];
}

/* The mark of a request, for its response; blanks are none of it. */
static void keep_mark(struct e100_answered_request *request, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length && request->mark_length < sizeof request->mark; i++)
    if (e100_is_token(octets[i]))
      request->mark[request->mark_length++] = (char)octets[i];
}

/* The protocols that the client names, for a 101 that names one of them (RFC 9110 7.8). */
void e100_answered_value(struct e100_answered_request *request, const uint8_t *octets, size_t length) {
  static const char comma = ',';
  bool another_line = !request->in_value && request->protocols_length > 0;
  request->in_value = true;
  if (named_mark(request))
    keep_mark(request, octets, length);
  if (!named_upgrade(request))
    return;
  if (another_line)
    keep_protocols(request, &comma, 1);
  keep_protocols(request, (const char *)octets, length);
}

const char *e100_answered_mark_line(const struct e100_answered_request *request, char line[E100_MARK_LINE]) {
  if (request->mark_length == 0)
    return NULL;
  snprintf(line, E100_MARK_LINE, "E100-Mark: %.*s\r\n", (int)request->mark_length, request->mark);
  return line;
}

size_t e100_answered_content(const struct e100_answered_request *request, char content[E100_MARKED_CONTENT]) {
  static const char unmarked[] = "ok";
  if (request->mark_length > 0)
    return (size_t)snprintf(content, E100_MARKED_CONTENT, "{%.*s}ok", (int)request->mark_length,
                            request->mark);
  memcpy(content, unmarked, sizeof unmarked);
  return sizeof unmarked - 1;
}

bool e100_answered_upgrade(const struct e100_answered_request *request, char lines[E100_UPGRADE_LINES]) {
  static const char before[] = "Upgrade: ";
  static const char after[] = "\r\nConnection: upgrade\r\n";
  _Static_assert(sizeof before + E100_ANSWERED_PROTOCOLS + sizeof after <= E100_UPGRADE_LINES,
                 "there is room for every protocol that is kept");
  size_t from = 0;
  while (from < request->protocols_length && strchr(", \t", request->protocols[from]) != NULL)
    from++;
  size_t to = from;
  while (to < request->protocols_length &&
         (e100_is_token((uint8_t)request->protocols[to]) || request->protocols[to] == '/'))
    to++;
  if (to == from || to == sizeof request->protocols)
    return false;
  size_t length = sizeof before - 1;
  memcpy(lines, before, length);
  memcpy(lines + length, request->protocols + from, to - from);
  memcpy(lines + length + (to - from), after, sizeof after);
  return true;
}
