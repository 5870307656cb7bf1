/* sha1.c - SHA-1 (FIPS 180-4), because libFuzzer names its inputs by it: equal inputs get equal names. */
#include <string.h>

#include "cli/fuzz.h"

static uint32_t rotate(uint32_t word, unsigned bits) {
  return word << bits | word >> (32 - bits);
}

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d) {
  if (round < 20)
    return (b & c) | (~b & d);
  if (round >= 40 && round < 60)
    return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}

static void fold_block(uint32_t state[5], const uint8_t block[64]) {
  static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
  uint32_t words[80];
  for (unsigned i = 0; i < 16; i++)
    words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (unsigned i = 16; i < 80; i++)
    words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  uint32_t v[5];
  memcpy(v, state, sizeof v);
  for (unsigned i = 0; i < 80; i++) {
    uint32_t next = rotate(v[0], 5) + mix(i, v[1], v[2], v[3]) + v[4] + constants[i / 20] + words[i];
    v[4] = v[3];
    v[3] = v[2];
    v[2] = rotate(v[1], 30);
    v[1] = v[0];
    v[0] = next;
  }
  for (unsigned i = 0; i < 5; i++)
    state[i] += v[i];
}

void e100_sha1_name(const uint8_t *octets, size_t length, char name[41]) {
  uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  size_t whole = length / 64 * 64;
  for (size_t at = 0; at < whole; at += 64)
    fold_block(state, octets + at);

  uint8_t last[128] = {0};
  size_t rest = length - whole;
  if (rest > 0)
    memcpy(last, octets + whole, rest);
  last[rest] = 0x80;
  size_t padded = rest < 56 ? 64 : 128;
  uint64_t bits = (uint64_t)length * 8;
  for (unsigned i = 0; i < 8; i++)
    last[padded - 1 - i] = (uint8_t)(bits >> (8 * i));
  for (size_t at = 0; at < padded; at += 64)
    fold_block(state, last + at);
  for (unsigned i = 0; i < 5; i++)
    snprintf(name + 8 * i, 9, "%08x", state[i]);
}
