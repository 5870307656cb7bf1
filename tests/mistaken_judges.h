/*
 * mistaken_judges.h - the judge with one predicate that overlooks a fact, or imagines one; and which cases
 * of kind judge notice: those in which its ruling finds something else than before.
 *
 * A predicate looks at few of the facts, so most of these judges are right all the same: none has to be
 * noticed. They show what a case is for: it may be the only one to tell two rulings apart.
 */
#ifndef E100_MISTAKEN_JUDGES_H
#define E100_MISTAKEN_JUDGES_H

#include <stddef.h>

#include "model/model.h"
#include "model/predicates.h"
#include "tests/mutation.h"

/* What is said of a request, of a response and of the connection: bits, and flags of their own. */
enum fact_kind {
  OF_REQUEST,
  OF_RESPONSE,
  OF_PROGRESS,
  OF_CLOSE,
  OF_ERRAND,
  OF_HEAD,
  OF_NOTES,
  OF_BEGINNING,
  OF_CONVERSATION,
  OF_ASKER,
  FACT_KINDS
};

struct fact {
  enum fact_kind kind;
  uint32_t bit; /* those before OF_CONVERSATION */
  size_t flag;  /* the others: where the bool is */
};

#define FLAG(name) \
  { OF_CONVERSATION, 0, offsetof(struct conversation, name) }
static const struct fact flags[] = {
    FLAG(seen_by_client), FLAG(client_half_closed), FLAG(client_gone),  FLAG(server_gone),
    FLAG(program_seen),   FLAG(head_begun),         FLAG(empty_line),   FLAG(sending),
    FLAG(moved_on),       FLAG(rejected),           FLAG(close_missed),
};

#define ASKER_FLAG(name) \
  { OF_ASKER, 0, offsetof(struct asker, name) }
static const struct fact asker_flags[] = {ASKER_FLAG(order_is_other), ASKER_FLAG(timed),
                                          ASKER_FLAG(waited_out),     ASKER_FLAG(stray),
                                          ASKER_FLAG(close_late),     ASKER_FLAG(stray_late)};

enum {
  ASKER_FLAGS = sizeof asker_flags / sizeof asker_flags[0],
  FLAGS = sizeof flags / sizeof flags[0],
  BITS = 32,
  FACT_COUNT = OF_CONVERSATION * BITS + FLAGS + ASKER_FLAGS,
  MISTAKES = 2 * FACT_COUNT, /* each is overlooked, or imagined */
  PREDICATES_LIMIT = 128
};

static struct fact fact_at(unsigned index) {
  if (index >= OF_CONVERSATION * BITS + FLAGS)
    return asker_flags[index - OF_CONVERSATION * BITS - FLAGS];
  if (index >= OF_CONVERSATION * BITS)
    return flags[index - OF_CONVERSATION * BITS];
  return (struct fact){(enum fact_kind)(index / BITS), UINT32_C(1) << index % BITS, 0};
}

/* Everything that a predicate looks at, to be changed. */
struct scene {
  struct judged judged;
  struct conversation conversation;
  struct head response, head;
  struct errand errand;
  struct asker asker;
};

/* REQUEST of FROM, in the copy TO. */
static struct request *moved(const struct request *request, const struct conversation *from,
                             struct conversation *to) {
  return request == NULL ? NULL : &to->remembered[request - from->remembered];
}

static void copy_scene(const struct judged *judged, struct scene *scene) {
  scene->judged = *judged;
  scene->conversation = *judged->c;
  scene->judged.c = &scene->conversation;
  scene->judged.request = moved(judged->request, judged->c, &scene->conversation);
  scene->judged.newest = moved(judged->newest, judged->c, &scene->conversation);
  if (judged->response != NULL) {
    scene->response = *judged->response;
    scene->judged.response = &scene->response;
  }
  if (judged->head != NULL) {
    scene->head = *judged->head;
    scene->judged.head = &scene->head;
  }
  if (judged->errand != NULL) {
    scene->errand = *judged->errand;
    scene->judged.errand = &scene->errand;
  }
  if (judged->asker != NULL) {
    scene->asker = *judged->asker;
    scene->judged.asker = &scene->asker;
  }
}

