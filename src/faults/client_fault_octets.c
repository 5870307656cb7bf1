/* client_fault_octets.c - clients that lose octets on their way in, or spoil them on their way out. */
#include <string.h>
#include <strings.h>

#include "faults/client_fault_parts.h"

#define PARTS(symbol) const struct e100_client_fault_parts e100_client_fault_parts_##symbol
#define IN_ARGUMENTS                                                                               \
  const void *data, const struct e100_client_varied *varied, const uint8_t *octets, size_t length, \
      struct e100_text *out
#define OUT_ARGUMENTS                                                                              \
  const void *data, const struct e100_client_varied *varied, const uint8_t *octets, size_t length, \
      struct e100_text *held, struct e100_text *out

static void pass(struct e100_text *out, const uint8_t *octets, size_t length) {
  if (length > 0)
    e100_text_add(out, (const char *)octets, length);
}

/* ---- in ----------------------------------------------------------------------------------------- */

/* The octets of an interim head with a Content-Length at OCTETS, from the status LEAST on; 0: it is none.
 * *CONTENT is the length. */
static size_t interim_head(const uint8_t *octets, size_t length, char least, uint32_t *content) {
  static const char start[] = "HTTP/1.1 1";
  static const char name[] = "Content-Length:";
  if (length < 12 || memcmp(octets, start, sizeof start - 1) != 0 || octets[11] < (uint8_t)least)
    return 0;
  *content = 0;
  for (size_t i = 0; i + 4 <= length; i++) {
    if (i + sizeof name < length && strncasecmp((const char *)octets + i, name, sizeof name - 1) == 0)
      *content = e100_fault_number(octets + i + sizeof name - 1, length - i - (sizeof name - 1));
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0)
      return i + 4;
  }
  return 0;
}

/* What a Content-Length of an interim response announces is taken for content. */
static void swallow(char least, const struct e100_client_varied *varied, const uint8_t *octets, size_t length,
                    struct e100_text *out) {
  for (size_t at = 0; at < length;) {
    uint32_t content = 0;
    size_t lost = length - at < varied->memory[0] ? length - at : varied->memory[0];
    varied->memory[0] -= (uint32_t)lost;
    at += lost;
    size_t head = interim_head(octets + at, length - at, least, &content);
    size_t passed = head > 0 ? head : length - at;
    pass(out, octets + at, passed);
    at += passed;
    varied->memory[0] = content;
  }
}

static void in_interim_has_content(IN_ARGUMENTS) {
  (void)data;
  swallow('0', varied, octets, length, out);
}
PARTS(interim_has_content) = {.variation = {.arrive = in_interim_has_content}};

/* 100 to 103 are known to have none. */
static void in_unknown_interim_has_content(IN_ARGUMENTS) {
  (void)data;
  swallow('4', varied, octets, length, out);
}
PARTS(unknown_interim_has_content) = {.variation = {.arrive = in_unknown_interim_has_content}};

/* An interim head at the beginning of a delivery is told twice. */
static void in_interim_doubled(IN_ARGUMENTS) {
  uint32_t content = 0;
  (void)data, (void)varied;
  size_t head = interim_head(octets, length, '0', &content);
  pass(out, octets, head);
  pass(out, octets, length);
}
PARTS(interim_doubled) = {.variation = {.arrive = in_interim_doubled}};

/* Of two lengths the first is the length. */
static void in_first_length(IN_ARGUMENTS) {
  static const char name[] = "\nContent-Length:";
  bool seen = false;
  (void)data, (void)varied;
  for (size_t at = 0; at < length;) {
    bool line =
        at + sizeof name - 1 <= length && strncasecmp((const char *)octets + at, name, sizeof name - 1) == 0;
    size_t next = at + 1;
    while (line && seen && next < length && octets[next] != '\n')
      next++;
    if (!line || !seen)
      pass(out, octets + at, 1);
    seen = seen || line;
    at = next;
  }
}
PARTS(first_length_read) = {.variation = {.arrive = in_first_length}};

/* What comes where no request waits is kept, and is the answer to the next one; of it only the status is
 * remembered. */
