/* Any packets are read as connections and judged within the limits, and one that comes twice changes nothing.
 */
#include "fuzz/run_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_run_target(e100_target_named("capture"), data, size);
}
