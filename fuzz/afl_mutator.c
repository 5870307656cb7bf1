/*
 * afl_mutator.c - AFL++'s interface to the changes of input_changes.h: a shared object that afl-fuzz loads
 * (AFL_CUSTOM_MUTATOR_LIBRARY). E100_MUTATED_TARGET in the environment names the target.
 *
 * afl-fuzz runs this code itself, so it is built without anybody's instrumentation.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/input_changes.h"

enum { OUT_ROOM = 4096 /* octets of an input: as long as the campaigns' limit */ };

struct mutator {
  const struct e100_target *target;
  struct e100_luck luck;
  uint8_t out[OUT_ROOM];
};

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t length, uint8_t **out, uint8_t *other,
                       size_t other_length, size_t limit);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed) {
  (void)afl;
  const char *name = getenv("E100_MUTATED_TARGET");
  const struct e100_target *target = name != NULL ? e100_target_named(name) : NULL;
  struct mutator *mutator = calloc(1, sizeof *mutator);
  E100_CHECK(mutator != NULL, "out of memory");
  if (target == NULL) {
    fprintf(stderr,
            "expect100: E100_MUTATED_TARGET has to name the fuzz target; see `expect100 list targets`\n");
    exit(2);
  }
  mutator->target = target;
  mutator->luck.state = seed;
  return mutator;
}

/* Now and then a mixture with another input of the queue. 0 octets: AFL++ passes over it. */
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t length, uint8_t **out, uint8_t *other,
                       size_t other_length, size_t limit) {
  enum { MIXED_IN = 6 };
  struct mutator *mutator = data;
  size_t room = limit < OUT_ROOM ? limit : OUT_ROOM;
  *out = mutator->out;
  if (other != NULL && other_length > 0 && e100_luck_once_in(&mutator->luck, MIXED_IN))
    return e100_cross_inputs(mutator->target, &mutator->luck, input, length, other, other_length,
                             mutator->out, room);
  return e100_change_input(mutator->target, &mutator->luck, input, length, mutator->out, room);
}

void afl_custom_deinit(void *data) {
  free(data);
}
