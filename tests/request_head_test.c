/*
 * The model's reader on one request head after the other: framing, expectations, and which malformed heads
 * have to be rejected and which may be read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"

static struct e100_head_reading head_of(const char *text, uint32_t reading) {
  struct e100_head_reading head;
  e100_read_request_head((const uint8_t *)text, strlen(text), reading, &head);
  return head;
}

static void framing_is_read_as_the_rfc_says(void **state) {
  (void)state;
  static const struct {
    const char *fields;
    uint64_t length;
    uint8_t framing;
    bool several;
  } heads[] = {
      {"", 0, E100_FRAMING_NONE, false},
      {"Content-Length: 0\r\n", 0, E100_FRAMING_LENGTH, false},
      {"content-LENGTH:007 \r\n", 7, E100_FRAMING_LENGTH, false},
      {"Content-Length: 5\r\nContent-Length: 5\r\n", 5, E100_FRAMING_LENGTH, true},
      {"Content-Length: 5, 5\r\n", 5, E100_FRAMING_LENGTH, true},
      {"Content-Length: 18446744073709551615\r\n", UINT64_MAX, E100_FRAMING_LENGTH, false},
      {"Content-Length: 18446744073709551616\r\n", UINT64_MAX, E100_FRAMING_LENGTH, true},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", 0, E100_FRAMING_BAD, false},
      {"Content-Length: 5 5\r\n", 0, E100_FRAMING_BAD, false},
      {"Content-Length: +5\r\n", 0, E100_FRAMING_BAD, false},
      {"Content-Length: 0x5\r\n", 0, E100_FRAMING_BAD, false},
      {"Content-Length:\r\n", 0, E100_FRAMING_BAD, false},
      {"Content-Length: -1\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: chunked\r\n", 0, E100_FRAMING_CHUNKED, false},
      {"Transfer-Encoding: gzip\r\nTransfer-Encoding: , Chunked ,\r\n", 0, E100_FRAMING_CHUNKED, false},
      {"Transfer-Encoding: chunked\r\nContent-Length: x\r\n", 0, E100_FRAMING_CHUNKED, false},
      {"Transfer-Encoding: chunked;a=b\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: a;b=c, chunked\r\n", 0, E100_FRAMING_CHUNKED, false},
      {"Transfer-Encoding: a;, chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: a; \r\nTransfer-Encoding: chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: a; ;b=c, chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: chunked, gzip\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: identity\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: \"chunked\"\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: gzip;q=\"\r\nTransfer-Encoding: chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: gzip;q=\", chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding: gzip;q=\", chunked\", a\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: gzip;q=\"\r\n", 0, E100_FRAMING_BAD, false},
      {"Transfer-Encoding: chunked, chunked\r\n", 0, E100_FRAMING_CHUNKED, true},
      {"Transfer-Encoding:\r\n", 0, E100_FRAMING_BAD, true},
  };
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, "PUT / HTTP/1.1\r\nHost: a\r\n%s\r\n", heads[i].fields);
    struct e100_head_reading head = head_of(text, 0);
    assert_true(head.complete);
    assert_int_equal(head.framing, heads[i].framing);
    assert_int_equal(head.length, heads[i].length);
    assert_int_equal(head.several, heads[i].several);
    assert_int_equal(head.octets, strlen(text));
    if (!head.several)
      assert_int_equal(head.malformed, head.framing == E100_FRAMING_BAD);
  }
}

static void malformed_heads_are_told_from_open_ones(void **state) {
  (void)state;
  static const char *const malformed[] = {
      "GET /\r\n\r\n",
      "GET / HTTP/2.0\r\n\r\n",
      "GET / http/1.1\r\n\r\n",
      "GET /a b HTTP/1.1\r\n\r\n",
      "G(T / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\nnonsense\r\n\r\n",
      "GET / HTTP/1.1\r\n: a\r\n\r\n",
      "GET / HTTP/1.1\r\nA B: a\r\n\r\n",
      "GET / HTTP/1.11\r\n\r\n",
  };
  static const char *const open[] = {
      "GET  / HTTP/1.1\r\n\r\n",
      "GET\t/ HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1 \r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
      "GET / HTTP/1.1\r\n A: b\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
      "GET / HTTP/1.1\nA: b\r\n\r\n",
      "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\x7f\r\n\r\n",
      "GET /\rHTTP/1.1\r\n\r\n",
  };
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    struct e100_head_reading head = head_of(malformed[i], 0);
    assert_true(head.complete);
    assert_true(head.malformed);
  }
  for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
    struct e100_head_reading head = head_of(open[i], 0);
    assert_true(head.complete);
    assert_true(head.several);
    assert_false(head.malformed);
  }
  struct e100_head_reading head = head_of("\r\nHEAD / HTTP/1.0\r\nConnection: a, Keep-Alive\r\n\r\nrest", 0);
  assert_true(head.complete && head.head_method && !head.several && !head.malformed && !head.close);
  assert_int_equal(head.minor, 0);
  assert_int_equal(head.octets, 48);
  assert_true(head_of("GET / HTTP/1.0\r\n\r\n", 0).close);
  assert_true(head_of("GET / HTTP/1.1\r\nConnection: x\r\nConnection: CLOSE\r\n\r\n", 0).close);
  assert_false(head_of("GET / HTTP/1.1\r\nConnection: closed\r\n\r\n", 0).close);
  assert_false(head_of("GET / HTTP/1.1\r\nHost: a\r\n", 0).complete);
}

static void expectations_follow_their_grammar(void **state) {
  (void)state;
  static const struct {
    const char *value;
    bool asks, other, several;
  } values[] = {
      {"", false, false, false},
      {" , ,", false, false, false},
      {"100-continue", true, false, false},
      {",\t100-CONTINUE\t,", true, false, false},
      {"100-continue, 100-continue", true, false, false},
      {"100-continue, x", true, true, false},
      {"100-continuex", false, true, false},
      {"100-continue=x", false, true, false},
      {"100-continue=\"x\" ; a=b;c=\"d;,\" ; ;", false, true, false},
      {"x=y,100-continue", true, true, false},
      {"x=\"100-continue\"", false, true, false},
      {"x=\"a\\\", 100-continue, b\"", false, true, false},
      {"x=\"\xff\"", false, true, false},
      {"100-continue;q=1", false, true, true},
      {"100-continue =x", false, true, true},
      {"x= y", false, true, true},
      {"x=y;a", false, true, true},
      {"x=y;a =b", false, true, true},
      {"x=y;a= b", false, true, true},
      {"x=y;=b", false, true, true},
      {"x=y z", false, true, true},
      {"x=\"y\"z", false, true, true},
      {"x=", false, true, true},
      {"x=\"y", false, true, true},
      {"x=y;a=\"b", false, true, true},
      {"x=y;a=\"b\\", false, true, true},
      {"\"x\"", false, true, true},
      {"a b, 100-continue", false, true, true},
      {"x=\"\\\x01\"", false, true, true},
      {"@", false, true, true},
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, "PUT / HTTP/1.1\r\nExpect:%s\r\n\r\n", values[i].value);
    struct e100_head_reading head = head_of(text, 0);
    assert_true(head.complete && !head.malformed);
    if (head.asks != values[i].asks || head.other != values[i].other || head.several != values[i].several)
      fail_msg("Expect:%s reads as asks %d, other %d, several %d", values[i].value, head.asks, head.other,
               head.several);
  }
}

static void lone_line_feeds_are_a_reading(void **state) {
  (void)state;
  struct e100_head_reading head = head_of("PUT / HTTP/1.1\nExpect: 100-continue\n\n", 1);
  assert_true(head.complete && head.asks && !head.several && !head.malformed);
  head = head_of("PUT / HTTP/1.1\nExpect: 100-continue\n\n", 0);
  assert_true(head.complete && head.several && !head.malformed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(framing_is_read_as_the_rfc_says),
      cmocka_unit_test(malformed_heads_are_told_from_open_ones),
      cmocka_unit_test(expectations_follow_their_grammar),
      cmocka_unit_test(lone_line_feeds_are_a_reading),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
