/*
 * asking.c - what each step means for the client of a link.
 */
#include "model/asking.h"

#include <string.h>

#include "model/crossing.h"
#include "model/errands.h"
#include "model/framing.h"
#include "model/hash.h"
#include "model/marks.h"
#include "model/passing_on.h"

void asker_reopens(struct asker *asker) {
  const struct asker old = *asker;
  memset(asker, 0, sizeof *asker);
  asker->order_is_other = old.order_is_other;
  asker->receiving = NO_REQUEST;
  memcpy(asker->errands, old.errands, sizeof asker->errands); /* one of them may be asked again */
}

struct errand *errand_at(struct asker *asker, uint32_t number) {
  return &asker->errands[number % REMEMBERED_LIMIT];
}

struct judged asking_event(const struct view *v, const struct conversation *c, enum event event,
                           uint32_t link) {
  struct judged judged = {.event = event, .actor = c->client, .c = c, .view = v};
  judged.asker = asker_at(v, link);
  judged.crosses = may_cross(judged.asker);
  judged.newest = judged.request = newest_request(c);
  judged.number = c->requests;
  if (judged.request != NULL)
    judged.errand = &judged.asker->errands[(c->requests - 1) % REMEMBERED_LIMIT];
  add_peer(&judged);
  return judged;
}

/* ---- the head of a request ---------------------------------------------------------------------------- */

static unsigned waiting_kinds(const struct conversation *c, const struct asker *asker) {
  unsigned kinds = 0;
  for (uint32_t number = c->answered; number < c->requests; number++) {
    uint32_t notes = asker->errands[number % REMEMBERED_LIMIT].notes;
    if ((notes & NOTE_IDEMPOTENT) == 0)
      kinds |= (notes & NOTE_NOT_IDEMPOTENT) != 0 ? AFTER_UNSAFE : AFTER_UNKNOWN;
  }
  return kinds;
}

void asker_begins(const struct conversation *c, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  unsigned after = waiting_kinds(c, asker);
  after |= c->closing != NO_REQUEST && c->requests > c->closing ? AFTER_OWN_CLOSE : 0;
  if ((c->close_due & CLOSE_SENT) != 0 && !asker->close_doubtful)
    after |= asker->close_said ? AFTER_CLOSE : AFTER_STRAY_CLOSE;
  after |= asker->kept_of_10 == NOT_KEPT ? AFTER_10 : 0;
  after |= asker->kept_of_10 == PERHAPS_NOT_KEPT ? AFTER_10_PERHAPS : 0;
  after |= asker->stray ? AFTER_STRAY : 0;
  bool sure = asker->coded_10 == CODED_10 && !c->sending;
  if (asker->coded_10 != NOT_CODED_10)
    after |= sure ? AFTER_CODED_10 : AFTER_CODED_10_PERHAPS;
  asker->begun_after = (uint16_t)after;
  asker->head_octets = asker->head_sum = 0;
  asker->head_is_content = false;
  asker->timed = asker->waited_out = asker->no_head_late = false;
}

void asker_sends_head(const struct conversation *c, const uint8_t *octets, size_t length,
                      const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !is_intermediary(c->client) || length == 0)
    return;
  struct judged event = asking_event(court->view, c, ON_REQUEST, court->link);
  head_may_be_content(&event, asker, octets, length);
}

/* The client follows a redirect by itself: its application need not hear of that response. */
static void follow_redirects(struct view *v, const struct conversation *c) {
  for (uint32_t link = 0; link < v->link_count; link++) {
    struct asker *asker = asker_of(v, link);
    for (unsigned i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == c->client; i++)
      if (asker->errands[i].final >= 300 && asker->errands[i].final < 400)
        asker->errands[i].state |= IS_REPEATED;
  }
}

