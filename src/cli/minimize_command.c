/* minimize_command.c - makes the input of a finding as small as it can be, and writes it down as a case. */
#include <string.h>

#include "cli/lookups.h"
#include "cli/minimize_report.h"
#include "cli/shrink.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

enum { MINIMIZE_JSON_VERSION = 1 };

struct minimizing {
  bool json;
  const char *target_name;
  const char *subject_name;
  const char *cause_wanted; /* from --cause, or NULL */
  const char *input;
  const char *out;
  const struct e100_target *target;
  const struct e100_subject *subject; /* NULL: the target does not play */
  struct e100_exchange exchange;
  struct e100_exchange transcript;
  struct e100_exchange told;    /* what is written down */
  struct e100_outcome outcome;  /* of the last check */
  struct e100_rule_set broken;  /* rules that what is minimised breaks, where it is judged as it stands */
  bool as_it_stands;            /* it is such a recording, and minimised for a rule */
  bool breaks_others;           /* the last check found other ones */
  char cause[E100_CAUSE_LIMIT]; /* what is looked for */
  uint32_t steps_before;
  uint32_t octets_before;
  size_t tries;
};

static bool same_key(const char *a, const char *b) {
  size_t length = e100_cause_key(a);
  return length == e100_cause_key(b) && memcmp(a, b, length) == 0;
}

/* The name of the invariant that a cause is about ("invariant cut"), or NULL: into CAUSE. */
static const char *invariant_of(const char *cause) {
  static const char word[] = "invariant ";
  return strncmp(cause, word, sizeof word - 1) == 0 ? cause + sizeof word - 1 : NULL;
}

/* What the transcript shows may be a fault that the target itself has put there. */
static bool has_hidden_fault(const struct minimizing *minimizing) {
  return minimizing->target->tells_transcript && strcmp(minimizing->subject->name, "reference") == 0;
}

/* From now on only what is looked for is tried, and not what a hash of the input chooses. */
static void look_for_cause(struct minimizing *minimizing) {
  const char *invariant = invariant_of(minimizing->cause);
  minimizing->outcome.invariant = invariant != NULL ? invariant : "none";
}

/* What the target finds in EXCHANGE; then what it does not stop for, as fuzzing goes on behind it: what is
 * less than a violation, and what is recorded of others. */
static void look(struct minimizing *minimizing, const struct e100_exchange *exchange) {
  struct e100_verdict verdict;
  minimizing->outcome.count = 0;
  minimizing->target->check(exchange, minimizing->subject, &minimizing->transcript, &minimizing->outcome);
  if (invariant_of(minimizing->cause) != NULL || has_hidden_fault(minimizing))
    return;
  e100_judge(&minimizing->transcript, &verdict);
  minimizing->breaks_others = false;
  for (uint32_t i = 0; i < e100_findings_kept(&verdict.findings); i++)
    minimizing->breaks_others =
        minimizing->breaks_others || !e100_rule_set_has(&minimizing->broken, verdict.findings.list[i].rule);
  e100_breaches_of_any_kind(&minimizing->transcript, &verdict, minimizing->subject != NULL,
                            &minimizing->outcome);
}

/* Checks EXCHANGE and gives the breach of the cause that is looked for, or NULL. */
static const struct e100_breach *check(struct minimizing *minimizing, const struct e100_exchange *exchange) {
  look(minimizing, exchange);
  for (uint32_t i = 0; i < minimizing->outcome.count; i++)
    if (same_key(minimizing->outcome.list[i].cause, minimizing->cause))
      return &minimizing->outcome.list[i];
  return NULL;
}

/* A recording gets smaller by making everybody's octets malformed; then it would show that, too. What a
 * subject does of itself cannot be made malformed. */
static bool shows(void *user, const struct e100_exchange *candidate) {
  const struct minimizing *minimizing = user;
  return check(user, candidate) != NULL && !(minimizing->as_it_stands && minimizing->breaks_others);
}

/* Remembers which rules the exchange of the last check breaks. */
static void remember_broken(struct minimizing *minimizing) {
  struct e100_verdict verdict;
  e100_judge(&minimizing->transcript, &verdict);
  for (uint32_t i = 0; i < e100_findings_kept(&verdict.findings); i++)
    e100_rule_set_add(&minimizing->broken, verdict.findings.list[i].rule);
}

