/*
 * marks.c - finds marks, and those that are out of place.
 */
#include "model/marks.h"

#include <string.h>

#include "model/passing_on.h"

enum { MARK_OCTETS = 8 };

static const char line_start[] = "e100-mark:";

enum { LINE_START = sizeof line_start - 1 };

/* ---- the octets of a mark ---------------------------------------------------------------------------- */

static bool is_mark_octet(uint8_t octet) {
  octet = fold_case(octet);
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z');
}

/* The mark in braces that ends with OCTET, or 0. */
static uint64_t in_braces(struct mark_scan *scan, uint8_t octet) {
  uint64_t mark = 0;
  if (octet == '{') {
    scan->braces = 1;
    scan->in_braces = 0;
    return 0;
  }
  if (scan->braces == 0)
    return 0;
  if (octet == '}' && scan->braces > 1)
    mark = scan->in_braces;
  bool goes_on = is_mark_octet(octet) && scan->braces <= MARK_OCTETS;
  scan->in_braces = scan->in_braces << 8 | octet;
  scan->braces = (uint8_t)(goes_on ? scan->braces + 1 : 0);
  return mark;
}

/* The mark on a line of its own that ends with OCTET, or 0. */
static uint64_t on_line(struct mark_scan *scan, uint8_t octet) {
  if (scan->line < LINE_START) {
    bool next = fold_case(octet) == (uint8_t)line_start[scan->line];
    scan->line = (uint8_t)(next ? scan->line + 1 : fold_case(octet) == (uint8_t)line_start[0]);
    scan->line_length = 0;
    scan->on_line = 0;
    return 0;
  }
  if (is_space(octet) && scan->line_length == 0)
    return 0;
  if (is_mark_octet(octet) && scan->line_length < MARK_OCTETS) {
    scan->on_line = scan->on_line << 8 | octet;
    scan->line_length++;
    return 0;
  }
  scan->line = 0;
  return octet == '\r' || octet == '\n' ? scan->on_line : 0;
}

bool has_odd_marks(uint64_t own, const uint8_t *content, size_t length) {
  struct mark_scan scan = {0};
  for (size_t i = 0; i < length; i++) {
    uint64_t braced = in_braces(&scan, content[i]);
    if (on_line(&scan, content[i]) != 0 || (braced != 0 && braced != own))
      return true;
  }
  return false;
}

/* ---- what was out of place before --------------------------------------------------------------- */

static struct seen_mark *find_mark(struct view *v, uint64_t mark) {
  for (uint32_t i = 0; i < v->mark_count && i < MARKS_LIMIT; i++)
    if (v->marks[i].mark == mark)
      return &v->marks[i];
  return NULL;
}

/* Takes note of MARK there; true where it was there before. */
static bool seen_before(struct view *v, uint64_t mark, uint32_t place) {
  struct seen_mark *seen = find_mark(v, mark);
  if (seen == NULL) {
    seen = &v->marks[v->mark_count++ % MARKS_LIMIT];
    *seen = (struct seen_mark){mark, 0};
  }
  bool before = (seen->places & place) != 0;
  seen->places |= place;
  return before;
}

/* ---- sights ------------------------------------------------------------------------------------- */

static void hold_sight(const struct conversation *c, bool by_client, uint32_t number, enum sight sight,
                       const struct court *court) {
  struct judged event = {.event = ON_MARK, .actor = by_client ? c->client : c->server, .c = c};
  event.view = court->view;
  event.asker = asker_at(court->view, court->link);
  event.newest = newest_request(c);
  event.request = request_at(c, number);
  event.number = number + 1;
  if (event.request != NULL)
    event.errand = &event.asker->errands[number % REMEMBERED_LIMIT];
  event.sight = (uint8_t)sight;
  hold_court(court, &event);
}

/* MARK is out of place: in whose octets, and for the first time? True where it was only passed on. */
static bool is_out_of_place(const struct conversation *c, bool by_client, uint32_t number, uint64_t mark,
                            enum sight sight, const struct court *court) {
  uint32_t place = by_client ? OUT_IN_REQUESTS : OUT_IN_RESPONSES;
  bool before = seen_before(court->view, mark, place);
  bool passed_on = before && is_intermediary(by_client ? c->client : c->server);
  hold_sight(c, by_client, number, passed_on ? MARK_FROM_OTHERS : sight, court);
  return passed_on;
}

/* ---- octets ------------------------------------------------------------------------------------- */

struct region {
  const struct conversation *c;
  const struct court *court;
  bool by_client, content;
  uint32_t number; /* of the request whose octets, or whose response's, they are */
  uint64_t own;    /* its mark, or 0 */
  bool quotes;     /* a response that may have the head of its own request in its content */
};

/* Braces in a head may stand for anything, as in a template, where nobody has said that there are marks. */
static bool uses_marks(const struct region *region) {
  const struct conversation *c = region->c;
  return region->court->view->uses_marks || c->from_client.head.mark != 0 || c->from_server.head.mark != 0;
}