static void in_stray_answers(IN_ARGUMENTS) {
  enum { BEFORE_STATUS = 9, STATUS = 3 };
  (void)data;
  bool idle = varied->client->state == E100_CLIENT_STATE_IDLE;
  if (idle && length > BEFORE_STATUS + STATUS && memcmp(octets, "HTTP/1.1 ", BEFORE_STATUS) == 0) {
    varied->memory[0] = e100_fault_number(octets + BEFORE_STATUS, STATUS);
    return;
  }
  if (!idle && varied->memory[0] != 0) {
    bool interim = varied->memory[0] < 200;
    e100_text_format(out, "HTTP/1.1 %u x\r\n%s\r\n", (unsigned)varied->memory[0],
                     interim ? "" : "Content-Length: 0\r\n");
    varied->memory[0] = 0;
  }
  pass(out, octets, length);
}
PARTS(stray_answers) = {.variation = {.arrive = in_stray_answers}};

/* ---- out ---------------------------------------------------------------------------------------- */

/* The content goes out on the timer, and again on the 100. */
static void out_content_twice(OUT_ARGUMENTS) {
  (void)data;
  pass(out, octets, length);
  if (varied->event == E100_CLIENT_EVENT_APP_GIVES) {
    pass(held, octets, length);
  } else if (varied->event == E100_CLIENT_EVENT_INTERIM_RELEASES &&
             varied->from_state != E100_CLIENT_STATE_WAITING && held->length > 0) {
    pass(out, (const uint8_t *)held->text, held->length);
    held->length = 0;
  }
}
PARTS(content_twice) = {.variation = {.depart = out_content_twice}};

static void out_last_octet_lost(OUT_ARGUMENTS) {
  (void)data, (void)held;
  bool content = varied->event == E100_CLIENT_EVENT_APP_GIVES && length > 0;
  pass(out, octets, content ? length - 1 : length);
}
PARTS(last_octet_lost) = {.variation = {.depart = out_last_octet_lost}};

/* Puts INSTEAD in the place of the last octets of each head. */
static void spoil_head(const struct e100_client_varied *varied, const uint8_t *octets, size_t length,
                       const char *instead, size_t replaced, struct e100_text *out) {
  static const char expect[] = "Expect: 100-continue\r\n";
  for (size_t i = 0; varied->event <= E100_CLIENT_EVENT_APP_OFFERS && i + sizeof expect - 1 <= length; i++) {
    if (memcmp(octets + i, expect, sizeof expect - 1) != 0)
      continue;
    pass(out, octets, i);
    pass(out, (const uint8_t *)instead, strlen(instead));
    pass(out, octets + i + replaced, length - i - replaced);
    return;
  }
  pass(out, octets, length);
}

static void out_expect_folded(OUT_ARGUMENTS) {
  (void)data, (void)held;
  spoil_head(varied, octets, length, "Expect:\r\n 100-continue\r\n", strlen("Expect: 100-continue\r\n"), out);
}
PARTS(expect_folded) = {.variation = {.depart = out_expect_folded}};

static void out_expect_nominated(OUT_ARGUMENTS) {
  (void)data, (void)held;
  spoil_head(varied, octets, length, "Connection: Expect\r\n", 0, out);
}
PARTS(expect_nominated) = {.variation = {.depart = out_expect_nominated}};

static void out_length_too(OUT_ARGUMENTS) {
  (void)data, (void)held;
  spoil_head(varied, octets, length, "Transfer-Encoding: chunked\r\n", 0, out);
}
PARTS(both_lengths) = {.variation = {.depart = out_length_too}};

/* The content stays in a buffer until something else is sent. */
static void out_content_unflushed(OUT_ARGUMENTS) {
  (void)data;
  if (varied->event == E100_CLIENT_EVENT_APP_GIVES || varied->event == E100_CLIENT_EVENT_APP_ENDS) {
    pass(held, octets, length);
    return;
  }
  if (length > 0) {
    pass(out, (const uint8_t *)held->text, held->length);
    held->length = 0;
  }
  pass(out, octets, length);
}
PARTS(content_unflushed) = {.variation = {.depart = out_content_unflushed}};

/* ---- heads and content that are written wrongly ------------------------------------------------- */

/* Appends OCTETS of a head with INSTEAD in the place of the first WHAT. */
static void rewrite(const struct e100_client_varied *varied, const uint8_t *octets, size_t length,
                    const char *what, const char *instead, struct e100_text *out) {
  size_t width = strlen(what);
  for (size_t i = 0; varied->event <= E100_CLIENT_EVENT_APP_STANDS_ALONE && i + width <= length; i++) {
    if (memcmp(octets + i, what, width) != 0)
      continue;
    pass(out, octets, i);
    pass(out, (const uint8_t *)instead, strlen(instead));
    pass(out, octets + i + width, length - i - width);
    return;
  }
  pass(out, octets, length);
}

