/*
 * searched.h - what a search sees of what it searches: a product, which is a machine, what its caller keeps
 * for it, the others, and what the model has seen of their conversation. One for each role.
 *
 * A product is plain data: a copy of its extent is a snapshot.
 */
#ifndef E100_SEARCHED_H
#define E100_SEARCHED_H

#include "machine/engine.h"
#include "model/model.h"
#include "search/search_policies.h"

/* Who looks on while something happens. */
struct e100_search_watch {
  void *user;
  /* The machine took a row of its table. */
  void (*row)(void *user, const struct e100_row *row);
  /* A step took place. Called in their order, right before VIEW learns of it. */
  void (*step)(void *user, const struct e100_view *view, const struct e100_step *step, const uint8_t *octets);
  struct e100_findings *findings; /* of the model, about this token: set anew */
};

enum e100_happening {
  E100_CANNOT_HAPPEN, /* now: the product is as it was */
  E100_IS_REJECTED,   /* the machine rejected a decision of the application: nothing took place */
  E100_HAPPENS
};

/* What the form of a product is made of; another one tries whether comparing notices. */
typedef size_t e100_product_form_fn(const void *product, uint8_t *out);

struct e100_answer_kinds; /* answers.h */

/* What is bounded. */
struct e100_bounds {
  const char *text; /* lines that say it, for people */
  uint8_t connections;
  uint8_t clients;   /* connections of different clients: 0 where there is one client only */
  uint8_t under_way; /* requests of a connection that wait for their final response */
  uint8_t requests;  /* of a conversation; 0: any number */
  uint8_t heads;     /* of the alphabet */
};

struct e100_searched {
  uint8_t role;                   /* enum e100_role */
  uint8_t tokens;                 /* of the alphabet, numbered from 0 */
  uint32_t room;                  /* octets of a product */
  uint32_t form_room;             /* octets of a form, at most */
  const struct e100_table *table; /* the reference's; another one has as many states and events */
  struct e100_bounds bounds;
  const struct e100_answer_kinds *answers; /* NULL: what is permitted and never done is not looked at */
  const struct e100_policies *policies;    /* whose sets are searched */

  /* A new conversation. DESIGN, of the role's machine, stays the caller's and must outlive the product. */
  void (*init)(void *product, const void *design, uint32_t policy);
  /* How many octets of a product are in use; the same for each of one search. */
  size_t (*extent)(const void *product);
  const struct e100_view *(*view)(const void *product);
  /* The exchange that a conversation is written down in, empty, with its links. */
  void (*exchange)(struct e100_exchange *exchange);
  /* Whether TOKEN can happen now, and the step that it is, with its octets, valid until the next call. */
  bool (*step)(const void *product, unsigned token, struct e100_step *step, const uint8_t **octets);
  /* Lets TOKEN happen. After E100_IS_REJECTED only rows were told; the product is as it was but for its
   * machine's note of the rejection. */
  enum e100_happening (*happens)(void *product, unsigned token, const struct e100_search_watch *watch);
  /* Everything of PRODUCT but its view that can influence what happens later; how many octets. Two products
   * with equal forms whose views have equal forms (e100_view_canonical) go on alike whatever happens. */
  e100_product_form_fn *form;
  /* The links (a set of bits) that are closed: nothing comes on them until they are opened again. */
  uint32_t (*closed)(const void *product);
  /* The links (a set of bits) on which somebody is there who hears what the machine says next; asked for
   * with `answers` only. */
  uint32_t (*heard)(const void *product);
  /* "asks", "first part of: asks": for people. */
  const char *(*words)(unsigned token);
  /* Whether an exchange has words for a token; NULL: for each. */
  bool (*plays)(unsigned token);
  /* Why nothing takes the row of STATE and EVENT, though it says what would happen; NULL: it can be taken.
   * NULL itself where the search is not for rows: another one of the role is. */
  const char *(*unreachable)(unsigned state, unsigned event);
};

/* What is searched, from 0 on; NULL past the last. */
const struct e100_searched *e100_searched_at(size_t index);

/* The search of ROLE that is for the rows of its table; NULL where no search has the role. */
const struct e100_searched *e100_searched_of(enum e100_role role);

#endif
