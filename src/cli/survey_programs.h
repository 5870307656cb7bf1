/* survey_programs.h - the programs of a survey, from the operands of the command. */
#ifndef E100_SURVEY_PROGRAMS_H
#define E100_SURVEY_PROGRAMS_H

#include "survey/survey.h"

struct e100_survey_programs {
  const char *map, *allow, *upstream; /* options, or NULL */
  bool lost; /* a program could not be started, or nobody can stand behind it: the others go on */
};

/* Adds the programs that ARGV[1] up to ARGV[OPERANDS] name, and starts recipes. False after a message where
 * the survey cannot begin. */
bool e100_survey_programs_add(struct e100_survey_programs *programs, struct e100_survey *survey, int operands,
                              char **argv);
/* Closes the sockets behind them. */
void e100_survey_programs_close(struct e100_survey *survey);

#endif
