/*
 * canonical.c - a view without what can no longer matter: two views of one form judge alike for ever.
 *
 * A copy is made in which everything is taken out that cannot influence a later verdict; all the rest
 * counts, so that a field that is added to the view counts until somebody says here why it need not.
 * Why what is taken out is out of the reach of the predicates and of conversation.c:
 *
 *  - Numbers of requests (first, requests, answered, told, closing) are only compared with each other, and
 *    used to find a remembered request; findings print them. So their differences to `answered` are enough.
 *    `first` says whether there is a request before the one that waits, and `closing` only matters where it
 *    is not before that one: no earlier request can be told about as a new one.
 *  - Of the remembered requests only those can be found that wait (from `answered` on), the newest, and the
 *    one that the application was told of last (number told - 1). `told` is never below `answered`, so this
 *    is the one before the waiting one at the earliest, and not even that once `told` is beyond `answered`.
 *    Whatever else lies in the ring is forgotten.
 *  - Octets of content are compared as told + count with arrived: their difference is enough.
 *  - `hundreds` is compared with 0.
 *  - What silences have shown about a request, what its application was told of its head, the status that
 *    it decided on and the protocols are asked of the request that waits. For one that is answered they are
 *    history. Once it is also complete, the same holds for what its head said.
 *  - A reader that stopped reads nothing again, nor does one whose sender sends no more: what is asked of it
 *    then is whether it stopped within a head. The parts of a head matter while it is being read; afterwards
 *    only `facts`, which is asked for HEAD_BLURRED. A section matters within a head and within trailers.
 *  - Once the server has ended its side, nothing that it sends or leaves unsaid is judged: only what the
 *    application is told is, by which requests there are and how much of their content arrived, and by what
 *    was said about closing. A link that is opened again begins anew.
 *  - Of a server that is not judged, what only the rulings on servers ask for.
 *
 * And of a client's side, where nobody passes requests on (there, all of it counts):
 *
 *  - What became of a request that its application has heard the end of, and that is sent or never will be:
 * it is only asked for as the request before one that is the same, for its method, target, mark, expectation,
 *    idempotence, whether it was cut and its content had gone out, and whether it got no final response, 417,
 * a success, or another; and the latest, for whether the framing was bad. One that got another status than
 * 417, and not half a success, is not asked even that, but for the latest, where no other is the same: the
 * rules on repeats do not speak of it, with it or without.
 *  - The order in which requests were sent is compared, so their places among those that count are enough.
 *  - Of the content of a response what came and what was heard are compared: their difference is enough. The
 * sum of a request's content counts while it is sent. What came in a response's head for the next hop, and
 * how many interim responses were heard, is not asked.
 *  - That a timer fired counts while an interim response came last to some request that is not over, or for
 * the wait, while the latest request is not whole.
 *  - Of octets that were looked at for marks, what could be a mark.
 *  - A link that the client has closed, where nothing comes any more (the caller knows), and where all that
 * came whole was heard, has nothing left but requests that may be made again.
 *
 *  - The sets of rules that were decided are written and never read; a step's index is printed only.
 *
 * tests/search_test.c tries it: states that were merged go on alike.
 */
#include <stddef.h>
#include <string.h>

#include "model/errands.h"
#include "model/passing_on.h"
#include "model/permitted.h"
#include "model/predicates_asking.h"
#include "model/view.h"

_Static_assert(sizeof(struct view) <= E100_VIEW_FORM_LIMIT, "the form of a view is not larger than the view");

struct form {
  uint8_t *octets;
  size_t length;
};

static void put(struct form *form, const void *from, size_t length) {
  memcpy(form->octets + form->length, from, length);
  form->length += length;
}

/* ---- readers -------------------------------------------------------------------------------------- */

static void forget_in_list(struct list_reader *list) {
  size_t kept = list->word_length < sizeof list->word ? list->word_length : sizeof list->word;
  memset(list->word + kept, 0, sizeof list->word - kept);
}

static void forget_in_section(struct section *section) {
  size_t kept = section->name_length < sizeof section->name ? section->name_length : sizeof section->name;
  memset(section->name + kept, 0, sizeof section->name - kept);
  forget_in_list(&section->expect);
  forget_in_list(&section->coding);
  forget_in_list(&section->connection);
  forget_in_list(&section->upgrade);
}

