/* triage_command.c - puts many cases or findings into groups, one for each cause. */
#include <string.h>

#include "cli/findings_output.h"
#include "cli/lookups.h"
#include "report/finding_text.h"
#include "report/report_forms.h"

struct triaging {
  const char *subject;
  struct e100_findings_output output; /* cases that are looked at now */
  struct e100_exchange transcript;
  struct e100_report report; /* findings files */
  bool failed;
};

/* ---- cases ------------------------------------------------------------------------------------------------
 */

static void keep(struct triaging *triaging, const struct e100_exchange *exchange,
                 const struct e100_exchange *judged, const struct e100_source *source, const char *subject) {
  struct e100_verdict verdict;
  struct e100_text replay = {0};
  bool own[E100_FINDINGS_LIMIT] = {false};
  bool fails[E100_FINDINGS_LIMIT] = {false};
  bool failed = false;
  e100_judge(judged, &verdict);
  for (uint32_t i = 0; i < e100_findings_kept(&verdict.findings); i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    own[i] = subject == NULL || e100_is_about_subject(exchange, finding);
    fails[i] = own[i] && e100_rule_severity(finding->rule) == E100_VIOLATION;
    failed = failed || fails[i];
  }
  e100_replay_text(source, subject, &replay);
  struct e100_looked_at looked = {.exchange = exchange,
                                  .transcript = judged,
                                  .verdict = &verdict,
                                  .own = own,
                                  .fails = fails,
                                  .replay = replay.text,
                                  .result = failed ? E100_RESULT_FAILED : E100_RESULT_PASSED};
  e100_looked_at_source(&looked, source);
  e100_findings_file_add(&triaging->output.file, &looked);
  triaging->failed = triaging->failed || failed;
  e100_text_free(&replay);
}

static int look(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct triaging *triaging = user;
  const struct e100_exchange *judged = exchange;
  const struct e100_subject *subject = NULL;
  bool cut = e100_was_cut(exchange, source);
  if (exchange->kind == E100_KIND_PLAY) {
    subject = e100_play_named(triaging->subject, exchange, source, &triaging->transcript);
    if (subject == NULL)
      return e100_unreadable(source->path, source->line);
    judged = &triaging->transcript;
    cut = cut || e100_was_cut(judged, source);
  }
  keep(triaging, exchange, judged, source, subject != NULL ? subject->name : NULL);
  return cut ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

/* ---- findings files ----------------------------------------------------------------------------- */

/* Whether PATH is a findings file, whatever its version. */
static bool is_findings_file(const char *path, const struct e100_text *text) {
  size_t length = strlen(path);
  return length > 5 && strcmp(path + length - 5, ".json") == 0 && text->text != NULL &&
         strstr(text->text, "\"expect100-findings\"") != NULL;
}

static int take_findings(struct triaging *triaging, const char *path, const struct e100_text *text) {
  char reason[256];
  size_t before = triaging->report.finding_count;
  if (!e100_report_add_text(&triaging->report, text->text, text->length, path, reason, sizeof reason)) {
    e100_complain(path, "%s", reason);
    return E100_EXIT_CANNOT;
  }
  for (size_t i = before; i < triaging->report.finding_count; i++)
    triaging->failed = triaging->failed || triaging->report.findings[i].fails;
  return E100_EXIT_FINE;
}

static int take_operand(struct triaging *triaging, char *operand) {
  struct e100_text text = {0};
  int code = E100_EXIT_FINE;
  if (e100_is_file(operand) && !e100_file_read(operand, &text)) {
    code = E100_EXIT_CANNOT;
  } else if (is_findings_file(operand, &text)) {
    code = take_findings(triaging, operand, &text);
  } else {
    char *one[] = {NULL, operand, NULL};
    code = e100_each_operand("triage", 1, one, look, triaging);
  }
  e100_text_free(&text);
  return code;
}

static int run(struct triaging *triaging, int operands, char **argv, const char *command) {
  int code = E100_EXIT_FINE;
  char reason[256];
  e100_findings_output_begin(&triaging->output, command, triaging->subject);
  for (int i = 1; i <= operands; i++) {
    int one = take_operand(triaging, argv[i]);
    code = one > code ? one : code;
  }
  if (operands == 0) {
    e100_complain(NULL, "triage: name a folder of cases, or a findings file");
    code = E100_EXIT_CANNOT;
  }
  bool good = e100_report_add(&triaging->report, triaging->output.file.document, "", reason, sizeof reason);
  E100_CHECK(good, "a findings file of ours can be read again");
  e100_report_sort(&triaging->report);
  struct e100_text out = {0};
  e100_report_triage(&triaging->report, &out);
  if (code != E100_EXIT_CANNOT || triaging->report.finding_count > 0) /* else nothing was looked at */
    e100_put(&out);
  e100_text_free(&out);
  code = e100_findings_output_end(&triaging->output, code);
  return code == E100_EXIT_FINE && triaging->failed ? E100_EXIT_FOUND : code;
}

int e100_cli_triage(int argc, char **argv) {
  struct triaging triaging = {.subject = "reference"};
  const struct e100_option options[] = {
      {"subject", "NAME", "whom to play cases against; default reference (see list subjects)", NULL,
       &triaging.subject},
      E100_FINDINGS_OPTIONS(triaging.output),
  };
  const struct e100_usage usage = {
      .command = "triage",
      .operands = "DIR|FILE...",
      .sentence = "Groups cases or findings files by cause: rule, party to blame, and situation.",
      .details =
          "Prints a line for each group: how many, how severe, what the party did and when, the rule, and\n"
          "the smallest example. --findings, --junit and --github are about the cases only.\n"
          "Exit code: 0 no violation, 1 violations, 2 something could not be looked at.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  if (code == E100_GO_ON) {
    e100_exchange_init(&triaging.transcript);
    triaging.output.wanted = true;
    code = run(&triaging, operands, argv, command.text);
    e100_report_free(&triaging.report);
    e100_exchange_free(&triaging.transcript);
  }
  e100_text_free(&command);
  return code;
}
