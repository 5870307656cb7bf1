/*
 * origin_subject.h - an origin server's machine with a small application, as a subject.
 *
 * The application does what the decisions of the play say; with the policy "prompt" it decides by
 * itself: it accepts each head at once, and answers 200 once the content is complete. Where a request has a
 * mark, its response has it too, and so has the content of a 200 that it gives by itself
 * (docs/case-format.md).
 *
 * Its `data` is a struct e100_variation, which makes another subject of it.
 */
#ifndef E100_ORIGIN_SUBJECT_H
#define E100_ORIGIN_SUBJECT_H

#include "faults/variation.h"
#include "machine/origin.h"
#include "subjects/subject.h"

enum {
  E100_HELD_BACK_LIMIT = 1 << 20 /* octets that wait while an answer is due; a client that sends more
                                    is reset */
};

/* The functions of a subject whose `data` is a struct e100_variation. */
void *e100_origin_subject_open(const struct e100_subject *subject, const struct e100_setup *setup,
                               struct e100_sink *sink);
extern const struct e100_subject e100_origin_subject_reference;

/* Told of each row that an origin machine takes, where somebody wants to know (state coverage). */
void e100_origin_subject_watch(e100_row_watch *watch);

#endif
