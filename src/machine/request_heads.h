/* request_heads.h - writes the head of a request (RFC 9112 3, 6.1, 6.2). */
#ifndef E100_REQUEST_HEADS_H
#define E100_REQUEST_HEADS_H

#include "machine/client.h"

/* Sends the head of REQUEST; ASKS: with Expect: 100-continue. */
void e100_send_request_head(const struct e100_client_calls *calls, void *user,
                            const struct e100_request *request, bool asks);
/* Sends LENGTH octets as one chunk (RFC 9112 7.1); LENGTH is not 0. */
void e100_send_chunk(const struct e100_client_calls *calls, void *user, const uint8_t *octets, size_t length);

#endif
