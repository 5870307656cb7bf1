/*
 * expect_field_test.c - the value of Expect, read octet by octet: the grammar of RFC 9110 10.1.1 and 5.6, and
 * the same result however the value is cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine/expect_field.h"

/* Field lines are separated by '|': several are one list. */
struct vector {
  const char *value;
  bool asks, other;
};

static const struct vector vectors[] = {
    /* the expectation, in every spelling of its letters */
    {"100-continue", true, false},
    {"100-Continue", true, false},
    {"100-CONTINUE", true, false},
    {" 100-continue", true, false},
    {"\t100-continue\t ", true, false},
    /* no expectation at all */
    {"", false, false},
    {" \t", false, false},
    {",", false, false},
    {", ,\t,", false, false},
    {"|", false, false},
    /* lists, with empty members */
    {",100-continue", true, false},
    {"100-continue,", true, false},
    {" ,, 100-continue ,,, ", true, false},
    {"100-continue, 100-continue", true, false},
    {"100-continue,x", true, true},
    {"x, 100-continue", true, true},
    {"x ,\t100-continue", true, true},
    {"a,b,c,100-continue,d", true, true},
    /* others that resemble it */
    {"x", false, true},
    {"100-continu", false, true},
    {"100-continuee", false, true},
    {"1100-continue", false, true},
    {"100", false, true},
    {"100_continue", false, true},
    {"100-continue100-continue", false, true},
    /* with a value it is another one (RFC 9110 10.1.1 defines none) */
    {"100-continue=1", false, true},
    {"100-continue=\"\"", false, true},
    {"100-continue=1;q=2", false, true},
    {"x=100-continue", false, true},
    {"x=y", false, true},
    {"x=y;100-continue", false, true},
    {"x=y;a=b", false, true},
    {"x=y;", false, true},
    {"x=y ; ; a=b ;", false, true},
    {"x=y;a=\"b\"", false, true},
    /* quoted strings hide commas, and the expectation with them */
    {"x=\"100-continue\"", false, true},
    {"x=\"a, 100-continue\"", false, true},
    {"x=\"a, 100-continue, b\", c", false, true},
    {"x=\"a\", 100-continue", true, true},
    {"x=\",\",100-continue,y=\",\"", true, true},
    {"x=y;a=\", 100-continue\"", false, true},
    {"x=\"\\\", 100-continue\"", false, true},
    {"x=\"\\\\\", 100-continue", true, true},
    {"x=\"\\\\\\\", 100-continue, \"", false, true},
    {"x=\"\\,\\\"\"\t,\t100-continue", true, true},
    /* outside the grammar: another one in any case */
    {"100-continue;q=1", false, true},
    {"100-continue;", false, true},
    {"100-continue x", false, true},
    {"x 100-continue", false, true},
    {"\"100-continue\"", false, true},
    {"=100-continue", false, true},
    {";100-continue", false, true},
    {"100-continue=", false, true},
    {"100-continue =1", false, true},
    {"x= 100-continue", false, true},
    {"x=y z", false, true},
    {"x=y;a", false, true},
    {"x=y;a =b", false, true},
    {"x=y;a= b", false, true},
    {"x=\"y", false, true},
    {"x=\"y\\", false, true},
    {"x=\"y, 100-continue", false, true},
    {"x=\"y\"z", false, true},
    {"100-continue\x0b", false, true},
    {"\x0c"
     "100-continue",
     false, true},
    {"100-continue\xa0", false, true},
    {"100\xe2\x80\x90"
     "continue",
     false, true},
    {"(100-continue)", false, true},
    /* several field lines are one list */
    {"100-continue|x", true, true},
    {"x|100-continue", true, true},
    {"|100-continue|", true, false},
    {"x,|,100-continue", true, true},
    {"100-|continue", false, true},
    {"100|-continue", false, true},
    {"x=\"a|100-continue\"", false, true},
    {"x=\"a|b\", 100-continue", true, true},
};

enum { VECTORS = sizeof vectors / sizeof vectors[0] };

static void feed(struct e100_expect_field *field, const char *value, size_t length) {
  for (size_t i = 0, from = 0; i <= length; i++) {
    if (i < length && value[i] != '|')
      continue;
    e100_expect_feed(field, (const uint8_t *)value + from, i - from);
    if (i < length)
      e100_expect_line_end(field);
    from = i + 1;
  }
}

static void check(const struct vector *vector, const struct e100_expect_field *field, size_t cut) {
  if (field->asks != vector->asks || field->other != vector->other)
    fail_msg("\"%s\" cut at %zu: asks %d, other %d", vector->value, cut, field->asks, field->other);
}

static void each_value_is_read_as_its_grammar_says(void **state) {
  (void)state;
  for (size_t i = 0; i < VECTORS; i++) {
    struct e100_expect_field field = {0};
    feed(&field, vectors[i].value, strlen(vectors[i].value));
    e100_expect_line_end(&field);
    e100_expect_end(&field);
    check(&vectors[i], &field, 0);
  }
}

static void cutting_a_value_changes_nothing(void **state) {
  (void)state;
  for (size_t i = 0; i < VECTORS; i++) {
    size_t length = strlen(vectors[i].value);
    for (size_t first = 0; first <= length; first++) {
      for (size_t second = first; second <= length; second++) {
        struct e100_expect_field field = {0};
        feed(&field, vectors[i].value, first);
        feed(&field, vectors[i].value + first, second - first);
        feed(&field, vectors[i].value + second, length - second);
        e100_expect_line_end(&field);
        e100_expect_end(&field);
        check(&vectors[i], &field, first);
      }
    }
  }
}

