/*
 * exchange_json_read.c - reads exchanges from JSON.
 *
 * Strict, for the sake of other programs that write it: a key that nobody knows, or a value of the wrong
 * kind, is an error that names its place. Keys that start with "x-" belong to whoever writes them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_inside.h"
#include "report/exchange_json.h"

struct reader {
  struct e100_exchange *exchange;
  struct e100_text octets; /* of the step that is read */
  const char *list;        /* "steps" and the like; NULL: the document itself */
  size_t item;             /* from 1 */
  char *reason;
  size_t reason_room;
};

/* Says why, and where. Always false, for `return fail(...)`. */
static bool fail(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct reader *reader, const char *format, ...) {
  struct e100_text sentence = {0};
  char words[192];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof(words), format, arguments);
  va_end(arguments);
  if (reader->list)
    e100_text_format(&sentence, "%s, item %zu: ", reader->list, reader->item);
  e100_text_format(&sentence, "%s", words);
  for (size_t i = 0; i < sentence.length; i++)
    if (sentence.text[i] < ' ' || sentence.text[i] > '~')
      sentence.text[i] = '?';
  (void)snprintf(reader->reason, reader->reason_room, "%s", sentence.text);
  e100_text_free(&sentence);
  return false;
}

/* ---- keys and values ------------------------------------------------------------------------------- */

/* Whether OBJECT is one, and has no keys but those in KEYS (separated by blanks). */
static bool check_keys(struct reader *reader, const json_t *object, const char *keys) {
  if (!json_is_object(object))
    return fail(reader, "an object is missing here");
  const char *key = NULL;
  json_t *value = NULL;
  json_object_foreach((json_t *)object, key, value) {
    size_t length = strlen(key);
    bool known = strncmp(key, "x-", 2) == 0;
    for (const char *at = keys; !known && *at; at += strcspn(at, " "), at += *at == ' ')
      known = length > 0 && strncmp(at, key, length) == 0 && (at[length] == ' ' || at[length] == '\0');
    if (!known)
      return fail(reader, "the key \"%.40s\" is unknown here; there are: %s; own keys start with x-", key,
                  keys);
  }
  return true;
}

/* The string at KEY without NULs in it, or NULL. */
static const char *word_at(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  const char *word = json_string_value(value);
  return word && strlen(word) == json_string_length(value) ? word : NULL;
}

static const char *words_of(char *room, size_t size, const char *name_of(unsigned), unsigned first,
                            unsigned count) {
  size_t at = 0;
  room[0] = '\0';
  for (unsigned i = first; i < count && at < size; i++) {
    int length = snprintf(room + at, size - at, "%s%s", i > first ? ", " : "", name_of(i));
    at += length > 0 ? (size_t)length : 0;
  }
  return room;
}

/* One of the words number FIRST to below COUNT that NAME_OF gives. Without the key: IF_MISSING, or an error
 * where that is negative. */
static bool read_choice(struct reader *reader, const json_t *object, const char *key,
                        int number_of(const char *), const char *name_of(unsigned), int first, int count,
                        int if_missing, uint8_t *out) {
  const char *word = word_at(object, key);
  int number = word ? number_of(word) : -1;
  if (!json_object_get(object, key))
    number = if_missing;
  if (number < 0 || (json_object_get(object, key) && (number < first || number >= count))) {
    char known[160];
    return fail(reader, "\"%s\" is to be one of: %s", key,
                words_of(known, sizeof(known), name_of, (unsigned)first, (unsigned)count));
  }
  *out = (uint8_t)number;
  return true;
}

static bool read_number(struct reader *reader, const json_t *object, const char *key, json_int_t low,
                        json_int_t high, uint32_t *out) {
  const json_t *value = json_object_get(object, key);
  json_int_t number = json_integer_value(value);
  if (!json_is_integer(value) || number < low || number > high)
    return fail(reader, "\"%s\" is to be a number from %lld to %lld", key, (long long)low, (long long)high);
  *out = (uint32_t)number;
  return true;
}

static bool read_flag(struct reader *reader, const json_t *object, const char *key, bool *out) {
  const json_t *value = json_object_get(object, key);
  if (value && !json_is_boolean(value))
    return fail(reader, "\"%s\" is to be true or false", key);
  *out = json_is_true(value);
  return true;
}