static void set_bit(uint32_t *bits, uint32_t bit, bool there) {
  *bits = there ? *bits | bit : *bits & ~bit;
}

/* The fact is there, or not, whatever was so. The newest request is meant where none waits. */
static void mistake(struct scene *scene, const struct fact *fact, bool there) {
  struct conversation *c = &scene->conversation;
  const struct request *meant = scene->judged.request != NULL ? scene->judged.request : scene->judged.newest;
  struct request *request = moved(meant, c, c);
  uint32_t close_due = c->close_due, begun_after = scene->asker.begun_after;
  if (fact->kind == OF_REQUEST && request != NULL)
    set_bit(&request->facts, fact->bit, there);
  else if (fact->kind == OF_PROGRESS && request != NULL)
    set_bit(&request->progress, fact->bit, there);
  else if (fact->kind == OF_RESPONSE && scene->judged.response != NULL)
    set_bit(&scene->response.facts, fact->bit, there);
  else if (fact->kind == OF_CLOSE)
    set_bit(&close_due, fact->bit, there);
  else if (fact->kind == OF_ERRAND)
    set_bit(&scene->errand.state, fact->bit, there);
  else if (fact->kind == OF_HEAD)
    set_bit(&scene->head.facts, fact->bit, there);
  else if (fact->kind == OF_NOTES)
    set_bit(&scene->head.notes, fact->bit, there);
  else if (fact->kind == OF_BEGINNING)
    set_bit(&begun_after, fact->bit, there);
  else if (fact->kind == OF_ASKER)
    memcpy((char *)&scene->asker + fact->flag, &there, sizeof there);
  else if (fact->kind == OF_CONVERSATION)
    memcpy((char *)c + fact->flag, &there, sizeof there);
  c->close_due = (uint8_t)close_due;
  scene->asker.begun_after = (uint16_t)begun_after;
}

/* By predicate, in the order in which they are heard of, and by mistake. */
static struct {
  unsigned count;
  const struct predicate *predicates[PREDICATES_LIMIT];
  struct killers killers[PREDICATES_LIMIT][MISTAKES];
  const struct corpus *corpus;
  unsigned present_case;
} mistaken;

static unsigned place_of(const struct predicate *predicate) {
  unsigned place = 0;
  while (place < mistaken.count && mistaken.predicates[place] != predicate)
    place++;
  E100_CHECK(place < PREDICATES_LIMIT, "there is room for every predicate");
  if (place == mistaken.count)
    mistaken.predicates[mistaken.count++] = predicate;
  return place;
}

static bool finds_the_same(enum ruling a, enum ruling b) {
  return (a < BROKEN && b < BROKEN) || a == b;
}

/* Tries every mistake on a ruling, and gives what the predicate gives. */
static enum ruling hear_mistaken(const struct predicate *predicate, const struct judged *judged) {
  enum ruling ruling = predicate->rules(judged);
  struct killers *killers = mistaken.killers[place_of(predicate)];
  struct scene scene;
  for (unsigned i = 0; i < MISTAKES; i++) {
    struct fact fact = fact_at(i / 2);
    copy_scene(judged, &scene);
    mistake(&scene, &fact, i % 2 != 0);
    if (!finds_the_same(ruling, predicate->rules(&scene.judged)))
      notice_by(&killers[i], mistaken.corpus, mistaken.present_case);
  }
  return ruling;
}

static inline void try_mistaken_judges(struct fates *fates) {
  memset(&mistaken, 0, sizeof mistaken);
  mistaken.corpus = fates->corpus;
  for (unsigned i = 0; i < fates->corpus->count; i++) {
    struct e100_verdict verdict;
    mistaken.present_case = i;
    if (fates->corpus->cases[i].exchange.kind == E100_KIND_JUDGE)
      judge_as_heard(&fates->corpus->cases[i].exchange, hear_mistaken, &verdict);
  }
  for (unsigned place = 0; place < mistaken.count; place++)
    for (unsigned i = 0; i < MISTAKES; i++) {
      char name[MUTANT_NAME];
      snprintf(name, sizeof name, "%s mistakes fact %u", e100_rule(mistaken.predicates[place]->rule)->id, i);
      settle_fate(fates, name, &mistaken.killers[place][i], true);
    }
}

#endif
