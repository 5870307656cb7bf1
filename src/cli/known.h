/*
 * known.h - findings that somebody knows of, with the reason why they stand.
 *
 * A file of lines "CASE-GLOB RULE [PARTY [SITUATION|RULE]...]  # reason". Blank lines, and lines that begin
 * with
 * #, say nothing. The glob is matched against the name of an exchange (its path, or FILE:LINE) and against
 * the last part of that path. Situations are the numbers of causes (e100_finding); none means any. A reason
 * must be there. Known findings are printed but do not fail a run.
 */
#ifndef E100_KNOWN_H
#define E100_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"
#include "model/model.h"

struct e100_known_entry {
  char *glob;             /* owned */
  char *reason;           /* owned */
  unsigned rule;          /* enum e100_rule */
  int party;              /* enum e100_party, or -1 for any */
  uint32_t *situations;   /* owned */
  size_t situation_count; /* 0: any */
  struct e100_rule_set behind;
  bool any_rule; /* none in that set is meant */
  unsigned line; /* from 1 */
  size_t hits;   /* findings that it matched */
  bool looked;   /* a case that it names was looked at */
};

/* Start with {0}. */
struct e100_known {
  const char *path; /* the caller's; NULL: no file was read */
  struct e100_known_entry *entries;
  size_t count;
};

/* Reads PATH, which stays the caller's and must stay valid. False after a message with the line. */
bool e100_known_read(struct e100_known *known, const char *path);
void e100_known_free(struct e100_known *known);

/* The reason of the first entry that matches FINDING, which is one of FINDINGS, and counts the hit; NULL
 * where none does.
 */
const char *e100_known_reason(struct e100_known *known, const struct e100_source *source,
                              const struct e100_findings *findings, const struct e100_finding *finding);

/* Notes for every entry that SOURCE was looked at. */
void e100_known_look(struct e100_known *known, const struct e100_source *source);

/* Says on stderr which entries matched nothing: each, but in one line those none of whose cases was looked
 * at. */
void e100_known_complain_unused(const struct e100_known *known);

#endif
