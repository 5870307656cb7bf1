/*
 * survey_cell.h - what the plays of one situation with one program show; for the scheduler of surveys.
 */
#ifndef E100_SURVEY_CELL_H
#define E100_SURVEY_CELL_H

#include "survey/survey.h"

/* Takes the first play: its transcript is copied, and what it shows of a program of ROLE kept. It is taken
 * for one amid others; the caller says where it was not. */
void e100_cell_first(struct e100_surveyed_cell *cell, enum e100_role role,
                     const struct e100_exchange *transcript, const struct e100_verdict *verdict);
/* Counts what is seen again of a program of ROLE in a further play, or in the one without the expectation
 * (CONTROL). */
void e100_cell_again(struct e100_surveyed_cell *cell, enum e100_role role, const struct e100_verdict *verdict,
                     bool control, enum e100_company company);
/* Before that is counted of a play alone: the first of them, behind one amid others, adds what only it shows,
 * to be confirmed by plays alone. */
void e100_cell_add(struct e100_surveyed_cell *cell, enum e100_role role,
                   const struct e100_exchange *transcript, const struct e100_verdict *verdict);
/* After it is counted: a play in better company, or with less in it that does not count, takes the place of
 * the one that is kept, if it shows what was seen each time, and nothing else that is not counted. */
void e100_cell_keep(struct e100_surveyed_cell *cell, enum e100_role role,
                    const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                    enum e100_company company);
/* Plays alone that are needed besides, as the first one does not count for what was added. */
unsigned e100_cell_added(const struct e100_surveyed_cell *cell);
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

/* The program has sent a final response in TRANSCRIPT. */
bool e100_cell_answered(const struct e100_exchange *transcript);
/* It has not, though our side did not leave. */
bool e100_cell_left_unanswered(const struct e100_exchange *transcript);
/* The program answered nobody any more: silences that were seen of it say nothing. */
void e100_cell_forget_silences(struct e100_surveyed_cell *cell);

#endif
