/*
 * capture_inputs.h - what the target capture reads: the packets of a capture, as an exchange.
 *
 * The first octet chooses the type of the link. Then each packet is two octets and itself: the highest bit is
 * a silence before it, the others are its length (docs/case-format.md). In the exchange the first delivery
 * is the octet of the link, each other one is a packet, and a `quiet` is a silence: so minimising takes
 * packets away, and then octets of them.
 */
#ifndef E100_CAPTURE_INPUTS_H
#define E100_CAPTURE_INPUTS_H

#include "exchange/exchange.h"

enum { E100_INPUT_PACKETS_LIMIT = 256 /* packets of an input; the rest is ignored */ };

void e100_capture_input_decode(struct e100_exchange *exchange, const uint8_t *input, size_t length);

/* The packets in which EXCHANGE would be seen on a wire; false where nothing of it would. */
bool e100_capture_input_encode(const struct e100_exchange *exchange, struct e100_text *out);

/* The type of the link, as libpcap numbers it, that the first delivery of EXCHANGE chooses. */
int e100_capture_input_link(const struct e100_exchange *exchange);

#endif
