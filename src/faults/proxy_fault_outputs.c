/*
 * proxy_fault_outputs.c - proxies whose octets are changed on their way out to either side: dropped, doubled,
 * delayed, moved, or with something put in.
 */
#include "faults/proxy_fault_parts.h"

#include <string.h>
#include <strings.h>

#define PARTS(symbol) const struct e100_proxy_fault_parts e100_proxy_fault_parts_##symbol
#define TO_CLIENT(symbol, function, with) \
  PARTS(symbol) = {.variation = {.to_client = (function), .data = (with)}}
#define TO_SERVER(symbol, function, with) \
  PARTS(symbol) = {.variation = {.to_server = (function), .data = (with)}}

/* Parameters of every function here. */
#define PASSING                                                                                   \
  const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets, size_t length, \
      struct e100_text *held, struct e100_text *out

static void put(struct e100_text *out, const uint8_t *octets, size_t length) {
  if (length > 0)
    e100_text_add(out, (const char *)octets, length);
}

/* What of OCTETS follows the first FROM; there may be none at all. */
static void put_rest(struct e100_text *out, const uint8_t *octets, size_t length, size_t from) {
  if (length > from)
    put(out, octets + from, length - from);
}

static void put_text(struct e100_text *out, const char *text) {
  e100_text_add(out, text, strlen(text));
}

static void release(struct e100_text *held, struct e100_text *out) {
  put(out, (const uint8_t *)held->text, held->length);
  held->length = 0;
}

static bool begins(const uint8_t *octets, size_t length, const char *text) {
  return length >= strlen(text) && memcmp(octets, text, strlen(text)) == 0;
}

static bool is_100(const uint8_t *octets, size_t length) {
  return begins(octets, length, "HTTP/1.1 100 ");
}

static bool is_interim(const uint8_t *octets, size_t length) {
  return begins(octets, length, "HTTP/1.1 1");
}

static bool is_final(const uint8_t *octets, size_t length) {
  return begins(octets, length, "HTTP/1.1 ") && !is_interim(octets, length);
}

/* A request head that the present row forwards. */
static bool is_request(const struct e100_proxy_varied *varied, size_t length) {
  return length > 0 && varied->from_state == E100_PROXY_AWAITED;
}

static size_t line_length(const uint8_t *octets, size_t length) {
  const uint8_t *feed = memchr(octets, '\n', length);
  return feed != NULL ? (size_t)(feed - octets) + 1 : length;
}

/* ---- delayed, dropped, doubled ------------------------------------------------------------------------- */

/* Until nothing else happens. */
static void delay_100(PASSING) {
  (void)data;
  bool settled = varied->event == E100_PROXY_EVENTS && length == 0;
  if (is_100(octets, length)) {
    put(held, octets, length);
    return;
  }
  if (settled || length > 0)
    release(held, out);
  put(out, octets, length);
}
TO_CLIENT(delayed_100, delay_100, NULL);

static bool owes_content(const struct e100_proxy_varied *varied) {
  return varied->from_state == E100_PROXY_ASKED || varied->from_state == E100_PROXY_SENDING;
}

/* An early final, until the content is complete. */
static void delay_early_final(PASSING) {
  (void)data;
  bool complete = varied->event == E100_PROXY_ON_CONTENT_ENDS;
  if (complete)
    release(held, out);
  bool early = owes_content(varied) && is_final(octets, length);
  put(early || held->length > 0 ? held : out, octets, length);
}
static void discards(struct e100_proxy_policy *policy) {
  policy->discard = true;
}
PARTS(early_final_waits) = {.variation = {.to_client = delay_early_final, .choose = discards}};

static void drop_early_final(PASSING) {
  (void)data;
  if (owes_content(varied) && is_final(octets, length))
    varied->memory[0] = 1;
  if (varied->from_state == E100_PROXY_AWAITED)
    varied->memory[0] = 0;
  put(varied->memory[0] == 1 ? held : out, octets, length);
  held->length = 0;
}
TO_CLIENT(early_final_lost, drop_early_final, NULL);

/* Where TEXT begins in OCTETS, or LENGTH. */
static size_t place_of(const uint8_t *octets, size_t length, const char *text) {
  size_t width = strlen(text);
  for (size_t i = 0; i + width <= length; i++)
    if (memcmp(octets + i, text, width) == 0)
      return i;
  return length;
}

