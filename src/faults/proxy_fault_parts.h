/* proxy_fault_parts.h - the parts of each fault of a proxy, by its symbol in proxy_faults.def. They are
 * defined by their kind: proxy_fault_rows.c, proxy_fault_facts.c, proxy_fault_inputs.c,
 * proxy_fault_outputs.c. */
#ifndef E100_PROXY_FAULT_PARTS_H
#define E100_PROXY_FAULT_PARTS_H

#include "faults/faults.h"

#define FAULT(symbol, name, letter, kind, ids, bugs, must, may, sentence) \
  extern const struct e100_proxy_fault_parts e100_proxy_fault_parts_##symbol;
#include "faults/proxy_faults.def"

#endif
