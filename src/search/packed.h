/*
 * packed.h - states without their zeros: a view has room for many requests, and a conversation has few.
 *
 * Words of 8 octets, 64 of them after a set of bits that says which of them are not 0.
 */
#ifndef E100_PACKED_H
#define E100_PACKED_H

#include <stddef.h>
#include <stdint.h>

/* The octets that LENGTH octets take at most; LENGTH is a multiple of 8. */
size_t e100_packed_room(size_t length);

/* Packs LENGTH octets into OUT; gives how many that are. */
size_t e100_pack(const void *state, size_t length, uint8_t *out);

/* Sets STATE, of LENGTH octets, to what PACKED holds; gives how many octets that were. */
size_t e100_unpack(const uint8_t *packed, void *state, size_t length);

#endif
