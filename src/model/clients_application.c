/*
 * clients_application.c - what the application of a client asks for, and what it hears of the responses.
 */
#include <string.h>

#include "model/asking.h"
#include "model/crossing.h"
#include "model/errands.h"
#include "model/hash.h"
#include "model/marks.h"

/* ---- what it asks for ------------------------------------------------------------------------------------
 */

/* The place of what was asked for longest ago is taken by something else. */
static void forget_asked(struct view *v, uint8_t place) {
  for (uint32_t link = 0; link < v->link_count; link++)
    for (unsigned i = 0; i < REMEMBERED_LIMIT; i++) {
      struct errand *errand = &asker_of(v, link)->errands[i];
      if (errand->asked == place)
        errand->asked = 0;
    }
}

/* It asks for a 100, and there is nothing to send after that. */
static bool asks_in_vain(const struct asked *asked) {
  bool never = (asked->facts & HEAD_OF_CONNECT) != 0 || (asked->notes & NOTE_OF_TRACE) != 0;
  return (asked->facts & HEAD_ASKS) != 0 && (asked->length == 0 || never);
}

void application_asks(struct view *v, const uint8_t *octets, size_t length) {
  struct reader reader;
  const uint8_t *at = octets, *end = octets + length;
  uint64_t content = 0;
  reader_init(&reader, READS_REQUESTS, true);
  enum reader_event event = READER_BEGINS;
  while (event == READER_BEGINS)
    event = reader_read(&reader, &at, end, &content);
  forget_asked(v, (uint8_t)(v->asked_count % ASKED_LIMIT + 1));
  something_is_asked(v, v->asked_count % ASKED_LIMIT);
  struct asked *asked = &v->asked[v->asked_count++ % ASKED_LIMIT];
  memset(asked, 0, sizeof *asked);
  asked->facts = reader.head.facts;
  if (event != READER_HEAD)
    return;
  asked->notes = reader.head.notes;
  asked->notes |= has_credentials(&reader) ? (uint32_t)NOTE_CREDENTIALS : 0;
  asked->method = reader.head.method;
  asked->target = reader.head.target;
  asked->mark = reader.head.mark;
  v->uses_marks |= asked->mark != 0;
  asked->length = (uint64_t)(end - at);
  asked->notes |= asks_in_vain(asked) ? (uint32_t)NOTE_ASKS_IN_VAIN : 0;
  if ((asked->facts & (HEAD_UPGRADE | HEAD_UPGRADE_OPTION)) == HEAD_UPGRADE)
    asked->notes |= NOTE_UPGRADE_ALONE;
  asked->notes |= host_is_wrong(asked->facts) ? (uint32_t)NOTE_HOST_IS_WRONG : 0;
  asked->odd_marks = has_odd_marks(asked->mark, at, (size_t)(end - at));
  unsigned k = 0;
  for (uint64_t place = 1; at < end; place++) {
    asked->whole = hash_octet(asked->whole, *at++);
    if (k < SUMS_LIMIT && place == (uint64_t)1 << 2 * k)
      asked->sum[k++] = asked->whole;
  }
}

/* ---- what it hears ---------------------------------------------------------------------------------------
 */

void application_drops(const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL)
    asker->dropped = true;
}

/* The request NUMBER was repeated, and of the repeat the application has HEARD, or it got STATUS (0: none is
 * asked for). */
static bool repeat_got(const struct conversation *c, const struct asker *asker, uint32_t number,
                       uint32_t heard, uint16_t status) {
  const struct errand *first = &asker->errands[number % REMEMBERED_LIMIT];
  for (uint32_t later = number + 1; later < c->requests; later++) {
    const struct errand *errand = &asker->errands[later % REMEMBERED_LIMIT];
    bool got = (errand->state & heard) != 0 || (status != 0 && errand->final == status);
    if (got && asks_the_same(errand, first))
      return true;
  }
  return false;
}

/* The application has heard of a request behind NUMBER. */
static bool hears_of_later(const struct conversation *c, const struct asker *asker, uint32_t number) {
  bool heard = false;
  for (uint32_t later = number + 1; later < c->requests; later++) {
    const struct errand *errand = &asker->errands[later % REMEMBERED_LIMIT];
    heard |= (errand->state & (HEARD_RESPONSE | HEARD_END)) != 0 || errand->heard_interims > 0;
  }
  return heard;
}

/* FIRST, of C, was repeated on another connection, and the application knows the answer to that. */
static bool is_heard_elsewhere(struct view *v, const struct conversation *c, const struct errand *first) {
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == c->client; i++) {
      const struct errand *errand = &asker_of(v, link)->errands[i];
      bool knows = (errand->state & IS_REPEAT) != 0 && (errand->state & HEARD_RESPONSE) != 0;
      if (knows && &v->conversations[link] != c && errand->serial > first->serial &&
          asks_the_same_marked(errand, first))
        return true;
    }
  return false;
}

