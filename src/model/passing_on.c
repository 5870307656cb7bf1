/*
 * passing_on.c - what each step means for somebody who passes requests on.
 */
#include "model/passing_on.h"

#include <string.h>

#include "model/errands.h"
#include "model/hash.h"

bool is_intermediary(uint8_t party) {
  return party == E100_PROXY || party == E100_GATEWAY;
}

enum ruling others_version(const struct asker *asker, unsigned came, unsigned sent) {
  if (sent > 1)
    return BROKEN;
  if (sent == 1 || came != sent || (asker->versions & SENT_11) == 0)
    return KEPT;
  return (asker->versions & (SENT_11_FOR_10 | SHOWN_TO_BE_OLD)) != 0 ? OPEN : BROKEN;
}

void version_counts(struct asker *asker, unsigned came, unsigned sent) {
  if (sent > 0)
    asker->versions |= came > 0 ? SENT_11 : SENT_11_FOR_10;
}

/* ---- which request is which -------------------------------------------------------------------------- */

static bool is_same(const struct errand *a, const struct errand *b) {
  if (a->mark != 0 && b->mark != 0)
    return a->mark == b->mark;
  return asks_the_same(a, b);
}

/* How sure it is that A and B, which are the same, are one request: by their marks, not only by method and
 * path; and by all of it, since nothing keeps a client from giving two requests one mark. */
enum likeness { UNLIKE, BY_METHOD_AND_PATH, BY_MARK, BY_ALL };

static enum likeness likeness_of(const struct errand *a, const struct errand *b) {
  if (a->mark == 0 || a->mark != b->mark)
    return BY_METHOD_AND_PATH;
  return asks_the_same(a, b) ? BY_ALL : BY_MARK;
}

/* The best that was found so far, and whether there were several. */
struct search {
  struct errand *errand;
  uint32_t link, number;
  bool several;
  enum likeness likeness; /* UNLIKE: nothing was found */
};

static void consider(struct search *found, const struct search *other) {
  if (found->likeness > other->likeness)
    return;
  bool equal = found->likeness == other->likeness;
  if (!equal || found->errand->serial > other->errand->serial)
    *found = *other;
  found->several |= equal;
}

/* The oldest request of LINK that is the same and was not passed on yet; with the same mark, where there is
 * one. */
static void look_on_link(struct view *v, uint32_t link, const struct errand *errand, struct search *found) {
  const struct conversation *c = &v->conversations[link];
  struct asker *asker = asker_of(v, link);
  struct search oldest = {0};
  for (uint32_t number = c->first; number < c->requests; number++) {
    struct errand *other = &asker->errands[number % REMEMBERED_LIMIT];
    const struct request *r = request_at(c, number);
    if (r == NULL || other->sent_as.match != NO_MATCH || (r->progress & FINAL_SENT) != 0 ||
        !is_same(other, errand))
      continue;
    enum likeness likeness = likeness_of(other, errand);
    if (likeness > oldest.likeness)
      oldest = (struct search){other, link, number, false, likeness};
  }
  if (oldest.errand != NULL)
    consider(found, &oldest);
}

/* The oldest request of LINK that is the same, was not passed on yet, and whose client has gone since: it may
 * have waited for its turn. */
static void look_among_the_gone(struct view *v, uint32_t link, const struct errand *errand,
                                struct search *found) {
  const struct conversation *c = &v->conversations[link];
  struct asker *asker = asker_of(v, link);
  uint32_t first = c->first > REMEMBERED_LIMIT ? c->first - REMEMBERED_LIMIT : 0;
  for (uint32_t number = first; number < c->first; number++) {
    struct errand *other = &asker->errands[number % REMEMBERED_LIMIT];
    if (other->serial == 0 || other->number != number || other->sent_as.match != NO_MATCH ||
        other->final != 0 || !is_same(other, errand) || found->likeness > likeness_of(other, errand))
      continue;
    found->several = true;
    if (found->errand == NULL)
      *found = (struct search){other, link, number, true, likeness_of(other, errand)};
    return;
  }
}

/* The request of which ERRAND is another attempt. */
static void look_for_first_attempt(struct view *v, const struct conversation *c, const struct errand *errand,
                                   struct search *found) {
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].server == c->client; i++) {
      struct errand *other = &asker_of(v, link)->errands[i];
      bool newer = found->errand == NULL || other->serial > found->errand->serial;
      if (other->sent_as.match != NO_MATCH && is_same(other, errand) && newer)
        *found = (struct search){other, link, other->number, false, likeness_of(other, errand)};
    }
}

