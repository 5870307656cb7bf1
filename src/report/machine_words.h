/* machine_words.h - the tables of the reference machines in words, as documents say them. */
#ifndef E100_MACHINE_WORDS_H
#define E100_MACHINE_WORDS_H

#include <stdbool.h>

#include "machine/engine.h"

/* One machine. The lists have an entry for each name of the table. */
struct e100_machine_words {
  const struct e100_table *table;
  const char *name;     /* "the reference client" */
  const char *document; /* "client-table.md" */
  const char *diagram;  /* "client-states.svg" */
  const char *source;   /* "src/machine/client_table.c" */
  const char *const *states;
  const char *const *events;
  const char *const *actions;
  const bool *sends; /* by action: octets go to the other end, of a proxy to its client */
  unsigned action_count;
  unsigned nothing, impossible; /* actions */
  unsigned reject;              /* a call is out of place; ACTION_COUNT: there is no such action */
};

extern const struct e100_machine_words e100_origin_words, e100_client_words, e100_proxy_words;

/* All of them. NULL past the last. */
const struct e100_machine_words *e100_machine_words_at(unsigned index);

/* False: the row cannot be taken, or a call is out of place there. */
bool e100_row_is_move(const struct e100_machine_words *words, const struct e100_row *row);

#endif
