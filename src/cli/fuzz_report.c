/* fuzz_report.c - the findings file of a campaign: what it found, and the curves of its numbers. */
#include <jansson.h>
#include <stdlib.h>

#include "cli/fuzz.h"
#include "report/verdict_json.h"

enum {
  SAMPLES_LIMIT = 1000 /* of one campaign: beyond it, every second one goes */
};

/* ---- curves -----------------------------------------------------------------------------------------------
 */

static void thin_out(struct e100_campaign *campaign) {
  for (size_t i = json_array_size(campaign->samples); i > 0; i--)
    if (i % 2 == 0)
      json_array_remove(campaign->samples, i - 1);
  campaign->samples_stride *= 2;
}

void e100_campaign_sample(struct e100_campaign *campaign, const struct e100_numbers *numbers) {
  if (campaign->samples == NULL) {
    campaign->samples = json_array();
    campaign->samples_stride = 1;
  }
  bool over = campaign->phase == E100_PHASE_OVER; /* the last one is always kept */
  if (!over && campaign->samples_passed++ % campaign->samples_stride != 0)
    return;
  uint64_t executions = 0;
  for (size_t i = 0; i < E100_ENGINES_LIMIT; i++)
    executions += numbers->executions[i];
  double elapsed = e100_now() - campaign->start;
  json_t *sample = json_object();
  json_object_set_new(sample, "elapsed", json_real(elapsed > 0 ? elapsed : 0));
  e100_set_count(sample, "executions", executions);
  e100_set_count(sample, "pairs", numbers->pairs);
  e100_set_count(sample, "rules", numbers->rules);
  e100_set_count(sample, "corpus", campaign->corpus);
  e100_set_count(sample, "findings", campaign->finding_count);
  json_array_append_new(campaign->samples, sample);
  if (json_array_size(campaign->samples) > SAMPLES_LIMIT)
    thin_out(campaign);
}

static json_t *campaign_json(struct e100_campaign *campaign) {
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  json_t *object = json_object();
  e100_set_count(object, "pairs_all", numbers.pairs_all);
  e100_set_count(object, "rules_all", numbers.rules_all);
  json_object_set_new(object, "samples", campaign->samples != NULL ? campaign->samples : json_array());
  campaign->samples = NULL;
  return object;
}

/* ---- findings ---------------------------------------------------------------------------------------------
 */

static void set_text(json_t *object, const char *name, const char *text) {
  if (text != NULL && text[0] != '\0')
    json_object_set_new(object, name, e100_json_string(text));
}

/* A finding that no case shows: a crash, or a cause that is not minimised. */
static json_t *raw_finding(const struct e100_campaign_finding *finding) {
  static const char *const kinds[] = {"invariant", "crash", "timeout", "memory", "unstable"};
  json_t *object = json_pack("{s:s, s:s, s:b, s:b}", "kind", kinds[finding->kind], "severity", "violation",
                             "fails", 1, "own", 1);
  E100_CHECK(object != NULL, "a finding can be made into JSON");
  set_text(object, "cause", finding->cause);
  set_text(object, "what", finding->what);
  set_text(object, "log", finding->text_path);
  set_text(object, "input", finding->input);
  return object;
}

static void add(struct e100_campaign *campaign, struct e100_campaign_finding *finding) {
  json_t *object = finding->reported != NULL ? json_deep_copy(finding->reported) : raw_finding(finding);
  set_text(object, "engine", finding->engine->title);
  set_text(object, "target", finding->target);
  e100_set_count(object, "executions", finding->executions);
  e100_findings_file_add_json(&campaign->options.output.file, object, json_incref(finding->transcript));
}

int e100_campaign_report(struct e100_campaign *campaign, int code) {
  struct e100_findings_output *output = &campaign->options.output;
  char *path = e100_format("%s/findings.json", campaign->options.out);
  if (output->findings == NULL)
    output->findings = path;
  e100_findings_output_begin(output, campaign->options.invocation,
                             campaign->options.subject != NULL ? campaign->options.subject : "reference");
  for (size_t i = 0; i < campaign->finding_count; i++)
    add(campaign, &campaign->findings[i]);
  json_object_set_new(output->file.document, "campaign", campaign_json(campaign));
  code = e100_findings_output_end(output, code);
  free(path);
  return code;
}
