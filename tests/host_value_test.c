/*
 * host_value_test.c - what is a value of Host (RFC 9112 3.2): the machine and the model each by a grammar of
 * its own, on values from the RFCs, on made-up ones, and cut at each octet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "machine/host_field.h"
#include "model/host_value.h"

static bool machine_takes(const char *value, size_t length, size_t cut) {
  struct e100_host_field field = {.place = 0};
  e100_host_feed(&field, (const uint8_t *)value, cut);
  e100_host_feed(&field, (const uint8_t *)value + cut, length - cut);
  return e100_host_is_valid(&field);
}

static bool model_takes(const char *value, size_t length) {
  struct host_reader host = {.begun = 1};
  for (size_t i = 0; i < length; i++)
    host_octet(&host, (uint8_t)value[i]);
  return !host_is_bad(&host);
}

static void both_say(const char *value, bool valid) {
  size_t length = strlen(value);
  for (size_t cut = 0; cut <= length; cut++)
    if (machine_takes(value, length, cut) != valid)
      fail_msg("the machine takes '%s', cut at %zu, for %s", value, cut, valid ? "invalid" : "valid");
  if (model_takes(value, length) != valid)
    fail_msg("the model takes '%s' for %s", value, valid ? "invalid" : "valid");
}

static void hosts_are_valid(void **state) {
  static const char *const values[] = {"",
                                       " ",
                                       "\t a",
                                       "a",
                                       "example.com",
                                       "example.com:80",
                                       "example.com:",
                                       ":80",
                                       ":",
                                       "192.0.2.1",
                                       "192.0.2.1:8080",
                                       "[::1]",
                                       "[::1]:80",
                                       "[2001:db8::7]:",
                                       "[v1.a:b]",
                                       "a%20b",
                                       "%e4%B8",
                                       "a,b",
                                       "a;b=c",
                                       "A-b_c~d.e!$&'()*+",
                                       " a:1 \t",
                                       "[::1] "};
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    both_say(values[i], true);
}

static void others_are_not(void **state) {
  static const char *const values[] = {
      "a b",   "a, b",  "a/b",    "http://a", "u@a",    "a:b",    "a:80:80", "a:8 0", "a: 80",   "[::1",
      "[]",    "::1]",  "[::1]a", "[::1]]",   "[[::1]", "[: :1]", "[a/b]",   "a[b]",  "[::1]:a", "a%2",
      "a%zz",  "%",     "a%2 ",   "a?b",      "a#b",    "\"a\"",  "a\\b",    "<a>",   "a^b",     "\x80",
      "a\x7f", "a\x01", "a:%31",  "a%2:80",   "a|b",    "{a}",    "[%31]"};
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    both_say(values[i], false);
}

/* All values of up to four octets of an alphabet that has one of each kind. */
static void both_agree_on_all_short_values(void **state) {
  static const char alphabet[] = {'a', '0', 'g', '.', ':', '[', ']', '%', ' ', ',', '/', '\x80', '\0'};
  enum { LETTERS = sizeof alphabet, LENGTH = 4 };
  unsigned valid = 0, total = 1;
  (void)state;
  for (unsigned i = 0; i < LENGTH; i++)
    total *= LETTERS;
  for (unsigned number = 0; number < total; number++) {
    char value[LENGTH];
    for (unsigned i = 0, rest = number; i < LENGTH; i++, rest /= LETTERS)
      value[i] = alphabet[rest % LETTERS];
    for (size_t length = 0; length <= LENGTH; length++) {
      assert_int_equal(machine_takes(value, length, length), model_takes(value, length));
      valid += model_takes(value, length);
    }
  }
  assert_true(valid > total / 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hosts_are_valid),
      cmocka_unit_test(others_are_not),
      cmocka_unit_test(both_agree_on_all_short_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
