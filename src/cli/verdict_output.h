/*
 * verdict_output.h - how play and judge show a verdict, and what it makes of the exit code.
 */
#ifndef E100_VERDICT_OUTPUT_H
#define E100_VERDICT_OUTPUT_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/findings_output.h"
#include "cli/known.h"
#include "model/model.h"

/* Options that play and judge share, and what was seen so far. */
struct e100_showing {
  bool json;              /* one line of JSON a verdict, and nothing else */
  bool ladder;            /* the diagram with each verdict */
  const char *fail_on;    /* "violation" (also NULL) or "warning" */
  const char *known_path; /* a file of known findings, or NULL */
  struct e100_findings_output output;
  struct e100_known known;
  size_t shown;  /* verdicts */
  size_t failed; /* ... of which fail the run */
};

/* Checks the options and reads the file of known findings; false after a message. */
bool e100_showing_begin(struct e100_showing *showing);

/*
 * Prints one verdict; EXCHANGE is what it was played from, or TRANSCRIPT itself. SUBJECT is what it was
 * played against, NULL where it was judged as it stands; then only findings against the subject's own party
 * fail the run, as what the others do is given. Gives E100_EXIT_FOUND where a finding that is not known is as
 * severe as the run fails on.
 */
int e100_show_verdict(struct e100_showing *showing, const struct e100_exchange *exchange,
                      const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                      const struct e100_source *source, const char *subject);

/* Keeps for the findings file that EXCHANGE was passed over, or could not be played (E100_RESULT_UNREADABLE):
 * then whoever calls has said why. */
void e100_show_unplayed(struct e100_showing *showing, const struct e100_exchange *exchange,
                        const struct e100_source *source, enum e100_result result);

/* Prints the count where there were several, complains about unused known entries, writes the findings file
 * where one was asked for, frees. Gives CODE, or E100_EXIT_CANNOT where that could not be written. */
int e100_showing_end(struct e100_showing *showing, int code);

#endif
