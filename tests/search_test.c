/*
 * search_test.c - the exhaustive search: it closes, merging states is sound, a search that merges nothing
 * agrees, it finds machines that are wrong, and its traces are what happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"
#include "search/search.h"
#include "search/origin_product.h"
#include "subjects/origin_choices.h"
#include "subjects/origin_subject.h"
#include "subjects/subject.h"

enum {
  ROWS = E100_ORIGIN_STATES * E100_ORIGIN_EVENTS,
  EVERY_POLICY = 32,
  SOME = 200000,
  MANY = 1000000 /* tokens of a search depth first */
};

/* Too large for a stack; each test sets it anew. */
static struct e100_search search, other;

static uint32_t policy_of(const char *name) {
  return 1U << e100_policy_named(name);
}

static uint32_t every_policy(void) {
  uint32_t policy = 0;
  assert_true(e100_policies_at(e100_searched_origin.policies, EVERY_POLICY - 1, &policy));
  return policy;
}

/* ---- it closes, and nothing is wrong ------------------------------------------------------------ */

static void test_policies_are_all_sets(void **state) {
  uint32_t seen[EVERY_POLICY] = {0}, policy = 0;
  size_t count = 0;
  (void)state;
  while (e100_policies_at(e100_searched_origin.policies, count, &policy)) {
    assert_true(count < EVERY_POLICY);
    for (size_t i = 0; i < count; i++)
      assert_int_not_equal(seen[i], policy);
    seen[count++] = policy;
  }
  assert_int_equal(count, EVERY_POLICY);
  assert_int_equal(seen[0], 0);
}

/* States that were merged go on alike: each of their tokens takes the same rows, says the same, gives the
 * same findings, and leads to states that are merged again. */
static void closes(uint32_t policy) {
  const struct e100_search_setup setup = {
      .searched = &e100_searched_origin, .design = &e100_origin_reference, .policy = policy, .compare = 31};
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.wrong, E100_WRONG_NOTHING);
  assert_int_equal(search.end, E100_SEARCH_CLOSED);
  assert_true(search.compared > 5000);
  assert_true(search.states > 20000 && search.states < 60000);
  assert_true(search.depth < E100_TRACE_LIMIT);
  assert_true(search.memory < E100_SEARCH_MEMORY_LIMIT / 4);
}

static void test_closes_without_policies(void **state) {
  (void)state;
  closes(0);
}

static void test_closes_with_every_policy(void **state) {
  (void)state;
  closes(every_policy());
}

/* A form that forgets how long a pipeline each request may be in merges what is not alike. */
static size_t forgetful_form(const void *product, uint8_t *out) {
  static struct e100_origin_product copy;
  memcpy(&copy, product, e100_searched_origin.extent(product));
  memset(copy.client.pipeline, 0, sizeof copy.client.pipeline);
  return e100_origin_product_form(&copy, out);
}

static void test_a_form_that_leaves_out_too_much_is_noticed(void **state) {
  const struct e100_search_setup setup = {.searched = &e100_searched_origin,
                                          .design = &e100_origin_reference,
                                          .compare = 1,
                                          .form = forgetful_form};
  (void)state;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_FOUND);
  assert_int_equal(search.wrong, E100_WRONG_MERGE);
  assert_true(search.found.length > 0);
}

/* ---- depth first -------------------------------------------------------------------------------- */

static void rows_are_the_same(const struct e100_search *breadth, const struct e100_search *depth) {
  for (unsigned i = 0; i < ROWS; i++) {
    bool there = breadth->rows[i].taken > 0 && breadth->rows[i].trace.length <= depth->depth;
    assert_int_equal(there, depth->rows[i].taken > 0);
    if (there)
      assert_int_equal(breadth->rows[i].trace.length, depth->rows[i].trace.length);
  }
}

static void agree(uint32_t policy, uint64_t executions, uint32_t least) {
  struct e100_search_setup setup = {.searched = &e100_searched_origin,
                                    .design = &e100_origin_reference,
                                    .policy = policy,
                                    .executions = executions};
  e100_search_depth_first(&setup, &other);
  assert_int_equal(other.wrong, E100_WRONG_NOTHING);
  assert_int_equal(other.end, E100_SEARCH_DEEP_ENOUGH);
  assert_true(other.depth >= least);
  assert_true(other.transitions <= executions);
  setup.depth = other.depth;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.wrong, E100_WRONG_NOTHING);
  rows_are_the_same(&search, &other);
}

static void test_depth_first_agrees(void **state) {
  (void)state;
  agree(every_policy(), MANY, 5);
  agree(policy_of("discard"), SOME, 4);
  agree(0, SOME, 4);
}

/* ---- it can fail -------------------------------------------------------------------------------- */

static bool must_fire(const struct e100_fault_data *fault, unsigned rule) {
  for (unsigned i = 0; i < E100_FAULT_RULES && fault->must_fire[i] != E100_RULE_NONE; i++)
    if (fault->must_fire[i] == rule)
      return true;
  return false;
}

