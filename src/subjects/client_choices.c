#include "subjects/client_choices.h"

#include "subjects/chosen_policies.h"

/* What can be chosen, by the names of policies.def. */
enum choice { CLOSE_EARLY, UNKNOWN_RELEASES, NO_WAIT, CHUNKED, PIPELINE, HALVES, CHOICES };
static const char *const names[CHOICES] = {"close-early", "unknown-releases", "no-wait",
                                           "chunked",     "pipeline",         "halves"};

static const uint32_t *choice_masks(void) {
  static uint32_t masks[CHOICES];
  return e100_policy_masks(names, masks, CHOICES);
}

static bool chosen(uint32_t policy, enum choice choice) {
  return (policy & choice_masks()[choice]) != 0;
}

struct e100_client_policy e100_client_policy_of(uint32_t policy) {
  const uint32_t *masks = choice_masks();
  return (struct e100_client_policy){
      .close_early = (policy & masks[CLOSE_EARLY]) != 0,
      .unknown_releases = (policy & masks[UNKNOWN_RELEASES]) != 0,
      .no_wait = (policy & masks[NO_WAIT]) != 0,
      .pipeline = (policy & masks[PIPELINE]) != 0,
  };
}

bool e100_client_is_chunked(uint32_t policy) {
  return chosen(policy, CHUNKED);
}

bool e100_client_sends_halves(uint32_t policy) {
  return chosen(policy, HALVES);
}

struct e100_client_design e100_client_design_of(const struct e100_client_variation *variation) {
  struct e100_client_design design = e100_client_reference;
  const struct e100_client_design *own = &variation->events;
  if (own->table != NULL)
    design.table = own->table;
  if (own->request_event != NULL)
    design.request_event = own->request_event;
  if (own->request_asks != NULL)
    design.request_asks = own->request_asks;
  if (own->head_event != NULL)
    design.head_event = own->head_event;
  return design;
}
