/* The value of Expect is read as its grammar says, however it is cut, spelled and split into field lines. */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("expect"), data, size);
}
