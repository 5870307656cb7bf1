/*
 * machine_mutants.h - the reference machine of an origin server with one row of its table changed, or with
 * an event derived otherwise, or with a fault; and which cases notice.
 */
#ifndef E100_MACHINE_MUTANTS_H
#define E100_MACHINE_MUTANTS_H

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults/faults.h"
#include "fuzz/checks.h"
#include "report/comparison.h"
#include "search/origin_product.h"
#include "subjects/origin_subject.h"
#include "tests/mutation.h"

enum {
  ROWS = E100_ORIGIN_STATES * E100_ORIGIN_EVENTS,
  POLICIES_OF_SERVERS = 8,  /* bits below it, in policies.def */
  STEPS_OF_A_MUTANT = 20000 /* rows that a machine may take in one play; one that takes more hangs */
};

/* ---- events derived otherwise -------------------------------------------------------------------------- */

/* Everything that events are derived from. */
struct inputs {
  struct e100_request_facts facts;
  struct e100_origin_policy policy;
  bool content_owed, close, said_100;
};

enum derived {
  HEAD_EVENT,
  ACCEPT_IS_ALOUD,
  RESPONSE_IS_LAST,
  UPGRADE_IS_ASKED,
  FACTS, /* what everything is derived from: as the head is read */
  CHOSEN /* what the machine was told to choose */
};
enum answer { AS_DERIVED, NEGATED, ALWAYS, NEVER };

struct derivation {
  const char *name;
  enum derived derived;
  void (*misread)(struct inputs *inputs); /* changes what it is derived from; or NULL */
  enum answer answer;                     /* changes what was derived: the last three */
  unsigned from, to; /* HEAD_EVENT: this event becomes that one; CHOSEN: the bit of a policy */
};

/* The one that is in place, as the functions of a design get nothing but facts. */
static const struct derivation *derivation;

static struct inputs misread(struct inputs inputs) {
  if (derivation->misread != NULL)
    derivation->misread(&inputs);
  return inputs;
}

static bool answered(bool answer) {
  if (derivation->answer == AS_DERIVED)
    return answer;
  return derivation->answer == NEGATED ? !answer : derivation->answer == ALWAYS;
}

static enum e100_origin_event other_head_event(const struct e100_request_facts *facts) {
  struct inputs inputs = misread((struct inputs){.facts = *facts});
  enum e100_origin_event event = e100_origin_reference.head_event(&inputs.facts);
  return event == derivation->from ? (enum e100_origin_event)derivation->to : event;
}

static bool other_accept_is_aloud(const struct e100_request_facts *facts,
                                  const struct e100_origin_policy *policy) {
  struct inputs inputs = misread((struct inputs){.facts = *facts, .policy = *policy});
  return answered(e100_origin_reference.accept_is_aloud(&inputs.facts, &inputs.policy));
}

static bool other_response_is_last(const struct e100_request_facts *facts,
                                   const struct e100_origin_policy *policy, bool content_owed, bool close) {
  struct inputs inputs = misread(
      (struct inputs){.facts = *facts, .policy = *policy, .content_owed = content_owed, .close = close});
  return answered(e100_origin_reference.response_is_last(&inputs.facts, &inputs.policy, inputs.content_owed,
                                                         inputs.close));
}

static bool other_upgrade_is_asked(const struct e100_request_facts *facts, bool said_100) {
  struct inputs inputs = misread((struct inputs){.facts = *facts, .said_100 = said_100});
  return answered(e100_origin_reference.upgrade_is_asked(&inputs.facts, inputs.said_100));
}

static void other_facts(const void *data, const struct e100_varied *varied, const uint8_t *head,
                        size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 0)
    *facts = misread((struct inputs){.facts = *facts}).facts;
}

static void *open_with_other_policy(const struct e100_subject *subject, const struct e100_setup *setup,
                                    struct e100_sink *sink) {
  struct e100_setup other = *setup;
  uint32_t bit = UINT32_C(1) << derivation->from;
  other.policy = derivation->answer == ALWAYS ? other.policy | bit : other.policy & ~bit;
  return e100_origin_subject_open(subject, &other, sink);
}

