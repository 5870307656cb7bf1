/*
 * known_causes.h - causes that somebody knows of, so that a target does not stop at them.
 *
 * A line names one in one of three ways; what follows a # is its reason, and is not looked at here:
 *
 *   CAUSE                     as it was printed: "ORIGIN_100_OR_FINAL origin 2a1", "invariant cut"
 *   RULE PARTY *              that rule with that party, in any situation
 *   CASE-GLOB RULE [PARTY [SITUATION|RULE]...]    a line of a file of known findings (docs/cli.md): likewise,
 * as inputs of a fuzzer are no cases; where it names situations, in those alone, and where it names rules,
 * only behind a breach of one of them
 */
#ifndef E100_KNOWN_CAUSES_H
#define E100_KNOWN_CAUSES_H

#include <stdbool.h>

#include "model/model.h"

/* Whether LINE, which ends with NUL or a line end, names CAUSE. BEHIND: the rules that the same party broke
 * before; NULL: none is known. */
bool e100_cause_is_named(const char *line, const char *cause, const struct e100_rule_set *behind);

/* Whether a line of the file at PATH (NULL: there is none) does. A campaign adds to it while targets run: it
 * is read again once it has changed. */
bool e100_cause_is_known(const char *path, const char *cause, const struct e100_rule_set *behind);

#endif
