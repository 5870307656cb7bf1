/* The options of Connection that say whether the connection goes on, in every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "machine/option_list.h"

static const struct {
  const char *value; /* a line feed begins another field line */
  bool close;
  bool keep_alive;
} samples[] = {
    {"", false, false},
    {"close", true, false},
    {"\tCLOSE\t ", true, false},
    {"keep-alive", false, true},
    {"Keep-Alive\t", false, true},
    {",, close ,", true, false},
    {"foo, close", true, false},
    {"close, keep-alive", true, true},
    {"keep-alive\nclose", true, true},
    {"keep-\nalive", false, false},
    {"closed", false, false},
    {"clos", false, false},
    {"x close", false, false},
    {"close x", false, false},
    {"close;", false, false},
    {"close=1", false, false},
    {"\"close\"", false, false},
    {"\"a, close", true, false},
    {"keep-alive-close", false, false},
    {"upgrade\t,\tclose", true, false},
};

static void feed(struct e100_option_list *list, const char *value, size_t length) {
  size_t from = 0;
  for (size_t i = 0; i < length; i++) {
    if (value[i] != '\n')
      continue;
    e100_options_feed(list, (const uint8_t *)value + from, i - from);
    e100_options_line_end(list);
    from = i + 1;
  }
  e100_options_feed(list, (const uint8_t *)value + from, length - from);
}

static void options_are_read_in_every_cut(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
    size_t length = strlen(samples[i].value);
    for (size_t cut = 0; cut <= length; cut++) {
      struct e100_option_list list = {0};
      feed(&list, samples[i].value, cut);
      feed(&list, samples[i].value + cut, length - cut);
      e100_options_line_end(&list);
      if (list.close != samples[i].close || list.keep_alive != samples[i].keep_alive)
        fail_msg("'%s', cut at %zu: close %d, keep-alive %d", samples[i].value, cut, list.close,
                 list.keep_alive);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(options_are_read_in_every_cut)};
  return cmocka_run_group_tests_name("option list", tests, NULL, NULL);
}
