/* report_sarif.c - a report as SARIF 2.1.0: a rule of ours is a rule of theirs, a cause is a result. */
#include <stdlib.h>
#include <string.h>

#include "report/report_forms.h"

enum {
  RELATED_LIMIT = 20 /* further places of a result */
};

static void set(json_t *object, const char *name, json_t *value) {
  E100_CHECK(json_object_set_new(object, name, value) == 0, "a value of ours fits SARIF");
}

static json_t *message(const char *text) {
  return json_pack("{s:s}", "text", text);
}

static const char *level_of(const char *severity) {
  if (strcmp(severity, "violation") == 0)
    return "error";
  return strcmp(severity, "warning") == 0 ? "warning" : "note";
}

/* ---- places ------------------------------------------------------------------------------------- */

/* A path as a relative reference of RFC 3986. */
static json_t *uri_of(const char *path) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/@+=,";
  struct e100_text uri = {0};
  e100_text_format(&uri, path[0] == '/' ? "file://" : "");
  for (const char *c = path; *c != '\0'; c++) {
    if (strchr(plain, *c) != NULL)
      e100_text_add(&uri, c, 1);
    else
      e100_text_format(&uri, "%%%02X", (unsigned char)*c);
  }
  json_t *string = json_string(uri.text);
  e100_text_free(&uri);
  return string;
}

static json_t *location_of(const struct e100_report *report, const struct e100_report_run *run,
                           const struct e100_report_finding *finding) {
  const char *path = e100_report_path(report, finding);
  json_t *artifact = json_object();
  set(artifact, "uri", uri_of(path[0] != '\0' ? path : (run->file[0] != '\0' ? run->file : "findings.json")));
  json_t *region = json_object();
  set(region, "startLine", json_integer((json_int_t)e100_report_line(report, finding)));
  json_t *location = json_object();
  set(location, "physicalLocation", json_pack("{s:o, s:o}", "artifactLocation", artifact, "region", region));
  return location;
}

/* ---- rules -------------------------------------------------------------------------------------- */

static const char *rule_id(const struct e100_report_finding *finding) {
  return finding->rule[0] != '\0' ? finding->rule : finding->kind;
}

static json_t *rule_of(const struct e100_report_finding *finding) {
  struct e100_text text = {0};
  struct e100_text help = {0};
  bool of_a_rule = finding->rule[0] != '\0';
  if (of_a_rule)
    e100_text_format(&text, "%s: %s (%s)", finding->requirement, finding->text, finding->section);
  else
    e100_text_format(&text, "%s", finding->cause);
  e100_text_format(&help, "**%s**\n\n", rule_id(finding));
  if (of_a_rule)
    e100_text_format(
        &help,
        "%s %s.\n\nWritten in %s. `expect100 explain %s` shows the cases that break it and those "
        "that keep it.\n",
        finding->requirement, finding->text, finding->section, finding->rule);
  else
    e100_text_format(&help, "The log or the case of the finding says more.\n");
  json_t *rule = json_object();
  set(rule, "id", json_string(rule_id(finding)));
  set(rule, "shortDescription", message(of_a_rule ? finding->text : finding->kind));
  set(rule, "fullDescription", message(text.text));
  set(rule, "help", json_pack("{s:s, s:s}", "text", text.text, "markdown", help.text));
  set(rule, "defaultConfiguration", json_pack("{s:s}", "level", level_of(finding->severity)));
  const char *problem = level_of(finding->severity);
  set(rule, "properties",
      json_pack("{s:[s, s], s:s, s:s}", "tags", "http", "expect-100-continue", "precision", "very-high",
                "problem.severity", strcmp(problem, "note") == 0 ? "recommendation" : problem));
  e100_text_free(&text);
  e100_text_free(&help);
  return rule;
}

/* The index of the rule of FINDING among RULES, which get it where they lack it. */
static json_int_t rule_index(json_t *rules, const struct e100_report_finding *finding) {
  for (size_t i = 0; i < json_array_size(rules); i++)
    if (strcmp(json_string_value(json_object_get(json_array_get(rules, i), "id")), rule_id(finding)) == 0)
      return (json_int_t)i;
  json_array_append_new(rules, rule_of(finding));
  return (json_int_t)json_array_size(rules) - 1;
}

