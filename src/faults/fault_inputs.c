/*
 * fault_inputs.c - machines that accept what they must refuse: the octets of a head are mended on their
 * way in, as a lenient parser would read them.
 */
#include "faults/fault_parts.h"

#include <string.h>
#include <strings.h>

/* Inside a head, or between two requests. What is content stays as it is. */
static bool in_head(const struct e100_varied *varied) {
  return varied->origin->state == E100_ORIGIN_AWAITED;
}

static void pass(const uint8_t *octets, size_t length, struct e100_text *out) {
  e100_text_add(out, (const char *)octets, length);
}

/* The end of the head that begins with OCTETS, or LENGTH. */
static size_t head_end(const uint8_t *octets, size_t length) {
  for (size_t i = 0; i + 4 <= length; i++) {
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0)
      return i + 4;
  }
  return length;
}

/* Gives how many octets at AT a lenient parser would overlook; 0: none. */
typedef size_t overlooks(const uint8_t *octets, size_t at, size_t length);

static void mend(overlooks *overlook, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                 struct e100_text *out) {
  size_t end = in_head(varied) ? head_end(octets, length) : 0;
  size_t at = 0;
  while (at < end) {
    size_t skipped = overlook(octets, at, end);
    if (skipped == 0)
      pass(octets + at, 1, out);
    at += skipped == 0 ? 1 : skipped;
  }
  pass(octets + end, length - end, out);
}

static bool is_blank(uint8_t octet) {
  return octet == ' ' || octet == '\t';
}

/* Blanks between a field's name and the colon: the line has no other colon before them. */
static size_t blank_before_colon(const uint8_t *octets, size_t at, size_t length) {
  if (!is_blank(octets[at])) /* nearly always: the rest looks at the whole line */
    return 0;
  size_t begin = at;
  while (begin > 0 && octets[begin - 1] != '\n')
    begin--;
  if (begin == 0 || memchr(octets + begin, ':', at - begin) != NULL)
    return 0;
  size_t end = at;
  while (end < length && is_blank(octets[end]))
    end++;
  return end > at && end < length && octets[end] == ':' ? end - at : 0;
}

