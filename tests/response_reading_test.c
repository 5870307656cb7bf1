/*
 * response_reading_test.c - the model's reader on the responses to one request: which heads there are, whose
 * octets are content, which octets have to be refused, and which have several readings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"

enum request { TO_GET, TO_HEAD, TO_CONNECT };

static struct e100_response_reading reading_of(enum request request, const char *octets, size_t length) {
  struct e100_response_reading reading;
  memset(&reading, 0xa5, sizeof reading);
  e100_read_responses((const uint8_t *)octets, length, request == TO_HEAD, request == TO_CONNECT, &reading);
  return reading;
}

/* What a reading says, as text: "2 interim, 200 chunked, close, 5 of content, complete in 99". */
static void describe(const struct e100_response_reading *reading, char *text, size_t room) {
  int at = snprintf(text, room, "%u interim, %u%s%s%s%s%s, %llu of content", reading->interims,
                    reading->status, reading->final ? " final" : "", reading->tunnel ? " tunnel" : "",
                    reading->chunked ? " chunked" : "", reading->until_close ? " until close" : "",
                    reading->close ? " close" : "", (unsigned long long)reading->content);
  if (reading->complete)
    at += snprintf(text + at, room - (size_t)at, ", complete in %zu", reading->octets);
  snprintf(text + at, room - (size_t)at, "%s%s", reading->several ? ", several" : "",
           reading->malformed ? ", malformed" : "");
}

struct sample {
  enum request request;
  const char *octets, *expected;
};

static void check(const struct sample *samples, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const struct sample *sample = &samples[i];
    char text[200];
    struct e100_response_reading reading =
        reading_of(sample->request, sample->octets, strlen(sample->octets));
    describe(&reading, text, sizeof text);
    if (strcmp(text, sample->expected) != 0)
      fail_msg("%s\nis read as '%s', not as '%s'", sample->octets, text, sample->expected);
  }
}
#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

#define FINAL "HTTP/1.1 204 x\r\n\r\n"

