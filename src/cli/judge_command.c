/* judge_command.c - judges recorded exchanges as they stand, however many. */
#include "capture/diagnosis.h"
#include "cli/captures.h"
#include "cli/verdict_output.h"

/* What was asked for, and what the captures refused. */
struct judging {
  struct e100_showing showing;
  struct e100_capture_look look;
  struct e100_refusals refusals;
  size_t captures; /* that were looked at */
};

static int judge(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct judging *judging = user;
  struct e100_verdict verdict;
  e100_judge(exchange, &verdict);
  bool cut = e100_was_cut(exchange, source);
  int code = e100_show_verdict(&judging->showing, exchange, exchange, &verdict, source, NULL);
  return cut ? E100_EXIT_CANNOT : code;
}

static int judge_capture(void *user, const char *path) {
  struct judging *judging = user;
  judging->captures++;
  int code = e100_judge_capture(path, &judging->look, &judging->showing, &judging->refusals);
  if (code == E100_EXIT_CANNOT)
    (void)e100_unreadable(path, 0);
  return code;
}

/* A folder may have exchanges, captures, or both. */
static int judge_operand(struct judging *judging, char **operand) {
  size_t before = judging->captures, exchanges = 0;
  if (e100_is_capture(*operand))
    return judge_capture(judging, *operand);
  int code = e100_is_folder(*operand) ? e100_each_path(*operand, e100_capture_endings, judge_capture, judging)
                                      : E100_EXIT_FINE;
  int others = judging->captures > before ? e100_each_exchange(*operand, judge, judging, &exchanges)
                                          : e100_each_operand("judge", 1, operand - 1, judge, judging);
  return code > others ? code : others;
}

static int judge_operands(struct judging *judging, int operands, char **argv) {
  int code = operands == 0 ? e100_each_operand("judge", 0, argv, judge, judging) : E100_EXIT_FINE;
  for (int i = 0; i < operands; i++) {
    int one = judge_operand(judging, argv + i + 1);
    code = one > code ? one : code;
  }
  return code;
}

/* The 417s of captures, taken together; JSON has a subcommand of its own for it. */
static void put_diagnosis(const struct judging *judging) {
  struct e100_text out = {0};
  e100_text_format(&out, "\n");
  e100_diagnosis_text(&judging->refusals, &out);
  if (judging->refusals.count > 0 && !judging->showing.json)
    e100_put(&out);
  else
    e100_text_free(&out);
}

int e100_cli_judge(int argc, char **argv) {
  struct judging judging = {0};
  struct e100_showing *showing = &judging.showing;
  const struct e100_option options[] = {
      {"fail-on", "SEVERITY", "violation (default) or warning", NULL, &showing->fail_on},
      {"known", "FILE", "findings that are known, with their reasons", NULL, &showing->known_path},
      {"ladder", NULL, "the ladder diagram with each verdict", &showing->ladder, NULL},
      {"json", NULL, "one line of JSON for each verdict", &showing->json, NULL},
      {"seen-by", "PARTY", "where a capture was made: client or origin", NULL, &judging.look.seen_by},
      {"settle", "MS", "how long nothing may come in a capture until that is silence (300)", NULL,
       &judging.look.settle},
      E100_FINDINGS_OPTIONS(showing->output),
  };
  const struct e100_usage usage = {
      .command = "judge",
      .operands = "FILE|DIR|-...",
      .sentence = "Judges exchanges as they stand: cases, folders of them, JSON, JSON Lines, captures (pcap, "
                  "pcapng).",
      .details = "Of an exchange of kind play only what the others do is judged: use play for those.\n"
                 "Exit code: 0 no findings that count, 1 findings, 2 something could not be judged.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  if (code == E100_GO_ON && !e100_showing_begin(showing)) {
    e100_known_free(&showing->known);
    code = E100_EXIT_CANNOT;
  } else if (code == E100_GO_ON) {
    e100_findings_output_begin(&showing->output, command.text, NULL);
    code = judge_operands(&judging, operands, argv);
    put_diagnosis(&judging);
    code = e100_showing_end(showing, code);
  }
  e100_refusals_free(&judging.refusals);
  e100_text_free(&command);
  return code;
}
