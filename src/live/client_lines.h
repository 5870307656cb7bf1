/* client_lines.h - which connection a line is about that a client program says: it names none. */
#ifndef E100_CLIENT_LINES_H
#define E100_CLIENT_LINES_H

#include "exchange/exchange.h"

/* A driver says STEP (what its application is told, or that it drops the connection) behind the steps of
 * TRANSCRIPT: the link of the connection that this is about. Of a head it is the one on which such a response
 * came that was not told yet; of the rest of a response the one whose head was told; else one on which a
 * request is under way. OTHERWISE: where nothing was sent or came on any. */
uint32_t e100_client_line_link(const struct e100_exchange *transcript, const struct e100_step *step,
                               uint32_t otherwise);

#endif
