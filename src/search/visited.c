#include "search/visited.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/exchange.h"

enum { FIRST_ROOM = 1024 };

/* ---- the hash --------------------------------------------------------------------------------------- */

static uint64_t turned(uint64_t word, unsigned bits) {
  return word << bits | word >> (64 - bits);
}

struct lanes {
  uint64_t a, b;
};

static const uint64_t first = 0x9fb21c651e98df25, second = 0xd6e8feb86659fd93;

/* Two lanes with different odd factors; each sees both words of a pair, differently mixed. */
static struct lanes take_pair(struct lanes lanes, const uint8_t *octets) {
  const uint64_t third = 0xa0761d6478bd642f, fourth = 0xe7037ed1a0b428db;
  uint64_t pair[2];
  memcpy(pair, octets, sizeof pair);
  lanes.a = (turned(lanes.a, 29) ^ (pair[0] + pair[1] * third)) * first;
  lanes.b = (turned(lanes.b, 41) + (pair[1] ^ pair[0] * fourth)) * second;
  return lanes;
}

struct e100_state_hash e100_state_hash(const uint8_t *octets, size_t length) {
  struct lanes lanes = {.a = length * first, .b = ~(uint64_t)length * second};
  uint8_t last[16] = {0};
  size_t at = 0;
  for (; at + sizeof last <= length; at += sizeof last)
    lanes = take_pair(lanes, octets + at);
  if (at < length)
    memcpy(last, octets + at, length - at);
  lanes = take_pair(lanes, last);
  for (unsigned round = 0; round < 3; round++) { /* the lanes cross */
    lanes.a = (lanes.a ^ lanes.a >> 31 ^ lanes.b) * second;
    lanes.b = (lanes.b ^ lanes.b >> 29 ^ lanes.a) * first;
  }
  return (struct e100_state_hash){{lanes.a ^ lanes.a >> 32, lanes.b ^ lanes.b >> 32}};
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
