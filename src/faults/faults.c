#include "faults/faults.h"

#include <string.h>

#include "faults/client_fault_parts.h"
#include "faults/fault_parts.h"
#include "faults/proxy_fault_parts.h"

/* Rules by their ids alone. */
enum {
#define RULE(id, party, requirement, seen, section, covers, text) id = E100_##id,
#include "rules/rules.def"
};

#define RULES(...) \
  { __VA_ARGS__ }
#define NO_RULES \
  { E100_RULE_NONE }

static const struct e100_fault_data faults[] = {
#define FAULT(symbol, fault_name, letter, fault_kind, fault_ids, bugs, must, may, sentence) \
  {.name = fault_name,                                                                      \
   .ids = fault_ids,                                                                        \
   .precedents = bugs,                                                                      \
   .role = E100_ROLE_ORIGIN,                                                                \
   .class_letter = letter,                                                                  \
   .kind = fault_kind,                                                                      \
   .text = sentence,                                                                        \
   .must_fire = must,                                                                       \
   .may_fire = may,                                                                         \
   .parts = &e100_fault_parts_##symbol},
#include "faults/faults.def"
#define FAULT(symbol, fault_name, letter, fault_kind, fault_ids, bugs, must, may, sentence) \
  {.name = fault_name,                                                                      \
   .ids = fault_ids,                                                                        \
   .precedents = bugs,                                                                      \
   .role = E100_ROLE_PROXY,                                                                 \
   .class_letter = letter,                                                                  \
   .kind = fault_kind,                                                                      \
   .text = sentence,                                                                        \
   .must_fire = must,                                                                       \
   .may_fire = may,                                                                         \
   .proxy_parts = &e100_proxy_fault_parts_##symbol},
#include "faults/proxy_faults.def"
#define FAULT(symbol, fault_name, letter, fault_kind, fault_ids, bugs, must, may, sentence) \
  {.name = fault_name,                                                                      \
   .ids = fault_ids,                                                                        \
   .precedents = bugs,                                                                      \
   .role = E100_ROLE_CLIENT,                                                                \
   .class_letter = letter,                                                                  \
   .kind = fault_kind,                                                                      \
   .text = sentence,                                                                        \
   .must_fire = must,                                                                       \
   .may_fire = may,                                                                         \
   .client_parts = &e100_client_fault_parts_##symbol},
#include "faults/client_faults.def"
};

const struct e100_fault_data *e100_fault_at(size_t index) {
  return index < sizeof faults / sizeof faults[0] ? &faults[index] : NULL;
}

const struct e100_fault_data *e100_fault_named(const char *name) {
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    if (strcmp(faults[i].name, name) == 0)
      return &faults[i];
  }
  return NULL;
}

const char *e100_fault_class_name(char class_letter) {
  switch (class_letter) {
  case 'D':
    return "desynchronises";
  case 'L':
    return "hangs";
  case 'C':
    return "breaks a rule";
  default:
    return "legal but poor";
  }
}
