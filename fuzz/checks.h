/*
 * checks.h - what a fuzz target asks of an input: the same checks for targets, tests and the command line.
 *
 * A target is data: a sentence, a way to read octets as an exchange, and the checks. A breach is either a
 * finding of the model or a broken invariant; its *cause* is what a campaign groups by.
 */
#ifndef E100_CHECKS_H
#define E100_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "model/model.h"
#include "subjects/subject.h"

enum {
  E100_BREACHES_LIMIT = 16,   /* breaches kept for one input */
  E100_CAUSE_LIMIT = 160,     /* octets of a cause, with the closing NUL */
  E100_PLAYED_LIMIT = 131072, /* octets of an exchange that the target origin plays; choices can spell far
                                 larger ones, which only cost time */
  E100_INPUT_LIMIT = 65536    /* octets of an input that targets look at; the rest is ignored */
};

struct e100_breach {
  char cause[E100_CAUSE_LIMIT];   /* one line, no control characters: "ORIGIN_100_OR_FINAL origin 2a1" */
  char what[256];                 /* a sentence for people */
  uint16_t rule;                  /* enum e100_rule; E100_RULE_NONE for a broken invariant */
  uint8_t party;                  /* enum e100_party */
  uint32_t request;               /* from 1; 0: none */
  uint32_t step;                  /* index into the transcript */
  uint16_t permitted, considered; /* as in struct e100_finding */
  struct e100_rule_set behind;    /* other rules that the same party broke before, or in that step */
};

struct e100_outcome {
  uint32_t count;
  struct e100_breach list[E100_BREACHES_LIMIT];
  /* For coverage; may be NULL: the rules that were decided, and each state of the model's view together
   * with the subject's. A check sets `count` anew and leaves these alone. */
  void (*cover_rules)(const struct e100_rule_set *decided);
  void (*cover_views)(uint32_t view_state, uint32_t subject_state);
  /* NULL: a costly invariant is tried at one place, on the share of the inputs that a hash of the input
   * chooses. Else the name of one ("cut") that is tried at many places on every input: what minimising
   * needs, as each candidate has another hash. A check leaves this alone too. */
  const char *invariant;
};

struct e100_target {
  const char *name;
  const char *property; /* the sentence it checks */
  /* True: the input is played against a subject, and --subject chooses which. */
  bool plays;
  uint8_t role; /* enum e100_role that the subject has; one of a proxy is looked up for a gateway as well */
  /* Reads an input as an exchange; total. */
  void (*decode)(struct e100_exchange *exchange, const uint8_t *input, size_t length);
  /* Writes the input that decodes to EXCHANGE; false where this target has no use for it. For cutting
   * seeds from cases. */
  bool (*encode)(const struct e100_exchange *exchange, struct e100_text *out);
  /* As ENCODE, for what DECODE gave and somebody has changed; NULL: ENCODE does that.
   * False: only the engine changes inputs of this target. */
  bool (*respell)(const struct e100_exchange *exchange, struct e100_text *out);
  /* Checks one exchange. TRANSCRIPT becomes what was judged. SUBJECT is NULL where not played. */
  void (*check)(const struct e100_exchange *exchange, const struct e100_subject *subject,
                struct e100_exchange *transcript, struct e100_outcome *outcome);
  /* True: a finding is told as what took place, and not as what was played, which only this target plays so.
   */
  bool tells_transcript;
};

const struct e100_target *e100_target_at(size_t index); /* NULL past the last */
const struct e100_target *e100_target_named(const char *name);

/* The findings against the subject's own party, violations only, as breaches. */
void e100_breaches_of_verdict(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                              struct e100_outcome *outcome);

/* Adds those of any severity to what is there already; where not OWN, against any party. */
void e100_breaches_of_any_kind(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                               bool own, struct e100_outcome *outcome);

#endif