static const struct e100_variation other_variations[] = {
    [HEAD_EVENT] = {.events = {.head_event = other_head_event}},
    [ACCEPT_IS_ALOUD] = {.events = {.accept_is_aloud = other_accept_is_aloud}},
    [RESPONSE_IS_LAST] = {.events = {.response_is_last = other_response_is_last}},
    [UPGRADE_IS_ASKED] = {.events = {.upgrade_is_asked = other_upgrade_is_asked}},
    [FACTS] = {.read_facts = other_facts},
    [CHOSEN] = {.data = NULL},
};

#define MISREADING(name, input, value)  \
  static void name(struct inputs *in) { \
    in->input = (value);                \
  }
MISREADING(never_wrong, facts.wrong, 0)
MISREADING(always_asks, facts.asks, true)
MISREADING(never_asks, facts.asks, false)
MISREADING(always_11, facts.minor, 1)
MISREADING(always_10, facts.minor, 0)
MISREADING(never_content, facts.framing, E100_CONTENT_NONE)
MISREADING(always_content, facts.framing, E100_CONTENT_LENGTH)
MISREADING(always_other, facts.other, true)
MISREADING(never_other, facts.other, false)
MISREADING(always_head, facts.method, E100_METHOD_HEAD)
MISREADING(never_head, facts.method, E100_METHOD_OTHER)
MISREADING(always_upgrade, facts.upgrade, true)
MISREADING(never_upgrade, facts.upgrade, false)
MISREADING(always_persists, facts.persists, true)
MISREADING(never_persists, facts.persists, false)
MISREADING(always_unasked, policy.unasked_100, true)
MISREADING(never_unasked, policy.unasked_100, false)
MISREADING(always_late, policy.late_100, true)
MISREADING(never_late, policy.late_100, false)
MISREADING(always_discards, policy.discard, true)
MISREADING(never_discards, policy.discard, false)
MISREADING(always_owed, content_owed, true)
MISREADING(never_owed, content_owed, false)
MISREADING(always_close, close, true)
MISREADING(never_close, close, false)
MISREADING(always_said, said_100, true)
MISREADING(never_said, said_100, false)

