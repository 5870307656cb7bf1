/* search_policies.c - sets of policies, and what a search of each adds up to. */
#include "search/search_policies.h"

#include <string.h>

#include "search/search.h"

unsigned e100_policies_size(uint32_t policy) {
  unsigned size = 0;
  for (; policy != 0; policy &= policy - 1)
    size++;
  return size;
}

static uint32_t bits_of(const struct e100_policies *policies, uint32_t set) {
  uint32_t policy = 0;
  for (unsigned i = 0; i < policies->count; i++)
    if ((set >> i & 1U) != 0)
      policy |= 1U << e100_policy_named(policies->names[i]);
  return policy;
}

bool e100_policies_at(const struct e100_policies *policies, size_t index, uint32_t *policy) {
  size_t at = 0;
  for (unsigned size = 0; size <= policies->count; size++) {
    if (size > policies->together && size < policies->count)
      continue;
    for (uint32_t set = 0; set < 1U << policies->count; set++)
      if (e100_policies_size(set) == size && at++ == index) {
        *policy = bits_of(policies, set);
        return true;
      }
  }
  return false;
}

size_t e100_policies_sets(const struct e100_policies *policies) {
  size_t count = 0;
  uint32_t policy = 0;
  while (e100_policies_at(policies, count, &policy))
    count++;
  return count;
}

bool e100_policies_have(const struct e100_policies *policies, const char *name) {
  for (unsigned i = 0; i < policies->count; i++)
    if (strcmp(policies->names[i], name) == 0)
      return true;
  return false;
}

void e100_search_policy_words(uint32_t policy, struct e100_text *out) {
  const char *before = "";
  if (policy == 0)
    e100_text_format(out, "none");
  for (unsigned bit = 0; bit < E100_BITS; bit++) {
    if ((policy >> bit & 1U) == 0 || e100_policy_name(bit) == NULL)
      continue;
    e100_text_format(out, "%s%s", before, e100_policy_name(bit));
    before = ",";
  }
}

void e100_search_add(struct e100_search *sum, uint32_t policies[E100_SEARCH_ROWS],
                     const struct e100_search *b, uint32_t policy) {
  sum->states += b->states;
  sum->transitions += b->transitions;
  sum->compared += b->compared;
  sum->depth = b->depth > sum->depth ? b->depth : sum->depth;
  sum->memory = b->memory > sum->memory ? b->memory : sum->memory;
  for (unsigned i = 0; i < E100_RULE_WORDS; i++)
    sum->rules.word[i] |= b->rules.word[i];
  for (unsigned i = 0; i < E100_SEARCH_ROWS; i++) {
    struct e100_search_row *row = &sum->rows[i];
    if (b->rows[i].taken == 0)
      continue;
    bool shorter = e100_policies_size(policy) == e100_policies_size(policies[i]) &&
                   b->rows[i].trace.length < row->trace.length;
    if (row->taken == 0 || e100_policies_size(policy) < e100_policies_size(policies[i]) || shorter) {
      row->trace = b->rows[i].trace;
      policies[i] = policy;
    }
    row->taken += b->rows[i].taken;
  }
}
