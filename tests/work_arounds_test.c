/*
 * work_arounds_test.c - what the reader of responses does about llhttp is needed, all of it: the reader is
 * built here with a switch for each work-around, and without one a campaign finds the differences again that
 * it is for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define E100_SWITCHED_WORK_AROUNDS
#include "machine/response_heads.c" /* NOLINT(bugprone-suspicious-include): this program's own */

#include "fuzz/response_differences.h"
#include "response_generator.h"

unsigned e100_work_arounds_off;

enum { EXECUTIONS = 300000 /* of one campaign */ };

static const char *const names[] = {
#define WORK_AROUND(of, name, does) #of " " #name,
#include "machine/work_arounds.def"
};

/* How the reader differs from the model; REQUEST is what was asked. */
static enum e100_difference_kind difference(const uint8_t *octets, size_t length,
                                            enum e100_answered request) {
  struct e100_response_reading reader;
  struct e100_response_reading model;
  e100_responses_by_machine(octets, length, request, &reader);
  e100_read_responses(octets, length, request == E100_ANSWERED_HEAD, request == E100_ANSWERED_CONNECT,
                      &model);
  return e100_compare_responses(&reader, &model);
}

/* Whether ROW says of this llhttp what it reads otherwise in OCTETS. */
static bool is_row(const struct e100_response_difference *row, const uint8_t *octets, size_t length,
                   enum e100_answered request) {
  struct e100_two_responses two;
  enum e100_difference_kind kind = e100_compare_llhttp_responses(octets, length, request, &two);
  return kind != E100_DIFFERENCE_NONE && (row->is.kinds & kind) != 0 && row->explains(&two);
}

/* What a campaign found. */
struct campaign {
  unsigned breaches; /* of the invariant that the target `response` has */
  unsigned
      again[E100_DIFFERENCES_LIMIT]; /* of them, by the rows that need no other work-arounds than are off */
};

static void count_rows(const uint8_t *octets, size_t length, enum e100_answered request,
                       struct campaign *campaign) {
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_response_difference *row = e100_response_difference_at(i);
    bool needs_others = (row->is.work_arounds & ~e100_work_arounds_off) != 0 || row->is.work_arounds == 0;
    if (!needs_others && e100_difference_applies(&row->is))
      campaign->again[i] += is_row(row, octets, length, request);
  }
}

/* Plays EXECUTIONS inputs against the reader without the work-arounds of the set OFF. */
static void run(unsigned off, struct campaign *campaign) {
  memset(campaign, 0, sizeof *campaign);
  e100_work_arounds_off = off;
  for (unsigned number = 0; number < EXECUTIONS; number++) {
    enum e100_answered request = number % 16 < E100_ANSWERED_COUNT ? number % 16 : E100_ANSWERED_GET;
    struct e100_text input = {0};
    make_responses(number, &input);
    const uint8_t *octets = (const uint8_t *)input.text;
    if (input.length > 0 && e100_holds_responses(octets, input.length, request) != NULL) {
      campaign->breaches++;
      count_rows(octets, input.length, request, campaign);
    }
    e100_text_free(&input);
  }
  e100_work_arounds_off = 0;
}

static void nothing_is_found_with_all_of_them(void **state) {
  struct campaign campaign;
  (void)state;
  run(0, &campaign);
  assert_int_equal(campaign.breaches, 0);
}

/* Some work-arounds are about a version that this program does not have. */
static bool is_needed(unsigned set) {
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_response_difference *row = e100_response_difference_at(i);
    if (row->is.work_arounds == set && e100_difference_applies(&row->is))
      return true;
  }
  return false;
}

static void a_campaign_without_one_finds_its_rows_again(void **state) {
  struct campaign campaign;
  unsigned needed = 0;
  (void)state;
  for (unsigned name = 0; name < E100_WORK_AROUNDS; name++) {
    if (!is_needed(1U << name))
      continue;
    needed++;
    run(1U << name, &campaign);
    printf("without %-18s %6u breaches\n", names[name], campaign.breaches);
    for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
      const struct e100_response_difference *row = e100_response_difference_at(i);
      bool is_its = row->is.work_arounds == 1U << name && e100_difference_applies(&row->is);
      if (is_its && campaign.again[i] == 0)
        fail_msg("without %s a campaign of %d executions does not find %s", names[name], EXECUTIONS,
                 row->is.id);
    }
  }
  assert_true(needed >= 6); /* of seven: FOLDS is about version 9 alone */
}

/* One that needs two is found without both, and with either of them not. */
static void a_campaign_without_two_finds_what_needs_both(void **state) {
  struct campaign campaign;
  (void)state;
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_response_difference *row = e100_response_difference_at(i);
    if ((row->is.work_arounds & (row->is.work_arounds - 1U)) == 0 || !e100_difference_applies(&row->is))
      continue;
    run(row->is.work_arounds, &campaign);
    printf("%-20s %6u of %u breaches\n", row->is.id, campaign.again[i], campaign.breaches);
    if (campaign.again[i] == 0)
      fail_msg("%s is not found again", row->is.id);
  }
}

static bool differs_without(unsigned set, const struct e100_difference_row *row) {
  e100_work_arounds_off = set;
  enum e100_difference_kind kind =
      difference((const uint8_t *)row->example, row->example_length, E100_ANSWERED_GET);
  e100_work_arounds_off = 0;
  return kind != E100_DIFFERENCE_NONE;
}

/* Not more than the table says, either: with one of them on again, the example is read well. */
static void every_example_needs_what_the_table_says(void **state) {
  unsigned looked_at = 0;
  (void)state;
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_response_difference *row = e100_response_difference_at(i);
    unsigned needed = row->is.work_arounds;
    if (!e100_difference_applies(&row->is) || needed == 0)
      continue;
    looked_at++;
    if (!differs_without(needed, &row->is))
      fail_msg("%s: its example is read well without what the table says that it needs", row->is.id);
    for (unsigned name = 0; name < E100_WORK_AROUNDS; name++)
      if ((needed >> name & 1U) != 0 && differs_without(needed & ~(1U << name), &row->is))
        fail_msg("%s: its example does not need %s", row->is.id, names[name]);
  }
  assert_true(looked_at > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_found_with_all_of_them),
      cmocka_unit_test(a_campaign_without_one_finds_its_rows_again),
      cmocka_unit_test(a_campaign_without_two_finds_what_needs_both),
      cmocka_unit_test(every_example_needs_what_the_table_says),
  };
  return cmocka_run_group_tests_name("work-arounds", tests, NULL, NULL);
}
