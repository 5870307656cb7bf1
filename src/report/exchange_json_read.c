/*
 * exchange_json_read.c - reads exchanges from JSON.
 *
 * Strict, for the sake of other programs that write it: a key that nobody knows, or a value of the wrong
 * kind, is an error that names its place. Keys that start with "x-" belong to whoever writes them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/exchange_json.h"
#include "report/exchange_json_reader.h"

bool e100_json_fail(struct e100_json_reader *reader, const char *format, ...) {
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

bool e100_json_check_keys(struct e100_json_reader *reader, const json_t *object, const char *keys) {
  if (!json_is_object(object))
    return e100_json_fail(reader, "an object is missing here");
  const char *key = NULL;
  json_t *value = NULL;
  json_object_foreach((json_t *)object, key, value) {
    size_t length = strlen(key);
    bool known = strncmp(key, "x-", 2) == 0;
    for (const char *at = keys; !known && *at; at += strcspn(at, " "), at += *at == ' ')
      known = length > 0 && strncmp(at, key, length) == 0 && (at[length] == ' ' || at[length] == '\0');
    if (!known)
      return e100_json_fail(
          reader, "the key \"%.40s\" is unknown here; there are: %s; own keys start with x-", key, keys);
  }
  return true;
}

const char *e100_json_word_at(const json_t *object, const char *key) {
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

bool e100_json_read_choice(struct e100_json_reader *reader, const json_t *object, const char *key,
                           int number_of(const char *), const char *name_of(unsigned), int first, int count,
                           int if_missing, uint8_t *out) {
  const char *word = e100_json_word_at(object, key);
  int number = word ? number_of(word) : -1;
  if (!json_object_get(object, key))
    number = if_missing;
  if (number < 0 || (json_object_get(object, key) && (number < first || number >= count))) {
    char known[160];
    return e100_json_fail(reader, "\"%s\" is to be one of: %s", key,
                          words_of(known, sizeof(known), name_of, (unsigned)first, (unsigned)count));
  }
  *out = (uint8_t)number;
  return true;
}

bool e100_json_read_number(struct e100_json_reader *reader, const json_t *object, const char *key,
                           json_int_t low, json_int_t high, uint32_t *out) {
  const json_t *value = json_object_get(object, key);
  json_int_t number = json_integer_value(value);
  if (!json_is_integer(value) || number < low || number > high)
    return e100_json_fail(reader, "\"%s\" is to be a number from %lld to %lld", key, (long long)low,
                          (long long)high);
  *out = (uint32_t)number;
  return true;
}

bool e100_json_read_flag(struct e100_json_reader *reader, const json_t *object, const char *key, bool *out) {
  const json_t *value = json_object_get(object, key);
  if (value && !json_is_boolean(value))
    return e100_json_fail(reader, "\"%s\" is to be true or false", key);
  *out = json_is_true(value);
  return true;
}

/* A list, which may be missing. */
static bool read_list(struct e100_json_reader *reader, const json_t *object, const char *key,
                      const json_t **out) {
  *out = json_object_get(object, key);
  if (*out && !json_is_array(*out))
    return e100_json_fail(reader, "\"%s\" is to be a list", key);
  return true;
}

/* ---- who takes part ---------------------------------------------------------------------------------- */

static bool read_link(struct e100_json_reader *reader, const json_t *object, bool alone) {
  uint8_t client = 0;
  uint8_t server = 0;
  struct e100_exchange *exchange = reader->exchange;
  if (!e100_json_check_keys(reader, object, "name client server") ||
      !e100_json_read_choice(reader, object, "client", e100_party_named, e100_party_name, E100_CLIENT,
                             E100_ORIGIN, -1, &client) ||
      !e100_json_read_choice(reader, object, "server", e100_party_named, e100_party_name, E100_PROXY,
                             E100_APPLICATION, -1, &server))
    return false;
  if (!e100_link_ends_valid(client, server))
    return e100_json_fail(reader, "\"client\" and \"server\" of a link are two different parties");
  const char *name = json_object_get(object, "name") ? e100_json_word_at(object, "name") : "";
  bool unnamed = alone && name && name[0] == '\0';
  if (!name || (!unnamed && !e100_link_name_valid(name, strlen(name))))
    return e100_json_fail(reader,
                          "\"name\" is to be letters, digits, - and _, at most %d, and no word of a heading",
                          E100_NAME_LIMIT - 1);
  uint32_t before = exchange->link_count;
  e100_exchange_link(exchange, name, (enum e100_party)client, (enum e100_party)server);
  return exchange->link_count > before || e100_json_fail(reader, "a link of this name is there already");
}

static bool read_links(struct e100_json_reader *reader, const json_t *document) {
  const json_t *links = NULL;
  if (!read_list(reader, document, "links", &links))
    return false;
  if (!links) {
    e100_exchange_set_role(reader->exchange, (enum e100_role)reader->exchange->role);
    return true;
  }
  size_t count = json_array_size(links);
  if (count < 1 || count > E100_LINKS_LIMIT)
    return e100_json_fail(reader, "\"links\" has 1 to %d links", E100_LINKS_LIMIT);
  reader->exchange->link_count = 0;
  reader->list = "links";
  for (reader->item = 1; reader->item <= count; reader->item++)
    if (!read_link(reader, json_array_get(links, reader->item - 1), count == 1))
      return false;
  reader->list = NULL;
  return true;
}

static bool read_bits(struct e100_json_reader *reader, const json_t *document, const char *key,
                      int number_of(const char *), uint32_t *bits) {
  const json_t *names = NULL;
  if (!read_list(reader, document, key, &names))
    return false;
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = json_string_value(json_array_get(names, i));
    int bit = name ? number_of(name) : -1;
    if (bit < 0)
      return e100_json_fail(reader, "\"%s\", item %zu is unknown; docs/case-format.md lists them", key,
                            i + 1);
    *bits |= UINT32_C(1) << bit;
  }
  return true;
}

