/* Whether a server still answers: when a plain request is wanted again, and when it has stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "survey/health_check.h"
#include "survey/survey_cell.h"

enum { SETTLE = 100, PAUSE = SETTLE * E100_HEALTH_CHECK_SILENCES };

static const char final[] = "HTTP/1.1 404 Not Found\r\n\r\n";
static const char none[] = "HTTP/1.1 100 Continue\r\n\r\n";

static void make_transcript(struct e100_exchange *transcript, const char *octets) {
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_ORIGIN, .to = E100_CLIENT};
  e100_exchange_init(transcript);
  e100_exchange_set_role(transcript, E100_ROLE_ORIGIN);
  e100_exchange_append(transcript, &step, (const uint8_t *)octets, strlen(octets));
}

static enum e100_health_check_state one(struct e100_health_check *health_check, uint64_t now,
                                        const char *octets) {
  struct e100_exchange transcript;
  make_transcript(&transcript, octets);
  enum e100_health_check_state state = e100_health_check_ends(health_check, &transcript, now, SETTLE);
  e100_exchange_free(&transcript);
  return state;
}

/* The first one says what is usual, and nothing of what was played after it began. */
static void test_first(void **state) {
  struct e100_health_check health_check = {0};
  (void)state;
  assert_int_equal(one(&health_check, 0, final), E100_HEALTH_CHECK_FINE);
  assert_true(health_check.answered);
  assert_false(health_check.fresh);
  assert_int_equal(one(&health_check, 10, final), E100_HEALTH_CHECK_FINE);
  assert_true(health_check.fresh);
}

/* Who never answered it has stopped nothing. */
static void test_never_answered(void **state) {
  struct e100_health_check health_check = {0};
  (void)state;
  for (unsigned i = 0; i < 3 * E100_HEALTH_CHECK_TRIES; i++)
    assert_int_equal(one(&health_check, i, none), E100_HEALTH_CHECK_FINE);
  assert_false(health_check.wanted);
}

static void test_stops(void **state) {
  struct e100_health_check health_check = {0};
  (void)state;
  assert_int_equal(one(&health_check, 0, final), E100_HEALTH_CHECK_FINE);
  for (unsigned i = 1; i < E100_HEALTH_CHECK_TRIES; i++) {
    assert_int_equal(one(&health_check, 1000 * i, none), E100_HEALTH_CHECK_AGAIN);
    assert_true(health_check.wanted);
    assert_int_equal(health_check.not_before, 1000 * i + PAUSE);
  }
  assert_int_equal(one(&health_check, 9000, none), E100_HEALTH_CHECK_STOPPED);
  assert_false(health_check.wanted);
}

/* A server that is away for a moment has not stopped. */
static void test_comes_back(void **state) {
  struct e100_health_check health_check = {0};
  (void)state;
  assert_int_equal(one(&health_check, 0, final), E100_HEALTH_CHECK_FINE);
  for (unsigned i = 0; i < 2; i++) {
    for (unsigned tries = 1; tries < E100_HEALTH_CHECK_TRIES; tries++)
      assert_int_equal(one(&health_check, 1, none), E100_HEALTH_CHECK_AGAIN);
    assert_int_equal(one(&health_check, 2, final), E100_HEALTH_CHECK_FINE);
    assert_true(health_check.fresh);
    assert_false(health_check.wanted);
  }
}

/* A whole request that asks for nothing, to what takes content. */
static void test_exchange(void **state) {
  static const char wanted[] = "POST /up HTTP/1.1\r\nHost: www.example.org\r\nContent-Length: 5\r\n";
  struct e100_surveyed_subject subject = {.role = E100_ROLE_ORIGIN};
  struct e100_exchange play, control;
  unsigned line = 0;
  (void)state;
  e100_map_usual(&subject.map, "www.example.org");
  assert_null(e100_map_read(&subject.map, "accept POST /up\n", &line));
  e100_exchange_init(&play);
  e100_exchange_init(&control);
  e100_health_check_make(&subject, &play);
  assert_int_equal(play.step_count, 2);
  assert_memory_equal(e100_step_octets(&play, &play.steps[0]), wanted, sizeof wanted - 1);
  assert_false(e100_without_expectation(&play, &control));
  e100_exchange_free(&play);
  e100_exchange_free(&control);
}

/* Plays that began so, with what came. */
static void test_where(void **state) {
  static const struct {
    uint64_t began[3];
    const char *came[3];
    int where; /* -1: nowhere */
  } samples[] = {
      {{1, 2, 3}, {final, none, none}, 1},  {{1, 2, 3}, {none, final, none}, 2},
      {{3, 2, 1}, {none, none, final}, 1},  {{1, 2, 3}, {none, none, final}, 2},
      {{1, 1, 1}, {final, none, final}, 1}, {{1, 2, 3}, {none, none, none}, 0},
      {{0, 0, 0}, {none, none, none}, -1},
  };
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    struct e100_surveyed_cell cells[3] = {0};
    struct e100_surveyed_subject subject = {.role = E100_ROLE_ORIGIN, .cells = cells};
    for (unsigned j = 0; j < 3; j++) {
      make_transcript(&cells[j].transcript, samples[i].came[j]);
      cells[j].began = samples[i].began[j];
      cells[j].ended = samples[i].began[j] > 0 ? samples[i].began[j] + 1 : 0;
    }
    const struct e100_surveyed_cell *found = e100_health_check_stopped_in(&subject, 3);
    assert_ptr_equal(found, samples[i].where < 0 ? NULL : &cells[samples[i].where]);
    for (unsigned j = 0; j < 3; j++)
      e100_exchange_free(&cells[j].transcript);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first),      cmocka_unit_test(test_never_answered), cmocka_unit_test(test_stops),
      cmocka_unit_test(test_comes_back), cmocka_unit_test(test_exchange),       cmocka_unit_test(test_where),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
