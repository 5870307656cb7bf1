#include "machine/coding_list.h"

#include "machine/octets.h"

enum {
  BEFORE_MEMBER, /* blanks and empty members */
  IN_TOKEN,
  AFTER_TOKEN, /* blanks: a semicolon or a comma may follow */
  BEFORE_NAME, /* of a parameter */
  IN_NAME,
  AFTER_NAME,
  BEFORE_VALUE,
  IN_VALUE,
  IN_QUOTED,
  AFTER_BACKSLASH,
  AFTER_QUOTED,
  IN_WRONG /* wait for the comma */
};

static const char chunked[] = "chunked";
enum { CHUNKED_LENGTH = sizeof chunked - 1, NO_MATCH = 255 };

static uint8_t in_token(struct e100_coding_list *list, uint8_t octet) {
  bool goes_on = list->as_chunked < CHUNKED_LENGTH && e100_lower(octet) == (uint8_t)chunked[list->as_chunked];
  list->as_chunked = (uint8_t)(goes_on ? list->as_chunked + 1 : NO_MATCH);
  return IN_TOKEN;
}

static bool may_end(uint8_t place) {
  return place == IN_TOKEN || place == AFTER_TOKEN || place == IN_VALUE || place == AFTER_QUOTED;
}

static void member_ends(struct e100_coding_list *list) {
  if (list->place != BEFORE_MEMBER) {
    bool is_named_chunked = list->as_chunked == CHUNKED_LENGTH;
    bool is_chunked = is_named_chunked && !list->parameters;
    list->chunked_with_parameters = list->chunked_with_parameters || (is_named_chunked && list->parameters);
    list->chunked_twice = list->chunked_twice || (is_chunked && list->chunked_last);
    list->wrong = list->wrong || !may_end(list->place);
    /* Behind chunked there may be nothing else. */
    list->wrong = list->wrong || (list->chunked_last && !is_chunked);
    list->chunked_last = is_chunked;
  }
  list->place = BEFORE_MEMBER;
  list->as_chunked = 0;
  list->parameters = false;
}

static uint8_t after_part(struct e100_coding_list *list, uint8_t octet, uint8_t blanks) {
  if (octet == ';') {
    list->parameters = true;
    return BEFORE_NAME;
  }
  return e100_is_blank(octet) ? blanks : IN_WRONG;
}

static uint8_t before_value(uint8_t octet) {
  if (octet == '"')
    return IN_QUOTED;
  if (e100_is_blank(octet))
    return BEFORE_VALUE;
  return e100_is_token(octet) ? IN_VALUE : IN_WRONG;
}

static uint8_t in_parameter_name(uint8_t place, uint8_t octet) {
  if (place != AFTER_NAME && e100_is_token(octet))
    return IN_NAME;
  if (place != BEFORE_NAME && octet == '=')
    return BEFORE_VALUE;
  if (!e100_is_blank(octet))
    return IN_WRONG;
  return place == BEFORE_NAME ? BEFORE_NAME : AFTER_NAME;
}

static uint8_t next_place(struct e100_coding_list *list, uint8_t octet) {
  switch (list->place) {
  case BEFORE_MEMBER:
    if (e100_is_blank(octet))
      return BEFORE_MEMBER;
    return e100_is_token(octet) ? in_token(list, octet) : IN_WRONG;
  case IN_TOKEN:
    return e100_is_token(octet) ? in_token(list, octet) : after_part(list, octet, AFTER_TOKEN);
  case AFTER_TOKEN:
    return after_part(list, octet, AFTER_TOKEN);
  case BEFORE_NAME:
  case IN_NAME:
  case AFTER_NAME:
    return in_parameter_name(list->place, octet);
  case BEFORE_VALUE:
    return before_value(octet);
  case IN_VALUE:
    return e100_is_token(octet) ? IN_VALUE : after_part(list, octet, AFTER_QUOTED);
  case IN_QUOTED:
    if (octet == '\\')
      return AFTER_BACKSLASH;
    return octet == '"' ? AFTER_QUOTED : IN_QUOTED;
  case AFTER_BACKSLASH:
    return IN_QUOTED;
  case AFTER_QUOTED:
    return after_part(list, octet, AFTER_QUOTED);
  default:
    return IN_WRONG;
  }
}

static bool between_quotes(const struct e100_coding_list *list) {
  return list->place == IN_QUOTED || list->place == AFTER_BACKSLASH;
}

void e100_codings_feed(struct e100_coding_list *list, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (octets[i] == ',' && !between_quotes(list))
      member_ends(list);
    else
      list->place = next_place(list, octets[i]);
  }
}

/* Quotes do not reach into the next line: what is open is wrong. */
void e100_codings_line_end(struct e100_coding_list *list) {
  member_ends(list);
}

bool e100_codings_are_chunked(const struct e100_coding_list *list) {
  return list->chunked_last && !list->chunked_twice && !list->wrong;
}
