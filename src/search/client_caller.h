/*
 * client_caller.h - what the caller of a client's machines does, in a search:
 * requests that wait for a connection are made, content is given where it is
 * wanted, and what the others do reaches the machines.
 */
#ifndef E100_CLIENT_CALLER_H
#define E100_CLIENT_CALLER_H

#include "search/client_product.h"
#include "search/turn.h"

/* One token, for the machines. */
struct e100_client_turn {
  struct e100_search_turn turn;
  struct e100_client_product *product;
};

/* What an application asks for with enum e100_search_ask, in words and in
 * weight. */
const char *e100_search_ask_words(unsigned ask);
unsigned e100_search_ask_weight(unsigned ask);
/* The request that ERRAND is, as an exchange has it. */
const char *e100_search_errand_text(const struct e100_search_errand *errand);

/* TOKEN, which is STEP, happens. False where the machine rejected it. */
bool e100_client_acts(struct e100_client_turn *turn, unsigned token, const struct e100_step *step,
                      const uint8_t *octets);

/* Everything that follows from what has just happened. ALL: nothing else
 * happens, so that what comes in halves is given wholly. */
void e100_client_goes_on(struct e100_client_turn *turn, bool all);

#endif
