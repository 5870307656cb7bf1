/*
 * visited.h - the states that a search has seen: a set of hashes with 128 bits, and the way to each.
 *
 * Two different states with one hash would be taken for one. With a million states the chance of any such
 * pair is about 1 in 10 to the power 27.
 */
#ifndef E100_VISITED_H
#define E100_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct e100_state_hash {
  uint64_t word[2];
};

/* The hash of LENGTH octets; the same on every machine of one byte order. */
struct e100_state_hash e100_state_hash(const uint8_t *octets, size_t length);

#define E100_NO_STATE UINT32_MAX /* in place of a state's number */

struct e100_visited_state {
  struct e100_state_hash hash;
  uint32_t parent; /* E100_NO_STATE: the start */
  uint32_t token;  /* that led here from the parent */
};

/* Starts as {0}; states are numbered in the order in which they are added. */
struct e100_visited {
  struct e100_visited_state *states; /* owned */
  uint32_t count;
  uint32_t room;
  uint32_t *slots; /* owned: numbers of states, by hash */
  uint32_t slot_count;
};
void e100_visited_free(struct e100_visited *visited);

/* The state of that hash, or E100_NO_STATE. */
uint32_t e100_visited_find(const struct e100_visited *visited, const struct e100_state_hash *hash);

/* Adds a state that is not there yet; gives its number. */
uint32_t e100_visited_add(struct e100_visited *visited, const struct e100_visited_state *state);

/* Octets of memory in use. */
size_t e100_visited_memory(const struct e100_visited *visited);

#endif