#define MISREAD(of, input) \
  { #of " misreads " #input, of, input, AS_DERIVED, 0, 0 }
#define ANSWER(of, answer) \
  { #of " is " #answer, of, NULL, answer, 0, 0 }
#define ANSWERS(of) ANSWER(of, NEGATED), ANSWER(of, ALWAYS), ANSWER(of, NEVER)
#define TAKEN_FOR(event, other) \
  { #event " is " #other, HEAD_EVENT, NULL, AS_DERIVED, E100_##event, E100_##other }

static const struct derivation derivations[] = {
    TAKEN_FOR(HEAD_ASKS, HEAD_OFFERS),
    TAKEN_FOR(HEAD_ASKS, HEAD_STANDS_ALONE),
    TAKEN_FOR(HEAD_ASKS, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_OFFERS, HEAD_ASKS),
    TAKEN_FOR(HEAD_OFFERS, HEAD_STANDS_ALONE),
    TAKEN_FOR(HEAD_OFFERS, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_ASKS),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_OFFERS),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_ASKS),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_OFFERS),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_STANDS_ALONE),
    MISREAD(HEAD_EVENT, never_wrong),
    MISREAD(HEAD_EVENT, always_asks),
    MISREAD(HEAD_EVENT, never_asks),
    MISREAD(HEAD_EVENT, always_11),
    MISREAD(HEAD_EVENT, always_10),
    MISREAD(HEAD_EVENT, never_content),
    MISREAD(HEAD_EVENT, always_content),
    ANSWERS(ACCEPT_IS_ALOUD),
    MISREAD(ACCEPT_IS_ALOUD, always_11),
    MISREAD(ACCEPT_IS_ALOUD, always_10),
    MISREAD(ACCEPT_IS_ALOUD, always_asks),
    MISREAD(ACCEPT_IS_ALOUD, never_asks),
    MISREAD(ACCEPT_IS_ALOUD, always_unasked),
    MISREAD(ACCEPT_IS_ALOUD, never_unasked),
    MISREAD(ACCEPT_IS_ALOUD, always_late),
    MISREAD(ACCEPT_IS_ALOUD, never_late),
    ANSWERS(RESPONSE_IS_LAST),
    MISREAD(RESPONSE_IS_LAST, always_persists),
    MISREAD(RESPONSE_IS_LAST, never_persists),
    MISREAD(RESPONSE_IS_LAST, always_discards),
    MISREAD(RESPONSE_IS_LAST, never_discards),
    MISREAD(RESPONSE_IS_LAST, always_owed),
    MISREAD(RESPONSE_IS_LAST, never_owed),
    MISREAD(RESPONSE_IS_LAST, always_close),
    MISREAD(RESPONSE_IS_LAST, never_close),
    ANSWERS(UPGRADE_IS_ASKED),
    MISREAD(UPGRADE_IS_ASKED, always_asks),
    MISREAD(UPGRADE_IS_ASKED, never_asks),
    MISREAD(UPGRADE_IS_ASKED, always_11),
    MISREAD(UPGRADE_IS_ASKED, always_10),
    MISREAD(UPGRADE_IS_ASKED, always_said),
    MISREAD(UPGRADE_IS_ASKED, never_said),
    MISREAD(FACTS, always_asks),
    MISREAD(FACTS, never_asks),
    MISREAD(FACTS, always_other),
    MISREAD(FACTS, never_other),
    MISREAD(FACTS, always_11),
    MISREAD(FACTS, always_10),
    MISREAD(FACTS, always_head),
    MISREAD(FACTS, never_head),
    MISREAD(FACTS, always_upgrade),
    MISREAD(FACTS, never_upgrade),
    MISREAD(FACTS, always_persists),
    MISREAD(FACTS, never_persists),
#define POLICY(bit, word, meaning)                                      \
  {"policy " word " is ALWAYS chosen", CHOSEN, NULL, ALWAYS, (bit), 0}, \
      {"policy " word " is NEVER chosen", CHOSEN, NULL, NEVER, (bit), 0},
#include "exchange/policies.def"
};
enum { DERIVATIONS = sizeof derivations / sizeof derivations[0] };

/* ---- the mutants -----------------------------------------------------------------------------------------
 */

struct mutant {
  char name[MUTANT_NAME];
  const struct e100_row *row; /* of the reference: it is changed */
  uint8_t next, action;       /* ... into this */
  const struct derivation *derivation;
  const struct e100_subject *subject; /* a faulty machine */
  bool may_live;                      /* it breaks no rule: no case has to notice it */
  struct killers killers;
};

enum { MUTANTS_LIMIT = 16384 };
struct mutants {
  unsigned count;
  struct mutant list[MUTANTS_LIMIT];
};

static struct mutant *add_mutant(struct mutants *mutants) {
  E100_CHECK(mutants->count < MUTANTS_LIMIT, "there is room for every mutant");
  struct mutant *mutant = &mutants->list[mutants->count++];
  memset(mutant, 0, sizeof *mutant);
  return mutant;
}

/* Each row that can be taken (the search shows which cannot), with each other state and each other action. */
static void add_rows(struct mutants *mutants) {
  const struct e100_table *table = &e100_origin_table;
  for (unsigned i = 0; i < ROWS; i++) {
    const struct e100_row *row = &table->rows[i];
    if (row->action == E100_DO_IMPOSSIBLE || e100_searched_origin.unreachable(row->state, row->event) != NULL)
      continue;
    for (unsigned next = 0; next < E100_ORIGIN_STATES; next++) {
      if (next == row->next)
        continue;
      struct mutant *mutant = add_mutant(mutants);
      mutant->row = row, mutant->next = (uint8_t)next, mutant->action = row->action;
      snprintf(mutant->name, sizeof mutant->name, "%s %s then %s", table->state_names[row->state],
               table->event_names[row->event], table->state_names[next]);
    }
    for (unsigned action = 0; action < E100_DO_IMPOSSIBLE; action++) {
      if (action == row->action)
        continue;
      struct mutant *mutant = add_mutant(mutants);
      mutant->row = row, mutant->next = row->next, mutant->action = (uint8_t)action;
      snprintf(mutant->name, sizeof mutant->name, "%s %s do %s", table->state_names[row->state],
               table->event_names[row->event], table->action_names[action]);
    }
  }
}

