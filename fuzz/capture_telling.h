/*
 * capture_telling.h - what must be so whatever packets a capture holds (src/capture).
 */
#ifndef E100_CAPTURE_TELLING_H
#define E100_CAPTURE_TELLING_H

#include "exchange/exchange.h"

/*
 * NULL where all of this holds of the packets of EXCHANGE (capture_inputs.h); else a constant sentence.
 *
 *  - The streams keep what streams.h promises: each connection is opened and is over once; nothing is told of
 *    it after it was cut; nothing is sent by an end that has ended; no silence follows a silence.
 *  - A packet that comes twice in a row, which CHOICE picks, changes no octet that is told.
 *  - The verdicts stay within the limits of witness.h, and are the same when the capture is judged again.
 */
const char *e100_holds_capture(const struct e100_exchange *exchange, uint64_t choice);

#endif
