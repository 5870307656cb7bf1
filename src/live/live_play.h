/*
 * live_play.h - plays exchanges against a program behind a socket, many at once on one loop.
 *
 * What the others of the exchange do is done here: a link whose requests come to the program is opened to its
 * address, one whose requests come from it is taken from a listener, to which it connects. So an exchange of
 * the role origin has our clients, one of a proxy or gateway our clients and our origin server.
 *
 * Which connection to an origin server a program takes is its own choice. A step of an origin server
 * therefore goes where a request waits for its response: on the link of the step, else on another.
 * Connections beyond the links of the play become further links of the transcript. A step on a link that the
 * program has not opened is left out, and so is a response to a request that did not come; so is a 100 of it
 * where a client asks and the program, which has answered that itself, does not; and what a client would send
 * in a tunnel that was not opened. A final response beyond those that clients of the play have asked for is
 * meant to be stray, and goes where the last one went.
 *
 * The transcript has the order in which this end saw the octets (seen-by: client), and no view of the
 * application. A silence is recorded where no octet came for `settle`
 * milliseconds; `quiet` is a silence likewise, as the program's timers cannot be made to fire. Steps that the
 * program's application would take are left out.
 */
#ifndef E100_LIVE_PLAY_H
#define E100_LIVE_PLAY_H

#include <uv.h>

#include "exchange/exchange.h"
#include "live/address.h"

enum {
  E100_SETTLE_USUAL = 300,    /* milliseconds of silence: longer than what a server on the same machine or
                                 network    needs for an answer, and than what the kernels delay (40 to 200) */
  E100_SETTLE_LIMIT = 600000, /* milliseconds that can be asked for */
  E100_CONNECT_USUAL = 3000,  /* milliseconds for a connection to be made */
  E100_LIVE_COMPANY = 20,     /* milliseconds after what was awaited came, for octets that were sent with it:
                                 else it would be chance which of them the next step comes between */
  E100_LIVE_DOUBT = 1,     /* milliseconds after a silence in which sockets are looked at once more: a loop's
                              timers fire first, and on a busy machine octets may wait there */
  E100_LIVE_PATIENCE = 20, /* silences' length that one step may take: a program that never stops sending
                              ends the play there */
  E100_LIVE_OCTETS_USUAL = 1 << 20 /* octets taken from the program in one exchange; then it is cut off */
};

struct e100_live_target {
  struct e100_address address;
  unsigned settle;  /* milliseconds */
  unsigned connect; /* milliseconds */
  uint64_t octets;  /* that are taken from the program */
  bool brisk;       /* the play is over with its last step: nothing is waited for behind it */
  /* Where the program connects to; NULL: nowhere. One play at a time attends to it. Not the target's. */
  struct e100_listener *listener;
};

enum e100_live_outcome {
  E100_LIVE_PLAYED,
  E100_LIVE_UNREACHED, /* no connection could be made */
  E100_LIVE_TOO_MUCH,  /* the program sent more octets than are taken: what came until then is in the
                          transcript */
  E100_LIVE_RESTLESS   /* it went on sending: likewise */
};

struct e100_listener;
struct e100_live_play;

/* Called once, from the loop. TRANSCRIPT is the one that was given; WHY is "" where all was PLAYED, else a
 * sentence without its end: of what was PLAYED, which response was left out, as its request did not come. */
typedef void e100_live_done(void *user, enum e100_live_outcome outcome, const char *why);

/* Begins to play PLAY (of the role origin; or proxy or gateway, with a listener) against TARGET. PLAY, TARGET
 * and TRANSCRIPT stay the caller's and valid until DONE was called. What is in TRANSCRIPT is cleared first.
 */
void e100_live_play_start(uv_loop_t *loop, const struct e100_exchange *play,
                          const struct e100_live_target *target, struct e100_exchange *transcript,
                          e100_live_done *done, void *user);

#endif
