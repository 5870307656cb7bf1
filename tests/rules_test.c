/*
 * The rules as data: each is complete, each that can be seen has its predicate and its cases, and no
 * requirement of the catalogue is forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "model/predicates.h"
#include "rules/rules.h"
#include "tests/corpus_folder.h"

static bool is_id_octet(char octet) {
  return (octet >= 'A' && octet <= 'Z') || (octet >= '0' && octet <= '9') || octet == '_';
}

static void each_rule_is_complete(void **state) {
  (void)state;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    const struct e100_rule_data *data = e100_rule(rule);
    assert_true(strlen(data->id) > 0 && strlen(data->id) < E100_RULE_NAME_LIMIT);
    for (const char *at = data->id; *at != '\0'; at++)
      assert_true(is_id_octet(*at));
    assert_int_equal(strncmp(data->section, "RFC ", 4), 0);
    assert_true(strlen(data->text) > 20);
    assert_true(data->bound > E100_BOUND_NOBODY && data->bound < E100_BOUND_COUNT);
    assert_true(data->requirement < E100_REQUIREMENT_COUNT);
    assert_true(data->seen < E100_SEEN_COUNT);
    assert_int_equal(e100_rule_named(data->id), rule); /* also: no id is there twice */
  }
  assert_int_equal(e100_rule_named("NO_SUCH_RULE"), E100_RULE_NONE);
  assert_int_equal(e100_rule_named(""), E100_RULE_NONE);
  assert_string_equal(e100_rule(E100_RULE_NONE)->id, "");
}

static void severity_follows_the_requirement(void **state) {
  (void)state;
  assert_int_equal(e100_rule_severity(E100_ORIGIN_100_OR_FINAL), E100_VIOLATION);
  assert_int_equal(e100_rule_severity(E100_ORIGIN_NO_WAIT), E100_VIOLATION);
  assert_int_equal(e100_rule_severity(E100_SERVER_SAYS_CLOSE), E100_WARNING);
  assert_int_equal(e100_rule_severity(E100_SERVER_ONE_100), E100_NOTE);
  assert_string_equal(e100_severity_name(E100_NOTE), "note");
  assert_string_equal(e100_bound_name(E100_BOUND_ORIGIN), "origin");
  assert_string_equal(e100_requirement_name(E100_REQUIREMENT_MUST_NOT), "MUST NOT");
  assert_string_equal(e100_seen_name(E100_SEEN_SETTLED), "settled");
}

/* ---- the catalogue ------------------------------------------------------------------------------- */

/* "R-S-06": a letter for the part of the catalogue, and two digits. */
static bool is_catalogue_id(const char *id, size_t length) {
  return length == 6 && id[0] == 'R' && id[1] == '-' && id[2] >= 'A' && id[2] <= 'Z' && id[3] == '-' &&
         id[4] >= '0' && id[4] <= '9' && id[5] >= '0' && id[5] <= '9';
}

static void what_a_rule_covers_is_a_list_of_ids(void **state) {
  (void)state;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    const char *at = e100_rule(rule)->covers;
    assert_true(*at != '\0');
    for (;;) {
      size_t length = strcspn(at, " ");
      assert_true(is_catalogue_id(at, length));
      at += length;
      if (*at == '\0')
        break;
      at++;
    }
  }
}

static bool is_covered(const char *id) {
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (strstr(e100_rule(rule)->covers, id) != NULL)
      return true;
  return false;
}

static void no_requirement_is_forgotten(void **state) {
  (void)state;
  static const struct {
    char part;
    int last;
  } parts[] = {{'G', 25}, {'C', 30}, {'S', 37}, {'P', 28}, {'F', 8}};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    for (int number = 1; number <= parts[i].last; number++) {
      char id[16];
      (void)snprintf(id, sizeof id, "R-%c-%02d", parts[i].part, number);
      if (!is_covered(id))
        fail_msg("%s is covered by no rule", id);
    }
}

/* ---- predicates ------------------------------------------------------------------------------------ */

static unsigned predicates_for(unsigned rule) {
  unsigned count = 0;
  for (size_t part = 0; part < PREDICATE_PARTS; part++)
    for (size_t i = 0; i < *predicate_parts[part].count; i++)
      count += predicate_parts[part].predicates[i].rule == rule;
  return count;
}

static void each_rule_that_can_be_seen_has_one_predicate(void **state) {
  (void)state;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    unsigned wanted = e100_rule(rule)->seen == E100_SEEN_UNSEEN ? 0 : 1;
    if (predicates_for(rule) != wanted)
      fail_msg("%s has %u predicates, not %u", e100_rule(rule)->id, predicates_for(rule), wanted);
  }
}

static void predicates_stand_in_the_order_of_the_rules(void **state) {
  (void)state;
  unsigned last = E100_RULE_NONE;
  for (size_t part = 0; part < PREDICATE_PARTS; part++)
    for (size_t i = 0; i < *predicate_parts[part].count; i++) {
      unsigned rule = predicate_parts[part].predicates[i].rule;
      if (rule <= last)
        fail_msg("%s stands before %s, and not in the order of the rules", e100_rule(last)->id,
                 e100_rule(rule)->id);
      last = rule;
    }
}

/* ---- cases ------------------------------------------------------------------------------------------- */

static bool is_named_by(const struct e100_exchange *exchange, const char *id, bool finding) {
  for (uint32_t i = 0; finding && i < exchange->expected_count; i++)
    if (strcmp(exchange->expected[i].rule, id) == 0)
      return true;
  for (uint32_t i = 0; !finding && i < exchange->shows_count; i++)
    if (strcmp(exchange->shows[i], id) == 0)
      return true;
  return false;
}

/* By rule: shown broken by some bad- case, and kept by some ok- case. */
static bool broken[E100_RULE_COUNT], kept[E100_RULE_COUNT];

static void look_at_case(void *user, const char *path, const struct e100_exchange *exchange) {
  (void)user;
  const char *name = strrchr(path, '/') + 1;
  bool bad = strncmp(name, "bad-", 4) == 0;
  if (!bad && strncmp(name, "ok-", 3) != 0)
    return;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (is_named_by(exchange, e100_rule(rule)->id, bad))
      *(bad ? &broken[rule] : &kept[rule]) = true;
}

static void each_rule_that_can_be_seen_has_its_cases(void **state) {
  (void)state;
  for (unsigned role = 0; role < E100_ROLE_COUNT; role++) {
    char folder[4096];
    (void)snprintf(folder, sizeof folder, "%s/corpus/cases/%s", E100_TEST_SOURCE, e100_role_name(role));
    (void)corpus_folder(folder, look_at_case, NULL);
  }
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (e100_rule(rule)->seen != E100_SEEN_UNSEEN && !(broken[rule] && kept[rule]))
      fail_msg("%s lacks a %s case", e100_rule(rule)->id, broken[rule] ? "ok-" : "bad-");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_rule_is_complete),
      cmocka_unit_test(severity_follows_the_requirement),
      cmocka_unit_test(what_a_rule_covers_is_a_list_of_ids),
      cmocka_unit_test(no_requirement_is_forgotten),
      cmocka_unit_test(each_rule_that_can_be_seen_has_one_predicate),
      cmocka_unit_test(predicates_stand_in_the_order_of_the_rules),
      cmocka_unit_test(each_rule_that_can_be_seen_has_its_cases),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
