/*
 * check.h - what `check` searches, what came of it, and how it is shown.
 */
#ifndef E100_CHECK_H
#define E100_CHECK_H

#include <stdbool.h>

#include "cli/cli.h"
#include "machine/client.h"
#include "machine/origin.h"
#include "search/proxy_party.h"
#include "search/search.h"

enum {
  E100_CHECK_POLICIES_LIMIT = 64, /* sets of policies in one run */
  E100_CHECK_DEPTH_FIRST = 4      /* how deep the search without canonical states goes, under each policy */
};

/* The search under one set of policies. */
struct e100_checked {
  uint32_t policy;
  enum e100_search_end end;
  uint64_t states, transitions;
  uint64_t depth_first; /* tokens that were tried depth first */
  uint32_t depth;
  double seconds;
};

struct e100_check {
  const struct e100_searched *searched;
  const char *subject; /* its name */
  /* The design of its machine: that of its role. */
  union {
    struct e100_origin_design origin;
    struct e100_client_design client;
    struct e100_proxy_making proxy;
  } design;
  bool reference;                   /* it is the reference: what it never does is looked at */
  bool all;                         /* every set of policies that is searched */
  uint32_t policy;                  /* else this one */
  uint32_t depth;                   /* 0: until it closes */
  const struct e100_rule_set *only; /* a breach of these is wrong; NULL: of any */
  bool json;
  const char *traces; /* a folder for the shortest traces, or NULL */

  struct e100_checked checked[E100_CHECK_POLICIES_LIMIT];
  size_t checked_count;
  struct e100_search sum;
  uint32_t row_policies[E100_SEARCH_ROWS]; /* of the traces in `sum` */
  struct e100_answers answers;
  /* What went wrong first, and under which policy. */
  enum e100_search_wrong wrong;
  bool rows_differ; /* depth first took other rows */
  struct e100_trace found;
  uint32_t found_policy;
  bool interrupted;
};

/* All that was to be searched was, and nothing is left to try. */
bool e100_check_closed(const struct e100_check *check);
/* What is permitted and never done can be said only then: every policy of the reference. */
bool e100_check_is_complete(const struct e100_check *check);
/* The rows of its machine's table, states times events. */
unsigned e100_check_rows(const struct e100_check *check);
/* ... whether row number ROW says what would happen. */
bool e100_check_row_can(const struct e100_check *check, unsigned row);
/* Answers without a reason, rows without one, and reasons and rows that nothing needs: their number. */
size_t e100_check_unexplained(const struct e100_check *check);
/* Why the search under one set of policies ended: "closed", "out of memory". */
const char *e100_check_end_words(enum e100_search_end end);

/* check_output.c: the results as text, or as one line of JSON. */
void e100_check_print(const struct e100_check *check);
void e100_check_print_json(const struct e100_check *check);

/* check_traces.c: writes the shortest trace to each row as a case into the folder; false after a message. */
bool e100_check_write_traces(const struct e100_check *check, size_t *written);

#endif
