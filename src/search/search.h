/*
 * search.h - exhaustive search: everything that can happen in a conversation with a machine, within bounds,
 * judged by the model.
 *
 * The states are those of a product (searched.h), made canonical; the steps between them the tokens of its
 * alphabet. A search breadth first that closes has tried every token in every state that can be reached. The
 * bounds are those of the alphabet (origin_alphabet.h, client_alphabet.h): its heads and where they are cut,
 * few octets of content, few chunks, how many requests.
 *
 * A token for one is a token for all that are alike: all octets of content, all bad chunks; further pieces
 * of content and cuts of heads are left to fuzzing. Whoever resets is as one that closes, but both are there.
 */
#ifndef E100_SEARCH_H
#define E100_SEARCH_H

#include "model/model.h"
#include "search/answers.h"
#include "search/searched.h"
#include "search/trace.h"

enum {
  E100_SEARCH_MEMORY_LIMIT = 512 * 1024 * 1024, /* octets for the states of one search: beyond, it stops */
  E100_SEARCH_ROWS = 512                        /* rows that a table may have: states times events */
};

enum e100_search_end {
  E100_SEARCH_CLOSED,      /* nothing is left to try */
  E100_SEARCH_FOUND,       /* something is wrong: `found` leads there */
  E100_SEARCH_DEEP_ENOUGH, /* the depth that was asked for, or E100_TRACE_LIMIT */
  E100_SEARCH_OUT_OF_MEMORY,
  E100_SEARCH_INTERRUPTED
};

enum e100_search_wrong {
  E100_WRONG_NOTHING,
  E100_WRONG_VIOLATION,    /* the model finds that the machine broke a MUST or a MUST NOT */
  E100_WRONG_DISAGREEMENT, /* the model's judge finds nothing, but e100_view_permits does not permit it */
  E100_WRONG_MERGE         /* two states of one form went on differently: a form leaves out too much */
};

/* A row of the machine's table. */
struct e100_search_row {
  uint64_t taken;          /* how often */
  struct e100_trace trace; /* the shortest that takes it, last */
};

struct e100_search {
  enum e100_search_end end;
  enum e100_search_wrong wrong;
  struct e100_trace found; /* with E100_SEARCH_FOUND */
  uint64_t states;
  uint64_t transitions;       /* tokens that were tried, rejected decisions included */
  uint32_t depth;             /* of the deepest state; depth first: to which it went */
  uint64_t compared;          /* states that were merged and compared */
  size_t memory;              /* octets, at the most */
  struct e100_rule_set rules; /* that were decided */
  struct e100_search_row rows[E100_SEARCH_ROWS];
};

struct e100_search_setup {
  const struct e100_searched *searched;
  const void *design;               /* of its machine: struct e100_origin_design, and the like */
  uint32_t policy;                  /* bits of policies.def */
  uint32_t depth;                   /* 0: until it closes */
  uint64_t executions;              /* depth first: tokens that may be tried in one round */
  size_t memory;                    /* 0: E100_SEARCH_MEMORY_LIMIT */
  const struct e100_rule_set *only; /* what is wrong is a breach of one of these; NULL: of any, or anything */
  uint32_t compare; /* each so-many-th state that is merged with one that was there is compared; 0: none */
  e100_product_form_fn *form;   /* NULL: its own; another one tries whether comparing notices */
  struct e100_answers *answers; /* breadth first: takes part in them; NULL: no answers are looked at */
  /* Called now and then; false: stop. May be NULL. */
  bool (*go_on)(void *user, const struct e100_search *so_far);
  void *user;
};

/* Breadth first over canonical states. SEARCH is set anew; it needs no freeing. */
void e100_search_breadth_first(const struct e100_search_setup *setup, struct e100_search *search);

/* Depth first over the states as they are, none canonical and none remembered: round after round one token
 * deeper, until a round would take more than the executions that are allowed or the depth is reached. `rows`
 * are those of the last whole round, `depth` its depth. */
void e100_search_depth_first(const struct e100_search_setup *setup, struct e100_search *search);

/* Adds up: B's rows are added to SUM's. Of two traces the one with fewer policies stays, of as many the
 * shorter one; POLICIES holds the policy of each row's trace in SUM. */
void e100_search_add(struct e100_search *sum, uint32_t policies[E100_SEARCH_ROWS],
                     const struct e100_search *b, uint32_t policy);

/* "late-100,discard"; "none". */
void e100_search_policy_words(uint32_t policy, struct e100_text *out);

#endif
