/* live_subject.h - programs behind a socket, by name: "tcp:HOST:PORT", "tls:HOST:PORT", "unix:PATH". */
#ifndef E100_LIVE_SUBJECT_H
#define E100_LIVE_SUBJECT_H

#include "subjects/subject.h"

enum { E100_LIVE_SUBJECTS_LIMIT = 64 /* addresses that one run of the program may name */ };

/* Makes e100_subject_named know such names, for the role origin. Once. */
void e100_live_subjects_add(void);
/* How many milliseconds without an octet are a silence for subjects that are named from now on: at most
 * E100_SETTLE_LIMIT. */
void e100_live_subjects_settle(unsigned milliseconds);

#endif