static void add_derivations(struct mutants *mutants) {
  for (unsigned i = 0; i < DERIVATIONS; i++) {
    if (derivations[i].derived == CHOSEN && derivations[i].from >= POLICIES_OF_SERVERS)
      continue; /* not for an origin server to choose */
    struct mutant *mutant = add_mutant(mutants);
    mutant->derivation = &derivations[i];
    snprintf(mutant->name, sizeof mutant->name, "%s", derivations[i].name);
  }
}

/* They are known to be noticed, or to break no rule (faults_test.c); here they show what a case is for. */
static void add_faults(struct mutants *mutants) {
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    if (fault->role != E100_ROLE_ORIGIN)
      continue;
    struct mutant *mutant = add_mutant(mutants);
    snprintf(mutant->name, sizeof mutant->name, "fault:%s", fault->name);
    mutant->subject = e100_subject_named(mutant->name, E100_ROLE_ORIGIN);
    mutant->may_live = fault->class_letter == 'Q';
  }
}

/* ---- playing them ----------------------------------------------------------------------------------------
 */

/* Rows that a machine took in the present play. */
static struct {
  unsigned count;
  bool took[ROWS];
} watched;

static void watch(const struct e100_table *table, const struct e100_row *row) {
  (void)table;
  watched.took[row->state * E100_ORIGIN_EVENTS + row->event] = true;
  if (++watched.count > STEPS_OF_A_MUTANT)
    abort(); /* it would go on for ever */
}

/* Which rows of the reference each case takes: no other case can notice that one of them is changed. */
struct reach {
  bool rows[CASES_LIMIT][ROWS];
};

static void find_reach(const struct corpus *corpus, struct reach *reach, struct e100_exchange *transcript) {
  for (unsigned i = 0; i < corpus->count; i++) {
    memset(&watched, 0, sizeof watched);
    if (corpus->cases[i].exchange.role == E100_ROLE_ORIGIN)
      E100_CHECK(e100_play(&corpus->cases[i].exchange, &e100_origin_subject_reference, transcript),
                 "the reference can be played");
    memcpy(reach->rows[i], watched.took, sizeof watched.took);
  }
}

/* Does playing a case against SUBJECT show that it is not the reference? */
static bool notices(const struct e100_exchange *exchange, const struct e100_subject *subject,
                    struct e100_exchange *transcript) {
  struct e100_verdict verdict;
  struct e100_outcome outcome = {0};
  struct e100_text differences = {0};
  watched.count = 0;
  if (!e100_play(exchange, subject, transcript))
    return true;
  e100_judge(transcript, &verdict);
  e100_breaches_of_verdict(transcript, &verdict, &outcome);
  uint32_t count = outcome.count;
  if (count == 0 && exchange->kind == E100_KIND_PLAY) {
    count += e100_compare_findings(exchange, transcript, &verdict.findings, &differences);
    count += e100_compare_conduct(exchange, transcript, &differences);
  }
  e100_text_free(&differences);
  return count > 0;
}

/* A machine for a mutant; it stays where it is while it is played. */
struct made {
  struct e100_row rows[ROWS];
  struct e100_table table;
  struct e100_variation variation;
  struct e100_subject subject;
};

