/*
 * custom_mutator.c - libFuzzer's interface to the changes of input_changes.h; one object for each target,
 * whose name is E100_MUTATED_TARGET.
 */
#include "fuzz/input_changes.h"

enum { OCTETS_SHARE = 4 /* one input of so many is changed by the engine, which knows of no meaning */ };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t limit) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t limit, unsigned seed);

static size_t by_engine(uint8_t *data, size_t size, size_t limit) {
  return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, limit) : size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed) {
  struct e100_luck luck = {.state = seed};
  if (e100_luck_once_in(&luck, OCTETS_SHARE))
    return by_engine(data, size, limit);
  size_t changed = e100_change_input(e100_target_named(E100_MUTATED_TARGET), &luck, data, size, data, limit);
  return changed > 0 ? changed : by_engine(data, size, limit);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t limit, unsigned seed) {
  struct e100_luck luck = {.state = seed};
  return e100_cross_inputs(e100_target_named(E100_MUTATED_TARGET), &luck, data, size, other, other_size, out,
                           limit);
}
