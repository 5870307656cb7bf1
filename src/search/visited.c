#include "search/visited.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/exchange.h"

enum { FIRST_ROOM = 1024 };

/* ---- the hash --------------------------------------------------------------------------------------- */

static uint64_t turned(uint64_t word, unsigned bits) {
  return word << bits | word >> (64 - bits);
}

/* Two lanes with different odd factors, which cross at the end. */
struct e100_state_hash e100_state_hash(const uint8_t *octets, size_t length) {
  const uint64_t first = 0x9fb21c651e98df25, second = 0xd6e8feb86659fd93;
  uint64_t a = length * first, b = ~(uint64_t)length * second;
  for (size_t at = 0; at < length; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    memcpy(&word, octets + at, length - at < sizeof word ? length - at : sizeof word);
    a = (turned(a, 29) ^ word) * first;
    b = (turned(b, 41) + word) * second;
    b ^= b >> 32;
  }
  for (unsigned round = 0; round < 3; round++) {
    a = (a ^ a >> 31 ^ b) * second;
    b = (b ^ b >> 29 ^ a) * first;
  }
  return (struct e100_state_hash){{a ^ a >> 32, b ^ b >> 32}};
}

static bool same(const struct e100_state_hash *a, const struct e100_state_hash *b) {
  return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

/* ---- the set ------------------------------------------------------------------------------------------ */

void e100_visited_free(struct e100_visited *visited) {
  free(visited->states);
  free(visited->slots);
  memset(visited, 0, sizeof *visited);
}

/* The slot of HASH, or the empty one where it belongs. */
static uint32_t slot_of(const struct e100_visited *visited, const struct e100_state_hash *hash) {
  uint32_t mask = visited->slot_count - 1;
  uint32_t slot = (uint32_t)hash->word[0] & mask;
  while (visited->slots[slot] != E100_NO_STATE && !same(&visited->states[visited->slots[slot]].hash, hash))
    slot = (slot + 1) & mask;
  return slot;
}

uint32_t e100_visited_find(const struct e100_visited *visited, const struct e100_state_hash *hash) {
  return visited->count == 0 ? E100_NO_STATE : visited->slots[slot_of(visited, hash)];
}

/* Room for twice as many states, and half of the slots empty. */
static void grow(struct e100_visited *visited) {
  uint32_t room = visited->room == 0 ? FIRST_ROOM : visited->room * 2;
  struct e100_visited_state *states = realloc(visited->states, room * sizeof *states);
  uint32_t *slots = malloc(room * 2 * sizeof *slots);
  E100_CHECK(states != NULL && slots != NULL, "out of memory");
  free(visited->slots);
  visited->states = states;
  visited->room = room;
  visited->slots = slots;
  visited->slot_count = room * 2;
  memset(slots, 0xff, visited->slot_count * sizeof *slots);
  for (uint32_t i = 0; i < visited->count; i++)
    slots[slot_of(visited, &states[i].hash)] = i;
}

uint32_t e100_visited_add(struct e100_visited *visited, const struct e100_visited_state *state) {
  if (visited->count == visited->room)
    grow(visited);
  visited->states[visited->count] = *state;
  visited->slots[slot_of(visited, &state->hash)] = visited->count;
  return visited->count++;
}

size_t e100_visited_memory(const struct e100_visited *visited) {
  return visited->room * sizeof *visited->states + visited->slot_count * sizeof *visited->slots;
}
