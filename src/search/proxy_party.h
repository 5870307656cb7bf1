/*
 * proxy_party.h - a proxy or gateway in a search: a machine for each connection of a client, the pool that
 * they share, and what their caller keeps for them.
 *
 * The machines are driven through their own interface, as subjects/proxy_subject.c does: octets that a
 * machine does not take are held back and offered again; a request takes the first place of the pool that is
 * open and free, else the first that is closed, which is opened again; what comes on a connection that no
 * request has is why it is closed. Links are numbered: those of the clients, and then the places.
 */
#ifndef E100_PROXY_PARTY_H
#define E100_PROXY_PARTY_H

#include "faults/proxy_variation.h"
#include "machine/proxy.h"
#include "search/turn.h"

enum {
  E100_PARTY_FLOWS = 2,  /* connections of clients, at most */
  E100_PARTY_PLACES = 2, /* places in the pool, at most */
  E100_PARTY_ROOM = 256, /* octets that are kept of each kind: the alphabets send little */
  E100_NO_PLACE = E100_PARTY_PLACES
};

/* How the machines are made; of a variation, what changes no octets and no facts. It is not to be copied. */
struct e100_proxy_making {
  const struct e100_proxy_design *design;
  const struct e100_proxy_variation *variation; /* NULL: none */
  struct e100_proxy_design own;                 /* where `design` may point */
};
extern const struct e100_proxy_making e100_proxy_making_reference;

/* Sets MAKING to what VARIATION says, which must outlive it; false where that changes octets or facts. */
bool e100_proxy_making_of(const struct e100_proxy_variation *variation, struct e100_proxy_making *making);

/* Octets that are kept. Here and below: plain data, a copy is a snapshot. */
struct e100_kept {
  uint16_t length;
  uint8_t octets[E100_PARTY_ROOM];
};

/* A connection of a client. */
struct e100_proxy_flow {
  struct e100_proxy proxy;
  uint8_t place;            /* in the pool, that the present request has, or E100_NO_PLACE */
  uint8_t shut;             /* the machine sends no more to the client */
  uint8_t closed;           /* ... and has closed that connection */
  uint8_t half_close_waits; /* the client half-closed, behind the octets that are held back */
  struct e100_kept held;    /* octets of the client that the machine has not taken */
  struct e100_kept collected;
  struct e100_kept request, response; /* heads, as the machine keeps them */
};

struct e100_proxy_party {
  const struct e100_proxy_making *making;
  uint8_t flow_count, place_count;
  uint8_t open[E100_PARTY_PLACES]; /* the pool has a connection there */
  uint8_t used[E100_PARTY_PLACES]; /* ... and a request has it */
  struct e100_proxy_flow flows[E100_PARTY_FLOWS];
};

/* What the others learn of what the machines do. PRODUCT is whatever the party is part of. */
struct e100_party_others {
  /* The head of a request, of FLOW, is sent on PLACE. */
  void (*asked)(void *product, unsigned place, unsigned flow);
  void (*opened)(void *product, unsigned place);
  /* The machine of FLOW awaits the next request. */
  void (*answered)(void *product, unsigned flow);
};

/* One token, for the party. */
struct e100_party_turn {
  struct e100_search_turn turn;
  struct e100_proxy_party *party;
  const struct e100_party_others *others;
  void *product;
  uint8_t flow;                  /* whose machine is called */
  uint8_t from_state, event;     /* of the present row */
  bool head_is_due;              /* the next octets to the server begin a request */
  struct e100_proxy_heads heads; /* for the machine that is called */
};

/* FLOWS connections of clients, and a pool of PLACES that are open. */
void e100_party_init(struct e100_proxy_party *party, const struct e100_proxy_making *making,
                     enum e100_role role, uint32_t policy, unsigned flows, unsigned places);

/* Who the party is: E100_PROXY or E100_GATEWAY. */
enum e100_party e100_party_is(const struct e100_proxy_party *party);

/* The link of a place. */
static inline unsigned e100_party_link(const struct e100_proxy_party *party, unsigned place) {
  return party->flow_count + place;
}

/* STEP, which is neither a silence nor a timer, happens on its link. All of TURN but what is said above
 * `flow` is the party's. */
void e100_party_acts(struct e100_party_turn *turn, const struct e100_step *step, const uint8_t *octets);
/* ... the timer of FLOW fires. */
void e100_party_times_out(struct e100_party_turn *turn, unsigned flow);

/* Links (a set of bits) on which nothing comes any more, until they are opened again. */
uint32_t e100_party_closed(const struct e100_proxy_party *party);

/* All of PARTY that can influence what happens later, but for its policy and making; how many octets. */
size_t e100_party_form(const struct e100_proxy_party *party, uint8_t *out);

enum { E100_PARTY_FORM_ROOM = E100_PARTY_FLOWS * (E100_PROXY_ROOM + 4 * E100_PARTY_ROOM + 64) + 16 };

#endif
