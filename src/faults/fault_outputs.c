/*
 * fault_outputs.c - machines whose octets are changed on their way out: dropped, doubled, delayed, moved,
 * cut, or with something put in.
 */
#include "faults/fault_parts.h"

#include <string.h>

#define PARTS_OUTPUT(symbol, function, with)                  \
  const struct e100_fault_parts e100_fault_parts_##symbol = { \
      .variation = {.depart = (function), .data = (with)}}

static const char continue_line[] = "HTTP/1.1 100 Continue\r\n";

static void put(struct e100_text *out, const void *octets, size_t length) {
  e100_text_add(out, octets, length);
}

/* What of OCTETS follows the first FROM; there may be none at all. */
static void put_rest(struct e100_text *out, const uint8_t *octets, size_t length, size_t from) {
  if (length > from)
    put(out, octets + from, length - from);
}

static void put_text(struct e100_text *out, const char *text) {
  put(out, text, strlen(text));
}

static bool is_100(const uint8_t *octets, size_t length) {
  return length >= sizeof continue_line - 1 && memcmp(octets, continue_line, sizeof continue_line - 1) == 0;
}

static bool is_final(const uint8_t *octets, size_t length) {
  return length > 9 && memcmp(octets, "HTTP/1.1 ", 9) == 0 && octets[9] != '1';
}

/* Lets go of what was held. */
static void release(struct e100_text *held, struct e100_text *out) {
  put(out, held->text, held->length);
  held->length = 0;
}

/* The head of the response, with its empty line. */
static size_t head_length(const uint8_t *octets, size_t length) {
  for (size_t i = 0; i + 4 <= length; i++) {
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0)
      return i + 4;
  }
  return length;
}

/* ---- delayed ------------------------------------------------------------------------------------------ */

/* Octets that are held until one of some events. */
struct delay {
  bool (*holds)(const struct e100_varied *varied, const uint8_t *octets, size_t length);
  uint32_t until; /* set of 1 << enum e100_origin_event */
  bool first;     /* what was held goes before the octets of that event; else after them */
};

static void delay(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                  struct e100_text *held, struct e100_text *out) {
  const struct delay *delay = data;
  bool now = varied->event < E100_ORIGIN_EVENTS && (delay->until >> varied->event & 1U) != 0;
  if (now && delay->first)
    release(held, out);
  if (length > 0 && delay->holds(varied, octets, length)) {
    put(held, octets, length);
  } else {
    put(out, octets, length);
  }
  if (now && !delay->first)
    release(held, out);
}

static bool holds_100(const struct e100_varied *varied, const uint8_t *octets, size_t length) {
  (void)varied;
  return is_100(octets, length) && head_length(octets, length) == length;
}

/* A final response to a request whose content nobody has seen yet. */
static bool holds_early_final(const struct e100_varied *varied, const uint8_t *octets, size_t length) {
  return varied->from_state == E100_ORIGIN_ASKED && varied->event == E100_APP_RESPONDS &&
         is_final(octets, length);
}

enum {
  AT_FINAL = 1U << E100_APP_RESPONDS | 1U << E100_APP_RESPONDS_LAST,
  AT_CONTENT = 1U << E100_CONTENT_ARRIVES | 1U << E100_CONTENT_ENDS
};

static const struct delay until_content = {holds_100, AT_CONTENT, true};
PARTS_OUTPUT(late_100, delay, &until_content);
static const struct delay until_complete = {holds_100, 1U << E100_CONTENT_ENDS, true};
PARTS_OUTPUT(later_100, delay, &until_complete);
static const struct delay until_final = {holds_100, AT_FINAL, true};
PARTS_OUTPUT(unflushed_100, delay, &until_final);
static const struct delay behind_final = {holds_100, AT_FINAL, false};
PARTS_OUTPUT(after_final, delay, &behind_final);
static const struct delay final_until_complete = {holds_early_final, 1U << E100_CONTENT_ENDS, true};
PARTS_OUTPUT(final_waits, delay, &final_until_complete);

/* The 100 stands between the head of the final and its content. */
static void put_inside(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied;
  if (is_100(octets, length)) {
    put(held, octets, length);
    return;
  }
  size_t head = is_final(octets, length) ? head_length(octets, length) : 0;
  put(out, octets, head);
  if (head > 0)
    release(held, out);
  put_rest(out, octets, length, head);
}
PARTS_OUTPUT(inside_final, put_inside, NULL);

/* ---- dropped ---------------------------------------------------------------------------------------------
 */

