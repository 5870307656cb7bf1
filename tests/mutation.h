/*
 * mutation.h - what became of mutants: machines and judges with one thing changed, which the corpus is to
 * notice.
 *
 * A case notices a mutant where `expect100 replay` or the checks of a target would: a finding, a status, an
 * ending or a word to the application is not what the case says; a violation of the subject; or the process
 * ends. That something merely happens otherwise than in the reference is not enough.
 */
#ifndef E100_MUTATION_H
#define E100_MUTATION_H

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/corpus_folder.h"

enum {
  CASES_LIMIT = 4096, /* cases that there is room for */
  MUTANT_NAME = 96    /* octets of a mutant's name, with the closing NUL */
};

/* ---- the corpus, decoded once ------------------------------------------------------------------------- */

struct corpus_case {
  char *name; /* below the corpus folder: "cases/origin/ok-100-after-asking.case" */
  struct e100_exchange exchange;
};

struct corpus {
  unsigned count;
  struct corpus_case cases[CASES_LIMIT];
};

static inline void keep_case(void *user, const char *path, const struct e100_exchange *exchange) {
  struct corpus *corpus = user;
  E100_CHECK(corpus->count < CASES_LIMIT, "there is room for every case of the corpus");
  struct corpus_case *kept = &corpus->cases[corpus->count++];
  kept->name = strdup(path + sizeof E100_TEST_SOURCE "/corpus/" - 1);
  e100_exchange_init(&kept->exchange);
  e100_exchange_copy(&kept->exchange, exchange);
}

static inline void load_corpus(struct corpus *corpus) {
  corpus->count = 0;
  corpus_each_case(keep_case, corpus);
}

static inline void free_corpus(struct corpus *corpus) {
  for (unsigned i = 0; i < corpus->count; i++) {
    free(corpus->cases[i].name);
    e100_exchange_free(&corpus->cases[i].exchange);
  }
}

/* ---- fates -------------------------------------------------------------------------------------------- */

/* The cases of a role have to be the only one of their kind that notices something, or say why they stay.
 * Those of other folders stay for what they are: public bugs, what campaigns found. */
static inline bool is_of_a_role(const struct corpus_case *one) {
  static const char folder[] = "cases/";
  for (unsigned role = 0; role < E100_ROLE_COUNT; role++) {
    const char *name = e100_role_name(role);
    const char *at = one->name + sizeof folder - 1;
    if (strncmp(one->name, folder, sizeof folder - 1) == 0 && strncmp(at, name, strlen(name)) == 0 &&
        at[strlen(name)] == '/')
      return true;
  }
  return false;
}

/* Who notices a mutant. */
struct killers {
  unsigned first; /* the first case */
  unsigned count; /* of those of a role: 2 for more */
  bool any;
};

/* More need not be known of them: no case is the only one. */
static inline bool noticed_enough(const struct killers *killers) {
  return killers->count >= 2;
}

/* The case INDEX notices; each only once. */
static inline void notice_by(struct killers *killers, const struct corpus *corpus, unsigned index) {
  if (noticed_enough(killers) || (killers->any && killers->first == index))
    return;
  bool counts = is_of_a_role(&corpus->cases[index]);
  if (!killers->any || (counts && killers->count == 0))
    killers->first = index;
  killers->any = true;
  killers->count += counts;
}

/* Mutants that behave as no exchange can show, by a pattern of their names, and why. */
struct equivalent {
  const char *pattern;
  const char *why;
};

enum { EQUIVALENTS_LIMIT = 256 };

struct fates {
  const struct corpus *corpus;
  const struct equivalent *equivalents;
  unsigned equivalent_count;
  unsigned matched[EQUIVALENTS_LIMIT]; /* by equivalent: mutants that it speaks of */
  unsigned mutants, noticed, wrong;
  unsigned only[CASES_LIMIT]; /* by case: mutants that it alone notices */
};

static inline int equivalent_of(const struct fates *fates, const char *mutant) {
  for (unsigned i = 0; i < fates->equivalent_count; i++)
    if (fnmatch(fates->equivalents[i].pattern, mutant, 0) == 0)
      return (int)i;
  return -1;
}

/* Takes note of a mutant. One that nobody notices is to be listed, and one that is listed is not to be
 * noticed. MAY_LIVE: it breaks no rule, and need not be noticed at all. */
static inline void settle_fate(struct fates *fates, const char *mutant, const struct killers *killers,
                               bool may_live) {
  int listed = equivalent_of(fates, mutant);
  fates->mutants++;
  fates->noticed += killers->any;
  if (listed >= 0)
    fates->matched[listed]++;
  if (killers->count == 1)
    fates->only[killers->first]++;
  if (killers->any && listed >= 0) {
    printf("%s is listed as an equivalent (%s), and %s notices it\n", mutant,
           fates->equivalents[listed].pattern, fates->corpus->cases[killers->first].name);
    fates->wrong++;
  }
  if (!killers->any && listed < 0 && !may_live) {
    printf("no case notices: %s\n", mutant);
    fates->wrong++;
  }
}

/* Each line of the list speaks of some mutant. */
static inline void check_equivalents(struct fates *fates) {
  for (unsigned i = 0; i < fates->equivalent_count; i++) {
    if (fates->matched[i] > 0)
      continue;
    printf("there is no mutant \"%s\", which is listed as an equivalent\n", fates->equivalents[i].pattern);
    fates->wrong++;
  }
}

#endif
