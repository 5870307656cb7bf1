/*
 * protocol.h - which protocol a connection speaks, by its first octets: HTTP/1 is judged, the others are
 * passed over.
 */
#ifndef E100_PROTOCOL_H
#define E100_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum e100_protocol {
  E100_PROTOCOL_UNDECIDED,
  E100_PROTOCOL_HTTP,
  E100_PROTOCOL_TLS,
  E100_PROTOCOL_HTTP2,
  E100_PROTOCOL_OTHER,
  E100_PROTOCOL_COUNT
};

/* By the first OCTETS on a connection, LENGTH of them and at least one, which the client sent or the server.
 */
enum e100_protocol e100_protocol_of(bool by_client, const uint8_t *octets, size_t length);

/* The server's first octets, after the client's in EXCHANGE, show that it is no HTTP after all: what answers
 * text with what is no response, where the text does not name HTTP, speaks something else. */
bool e100_protocol_turns_out_otherwise(const struct e100_exchange *exchange, const uint8_t *octets,
                                       size_t length);

/* How many octets at the start of what a client sends are a whole preface of the PROXY protocol, version 1 or
 * 2, which tells a server who its client is, and is no part of HTTP; 0: none. */
size_t e100_proxy_preface(const uint8_t *octets, size_t length);

#endif
