/*
 * length_field.h - reads the value of Content-Length octet by octet (RFC 9110 8.6, RFC 9112 6.3): digits,
 * with blanks around them. Anything else is wrong, and so is a second one: a recipient may merge equal
 * lengths, but need not.
 *
 * Not llhttp's affair for responses: version 8.1.0 refuses a tab behind the digits. Pieces may be cut
 * anywhere.
 */
#ifndef E100_LENGTH_FIELD_H
#define E100_LENGTH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e100_length_field {
  uint64_t length;
  uint8_t place; /* private */
  bool any;      /* a field line was read */
  bool wrong;    /* one that is no length, or does not fit into 64 bits, or a second one */
};

/* All zero is the start. Feeds octets of a value; call e100_length_line_end after each field line. */
void e100_length_feed(struct e100_length_field *field, const uint8_t *octets, size_t length);
void e100_length_line_end(struct e100_length_field *field);

#ifdef __cplusplus
}
#endif

#endif
