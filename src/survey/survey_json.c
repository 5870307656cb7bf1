/* survey_json.c - a survey as JSON, and the comparison with an older one. */
#include <string.h>

#include "survey/survey_report.h"

static const char *const cell_words[] = {[E100_SURVEYED_PENDING] = "pending",
                                         [E100_SURVEYED_PLAYED] = "played",
                                         [E100_SURVEYED_UNSUITED] = "unsuited",
                                         [E100_SURVEYED_FAILED] = "failed"};
static const char *const rule_words[] = {[E100_RULE_UNSEEN] = "unseen",
                                         [E100_RULE_OPEN] = "undecided",
                                         [E100_RULE_KEPT] = "kept",
                                         [E100_RULE_UNSTEADY] = "unsteady",
                                         [E100_RULE_BROKEN] = "broken"};

static json_t *finding_json(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                            const struct e100_surveyed_finding *surveyed) {
  const struct e100_finding *finding = &surveyed->finding;
  const struct e100_rule_data *rule = e100_rule(finding->rule);
  return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:b, s:o}", "rule", rule->id, "section",
                   rule->section, "severity", e100_severity_name(e100_rule_severity(finding->rule)), "party",
                   e100_party_name(finding->party), "request", (int)finding->request, "step",
                   (int)finding->step + 1, "seen", (int)surveyed->seen, "runs",
                   (int)e100_survey_runs(cell, surveyed), "confirmed",
                   e100_survey_confirmed(survey, cell, surveyed) ? 1 : 0, "without_expectation",
                   cell->controlled ? json_boolean(surveyed->without_expectation) : json_null());
}

/* A silence that came only amid other exchanges. */
static json_t *silence_json(const struct e100_surveyed_finding *silence) {
  const struct e100_finding *finding = &silence->finding;
  return json_pack("{s:s, s:s, s:i, s:i}", "rule", e100_rule(finding->rule)->id, "party",
                   e100_party_name(finding->party), "request", (int)finding->request, "seen",
                   (int)silence->seen);
}

static json_t *cell_json(const struct e100_survey *survey, size_t subject, size_t situation) {
  const struct e100_surveyed_cell *cell = &survey->subjects[subject].cells[situation];
  json_t *findings = json_array();
  for (unsigned i = 0; i < cell->count; i++)
    json_array_append_new(findings, finding_json(survey, cell, &cell->findings[i]));
  json_t *object =
      json_pack("{s:s, s:s, s:s, s:o}", "subject", survey->subjects[subject].name, "situation",
                survey->situations[situation].name, "state", cell_words[cell->state], "findings", findings);
  if (cell->why[0] != '\0')
    json_object_set_new(object, "why", json_string(cell->why));
  json_t *left_out = json_array();
  for (unsigned i = 0; i < cell->left_out_count; i++)
    if (e100_survey_left_out(cell, &cell->left_out[i]))
      json_array_append_new(left_out, silence_json(&cell->left_out[i]));
  if (json_array_size(left_out) > 0)
    json_object_set_new(object, "left_out", left_out);
  else
    json_decref(left_out);
  return object;
}

static json_t *subjects_json(const struct e100_survey *survey) {
  json_t *list = json_array();
  for (size_t i = 0; i < survey->subject_count; i++) {
    const struct e100_surveyed_subject *subject = &survey->subjects[i];
    json_t *rules = json_object();
    for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++)
      json_object_set_new(rules, e100_rule(rule)->id,
                          json_string(rule_words[e100_survey_rule(survey, i, rule)]));
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:i, s:o}", "name", subject->name, "role", e100_role_name(subject->role),
                  "reached", subject->reached ? 1 : 0, "settle", (int)subject->target.settle, "rules", rules);
    if (!subject->reached)
      json_object_set_new(object, "why", json_string(subject->why));
    if (subject->stopped)
      json_object_set_new(object, "stopped", json_string(e100_survey_stopped_at(survey, i)));
    json_array_append_new(list, object);
  }
  return list;
}

