/*
 * response_readings.h - the responses to one request as the reference client's reader sees them, for
 * comparison with the model: the reference has no exceptions.
 */
#ifndef E100_RESPONSE_READINGS_H
#define E100_RESPONSE_READINGS_H

#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

/* What the request was. */
enum e100_answered { E100_ANSWERED_GET, E100_ANSWERED_HEAD, E100_ANSWERED_CONNECT, E100_ANSWERED_COUNT };

/* As the reference client's reader sees OCTETS; `several` and `chunked` are never set. */
void e100_responses_by_machine(const uint8_t *octets, size_t length, enum e100_answered request,
                               struct e100_response_reading *out);

/* NULL where the reader and the model see the same responses; else a constant sentence. */
const char *e100_holds_responses(const uint8_t *octets, size_t length, enum e100_answered request);

#endif