/* A request like ERRAND was passed on, and nobody can tell whether it was this one. */
static bool may_be_another(const struct view *v, uint8_t party, const struct errand *errand) {
  for (uint32_t link = 0; errand != NULL && link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].server == party; i++) {
      const struct errand *other = &asker_at(v, link)->errands[i];
      if (other->sent_as.match == MAY_MATCH && is_same(other, errand))
        return true;
    }
  return false;
}

void match_request(struct view *v, uint32_t link, uint32_t number, struct errand *errand) {
  const struct conversation *c = &v->conversations[link];
  struct search found = {0};
  for (uint32_t other = 0; other < v->link_count; other++)
    if (v->conversations[other].server == c->client)
      look_on_link(v, other, errand, &found);
  for (uint32_t other = 0; other < v->link_count; other++)
    if (v->conversations[other].server == c->client)
      look_among_the_gone(v, other, errand, &found);
  if (found.errand == NULL) {
    look_for_first_attempt(v, c, errand, &found);
    errand->state |= found.errand != NULL ? IS_REPEAT : 0;
  }
  if (found.errand == NULL)
    return;
  /* Where one of them was perhaps another, so is each that is left. */
  found.several |= found.likeness < BY_MARK && may_be_another(v, c->client, errand);
  uint8_t match = (uint8_t)(found.several ? MAY_MATCH : IS_MATCH);
  errand->came_as = (struct tie){.match = match, .link = (uint8_t)found.link, .number = found.number};
  found.errand->sent_as = (struct tie){.match = match, .link = (uint8_t)link, .number = number};
  found.errand->passed = 0;
}

static void came_back_to(struct conversation *c, uint32_t number, uint16_t status) {
  if (request_at(c, number) == NULL)
    return;
  struct request *r = &c->remembered[number % REMEMBERED_LIMIT];
  if (status == 100)
    r->hundreds_back = (uint8_t)(r->hundreds_back + (r->hundreds_back < UINT8_MAX));
  else
    r->relayed = status;
}

void came_back(struct view *v, const struct errand *errand, uint16_t status) {
  const struct tie *tie = &errand->came_as;
  const uint8_t between = v->conversations[tie->link].server;
  if (tie->match == NO_MATCH)
    return;
  if (tie->match == IS_MATCH) {
    came_back_to(&v->conversations[tie->link], tie->number, status);
    return;
  }
  for (uint32_t link = 0; link < v->link_count; link++) {
    struct conversation *c = &v->conversations[link];
    for (uint32_t number = c->first; number < c->requests && c->server == between; number++)
      if (is_same(&asker_of(v, link)->errands[number % REMEMBERED_LIMIT], errand))
        came_back_to(c, number, status);
  }
}

void add_peer(struct judged *event) {
  const struct tie *tie = event->errand == NULL ? NULL : tie_of(event);
  if (tie == NULL || tie->match == NO_MATCH)
    return;
  const struct errand *peer = &asker_at(event->view, tie->link)->errands[tie->number % REMEMBERED_LIMIT];
  if (peer->number != tie->number || peer->serial == 0)
    return; /* forgotten */
  event->peer_c = &event->view->conversations[tie->link];
  event->peer_errand = peer;
  event->peer = request_at(event->peer_c, tie->number);
}

static bool is_attempt_for(const struct judged *event, const struct errand *errand) {
  const struct tie *tie = &errand->came_as;
  return errand->serial != 0 && tie->match != NO_MATCH && tie->number == event->errand->number &&
         &event->view->conversations[tie->link] == event->c;
}

bool any_attempt_got(const struct judged *event, uint16_t status, bool content) {
  const struct view *v = event->view;
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == event->actor; i++) {
      const struct errand *errand = &asker_at(v, link)->errands[i];
      bool has_content = (errand->facts & HEAD_CHUNKED) != 0 || errand->length > 0;
      if (is_attempt_for(event, errand) && errand->final == status && (has_content || !content))
        return true;
    }
  return false;
}