/* What only those who look at the client's side ask a head for. */
static void forget_notes(struct reader *reader) {
  struct head *head = &reader->head;
  struct section *section = &reader->section;
  head->notes = head->method = head->target = 0;
  head->mark = 0;
  head->options = head->via_runs = 0;
  head->authority = head->host = 0;
  memset(head->option, 0, sizeof head->option);
  section->names = section->mark_length = 0;
  section->marked = false;
  section->name_hash = 0;
  section->expect_part = (struct part_reader){.at = 0};
  section->via = (struct via_reader){.state = 0};
  memset(section->members, 0, sizeof section->members);
  reader->odd = reader->padded = reader->misplaced = section->misplaced = false;
  reader->extension = 0;
  memset(section->found, 0, sizeof section->found);
  reader->target_part = 0;
  reader->authority = (struct host_reader){.part = 0};
  section->host.hash = section->host.port = 0;
  section->host.escaped = false;
}

/* ... but what is asked of content as well: whether its chunks and trailers are as they should be. */
static void keep_chunk_notes(struct reader *reader, const struct reader *original) {
  reader->odd = original->odd;
  reader->padded = original->padded;
  reader->misplaced = original->misplaced;
  reader->section.misplaced = original->section.misplaced;
  reader->extension = original->extension;
}

/* SILENT: nothing more is sent to it. */
static void forget_in_reader(struct reader *reader, bool silent) {
  bool reads_on = !silent && !reader_is_stopped(reader);
  bool in_head = reader_is_in_head(reader);
  uint32_t facts = reader->head.facts;
  if (!in_head || !reads_on) {
    memset(&reader->head, 0, sizeof reader->head);
    reader->head.facts = facts;
    memset(reader->method, 0, sizeof reader->method);
    reader->at = 0;
  }
  if (!reads_on)
    reader->remaining = 0;
  if (silent)
    reader->content = CONTENT_NONE;
  if (reads_on && (in_head || reader->content == CONTENT_TRAILERS))
    forget_in_section(&reader->section);
  else
    memset(&reader->section, 0, sizeof reader->section);
}

/* Requests are passed on: what came back to one is compared with what goes back to another. */
static bool relays(const struct view *v) {
  for (uint32_t link = 0; link < v->link_count; link++)
    if (is_intermediary(v->conversations[link].client) || is_intermediary(v->conversations[link].server))
      return true;
  return false;
}

/* Which names a head had is asked of its trailers, of what is passed on. */
static void forget_names(const struct view *v, struct reader *reader) {
  if (!relays(v) || !reader_is_in_chunks(reader))
    reader->in_head = 0;
}

/* ---- requests ------------------------------------------------------------------------------------- */

/* What only the rulings on a server ask for. */
static void forget_rulings(struct request *r) {
  const uint32_t rulings = WAITED_FOR_ORIGIN | WAITED_FOR_PROGRAM | LATE_FINAL_OF_ORIGIN |
                           LATE_FINAL_OF_PROGRAM | JUST_CONTINUED | AFTER_OWED_CONTENT | DECIDED_AFTER_100 |
                           TOO_MANY_100 | EARLY_100 | LINE_IN_CONTENT;
  r->progress &= ~rulings;
}

static void forget_in_request(struct request *r, bool server_gone) {
  const uint32_t history = WAITED_FOR_ORIGIN | WAITED_FOR_PROGRAM | TOLD_OF_HEAD | TOLD_COMPLETE |
                           PROGRAM_ACCEPTED | LATE_FINAL_OF_ORIGIN | LATE_FINAL_OF_PROGRAM |
                           DECIDED_AFTER_100 | TOO_MANY_100 | EARLY_100;
  bool answered = (r->progress & FINAL_SENT) != 0;
  r->progress &= ~(uint32_t)CLIENT_WENT_ON; /* it only says whether what was found before is taken back */
  r->hundreds = r->hundreds > 0;
  r->arrived -= r->told;
  r->told = 0;
  if (!answered && !server_gone)
    return;
  r->progress &= ~history;
  r->decided = 0;
  r->given = (struct given){.length = 0};
  r->protocols = 0;
  memset(r->protocol, 0, sizeof r->protocol);
  if ((r->progress & REQUEST_COMPLETE) == 0 && !server_gone)
    return;
  r->facts = 0;
  r->hundreds = 0;
  if (r->content != CONTENT_BROKEN)
    r->content = CONTENT_NONE;
}

static void put_requests(struct form *form, const struct conversation *c, bool judged) {
  bool before = c->answered > c->first && c->told == c->answered;
  for (uint32_t number = c->answered - before; number < c->requests; number++) {
    const struct request *remembered = request_at(c, number);
    if (remembered == NULL)
      continue;
    struct request r = *remembered;
    forget_in_request(&r, c->server_gone);
    if (!judged)
      forget_rulings(&r);
    put(form, &r, sizeof r);
  }
}

