/*
 * expect_values.h - the value of Expect alone (RFC 9110 10.1.1, 5.6): the model's grammar, the machine's
 * reading of pieces as llhttp cuts them, and what must not change the answer.
 *
 * Values are octets in which a line feed begins a further field line, and a carriage return is a place where
 * a delivery is cut; any other octet belongs to a value. Every octet string is one.
 */
#ifndef E100_EXPECT_VALUES_H
#define E100_EXPECT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

/* The exchange (of kind PLAY) in which a client asks with these values, and waits. */
void e100_values_decode(struct e100_exchange *exchange, const uint8_t *values, size_t length);

/* Appends the values of Expect in the first request head of EXCHANGE, with the cuts in them. False where
 * there is no field line Expect. */
bool e100_values_encode(const struct e100_exchange *exchange, struct e100_text *out);

/* How somebody reads the values. */
struct e100_values_answer {
  bool refused; /* the head is refused: it has no reading */
  bool open;    /* whether it asks is left open: a member is outside the grammar, or a control is in it */
  bool asks;
  bool other;
};
typedef struct e100_values_answer e100_values_reader(const uint8_t *values, size_t length);

e100_values_reader e100_values_by_model; /* a whole head, read by the model */
e100_values_reader e100_values_by_heads; /* deliveries, read by the machine through llhttp */
e100_values_reader e100_values_by_field; /* pieces of the value alone, read by the machine */

/* NULL where READER agrees with the model, and with itself however the values are cut, spelled and split;
 * else a sentence, which is a constant. */
const char *e100_holds_values(const uint8_t *values, size_t length, e100_values_reader *reader);

/* The same with one of the ways in which they are cut, spelled and split: CHOICE picks it. */
const char *e100_holds_values_once(const uint8_t *values, size_t length, e100_values_reader *reader,
                                   uint64_t choice);

#endif
