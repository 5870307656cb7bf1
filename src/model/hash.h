/* hash.h - a hash of octets, one after the other (FNV-1a, 32 bits): equal octets have equal hashes. */
#ifndef E100_MODEL_HASH_H
#define E100_MODEL_HASH_H

#include <stdint.h>

static inline uint32_t hash_octet(uint32_t hash, uint8_t octet) {
  return (hash ^ octet) * 16777619u;
}

#endif
