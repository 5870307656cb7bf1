/* luck.h - the numbers that a change of an input is drawn from: the same seed gives the same change. */
#ifndef E100_LUCK_H
#define E100_LUCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct e100_luck {
  uint64_t state; /* any number to start from */
  bool plain;     /* nothing that is rare happens for now */
};

/* A number below LIMIT, which is not 0. */
static inline uint32_t e100_luck_below(struct e100_luck *luck, size_t limit) {
  luck->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
  uint64_t mixed = luck->state;
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
  return (uint32_t)((mixed ^ mixed >> 31) % limit);
}

/* True once in MANY times. */
static inline bool e100_luck_once_in(struct e100_luck *luck, uint32_t many) {
  return e100_luck_below(luck, many) == 0;
}

/* As once in MANY, for what is rare: never where all is to be plain. */
static inline bool e100_luck_rarely(struct e100_luck *luck, uint32_t many) {
  return !luck->plain && e100_luck_once_in(luck, many);
}

#endif
