/* findings_file.c - what a run found, as one JSON document that is filled exchange by exchange. */
#include <stdlib.h>
#include <string.h>

#include "report/exchange_json.h"
#include "report/finding_text.h"
#include "report/findings_file.h"
#include "report/verdict_json.h"

static json_t *part(const struct e100_findings_file *file, const char *name) {
  json_t *found = json_object_get(file->document, name);
  E100_CHECK(found != NULL, "a findings file has all of its parts from the beginning");
  return found;
}

static void set(json_t *object, const char *name, json_t *value) {
  E100_CHECK(json_object_set_new(object, name, value) == 0, "a value of ours fits a findings file");
}

static void set_text(json_t *object, const char *name, const char *text) {
  if (text != NULL)
    set(object, name, e100_json_string(text));
}

static void count_one(json_t *object, const char *name) {
  set(object, name, json_integer(json_integer_value(json_object_get(object, name)) + 1));
}

static const char *text_of(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

void e100_findings_file_begin(struct e100_findings_file *file, const char *version, const char *command,
                              const char *subject) {
  *file = (struct e100_findings_file){.document = e100_json_document("findings", E100_FINDINGS_FILE_VERSION),
                                      .group_index = json_object(),
                                      .transcript_index = json_object()};
  json_t *document = file->document;
  set(document, "tool", json_pack("{s:s, s:s}", "name", "expect100", "version", version));
  set_text(document, "command", command);
  set_text(document, "subject", subject);
  set(document, "looked_at",
      json_pack("{s:i, s:i, s:i, s:i, s:i}", "exchanges", 0, "passed", 0, "failed", 0, "skipped", 0,
                "unreadable", 0));
  set(document, "left_out", json_pack("{s:i, s:i, s:i}", "findings", 0, "transcripts", 0, "cases", 0));
  set(document, "rules", json_object());
  set(document, "groups", json_array());
  set(document, "findings", json_array());
  set(document, "transcripts", json_array());
  set(document, "cases", json_array());
}

void e100_findings_file_free(struct e100_findings_file *file) {
  json_decref(file->document);
  json_decref(file->group_index);
  json_decref(file->transcript_index);
  *file = (struct e100_findings_file){0};
}

/* ---- transcripts -------------------------------------------------------------------------------------- */

static size_t printed_length(const json_t *value) {
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
  E100_CHECK(text != NULL, "a JSON document of ours can be printed");
  size_t length = strlen(text);
  free(text);
  return length;
}

/* The text of the case that shows it: the file's own where JSON can hold it, else what prints the exchange.
 */
static json_t *case_text(const struct e100_looked_at *looked) {
  json_t *own = looked->text != NULL ? json_stringn(looked->text, looked->text_length) : NULL;
  if (own != NULL && strlen(json_string_value(own)) == looked->text_length)
    return own;
  json_decref(own);
  struct e100_text text = {0};
  e100_text_add(&text, "", 0);
  e100_case_print(looked->exchange, &text);
  json_t *string = e100_json_string(text.text);
  e100_text_free(&text);
  return string;
}

json_t *e100_transcript_json(const struct e100_looked_at *looked) {
  json_t *object = json_object();
  set_text(object, "name", looked->name);
  set_text(object, "path", looked->path);
  if (looked->line > 0)
    set(object, "line", json_integer((json_int_t)looked->line));
  if (looked->exchange != NULL && looked->exchange->title[0] != '\0')
    set_text(object, "title", looked->exchange->title);
  set_text(object, "replay", looked->replay);
  if (looked->exchange != NULL)
    set(object, "case", case_text(looked));
  if (looked->transcript != NULL)
    set(object, "exchange", e100_exchange_json(looked->transcript));
  return object;
}

/* Keeps OBJECT where there is room for it, and gives its place; -1: none is kept. */
static json_int_t keep_transcript(struct e100_findings_file *file, json_t *object) {
  size_t length = printed_length(object);
  json_t *transcripts = part(file, "transcripts");
  if (length > E100_REPORTED_EXCHANGE_LIMIT || file->octets + length > E100_REPORTED_OCTETS_LIMIT) {
    count_one(part(file, "left_out"), "transcripts");
    json_decref(object);
    return -1;
  }
  file->octets += length;
  json_array_append_new(transcripts, object);
  return (json_int_t)json_array_size(transcripts) - 1;
}

/* The place of a transcript that is not kept yet, or -1. The same exchange under another name is another
 * case, so the name is part of what is compared. */
static json_int_t place_of(struct e100_findings_file *file, json_t *object) {
  struct e100_text key = {0};
  char *exchange = json_dumps(json_object_get(object, "exchange"),
                              JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_SORT_KEYS);
  char hash[E100_GROUP_ID_ROOM];
  e100_group_id("transcript", exchange, text_of(object, "name"), text_of(object, "replay"), hash);
  free(exchange);
  e100_text_format(&key, "%s", hash);
  json_t *known = json_object_get(file->transcript_index, key.text);
  json_int_t place = 0;
  if (known != NULL) {
    place = json_integer_value(known);
    json_decref(object);
  } else {
    place = keep_transcript(file, object);
    set(file->transcript_index, key.text, json_integer(place));
  }
  e100_text_free(&key);
  return place;
}

/* ---- findings ----------------------------------------------------------------------------------------- */

static void note_rule(struct e100_findings_file *file, const json_t *finding) {
  static const char *const names[] = {"severity", "requirement", "section", "text"};
  const char *id = text_of(finding, "rule");
  if (id[0] == '\0' || json_object_get(part(file, "rules"), id) != NULL)
    return;
  json_t *rule = json_object();
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    set_text(rule, names[i], text_of(finding, names[i]));
  unsigned number = e100_rule_named(id);
  if (number != E100_RULE_NONE) {
    set_text(rule, "bound", e100_bound_name(e100_rule(number)->bound));
    set_text(rule, "seen", e100_seen_sentence(e100_rule(number)->seen));
  }
  set(part(file, "rules"), id, rule);
}

static json_t *new_group(const json_t *finding, const char *id) {
  struct e100_text words = {0};
  json_t *group = json_object();
  bool of_a_rule = strcmp(text_of(finding, "kind"), "rule") == 0;
  if (of_a_rule)
    e100_cause_in_words(text_of(finding, "requirement"), text_of(finding, "text"), text_of(finding, "party"),
                        &words);
  else
    e100_text_format(&words, "%s", text_of(finding, "cause"));
  set_text(group, "id", id);
  set_text(group, "name", words.text);
  set_text(group, "kind", text_of(finding, "kind"));
  set_text(group, "severity", text_of(finding, "severity"));
  if (of_a_rule) {
    set_text(group, "rule", text_of(finding, "rule"));
    set_text(group, "party", text_of(finding, "party"));
    set_text(group, "situation", text_of(finding, "situation"));
  }
  set(group, "count", json_integer(0));
  set(group, "kept", json_integer(0));
  e100_text_free(&words);
  return group;
}

/* The group of a finding, a new one where it is the first of its cause; its id goes to ID. NULL: there are
 * too many. */
static json_t *group_of(struct e100_findings_file *file, const json_t *finding, char id[E100_GROUP_ID_ROOM]) {
  const char *kind = text_of(finding, "kind");
  bool of_a_rule = strcmp(kind, "rule") == 0;
  e100_group_id(kind, text_of(finding, of_a_rule ? "rule" : "cause"), text_of(finding, "party"),
                text_of(finding, "situation"), id);
  json_t *groups = part(file, "groups");
  json_t *known = json_object_get(file->group_index, id);
  if (known != NULL)
    return json_array_get(groups, (size_t)json_integer_value(known));
  if (json_array_size(groups) >= E100_REPORTED_GROUPS_LIMIT)
    return NULL;
  set(file->group_index, id, json_integer((json_int_t)json_array_size(groups)));
  json_array_append_new(groups, new_group(finding, id));
  return json_array_get(groups, json_array_size(groups) - 1);
}

/* Octets of the case of a finding; a finding without one is larger than all others. */
static size_t size_of(const struct e100_findings_file *file, const json_t *finding) {
  const json_t *place = json_object_get(finding, "transcript");
  const json_t *transcript =
      place != NULL ? json_array_get(part(file, "transcripts"), (size_t)json_integer_value(place)) : NULL;
  const char *text = json_string_value(json_object_get(transcript, "case"));
  return text != NULL ? strlen(text) : SIZE_MAX;
}

static void remember_smallest(struct e100_findings_file *file, json_t *group, const json_t *finding,
                              size_t index) {
  const json_t *smallest = json_object_get(group, "smallest");
  const json_t *present =
      smallest != NULL ? json_array_get(part(file, "findings"), (size_t)json_integer_value(smallest)) : NULL;
  if (present == NULL || size_of(file, finding) < size_of(file, present))
    set(group, "smallest", json_integer((json_int_t)index));
}

/* Counts a finding in its group, whose id goes to ID; whether there is room for the finding itself. */
static bool count(struct e100_findings_file *file, const json_t *finding, char id[E100_GROUP_ID_ROOM]) {
  json_t *group = group_of(file, finding, id);
  if (group != NULL)
    count_one(group, "count");
  bool room = group != NULL && json_array_size(part(file, "findings")) < E100_REPORTED_FINDINGS_LIMIT &&
              json_integer_value(json_object_get(group, "kept")) < E100_REPORTED_GROUP_LIMIT;
  if (room)
    count_one(group, "kept");
  else
    count_one(part(file, "left_out"), "findings");
  return room;
}

/* Keeps a finding that there is room for. */
static void keep(struct e100_findings_file *file, json_t *finding, const char *id, json_t *transcript) {
  json_t *findings = part(file, "findings");
  json_t *group = json_array_get(part(file, "groups"),
                                 (size_t)json_integer_value(json_object_get(file->group_index, id)));
  note_rule(file, finding);
  set(finding, "group", json_string(id));
  json_int_t place = transcript != NULL ? place_of(file, transcript) : -1;
  if (place >= 0)
    set(finding, "transcript", json_integer(place));
  remember_smallest(file, group, finding, json_array_size(findings));
  json_array_append_new(findings, finding);
}

void e100_findings_file_add_json(struct e100_findings_file *file, json_t *finding, json_t *transcript) {
  char id[E100_GROUP_ID_ROOM];
  if (count(file, finding, id)) {
    keep(file, finding, id, transcript);
    return;
  }
  json_decref(finding);
  json_decref(transcript);
}

/* The same, with the transcript made only where it is kept: most findings of many exchanges are counted. */
static void add_finding(struct e100_findings_file *file, const struct e100_looked_at *looked,
                        json_t *finding) {
  char id[E100_GROUP_ID_ROOM];
  if (count(file, finding, id))
    keep(file, finding, id, e100_transcript_json(looked));
  else
    json_decref(finding);
}

uint32_t e100_finding_line_in_case(const struct e100_looked_at *looked, const struct e100_finding *finding) {
  uint32_t step = finding->step;
  if (looked->text == NULL || looked->transcript == NULL)
    return 0;
  if (looked->transcript != looked->exchange) {
    /* Played: the last delivery of the others up to there is one that the case holds. */
    uint32_t deliveries = 0;
    unsigned subject = e100_role_party((enum e100_role)looked->transcript->role);
    for (uint32_t i = 0; i <= step && i < looked->transcript->step_count; i++)
      deliveries += looked->transcript->steps[i].kind == E100_STEP_DELIVER &&
                    looked->transcript->steps[i].from != subject;
    for (step = 0; step < looked->exchange->step_count; step++)
      if (looked->exchange->steps[step].kind == E100_STEP_DELIVER &&
          looked->exchange->steps[step].from != subject && (deliveries == 0 || --deliveries == 0))
        break;
  }
  uint32_t *lines = calloc(E100_STEPS_LIMIT, sizeof *lines);
  E100_CHECK(lines != NULL, "there is memory for the lines of steps");
  uint32_t count = e100_case_step_lines((const uint8_t *)looked->text, looked->text_length, lines);
  uint32_t line = step < count ? lines[step] : 0;
  free(lines);
  return line;
}

json_t *e100_reported_finding_json(const struct e100_looked_at *looked, uint32_t index) {
  const struct e100_finding *finding = &looked->verdict->findings.list[index];
  json_t *object = e100_verdict_finding_json(looked->transcript, finding,
                                             looked->known != NULL ? looked->known[index] : NULL);
  bool fails = looked->fails == NULL || looked->fails[index];
  set(object, "kind", json_string("rule"));
  set(object, "fails", json_boolean(fails));
  set(object, "own", json_boolean(looked->own == NULL || looked->own[index]));
  uint32_t line = e100_finding_line_in_case(looked, finding);
  if (line > 0)
    set(object, "line", json_integer(line));
  else if (looked->line > 0)
    set(object, "line", json_integer((json_int_t)looked->line));
  return object;
}

/* ---- exchanges ---------------------------------------------------------------------------------------- */

static void add_difference(struct e100_findings_file *file, const struct e100_looked_at *looked) {
  json_t *object =
      json_pack("{s:s, s:s, s:s, s:b, s:b}", "kind", "difference", "cause",
                "what comes out is not what the case says", "severity", "violation", "fails", 1, "own", 1);
  E100_CHECK(object != NULL, "a difference can be made into JSON");
  set_text(object, "what", looked->differences);
  add_finding(file, looked, object);
}

static void add_case(struct e100_findings_file *file, const struct e100_looked_at *looked) {
  static const char *const names[] = {"passed", "failed", "skipped", "unreadable"};
  json_t *cases = part(file, "cases");
  json_t *looked_at = part(file, "looked_at");
  count_one(looked_at, "exchanges");
  count_one(looked_at, names[looked->result]);
  if (json_array_size(cases) >= E100_REPORTED_CASES_LIMIT) {
    count_one(part(file, "left_out"), "cases");
    return;
  }
  json_t *object = json_object();
  set_text(object, "name", looked->name);
  set_text(object, "path", looked->path);
  set_text(object, "result", names[looked->result]);
  if (looked->why != NULL)
    set_text(object, "why", looked->why);
  json_array_append_new(cases, object);
}

void e100_findings_file_add(struct e100_findings_file *file, const struct e100_looked_at *looked) {
  add_case(file, looked);
  uint32_t kept = looked->verdict != NULL ? e100_findings_kept(&looked->verdict->findings) : 0;
  bool explained = false;
  for (uint32_t i = 0; i < kept; i++) {
    if (looked->leave_out != NULL && looked->leave_out[i])
      continue;
    explained = true;
    add_finding(file, looked, e100_reported_finding_json(looked, i));
  }
  /* A broken rule says more than that something else came out, too. */
  if (!explained && looked->differences != NULL && looked->differences[0] != '\0')
    add_difference(file, looked);
}

/* ---- a survey -------------------------------------------------------------------------------------------
 */

static json_t *survey_of(struct e100_findings_file *file) {
  if (json_object_get(file->document, "survey") == NULL)
    set(file->document, "survey", json_pack("{s:[], s:[]}", "columns", "rows"));
  return part(file, "survey");
}

void e100_findings_file_columns(struct e100_findings_file *file, const char *const *names, size_t count) {
  json_t *columns = json_object_get(survey_of(file), "columns");
  json_array_clear(columns);
  for (size_t i = 0; i < count; i++)
    json_array_append_new(columns, e100_json_string(names[i]));
}

void e100_findings_file_row(struct e100_findings_file *file, const char *name, const enum e100_cell *cells,
                            const char *const *words, size_t count) {
  static const char *const kinds[] = {"good", "warning", "bad", "undecided", "none"};
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *cell = json_object();
    set_text(cell, "is", kinds[cells[i]]);
    set_text(cell, "words", words[i]);
    json_array_append_new(list, cell);
  }
  json_t *row = json_object();
  set_text(row, "name", name);
  set(row, "cells", list);
  json_array_append_new(json_object_get(survey_of(file), "rows"), row);
}

void e100_findings_file_print(const struct e100_findings_file *file, struct e100_text *out) {
  char *text = json_dumps(file->document, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  E100_CHECK(text != NULL, "a findings file can be printed");
  e100_text_add(out, text, strlen(text));
  e100_text_add(out, "\n", 1);
  free(text);
}
