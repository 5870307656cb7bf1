/*
 * rules.c - the rules as a table, and the words for their columns.
 */
#include "rules/rules.h"

#include <stddef.h>
#include <string.h>

#include "exchange/exchange.h"

static const struct e100_rule_data rules[E100_RULE_COUNT] = {
    [E100_RULE_NONE] = {"", E100_BOUND_NOBODY, E100_REQUIREMENT_QUALITY, E100_SEEN_UNSEEN, "", "", ""},
#define RULE(id, party, requirement, seen, section, covers, text)                                            \
  [E100_##id] = {#id, E100_BOUND_##party, E100_REQUIREMENT_##requirement, E100_SEEN_##seen, section, covers, \
                 text},
#include "rules/rules.def"
};

static const char *const bound_names[E100_BOUND_COUNT] = {
    "nobody", "client", "server", "origin", "proxy", "gateway", "intermediary", "recipient", "sender",
};

static const char *const requirement_names[E100_REQUIREMENT_COUNT] = {
    "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "quality",
};

static const char *const seen_names[E100_SEEN_COUNT] = {"wire", "settled", "application", "unseen"};

static const char *const severity_names[E100_SEVERITY_COUNT] = {"violation", "warning", "note"};

const struct e100_rule_data *e100_rule(unsigned rule) {
  E100_CHECK(rule < E100_RULE_COUNT, "a rule has a number below E100_RULE_COUNT");
  return &rules[rule];
}

enum e100_rule e100_rule_named(const char *id) {
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (strcmp(rules[rule].id, id) == 0)
      return (enum e100_rule)rule;
  return E100_RULE_NONE;
}

enum e100_severity e100_rule_severity(unsigned rule) {
  switch (e100_rule(rule)->requirement) {
  case E100_REQUIREMENT_MUST:
  case E100_REQUIREMENT_MUST_NOT:
    return E100_VIOLATION;
  case E100_REQUIREMENT_SHOULD:
  case E100_REQUIREMENT_SHOULD_NOT:
    return E100_WARNING;
  default:
    return E100_NOTE;
  }
}

const char *e100_bound_name(unsigned bound) {
  E100_CHECK(bound < E100_BOUND_COUNT, "a bound party has a number below E100_BOUND_COUNT");
  return bound_names[bound];
}

const char *e100_requirement_name(unsigned requirement) {
  E100_CHECK(requirement < E100_REQUIREMENT_COUNT, "a requirement has a number below its count");
  return requirement_names[requirement];
}

const char *e100_seen_name(unsigned seen) {
  E100_CHECK(seen < E100_SEEN_COUNT, "a way of seeing has a number below E100_SEEN_COUNT");
  return seen_names[seen];
}

const char *e100_severity_name(unsigned severity) {
  E100_CHECK(severity < E100_SEVERITY_COUNT, "a severity has a number below E100_SEVERITY_COUNT");
  return severity_names[severity];
}
