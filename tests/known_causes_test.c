/* Causes that somebody knows of: the three ways to name one, and a file that grows while it is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fuzz/known_causes.h"
#include "rules/rules.h"

static const char cause[] = "ORIGIN_100_OR_FINAL origin 2a1";
static struct e100_rule_set before; /* rules that were broken before */

static void names_by_line(void **state) {
  static const char *const naming[] = {
      "ORIGIN_100_OR_FINAL origin 2a1",
      "ORIGIN_100_OR_FINAL origin 2a1\nanother",
      "ORIGIN_100_OR_FINAL origin 2a1  # a reason",
      "ORIGIN_100_OR_FINAL origin *",
      "ORIGIN_100_OR_FINAL origin *  # a reason\n",
      "ok-*.case ORIGIN_100_OR_FINAL  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin 2a1 # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin 3a 2a1",
      "ok-*.case ORIGIN_100_OR_FINAL origin ORIGIN_NO_WAIT SERVER_ONE_100  # behind one of them",
      "ok-*.case ORIGIN_100_OR_FINAL origin 2a1 SERVER_ONE_100",
  };
  static const char *const others[] = {
      "",
      "# ORIGIN_100_OR_FINAL origin 2a1",
      "ORIGIN_100_OR_FINAL",
      "ORIGIN_100_OR_FINAL origin",
      "ORIGIN_100_OR_FINAL origin 2a",
      "ORIGIN_100_OR_FINAL origin 2a12",
      "ORIGIN_100_OR_FINAL proxy *",
      "ORIGIN_NO_WAIT origin *",
      "ok-*.case ORIGIN_NO_WAIT  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL proxy  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin 2a  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin 2a12 3a  # 2a1",
      "ok-*.case ORIGIN_100_OR_FINAL proxy 2a1  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin ORIGIN_NO_WAIT  # nothing of this rule came before",
      "ok-*.case ORIGIN_100_OR_FINAL origin 2a SERVER_ONE_100",
      "ok-*.case\nORIGIN_100_OR_FINAL origin *",
      "ok-*.case # ORIGIN_100_OR_FINAL",
      "ORIGIN_NO_WAIT ORIGIN_100_OR_FINAL",
  };
  (void)state;
  for (size_t i = 0; i < sizeof naming / sizeof naming[0]; i++)
    if (!e100_cause_is_named(naming[i], cause, &before))
      fail_msg("does not name the cause: %s", naming[i]);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (e100_cause_is_named(others[i], cause, &before))
      fail_msg("names the cause: %s", others[i]);
}

/* Of no rule: only what was printed names it. */
static void names_an_invariant(void **state) {
  (void)state;
  assert_true(e100_cause_is_named("invariant cut # a reason", "invariant cut", &before));
  assert_false(e100_cause_is_named("invariant *", "invariant cut", &before));
  assert_false(e100_cause_is_named("a invariant", "invariant cut", &before));
}

static void reads_again(void **state) {
  char path[] = "/tmp/expect100-known-XXXXXX";
  int made = mkstemp(path);
  (void)state;
  assert_true(made >= 0);
  assert_false(e100_cause_is_known(NULL, cause, NULL));
  assert_false(e100_cause_is_known(path, cause, NULL));
  assert_int_equal(write(made, "ok.case ORIGIN_NO_WAIT # x\n", 27), 27);
  assert_false(e100_cause_is_known(path, cause, NULL));
  assert_int_equal(write(made, cause, sizeof cause - 1), sizeof cause - 1);
  assert_true(e100_cause_is_known(path, cause, NULL));
  assert_int_equal(ftruncate(made, 0), 0);
  assert_false(e100_cause_is_known(path, cause, NULL));
  (void)close(made);
  (void)unlink(path);
  assert_false(e100_cause_is_known(path, cause, NULL));
}

/* What follows from a known deviation is passed over; the same rule broken by itself, or elsewhere, is not.
 */
static void hides_no_other_deviation(void **state) {
  static const char file[] = E100_TEST_SOURCE "/known/lib-curl-7.88.1.known";
  static const char *const following[] = {"CLIENT_TAKES_INTERIM client 42", "CLIENT_WELL_FORMED client 3a",
                                          "CLIENT_SENDS_AS_ASKED client 22a"};
  struct e100_rule_set stray = {0};
  (void)state;
  e100_rule_set_add(&stray, E100_CLIENT_CLOSES_AFTER_STRAY);
  for (size_t i = 0; i < sizeof following / sizeof following[0]; i++) {
    assert_true(e100_cause_is_known(file, following[i], &stray));
    assert_false(e100_cause_is_known(file, following[i], &before));
    assert_false(e100_cause_is_known(file, following[i], NULL));
  }
  assert_true(e100_cause_is_known(file, "CLIENT_WELL_FORMED client 1", NULL));
  assert_true(e100_cause_is_known(file, "CLIENT_FINISHES_CONTENT_FIRST client 3b", NULL));
}

int main(void) {
  e100_rule_set_add(&before, e100_rule_named("SERVER_ONE_100"));
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_by_line), cmocka_unit_test(names_an_invariant),
                                     cmocka_unit_test(reads_again),
                                     cmocka_unit_test(hides_no_other_deviation)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
