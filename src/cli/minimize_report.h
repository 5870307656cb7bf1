/*
 * minimize_report.h - what minimize leaves behind: a case that a person can read, and a report.
 */
#ifndef E100_MINIMIZE_REPORT_H
#define E100_MINIMIZE_REPORT_H

#include <jansson.h>

#include "fuzz/checks.h"

/* A minimised finding. The pointers are the caller's. */
struct e100_minimized {
  const struct e100_target *target;
  const struct e100_subject *subject; /* NULL: not played */
  const char *cause;                  /* what was minimised for */
  const struct e100_breach *breach;   /* as the minimised exchange shows it */
  const struct e100_exchange *transcript;
  const struct e100_verdict *verdict; /* of the transcript */
};

/* The key words of a cause, for which an input is minimised: all but the situation, which is the third word
 * ("ORIGIN_100_OR_FINAL origin 2a1"). Gives their length. */
size_t e100_cause_key(const char *cause);

/* Makes EXCHANGE tell its story: title, `shows:`, and what must come out under `-- findings --`. */
void e100_minimized_case(const struct e100_minimized *minimized, struct e100_exchange *exchange);

/* A file name without its ending: the rule, the situation, and a hash of EXCHANGE. The same for the same
 * finding on every machine. */
void e100_minimized_name(const struct e100_minimized *minimized, const struct e100_exchange *exchange,
                         struct e100_text *out);

/* The command that shows it again; CASE is the path of the case. */
void e100_replay_command(const struct e100_minimized *minimized, const char *path, struct e100_text *out);

/* The report for people; CASE is the path of the case. */
void e100_minimized_report(const struct e100_minimized *minimized, const struct e100_exchange *exchange,
                           const char *path, struct e100_text *out);

/* What a findings file says of it: the finding, and the exchange that shows it. CASE is the path of the case.
 * The caller owns what it gets. */
json_t *e100_minimized_finding(const struct e100_minimized *minimized);
json_t *e100_minimized_transcript(const struct e100_minimized *minimized,
                                  const struct e100_exchange *exchange, const char *path);

#endif
