/*
 * catalogue_json.h - what the suite knows, for other programs: rules and faults. Versioned;
 * docs/rules.schema.json and docs/faults.schema.json.
 */
#ifndef E100_CATALOGUE_JSON_H
#define E100_CATALOGUE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "faults/faults.h"

enum { E100_RULES_JSON_VERSION = 1, E100_FAULTS_JSON_VERSION = 1 };

/* One rule; RULE is not E100_RULE_NONE. */
json_t *e100_rule_json(unsigned rule);

/* All rules, as a document. */
json_t *e100_rules_json(void);

/* One fault, and all of them as a document. */
json_t *e100_fault_json(const struct e100_fault_data *fault);
json_t *e100_faults_json(void);

/* Whether RULE is in SET, one of a fault's. */
bool e100_fault_names_rule(const uint16_t set[E100_FAULT_RULES], unsigned rule);

#endif