/* A list, which may be missing. */
static bool read_list(struct reader *reader, const json_t *object, const char *key, const json_t **out) {
  *out = json_object_get(object, key);
  if (*out && !json_is_array(*out))
    return fail(reader, "\"%s\" is to be a list", key);
  return true;
}

/* A string of code points below 256 becomes octets. */
static bool read_octets(struct reader *reader, const json_t *object, bool needed) {
  const json_t *value = json_object_get(object, "octets");
  const char *text = json_string_value(value);
  size_t length = json_string_length(value);
  reader->octets.length = 0;
  if (!value && !needed)
    return true;
  if (!text)
    return fail(reader, "\"octets\" is to be a string");
  for (size_t i = 0; i < length; i++) {
    unsigned octet = (unsigned char)text[i];
    if (octet >= 0xc2 && octet <= 0xc3) /* what follows is there: the text is valid UTF-8 */
      octet = (octet & 3) << 6 | ((unsigned char)text[++i] & 0x3f);
    else if (octet >= 0x80)
      return fail(reader, "\"octets\" has a code point above U+00FF; each is one octet, U+0000 to U+00FF");
    const char c = (char)(unsigned char)octet;
    e100_text_add(&reader->octets, &c, 1);
  }
  return true;
}

/* ---- who takes part ---------------------------------------------------------------------------------- */

static bool read_link(struct reader *reader, const json_t *object, bool alone) {
  uint8_t client = 0;
  uint8_t server = 0;
  struct e100_exchange *exchange = reader->exchange;
  if (!check_keys(reader, object, "name client server") ||
      !read_choice(reader, object, "client", e100_party_named, e100_party_name, E100_CLIENT, E100_ORIGIN, -1,
                   &client) ||
      !read_choice(reader, object, "server", e100_party_named, e100_party_name, E100_PROXY, E100_APPLICATION,
                   -1, &server))
    return false;
  if (!e100_link_ends_valid(client, server))
    return fail(reader, "\"client\" and \"server\" of a link are two different parties");
  const char *name = json_object_get(object, "name") ? word_at(object, "name") : "";
  bool unnamed = alone && name && name[0] == '\0';
  if (!name || (!unnamed && !e100_link_name_valid(name, strlen(name))))
    return fail(reader, "\"name\" is to be letters, digits, - and _, at most %d, and no word of a heading",
                E100_NAME_LIMIT - 1);
  uint32_t before = exchange->link_count;
  e100_exchange_link(exchange, name, (enum e100_party)client, (enum e100_party)server);
  return exchange->link_count > before || fail(reader, "a link of this name is there already");
}

static bool read_links(struct reader *reader, const json_t *document) {
  const json_t *links = NULL;
  if (!read_list(reader, document, "links", &links))
    return false;
  if (!links) {
    e100_exchange_set_role(reader->exchange, (enum e100_role)reader->exchange->role);
    return true;
  }
  size_t count = json_array_size(links);
  if (count < 1 || count > E100_LINKS_LIMIT)
    return fail(reader, "\"links\" has 1 to %d links", E100_LINKS_LIMIT);
  reader->exchange->link_count = 0;
  reader->list = "links";
  for (reader->item = 1; reader->item <= count; reader->item++)
    if (!read_link(reader, json_array_get(links, reader->item - 1), count == 1))
      return false;
  reader->list = NULL;
  return true;
}

static bool read_bits(struct reader *reader, const json_t *document, const char *key,
                      int number_of(const char *), uint32_t *bits) {
  const json_t *names = NULL;
  if (!read_list(reader, document, key, &names))
    return false;
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = json_string_value(json_array_get(names, i));
    int bit = name ? number_of(name) : -1;
    if (bit < 0)
      return fail(reader, "\"%s\", item %zu is unknown; docs/case-format.md lists them", key, i + 1);
    *bits |= UINT32_C(1) << bit;
  }
  return true;
}

/* ---- what is for people ------------------------------------------------------------------------------ */

/* The string that KEY has, if it is there, for OUT with ROOM octets. */
static bool read_sentence(struct reader *reader, const json_t *document, const char *key, char *out,
                          size_t room) {
  if (!json_object_get(document, key))
    return true;
  const char *sentence = word_at(document, key);
  if (!sentence)
    return fail(reader, "\"%s\" is to be a string without NUL", key);
  size_t length = strlen(sentence);
  if (length >= room) {
    length = room - 1;
    reader->exchange->truncated = 1;
  }
  memcpy(out, sentence, length);
  out[length] = '\0';
  return true;
}