bool any_attempt_has(const struct judged *event, uint16_t status, uint64_t octets, bool whole) {
  const struct view *v = event->view;
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == event->actor; i++) {
      const struct errand *errand = &asker_at(v, link)->errands[i];
      bool ended = (errand->state & RESPONSE_WHOLE) != 0;
      if (is_attempt_for(event, errand) && errand->final == status && errand->came >= octets &&
          (ended || !whole))
        return true;
    }
  return false;
}

bool is_own_100(const struct judged *event, const struct head *response) {
  bool held_back = event->request != NULL && event->request->hundreds_back > 0; /* until now */
  return response->status == 100 && !event->relayed && !held_back;
}

/* ---- content -----------------------------------------------------------------------------------------
 */

/* The place among the sums of who has read OCTETS, or START_SUMS. */
static unsigned place_of(uint64_t octets) {
  unsigned place = 0;
  while (place < START_SUMS && octets != (uint64_t)16 << 2 * place)
    place++;
  return place;
}

void content_comes(struct errand *errand, uint64_t at, const uint8_t *octets, uint64_t length) {
  for (uint64_t i = 0; i < length && at + i < FIRST_OCTETS; i++)
    errand->first[at + i] = octets[i];
  for (uint64_t i = 0; i < length; i++) {
    errand->came_sum = hash_octet(errand->came_sum, octets[i]);
    if (place_of(at + i + 1) < START_SUMS)
      errand->start_sum[place_of(at + i + 1)] = errand->came_sum;
  }
}

/* The content of the request before the head that is being sent was left out, and came before. */
static bool lost_content(const struct judged *event) {
  const struct errand *errand = event->errand;
  return event->peer != NULL && errand->came_as.match == IS_MATCH &&
         event->request->content == CONTENT_NONE && has_content(event->peer) && !event->asker->order_is_other;
}

void head_may_be_content(const struct judged *event, struct asker *asker, const uint8_t *octets,
                         size_t length) {
  if (asker->head_octets == 0)
    asker->head_is_content = lost_content(event);
  if (event->peer == NULL) /* it is forgotten since: its connection was opened anew, amid this head */
    asker->head_is_content = false;
  for (size_t i = 0; i < length && asker->head_is_content; i++) {
    asker->head_octets++;
    asker->head_sum = hash_octet(asker->head_sum, octets[i]);
    unsigned place = place_of(asker->head_octets);
    bool there = asker->head_octets <= event->peer->arrived;
    bool differs = place < START_SUMS && event->peer_errand->start_sum[place] != asker->head_sum;
    bool ends_so =
        asker->head_octets != event->peer->arrived || event->peer_errand->came_sum == asker->head_sum;
    asker->head_is_content = there && !differs && ends_so;
  }
}

bool head_was_content(const struct asker *asker, const struct errand *errand) {
  return asker->head_is_content && asker->head_octets >= 16 && errand->came_as.match == NO_MATCH;
}

/* The first octets that are sent, or go on, are not the first that came. */
static bool begins_otherwise(const struct judged *event, const uint8_t *octets) {
  for (uint64_t i = 0; i < event->octets; i++) {
    uint64_t place = event->request->arrived + i;
    if (place >= FIRST_OCTETS || place >= event->peer->arrived)
      return false;
    if (event->peer_errand->first[place] != octets[i])
      return true;
  }
  return false;
}

bool is_foreign(const struct judged *event, const uint8_t *octets) {
  if (!is_intermediary(event->actor) || event->peer == NULL || event->peer->content == CONTENT_BROKEN)
    return false;
  bool as_long = event->errand->length == event->peer_errand->length;
  bool refused = (event->request->progress & FINAL_SENT) != 0;
  if (as_long && refused && begins_otherwise(event, octets))
    return true;
  bool beyond = event->request->arrived + event->octets > event->peer->arrived;
  return beyond && (event->peer->arrived == 0 || as_long);
}

bool has_content(const struct request *r) {
  return r->content != CONTENT_NONE && r->content != CONTENT_BROKEN;
}

bool keeps_content(const struct judged *event) {
  const struct conversation *c = event->peer_c;
  const struct request *came = event->request, *sent = event->peer;
  bool whole = (came->progress & REQUEST_COMPLETE) != 0 && has_content(came);
  bool owed =
      (sent->progress & (REQUEST_COMPLETE | CONTENT_IS_BROKEN | FINAL_SENT)) == 0 && has_content(sent);
  bool open = !c->server_gone && !c->client_gone && !c->client_half_closed && !c->blurred;
  bool waits = (sent->facts & HEAD_ASKS) != 0 && sent->hundreds == 0 && sent->arrived == 0;
  return whole && owed && open && !waits;
}

