/*
 * backlog.h - octets of a client on their way to a machine: what it does not take yet waits, in order, and
 * behind it the client's half-close.
 *
 * It is all inline, for it is done for each delivery.
 */
#ifndef E100_BACKLOG_H
#define E100_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

/* All zero where nothing waits. */
struct e100_backlog {
  struct e100_text octets; /* owned: e100_text_free it */
  size_t from;             /* what waits begins here */
  bool half_closed;        /* and after it, the client half-closed */
};

/* Offers octets to the machine of USER; gives how many it took. */
typedef size_t e100_offer(void *user, const uint8_t *octets, size_t length);

/* How many octets wait. */
static inline size_t e100_backlog_length(const struct e100_backlog *backlog) {
  return backlog->octets.length - backlog->from;
}

/* Offers octets until no more are taken; gives how many were. */
static inline size_t e100_offer_all(e100_offer *offer, void *user, const uint8_t *octets, size_t length) {
  size_t taken = 0;
  while (taken < length) {
    size_t took = offer(user, octets + taken, length - taken);
    taken += took;
    if (took == 0)
      break;
  }
  return taken;
}

/* Octets arrive behind those that wait: offers them where none do, and what is not taken waits. */
static inline void e100_backlog_arrive(struct e100_backlog *backlog, e100_offer *offer, void *user,
                                       const uint8_t *octets, size_t length) {
  size_t taken = e100_backlog_length(backlog) == 0 ? e100_offer_all(offer, user, octets, length) : 0;
  if (taken < length)
    e100_text_add(&backlog->octets, (const char *)octets + taken, length - taken);
}

/* Offers what waits. True where nothing does any more, and the client's half-close is next: that once. */
static inline bool e100_backlog_offer(struct e100_backlog *backlog, e100_offer *offer, void *user) {
  if (e100_backlog_length(backlog) > 0) {
    const uint8_t *octets = (const uint8_t *)backlog->octets.text + backlog->from;
    backlog->from += e100_offer_all(offer, user, octets, e100_backlog_length(backlog));
  }
  if (e100_backlog_length(backlog) > 0)
    return false;
  backlog->octets.length = backlog->from = 0;
  bool half_closes = backlog->half_closed;
  backlog->half_closed = false;
  return half_closes;
}

#endif