static void found_in_braces(const struct region *region, uint64_t mark) {
  if (!region->content && !uses_marks(region)) {
    uint32_t place = region->by_client ? OUT_IN_REQUESTS : OUT_IN_RESPONSES;
    (void)seen_before(region->court->view, mark, place); /* who passes it on later has it from there */
    return;
  }
  if (!region->content)
    (void)is_out_of_place(region->c, region->by_client, region->number, mark, CONTENT_IN_HEAD, region->court);
  else if (region->own != 0 && mark != region->own)
    (void)is_out_of_place(region->c, region->by_client, region->number, mark, CONTENT_OF_OTHER,
                          region->court);
  else if (region->own != 0)
    hold_sight(region->c, region->by_client, region->number, MARK_IN_PLACE, region->court);
}

static bool look_for_marks(const struct region *region, struct mark_scan *scan, const uint8_t *from,
                           const uint8_t *to) {
  bool has_head = false;
  for (; from < to; from++) {
    uint64_t mark = in_braces(scan, *from);
    if (mark != 0 && !(region->content && mark == scan->foreign))
      found_in_braces(region, mark);
    if (mark != 0 && region->content && region->own != 0 && mark != region->own)
      scan->foreign = mark; /* where it is repeated, nothing new is shown */
    mark = region->content ? on_line(scan, *from) : 0;
    region->court->view->uses_marks |= mark != 0;
    if (mark == 0 || (region->quotes && mark == region->own))
      continue;
    if (region->by_client)
      (void)seen_before(region->court->view, mark, ON_LINE_IN_CONTENT);
    /* What came as content goes on as content. */
    has_head |=
        !is_out_of_place(region->c, region->by_client, region->number, mark, HEAD_IN_CONTENT, region->court);
  }
  return has_head;
}

bool look_for_marks_in_request(const struct conversation *c, const uint8_t *from, const uint8_t *to,
                               bool content, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return false;
  struct region region = {.c = c, .court = court, .by_client = true, .content = content};
  region.number = content ? c->requests - 1 : c->requests;
  region.own = content ? asker->errands[region.number % REMEMBERED_LIMIT].mark : 0;
  const struct request *r = request_at(c, region.number);
  bool elsewhere =
      look_for_marks(&region, &asker->of_client, from, to) && r != NULL && (r->progress & FINAL_SENT) != 0;
  /* Whose requests come from others may have lost its place in them. A user agent's content is its own. */
  return elsewhere && is_intermediary(c->client);
}

void look_for_marks_in_response(const struct conversation *c, const uint8_t *from, const uint8_t *to,
                                bool content, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  struct region region = {.c = c, .court = court, .content = content};
  region.number = content && asker->receiving != NO_REQUEST ? asker->receiving : c->answered;
  region.own =
      content && asker->receiving != NO_REQUEST ? asker->errands[region.number % REMEMBERED_LIMIT].mark : 0;
  const struct errand *errand = &asker->errands[region.number % REMEMBERED_LIMIT];
  region.quotes = errand->final >= 400 || (errand->notes & NOTE_OF_TRACE) != 0; /* RFC 9110 9.3.8 */
  (void)look_for_marks(&region, &asker->of_server, from, to);
}

void remember_marks_of_server(const uint8_t *from, const uint8_t *to, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  for (; asker != NULL && from < to; from++) {
    uint64_t braced = in_braces(&asker->of_server, *from), lined = on_line(&asker->of_server, *from);
    if (braced != 0)
      (void)seen_before(court->view, braced, OUT_IN_RESPONSES);
    if (lined != 0)
      (void)seen_before(court->view, lined, OUT_IN_RESPONSES);
  }
}

/* ---- heads -------------------------------------------------------------------------------------- */

void mark_heads_request(const struct conversation *c, const struct errand *errand,
                        const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  memset(&asker->of_client, 0, sizeof asker->of_client);
  court->view->uses_marks |= errand->mark != 0;
  if (head_was_content(asker, errand)) {
    hold_sight(c, true, c->requests, CONTENT_IN_HEAD, court); /* without a mark, too */
    return;
  }
  if (errand->mark == 0)
    return;
  if (!is_intermediary(c->client)) {
    (void)seen_before(court->view, errand->mark, HEADS_A_REQUEST);
    return;
  }
  const struct seen_mark *seen = find_mark(court->view, errand->mark);
  uint32_t places = seen == NULL ? 0 : seen->places;
  bool was_content = (places & ON_LINE_IN_CONTENT) != 0 && (places & HEADS_A_REQUEST) == 0;
  hold_sight(c, true, c->requests, was_content ? CONTENT_IN_HEAD : MARK_IN_PLACE, court);
}

void compare_marks(const struct conversation *c, const struct head *response, const struct court *court) {
  struct asker *asker = asker_of(court->view, court->link);
  if (asker == NULL)
    return;
  memset(&asker->of_server, 0, sizeof asker->of_server);
  court->view->uses_marks |= response->mark != 0;
  if (c->orphan || response->mark == 0 || waiting_request(c) == NULL)
    return;
  uint64_t own = asker->errands[c->answered % REMEMBERED_LIMIT].mark;
  if (own == 0)
    return;
  if (response->mark != own) {
    (void)is_out_of_place(c, false, c->answered, response->mark, RESPONSE_OF_OTHER, court);
    asker->of_server.foreign = response->mark;
  } else {
    hold_sight(c, false, c->answered, MARK_IN_PLACE, court);
  }
}
