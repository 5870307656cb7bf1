#include "machine/lines.h"

#include <string.h>

#include "machine/octets.h"

/* What the last octets were. */
enum {
  AT_START, /* before the request line */
  START_CR, /* a CR before the request line */
  IN_START_LINE,
  IN_STATUS_LINE, /* up to the status code */
  IN_REASON,
  START_LINE_CR,
  AT_LINE, /* at the beginning of a field line */
  IN_NAME,
  AFTER_NAME, /* blanks before the colon */
  IN_FIELD_VALUE,
  VALUE_CR,
  LAST_CR,   /* the CR of the empty line */
  ENDED,     /* and its LF */
  IMPOSSIBLE /* the octet is not permitted */
};

void e100_lines_begin_head(struct e100_lines *lines) {
  *lines = (struct e100_lines){.limit = E100_HEAD_LIMIT, .place = AT_START};
}

void e100_lines_begin_response(struct e100_lines *lines) {
  *lines = (struct e100_lines){.limit = E100_HEAD_LIMIT, .place = IN_STATUS_LINE, .of_response = true};
}

void e100_lines_begin_trailers(struct e100_lines *lines, uint32_t limit) {
  *lines = (struct e100_lines){.limit = limit, .place = AT_LINE};
}

bool e100_lines_begun(const struct e100_lines *lines) {
  return lines->octets > 0;
}

unsigned e100_lines_undecided(const struct e100_lines *lines) {
  if (!lines->of_response || lines->field_lines == 0)
    return 0;
  return lines->place == AT_LINE ? 2 : lines->place == VALUE_CR;
}

bool e100_lines_in_start_line(const struct e100_lines *lines) {
  return lines->place <= IN_REASON;
}

/* "HTTP/" and three octets; what the three are is the parser's affair. */
static bool is_http(uint64_t protocol) {
  const uint64_t name =
      (uint64_t)'H' << 32 | (uint64_t)'T' << 24 | (uint64_t)'T' << 16 | (uint64_t)'P' << 8 | '/';
  return protocol >> 24 == name;
}

