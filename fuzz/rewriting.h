/*
 * rewriting.h - rewrites an exchange so that nothing may change: for the invariants.
 *
 * A rewriting gives false where it does not apply. Those of a head touch only the first request head,
 * and only where the first delivery holds it whole and it is well-formed, so that they cannot change
 * what is content.
 */
#ifndef E100_REWRITING_H
#define E100_REWRITING_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"

typedef bool e100_rewriting(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to);

e100_rewriting e100_rewrite_cut;             /* one delivery becomes two */
e100_rewriting e100_rewrite_letter_case;     /* of the name and value of Expect */
e100_rewriting e100_rewrite_unrelated_field; /* one more field line */
e100_rewriting e100_rewrite_blanks;          /* more optional whitespace around the value of Expect */
e100_rewriting e100_rewrite_split_list;      /* a list becomes two field lines */
e100_rewriting e100_rewrite_empty_member;    /* an empty member more in the list of Expect */

#endif
