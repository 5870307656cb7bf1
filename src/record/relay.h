/*
 * relay.h - stands between clients and a server, passes their octets on, and writes down what passes.
 *
 *  - Each connection of a client becomes an exchange of kind JUDGE between client and origin. Octets are
 * written down when they are read here, before they are passed on: the order is that of the client's side
 * (seen-by: client).
 *  - A silence is written down where for `settle` milliseconds no octet came from either end and none waits
 * here; where the server owes nothing but a final response, for which no time is set (RFC 9110 10.1.1:
 * ultimately), only once the client ends it.
 *  - Who reads slowly is waited for: no more is read from one end than the other end takes.
 *  - What goes over a limit of exchanges is passed on all the same, and no longer written down. So is what is
 * no HTTP/1, of which nothing is written down.
 */
#ifndef E100_RELAY_H
#define E100_RELAY_H

#include <signal.h>
#include <uv.h>

#include "capture/protocol.h"
#include "exchange/exchange.h"
#include "live/address.h"
#include "model/model.h"

enum {
  E100_RELAY_HELD_LIMIT = 256 * 1024, /* octets on their way to one end; beyond, the other is not read */
  E100_RELAY_CONNECTIONS_LIMIT = 256  /* at once; a client beyond waits in the listener's queue */
};

struct e100_relay;

/* What passes. All are called from the loop; RECORDED is the relay's, and valid during the call. */
struct e100_recorded {
  uint32_t number; /* of the connection, from 1 */
  const struct e100_exchange *exchange;
  const struct e100_findings *findings; /* so far */
  enum e100_protocol protocol;          /* where it is no HTTP, there are no steps */
};
struct e100_relay_calls {
  /* Findings from index FIRST on are new. Not called before it is sure that the connection speaks HTTP, or is
   * over. */
  void (*found)(void *user, const struct e100_recorded *recorded, uint32_t first);
  /* The connection is over, or the relay is stopped; WHY is "", or why the server was not reached. */
  void (*ended)(void *user, const struct e100_recorded *recorded, const char *why);
};

/* How to listen and where to pass on: both tcp or unix. */
struct e100_relay_design {
  struct e100_address listen, to;
  unsigned settle;  /* milliseconds */
  uint32_t reading; /* of the exchanges */
};

/* Listens. NULL after a sentence in WHY (of 256 octets) where it cannot. */
struct e100_relay *e100_relay_start(uv_loop_t *loop, const struct e100_relay_design *design,
                                    const struct e100_relay_calls *calls, void *user, char why[256]);
/* The port on which it listens, where the design asked for any ("0"). */
unsigned e100_relay_port(const struct e100_relay *relay);
/* Ends all connections and frees the relay; the loop ends by itself afterwards. */
void e100_relay_stop(struct e100_relay *relay);

#endif