static void letter_case_changes_nothing(void **state) {
  (void)state;
  char value[64];
  for (size_t i = 0; i < VECTORS; i++) {
    struct e100_expect_field field = {0};
    size_t length = strlen(vectors[i].value);
    assert_true(length < sizeof value);
    for (size_t at = 0; at < length; at++) {
      char octet = vectors[i].value[at];
      bool letter = octet >= 'a' && octet <= 'z' && at % 2 == 0;
      value[at] = (char)(letter ? octet - 'a' + 'A' : octet);
    }
    feed(&field, value, length);
    e100_expect_end(&field);
    check(&vectors[i], &field, 0);
  }
}

/* ---- every short value, against the grammar as it is written ------------------------------------------- */

static bool is_tchar(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet != '\0' && strchr("!#$%&'*+-.^_`|~0123456789", octet) != NULL);
}

/* Where a rule of the grammar ends that begins at AT; NULL where the text does not follow it. */
static const char *token(const char *at) {
  const char *from = at;
  while (is_tchar(*at))
    at++;
  return at > from ? at : NULL;
}

static const char *blanks(const char *at) {
  return at + strspn(at, " \t");
}

static const char *token_or_quoted(const char *at) {
  if (*at != '"')
    return token(at);
  for (at++; *at != '"'; at++) {
    if (*at == '\\')
      at++;
    if (*at == '\0')
      return NULL;
  }
  return at + 1;
}

/* *( OWS ";" OWS [ parameter ] ), as far as it goes. */
static const char *parameters(const char *at) {
  for (;;) {
    const char *next = blanks(at);
    if (*next != ';')
      return at;
    next = blanks(next + 1);
    const char *name = token(next);
    if (name == NULL) {
      at = next;
      continue;
    }
    at = *name == '=' ? token_or_quoted(name + 1) : NULL;
    if (at == NULL)
      return NULL;
  }
}

/* [ expectation ], *PLAIN where it is a token alone. */
static const char *expectation(const char *at, bool *plain) {
  const char *end = token(at);
  *plain = end != NULL && *end != '=';
  if (end == NULL || *plain)
    return end == NULL ? at : end;
  end = token_or_quoted(end + 1);
  return end == NULL ? NULL : parameters(end);
}

static bool is_expectation(const char *at, size_t length) {
  return length == 12 && strncmp(at, "100-continue", 12) == 0;
}

/* Reads a whole value; false where it is outside the grammar. */
static bool read_list(const char *at, bool *asks, bool *other) {
  *asks = *other = false;
  for (;;) {
    bool plain = false;
    at = blanks(at);
    const char *end = expectation(at, &plain);
    if (end == NULL)
      return false;
    if (end > at && plain && is_expectation(at, (size_t)(end - at)))
      *asks = true;
    else if (end > at)
      *other = true;
    at = blanks(end);
    if (*at == '\0')
      return true;
    if (*at++ != ',')
      return false;
  }
}

static void check_against_the_grammar(const char *value) {
  struct e100_expect_field field = {0};
  bool asks = false;
  bool other = false;
  bool fits = read_list(value, &asks, &other);
  e100_expect_feed(&field, (const uint8_t *)value, strlen(value));
  e100_expect_line_end(&field);
  e100_expect_end(&field);
  if (!fits && !field.other)
    fail_msg("\"%s\" is outside the grammar, and is not another expectation", value);
  if (fits && (field.asks != asks || field.other != other))
    fail_msg("\"%s\": asks %d, other %d", value, field.asks, field.other);
}

static void every_short_value_agrees_with_the_grammar(void **state) {
  static const char *const pieces[] = {"100-continue", ",", " ", "\t", "=", ";", "\"", "\\", "x"};
  enum { PIECES = sizeof pieces / sizeof pieces[0], LONGEST = 6 };
  (void)state;
  unsigned long count = 1;
  for (unsigned length = 1; length <= LONGEST; length++) {
    count *= PIECES;
    for (unsigned long number = 0; number < count; number++) {
      char value[LONGEST * 12 + 1] = "";
      unsigned long rest = number;
      for (unsigned i = 0; i < length; i++, rest /= PIECES)
        strncat(value, pieces[rest % PIECES], sizeof value - strlen(value) - 1);
      check_against_the_grammar(value);
    }
  }
}

static void a_long_value_needs_no_memory(void **state) {
  static uint8_t octets[1 << 20];
  (void)state;
  struct e100_expect_field field = {0};
  memset(octets, 'a', sizeof octets);
  e100_expect_feed(&field, octets, sizeof octets);
  e100_expect_feed(&field, (const uint8_t *)", 100-continue", 14);
  e100_expect_end(&field);
  assert_true(field.asks && field.other);
  memset(octets, ',', sizeof octets);
  memset(&field, 0, sizeof field);
  e100_expect_feed(&field, octets, sizeof octets);
  e100_expect_end(&field);
  assert_false(field.asks || field.other);
  assert_true(sizeof field <= 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_value_is_read_as_its_grammar_says),
      cmocka_unit_test(cutting_a_value_changes_nothing),
      cmocka_unit_test(letter_case_changes_nothing),
      cmocka_unit_test(every_short_value_agrees_with_the_grammar),
      cmocka_unit_test(a_long_value_needs_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
