/*
 * request_work_arounds_test.c - what the reader of requests does about llhttp is needed, all of it: the
 * reader is built here with a switch for each work-around, and without one a campaign finds the differences
 * again that it is for. work_arounds_test.c has the same for responses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define E100_SWITCHED_WORK_AROUNDS
#include "machine/heads.c" /* NOLINT(bugprone-suspicious-include): this program's own */

#include "fuzz/invariants.h"
#include "fuzz/known_differences.h"
#include "head_generator.h"

unsigned e100_work_arounds_off;

enum { EXECUTIONS = 400000 /* of one campaign */ };

static const char *const names[] = {
#define WORK_AROUND(of, name, does) #of " " #name,
#include "machine/work_arounds.def"
};

/* What the reader makes of a head; its `wrong` is 0 where it would go on. */
static struct e100_request_facts facts_of(const uint8_t *octets, size_t length) {
  struct e100_reader reader;
  const uint8_t *content = NULL;
  size_t taken = 0;
  size_t count = 0;
  e100_reader_init(&reader);
  (void)e100_reader_take(&reader, NULL, NULL, octets, length, &taken, &content, &count);
  return reader.facts;
}

static bool same_facts(const struct e100_request_facts *one, const struct e100_request_facts *other) {
  return one->wrong == other->wrong && one->major == other->major && one->minor == other->minor &&
         one->framing == other->framing && one->length == other->length && one->persists == other->persists &&
         one->upgrade == other->upgrade && one->hosts == other->hosts && one->asks == other->asks &&
         one->other == other->other && one->method == other->method;
}

/* Whether the reader without the set OFF gets a head wrong: it accepts or reads what the model does not, or
 * refuses what the model reads and what it reads itself with all of them. */
static bool is_wrong(unsigned off, const uint8_t *octets, size_t length) {
  struct e100_head_reading model;
  struct e100_request_facts with_all = facts_of(octets, length);
  e100_work_arounds_off = off;
  struct e100_request_facts facts = facts_of(octets, length);
  bool same = off != 0 && same_facts(&facts, &with_all);
  bool holds = same || e100_holds_heads(octets, length, 0) == NULL;
  e100_work_arounds_off = 0;
  if (same || !holds)
    return !holds;
  e100_read_request_head(octets, length, 0, &model);
  bool sound = model.complete && !model.malformed && !model.several;
  return sound && facts.wrong != 0 && with_all.wrong == 0;
}

static bool is_row(const struct e100_known_difference *row, const uint8_t *octets, size_t length) {
  struct e100_two_readings two;
  enum e100_difference_kind kind = e100_compare_readings(octets, length, &two);
  return kind != E100_DIFFERENCE_NONE && (row->is.kinds & kind) != 0 && row->explains(&two);
}

/* Head number NUMBER, and in every other one a Host: without it most would be refused for that. */
static void make_head_with_host(unsigned number, struct e100_text *out) {
  static const char host[] = "Host: a\r\n";
  struct e100_text head = {0};
  e100_text_add(&head, "", 0);
  make_head(number / 2, &head);
  const char *line_end = memchr(head.text, '\n', head.length);
  size_t line = line_end != NULL && number % 2 == 0 ? (size_t)(line_end - head.text) + 1 : head.length;
  e100_text_add(out, head.text, line);
  if (line < head.length)
    e100_text_add(out, host, sizeof host - 1);
  e100_text_add(out, head.text + line, head.length - line);
  e100_text_free(&head);
}

/* Plays EXECUTIONS heads against the reader without the work-arounds of the set OFF; how many it gets wrong.
 * AGAIN: of them, by the rows that need no others. */
static unsigned run(unsigned off, unsigned again[E100_DIFFERENCES_LIMIT]) {
  unsigned wrong = 0;
  memset(again, 0, E100_DIFFERENCES_LIMIT * sizeof *again);
  for (unsigned number = 0; number < EXECUTIONS; number++) {
    struct e100_text head = {0};
    make_head_with_host(number, &head);
    const uint8_t *octets = (const uint8_t *)head.text;
    bool is = is_wrong(off, octets, head.length);
    wrong += is;
    for (size_t i = 0; is && e100_known_difference_at(i) != NULL; i++) {
      const struct e100_known_difference *row = e100_known_difference_at(i);
      if (row->is.work_arounds != 0 && (row->is.work_arounds & ~off) == 0 &&
          e100_difference_applies(&row->is))
        again[i] += is_row(row, octets, head.length);
    }
    e100_text_free(&head);
  }
  return wrong;
}

static void nothing_is_found_with_all_of_them(void **state) {
  unsigned again[E100_DIFFERENCES_LIMIT];
  (void)state;
  assert_int_equal(run(0, again), 0);
}

static void a_campaign_without_one_finds_its_rows_again(void **state) {
  (void)state;
  unsigned rows = 0;
  for (unsigned name = 0; name < E100_WORK_AROUNDS; name++) {
    unsigned again[E100_DIFFERENCES_LIMIT];
    bool has_run = false;
    for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
      const struct e100_known_difference *row = e100_known_difference_at(i);
      if (row->is.work_arounds != 1U << name || !e100_difference_applies(&row->is))
        continue;
      if (!has_run)
        printf("without %-16s %6u wrong\n", names[name], run(1U << name, again));
      has_run = true;
      rows++;
      if (again[i] == 0)
        fail_msg("without %s a campaign of %d executions does not find %s", names[name], EXECUTIONS,
                 row->is.id);
    }
  }
  assert_true(rows > E100_WORK_AROUNDS / 2);
}

/* Not more than the table says, either: with one of them on again, the example is read well. */
static void every_example_needs_what_the_table_says(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_difference_row *row = &e100_known_difference_at(i)->is;
    const uint8_t *octets = (const uint8_t *)row->example;
    if (!e100_difference_applies(row) || row->work_arounds == 0)
      continue;
    if (!is_wrong(row->work_arounds, octets, row->example_length))
      fail_msg("%s: its example is read well without what the table says that it needs", row->id);
    for (unsigned name = 0; name < E100_WORK_AROUNDS; name++)
      if ((row->work_arounds >> name & 1U) != 0 &&
          is_wrong(row->work_arounds & ~(1U << name), octets, row->example_length))
        fail_msg("%s: its example does not need %s", row->id, names[name]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_found_with_all_of_them),
      cmocka_unit_test(a_campaign_without_one_finds_its_rows_again),
      cmocka_unit_test(every_example_needs_what_the_table_says),
  };
  return cmocka_run_group_tests_name("work-arounds of requests", tests, NULL, NULL);
}
