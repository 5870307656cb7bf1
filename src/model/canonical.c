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
 *  - The sets of rules that were decided are written and never read; a step's index is printed only.
 *
 * tests/search_test.c tries it: states that were merged go on alike.
 */
#include <stddef.h>
#include <string.h>

#include "model/permitted.h"
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
  head->options = 0;
  memset(head->option, 0, sizeof head->option);
  section->names = section->mark_length = 0;
  section->name_hash = 0;
  section->expect_part = (struct part_reader){.at = 0};
  reader->odd = false;
  reader->extension = 0;
  memset(section->found, 0, sizeof section->found);
  reader->slashes = 0;
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

/* ---- requests ------------------------------------------------------------------------------------- */

static void forget_in_request(struct request *r, bool server_gone) {
  const uint32_t history = WAITED_FOR_ORIGIN | WAITED_FOR_PROGRAM | TOLD_OF_HEAD | TOLD_COMPLETE |
                           PROGRAM_ACCEPTED | LATE_FINAL_OF_ORIGIN | LATE_FINAL_OF_PROGRAM;
  bool answered = (r->progress & FINAL_SENT) != 0;
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

static void put_requests(struct form *form, const struct conversation *c) {
  bool before = c->answered > c->first && c->told == c->answered;
  for (uint32_t number = c->answered - before; number < c->requests; number++) {
    const struct request *remembered = request_at(c, number);
    if (remembered == NULL)
      continue;
    struct request r = *remembered;
    forget_in_request(&r, c->server_gone);
    put(form, &r, sizeof r);
  }
}

/* ---- conversations ---------------------------------------------------------------------------------- */

static void forget_server(struct conversation *c) {
  c->moved_on = c->responding = c->orphan = c->head_begun = c->empty_line = c->sending = c->close_missed =
      false;
  c->bare_status = NOT_BARE;
}

static void put_conversation(struct form *form, const struct conversation *original, bool askers) {
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
  if (!askers) {
    forget_notes(&c.from_client);
    forget_notes(&c.from_server);
  }
  if (c.server_gone)
    forget_server(&c);
  put(form, &c, ring);
  put(form, (const uint8_t *)&c + after, sizeof c - after);
  put_requests(form, original);
}

/* ---- the client's side: all of it counts, but for where it stands in its rings ---------------------------
 */

static void put_asker(struct form *form, const struct conversation *c, const struct asker *asker) {
  struct asker a = *asker;
  a.receiving = a.receiving == NO_REQUEST ? 0 : a.receiving - c->answered;
  put(form, &a, offsetof(struct asker, errands));
  for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++) {
    struct errand errand = asker->errands[(c->requests + i) % REMEMBERED_LIMIT];
    put(form, &errand, sizeof errand);
  }
}

static void put_askers(struct form *form, const struct view *v) {
  put(form, &v->redirected, offsetof(struct view, asked_count) - offsetof(struct view, redirected));
  put(form, &v->asked_count, sizeof v->asked_count);
  put(form, v->asked, sizeof v->asked);
  for (uint32_t i = 0; i < v->link_count; i++)
    put_asker(form, &v->conversations[i], asker_at(v, i));
}

size_t e100_view_canonical(const struct e100_view *view, uint8_t out[E100_VIEW_FORM_LIMIT]) {
  const struct view *v = view_inside(view);
  struct form form = {.octets = out};
  put(&form, &v->readings, sizeof v->readings);
  for (uint32_t i = 0; i < v->link_count; i++)
    put_conversation(&form, &v->conversations[i], v->askers);
  if (v->askers)
    put_askers(&form, v);
  return form.length;
}

size_t e100_view_extent(const struct e100_view *view) {
  const struct view *v = view_inside(view);
  size_t side = v->askers ? sizeof(struct asker) : 0;
  return offsetof(struct view, conversations) + v->link_count * (sizeof v->conversations[0] + side);
}