void asker_asks(const struct conversation *c, const struct court *court) {
  struct view *v = court->view;
  struct asker *asker = asker_of(v, court->link);
  if (asker == NULL)
    return;
  const struct head *head = &c->from_client.head;
  struct errand *before = find_before(v, c, head);
  struct errand errand = errand_of(v, c, head);
  errand.number = c->requests;
  if (is_intermediary(c->client))
    match_request(v, court->link, c->requests, &errand);
  struct judged event = asking_event(v, c, ON_REQUEST, court->link);
  event.head = head;
  event.errand = &errand;
  event.peer = NULL; /* the newest one's */
  event.peer_errand = NULL;
  event.peer_c = NULL;
  add_peer(&event);
  event.before = before;
  event.crosses = event.crosses && !is_sent_after_last(v, asker, head);
  event.number = c->requests + 1;
  hold_court(court, &event);
  asker->stray_late |= (asker->begun_after & AFTER_STRAY) != 0 && !event.crosses;
  asker->coded_late |= (asker->begun_after & AFTER_CODED_10) != 0 && !event.crosses;
  mark_heads_request(c, &errand, court);
  if (before != NULL && ((errand.state & IS_REPEAT) != 0 || v->asked_count == 0))
    before->state |= IS_REPEATED;
  if ((errand.state & IS_REPEAT) != 0 || (head->facts & HEAD_ASKS) == 0)
    repeat_unmet(v, c, head);
  if ((errand.state & IS_UNKNOWN) != 0 && v->redirected)
    follow_redirects(v, c);
  unsigned came = event.peer_errand != NULL ? event.peer_errand->minor : head->minor;
  if (event.peer_errand != NULL && errand.came_as.match == IS_MATCH &&
      others_version(asker, came, head->minor) == BROKEN)
    errand.state |= OTHERS_VERSION;
  *errand_at(asker, c->requests) = errand;
  if (is_intermediary(c->client))
    version_counts(asker, came, head->minor);
}

/* ---- content ------------------------------------------------------------------------------------------- */

/* OCTETS of content are what the application gave at that place; SENT octets came before them. */
static bool is_as_given(const struct asked *asked, struct errand *errand, uint64_t sent,
                        const uint8_t *octets, uint64_t length) {
  if (sent + length > asked->length)
    return false;
  for (uint64_t i = 0; i < length; i++) {
    uint64_t place = sent + i + 1;
    errand->sum = hash_octet(errand->sum, octets[i]);
    if (place == asked->length && errand->sum != asked->whole)
      return false;
    unsigned k = 0;
    while (k < SUMS_LIMIT && (uint64_t)1 << 2 * k < place)
      k++;
    if (k < SUMS_LIMIT && (uint64_t)1 << 2 * k == place && errand->sum != asked->sum[k])
      return false;
  }
  return true;
}

/* A request-line might begin so: a method in capitals, a blank, and a target. */
static bool looks_like_request(const uint8_t *octets, uint64_t length) {
  uint64_t i = 0;
  while (i < length && octets[i] >= 'A' && octets[i] <= 'Z')
    i++;
  return i >= 3 && i + 1 < length && octets[i] == ' ' &&
         (octets[i + 1] == '/' || octets[i + 1] == '*' || octets[i + 1] == 'h');
}

/* No request of a method that anybody knows begins so: with what is no capital, or no target follows. */
static bool is_no_request(const uint8_t *octets, uint64_t length) {
  uint64_t i = 0;
  while (i < length && ((octets[i] >= 'A' && octets[i] <= 'Z') || (i > 0 && octets[i] == '-')))
    i++;
  if (i == length)
    return false;
  return i == 0 || octets[i] != ' ' || (i + 1 < length && !looks_like_request(octets, length));
}

bool asker_sends(const struct conversation *c, const uint8_t *content, uint64_t length,
                 const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return false;
  struct errand *errand = errand_at(asker, c->requests - 1);
  struct judged event = asking_event(court->view, c, ON_CONTENT, court->link);
  event.octets = length;
  if (errand->asked != 0 && (errand->state & OTHER_CONTENT) == 0) {
    const struct asked *asked = &court->view->asked[errand->asked - 1];
    event.other_content = !is_as_given(asked, errand, event.request->arrived, content, length);
  }
  event.foreign_content = is_foreign(&event, content);
  event.like_request = looks_like_request(content, length);
  event.no_request = is_no_request(content, length);
  hold_court(court, &event);
  if (is_intermediary(c->server))
    content_comes(errand, event.request->arrived, content, length);
  errand->state &= ~(uint32_t)(PAUSED | PAUSE_ENDED_BY_100 | STALLED | LAST_WAS_INTERIM);
  errand->went_out = true;
  if (event.other_content)
    errand->state |= OTHER_CONTENT;
  if ((errand->state & REFUSED) != 0)
    errand->state |= WENT_ON;
  if (event.foreign_content)
    errand->state |= AHEAD_OF_CONTENT;
  bool other = event.other_content ||
               (event.foreign_content && errand->came_as.match == IS_MATCH && !event.no_request);
  return other && (event.request->progress & FINAL_SENT) != 0;
}

