/*
 * chunk_extension.h - whether what stands behind the size of a chunk follows the grammar (RFC 9112 7.1.1).
 *
 * Everybody ignores extensions that he does not know; what is none may be ignored, or be an error.
 */
#ifndef E100_MODEL_CHUNK_EXTENSION_H
#define E100_MODEL_CHUNK_EXTENSION_H

#include <stdbool.h>
#include <stdint.h>

/* The place after one more octet of the line behind the digits, without its line end. Begins as 0. */
uint8_t extension_octet(uint8_t place, uint8_t octet);
/* PLACE is in a quoted string, where whitespace is text. */
bool extension_is_quoted(uint8_t place);
/* The line may end at PLACE. */
bool extension_may_end(uint8_t place);

#endif
