/* dockets.h - for each kind of event the predicates that are about it: most events are about few rules. */
#ifndef E100_MODEL_DOCKETS_H
#define E100_MODEL_DOCKETS_H

#include "model/predicates.h"
#include "rules/rules.h"

enum {
  KINDS_OF_EVENT = 26, /* bits of enum event */
  DOCKET_LIMIT = 48    /* predicates about one kind */
};

struct docket {
  uint32_t count;
  struct {
    const struct predicate *predicate;
    enum e100_bound bound; /* by its rule */
  } entries[DOCKET_LIMIT]; /* in the order of the rules */
};

/* Writes all dockets, if nobody has: to be called before the first event. They are the same for every view.
 */
void write_dockets(void);

/* The docket of EVENT, a single kind. */
const struct docket *docket_of(enum event event);

#endif
