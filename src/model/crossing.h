/*
 * crossing.h - what a client sent before it had what came last, and what it sent after that for sure.
 *
 * Where the order of the steps is not the client's, octets cross: what it sends may have been on its way when
 * something came. But what its application has heard of a response the client had received before; so what
 * the application asks for afterwards is sent after that, and so is all that is sent once a silence has
 * passed, in which everything that was on its way has come.
 */
#ifndef E100_MODEL_CROSSING_H
#define E100_MODEL_CROSSING_H

#include "model/view.h"

/* Something comes on the link of ASKER: from here on it may cross what is sent. */
void something_comes(struct asker *asker);
/* The client's application is told, in STEP, of the response to the request NUMBER (or NO_REQUEST), before
 * that counts. */
void something_is_heard(struct asker *asker, uint32_t number, const struct e100_step *step);
/* It asks for something, which gets PLACE among what it asked for. */
void something_is_asked(struct view *v, uint32_t place);
/* A silence passes. */
void nothing_goes_on(struct asker *asker);

/* What the client of ASKER sends now may have been on its way when the last octets came. */
bool may_cross(const struct asker *asker);
/* ... but a request with HEAD was not: all of which it can be were asked for after that. */
bool is_sent_after_last(const struct view *v, const struct asker *asker, const struct head *head);

#endif
