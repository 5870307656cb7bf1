/*
 * corpus_test.c - the corpus as its README says: what the project began from and the public bugs have their
 * cases, and each case is named after its verdict.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/corpus_folder.h"

/* ---- the tables of the README -------------------------------------------------------------------------- */

/* The statements that an origin server can show, and the public bugs of which octets of HTTP/1.1 can be
 * shown. */
static const char *const statements[] = {"S1", "S2",  "S3",  "S5",  "S7",  "S8",
                                         "S9", "S10", "S11", "S12", "S17", "S22"};
static const char *const bugs[] = {
    "2",  "6",  "12", "13", "18", "20", "21", "22", "29", "30", "32", "33", "34", "36", "37", "40",  "41",
    "42", "44", "45", "46", "48", "49", "50", "52", "53", "54", "56", "57", "58", "60", "61", "62",  "64",
    "65", "70", "72", "73", "74", "76", "77", "78", "80", "81", "82", "84", "85", "86", "90", "145", "161"};

static char readme[65536];

static int read_readme(void **state) {
  (void)state;
  FILE *file = fopen(E100_TEST_SOURCE "/corpus/README.md", "rb");
  if (file == NULL)
    return -1;
  size_t length = fread(readme, 1, sizeof readme - 1, file);
  readme[length] = '\0';
  (void)fclose(file);
  return length + 1 < sizeof readme ? 0 : -1;
}

/* The row of a table that begins with ID, or NULL; LENGTH is that of its line. */
static const char *row_of(const char *id, size_t *length) {
  char begin[32];
  (void)snprintf(begin, sizeof begin, "\n| %s | ", id);
  const char *found = strstr(readme, begin);
  if (found != NULL)
    *length = strcspn(found + 1, "\n");
  return found == NULL ? NULL : found + 1;
}

static bool is_there(const char *folder, const char *name, size_t length) {
  char path[4096];
  (void)snprintf(path, sizeof path, "%s/corpus/cases/%s/%.*s.case", E100_TEST_SOURCE, folder, (int)length,
                 name);
  FILE *file = fopen(path, "rb");
  if (file != NULL)
    (void)fclose(file);
  return file != NULL;
}

/* A row names cases between backquotes, and each is there. */
static void check_row(const char *id, const char *folder) {
  size_t left = 0;
  const char *at = row_of(id, &left);
  unsigned named = 0;
  if (at == NULL)
    fail_msg("corpus/README.md has no row for %s", id);
  const char *end = at + left;
  while ((at = memchr(at, '`', (size_t)(end - at))) != NULL) {
    const char *close = memchr(at + 1, '`', (size_t)(end - at - 1));
    assert_non_null(close);
    if (!is_there(folder, at + 1, (size_t)(close - at - 1)))
      fail_msg("%s: there is no case %.*s in cases/%s", id, (int)(close - at - 1), at + 1, folder);
    named++;
    at = close + 1;
  }
  if (named == 0)
    fail_msg("the row of %s in corpus/README.md names no case", id);
}

static void each_statement_has_its_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
    check_row(statements[i], "origin");
}

static void each_public_bug_has_its_case(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof bugs / sizeof bugs[0]; i++)
    check_row(bugs[i], "precedents");
}

/* ---- each case -------------------------------------------------------------------------------------------
 */

static const char *name_of(const char *path) {
  return strrchr(path, '/') + 1;
}

static bool begins(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

/* bad- has findings, ok- and free- have none. */
static void check_verdict(void *user, const char *path, const struct e100_exchange *exchange) {
  const char *name = name_of(path);
  (void)user;
  bool bad = begins(name, "bad-");
  if (!bad && !begins(name, "ok-") && !begins(name, "free-"))
    fail_msg("%s: begins with none of ok-, bad- and free-", path);
  if (!exchange->has_expected || bad != (exchange->expected_count > 0))
    fail_msg("%s: its name and its findings give two verdicts", path);
  bool play = begins(strchr(name, '-'), "-play-");
  if (play && exchange->kind != E100_KIND_PLAY)
    fail_msg("%s: is not played", path);
}

static void a_name_gives_the_verdict(void **state) {
  (void)state;
  assert_true(corpus_each_case(check_verdict, NULL) > 100);
}

static void check_title(void *user, const char *path, const struct e100_exchange *exchange) {
  const char *title = exchange->title;
  size_t length = strcspn(title, "\n");
  (void)user;
  bool product = strstr(path, "/precedents/") != NULL; /* some are written small */
  if (length == 0 || title[length - 1] != '.' || (islower((unsigned char)title[0]) && !product))
    fail_msg("%s: its first line is no sentence: %s", path, title);
}

static void a_title_is_a_sentence(void **state) {
  (void)state;
  (void)corpus_each_case(check_title, NULL);
}

/* A public bug is listed, under the number that its name has. */
static void check_listed(void *user, const char *path, const struct e100_exchange *exchange) {
  const char *folder = strstr(path, "/cases/precedents/");
  char name[256];
  (void)user, (void)exchange;
  if (folder == NULL)
    return;
  (void)snprintf(name, sizeof name, "`%s", name_of(path));
  name[strlen(name) - strlen(".case")] = '`';
  name[strlen(name) - strlen("case")] = '\0';
  const char *row = strstr(readme, name);
  if (row == NULL) {
    fail_msg("%s: corpus/README.md does not name it", path);
    return;
  }
  while (row > readme && row[-1] != '\n')
    row--;
  const char *number = name + strcspn(name, "0123456789");
  assert_int_equal(strtol(row + 2, NULL, 10), strtol(number, NULL, 10));
}

static void each_case_of_a_public_bug_is_listed(void **state) {
  (void)state;
  (void)corpus_each_case(check_listed, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_statement_has_its_cases),
      cmocka_unit_test(each_public_bug_has_its_case),
      cmocka_unit_test(a_name_gives_the_verdict),
      cmocka_unit_test(a_title_is_a_sentence),
      cmocka_unit_test(each_case_of_a_public_bug_is_listed),
  };
  return cmocka_run_group_tests(tests, read_readme, NULL);
}
