/* lint_command.c - what a person may have got wrong in a case: decoding forgives everything, this does not.
 */
#include <string.h>

#include "cli/cli.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"
#include "rules/rules.h"

enum { LINT_JSON_VERSION = 1 };

struct linting {
  bool json;
  const char *path;
  size_t files;
  size_t said;
  struct e100_exchange exchange;
  struct e100_text text;
};

static void print_message(struct linting *linting, uint32_t line, const char *message) {
  struct e100_text out = {0};
  if (linting->json) {
    json_t *document = e100_json_document("lint", LINT_JSON_VERSION);
    json_object_set_new(document, "file", e100_json_string(linting->path));
    json_object_set_new(document, "line", json_integer(line));
    json_object_set_new(document, "message", e100_json_string(message));
    e100_json_line(document, &out);
  } else {
    e100_add_plain(&out, linting->path);
    e100_text_format(&out, ":%u: ", line);
    e100_add_plain(&out, message);
    e100_text_format(&out, "\n");
  }
  e100_put(&out);
  linting->said++;
}

/* A person who asks hears of everything, whatever its weight. */
static void say(void *user, uint32_t line, enum e100_lint weight, const char *message) {
  (void)weight;
  print_message(user, line, message);
}

static bool holds(const char *octets, size_t length, const char *word) {
  size_t wanted = strlen(word);
  for (size_t i = 0; i + wanted <= length; i++)
    if (memcmp(octets + i, word, wanted) == 0)
      return true;
  return false;
}

/* The line, from 1, on which WORD stands, looked for from the line that begins with AFTER. */
static uint32_t line_of(const struct e100_text *text, const char *after, const char *word) {
  uint32_t line = 1;
  bool begun = false;
  for (size_t at = 0; at < text->length; line++) {
    const char *begin = text->text + at;
    const char *end = memchr(begin, '\n', text->length - at);
    size_t octets = end != NULL ? (size_t)(end - begin) : text->length - at;
    begun = begun || (octets >= strlen(after) && memcmp(begin, after, strlen(after)) == 0);
    if (begun && holds(begin, octets, word))
      return line;
    at += octets + 1;
  }
  return 1;
}

static void check_rule(struct linting *linting, const char *section, const char *rule) {
  if (rule[0] == '\0' || e100_rule_named(rule) != E100_RULE_NONE)
    return;
  char message[128];
  (void)snprintf(message, sizeof message, "there is no rule '%s'; see expect100 list rules", rule);
  print_message(linting, line_of(&linting->text, section, rule), message);
}

static int lint(void *user, const char *path) {
  struct linting *linting = user;
  struct e100_exchange *exchange = &linting->exchange;
  linting->path = path;
  linting->files++;
  if (!e100_file_read(path, &linting->text))
    return E100_EXIT_CANNOT;
  size_t before = linting->said;
  e100_case_decode(exchange, (const uint8_t *)linting->text.text, linting->text.length, false, say, linting);
  for (uint32_t i = 0; i < exchange->shows_count; i++)
    check_rule(linting, "shows", exchange->shows[i]);
  for (uint32_t i = 0; i < exchange->expected_count; i++)
    check_rule(linting, "-- findings", exchange->expected[i].rule);
  if (linting->text.length > E100_CASE_ADVICE && exchange->stays[0] == '\0')
    print_message(linting, 1,
                  "is longer than 1 KB: one situation a file, as short as it can be told; or say under "
                  "`stays` why it has to be that long");
  return linting->said > before ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

int e100_cli_lint(int argc, char **argv) {
  static const char *const endings[] = {".case", NULL};
  struct linting linting = {.json = false};
  const struct e100_option options[] = {
      {"json", NULL, "one line of JSON for each message", &linting.json, NULL},
  };
  const struct e100_usage usage = {
      .command = "lint",
      .operands = "FILE|DIR|-...",
      .sentence = "Says what looks wrong in cases: FILE:LINE: what.",
      .details = "Exit code: 0 nothing to say, 1 something was said, 2 something could not be read.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  e100_exchange_init(&linting.exchange);
  code = E100_EXIT_FINE;
  for (int i = 1; i <= operands; i++) {
    int one = e100_each_path(argv[i], endings, lint, &linting);
    code = one > code ? one : code;
  }
  if (linting.files == 0) {
    e100_complain(NULL, "lint: there is no case to look at; name cases or a folder of cases");
    code = E100_EXIT_CANNOT;
  }
  e100_exchange_free(&linting.exchange);
  e100_text_free(&linting.text);
  return code;
}