static void drop_final(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  bool drop = is_final(octets, length) && varied->origin->said_100 && varied->event == E100_APP_RESPONDS;
  if (!drop)
    put(out, octets, length);
}
PARTS_OUTPUT(no_final, drop_final, NULL);

static void drop_later_100(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                           size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  bool later = is_100(octets, length) && varied->memory[0]++ > 0;
  if (!later)
    put(out, octets, length);
}
PARTS_OUTPUT(lost_expect, drop_later_100, NULL);

/* ---- doubled, or with something put in ---------------------------------------------------------- */

static void say_100_again(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                          size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  put(out, octets, length);
  bool reads = varied->event == E100_CONTENT_ARRIVES && varied->from_state == E100_ORIGIN_ENCOURAGED;
  if (reads)
    put_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
}
PARTS_OUTPUT(many_100, say_100_again, NULL);

static void add_hints(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                      size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied, (void)held;
  put(out, octets, length);
  if (is_final(octets, length))
    put_text(out, "HTTP/1.1 103 Early Hints\r\n\r\n");
}
PARTS_OUTPUT(hints_after_final, add_hints, NULL);

static void add_needless_100(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                             size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  bool early = is_final(octets, length) && varied->from_state == E100_ORIGIN_ASKED;
  if (early)
    put_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
  put(out, octets, length);
}
PARTS_OUTPUT(needless_100, add_needless_100, NULL);

static void add_lone_100(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  const struct e100_request_facts *facts = &varied->origin->reader.facts;
  if (varied->event == E100_HEAD_STANDS_ALONE && facts->asks && facts->minor > 0) {
    put_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
  }
  put(out, octets, length);
}
PARTS_OUTPUT(alone_100, add_lone_100, NULL);

static void repeat_final(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied, (void)held;
  put(out, octets, length);
  if (is_final(octets, length))
    put(out, octets, length);
}
PARTS_OUTPUT(two_finals, repeat_final, NULL);

/* A field line, put behind the status line of the 100 (FINAL false) or of finals. */
struct insertion {
  bool final;
  const char *line;
};

static void insert_line(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                        size_t length, struct e100_text *held, struct e100_text *out) {
  const struct insertion *insertion = data;
  bool meant = insertion->final ? is_final(octets, length) : is_100(octets, length);
  const uint8_t *end = meant ? memchr(octets, '\n', length) : NULL;
  size_t line = end != NULL ? (size_t)(end - octets) + 1 : 0;
  (void)varied, (void)held;
  put(out, octets, line);
  if (line > 0)
    put_text(out, insertion->line);
  put_rest(out, octets, length, line);
}

static const struct insertion length_line = {false, "Content-Length: 2\r\n"};
PARTS_OUTPUT(length_100, insert_line, &length_line);
static const struct insertion coding_line = {false, "Transfer-Encoding: chunked\r\n"};
PARTS_OUTPUT(coding_100, insert_line, &coding_line);
static const struct insertion close_line = {true, "Connection: close\r\n"};
PARTS_OUTPUT(goes_on, insert_line, &close_line);

static void add_chunk(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                      size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied, (void)held;
  put(out, octets, length);
  if (is_100(octets, length))
    put_text(out, "0\r\n\r\n");
}
PARTS_OUTPUT(chunk_100, add_chunk, NULL);

/* ---- cut or altered ----------------------------------------------------------------------------- */

static void cut_100(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                    struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied, (void)held;
  put(out, octets, is_100(octets, length) ? length - 2 : length);
}
PARTS_OUTPUT(cut_100, cut_100, NULL);

static void say_417(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                    struct e100_text *held, struct e100_text *out) {
  static const char too_large[] = "HTTP/1.1 413 ";
  (void)data, (void)varied, (void)held;
  bool meant = length >= sizeof too_large - 1 && memcmp(octets, too_large, sizeof too_large - 1) == 0;
  if (meant)
    put_text(out, "HTTP/1.1 417 ");
  size_t written = meant ? sizeof too_large - 1 : 0;
  put_rest(out, octets, length, written);
}
PARTS_OUTPUT(size_417, say_417, NULL);

/* "HTTP/1.1 200 OK" becomes "HTTP/1.1 200". */
static void cut_phrase(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  enum { CODE_ENDS = 12 };
  (void)data, (void)varied, (void)held;
  const uint8_t *end = is_final(octets, length) ? memchr(octets, '\r', length) : NULL;
  size_t rest = end != NULL ? (size_t)(end - octets) : 0;
  if (rest >= CODE_ENDS)
    put(out, octets, CODE_ENDS);
  put_rest(out, octets, length, rest);
}
PARTS_OUTPUT(bare_status, cut_phrase, NULL);
