/*
 * errands.c - a request, among those that its application asked for and those that were sent before.
 */
#include "model/errands.h"

#include <string.h>

#include "model/asking.h"

bool asks_the_same(const struct errand *a, const struct errand *b) {
  return a->method == b->method && a->target == b->target;
}

bool asks_the_same_marked(const struct errand *a, const struct errand *b) {
  return asks_the_same(a, b) && a->mark == b->mark;
}

bool is_asked_for(const struct asked *asked, const struct head *head) {
  bool marks_differ = asked->mark != 0 && head->mark != 0 && asked->mark != head->mark;
  return asked->method == head->method && asked->target == head->target && !marks_differ;
}

/* The length that HEAD declares can be that of what was asked for. */
static bool length_fits(const struct asked *asked, const struct head *head) {
  if ((head->facts & HEAD_CODING) != 0)
    return true;
  return asked->length == ((head->facts & HEAD_LENGTH) != 0 ? head->length : 0);
}

/* What the application asked for with that head: of those that have such a length, where there are any, the
 * first that was not sent yet; else the last that was sent. SURE: no other has other content, and none is
 * forgotten. */
static uint8_t find_asked(const struct view *v, const struct head *head, bool *sure) {
  uint32_t first = v->asked_count > ASKED_LIMIT ? v->asked_count - ASKED_LIMIT : 0;
  const struct asked *found = NULL;
  *sure = v->asked_count <= ASKED_LIMIT;
  for (uint32_t i = first; i < v->asked_count; i++) {
    const struct asked *asked = &v->asked[i % ASKED_LIMIT];
    if (!is_asked_for(asked, head))
      continue;
    bool fits = length_fits(asked, head);
    bool as_well = found != NULL && length_fits(found, head) == fits;
    if (as_well) /* it may be a repeat, too */
      *sure &= found->length == asked->length && found->whole == asked->whole;
    if (found == NULL || (as_well ? found->sent > 0 : fits))
      found = asked;
  }
  return found == NULL ? 0 : (uint8_t)(found - v->asked + 1);
}

static bool is_like(const struct errand *errand, const struct head *head) {
  return errand->serial != 0 && errand->method == head->method && errand->target == head->target &&
         (errand->mark == 0 || head->mark == 0 || errand->mark == head->mark);
}

/* HEAD is a repeat of one of those like it, or no repeat: which of what was asked for they were is not known.
 */
static void repeat_perhaps(struct view *v, const struct head *head) {
  for (uint32_t link = 0; link < v->link_count; link++)
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && v->conversations[link].client == E100_CLIENT; i++) {
      struct errand *errand = &asker_of(v, link)->errands[i];
      errand->repeated_perhaps |= is_like(errand, head);
    }
}

/* Which of those that are like HEAD was sent is not known, so not of any of them whether it was. */
static void doubt_asked(struct view *v, const struct head *head) {
  for (uint32_t i = 0; i < v->asked_count && i < ASKED_LIMIT; i++)
    v->asked[i].sent_perhaps |= is_asked_for(&v->asked[i], head);
}

static uint32_t compare_with_asked(struct view *v, struct errand *errand, const struct head *head) {
  if (v->asked_count == 0)
    return 0;
  bool sure = false;
  errand->asked = find_asked(v, head, &sure);
  if (errand->asked == 0)
    return v->asked_count > ASKED_LIMIT || (head->facts & HEAD_OF_CONNECT) != 0 ? 0 : IS_UNKNOWN;
  struct asked *asked = &v->asked[errand->asked - 1];
  bool again = asked->sent > 0;
  uint32_t state = again && !asked->sent_perhaps ? IS_REPEAT : 0;
  if (again && asked->sent_perhaps)
    repeat_perhaps(v, head);
  asked->sent = (uint8_t)(asked->sent + (asked->sent < UINT8_MAX));
  if (!sure) {
    errand->asked = 0; /* nobody can tell which of them it is */
    doubt_asked(v, head);
  }
  return state;
}

bool has_credentials(const struct reader *reader) {
  return reader_found(reader, name_hash("authorization")) ||
         reader_found(reader, name_hash("proxy-authorization"));
}

struct errand *find_before(struct view *v, const struct conversation *c, const struct head *head) {
  struct errand *before = NULL;
  for (uint32_t link = 0; link < v->link_count; link++) {
    const struct conversation *other = &v->conversations[link];
    struct asker *asker = asker_of(v, link);
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && other->client == c->client && i < other->requests; i++) {
      uint32_t number = other->requests - 1 - i;
      struct errand *errand = errand_at(asker, number);
      if (!is_like(errand, head) || (before != NULL && before->serial > errand->serial))
        continue;
      before = errand;
    }
  }
  return before;
}

void repeat_unmet(struct view *v, const struct conversation *c, const struct head *head) {
  for (uint32_t link = 0; link < v->link_count; link++) {
    const struct conversation *other = &v->conversations[link];
    for (uint32_t i = 0; i < REMEMBERED_LIMIT && other->client == c->client && i < other->requests; i++) {
      struct errand *errand = errand_at(asker_of(v, link), other->requests - 1 - i);
      if (is_like(errand, head) && errand->final == 417 && (errand->facts & HEAD_ASKS) != 0)
        errand->state |= IS_REPEATED;
    }
  }
}

struct errand errand_of(struct view *v, const struct conversation *c, const struct head *head) {
  struct errand errand = {.facts = head->facts, .notes = head->notes};
  errand.notes |= has_credentials(&c->from_client) ? (uint32_t)NOTE_CREDENTIALS : 0;
  errand.method = head->method;
  errand.target = head->target;
  errand.authority = head->authority;
  errand.host = head->host;
  errand.mark = head->mark;
  errand.minor = head->minor;
  errand.via_runs = head->via_runs;
  errand.options = head->options;
  memcpy(errand.option, head->option, sizeof errand.option);
  errand.length = (head->facts & HEAD_LENGTH) != 0 ? head->length : 0;
  errand.serial = ++v->heads;
  if (c->client == E100_CLIENT) /* whose application asks */
    errand.state = compare_with_asked(v, &errand, head);
  return errand;
}
