/*
 * errands.h - what is remembered of a request when its head is sent.
 */
#ifndef E100_MODEL_ERRANDS_H
#define E100_MODEL_ERRANDS_H

#include "model/view.h"

/* The head that READER has just read has Authorization or Proxy-Authorization. */
bool has_credentials(const struct reader *reader);

/* A and B ask the same of the same resource; the MARKED ones have the same mark, too, or both none. */
bool asks_the_same(const struct errand *a, const struct errand *b);
bool asks_the_same_marked(const struct errand *a, const struct errand *b);

/* A request with HEAD can be the one that was ASKED for. */
bool is_asked_for(const struct asked *asked, const struct head *head);

/* The same request, sent before by the client of C: the last one, or NULL. */
struct errand *find_before(struct view *v, const struct conversation *c, const struct head *head);

/* A request with HEAD is sent by the client of C, perhaps once more: those like it that were refused with 417
 * may be repeated by it, though its application asked for the same more than once. */
void repeat_unmet(struct view *v, const struct conversation *c, const struct head *head);

/* The errand that begins with HEAD, with what of it was asked for by an application. */
struct errand errand_of(struct view *v, const struct conversation *c, const struct head *head);

#endif
