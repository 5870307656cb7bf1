/*
 * breadth_first.c - level after level of states. Only two levels are kept, packed; of all others there is the
 * hash, and the way to them.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "search/packed.h"
#include "search/search.h"
#include "search/state_form.h"
#include "search/visited.h"
#include "search/watching.h"

enum { GO_ON_EVERY = 4096 /* transitions between two questions whether to go on */ };

/* The states of one depth. */
struct level {
  uint8_t *states; /* owned: packed, one behind the other */
  size_t used, octets;
  uint32_t *numbers; /* owned: of the states, in VISITED */
  size_t count;
  size_t room;
};

/* A state that was merged before the one that it was merged with had been expanded. */
struct merge {
  uint32_t state;
  uint32_t parent, token; /* of the one that was merged */
  uint64_t outlook;
};

struct breadth {
  const struct e100_search_setup *setup;
  struct e100_search *search;
  const struct e100_searched *searched;
  struct e100_state_former former;
  struct e100_visited visited;
  struct level now, next;
  size_t extent; /* octets of a product, rounded up to what it is aligned to */
  void *before;  /* owned: the product that is expanded */
  void *after;   /* owned: ... after a token */
  size_t memory_limit;
  uint32_t from; /* the state that is expanded */
  uint32_t token;
  uint64_t merges;
  struct merge *due; /* owned */
  size_t due_count, due_room;
  uint64_t *outlooks; /* owned: by state */
  size_t outlook_room;
  struct e100_watching watching;
};

/* ---- levels -------------------------------------------------------------------------------------------- */

static void add_to_next(struct breadth *breadth, const void *product, uint32_t number) {
  struct level *next = &breadth->next;
  if (next->count == next->room) {
    next->room = next->room == 0 ? 256 : next->room * 2;
    next->numbers = realloc(next->numbers, next->room * sizeof *next->numbers);
    E100_CHECK(next->numbers != NULL, "out of memory");
  }
  if (next->octets - next->used < e100_packed_room(breadth->extent)) {
    next->octets = next->octets * 2 + e100_packed_room(breadth->extent);
    next->states = realloc(next->states, next->octets);
    E100_CHECK(next->states != NULL, "out of memory");
  }
  next->used += e100_pack(product, breadth->extent, next->states + next->used);
  next->numbers[next->count++] = number;
}

static size_t memory_in_use(const struct breadth *breadth) {
  return e100_visited_memory(&breadth->visited) + breadth->now.octets + breadth->next.octets +
         (breadth->now.room + breadth->next.room) * sizeof(uint32_t) +
         breadth->due_room * sizeof *breadth->due + breadth->outlook_room * sizeof *breadth->outlooks;
}

/* ---- ways ---------------------------------------------------------------------------------------------- */

/* The way to STATE, and then TOKEN. */
static void trace_to(const struct breadth *breadth, uint32_t state, uint32_t token,
                     struct e100_trace *trace) {
  const struct e100_visited_state *states = breadth->visited.states;
  unsigned length = 1;
  for (uint32_t at = state; states[at].parent != E100_NO_STATE; at = states[at].parent)
    length++;
  E100_CHECK(length <= E100_TRACE_LIMIT, "a search ends at the limit of traces");
  trace->length = (uint8_t)length;
  trace->tokens[--length] = (uint8_t)token;
  for (uint32_t at = state; states[at].parent != E100_NO_STATE; at = states[at].parent)
    trace->tokens[--length] = (uint8_t)states[at].token;
}

static void find(struct breadth *breadth, enum e100_search_wrong wrong, uint32_t state, uint32_t token) {
  struct e100_search *search = breadth->search;
  search->end = E100_SEARCH_FOUND;
  search->wrong = wrong;
  trace_to(breadth, state, token, &search->found);
}

static void on_row(void *user, const struct e100_row *row) {
  struct breadth *breadth = user;
  struct e100_search_row *taken =
      &breadth->search->rows[row->state * breadth->searched->table->events + row->event];
  if (taken->taken++ == 0)
    trace_to(breadth, breadth->from, breadth->token, &taken->trace);
}

