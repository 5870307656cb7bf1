/* chain_check.c - a client, a proxy or gateway, and an origin server that talk to each other. */
#include <stdio.h>
#include <string.h>

#include "faults/faults.h"
#include "fuzz/chain_inputs.h"
#include "fuzz/checks_inside.h"
#include "subjects/chain.h"

/* Plays a chain and judges everybody in it. */
static bool judge_chain(const struct e100_exchange *exchange, const struct e100_subject *subject,
                        struct e100_exchange *transcript, struct e100_verdict *verdict,
                        const struct e100_outcome *outcome) {
  struct e100_chain chain = e100_chain_with(exchange, subject);
  struct e100_exchange sound; /* what is minimised is to stay so */
  e100_exchange_init(&sound);
  e100_exchange_copy(&sound, exchange);
  e100_chain_links(&sound);
  e100_chain_ask_soundly(&sound);
  bool played = e100_chain_play(&sound, &chain, transcript);
  e100_exchange_free(&sound);
  if (!played)
    return false;
  e100_judge_and_cover(transcript, verdict, outcome);
  return true;
}

/* The origin server's application decides something on LINK because the input says so: behind a party with a
 * fault it may have been asked otherwise than the input thought. */
static bool moves_application(const struct e100_exchange *exchange, uint32_t link) {
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DECIDED && step->what != E100_DECIDE_REQUEST && step->link == link)
      return true;
  }
  return false;
}

/* The first violation of somebody else than PARTY, or NULL. */
static const struct e100_finding *blames_another(const struct e100_exchange *exchange,
                                                 const struct e100_exchange *transcript,
                                                 const struct e100_verdict *verdict, uint8_t party) {
  for (uint32_t i = 0; i < verdict->findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &verdict->findings.list[i];
    bool of_origin =
        finding->party == E100_APPLICATION && transcript->links[finding->link].server == E100_ORIGIN;
    bool moved = of_origin && moves_application(exchange, finding->link);
    if (finding->party != party && !moved && e100_rule_severity(finding->rule) == E100_VIOLATION)
      return finding;
  }
  return NULL;
}

/* With one party wrong, nobody else is to blame. */
static void hold_blame(const struct e100_exchange *exchange, const struct e100_subject *subject,
                       struct e100_exchange *transcript, struct e100_outcome *outcome) {
  struct e100_verdict verdict;
  uint8_t party = (uint8_t)e100_role_party(subject->role == E100_ROLE_PROXY ? (enum e100_role)exchange->role
                                                                            : (enum e100_role)subject->role);
  const struct e100_finding *other = judge_chain(exchange, subject, transcript, &verdict, outcome)
                                         ? blames_another(exchange, transcript, &verdict, party)
                                         : NULL;
  struct e100_breach *breach = other != NULL ? e100_add_breach(outcome) : NULL;
  if (breach == NULL)
    return;
  snprintf(breach->cause, sizeof breach->cause, "invariant blame %s", subject->name);
  snprintf(breach->what, sizeof breach->what, "%s of the %s is wrong, and %s at step %u is laid to the %s",
           subject->name, e100_role_name(subject->role), e100_rule(other->rule)->id, other->step + 1,
           e100_party_name(other->party));
}

/* One of the faulty subjects, by a number. */
static const struct e100_subject *faulty(uint64_t choice) {
  size_t count = 0;
  while (e100_fault_at(count) != NULL)
    count++;
  E100_CHECK(count > 0, "there are faults");
  const struct e100_fault_data *fault = e100_fault_at(choice % count);
  char name[64];
  snprintf(name, sizeof name, "fault:%s", fault->name);
  return e100_subject_named(name, (enum e100_role)fault->role);
}

/* The subject that "blame fault:NAME" speaks of, or NULL. */
static const struct e100_subject *blamed(const char *invariant) {
  static const char word[] = "blame fault:";
  if (invariant == NULL || strncmp(invariant, word, sizeof word - 1) != 0)
    return NULL;
  const struct e100_fault_data *fault = e100_fault_named(invariant + sizeof word - 1);
  return fault != NULL ? e100_subject_named(invariant + sizeof "blame " - 1, (enum e100_role)fault->role)
                       : NULL;
}

void e100_check_chain(const struct e100_exchange *exchange, const struct e100_subject *subject,
                      struct e100_exchange *transcript, struct e100_outcome *outcome) {
  struct e100_verdict verdict;
  outcome->count = 0;
  uint64_t hash = e100_exchange_hash(exchange);
  bool clean = strcmp(subject->name, "reference") == 0;
  const struct e100_subject *wanted = blamed(outcome->invariant);
  if (!clean || wanted != NULL) {
    hold_blame(exchange, wanted != NULL ? wanted : subject, transcript, outcome);
  } else if (hash % 2 == 0 && outcome->invariant == NULL) {
    hold_blame(exchange, faulty(hash / 2), transcript, outcome);
  } else if (judge_chain(exchange, subject, transcript, &verdict, outcome)) {
    for (uint32_t i = 0; i < verdict.findings.count && i < E100_FINDINGS_LIMIT; i++)
      if (e100_rule_severity(verdict.findings.list[i].rule) == E100_VIOLATION)
        e100_add_finding(&verdict.findings, &verdict.findings.list[i], outcome);
  }
}
