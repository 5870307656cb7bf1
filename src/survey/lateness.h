/*
 * lateness.h - notices that this process was not run for a while.
 *
 * Client programs have clocks of their own: one that waits a second for a 100 goes on where an answer of ours
 * comes later. Then nothing is seen of what it does with the answer. A timer that beats on the loop tells how
 * late answers may have been.
 */
#ifndef E100_LATENESS_H
#define E100_LATENESS_H

#include <stdint.h>
#include <uv.h>

enum {
  E100_BEAT = 25,  /* milliseconds between two looks */
  E100_LATE = 300, /* milliseconds that are too late: clients wait for a second, and a situation has a silence
                      in it */
};

struct e100_lateness {
  uv_timer_t beat;
  uint64_t looked; /* nanoseconds */
  unsigned count;
};

/* Begins to look, on LOOP; does not keep it running. */
void e100_lateness_begin(struct e100_lateness *lateness, uv_loop_t *loop);
/* How often it was late until now. Who remembers what this gave when a play began knows whether it was since.
 */
unsigned e100_lateness_count(struct e100_lateness *lateness);
void e100_lateness_end(struct e100_lateness *lateness);

#endif