static bool has(const uint8_t *octets, size_t length, const char *text) {
  size_t width = strlen(text);
  for (size_t i = 0; i + width <= length; i++)
    if (memcmp(octets + i, text, width) == 0)
      return true;
  return false;
}

static void out_chunked_twice(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n",
          out);
}
PARTS(chunked_twice) = {.variation = {.depart = out_chunked_twice}};

static void out_empty_member(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "Expect: 100-continue\r\n", "Expect: , 100-continue\r\n", out);
}
PARTS(member_empty) = {.variation = {.depart = out_empty_member}};

static void out_comma_behind(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked,\r\n", out);
}
PARTS(comma_behind) = {.variation = {.depart = out_comma_behind}};

static void out_without_host(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "Host: ", "X-Host: ", out);
}
PARTS(host_left_out) = {.variation = {.depart = out_without_host}};

static void out_as_10(OUT_ARGUMENTS) {
  (void)data, (void)held;
  bool chunks = has(octets, length, "Transfer-Encoding: chunked\r\n");
  rewrite(varied, octets, length, chunks ? " HTTP/1.1\r\n" : "\n\n", " HTTP/1.0\r\n", out);
}
PARTS(chunks_as_10) = {.variation = {.depart = out_as_10}};

static void out_as_12(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, " HTTP/1.1\r\n", " HTTP/1.2\r\n", out);
}
PARTS(as_12) = {.variation = {.depart = out_as_12}};

static void out_trace_with_content(OUT_ARGUMENTS) {
  (void)data, (void)held;
  bool trace = length > 6 && memcmp(octets, "TRACE ", 6) == 0;
  rewrite(varied, octets, length, trace ? "\r\n\r\n" : "\n\n", "\r\nContent-Length: 5\r\n\r\nhello", out);
}
PARTS(trace_with_content) = {.variation = {.depart = out_trace_with_content}};

static void out_without_option(OUT_ARGUMENTS) {
  (void)data, (void)held;
  bool alone = has(octets, length, "Connection: upgrade\r\n");
  rewrite(varied, octets, length, alone ? "Connection: upgrade\r\n" : "Connection: upgrade, ",
          alone ? "" : "Connection: ", out);
}
PARTS(no_option_by_client) = {.variation = {.depart = out_without_option}};

static void out_without_te_option(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "Connection: TE\r\n", "", out);
}
PARTS(no_te_option_by_client) = {.variation = {.depart = out_without_te_option}};

static void out_te_chunked(OUT_ARGUMENTS) {
  (void)data, (void)held;
  rewrite(varied, octets, length, "\r\nTE: ", "\r\nTE: chunked, ", out);
}
PARTS(te_chunked) = {.variation = {.depart = out_te_chunked}};

/* The content is over with these octets. */
static bool is_over(const struct e100_client_varied *varied, size_t length) {
  bool counted = varied->event == E100_CLIENT_EVENT_APP_GIVES && varied->client->left == 0;
  return length > 0 && (counted || varied->event == E100_CLIENT_EVENT_APP_ENDS);
}

static void out_line_end_behind(OUT_ARGUMENTS) {
  (void)data, (void)held;
  pass(out, octets, length);
  if (is_over(varied, length))
    pass(out, (const uint8_t *)"\r\n", 2);
}
PARTS(line_end_behind) = {.variation = {.depart = out_line_end_behind}};

static void end_chunks_with(const struct e100_client_varied *varied, const uint8_t *octets, size_t length,
                            const char *end, struct e100_text *out) {
  static const char last[] = "0\r\n\r\n";
  size_t width = sizeof last - 1;
  bool ends = is_over(varied, length) && length >= width && memcmp(octets + length - width, last, width) == 0;
  pass(out, octets, ends ? length - width : length);
  if (ends)
    pass(out, (const uint8_t *)end, strlen(end));
}

static void out_expect_in_trailers(OUT_ARGUMENTS) {
  (void)data, (void)held;
  end_chunks_with(varied, octets, length, "0\r\nExpect: 100-continue\r\n\r\n", out);
}
PARTS(expect_in_trailers) = {.variation = {.depart = out_expect_in_trailers}};

static void out_last_chunk_padded(OUT_ARGUMENTS) {
  (void)data, (void)held;
  end_chunks_with(varied, octets, length, "0 \r\n\r\n", out);
}
PARTS(last_chunk_padded) = {.variation = {.depart = out_last_chunk_padded}};
