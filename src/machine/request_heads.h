/* request_heads.h - writes the head of a request (RFC 9112 3, 6.1, 6.2). */
#ifndef E100_REQUEST_HEADS_H
#define E100_REQUEST_HEADS_H

#include "machine/client.h"

/* Sends the head of REQUEST, piece by piece; ASKS: with Expect: 100-continue. */
void e100_send_request_head(const struct e100_client_calls *calls, void *user,
                            const struct e100_request *request, bool asks);
/* Sends the line before a chunk of LENGTH octets, which is at least 1. */
void e100_send_chunk_line(const struct e100_client_calls *calls, void *user, size_t length);

#endif
