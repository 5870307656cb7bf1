/*
 * chain.h - a client, a proxy or gateway, and an origin server that talk to each other: three subjects, and
 * what is under way between them.
 *
 * A play of the role proxy or gateway says what the applications do and in what order octets arrive. In it
 *
 *  - `app> request` is the client's application; other decisions on a link to the origin server are those of
 * its application, `timer PARTY NAME` fires a timer of any party, `app> close` on a link of the client drops
 * it;
 *  - a delivery says how many octets arrive of those that are under way on its link to its receiver: as many
 * as it has, and all of them, with what ends the connection, where it has none. What they are is the sender's
 *    to say;
 *  - `settled`, `await` and `quiet` let everything arrive, link by link; `quiet` then fires timers, one after
 * the other, until none is left.
 *
 * The transcript has every step in the order of arrival, of all parties and of both applications, with the
 * reading `everybody`. What was sent on a connection that its receiver has
 * closed never arrives.
 */
#ifndef E100_CHAIN_H
#define E100_CHAIN_H

#include "subjects/subject.h"

struct e100_chain {
  const struct e100_subject *client;
  const struct e100_subject *between; /* of the play's role: a proxy or a gateway */
  const struct e100_subject *origin;
};

/* PLAY is meant for a chain: of the role proxy or gateway, with the reading `everybody` and the links of a
 * chain, and a client's application asks for something in it. */
bool e100_chain_is_meant(const struct e100_exchange *play);

/* The chain of references in which SUBJECT plays its part; of a proxy's or gateway's, the one of PLAY's role.
 */
struct e100_chain e100_chain_with(const struct e100_exchange *play, const struct e100_subject *subject);

/* Gives PLAY the reading `everybody`, and the links of a chain where it has not got such: those of clients
 * first, then those of the origin server. The usual ones are d1, d2, u1 and u2. */
void e100_chain_links(struct e100_exchange *play);

/* Lets CHAIN do what PLAY says, and writes down all of it. PLAY has the links of a chain. False: somebody
 * could not start. */
bool e100_chain_play(const struct e100_exchange *play, const struct e100_chain *chain,
                     struct e100_exchange *transcript);

#endif
