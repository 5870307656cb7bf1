/* Which of the policies that a machine follows an exchange asks for. */
#ifndef E100_SUBJECTS_CHOSEN_POLICIES_H
#define E100_SUBJECTS_CHOSEN_POLICIES_H

#include "exchange/exchange.h"

/* Looks up COUNT names of policies.def once, for connections are opened for each exchange that is played, and
 * gives their bits, in the order of the names. MASKS is the caller's: static, all zero before the first call.
 * A name that is not in policies.def is an impossibility. */
const uint32_t *e100_policy_masks(const char *const names[], uint32_t masks[], unsigned count);

#endif
