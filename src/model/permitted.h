/*
 * permitted.h - where a conversation stands, and what would be permitted there.
 */
#ifndef E100_MODEL_PERMITTED_H
#define E100_MODEL_PERMITTED_H

#include "model/predicates.h"
#include "model/view.h"

const struct view *view_inside(const struct e100_view *view);

/* The number that e100_view_state gives. */
uint32_t situation_of(const struct conversation *c);

/* Sets of 1 << enum e100_alternative: what the server may do next, of what was tried. */
void find_permitted(const struct conversation *c, uint16_t *permitted, uint16_t *considered);

/* The same, in place of EVENT; who passes requests on may pass this one on, too. */
void find_permitted_to_server(const struct judged *event, uint16_t *permitted, uint16_t *considered);
/* What the client may do in place of EVENT. */
void find_permitted_to_client(const struct judged *event, uint16_t *permitted, uint16_t *considered);

#endif
