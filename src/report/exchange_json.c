/*
 * exchange_json.c - writes exchanges as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "report/exchange_json.h"
#include "exchange/exchange_inside.h"

static void set(json_t *object, const char *key, json_t *value) {
  E100_CHECK(json_object_set_new(object, key, value) == 0, "a value of ours fits a JSON object");
}

static void set_word(json_t *object, const char *key, const char *word) {
  set(object, key, json_string(word));
}

/* Each octet is a code point below 256, which UTF-8 writes as one octet or two. */
static json_t *octet_string(const uint8_t *octets, size_t length) {
  struct e100_text text = {0};
  e100_text_add(&text, "", 0);
  for (size_t i = 0; i < length; i++) {
    const char two[2] = {(char)(0xc0 | octets[i] >> 6), (char)(0x80 | (octets[i] & 0x3f))};
    const char one = (char)octets[i];
    if (octets[i] < 0x80)
      e100_text_add(&text, &one, 1);
    else
      e100_text_add(&text, two, sizeof(two));
  }
  json_t *string = json_stringn_nocheck(text.text, text.length);
  e100_text_free(&text);
  return string;
}

static json_t *bit_names(uint32_t bits, const char *name_of(unsigned)) {
  json_t *names = json_array();
  for (unsigned bit = 0; bit < E100_BITS; bit++)
    if ((bits & UINT32_C(1) << bit) != 0 && name_of(bit) != NULL)
      (void)json_array_append_new(names, json_string(name_of(bit)));
  return names;
}

static json_t *links_json(const struct e100_exchange *exchange) {
  json_t *links = json_array();
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    const struct e100_link *link = &exchange->links[i];
    json_t *object = json_object();
    set_word(object, "name", link->name);
    set_word(object, "client", e100_party_name(link->client));
    set_word(object, "server", e100_party_name(link->server));
    (void)json_array_append_new(links, object);
  }
  return links;
}

static void set_decision(json_t *object, const struct e100_step *step) {
  set_word(object, "decision", e100_decision_name(step->what));
  if (step->what == E100_DECIDE_RESPOND)
    set(object, "status", json_integer(step->status));
  if (step->flags & E100_STEP_CLOSING)
    set(object, "close", json_true());
}

static json_t *step_json(const struct e100_exchange *exchange, const struct e100_step *step) {
  json_t *object = json_object();
  set_word(object, "kind", e100_step_kind_name(step->kind));
  if (step->flags & E100_STEP_EXPECTED)
    set(object, "expect", json_true());
  if (step->kind == E100_STEP_SETTLED || step->kind == E100_STEP_QUIET)
    return object;
  if (e100_step_is_on_link(step) && exchange->link_count > 1)
    set_word(object, "link", exchange->links[step->link].name);
  switch (step->kind) {
  case E100_STEP_TIMER:
    set_word(object, "from", e100_party_name(step->from));
    set_word(object, "timer", e100_timer_name(step->what));
    break;
  case E100_STEP_TOLD:
    set_word(object, "told", e100_told_name(step->what));
    if (step->what == E100_TOLD_CONTENT)
      set(object, "count", json_integer(step->count));
    if (e100_step_tells_status(step))
      set(object, "status", json_integer(step->status));
    break;
  case E100_STEP_DECIDED:
    set_decision(object, step);
    break;
  case E100_STEP_AWAIT:
    set_word(object, "await", e100_await_name(step->what));
    break;
  default:
    set_word(object, "from", e100_party_name(step->from));
    if (step->kind == E100_STEP_DELIVER)
      set_word(object, "to", e100_party_name(step->to));
    break;
  }
  if (step->kind == E100_STEP_DELIVER || step->length > 0)
    set(object, "octets", octet_string(e100_step_octets(exchange, step), step->length));
  return object;
}

static json_t *findings_json(const struct e100_exchange *exchange) {
  json_t *findings = json_array();
  for (uint32_t i = 0; i < exchange->expected_count; i++) {
    const struct e100_expected_finding *expected = &exchange->expected[i];
    json_t *object = json_object();
    if (expected->link[0])
      set_word(object, "link", expected->link);
    if (expected->party != E100_NOBODY)
      set_word(object, "party", e100_party_name(expected->party));
    if (expected->request)
      set(object, "request", json_integer(expected->request));
    if (expected->step)
      set(object, "step", json_integer(expected->step));
    set_word(object, "rule", expected->rule);
    (void)json_array_append_new(findings, object);
  }
  return findings;
}

json_t *e100_exchange_json(const struct e100_exchange *exchange) {
  json_t *document = json_object();
  set_word(document, "format", "expect100-exchange");
  set(document, "version", json_integer(E100_EXCHANGE_JSON_VERSION));
  if (exchange->title[0])
    set_word(document, "title", exchange->title);
  set_word(document, "kind", e100_kind_name(exchange->kind));
  set_word(document, "role", e100_role_name(exchange->role));
  if (exchange->shows_count > 0) {
    json_t *shows = json_array();
    for (uint32_t i = 0; i < exchange->shows_count; i++)
      (void)json_array_append_new(shows, json_string(exchange->shows[i]));
    set(document, "shows", shows);
  }
  if (exchange->stays[0])
    set_word(document, "stays", exchange->stays);
  if (exchange->seen_by != E100_NOBODY)
    set_word(document, "seen_by", e100_party_name(exchange->seen_by));
  set(document, "links", links_json(exchange));
  set(document, "policy", bit_names(exchange->policy, e100_policy_name));
  set(document, "reading", bit_names(exchange->reading, e100_reading_name));
  json_t *steps = json_array();
  for (uint32_t i = 0; i < exchange->step_count; i++)
    (void)json_array_append_new(steps, step_json(exchange, &exchange->steps[i]));
  set(document, "steps", steps);
  if (exchange->has_expected)
    set(document, "findings", findings_json(exchange));
  if (exchange->truncated)
    set(document, "truncated", json_true());
  return document;
}

static void print_document(const struct e100_exchange *exchange, size_t flags, struct e100_text *out) {
  json_t *document = e100_exchange_json(exchange);
  char *text = json_dumps(document, flags | JSON_ENSURE_ASCII);
  E100_CHECK(text, "a JSON document of ours can be printed");
  e100_text_add(out, text, strlen(text));
  e100_text_add(out, "\n", 1);
  free(text);
  json_decref(document);
}

void e100_exchange_print_json(const struct e100_exchange *exchange, struct e100_text *out) {
  print_document(exchange, JSON_INDENT(2), out);
}

void e100_exchange_print_json_line(const struct e100_exchange *exchange, struct e100_text *out) {
  print_document(exchange, JSON_COMPACT, out);
}
