/* watching.h - looks on while a token happens, for searches of every kind: is anything wrong? */
#ifndef E100_WATCHING_H
#define E100_WATCHING_H

#include "search/answers.h"
#include "search/search.h"

struct e100_watching {
  const struct e100_searched *searched;
  void *user;
  void (*row)(void *user, const struct e100_row *row);
  /* ANSWERS meets a situation in which something is fresh. */
  void (*situation)(void *user, struct e100_answered *situation);
  struct e100_answers *answers;     /* NULL: answers are not looked at */
  const struct e100_rule_set *only; /* what is wrong is a breach of one of these; NULL: of any, or anything */
  struct e100_rule_set *rules;      /* those that are decided are added */
  const void *product;              /* while a token happens */
  bool not_permitted;               /* a response was given that the model as an acceptor does not permit */
  struct e100_findings findings;
};

/* As the product's `happens`; sets *WRONG to what is wrong with it. */
enum e100_happening e100_watching_happens(struct e100_watching *watching, void *product, unsigned token,
                                          enum e100_search_wrong *wrong);

/* PRODUCT is a state that was not there before; VIEW is the hash of its view's form. */
void e100_watching_arrives(struct e100_watching *watching, const void *product,
                           const struct e100_state_hash *view);

#endif
