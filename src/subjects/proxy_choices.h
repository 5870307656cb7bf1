/* proxy_choices.h - how a proxy's machine is made from what can be chosen: policies, and variations. */
#ifndef E100_PROXY_CHOICES_H
#define E100_PROXY_CHOICES_H

#include "exchange/exchange.h"
#include "faults/proxy_variation.h"

/* What the machine does in ROLE with a set of policies (bits of policies.def). */
struct e100_proxy_policy e100_proxy_policy_of(enum e100_role role, uint32_t policy);

/* The reference's design, with what the variation has of its own. */
struct e100_proxy_design e100_proxy_design_of(const struct e100_proxy_variation *variation);

#endif
