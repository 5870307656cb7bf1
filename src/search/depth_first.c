/*
 * depth_first.c - every sequence of tokens up to a length, with nothing left out: a check on what the search
 * breadth first leaves out. A snapshot is a copy.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "search/search.h"
#include "search/watching.h"

enum { GO_ON_EVERY = 65536 /* tokens between two questions whether to go on */ };

struct depth {
  const struct e100_search_setup *setup;
  struct e100_search *search; /* of the last whole round */
  struct e100_search round;   /* of this one */
  uint8_t *stack;             /* owned: products, one more than tokens */
  size_t room;                /* of each, rounded up to what it is aligned to */
  struct e100_watching watching;
  uint32_t goal; /* of this round */
  struct e100_trace trace;
};

static void on_row(void *user, const struct e100_row *row) {
  struct depth *depth = user;
  struct e100_search_row *taken =
      &depth->round.rows[row->state * depth->setup->searched->table->events + row->event];
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
  const struct e100_searched *searched = depth->setup->searched;
  void *from = depth->stack + at * depth->room, *to = depth->stack + (at + 1) * depth->room;
  size_t extent = searched->extent(from);
  for (unsigned token = 0; token < searched->tokens && depth->round.end == E100_SEARCH_CLOSED; token++) {
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
  depth->watching = (struct e100_watching){.searched = depth->setup->searched,
                                           .user = depth,
                                           .row = on_row,
                                           .only = depth->setup->only,
                                           .rules = &depth->round.rules};
  dive(depth, 0);
}

void e100_search_depth_first(const struct e100_search_setup *setup, struct e100_search *search) {
  struct depth *depth = calloc(1, sizeof *depth);
  uint32_t limit = setup->depth == 0 || setup->depth > E100_TRACE_LIMIT ? E100_TRACE_LIMIT : setup->depth;
  const size_t align = _Alignof(max_align_t);
  E100_CHECK(depth != NULL, "out of memory");
  depth->setup = setup;
  depth->room = (setup->searched->room + align - 1) / align * align;
  depth->stack = calloc(limit + 1, depth->room);
  E100_CHECK(depth->stack != NULL, "out of memory");
  setup->searched->init(depth->stack, setup->design, setup->policy);
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
