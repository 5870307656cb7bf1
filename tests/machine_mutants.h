/*
 * machine_mutants.h - the reference machines of all roles with one row of a table changed, or with an event
 * derived otherwise, or with a fault; and which cases notice. What differs from role to role is in
 * origin_mutants.h, client_mutants.h and proxy_mutants.h.
 */
#ifndef E100_MACHINE_MUTANTS_H
#define E100_MACHINE_MUTANTS_H

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults/client_variation.h"
#include "faults/faults.h"
#include "faults/proxy_variation.h"
#include "fuzz/checks.h"
#include "report/comparison.h"
#include "subjects/origin_subject.h"
#include "tests/mutation.h"

enum {
  ROWS_LIMIT = 512,         /* of a table */
  STEPS_OF_A_MUTANT = 20000 /* rows that a machine may take in one play; one that takes more hangs */
};

/* ---- events derived otherwise -------------------------------------------------------------------------- */

enum answer { AS_DERIVED, NEGATED, ALWAYS, NEVER };

struct derivation {
  const char *name;
  unsigned derived;              /* which function of the design, or FACTS, or CHOSEN */
  void (*misread)(void *inputs); /* changes what it is derived from; or NULL */
  enum answer answer;            /* changes what was derived: the last three */
  unsigned from, to;             /* of an event: this one becomes that one; CHOSEN: the bit of a policy */
};

/* The one that is in place, as the functions of a design get nothing but facts. */
static const struct derivation *derivation;

static bool answered(bool answer) {
  if (derivation->answer == AS_DERIVED)
    return answer;
  return derivation->answer == NEGATED ? !answer : derivation->answer == ALWAYS;
}

static unsigned other_event(unsigned event) {
  return derivation->misread == NULL && event == derivation->from ? derivation->to : event;
}

static struct e100_setup with_other_policy(const struct e100_setup *setup) {
  struct e100_setup other = *setup;
  uint32_t bit = UINT32_C(1) << derivation->from;
  other.policy = derivation->answer == ALWAYS ? other.policy | bit : other.policy & ~bit;
  return other;
}