/* A response in chunks is collected, and its trailers go out with the head. */
static void merge_trailers(PASSING) {
  static const char last[] = "\r\n0\r\n", end[] = "\r\n\r\n";
  (void)data;
  bool chunked = is_final(octets, length) && place_of(octets, length, "chunked") < length;
  bool settled = varied->event == E100_PROXY_EVENTS && length == 0;
  if (!chunked && held->length == 0) {
    put(out, octets, length);
    return;
  }
  put(held, octets, length);
  const uint8_t *all = (const uint8_t *)held->text;
  size_t trailers = place_of(all, held->length, last) + sizeof last - 1;
  bool whole = trailers < held->length && memcmp(all + held->length - 4, end, sizeof end - 1) == 0;
  if (whole) {
    size_t line = line_length(all, held->length);
    put(out, all, line);
    put(out, all + trailers, held->length - trailers - 2); /* but for the empty line */
    put(out, all + line, trailers - line);
    put_text(out, "\r\n");
    held->length = 0;
  } else if (settled) {
    release(held, out);
  }
}
TO_CLIENT(trailers_merged, merge_trailers, NULL);

static void drop_final_after_100(PASSING) {
  (void)data, (void)held;
  if (is_100(octets, length))
    varied->memory[0] = varied->request;
  bool lost = is_final(octets, length) && varied->memory[0] == varied->request;
  if (!lost)
    put(out, octets, length);
}
TO_CLIENT(lost_after_100, drop_final_after_100, NULL);

static void drop_last_chunk(PASSING) {
  static const char last[] = "0\r\n\r\n";
  enum { WIDTH = sizeof last - 1 };
  (void)data, (void)held;
  bool chunks = varied->proxy->response.facts.framing == E100_RESPONSE_CHUNKED;
  bool ends = chunks && length >= WIDTH && memcmp(octets + length - WIDTH, last, WIDTH) == 0;
  put(out, octets, ends ? length - WIDTH : length);
}
TO_CLIENT(last_chunk_lost, drop_last_chunk, NULL);

static void say_100_twice(PASSING) {
  (void)data, (void)varied, (void)held;
  put(out, octets, length);
  if (is_100(octets, length))
    put(out, octets, length);
}
TO_CLIENT(doubled_100, say_100_twice, NULL);

static void repeat_final(PASSING) {
  (void)data, (void)varied, (void)held;
  put(out, octets, length);
  if (is_final(octets, length))
    put(out, octets, length);
}
TO_CLIENT(doubled_final, repeat_final, NULL);

/* As where what was kept for another attempt goes out with the first one. */
static void send_content_twice(PASSING) {
  (void)data, (void)held;
  bool content = varied->event == E100_PROXY_ON_CONTENT_ARRIVES &&
                 (varied->from_state == E100_PROXY_ASKED || varied->from_state == E100_PROXY_SENDING);
  put(out, octets, length);
  if (content)
    put(out, octets, length);
}
TO_SERVER(content_doubled, send_content_twice, NULL);

/* The first interim response that is no 100 comes after the next one. */
static void swap_interim(PASSING) {
  (void)data;
  bool other = is_interim(octets, length) && !is_100(octets, length);
  bool first = other && varied->memory[0] != varied->request;
  varied->memory[0] = first ? varied->request : varied->memory[0];
  bool second = is_interim(octets, length) && !first;
  if (!second && length > 0)
    release(held, out);
  put(first ? held : out, octets, length);
  if (second)
    release(held, out);
}
TO_CLIENT(interim_swapped, swap_interim, NULL);

static void hints_after_final(PASSING) {
  (void)data, (void)varied;
  bool hints = begins(octets, length, "HTTP/1.1 103 ");
  put(hints ? held : out, octets, length);
  if (varied->event == E100_PROXY_ON_ANSWER_ENDS)
    release(held, out);
}
TO_CLIENT(hints_too_late, hints_after_final, NULL);

/* ---- altered on the way to the client ------------------------------------------------------------------ */

/* Any interim response but 101 is said to be 100. */
static void say_100_for_any(PASSING) {
  (void)data, (void)varied, (void)held;
  bool other = is_interim(octets, length) && !begins(octets, length, "HTTP/1.1 101 ");
  if (other) {
    size_t line = line_length(octets, length);
    put_text(out, "HTTP/1.1 100 Continue\r\n");
    put_rest(out, octets, length, line);
  } else {
    put(out, octets, length);
  }
}
TO_CLIENT(any_interim_is_100, say_100_for_any, NULL);

struct insertion {
  bool interim; /* into interim responses, else into requests */
  const char *line;
};

/* A field line, put behind the start line. */
static void insert(PASSING) {
  const struct insertion *insertion = data;
  (void)held;
  bool meant = insertion->interim ? is_100(octets, length) : is_request(varied, length);
  size_t line = meant ? line_length(octets, length) : 0;
  put(out, octets, line);
  if (meant)
    put_text(out, insertion->line);
  put_rest(out, octets, length, line);
}

