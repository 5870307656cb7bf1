/* fuzz_summary.c - the end of a campaign: what was done, what was found, and how to see it again. */
#include <jansson.h>
#include <string.h>

#include "cli/fuzz.h"
#include "report/verdict_json.h"

static double rate_of(const struct e100_lane *lane) {
  return lane->busy > 0 ? (double)lane->executions / lane->busy : 0;
}

/* ---- JSON -------------------------------------------------------------------------------------------- */

/* Names and messages may hold any octets. */
static void set_text(json_t *object, const char *name, const char *text) {
  if (text != NULL)
    json_object_set_new(object, name, e100_json_string(text));
}

void e100_set_count(json_t *object, const char *name, uint64_t count) {
  json_object_set_new(object, name, json_integer((json_int_t)count));
}

static const char *kind_name(enum e100_finding_kind kind) {
  static const char *const names[] = {"cause", "crash", "timeout", "memory", "unstable"};
  return names[kind];
}

json_t *e100_finding_json(const struct e100_campaign *campaign, const struct e100_campaign_finding *finding) {
  json_t *object = json_object();
  set_text(object, "kind", kind_name(finding->kind));
  set_text(object, "cause", finding->cause);
  set_text(object, "target", finding->target);
  set_text(object, "engine", finding->engine->name);
  e100_set_count(object, "executions", finding->executions);
  json_object_set_new(object, "seconds", json_real(finding->seconds));
  if (finding->rule != E100_RULE_NONE) {
    const struct e100_rule_data *rule = e100_rule(finding->rule);
    set_text(object, "rule", rule->id);
    set_text(object, "requirement", e100_requirement_name(rule->requirement));
    set_text(object, "text", rule->text);
    set_text(object, "section", rule->section);
  }
  set_text(object, "party", finding->party);
  set_text(object, "what", finding->what);
  set_text(object, "case", finding->case_path);
  set_text(object, finding->case_path != NULL ? "explanation" : "log", finding->text_path);
  set_text(object, "input", finding->input);
  struct e100_text replay = {0};
  e100_finding_replay(campaign, finding, &replay);
  set_text(object, "replay", replay.text);
  e100_text_free(&replay);
  return object;
}

static json_t *lanes_json(const struct e100_campaign *campaign) {
  json_t *lanes = json_array();
  for (size_t i = 0; i < campaign->lane_count; i++) {
    const struct e100_lane *lane = &campaign->lanes[i];
    json_t *object = json_object();
    set_text(object, "engine", lane->engine->name);
    set_text(object, "target", lane->target);
    e100_set_count(object, "executions", lane->executions);
    json_object_set_new(object, "seconds", json_real(lane->busy));
    json_object_set_new(object, "rate", json_real(rate_of(lane)));
    e100_set_count(object, "corpus", lane->corpus_size);
    json_object_set_new(object, "given_up", json_boolean(lane->stopped));
    if (lane->stability >= 0)
      json_object_set_new(object, "stability", json_real(lane->stability));
    json_array_append_new(lanes, object);
  }
  return lanes;
}

static void print_json(struct e100_campaign *campaign) {
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  json_t *findings = json_array();
  for (size_t i = 0; i < campaign->finding_count; i++)
    json_array_append_new(findings, e100_finding_json(campaign, &campaign->findings[i]));
  const char *subject = campaign->options.subject;
  json_t *document = e100_json_document("campaign", E100_CAMPAIGN_JSON_VERSION);
  set_text(document, "subject", subject != NULL ? subject : "reference");
  set_text(document, "out", campaign->options.out);
  e100_set_count(document, "seed", campaign->options.seed);
  json_object_set_new(document, "seconds", json_real(campaign->ran));
  json_object_set_new(document, "interrupted", json_boolean(campaign->interrupts > 0));
  json_object_set_new(document, "complete", json_boolean(!campaign->failed && !campaign->incomplete));
  json_object_set_new(document, "lanes", lanes_json(campaign));
  e100_set_count(document, "pairs", numbers.pairs);
  e100_set_count(document, "pairs_all", numbers.pairs_all);
  e100_set_count(document, "rules", numbers.rules);
  e100_set_count(document, "rules_all", numbers.rules_all);
  e100_set_count(document, "corpus", campaign->corpus);
  e100_set_count(document, "not_looked_at", e100_looks_left(campaign) + campaign->left_over);
  json_object_set_new(document, "findings", findings);
  struct e100_text out = {0};
  e100_json_line(document, &out);
  e100_put(&out);
}

