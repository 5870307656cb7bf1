/*
 * response_inputs.h - inputs of the target `response`: the first octet says what is asked for (modulo 8, from
 * a table), the rest are raw octets of the server, with cuts (docs/case-format.md).
 */
#ifndef E100_RESPONSE_INPUTS_H
#define E100_RESPONSE_INPUTS_H

#include "exchange/exchange.h"
#include "fuzz/response_readings.h"

void e100_response_input_decode(struct e100_exchange *exchange, const uint8_t *input, size_t length);
/* False: this is no play with a client. What it asks for first counts, and the octets of the server. */
bool e100_response_input_encode(const struct e100_exchange *exchange, struct e100_text *out);

/* What the first request of EXCHANGE is. */
enum e100_answered e100_response_input_answers(const struct e100_exchange *exchange);

#endif
