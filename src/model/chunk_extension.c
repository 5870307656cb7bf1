#include "model/chunk_extension.h"

#include "model/field_lists.h"

enum place {
  AFTER_SIZE,
  BEFORE_SEMICOLON, /* whitespace came, and something has to come */
  BEFORE_NAME,
  IN_NAME,
  AFTER_NAME, /* whitespace came */
  BEFORE_VALUE,
  IN_VALUE,
  IN_QUOTES,
  AFTER_BACKSLASH,
  AFTER_QUOTES,
  OUTSIDE /* the grammar */
};

/* After a whole extension: whitespace, where a semicolon has to follow, or the semicolon. */
static uint8_t after_extension(uint8_t octet) {
  if (is_space(octet))
    return BEFORE_SEMICOLON;
  return octet == ';' ? BEFORE_NAME : OUTSIDE;
}

static uint8_t in_name(uint8_t place, uint8_t octet) {
  if (place == IN_NAME && is_token_octet(octet))
    return IN_NAME;
  if (octet == '=')
    return BEFORE_VALUE;
  if (octet == ';')
    return BEFORE_NAME;
  return is_space(octet) ? AFTER_NAME : OUTSIDE;
}

static uint8_t before_value(uint8_t octet) {
  if (is_space(octet))
    return BEFORE_VALUE;
  if (octet == '"')
    return IN_QUOTES;
  return is_token_octet(octet) ? IN_VALUE : OUTSIDE;
}

static uint8_t in_quotes(uint8_t octet) {
  if (octet == '"')
    return AFTER_QUOTES;
  return octet == '\\' ? AFTER_BACKSLASH : octet == 0x7f ? OUTSIDE : IN_QUOTES;
}

uint8_t extension_octet(uint8_t place, uint8_t octet) {
  switch (place) {
  case AFTER_SIZE:
  case BEFORE_SEMICOLON:
  case AFTER_QUOTES:
    return after_extension(octet);
  case BEFORE_NAME:
    return is_space(octet) ? BEFORE_NAME : is_token_octet(octet) ? IN_NAME : OUTSIDE;
  case IN_NAME:
  case AFTER_NAME:
    return in_name(place, octet);
  case BEFORE_VALUE:
    return before_value(octet);
  case IN_VALUE:
    return is_token_octet(octet) ? IN_VALUE : after_extension(octet);
  case IN_QUOTES:
    return in_quotes(octet);
  case AFTER_BACKSLASH:
    return octet == 0x7f ? OUTSIDE : IN_QUOTES;
  default:
    return OUTSIDE;
  }
}

bool extension_is_quoted(uint8_t place) {
  return place == IN_QUOTES || place == AFTER_BACKSLASH;
}

bool extension_may_end(uint8_t place) {
  return place == AFTER_SIZE || place == IN_NAME || place == IN_VALUE || place == AFTER_QUOTES;
}
