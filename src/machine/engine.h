/*
 * engine.h - tables of a state machine, and the one function that looks things up in them.
 *
 * A row is a sentence: in STATE, when EVENT, the machine does ACTION and then stands in NEXT, because
 * of RULE. Every pair of state and event has exactly one row; one that cannot happen says IMPOSSIBLE.
 */
#ifndef E100_ENGINE_H
#define E100_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

struct e100_row {
  uint8_t state;
  uint8_t event;
  uint8_t next;
  uint8_t action;
  uint16_t rule; /* enum e100_rule; E100_RULE_NONE where no rule speaks of it */
};

struct e100_table {
  const char *name;
  const struct e100_row *rows; /* STATES * EVENTS of them, sorted by state, then by event */
  uint8_t states;
  uint8_t events;
  const char *const *state_names;
  const char *const *event_names;
  const char *const *action_names;
};

/* Told of each row that a machine of TABLE takes, by those who look at rows. */
typedef void e100_row_watch(const struct e100_table *table, const struct e100_row *row);

/* The row for a pair. */
static inline const struct e100_row *e100_table_row(const struct e100_table *table, unsigned state,
                                                    unsigned event) {
  return &table->rows[state * table->events + event];
}

#endif
