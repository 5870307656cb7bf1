/*
 * invariants.h - what must be so whatever the input is; tests and fuzz targets share them.
 *
 * Each gives NULL where it holds, or does not apply; else a sentence that says what differs. The
 * sentence is a constant. CHOICE picks among the many places that an invariant could be tried at.
 */
#ifndef E100_INVARIANTS_H
#define E100_INVARIANTS_H

#include <stdint.h>

#include "exchange/exchange.h"
#include "subjects/subject.h"

typedef const char *e100_play_invariant(const struct e100_exchange *play, const struct e100_subject *subject,
                                        const struct e100_exchange *transcript, uint64_t choice);

/* The invariants of what a subject does: "replay", "cut", "letter-case", ... NULL past the last. */
struct e100_invariant {
  const char *name;
  e100_play_invariant *holds;
};
const struct e100_invariant *e100_invariant_at(unsigned index);

/* Printing and decoding, and encoding and decoding as choices, give an equal exchange. */
const char *e100_holds_print(const struct e100_exchange *exchange);
const char *e100_holds_choices(const struct e100_exchange *exchange);

/* Judging twice gives the same verdict; the findings of a prefix are a prefix of the findings. */
const char *e100_holds_judge(const struct e100_exchange *exchange, uint64_t choice);

/* The reference machine's reading of the first request head is one that the model permits. */
const char *e100_holds_heads(const uint8_t *octets, size_t length, uint32_t reading);

#endif