/* Which of COUNT connection options the trailers that were just read have as fields (RFC 9110 7.6.1). */
static uint8_t named_trailers(const struct reader *reader, const uint32_t *option, unsigned count) {
  unsigned named = 0;
  for (unsigned place = 0; place < count && reader_read_chunks(reader); place++)
    named |= reader_found(reader, option[place]) ? 1u << place : 0;
  return (uint8_t)named;
}

/* What whoever passes it on may not put into a head: from now on, the lines of those that it sends are kept.
 */
static void remember_trailers(struct view *v, uint8_t party, const struct reader *reader,
                              uint32_t trailer[TRAILERS_LIMIT]) {
  unsigned count = 0;
  if (!is_intermediary(party) || !reader_read_chunks(reader))
    return;
  for (unsigned i = 0; i < reader->section.names && count < TRAILERS_LIMIT; i++)
    if (!reader_may_have_had(reader, reader->section.found[i]) && reader->section.lines[i] != 0)
      trailer[count++] = reader->section.lines[i];
  for (uint32_t link = 0; link < v->link_count && count > 0; link++) {
    struct conversation *c = &v->conversations[link];
    c->from_client.compares |= c->client == party;
    c->from_server.compares |= c->server == party;
  }
}

void asker_has_sent_all(const struct conversation *c, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  struct judged event = asking_event(court->view, c, ON_WHOLE, court->link);
  hold_court(court, &event);
  struct errand *errand = errand_at(asker, c->requests - 1);
  errand->went_out = true;
  if (c->from_client.misplaced)
    errand->state |= TRAILERS_MISPLACED;
  errand->named_trailers = named_trailers(&c->from_client, errand->option, errand->options);
  remember_trailers(court->view, c->server, &c->from_client, errand->trailer);
  if (c->from_client.odd || c->from_client.padded)
    errand->odd_came |= ODD_CHUNKS;
}

void asker_sends_beyond(struct conversation *c, const uint8_t *octets, size_t length,
                        const struct court *court) {
  struct reader *reader = &c->from_client;
  const struct request *r = newest_request(c);
  bool owed = r != NULL && reader->content == CONTENT_LENGTH && reader->remaining > 0 &&
              (r->progress & REQUEST_COMPLETE) == 0;
  if (asker_of(court->view, court->link) == NULL || !owed)
    return;
  uint64_t content = length < reader->remaining ? length : reader->remaining;
  (void)asker_sends(c, octets, content, court);
  reader->remaining -= content;
  c->remembered[(c->requests - 1) % REMEMBERED_LIMIT].arrived += content;
}

void asker_sends_unreadable(const struct conversation *c, const struct court *court) {
  if (asker_of(court->view, court->link) == NULL)
    return;
  struct judged event = asking_event(court->view, c, ON_UNREADABLE, court->link);
  event.head = &c->from_client.head;
  event.number = c->requests + (c->from_client.content == CONTENT_BROKEN ? 0u : 1u);
  hold_court(court, &event);
}

void asker_stops(const struct conversation *c, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  const struct head *head = &c->from_client.head;
  bool wrong = reader_is_in_head(&c->from_client) && (head->facts & HEAD_MALFORMED) != 0;
  if (asker == NULL || !wrong || asker->no_head_late)
    return;
  struct judged event = asking_event(court->view, c, ON_HALF_HEAD, court->link);
  event.head = head;
  event.number = c->requests + 1;
  hold_court(court, &event);
  asker->no_head_late = true;
}

