/* turn_maker.h - makes turns of a conversation: a request, what is decided about it, content and responses.
 */
#ifndef E100_TURN_MAKER_H
#define E100_TURN_MAKER_H

#include "exchange/exchange.h"
#include "fuzz/luck.h"

/* Appends the steps of a turn for the subject of EXCHANGE: what the others do, in an order that leads on as a
 * rule. */
void e100_make_turn(struct e100_luck *luck, struct e100_exchange *exchange);

/* Appends one step of any kind. */
void e100_make_step(struct e100_luck *luck, struct e100_exchange *exchange);

#endif
