/* What the plays of one situation come to: a play alone wins over one amid others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "survey/survey_cell.h"

enum { NOTHING, SILENCE = 1, LENGTH = 2, VERSION = 4 }; /* what a play shows */

static const struct e100_survey survey = {.confirm = 3, .jobs = 64};

/* A play that shows WHAT: a silence in its second step, the others in its first. */
struct shown {
  struct e100_exchange transcript;
  struct e100_verdict verdict;
};

static void make(struct shown *shown, unsigned what) {
  static const struct {
    unsigned bit, rule, step;
  } all[] = {{SILENCE, E100_ORIGIN_100_OR_FINAL, 1},
             {LENGTH, E100_SERVER_INTERIM_NO_LENGTH, 0},
             {VERSION, E100_SERVER_10_NO_INTERIM, 0}};
  struct e100_step came = {.kind = E100_STEP_DELIVER, .from = E100_ORIGIN, .to = E100_CLIENT};
  struct e100_step silence = {.kind = E100_STEP_SETTLED};
  *shown = (struct shown){0};
  e100_exchange_init(&shown->transcript);
  e100_exchange_set_role(&shown->transcript, E100_ROLE_ORIGIN);
  e100_exchange_append(&shown->transcript, &came, (const uint8_t *)"x", 1);
  e100_exchange_append(&shown->transcript, &silence, NULL, 0);
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if ((what & all[i].bit) != 0)
      shown->verdict.findings.list[shown->verdict.findings.count++] = (struct e100_finding){
          .rule = (uint16_t)all[i].rule, .party = E100_ORIGIN, .request = 1, .step = all[i].step};
}

/* The first play, amid others. */
static void first(struct e100_surveyed_cell *cell, unsigned what) {
  struct shown shown;
  make(&shown, what);
  *cell = (struct e100_surveyed_cell){0};
  e100_exchange_init(&cell->transcript);
  e100_cell_first(cell, E100_ROLE_ORIGIN, &shown.transcript, &shown.verdict);
  e100_exchange_free(&shown.transcript);
}

static void alone(struct e100_surveyed_cell *cell, unsigned what) {
  struct shown shown;
  make(&shown, what);
  e100_cell_add(cell, E100_ROLE_ORIGIN, &shown.transcript, &shown.verdict);
  e100_cell_again(cell, E100_ROLE_ORIGIN, &shown.verdict, false, E100_ALONE);
  e100_cell_keep(cell, E100_ROLE_ORIGIN, &shown.transcript, &shown.verdict, E100_ALONE);
  e100_exchange_free(&shown.transcript);
}

static unsigned confirmed(const struct e100_surveyed_cell *cell) {
  unsigned count = 0;
  for (unsigned i = 0; i < cell->count; i++)
    count += e100_survey_confirmed(&survey, cell, &cell->findings[i]) ? 1 : 0;
  return count;
}

/* What agrees needs no play more than it did. */
static void test_agrees(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, LENGTH);
  alone(&cell, LENGTH);
  assert_int_equal(e100_cell_added(&cell), 0);
  assert_int_equal(confirmed(&cell), 0);
  alone(&cell, LENGTH);
  assert_int_equal(confirmed(&cell), 1);
  assert_int_equal(cell.company, E100_ALONE);
  e100_exchange_free(&cell.transcript);
}

/* What a play alone shows in place of a silence takes its place, and is confirmed by plays alone. */
static void test_alone_wins(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, SILENCE);
  alone(&cell, LENGTH);
  assert_int_equal(cell.count, 2);
  assert_int_equal(e100_cell_added(&cell), 1);
  assert_int_equal(cell.verdict.findings.count, 1);
  assert_int_equal(cell.verdict.findings.list[0].rule, E100_SERVER_INTERIM_NO_LENGTH);
  alone(&cell, LENGTH);
  assert_int_equal(confirmed(&cell), 0);
  alone(&cell, LENGTH);
  assert_int_equal(confirmed(&cell), 1);
  assert_int_equal(e100_survey_runs(&cell, &cell.findings[1]), 3);
  e100_exchange_free(&cell.transcript);
}