/* The request NUMBER was repeated, and the application hears what came to it all the same. */
static bool explains(struct view *v, const struct conversation *c, const struct asker *asker, uint32_t number,
                     const struct e100_step *step) {
  const struct errand *errand = &asker->errands[number % REMEMBERED_LIMIT];
  if (step->what == E100_TOLD_RESPONSE)
    return errand->final == step->status &&
           !repeat_got(c, asker, number, HEARD_RESPONSE | HEARD_END, step->status) &&
           !is_heard_elsewhere(v, c, errand);
  if (step->what != E100_TOLD_INTERIM)
    return false;
  bool came = errand->final == 101 && step->status == 101;
  came = came || (errand->interims > INTERIMS_LIMIT && !hears_of_later(c, asker, number));
  for (unsigned i = errand->heard_interims; i < errand->interims && i < INTERIMS_LIMIT; i++)
    came = came || errand->interim[i] + 100 == step->status;
  return came;
}

/* The request of ERRAND was perhaps repeated: the application hears of the repeat, or of what has come to it.
 */
static bool may_explain(const struct errand *errand, const struct e100_step *step) {
  if (step->what == E100_TOLD_RESPONSE)
    return errand->final == step->status;
  return step->what != E100_TOLD_ABORTED || (errand->state & RESPONSE_WHOLE) == 0;
}

/* ... of another request than this one. */
static bool is_passed_over(struct view *v, const struct conversation *c, const struct asker *asker,
                           uint32_t number, const struct e100_step *step) {
  const struct errand *errand = &asker->errands[number % REMEMBERED_LIMIT];
  if ((errand->state & IS_REPEATED) != 0)
    return !explains(v, c, asker, number, step);
  return errand->repeated_perhaps && !may_explain(errand, step);
}

/* The number of the request that the application hears of, or NO_REQUEST. */
static uint32_t heard_request(struct view *v, const struct conversation *c, const struct asker *asker,
                              const struct e100_step *step) {
  bool of_head = step->what == E100_TOLD_RESPONSE || step->what == E100_TOLD_INTERIM;
  uint32_t first = NO_REQUEST;
  if (asker->hears_of_none && !of_head)
    return NO_REQUEST; /* the rest of a response to nothing */
  for (uint32_t number = c->first; number < c->requests; number++) {
    const struct errand *errand = &asker->errands[number % REMEMBERED_LIMIT];
    if (request_at(c, number) == NULL || (errand->state & HEARD_END) != 0)
      continue;
    bool heard = (errand->state & HEARD_RESPONSE) != 0;
    if (of_head ? heard : heard && step->what != E100_TOLD_ABORTED)
      return of_head ? NO_REQUEST : number;
    if (!is_passed_over(v, c, asker, number, step))
      return number;
    bool of_another = step->what == E100_TOLD_ABORTED ||
                      (step->what == E100_TOLD_RESPONSE && errand->final != step->status);
    if (of_another && repeat_got(c, asker, number, HEARD_END, 0))
      continue; /* it is over with its repeat: another request, which is not sent yet, or not whole */
    bool ended =
        first != NO_REQUEST && (asker->errands[first % REMEMBERED_LIMIT].state & RESPONSE_WHOLE) != 0;
    if (first == NO_REQUEST || (ended && step->what == E100_TOLD_ABORTED)) /* what is whole is not aborted */
      first = number;
  }
  return first;
}

static void heard_counts(struct errand *errand, const struct e100_step *step) {
  bool switches = step->what == E100_TOLD_INTERIM && step->status == 101 && errand->final == 101;
  bool other = step->what == E100_TOLD_RESPONSE && step->status >= 200 && step->status != errand->final;
  if (step->what == E100_TOLD_RESPONSE || switches)
    errand->state |= HEARD_RESPONSE | (other ? (uint32_t)HEARD_ANOTHER : 0);
  else if (step->what == E100_TOLD_CONTENT)
    errand->heard += step->count;
  else if (step->what == E100_TOLD_INTERIM)
    errand->heard_interims = (uint8_t)(errand->heard_interims + (errand->heard_interims < UINT8_MAX));
  else
    errand->state |= HEARD_END | (step->what == E100_TOLD_ABORTED ? (uint32_t)HEARD_LOSS : 0);
}

/* What came behind a response that was whole says nothing of that one: where it ended is known, and it has no
 * content but what came before. */
