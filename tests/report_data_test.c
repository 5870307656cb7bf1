/*
 * report_data_test.c - findings files: what is written can be read, what is broken is refused, and whatever
 * is read can be reported in every form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/findings_file.h"
#include "report/report_forms.h"

static const char bad[] = "# The client waits, \"and\" <nobody> answers & all is lost.\n"
                          "kind: judge\n"
                          "role: origin\n"
                          "\n"
                          "-- client --\n"
                          "PUT /upload HTTP/1.1\n"
                          "Host: example.com\n"
                          "Content-Length: 5\n"
                          "Expect: 100-continue\n"
                          "\n"
                          "-- settled --\n"
                          "-- client --\n"
                          "hello\\\n"
                          "-- origin --\n"
                          "HTTP/1.1 100 Continue\n"
                          "Content-Length: 1\n"
                          "\n"
                          "HTTP/1.1 201 Created\n"
                          "Content-Length: 0\n"
                          "\n";

/* Adds the exchange above under a name; gives how many findings it has. */
static uint32_t add_bad(struct e100_findings_file *file, const char *name) {
  struct e100_exchange exchange;
  struct e100_verdict verdict;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)bad, strlen(bad), false, NULL, NULL);
  e100_judge(&exchange, &verdict);
  const struct e100_looked_at looked = {.name = name,
                                        .path = name,
                                        .text = bad,
                                        .text_length = strlen(bad),
                                        .exchange = &exchange,
                                        .transcript = &exchange,
                                        .verdict = &verdict,
                                        .replay = "expect100 judge x",
                                        .result = E100_RESULT_FAILED};
  e100_findings_file_add(file, &looked);
  uint32_t count = verdict.findings.count;
  e100_exchange_free(&exchange);
  return count;
}

static void begin(struct e100_findings_file *file) {
  e100_findings_file_begin(file, "1.2.3", "expect100 judge x", NULL);
}

/* A whole file with all that can be in one. */
static json_t *sample_document(void) {
  static const char *const columns[] = {"one", "two"};
  static const enum e100_cell cells[] = {E100_CELL_GOOD, E100_CELL_BAD};
  static const char *const words[] = {"100", "silence"};
  struct e100_findings_file file;
  begin(&file);
  assert_true(add_bad(&file, "a/one.case") >= 2);
  (void)add_bad(&file, "a/two.case");
  e100_findings_file_add_json(&file,
                              json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:i, s:s}", "kind", "crash",
                                        "cause", "reader.c:7", "severity", "violation", "fails", 1, "own", 1,
                                        "log", "crash.log", "engine", "libFuzzer", "executions", 7, "target",
                                        "raw"),
                              NULL);
  e100_findings_file_columns(&file, columns, 2);
  e100_findings_file_row(&file, "asks", cells, words, 2);
  json_object_set_new(
      file.document, "campaign",
      json_pack("{s:i, s:i, s:[{s:f, s:i, s:i, s:i, s:i, s:i}, {s:f, s:i, s:i, s:i, s:i, s:i}]}", "pairs_all",
                9, "rules_all", 9, "samples", "elapsed", 0.0, "executions", 0, "pairs", 0, "rules", 0,
                "corpus", 0, "findings", 0, "elapsed", 1.0, "executions", 9, "pairs", 3, "rules", 2, "corpus",
                1, "findings", 1));
  json_t *document = json_incref(file.document);
  e100_findings_file_free(&file);
  return document;
}

/* Every form of it; what they look like is tested on the program. */
static size_t report_all(struct e100_report *report) {
  const struct e100_case_notes none = {0};
  struct e100_text out = {0};
  e100_report_sort(report);
  e100_report_triage(report, &out);
  e100_report_sarif(report, &out);
  e100_report_junit(report, &out);
  e100_report_github(report, &out);
  e100_report_markdown(report, &none, &out);
  e100_report_page(report, &none, &out);
  size_t length = out.length;
  e100_text_free(&out);
  return length;
}

