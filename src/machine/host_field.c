#include "machine/host_field.h"

#include <string.h>

#include "machine/octets.h"

enum {
  BEFORE, /* blanks */
  IN_NAME,
  AFTER_PERCENT,
  AFTER_FIRST_DIGIT,
  IN_BRACKETS_EMPTY,
  IN_BRACKETS,
  AFTER_BRACKETS,
  IN_PORT,
  AFTER, /* blanks */
  WRONG
};

static bool is_digit(uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

static bool is_letter(uint8_t octet) {
  octet = e100_lower(octet);
  return octet >= 'a' && octet <= 'z';
}

static bool is_hex_digit(uint8_t octet) {
  uint8_t lower = e100_lower(octet);
  return is_digit(octet) || (lower >= 'a' && lower <= 'f');
}

/* unreserved and sub-delims of RFC 3986. */
static bool is_of_name(uint8_t octet) {
  static const char marks[] = "-._~!$&'()*+,;=";
  return is_digit(octet) || is_letter(octet) || memchr(marks, octet, sizeof marks - 1) != NULL;
}

static uint8_t in_name(uint8_t octet) {
  if (octet == '%')
    return AFTER_PERCENT;
  if (octet == ':')
    return IN_PORT;
  if (e100_is_blank(octet))
    return AFTER;
  return is_of_name(octet) ? IN_NAME : WRONG;
}

static uint8_t next_place(uint8_t place, uint8_t octet) {
  switch (place) {
  case BEFORE:
    if (e100_is_blank(octet))
      return BEFORE;
    return octet == '[' ? IN_BRACKETS_EMPTY : in_name(octet);
  case IN_NAME:
    return in_name(octet);
  case AFTER_PERCENT:
    return is_hex_digit(octet) ? AFTER_FIRST_DIGIT : WRONG;
  case AFTER_FIRST_DIGIT:
    return is_hex_digit(octet) ? IN_NAME : WRONG;
  case IN_BRACKETS:
    if (octet == ']')
      return AFTER_BRACKETS;
    return is_of_name(octet) || octet == ':' ? IN_BRACKETS : WRONG;
  case IN_BRACKETS_EMPTY:
    return is_of_name(octet) || octet == ':' ? IN_BRACKETS : WRONG;
  case AFTER_BRACKETS:
    if (octet == ':')
      return IN_PORT;
    return e100_is_blank(octet) ? AFTER : WRONG;
  case IN_PORT:
    if (e100_is_blank(octet))
      return AFTER;
    return is_digit(octet) ? IN_PORT : WRONG;
  case AFTER:
    return e100_is_blank(octet) ? AFTER : WRONG;
  default:
    return WRONG;
  }
}

void e100_host_feed(struct e100_host_field *field, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length && field->place != WRONG; i++)
    field->place = next_place(field->place, octets[i]);
}

bool e100_host_is_valid(const struct e100_host_field *field) {
  switch (field->place) {
  case BEFORE:
  case IN_NAME:
  case AFTER_BRACKETS:
  case IN_PORT:
  case AFTER:
    return true;
  default:
    return false;
  }
}
