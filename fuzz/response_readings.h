/*
 * response_readings.h - the responses to one request as the reference client's reader sees them, for
 * comparison with the model: the reference has no exceptions.
 */
#ifndef E100_RESPONSE_READINGS_H
#define E100_RESPONSE_READINGS_H

#include <stddef.h>
#include <stdint.h>

#include "fuzz/known_differences.h"
#include "model/model.h"

/* As the reference client's reader sees OCTETS; `several` and `chunked` are never set. */
void e100_responses_by_machine(const uint8_t *octets, size_t length, enum e100_answered request,
                               struct e100_response_reading *out);

/* How ONE reader differs from the model, which alone knows what has several readings. */
enum e100_difference_kind e100_compare_responses(const struct e100_response_reading *one,
                                                 const struct e100_response_reading *model);

/* NULL where the reader and the model see the same responses; else a constant sentence. */
const char *e100_holds_responses(const uint8_t *octets, size_t length, enum e100_answered request);

#endif