void asker_on_spoiled(const struct conversation *c, enum event event, uint64_t length,
                      const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || !asker->spoiled || asker->spoiled_late || c->client_gone)
    return;
  struct judged judged = asking_event(court->view, c, event, court->link);
  judged.octets = length;
  hold_court(court, &judged);
  bool bad_response = judged.errand != NULL && (judged.errand->state & BAD_RESPONSE) != 0;
  asker->spoiled_late |= length > 0 || bad_response || (asker->spoiled_by_stray && !asker->order_is_other);
}

void asker_leaves(const struct conversation *c, enum e100_step_kind how, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || c->client_gone)
    return;
  struct judged event = asking_event(court->view, c, ON_LEAVING, court->link);
  hold_court(court, &event);
  for (uint32_t number = c->answered; number < c->requests; number++)
    if (how != E100_STEP_HALF_CLOSE && is_intermediary(c->client))
      errand_at(asker, number)->state |= RESPONSE_CUT; /* whoever ended it: there will be none */
}

/* ---- what comes back -------------------------------------------------------------------------------------
 */

static void interim_comes(struct errand *errand, const struct head *response) {
  const uint32_t about_message = HEAD_LENGTH | HEAD_CODING | HEAD_CLOSE;
  if (errand->interims < INTERIMS_LIMIT)
    errand->interim[errand->interims] = (uint8_t)(response->status - 100);
  else
    errand->state |= IS_LONG;
  errand->interims = (uint8_t)(errand->interims + (errand->interims <= INTERIMS_LIMIT));
  errand->state |= LAST_WAS_INTERIM;
  if (response->status == 103 && (response->facts & about_message) != 0)
    errand->state |= HINTED_OTHERWISE;
  const uint32_t framing = HEAD_LENGTH | HEAD_CODING | HEAD_LENGTH_BAD;
  if (response->status == 103 && (response->facts & framing) == HEAD_LENGTH && errand->hinted == 0)
    errand->hinted = response->length < UINT32_MAX ? (uint32_t)response->length : 0;
  if (response->status == 100 && (errand->state & PAUSED) != 0)
    errand->state |= PAUSE_ENDED_BY_100;
}

static void final_comes(struct errand *errand, const struct head *response) {
  bool framed_by_length = (response->facts & (HEAD_LENGTH | HEAD_CODING | HEAD_LENGTH_BAD)) == HEAD_LENGTH;
  errand->final = response->status;
  const uint32_t doubts = HEAD_LENGTH_BAD | HEAD_CODING_BAD | HEAD_CODING_OTHER | HEAD_SEVERAL | HEAD_BLURRED;
  bool beside = (response->facts & HEAD_LENGTH) != 0 && (response->facts & HEAD_CHUNKED) != 0;
  bool doubtful = (response->facts & doubts) != 0 || response->length == UINT64_MAX;
  errand->back_beside = beside && !doubtful ? response->length + 1 : 0;
  errand->back_length = framed_by_length && response->length < UINT64_MAX ? response->length + 1 : 0;
  errand->state &= ~(uint32_t)(LAST_WAS_INTERIM | STALLED | PAUSE_ENDED_BY_100);
  if (response->status >= 400 && (response->facts & HEAD_CLOSE) != 0)
    errand->state |= REFUSED;
  if ((response->facts & HEAD_FOLDED) != 0 ||
      (response->notes & (NOTE_EMPTY_MEMBER | NOTE_LIST_IN_LINES)) != 0)
    errand->state |= RARE_HEAD_CAME;
  if ((response->facts & HEAD_CODING_OTHER) != 0)
    errand->state |= CODING_CAME;
}

/* A 101 that does not say what it switches to, or to something that was not offered (RFC 9110 7.8). */
static bool switches_unasked(const struct request *r, const struct head *response) {
  if (response->status != 101)
    return false;
  bool offered = r != NULL && (r->facts & HEAD_UPGRADE) != 0 && (response->facts & HEAD_UPGRADE) != 0;
  for (unsigned i = 0; offered && i < response->protocols && i < PROTOCOLS_LIMIT; i++)
    offered = is_offered(r, response->protocol[i]);
  return !offered;
}

