/*
 * variation_octets.h - octets that a subject keeps of a connection for a variation: those on their way out,
 * and the first ones of a head.
 */
#ifndef E100_VARIATION_OCTETS_H
#define E100_VARIATION_OCTETS_H

#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum { E100_HEAD_KEPT = 1024 /* octets of a head that a variation may look at */ };

/* Octets on one way. All zero at the start; e100_way_free at the end. */
struct e100_way {
  struct e100_text leaving; /* of the present row, on their way to a variation */
  struct e100_text held;    /* what the variation keeps for later */
};

void e100_way_free(struct e100_way *way);

/* The present head, as far as it came. All zero at the start, but for its room. */
struct e100_seen_head {
  uint32_t pieces; /* in which it came */
  size_t length;
  uint8_t *octets; /* room for E100_HEAD_KEPT, the owner's */
};

/* Adds a piece; octets for which there is no room are left out. */
void e100_seen_head_add(struct e100_seen_head *head, const uint8_t *octets, size_t length);
/* The head is whole: what comes is of the next one. */
static inline void e100_seen_head_ends(struct e100_seen_head *head) {
  head->length = 0;
  head->pieces = 0;
}

#endif
