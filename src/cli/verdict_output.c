/* verdict_output.c - a verdict for people or as JSON. */
#include <string.h>

#include "cli/verdict_output.h"

#include "cli/lookups.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

bool e100_showing_begin(struct e100_showing *showing) {
  if (showing->fail_on != NULL && strcmp(showing->fail_on, "violation") != 0 &&
      strcmp(showing->fail_on, "warning") != 0) {
    e100_complain(NULL, "--fail-on wants violation or warning, not '%s'", showing->fail_on);
    return false;
  }
  return showing->known_path == NULL || e100_known_read(&showing->known, showing->known_path);
}

static bool fails(const struct e100_showing *showing, const struct e100_finding *finding, bool own) {
  unsigned least =
      showing->fail_on != NULL && strcmp(showing->fail_on, "warning") == 0 ? E100_WARNING : E100_VIOLATION;
  return own && e100_rule_severity(finding->rule) <= least;
}

static unsigned size_of(const struct e100_rule_set *set) {
  unsigned size = 0;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    size += e100_rule_set_has(set, rule);
  return size;
}

/* Few enough to be named; --json has all. */
enum { NAMED_RULES = 3 };

static void add_undecided(const struct e100_rule_set *undecided, struct e100_text *out) {
  unsigned size = size_of(undecided), named = 0;
  e100_text_format(out, "undecided: %u", size);
  if (size > NAMED_RULES)
    return;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (e100_rule_set_has(undecided, rule))
      e100_text_format(out, "%s%s", named++ == 0 ? " (" : ", ", e100_rule(rule)->id);
  if (named > 0)
    e100_text_format(out, ")");
}

static void add_text(const struct e100_showing *showing, const struct e100_exchange *transcript,
                     const struct e100_verdict *verdict, const struct e100_source *source,
                     const char *const *known, struct e100_text *out) {
  e100_add_plain(out, source->name);
  e100_text_format(out, ": ");
  e100_findings_count(&verdict->findings, out);
  e100_text_format(out, "; rules decided: %u, ", size_of(&verdict->decided));
  add_undecided(&verdict->undecided, out);
  e100_text_format(out, "\n");
  if (showing->ladder) {
    e100_text_format(out, "\n");
    e100_marked_ladder(transcript, &verdict->findings, out);
    e100_text_format(out, "\n");
  }
  for (uint32_t i = 0; i < e100_findings_kept(&verdict->findings); i++) {
    e100_finding_text(transcript, &verdict->findings.list[i], e100_colours(stdout), out);
    if (known[i] != NULL)
      e100_text_format(out, "  known      %s\n", known[i]);
  }
}

/* What a findings file wants to know of the findings that are kept, one by one. */
struct judgements {
  const char *known[E100_FINDINGS_LIMIT];
  bool own[E100_FINDINGS_LIMIT];
  bool fails[E100_FINDINGS_LIMIT];
};

static void keep_for_later(struct e100_showing *showing, const struct e100_exchange *exchange,
                           const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                           const struct e100_source *source, const char *subject,
                           const struct judgements *judgements, bool failed) {
  struct e100_text replay = {0};
  e100_replay_text(source, subject, &replay);
  struct e100_looked_at looked = {.exchange = exchange,
                                  .transcript = transcript,
                                  .verdict = verdict,
                                  .own = judgements->own,
                                  .fails = judgements->fails,
                                  .known = judgements->known,
                                  .replay = replay.text,
                                  .result = failed ? E100_RESULT_FAILED : E100_RESULT_PASSED};
  e100_looked_at_source(&looked, source);
  e100_findings_file_add(&showing->output.file, &looked);
  e100_text_free(&replay);
}

int e100_show_verdict(struct e100_showing *showing, const struct e100_exchange *exchange,
                      const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                      const struct e100_source *source, const char *subject) {
  struct judgements judgements = {0};
  bool failed = false;
  e100_known_look(&showing->known, source);
  for (uint32_t i = 0; i < e100_findings_kept(&verdict->findings); i++) {
    const struct e100_finding *finding = &verdict->findings.list[i];
    judgements.known[i] = e100_known_reason(&showing->known, source, &verdict->findings, finding);
    judgements.own[i] = subject == NULL || e100_is_about_subject(exchange, finding);
    judgements.fails[i] = judgements.known[i] == NULL && fails(showing, finding, judgements.own[i]);
    failed = failed || judgements.fails[i];
  }
  struct e100_text out = {0};
  if (showing->json)
    e100_json_line(e100_verdict_json(transcript, verdict, source->name, subject, judgements.known), &out);
  else
    add_text(showing, transcript, verdict, source, judgements.known, &out);
  e100_put(&out);
  if (showing->json)
    (void)fflush(stdout); /* whoever reads the lines may wait for each of them */
  if (showing->output.wanted)
    keep_for_later(showing, exchange, transcript, verdict, source, subject, &judgements, failed);
  showing->shown++;
  showing->failed += failed;
  return failed ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

void e100_show_unplayed(struct e100_showing *showing, const struct e100_exchange *exchange,
                        const struct e100_source *source, enum e100_result result) {
  struct e100_looked_at looked = {.exchange = exchange, .result = result};
  if (result == E100_RESULT_UNREADABLE)
    looked.why = e100_last_complaint();
  e100_looked_at_source(&looked, source);
  if (showing->output.wanted)
    e100_findings_file_add(&showing->output.file, &looked);
}

int e100_showing_end(struct e100_showing *showing, int code) {
  if (!showing->json && showing->shown > 1)
    printf("%zu exchanges, %zu with findings that count\n", showing->shown, showing->failed);
  e100_known_complain_unused(&showing->known);
  e100_known_free(&showing->known);
  return e100_findings_output_end(&showing->output, code);
}
