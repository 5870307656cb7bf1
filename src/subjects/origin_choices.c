#include "subjects/origin_choices.h"

enum { LIMIT_OF_THE_POLICY = 5 /* octets, for the policy limit-5 */ };

bool e100_policy_is_chosen(uint32_t policy, const char *name) {
  int bit = e100_policy_named(name);
  E100_CHECK(bit >= 0, "a policy that the machine follows is in policies.def");
  return (policy >> bit & 1U) != 0;
}

struct e100_origin_policy e100_origin_policy_of(uint32_t policy) {
  return (struct e100_origin_policy){
      .late_100 = e100_policy_is_chosen(policy, "late-100"),
      .discard = e100_policy_is_chosen(policy, "discard"),
      .refuse_unknown = e100_policy_is_chosen(policy, "refuse-unknown"),
      .unasked_100 = e100_policy_is_chosen(policy, "unasked-100"),
      .content_limit = e100_policy_is_chosen(policy, "limit-5") ? LIMIT_OF_THE_POLICY : 0,
  };
}

struct e100_origin_design e100_origin_design_of(const struct e100_variation *variation) {
  struct e100_origin_design design = e100_origin_reference;
  const struct e100_origin_design *own = &variation->events;
  if (own->table != NULL)
    design.table = own->table;
  if (own->head_event != NULL)
    design.head_event = own->head_event;
  if (own->accept_is_aloud != NULL)
    design.accept_is_aloud = own->accept_is_aloud;
  if (own->response_is_last != NULL)
    design.response_is_last = own->response_is_last;
  if (own->upgrade_is_asked != NULL)
    design.upgrade_is_asked = own->upgrade_is_asked;
  return design;
}