/* ---- runs: octets that go on with what the last one was -------------------------------------------------
 *
 * Most octets of a head are in runs, so these look at eight at a time: a mask has the highest bit of each
 * octet that ends a run. Only the first of them is exact, and only it is asked for.
 */

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* Eight octets, the first of them in the lowest place, on every machine. */
static uint64_t load_eight(const uint8_t *at) {
  uint64_t eight = 0;
  memcpy(&eight, at, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  eight = __builtin_bswap64(eight);
#endif
  return eight;
}

/* The octets below LEAST, which is at most 128. */
static uint64_t below(uint64_t eight, uint8_t least) {
  return (eight - ones * least) & ~eight & ones << 7;
}

/* The octets that are neither letters nor hyphens: most names consist of nothing else. */
static uint64_t no_letters(uint64_t eight) {
  uint64_t seven = eight & ~(ones << 7);
  uint64_t lower = seven | ones << 5;
  uint64_t from_a = lower + ones * (0x80 - 'a');
  uint64_t beyond_z = lower + ones * (0x80 - 'z' - 1);
  uint64_t no_hyphen = (seven ^ ones * '-') + ones * 0x7f;
  return (eight | ((~from_a | beyond_z) & no_hyphen)) & ones << 7;
}

static unsigned first_of(uint64_t mask) {
  return (unsigned)__builtin_ctzll(mask) / 8;
}

/* The first of the octets that is below LEAST, or END. */
static const uint8_t *after_octets_from(uint8_t least, const uint8_t *at, const uint8_t *end) {
  for (; end - at >= 8; at += 8) {
    uint64_t mask = below(load_eight(at), least);
    if (mask != 0)
      return at + first_of(mask);
  }
  while (at < end && *at >= least)
    at++;
  return at;
}

/* Nothing but SP and visible ASCII is in a request line (RFC 9112 3); other whitespace in it may be refused.
 */
static const uint8_t *after_start_line(const uint8_t *at, const uint8_t *end) {
  for (; end - at >= 8; at += 8) {
    uint64_t eight = load_eight(at);
    uint64_t delete = below(eight ^ ones * 0x7f, 1);
    uint64_t mask = below(eight, ' ') | (eight & ones << 7) | delete;
    if (mask != 0)
      return at + first_of(mask);
  }
  while (at < end && *at >= ' ' && *at < 0x7f)
    at++;
  return at;
}

static inline const uint8_t *after_name(const uint8_t *at, const uint8_t *end) {
  while (end - at >= 8) {
    uint64_t mask = no_letters(load_eight(at));
    if (mask == 0) {
      at += 8;
      continue;
    }
    at += first_of(mask);
    if (!e100_is_token(*at))
      return at;
    at++; /* a digit, or one of the others */
  }
  while (at < end && e100_is_token(*at))
    at++;
  return at;
}

/* No NUL, CR or LF is in a value (RFC 9110 5.5). */
static inline const uint8_t *after_value(const uint8_t *at, const uint8_t *end) {
  for (;;) {
    at = after_octets_from('\r' + 1, at, end);
    if (at == end || *at == '\r' || *at == '\n' || *at == '\0')
      return at;
    at++;
  }
}

/* A tab, SP, visible ASCII and what is above it are in a reason phrase (RFC 9112 4). */
static const uint8_t *after_reason(const uint8_t *at, const uint8_t *end) {
  for (; end - at >= 8; at += 8) {
    uint64_t eight = load_eight(at);
    uint64_t mask = below(eight, ' ') | below(eight ^ ones * 0x7f, 1);
    if (mask == 0)
      continue;
    at += first_of(mask);
    if (*at != '\t')
      return at;
    at -= 7; /* and on behind the tab */
  }
  while (at < end && (*at == '\t' || (*at >= ' ' && *at != 0x7f)))
    at++;
  return at;
}

static void keep_protocol(struct e100_lines *lines, const uint8_t *from, const uint8_t *end) {
  if (end - from >= 8) {
    lines->protocol = __builtin_bswap64(load_eight(end - 8));
    return;
  }
  while (from < end)
    lines->protocol = lines->protocol << 8 | *from++;
}

/* A whole line end: most are not cut. */
static bool is_line_end(const uint8_t *at, const uint8_t *end) {
  return end - at >= 2 && at[0] == '\r' && at[1] == '\n';
}

/* ---- single octets ------------------------------------------------------------------------------------- */

/* Where one octet leads that does not go on with a run. */
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
  case AFTER_NAME:
    return octet == ':' ? IN_FIELD_VALUE : IMPOSSIBLE;
  case IN_FIELD_VALUE:
    return octet == '\r' ? VALUE_CR : IMPOSSIBLE;
  default: /* LAST_CR */
    return octet == '\n' ? ENDED : IMPOSSIBLE;
  }
}

/* What comes of having gone to NEXT. */
static enum e100_lines_verdict went(struct e100_lines *lines, uint8_t next) {
  lines->place = next;
  if (next == IN_NAME && ++lines->field_lines > E100_FIELD_LINES_LIMIT)
    return E100_LINES_TOO_MUCH;
  if (next == AT_START && ++lines->empty_lines > E100_EMPTY_LINES_LIMIT)
    return E100_LINES_WRONG;
  return next == ENDED ? E100_LINES_END : E100_LINES_GO_ON;
}

/* ---- taking octets ---------------------------------------------------------------------------------------
 */

/* Empty lines, up to the first octet of the request line. */
static enum e100_lines_verdict take_empty_lines(struct e100_lines *lines, const uint8_t **at,
                                                const uint8_t *end) {
  enum e100_lines_verdict verdict = E100_LINES_GO_ON;
  while (*at < end && lines->place < IN_START_LINE && verdict == E100_LINES_GO_ON) {
    uint8_t next = step(lines, **at);
    if (next == IMPOSSIBLE)
      return E100_LINES_WRONG;
    if (next == IN_START_LINE) {
      lines->protocol = **at;
      lines->octets = 1;
    }
    ++*at;
    verdict = went(lines, next);
  }
  return verdict;
}