#define MISREAD(of, input) \
  { #of " misreads " #input, of, input, AS_DERIVED, 0, 0 }
#define ANSWER(of, answer) \
  { #of " is " #answer, of, NULL, answer, 0, 0 }
#define ANSWERS(of) ANSWER(of, NEGATED), ANSWER(of, ALWAYS), ANSWER(of, NEVER)
#define CHOICES_OF(of, bit, word)                                     \
  {"policy " word " is ALWAYS chosen", of, NULL, ALWAYS, (bit), 0}, { \
    "policy " word " is NEVER chosen", of, NULL, NEVER, (bit), 0      \
  }

/* ---- the mutants -----------------------------------------------------------------------------------------
 */

struct mutant {
  char name[MUTANT_NAME];
  const struct e100_row *row; /* of the reference: it is changed */
  uint8_t next, action;       /* ... into this */
  const struct derivation *derivation;
  const struct e100_fault_data *fault;
  bool may_live; /* it breaks no rule: no case has to notice it */
  struct killers killers;
};

enum { MUTANTS_LIMIT = 16384 };
struct mutants {
  unsigned count;
  struct mutant list[MUTANTS_LIMIT];
};

/* A machine for a mutant; it stays where it is while it is played. */
struct made {
  struct e100_row rows[ROWS_LIMIT];
  struct e100_table table;
  union {
    struct e100_variation origin;
    struct e100_client_variation client;
    struct e100_proxy_variation proxy;
  } variation;
  struct e100_subject subject;
};

/* The machines of a role, or of two. */
struct mutated {
  const char *prefix; /* of the names of mutants, with a blank behind it; or "" */
  const struct e100_table *table;
  unsigned actions, impossible; /* the latter is the last action */
  const struct derivation *derivations;
  unsigned derivation_count;
  bool (*plays)(unsigned role);
  const struct e100_subject *(*reference)(unsigned role);
  /* Why nothing takes a row; NULL: it can be taken. */
  const char *(*unreachable)(unsigned state, unsigned event);
  void (*watch)(e100_row_watch *watch);
  /* Puts into MADE->variation what MUTANT has; into the subject only another `open`. */
  void (*vary)(const struct mutant *mutant, struct made *made);
};

static struct mutant *add_mutant(struct mutants *mutants) {
  E100_CHECK(mutants->count < MUTANTS_LIMIT, "there is room for every mutant");
  struct mutant *mutant = &mutants->list[mutants->count++];
  memset(mutant, 0, sizeof *mutant);
  return mutant;
}

static unsigned rows_of(const struct mutated *machine) {
  return (unsigned)machine->table->states * machine->table->events;
}

static bool can_be_taken(const struct mutated *machine, const struct e100_row *row) {
  return row->action != machine->impossible && machine->unreachable(row->state, row->event) == NULL;
}

static void add_row(struct mutants *mutants, const struct mutated *machine, const struct e100_row *row) {
  const struct e100_table *table = machine->table;
  for (unsigned next = 0; next < table->states; next++) {
    if (next == row->next)
      continue;
    struct mutant *mutant = add_mutant(mutants);
    mutant->row = row, mutant->next = (uint8_t)next, mutant->action = row->action;
    snprintf(mutant->name, sizeof mutant->name, "%s%s %s then %s", machine->prefix,
             table->state_names[row->state], table->event_names[row->event], table->state_names[next]);
  }
  for (unsigned action = 0; action < machine->impossible; action++) {
    if (action == row->action)
      continue;
    struct mutant *mutant = add_mutant(mutants);
    mutant->row = row, mutant->next = row->next, mutant->action = (uint8_t)action;
    snprintf(mutant->name, sizeof mutant->name, "%s%s %s do %s", machine->prefix,
             table->state_names[row->state], table->event_names[row->event], table->action_names[action]);
  }
}

/* Each row that can be taken, with each other state and each other action. */
static void add_rows(struct mutants *mutants, const struct mutated *machine) {
  for (unsigned i = 0; i < rows_of(machine); i++)
    if (can_be_taken(machine, &machine->table->rows[i]))
      add_row(mutants, machine, &machine->table->rows[i]);
}

static void add_derivations(struct mutants *mutants, const struct mutated *machine) {
  for (unsigned i = 0; i < machine->derivation_count; i++) {
    struct mutant *mutant = add_mutant(mutants);
    mutant->derivation = &machine->derivations[i];
    snprintf(mutant->name, sizeof mutant->name, "%s%s", machine->prefix, machine->derivations[i].name);
  }
}

/* They are known to be noticed, or to break no rule (faults_test.c); here they show what a case is for. */
static void add_faults(struct mutants *mutants, const struct mutated *machine) {
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    if (!machine->plays(fault->role))
      continue;
    struct mutant *mutant = add_mutant(mutants);
    snprintf(mutant->name, sizeof mutant->name, "fault:%s", fault->name);
    mutant->fault = fault;
    mutant->may_live = fault->class_letter == 'Q';
  }
}

/* ---- playing them ----------------------------------------------------------------------------------------
 */

/* Rows that a machine took in the present play. */
static struct {
  unsigned count;
  bool took[ROWS_LIMIT];
} watched;

static void watch(const struct e100_table *table, const struct e100_row *row) {
  watched.took[row->state * table->events + row->event] = true;
  if (++watched.count > STEPS_OF_A_MUTANT)
    abort(); /* it would go on for ever */
}

/* Which rows of the reference each case takes: no other case can notice that one of them is changed. */
struct reach {
  bool rows[CASES_LIMIT][ROWS_LIMIT];
};

static void find_reach(const struct mutated *machine, const struct corpus *corpus, struct reach *reach,
                       struct e100_exchange *transcript) {
  for (unsigned i = 0; i < corpus->count; i++) {
    const struct e100_exchange *exchange = &corpus->cases[i].exchange;
    memset(&watched, 0, sizeof watched);
    if (machine->plays(exchange->role))
      E100_CHECK(e100_play(exchange, machine->reference(exchange->role), transcript),
                 "the reference can be played");
    memcpy(reach->rows[i], watched.took, sizeof watched.took);
  }
}

/* Every row that can be taken is taken by some case: gives how many are not. */
static unsigned rows_without_a_case(const struct mutated *machine, const struct corpus *corpus,
                                    const struct reach *reach) {
  unsigned wrong = 0;
  for (unsigned row = 0; row < rows_of(machine); row++) {
    const struct e100_row *of = &machine->table->rows[row];
    bool taken = !can_be_taken(machine, of);
    for (unsigned i = 0; i < corpus->count && !taken; i++)
      taken = reach->rows[i][row];
    if (taken)
      continue;
    printf("no case takes: %s%s %s\n", machine->prefix, machine->table->state_names[of->state],
           machine->table->event_names[of->event]);
    wrong++;
  }
  return wrong;
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

/* MUTANT for ROLE. */
static const struct e100_subject *make_mutant(const struct mutated *machine, const struct mutant *mutant,
                                              unsigned role, struct made *made) {
  if (mutant->fault != NULL)
    return e100_subject_named(mutant->name, (enum e100_role)role);
  memset(made, 0, sizeof *made);
  memcpy(made->rows, machine->table->rows, rows_of(machine) * sizeof made->rows[0]);
  made->table = *machine->table;
  made->table.rows = made->rows;
  derivation = mutant->derivation;
  if (mutant->row != NULL) {
    struct e100_row *row = &made->rows[mutant->row - machine->table->rows];
    row->next = mutant->next;
    row->action = mutant->action;
  }
  made->subject = *machine->reference(role);
  made->subject.name = mutant->name;
  made->subject.data = &made->variation;
  machine->vary(mutant, made);
  return &made->subject;
}

/* Where a process is that plays mutants; others see it, and go on from there if it ends too early. */
struct playing {
  unsigned mutant, next_case;
  struct mutants mutants;
};

static bool can_notice(const struct mutated *machine, const struct reach *reach, unsigned number,
                       const struct mutant *mutant) {
  return mutant->row == NULL || reach->rows[number][mutant->row - machine->table->rows];
}

static void play_on(const struct mutated *machine, struct playing *playing, const struct corpus *corpus,
                    const struct reach *reach) {
  static struct made made;
  struct e100_exchange transcript;
  e100_exchange_init(&transcript);
  for (; playing->mutant < playing->mutants.count; playing->mutant++, playing->next_case = 0) {
    struct mutant *mutant = &playing->mutants.list[playing->mutant];
    while (playing->next_case < corpus->count && !noticed_enough(&mutant->killers)) {
      unsigned i = playing->next_case++;
      const struct e100_exchange *exchange = &corpus->cases[i].exchange;
      if (!machine->plays(exchange->role) || !can_notice(machine, reach, i, mutant))
        continue;
      const struct e100_subject *subject = make_mutant(machine, mutant, exchange->role, &made);
      if (subject != NULL && notices(exchange, subject, &transcript))
        notice_by(&mutant->killers, corpus, i);
    }
  }
  e100_exchange_free(&transcript);
}

/* As play_on, in a process of its own: a mutant may end it (an impossible event, a machine that goes on for
 * ever), and that is noticed, too. */
static void play_apart(const struct mutated *machine, struct playing *playing, const struct corpus *corpus,
                       const struct reach *reach) {
  fflush(NULL);
  pid_t child = fork();
  E100_CHECK(child >= 0, "a process can be started");
  if (child == 0) {
    int nothing = open("/dev/null", O_WRONLY);
    if (nothing >= 0)
      dup2(nothing, STDERR_FILENO); /* what it says as it ends is of no interest */
    play_on(machine, playing, corpus, reach);
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

/* Plays every mutant of MACHINE against the corpus, and settles its fate. */
static inline void try_machine(const struct mutated *machine, struct fates *fates) {
  static struct reach reach;
  struct playing *playing =
      mmap(NULL, sizeof *playing, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  E100_CHECK(playing != MAP_FAILED, "there is memory for the mutants");
  E100_CHECK(rows_of(machine) <= ROWS_LIMIT, "there is room for every row");
  struct e100_exchange transcript;
  e100_exchange_init(&transcript);
  machine->watch(watch);
  find_reach(machine, fates->corpus, &reach, &transcript);
  e100_exchange_free(&transcript);
  fates->wrong += rows_without_a_case(machine, fates->corpus, &reach);
  add_rows(&playing->mutants, machine);
  add_derivations(&playing->mutants, machine);
  add_faults(&playing->mutants, machine);
  while (playing->mutant < playing->mutants.count)
    play_apart(machine, playing, fates->corpus, &reach);
  machine->watch(NULL);
  for (unsigned i = 0; i < playing->mutants.count; i++) {
    const struct mutant *mutant = &playing->mutants.list[i];
    settle_fate(fates, mutant->name, &mutant->killers, mutant->may_live);
  }
  munmap(playing, sizeof *playing);
}

#endif
