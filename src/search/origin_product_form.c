/*
 * origin_product_form.c - what of a product, but for its view, can influence what happens later.
 *
 * The machine's part is its own to say (origin_form.c). To it are added
 *
 *  - which row a decision of the application would take. Where decisions are rejected the machine's form says
 *    nothing about the request that is over, and need not: whatever is asked, nothing happens. But the rows
 *    are counted here, and which of two rejecting rows is taken still depends on that request;
 *  - what its caller keeps for it: the octets that are held back, the half-close behind them, and what has
 *    been closed;
 *  - where the client stands. That is a record of what it sent as far as the alphabet asks for it, and holds
 *    neither how many requests there were, nor which.
 *
 * Once the machine has closed the connection nothing is offered to it again, and the client cannot act.
 *
 * The design is the same for every state of one search.
 */
#include <string.h>

#include "search/origin_product.h"

static uint8_t rows_to_come(const struct e100_origin *origin) {
  const struct e100_origin_design *design = origin->design;
  const struct e100_request_facts *facts = &origin->reader.facts;
  bool owed = !origin->reader.complete;
  unsigned rows = facts->upgrade;
  rows |= design->accept_is_aloud(facts, &origin->policy) ? 2U : 0U;
  rows |= design->response_is_last(facts, &origin->policy, owed, origin->client_done) ? 4U : 0U;
  rows |= design->upgrade_is_asked(facts, origin->said_100) ? 8U : 0U;
  return (uint8_t)rows;
}

size_t e100_origin_product_form(const void *self, uint8_t *out) {
  const struct e100_origin_product *product = self;
  uint8_t *at = out + e100_origin_form(&product->origin, out);
  *at++ = rows_to_come(&product->origin);
  *at++ = product->shut;
  *at++ = product->closed;
  *at++ = product->half_close_waits;
  if (product->closed != 0)
    return (size_t)(at - out);
  memcpy(at, &product->client, sizeof product->client);
  at += sizeof product->client;
  memcpy(at, product->octets, product->held);
  at += product->held;
  return (size_t)(at - out);
}
