/*
 * rules.h - the RFCs' requirements around Expect: 100-continue, as data.
 *
 * rules.def is the only place where a requirement is written. The model has one predicate for each
 * rule that can be seen; the machine's tables name the rule that each row follows.
 */
#ifndef E100_RULES_H
#define E100_RULES_H

#include <stdint.h>

enum e100_rule {
  E100_RULE_NONE,
#define RULE(id, party, requirement, seen, section, covers, text) E100_##id,
#include "rules/rules.def"
  E100_RULE_COUNT
};

/* Who is bound. SERVER binds origin, gateway and proxy alike in their part as a server; RECIPIENT
 * whoever reads the message. */
enum e100_bound {
  E100_BOUND_NOBODY,
  E100_BOUND_CLIENT,
  E100_BOUND_SERVER,
  E100_BOUND_ORIGIN,
  E100_BOUND_PROXY,
  E100_BOUND_GATEWAY,
  E100_BOUND_INTERMEDIARY, /* proxies and gateways alike */
  E100_BOUND_RECIPIENT,
  E100_BOUND_SENDER,
  E100_BOUND_COUNT
};

/* RFC 2119 words. QUALITY is no requirement at all: legal, but users of the software suffer. */
enum e100_requirement {
  E100_REQUIREMENT_MUST,
  E100_REQUIREMENT_MUST_NOT,
  E100_REQUIREMENT_SHOULD,
  E100_REQUIREMENT_SHOULD_NOT,
  E100_REQUIREMENT_QUALITY,
  E100_REQUIREMENT_COUNT
};

/* How a breach can be seen. */
enum e100_seen {
  E100_SEEN_WIRE,    /* octets show it */
  E100_SEEN_SETTLED, /* a silence shows it */
  E100_SEEN_APP,     /* the application's view shows it; of an intermediary what it passes on does, too */
  E100_SEEN_UNSEEN,  /* intent; the text gives the reason why nothing shows it */
  E100_SEEN_COUNT
};

/* What a breach is called: MUST and MUST NOT give violations, SHOULD (NOT) warnings, QUALITY notes. */
enum e100_severity { E100_VIOLATION, E100_WARNING, E100_NOTE, E100_SEVERITY_COUNT };

struct e100_rule_data {
  const char *id;      /* "ORIGIN_100_OR_FINAL" */
  uint8_t bound;       /* enum e100_bound */
  uint8_t requirement; /* enum e100_requirement */
  uint8_t seen;        /* enum e100_seen */
  const char *section; /* "RFC 9110 10.1.1" */
  const char *covers;  /* ids of the rule catalogue, separated by blanks: "R-S-06 R-S-37" */
  const char *text;    /* the rule in our own words */
};

/* The data of RULE; E100_CHECKs that RULE is one. E100_RULE_NONE has the id "". */
const struct e100_rule_data *e100_rule(unsigned rule);

/* The rule of that id, or E100_RULE_NONE. */
enum e100_rule e100_rule_named(const char *id);

enum e100_severity e100_rule_severity(unsigned rule);

const char *e100_bound_name(unsigned bound);             /* "origin" */
const char *e100_requirement_name(unsigned requirement); /* "MUST NOT" */
const char *e100_seen_name(unsigned seen);               /* "wire" */
const char *e100_severity_name(unsigned severity);       /* "violation" */

#endif