static bool read_rule(struct reader *reader, const char *rule, char *out) {
  size_t length = rule ? strlen(rule) : 0;
  if (!rule || !e100_rule_name_valid(rule, length))
    return fail(reader, "this is to be the name of a rule, such as ORIGIN_NO_WAIT");
  e100_word_copy(out, E100_RULE_NAME_LIMIT, rule, length);
  return true;
}

static bool read_shows(struct reader *reader, const json_t *document) {
  const json_t *shows = NULL;
  if (!read_list(reader, document, "shows", &shows))
    return false;
  reader->list = "shows";
  for (reader->item = 1; reader->item <= json_array_size(shows); reader->item++) {
    if (reader->item > E100_SHOWS_LIMIT) {
      reader->exchange->truncated = 1;
      break;
    }
    if (!read_rule(reader, json_string_value(json_array_get(shows, reader->item - 1)),
                   reader->exchange->shows[reader->item - 1]))
      return false;
    reader->exchange->shows_count = (uint32_t)reader->item;
  }
  reader->list = NULL;
  return true;
}

static bool read_finding(struct reader *reader, const json_t *object) {
  struct e100_exchange *exchange = reader->exchange;
  struct e100_expected_finding *expected = &exchange->expected[exchange->expected_count];
  memset(expected, 0, sizeof(*expected));
  if (!check_keys(reader, object, "link party request step rule"))
    return false;
  if (json_object_get(object, "link")) {
    const char *link = word_at(object, "link");
    if (!link || !e100_word_valid(link, strlen(link), sizeof(expected->link)))
      return fail(reader, "\"link\" is to be the name of a link");
    e100_word_copy(expected->link, sizeof(expected->link), link, strlen(link));
  }
  if (json_object_get(object, "party") &&
      !read_choice(reader, object, "party", e100_party_named, e100_party_name, E100_CLIENT,
                   E100_APPLICATION + 1, -1, &expected->party))
    return false;
  if (json_object_get(object, "request") &&
      !read_number(reader, object, "request", 0, UINT32_MAX, &expected->request))
    return false;
  if (json_object_get(object, "step") && !read_number(reader, object, "step", 0, UINT32_MAX, &expected->step))
    return false;
  if (!read_rule(reader, word_at(object, "rule"), expected->rule))
    return false;
  exchange->expected_count++;
  return true;
}

static bool read_findings(struct reader *reader, const json_t *document) {
  const json_t *findings = NULL;
  if (!read_list(reader, document, "findings", &findings))
    return false;
  reader->exchange->has_expected = findings != NULL;
  reader->list = "findings";
  for (reader->item = 1; reader->item <= json_array_size(findings); reader->item++) {
    if (reader->item > E100_EXPECTED_LIMIT) {
      reader->exchange->truncated = 1;
      break;
    }
    if (!read_finding(reader, json_array_get(findings, reader->item - 1)))
      return false;
  }
  reader->list = NULL;
  return true;
}

/* ---- steps -------------------------------------------------------------------------------------------- */

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

static bool read_step_link(struct reader *reader, const json_t *object, struct e100_step *step) {
  const struct e100_exchange *exchange = reader->exchange;
  const json_t *value = json_object_get(object, "link");
  const char *name = word_at(object, "link");
  if (!value && exchange->link_count == 1)
    return true;
  for (uint32_t i = 0; name && i < exchange->link_count; i++)
    if (strcmp(exchange->links[i].name, name) == 0) {
      step->link = (uint8_t)i;
      return true;
    }
  return fail(reader, "\"link\" is to be the name of one of the links");
}

/* "from", and "to" where it is given: the ends of the link. */
static bool read_ends(struct reader *reader, const json_t *object, struct e100_step *step) {
  const struct e100_link *link = &reader->exchange->links[step->link];
  if (!read_choice(reader, object, "from", e100_party_named, e100_party_name, E100_CLIENT, E100_APPLICATION,
                   -1, &step->from))
    return false;
  if (step->from != link->client && step->from != link->server)
    return fail(reader, "\"from\" is to be an end of the link: %s or %s", e100_party_name(link->client),
                e100_party_name(link->server));
  uint8_t other = step->from == link->client ? link->server : link->client;
  uint8_t to = other;
  if (step->kind == E100_STEP_DELIVER && !read_choice(reader, object, "to", e100_party_named, e100_party_name,
                                                      E100_CLIENT, E100_APPLICATION, other, &to))
    return false;
  return to == other || fail(reader, "\"to\" is to be the other end of the link: %s", e100_party_name(other));
}