static bool is_found(const struct e100_origin_design *design, uint32_t policy) {
  const struct e100_search_setup setup = {
      .searched = &e100_searched_origin, .design = design, .policy = policy};
  e100_search_breadth_first(&setup, &search);
  return search.end == E100_SEARCH_FOUND && search.wrong == E100_WRONG_VIOLATION;
}

/* The trace of what was found breaks one of the rules that the fault must break. */
static void breaks_what_it_must(const struct e100_fault_data *fault, const struct e100_origin_design *design,
                                uint32_t policy) {
  struct e100_exchange transcript;
  struct e100_verdict verdict;
  bool fired = false;
  e100_exchange_init(&transcript);
  e100_trace_transcript(&search.found, &e100_searched_origin, design, policy, &transcript);
  e100_judge(&transcript, &verdict);
  for (uint32_t i = 0; i < verdict.findings.count && i < E100_FINDINGS_LIMIT; i++)
    fired |= must_fire(fault, verdict.findings.list[i].rule);
  if (!fired)
    print_error("%s: none of its rules\n", fault->name);
  assert_true(fired);
  e100_exchange_free(&transcript);
}

/* Every fault that is a matter of the table or of events is found, under some policy. */
static void test_faulty_machines_are_found(void **state) {
  size_t tried = 0;
  (void)state;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    bool searchable = strcmp(fault->kind, "row") == 0 || strcmp(fault->kind, "event") == 0;
    if (!searchable || fault->role != E100_ROLE_ORIGIN || fault->class_letter == 'Q')
      continue;
    char name[64];
    (void)snprintf(name, sizeof name, "fault:%s", fault->name);
    const struct e100_subject *subject = e100_subject_named(name, E100_ROLE_ORIGIN);
    const struct e100_origin_design design = e100_origin_design_of(subject->data);
    uint32_t policy = 0;
    size_t index = 0;
    bool found = false;
    while (!found && e100_policies_at(e100_searched_origin.policies, index++, &policy))
      found = is_found(&design, policy);
    if (!found)
      print_error("%s is not found\n", name);
    assert_true(found);
    breaks_what_it_must(fault, &design, policy);
    tried++;
  }
  assert_true(tried >= 9);
}

/* Rows of our own: each is one wrong thing. */
static bool row_is_found(struct e100_row row, uint32_t policy) {
  struct e100_row rows[ROWS];
  struct e100_table table = e100_origin_table;
  struct e100_origin_design design = e100_origin_reference;
  memcpy(rows, e100_origin_table.rows, sizeof rows);
  rows[row.state * E100_ORIGIN_EVENTS + row.event] = row;
  table.rows = rows;
  design.table = &table;
  return is_found(&design, policy);
}

static void test_wrong_rows_are_found(void **state) {
  (void)state;
  /* 100 while the content is dropped. */
  assert_true(row_is_found((struct e100_row){E100_ORIGIN_DISCARDING, E100_CONTENT_ENDS, E100_ORIGIN_AWAITED,
                                             E100_DO_SEND_100, E100_RULE_NONE},
                           policy_of("discard")));
  /* No answer to a wrong head. */
  assert_true(row_is_found((struct e100_row){E100_ORIGIN_AWAITED, E100_HEAD_IS_WRONG, E100_ORIGIN_LINGERING,
                                             E100_DO_NOTHING, E100_RULE_NONE},
                           0));
  /* Goes on after a response that said close. */
  assert_true(row_is_found((struct e100_row){E100_ORIGIN_WHOLE, E100_APP_RESPONDS_LAST, E100_ORIGIN_AWAITED,
                                             E100_DO_SEND_FINAL, E100_RULE_NONE},
                           0));
  /* The same row as it is. */
  assert_false(row_is_found(
      e100_origin_table.rows[E100_ORIGIN_WHOLE * E100_ORIGIN_EVENTS + E100_APP_RESPONDS_LAST], 0));
}

/* What a machine without some policies does not do has no reason: nobody would believe it otherwise. */
static void test_answers_without_a_reason_are_noticed(void **state) {
  struct e100_answers answers = {0};
  const struct e100_search_setup setup = {
      .searched = &e100_searched_origin, .design = &e100_origin_reference, .depth = 4, .answers = &answers};
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0, with = 0, without = 0;
  (void)state;
  e100_search_breadth_first(&setup, &search);
  while (e100_answers_unused(&answers, e100_searched_origin.answers, &situation, &answer, &unused)) {
    assert_int_equal(answers.situations[unused.situation].given >> unused.answer & 1, 0);
    assert_int_equal(answers.situations[unused.situation].permitted >> unused.answer & 1, 1);
    with += unused.reason >= 0;
    without += unused.reason < 0;
  }
  assert_true(with > 0);
  assert_true(without > 0); /* discarding, which keeps the connection after an early final */
  e100_answers_free(&answers);
}

/* ---- limits ------------------------------------------------------------------------------------- */

