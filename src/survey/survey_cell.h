/*
 * survey_cell.h - what the plays of one situation with one program show; for the scheduler of surveys.
 */
#ifndef E100_SURVEY_CELL_H
#define E100_SURVEY_CELL_H

#include "survey/survey.h"

/* Takes the first play: its transcript is copied, and what it shows of a program of ROLE kept. */
void e100_cell_first(struct e100_surveyed_cell *cell, enum e100_role role,
                     const struct e100_exchange *transcript, const struct e100_verdict *verdict);
/* What was going on at the program during a play. */
enum e100_company {
  E100_AMID_OTHERS,
  E100_AMID_WITNESSES, /* others, but it had time for each witness; the last one is still to be heard */
  E100_ALONE           /* nothing else */
};
/* Counts what is seen again of a program of ROLE in a further play, or in the one without the expectation
 * (CONTROL). */
void e100_cell_again(struct e100_surveyed_cell *cell, enum e100_role role, const struct e100_verdict *verdict,
                     bool control, enum e100_company company);
/* The last of the witnesses was heard: it was answered IN_TIME, or what they were to attest is not. */
void e100_cell_attest(struct e100_surveyed_cell *cell, bool in_time);

/* A busy machine makes silences, and leaves connections unmade. */
bool e100_cell_is_about_time(const struct e100_surveyed_cell *cell);
/* Something was seen in each play until now, and in none alone, or before witnesses. */
bool e100_cell_is_in_doubt(const struct e100_surveyed_cell *cell);
/* After the plays alone: silences that were seen while others were played, too, and in no play alone, or
 * before witnesses, are those of a busy machine. They are left out, and kept apart. Who was late for those
 * may have been late for what it does wrong, too, and what comes and goes is never looked at alone: true,
 * once, where a further play has shown more, or none was alone, so that one that is should take the place of
 * the first. */
bool e100_cell_is_retaken(struct e100_surveyed_cell *cell);

#endif
