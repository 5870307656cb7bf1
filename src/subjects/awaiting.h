/*
 * awaiting.h - whether what somebody waits for (a step `await`) is there: for those who play exchanges.
 */
#ifndef E100_AWAITING_H
#define E100_AWAITING_H

#include "exchange/exchange.h"

/* Whether PARTY has sent what is AWAITED (enum e100_await) in TRANSCRIPT, in the steps FROM that one on, on
 * one of LINKS (a set of 1 << index). */
bool e100_awaited_came(const struct e100_exchange *transcript, uint32_t from, unsigned party,
                       unsigned awaited, uint32_t links);

#endif
