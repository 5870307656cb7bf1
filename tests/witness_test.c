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

/* What a play shows at the silence that is its step STEP. */
static struct e100_verdict shows(uint16_t rule, uint32_t step) {
  struct e100_verdict verdict = {0};
  verdict.findings.count = 1;
  verdict.findings.list[0] =
      (struct e100_finding){.rule = rule, .party = E100_GATEWAY, .step = step, .request = 1};
  return verdict;
}

/* The first play, amid others, has shown a silence of a busy machine. */
static void begin_cell(struct e100_surveyed_cell *cell) {
  static const struct e100_step silence = {.kind = E100_STEP_SETTLED};
  struct e100_exchange transcript;
  struct e100_verdict verdict = shows(E100_SERVER_FINAL_AFTER_100, 0);
  *cell = (struct e100_surveyed_cell){0};
  e100_exchange_init(&cell->transcript);
  e100_exchange_init(&transcript);
  e100_exchange_append(&transcript, &silence, NULL, 0);
  e100_cell_first(cell, E100_ROLE_GATEWAY, &transcript, &verdict);
  e100_exchange_free(&transcript);
}

/* A busy machine hides what is always there behind its silences: it is looked for in a play alone, once, also
 * where the silence did not come again, so that it is in no doubt; and none is looked for where one alone has
 * shown nothing. */
static void test_hidden(void **state) {
  static const struct {
    enum e100_company company;
    unsigned again; /* what the further play shows */
    bool doubt, retaken;
  } samples[] = {
      {E100_AMID_OTHERS, E100_INTERMEDIARY_VIA, false, true},
      {E100_AMID_WITNESSES, E100_INTERMEDIARY_VIA, false, true},
      {E100_ALONE, E100_INTERMEDIARY_VIA, false, true},
      {E100_AMID_OTHERS, 0, false, true},
      {E100_ALONE, 0, false, false},
      {E100_AMID_OTHERS, E100_SERVER_FINAL_AFTER_100, true, true},
  };
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    struct e100_surveyed_cell cell;
    struct e100_verdict again = shows((uint16_t)samples[i].again, 0);
    again.findings.count = samples[i].again != 0 ? 1 : 0;
    begin_cell(&cell);
    e100_cell_again(&cell, E100_ROLE_GATEWAY, &again, false, samples[i].company);
    assert_int_equal(e100_cell_is_in_doubt(&cell), samples[i].doubt);
    assert_int_equal(e100_cell_is_retaken(&cell), samples[i].retaken);
    assert_int_equal(cell.count, 0);
    assert_int_equal(cell.left_out_count, 1);
    assert_true(e100_survey_left_out(&cell, &cell.left_out[0]));
    assert_false(e100_cell_is_retaken(&cell)); /* once */
    /* The play alone shows the silence, too: it is found, and not left out. */
    struct e100_exchange transcript;
    struct e100_verdict verdict = shows(E100_SERVER_FINAL_AFTER_100, 0);
    e100_exchange_init(&transcript);
    e100_cell_first(&cell, E100_ROLE_GATEWAY, &transcript, &verdict);
    assert_int_equal(cell.count, 1);
    assert_false(e100_survey_left_out(&cell, &cell.left_out[0]));
    e100_exchange_free(&transcript);
    e100_exchange_free(&cell.transcript);
  }
}

/* What RULE comes to for a program of ROLE in two situations, of which the first decides it where KEPT, and
 * the second leaves it open; IN_TUNNEL: as all that a client does. */
static enum e100_rule_state comes_to(unsigned rule, uint8_t role, bool kept, bool in_tunnel) {
  struct e100_survey survey = {.subject_count = 1, .situation_count = 2};
  struct e100_surveyed_cell cells[2] = {{.state = E100_SURVEYED_PLAYED}, {.state = E100_SURVEYED_PLAYED}};
  survey.subjects[0] = (struct e100_surveyed_subject){.role = role, .cells = cells};
  if (kept)
    e100_rule_set_add(&cells[0].verdict.decided, rule);
  e100_rule_set_add(&cells[1].verdict.undecided, rule);
  if (in_tunnel)
    e100_rule_set_add(&cells[1].verdict.undecided, E100_CLIENT_TELLS_OF_LOSS);
  return e100_survey_rule(&survey, 0, rule);
}

/* Whether connections are ended is open where one was not, though others were. In a tunnel nothing is asked
 * of a client. */
static void test_rules(void **state) {
  (void)state;
  assert_int_equal(comes_to(E100_SERVER_CLOSES, E100_ROLE_GATEWAY, true, false), E100_RULE_OPEN);
  assert_int_equal(comes_to(E100_PROXY_10_NOT_KEPT, E100_ROLE_PROXY, true, false), E100_RULE_OPEN);
  assert_int_equal(comes_to(E100_SERVER_ONE_FINAL, E100_ROLE_GATEWAY, true, false), E100_RULE_KEPT);
  assert_int_equal(comes_to(E100_CLIENT_NO_RETRY, E100_ROLE_PROXY, false, false), E100_RULE_OPEN);
  assert_int_equal(comes_to(E100_CLIENT_NO_RETRY, E100_ROLE_PROXY, false, true), E100_RULE_UNSEEN);
  assert_int_equal(comes_to(E100_CLIENT_NO_RETRY, E100_ROLE_PROXY, true, true), E100_RULE_KEPT);
  assert_int_equal(comes_to(E100_INTERMEDIARY_BLIND_IN_TUNNEL, E100_ROLE_PROXY, false, true), E100_RULE_OPEN);
  /* Of a client its application is seen: there nothing tells of a tunnel. */
  assert_int_equal(comes_to(E100_CLIENT_NO_RETRY, E100_ROLE_CLIENT, false, true), E100_RULE_OPEN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_in_time),      cmocka_unit_test(test_too_late),
      cmocka_unit_test(test_not_answered), cmocka_unit_test(test_not_there),
      cmocka_unit_test(test_exchange),     cmocka_unit_test(test_where_they_help),
      cmocka_unit_test(test_doubt),        cmocka_unit_test(test_hidden),
      cmocka_unit_test(test_rules),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