/* END, or what is one octet beyond LIMIT. */
static const uint8_t *end_of_limit(const struct e100_lines *lines, uint32_t limit, const uint8_t *at,
                                   const uint8_t *end) {
  size_t room = (size_t)limit + 1 - lines->octets;
  return (size_t)(end - at) > room ? at + room : end;
}

/* The CR of a start line, and its LF where it is there. */
static enum e100_lines_verdict end_start_line(struct e100_lines *lines, const uint8_t **at,
                                              const uint8_t *end) {
  bool whole = is_line_end(*at, end);
  uint32_t octets = whole ? 2 : 1;
  *at += octets;
  lines->octets += octets;
  return went(lines, whole ? AT_LINE : START_LINE_CR);
}

/* The rest of the request line, and its line end. */
static enum e100_lines_verdict take_start_line(struct e100_lines *lines, const uint8_t **at,
                                               const uint8_t *end) {
  const uint8_t *from = *at;
  end = end_of_limit(lines, E100_START_LINE_LIMIT, from, end);
  *at = after_start_line(from, end);
  keep_protocol(lines, from, *at);
  lines->octets += (uint32_t)(*at - from);
  if (lines->octets > E100_START_LINE_LIMIT)
    return E100_LINES_START_LINE_TOO_LONG;
  if (*at == end)
    return E100_LINES_GO_ON;
  uint8_t next = step(lines, **at);
  if (next == IMPOSSIBLE)
    return E100_LINES_WRONG;
  return end_start_line(lines, at, end);
}

/* The beginning of a status line: 'd' stands for a digit (RFC 9112 4). */
static const char status_line[] = "HTTP/1.d ddd";
enum { STATUS_LINE_LENGTH = sizeof status_line - 1, AT_STATUS = STATUS_LINE_LENGTH - 3 };

/* No status is below 100 (RFC 9110 15). */
static bool fits_status_line(uint32_t at, uint8_t octet) {
  if (status_line[at] != 'd')
    return octet == (uint8_t)status_line[at];
  return octet >= '0' && octet <= '9' && (at != AT_STATUS || octet != '0');
}

/* Most responses begin so: nothing else is looked at octet by octet. */
static bool is_usual_beginning(const uint8_t *at, const uint8_t *end) {
  static const char usual[] = "HTTP/1.1 ";
  if (end - at < STATUS_LINE_LENGTH || memcmp(at, usual, sizeof usual - 1) != 0)
    return false;
  at += sizeof usual - 1;
  return at[0] >= '1' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' && at[2] >= '0' && at[2] <= '9';
}

/* The space behind the code is often forgotten, and says nothing. */
static bool may_follow_status(uint8_t octet) {
  return octet == ' ' || octet == '\r';
}

/* The rest of the status line, and its line end. */
static enum e100_lines_verdict take_status_line(struct e100_lines *lines, const uint8_t **at,
                                                const uint8_t *end) {
  if (lines->octets == 0 && is_usual_beginning(*at, end)) {
    *at += STATUS_LINE_LENGTH;
    lines->octets = STATUS_LINE_LENGTH;
  }
  for (; lines->octets < STATUS_LINE_LENGTH && *at < end; ++*at, lines->octets++)
    if (!fits_status_line(lines->octets, **at))
      return E100_LINES_WRONG;
  if (*at == end)
    return E100_LINES_GO_ON;
  if (lines->octets == STATUS_LINE_LENGTH && !may_follow_status(**at))
    return E100_LINES_WRONG;
  const uint8_t *from = *at;
  *at = after_reason(from, end_of_limit(lines, E100_START_LINE_LIMIT, from, end));
  lines->octets += (uint32_t)(*at - from);
  lines->place = IN_REASON;
  if (lines->octets > E100_START_LINE_LIMIT)
    return E100_LINES_START_LINE_TOO_LONG;
  if (*at == end)
    return E100_LINES_GO_ON;
  return **at == '\r' ? end_start_line(lines, at, end) : E100_LINES_WRONG;
}

