/* The control of a survey: what was played, without its expectation, and all else as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "survey/survey_map.h"

static void add(struct e100_exchange *play, struct e100_step step, const char *octets) {
  e100_exchange_append(play, &step, (const uint8_t *)octets, strlen(octets));
}

/* What is sent in place of OCTETS of a client, or NULL where they ask for nothing. */
static const char *controlled(struct e100_step step, const char *octets) {
  static char text[512];
  struct e100_exchange play, control;
  e100_exchange_init(&play);
  e100_exchange_init(&control);
  add(&play, step, octets);
  bool any = e100_without_expectation(&play, &control);
  assert_int_equal(control.step_count, 1);
  size_t length = control.steps[0].length;
  assert_true(length < sizeof text);
  memcpy(text, e100_step_octets(&control, &control.steps[0]), length);
  text[length] = '\0';
  e100_exchange_free(&play);
  e100_exchange_free(&control);
  return any ? text : NULL;
}

static const struct e100_step sent = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};

/* Blanks, folds and the place in trailers are those of the line that asked: whoever stumbles over them does
 * so without expectation, too. */
static void test_keeps_its_shape(void **state) {
  static const struct {
    const char *asks, *control;
  } samples[] = {
      {"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nA: b\r\n\r\n",
       "PUT / HTTP/1.1\r\nX-E100: 100-continue\r\nA: b\r\n\r\n"},
      {"PUT / HTTP/1.1\r\neXPECT : 100-continue\r\n\r\n", "PUT / HTTP/1.1\r\nX-E100 : 100-continue\r\n\r\n"},
      {"PUT / HTTP/1.1\r\nA: b\r\nExpect:\r\n 100-continue\r\n\r\n",
       "PUT / HTTP/1.1\r\nA: b\r\nX-E100:\r\n 100-continue\r\n\r\n"},
      {"0\r\nExpect: 100-continue\r\n\r\n", "0\r\nX-E100: 100-continue\r\n\r\n"},
      {"PUT / HTTP/1.1\r\nExpect: a\r\nexpect: 100-continue\r\n\r\n",
       "PUT / HTTP/1.1\r\nX-E100: a\r\nX-E100: 100-continue\r\n\r\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
    assert_string_equal(controlled(sent, samples[i].asks), samples[i].control);
}

static void test_asks_for_nothing(void **state) {
  struct e100_step answer = {.kind = E100_STEP_DELIVER, .from = E100_ORIGIN, .to = E100_CLIENT};
  (void)state;
  assert_null(controlled(sent, "PUT / HTTP/1.1\r\nExpectations: 1\r\nA: Expect: b\r\n\r\n"));
  assert_null(controlled(answer, "HTTP/1.1 200 OK\r\nExpect: 100-continue\r\n\r\n"));
}

/* A program of somebody else is not asked for a field that it does not know. */
static void test_of_an_application(void **state) {
  struct e100_step request = {.kind = E100_STEP_DECIDED, .from = E100_CLIENT, .what = E100_DECIDE_REQUEST};
  (void)state;
  assert_string_equal(controlled(request, "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nA: b\r\n\r\n"),
                      "PUT / HTTP/1.1\r\nA: b\r\n\r\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keeps_its_shape),
      cmocka_unit_test(test_asks_for_nothing),
      cmocka_unit_test(test_of_an_application),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