/* ---- what is for people ------------------------------------------------------------------------------ */

/* The string that KEY has, if it is there, for OUT with ROOM octets. */
static bool read_sentence(struct e100_json_reader *reader, const json_t *document, const char *key, char *out,
                          size_t room) {
  if (!json_object_get(document, key))
    return true;
  const char *sentence = e100_json_word_at(document, key);
  if (!sentence)
    return e100_json_fail(reader, "\"%s\" is to be a string without NUL", key);
  size_t length = strlen(sentence);
  if (length >= room) {
    length = room - 1;
    reader->exchange->truncated = 1;
  }
  memcpy(out, sentence, length);
  out[length] = '\0';
  return true;
}

static bool read_rule(struct e100_json_reader *reader, const char *rule, char *out) {
  size_t length = rule ? strlen(rule) : 0;
  if (!rule || !e100_rule_name_valid(rule, length))
    return e100_json_fail(reader, "this is to be the name of a rule, such as ORIGIN_NO_WAIT");
  e100_word_copy(out, E100_RULE_NAME_LIMIT, rule, length);
  return true;
}

static bool read_shows(struct e100_json_reader *reader, const json_t *document) {
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

static bool read_finding(struct e100_json_reader *reader, const json_t *object) {
  struct e100_exchange *exchange = reader->exchange;
  struct e100_expected_finding *expected = &exchange->expected[exchange->expected_count];
  memset(expected, 0, sizeof(*expected));
  if (!e100_json_check_keys(reader, object, "link party request step rule"))
    return false;
  if (json_object_get(object, "link")) {
    const char *link = e100_json_word_at(object, "link");
    if (!link || !e100_word_valid(link, strlen(link), sizeof(expected->link)))
      return e100_json_fail(reader, "\"link\" is to be the name of a link");
    e100_word_copy(expected->link, sizeof(expected->link), link, strlen(link));
  }
  if (json_object_get(object, "party") &&
      !e100_json_read_choice(reader, object, "party", e100_party_named, e100_party_name, E100_CLIENT,
                             E100_APPLICATION + 1, -1, &expected->party))
    return false;
  if (json_object_get(object, "request") &&
      !e100_json_read_number(reader, object, "request", 0, UINT32_MAX, &expected->request))
    return false;
  if (json_object_get(object, "step") &&
      !e100_json_read_number(reader, object, "step", 0, UINT32_MAX, &expected->step))
    return false;
  if (!read_rule(reader, e100_json_word_at(object, "rule"), expected->rule))
    return false;
  exchange->expected_count++;
  return true;
}

static bool read_findings(struct e100_json_reader *reader, const json_t *document) {
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

/* ---- the document ------------------------------------------------------------------------------------- */

static bool read_format(struct e100_json_reader *reader, const json_t *document) {
  if (!json_is_object(document))
    return e100_json_fail(reader, "this is to be a JSON object with \"format\": \"expect100-exchange\"");
  const char *format = e100_json_word_at(document, "format");
  if (!format || strcmp(format, "expect100-exchange") != 0)
    return e100_json_fail(reader, "\"format\" is to be \"expect100-exchange\"");
  const json_t *version = json_object_get(document, "version");
  if (!json_is_integer(version) || json_integer_value(version) != E100_EXCHANGE_JSON_VERSION)
    return e100_json_fail(reader, "\"version\" is to be %d: this program knows no other",
                          E100_EXCHANGE_JSON_VERSION);
  return e100_json_check_keys(
      reader, document,
      "format version title kind role shows stays seen_by links policy reading steps findings truncated");
}

static bool read_document(struct e100_json_reader *reader, const json_t *document) {
  struct e100_exchange *exchange = reader->exchange;
  bool truncated = false;
  if (!read_format(reader, document) ||
      !read_sentence(reader, document, "title", exchange->title, E100_TITLE_LIMIT) ||
      !read_sentence(reader, document, "stays", exchange->stays, E100_STAYS_LIMIT) ||
      !e100_json_read_choice(reader, document, "kind", e100_kind_named, e100_kind_name, 0, E100_KIND_COUNT,
                             E100_KIND_JUDGE, &exchange->kind) ||
      !e100_json_read_choice(reader, document, "role", e100_role_named, e100_role_name, 0, E100_ROLE_COUNT,
                             E100_ROLE_ORIGIN, &exchange->role) ||
      !e100_json_read_choice(reader, document, "seen_by", e100_party_named, e100_party_name, E100_CLIENT,
                             E100_APPLICATION, E100_NOBODY, &exchange->seen_by) ||
      !read_shows(reader, document) || !read_links(reader, document) ||
      !read_bits(reader, document, "policy", e100_policy_named, &exchange->policy) ||
      !read_bits(reader, document, "reading", e100_reading_named, &exchange->reading) ||
      !e100_json_read_steps(reader, document) || !read_findings(reader, document) ||
      !e100_json_read_flag(reader, document, "truncated", &truncated))
    return false;
  exchange->truncated = exchange->truncated || truncated;
  return true;
}

bool e100_exchange_read_json(struct e100_exchange *exchange, const json_t *document, char *reason,
                             size_t reason_room) {
  struct e100_json_reader reader = {.exchange = exchange, .reason = reason, .reason_room = reason_room};
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
  struct e100_json_reader reader = {.reason = reason, .reason_room = reason_room};
  e100_exchange_clear(exchange);
  if (length == 0)
    return e100_json_fail(&reader, "not JSON: nothing is there");
  return e100_json_fail(&reader, "not JSON: line %d, column %d: %s", error.line, error.column, error.text);
}
