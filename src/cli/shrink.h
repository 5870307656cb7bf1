/*
 * shrink.h - makes an exchange as small as it can be while it still shows something.
 */
#ifndef E100_SHRINK_H
#define E100_SHRINK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "exchange/exchange.h"

enum {
  E100_SHRINK_TRIES_LIMIT = 200000 /* candidates that are looked at; then the best so far is the result */
};

struct e100_shrinking {
  /* Whether CANDIDATE still shows it. Deterministic, or nothing here ends with a fixed point. */
  bool (*shows)(void *user, const struct e100_exchange *candidate);
  void *user;
  const volatile sig_atomic_t *interrupted; /* not 0: stop with the best so far */
  size_t tries;                             /* candidates looked at; starts as 0 */
};

/*
 * Drops steps, joins deliveries, drops lines and octets of deliveries, makes numbers and policies simple,
 * until nothing of that works any more: done again, it changes nothing. BEST shows it before and after.
 * False where it was interrupted or came to the limit; BEST is then the best so far.
 */
bool e100_shrink(struct e100_exchange *best, struct e100_shrinking *shrinking);

#endif