/* ---- responses ------------------------------------------------------------------------------------------
 */

static struct judged passing_event(const struct conversation *c, enum event event, uint32_t number,
                                   const struct court *court) {
  struct judged judged = {.event = event, .actor = c->server, .c = c, .view = court->view};
  judged.asker = asker_at(court->view, court->link);
  judged.newest = newest_request(c);
  judged.request = number == NO_REQUEST ? NULL : request_at(c, number);
  judged.number = number == NO_REQUEST ? c->requests : number + 1;
  if (judged.request != NULL)
    judged.errand = &judged.asker->errands[number % REMEMBERED_LIMIT];
  add_peer(&judged);
  return judged;
}

/* The interim response with STATUS is the next one that came back; behind those that are remembered, it may
 * be. */
static bool is_next_interim(const struct judged *event, uint16_t status) {
  const struct errand *theirs = event->peer_errand;
  if (theirs != NULL && theirs->interims > INTERIMS_LIMIT && event->errand->passed >= INTERIMS_LIMIT)
    return true;
  if (theirs == NULL || event->errand->passed >= theirs->interims)
    return false;
  return theirs->interim[event->errand->passed] + 100 == status;
}

bool is_final_passed_on(const struct errand *theirs, uint16_t status) {
  const uint32_t unusable =
      BAD_HEAD_CAME | CODING_CAME | BAD_RESPONSE | NO_RESPONSE | RESPONSE_CUT | RARE_HEAD_CAME | IS_LONG;
  if (theirs == NULL || theirs->final != status)
    return false;
  return (status != 502 && status != 504) || (theirs->state & unusable) == 0;
}

enum ruling asks_by_itself(const struct errand *ours, const struct errand *theirs) {
  const uint32_t parts = NOTE_PART_IS_100 | NOTE_PARTS_ARE_100;
  if ((ours->facts & HEAD_ASKS) != 0 || (theirs->facts & (HEAD_ASKS | HEAD_MAY_ASK)) == 0)
    return BROKEN;
  if ((ours->facts & HEAD_MAY_ASK) == 0)
    return (theirs->facts & HEAD_ASKS) != 0 ? KEPT : OPEN;
  bool as_it_came = (theirs->facts & HEAD_MAY_ASK) != 0 && (ours->notes & parts) == (theirs->notes & parts) &&
                    (ours->notes & NOTE_PARTS_ARE_100) == 0;
  return as_it_came ? BROKEN : OPEN;
}

bool is_asked_again(const struct judged *event) {
  return (event->peer_errand->state & IS_REPEAT) != 0 && (event->peer_errand->facts & HEAD_ASKS) != 0 &&
         event->request->hundreds > 0;
}

/* A 100 that whoever passes on has asked for, or sent before it came, is not sent on: what follows is next.
 */
static void pass_over_100s(const struct judged *event, struct errand *errand, uint16_t status) {
  const struct errand *theirs = event->peer_errand;
  bool own =
      (errand->state & OWN_100) != 0 || is_asked_again(event) || asks_by_itself(errand, theirs) != BROKEN;
  while (own && status != 100 && errand->passed < theirs->interims && errand->passed < INTERIMS_LIMIT &&
         theirs->interim[errand->passed] == 0)
    errand->passed++;
}

static void relay_counts(const struct judged *event, const struct head *response, struct view *v,
                         uint32_t link, struct errand *errand) {
  bool interim = is_interim(response) && response->status != 101;
  if (!interim) {
    struct asker *asker = asker_of(v, link);
    if (response->minor > 0 && (event->request->facts & HEAD_BELOW_11) == 0)
      asker->versions |= event->relayed && event->peer_errand->back_minor == 0 ? BACK_11_FOR_10 : BACK_11;
    return;
  }
  if (event->relayed) {
    errand->passed = (uint8_t)(errand->passed + (errand->passed < INTERIMS_LIMIT));
  } else if (is_own_100(event, response)) {
    errand->state |= OWN_100;
    v->unasked_100 |= (errand->notes & NOTE_EXPECT) == 0;
  }
}

