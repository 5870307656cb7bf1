#include "machine/host_field.h"

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

static bool is_hex_digit(uint8_t octet) {
  uint8_t lower = e100_lower(octet);
  return is_digit(octet) || (lower >= 'a' && lower <= 'f');
}

/* clang-format off */
/* unreserved and sub-delims of RFC 3986. */
static const uint8_t name_octets[256] = {
    ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1, ['!'] = 1, ['$'] = 1, ['&'] = 1, ['\''] = 1, ['('] = 1, [')'] = 1,
    ['*'] = 1, ['+'] = 1, [','] = 1, [';'] = 1, ['='] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
    ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
    ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

static bool is_of_name(uint8_t octet) {
  return name_octets[octet] != 0;
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
  uint8_t place = field->place;
  for (size_t i = 0; i < length && place != WRONG; i++) {
    if (place != IN_NAME || !is_of_name(octets[i])) /* most octets go on with a name */
      place = next_place(place, octets[i]);
  }
  field->place = place;
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
