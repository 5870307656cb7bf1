/*
 * depth_first.c - every sequence of tokens up to a length, with nothing left out: a check on what the search
 * breadth first leaves out. A snapshot is a copy.
 */
#include <stdlib.h>
#include <string.h>

#include "search/product.h"
#include "search/search.h"
#include "search/watching.h"
#include "subjects/origin_choices.h"

enum { GO_ON_EVERY = 65536 /* tokens between two questions whether to go on */ };

struct depth {
  const struct e100_search_setup *setup;
  struct e100_search *search; /* of the last whole round */
  struct e100_search round;   /* of this one */
  struct e100_product *stack; /* owned: one more than tokens */
  struct e100_watching watching;
  uint32_t goal; /* of this round */
  struct e100_trace trace;
};

static void on_row(void *user, const struct e100_row *row) {
  struct depth *depth = user;
  struct e100_search_row *taken = &depth->round.rows[row->state * E100_ORIGIN_EVENTS + row->event];
  if (taken->taken++ == 0 || depth->trace.length < taken->trace.length)
    taken->trace = depth->trace;
}

static void find(struct depth *depth, enum e100_search_wrong wrong) {
  depth->round.end = E100_SEARCH_FOUND;
  depth->round.wrong = wrong;
  depth->round.found = depth->trace;
}

/* Counts a token that was tried. */
static void count(struct depth *depth) {
  struct e100_search *round = &depth->round;
  const struct e100_search_setup *setup = depth->setup;
  round->transitions++;
  if (round->transitions >= setup->executions)
    round->end = E100_SEARCH_DEEP_ENOUGH;
  if (round->transitions % GO_ON_EVERY == 0 && setup->go_on != NULL && !setup->go_on(setup->user, round))
    round->end = E100_SEARCH_INTERRUPTED;
}

static void dive(struct depth *depth, uint32_t at) {
  struct e100_product *from = &depth->stack[at], *to = from + 1;
  size_t extent = e100_product_extent(from);
  for (unsigned token = 0; token < E100_TOKENS && depth->round.end == E100_SEARCH_CLOSED; token++) {
    enum e100_search_wrong wrong = E100_WRONG_NOTHING;
    memcpy(to, from, extent);
    depth->trace.tokens[at] = (uint8_t)token;
    depth->trace.length = (uint8_t)(at + 1);
    enum e100_happening happening = e100_watching_happens(&depth->watching, to, token, &wrong);
    if (happening == E100_CANNOT_HAPPEN)
      continue;
    if (wrong != E100_WRONG_NOTHING)
      find(depth, wrong);
    count(depth);
    if (happening == E100_HAPPENS && at + 1 < depth->goal)
      dive(depth, at + 1);
  }
}

/* Starts as {0} but for what the caller gives. */
static void start_round(struct depth *depth) {
  memset(&depth->round, 0, sizeof depth->round);
  depth->round.depth = depth->goal;
  depth->watching = (struct e100_watching){.user = depth, .row = on_row, .rules = &depth->round.rules};
  dive(depth, 0);
}

void e100_search_depth_first(const struct e100_search_setup *setup, struct e100_search *search) {
  struct depth *depth = calloc(1, sizeof *depth);
  uint32_t limit = setup->depth == 0 || setup->depth > E100_TRACE_LIMIT ? E100_TRACE_LIMIT : setup->depth;
  struct e100_origin_policy policy = e100_origin_policy_of(setup->policy);
  E100_CHECK(depth != NULL, "out of memory");
  depth->setup = setup;
  depth->stack = calloc(limit + 1, sizeof *depth->stack);
  E100_CHECK(depth->stack != NULL, "out of memory");
  e100_product_init(&depth->stack[0], setup->design, &policy);
  memset(search, 0, sizeof *search);
  for (depth->goal = 1; depth->goal <= limit; depth->goal++) {
    start_round(depth);
    if (depth->round.end == E100_SEARCH_DEEP_ENOUGH)
      break; /* too much: the round before it counts */
    *search = depth->round;
    if (search->end != E100_SEARCH_CLOSED)
      break;
  }
  if (search->end == E100_SEARCH_CLOSED)
    search->end = E100_SEARCH_DEEP_ENOUGH;
  free(depth->stack);
  free(depth);
}
