/* report_reading.c - a findings file that somebody gives: read to its end and found good, or refused. */
#include "report/report_reading.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/exchange_json.h"
#include "report/findings_file.h"

struct reading {
  char *reason;
  size_t room;
  bool good;
};

static void refuse(struct reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Keeps the first reason; what it quotes of the file is made printable. */
static void refuse(struct reading *reading, const char *format, ...) {
  if (!reading->good)
    return;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(reading->reason, reading->room, format, arguments);
  va_end(arguments);
  for (char *c = reading->reason; *c != '\0'; c++)
    if (!isprint((unsigned char)*c))
      *c = '?';
  reading->good = false;
}

/* ---- members of an object, as a table says ----------------------------------------------------------------
 */

enum member_type { TEXT, NUMBER, FLAG, WORDS, OBJECT };

struct member {
  const char *name;
  enum member_type type;
  bool required;
  size_t offset; /* where it goes */
};

/* Into a field of that type at that place of the target. */
#define PLACE(type, target, offset) (*(type *)(void *)((char *)(target) + (offset)))

static bool are_words(const json_t *value) {
  for (size_t i = 0; i < json_array_size(value); i++)
    if (!json_is_string(json_array_get(value, i)))
      return false;
  return json_is_array(value);
}

static void take(struct reading *reading, const json_t *value, const struct member *member, const char *where,
                 void *target) {
  static const char *const wanted[] = {"a text", "a number that is not negative", "true or false",
                                       "a list of texts", "an object"};
  bool fits = false;
  switch (member->type) {
  case TEXT:
    fits = json_is_string(value) && strlen(json_string_value(value)) == json_string_length(value);
    if (fits)
      PLACE(const char *, target, member->offset) = json_string_value(value);
    break;
  case NUMBER:
    fits = json_is_integer(value) && json_integer_value(value) >= 0;
    if (fits)
      PLACE(uint64_t, target, member->offset) = (uint64_t)json_integer_value(value);
    break;
  case FLAG:
    fits = json_is_boolean(value);
    PLACE(bool, target, member->offset) = json_is_true(value);
    break;
  case WORDS:
  case OBJECT:
    fits = member->type == WORDS ? are_words(value) : json_is_object(value);
    PLACE(const json_t *, target, member->offset) = value;
    break;
  }
  if (!fits)
    refuse(reading, "%s: \"%s\" has to be %s", where, member->name, wanted[member->type]);
}

/* Reads the members of OBJECT into TARGET; a text that is not there is "". */
static void take_members(struct reading *reading, const json_t *object, const struct member *members,
                         size_t count, const char *where, void *target) {
  if (!json_is_object(object))
    refuse(reading, "%s has to be an object", where);
  for (size_t i = 0; i < count; i++) {
    const json_t *value = json_object_get(object, members[i].name);
    if (members[i].type == TEXT)
      PLACE(const char *, target, members[i].offset) = "";
    if (value != NULL)
      take(reading, value, &members[i], where, target);
    else if (members[i].required)
      refuse(reading, "%s has no \"%s\"", where, members[i].name);
  }
}

#define MEMBER(kind, needed, of, field) \
  { #field, kind, needed, offsetof(struct of, field) }
#define NAMED(name, kind, needed, of, field) \
  { name, kind, needed, offsetof(struct of, field) }
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* ---- the parts of a file ------------------------------------------------------------------------ */

static const struct member of_finding[] = {
    MEMBER(TEXT, true, e100_report_finding, kind),
    MEMBER(TEXT, true, e100_report_finding, severity),
    NAMED("group", TEXT, true, e100_report_finding, group_id),
    MEMBER(FLAG, true, e100_report_finding, fails),
    MEMBER(FLAG, true, e100_report_finding, own),
    MEMBER(TEXT, false, e100_report_finding, rule),
    MEMBER(TEXT, false, e100_report_finding, requirement),
    MEMBER(TEXT, false, e100_report_finding, section),
    MEMBER(TEXT, false, e100_report_finding, text),
    MEMBER(TEXT, false, e100_report_finding, party),
    MEMBER(TEXT, false, e100_report_finding, link),
    MEMBER(TEXT, false, e100_report_finding, situation),
    MEMBER(TEXT, false, e100_report_finding, cause),
    MEMBER(TEXT, false, e100_report_finding, what),
    MEMBER(TEXT, false, e100_report_finding, known),
    MEMBER(TEXT, false, e100_report_finding, engine),
    MEMBER(TEXT, false, e100_report_finding, target),
    MEMBER(TEXT, false, e100_report_finding, log),
    MEMBER(TEXT, false, e100_report_finding, input),
    MEMBER(NUMBER, false, e100_report_finding, request),
    MEMBER(NUMBER, false, e100_report_finding, step),
    MEMBER(NUMBER, false, e100_report_finding, line),
    MEMBER(NUMBER, false, e100_report_finding, executions),
    MEMBER(WORDS, false, e100_report_finding, permitted),
    MEMBER(WORDS, false, e100_report_finding, considered),
    MEMBER(WORDS, false, e100_report_finding, reading),
};

static const struct member of_group[] = {
    MEMBER(TEXT, true, e100_report_group, id),      MEMBER(TEXT, true, e100_report_group, name),
    MEMBER(TEXT, true, e100_report_group, kind),    MEMBER(TEXT, true, e100_report_group, severity),
    MEMBER(NUMBER, true, e100_report_group, count), MEMBER(TEXT, false, e100_report_group, rule),
    MEMBER(TEXT, false, e100_report_group, party),  MEMBER(TEXT, false, e100_report_group, situation),
};

static const struct member of_transcript[] = {
    MEMBER(TEXT, true, e100_report_transcript, name),
    MEMBER(TEXT, true, e100_report_transcript, path),
    MEMBER(TEXT, false, e100_report_transcript, title),
    MEMBER(TEXT, false, e100_report_transcript, replay),
    NAMED("case", TEXT, false, e100_report_transcript, case_text),
    MEMBER(NUMBER, false, e100_report_transcript, line),
    MEMBER(OBJECT, false, e100_report_transcript, exchange),
};

static const struct member of_case[] = {
    MEMBER(TEXT, true, e100_report_case, name),
    MEMBER(TEXT, true, e100_report_case, path),
    MEMBER(TEXT, true, e100_report_case, result),
    MEMBER(TEXT, false, e100_report_case, why),
};

static const struct member of_run[] = {
    MEMBER(TEXT, true, e100_report_run, command),
    MEMBER(TEXT, false, e100_report_run, subject),
    MEMBER(OBJECT, false, e100_report_run, campaign),
    MEMBER(OBJECT, false, e100_report_run, survey),
};

static const struct member of_tool[] = {
    NAMED("name", TEXT, true, e100_report_run, tool),
    MEMBER(TEXT, true, e100_report_run, version),
};

static const struct member of_looked_at[] = {
    MEMBER(NUMBER, true, e100_report_run, exchanges),  MEMBER(NUMBER, true, e100_report_run, passed),
    MEMBER(NUMBER, true, e100_report_run, failed),     MEMBER(NUMBER, true, e100_report_run, skipped),
    MEMBER(NUMBER, true, e100_report_run, unreadable),
};

static const struct member of_left_out[] = {
    NAMED("findings", NUMBER, true, e100_report_run, findings_left_out),
    NAMED("transcripts", NUMBER, true, e100_report_run, transcripts_left_out),
};

/* One of the lists of a document. */
struct list {
  const char *name;
  const struct member *members;
  size_t member_count, limit;
  size_t size; /* octets of an element */
};

static const struct list groups_list = {"groups", of_group, COUNT_OF(of_group), E100_REPORTED_GROUPS_LIMIT,
                                        sizeof(struct e100_report_group)};
static const struct list transcripts_list = {"transcripts", of_transcript, COUNT_OF(of_transcript),
                                             E100_REPORTED_FINDINGS_LIMIT,
                                             sizeof(struct e100_report_transcript)};
static const struct list findings_list = {"findings", of_finding, COUNT_OF(of_finding),
                                          E100_REPORTED_FINDINGS_LIMIT, sizeof(struct e100_report_finding)};
static const struct list cases_list = {"cases", of_case, COUNT_OF(of_case), E100_REPORTED_CASES_LIMIT,
                                       sizeof(struct e100_report_case)};

/* Reads a list of the document; what comes back is to be freed, also after a refusal. */
static void *take_list(struct reading *reading, const json_t *document, const struct list *of,
                       size_t *count) {
  const char *name = of->name;
  const json_t *list = json_object_get(document, name);
  if (!json_is_array(list))
    refuse(reading, "the file has no list \"%s\"", name);
  if (json_array_size(list) > of->limit)
    refuse(reading, "there are %zu %s, and a findings file has %zu at most", json_array_size(list), name,
           of->limit);
  *count = json_array_size(list);
  char *elements = calloc(*count + 1, of->size);
  E100_CHECK(elements != NULL, "there is memory for a report");
  for (size_t i = 0; i < *count && reading->good; i++) {
    char where[64];
    (void)snprintf(where, sizeof where, "%s[%zu]", name, i);
    take_members(reading, json_array_get(list, i), of->members, of->member_count, where,
                 elements + i * of->size);
  }
  return elements;
}

/* ---- what hangs together ------------------------------------------------------------------------ */

static void connect_finding(struct reading *reading, struct e100_report *one, const json_t *object,
                            size_t index) {
  struct e100_report_finding *finding = &one->findings[index];
  const json_t *place = json_object_get(object, "transcript");
  finding->exchange = -1;
  if (place != NULL) {
    json_int_t at = json_is_integer(place) ? json_integer_value(place) : -1;
    if (at < 0 || (size_t)at >= one->transcript_count)
      refuse(reading, "findings[%zu]: there is no such transcript", index);
    finding->exchange = at;
  }
  for (size_t i = 0; i < one->group_count; i++)
    if (strcmp(one->groups[i].id, finding->group_id) == 0) {
      finding->group = i;
      return;
    }
  refuse(reading, "findings[%zu]: there is no group '%.32s'", index, finding->group_id);
}

static void connect(struct reading *reading, struct e100_report *one, const json_t *document) {
  const json_t *findings = json_object_get(document, "findings");
  const json_t *groups = json_object_get(document, "groups");
  for (size_t i = 0; i < one->finding_count && reading->good; i++)
    connect_finding(reading, one, json_array_get(findings, i), i);
  for (size_t i = 0; i < one->group_count && reading->good; i++) {
    const json_t *smallest = json_object_get(json_array_get(groups, i), "smallest");
    json_int_t at = json_is_integer(smallest) ? json_integer_value(smallest) : -1;
    if (smallest != NULL && (at < 0 || (size_t)at >= one->finding_count))
      refuse(reading, "groups[%zu]: there is no such finding", i);
    one->groups[i].smallest = at;
  }
}

static void try_exchanges(struct reading *reading, const struct e100_report *one) {
  struct e100_exchange exchange;
  char why[200];
  e100_exchange_init(&exchange);
  for (size_t i = 0; i < one->transcript_count && reading->good; i++)
    if (one->transcripts[i].exchange != NULL &&
        !e100_exchange_read_json(&exchange, one->transcripts[i].exchange, why, sizeof why))
      refuse(reading, "transcripts[%zu]: %s", i, why);
  e100_exchange_free(&exchange);
}

/* ---- the whole file ----------------------------------------------------------------------------- */

static void check_version(struct reading *reading, const json_t *document) {
  const char *format = json_string_value(json_object_get(document, "format"));
  const json_t *version = json_object_get(document, "version");
  if (format == NULL || strcmp(format, "expect100-findings") != 0)
    refuse(reading, "is no findings file (\"format\" is not expect100-findings); a run with --findings FILE "
                    "writes one");
  else if (!json_is_integer(version) || json_integer_value(version) != E100_FINDINGS_FILE_VERSION)
    refuse(reading,
           "is a findings file of version %lld, and this program reads version %d; use the expect100 that "
           "wrote it",
           (long long)json_integer_value(version), E100_FINDINGS_FILE_VERSION);
}

static void take_run(struct reading *reading, const json_t *document, struct e100_report_run *run) {
  take_members(reading, document, of_run, COUNT_OF(of_run), "the file", run);
  take_members(reading, json_object_get(document, "tool"), of_tool, COUNT_OF(of_tool), "tool", run);
  take_members(reading, json_object_get(document, "looked_at"), of_looked_at, COUNT_OF(of_looked_at),
               "looked_at", run);
  take_members(reading, json_object_get(document, "left_out"), of_left_out, COUNT_OF(of_left_out), "left_out",
               run);
}

bool e100_report_add(struct e100_report *report, json_t *document, const char *file, char *reason,
                     size_t room) {
  struct reading reading = {.reason = reason, .room = room, .good = true};
  struct e100_report_run run = {.file = file};
  struct e100_report one = {.runs = &run, .run_count = 1, .documents = json_pack("[O]", document)};
  check_version(&reading, document);
  if (reading.good)
    take_run(&reading, document, &run);
  if (reading.good) {
    one.groups = take_list(&reading, document, &groups_list, &one.group_count);
    one.transcripts = take_list(&reading, document, &transcripts_list, &one.transcript_count);
    one.findings = take_list(&reading, document, &findings_list, &one.finding_count);
    one.cases = take_list(&reading, document, &cases_list, &one.case_count);
  }
  run.finding_count = one.finding_count;
  if (reading.good)
    connect(&reading, &one, document);
  if (reading.good)
    try_exchanges(&reading, &one);
  if (reading.good)
    e100_report_merge(report, &one);
  one.runs = NULL;
  e100_report_free(&one);
  return reading.good;
}

bool e100_report_add_text(struct e100_report *report, const char *text, size_t length, const char *file,
                          char *reason, size_t room) {
  json_error_t error;
  json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (document == NULL) {
    struct reading reading = {.reason = reason, .room = room, .good = true};
    refuse(&reading, "is no whole JSON document (line %d: %s); was it written to its end?", error.line,
           error.text);
    return false;
  }
  bool good = e100_report_add(report, document, file, reason, room);
  json_decref(document);
  return good;
}
