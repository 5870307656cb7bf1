/*
 * sink.h - how the player keeps what a subject does. Subjects themselves see only subject.h.
 *
 * Octets that a subject sends in one go are one delivery, however many calls it takes for them. They are
 * written into the transcript at once: its last step grows.
 */
#ifndef E100_SINK_H
#define E100_SINK_H

#include "exchange/exchange.h"

struct e100_sink {
  struct e100_exchange *transcript;
  uint8_t party; /* enum e100_party: the subject */
  /* A step of the others whose taking place shows in what the subject does: it is written before anything
   * else is, and NULL again. OCTETS are its own. */
  const struct e100_step *ahead;
  const uint8_t *octets;
  bool sending;                    /* the last step is a delivery of the subject, and grows */
  bool shut[E100_LINKS_LIMIT];     /* the subject sends no more on this link */
  bool closed[E100_LINKS_LIMIT];   /* the link is gone */
  bool not_open[E100_LINKS_LIMIT]; /* the link has never been there: it counts as gone */
  bool reopened[E100_LINKS_LIMIT]; /* the subject has opened it anew, and the player has not seen that yet */
};

/* Writes a step with the STEP->length of OCTETS; what the subject sends afterwards is another delivery. */
void e100_sink_write(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets);
/* Writes `ahead`, where it is still to be written. */
void e100_sink_write_ahead(struct e100_sink *sink);

#endif
