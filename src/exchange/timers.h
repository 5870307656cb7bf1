/*
 * timers.h - the named timers. Time is steps, never numbers: a timer fires, and nobody says after how long.
 */
#ifndef E100_TIMERS_H
#define E100_TIMERS_H

#include <stdint.h>

/* The named timers, in the order in which `quiet` fires them. */
enum e100_timer {
  E100_TIMER_CONTINUE, /* a client's wait for the 100 (RFC 9110 10.1.1: it should be bounded) */
  E100_TIMER_HEAD,     /* a server's wait for the rest of a request head */
  E100_TIMER_CONTENT,  /* a server's wait for more content */
  E100_TIMER_RESPONSE, /* a client's or proxy's wait for a response */
  E100_TIMER_DISCARD,  /* how long a server goes on discarding content after an early final */
  E100_TIMER_IDLE,     /* how long a connection may stay open between requests */
  E100_TIMER_COUNT
};

/* TIMER (enum e100_timer, or less than 0 for none) as a set: of 1 << timer. */
static inline uint32_t e100_timer_set(int timer) {
  return timer < 0 ? 0 : 1U << timer;
}

#endif
