#include "machine/length_field.h"

#include "machine/octets.h"

enum { BEFORE_DIGITS, IN_DIGITS, AFTER_DIGITS };

static void add_digit(struct e100_length_field *field, uint8_t octet) {
  unsigned digit = (unsigned)(octet - '0');
  field->wrong = field->wrong || field->length > (UINT64_MAX - digit) / 10;
  field->length = field->length * 10 + digit;
  field->place = IN_DIGITS;
}

void e100_length_feed(struct e100_length_field *field, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) {
    bool digit = octets[i] >= '0' && octets[i] <= '9';
    if (digit && field->place != AFTER_DIGITS && !field->any)
      add_digit(field, octets[i]);
    else if (!e100_is_blank(octets[i]))
      field->wrong = true;
    else if (field->place == IN_DIGITS)
      field->place = AFTER_DIGITS;
  }
}

void e100_length_line_end(struct e100_length_field *field) {
  field->wrong = field->wrong || field->any || field->place == BEFORE_DIGITS;
  field->any = true;
  field->place = BEFORE_DIGITS;
}
