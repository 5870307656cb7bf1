/*
 * predicates_asking.h - what predicates about clients ask, of RFC 9110 and of RFC 9112.
 */
#ifndef E100_MODEL_PREDICATES_ASKING_H
#define E100_MODEL_PREDICATES_ASKING_H

#include "model/asking.h"
#include "model/predicates.h"

/* A client at the end of the chain: what it sends is its own. */
bool is_user_agent(const struct judged *j);
/* The client may still act on this connection, as far as HTTP goes. */
bool can_act(const struct conversation *c);
/* The newest request, where some of its content is still to be sent; or NULL. */
const struct request *owing(const struct judged *j);
/* The client's application has put marks into content, or may have: they are the client's to send as they
 * are. */
bool may_have_given_marks(const struct judged *j);
/* The client has not yet been found to stall at this place. */
bool is_new_stall(const struct judged *j);

/* The same request as EVENT's was sent before, and not merely one like it. */
bool is_surely_repeat(const struct judged *j);
/* Whose fault is it that the head of EVENT's request has one of these FACTS or NOTES, or what the notes of an
 * application's request stand for? BROKEN_BY_APPLICATION: the application's, which gave it so; OPEN: perhaps.
 */
enum ruling fault_of(const struct judged *j, uint32_t facts, uint32_t notes);
/* The same of a head that is read to its end, but not for sure, so that nothing is known of its request. */
enum ruling fault_of_unread(const struct judged *j, uint32_t facts, uint32_t notes);

/* ---- what the application is told of ------------------------------------------------------------------ */

/* The application knows of the final response, if not that it is over. */
bool knows_of_response(const struct errand *e);
/* No response to it comes any more, or not the rest of it. */
bool is_lost(const struct errand *e);
/* It has failed: no final response to it comes any more, or not the rest of a success. A success asks for no
 * other attempt, and half of one tells that the request was applied. */
bool has_failed(const struct errand *e);
/* What came allows the client to give up: a head that is longer than everybody takes, or one that may be
 * refused, of this response or of one before it. Who refuses a response can read nothing behind it. */
bool may_give_up(const struct judged *j);
/* The client has given up a request although its final response came in full. */
bool gives_up_in_vain(const struct judged *j);
/* ... and an interim response would explain it: not where the application knows of the final one, whose
 * spelling may be why, nor where the connection ended before all of the request was sent. */
bool gives_up_for_interim(const struct judged *j);
/* What the client takes for a whole response is not what came, but as long as a 103 said: else nothing shows
 * that its fields were believed. */
bool is_misled_by_hints(const struct judged *j);
/* An interim response with a length or a coding came to it, which it may not have: nobody has to recover from
 * that (RFC 9110 2.4, 8.6; RFC 9112 6.1). Who surely reads on, or has handed TAKEN interim responses on, has
 * taken what follows for its content; what came in one piece with it, or on its way while the client gave up,
 * shows nothing. */
bool may_refuse_interim(const struct errand *e, unsigned taken);
/* The application is told that a response is over of whose head it knows nothing: an interim one was taken
 * for it. */
bool ends_at_interim(const struct judged *j);

#endif