/* The grammar does not have such a head; a proxy may refuse a fold, too (RFC 9112 5.2). */
static bool may_be_refused(const struct conversation *c, const struct head *response) {
  /* Codings beside a length, or in HTTP/1.0, may come from somebody who smuggles (RFC 9112 6.1, 6.3). */
  bool two_lengths =
      (response->facts & HEAD_CODING) != 0 && ((response->facts & HEAD_LENGTH) != 0 || response->minor == 0);
  uint32_t faults = HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_SEVERAL | HEAD_LONE_LF | HEAD_NO_SPACE |
                    HEAD_LENGTH_BAD | HEAD_CODING_BAD;
  bool status = response->status < 100 || response->status >= 600;
  bool higher = response->minor > 1; /* it should be read as HTTP/1.1, and need not (RFC 9110 2.5) */
  return (response->facts & (faults | (is_intermediary(c->client) ? (uint32_t)HEAD_FOLDED : 0))) != 0 ||
         status || two_lengths || higher;
}

/* ... and will not come back in full. */
static void is_lost_behind(struct view *v, struct errand *errand) {
  errand->state |= RESPONSE_CUT;
  const struct tie *tie = &errand->came_as;
  struct conversation *c = &v->conversations[tie->link];
  if (tie->match != NO_MATCH && request_at(c, tie->number) != NULL)
    c->remembered[tie->number % REMEMBERED_LIMIT].progress |= LOST_BEHIND;
}

bool is_of_several_readings(const struct head *response) {
  const uint32_t faults = HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_SEVERAL | HEAD_BLURRED |
                          HEAD_FOLDED | HEAD_LONE_LF | HEAD_EMPTY_LINES | HEAD_NO_SPACE;
  return (response->facts & faults) != 0 || (response->notes & NOTE_ODD_OPTION) != 0 ||
         response->status >= 600;
}

/* The most recent message decides for who receives it (RFC 9112 9.3), so that the response to a request that
 * was pipelined may take back what the one before it said. */
static enum kept_of_10 kept_of_10_after(enum kept_of_10 before, const struct head *response) {
  if (implies_close(response))
    return is_of_several_readings(response) ? PERHAPS_NOT_KEPT : NOT_KEPT;
  if (before >= PERHAPS_NOT_KEPT)
    return PERHAPS_NOT_KEPT;
  return response->minor == 0 && !is_interim(response) ? KEPT_ALIVE : before;
}

static enum coded_10 coded_10_after(enum coded_10 before, const struct request *r,
                                    const struct head *response) {
  if (response->minor > 0 || (response->facts & HEAD_CODING) == 0 || before == CODED_10)
    return before;
  bool framed = response_content(response, r == NULL ? 0 : r->facts) != CONTENT_NONE;
  return framed && !is_of_several_readings(response) ? CODED_10 : PERHAPS_CODED_10;
}

/* The head of a response came; NUMBER: to that request, or none. */
static void stray_comes(struct asker *asker, const struct conversation *c, const struct head *response,
                        uint32_t number) {
  asker->gets_stray =
      number == NO_REQUEST && !c->head_begun && asker->stray_response.status == 0 && !is_interim(response);
  if (asker->gets_stray)
    asker->stray_response.status = response->status;
}