/* Whether a document is read; reports it where it is. */
static bool is_read(json_t *document) {
  struct e100_report report = {0};
  char reason[128] = "";
  bool good = e100_report_add(&report, document, "x.json", reason, sizeof reason);
  assert_true(good == (reason[0] == '\0'));
  for (const char *c = reason; *c; c++)
    assert_in_range(*c, ' ', '~');
  if (good)
    assert_true(report_all(&report) > 0);
  else
    assert_int_equal(report.run_count + report.finding_count + report.group_count, 0);
  e100_report_free(&report);
  return good;
}

static void what_is_written_can_be_read(void **state) {
  (void)state;
  json_t *document = sample_document();
  struct e100_report report = {0};
  char reason[128];
  assert_true(e100_report_add(&report, document, "one.json", reason, sizeof reason));
  size_t groups = report.group_count;
  size_t findings = report.finding_count;
  uint64_t violations = e100_report_count(&report, "violation");
  assert_true(groups >= 3 && findings >= 5 && violations >= 5);
  assert_int_equal(report.transcript_count, 2);
  assert_int_equal(report.case_count, 2);
  /* Once more: the same causes are the same groups, and everything else is there twice. */
  assert_true(e100_report_add(&report, document, "two.json", reason, sizeof reason));
  e100_report_sort(&report);
  assert_int_equal(report.group_count, groups);
  assert_int_equal(report.finding_count, 2 * findings);
  assert_int_equal(e100_report_count(&report, "violation"), 2 * violations);
  for (size_t i = 0; i < report.finding_count; i++) {
    const struct e100_report_finding *finding = &report.findings[i];
    assert_string_equal(finding->group_id, report.groups[finding->group].id);
    assert_true(finding->exchange < (int64_t)report.transcript_count);
  }
  for (size_t i = 0; i < groups; i++)
    assert_string_equal(report.findings[report.groups[i].smallest].group_id, report.groups[i].id);
  e100_report_free(&report);
  json_decref(document);
}

static void half_a_file_is_refused(void **state) {
  (void)state;
  json_t *document = sample_document();
  char *text = json_dumps(document, JSON_COMPACT | JSON_ENSURE_ASCII);
  struct e100_report report = {0};
  char reason[128];
  for (size_t length = 0; length < strlen(text); length += length < 200 ? 1 : 61)
    assert_false(e100_report_add_text(&report, text, length, "x.json", reason, sizeof reason));
  assert_true(e100_report_add_text(&report, text, strlen(text), "x.json", reason, sizeof reason));
  e100_report_free(&report);
  free(text);
  json_decref(document);
}

/* ---- each value replaced by each of some others ------------------------------------------------- */

static json_t *other_value(unsigned choice) {
  switch (choice) {
  case 0:
    return json_null();
  case 1:
    return json_integer(-1);
  case 2:
    return json_integer(INT64_MAX);
  case 3:
    return json_string("\"><script>\x01");
  case 4:
    return json_array();
  case 5:
    return json_pack("{s:s}", "a", "b");
  case 6:
    return json_stringn("a\0b", 3);
  default:
    return json_true();
  }
}
enum { OTHER_VALUES = 8 };

struct changing {
  json_t *document;
  size_t good, refused;
};

static void try_it(struct changing *changing) {
  if (is_read(changing->document))
    changing->good++;
  else
    changing->refused++;
}

static void change_below(struct changing *changing, json_t *value);

static void change_members(struct changing *changing, json_t *object) {
  const char *key = NULL;
  json_t *value = NULL;
  void *next = NULL;
  json_object_foreach_safe(object, next, key, value) {
    char name[64];
    (void)snprintf(name, sizeof name, "%s", key);
    json_t *own = json_incref(value);
    for (unsigned i = 0; i < OTHER_VALUES; i++) {
      json_object_set_new(object, name, other_value(i));
      try_it(changing);
    }
    json_object_set(object, name, own);
    change_below(changing, own);
    json_decref(own);
  }
}

