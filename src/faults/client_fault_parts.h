/* client_fault_parts.h - the parts of each fault of a client, by its symbol in client_faults.def. They are
 * defined by their kind: client_fault_rows.c, client_fault_facts.c, client_fault_octets.c. */
#ifndef E100_CLIENT_FAULT_PARTS_H
#define E100_CLIENT_FAULT_PARTS_H

#include "faults/faults.h"

#define FAULT(symbol, name, letter, kind, ids, bugs, must, may, sentence) \
  extern const struct e100_client_fault_parts e100_client_fault_parts_##symbol;
#include "faults/client_faults.def"

/* The number behind blanks that LENGTH octets of a value begin with, at most UINT32_MAX; 0: there is none. */
uint32_t e100_fault_number(const uint8_t *octets, size_t length);

#endif
