/* Judging any transcript ends, is deterministic, and keeps the findings of each prefix. */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("judge"), data, size);
}
