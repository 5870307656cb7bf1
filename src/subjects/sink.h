/*
 * sink.h - how the player keeps what a subject does. Subjects themselves see only subject.h.
 *
 * Octets that a subject sends in one go are one delivery, however many calls it takes for them.
 */
#ifndef E100_SINK_H
#define E100_SINK_H

#include "exchange/exchange.h"

struct e100_sink {
  struct e100_exchange *transcript;
  uint8_t party;               /* enum e100_party: the subject */
  bool came[E100_AWAIT_COUNT]; /* what can be awaited and has come since the player cleared this */
  uint32_t pending_link;
  struct e100_text pending;      /* octets that are not a step yet */
  bool shut[E100_LINKS_LIMIT];   /* the subject sends no more on this link */
  bool closed[E100_LINKS_LIMIT]; /* the link is gone */
};

/* Makes the pending octets a step. */
void e100_sink_flush(struct e100_sink *sink);

#endif
