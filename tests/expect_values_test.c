/*
 * The value of Expect: what its grammar says, by each of the readers; and that the check which the fuzz
 * target shares notices a reader that is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "corpus_folder.h"
#include "fuzz/checks.h"
#include "fuzz/expect_values.h"

static e100_values_reader *const readers[] = {e100_values_by_model, e100_values_by_heads,
                                              e100_values_by_field};
enum { READERS = sizeof readers / sizeof readers[0] };

/* Values by the grammar of RFC 9110 10.1.1 and 5.6, worked out by hand. A line feed begins a field line. */
static const struct {
  const char *values;
  bool asks;
  bool other;
} samples[] = {
    {"", false, false},
    {" ", false, false},
    {",", false, false},
    {"\t, ,", false, false},
    {"100-continue", true, false},
    {"\t100-CONTINUE ", true, false},
    {",, 100-Continue ,", true, false},
    {"100-continue,100-continue", true, false},
    {"100-continue\n100-continue", true, false},
    {"100-continued", false, true},
    {"100-continu", false, true},
    {"1 00-continue", false, true},
    {"y 100-continue", false, true},
    {"100-continue y", false, true},
    {"foo, 100-continue", true, true},
    {"foo\n100-continue", true, true},
    {"100-continue\nfoo", true, true},
    {"\n\n100-continue\n", true, false},
    {"100-continue=1", false, true},
    {"100-continue=\"\"", false, true},
    {"100-continue=x;q=1", false, true},
    {"x=\"a, 100-continue\"", false, true},
    {"x=\"a\\\", 100-continue\"", false, true},
    {"x=\"a\\\\\", 100-continue", true, true},
    {"x=\"a\", 100-continue", true, true},
    {"x=\"a\n100-continue\"", false, true},
    {"x=a;b=\"c, d\";, 100-continue", true, true},
    {"x=a ; ; b=c ,100-continue", true, true},
    {"x=a;b, 100-cont", false, true},
};

static void each_reader_gives_what_the_grammar_says(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    const uint8_t *values = (const uint8_t *)samples[i].values;
    size_t length = strlen(samples[i].values);
    for (size_t k = 0; k < READERS; k++) {
      struct e100_values_answer answer = readers[k](values, length);
      bool right = !answer.refused && answer.other == samples[i].other &&
                   (answer.open || answer.asks == samples[i].asks);
      if (!right)
        fail_msg("reader %zu of '%s': refused %d, asks %d, other %d", k, samples[i].values, answer.refused,
                 answer.asks, answer.other);
      const char *otherwise = e100_holds_values(values, length, readers[k]);
      if (otherwise != NULL)
        fail_msg("reader %zu of '%s': %s", k, samples[i].values, otherwise);
    }
  }
}

/* Outside the grammar nobody knows whether it asks; that it is something else is known. */
static void outside_the_grammar_it_is_open(void **state) {
  (void)state;
  static const char *const outside[] = {
      "\"100-continue\"", "100-continue;q=1",  "100-continue=", "x = a",  "x=\"a", "x=\"a\\",
      "100 continue",     "a b, 100-continue", "x=a;b c",       "x=a;=b", "@"};
  for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
    const uint8_t *values = (const uint8_t *)outside[i];
    struct e100_values_answer model = e100_values_by_model(values, strlen(outside[i]));
    assert_true(model.open);
    assert_true(model.other);
    for (size_t k = 0; k < READERS; k++)
      assert_null(e100_holds_values(values, strlen(outside[i]), readers[k]));
  }
}

/* ---- readers that are wrong ---------------------------------------------------------------------------- */

static struct e100_values_answer only_the_first_line(const uint8_t *values, size_t length) {
  const uint8_t *end = memchr(values, '\n', length);
  return e100_values_by_field(values, end != NULL ? (size_t)(end - values) : length);
}

static struct e100_values_answer by_octets(const uint8_t *values, size_t length) {
  struct e100_values_answer answer = {0};
  answer.asks = length == strlen("100-continue") && memcmp(values, "100-continue", length) == 0;
  answer.other = length > 0 && !answer.asks;
  return answer;
}

