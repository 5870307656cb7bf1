/*
 * survey_cell.h - what the plays of one situation with one program show; for the scheduler of surveys.
 */
#ifndef E100_SURVEY_CELL_H
#define E100_SURVEY_CELL_H

#include "survey/survey.h"

/* Takes the first play: its transcript is copied, and what it shows of a program of ROLE kept. */
void e100_cell_first(struct e100_surveyed_cell *cell, enum e100_role role,
                     const struct e100_exchange *transcript, const struct e100_verdict *verdict);
/* Counts what is seen again in a further play, or in the one without the expectation (CONTROL). ALONE:
 * nothing else was going on at that program. */
void e100_cell_again(struct e100_surveyed_cell *cell, const struct e100_verdict *verdict, bool control,
                     bool alone);

/* A busy machine makes silences, and leaves connections unmade. */
bool e100_cell_is_about_time(const struct e100_surveyed_cell *cell);
/* Something was seen in each play until now. */
bool e100_cell_is_steady(const struct e100_surveyed_cell *cell);
/* Silences that were seen while others were played, too, and in no play alone, are those of a busy machine.
 * Gives how many there were. */
unsigned e100_cell_leave_out_crowded(struct e100_surveyed_cell *cell);

#endif
