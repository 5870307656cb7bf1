/*
 * presence.h - until when a program was there, and what was going on when it went.
 *
 * A program that ends in the middle of a survey cannot be connected to any more. It went between the begin of
 * the latest play that did connect and the first that did not: in a situation that was being played in that
 * time.
 */
#ifndef E100_PRESENCE_H
#define E100_PRESENCE_H

#include "survey/survey.h"

/* A play of SUBJECT in the situation of CELL is over, which BEGAN then and ends NOW, milliseconds of one
 * clock: it has CONNECTED, or could not. CELL is NULL for a request of no situation. */
void e100_presence_note(struct e100_surveyed_subject *subject, struct e100_surveyed_cell *cell,
                        uint64_t began, uint64_t now, bool connected);
/* Writes the names of the situations in which SUBJECT may have gone, with commas, and "and N more" where they
 * are many, to NAMES of ROOM octets. 0, and "": it was there to the end, or never. */
size_t e100_presence_lost_in(const struct e100_survey *survey, size_t subject, char *names, size_t room);

#endif
