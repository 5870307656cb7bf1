/*
 * catalogue_json.h - what the suite knows, for other programs: rules and faults. Versioned;
 * docs/rules.schema.json and docs/faults.schema.json.
 */
#ifndef E100_CATALOGUE_JSON_H
#define E100_CATALOGUE_JSON_H

#include <jansson.h>

enum { E100_RULES_JSON_VERSION = 1, E100_FAULTS_JSON_VERSION = 1 };

/* One rule; RULE is not E100_RULE_NONE. */
json_t *e100_rule_json(unsigned rule);

/* All rules, as a document. */
json_t *e100_rules_json(void);

#endif
