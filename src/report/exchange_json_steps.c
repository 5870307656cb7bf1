/*
 * exchange_json_steps.c - reads the steps of an exchange from JSON.
 */
#include "report/exchange_json_reader.h"

#include <string.h>

/* A string of code points below 256 becomes octets. */
static bool read_octets(struct e100_json_reader *reader, const json_t *object, bool needed) {
  const json_t *value = json_object_get(object, "octets");
  const char *text = json_string_value(value);
  size_t length = json_string_length(value);
  reader->octets.length = 0;
  if (!value && !needed)
    return true;
  if (!text)
    return e100_json_fail(reader, "\"octets\" is to be a string");
  for (size_t i = 0; i < length; i++) {
    unsigned octet = (unsigned char)text[i];
    if (octet >= 0xc2 && octet <= 0xc3) /* what follows is there: the text is valid UTF-8 */
      octet = (octet & 3) << 6 | ((unsigned char)text[++i] & 0x3f);
    else if (octet >= 0x80)
      return e100_json_fail(reader,
                            "\"octets\" has a code point above U+00FF; each is one octet, U+0000 to U+00FF");
    const char c = (char)(unsigned char)octet;
    e100_text_add(&reader->octets, &c, 1);
  }
  return true;
}

static const char *const keys_of_kind[E100_STEP_KIND_COUNT] = {
    [E100_STEP_DELIVER] = "kind expect link from to octets",
    [E100_STEP_OPEN] = "kind expect link from",
    [E100_STEP_HALF_CLOSE] = "kind expect link from",
    [E100_STEP_CLOSE] = "kind expect link from",
    [E100_STEP_RESET] = "kind expect link from",
    [E100_STEP_SETTLED] = "kind",
    [E100_STEP_QUIET] = "kind",
    [E100_STEP_TIMER] = "kind from timer",
    [E100_STEP_TOLD] = "kind expect link told count status",
    [E100_STEP_DECIDED] = "kind expect link decision status close octets",
    [E100_STEP_AWAIT] = "kind link await",
};

static bool read_step_link(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  const struct e100_exchange *exchange = reader->exchange;
  const json_t *value = json_object_get(object, "link");
  const char *name = e100_json_word_at(object, "link");
  if (!value && exchange->link_count == 1)
    return true;
  for (uint32_t i = 0; name && i < exchange->link_count; i++)
    if (strcmp(exchange->links[i].name, name) == 0) {
      step->link = (uint8_t)i;
      return true;
    }
  return e100_json_fail(reader, "\"link\" is to be the name of one of the links");
}

/* "from", and "to" where it is given: the ends of the link. */
static bool read_ends(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  const struct e100_link *link = &reader->exchange->links[step->link];
  if (!e100_json_read_choice(reader, object, "from", e100_party_named, e100_party_name, E100_CLIENT,
                             E100_APPLICATION, -1, &step->from))
    return false;
  if (step->from != link->client && step->from != link->server)
    return e100_json_fail(reader, "\"from\" is to be an end of the link: %s or %s",
                          e100_party_name(link->client), e100_party_name(link->server));
  uint8_t other = step->from == link->client ? link->server : link->client;
  uint8_t to = other;
  if (step->kind == E100_STEP_DELIVER &&
      !e100_json_read_choice(reader, object, "to", e100_party_named, e100_party_name, E100_CLIENT,
                             E100_APPLICATION, other, &to))
    return false;
  return to == other ||
         e100_json_fail(reader, "\"to\" is to be the other end of the link: %s", e100_party_name(other));
}

static bool read_told(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  if (!e100_json_read_choice(reader, object, "told", e100_told_named, e100_told_name, 0, E100_TOLD_COUNT, -1,
                             &step->what))
    return false;
  if (step->what != E100_TOLD_CONTENT && json_object_get(object, "count"))
    return e100_json_fail(reader, "\"count\" goes with \"told\": \"content\"");
  if (step->what == E100_TOLD_CONTENT)
    return e100_json_read_number(reader, object, "count", 0, UINT32_MAX, &step->count);
  if (!e100_step_tells_status(step))
    return !json_object_get(object, "status") ||
           e100_json_fail(reader, "\"status\" goes with \"told\": \"interim\" or \"response\"");
  bool interim = step->what == E100_TOLD_INTERIM;
  uint32_t status = 0;
  if (!e100_json_read_number(reader, object, "status", interim ? 100 : 200, interim ? 199 : 999, &status))
    return false;
  step->status = (uint16_t)status;
  return true;
}