void asker_gets_head(const struct conversation *c, const struct head *response, uint32_t number,
                     const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  asker->timed = false;
  something_comes(asker);
  stray_comes(asker, c, response, number);
  bool to_nothing = number == NO_REQUEST && !c->head_begun && !reader_is_stopped(&c->from_client);
  asker->close_said |= (response->facts & HEAD_CLOSE) != 0 && !is_interim(response) && !to_nothing;
  if ((response->facts & HEAD_CLOSE) != 0)
    asker->close_doubtful = (response->facts & HEAD_SPACE_BEFORE_COLON) != 0;
  if (response->minor >= 1)
    asker->server_minor = 2;
  else if (asker->server_minor == 0)
    asker->server_minor = 1;
  if (response->minor == 0 || response->status >= 400)
    asker->versions |= SHOWN_TO_BE_OLD;
  if (number == NO_REQUEST) {
    asker->receiving = NO_REQUEST;
    asker->stray |= to_nothing; /* or no request is read any more */
    return;
  }
  struct errand *errand = errand_at(asker, number);
  asker->kept_of_10 = (uint8_t)kept_of_10_after((enum kept_of_10)asker->kept_of_10, response);
  asker->receiving = NO_REQUEST;
  errand->back_notes = response->notes;
  errand->back_minor = response->minor;
  if ((response->notes & NOTE_EMPTY_MEMBER) != 0)
    errand->odd_came |= EMPTY_MEMBER_BACK;
  errand->back_via_runs = response->via_runs;
  errand->back_options = response->options;
  memcpy(errand->back_option, response->option, sizeof errand->back_option);
  if (asker->octets > LONG_HEADS || (response->notes & NOTE_MANY_NAMES) != 0)
    errand->state |= IS_LONG;
  if (may_be_refused(c, response) || switches_unasked(request_at(c, number), response))
    errand->state |= BAD_HEAD_CAME;
  if (is_interim(response) && response->status != 101) {
    interim_comes(errand, response);
    bool framed = (response->facts & (HEAD_LENGTH | HEAD_CODING)) != 0;
    if (framed && errand->framed == 0)
      errand->framed = errand->interims;
    if (response->status == 100)
      came_back(court->view, errand, 100);
    return;
  }
  asker->octets = 0;
  asker->coded_10 = (uint8_t)coded_10_after((enum coded_10)asker->coded_10, request_at(c, number), response);
  asker->receiving = number;
  final_comes(errand, response);
  if (c->tunnel)
    errand->state |= RESPONSE_WHOLE;
  came_back(court->view, errand, response->status);
  court->view->redirected |= response->status >= 300 && response->status < 400;
}

/* The client has had what came so far: of an interim response with a framing that it may not have it has read
 * on. */
static void has_read_on(struct asker *asker) {
  for (unsigned i = 0; i < REMEMBERED_LIMIT; i++)
    asker->errands[i].read_on |= asker->errands[i].framed != 0;
}

void asker_gets_more(const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL && !asker->order_is_other)
    has_read_on(asker);
}

void asker_gets_octets(size_t octets, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL)
    asker->octets = octets > UINT32_MAX - asker->octets ? UINT32_MAX : asker->octets + (uint32_t)octets;
}

/* Nobody has to read on there (RFC 9112 9.6). */
void asker_gets_head_behind_close(uint32_t number, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL && number != NO_REQUEST)
    errand_at(asker, number)->state |= BAD_HEAD_CAME;
}

void asker_gets_content(const struct conversation *c, const uint8_t *octets, uint64_t length,
                        const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  asker->timed = false;
  for (uint64_t i = 0; i < length && asker->gets_stray; i++)
    asker->stray_response.sum = hash_octet(asker->stray_response.sum, octets[i]);
  asker->stray_response.length += asker->gets_stray ? length : 0;
  if (asker->receiving == NO_REQUEST)
    return;
  struct errand *errand = errand_at(asker, asker->receiving);
  response_comes(errand, octets, length);
  if (c->from_server.odd)
    errand->state |= BAD_HEAD_CAME;
}

void asker_gets_chunks(const uint8_t *octets, size_t length, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || asker->receiving == NO_REQUEST)
    return;
  struct errand *errand = errand_at(asker, asker->receiving);
  for (size_t i = 0; i < length; i++)
    errand->back_raw_sum = hash_octet(errand->back_raw_sum, octets[i]);
  errand->back_raw += length;
}

void asker_gets_whole(const struct conversation *c, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL && asker->gets_stray && !c->responding)
    asker->stray_response.whole = true;
  if (asker == NULL || asker->receiving == NO_REQUEST || c->responding)
    return;
  something_comes(asker);
  struct errand *errand = errand_at(asker, asker->receiving);
  errand->state |= RESPONSE_WHOLE | (c->from_server.odd ? (uint32_t)BAD_HEAD_CAME : 0);
  if (c->from_server.misplaced)
    errand->odd_came |= MISPLACED_BACK;
  errand->back_named_trailers = named_trailers(&c->from_server, errand->back_option, errand->back_options);
  remember_trailers(court->view, c->client, &c->from_server, errand->back_trailer);
  if (c->from_server.odd || c->from_server.padded)
    errand->odd_came |= ODD_CHUNKS_BACK;
}

