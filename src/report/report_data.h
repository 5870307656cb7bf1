/*
 * report_data.h - findings files as reports see them: several of them, read, checked and put together.
 *
 * All texts are valid UTF-8 without NULs, belong to the report and may hold anything else: whoever writes
 * them somewhere escapes them for that place.
 */
#ifndef E100_REPORT_DATA_H
#define E100_REPORT_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

/* A text that the file leaves out is "", a number 0, a list NULL. */
struct e100_report_finding {
  const char *kind, *rule, *severity, *requirement, *section, *text, *party, *link, *situation, *cause, *what,
      *known, *engine, *target, *log, *input, *group_id;
  uint64_t request, step, line, executions;
  bool fails, own;
  const json_t *permitted, *considered, *reading;
  size_t group;     /* index into the groups */
  int64_t exchange; /* index into the transcripts, or -1 */
};

struct e100_report_group {
  const char *id, *name, *kind, *severity, *rule, *party, *situation;
  uint64_t count;
  int64_t smallest; /* index into the findings, or -1 */
};

struct e100_report_transcript {
  const char *name, *path, *title, *replay, *case_text;
  uint64_t line;
  const json_t *exchange; /* or NULL; e100_exchange_read_json has accepted it */
};

struct e100_report_case {
  const char *name, *path, *result, *why;
  size_t run; /* index into the runs */
};

/* One findings file. */
struct e100_report_run {
  const char *file; /* its path, as it was given */
  const char *command, *subject, *tool, *version;
  uint64_t exchanges, passed, failed, skipped, unreadable, findings_left_out, transcripts_left_out;
  const json_t *campaign; /* or NULL */
  const json_t *survey;   /* or NULL */
  size_t first_finding, finding_count;
};

/* Start with {0}. Owns its lists and documents. */
struct e100_report {
  json_t *documents; /* array */
  struct e100_report_run *runs;
  size_t run_count;
  struct e100_report_finding *findings;
  size_t finding_count;
  struct e100_report_group *groups;
  size_t group_count;
  struct e100_report_transcript *transcripts;
  size_t transcript_count;
  struct e100_report_case *cases;
  size_t case_count;
};

/*
 * Adds a findings file; DOCUMENT stays the caller's and is kept for as long as the report is there. FILE is
 * its path, which stays the caller's too. False: nothing was added, and REASON says in printable ASCII what
 * is wrong and where, or which version the file has.
 */
bool e100_report_add(struct e100_report *report, json_t *document, const char *file, char *reason,
                     size_t room);

/* The same for a text. */
bool e100_report_add_text(struct e100_report *report, const char *text, size_t length, const char *file,
                          char *reason, size_t room);

/* Puts the groups in the order in which people want them: violations first, then those seen most often. Call
 * it after the last file. */
void e100_report_sort(struct e100_report *report);

void e100_report_free(struct e100_report *report);

/* How many findings there are of each severity, over all groups; SEVERITY "violation" and so on. */
uint64_t e100_report_count(const struct e100_report *report, const char *severity);

/* The words of a list, ", " and a last ", or " between them. */
void e100_report_words(const json_t *list, const char *last, struct e100_text *out);

/* "link u1, request 1, step 4", as far as the finding has these. */
void e100_report_place(const struct e100_report_finding *finding, struct e100_text *out);

#endif
