/*
 * checks_inside.h - what the files of the checks share.
 */
#ifndef E100_CHECKS_INSIDE_H
#define E100_CHECKS_INSIDE_H

#include "fuzz/checks.h"

/* Room for one more breach, all zero; NULL where there is none. */
struct e100_breach *e100_add_breach(struct e100_outcome *outcome);
/* A finding, which is one of FINDINGS, as a breach; one of a cause that is there already is not added. */
void e100_add_finding(const struct e100_findings *findings, const struct e100_finding *finding,
                      struct e100_outcome *outcome);

/* As e100_judge, and shows OUTCOME each state of the view on its way. */
void e100_judge_and_cover(const struct e100_exchange *exchange, struct e100_verdict *verdict,
                          const struct e100_outcome *outcome);

/* The check of the target chain: three references break no rule; of other inputs, which a hash chooses, one
 * party has a fault, and nobody else is to blame. */
void e100_check_chain(const struct e100_exchange *exchange, const struct e100_subject *subject,
                      struct e100_exchange *transcript, struct e100_outcome *outcome);

#endif
