/* list_command.c - what there is: rules, faults, targets, subjects, cases. */
#include <string.h>

#include "cli/lookups.h"
#include "report/catalogue_json.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

enum { LIST_JSON_VERSION = 1 };

static void print_document(json_t *document) {
  struct e100_text out = {0};
  e100_json_line(document, &out);
  e100_put(&out);
}

static int list_rules(bool json) {
  if (json) {
    print_document(e100_rules_json());
    return E100_EXIT_FINE;
  }
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    struct e100_text sentence = {0};
    e100_rule_sentence(rule, &sentence);
    printf("%-28s %-17s %s\n", e100_rule(rule)->id, e100_rule(rule)->section, sentence.text);
    e100_text_free(&sentence);
  }
  return E100_EXIT_FINE;
}

static int list_faults(bool json) {
  if (json) {
    print_document(e100_faults_json());
    return E100_EXIT_FINE;
  }
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    printf("%-28s %-10s %-16s %s\n", fault->name, fault->ids, e100_fault_class_name(fault->class_letter),
           fault->text);
  }
  return E100_EXIT_FINE;
}

static int list_targets(bool json) {
  json_t *targets = json_array();
  for (size_t i = 0; e100_target_at(i) != NULL; i++) {
    const struct e100_target *target = e100_target_at(i);
    if (!json)
      printf("%-10s %s\n", target->name, target->property);
    json_array_append_new(targets, json_pack("{s:s, s:s, s:b}", "name", target->name, "property",
                                             target->property, "plays", (int)target->plays));
  }
  json_t *document = e100_json_document("targets", LIST_JSON_VERSION);
  json_object_set_new(document, "targets", targets);
  if (json)
    print_document(document);
  else
    json_decref(document);
  return E100_EXIT_FINE;
}

static json_t *abilities(const struct e100_subject *subject) {
  static const struct {
    unsigned bit;
    const char *name;
  } names[] = {{E100_CAN_SNAPSHOT, "snapshot"},
               {E100_SHOWS_APPLICATION, "application"},
               {E100_HAS_TIMERS, "timers"},
               {E100_IS_ASYNCHRONOUS, "asynchronous"},
               {E100_IS_FOREIGN, "foreign"}};
  json_t *list = json_array();
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if ((subject->abilities & names[i].bit) != 0)
      json_array_append_new(list, json_string(names[i].name));
  return list;
}

static int list_subjects(bool json) {
  json_t *list = json_array();
  for (size_t i = 0; e100_subject_at(i) != NULL; i++) {
    const struct e100_subject *subject = e100_subject_at(i);
    if (!json)
      printf("%-32s %-8s %s\n", subject->name, e100_role_name(subject->role), subject->summary);
    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", subject->name, "role",
                                          e100_role_name(subject->role), "summary", subject->summary,
                                          "abilities", abilities(subject)));
  }
  json_t *document = e100_json_document("subjects", LIST_JSON_VERSION);
  json_object_set_new(document, "subjects", list);
  if (json)
    print_document(document);
  else
    json_decref(document);
  return E100_EXIT_FINE;
}

struct case_listing {
  bool json;
  json_t *cases;
};

static int list_one_case(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct case_listing *listing = user;
  if (!listing->json) {
    struct e100_text line = {0};
    exchange->title[strcspn(exchange->title, "\n")] = '\0';
    e100_add_plain(&line, source->name);
    e100_text_format(&line, ": ");
    e100_add_plain(&line, exchange->title);
    printf("%s\n", line.text);
    e100_text_free(&line);
    return E100_EXIT_FINE;
  }
  json_t *shows = json_array();
  for (uint32_t i = 0; i < exchange->shows_count; i++)
    json_array_append_new(shows, e100_json_string(exchange->shows[i]));
  json_t *object = json_object();
  json_object_set_new(object, "case", e100_json_string(source->name));
  json_object_set_new(object, "kind", json_string(exchange->kind == E100_KIND_PLAY ? "play" : "judge"));
  json_object_set_new(object, "role", json_string(e100_role_name(exchange->role)));
  json_object_set_new(object, "title", e100_json_string(exchange->title));
  json_object_set_new(object, "shows", shows);
  json_array_append_new(listing->cases, object);
  return E100_EXIT_FINE;
}

static int list_cases(bool json, const char *folder) {
  struct case_listing listing = {.json = json, .cases = json_array()};
  size_t count = 0;
  int code = e100_each_own_case(folder, list_one_case, &listing, &count);
  if (count == 0 && code == E100_EXIT_FINE) {
    e100_complain(folder, "there are no cases; name a folder of cases with --cases");
    code = E100_EXIT_CANNOT;
  }
  json_t *document = e100_json_document("cases", LIST_JSON_VERSION);
  json_object_set_new(document, "cases", listing.cases);
  if (json)
    print_document(document);
  else
    json_decref(document);
  return code;
}

int e100_cli_list(int argc, char **argv) {
  bool json = false;
  const char *cases = NULL;
  const struct e100_option options[] = {
      {"cases", "DIR", "with cases: the folder to look in; default those that came along", NULL, &cases},
      {"json", NULL, "as one JSON document", &json, NULL},
  };
  const struct e100_usage usage = {.command = "list",
                                   .operands = "rules|faults|targets|subjects|cases",
                                   .sentence = "Lists what there is.",
                                   .details = "",
                                   .options = options,
                                   .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  const char *what = operands == 1 ? argv[1] : "";
  if (strcmp(what, "rules") == 0)
    return list_rules(json);
  if (strcmp(what, "faults") == 0)
    return list_faults(json);
  if (strcmp(what, "targets") == 0)
    return list_targets(json);
  if (strcmp(what, "subjects") == 0)
    return list_subjects(json);
  if (strcmp(what, "cases") == 0)
    return list_cases(json, cases);
  e100_complain(NULL, "list: name one of rules, faults, targets, subjects, cases");
  return E100_EXIT_CANNOT;
}
