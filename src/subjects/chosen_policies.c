#include "subjects/chosen_policies.h"

#include "exchange/impossible.h"

/* The first mask is written last: where it is not zero, all are there. */
const uint32_t *e100_policy_masks(const char *const names[], uint32_t masks[], unsigned count) {
  if (masks[0] != 0)
    return masks;
  for (unsigned i = count; i-- > 0;) {
    int bit = e100_policy_named(names[i]);
    E100_CHECK(bit >= 0, "a policy that a machine follows is in policies.def");
    masks[i] = 1U << bit;
  }
  return masks;
}
