/*
 * client_play.h - plays exchanges against a client program: this end is the origin server, on a port of its
 * own.
 *
 *  - PLAY is of role client and has one link. Whatever connections the program opens become links of the
 * transcript: d1, d2, ... What the origin does is done on the connection on which the program sent last;
 * after an `await head` in vain it is left out until a request comes.
 *  - `app> request` tells the program what to request (client_orders.h). A driver's words about its
 * application are in the transcript, too.
 *  - A silence is recorded where no octet came for `settle` milliseconds. `quiet`, and any timer of the
 * client, is a wait for the program to go on by itself, `patience` milliseconds at most: where it does not,
 * `quiet` is recorded, else the silence before.
 *  - The transcript has the order in which this end saw the octets (seen-by: origin). At the end the program
 * is killed with its children, and what it does then is not recorded.
 */
#ifndef E100_CLIENT_PLAY_H
#define E100_CLIENT_PLAY_H

#include "live/live_play.h"

enum {
  E100_CLIENT_SETTLE_USUAL = 500, /* milliseconds of silence: as a program's own work between two octets lasts
                                     longer than a server's */
  E100_CLIENT_PATIENCE_USUAL = 8000, /* milliseconds that a client may wait before it goes on by itself */
  E100_CLIENT_START_USUAL = 20000    /* milliseconds from its start to its first octet */
};

struct e100_client_target {
  const char *command;              /* the caller's */
  unsigned settle, patience, start; /* milliseconds */
  uint64_t octets;                  /* that are taken from the program */
  bool tls; /* it is told of https:, and where the certificate is that it may trust (client_orders.h) */
};

/* Begins to play PLAY against TARGET; as e100_live_play_start. E100_LIVE_UNREACHED: it could not be started,
 * or has made no connection. */
void e100_client_play_start(uv_loop_t *loop, const struct e100_exchange *play,
                            const struct e100_client_target *target, struct e100_exchange *transcript,
                            e100_live_done *done, void *user);

/* Whether a program that asks once can be played against PLAY: one request, at the beginning. */
bool e100_client_play_suits(const struct e100_exchange *play, const char *command);

#endif
