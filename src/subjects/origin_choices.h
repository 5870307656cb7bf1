/* origin_choices.h - how an origin machine is made from what can be chosen: policies, and variations. */
#ifndef E100_ORIGIN_CHOICES_H
#define E100_ORIGIN_CHOICES_H

#include "faults/variation.h"
#include "machine/origin.h"

/* Whether the application decides by itself, by a set of policies (bits of policies.def). */
bool e100_application_is_prompt(uint32_t policy);

/* What the machine does with a set of policies. */
struct e100_origin_policy e100_origin_policy_of(uint32_t policy);

/* The reference's design, with what the variation has of its own. */
struct e100_origin_design e100_origin_design_of(const struct e100_variation *variation);

#endif
