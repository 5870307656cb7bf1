/* diagnose_command.c - which hop refuses the expectation, and what to do. */
#include <jansson.h>

#include "capture/diagnosis.h"
#include "cli/access_log.h"
#include "cli/captures.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

static void add_cure(void *user, bool at_client, const char *program, const char *setting) {
  json_array_append_new(user, json_pack("{s:s, s:s, s:s}", "at", at_client ? "client" : "hop", "program",
                                        program, "setting", setting));
}

static json_t *group_json(const struct e100_refusal *refusal) {
  json_t *group = json_object(), *cures = json_array();
  json_object_set_new(group, "count", json_integer((json_int_t)refusal->count));
  json_object_set_new(group, "server", e100_json_string(refusal->server));
  json_object_set_new(group, "product", e100_json_string(refusal->product));
  json_object_set_new(group, "via", e100_json_string(refusal->via));
  json_object_set_new(group, "client", e100_json_string(refusal->client));
  json_object_set_new(group, "address", e100_json_string(refusal->address));
  json_object_set_new(group, "asked", json_string(e100_asked_name(refusal->asked)));
  json_object_set_new(group, "http10", json_boolean(refusal->minor == 0));
  e100_refusal_cures(refusal, add_cure, cures);
  json_object_set_new(group, "cures", cures);
  return group;
}

static void put_json(const struct e100_refusals *refusals) {
  struct e100_text out = {0};
  json_t *document = e100_json_document("diagnosis", 1), *groups = json_array();
  for (size_t i = 0; i < refusals->count; i++)
    json_array_append_new(groups, group_json(&refusals->groups[i]));
  json_object_set_new(document, "responses", json_integer((json_int_t)refusals->answers));
  json_object_set_new(document, "further", json_integer((json_int_t)refusals->further));
  json_object_set_new(document, "groups", groups);
  e100_json_line(document, &out);
  e100_put(&out);
}

static void put_text(const struct e100_refusals *refusals, bool log) {
  struct e100_text out = {0};
  e100_diagnosis_text(refusals, &out);
  if (refusals->count == 0)
    e100_text_format(&out, "no 417 in %llu final responses\n", (unsigned long long)refusals->answers);
  else if (log)
    e100_text_format(&out,
                     "\nA log does not say whether a request had Expect, nor what passed before the 417: for "
                     "that, capture one upload.\n");
  e100_put(&out);
}

int e100_cli_diagnose(int argc, char **argv) {
  bool json = false, log = false;
  const char *format = NULL;
  const struct e100_option options[] = {
      {"log-format", "FORMAT", "combined (default), or json:STATUS,CLIENT,AGENT,UPSTREAM: the log's own keys",
       NULL, &format},
      {"json", NULL, "one line of JSON", &json, NULL},
  };
  const struct e100_usage usage = {
      .command = "diagnose",
      .operands = "FILE...",
      .sentence = "Groups the 417s of captures and access logs by the hop that refused, and says what to do.",
      .details = "Exit code: 0 no 417, 1 there are some, 2 something could not be read.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0, code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands == 0) {
    e100_complain(NULL, "diagnose: name at least one capture or access log; see expect100 diagnose --help");
    return E100_EXIT_CANNOT;
  }
  struct e100_refusals refusals = {0};
  const struct e100_capture_look look = {0};
  code = E100_EXIT_FINE;
  for (int i = 1; i <= operands; i++) {
    bool capture = e100_is_capture(argv[i]);
    log = log || !capture;
    bool good = capture ? e100_judge_capture(argv[i], &look, NULL, &refusals) != E100_EXIT_CANNOT
                        : e100_access_log_read(argv[i], format, &refusals);
    code = good ? code : E100_EXIT_CANNOT;
  }
  if (json)
    put_json(&refusals);
  else if (code == E100_EXIT_FINE || refusals.answers > 0)
    put_text(&refusals, log);
  if (code == E100_EXIT_FINE && refusals.count > 0)
    code = E100_EXIT_FOUND;
  e100_refusals_free(&refusals);
  return code;
}
