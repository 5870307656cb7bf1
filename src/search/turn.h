/*
 * turn.h - what a product's machines do because of one token, in its order: steps and their octets.
 *
 * The step of the token itself comes before or after them, as the product says.
 */
#ifndef E100_TURN_H
#define E100_TURN_H

#include "search/searched.h"

enum {
  E100_TURN_STEPS = 64,   /* steps that may follow from one token */
  E100_TURN_OCTETS = 8192 /* octets that the machines may send for it */
};

struct e100_search_turn {
  const struct e100_search_watch *watch;
  struct e100_view *view; /* of the product */
  size_t count;
  size_t used; /* of `octets` */
  struct e100_step steps[E100_TURN_STEPS];
  uint8_t octets[E100_TURN_OCTETS];
};

/* A token happens to the product that has VIEW. */
void e100_turn_begin(struct e100_search_turn *turn, struct e100_view *view,
                     const struct e100_search_watch *watch);

/* Adds a step, which is nothing more than that. */
struct e100_step *e100_turn_add(struct e100_search_turn *turn, enum e100_step_kind kind, enum e100_party from,
                                unsigned link);

/* FROM sends octets to TO. Where they go on with the last step they are part of it, unless they BEGIN one. */
void e100_turn_send(struct e100_search_turn *turn, enum e100_party from, enum e100_party to, unsigned link,
                    const uint8_t *octets, size_t length, bool begins);

/* An application is told WHAT, with the NUMBER of octets or the status. */
void e100_turn_tell(struct e100_search_turn *turn, enum e100_told what, unsigned link, size_t number);

/* The machine takes ROW. */
void e100_turn_row(const struct e100_search_turn *turn, const struct e100_row *row);

/* Whoever looks on, and then the view, sees one step; all that were added. */
void e100_turn_see(const struct e100_search_turn *turn, const struct e100_step *step, const uint8_t *octets);
void e100_turn_see_all(const struct e100_search_turn *turn);

#endif