static const struct insertion length_line = {true, "Content-Length: 2\r\n"};
TO_CLIENT(length_on_interim, insert, &length_line);
static const struct insertion coding_line = {true, "Transfer-Encoding: chunked\r\n"};
TO_CLIENT(coding_on_interim, insert, &coding_line);

static bool is_relayed(const struct e100_proxy_varied *varied) {
  return varied->event == E100_PROXY_ON_FINAL_ARRIVES || varied->event == E100_PROXY_ON_FINAL_ARRIVES_LAST;
}

/* The status line INSTEAD in the place of that of a response with STATUS (its first octets). */
static void restate(const char *status, const char *instead, const uint8_t *octets, size_t length,
                    struct e100_text *out) {
  bool meant = begins(octets, length, "HTTP/1.1 ") && begins(octets + 9, length - 9, status);
  if (meant)
    put_text(out, instead);
  size_t line = meant ? line_length(octets, length) : 0;
  put_rest(out, octets, length, line);
}

static void say_200_for_refusal(PASSING) {
  (void)data, (void)held;
  if (is_relayed(varied))
    restate("4", "HTTP/1.1 200 OK\r\n", octets, length, out);
  else
    put(out, octets, length);
}
TO_CLIENT(refusal_is_success, say_200_for_refusal, NULL);

static void say_502_for_early(PASSING) {
  (void)data, (void)held;
  if (is_relayed(varied) && owes_content(varied))
    restate("4", "HTTP/1.1 502 Bad Gateway\r\n", octets, length, out);
  else
    put(out, octets, length);
}
TO_CLIENT(early_final_is_502, say_502_for_early, NULL);

static void say_200_for_lost(PASSING) {
  (void)data, (void)held;
  if (varied->event == E100_PROXY_ON_SERVER_GOES)
    restate("502", "HTTP/1.1 200 OK\r\n", octets, length, out);
  else
    put(out, octets, length);
}
TO_CLIENT(lost_is_success, say_200_for_lost, NULL);

/* ---- altered on the way to the server ------------------------------------------------------------------ */

static bool names(const uint8_t *octets, size_t length, const char *name) {
  return length > strlen(name) && strncasecmp((const char *)octets, name, strlen(name)) == 0;
}

static bool has_line(const uint8_t *octets, size_t length, const char *name) {
  for (size_t at = 0; at < length; at += line_length(octets + at, length - at)) {
    if (names(octets + at, length - at, name))
      return true;
  }
  return false;
}

/* Drops the lines of a forwarded head that have this name. */
static void drop_lines(PASSING) {
  (void)held;
  bool head = is_request(varied, length);
  for (size_t at = 0; at < length;) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    if (!head || !names(octets + at, line, data))
      put(out, octets + at, line);
    at += line;
  }
}
TO_SERVER(no_via, drop_lines, "via:");
TO_SERVER(length_lost, drop_lines, "content-length:");

TO_SERVER(host_lost, drop_lines, "host:");

/* The content does not go on, and the head says so. */
static void leave_content_out(PASSING) {
  (void)data, (void)held;
  bool head = is_request(varied, length);
  if (head)
    varied->memory[0] = 0;
  for (size_t at = 0; at < length && (head || varied->memory[0] == 0);) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    bool counted = head && names(octets + at, line, "content-length:");
    if (counted) {
      put_text(out, "Content-Length: 0\r\n");
      varied->memory[0] = 1;
    } else {
      put(out, octets + at, line);
    }
    at += line;
  }
}
TO_SERVER(content_left_out, leave_content_out, NULL);

/* Of chunked content only the end goes on. */
static void empty_chunks(PASSING) {
  (void)data, (void)held;
  bool chunks = varied->proxy->request.facts.framing == E100_CONTENT_CHUNKED;
  bool content =
      varied->event == E100_PROXY_ON_CONTENT_ARRIVES || varied->event == E100_PROXY_ON_CONTENT_ENDS;
  if (!chunks || !content || varied->from_state == E100_PROXY_COLLECTING)
    put(out, octets, length);
  else if (varied->event == E100_PROXY_ON_CONTENT_ENDS && length > 0)
    put_text(out, "0\r\n\r\n");
}
TO_SERVER(chunks_emptied, empty_chunks, NULL);