/* Takes a field line where it is whole, and there may be one more; false where nothing was taken. */
static bool take_whole_line(struct e100_lines *lines, const uint8_t **at, const uint8_t *end) {
  if (lines->place != AT_LINE || lines->field_lines == E100_FIELD_LINES_LIMIT)
    return false;
  const uint8_t *colon = after_name(*at, end);
  if (colon == *at || colon == end || *colon != ':')
    return false;
  const uint8_t *cr = after_value(colon + 1, end);
  if (end - cr < 2 || cr[0] != '\r' || cr[1] != '\n')
    return false;
  if (lines->of_response && (end - cr == 2 || e100_is_blank(cr[2])))
    return false; /* it may go on */
  lines->field_lines++;
  *at = cr + 2;
  return true;
}

/* What a client reads in a response and refuses in a request: folds and blanks before a colon (RFC
 * 9112 5.1, 5.2). GO_ON where it is neither. */
static enum e100_lines_verdict take_blank(struct e100_lines *lines, const uint8_t **at) {
  if (!lines->of_response || !e100_is_blank(**at))
    return E100_LINES_GO_ON;
  if (lines->place == AT_LINE && lines->field_lines > 0) {
    lines->place = IN_FIELD_VALUE;
    return E100_LINES_FOLD;
  }
  if (lines->place != IN_NAME && lines->place != AFTER_NAME)
    return E100_LINES_GO_ON;
  lines->place = AFTER_NAME;
  ++*at;
  return E100_LINES_DROPPED;
}

static enum e100_lines_verdict take_field_lines(struct e100_lines *lines, const uint8_t **at,
                                                const uint8_t *end) {
  enum e100_lines_verdict verdict = E100_LINES_GO_ON;
  while (*at < end && verdict == E100_LINES_GO_ON) {
    if (lines->place == AT_LINE && is_line_end(*at, end)) {
      *at += 2;
      return went(lines, ENDED);
    }
    if (take_whole_line(lines, at, end))
      continue;
    if (lines->place == IN_NAME)
      *at = after_name(*at, end);
    else if (lines->place == IN_FIELD_VALUE)
      *at = after_value(*at, end);
    if (*at == end)
      break;
    verdict = take_blank(lines, at);
    if (verdict != E100_LINES_GO_ON)
      break;
    uint8_t next = step(lines, **at);
    if (next == IMPOSSIBLE)
      return E100_LINES_WRONG;
    ++*at;
    verdict = went(lines, next);
  }
  return verdict;
}

static enum e100_lines_verdict take_fields(struct e100_lines *lines, const uint8_t **at, const uint8_t *end) {
  const uint8_t *from = *at;
  enum e100_lines_verdict verdict = take_field_lines(lines, at, end_of_limit(lines, lines->limit, from, end));
  lines->octets += (uint32_t)(*at - from);
  return lines->octets > lines->limit ? E100_LINES_TOO_MUCH : verdict;
}

enum e100_lines_verdict e100_lines_take(struct e100_lines *lines, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  const uint8_t *at = octets;
  const uint8_t *end = octets + length;
  enum e100_lines_verdict verdict = E100_LINES_GO_ON;
  if (lines->place < IN_START_LINE)
    verdict = take_empty_lines(lines, &at, end);
  if (verdict == E100_LINES_GO_ON && lines->place == IN_START_LINE && at < end)
    verdict = take_start_line(lines, &at, end);
  if (verdict == E100_LINES_GO_ON && lines->of_response && lines->place <= IN_REASON && at < end)
    verdict = take_status_line(lines, &at, end);
  if (verdict == E100_LINES_GO_ON && lines->place > IN_REASON && at < end)
    verdict = take_fields(lines, &at, end);
  *taken = (size_t)(at - octets);
  return verdict;
}
