#include "machine/expect_field.h"

#include <string.h>

#include "machine/octets.h"

enum {
  BEFORE_MEMBER, /* OWS and empty members */
  IN_TOKEN,
  AFTER_TOKEN, /* OWS after a token: only a comma may follow */
  AFTER_EQUALS,
  IN_VALUE,
  IN_QUOTED,
  AFTER_BACKSLASH,
  AFTER_VALUE,   /* OWS, then a comma or a semicolon */
  BEFORE_NAME,   /* after a semicolon: OWS, then a parameter or nothing */
  IN_NAME,       /* of a parameter */
  AFTER_NAME,    /* "=" of a parameter was read */
  IN_WRONG,      /* outside the grammar: wait for the comma */
  IN_WRONG_QUOTE /* ... which does not count between quotes */
};

static const char continue_token[] = "100-continue";
enum { CONTINUE_LENGTH = sizeof continue_token - 1, NO_MATCH = 255 };

/* One more octet of the token with which a member begins. */
static void match(struct e100_expect_field *field, uint8_t octet) {
  if (field->matched < CONTINUE_LENGTH && e100_lower(octet) == (uint8_t)continue_token[field->matched]) {
    field->matched++;
  } else {
    field->matched = NO_MATCH;
  }
}

/* A comma outside quotes, or the end: the present member, if there is one, is complete. */
static void member_ends(struct e100_expect_field *field) {
  if (field->state != BEFORE_MEMBER) {
    bool bare = field->state == IN_TOKEN || field->state == AFTER_TOKEN;
    if (bare && field->matched == CONTINUE_LENGTH) {
      field->asks = true;
    } else {
      field->other = true;
    }
  }
  field->state = BEFORE_MEMBER;
  field->matched = 0;
}

static uint8_t begin_member(struct e100_expect_field *field, uint8_t octet) {
  if (e100_is_blank(octet))
    return BEFORE_MEMBER;
  if (octet == '"')
    return IN_WRONG_QUOTE;
  if (!e100_is_token(octet))
    return IN_WRONG;
  match(field, octet);
  return IN_TOKEN;
}

static uint8_t wrong(uint8_t octet) {
  return octet == '"' ? IN_WRONG_QUOTE : IN_WRONG;
}

/* Between a value and the next comma: OWS, or a semicolon with a parameter. */
static uint8_t after_value(uint8_t octet) {
  if (octet == ';')
    return BEFORE_NAME;
  return e100_is_blank(octet) ? AFTER_VALUE : wrong(octet);
}

static uint8_t next_state(struct e100_expect_field *field, uint8_t octet) {
  switch (field->state) {
  case BEFORE_MEMBER:
    return begin_member(field, octet);
  case IN_TOKEN:
    if (e100_is_token(octet)) {
      match(field, octet);
      return IN_TOKEN;
    }
    if (octet == '=')
      return AFTER_EQUALS;
    return e100_is_blank(octet) ? AFTER_TOKEN : wrong(octet);
  case AFTER_TOKEN:
    return e100_is_blank(octet) ? AFTER_TOKEN : wrong(octet);
  case AFTER_EQUALS:
  case AFTER_NAME:
    if (octet == '"')
      return IN_QUOTED;
    return e100_is_token(octet) ? IN_VALUE : wrong(octet);
  case IN_VALUE:
    return e100_is_token(octet) ? IN_VALUE : after_value(octet);
  case IN_QUOTED:
    if (octet == '\\')
      return AFTER_BACKSLASH;
    return octet == '"' ? AFTER_VALUE : IN_QUOTED;
  case AFTER_BACKSLASH:
    return IN_QUOTED;
  case AFTER_VALUE:
    return after_value(octet);
  case BEFORE_NAME:
    if (octet == ';' || e100_is_blank(octet))
      return BEFORE_NAME;
    return e100_is_token(octet) ? IN_NAME : wrong(octet);
  case IN_NAME:
    if (e100_is_token(octet))
      return IN_NAME;
    return octet == '=' ? AFTER_NAME : wrong(octet);
  case IN_WRONG_QUOTE:
    return octet == '"' ? IN_WRONG : IN_WRONG_QUOTE;
  default:
    return wrong(octet);
  }
}

static bool between_quotes(const struct e100_expect_field *field) {
  return field->state == IN_QUOTED || field->state == AFTER_BACKSLASH || field->state == IN_WRONG_QUOTE;
}

/* Twelve octets at once: most values are nothing else. */
static bool is_continue(const uint8_t *octets) {
  uint64_t letters;
  uint64_t wanted;
  memcpy(&letters, octets + 4, sizeof letters);
  memcpy(&wanted, continue_token + 4, sizeof wanted);
  return memcmp(octets, continue_token, 4) == 0 && (letters | UINT64_C(0x2020202020202020)) == wanted;
}

void e100_expect_feed(struct e100_expect_field *field, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (field->state == BEFORE_MEMBER && length - i >= CONTINUE_LENGTH && is_continue(octets + i)) {
      field->state = IN_TOKEN;
      field->matched = CONTINUE_LENGTH;
      i += CONTINUE_LENGTH - 1;
    } else if (octets[i] == ',' && !between_quotes(field)) {
      member_ends(field);
    } else {
      field->state = next_state(field, octets[i]);
    }
  }
}

void e100_expect_line_end(struct e100_expect_field *field) {
  static const uint8_t comma = ',';
  e100_expect_feed(field, &comma, 1);
}

void e100_expect_end(struct e100_expect_field *field) {
  member_ends(field);
}