static void accept_blank(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *out) {
  (void)data;
  mend(blank_before_colon, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_blank_before_colon = {.variation = {.arrive = accept_blank}};

/* A line that begins with a blank, with the CRLF before it: the whole continuation. */
static size_t continuation(const uint8_t *octets, size_t at, size_t length) {
  if (at == 0 || at + 2 >= length || memcmp(octets + at, "\r\n", 2) != 0 || !is_blank(octets[at + 2])) {
    return 0;
  }
  size_t end = at + 2;
  while (end < length && octets[end] != '\r')
    end++;
  return end - at;
}

static void drop_folds(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *out) {
  (void)data;
  mend(continuation, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_fold_dropped = {.variation = {.arrive = drop_folds}};

/* A plus sign before a digit, after the colon of a field line. */
static size_t plus(const uint8_t *octets, size_t at, size_t length) {
  bool sign = octets[at] == '+' && at + 1 < length && octets[at + 1] >= '0' && octets[at + 1] <= '9';
  return sign && at > 0 && (is_blank(octets[at - 1]) || octets[at - 1] == ':') ? 1 : 0;
}

static void accept_plus(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                        size_t length, struct e100_text *out) {
  (void)data;
  mend(plus, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_plus_length = {.variation = {.arrive = accept_plus}};

/* ---- lines that a reader overlooks, or sees where there are none -----------------------------------------
 */

static bool line_begins(const uint8_t *octets, size_t at, size_t length, const char *text) {
  size_t size = strlen(text);
  bool begin = at == 0 || octets[at - 1] == '\n';
  return begin && length - at >= size && strncasecmp((const char *)octets + at, text, size) == 0;
}

static bool has_line(const uint8_t *octets, size_t length, const char *text) {
  for (size_t at = 0; at < length; at++) {
    if (line_begins(octets, at, length, text))
      return true;
  }
  return false;
}

static size_t whole_line(const uint8_t *octets, size_t at, size_t length) {
  const uint8_t *end = memchr(octets + at, '\n', length - at);
  return end != NULL ? (size_t)(end - octets) + 1 - at : 0;
}

/* Content-Length, where Transfer-Encoding is there, too. */
static size_t length_beside_coding(const uint8_t *octets, size_t at, size_t length) {
  bool beside =
      line_begins(octets, at, length, "content-length:") && has_line(octets, length, "transfer-encoding:");
  return beside ? whole_line(octets, at, length) : 0;
}

static void overlook_length(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                            size_t length, struct e100_text *out) {
  (void)data;
  mend(length_beside_coding, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_length_overlooked = {.variation = {.arrive = overlook_length}};

/* Every Content-Length but the first. */
static size_t later_length(const uint8_t *octets, size_t at, size_t length) {
  bool later = line_begins(octets, at, length, "content-length:") && has_line(octets, at, "content-length:");
  return later ? whole_line(octets, at, length) : 0;
}

static void take_first_length(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                              size_t length, struct e100_text *out) {
  (void)data;
  mend(later_length, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_first_length = {.variation = {.arrive = take_first_length}};

/* Passes OCTETS on, with an empty line behind each line that begins with TEXT. */
static void end_after(const char *text, const uint8_t *octets, size_t length, struct e100_text *out) {
  for (size_t at = 0; at < length;) {
    size_t line = whole_line(octets, at, length);
    bool meant = line > 0 && line_begins(octets, at, length, text);
    size_t count = line > 0 ? line : length - at;
    pass(octets + at, count, out);
    if (meant)
      e100_text_add(out, "\r\n", 2);
    at += count;
  }
}

/* The expectation is acted on at once, as if the head ended with it. */
static void act_at_expect(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                          size_t length, struct e100_text *out) {
  (void)data;
  if (in_head(varied))
    end_after("expect:", octets, length, out);
  else
    pass(octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_acts_at_expect = {.variation = {.arrive = act_at_expect}};

/* The last chunk ends the content, trailers or not. */
static void end_with_last_chunk(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                                size_t length, struct e100_text *out) {
  (void)data;
  if (!in_head(varied) && varied->origin->reader.facts.framing == E100_CONTENT_CHUNKED)
    end_after("0\r\n", octets, length, out);
  else
    pass(octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_no_trailers = {.variation = {.arrive = end_with_last_chunk}};

/* ---- octets that are taken for something else
 * ---------------------------------------------------------------
 */

/* A NUL ends the text of a field line, as it does where texts end with one. */
static size_t from_nul(const uint8_t *octets, size_t at, size_t length) {
  size_t end = at;
  while (octets[at] == '\0' && end < length && octets[end] != '\r')
    end++;
  return end - at;
}

static void end_with_nul(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *out) {
  (void)data;
  mend(from_nul, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_nul_ends = {.variation = {.arrive = end_with_nul}};

/* Blanks at the beginning of the first field line. */
static size_t first_blank(const uint8_t *octets, size_t at, size_t length) {
  const uint8_t *line_end = memchr(octets, '\n', length);
  size_t begin = line_end != NULL ? (size_t)(line_end - octets) + 1 : length;
  size_t end = begin;
  while (at == begin && end < length && is_blank(octets[end]))
    end++;
  return end - begin;
}

static void accept_first_blank(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                               size_t length, struct e100_text *out) {
  (void)data;
  mend(first_blank, varied, octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_first_blank = {.variation = {.arrive = accept_first_blank}};

/* What is discarded ends with the line that says how long a chunk is. */
static void discard_no_chunks(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                              size_t length, struct e100_text *out) {
  (void)data;
  bool chunks = varied->origin->state == E100_ORIGIN_DISCARDING &&
                varied->origin->reader.facts.framing == E100_CONTENT_CHUNKED;
  size_t line = chunks ? whole_line(octets, 0, length) : 0;
  if (line > 0)
    e100_text_add(out, "0\r\n\r\n", 5);
  pass(octets + line, length - line, out);
}
const struct e100_fault_parts e100_fault_parts_chunks_undrained = {
    .variation = {.arrive = discard_no_chunks}};

/* An Expect in trailers counts as one in the head. */
static void see_trailers(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *out) {
  (void)data;
  bool content = !in_head(varied) && varied->origin->reader.facts.framing == E100_CONTENT_CHUNKED;
  if (content && has_line(octets, length, "expect: 100-continue"))
    varied->memory[0] = 1;
  pass(octets, length, out);
}

static void answer_trailers(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                            size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  if (varied->memory[0] == 1 && length > 0) {
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    e100_text_add(out, go_on, sizeof go_on - 1);
    varied->memory[0] = 0;
  }
  if (length > 0)
    pass(octets, length, out);
}
const struct e100_fault_parts e100_fault_parts_asks_in_trailers = {
    .variation = {.arrive = see_trailers, .depart = answer_trailers}};