static const struct e100_subject *make_mutant(const struct mutant *mutant, struct made *made) {
  if (mutant->subject != NULL)
    return mutant->subject;
  memset(made, 0, sizeof *made);
  memcpy(made->rows, e100_origin_table.rows, sizeof made->rows);
  made->table = e100_origin_table;
  made->table.rows = made->rows;
  derivation = mutant->derivation;
  if (mutant->row != NULL) {
    struct e100_row *row = &made->rows[mutant->row - e100_origin_table.rows];
    row->next = mutant->next;
    row->action = mutant->action;
    made->variation.events.table = &made->table;
  } else {
    made->variation = other_variations[mutant->derivation->derived];
  }
  made->subject = e100_origin_subject_reference;
  made->subject.name = mutant->name;
  made->subject.data = &made->variation;
  if (mutant->derivation != NULL && mutant->derivation->derived == CHOSEN)
    made->subject.open = open_with_other_policy;
  return &made->subject;
}

/* Where a process is that plays mutants; others see it, and go on from there if it ends too early. */
struct playing {
  unsigned mutant, next_case;
  struct mutants mutants;
};

static void play_on(struct playing *playing, const struct corpus *corpus, const struct reach *reach) {
  struct e100_exchange transcript;
  struct made made;
  e100_exchange_init(&transcript);
  for (; playing->mutant < playing->mutants.count; playing->mutant++, playing->next_case = 0) {
    struct mutant *mutant = &playing->mutants.list[playing->mutant];
    const struct e100_subject *subject = make_mutant(mutant, &made);
    while (playing->next_case < corpus->count && !noticed_enough(&mutant->killers)) {
      unsigned i = playing->next_case++;
      const struct e100_exchange *exchange = &corpus->cases[i].exchange;
      bool can = exchange->role == E100_ROLE_ORIGIN &&
                 (mutant->row == NULL || reach->rows[i][mutant->row - e100_origin_table.rows]);
      if (can && notices(exchange, subject, &transcript))
        notice_by(&mutant->killers, corpus, i);
    }
  }
  e100_exchange_free(&transcript);
}

/* As play_on, in a process of its own: a mutant may end it (an impossible event, a machine that goes on for
 * ever), and that is noticed, too. */
static void play_apart(struct playing *playing, const struct corpus *corpus, const struct reach *reach) {
  fflush(NULL);
  pid_t child = fork();
  E100_CHECK(child >= 0, "a process can be started");
  if (child == 0) {
    int nothing = open("/dev/null", O_WRONLY);
    if (nothing >= 0)
      dup2(nothing, STDERR_FILENO); /* what it says as it ends is of no interest */
    play_on(playing, corpus, reach);
    _exit(0);
  }
  int status = 0;
  E100_CHECK(waitpid(child, &status, 0) == child, "the process that was started ends");
  bool ended_early = playing->mutant < playing->mutants.count;
  E100_CHECK(ended_early || (WIFEXITED(status) && WEXITSTATUS(status) == 0),
             "a process ends early only while it plays a mutant");
  if (ended_early)
    notice_by(&playing->mutants.list[playing->mutant].killers, corpus, playing->next_case - 1);
}

/* Plays every mutant against the corpus, and settles its fate. */
static inline void try_machines(struct fates *fates) {
  static struct reach reach;
  struct playing *playing =
      mmap(NULL, sizeof *playing, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  E100_CHECK(playing != MAP_FAILED, "there is memory for the mutants");
  struct e100_exchange transcript;
  e100_exchange_init(&transcript);
  e100_origin_subject_watch(watch);
  find_reach(fates->corpus, &reach, &transcript);
  e100_exchange_free(&transcript);
  add_rows(&playing->mutants);
  add_derivations(&playing->mutants);
  add_faults(&playing->mutants);
  while (playing->mutant < playing->mutants.count)
    play_apart(playing, fates->corpus, &reach);
  e100_origin_subject_watch(NULL);
  for (unsigned i = 0; i < playing->mutants.count; i++) {
    const struct mutant *mutant = &playing->mutants.list[i];
    settle_fate(fates, mutant->name, &mutant->killers, mutant->may_live);
  }
  munmap(playing, sizeof *playing);
}

#endif