void relay_is_judged(const struct conversation *c, const struct head *response, uint32_t number,
                     const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || number == NO_REQUEST)
    return;
  struct judged event = passing_event(c, ON_RELAY, number, court);
  event.response = response;
  if (event.peer_errand != NULL && is_interim(response))
    pass_over_100s(&event, &asker->errands[number % REMEMBERED_LIMIT], response->status);
  if (is_interim(response) && response->status != 101)
    event.relayed = is_next_interim(&event, response->status);
  else
    event.relayed = is_final_passed_on(event.peer_errand, response->status);
  hold_court(court, &event);
  relay_counts(&event, response, court->view, court->link, &asker->errands[number % REMEMBERED_LIMIT]);
}

void response_comes(struct errand *errand, const uint8_t *octets, uint64_t length) {
  for (uint64_t i = 0; i < length && errand->came + i < FIRST_OCTETS; i++)
    errand->back_first[errand->came + i] = octets[i];
  for (uint64_t i = 0; i < length; i++)
    errand->back_sum = hash_octet(errand->back_sum, octets[i]);
  errand->came += length;
}

bool begins_anew(const struct errand *sent, const struct errand *came) {
  for (uint64_t i = 0; i < sent->came && i < came->came && i < FIRST_OCTETS; i++)
    if (sent->back_first[i] != came->back_first[i])
      return true;
  return false;
}

/* A response that is sent where none of the content has come in whose place it stands. */
static bool is_response(const struct errand *sent) {
  static const char start[] = "HTTP/1.";
  return sent->came >= sizeof start - 1 && memcmp(sent->back_first, start, sizeof start - 1) == 0;
}

/* A response of the status and length that came goes on behind all that came. One from elsewhere, of a cache
 * or its own, has another head or begins otherwise. */
static bool is_ahead(const struct judged *event, const uint8_t *octets) {
  const struct errand *came = event->peer_errand;
  struct errand sent = *event->errand;
  if (sent.back_length == 0 || sent.back_length != came->back_length || sent.final != came->final)
    return false;
  response_comes(&sent, octets, event->octets);
  return sent.came > came->came && (came->came > 0 ? !begins_anew(&sent, came) : is_response(&sent));
}

void relayed_content_is_judged(const struct conversation *c, const uint8_t *octets, uint64_t length,
                               const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || asker->receiving == NO_REQUEST)
    return;
  struct judged event = passing_event(c, ON_RELAYED_CONTENT, asker->receiving, court);
  event.octets = length;
  event.foreign_content = event.peer_errand != NULL && is_ahead(&event, octets);
  hold_court(court, &event);
  errand_at(asker, asker->receiving)->back_ahead |= event.foreign_content;
}

/* ERRAND's response, or another one, came to a request of PARTY, and is the same as SENT. */
static bool came_in_its_place(const struct view *v, uint8_t party, const struct errand *sent) {
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == party; i++) {
      const struct errand *came = &asker_at(v, link)->errands[i];
      if (came->serial != 0 && came->final == sent->final && came->came == sent->came &&
          came->back_sum == sent->back_sum)
        return true;
    }
  return false;
}

/* What was sent back whole to EVENT's request is a response that came, on the connection on which that went
 * on, before it did. An error page is the same in many places, and so are a few octets. */
static void stray_is_judged(const struct judged *event, const struct court *court) {
  enum { FEW_OCTETS = 4 };
  const struct errand *sent = event->errand;
  struct view *v = court->view;
  if (event->peer_errand == NULL || event->peer_errand->final != 0)
    return;
  struct court beyond = *court;
  beyond.link = sent->sent_as.link;
  struct stray *stray = &asker_of(v, beyond.link)->stray_response;
  bool same = stray->whole && stray->status == sent->final && stray->length == sent->came &&
              stray->sum == sent->back_sum;
  if (!same)
    return;
  struct judged taken = asking_event(v, event->peer_c, ON_STRAY, beyond.link);
  taken.number = event->peer_errand->number + 1;
  taken.may_be_elsewhere = sent->sent_as.match != IS_MATCH || taken.asker->order_is_other ||
                           stray->length < FEW_OCTETS || stray->status >= 400 ||
                           came_in_its_place(v, event->actor, sent);
  hold_court(&beyond, &taken);
  *stray = (struct stray){0};
}