static void final_responses_end_where_their_fields_say(void **state) {
  static const struct sample samples[] = {
      {TO_GET, "", "0 interim, 0, 0 of content"},
      {TO_GET, FINAL, "0 interim, 204 final, 0 of content, complete in 18"},
      {TO_GET, FINAL FINAL, "0 interim, 204 final, 0 of content, complete in 18"},
      {TO_GET, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\nhello!",
       "0 interim, 200 final, 5 of content, complete in 42"},
      {TO_GET, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\nhell", "0 interim, 200 final, 4 of content"},
      {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n!",
       "0 interim, 200 final chunked, 5 of content, complete in 61"},
      {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip\r\n\r\nhello",
       "0 interim, 200 final until close close, 5 of content"},
      {TO_GET, "HTTP/1.1 200 x\r\n\r\nhello", "0 interim, 200 final until close close, 5 of content"},
      {TO_GET, "HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\nhello",
       "0 interim, 304 final, 0 of content, complete in 37"},
      {TO_HEAD, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n",
       "0 interim, 200 final, 0 of content, complete in 37"},
      {TO_HEAD, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n",
       "0 interim, 200 final, 0 of content, complete in 46"},
      {TO_CONNECT, "HTTP/1.1 407 x\r\nContent-Length: 1\r\n\r\na",
       "0 interim, 407 final, 1 of content, complete in 38"},
  };
  (void)state;
  CHECK(samples);
}

static void interim_responses_have_no_content_and_say_nothing_of_the_final_one(void **state) {
  static const struct sample samples[] = {
      {TO_GET, "HTTP/1.1 100 x\r\n\r\n", "1 interim, 100, 0 of content"},
      {TO_GET, "HTTP/1.1 100 x\r\n\r\n" FINAL, "1 interim, 204 final, 0 of content, complete in 36"},
      {TO_GET, "HTTP/1.1 199 x\r\nContent-Length: 5\r\n\r\n" FINAL,
       "1 interim, 204 final, 0 of content, complete in 55"},
      {TO_GET, "HTTP/1.1 100 x\r\nTransfer-Encoding: chunked\r\nContent-Length: a\r\n\r\n" FINAL,
       "1 interim, 204 final, 0 of content, complete in 83"},
      {TO_GET, "HTTP/1.1 103 x\r\nConnection: close\r\n\r\nHTTP/1.0 100 x\r\n\r\n" FINAL,
       "2 interim, 204 final, 0 of content, complete in 73"},
      {TO_HEAD, "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\n",
       "1 interim, 200 final, 0 of content, complete in 55"},
      {TO_GET, "HTTP/1.1 100 x\r\n\r\nhello", "1 interim, 100, 0 of content, malformed"},
  };
  (void)state;
  CHECK(samples);
}

static void tunnels_end_what_is_http(void **state) {
  static const struct sample samples[] = {
      {TO_GET, "HTTP/1.1 101 x\r\n\r\nhello", "0 interim, 101 tunnel, 0 of content, complete in 18"},
      {TO_GET, "HTTP/1.1 101 x\r\nContent-Length: 5\r\n\r\nhello",
       "0 interim, 101 tunnel, 0 of content, complete in 37"},
      {TO_CONNECT, "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\nhello",
       "1 interim, 200 tunnel, 0 of content, complete in 55"},
      {TO_CONNECT, "HTTP/1.1 299 x\r\n\r\n", "0 interim, 299 tunnel, 0 of content, complete in 18"},
      {TO_CONNECT, "HTTP/1.1 300 x\r\n\r\n", "0 interim, 300 final until close close, 0 of content"},
  };
  (void)state;
  CHECK(samples);
}

static void whether_the_connection_goes_on(void **state) {
  static const struct sample samples[] = {
      {TO_GET, "HTTP/1.1 204 x\r\nConnection: a, Close\r\n\r\n",
       "0 interim, 204 final close, 0 of content, complete in 40"},
      {TO_GET, "HTTP/1.0 204 x\r\n\r\n", "0 interim, 204 final close, 0 of content, complete in 18"},
      {TO_GET, "HTTP/1.0 204 x\r\nConnection: keep-alive\r\n\r\n",
       "0 interim, 204 final, 0 of content, complete in 42"},
      {TO_GET, "HTTP/1.0 204 x\r\nConnection: keep-alive, close\r\n\r\n",
       "0 interim, 204 final close, 0 of content, complete in 49"},
      {TO_GET, "HTTP/1.9 204 x\r\n\r\n", "0 interim, 204 final, 0 of content, complete in 18"},
      {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n",
       "0 interim, 200 final chunked, 0 of content, complete in 70"},
  };
  (void)state;
  CHECK(samples);
}

static void what_has_several_readings_is_told(void **state) {
  static const struct sample samples[] = {
      {TO_GET, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
       "0 interim, 200 final chunked, 0 of content, complete in 70, several"},
      {TO_HEAD, "HTTP/1.0 200 x\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n",
       "0 interim, 200 final, 0 of content, complete in 70, several"},
      {TO_GET, "HTTP/1.0 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "0 interim, 200 final chunked close, 0 of content, complete in 51, several"},
      {TO_GET, "HTTP/1.1 204 x\n\n", "0 interim, 204 final, 0 of content, complete in 16, several"},
      {TO_GET, "HTTP/1.1 204\r\n\r\n", "0 interim, 204 final, 0 of content, complete in 16, several"},
  };
  (void)state;
  CHECK(samples);
}

static void what_no_reading_permits_is_malformed(void **state) {
  static const char *const malformed[] = {
      "\r\nHTTP/1.1 204 x\r\n\r\n",
      "ICY 200 x\r\n\r\n",
      "HTTP/2.0 200 x\r\n\r\n",
      "HTTP/1.1 099 x\r\n\r\n",
      "HTTP/1.1 1000 x\r\n\r\n",
      "HTTP/1.1 20 x\r\n\r\n",
      "HTTP/1.1 204 a\x01\r\n\r\n",
      "HTTP/1.1 204 x\r\nA b: c\r\n\r\n",
      "HTTP/1.1 204 x\r\n: c\r\n\r\n",
      "HTTP/1.1 204 x\r\nA\r\n\r\n",
      "HTTP/1.1 200 x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "HTTP/1.1 200 x\r\nContent-Length: +5\r\n\r\n",
      "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
  };
  (void)state;
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    struct e100_response_reading reading = reading_of(TO_GET, malformed[i], strlen(malformed[i]));
    if (!reading.malformed || reading.complete || reading.several)
      fail_msg("not malformed: %s", malformed[i]);
    assert_true(reading.octets <= strlen(malformed[i]));
  }
}

/* Octets that are still to come cannot change what was read. */
static void a_prefix_says_less_and_nothing_else(void **state) {
  static const char octets[] =
      "HTTP/1.1 103 x\r\nLink: a\r\n\r\nHTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;a=b\r\nde\r\n0\r\nA: b\r\n\r\n";
  struct e100_response_reading last = {0};
  (void)state;
  for (size_t length = 0; length < sizeof octets; length++) {
    struct e100_response_reading reading = reading_of(TO_GET, octets, length);
    assert_false(reading.malformed);
    assert_false(reading.several);
    assert_true(reading.interims >= last.interims && reading.content >= last.content);
    assert_true(reading.final >= last.final && reading.complete >= last.complete);
    assert_int_equal(reading.complete, length == sizeof octets - 1);
    assert_int_equal(reading.octets, length);
    last = reading;
  }
  assert_int_equal(last.interims, 1);
  assert_int_equal(last.content, 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(final_responses_end_where_their_fields_say),
      cmocka_unit_test(interim_responses_have_no_content_and_say_nothing_of_the_final_one),
      cmocka_unit_test(tunnels_end_what_is_http),
      cmocka_unit_test(whether_the_connection_goes_on),
      cmocka_unit_test(what_has_several_readings_is_told),
      cmocka_unit_test(what_no_reading_permits_is_malformed),
      cmocka_unit_test(a_prefix_says_less_and_nothing_else),
  };
  return cmocka_run_group_tests_name("response reading", tests, NULL, NULL);
}
