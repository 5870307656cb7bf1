/* search_policies.h - the sets of policies that a role's machine is searched under. */
#ifndef E100_SEARCH_POLICIES_H
#define E100_SEARCH_POLICIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct e100_policies {
  const char *const *names; /* of policies.def */
  unsigned count;
  unsigned together; /* no more than so many of them at once, or all */
};

/* Set number INDEX, from 0 on, the small ones first; false past the last. */
bool e100_policies_at(const struct e100_policies *policies, size_t index, uint32_t *policy);

/* How many sets there are. */
size_t e100_policies_sets(const struct e100_policies *policies);

/* Whether there is a policy NAME among them. */
bool e100_policies_have(const struct e100_policies *policies, const char *name);

/* How many bits POLICY has. */
unsigned e100_policies_size(uint32_t policy);

#endif