/* ---- conversations ---------------------------------------------------------------------------------- */

static void forget_server(struct conversation *c) {
  c->moved_on = c->responding = c->orphan = c->head_begun = c->early_100 = c->empty_line = c->sending =
      c->close_missed = false;
  c->bare_status = NOT_BARE;
}

/* Once a head is read its facts are only asked for whether anybody could read on. */
static void forget_facts(struct reader *reader) {
  if (!reader_is_in_head(reader))
    reader->head.facts &= HEAD_BLURRED | HEAD_MALFORMED | HEAD_SEVERAL | HEAD_SPACE_BEFORE_COLON;
}

static void put_conversation(struct form *form, const struct view *v, const struct conversation *original) {
  const bool judged = (v->judged >> original->server & 1u) != 0;
  struct conversation c = *original;
  const size_t ring = offsetof(struct conversation, remembered);
  const size_t after = ring + sizeof c.remembered;
  c.first = c.answered > c.first;
  c.requests -= c.answered;
  c.told -= c.answered;
  if (c.closing != NO_REQUEST)
    c.closing = c.closing < c.answered ? 0 : c.closing - c.answered + 1;
  c.answered = 0;
  forget_in_reader(&c.from_client, c.client_half_closed || c.client_gone);
  forget_in_reader(&c.from_server, c.server_gone);
  forget_facts(&c.from_client);
  forget_facts(&c.from_server);
  forget_names(v, &c.from_client);
  forget_names(v, &c.from_server);
  if (!v->askers) {
    forget_notes(&c.from_client);
    c.from_client.odd = original->from_client.odd;
    forget_notes(&c.from_server);
    keep_chunk_notes(&c.from_server, &original->from_server);
  }
  if (c.server_gone)
    forget_server(&c);
  if (!judged) {
    c.moved_on = c.close_missed = c.stuck = c.decided = false;
    c.bare_status = NOT_BARE;
  }
  put(form, &c, ring);
  put(form, (const uint8_t *)&c + after, sizeof c - after);
  put_requests(form, original, judged);
}

/* ---- the client's side ------------------------------------------------------------------------------
 */

/* Octets that look like no mark so far. */
static void forget_in_scan(struct mark_scan *scan) {
  const uint8_t line_start = 10; /* octets of e100-mark: */
  if (scan->braces == 0)
    scan->in_braces = 0;
  if (scan->line < line_start) {
    scan->line_length = 0;
    scan->on_line = 0;
  }
}

/* No other request that was sent is the same one. */
static bool is_alone(const struct view *v, const struct errand *errand) {
  unsigned same = 0;
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++) {
      const struct errand *other = &asker_at(v, link)->errands[i];
      same += other->serial != 0 && asks_the_same(other, errand);
    }
  return same < 2;
}

/* Its application knows what became of it, and nothing more is sent of it. */
static bool is_over(const struct view *v, const struct conversation *c, const struct errand *errand) {
  const struct request *r = request_at(c, errand->number);
  bool sent = r == NULL || (r->progress & (REQUEST_COMPLETE | CONTENT_IS_BROKEN)) == REQUEST_COMPLETE;
  return !relays(v) && errand->serial != 0 && (errand->state & HEARD_END) != 0 && (sent || c->client_gone);
}

/* ... another one was sent after it, and if the same is sent again no rule asks what became of this one. */
static bool is_forgotten(const struct view *v, const struct conversation *c, const struct errand *errand) {
  return errand->serial == 0 ||
         (is_over(v, c, errand) && errand->final != 0 && errand->final != 417 && !has_failed(errand) &&
          errand->number + 1 != c->requests && is_alone(v, errand));
}

/* The place of ERRAND among those that are not forgotten, in the order in which they were sent. */
static uint32_t rank_of(const struct view *v, const struct errand *errand) {
  uint32_t rank = 1;
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++) {
      const struct errand *other = &asker_at(v, link)->errands[i];
      if (other->serial != 0 && other->serial < errand->serial)
        rank += !is_forgotten(v, &v->conversations[link], other);
    }
  return rank;
}

static void forget_response(struct errand *errand) {
  errand->back_notes = 0;
  errand->back_minor = errand->back_options = errand->back_via_runs = errand->odd_came = 0;
  errand->named_trailers = errand->back_named_trailers = 0;
  memset(errand->trailer, 0, sizeof errand->trailer);
  memset(errand->back_trailer, 0, sizeof errand->back_trailer);
  memset(errand->back_option, 0, sizeof errand->back_option);
  errand->back_length = errand->back_beside = errand->back_raw = 0;
  errand->back_sum = errand->back_raw_sum = 0;
  memset(errand->back_first, 0, sizeof errand->back_first);
  if (errand->hinted != 0) /* how much is missing, and 1; or it will never be so much */
    errand->hinted = errand->hinted < errand->heard ? 0 : (uint32_t)(errand->hinted - errand->heard) + 1;
  errand->came -= errand->heard;
  errand->heard = 0;
}

