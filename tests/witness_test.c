/* Witnesses beside silences: what they ask, when they come too late, and what that makes of findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "survey/survey_cell.h"
#include "survey/witness.h"

enum { SETTLE = 150 };

/* What a witness leaves: the gateway has answered with STATUS. */
static void make_transcript(struct e100_exchange *transcript, const char *status) {
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_GATEWAY, .to = E100_CLIENT};
  e100_exchange_init(transcript);
  e100_exchange_set_role(transcript, E100_ROLE_GATEWAY);
  e100_exchange_append(transcript, &step, (const uint8_t *)status, strlen(status));
}

/* One that begins at BEGUN and ends at ENDED. */
static bool one(struct e100_witness *witness, uint64_t begun, uint64_t ended, const char *status) {
  struct e100_exchange transcript;
  make_transcript(&transcript, status);
  e100_witness_begins(witness, begun);
  bool in_time = e100_witness_ends(witness, ended, SETTLE, &transcript);
  e100_exchange_free(&transcript);
  return in_time;
}

static const char final[] = "HTTP/1.1 200 OK\r\n\r\n";

static void test_in_time(void **state) {
  struct e100_witness witness = {0};
  (void)state;
  e100_witness_wanted(&witness, 1000);
  assert_false(e100_witness_since(&witness, 0));
  assert_true(one(&witness, 1000, 1010, final));
  assert_true(one(&witness, 1010, 1000 + SETTLE, final));
  assert_true(one(&witness, 1000 + SETTLE, 1010 + SETTLE, final));
  assert_false(e100_witness_since(&witness, 0)); /* nobody is there now */
  e100_witness_begins(&witness, 1010 + SETTLE);
  assert_true(e100_witness_since(&witness, 0));
}

static void test_too_late(void **state) {
  struct e100_witness witness = {0};
  (void)state;
  e100_witness_wanted(&witness, 0);
  assert_true(one(&witness, 0, 10, final));
  assert_false(one(&witness, 10, SETTLE + 1,
                   final)); /* a silence has room before its end, and behind that of the first */
  e100_witness_begins(&witness, SETTLE + 1);
  assert_false(e100_witness_since(&witness, 0));
  assert_true(e100_witness_since(&witness, 1)); /* for what began since */
  assert_true(one(&witness, SETTLE + 1, 2 * SETTLE + 1, final));
}

static void test_not_answered(void **state) {
  struct e100_witness witness = {0};
  (void)state;
  e100_witness_wanted(&witness, 0);
  assert_false(one(&witness, 0, 10, "HTTP/1.1 100 Continue\r\n\r\n"));
  assert_false(one(&witness, 10, 20, "HT"));
  e100_witness_begins(&witness, 20);
  assert_true(e100_witness_since(&witness, 2));
}

static void test_not_there(void **state) {
  struct e100_witness witness = {0};
  (void)state;
  e100_witness_wanted(&witness, 0);
  assert_true(one(&witness, 5, 20, final));
  assert_true(one(&witness, SETTLE - 10, SETTLE + 5, final));
  assert_false(one(&witness, 2 * SETTLE - 20, 2 * SETTLE, final));
  e100_witness_begins(&witness, 2 * SETTLE);
  assert_false(e100_witness_since(&witness, 0));
}

/* What they send is a whole request that asks, to where the map says, and to the lane's origin server. */
static void test_exchange(void **state) {
  static const char *const wanted[] = {[E100_ROLE_PROXY] =
                                           "PUT http://127.0.0.1:81/a HTTP/1.1\r\nHost: 127.0.0.1:81\r\n",
                                       [E100_ROLE_GATEWAY] = "PUT /a HTTP/1.1\r\nHost: www.example.org\r\n"};
  (void)state;
  for (unsigned role = E100_ROLE_PROXY; role <= E100_ROLE_GATEWAY; role++) {
    struct e100_surveyed_subject subject = {.role = (uint8_t)role};
    const struct e100_lane lane = {.authority = "127.0.0.1:81"};
    const struct e100_lane gateways = {.authority = ""};
    struct e100_exchange play, control;
    e100_map_usual(&subject.map, "www.example.org");
    e100_exchange_init(&play);
    e100_exchange_init(&control);
    e100_witness_make(&subject, role == E100_ROLE_PROXY ? &lane : &gateways, &play);
    assert_int_equal(play.kind, E100_KIND_PLAY);
    assert_int_equal(play.role, role);
    assert_false(play.truncated);
    assert_int_equal(play.step_count, 4);
    assert_memory_equal(e100_step_octets(&play, &play.steps[0]), wanted[role], strlen(wanted[role]));
    assert_true(e100_without_expectation(&play, &control));
    assert_int_equal(play.steps[3].kind, E100_STEP_AWAIT);
    assert_int_equal(play.steps[3].what, E100_AWAIT_FINAL);
    e100_exchange_free(&play);
    e100_exchange_free(&control);
  }
}

static void test_where_they_help(void **state) {
  struct e100_survey survey = {.jobs = 64, .confirm = 3};
  struct e100_surveyed_subject subject = {.role = E100_ROLE_GATEWAY, .lane_count = 2};
  (void)state;
  assert_true(e100_witness_helps(&survey, &subject));
  subject.lane_count = 1;
  assert_false(e100_witness_helps(&survey, &subject));
  subject.lane_count = 2;
  survey.rate = 100;
  assert_false(e100_witness_helps(&survey, &subject));
  survey.rate = 0;
  survey.jobs = 1;
  assert_false(e100_witness_helps(&survey, &subject));
}

/* A finding stays in doubt until it is seen alone, or before witnesses of whom the last was answered in time.
 */
static void test_doubt(void **state) {
  static const struct {
    enum e100_company company;
    bool control, in_time, doubt;
  } samples[] = {
      {E100_AMID_OTHERS, false, true, true},     {E100_AMID_WITNESSES, false, false, true},
      {E100_AMID_WITNESSES, false, true, false}, {E100_AMID_WITNESSES, true, true, true},
      {E100_ALONE, false, false, false},         {E100_ALONE, true, true, true},
  };
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    struct e100_surveyed_cell cell = {.state = E100_SURVEYED_PLAYED, .runs = 1, .count = 1};
    struct e100_verdict verdict = {0};
    cell.findings[0].seen = 1;
    verdict.findings.count = 1;
    verdict.findings.list[0] = cell.findings[0].finding;
    e100_cell_again(&cell, E100_ROLE_GATEWAY, &verdict, samples[i].control, samples[i].company);
    e100_cell_attest(&cell, samples[i].in_time);
    e100_cell_attest(&cell, true); /* of another witness: it attests nothing of this */
    assert_int_equal(e100_cell_is_in_doubt(&cell), samples[i].doubt);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_in_time),      cmocka_unit_test(test_too_late),
      cmocka_unit_test(test_not_answered), cmocka_unit_test(test_not_there),
      cmocka_unit_test(test_exchange),     cmocka_unit_test(test_where_they_help),
      cmocka_unit_test(test_doubt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
