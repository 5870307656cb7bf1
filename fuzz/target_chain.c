/* A client, a proxy or gateway and an origin server together break no rule of the model, and where one of
 * them has a fault nobody else is to blame. */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("chain"), data, size);
}
