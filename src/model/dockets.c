#include "model/dockets.h"

static struct docket dockets[KINDS_OF_EVENT];

_Static_assert(ON_STRAY == 1 << (KINDS_OF_EVENT - 1), "every kind of event has a docket");

static void enter(const struct predicate *predicate, struct docket *docket) {
  E100_CHECK(docket->count < DOCKET_LIMIT, "a docket has room for every predicate about its kind of event");
  docket->entries[docket->count].predicate = predicate;
  docket->entries[docket->count++].bound = e100_rule(predicate->rule)->bound;
}

static void enter_part(const struct predicate_part *part, unsigned kind) {
  for (size_t i = 0; i < *part->count; i++)
    if ((part->predicates[i].events >> kind & 1u) != 0)
      enter(&part->predicates[i], &dockets[kind]);
}

/* The docket of silences is the last to be written. */
void write_dockets(void) {
  if (dockets[0].count > 0)
    return;
  for (unsigned kind = KINDS_OF_EVENT; kind-- > 0;)
    for (size_t part = 0; part < PREDICATE_PARTS; part++)
      enter_part(&predicate_parts[part], kind);
}

const struct docket *docket_of(enum event event) {
  return &dockets[__builtin_ctz((unsigned)event)];
}