void asker_gets_garbage(const struct conversation *c, bool harmless, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  something_comes(asker);
  bool within = asker->receiving != NO_REQUEST &&
                (errand_at(asker, asker->receiving)->state & RESPONSE_WHOLE) == 0; /* a response */
  bool to_nothing = waiting_request(c) == NULL && !within && !reader_is_stopped(&c->from_client);
  asker->stray |= to_nothing && !harmless;
  asker->spoiled |= !harmless;
  asker->spoiled_by_stray = to_nothing && !harmless;
  if (waiting_request(c) != NULL)
    errand_at(asker, c->answered)->state |= NO_RESPONSE;
}

void asker_gets_bad_framing(const struct conversation *c, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  (void)c;
  if (asker == NULL || asker->receiving == NO_REQUEST)
    return;
  asker->spoiled = true;
  errand_at(asker, asker->receiving)->state |= BAD_RESPONSE;
}

void asker_gets_end(const struct conversation *c, enum e100_step_kind how, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL || c->server_gone)
    return;
  bool to_close = c->from_server.content == CONTENT_TO_CLOSE && c->sending && how != E100_STEP_RESET;
  if (asker->receiving != NO_REQUEST && to_close)
    errand_at(asker, asker->receiving)->state |= RESPONSE_WHOLE;
  uint32_t first = asker->receiving != NO_REQUEST && c->sending ? asker->receiving : c->answered;
  for (uint32_t number = first; number < c->requests; number++)
    if ((errand_at(asker, number)->state & RESPONSE_WHOLE) == 0)
      is_lost_behind(court->view, errand_at(asker, number));
}

/* ---- what is still to come ------------------------------------------------------------------------ */

bool owes_content(const struct request *r) {
  bool declared = r != NULL && r->content != CONTENT_NONE && r->content != CONTENT_BROKEN;
  return declared && (r->progress & (REQUEST_COMPLETE | CONTENT_IS_BROKEN)) == 0;
}

bool passes_content_on(const struct conversation *c) {
  return is_intermediary(c->client) && owes_content(newest_request(c));
}

/* ---- silence ------------------------------------------------------------------------------------ */

void asker_rests(const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL)
    nothing_goes_on(asker);
}

struct judged pause_event(const struct view *v, const struct conversation *c, bool quiet, uint32_t link) {
  struct judged event = asking_event(v, c, ON_PAUSE, link);
  event.quiet = quiet;
  return event;
}

void asker_pauses(const struct conversation *c, bool quiet, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  has_read_on(asker);
  if (court->view->asked_count > 0 && c->client == E100_CLIENT && !asker->dropped)
    application_may_be_unaware(c, asker, quiet, court);
  if (c->tunnel)
    return;
  struct judged event = pause_event(court->view, c, quiet, court->link);
  hold_court(court, &event);
  asker->close_late |= (c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) != 0 && !c->sending &&
                       !passes_content_on(c) && (quiet || !asker->order_is_other);
  asker->coded_late |= asker->coded_10 == CODED_10 && !c->sending && !passes_content_on(c) &&
                       (quiet || !asker->order_is_other);
  asker->stray_late |= asker->stray;
  asker->line_late = reader_is_behind_empty_lines(&c->from_client);
  asker->head_late = quiet && reader_is_in_head(&c->from_client);
  const struct request *r = newest_request(c);
  if (r == NULL || (r->progress & REQUEST_COMPLETE) != 0)
    return;
  struct errand *errand = errand_at(asker, c->requests - 1);
  bool fresh = (r->progress & (CONTENT_ARRIVED | FINAL_SENT)) == 0 && r->hundreds == 0;
  errand->state &= ~(uint32_t)PAUSE_ENDED_BY_100;
  if (fresh)
    errand->state |= PAUSED;
  if (quiet || asker->waited_out || r->hundreds > 0 || (r->progress & FINAL_SENT) != 0)
    errand->state |= STALLED;
}

void asker_times_out(struct asker *asker, enum e100_timer timer) {
  asker->timed = true;
  asker->waited_out |= timer == E100_TIMER_CONTINUE;
  for (unsigned i = 0; i < REMEMBERED_LIMIT; i++)
    asker->errands[i].state &= ~(uint32_t)PAUSE_ENDED_BY_100;
}