/* ---- results ------------------------------------------------------------------------------------ */

static json_t *result_message(const struct e100_report *report, const struct e100_report_finding *finding) {
  struct e100_text text = {0};
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  e100_text_format(&text, "%s.\n", report->groups[finding->group].name);
  e100_report_sentences(finding, &text);
  if (transcript != NULL && transcript->replay[0] != '\0')
    e100_text_format(&text, "Replay: %s\n", transcript->replay);
  json_t *said = message(text.text);
  e100_text_free(&text);
  return said;
}

/* The result of a group within a run; NULL where it has no finding there. The first place is that of the
 * smallest example, where it is of this run. */
static json_t *result_of(const struct e100_report *report, const struct e100_report_run *run, size_t group,
                         json_t *rules) {
  const struct e100_report_finding *first = NULL;
  uint64_t count = 0;
  json_t *related = json_array();
  for (size_t i = run->first_finding; i < run->first_finding + run->finding_count; i++) {
    const struct e100_report_finding *finding = &report->findings[i];
    if (finding->group != group || !e100_is_reported(finding))
      continue;
    count++;
    if (first == NULL || (int64_t)i == report->groups[group].smallest)
      first = finding;
  }
  for (size_t i = run->first_finding; i < run->first_finding + run->finding_count; i++) {
    const struct e100_report_finding *finding = &report->findings[i];
    if (finding->group == group && e100_is_reported(finding) && finding != first &&
        json_array_size(related) < RELATED_LIMIT)
      json_array_append_new(related, location_of(report, run, finding));
  }
  if (first == NULL) {
    json_decref(related);
    return NULL;
  }
  const char *id = report->groups[group].id;
  json_t *result = json_object();
  json_int_t index = rule_index(rules, first);
  set(result, "ruleId", json_string(rule_id(first)));
  set(result, "ruleIndex", json_integer(index));
  set(result, "level", json_string(level_of(first->severity)));
  set(result, "message", result_message(report, first));
  set(result, "locations", json_pack("[o]", location_of(report, run, first)));
  if (json_array_size(related) > 0)
    set(result, "relatedLocations", related);
  else
    json_decref(related);
  /* The first is the one that GitHub goes by. */
  set(result, "partialFingerprints",
      json_pack("{s:s+, s:s}", "primaryLocationLineHash", id, ":1", "expect100Cause/v1", id));
  set(result, "occurrenceCount", json_integer((json_int_t)(count > 0 ? count : 1)));
  if (first->known[0] != '\0')
    set(result, "suppressions", json_pack("[{s:s, s:s}]", "kind", "external", "justification", first->known));
  return result;
}

static json_t *run_of(const struct e100_report *report, const struct e100_report_run *run) {
  json_t *rules = json_array();
  json_t *results = json_array();
  for (size_t i = 0; i < report->group_count; i++) {
    json_t *result = result_of(report, run, i, rules);
    if (result != NULL)
      json_array_append_new(results, result);
  }
  struct e100_text category = {0};
  e100_text_format(&category, "expect100/%s/", run->subject);
  json_t *driver = json_pack("{s:s, s:s, s:o}", "name", run->tool, "version", run->version, "rules", rules);
  json_t *sarif =
      json_pack("{s:{s:o}, s:[{s:s, s:b}], s:{s:s}, s:s, s:o}", "tool", "driver", driver, "invocations",
                "commandLine", run->command, "executionSuccessful", run->unreadable == 0, "automationDetails",
                "id", category.text, "columnKind", "utf16CodeUnits", "results", results);
  E100_CHECK(sarif != NULL, "a run can be made into SARIF");
  e100_text_free(&category);
  return sarif;
}

void e100_report_sarif(const struct e100_report *report, struct e100_text *out) {
  json_t *runs = json_array();
  for (size_t i = 0; i < report->run_count; i++)
    json_array_append_new(runs, run_of(report, &report->runs[i]));
  json_t *document = json_pack("{s:s, s:s, s:o}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
                               "version", "2.1.0", "runs", runs);
  char *text = json_dumps(document, JSON_INDENT(1));
  E100_CHECK(text != NULL, "SARIF can be printed");
  e100_text_add(out, text, strlen(text));
  e100_text_add(out, "\n", 1);
  free(text);
  json_decref(document);
}
