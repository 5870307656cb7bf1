/*
 * expect_field.h - reads the value of Expect octet by octet (RFC 9110 10.1.1, 5.6).
 *
 *   Expect      = #expectation
 *   expectation = token [ "=" ( token / quoted-string ) parameters ]
 *
 * It needs no memory for the value, so pieces may be cut anywhere. Several field lines are one list,
 * joined with a comma (RFC 9110 5.3).
 */
#ifndef E100_EXPECT_FIELD_H
#define E100_EXPECT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e100_expect_field {
  uint8_t state;   /* private */
  uint8_t matched; /* octets of "100-continue" that the present member has so far */
  bool asks;       /* a whole member 100-continue was read */
  bool other;      /* a member was read that is another one, or none of the grammar's */
};

/* All zero is the start. Feeds octets of a value; call e100_expect_line_end after each field line. */
void e100_expect_feed(struct e100_expect_field *field, const uint8_t *octets, size_t length);
void e100_expect_line_end(struct e100_expect_field *field);
/* The header section is over: the last member counts. */
void e100_expect_end(struct e100_expect_field *field);

#ifdef __cplusplus
}
#endif

#endif