/* Only the first play alone adds anything: what another one shows comes and goes. */
static void test_adds_once(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, LENGTH);
  alone(&cell, LENGTH);
  alone(&cell, LENGTH | VERSION);
  assert_int_equal(cell.count, 1);
  assert_int_equal(cell.verdict.findings.count, 1);
  e100_exchange_free(&cell.transcript);
}

/* The play that is kept shows what counts, and as little else as one of them does. */
static void test_keeps_what_counts(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, LENGTH | SILENCE);
  alone(&cell, LENGTH | SILENCE);
  assert_int_equal(cell.verdict.findings.count, 2);
  alone(&cell, LENGTH);
  assert_int_equal(cell.verdict.findings.count, 1);
  assert_int_equal(confirmed(&cell), 1);
  assert_true(cell.findings[0].unshown != cell.findings[1].unshown);
  e100_exchange_free(&cell.transcript);
}

/* What comes and goes is shown by the play that has it, unless a crowd has made it. */
static void test_comes_and_goes(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, LENGTH);
  alone(&cell, NOTHING);
  assert_int_equal(cell.verdict.findings.count, 1);
  assert_int_equal(cell.company, E100_AMID_OTHERS);
  e100_exchange_free(&cell.transcript);
  first(&cell, SILENCE);
  alone(&cell, NOTHING);
  assert_int_equal(cell.verdict.findings.count, 0);
  e100_exchange_free(&cell.transcript);
  first(&cell, LENGTH);
  cell.unanswered = true;
  alone(&cell, NOTHING);
  assert_int_equal(cell.verdict.findings.count, 0);
  e100_exchange_free(&cell.transcript);
}

static void test_forgets_silences(void **state) {
  struct e100_surveyed_cell cell;
  (void)state;
  first(&cell, LENGTH | SILENCE | VERSION);
  e100_cell_forget_silences(&cell);
  assert_int_equal(cell.count, 2);
  assert_false(cell.findings[0].silent || cell.findings[1].silent);
  e100_exchange_free(&cell.transcript);
}

/* Who leaves gets no answer. */
static void test_unanswered(void **state) {
  static const struct {
    const char *came;
    unsigned from, kind;
    bool unanswered;
  } samples[] = {{"HTTP/1.1 100 Continue\r\n\r\n", E100_ORIGIN, E100_STEP_CLOSE, true},
                 {"HTTP/1.1 100 Continue\r\n\r\n", E100_CLIENT, E100_STEP_HALF_CLOSE, true},
                 {"HTTP/1.1 100 Continue\r\n\r\n", E100_CLIENT, E100_STEP_CLOSE, false},
                 {"HTTP/1.1 100 Continue\r\n\r\n", E100_CLIENT, E100_STEP_RESET, false},
                 {"HTTP/1.1 200 OK\r\n\r\n", E100_ORIGIN, E100_STEP_RESET, false}};
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    struct e100_step came = {.kind = E100_STEP_DELIVER, .from = E100_ORIGIN, .to = E100_CLIENT};
    struct e100_step ends = {.kind = (uint8_t)samples[i].kind, .from = (uint8_t)samples[i].from};
    struct e100_exchange transcript;
    e100_exchange_init(&transcript);
    e100_exchange_set_role(&transcript, E100_ROLE_ORIGIN);
    e100_exchange_append(&transcript, &came, (const uint8_t *)samples[i].came, strlen(samples[i].came));
    e100_exchange_append(&transcript, &ends, NULL, 0);
    assert_int_equal(e100_cell_left_unanswered(&transcript), samples[i].unanswered);
    e100_exchange_free(&transcript);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_agrees),         cmocka_unit_test(test_alone_wins),
      cmocka_unit_test(test_adds_once),      cmocka_unit_test(test_keeps_what_counts),
      cmocka_unit_test(test_comes_and_goes), cmocka_unit_test(test_forgets_silences),
      cmocka_unit_test(test_unanswered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
