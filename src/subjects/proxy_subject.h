/*
 * proxy_subject.h - a proxy's or gateway's machine with a pool of connections to servers, as a subject.
 *
 * Each link whose requests come to the subject is a connection of a client, with a machine of its own; each
 * link whose requests come from it is a place in the pool that all of them share. A request takes the first
 * link that is open and idle, else it opens the first that is closed; where all are in use it gets 503. What
 * arrives on an idle link ends it.
 *
 * Its `data` is a struct e100_proxy_variation, which makes another subject of it.
 */
#ifndef E100_PROXY_SUBJECT_H
#define E100_PROXY_SUBJECT_H

#include "faults/proxy_variation.h"
#include "subjects/subject.h"

enum {
  E100_PROXY_HELD_LIMIT = 1 << 20 /* octets of a client that wait while a response is due; one that sends more
                                     is reset */
};

extern const struct e100_subject e100_proxy_subject_reference;
extern const struct e100_subject e100_gateway_subject_reference;

/* Told of each row that a machine takes, where somebody wants to know (state coverage). */
void e100_proxy_subject_watch(e100_row_watch *watch);

#endif
