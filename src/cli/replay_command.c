/* replay_command.c - every case of a folder again: does what it says still come out? */
#include <string.h>

#include "cli/lookups.h"
#include "report/comparison.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

enum { REPLAY_JSON_VERSION = 1 };

struct replaying {
  bool json;
  const char *subject;
  struct e100_exchange transcript;
  size_t passed;
  size_t failed;
};

static void show(struct replaying *replaying, const struct e100_source *source,
                 const struct e100_text *differences) {
  struct e100_text out = {0};
  e100_text_add(&out, "", 0);
  if (replaying->json) {
    json_t *lines = json_array();
    for (char *at = differences->text; at != NULL && *at != '\0';) {
      char *end = strchr(at, '\n');
      *end = '\0';
      json_array_append_new(lines, e100_json_string(at));
      at = end + 1;
    }
    json_t *document = e100_json_document("replay", REPLAY_JSON_VERSION);
    json_object_set_new(document, "exchange", e100_json_string(source->name));
    json_object_set_new(document, "passed", json_boolean(differences->length == 0));
    json_object_set_new(document, "differences", lines);
    e100_json_line(document, &out);
  } else if (differences->length > 0) {
    e100_add_plain(&out, source->name);
    e100_text_format(&out, ": failed\n%s", differences->text);
  }
  e100_put(&out);
}

/* Adds a line for each difference; false where the case could not be played. */
static bool compare(struct replaying *replaying, const struct e100_exchange *exchange,
                    const struct e100_source *source, struct e100_text *differences) {
  const struct e100_exchange *judged = exchange;
  if (exchange->kind == E100_KIND_PLAY) {
    const struct e100_subject *subject =
        e100_lookup_subject(replaying->subject, (enum e100_role)exchange->role);
    if (subject == NULL || !e100_play(exchange, subject, &replaying->transcript)) {
      e100_complain(source->name, "could not be played against '%s'", replaying->subject);
      return false;
    }
    judged = &replaying->transcript;
    e100_compare_conduct(exchange, judged, differences);
  }
  struct e100_verdict verdict;
  e100_judge(judged, &verdict);
  e100_compare_findings(exchange, judged, &verdict.findings, differences);
  return !e100_was_cut(exchange, source) && !e100_was_cut(judged, source);
}

static int replay(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct replaying *replaying = user;
  struct e100_text differences = {0};
  bool looked = compare(replaying, exchange, source, &differences);
  bool passed = looked && differences.length == 0;
  if (looked)
    show(replaying, source, &differences);
  replaying->passed += passed;
  replaying->failed += !passed;
  e100_text_free(&differences);
  if (!looked)
    return E100_EXIT_CANNOT;
  return passed ? E100_EXIT_FINE : E100_EXIT_FOUND;
}

static void summarize(const struct replaying *replaying) {
  if (!replaying->json) {
    printf("%zu passed, %zu failed\n", replaying->passed, replaying->failed);
    return;
  }
  struct e100_text out = {0};
  json_t *document = e100_json_document("replay-summary", REPLAY_JSON_VERSION);
  json_object_set_new(document, "passed", json_integer((json_int_t)replaying->passed));
  json_object_set_new(document, "failed", json_integer((json_int_t)replaying->failed));
  e100_json_line(document, &out);
  e100_put(&out);
}

int e100_cli_replay(int argc, char **argv) {
  struct replaying replaying = {.subject = "reference"};
  const struct e100_option options[] = {
      {"subject", "NAME", "whom to play against; default reference (see list subjects)", NULL,
       &replaying.subject},
      {"json", NULL, "one line of JSON for each case, and one for the sum", &replaying.json, NULL},
  };
  const struct e100_usage usage = {
      .command = "replay",
      .operands = "[DIR|FILE]...",
      .sentence = "Plays or judges every case again and compares what comes out with what the case says.",
      .details =
          "Each line under -- findings -- must come out, and nothing else, whatever its severity. Of\n"
          "a case of kind play the steps under expect are compared too: status codes and endings,\n"
          "what the application is told, and its decisions that took effect.\n"
          "Without an operand: the cases that came with the program.\n"
          "Exit code: 0 all passed, 1 some failed, 2 something could not be read, or no case at all.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  e100_exchange_init(&replaying.transcript);
  size_t count = 0;
  if (operands > 0)
    code = e100_each_operand("replay", operands, argv, replay, &replaying);
  else
    code = e100_each_own_case(NULL, replay, &replaying, &count);
  e100_exchange_free(&replaying.transcript);
  if (replaying.passed + replaying.failed == 0) {
    e100_complain(NULL, "replay: there is no case to replay; name a folder of cases");
    code = E100_EXIT_CANNOT;
  }
  summarize(&replaying);
  return code;
}
