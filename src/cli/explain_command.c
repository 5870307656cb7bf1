/* explain_command.c - one rule: what it asks, of whom, how a breach is seen, which cases show it; or one
 * fault: what it does, and which rules catch it. */
#include <string.h>
#include <strings.h>

#include "cli/lookups.h"
#include "report/catalogue_json.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

enum { EXPLAIN_JSON_VERSION = 1 };

struct showing_cases {
  const char *rule;
  json_t *cases;
};

static int collect(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct showing_cases *showing = user;
  bool shows = false;
  for (uint32_t i = 0; i < exchange->shows_count; i++)
    shows = shows || strcmp(exchange->shows[i], showing->rule) == 0;
  if (shows) {
    exchange->title[strcspn(exchange->title, "\n")] = '\0';
    json_t *object = json_object();
    json_object_set_new(object, "case", e100_json_string(source->name));
    json_object_set_new(object, "title", e100_json_string(exchange->title));
    json_array_append_new(showing->cases, object);
  }
  return E100_EXIT_FINE;
}

static bool catches(unsigned rule, const struct e100_fault_data *fault) {
  return e100_fault_names_rule(fault->must_fire, rule) || e100_fault_names_rule(fault->may_fire, rule);
}

static void explain_rule_text(unsigned rule, json_t *cases) {
  const struct e100_rule_data *data = e100_rule(rule);
  struct e100_text sentence = {0};
  e100_rule_sentence(rule, &sentence);
  printf("%s\n\n  %s\n\n", data->id, sentence.text);
  printf("  section      %s\n", data->section);
  printf("  who          %s\n", e100_bound_name(data->bound));
  printf("  requirement  %s (a breach is a %s)\n", e100_requirement_name(data->requirement),
         e100_severity_name(e100_rule_severity(rule)));
  printf("  how seen     %s: %s\n", e100_seen_name(data->seen), e100_seen_sentence(data->seen));
  printf("  covers       %s\n", data->covers);
  size_t i = 0;
  json_t *one = NULL;
  json_array_foreach(cases, i, one) {
    struct e100_text line = {0};
    e100_add_plain(&line, e100_base_name(json_string_value(json_object_get(one, "case"))));
    e100_text_format(&line, ": ");
    e100_add_plain(&line, json_string_value(json_object_get(one, "title")));
    printf("  %-12s %s\n", i == 0 ? "shown by" : "", line.text);
    e100_text_free(&line);
  }
  if (json_array_size(cases) == 0)
    printf("  shown by     no case that was found\n");
  for (size_t k = 0, shown = 0; e100_fault_at(k) != NULL; k++)
    if (catches(rule, e100_fault_at(k)))
      printf("  %-12s %s: %s\n", shown++ == 0 ? "catches" : "", e100_fault_at(k)->name,
             e100_fault_at(k)->text);
  e100_text_free(&sentence);
}

static void put_document(json_t *document) {
  struct e100_text out = {0};
  e100_json_line(document, &out);
  e100_put(&out);
}

static int explain_rule(unsigned rule, const char *folder, bool json) {
  struct showing_cases showing = {.rule = e100_rule(rule)->id, .cases = json_array()};
  size_t count = 0;
  int code = e100_each_own_case(folder, collect, &showing, &count);
  if (json) {
    json_t *document = e100_json_document("rule", EXPLAIN_JSON_VERSION);
    json_object_set_new(document, "rule", e100_rule_json(rule));
    json_object_set(document, "cases", showing.cases);
    json_t *faults = json_array();
    for (size_t i = 0; e100_fault_at(i) != NULL; i++)
      if (catches(rule, e100_fault_at(i)))
        json_array_append_new(faults, json_string(e100_fault_at(i)->name));
    json_object_set_new(document, "faults", faults);
    put_document(document);
  } else {
    explain_rule_text(rule, showing.cases);
  }
  json_decref(showing.cases);
  return code;
}

static void print_rules(const char *heading, const uint16_t set[E100_FAULT_RULES]) {
  for (size_t i = 0; i < E100_FAULT_RULES && set[i] != E100_RULE_NONE; i++)
    printf("  %-12s %s\n", i == 0 ? heading : "", e100_rule(set[i])->id);
}

static int explain_fault(const struct e100_fault_data *fault, bool json) {
  if (json) {
    json_t *document = e100_json_document("fault", EXPLAIN_JSON_VERSION);
    json_object_set_new(document, "fault", e100_fault_json(fault));
    put_document(document);
    return E100_EXIT_FINE;
  }
  printf("%s\n\n  %s\n\n", fault->name, fault->text);
  printf("  subject      fault:%s, of the role %s\n", fault->name, e100_role_name(fault->role));
  printf("  class        %s\n", e100_fault_class_name(fault->class_letter));
  printf("  kind         %s\n", fault->kind);
  printf("  catalogue    %s\n", fault->ids);
  printf("  precedents   %s\n", fault->precedents);
  print_rules("must fire", fault->must_fire);
  print_rules("may fire", fault->may_fire);
  return E100_EXIT_FINE;
}

/* The fault of that name in any letter case, also as the subject that it is ("fault:never-100"). */
static const struct e100_fault_data *fault_in_any_case(const char *name) {
  static const char subject[] = "fault:";
  if (strncasecmp(name, subject, sizeof subject - 1) == 0)
    name += sizeof subject - 1;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++)
    if (strcasecmp(e100_fault_at(i)->name, name) == 0)
      return e100_fault_at(i);
  return NULL;
}

/* The rules, then the faults. */
static const char *name_at(size_t index) {
  if (index + 1 < E100_RULE_COUNT)
    return e100_rule_name_at(index);
  const struct e100_fault_data *fault = e100_fault_at(index + 1 - E100_RULE_COUNT);
  return fault != NULL ? fault->name : NULL;
}

int e100_cli_explain(int argc, char **argv) {
  bool json = false;
  const char *cases = NULL;
  const struct e100_option options[] = {
      {"cases", "DIR", "where to look for cases that show it; default those that came along", NULL, &cases},
      {"json", NULL, "as one JSON document", &json, NULL},
  };
  const struct e100_usage usage = {
      .command = "explain",
      .operands = "RULE|FAULT",
      .sentence = "Explains a rule (what is asked of whom, what shows it) or a fault (what it does).",
      .details = "The letter case of the name does not count.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands != 1) {
    e100_complain(NULL, "explain: name one rule or fault; see expect100 list rules and list faults");
    return E100_EXIT_CANNOT;
  }
  enum e100_rule rule = e100_rule_in_any_case(argv[1]);
  if (rule != E100_RULE_NONE)
    return explain_rule(rule, cases, json);
  const struct e100_fault_data *fault = fault_in_any_case(argv[1]);
  if (fault != NULL)
    return explain_fault(fault, json);
  e100_complain_unknown("rule or fault", argv[1], name_at, "expect100 list rules and list faults");
  return E100_EXIT_CANNOT;
}
