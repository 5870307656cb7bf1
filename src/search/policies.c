/* policies.c - sets of policies, and what a search of each adds up to. */
#include <string.h>

#include "search/search.h"

/* The policies that a machine follows; `prompt` is the application's, and decisions stand for it. */
static const char *const names[] = {"late-100", "discard", "refuse-unknown", "unasked-100", "limit-5"};
enum { NAMES = sizeof names / sizeof names[0], SETS = 1 << NAMES };

static unsigned size_of(unsigned set) {
  unsigned size = 0;
  for (; set != 0; set &= set - 1)
    size++;
  return size;
}

static uint32_t bits_of(unsigned set) {
  uint32_t policy = 0;
  for (unsigned i = 0; i < NAMES; i++)
    if ((set >> i & 1U) != 0)
      policy |= 1U << e100_policy_named(names[i]);
  return policy;
}

bool e100_search_policy_at(size_t index, uint32_t *policy) {
  size_t at = 0;
  for (unsigned size = 0; size <= NAMES; size++)
    for (unsigned set = 0; set < SETS; set++)
      if (size_of(set) == size && at++ == index) {
        *policy = bits_of(set);
        return true;
      }
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
    bool shorter = size_of(policy) == size_of(policies[i]) && b->rows[i].trace.length < row->trace.length;
    if (row->taken == 0 || size_of(policy) < size_of(policies[i]) || shorter) {
      row->trace = b->rows[i].trace;
      policies[i] = policy;
    }
    row->taken += b->rows[i].taken;
  }
}