static bool read_told(struct reader *reader, const json_t *object, struct e100_step *step) {
  if (!read_choice(reader, object, "told", e100_told_named, e100_told_name, 0, E100_TOLD_COUNT, -1,
                   &step->what))
    return false;
  if (step->what != E100_TOLD_CONTENT && json_object_get(object, "count"))
    return fail(reader, "\"count\" goes with \"told\": \"content\"");
  if (step->what == E100_TOLD_CONTENT)
    return read_number(reader, object, "count", 0, UINT32_MAX, &step->count);
  if (!e100_step_tells_status(step))
    return !json_object_get(object, "status") ||
           fail(reader, "\"status\" goes with \"told\": \"interim\" or \"response\"");
  bool interim = step->what == E100_TOLD_INTERIM;
  uint32_t status = 0;
  if (!read_number(reader, object, "status", interim ? 100 : 200, interim ? 199 : 999, &status))
    return false;
  step->status = (uint16_t)status;
  return true;
}

static bool read_decision(struct reader *reader, const json_t *object, struct e100_step *step) {
  uint32_t status = 0;
  bool closing = false;
  if (!read_choice(reader, object, "decision", e100_decision_named, e100_decision_name, 0,
                   E100_DECISION_COUNT, -1, &step->what) ||
      !read_flag(reader, object, "close", &closing))
    return false;
  bool responds = step->what == E100_DECIDE_RESPOND;
  bool requests = step->what == E100_DECIDE_REQUEST;
  if (responds && !read_number(reader, object, "status", 200, 999, &status))
    return false;
  if (!responds && json_object_get(object, "status"))
    return fail(reader, "\"status\" goes with \"decision\": \"respond\"");
  if (!responds && !requests && json_object_get(object, "octets"))
    return fail(reader, "\"octets\" goes with \"decision\": \"respond\" or \"request\"");
  if (closing && !responds && step->what != E100_DECIDE_UNMET)
    return fail(reader, "\"close\" goes with \"decision\": \"respond\" or \"unmet\"");
  step->status = (uint16_t)status;
  step->flags |= closing ? E100_STEP_CLOSING : 0;
  return (!responds && !requests) || read_octets(reader, object, false);
}

static bool read_decided(struct reader *reader, const json_t *object, struct e100_step *step) {
  if (!read_decision(reader, object, step))
    return false;
  if (e100_step_is_on_link(step))
    return read_step_link(reader, object, step);
  return !json_object_get(object, "link") ||
         fail(reader,
              "\"link\" does not go with \"decision\": \"request\": which it takes is the client's choice");
}

static bool read_fields(struct reader *reader, const json_t *object, struct e100_step *step) {
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
    return read_choice(reader, object, "from", e100_party_named, e100_party_name, E100_CLIENT,
                       E100_APPLICATION, -1, &step->from) &&
           read_choice(reader, object, "timer", e100_timer_named, e100_timer_name, 0, E100_TIMER_COUNT, -1,
                       &step->what);
  case E100_STEP_TOLD:
    return read_step_link(reader, object, step) && read_told(reader, object, step);
  case E100_STEP_DECIDED:
    return read_decided(reader, object, step);
  case E100_STEP_AWAIT:
    return read_step_link(reader, object, step) &&
           read_choice(reader, object, "await", e100_await_named, e100_await_name, 0, E100_AWAIT_COUNT, -1,
                       &step->what);
  default: /* SETTLED and QUIET */
    return true;
  }
}

static bool read_step(struct reader *reader, const json_t *object, bool *full) {
  struct e100_step step = {.kind = 0};
  bool expected = false;
  if (!json_is_object(object))
    return fail(reader, "a step is an object");
  if (!read_choice(reader, object, "kind", e100_step_kind_named, e100_step_kind_name, 0, E100_STEP_KIND_COUNT,
                   -1, &step.kind) ||
      !check_keys(reader, object, keys_of_kind[step.kind]) || !read_flag(reader, object, "expect", &expected))
    return false;
  if (reader->exchange->kind != E100_KIND_PLAY && (expected || step.kind == E100_STEP_AWAIT))
    return fail(reader, "\"%s\" goes with \"kind\": \"play\"", expected ? "expect" : "await");
  step.flags = expected ? E100_STEP_EXPECTED : 0;
  reader->octets.length = 0;
  if (!read_fields(reader, object, &step))
    return false;
  *full = e100_exchange_append(reader->exchange, &step, (const uint8_t *)reader->octets.text,
                               reader->octets.length) < 0;
  return true;
}

