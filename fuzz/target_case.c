/* Printing and decoding an exchange is a fixed point, as .case text and as choices. */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("case"), data, size);
}
