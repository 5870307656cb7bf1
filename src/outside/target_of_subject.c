/* target_of_subject.c - compiled into a project of somebody else's: their subject as a fuzz target. */
#include <expect100/outside.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return e100_subject_fuzz(&e100_own_subject, data, size);
}