static void put_tie(struct form *form, const struct tie *tie) {
  put(form, &tie->match, sizeof tie->match);
  put(form, &tie->link, sizeof tie->link);
  put(form, &tie->number, sizeof tie->number);
}

/* Member by member, so padding never counts. */
static void put_members(struct form *form, const struct errand *errand) {
  put(form, &errand->state, sizeof errand->state);
  put(form, &errand->facts, sizeof errand->facts);
  put(form, &errand->notes, sizeof errand->notes);
  put(form, &errand->method, sizeof errand->method);
  put(form, &errand->target, sizeof errand->target);
  put(form, &errand->mark, sizeof errand->mark);
  put(form, &errand->length, sizeof errand->length);
  put(form, &errand->repeated_perhaps, sizeof errand->repeated_perhaps);
  put(form, &errand->final, sizeof errand->final);
  put(form, &errand->interims, sizeof errand->interims);
  put(form, errand->interim, sizeof errand->interim);
  put(form, &errand->framed, sizeof errand->framed);
  put(form, &errand->read_on, sizeof errand->read_on);
  put(form, &errand->hinted, sizeof errand->hinted);
  put(form, &errand->asked, sizeof errand->asked);
  put(form, &errand->went_out, sizeof errand->went_out);
  put(form, &errand->number, sizeof errand->number);
  put(form, &errand->serial, sizeof errand->serial);
  put(form, &errand->sum, sizeof errand->sum);
  put(form, &errand->came, sizeof errand->came);
  put(form, &errand->heard, sizeof errand->heard);
  put_tie(form, &errand->came_as);
  put_tie(form, &errand->sent_as);
  put(form, &errand->passed, sizeof errand->passed);
  put(form, &errand->kept_back, sizeof errand->kept_back);
  put(form, &errand->minor, sizeof errand->minor);
  put(form, &errand->odd_came, sizeof errand->odd_came);
  put(form, &errand->via_runs, sizeof errand->via_runs);
  put(form, &errand->back_via_runs, sizeof errand->back_via_runs);
  put(form, &errand->options, sizeof errand->options);
  put(form, errand->option, sizeof errand->option);
  put(form, &errand->named_trailers, sizeof errand->named_trailers);
  put(form, errand->trailer, sizeof errand->trailer);
  put(form, errand->back_trailer, sizeof errand->back_trailer);
  put(form, &errand->back_notes, sizeof errand->back_notes);
  put(form, &errand->back_minor, sizeof errand->back_minor);
  put(form, &errand->back_options, sizeof errand->back_options);
  put(form, errand->back_option, sizeof errand->back_option);
  put(form, &errand->back_named_trailers, sizeof errand->back_named_trailers);
  put(form, errand->first, sizeof errand->first);
  put(form, &errand->came_sum, sizeof errand->came_sum);
  put(form, errand->start_sum, sizeof errand->start_sum);
  put(form, &errand->back_length, sizeof errand->back_length);
  put(form, errand->back_first, sizeof errand->back_first);
  put(form, &errand->back_sum, sizeof errand->back_sum);
  put(form, &errand->back_beside, sizeof errand->back_beside);
  put(form, &errand->back_raw, sizeof errand->back_raw);
  put(form, &errand->back_raw_sum, sizeof errand->back_raw_sum);
  put(form, &errand->back_ahead, sizeof errand->back_ahead);
}

/* Only what is asked of the request before one that is the same. */
static void forget_history(struct errand *errand) {
  const struct errand old = *errand;
  *errand = (struct errand){.number = old.number, .serial = old.serial, .mark = old.mark};
  errand->method = old.method;
  errand->target = old.target;
  errand->went_out = old.went_out;
  errand->state = old.state & (HEARD_END | RESPONSE_CUT | BAD_RESPONSE);
  errand->facts = old.facts & HEAD_ASKS;
  errand->notes = old.notes & (NOTE_IDEMPOTENT | NOTE_NOT_IDEMPOTENT);
  bool success = old.final / 100 == 2;
  errand->final = old.final == 0 || old.final == 417 ? old.final : success ? 200 : 400;
}

