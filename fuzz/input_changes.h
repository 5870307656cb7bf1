/*
 * input_changes.h - changes an input of a target as the exchange that it is, for the engines' own interfaces
 * (custom_mutator.c, afl_mutator.c).
 */
#ifndef E100_INPUT_CHANGES_H
#define E100_INPUT_CHANGES_H

#include "fuzz/checks.h"
#include "fuzz/luck.h"

/* Writes INPUT with a few changes to OUT, which has room for LIMIT octets. Gives its length; 0: what came out
 * would be too long, and OUT is as it was. Only the target, the input and LUCK matter. */
size_t e100_change_input(const struct e100_target *target, struct e100_luck *luck, const uint8_t *input,
                         size_t length, uint8_t *out, size_t limit);

/* The same for a mixture of INPUT with OTHER. */
size_t e100_cross_inputs(const struct e100_target *target, struct e100_luck *luck, const uint8_t *input,
                         size_t length, const uint8_t *other, size_t other_length, uint8_t *out,
                         size_t limit);

#endif