void relayed_is_judged(const struct conversation *c, const struct court *court) {
  const struct asker *asker = asker_at(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || asker->receiving == NO_REQUEST)
    return;
  struct judged event = passing_event(c, ON_RELAYED, asker->receiving, court);
  hold_court(court, &event);
  stray_is_judged(&event, court);
}

void relayed_to_close_is_judged(const struct conversation *c, const struct court *court) {
  const struct asker *asker = asker_at(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || asker->receiving == NO_REQUEST)
    return;
  struct judged event = passing_event(c, ON_RELAYED, asker->receiving, court);
  event.ends_by_close = true;
  hold_court(court, &event);
}

/* ---- silence ----------------------------------------------------------------------------------------------
 */

/* PARTY has a request under way of which nobody can say whose it is, or one whose server does not answer. */
static bool may_be_under_way(const struct view *v, uint8_t party) {
  for (uint32_t link = 0; link < v->link_count; link++) {
    const struct conversation *c = &v->conversations[link];
    if (c->client == party && !c->server_gone && !c->client_gone && waiting_request(c) != NULL)
      return true;
  }
  return false;
}

/* What came was passed on: the next one has to do something. Or some content is kept, which is a breach of
 * its own: whether the next one would have answered all of it nobody knows. */
static bool waits_for_others(const struct judged *event) {
  const struct errand *theirs = event->peer_errand;
  const struct conversation *c = event->peer_c;
  if (event->errand->sent_as.match == MAY_MATCH)
    return true;
  if (theirs == NULL || event->peer == NULL)
    return event->may_be_elsewhere;
  if (c->blurred)
    return true; /* nobody can know */
  bool open = !c->server_gone && !c->client_gone && theirs->final == 0;
  bool asked = (event->peer->facts & HEAD_ASKS) != 0 && event->peer->hundreds == 0;
  /* Where nobody can know where the request ends, its server answers at once, too (RFC 9112 6.3). */
  bool content = (event->peer->progress & REQUEST_COMPLETE) != 0 || event->peer->content == CONTENT_BROKEN;
  bool awaits = awaits_100(event->request);
  return keeps_content(event) ||
         (open && (asked || content || (!awaits && (event->request->progress & REQUEST_COMPLETE) == 0)));
}

bool nothing_more_comes(const struct conversation *c, const struct court *court) {
  const struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || !c->sending || asker->receiving == NO_REQUEST)
    return false;
  struct judged event = passing_event(c, ON_STALL, asker->receiving, court);
  const struct errand *theirs = event.peer_errand;
  return theirs != NULL && tie_of(&event)->match == IS_MATCH && theirs->final == event.errand->final &&
         (theirs->state & (RESPONSE_WHOLE | RESPONSE_CUT)) != 0;
}

void stall_is_judged(struct conversation *c, bool quiet, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->server) || c->server_gone || c->client_gone)
    return;
  uint32_t number = waiting_request(c) != NULL ? c->answered : NO_REQUEST;
  struct judged event = passing_event(c, ON_STALL, number, court);
  event.quiet = quiet;
  event.may_be_elsewhere =
      may_be_under_way(court->view, c->server) || may_be_another(court->view, c->server, event.errand);
  hold_court(court, &event);
  const struct request *newest = event.newest;
  bool answered_10 =
      newest != NULL && (newest->facts & HEAD_BELOW_11) != 0 && (newest->progress & FINAL_SENT) != 0;
  asker->close_late |= answered_10 && !c->sending;
  if (number == NO_REQUEST)
    return;
  struct request *r = &c->remembered[number % REMEMBERED_LIMIT];
  struct errand *errand = &asker->errands[number % REMEMBERED_LIMIT];
  if (waits_for_others(&event))
    r->progress |= WAITS_FOR_OTHERS;
  else
    r->progress &= ~(uint32_t)WAITS_FOR_OTHERS;
  if (awaits_100(r))
    errand->state |= NOT_PASSED;
  if (event.peer_errand == NULL)
    return;
  errand->passed = event.peer_errand->interims;
  bool came = (event.peer_errand->state & (RESPONSE_WHOLE | RESPONSE_CUT | BAD_RESPONSE | NO_RESPONSE)) != 0;
  if (came && content_comes_unasked(r))
    errand->kept_back = true;
  else if (came)
    errand->state |= NOT_RELAYED;
  if ((r->progress & REQUEST_COMPLETE) != 0)
    errand->state |= CONTENT_KEPT;
}
