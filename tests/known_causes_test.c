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

static const char cause[] = "ORIGIN_100_OR_FINAL origin 2a1";

static void names_by_line(void **state) {
  static const char *const naming[] = {
      "ORIGIN_100_OR_FINAL origin 2a1",
      "ORIGIN_100_OR_FINAL origin 2a1\nanother",
      "ORIGIN_100_OR_FINAL origin 2a1  # a reason",
      "ORIGIN_100_OR_FINAL origin *",
      "ORIGIN_100_OR_FINAL origin *  # a reason\n",
      "ok-*.case ORIGIN_100_OR_FINAL  # a reason",
      "ok-*.case ORIGIN_100_OR_FINAL origin # a reason",
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
      "ok-*.case\nORIGIN_100_OR_FINAL origin *",
      "ok-*.case # ORIGIN_100_OR_FINAL",
      "ORIGIN_NO_WAIT ORIGIN_100_OR_FINAL",
  };
  (void)state;
  for (size_t i = 0; i < sizeof naming / sizeof naming[0]; i++)
    if (!e100_cause_is_named(naming[i], cause))
      fail_msg("does not name the cause: %s", naming[i]);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (e100_cause_is_named(others[i], cause))
      fail_msg("names the cause: %s", others[i]);
}

/* Of no rule: only what was printed names it. */
static void names_an_invariant(void **state) {
  (void)state;
  assert_true(e100_cause_is_named("invariant cut # a reason", "invariant cut"));
  assert_false(e100_cause_is_named("invariant *", "invariant cut"));
  assert_false(e100_cause_is_named("a invariant", "invariant cut"));
}

static void reads_again(void **state) {
  char path[] = "/tmp/expect100-known-XXXXXX";
  int made = mkstemp(path);
  (void)state;
  assert_true(made >= 0);
  assert_false(e100_cause_is_known(NULL, cause));
  assert_false(e100_cause_is_known(path, cause));
  assert_int_equal(write(made, "ok.case ORIGIN_NO_WAIT # x\n", 27), 27);
  assert_false(e100_cause_is_known(path, cause));
  assert_int_equal(write(made, cause, sizeof cause - 1), sizeof cause - 1);
  assert_true(e100_cause_is_known(path, cause));
  assert_int_equal(ftruncate(made, 0), 0);
  assert_false(e100_cause_is_known(path, cause));
  (void)close(made);
  (void)unlink(path);
  assert_false(e100_cause_is_known(path, cause));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_by_line), cmocka_unit_test(names_an_invariant),
                                     cmocka_unit_test(reads_again)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
