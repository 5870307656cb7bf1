/* message_changes.h - changes the octets of one delivery as a text of lines, for exchange_changes.h. */
#ifndef E100_MESSAGE_CHANGES_H
#define E100_MESSAGE_CHANGES_H

#include "exchange/exchange.h"
#include "fuzz/luck.h"

/* Changes OCTETS in one place: a line comes, goes, is there twice, or has something else in it. */
void e100_change_message(struct e100_luck *luck, struct e100_text *octets);

#endif
