/*
 * diagnosis.h - what many 417s say: which hop refused, what it refused, and the cure.
 */
#ifndef E100_DIAGNOSIS_H
#define E100_DIAGNOSIS_H

#include "capture/refusals.h"

/* The words for enum e100_asked: "100-continue, and nothing else". */
const char *e100_asked_text(unsigned asked);
/* Its name for programs: "100-continue", "other", "nothing", "http-1.0", "unknown". */
const char *e100_asked_name(unsigned asked);

/* Sentences about one group: which hop it was, what the 417 means, each with its line end and PREFIX before
 * it. */
void e100_refusal_says(const struct e100_refusal *refusal, const char *prefix, struct e100_text *out);

/* Calls FN for each cure of the group: at the hop or at the client, the program, the exact setting. */
typedef void e100_cure_fn(void *user, bool at_client, const char *program, const char *setting);
void e100_refusal_cures(const struct e100_refusal *refusal, e100_cure_fn *fn, void *user);

/* The whole diagnosis for people; nothing where there is no 417. Control characters are escaped. */
void e100_diagnosis_text(const struct e100_refusals *refusals, struct e100_text *out);

#endif
