/*
 * predicates_passing_on.h - what predicates about who passes requests on ask.
 */
#ifndef E100_MODEL_PREDICATES_PASSING_ON_H
#define E100_MODEL_PREDICATES_PASSING_ON_H

#include "model/passing_on.h"
#include "model/predicates.h"

/* The other side is known. */
bool is_paired(const struct judged *j);
/* It is certain which request was passed on as which. */
bool is_sure(const struct judged *j);
/* RULING, where that is certain. */
enum ruling if_sure(const struct judged *j, enum ruling ruling);
bool is_final(const struct head *response);
/* The response was passed on, and is not the intermediary's own. */
bool is_passed_on(const struct judged *j);
/* ON_STALL: BROKEN where the final response is missing that came; APART where its framing is wrong, which is
 * of other rules, or nothing can be sent. */
enum ruling missing_final(const struct judged *j);

#endif
