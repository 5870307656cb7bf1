/*
 * comparison.h - what a case says must come out, against what came out.
 */
#ifndef E100_COMPARISON_H
#define E100_COMPARISON_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "model/model.h"

/*
 * Compares the lines under `-- findings --` of EXPECTED (none: no findings at all) with FINDINGS: each
 * line must match a finding of its own, and no finding may be left. Adds one line for each difference to
 * OUT and gives how many there are.
 */
uint32_t e100_compare_findings(const struct e100_exchange *expected, const struct e100_exchange *transcript,
                               const struct e100_findings *findings, struct e100_text *out);

/* Which of the findings that are kept no line of EXPECTED asks for: UNEXPECTED has room for
 * E100_FINDINGS_LIMIT. */
void e100_unexpected_findings(const struct e100_exchange *expected, const struct e100_exchange *transcript,
                              const struct e100_findings *findings, bool *unexpected);

/*
 * Compares what PLAY says under `expect` with what the subject did in TRANSCRIPT, in three strands for each
 * link: the status codes of its responses and its endings; what its application was told (octets of content
 * that come one after the other are one sum); and the decisions that took effect. A strand without expected
 * steps is not compared. A line that begins with "HTTP/" is taken for a status line, wherever it stands.
 * Adds two lines for each difference to OUT and gives how many there are.
 */
uint32_t e100_compare_conduct(const struct e100_exchange *play, const struct e100_exchange *transcript,
                              struct e100_text *out);

#endif