static bool read_steps(struct reader *reader, const json_t *document) {
  const json_t *steps = json_object_get(document, "steps");
  bool full = false;
  if (!json_is_array(steps))
    return fail(reader, "\"steps\" is to be a list");
  reader->list = "steps";
  for (reader->item = 1; reader->item <= json_array_size(steps) && !full; reader->item++)
    if (!read_step(reader, json_array_get(steps, reader->item - 1), &full))
      return false;
  reader->list = NULL;
  return true;
}

/* ---- the document ------------------------------------------------------------------------------------- */

static bool read_format(struct reader *reader, const json_t *document) {
  if (!json_is_object(document))
    return fail(reader, "this is to be a JSON object with \"format\": \"expect100-exchange\"");
  const char *format = word_at(document, "format");
  if (!format || strcmp(format, "expect100-exchange") != 0)
    return fail(reader, "\"format\" is to be \"expect100-exchange\"");
  const json_t *version = json_object_get(document, "version");
  if (!json_is_integer(version) || json_integer_value(version) != E100_EXCHANGE_JSON_VERSION)
    return fail(reader, "\"version\" is to be %d: this program knows no other", E100_EXCHANGE_JSON_VERSION);
  return check_keys(
      reader, document,
      "format version title kind role shows stays seen_by links policy reading steps findings truncated");
}

static bool read_document(struct reader *reader, const json_t *document) {
  struct e100_exchange *exchange = reader->exchange;
  bool truncated = false;
  if (!read_format(reader, document) ||
      !read_sentence(reader, document, "title", exchange->title, E100_TITLE_LIMIT) ||
      !read_sentence(reader, document, "stays", exchange->stays, E100_STAYS_LIMIT) ||
      !read_choice(reader, document, "kind", e100_kind_named, e100_kind_name, 0, E100_KIND_COUNT,
                   E100_KIND_JUDGE, &exchange->kind) ||
      !read_choice(reader, document, "role", e100_role_named, e100_role_name, 0, E100_ROLE_COUNT,
                   E100_ROLE_ORIGIN, &exchange->role) ||
      !read_choice(reader, document, "seen_by", e100_party_named, e100_party_name, E100_CLIENT,
                   E100_APPLICATION, E100_NOBODY, &exchange->seen_by) ||
      !read_shows(reader, document) || !read_links(reader, document) ||
      !read_bits(reader, document, "policy", e100_policy_named, &exchange->policy) ||
      !read_bits(reader, document, "reading", e100_reading_named, &exchange->reading) ||
      !read_steps(reader, document) || !read_findings(reader, document) ||
      !read_flag(reader, document, "truncated", &truncated))
    return false;
  exchange->truncated = exchange->truncated || truncated;
  return true;
}

bool e100_exchange_read_json(struct e100_exchange *exchange, const json_t *document, char *reason,
                             size_t reason_room) {
  struct reader reader = {.exchange = exchange, .reason = reason, .reason_room = reason_room};
  reason[0] = '\0';
  e100_exchange_clear(exchange);
  bool read = read_document(&reader, document);
  e100_text_free(&reader.octets);
  if (read)
    e100_exchange_normalize(exchange);
  else
    e100_exchange_clear(exchange);
  return read;
}

bool e100_exchange_from_json(struct e100_exchange *exchange, const char *text, size_t length, char *reason,
                             size_t reason_room) {
  json_error_t error;
  json_t *document =
      length > 0 ? json_loadb(text, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error) : NULL;
  if (document) {
    bool read = e100_exchange_read_json(exchange, document, reason, reason_room);
    json_decref(document);
    return read;
  }
  struct reader reader = {.reason = reason, .reason_room = reason_room};
  e100_exchange_clear(exchange);
  if (length == 0)
    return fail(&reader, "not JSON: nothing is there");
  return fail(&reader, "not JSON: line %d, column %d: %s", error.line, error.column, error.text);
}