static void test_memory_is_limited(void **state) {
  const struct e100_search_setup setup = {
      .searched = &e100_searched_origin, .design = &e100_origin_reference, .memory = 1 << 20};
  (void)state;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_OUT_OF_MEMORY);
  assert_true(search.states > 0);
}

static void test_depth_is_limited(void **state) {
  const struct e100_search_setup setup = {
      .searched = &e100_searched_origin, .design = &e100_origin_reference, .depth = 3};
  (void)state;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_DEEP_ENOUGH);
  assert_int_equal(search.depth, 3);
}

static bool stop_at_once(void *user, const struct e100_search *so_far) {
  uint64_t *states = user;
  *states = so_far->states;
  return false;
}

static void test_it_can_be_stopped(void **state) {
  uint64_t states = 0;
  const struct e100_search_setup setup = {.searched = &e100_searched_origin,
                                          .design = &e100_origin_reference,
                                          .executions = UINT64_MAX,
                                          .go_on = stop_at_once,
                                          .user = &states};
  (void)state;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_INTERRUPTED);
  assert_true(states > 0 && search.states >= states);
  e100_search_depth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_INTERRUPTED);
}

/* ---- traces
 * ---------------------------------------------------------------------------------------------------------
 */

static bool row_was_taken;
static unsigned row_wanted;

static void watch_row(const struct e100_table *table, const struct e100_row *row) {
  (void)table;
  row_was_taken |= (unsigned)(row->state * E100_ORIGIN_EVENTS + row->event) == row_wanted;
}

/* All octets that the origin server sends. */
static void add_sent(const struct e100_exchange *exchange, struct e100_text *out) {
  e100_text_add(out, "", 0);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DELIVER && step->from == E100_ORIGIN)
      e100_text_add(out, (const char *)e100_step_octets(exchange, step), step->length);
  }
}

/* Played as any case is, a trace takes its row, and the octets are those that the search saw. */
static void trace_is_what_happens(unsigned row, uint32_t policy) {
  struct e100_exchange play, seen, transcript;
  struct e100_text sent = {0}, sent_in_search = {0};
  const struct e100_trace *trace = &search.rows[row].trace;
  e100_exchange_init(&play);
  e100_exchange_init(&seen);
  e100_exchange_init(&transcript);
  e100_trace_play(trace, &e100_searched_origin, &e100_origin_reference, policy, &play);
  e100_trace_transcript(trace, &e100_searched_origin, &e100_origin_reference, policy, &seen);
  row_was_taken = false;
  row_wanted = row;
  e100_origin_subject_watch(watch_row);
  assert_true(e100_play(&play, &e100_origin_subject_reference, &transcript));
  e100_origin_subject_watch(NULL);
  assert_true(row_was_taken);
  add_sent(&transcript, &sent);
  add_sent(&seen, &sent_in_search);
  assert_int_equal(sent.length, sent_in_search.length);
  assert_memory_equal(sent.text, sent_in_search.text, sent.length);
  e100_text_free(&sent);
  e100_text_free(&sent_in_search);
  e100_exchange_free(&play);
  e100_exchange_free(&seen);
  e100_exchange_free(&transcript);
}

static void test_traces_are_what_happens(void **state) {
  const struct e100_search_setup setup = {.searched = &e100_searched_origin,
                                          .design = &e100_origin_reference,
                                          .policy = every_policy(),
                                          .depth = 6};
  size_t tried = 0;
  (void)state;
  e100_search_breadth_first(&setup, &search);
  for (unsigned row = 0; row < ROWS; row++) {
    if (search.rows[row].taken == 0)
      continue;
    trace_is_what_happens(row, setup.policy);
    tried++;
  }
  assert_true(tried > 80);
}

/* Rows that nothing can take are rows that say what would happen. */
static void test_unreachable_rows_are_possible_ones(void **state) {
  unsigned count = 0;
  (void)state;
  for (unsigned row = 0; row < ROWS; row++) {
    if (e100_searched_origin.unreachable(row / E100_ORIGIN_EVENTS, row % E100_ORIGIN_EVENTS) == NULL)
      continue;
    assert_int_not_equal(e100_origin_table.rows[row].action, E100_DO_IMPOSSIBLE);
    count++;
  }
  assert_true(count > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_policies_are_all_sets),
      cmocka_unit_test(test_closes_without_policies),
      cmocka_unit_test(test_closes_with_every_policy),
      cmocka_unit_test(test_a_form_that_leaves_out_too_much_is_noticed),
      cmocka_unit_test(test_depth_first_agrees),
      cmocka_unit_test(test_faulty_machines_are_found),
      cmocka_unit_test(test_wrong_rows_are_found),
      cmocka_unit_test(test_answers_without_a_reason_are_noticed),
      cmocka_unit_test(test_memory_is_limited),
      cmocka_unit_test(test_depth_is_limited),
      cmocka_unit_test(test_it_can_be_stopped),
      cmocka_unit_test(test_traces_are_what_happens),
      cmocka_unit_test(test_unreachable_rows_are_possible_ones),
  };
  return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
