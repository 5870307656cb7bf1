/*
 * live_subject.h - programs behind a socket, by name: "tcp:HOST:PORT", "tls:HOST:PORT", "unix:PATH"; and
 * "gateway:HOST:PORT", "proxy:HOST:PORT", which pass requests on to an origin server that is played here.
 */
#ifndef E100_LIVE_SUBJECT_H
#define E100_LIVE_SUBJECT_H

#include "subjects/subject.h"

enum {
  E100_LIVE_SUBJECTS_LIMIT = 64, /* addresses that one run of the program may name */
  E100_UPSTREAM_USUAL = 8100     /* the port behind a gateway, where nobody says another */
};

/* Makes e100_subject_named know such names. Once. */
void e100_live_subjects_add(void);
/* How many milliseconds without an octet are a silence for subjects that are named from now on: at most
 * E100_SETTLE_LIMIT. */
void e100_live_subjects_settle(unsigned milliseconds);
/* Behind gateways and proxies that are named from now on our origin server listens there: "PORT" or
 * "HOST:PORT". NULL, or what is wrong, as a sentence without its end. */
const char *e100_live_subjects_upstream(const char *where);
/* What was left out of the latest play, and why: a response to a request that did not come; "" where nothing
 * was. A sentence without its end, valid until the next play. */
const char *e100_live_subjects_left_out(void);

#endif
