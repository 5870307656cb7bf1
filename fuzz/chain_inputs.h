/* chain_inputs.h - what the target chain reads: silences and arrivals as in a play, and applications that ask
 * for sound requests, each with a mark of its own (docs/case-format.md). */
#ifndef E100_CHAIN_INPUTS_H
#define E100_CHAIN_INPUTS_H

#include "exchange/exchange.h"

/* Has each application ask for something sound, and answer with a final status, in the place of what EXCHANGE
 * says: who asks for nonsense, or answers it, would be to blame himself. The origin server's application
 * decides by itself, but for what EXCHANGE says. What it is depends on what was there. */
void e100_chain_ask_soundly(struct e100_exchange *exchange);

/* Writes an input in which a client asks for what it asks for in EXCHANGE, with silences; false where it asks
 * for nothing. */
bool e100_chain_seed(const struct e100_exchange *exchange, struct e100_text *out);

#endif
