/* survey_report.h - a survey as a matrix for people, and as JSON (docs/survey.schema.json). */
#ifndef E100_SURVEY_REPORT_H
#define E100_SURVEY_REPORT_H

#include <jansson.h>

#include "survey/survey.h"

enum { E100_SURVEY_JSON_VERSION = 1 };

/* One letter for a cell: '.' nothing found, 'V' a violation, 'w' a warning, 'n' a note, '?' something that
 * comes and goes, 'o' nothing decided, '-' not suited, '!' it failed, ' ' not played, or for another role. */
char e100_survey_letter(const struct e100_survey *survey, const struct e100_surveyed_cell *cell);

/* The matrices of situations and of rules by programs, and what could not be judged. As Markdown, or plain.
 */
void e100_survey_matrix(const struct e100_survey *survey, bool markdown, struct e100_text *out);

/* COMMAND is what was run. The caller owns the document. */
json_t *e100_survey_json(const struct e100_survey *survey, const char *command);

/* What a survey says anew in comparison with an older document of this form: lines into OUT, of confirmed
 * violations that are new ("new: ...") and of those that are gone ("gone: ..."). Gives how many are new. */
int e100_survey_compare(const struct e100_survey *survey, const json_t *old, struct e100_text *out);

/* Whether OLD is such a document; else a sentence in WHY, which is empty before. */
bool e100_survey_can_be_compared(const json_t *old, struct e100_text *why);

#endif
