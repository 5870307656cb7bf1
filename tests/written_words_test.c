/*
 * written_words_test.c - the page of the .case format and the dictionaries name every word that there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"

static char *tree_file(const char *path) {
  struct e100_text name = {0};
  struct e100_text text = {0};
  char piece[4096];
  e100_text_format(&name, "%s/%s", E100_TEST_SOURCE, path);
  FILE *file = fopen(name.text, "rb");
  assert_non_null(file);
  for (size_t length = 1; length > 0;) {
    length = fread(piece, 1, sizeof(piece), file);
    e100_text_add(&text, piece, length);
  }
  assert_int_equal(fclose(file), 0);
  e100_text_free(&name);
  return text.text;
}

static void assert_has(const char *text, const char *before, const char *word, const char *after) {
  struct e100_text wanted = {0};
  e100_text_format(&wanted, "%s%s%s", before, word, after);
  if (!strstr(text, wanted.text))
    fail_msg("'%s' is missing", wanted.text);
  e100_text_free(&wanted);
}

static void the_page_lists_every_word(void **state) {
  (void)state;
  char *page = tree_file("docs/case-format.md");
  for (unsigned i = 0; i < E100_BITS; i++)
    if (e100_policy_name(i) != NULL)
      assert_has(page, "\n| `", e100_policy_name(i), "` | ");
  for (unsigned i = 0; i < E100_BITS; i++)
    if (e100_reading_name(i) != NULL)
      assert_has(page, "\n| `", e100_reading_name(i), "` | ");
  for (unsigned i = 0; i < E100_TIMER_COUNT; i++)
    assert_has(page, "\n| `", e100_timer_name(i), "` | ");
  for (unsigned i = 0; i < E100_TOLD_COUNT; i++)
    assert_has(page, "`app< ", e100_told_name(i), "");
  for (unsigned i = 0; i < E100_DECISION_COUNT; i++)
    assert_has(page, "`app> ", e100_decision_name(i), "");
  for (unsigned i = 0; i < E100_AWAIT_COUNT; i++)
    assert_has(page, "`await ", e100_await_name(i), "`");
  for (unsigned i = 0; i < E100_ROLE_COUNT; i++)
    assert_has(page, "\"", e100_role_name(i), "\"");
  for (unsigned i = 0; i < E100_KIND_COUNT; i++)
    assert_has(page, "`", e100_kind_name(i), "`");
  free(page);
}

/* The page's example is one: it decodes without a complaint, and prints as it stands there. */
static void complain(void *user, uint32_t line, enum e100_lint weight, const char *message) {
  (void)user;
  (void)weight;
  fail_msg("%u: %s", (unsigned)line, message);
}

static void the_example_of_the_page_is_sound(void **state) {
  (void)state;
  char *page = tree_file("docs/case-format.md");
  char *start = strstr(page, "```\n# ");
  assert_non_null(start);
  start += strlen("```\n");
  char *end = strstr(start, "```");
  assert_non_null(end);
  *end = '\0';
  struct e100_exchange exchange;
  struct e100_text printed = {0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)start, strlen(start), false, complain, NULL);
  e100_case_print(&exchange, &printed);
  assert_string_equal(printed.text, start);
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
  free(page);
}

/* ---- dictionaries ---------------------------------------------------------------------------------------
 */

/* The octets of an entry at TEXT, which is behind its opening quote; the end of the entry, or NULL. Both
 * engines know \\ \" and \xHH, and nothing else that is not printable. */
static const char *read_entry(const char *text, struct e100_text *octets) {
  for (;;) {
    char octet = *text;
    if (octet == '"')
      return text + 1;
    if (octet < ' ' || octet > '~')
      return NULL;
    text++;
    if (octet == '\\' && (*text == '\\' || *text == '"')) {
      octet = *text++;
    } else if (octet == '\\') {
      char digits[3] = {'\0'};
      if (text[0] == 'x' && text[1]) {
        digits[0] = text[1];
        digits[1] = text[2];
      }
      if (strspn(digits, "0123456789ABCDEFabcdef") != 2)
        return NULL;
      octet = (char)(unsigned char)strtoul(digits, NULL, 16);
      text += 3;
    }
    e100_text_add(octets, &octet, 1);
  }
}

struct dictionary {
  struct e100_text all; /* the entries, one behind the other */
  size_t entries;
};

static void read_line(struct dictionary *dictionary, const char *line) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
  enum { AFL_ENTRY_LIMIT = 128 };
  struct e100_text octets = {0};
  size_t name = strspn(line, letters);
  if (name == 0 || strncmp(line + name, "=\"", 2) != 0)
    fail_msg("not name=\"octets\": %.60s", line);
  const char *end = read_entry(line + name + 2, &octets);
  if (!end || (*end != '\n' && *end != '\0'))
    fail_msg("does not end as it should: %.60s", line);
  assert_in_range(octets.length, 1, AFL_ENTRY_LIMIT);
  e100_text_add(&dictionary->all, octets.text, octets.length);
  e100_text_add(&dictionary->all, "|", 1);
  dictionary->entries++;
  e100_text_free(&octets);
}

static void read_dictionary(struct dictionary *dictionary, const char *path) {
  char *text = tree_file(path);
  e100_text_add(&dictionary->all, "|", 1);
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    if (length > 0 && line[0] != '#')
      read_line(dictionary, line);
    line += length + (line[length] == '\n');
  }
  free(text);
}

static void dictionaries_are_well_formed(void **state) {
  (void)state;
  static const char *const paths[] = {"dictionaries/case.dict", "dictionaries/http.dict"};
  for (size_t i = 0; i < 2; i++) {
    struct dictionary dictionary = {.entries = 0};
    read_dictionary(&dictionary, paths[i]);
    assert_in_range(dictionary.entries, 40, 200);
    e100_text_free(&dictionary.all);
  }
}

static void the_dictionary_has_every_word(void **state) {
  (void)state;
  struct dictionary dictionary = {.entries = 0};
  read_dictionary(&dictionary, "dictionaries/case.dict");
  for (unsigned i = 0; i < E100_BITS; i++)
    if (e100_policy_name(i) != NULL)
      assert_has(dictionary.all.text, "|", e100_policy_name(i), " |");
  for (unsigned i = 0; i < E100_BITS; i++)
    if (e100_reading_name(i) != NULL)
      assert_has(dictionary.all.text, "|", e100_reading_name(i), " |");
  for (unsigned i = 0; i < E100_TIMER_COUNT; i++)
    assert_has(dictionary.all.text, "|", e100_timer_name(i), "|");
  for (unsigned i = 0; i < E100_TOLD_COUNT; i++)
    assert_has(dictionary.all.text, "|-- app< ", e100_told_name(i), " ");
  for (unsigned i = 0; i < E100_DECISION_COUNT; i++)
    assert_has(dictionary.all.text, "|-- app> ", e100_decision_name(i), " ");
  for (unsigned i = 0; i < E100_AWAIT_COUNT; i++)
    assert_has(dictionary.all.text, "|-- await ", e100_await_name(i), " --\n|");
  for (unsigned i = 0; i < E100_ROLE_COUNT; i++)
    assert_has(dictionary.all.text, "|role: ", e100_role_name(i), "\n|");
  e100_text_free(&dictionary.all);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_page_lists_every_word),
      cmocka_unit_test(the_example_of_the_page_is_sound),
      cmocka_unit_test(dictionaries_are_well_formed),
      cmocka_unit_test(the_dictionary_has_every_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