static void on_situation(void *user, struct e100_answered *situation) {
  const struct breadth *breadth = user;
  for (unsigned answer = 0; answer < E100_ANSWERS; answer++) {
    if ((situation->fresh >> answer & 1U) == 0)
      continue;
    situation->policies[answer] = breadth->setup->policy;
    trace_to(breadth, breadth->from, breadth->token, &situation->traces[answer]);
  }
}

/* ---- states that are merged -------------------------------------------------------------------------------
 */

static void merge_differs(struct breadth *breadth, const struct merge *merge) {
  find(breadth, E100_WRONG_MERGE, merge->parent, merge->token);
}

/* Each so-many-th state that is taken for one that was there: does it have the same future for one token? */
static void compare(struct breadth *breadth, uint32_t state, const void *merged) {
  uint32_t every = breadth->setup->compare;
  if (every == 0 || ++breadth->merges % every != 0)
    return;
  struct merge merge = {.state = state,
                        .parent = breadth->from,
                        .token = breadth->token,
                        .outlook = e100_state_outlook(&breadth->former, merged)};
  breadth->search->compared++;
  if (state < breadth->outlook_room && breadth->outlooks[state] != 0) {
    if (breadth->outlooks[state] != merge.outlook)
      merge_differs(breadth, &merge);
    return;
  }
  if (breadth->due_count == breadth->due_room) {
    breadth->due_room = breadth->due_room == 0 ? 256 : breadth->due_room * 2;
    breadth->due = realloc(breadth->due, breadth->due_room * sizeof *breadth->due);
    E100_CHECK(breadth->due != NULL, "out of memory");
  }
  breadth->due[breadth->due_count++] = merge;
}

/* Remembers the future of a state that is being expanded. */
static void keep_outlook(struct breadth *breadth, uint32_t state, const void *product) {
  if (breadth->setup->compare == 0)
    return;
  if (state >= breadth->outlook_room) {
    size_t room = breadth->visited.room;
    breadth->outlooks = realloc(breadth->outlooks, room * sizeof *breadth->outlooks);
    E100_CHECK(breadth->outlooks != NULL, "out of memory");
    memset(breadth->outlooks + breadth->outlook_room, 0,
           (room - breadth->outlook_room) * sizeof *breadth->outlooks);
    breadth->outlook_room = room;
  }
  breadth->outlooks[state] = e100_state_outlook(&breadth->former, product);
}

/* Those for which there was nothing to compare with when they were merged. */
static void compare_due(struct breadth *breadth) {
  for (size_t i = 0; i < breadth->due_count && breadth->search->wrong == E100_WRONG_NOTHING; i++) {
    const struct merge *merge = &breadth->due[i];
    uint64_t other = merge->state < breadth->outlook_room ? breadth->outlooks[merge->state] : 0;
    if (other != 0 && other != merge->outlook)
      merge_differs(breadth, merge);
  }
}

/* ---- expanding --------------------------------------------------------------------------------------------
 */

static void arrive(struct breadth *breadth, const void *product) {
  struct e100_visited_state arrived = {.parent = breadth->from, .token = breadth->token};
  struct e100_state_hash view;
  arrived.hash = e100_state_form_hash(&breadth->former, product, &view);
  uint32_t there = e100_visited_find(&breadth->visited, &arrived.hash);
  if (there != E100_NO_STATE) {
    compare(breadth, there, product);
    return;
  }
  add_to_next(breadth, product, e100_visited_add(&breadth->visited, &arrived));
  e100_watching_arrives(&breadth->watching, product, &view);
}

/* False: stop. */
static bool take(struct breadth *breadth, const void *from, unsigned token) {
  void *product = breadth->after;
  struct e100_search *search = breadth->search;
  struct e100_step step;
  const uint8_t *octets = NULL;
  if (!breadth->searched->step(from, token, &step, &octets))
    return true;
  breadth->token = token;
  memcpy(product, from, breadth->extent);
  enum e100_search_wrong wrong = E100_WRONG_NOTHING;
  enum e100_happening happening = e100_watching_happens(&breadth->watching, product, token, &wrong);
  search->transitions++;
  if (wrong != E100_WRONG_NOTHING)
    find(breadth, wrong, breadth->from, token);
  else if (happening == E100_HAPPENS)
    arrive(breadth, product);
  if (search->transitions % GO_ON_EVERY == 0 && breadth->setup->go_on != NULL) {
    search->states = breadth->visited.count;
    if (!breadth->setup->go_on(breadth->setup->user, search))
      search->end = E100_SEARCH_INTERRUPTED;
  }
  return search->end == E100_SEARCH_CLOSED;
}

