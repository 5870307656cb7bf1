/*
 * ladder_summary.c - says in a few words what octets of HTTP/1 look like.
 */
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_inside.h"
#include "exchange/ladder_summary.h"

enum { START_LINE_REACH = 256 /* octets of a line in which its version is looked for */ };

/* ---- a text that is cut with dots --------------------------------------------------------------------- */

struct short_text {
  char *text;
  size_t room;
  size_t length;
  size_t before_dots; /* how much of it stays when it is cut */
  bool cut;
};

static void add_octet(struct short_text *out, uint8_t octet) {
  static const size_t dots = 3;
  char escaped[E100_ESCAPE_LIMIT];
  size_t length = octet == '\\' ? 1 : e100_escape(octet, escaped);
  if (octet == '\\') /* nobody pastes a summary: as it came */
    escaped[0] = '\\';
  if (out->cut || out->length + length > out->room) {
    out->cut = true;
    return;
  }
  memcpy(out->text + out->length, escaped, length);
  out->length += length;
  if (out->length + dots <= out->room)
    out->before_dots = out->length;
}

static void add_octets(struct short_text *out, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length && !out->cut; i++)
    add_octet(out, octets[i]);
}

static void add_words(struct short_text *out, const char *words) {
  add_octets(out, (const uint8_t *)words, strlen(words));
}

static void finish(struct short_text *out) {
  if (out->cut) {
    memcpy(out->text + out->before_dots, "...", 3);
    out->length = out->before_dots + 3;
  }
  out->text[out->length] = '\0';
}

/* ---- what it looks like ------------------------------------------------------------------------------- */

static bool starts_with(const uint8_t *octets, size_t length, const char *word) {
  size_t needed = strlen(word);
  return length >= needed && memcmp(octets, word, needed) == 0;
}

static bool has_method(const uint8_t *octets, size_t length) {
  static const char *const methods[] = {"GET ",     "HEAD ",    "POST ",  "PUT ",  "DELETE ",
                                        "CONNECT ", "OPTIONS ", "TRACE ", "PATCH "};
  for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
    if (starts_with(octets, length, methods[i]))
      return true;
  return false;
}

/* Whether the line at OCTETS has a version; *ENDS tells whether its end is there too. */
static bool line_has_version(const uint8_t *octets, size_t length, bool *ends) {
  size_t reach = length < START_LINE_REACH ? length : START_LINE_REACH;
  *ends = true;
  for (size_t i = 0; i < reach && octets[i] != '\n'; i++)
    if (starts_with(octets + i, length - i, " HTTP/"))
      return true;
  *ends = memchr(octets, '\n', reach) != NULL;
  return false;
}

static bool is_upper(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z';
}

