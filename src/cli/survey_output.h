/* survey_output.h - what a survey leaves: matrices, cases of its findings, JSON, the findings file. */
#ifndef E100_SURVEY_OUTPUT_H
#define E100_SURVEY_OUTPUT_H

#include "cli/cli.h"
#include "cli/findings_output.h"
#include "survey/survey_report.h"

struct e100_survey_output {
  const char *out;                       /* the folder for the cases of findings */
  const char *json, *markdown, *compare; /* files, or NULL */
  json_t *older;                         /* what compare holds; the caller decrefs it */
  struct e100_findings_output findings;
};

/* Looks at the files before the survey, which takes its time: false after a message. */
bool e100_survey_output_begin(struct e100_survey_output *output);

/* Prints the matrices and the findings, writes what was asked for, and gives the exit code. */
int e100_survey_put(const struct e100_survey *survey, struct e100_survey_output *output, const char *command);

#endif