static bool is_whole_before_garbage(const struct conversation *c, const struct asker *asker,
                                    uint32_t number) {
  return reader_is_stopped(&c->from_server) && number != NO_REQUEST &&
         (asker->errands[number % REMEMBERED_LIMIT].state & RESPONSE_WHOLE) != 0;
}

/* What the application is told is the head of the final response that came, or the end of all of it. */
static bool is_as_it_came(const struct errand *errand, const struct e100_step *step) {
  if (step->what == E100_TOLD_RESPONSE)
    return step->status == errand->final;
  return step->what == E100_TOLD_COMPLETE && (errand->state & RESPONSE_WHOLE) != 0 &&
         errand->heard == errand->came;
}

/* Nobody can know where the response to the request NUMBER ends, for its length, whoever reads it: so it is
 * to be discarded (RFC 9112 6.3). */
static bool is_surely_unframed(const struct conversation *c, const struct asker *asker, uint32_t number) {
  bool last = number != NO_REQUEST && number == asker->receiving;
  return last && (asker->errands[number % REMEMBERED_LIMIT].state & BAD_RESPONSE) != 0 &&
         !is_of_several_readings(&c->from_server.head);
}

void asker_hears(const struct conversation *c, const struct e100_step *step, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  uint32_t number = heard_request(court->view, c, asker, step);
  bool ends = step->what == E100_TOLD_COMPLETE || step->what == E100_TOLD_ABORTED;
  if (step->what == E100_TOLD_RESPONSE || ends)
    asker->hears_of_none = !ends && number == NO_REQUEST;
  something_is_heard(asker, number, step);
  bool unframed = is_surely_unframed(c, asker, number);
  if (c->blurred && !unframed && !is_whole_before_garbage(c, asker, number))
    return;
  /* What else is told of it depends on more than where it ends; but it is told, and then the next one is. */
  if (c->blurred && (unframed ? !ends : step->what != E100_TOLD_CONTENT)) {
    heard_counts(errand_at(asker, number), step);
    return;
  }
  struct judged event = asking_event(court->view, c, ON_HEARD, court->link);
  event.told = (enum e100_told)step->what;
  event.count = step->count;
  event.status = step->status;
  event.request = number == NO_REQUEST ? NULL : request_at(c, number);
  event.errand = number == NO_REQUEST ? NULL : errand_at(asker, number);
  event.number = number == NO_REQUEST ? c->requests : number + 1;
  hold_court(court, &event);
  if (event.request == NULL)
    return;
  struct errand *errand = errand_at(asker, number);
  if (is_as_it_came(errand, step) && was_only_told_late(court, event.number))
    errand->state &= ~(uint32_t)UNHEARD;
  heard_counts(errand, step);
}

/* ---- what it does not hear -------------------------------------------------------------------------------
 */

/* The request of ERRAND was refused with 417, and may have been repeated on a connection of which nothing is
 * known: what came to the repeat is what the application hears of. */
static bool may_be_repeated_unseen(const struct view *v, const struct conversation *c,
                                   const struct errand *errand) {
  bool unseen = false;
  for (uint32_t link = 0; link < v->link_count; link++)
    unseen |= v->conversations[link].client == c->client && v->conversations[link].blurred;
  return unseen && errand->final == 417 && (errand->facts & HEAD_ASKS) != 0;
}

/* The application does not know what it should about the response to ERRAND: neither of its head nor that
 * it is over; or, once no timer is left, that none comes any more. */
static bool is_unheard(const struct errand *errand, bool quiet) {
  if ((errand->state & (HEARD_END | IS_REPEATED | UNHEARD)) != 0 || errand->repeated_perhaps)
    return false;
  if ((errand->state & RESPONSE_WHOLE) == 0)
    return quiet && (errand->state & RESPONSE_CUT) != 0;
  return true;
}

void application_may_be_unaware(const struct conversation *c, struct asker *asker, bool quiet,
                                const struct court *court) {
  for (uint32_t number = c->first; number < c->requests; number++) {
    const struct request *r = request_at(c, number);
    struct errand *errand = errand_at(asker, number);
    if (r == NULL || !is_unheard(errand, quiet) || may_be_repeated_unseen(court->view, c, errand))
      continue;
    struct judged event = asking_event(court->view, c, ON_UNHEARD, court->link);
    event.request = r;
    event.errand = errand;
    event.number = number + 1;
    hold_court(court, &event);
    bool half = (errand->state & HEARD_RESPONSE) != 0 && (r->progress & REQUEST_COMPLETE) == 0;
    errand->state |= half ? 0 : (uint32_t)UNHEARD; /* the end it may learn after its own content's */
  }
}
