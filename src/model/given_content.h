/*
 * given_content.h - what an application gives as the content of its final response, and what is sent as it.
 *
 * It is compared where the application's decision is in the exchange, has content, and its status is the one
 * that was sent: a server may answer something of its own instead.
 */
#ifndef E100_MODEL_GIVEN_CONTENT_H
#define E100_MODEL_GIVEN_CONTENT_H

#include "model/view.h"

/* The application decides on a response to R, whose mark is OWN (or 0), with this content. */
void content_is_given(struct request *r, uint64_t own, const uint8_t *octets, size_t length);
/* The final response to R is begun; its status is the one that the application decided on, or not. */
void given_is_begun(struct conversation *c, const struct request *r, bool as_decided);
/* Octets of the content of a response are sent. */
void given_is_sent(struct conversation *c, const uint8_t *octets, uint64_t length);
/* The response is over. */
void given_is_over(struct conversation *c);

#endif
