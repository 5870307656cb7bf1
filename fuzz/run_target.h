/* run_target.h - runs a target on one input, and tells a campaign about it (gauge.h). */
#ifndef E100_RUN_TARGET_H
#define E100_RUN_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "fuzz/checks.h"

/* Checks one input. Aborts on a cause that E100_KNOWN does not name; otherwise gives 0. An environment
 * that makes no sense (an unknown subject) ends the process with a message and exit code 2. */
int e100_run_target(const struct e100_target *target, const uint8_t *data, size_t size);

#endif
