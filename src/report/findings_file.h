/*
 * findings_file.h - the findings file: what a run found, in one versioned JSON document
 * (docs/findings.schema.json), from which all reports are made.
 *
 * Whoever plays or judges adds each exchange with its verdict; a finding is put to the others of its cause,
 * and an exchange that was seen before is not kept twice. There are no times in it, so that the same run
 * gives the same file.
 */
#ifndef E100_FINDINGS_FILE_H
#define E100_FINDINGS_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "model/model.h"

enum { E100_FINDINGS_FILE_VERSION = 1 };

/* What is over a limit is counted in its group, or under `left_out`, and not kept by itself. */
enum {
  E100_REPORTED_FINDINGS_LIMIT = 2000,          /* findings in one file */
  E100_REPORTED_GROUP_LIMIT = 100,              /* ... and of one group */
  E100_REPORTED_GROUPS_LIMIT = 5000,            /* groups */
  E100_REPORTED_CASES_LIMIT = 20000,            /* cases that are listed */
  E100_REPORTED_OCTETS_LIMIT = 6 * 1024 * 1024, /* octets of JSON for exchanges and texts of cases */
  E100_REPORTED_EXCHANGE_LIMIT = 512 * 1024     /* ... and for one of them */
};

/* A file in the making. Owns everything below. */
struct e100_findings_file {
  json_t *document;
  json_t *group_index;      /* id of a group: its place among the groups */
  json_t *transcript_index; /* hash of an exchange: its place among the transcripts */
  size_t octets;            /* of exchanges and cases so far */
};

/* COMMAND is what was run, as a shell reads it; SUBJECT what was played against, or NULL. */
void e100_findings_file_begin(struct e100_findings_file *file, const char *version, const char *command,
                              const char *subject);
void e100_findings_file_free(struct e100_findings_file *file);

/* What became of an exchange. FAILED: findings that count, or differences; UNREADABLE: it could not be looked
 * at; SKIPPED: it was left out on purpose. */
enum e100_result { E100_RESULT_PASSED, E100_RESULT_FAILED, E100_RESULT_SKIPPED, E100_RESULT_UNREADABLE };

/* One exchange that was looked at. Everything is the caller's; what may be NULL says so. */
struct e100_looked_at {
  const char *name; /* "FILE" or "FILE:LINE" */
  const char *path; /* the file */
  uint64_t line;    /* of JSON Lines, from 1; else 0 */
  const char *text; /* the file's own text, of a case; or NULL */
  size_t text_length;
  const struct e100_exchange *exchange;   /* as it was read; NULL where it could not be */
  const struct e100_exchange *transcript; /* what was judged; NULL where nothing was */
  const struct e100_verdict *verdict;     /* or NULL, likewise */
  const bool *leave_out;                  /* by finding that is kept: it is as the case says; or NULL */
  const bool *own;          /* by finding: it is about what was tested, and not what the case made
                               others do; NULL: all of them are */
  const bool *fails;        /* by finding: it makes the run fail; NULL: all of them do */
  const char *const *known; /* by finding: why it is known, or NULL; may be NULL */
  const char *differences;  /* lines, each with its end, of what else is not as it should be; or NULL */
  const char *replay;       /* the command that shows it again; or NULL */
  const char *why;          /* what could not be looked at, and why; or NULL */
  enum e100_result result;
};

/* Adds an exchange, and a finding for each of its verdict. */
void e100_findings_file_add(struct e100_findings_file *file, const struct e100_looked_at *looked);

/*
 * Adds a finding that somebody else made into JSON: an object of the form of docs/findings.schema.json
 * without group, times and transcript. TRANSCRIPT (an object of that form, or NULL) is where it shows. Both
 * are given up.
 */
void e100_findings_file_add_json(struct e100_findings_file *file, json_t *finding, json_t *transcript);

/* A transcript as the file has it: exchange, text of the case, path, command. The caller owns it. */
json_t *e100_transcript_json(const struct e100_looked_at *looked);

/* One finding of LOOKED's verdict as the file has it; the caller owns it. */
json_t *e100_reported_finding_json(const struct e100_looked_at *looked, uint32_t index);

/* The lines in the text of a case where the findings of a verdict are: that of the step, and for a case that
 * was played that of the last delivery before. 0: it cannot be said. */
uint32_t e100_finding_line_in_case(const struct e100_looked_at *looked, const struct e100_finding *finding);

/* ---- a survey: which subject does what, as a matrix --------------------------------------------------- */

enum e100_cell { E100_CELL_GOOD, E100_CELL_WARNING, E100_CELL_BAD, E100_CELL_UNDECIDED, E100_CELL_NONE };
/* Names the columns. */
void e100_findings_file_columns(struct e100_findings_file *file, const char *const *names, size_t count);
/* Adds a row: for each column a kind and a few words, which may be "". */
void e100_findings_file_row(struct e100_findings_file *file, const char *name, const enum e100_cell *cells,
                            const char *const *words, size_t count);

/* Prints the whole document, with its line end. */
void e100_findings_file_print(const struct e100_findings_file *file, struct e100_text *out);

/* ---- causes (finding_cause.c) ---------------------------------------------------------------------------
 */

/* A cause as a group of findings has it: 16 hexadecimal digits that depend on rule, party and situation only,
 * so they stay the same from run to run. */
enum { E100_GROUP_ID_ROOM = 17 };
void e100_group_id(const char *kind, const char *rule, const char *party, const char *situation,
                   char id[E100_GROUP_ID_ROOM]);

/* What a party did, in words that need no rule's name: "origin MUST answer an expectation at once, ..., and
 * does not".
 */
void e100_cause_in_words(const char *requirement, const char *text, const char *party, struct e100_text *out);

#endif
