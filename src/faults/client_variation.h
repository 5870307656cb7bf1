/*
 * client_variation.h - how another machine is made of the reference client's, without a trace in it: another
 * table or other events (its design), other octets on their way in, other facts about a head, other octets on
 * their way out, and what the pool makes of a request that failed.
 */
#ifndef E100_CLIENT_VARIATION_H
#define E100_CLIENT_VARIATION_H

#include "exchange/exchange.h"
#include "faults/variation.h"
#include "machine/client.h"

/* What a variation may look at. */
struct e100_client_varied {
  const struct e100_client *client; /* the machine, after the present row */
  uint8_t from_state;               /* enum e100_client_state before the present row */
  uint8_t event;                    /* enum e100_client_event of it; E100_CLIENT_EVENTS: none */
  uint32_t request;                 /* requests that were made on this connection */
  uint32_t response;                /* from 1: heads that were read on this connection */
  uint32_t pieces;                  /* pieces in which the present head arrived */
  uint32_t *memory; /* E100_VARIATION_WORDS, the variation's own; zero at a connection's start */
};

struct e100_client_variation {
  /* Another table and other events; what is NULL here is the reference's. */
  struct e100_client_design events;
  bool repeats_asking;  /* a request whose expectation was not met is repeated with it */
  bool reruns;          /* a request that was aborted is made again, and none behind it before its answer */
  bool pipelines_again; /* ... or at once */
  const void *data;     /* for the functions below, each of which may be NULL */
  /* Octets on their way in: appends to OUT what the machine gets instead. */
  void (*arrive)(const void *data, const struct e100_client_varied *varied, const uint8_t *octets,
                 size_t length, struct e100_text *out);
  /* Changes the facts of a head; HEAD are its first octets (at most 1,024). */
  void (*read_facts)(const void *data, const struct e100_client_varied *varied, const uint8_t *head,
                     size_t length, struct e100_response_facts *facts);
  /* Called after each row, also where it sent nothing, and with the event E100_CLIENT_EVENTS when the subject
   * settles: appends to OUT what leaves instead of OCTETS. HELD keeps octets for later. */
  void (*depart)(const void *data, const struct e100_client_varied *varied, const uint8_t *octets,
                 size_t length, struct e100_text *held, struct e100_text *out);
};

#endif
