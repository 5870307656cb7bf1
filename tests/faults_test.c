/*
 * faults_test.c - the corpus proves the model: every fault is caught by a case, with a rule that must
 * fire, and nothing fires that has no business there. Faults that are legal give no violation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"
#include "model/model.h"
#include "subjects/subject.h"
#include "tests/corpus_folder.h"

/* What one fault brings to light over the whole corpus. */
struct fired {
  const char *subject; /* its name: each role that has one of that name is played */
  struct e100_rule_set violations;
  const char *first[E100_RULE_COUNT]; /* the first case that shows it */
};

static void play_case(void *user, const char *name, const struct e100_exchange *exchange) {
  struct fired *fired = user;
  struct e100_exchange transcript;
  struct e100_verdict verdict;
  const struct e100_subject *subject = e100_subject_named(fired->subject, (enum e100_role)exchange->role);
  uint8_t party = (uint8_t)e100_role_party((enum e100_role)exchange->role);
  /* A whole conversation fits an origin server's part whatever it does; between two others it does not. */
  bool fits = exchange->kind == E100_KIND_PLAY || exchange->role == E100_ROLE_ORIGIN;
  if (subject == NULL || !fits)
    return;
  e100_exchange_init(&transcript);
  assert_true(e100_play(exchange, subject, &transcript));
  e100_judge(&transcript, &verdict);
  for (uint32_t i = 0; i < verdict.findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    bool counts = finding->party == party && e100_rule_severity(finding->rule) == E100_VIOLATION;
    if (!counts || e100_rule_set_has(&fired->violations, finding->rule))
      continue;
    e100_rule_set_add(&fired->violations, finding->rule);
    fired->first[finding->rule] = strdup(name);
  }
  e100_exchange_free(&transcript);
}

static bool in_set(const uint16_t set[E100_FAULT_RULES], unsigned rule) {
  for (unsigned i = 0; i < E100_FAULT_RULES && set[i] != E100_RULE_NONE; i++) {
    if (set[i] == rule)
      return true;
  }
  return false;
}

/* True where the fault shows what its data says; tells what else it shows. */
static bool caught(const struct e100_fault_data *fault, const struct fired *fired) {
  bool must = fault->class_letter == 'Q';
  bool fine = true;
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++) {
    if (!e100_rule_set_has(&fired->violations, rule))
      continue;
    must = must || in_set(fault->must_fire, rule);
    if (in_set(fault->must_fire, rule) || in_set(fault->may_fire, rule))
      continue;
    print_message("fault %s: %s fires in %s, and may not\n", fault->name, e100_rule(rule)->id,
                  fired->first[rule]);
    fine = false;
  }
  if (!must)
    print_message("fault %s (%c): no case catches it\n", fault->name, fault->class_letter);
  return must && fine;
}

static void every_fault_is_caught_by_the_corpus(void **state) {
  (void)state;
  unsigned missed = 0;
  unsigned count = 0;
  for (; e100_fault_at(count) != NULL; count++) {
    const struct e100_fault_data *fault = e100_fault_at(count);
    char name[64];
    snprintf(name, sizeof name, "fault:%s", fault->name);
    struct fired fired = {.subject = name};
    assert_non_null(e100_subject_named(name, (enum e100_role)fault->role));
    corpus_each_case(play_case, &fired);
    if (!caught(fault, &fired))
      missed++;
    for (unsigned rule = 0; rule < E100_RULE_COUNT; rule++)
      free((char *)fired.first[rule]);
  }
  assert_true(count > 0);
  print_message("%u faults, %u not as their data says\n", count, missed);
  assert_int_equal(missed, 0);
}

/* Each number of a precedent is a row of the tables of public bugs. */
static void every_precedent_is_in_the_corpus(void **state) {
  static char text[1 << 16];
  unsigned rows = 0;
  (void)state;
  FILE *file = fopen(E100_TEST_SOURCE "/corpus/README.md", "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  assert_int_equal(fclose(file), 0);
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const char *at = e100_fault_at(i)->precedents;
    for (char *end = NULL; *at != '\0'; at = end) {
      char row[32];
      (void)snprintf(row, sizeof row, "\n| %lu |", strtoul(at, &end, 10));
      assert_ptr_not_equal(at, end);
      if (strstr(text, row) == NULL)
        fail_msg("fault %s: corpus/README.md has no row%s", e100_fault_at(i)->name, row + 1);
      rows++;
    }
  }
  assert_true(rows > 20);
}

static void the_reference_is_clean_over_the_corpus(void **state) {
  (void)state;
  struct fired fired = {.subject = "reference"};
  assert_true(corpus_each_case(play_case, &fired) > 0);
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++) {
    if (e100_rule_set_has(&fired.violations, rule)) {
      print_message("reference: %s in %s\n", e100_rule(rule)->id, fired.first[rule]);
    }
    assert_false(e100_rule_set_has(&fired.violations, rule));
  }
}

static void a_fault_says_what_it_is(void **state) {
  (void)state;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    assert_non_null(strchr("DLCQ", fault->class_letter));
    assert_true(strlen(fault->text) > 10);
    assert_ptr_equal(e100_fault_named(fault->name), fault);
    assert_int_equal(fault->must_fire[0] == E100_RULE_NONE, fault->class_letter == 'Q');
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fault_says_what_it_is),
      cmocka_unit_test(the_reference_is_clean_over_the_corpus),
      cmocka_unit_test(every_fault_is_caught_by_the_corpus),
      cmocka_unit_test(every_precedent_is_in_the_corpus),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
