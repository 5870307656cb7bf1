/* verdict_json.c - verdicts for other programs. */
#include <stdlib.h>
#include <string.h>

#include "report/finding_text.h"
#include "report/verdict_json.h"

/* How many octets the UTF-8 character at TEXT has; 0 where there is none. */
static size_t character_length(const unsigned char *text) {
  static const struct {
    unsigned char low, high; /* of the first octet */
    unsigned char second_low, second_high;
    size_t length;
  } forms[] = {{0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
               {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
               {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    if (text[0] < forms[i].low || text[0] > forms[i].high)
      continue;
    if (forms[i].length > 1 && (text[1] < forms[i].second_low || text[1] > forms[i].second_high))
      return 0;
    for (size_t k = 2; k < forms[i].length; k++)
      if ((text[k] & 0xc0) != 0x80)
        return 0;
    return forms[i].length;
  }
  return 0;
}

json_t *e100_json_string(const char *text) {
  struct e100_text valid = {0};
  e100_text_add(&valid, "", 0);
  for (size_t i = 0; text[i] != '\0';) {
    size_t length = character_length((const unsigned char *)text + i);
    if (length == 0)
      e100_text_add(&valid, "\xef\xbf\xbd", 3);
    else
      e100_text_add(&valid, text + i, length);
    i += length == 0 ? 1 : length;
  }
  json_t *string = json_stringn(valid.text, valid.length);
  E100_CHECK(string != NULL, "a JSON string of valid UTF-8 can be made");
  e100_text_free(&valid);
  return string;
}

json_t *e100_json_words(const char *text) {
  json_t *words = json_array();
  for (const char *at = text; *at != '\0';) {
    size_t length = strcspn(at, " ");
    if (length > 0)
      json_array_append_new(words, json_stringn(at, length));
    at += length + strspn(at + length, " ");
  }
  return words;
}

json_t *e100_json_document(const char *name, int version) {
  char format[64];
  (void)snprintf(format, sizeof format, "expect100-%s", name);
  return json_pack("{s:s, s:i}", "format", format, "version", version);
}

static json_t *rule_names(const struct e100_rule_set *set) {
  json_t *names = json_array();
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (e100_rule_set_has(set, rule))
      json_array_append_new(names, json_string(e100_rule(rule)->id));
  return names;
}

static json_t *alternative_names(unsigned set) {
  json_t *names = json_array();
  for (unsigned i = 0; i < E100_ALT_COUNT; i++)
    if ((set & 1U << i) != 0)
      json_array_append_new(names, json_string(e100_alternative_name(i)));
  return names;
}

static json_t *reading_names(uint32_t readings) {
  json_t *names = json_array();
  for (unsigned bit = 0; bit < 32 && e100_reading_name(bit) != NULL; bit++)
    if ((readings & 1U << bit) != 0)
      json_array_append_new(names, json_string(e100_reading_name(bit)));
  return names;
}

/* An object of what may be absent; "link" and "request" are left out where there is none. */
static void add_place(json_t *object, const struct e100_exchange *transcript,
                      const struct e100_finding *finding) {
  if (transcript->links[finding->link].name[0] != '\0')
    json_object_set_new(object, "link", e100_json_string(transcript->links[finding->link].name));
  if (finding->request > 0)
    json_object_set_new(object, "request", json_integer(finding->request));
  json_object_set_new(object, "step", json_integer((json_int_t)finding->step + 1));
}

json_t *e100_verdict_finding_json(const struct e100_exchange *transcript, const struct e100_finding *finding,
                                  const char *known) {
  const struct e100_rule_data *rule = e100_rule(finding->rule);
  struct e100_text situation = {0};
  e100_text_add(&situation, "", 0);
  e100_view_state_text(finding->situation, &situation);
  json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "rule", rule->id, "severity",
                             e100_severity_name(e100_rule_severity(finding->rule)), "requirement",
                             e100_requirement_name(rule->requirement), "section", rule->section, "text",
                             rule->text, "party", e100_party_name(finding->party));
  E100_CHECK(object != NULL, "a finding can be made into JSON");
  add_place(object, transcript, finding);
  json_object_set_new(object, "situation", e100_json_string(situation.text));
  json_object_set_new(object, "permitted", alternative_names(finding->permitted));
  json_object_set_new(object, "considered", alternative_names(finding->considered));
  json_object_set_new(object, "reading", reading_names(finding->reading));
  if (known != NULL)
    json_object_set_new(object, "known", e100_json_string(known));
  e100_text_free(&situation);
  return object;
}

json_t *e100_verdict_json(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                          const char *name, const char *subject, const char *const *known) {
  json_t *document = e100_json_document("verdict", E100_VERDICT_JSON_VERSION);
  json_object_set_new(document, "exchange", e100_json_string(name));
  json_object_set_new(document, "role", json_string(e100_role_name(transcript->role)));
  if (subject != NULL)
    json_object_set_new(document, "subject", e100_json_string(subject));
  json_object_set_new(document, "steps", json_integer(transcript->step_count));
  json_object_set_new(document, "truncated", json_boolean(transcript->truncated));
  json_t *findings = json_array();
  for (uint32_t i = 0; i < e100_findings_kept(&verdict->findings); i++)
    json_array_append_new(findings, e100_verdict_finding_json(transcript, &verdict->findings.list[i],
                                                              known != NULL ? known[i] : NULL));
  json_object_set_new(document, "findings", findings);
  json_object_set_new(document, "found", json_integer(verdict->findings.count));
  json_object_set_new(document, "decided", rule_names(&verdict->decided));
  json_object_set_new(document, "undecided", rule_names(&verdict->undecided));
  return document;
}

void e100_json_line(json_t *document, struct e100_text *out) {
  char *text = json_dumps(document, JSON_COMPACT);
  E100_CHECK(text != NULL, "a JSON document can be printed");
  e100_text_add(out, text, strlen(text));
  e100_text_add(out, "\n", 1);
  free(text);
  json_decref(document);
}
