#include "subjects/proxy_choices.h"

#include "subjects/chosen_policies.h"

enum { LIMIT_OF_THE_POLICY = 5 /* octets, for the policy limit-5 */ };

/* What can be chosen, by the names of policies.def. */
enum choice {
  DISCARD,
  REFUSE_UNKNOWN,
  LIMIT,
  OWN_100,
  COLLECT,
  NEXT_HOP_10,
  OWN_EXPECTATION,
  TUNNEL,
  CHOICES
};
static const char *const names[CHOICES] = {"discard", "refuse-unknown", "limit-5",         "own-100",
                                           "collect", "next-hop-10",    "own-expectation", "tunnel"};

static const uint32_t *choice_masks(void) {
  static uint32_t masks[CHOICES];
  return e100_policy_masks(names, masks, CHOICES);
}

struct e100_proxy_policy e100_proxy_policy_of(enum e100_role role, uint32_t policy) {
  const uint32_t *masks = choice_masks();
  return (struct e100_proxy_policy){
      .gateway = role == E100_ROLE_GATEWAY,
      .discard = (policy & masks[DISCARD]) != 0,
      .refuse_unknown = (policy & masks[REFUSE_UNKNOWN]) != 0,
      .own_100 = (policy & masks[OWN_100]) != 0,
      .collects = (policy & masks[COLLECT]) != 0,
      .next_hop_10 = (policy & masks[NEXT_HOP_10]) != 0,
      .own_expectation = (policy & masks[OWN_EXPECTATION]) != 0,
      .tunnels = (policy & masks[TUNNEL]) != 0,
      .content_limit = (policy & masks[LIMIT]) != 0 ? LIMIT_OF_THE_POLICY : 0,
  };
}

struct e100_proxy_design e100_proxy_design_of(const struct e100_proxy_variation *variation) {
  struct e100_proxy_design design = e100_proxy_reference;
  const struct e100_proxy_design *own = &variation->events;
  if (own->table != NULL)
    design.table = own->table;
  if (own->head_event != NULL)
    design.head_event = own->head_event;
  if (own->interim_event != NULL)
    design.interim_event = own->interim_event;
  if (own->final_is_last != NULL)
    design.final_is_last = own->final_is_last;
  if (own->is_reusable != NULL)
    design.is_reusable = own->is_reusable;
  return design;
}
