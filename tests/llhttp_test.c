/*
 * llhttp alone against the model: every difference is known, and every row of the table of known differences
 * is needed, true of this llhttp, and narrow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/known_differences.h"
#include "head_generator.h"
#include "machine/heads.h"

enum { HEADS = 100000, ONE_IN = 100 /* inputs that a row may explain */ };

static void print_head(const struct e100_text *head, const char *why) {
  printf("%s: ", why);
  for (size_t i = 0; i < head->length; i++) {
    unsigned char octet = (unsigned char)head->text[i];
    if (octet < 0x20 || octet > 0x7e)
      printf("\\x%02X", octet);
    else
      printf("%c", octet);
  }
  printf("\n");
}

static size_t index_of(const struct e100_known_difference *row) {
  size_t index = 0;
  while (e100_known_difference_at(index) != row)
    index++;
  return index;
}

static void every_difference_is_known_and_every_row_narrow(void **state) {
  (void)state;
  unsigned hits[E100_DIFFERENCES_LIMIT] = {0};
  unsigned unknown = 0;
  for (unsigned number = 0; number < HEADS; number++) {
    const struct e100_known_difference *row = NULL;
    struct e100_text head = {0};
    e100_text_add(&head, "", 0);
    make_head(number, &head);
    const char *otherwise = e100_holds_llhttp((const uint8_t *)head.text, head.length, &row);
    if (otherwise != NULL && unknown++ < 10)
      print_head(&head, otherwise);
    if (row != NULL)
      hits[index_of(row)]++;
    e100_text_free(&head);
  }
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    if (!e100_known_difference_applies(row)) {
      assert_int_equal(hits[i], 0);
      continue;
    }
    printf("%-24s %5u of %d heads\n", row->id, hits[i], HEADS);
    if (hits[i] == 0)
      fail_msg("the row %s is never hit: is it still true, or do the generated heads miss it?", row->id);
    if (hits[i] > HEADS / ONE_IN)
      fail_msg("the row %s explains too much: %u of %d heads", row->id, hits[i], HEADS);
  }
  assert_int_equal(unknown, 0);
}

static void every_row_is_needed_and_shown_by_its_example(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_two_readings two;
    const uint8_t *octets = (const uint8_t *)row->example;
    enum e100_difference_kind kind = e100_compare_readings(octets, row->example_length, &two);
    if (!e100_known_difference_applies(row)) {
      if (kind != E100_DIFFERENCE_NONE)
        fail_msg("%s: this llhttp differs there too: widen the row's versions", row->id);
      continue;
    }
    if (kind == E100_DIFFERENCE_NONE || (row->kinds & kind) == 0 || !row->explains(&two))
      fail_msg("%s: its example does not show it", row->id);
    for (size_t k = 0; e100_known_difference_at(k) != NULL; k++) {
      const struct e100_known_difference *other = e100_known_difference_at(k);
      if (k != i && e100_known_difference_applies(other) && (other->kinds & kind) != 0 &&
          other->explains(&two))
        fail_msg("%s explains the example of %s too", other->id, row->id);
    }
  }
}

/* What the table says of the machine. Whether it may do so is the affair of other tests. */
static void the_machine_answers_as_the_table_says(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_reader reader;
    const uint8_t *content = NULL;
    size_t taken = 0;
    size_t content_length = 0;
    if (!e100_known_difference_applies(row))
      continue;
    e100_reader_init(&reader);
    assert_int_equal(e100_reader_take(&reader, NULL, NULL, (const uint8_t *)row->example, row->example_length,
                                      &taken, &content, &content_length),
                     E100_READ_HEAD);
    if (reader.facts.wrong != row->machine_answers)
      fail_msg("%s: the machine answers %u, and the table says %u", row->id, reader.facts.wrong,
               row->machine_answers);
  }
}

/* Without the table each example would be a breach. */
static void a_difference_that_no_row_explains_is_a_breach(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_two_readings two;
    if (!e100_known_difference_applies(row))
      continue;
    enum e100_difference_kind kind =
        e100_compare_readings((const uint8_t *)row->example, row->example_length, &two);
    unsigned others =
        (E100_DIFFERENCE_REFUSES | E100_DIFFERENCE_ACCEPTS | E100_DIFFERENCE_READS) & ~row->kinds;
    for (unsigned other = 1; other <= E100_DIFFERENCE_READS; other <<= 1)
      if ((others & other) != 0 && e100_difference_explained(&two, (enum e100_difference_kind)other) == row)
        fail_msg("%s explains differences of another kind", row->id);
    assert_non_null(e100_difference_explained(&two, kind));
  }
  /* And where nothing differs, nothing is explained. */
  static const char plain[] =
      "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  const struct e100_known_difference *row = e100_known_difference_at(0);
  assert_null(e100_holds_llhttp((const uint8_t *)plain, sizeof plain - 1, &row));
  assert_null(row);
}

static void the_generated_heads_are_worth_it(void **state) {
  (void)state;
  unsigned complete = 0;
  unsigned malformed = 0;
  unsigned several = 0;
  for (unsigned number = 0; number < HEADS / 10; number++) {
    struct e100_head_reading reading;
    struct e100_text head = {0};
    struct e100_text again = {0};
    make_head(number, &head);
    make_head(number, &again);
    assert_int_equal(head.length, again.length);
    e100_read_request_head((const uint8_t *)head.text, head.length, 0, &reading);
    complete += reading.complete;
    malformed += reading.complete && reading.malformed;
    several += reading.complete && reading.several;
    e100_text_free(&head);
    e100_text_free(&again);
  }
  assert_in_range(complete, HEADS / 10 * 8 / 10, HEADS / 10);
  assert_in_range(malformed, HEADS / 10 / 50, HEADS / 10 / 3);
  assert_in_range(several, HEADS / 10 / 50, HEADS / 10 / 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_difference_is_known_and_every_row_narrow),
      cmocka_unit_test(every_row_is_needed_and_shown_by_its_example),
      cmocka_unit_test(the_machine_answers_as_the_table_says),
      cmocka_unit_test(a_difference_that_no_row_explains_is_a_breach),
      cmocka_unit_test(the_generated_heads_are_worth_it),
  };
  return cmocka_run_group_tests_name("llhttp", tests, NULL, NULL);
}
