#include "machine/lines.h"

#include "machine/octets.h"

/* What the last octets were. */
enum {
  AT_START, /* before the request line */
  START_CR, /* a CR before the request line */
  IN_START_LINE,
  START_LINE_CR,
  AT_LINE, /* at the beginning of a field line */
  IN_NAME,
  IN_FIELD_VALUE,
  VALUE_CR,
  LAST_CR,   /* the CR of the empty line */
  ENDED,     /* and its LF */
  IMPOSSIBLE /* the octet is not permitted */
};

void e100_lines_begin_head(struct e100_lines *lines) {
  *lines = (struct e100_lines){.limit = E100_HEAD_LIMIT, .place = AT_START};
}

void e100_lines_begin_trailers(struct e100_lines *lines, uint32_t limit) {
  *lines = (struct e100_lines){.limit = limit, .place = AT_LINE};
}

bool e100_lines_begun(const struct e100_lines *lines) {
  return lines->place > START_CR;
}

bool e100_lines_in_start_line(const struct e100_lines *lines) {
  return lines->place <= IN_START_LINE;
}

/* "HTTP/" and three octets; what the three are is the parser's affair. */
static bool is_http(uint64_t protocol) {
  const uint64_t name =
      (uint64_t)'H' << 32 | (uint64_t)'T' << 24 | (uint64_t)'T' << 16 | (uint64_t)'P' << 8 | '/';
  return protocol >> 24 == name;
}

/* Where one more octet leads that does not go on with a run. */
static uint8_t step(const struct e100_lines *lines, uint8_t octet) {
  switch (lines->place) {
  case AT_START:
    if (octet == '\r')
      return START_CR;
    return e100_is_token(octet) ? IN_START_LINE : IMPOSSIBLE;
  case START_CR:
    return octet == '\n' ? AT_START : IMPOSSIBLE;
  case IN_START_LINE: /* llhttp takes requests of other protocols for requests of HTTP */
    return octet == '\r' && is_http(lines->protocol) ? START_LINE_CR : IMPOSSIBLE;
  case START_LINE_CR:
  case VALUE_CR:
    return octet == '\n' ? AT_LINE : IMPOSSIBLE;
  case AT_LINE: /* a blank would be a fold (RFC 9112 5.2) */
    if (octet == '\r')
      return LAST_CR;
    return e100_is_token(octet) ? IN_NAME : IMPOSSIBLE;
  case IN_NAME: /* no blank before the colon (RFC 9112 5.1) */
    return octet == ':' ? IN_FIELD_VALUE : IMPOSSIBLE;
  case IN_FIELD_VALUE: /* no NUL, CR or LF in a value (RFC 9110 5.5) */
    return octet == '\r' ? VALUE_CR : IMPOSSIBLE;
  default: /* LAST_CR */
    return octet == '\n' ? ENDED : IMPOSSIBLE;
  }
}

/* How many octets go on with what the last one was: within a request line, a name or a value. */
static size_t run(unsigned place, const uint8_t *octets, size_t length) {
  size_t i = 0;
  switch (place) {
  case IN_START_LINE:
    while (i < length && octets[i] >= ' ')
      i++;
    break;
  case IN_NAME:
    while (i < length && e100_is_token(octets[i]))
      i++;
    break;
  case IN_FIELD_VALUE:
    while (i < length && (octets[i] > '\r' || (octets[i] != '\r' && octets[i] != '\n' && octets[i] != '\0')))
      i++;
    break;
  default:
    break;
  }
  return i;
}

/* Takes what goes on with the last octet, but no more than one octet beyond a limit. */
static size_t take_run(struct e100_lines *lines, const uint8_t *octets, size_t length) {
  bool in_start_line = lines->place == IN_START_LINE;
  size_t room = (in_start_line ? (uint32_t)E100_START_LINE_LIMIT : lines->limit) + 1 - lines->octets;
  size_t taken = run(lines->place, octets, length < room ? length : room);
  lines->octets += (uint32_t)taken;
  if (in_start_line) {
    for (size_t i = taken > 8 ? taken - 8 : 0; i < taken; i++)
      lines->protocol = lines->protocol << 8 | octets[i];
  }
  return taken;
}

static enum e100_lines_verdict look_at_limits(const struct e100_lines *lines) {
  if (lines->place == IN_START_LINE && lines->octets > E100_START_LINE_LIMIT)
    return E100_LINES_START_LINE_TOO_LONG;
  if (lines->octets > lines->limit || lines->field_lines > E100_FIELD_LINES_LIMIT)
    return E100_LINES_TOO_MUCH;
  if (lines->empty_lines > E100_EMPTY_LINES_LIMIT)
    return E100_LINES_WRONG;
  return lines->place == ENDED ? E100_LINES_END : E100_LINES_GO_ON;
}

/* Takes an octet that leads to NEXT. */
static void take_step(struct e100_lines *lines, uint8_t next, uint8_t octet) {
  if (next == IN_START_LINE)
    lines->protocol = octet;
  if (next == IN_NAME)
    lines->field_lines++;
  if (next == AT_START)
    lines->empty_lines++;
  if (next > START_CR)
    lines->octets++;
  lines->place = next;
}

enum e100_lines_verdict e100_lines_take(struct e100_lines *lines, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  enum e100_lines_verdict verdict = E100_LINES_GO_ON;
  size_t i = 0;
  while (i < length && verdict == E100_LINES_GO_ON) {
    size_t went_on = take_run(lines, octets + i, length - i);
    i += went_on;
    if (went_on == 0) {
      uint8_t next = step(lines, octets[i]);
      verdict = E100_LINES_WRONG;
      if (next == IMPOSSIBLE)
        break;
      take_step(lines, next, octets[i]);
      i++;
    }
    verdict = look_at_limits(lines);
  }
  *taken = i;
  return verdict;
}