/* ---- what to minimise ------------------------------------------------------------------------------------
 */

static int take_exchange(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct minimizing *minimizing = user;
  e100_exchange_copy(&minimizing->exchange, exchange);
  return e100_was_cut(exchange, source) ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

/* The first target that plays the role of the exchange; gateways are played with proxies. */
static const char *usual_target(const struct e100_exchange *exchange) {
  unsigned role = exchange->role == E100_ROLE_GATEWAY ? (unsigned)E100_ROLE_PROXY : exchange->role;
  for (size_t i = 0; exchange->kind == E100_KIND_PLAY && e100_target_at(i) != NULL; i++)
    if (e100_target_at(i)->plays && e100_target_at(i)->role == role)
      return e100_target_at(i)->name;
  return exchange->kind == E100_KIND_PLAY ? "origin" : "judge";
}

static int read_case(struct minimizing *minimizing, char **argv) {
  size_t count = 0;
  int code = e100_each_exchange(argv[1], take_exchange, minimizing, &count);
  if (code == E100_EXIT_FINE && count != 1) {
    e100_complain(argv[1], "holds %zu exchanges; name a file of one", count);
    code = E100_EXIT_CANNOT;
  }
  if (code == E100_EXIT_FINE && minimizing->target_name == NULL)
    minimizing->target_name = usual_target(&minimizing->exchange);
  return code;
}

static int read_input(struct minimizing *minimizing) {
  if (minimizing->target_name == NULL) {
    e100_complain(NULL, "minimize: --input needs --target: the same octets mean different things to targets");
    return E100_EXIT_CANNOT;
  }
  struct e100_text input = {0};
  minimizing->target = e100_lookup_target(minimizing->target_name);
  int code = E100_EXIT_CANNOT;
  if (minimizing->target != NULL && e100_file_read(minimizing->input, &input)) {
    size_t length = input.length < E100_INPUT_LIMIT ? input.length : E100_INPUT_LIMIT;
    minimizing->target->decode(&minimizing->exchange, (const uint8_t *)input.text, length);
    code = E100_EXIT_FINE;
  }
  e100_text_free(&input);
  return code;
}

static int look_up(struct minimizing *minimizing) {
  minimizing->target = e100_lookup_target(minimizing->target_name);
  if (minimizing->target == NULL)
    return E100_EXIT_CANNOT;
  if (!minimizing->target->plays)
    return E100_EXIT_FINE;
  minimizing->exchange.kind = E100_KIND_PLAY;
  e100_exchange_normalize(&minimizing->exchange);
  minimizing->subject =
      e100_lookup_subject(minimizing->subject_name, (enum e100_role)minimizing->exchange.role);
  return minimizing->subject != NULL ? E100_EXIT_FINE : E100_EXIT_CANNOT;
}

static bool is_shown(const struct e100_exchange *exchange, const struct e100_breach *breach) {
  for (uint32_t i = 0; i < exchange->shows_count; i++)
    if (strcmp(exchange->shows[i], e100_rule(breach->rule)->id) == 0)
      return true;
  return false;
}

/* Chooses among what the input breaks: the cause that was asked for; else one that the case says it shows,
 * so that minimising its own result changes nothing; else the first. */
static bool choose_cause(struct minimizing *minimizing) {
  const struct e100_breach *chosen = NULL;
  if (minimizing->cause_wanted != NULL) {
    (void)snprintf(minimizing->cause, sizeof minimizing->cause, "%s", minimizing->cause_wanted);
    look_for_cause(minimizing);
  }
  look(minimizing, &minimizing->exchange);
  remember_broken(minimizing);
  for (uint32_t i = minimizing->outcome.count; i-- > 0;) {
    const struct e100_breach *breach = &minimizing->outcome.list[i];
    bool better = minimizing->cause_wanted != NULL
                      ? same_key(breach->cause, minimizing->cause_wanted)
                      : chosen == NULL || !is_shown(&minimizing->exchange, chosen) ||
                            is_shown(&minimizing->exchange, breach);
    chosen = better ? breach : chosen;
  }
  minimizing->as_it_stands = minimizing->subject == NULL && chosen != NULL && chosen->rule != E100_RULE_NONE;
  if (chosen != NULL) {
    (void)snprintf(minimizing->cause, sizeof minimizing->cause, "%s", chosen->cause);
    look_for_cause(minimizing);
  }
  return chosen != NULL;
}

static uint32_t octets_of_steps(const struct e100_exchange *exchange) {
  uint32_t octets = 0;
  for (uint32_t i = 0; i < exchange->step_count; i++)
    octets += exchange->steps[i].length;
  return octets;
}

/* ---- what comes out ----------------------------------------------------------------------------- */

static void print_json(const struct minimizing *minimizing, const struct e100_minimized *minimized,
                       bool whole, const char *case_path, const char *report_path, const char *replay) {
  const struct e100_breach *breach = minimized != NULL ? minimized->breach : NULL;
  json_t *document = e100_json_document("minimized", MINIMIZE_JSON_VERSION);
  json_object_set_new(document, "reproduced", json_boolean(breach != NULL));
  json_object_set_new(document, "target", json_string(minimizing->target->name));
  if (minimizing->subject != NULL)
    json_object_set_new(document, "subject", e100_json_string(minimizing->subject->name));
  if (breach != NULL) {
    json_object_set_new(document, "cause", e100_json_string(minimizing->cause));
    json_object_set_new(document, "rule", json_string(e100_rule(breach->rule)->id));
    json_object_set_new(document, "party", json_string(e100_party_name(breach->party)));
    json_object_set_new(document, "what", e100_json_string(breach->what));
    json_object_set_new(document, "case", e100_json_string(case_path));
    json_object_set_new(document, "report", e100_json_string(report_path));
    json_object_set_new(document, "replay", e100_json_string(replay));
    json_object_set_new(document, "steps", json_integer(minimizing->told.step_count));
    json_object_set_new(document, "octets", json_integer(octets_of_steps(&minimizing->told)));
    json_object_set_new(document, "tries", json_integer((json_int_t)minimizing->tries));
    json_object_set_new(document, "interrupted", json_boolean(e100_interrupted != 0));
    json_object_set_new(document, "minimal", json_boolean(whole));
    json_object_set_new(document, "finding", e100_minimized_finding(minimized));
    json_object_set_new(document, "transcript",
                        e100_minimized_transcript(minimized, &minimizing->told, case_path));
  }
  struct e100_text out = {0};
  e100_json_line(document, &out);
  e100_put(&out);
}

static void print_text(const struct minimizing *minimizing, const char *case_path, const char *report_path,
                       const char *replay) {
  printf("%s\n  from %u steps with %u octets to %u with %u, in %zu tries\n  case    %s\n  report  %s\n"
         "  replay  %s\n",
         minimizing->cause, minimizing->steps_before, minimizing->octets_before, minimizing->told.step_count,
         octets_of_steps(&minimizing->told), minimizing->tries, case_path, report_path, replay);
}

/* Writes the case and the report; the exit code. WHOLE: minimising came to its end. */
static int write_down(struct minimizing *minimizing, bool whole) {
  const struct e100_breach *breach = check(minimizing, &minimizing->exchange);
  E100_CHECK(breach != NULL, "the best exchange shows what was looked for");
  struct e100_verdict verdict;
  e100_judge(&minimizing->transcript, &verdict);
  e100_exchange_copy(&minimizing->told,
                     minimizing->target->tells_transcript ? &minimizing->transcript : &minimizing->exchange);
  struct e100_minimized minimized = {.target = minimizing->target,
                                     .subject = minimizing->subject,
                                     .cause = minimizing->cause,
                                     .breach = breach,
                                     .transcript = &minimizing->transcript,
                                     .verdict = &verdict};
  struct e100_text path = {0};
  struct e100_text report_path = {0};
  struct e100_text case_text = {0};
  struct e100_text report = {0};
  struct e100_text replay = {0};
  e100_minimized_case(&minimized, &minimizing->told);
  struct e100_text name = {0};
  e100_minimized_name(&minimized, &minimizing->told, &name);
  e100_path_in(&path, minimizing->out, name.text);
  e100_text_format(&report_path, "%s.txt", path.text);
  e100_text_format(&path, ".case");
  e100_case_print(&minimizing->told, &case_text);
  e100_minimized_report(&minimized, &minimizing->told, path.text, &report);
  e100_replay_command(&minimized, path.text, &replay);
  bool written = e100_folder_make(minimizing->out) &&
                 e100_file_write(path.text, case_text.text, case_text.length) &&
                 e100_file_write(report_path.text, report.text, report.length);
  if (written && minimizing->json)
    print_json(minimizing, &minimized, whole, path.text, report_path.text, replay.text);
  else if (written)
    print_text(minimizing, path.text, report_path.text, replay.text);
  else /* the finding itself is not lost with the disk */
    (void)fwrite(case_text.text, 1, case_text.length, stdout);
  e100_text_free(&name);
  e100_text_free(&path);
  e100_text_free(&report_path);
  e100_text_free(&case_text);
  e100_text_free(&report);
  e100_text_free(&replay);
  return written ? E100_EXIT_FOUND : E100_EXIT_CANNOT;
}

static int minimize(struct minimizing *minimizing, const char *from) {
  if (!choose_cause(minimizing)) {
    e100_complain(from, "shows %s%s to target %s; is it the right target and subject?",
                  minimizing->cause_wanted != NULL ? "nothing of the cause " : "nothing",
                  minimizing->cause_wanted != NULL ? minimizing->cause_wanted : "", minimizing->target->name);
    if (minimizing->json)
      print_json(minimizing, NULL, false, NULL, NULL, NULL);
    return E100_EXIT_NOT_REPRODUCED;
  }
  minimizing->steps_before = minimizing->exchange.step_count;
  minimizing->octets_before = octets_of_steps(&minimizing->exchange);
  struct e100_shrinking shrinking = {.shows = shows, .user = minimizing, .interrupted = &e100_interrupted};
  bool whole = e100_shrink(&minimizing->exchange, &shrinking);
  minimizing->tries = shrinking.tries;
  if (e100_interrupted != 0)
    e100_complain(from, "interrupted: this is the smallest so far; start again to go on with it");
  else if (!whole)
    e100_complain(from, "is not at its smallest after %d tries; start again to go on",
                  E100_SHRINK_TRIES_LIMIT);
  return write_down(minimizing, whole);
}

static int run(struct minimizing *minimizing, int operands, char **argv) {
  if ((operands == 1) == (minimizing->input != NULL) || operands > 1) {
    e100_complain(NULL, "minimize: name one case, or an input with --input and --target");
    return E100_EXIT_CANNOT;
  }
  int code = minimizing->input != NULL ? read_input(minimizing) : read_case(minimizing, argv);
  if (code == E100_EXIT_FINE)
    code = look_up(minimizing);
  return code == E100_EXIT_FINE ? minimize(minimizing, operands == 1 ? argv[1] : minimizing->input) : code;
}

int e100_cli_minimize(int argc, char **argv) {
  struct minimizing minimizing = {.subject_name = "reference", .out = "."};
  const struct e100_option options[] = {
      {"target", "NAME", "the fuzz target that found it; default origin, judge for kind judge", NULL,
       &minimizing.target_name},
      {"subject", "NAME", "whom it was played against; default reference", NULL, &minimizing.subject_name},
      {"input", "FILE", "the octets that a fuzzer gave to the target, instead of a case", NULL,
       &minimizing.input},
      {"cause", "CAUSE", "which cause, where the input has several; default the first", NULL,
       &minimizing.cause_wanted},
      {"out", "DIR", "where to write the case and the report; default here", NULL, &minimizing.out},
      {"json", NULL, "the result as one line of JSON", &minimizing.json, NULL},
  };
  const struct e100_usage usage = {
      .command = "minimize",
      .operands = "FILE",
      .sentence =
          "Makes the input of a finding as small as it can be, and writes it as a case with a report.",
      .details = "It keeps the rule and the party, and ends when nothing can be left out any more. An\n"
                 "interrupt writes the smallest so far.\n"
                 "Exit code: 1 it is written, 2 could not run, 3 the input shows nothing.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  e100_interrupts_watch();
  e100_exchange_init(&minimizing.exchange);
  e100_exchange_init(&minimizing.transcript);
  e100_exchange_init(&minimizing.told);
  code = run(&minimizing, operands, argv);
  e100_exchange_free(&minimizing.exchange);
  e100_exchange_free(&minimizing.transcript);
  e100_exchange_free(&minimizing.told);
  return code;
}
