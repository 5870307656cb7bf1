/* fault_parts.h - the parts of each fault, by its symbol in faults.def. They are defined by their kind:
 * fault_rows.c, fault_facts.c, fault_events.c, fault_inputs.c, fault_outputs.c, fault_responses.c. */
#ifndef E100_FAULT_PARTS_H
#define E100_FAULT_PARTS_H

#include "faults/faults.h"

#define FAULT(symbol, name, letter, kind, ids, bugs, must, may, sentence) \
  extern const struct e100_fault_parts e100_fault_parts_##symbol;
#include "faults/faults.def"

#endif
