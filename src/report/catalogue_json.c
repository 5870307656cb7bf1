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

bool e100_fault_names_rule(const uint16_t set[E100_FAULT_RULES], unsigned rule) {
  for (size_t i = 0; i < E100_FAULT_RULES && set[i] != E100_RULE_NONE; i++)
    if (set[i] == rule)
      return true;
  return false;
}

static json_t *rule_ids(const uint16_t set[E100_FAULT_RULES]) {
  json_t *ids = json_array();
  for (size_t i = 0; i < E100_FAULT_RULES && set[i] != E100_RULE_NONE; i++)
    json_array_append_new(ids, json_string(e100_rule(set[i])->id));
  return ids;
}

json_t *e100_fault_json(const struct e100_fault_data *fault) {
  json_t *object = json_pack(
      "{s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "name", fault->name, "ids",
      e100_json_words(fault->ids), "precedents", e100_json_words(fault->precedents), "role",
      e100_role_name(fault->role), "class", e100_fault_class_name(fault->class_letter), "kind", fault->kind,
      "text", fault->text, "must_fire", rule_ids(fault->must_fire), "may_fire", rule_ids(fault->may_fire));
  E100_CHECK(object != NULL, "a fault can be made into JSON");
  return object;
}

json_t *e100_faults_json(void) {
  json_t *faults = json_array();
  for (size_t i = 0; e100_fault_at(i) != NULL; i++)
    json_array_append_new(faults, e100_fault_json(e100_fault_at(i)));
  json_t *document = e100_json_document("faults", E100_FAULTS_JSON_VERSION);
  json_object_set_new(document, "faults", faults);
  return document;
}
