/*
 * framing.h - what a head means: for its content, and for the connection once the response is complete.
 */
#ifndef E100_MODEL_FRAMING_H
#define E100_MODEL_FRAMING_H

#include "model/view.h"

/* The content that REQUEST declares (RFC 9112 6.3 items 3 to 7), where its framing is not bad. */
enum content_state request_content(const struct head *request);
/* The content of RESPONSE to a request with FACTS (RFC 9112 6.3 items 1 to 8). */
enum content_state response_content(const struct head *response, uint32_t facts);

/* FACTS of a request: no length can be known from its framing (RFC 9112 6.3 items 4 and 5). */
bool framing_is_bad(uint32_t facts);
/* FACTS of a request: it has to be rejected, or should be. */
bool head_is_malformed(uint32_t facts);

/* The content that follows REQUEST, whatever it declares; CONTENT_BROKEN where nobody can say where it ends.
 */
enum content_state content_to_come(const struct head *request);

/* RESPONSE says by its version that the connection ends with it (RFC 9112 9.3). */
bool implies_close(const struct head *response);

/* Set of enum close_cause: why SERVER has to close once it has sent RESPONSE to the request R. Either may be
 * NULL. */
uint8_t causes_to_close(enum e100_party server, const struct request *r, const struct head *response);

#endif