/* ---- text ------------------------------------------------------------------------------------------------
 */

/* 1234567 as "1,234,567". */
static const char *grouped(double number, char out[32]) {
  char digits[32];
  int length = snprintf(digits, sizeof digits, "%.0f", number);
  size_t at = 0;
  for (int i = 0; i < length && at + 2 < 32; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      out[at++] = ',';
    out[at++] = digits[i];
  }
  out[at] = '\0';
  return out;
}

static void print_lanes(const struct e100_campaign *campaign) {
  printf("%-14s %-10s %15s %12s %9s %10s\n", "engine", "target", "executions", "per second", "corpus",
         "stability");
  for (size_t i = 0; i < campaign->lane_count; i++) {
    const struct e100_lane *lane = &campaign->lanes[i];
    char executions[32];
    char rate[32];
    char corpus[32];
    char stability[32] = "";
    if (lane->stability >= 0)
      snprintf(stability, sizeof stability, "%.2f %%", lane->stability);
    if (lane->starts == 0) {
      printf("%-14s %-10s %15s\n", lane->engine->title, lane->target, "not reached");
      continue;
    }
    printf("%-14s %-10s %15s %12s %9s %10s%s\n", lane->engine->title, lane->target,
           grouped((double)lane->executions, executions), grouped(rate_of(lane), rate),
           grouped((double)lane->corpus_size, corpus), stability, lane->stopped ? "  given up" : "");
  }
}

static void print_finding(const struct e100_campaign *campaign, const struct e100_campaign_finding *finding,
                          size_t number) {
  printf("\n%zu. %s\n", number, finding->cause);
  if (finding->rule != E100_RULE_NONE) {
    const struct e100_rule_data *rule = e100_rule(finding->rule);
    printf("   rule     %s: %s %s %s (%s)\n", rule->id, e100_bound_name(rule->bound),
           e100_requirement_name(rule->requirement), rule->text, rule->section);
  }
  if (finding->party != NULL)
    printf("   party    %s\n", finding->party);
  if (finding->what != NULL && finding->rule == E100_RULE_NONE)
    printf("   what     %s\n", finding->what);
  char executions[32];
  printf("   found    by %s in %s, after %s executions and %.1f s\n", finding->engine->title, finding->target,
         grouped((double)finding->executions, executions), finding->seconds);
  if (finding->case_path != NULL)
    printf("   case     %s\n", finding->case_path);
  else if (finding->input != NULL)
    printf("   input    %s%s\n", finding->input,
           finding->waits ? " (not minimised yet; the next campaign does it)" : "");
  if (finding->text_path != NULL)
    printf("   %s %s\n", finding->case_path != NULL ? "more in " : "log     ", finding->text_path);
  struct e100_text replay = {0};
  e100_finding_replay(campaign, finding, &replay);
  if (replay.text != NULL)
    printf("   replay   %s\n", replay.text);
  e100_text_free(&replay);
}

static void print_text(struct e100_campaign *campaign) {
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  if (campaign->interrupts > 0)
    printf("interrupted after %.1f s; what was found and grown so far is kept in %s\n\n", campaign->ran,
           campaign->options.out);
  print_lanes(campaign);
  printf("\npairs %zu of %zu, rules %zu of %zu, corpus %llu in %s/corpus, %.1f s, seed %u\n", numbers.pairs,
         numbers.pairs_all, numbers.rules, numbers.rules_all, (unsigned long long)campaign->corpus,
         campaign->options.out, campaign->ran, campaign->options.seed);
  size_t left = e100_looks_left(campaign) + campaign->left_over;
  if (left > 0)
    printf("%zu input%s not looked at yet; the next campaign does it\n", left, left == 1 ? "" : "s");
  if (campaign->finding_count == 0)
    printf("no findings\n");
  else
    printf("%zu finding%s\n", campaign->finding_count, campaign->finding_count == 1 ? "" : "s");
  for (size_t i = 0; i < campaign->finding_count; i++)
    print_finding(campaign, &campaign->findings[i], i + 1);
}

bool e100_summary_print(struct e100_campaign *campaign) {
  e100_live_hide(campaign);
  if (campaign->options.json)
    print_json(campaign);
  else
    print_text(campaign);
  return e100_output_finished();
}