static bool read_decision(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  uint32_t status = 0;
  bool closing = false;
  if (!e100_json_read_choice(reader, object, "decision", e100_decision_named, e100_decision_name, 0,
                             E100_DECISION_COUNT, -1, &step->what) ||
      !e100_json_read_flag(reader, object, "close", &closing))
    return false;
  bool responds = step->what == E100_DECIDE_RESPOND;
  bool requests = step->what == E100_DECIDE_REQUEST;
  if (responds && !e100_json_read_number(reader, object, "status", 200, 999, &status))
    return false;
  if (!responds && json_object_get(object, "status"))
    return e100_json_fail(reader, "\"status\" goes with \"decision\": \"respond\"");
  if (!responds && !requests && json_object_get(object, "octets"))
    return e100_json_fail(reader, "\"octets\" goes with \"decision\": \"respond\" or \"request\"");
  if (closing && !responds && step->what != E100_DECIDE_UNMET)
    return e100_json_fail(reader, "\"close\" goes with \"decision\": \"respond\" or \"unmet\"");
  step->status = (uint16_t)status;
  step->flags |= closing ? E100_STEP_CLOSING : 0;
  return (!responds && !requests) || read_octets(reader, object, false);
}

static bool read_decided(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  if (!read_decision(reader, object, step))
    return false;
  if (e100_step_is_on_link(step))
    return read_step_link(reader, object, step);
  return !json_object_get(object, "link") ||
         e100_json_fail(
             reader,
             "\"link\" does not go with \"decision\": \"request\": which it takes is the client's choice");
}

static bool read_fields(struct e100_json_reader *reader, const json_t *object, struct e100_step *step) {
  switch (step->kind) {
  case E100_STEP_DELIVER:
    return read_step_link(reader, object, step) && read_ends(reader, object, step) &&
           read_octets(reader, object, true);
  case E100_STEP_OPEN:
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    return read_step_link(reader, object, step) && read_ends(reader, object, step);
  case E100_STEP_TIMER:
    return e100_json_read_choice(reader, object, "from", e100_party_named, e100_party_name, E100_CLIENT,
                                 E100_APPLICATION, -1, &step->from) &&
           e100_json_read_choice(reader, object, "timer", e100_timer_named, e100_timer_name, 0,
                                 E100_TIMER_COUNT, -1, &step->what);
  case E100_STEP_TOLD:
    return read_step_link(reader, object, step) && read_told(reader, object, step);
  case E100_STEP_DECIDED:
    return read_decided(reader, object, step);
  case E100_STEP_AWAIT:
    return read_step_link(reader, object, step) &&
           e100_json_read_choice(reader, object, "await", e100_await_named, e100_await_name, 0,
                                 E100_AWAIT_COUNT, -1, &step->what);
  default: /* SETTLED and QUIET */
    return true;
  }
}

static bool read_step(struct e100_json_reader *reader, const json_t *object, bool *full) {
  struct e100_step step = {.kind = 0};
  bool expected = false;
  if (!json_is_object(object))
    return e100_json_fail(reader, "a step is an object");
  if (!e100_json_read_choice(reader, object, "kind", e100_step_kind_named, e100_step_kind_name, 0,
                             E100_STEP_KIND_COUNT, -1, &step.kind) ||
      !e100_json_check_keys(reader, object, keys_of_kind[step.kind]) ||
      !e100_json_read_flag(reader, object, "expect", &expected))
    return false;
  if (reader->exchange->kind != E100_KIND_PLAY && (expected || step.kind == E100_STEP_AWAIT))
    return e100_json_fail(reader, "\"%s\" goes with \"kind\": \"play\"", expected ? "expect" : "await");
  step.flags = expected ? E100_STEP_EXPECTED : 0;
  reader->octets.length = 0;
  if (!read_fields(reader, object, &step))
    return false;
  *full = e100_exchange_append(reader->exchange, &step, (const uint8_t *)reader->octets.text,
                               reader->octets.length) < 0;
  return true;
}

bool e100_json_read_steps(struct e100_json_reader *reader, const json_t *document) {
  const json_t *steps = json_object_get(document, "steps");
  bool full = false;
  if (!json_is_array(steps))
    return e100_json_fail(reader, "\"steps\" is to be a list");
  reader->list = "steps";
  for (reader->item = 1; reader->item <= json_array_size(steps) && !full; reader->item++)
    if (!read_step(reader, json_array_get(steps, reader->item - 1), &full))
      return false;
  reader->list = NULL;
  return true;
}
