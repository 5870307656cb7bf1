/* Raw octets of responses, cut anywhere, are read and acted on as the model permits. */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("response"), data, size);
}