static void expand(struct breadth *breadth, size_t index) {
  const void *from = breadth->before;
  breadth->from = breadth->now.numbers[index];
  keep_outlook(breadth, breadth->from, from);
  for (unsigned token = 0; token < breadth->searched->tokens && take(breadth, from, token); token++) {
  }
  size_t memory = memory_in_use(breadth);
  if (memory > breadth->search->memory)
    breadth->search->memory = memory;
  if (memory > breadth->memory_limit && breadth->search->end == E100_SEARCH_CLOSED)
    breadth->search->end = E100_SEARCH_OUT_OF_MEMORY;
}

static void next_level(struct breadth *breadth) {
  struct level old = breadth->now;
  breadth->now = breadth->next;
  breadth->next = old;
  breadth->next.count = breadth->next.used = 0;
}

static void begin(struct breadth *breadth) {
  const struct e100_search_setup *setup = breadth->setup;
  const size_t align = _Alignof(max_align_t);
  struct e100_visited_state first = {.parent = E100_NO_STATE};
  struct e100_state_hash view;
  breadth->before = calloc(1, breadth->searched->room + align);
  breadth->after = calloc(1, breadth->searched->room + align);
  E100_CHECK(breadth->before != NULL && breadth->after != NULL, "out of memory");
  breadth->searched->init(breadth->before, setup->design, setup->policy);
  breadth->extent = (breadth->searched->extent(breadth->before) + align - 1) / align * align;
  first.hash = e100_state_form_hash(&breadth->former, breadth->before, &view);
  add_to_next(breadth, breadth->before, e100_visited_add(&breadth->visited, &first));
}

static void free_all(struct breadth *breadth) {
  e100_visited_free(&breadth->visited);
  free(breadth->now.states);
  free(breadth->now.numbers);
  free(breadth->next.states);
  free(breadth->next.numbers);
  free(breadth->due);
  free(breadth->outlooks);
  free(breadth->before);
  free(breadth->after);
  e100_state_former_free(&breadth->former);
}

void e100_search_breadth_first(const struct e100_search_setup *setup, struct e100_search *search) {
  struct breadth breadth = {.setup = setup, .search = search, .searched = setup->searched};
  uint32_t limit = setup->depth == 0 || setup->depth > E100_TRACE_LIMIT ? E100_TRACE_LIMIT : setup->depth;
  memset(search, 0, sizeof *search);
  e100_state_former_init(&breadth.former, setup->searched, setup->form);
  breadth.memory_limit = setup->memory == 0 ? E100_SEARCH_MEMORY_LIMIT : setup->memory;
  breadth.watching = (struct e100_watching){.searched = setup->searched,
                                            .user = &breadth,
                                            .row = on_row,
                                            .situation = on_situation,
                                            .answers = setup->answers,
                                            .only = setup->only,
                                            .rules = &search->rules};
  begin(&breadth);
  next_level(&breadth);
  while (breadth.now.count > 0 && search->end == E100_SEARCH_CLOSED) {
    if (search->depth == limit) {
      search->end = E100_SEARCH_DEEP_ENOUGH;
      break;
    }
    size_t at = 0;
    for (size_t i = 0; i < breadth.now.count && search->end == E100_SEARCH_CLOSED; i++) {
      at += e100_unpack(breadth.now.states + at, breadth.before, breadth.extent);
      expand(&breadth, i);
    }
    next_level(&breadth);
    if (breadth.now.count > 0)
      search->depth++;
  }
  compare_due(&breadth);
  search->states = breadth.visited.count;
  free_all(&breadth);
}
