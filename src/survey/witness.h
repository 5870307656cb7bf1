/*
 * witness.h - small exchanges that show that a program has time for others while it is silent to one.
 *
 * A silence may be that of a busy machine, or of a program that serves few at once. So while silences are
 * looked at again, witnesses go through the same program, one after the other: each on new connections, in a
 * lane of its own, and with an expectation, as what is looked at. Where no more than a silence passes from
 * the begin of each to the end of the next, one of them began within any silence and was answered before its
 * end: the program was run in that time, took what came later, and answered it. Who serves one after the
 * other has no time for a witness either.
 */
#ifndef E100_WITNESS_H
#define E100_WITNESS_H

#include "survey/survey.h"

struct e100_witness {
  bool under_way;
  uint64_t begun;  /* milliseconds of the loop, as all below */
  uint64_t since;  /* when the one before it began; where there is none, when it was wanted */
  unsigned missed; /* how often one was not answered in time */
};

/* Whether there are witnesses where SUBJECT's silences are looked at again: it needs lanes for that, and who
 * asks for a rate, or for nothing at once, wants no further connections. */
bool e100_witness_helps(const struct e100_survey *survey, const struct e100_surveyed_subject *subject);
/* The exchange, for SUBJECT on its way LANE. */
void e100_witness_make(const struct e100_surveyed_subject *subject, const struct e100_lane *lane,
                       struct e100_exchange *out);
/* From NOW on witnesses are wanted. */
void e100_witness_wanted(struct e100_witness *witness, uint64_t now);
/* One begins. */
void e100_witness_begins(struct e100_witness *witness, uint64_t now);
/* It is over, and has left TRANSCRIPT; a silence has SETTLE milliseconds. True: it was answered in time. */
bool e100_witness_ends(struct e100_witness *witness, uint64_t now, unsigned settle,
                       const struct e100_exchange *transcript);
/* Witnesses were there and answered in time since MISSED was what they had missed, until the one that is
 * under way; what that comes to is still to be heard. */
bool e100_witness_since(const struct e100_witness *witness, unsigned missed);

#endif
