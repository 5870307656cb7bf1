#include "search/packed.h"

#include <string.h>

enum { WORD = sizeof(uint64_t), GROUP = 64 /* words */ };

size_t e100_packed_room(size_t length) {
  size_t words = length / WORD;
  return length + (words + GROUP - 1) / GROUP * WORD;
}

size_t e100_pack(const void *state, size_t length, uint8_t *out) {
  const uint8_t *from = state;
  const uint8_t *end = from + length / WORD * WORD;
  uint8_t *at = out;
  while (from < end) {
    uint8_t *set_at = at;
    uint64_t set = 0;
    at += WORD;
    for (unsigned i = 0; i < GROUP && from < end; i++, from += WORD) {
      uint64_t word = 0;
      memcpy(&word, from, WORD);
      memcpy(at, &word, WORD);
      set |= (uint64_t)(word != 0) << i;
      at += word != 0 ? WORD : 0;
    }
    memcpy(set_at, &set, WORD);
  }
  return (size_t)(at - out);
}

size_t e100_unpack(const uint8_t *packed, void *state, size_t length) {
  const uint8_t *at = packed;
  uint8_t *to = state;
  const size_t words = length / WORD;
  memset(state, 0, length);
  for (size_t first = 0; first < words; first += GROUP) {
    uint64_t set = 0;
    memcpy(&set, at, WORD);
    at += WORD;
    for (uint8_t *word = to + first * WORD; set != 0; set >>= 1, word += WORD) {
      if ((set & 1U) == 0)
        continue;
      memcpy(word, at, WORD);
      at += WORD;
    }
  }
  return (size_t)(at - packed);
}