json_t *e100_survey_json(const struct e100_survey *survey, const char *command) {
  json_t *cells = json_array();
  json_t *situations = json_array();
  for (size_t i = 0; i < survey->subject_count; i++)
    for (size_t j = 0; j < survey->situation_count; j++)
      if (survey->subjects[i].cells[j].state != E100_SURVEYED_OTHER)
        json_array_append_new(cells, cell_json(survey, i, j));
  for (size_t j = 0; j < survey->situation_count; j++) {
    const char *title = survey->situations[j].play.title;
    json_array_append_new(situations, json_pack("{s:s, s:s%}", "name", survey->situations[j].name, "title",
                                                title, strcspn(title, "\n")));
  }
  return json_pack("{s:s, s:i, s:s, s:i, s:b, s:o, s:o, s:o}", "format", "expect100-survey", "version",
                   E100_SURVEY_JSON_VERSION, "command", command, "confirm", (int)survey->confirm, "complete",
                   survey->interrupted ? 0 : 1, "subjects", subjects_json(survey), "situations", situations,
                   "cells", cells);
}

/* ---- comparing --------------------------------------------------------------------------------------------
 */

static const char *word(const json_t *object, const char *key) {
  const char *value = json_string_value(json_object_get(object, key));
  return value != NULL ? value : "";
}

/* One line for a confirmed violation. */
static void add_line(const char *first, const char *subject, const char *situation, const json_t *finding,
                     struct e100_text *out) {
  e100_text_format(out, "%s: %s, %s: %s (%s)\n", first, subject, situation, word(finding, "rule"),
                   word(finding, "party"));
}

static bool is_confirmed_violation(const json_t *finding) {
  return json_is_true(json_object_get(finding, "confirmed")) &&
         strcmp(word(finding, "severity"), "violation") == 0;
}

static bool holds(const json_t *cells, const char *subject, const char *situation, const json_t *wanted) {
  size_t i = 0;
  size_t j = 0;
  const json_t *cell = NULL;
  const json_t *finding = NULL;
  json_array_foreach(cells, i, cell) {
    if (strcmp(word(cell, "subject"), subject) != 0 || strcmp(word(cell, "situation"), situation) != 0)
      continue;
    json_array_foreach(json_object_get(cell, "findings"), j, finding) {
      if (is_confirmed_violation(finding) && strcmp(word(finding, "rule"), word(wanted, "rule")) == 0 &&
          strcmp(word(finding, "party"), word(wanted, "party")) == 0)
        return true;
    }
  }
  return false;
}

/* Lines for what FROM has and OTHER has not; gives how many. */
static int add_difference(const json_t *from, const json_t *other, const char *first, struct e100_text *out) {
  size_t i = 0;
  size_t j = 0;
  int count = 0;
  const json_t *cell = NULL;
  const json_t *finding = NULL;
  json_array_foreach(from, i, cell) {
    json_array_foreach(json_object_get(cell, "findings"), j, finding) {
      if (!is_confirmed_violation(finding) ||
          holds(other, word(cell, "subject"), word(cell, "situation"), finding))
        continue;
      add_line(first, word(cell, "subject"), word(cell, "situation"), finding, out);
      count++;
    }
  }
  return count;
}

bool e100_survey_can_be_compared(const json_t *old, struct e100_text *why) {
  const json_t *version = json_object_get(old, "version");
  if (strcmp(word(old, "format"), "expect100-survey") != 0 || !json_is_array(json_object_get(old, "cells")))
    e100_text_format(why, "it is no survey; one is written with --json FILE");
  else if (json_integer_value(version) != E100_SURVEY_JSON_VERSION)
    e100_text_format(why, "it is of version %lld, and this program reads version %d",
                     (long long)json_integer_value(version), E100_SURVEY_JSON_VERSION);
  return why->length == 0;
}

int e100_survey_compare(const struct e100_survey *survey, const json_t *old, struct e100_text *out) {
  json_t *now = e100_survey_json(survey, "");
  int count = add_difference(json_object_get(now, "cells"), json_object_get(old, "cells"), "new", out);
  (void)add_difference(json_object_get(old, "cells"), json_object_get(now, "cells"), "gone", out);
  json_decref(now);
  return count;
}