static void put_errand(struct form *form, const struct view *v, const struct conversation *c,
                       const struct errand *original) {
  struct errand errand = *original;
  const struct request *r = request_at(c, errand.number);
  errand.serial = rank_of(v, original);
  errand.number = c->requests - errand.number;
  if (r == NULL || (r->progress & REQUEST_COMPLETE) != 0)
    errand.sum = 0;
  if (is_over(v, c, original)) {
    forget_history(&errand);
  } else if (!relays(v)) {
    forget_response(&errand);
  }
  put_members(form, &errand);
}

/* Whether a timer fired counts while an interim response is what came last, or content is to be sent. */
static void forget_timers(const struct view *v, const struct conversation *c, struct asker *asker) {
  const struct request *newest = newest_request(c);
  bool interim = false;
  for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++)
    interim |= (asker->errands[i].state & LAST_WAS_INTERIM) != 0 && !is_over(v, c, &asker->errands[i]);
  asker->timed = asker->timed && interim;
  asker->waited_out = asker->waited_out && newest != NULL && (newest->progress & REQUEST_COMPLETE) == 0;
}

static void put_side(struct form *form, const struct view *v, const struct conversation *c,
                     const struct asker *original) {
  struct asker a = *original;
  a.receiving = a.receiving == NO_REQUEST ? 0 : a.receiving - c->answered;
  forget_in_scan(&a.of_client);
  forget_in_scan(&a.of_server);
  if (!relays(v)) {
    forget_timers(v, c, &a);
    a.gets_stray = false;
    memset(&a.stray_response, 0, sizeof a.stray_response);
  }
  put(form, &a, offsetof(struct asker, errands));
}

static void put_errands(struct form *form, const struct view *v, uint32_t link) {
  const struct conversation *c = &v->conversations[link];
  uint8_t count = 0;
  for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++) {
    const struct errand *errand = &asker_at(v, link)->errands[(c->requests + i) % REMEMBERED_LIMIT];
    if (is_forgotten(v, c, errand))
      continue;
    put_errand(form, v, c, errand);
    count++;
  }
  put(form, &count, sizeof count);
}

static void put_askers(struct form *form, const struct view *v) {
  const uint32_t marks = v->mark_count < MARKS_LIMIT ? v->mark_count : MARKS_LIMIT;
  const uint32_t asked = v->asked_count < ASKED_LIMIT ? v->asked_count : ASKED_LIMIT;
  put(form, &v->redirected, offsetof(struct view, marks) - offsetof(struct view, redirected));
  put(form, &v->asked_count, sizeof v->asked_count);
  put(form, v->marks, marks * sizeof v->marks[0]);
  put(form, v->asked, asked * sizeof v->asked[0]);
}

/* The client has closed LINK, and its application knows what became of all that was whole: whatever there was
 * is over until the link is opened again, but for requests that may be made again. */
static bool is_closed(const struct view *v, uint32_t link) {
  const struct conversation *c = &v->conversations[link];
  const uint32_t known = HEARD_RESPONSE | HEARD_END | IS_REPEATED | UNHEARD;
  if (!v->askers || relays(v) || !c->client_gone)
    return false;
  for (uint32_t number = c->first; number < c->answered; number++) {
    const struct errand *errand = &asker_at(v, link)->errands[number % REMEMBERED_LIMIT];
    bool is_known = (errand->state & known) != 0 || errand->repeated_perhaps;
    if (request_at(c, number) != NULL && (errand->state & RESPONSE_WHOLE) != 0 && !is_known)
      return false;
  }
  return true;
}

static void put_link(struct form *form, const struct view *v, uint32_t link, bool nothing_comes) {
  const uint8_t closed = nothing_comes && is_closed(v, link);
  put(form, &closed, sizeof closed);
  if (closed == 0)
    put_conversation(form, v, &v->conversations[link]);
  if (closed == 0 && v->askers)
    put_side(form, v, &v->conversations[link], asker_at(v, link));
  if (v->askers)
    put_errands(form, v, link);
}

size_t e100_view_canonical(const struct e100_view *view, uint32_t closed, uint8_t out[E100_VIEW_FORM_LIMIT]) {
  const struct view *v = view_inside(view);
  struct form form = {.octets = out};
  put(&form, &v->readings, sizeof v->readings);
  if (v->askers)
    put_askers(&form, v);
  for (uint32_t link = 0; link < v->link_count; link++)
    put_link(&form, v, link, (closed >> link & 1u) != 0);
  return form.length;
}

size_t e100_view_extent(const struct e100_view *view) {
  const struct view *v = view_inside(view);
  size_t side = v->askers ? sizeof(struct asker) : 0;
  return offsetof(struct view, conversations) + v->link_count * (sizeof v->conversations[0] + side);
}