static struct e100_values_answer only_in_one_piece(const uint8_t *values, size_t length) {
  struct e100_values_answer answer = e100_values_by_field(values, length);
  answer.asks = answer.asks && memchr(values, '\r', length) == NULL;
  return answer;
}

static struct e100_values_answer never_anything_else(const uint8_t *values, size_t length) {
  struct e100_values_answer answer = e100_values_by_field(values, length);
  answer.other = false;
  return answer;
}

static struct e100_values_answer refuses_lists(const uint8_t *values, size_t length) {
  struct e100_values_answer answer = e100_values_by_field(values, length);
  answer.refused = answer.refused || memchr(values, ',', length) != NULL;
  return answer;
}

static struct e100_values_answer accepts_nul(const uint8_t *values, size_t length) {
  struct e100_values_answer answer = e100_values_by_field(values, length);
  answer.refused = false;
  return answer;
}

static void a_wrong_reader_is_noticed(void **state) {
  (void)state;
  static e100_values_reader *const wrong[] = {only_the_first_line, by_octets, only_in_one_piece,
                                              never_anything_else, refuses_lists};
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    unsigned noticed = 0;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
      noticed +=
          e100_holds_values((const uint8_t *)samples[i].values, strlen(samples[i].values), wrong[k]) != NULL;
    if (noticed == 0)
      fail_msg("wrong reader %zu agrees with the model everywhere", k);
  }
  /* NUL may be read as a space, so it is no error to accept it (RFC 9110 5.5). */
  assert_null(e100_holds_values((const uint8_t *)"a\0, b", 5, accepts_nul));
}

/* ---- values as exchanges ---------------------------------------------------------------------------------
 */

static void values_of_an_exchange_are_found_again(void **state) {
  (void)state;
  static const char *const written[] = {
      "", "100-continue", "100-\rcontinue", "a\n b\r\n\rc", "\r\r\r", "x=\"\n\"", "\n"};
  for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
    struct e100_exchange exchange;
    struct e100_exchange again;
    struct e100_text values = {0};
    e100_exchange_init(&exchange);
    e100_exchange_init(&again);
    e100_text_add(&values, "", 0);
    e100_values_decode(&exchange, (const uint8_t *)written[i], strlen(written[i]));
    assert_true(e100_values_encode(&exchange, &values));
    e100_values_decode(&again, (const uint8_t *)values.text, values.length);
    struct e100_text text = {0};
    e100_case_print(&again, &text);
    if (!e100_exchange_equal(&exchange, &again))
      fail_msg("sample %zu becomes %s", i, text.text);
    e100_text_free(&text);
    e100_text_free(&values);
    e100_exchange_free(&exchange);
    e100_exchange_free(&again);
  }
}

static void count_seeds(void *user, const char *path, const struct e100_exchange *exchange) {
  const struct e100_target *target = e100_target_named("expect");
  struct e100_text input = {0};
  (void)path;
  e100_text_add(&input, "", 0);
  if (target->encode(exchange, &input)) {
    struct e100_exchange decoded;
    struct e100_exchange transcript;
    struct e100_outcome outcome = {0};
    e100_exchange_init(&decoded);
    e100_exchange_init(&transcript);
    target->decode(&decoded, (const uint8_t *)input.text, input.length);
    target->check(&decoded, NULL, &transcript, &outcome);
    if (outcome.count != 0)
      fail_msg("%s: %s", path, outcome.list[0].what);
    (*(unsigned *)user)++;
    e100_exchange_free(&decoded);
    e100_exchange_free(&transcript);
  }
  e100_text_free(&input);
}

static void cases_that_ask_are_seeds(void **state) {
  (void)state;
  unsigned seeds = 0;
  unsigned cases = corpus_each_case(count_seeds, &seeds);
  assert_true(seeds > 20);
  assert_true(seeds < cases); /* those without the field are of no use here */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_reader_gives_what_the_grammar_says),
      cmocka_unit_test(outside_the_grammar_it_is_open),
      cmocka_unit_test(a_wrong_reader_is_noticed),
      cmocka_unit_test(values_of_an_exchange_are_found_again),
      cmocka_unit_test(cases_that_ask_are_seeds),
  };
  return cmocka_run_group_tests_name("expect values", tests, NULL, NULL);
}
