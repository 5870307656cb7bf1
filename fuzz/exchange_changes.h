/*
 * exchange_changes.h - changes an exchange in its own terms: steps, turns and messages.
 *
 * An engine that changes octets of an input without knowing what they mean needs very long to come upon a
 * second request behind a first that was answered. What is made here is a conversation as a rule, since only
 * that leads on; what is changed may be anything.
 */
#ifndef E100_EXCHANGE_CHANGES_H
#define E100_EXCHANGE_CHANGES_H

#include "exchange/exchange.h"
#include "fuzz/luck.h"

/* Makes one change to EXCHANGE, which stays normalized. */
void e100_change_exchange(struct e100_luck *luck, struct e100_exchange *exchange);

/* Puts some steps of OTHER into EXCHANGE. */
void e100_cross_exchanges(struct e100_luck *luck, struct e100_exchange *exchange,
                          const struct e100_exchange *other);

#endif
