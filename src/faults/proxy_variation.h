/*
 * proxy_variation.h - how another machine is made of the reference machine of a proxy or gateway, without a
 * trace in it: another table or other events (its design), other choices, other octets on their way in from
 * either side, other facts about a head, other octets on their way out to either side.
 */
#ifndef E100_PROXY_VARIATION_H
#define E100_PROXY_VARIATION_H

#include "exchange/exchange.h"
#include "faults/variation.h"
#include "machine/proxy.h"

/* What a variation may look at. */
struct e100_proxy_varied {
  const struct e100_proxy *proxy; /* the machine, after the present row */
  uint8_t from_state;             /* enum e100_proxy_state before the present row */
  uint8_t event;                  /* enum e100_proxy_event of it; E100_PROXY_EVENTS: none */
  uint32_t request;               /* from 1: heads that were read on this connection */
  uint32_t *memory; /* E100_VARIATION_WORDS, the variation's own; zero at a connection's start */
};

/* Octets on one way: appends to OUT what goes on instead of OCTETS. HELD keeps octets for later. */
typedef void e100_proxy_passing(const void *data, const struct e100_proxy_varied *varied,
                                const uint8_t *octets, size_t length, struct e100_text *held,
                                struct e100_text *out);

struct e100_proxy_variation {
  /* Another table and other events; what is NULL here is the reference's. */
  struct e100_proxy_design events;
  const void *data; /* for the functions below, each of which may be NULL */
  /* Other choices. */
  void (*choose)(struct e100_proxy_policy *policy);
  /* Octets on their way in, one delivery at a time. */
  e100_proxy_passing *from_client;
  e100_proxy_passing *from_server;
  /* Changes the facts of a request's head; HEAD is all of it. */
  void (*read_facts)(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                     size_t length, struct e100_request_facts *facts);
  /* Changes the machine itself, in the middle of ROW: the state is the next one, the action is not done. */
  void (*meddle)(struct e100_proxy *proxy, const struct e100_row *row);
  /* Whether the server's connection goes into the pool, where the machine says REUSABLE. */
  bool (*pools)(const struct e100_proxy_varied *varied, bool reusable);
  /* Octets on their way out. Called after each row, also where it sent nothing, and with the event
   * E100_PROXY_EVENTS when the subject settles. */
  e100_proxy_passing *to_client;
  e100_proxy_passing *to_server;
};

#endif
