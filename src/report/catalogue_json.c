/* catalogue_json.c - rules and faults for other programs. */
#include "report/catalogue_json.h"
#include "report/verdict_json.h"
#include "rules/rules.h"

json_t *e100_rule_json(unsigned rule) {
  const struct e100_rule_data *data = e100_rule(rule);
  json_t *object =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", data->id, "bound",
                e100_bound_name(data->bound), "requirement", e100_requirement_name(data->requirement),
                "severity", e100_severity_name(e100_rule_severity(rule)), "seen", e100_seen_name(data->seen),
                "section", data->section, "text", data->text, "covers", e100_json_words(data->covers));
  E100_CHECK(object != NULL, "a rule can be made into JSON");
  return object;
}

json_t *e100_rules_json(void) {
  json_t *rules = json_array();
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    json_array_append_new(rules, e100_rule_json(rule));
  json_t *document = e100_json_document("rules", E100_RULES_JSON_VERSION);
  json_object_set_new(document, "rules", rules);
  return document;
}
