/*
 * model_mutants.h - the judge with one predicate that hears nothing, the contrary, or more than there is;
 * and which cases of kind judge notice.
 */
#ifndef E100_MODEL_MUTANTS_H
#define E100_MODEL_MUTANTS_H

#include "model/model.h"
#include "model/predicates.h"
#include "report/comparison.h"
#include "tests/mutation.h"

enum alteration {
  DISABLED, /* it never says anything */
  CONTRARY, /* what is kept is broken, what is broken is kept */
  DECIDED,  /* what is open is broken */
  ALTERATIONS
};

/* The predicate that is altered, on which events, and how. */
static struct {
  const struct predicate *predicate;
  unsigned events;
  enum alteration alteration;
} altered;

static enum ruling alter(enum ruling ruling) {
  switch (altered.alteration) {
  case DISABLED:
    return APART;
  case CONTRARY:
    return ruling == KEPT ? BROKEN : ruling >= BROKEN ? KEPT : ruling;
  default:
    return ruling == OPEN ? BROKEN : ruling;
  }
}

static enum ruling hear_altered(const struct predicate *predicate, const struct judged *judged) {
  enum ruling ruling = predicate->rules(judged);
  bool here = predicate == altered.predicate && (altered.events & judged->event) != 0;
  return here ? alter(ruling) : ruling;
}

static bool case_notices_judge(const struct e100_exchange *exchange) {
  struct e100_verdict verdict;
  struct e100_text differences = {0};
  judge_as_heard(exchange, hear_altered, &verdict);
  uint32_t count = e100_compare_findings(exchange, exchange, &verdict.findings, &differences);
  e100_text_free(&differences);
  return count > 0;
}

static void try_altered(struct fates *fates, const char *event) {
  static const char *const words[ALTERATIONS] = {"unheard", "contrary", "decided"};
  struct killers killers = {0};
  char name[MUTANT_NAME];
  for (unsigned i = 0; i < fates->corpus->count && !noticed_enough(&killers); i++) {
    const struct e100_exchange *exchange = &fates->corpus->cases[i].exchange;
    if (exchange->kind == E100_KIND_JUDGE && case_notices_judge(exchange))
      notice_by(&killers, fates->corpus, i);
  }
  snprintf(name, sizeof name, "%s %s: %s", e100_rule(altered.predicate->rule)->id, event,
           words[altered.alteration]);
  settle_fate(fates, name, &killers, false);
}

static void try_predicate(struct fates *fates, const struct predicate *predicate) {
  static const struct {
    unsigned event;
    const char *name;
  } events[] = {{ON_SILENCE, "on silence"},
                {ON_RESPONSE, "on a response"},
                {ON_GARBAGE, "on garbage"},
                {ON_ENDING, "on an ending"},
                {ON_TOLD, "on what the application is told"},
                {ON_REQUEST, "on a request"},
                {ON_CONTENT, "on content"},
                {ON_UNREADABLE, "on unreadable octets"},
                {ON_LEAVING, "on leaving"},
                {ON_PAUSE, "on a pause"},
                {ON_HEARD, "on what the application hears"},
                {ON_UNHEARD, "on what it does not hear"},
                {ON_WHOLE, "on a whole request"},
                {ON_RELAY, "on a response that is passed on"},
                {ON_STALL, "on a stall"},
                {ON_RELAYED, "on a whole response"},
                {ON_MARK, "on a mark"},
                {ON_SPOILED, "on a spoiled connection"},
                {ON_GIVING_UP, "on giving it up"},
                {ON_SENT, "on content as it was given"},
                {ON_TUNNEL, "in a tunnel"},
                {ON_FILLED, "on content where there is none"},
                {ON_HALF_HEAD, "on what can be no head"},
                {ON_ANSWERED, "on a whole answer"},
                {ON_RELAYED_CONTENT, "on content of a response that is passed on"},
                {ON_STRAY, "on a stray response that is passed on"}};
  altered.predicate = predicate;
  for (unsigned i = 0; i < sizeof events / sizeof events[0]; i++) {
    altered.events = events[i].event;
    for (unsigned how = 0; how < ALTERATIONS && (predicate->events & altered.events) != 0; how++) {
      altered.alteration = (enum alteration)how;
      try_altered(fates, events[i].name);
    }
  }
}

/* Has every altered judge judge the corpus, and settles its fate. */
static inline void try_judges(struct fates *fates) {
  for (size_t part = 0; part < PREDICATE_PARTS; part++)
    for (size_t i = 0; i < *predicate_parts[part].count; i++)
      try_predicate(fates, &predicate_parts[part].predicates[i]);
}

#endif
