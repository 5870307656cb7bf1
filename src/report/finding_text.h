/*
 * finding_text.h - findings for people: plain lines of text, coloured where the caller wants it.
 */
#ifndef E100_FINDING_TEXT_H
#define E100_FINDING_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "model/model.h"

/* Where a finding is: "link d1, request 1, step 2"; the link only where it has a name. */
void e100_finding_place(const struct e100_exchange *transcript, const struct e100_finding *finding,
                        struct e100_text *out);

/* One line as a case spells it under `-- findings --`: "request 1, step 2: ORIGIN_100_OR_FINAL". */
void e100_finding_line(const struct e100_exchange *transcript, const struct e100_finding *finding,
                       struct e100_text *out);

/* The title of an exchange, PREFIX before each of its lines; nothing where it has none. */
void e100_add_title(struct e100_text *out, const struct e100_exchange *exchange, const char *prefix);

/* Adds TEXT with its control characters escaped: a terminal obeys those, so none of an input's reach it. */
void e100_add_plain(struct e100_text *out, const char *text);

/* What the rule asks, as a sentence: "origin MUST answer an expectation at once, ...". */
void e100_rule_sentence(unsigned rule, struct e100_text *out);

/* How a breach is seen, in words: "a silence shows a breach: ..."; SEEN is one of enum e100_seen. */
const char *e100_seen_sentence(unsigned seen);

/* The set of alternatives in words, "send 100, or close without a response"; "nothing" for none. */
void e100_alternatives_text(unsigned set, struct e100_text *out);

/* A whole finding, several lines: severity and rule, place, party to blame, step, requirement with its
 * section, what would have been permitted instead, and the readings that it depends on. */
void e100_finding_text(const struct e100_exchange *transcript, const struct e100_finding *finding,
                       bool colours, struct e100_text *out);

/* The ladder diagram of TRANSCRIPT with a mark at each step that a finding of FINDINGS names. */
void e100_marked_ladder(const struct e100_exchange *transcript, const struct e100_findings *findings,
                        struct e100_text *out);

/* "no findings", "1 violation, 2 notes": how many of each severity were kept. */
void e100_findings_count(const struct e100_findings *findings, struct e100_text *out);

/* How many findings are kept in FINDINGS, of those that were counted. */
uint32_t e100_findings_kept(const struct e100_findings *findings);

#endif
