/* Responses, read in every cut: which heads there are, what they say, and what their content is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "machine/response_heads.h"

enum { TEXT_ROOM = 4096 };

/* What was read, as text: "100 / 200 length 5 / hello / complete". */
struct reading {
  char text[TEXT_ROOM];
  size_t length;
  bool in_content;
};

static void add(struct reading *reading, const char *text, size_t length) {
  assert_true(reading->length + length < TEXT_ROOM);
  memcpy(reading->text + reading->length, text, length);
  reading->length += length;
}

static void add_text(struct reading *reading, const char *text) {
  if (reading->length > 0)
    add(reading, " / ", 3);
  add(reading, text, strlen(text));
  reading->in_content = false;
}

static void add_content(struct reading *reading, const uint8_t *content, size_t length) {
  if (!reading->in_content)
    add(reading, " / ", 3);
  add(reading, (const char *)content, length);
  reading->in_content = true;
}

static void add_head(struct reading *reading, const struct e100_response_facts *facts) {
  static const char *const framings[] = {"", " length", " chunked", " until close", " tunnel"};
  char text[128];
  if (facts->wrong != E100_RESPONSE_SOUND) {
    add_text(reading, facts->wrong == E100_RESPONSE_TOO_LARGE ? "too large" : "malformed");
    return;
  }
  snprintf(text, sizeof text, "%u%s%s%s%s", facts->status, framings[facts->framing],
           facts->persists ? " on" : "", facts->close ? " close" : "", facts->upgrade ? " upgrade" : "");
  add_text(reading, text);
}

static bool is_over(const struct e100_response_reader *reader) {
  return reader->complete || reader->facts.wrong != E100_RESPONSE_SOUND;
}

static void take(struct reading *reading, struct e100_response_reader *reader, const char *octets,
                 size_t length) {
  const uint8_t *at = (const uint8_t *)octets;
  const uint8_t *end = at + length;
  bool more = false;
  while (!more && !is_over(reader)) {
    const uint8_t *content = NULL;
    size_t taken = 0, count = 0;
    switch (e100_response_reader_take(reader, NULL, NULL, at, (size_t)(end - at), &taken, &content, &count)) {
    case E100_READ_HEAD:
      add_head(reading, &reader->facts);
      break;
    case E100_READ_CONTENT:
      add_content(reading, content, count);
      break;
    case E100_READ_COMPLETE:
      add_text(reading, "complete");
      break;
    case E100_READ_WRONG:
      add_text(reading, "wrong");
      break;
    default:
      assert_int_equal(taken, end - at);
      more = true;
      break;
    }
    at += taken;
  }
}

enum { TO_GET, TO_HEAD, TO_CONNECT };

