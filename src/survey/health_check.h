/*
 * health_check.h - whether a server still answers while it is surveyed.
 *
 * A server that dies while all connections are open already, or that answers nobody any more, leaves behind
 * what looks like silences, and like connections that end; and those are no findings, or false ones. So a
 * plain request, which asks for nothing, goes to an origin server before all situations, and again, by
 * itself: after all were played once, behind each play alone that shows a silence or ended without a final
 * response, and at the end. Where the first one was answered and a later one is not, in some tries with
 * pauses between them, the server has stopped answering.
 */
#ifndef E100_HEALTH_CHECK_H
#define E100_HEALTH_CHECK_H

#include "survey/survey.h"

enum {
  E100_HEALTH_CHECK_TRIES = 3, /* requests that are not answered before it counts */
  E100_HEALTH_CHECK_SILENCES =
      5 /* silences (--settle) that each may wait for its answer, and between two of them */
};

enum e100_health_check_state {
  E100_HEALTH_CHECK_FINE,  /* it was answered, or nothing is known */
  E100_HEALTH_CHECK_AGAIN, /* one more is to be tried */
  E100_HEALTH_CHECK_STOPPED
};

struct e100_health_check {
  bool begun, ended;   /* the first one */
  bool answered;       /* ... was */
  bool wanted;         /* another one is to be sent, once nothing else is going on */
  bool fresh;          /* nothing was played since it was answered */
  unsigned missed;     /* tries in a row */
  uint64_t not_before; /* milliseconds of the loop: the next try */
};

/* Whether SUBJECT is asked: origin servers behind a socket are. Others have further connections that tell. */
bool e100_health_check_helps(const struct e100_surveyed_subject *subject);
/* The exchange, and how SUBJECT's target is used for it. */
void e100_health_check_make(const struct e100_surveyed_subject *subject, struct e100_exchange *out);
void e100_health_check_target(struct e100_live_target *target);

/* One has left TRANSCRIPT at NOW, with silences of SETTLE milliseconds. */
enum e100_health_check_state e100_health_check_ends(struct e100_health_check *health_check,
                                                    const struct e100_exchange *transcript, uint64_t now,
                                                    unsigned settle);

/* SUBJECT's situation in which it stopped, where it did so while many were played: the first that was begun
 * after all that were answered, else the last that was. NULL: none. */
struct e100_surveyed_cell *e100_health_check_stopped_in(const struct e100_surveyed_subject *subject,
                                                        size_t count);

#endif
