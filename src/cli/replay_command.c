/* replay_command.c - every case of a folder again: does what it says still come out? */
#include <string.h>

#include "cli/findings_output.h"
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
  size_t left;          /* cases that the limit left out */
  uint64_t steps_limit; /* 0: none */
  uint64_t steps;       /* of what was judged so far */
  struct e100_findings_output output;
};

/* What became of one case. */
struct replayed {
  const struct e100_exchange *judged; /* NULL: it could not be played */
  struct e100_verdict verdict;
  struct e100_text differences;
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
                    const struct e100_source *source, struct replayed *replayed) {
  const struct e100_exchange *judged = exchange;
  if (exchange->kind == E100_KIND_PLAY) {
    if (e100_play_named(replaying->subject, exchange, source, &replaying->transcript) == NULL)
      return false;
    judged = &replaying->transcript;
    e100_compare_conduct(exchange, judged, &replayed->differences);
  }
  replayed->judged = judged;
  replaying->steps += judged->step_count;
  e100_judge(judged, &replayed->verdict);
  e100_compare_findings(exchange, judged, &replayed->verdict.findings, &replayed->differences);
  return !e100_was_cut(exchange, source) && !e100_was_cut(judged, source);
}

/* The differences without those that are findings of their own. */
static void add_other_differences(const struct e100_text *differences, struct e100_text *out) {
  static const char finding[] = "not expected: ";
  e100_text_add(out, "", 0);
  for (const char *line = differences->text; line != NULL && *line != '\0';) {
    size_t length = strcspn(line, "\n") + 1;
    if (strncmp(line, finding, sizeof finding - 1) != 0 || strncmp(line + sizeof finding - 1, "more", 4) == 0)
      e100_text_add(out, line, length);
    line += length;
  }
}

/* Puts a case into the findings file: of a failed one only what it does not ask for. */
static void keep_for_later(struct replaying *replaying, const struct e100_exchange *exchange,
                           const struct e100_source *source, const struct replayed *replayed,
                           enum e100_result result) {
  bool unexpected[E100_FINDINGS_LIMIT] = {false};
  bool as_the_case_says[E100_FINDINGS_LIMIT] = {false};
  struct e100_text others = {0};
  struct e100_text replay = {0};
  struct e100_looked_at looked = {.exchange = exchange, .leave_out = as_the_case_says, .result = result};
  e100_looked_at_source(&looked, source);
  if (result == E100_RESULT_UNREADABLE)
    looked.why = e100_last_complaint();
  if (result == E100_RESULT_FAILED) {
    e100_unexpected_findings(exchange, replayed->judged, &replayed->verdict.findings, unexpected);
    for (uint32_t i = 0; i < E100_FINDINGS_LIMIT; i++)
      as_the_case_says[i] = !unexpected[i];
    add_other_differences(&replayed->differences, &others);
    e100_replay_text(source, exchange->kind == E100_KIND_PLAY ? replaying->subject : NULL, &replay);
    looked.transcript = replayed->judged;
    looked.verdict = &replayed->verdict;
    looked.differences = others.text;
    looked.replay = replay.text;
  }
  e100_findings_file_add(&replaying->output.file, &looked);
  e100_text_free(&others);
  e100_text_free(&replay);
}

static int replay(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct replaying *replaying = user;
  struct replayed replayed = {0};
  bool in_time = replaying->steps_limit == 0 || replaying->steps < replaying->steps_limit;
  bool looked = in_time && compare(replaying, exchange, source, &replayed);
  bool passed = looked && replayed.differences.length == 0;
  if (looked)
    show(replaying, source, &replayed.differences);
  if (replaying->output.wanted)
    keep_for_later(replaying, exchange, source, &replayed,
                   passed    ? E100_RESULT_PASSED
                   : looked  ? E100_RESULT_FAILED
                   : in_time ? E100_RESULT_UNREADABLE
                             : E100_RESULT_SKIPPED);
  replaying->passed += passed;
  replaying->failed += in_time && !passed;
  replaying->left += !in_time;
  e100_text_free(&replayed.differences);
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
  if (replaying->left > 0)
    json_object_set_new(document, "left_out", json_integer((json_int_t)replaying->left));
  e100_json_line(document, &out);
  e100_put(&out);
}

/* Replays what the operands name; the exit code. */
static int run(struct replaying *replaying, int operands, char **argv) {
  size_t count = 0;
  e100_exchange_init(&replaying->transcript);
  int code = operands > 0 ? e100_each_operand("replay", operands, argv, replay, replaying)
                          : e100_each_own_case(NULL, replay, replaying, &count);
  e100_exchange_free(&replaying->transcript);
  if (replaying->passed + replaying->failed + replaying->left == 0) {
    e100_complain(NULL, "replay: there is no case to replay; name a folder of cases");
    code = E100_EXIT_CANNOT;
  }
  if (replaying->left > 0)
    e100_complain(NULL, "replay: --limit-steps left out %zu case%s; raise it to look at all of them",
                  replaying->left, replaying->left == 1 ? "" : "s");
  summarize(replaying);
  return e100_findings_output_end(&replaying->output, code);
}

int e100_cli_replay(int argc, char **argv) {
  struct replaying replaying = {.subject = "reference"};
  const char *limit = NULL;
  const struct e100_option options[] = {
      {"subject", "NAME", "whom to play against; default reference (see list subjects)", NULL,
       &replaying.subject},
      {"limit-steps", "N", "look at no further case after N steps", NULL, &limit},
      {"json", NULL, "one line of JSON for each case, and one for the sum", &replaying.json, NULL},
      E100_FINDINGS_OPTIONS(replaying.output),
  };
  const struct e100_usage usage = {
      .command = "replay",
      .operands = "[DIR|FILE]...",
      .sentence = "Plays or judges every case again and compares what comes out with what the case says.",
      .details = "Each line under -- findings -- must come out, and nothing else, whatever its severity. Of\n"
                 "a case of kind play the steps under expect are compared too: status codes and endings,\n"
                 "what the application is told, and its decisions that took effect.\n"
                 "Without an operand: the cases that came with the program.\n"
                 "Exit code: 0 all passed, 1 some failed, 2 something could not be read or was left out, or\n"
                 "there was no case at all.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  if (code == E100_GO_ON && limit != NULL &&
      !e100_option_number("limit-steps", limit, 1, INT64_MAX, &replaying.steps_limit))
    code = E100_EXIT_CANNOT;
  if (code == E100_GO_ON) {
    e100_findings_output_begin(&replaying.output, command.text, replaying.subject);
    code = run(&replaying, operands, argv);
  }
  e100_text_free(&command);
  return code;
}