static void change_below(struct changing *changing, json_t *place) {
  if (json_is_object(place))
    change_members(changing, place);
  for (size_t i = 0; json_is_array(place) && i < json_array_size(place) && i < 2; i++) {
    json_t *own = json_incref(json_array_get(place, i));
    for (unsigned j = 0; j < OTHER_VALUES; j++) {
      json_array_set_new(place, i, other_value(j));
      try_it(changing);
    }
    json_array_set(place, i, own);
    change_below(changing, own);
    json_decref(own);
  }
}

static void what_is_broken_is_refused_or_harmless(void **state) {
  (void)state;
  struct changing changing = {.document = sample_document()};
  change_below(&changing, changing.document);
  assert_true(changing.good > 100 && changing.refused > 1000);
  assert_true(is_read(changing.document)); /* everything was put back */
  json_decref(changing.document);
}

/* ---- limits ------------------------------------------------------------------------------------- */

static void a_group_keeps_so_many_and_counts_all(void **state) {
  (void)state;
  struct e100_findings_file file;
  begin(&file);
  uint32_t each = 0;
  for (unsigned i = 0; i < E100_REPORTED_GROUP_LIMIT + 50U; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%u.case", i);
    each = add_bad(&file, name);
  }
  const json_t *group = json_array_get(json_object_get(file.document, "groups"), 0);
  assert_int_equal(json_integer_value(json_object_get(group, "count")), E100_REPORTED_GROUP_LIMIT + 50);
  assert_int_equal(json_integer_value(json_object_get(group, "kept")), E100_REPORTED_GROUP_LIMIT);
  const json_t *left_out = json_object_get(json_object_get(file.document, "left_out"), "findings");
  assert_int_equal(json_integer_value(left_out), 50 * (json_int_t)each);
  assert_int_equal(json_array_size(json_object_get(file.document, "transcripts")), E100_REPORTED_GROUP_LIMIT);
  assert_true(is_read(file.document));
  e100_findings_file_free(&file);
}

static json_t *crash(unsigned number) {
  char cause[32];
  (void)snprintf(cause, sizeof cause, "crash %u", number);
  return json_pack("{s:s, s:s, s:s, s:b, s:b}", "kind", "crash", "cause", cause, "severity", "violation",
                   "fails", 1, "own", 1);
}

static void there_are_only_so_many_groups(void **state) {
  (void)state;
  struct e100_findings_file file;
  begin(&file);
  for (unsigned i = 0; i < E100_REPORTED_GROUPS_LIMIT + 10U; i++)
    e100_findings_file_add_json(&file, crash(i), NULL);
  assert_int_equal(json_array_size(json_object_get(file.document, "groups")), E100_REPORTED_GROUPS_LIMIT);
  assert_int_equal(json_array_size(json_object_get(file.document, "findings")), E100_REPORTED_FINDINGS_LIMIT);
  assert_true(is_read(file.document));
  json_array_append_new(json_object_get(file.document, "findings"), crash(1));
  assert_false(is_read(file.document));
  e100_findings_file_free(&file);
}

/* Other programs remember causes by these. */
static void the_id_of_a_group_never_changes(void **state) {
  (void)state;
  char id[E100_GROUP_ID_ROOM];
  e100_group_id("rule", "ORIGIN_100_OR_FINAL", "origin", "a request waits, content to come, asked, no 100",
                id);
  assert_string_equal(id, "2338812df7ebadfa");
  char other[E100_GROUP_ID_ROOM];
  e100_group_id("rule", "ORIGIN_100_OR_FINAL", "origin", "", other);
  assert_string_not_equal(id, other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_can_be_read),
      cmocka_unit_test(half_a_file_is_refused),
      cmocka_unit_test(what_is_broken_is_refused_or_harmless),
      cmocka_unit_test(a_group_keeps_so_many_and_counts_all),
      cmocka_unit_test(there_are_only_so_many_groups),
      cmocka_unit_test(the_id_of_a_group_never_changes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