static bool is_digit(uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

static bool is_token_octet(uint8_t octet) {
  static const char others[] = "!#$%&'*+-.^_`|~";
  return is_digit(octet) || (octet >= 'a' && octet <= 'z') || is_upper(octet) ||
         (octet != '\0' && strchr(others, octet) != NULL);
}

/* Whether nothing but a version and blanks is left of a line: HTTP/1.1. */
static bool is_version(const uint8_t *octets, size_t length) {
  size_t at = 8;
  if (length < at || !starts_with(octets, length, "HTTP/") || !is_digit(octets[5]) || octets[6] != '.' ||
      !is_digit(octets[7]))
    return false;
  while (at < length && (octets[at] == ' ' || octets[at] == '\t' || octets[at] == '\r'))
    at++;
  return at == length || octets[at] == '\n';
}

/* A method that nobody knows is any token, and a word of a text is one, too: so all of the line has to be
 * there, from its begin to its version. Where the token ends in a method that is known, what comes before
 * that is rather content. */
static bool is_request_line(const uint8_t *octets, size_t length, size_t at) {
  size_t reach = length < at + START_LINE_REACH ? length : at + START_LINE_REACH;
  size_t end = at;
  if (at > 0 && octets[at - 1] != '\n')
    return false;
  for (; end < reach && is_token_octet(octets[end]); end++)
    if (end > at && !is_upper(octets[end - 1]) && has_method(octets + end, length - end))
      return false;
  if (end == at || end == reach || octets[end] != ' ')
    return false;
  for (end++; end < reach && octets[end] != '\n'; end++)
    if (octets[end] == ' ' && is_version(octets + end + 1, length - end - 1))
      return true;
  return false;
}

/* Whether a message seems to start at AT. A method that is known is enough where the delivery ends before the
 * line. */
static bool starts_message(const uint8_t *octets, size_t length, size_t at) {
  const uint8_t *here = octets + at;
  size_t left = length - at;
  if (is_request_line(octets, length, at))
    return true;
  if (!is_upper(here[0]) || (at > 0 && is_upper(here[-1])))
    return false;
  if (starts_with(here, left, "HTTP/")) /* but for the end of a line that begins otherwise */
    return at == 0 || here[-1] != ' ' || (left > 9 && here[8] == ' ' && is_digit(here[9]));
  bool ends = false;
  if (!has_method(here, left))
    return false;
  return line_has_version(here, left, &ends) || (at == 0 && !ends);
}

/* The octets of the line at OCTETS without its end; *WHOLE becomes its octets with it. */
static size_t line_octets(const uint8_t *octets, size_t length, size_t *whole) {
  const uint8_t *end = memchr(octets, '\n', length);
  size_t line = end ? (size_t)(end - octets) : length;
  *whole = end ? line + 1 : line;
  return line > 0 && octets[line - 1] == '\r' ? line - 1 : line;
}

static bool is_field(const uint8_t *line, size_t length, const char *name) {
  size_t needed = strlen(name);
  if (length <= needed || (line[needed] != ':' && line[needed] != ' ' && line[needed] != '\t'))
    return false;
  for (size_t i = 0; i < needed; i++) {
    uint8_t lower = is_upper(line[i]) ? (uint8_t)(line[i] | 0x20) : line[i];
    if (lower != (uint8_t)name[i])
      return false;
  }
  return true;
}

/* ---- heads in pieces ----------------------------------------------------------------------------------- */

/* The number that a field line gives after its colon; false where there is something else. */
static bool field_number(const uint8_t *line, size_t length, uint64_t *number) {
  const uint8_t *colon = memchr(line, ':', length);
  size_t at = colon != NULL ? (size_t)(colon - line) + 1 : length;
  uint64_t value = 0;
  while (at < length && (line[at] == ' ' || line[at] == '\t'))
    at++;
  size_t digits = 0;
  for (; at < length && line[at] >= '0' && line[at] <= '9' && digits < 9; at++, digits++)
    value = value * 10 + (uint64_t)(line[at] - '0');
  while (at < length && (line[at] == ' ' || line[at] == '\t'))
    at++;
  *number = value;
  return digits > 0 && at == length;
}

/* Octets of a line of a head, which may have begun in a piece before. */
static void take_of_line(struct e100_head_part *part, const uint8_t *octets, size_t length) {
  size_t room = sizeof part->line - part->kept;
  size_t kept = length < room ? length : room;
  memcpy(part->line + part->kept, octets, kept);
  part->kept += kept;
  part->length += length;
}

/* The end of that line; true where it is the empty one behind the fields. */
static bool end_line(struct e100_head_part *part) {
  size_t length = part->kept;
  uint64_t number = 0;
  bool whole = part->length == part->kept;
  if (whole && length > 0 && part->line[length - 1] == '\r')
    length--;
  bool empty = whole && length == 0;
  part->coded |= is_field(part->line, length, "transfer-encoding");
  if (whole && is_field(part->line, length, "content-length") && field_number(part->line, length, &number))
    part->announced = number;
  if (part->coded)
    part->announced = 0;
  part->kept = part->length = 0;
  return empty;
}

/* Reads on in a head. Octets up to and with the empty line behind it; 0: it is not there. */
static size_t rest_of_head(struct e100_head_part *part, const uint8_t *octets, size_t length) {
  for (size_t at = 0; at < length;) {
    const uint8_t *end = memchr(octets + at, '\n', length - at);
    size_t line = end != NULL ? (size_t)(end - octets) - at : length - at;
    take_of_line(part, octets + at, line);
    at += line + 1;
    if (end != NULL && end_line(part))
      return at;
  }
  return 0;
}

/* ---- summaries ---------------------------------------------------------------------------------------- */

static void add_fields(struct short_text *out, const uint8_t *head, size_t length, const char *const *names,
                       size_t count) {
  for (size_t at = 0; at < length && !out->cut;) {
    size_t whole = 0;
    size_t line = line_octets(head + at, length - at, &whole);
    for (size_t i = 0; i < count; i++)
      if (is_field(head + at, line, names[i])) {
        add_words(out, ", ");
        add_octets(out, head + at, line);
        break;
      }
    at += whole;
  }
}

/* The start line, and the fields that say what is expected and how long it is. */
static void add_head(struct short_text *out, const uint8_t *head, size_t length, bool complete) {
  static const char *const first[] = {"expect"};
  static const char *const then[] = {"content-length", "transfer-encoding", "connection", "upgrade"};
  size_t whole = 0;
  size_t line = line_octets(head, length, &whole);
  if (!complete)
    add_words(out, "(incomplete) ");
  add_octets(out, head, line);
  add_fields(out, head + whole, length - whole, first, sizeof(first) / sizeof(first[0]));
  add_fields(out, head + whole, length - whole, then, sizeof(then) / sizeof(then[0]));
}

static void add_quoted(struct short_text *out, const char *what, const uint8_t *octets, size_t length) {
  char count[48];
  (void)snprintf(count, sizeof(count), "%zu octet%s%s \"", length, length == 1 ? "" : "s", what);
  add_words(out, count);
  add_octets(out, octets, length);
  add_words(out, "\"");
}

static size_t until_message(const uint8_t *octets, size_t length) {
  size_t at = 1;
  while (at < length && !starts_message(octets, length, at))
    at++;
  return at;
}

size_t e100_ladder_summary(enum e100_heard *heard, struct e100_head_part *part, const uint8_t *octets,
                           size_t length, char *text, size_t room) {
  struct short_text out = {.room = room};
  bool starts = starts_message(octets, length, 0);
  size_t taken = 0;
  out.text = text;
  if (starts)
    *part = (struct e100_head_part){.kept = 0};
  if (starts || *heard == E100_HEARD_PART_OF_HEAD) {
    taken = rest_of_head(part, octets, length);
    bool complete = taken > 0;
    taken = complete ? taken : length;
    if (starts)
      add_head(&out, octets, taken, complete);
    else
      add_quoted(&out, complete ? ", the rest of the head" : " more of the head", octets, taken);
    *heard = complete ? E100_HEARD_HEAD : E100_HEARD_PART_OF_HEAD;
  } else {
    taken = until_message(octets, length);
    add_quoted(&out, *heard == E100_HEARD_HEAD ? " of content" : "", octets, taken);
  }
  finish(&out);
  return taken;
}

bool e100_ladder_content(const uint8_t *octets, size_t length, char *text, size_t room) {
  struct short_text out = {.text = text, .room = room};
  add_quoted(&out, " of content", octets, length);
  finish(&out);
  return starts_message(octets, length, 0);
}