/* All but the first line Expect are dropped. */
static void keep_first_expect(PASSING) {
  (void)data, (void)held;
  bool head = is_request(varied, length);
  bool seen = false;
  for (size_t at = 0; at < length;) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    bool expect = head && names(octets + at, line, "expect:");
    if (!expect || !seen)
      put(out, octets + at, line);
    seen = seen || expect;
    at += line;
  }
}
TO_SERVER(later_expect_lost, keep_first_expect, NULL);

/* Two neighbouring lines Expect change their places. */
static void swap_expect(PASSING) {
  (void)data;
  bool head = is_request(varied, length);
  for (size_t at = 0; at < length;) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    bool first = head && held->length == 0 && names(octets + at, line, "expect:");
    put(first ? held : out, octets + at, line);
    if (!first)
      release(held, out);
    at += line;
  }
}
TO_SERVER(expect_swapped, swap_expect, NULL);

static const struct insertion both_lengths = {false, "Content-Length: 3\r\n"};
static void insert_if_chunked(PASSING) {
  bool chunked = is_request(varied, length) && has_line(octets, length, "transfer-encoding:");
  if (chunked)
    insert(data, varied, octets, length, held, out);
  else
    put(out, octets, length);
}
TO_SERVER(both_framings, insert_if_chunked, &both_lengths);

static const struct insertion needless = {false, "Expect: 100-continue\r\n"};
static void insert_if_no_content(PASSING) {
  bool alone = is_request(varied, length) && varied->event == E100_PROXY_ON_HEAD_STANDS_ALONE &&
               !has_line(octets, length, "expect:");
  if (alone)
    insert(data, varied, octets, length, held, out);
  else
    put(out, octets, length);
}
TO_SERVER(asks_without_content, insert_if_no_content, &needless);

/* More members beside 100-continue. */
static void add_member(PASSING) {
  (void)held;
  bool head = is_request(varied, length);
  for (size_t at = 0; at < length;) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    bool expect = head && names(octets + at, line, "expect:") && line > 2;
    put(out, octets + at, expect ? line - 2 : line);
    if (expect)
      put_text(out, data);
    at += line;
  }
}
TO_SERVER(member_added, add_member, ", 200-ok\r\n");
TO_SERVER(member_empty, add_member, ", ,\r\n");

/* A coding of its own is named behind chunked, and not applied. */
static void name_coding(PASSING) {
  static const char chunked[] = "Transfer-Encoding: chunked\r\n";
  (void)data, (void)held;
  bool head = is_request(varied, length);
  for (size_t at = 0; at < length;) {
    size_t line = head ? line_length(octets + at, length - at) : length;
    bool meant = head && line == sizeof chunked - 1 && begins(octets + at, line, chunked);
    put(out, octets + at, meant ? line - 2 : line);
    if (meant)
      put_text(out, ", gzip\r\n");
    at += line;
  }
}
TO_SERVER(coding_behind, name_coding, NULL);

/* The version of the request line. */
static void write_version(struct e100_text *out, const uint8_t *octets, size_t length, char minor) {
  enum { END = 3 /* octets: the minor version and CRLF */ };
  size_t line = line_length(octets, length);
  bool known = line > END;
  put(out, octets, known ? line - END : 0);
  if (known)
    e100_text_add(out, &minor, 1);
  size_t from = known ? line - END + 1 : 0;
  put_rest(out, octets, length, from);
}

static void say_10(PASSING) {
  (void)data, (void)held;
  if (is_request(varied, length))
    write_version(out, octets, length, '0');
  else
    put(out, octets, length);
}
TO_SERVER(downgraded, say_10, NULL);

static void say_as_client(PASSING) {
  (void)data, (void)held;
  if (is_request(varied, length))
    write_version(out, octets, length, (char)('0' + varied->proxy->request.facts.minor));
  else
    put(out, octets, length);
}
TO_SERVER(version_passed, say_as_client, NULL);

/* The head goes up behind the first content. */
static void send_content_first(PASSING) {
  (void)data;
  bool owes = is_request(varied, length) && varied->event != E100_PROXY_ON_HEAD_STANDS_ALONE;
  put(owes ? held : out, octets, length);
  if (!owes && length > 0)
    release(held, out);
}
TO_SERVER(content_before_head, send_content_first, NULL);

/* ---- a 100 of its own ---------------------------------------------------------------------------------- */

static void say_100_when_draining(PASSING) {
  (void)data, (void)held;
  put(out, octets, length);
  bool drains = varied->from_state == E100_PROXY_DISCARDING && varied->event == E100_PROXY_ON_CONTENT_ARRIVES;
  if (drains)
    put_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
}
PARTS(drain_says_100) = {.variation = {.to_client = say_100_when_draining, .choose = discards}};