static const struct {
  int request;
  const char *octets;
  const char *expected;
} samples[] = {
    {TO_GET, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 length on / hello / complete"},
    {TO_GET, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 on"},
    {TO_GET, "HTTP/1.1 200\r\n\r\n", "200 until close"},
    {TO_GET, "HTTP/1.1 200 OK\r\n\r\nhello", "200 until close / hello"},
    {TO_GET, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200"},
    {TO_GET, "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", "200 on"},
    {TO_GET, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "200 close"},
    {TO_GET, "HTTP/1.2 204 x\r\n\r\n", "204 on"},
    {TO_GET, "HTTP/2.0 204 x\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 099 x\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 1000 x\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 999 \x80\tx\r\nContent-Length: 0\r\n\r\n", "999 on"},
    {TO_GET, "\r\nHTTP/1.1 204 x\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 204 x\n\n", "malformed"},
    {TO_GET, "HTTP/1.1 204 \rx\r\n\r\n", "malformed"},
    {TO_GET, "ICY 200 OK\r\n\r\n", "malformed"},
    /* Interim responses end with the empty line, whatever their fields say. */
    {TO_GET, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 x\r\n\r\n", "100 on / 204 on"},
    {TO_GET, "HTTP/1.1 104 x\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 x\r\n\r\n", "104 on / 204 on"},
    {TO_GET,
     "HTTP/1.1 100 x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5, 6\r\n\r\nHTTP/1.1 204 x\r\n\r\n",
     "100 on / 204 on"},
    {TO_GET, "HTTP/1.1 100 x\r\nConnection: close\r\n\r\nHTTP/1.1 204 x\r\n\r\n", "100 close / 204 on"},
    {TO_GET, "HTTP/1.0 100 x\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 1\r\n\r\na",
     "100 / 200 length on / a / complete"},
    {TO_GET, "HTTP/1.1 103 x\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\nHTTP/1.1 204 x\r\n\r\n",
     "103 on upgrade / 204 on"},
    {TO_GET, "HTTP/1.1 101 x\r\n\r\n", "101 tunnel"},
    {TO_GET, "HTTP/1.1 101 x\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n", "101 tunnel upgrade"},
    /* Requests and statuses that have no content. */
    {TO_HEAD, "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n", "100 on / 200 on"},
    {TO_HEAD, "HTTP/1.1 200 x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "200 on"},
    {TO_GET, "HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n", "304 on"},
    {TO_CONNECT, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n", "200 tunnel"},
    {TO_CONNECT, "HTTP/1.1 407 x\r\nContent-Length: 1\r\n\r\na", "407 length on / a / complete"},
    /* Codings. */
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
     "200 chunked on / hello / complete"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n0\r\n\r\n",
     "200 chunked on / complete"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip\r\n\r\nab", "200 until close / ab"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked, gzip\r\n\r\nab", "200 until close / ab"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\nab",
     "200 until close / ab"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "200 chunked on / complete"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding:\r\n\r\nab", "200 until close / ab"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip;a=b\r\n\r\nab", "200 until close / ab"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: Chunked ;\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 204 x\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", "204 on"},
    {TO_GET, "HTTP/1.0 200 x\r\nTransfer-Encoding: chunked\r\n\r\n", "malformed"},
    {TO_HEAD, "HTTP/1.0 200 x\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n", "200"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nContent-Length: +5\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
     "200 chunked on / hello / wrong"},
    /* The structure of lines. */
    {TO_GET, "HTTP/1.1 200 x\r\nConnection:\r\n close\r\nContent-Length:\r\n\t 1\r\n\r\na",
     "200 length close / a / complete"},
    {TO_GET, "HTTP/1.1 200 x\r\nA: b\r\n\r\n", "200 until close"},
    {TO_GET, "HTTP/1.1 200 x\r\nContent-Length \t: 1\r\n\r\na", "200 length on / a / complete"},
    {TO_GET, "HTTP/1.1 200 x\r\n A: b\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nA b: c\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 204 x\r\nA b: c\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\nA: b\rc\r\n\r\n", "malformed"},
    {TO_GET, "HTTP/1.1 200 x\r\n: c\r\n\r\n", "malformed"},
};

static void responses_are_read_in_every_cut(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    size_t length = strlen(samples[i].octets);
    for (size_t first = 0; first <= length; first++) {
      for (size_t second = first; second <= length; second++) {
        struct e100_response_reader reader;
        struct reading reading = {.length = 0};
        e100_response_reader_init(&reader, samples[i].request == TO_HEAD, samples[i].request == TO_CONNECT);
        take(&reading, &reader, samples[i].octets, first);
        take(&reading, &reader, samples[i].octets + first, second - first);
        take(&reading, &reader, samples[i].octets + second, length - second);
        if (strcmp(reading.text, samples[i].expected) != 0)
          fail_msg("cut at %zu and %zu:\n%s\nis read as '%s', not '%s'", first, second, samples[i].octets,
                   reading.text, samples[i].expected);
      }
    }
  }
}

static void the_end_completes_what_goes_on_until_close(void **state) {
  (void)state;
  static const struct {
    const char *octets;
    enum e100_reader_event end;
  } ends[] = {
      {"", E100_READ_WRONG},
      {"HTTP/1.1 100 x\r\n\r\n", E100_READ_WRONG},
      {"HTTP/1.1 200 x\r\n\r\nabc", E100_READ_COMPLETE},
      {"HTTP/1.1 200 x\r\nContent-Length: 2\r\n\r\na", E100_READ_WRONG},
      {"HTTP/1.1 200 x\r\nContent-Length: 1\r\n\r\na", E100_READ_COMPLETE},
      {"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", E100_READ_WRONG},
      {"HTTP/1.1 204 x\r\n\r\n", E100_READ_COMPLETE},
      {"HTTP/1.1 204 x\r\n", E100_READ_WRONG},
  };
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    struct e100_response_reader reader;
    struct reading reading = {.length = 0};
    e100_response_reader_init(&reader, false, false);
    take(&reading, &reader, ends[i].octets, strlen(ends[i].octets));
    if (e100_response_reader_end(&reader) != ends[i].end)
      fail_msg("the end of: %s", ends[i].octets);
  }
}

/* ---- limits -----------------------------------------------------------------------------------------------
 */

static enum e100_response_wrong wrong_after(const char *before, const char *repeated, size_t times,
                                            const char *after) {
  struct e100_response_reader reader;
  struct reading reading = {.length = 0};
  e100_response_reader_init(&reader, false, false);
  take(&reading, &reader, before, strlen(before));
  for (size_t i = 0; i < times; i++)
    take(&reading, &reader, repeated, strlen(repeated));
  take(&reading, &reader, after, strlen(after));
  return (enum e100_response_wrong)reader.facts.wrong;
}

static void limits_are_exact(void **state) {
  (void)state;
  const char line[] = "HTTP/1.1 204 ";
  size_t room = E100_START_LINE_LIMIT - strlen(line);
  assert_int_equal(wrong_after(line, "a", room, "\r\n\r\n"), E100_RESPONSE_SOUND);
  assert_int_equal(wrong_after(line, "a", room + 1, "\r\n\r\n"), E100_RESPONSE_TOO_LARGE);
  const char lines[] = "HTTP/1.1 204 x\r\n";
  assert_int_equal(wrong_after(lines, "A: b\r\n", E100_FIELD_LINES_LIMIT, "\r\n"), E100_RESPONSE_SOUND);
  assert_int_equal(wrong_after(lines, "A: b\r\n", E100_FIELD_LINES_LIMIT + 1, "\r\n"),
                   E100_RESPONSE_TOO_LARGE);
  const char field[] = "HTTP/1.1 204 x\r\nA: ";
  room = E100_HEAD_LIMIT - strlen(field) - strlen("\r\n\r\n");
  assert_int_equal(wrong_after(field, "a", room, "\r\n\r\n"), E100_RESPONSE_SOUND);
  assert_int_equal(wrong_after(field, "a", room + 1, "\r\n\r\n"), E100_RESPONSE_TOO_LARGE);
}

/* ---- pieces -----------------------------------------------------------------------------------------------
 */

static void tell_octets(void *user, const uint8_t *octets, size_t length) {
  add(user, (const char *)octets, length);
}

static void tell_name(void *user, const uint8_t *octets, size_t length) {
  add(user, "<", 1);
  add(user, (const char *)octets, length);
  add(user, ">", 1);
}

static void pieces_are_told(void **state) {
  (void)state;
  const char octets[] = "HTTP/1.1 103 x\r\nLink : a\r\n  b \r\nX:\r\n\r\n";
  const struct e100_head_calls whole = {.octets = tell_octets};
  const struct e100_head_calls fields = {.field_name = tell_name, .field_value = tell_octets};
  const struct {
    const struct e100_head_calls *calls;
    const char *expected;
  } told[] = {{&whole, octets}, {&fields, "<Link>a   b <X>"}};
  for (size_t i = 0; i < 2; i++) {
    struct e100_response_reader reader;
    struct reading reading = {.length = 0};
    const uint8_t *content = NULL;
    size_t taken = 0, count = 0;
    e100_response_reader_init(&reader, false, false);
    assert_int_equal(e100_response_reader_take(&reader, told[i].calls, &reading, (const uint8_t *)octets,
                                               strlen(octets), &taken, &content, &count),
                     E100_READ_HEAD);
    assert_string_equal(reading.text, told[i].expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(responses_are_read_in_every_cut),
      cmocka_unit_test(the_end_completes_what_goes_on_until_close),
      cmocka_unit_test(limits_are_exact),
      cmocka_unit_test(pieces_are_told),
  };
  return cmocka_run_group_tests_name("response heads", tests, NULL, NULL);
}
