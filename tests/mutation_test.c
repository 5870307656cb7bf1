/*
 * mutation_test.c - the oracle under change: the corpus notices each row of the machine's table with
 * another state or action, each event that is derived otherwise, and each predicate that says nothing or
 * the contrary. One that it does not notice is listed below with the reason why no exchange can show it, or
 * a case is missing.
 *
 * And every case of a role is the only one to notice some mutant, or says under `stays` why it stays.
 * E100_MUTATION_TABLE=1 prints how many mutants each case notices alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/client_mutants.h"
#include "tests/mistaken_judges.h"
#include "tests/model_mutants.h"
#include "tests/mutation.h"
#include "tests/mutation_equivalents.h"
#include "tests/origin_mutants.h"
#include "tests/proxy_mutants.h"

static struct corpus corpus;
static unsigned alone[CASES_LIMIT]; /* by case: mutants that it alone notices */

static void try_all(void (*try)(struct fates *fates), const char *what, const struct equivalent *equivalents,
                    unsigned count) {
  static struct fates fates;
  fates = (struct fates){.corpus = &corpus, .equivalents = equivalents, .equivalent_count = count};
  assert_true(count < EQUIVALENTS_LIMIT);
  try(&fates);
  check_equivalents(&fates);
  for (unsigned i = 0; i < corpus.count; i++)
    alone[i] += fates.only[i];
  print_message("%u %s: %u noticed, %u not\n", fates.mutants, what, fates.noticed,
                fates.mutants - fates.noticed);
  assert_true(fates.mutants > 0);
  assert_int_equal(fates.wrong, 0);
}

static void the_corpus_notices_every_changed_origin_server(void **state) {
  (void)state;
  try_all(try_origins, "origin servers", machine_equivalents, MACHINE_EQUIVALENTS);
}

static void the_corpus_notices_every_changed_client(void **state) {
  (void)state;
  try_all(try_clients, "clients", client_equivalents, CLIENT_EQUIVALENTS);
}

static void the_corpus_notices_every_changed_proxy(void **state) {
  (void)state;
  try_all(try_proxies, "proxies and gateways", proxy_equivalents, PROXY_EQUIVALENTS);
}

static void the_corpus_notices_every_changed_judge(void **state) {
  (void)state;
  try_all(try_judges, "judges", judge_equivalents, JUDGE_EQUIVALENTS);
}

static void every_case_is_alone_with_something_or_says_why_it_stays(void **state) {
  (void)state;
  unsigned wrong = 0;
  try_all(try_mistaken_judges, "mistaken judges", NULL, 0);
  for (unsigned i = 0; i < corpus.count; i++) {
    const struct corpus_case *one = &corpus.cases[i];
    if (alone[i] > 0 || !is_of_a_role(one) || one->exchange.stays[0] != '\0')
      continue;
    print_message("%s: other cases notice all that it does; say under `stays` why it stays\n", one->name);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void print_table(void) {
  for (unsigned i = 0; i < corpus.count; i++)
    print_message("%5u  %s\n", alone[i], corpus.cases[i].name);
}

static int set_up(void **state) {
  (void)state;
  load_corpus(&corpus);
  return corpus.count == 0;
}

static int tear_down(void **state) {
  (void)state;
  if (getenv("E100_MUTATION_TABLE") != NULL)
    print_table();
  free_corpus(&corpus);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_corpus_notices_every_changed_origin_server),
      cmocka_unit_test(the_corpus_notices_every_changed_client),
      cmocka_unit_test(the_corpus_notices_every_changed_proxy),
      cmocka_unit_test(the_corpus_notices_every_changed_judge),
      cmocka_unit_test(every_case_is_alone_with_something_or_says_why_it_stays),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
