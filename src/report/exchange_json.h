/*
 * exchange_json.h - exchanges as JSON and JSON Lines, both ways. docs/exchange.schema.json has the form;
 * docs/case-format.md explains it.
 *
 * Octets are a string in which each code point, U+0000 to U+00FF, is one octet. What is printed is ASCII.
 */
#ifndef E100_EXCHANGE_JSON_H
#define E100_EXCHANGE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "exchange/exchange.h"

enum { E100_EXCHANGE_JSON_VERSION = 1 };

/* A normalized exchange as a JSON object, which the caller owns. */
json_t *e100_exchange_json(const struct e100_exchange *exchange);

/* Prints a normalized exchange as JSON on several lines, and on one; with the line end. */
void e100_exchange_print_json(const struct e100_exchange *exchange, struct e100_text *out);
void e100_exchange_print_json_line(const struct e100_exchange *exchange, struct e100_text *out);

/*
 * Reads what the functions above give, or what another program wrote in that form. True: EXCHANGE is read,
 * and normalized; what goes over a limit is left out, and `truncated` set. False: EXCHANGE is empty, and
 * REASON (REASON_ROOM octets with the NUL, at least 1) is a sentence in printable ASCII about what is wrong
 * and where.
 */
bool e100_exchange_read_json(struct e100_exchange *exchange, const json_t *document, char *reason,
                             size_t reason_room);

/* The same for a text: one JSON object and nothing else but white space. */
bool e100_exchange_from_json(struct e100_exchange *exchange, const char *text, size_t length, char *reason,
                             size_t reason_room);

#endif
