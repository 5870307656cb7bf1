/* client_choices.h - the client's choices by the names of policies.def, and its design with a variation. */
#ifndef E100_CLIENT_CHOICES_H
#define E100_CLIENT_CHOICES_H

#include "faults/client_variation.h"
#include "machine/client.h"

struct e100_client_policy e100_client_policy_of(uint32_t policy);
/* Content is framed in chunks. */
bool e100_client_is_chunked(uint32_t policy);
/* Content is sent in two halves, the second one when nothing else happens. */
bool e100_client_sends_halves(uint32_t policy);

struct e100_client_design e100_client_design_of(const struct e100_client_variation *variation);

#endif
