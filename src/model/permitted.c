/*
 * permitted.c - tries the few things that a server or a client might do next, each on a copy of the
 * conversation.
 */
#include "model/permitted.h"

#include <string.h>

#include "model/asking.h"
#include "model/conversation.h"
#include "model/dockets.h"
#include "model/view.h"

/* Would EVENT break a MUST or a MUST NOT? */
static bool breaks(const struct judged *event) {
  const struct docket *docket = docket_of(event->event);
  for (uint32_t i = 0; i < docket->count; i++) {
    const struct predicate *predicate = docket->entries[i].predicate;
    if (is_bound(docket->entries[i].bound, event) && e100_rule_severity(predicate->rule) == E100_VIOLATION &&
        predicate->rules(event) >= BROKEN)
      return true;
  }
  return false;
}

/* After the response that is being judged, not in the middle of it. */
static bool may_be_silent(struct conversation c) {
  c.responding = false;
  struct judged event = silence_event(&c);
  return !breaks(&event);
}

static bool may_end(const struct conversation *c) {
  struct judged event = ending_event(c, E100_STEP_CLOSE);
  return !breaks(&event);
}

/* A complete and well-formed response: it names the protocols that were asked for, where that matters. */
static bool may_respond(struct conversation c, unsigned status, bool closing) {
  struct head response = plain_response(status, closing);
  const struct request *r = waiting_request(&c);
  if (c.blurred)
    return true;
  if (c.tunnel || c.server_gone)
    return false;
  if (status == 101 && r != NULL) {
    response.facts |= HEAD_UPGRADE | HEAD_UPGRADE_OPTION;
    response.protocols = r->protocols < 1 ? 1 : r->protocols;
    for (unsigned i = 0; i < PROTOCOLS_LIMIT; i++)
      response.protocol[i] = r->protocol[i];
  }
  if (r != NULL && (r->facts & HEAD_OF_CONNECT) != 0 && status >= 200 && status < 300)
    response.facts &= ~(uint32_t)HEAD_LENGTH;
  if (r != NULL && r->decided == status)
    response.length = r->given.length;
  response_begins(&c);
  struct judged event = response_event(&c, &response);
  if (breaks(&event))
    return false;
  response_counts(&c, &response);
  c.sending = false;
  return !closing || may_end(&c);
}

static bool is_permitted(const struct conversation *c, enum e100_alternative alternative) {
  switch (alternative) {
  case E100_ALT_SILENCE:
    return may_be_silent(*c);
  case E100_ALT_100:
    return may_respond(*c, 100, false);
  case E100_ALT_FINAL:
    return may_respond(*c, 200, false);
  case E100_ALT_FINAL_CLOSE:
    return may_respond(*c, 200, true);
  case E100_ALT_400_CLOSE:
    return may_respond(*c, 400, true);
  case E100_ALT_417:
    return may_respond(*c, 417, false);
  default:
    return may_end(c);
  }
}

void find_permitted(const struct conversation *c, uint16_t *permitted, uint16_t *considered) {
  for (unsigned i = 0; i <= E100_ALT_CLOSE; i++) {
    *considered = (uint16_t)(*considered | 1u << i);
    if (is_permitted(c, (enum e100_alternative)i))
      *permitted = (uint16_t)(*permitted | 1u << i);
  }
}

/* It may still pass the request on: it has not, and nothing came of it. */
static bool may_pass_on(const struct judged *event) {
  return event->event == ON_STALL && event->request != NULL && event->peer_errand == NULL;
}

/* An interim response came that a proxy has to pass on, before whatever else it sends. */
static bool lacks_interim(const struct judged *event) {
  const struct docket *docket = docket_of(event->event);
  for (uint32_t i = 0; i < docket->count; i++) {
    const struct predicate *predicate = docket->entries[i].predicate;
    if (predicate->rule == E100_PROXY_FORWARDS_INTERIM && is_bound(docket->entries[i].bound, event))
      return predicate->rules(event) == BROKEN;
  }
  return false;
}

void find_permitted_to_server(const struct judged *event, uint16_t *permitted, uint16_t *considered) {
  find_permitted(event->c, permitted, considered);
  if (event->event < ON_RELAY)
    return;
  if (event->event == ON_STALL) /* that was it */
    *permitted &= (uint16_t) ~(1u << E100_ALT_SILENCE);
  *considered |= 1u << E100_ALT_FORWARD;
  if (may_pass_on(event))
    *permitted |= 1u << E100_ALT_FORWARD;
  *considered |= 1u << E100_ALT_INTERIM;
  if (lacks_interim(event))
    *permitted = (uint16_t)((*permitted & 1u << E100_ALT_CLOSE) | 1u << E100_ALT_INTERIM);
}

/* ---- a client ------------------------------------------------------------------------------------- */

static bool may_pause(const struct judged *event) {
  struct judged pause = *event;
  pause.event = ON_PAUSE;
  pause.quiet = true;
  return pause.errand == NULL || !breaks(&pause);
}

/* Another request, well formed and idempotent, begun here. */
static bool may_ask(const struct judged *event) {
  const struct conversation *c = event->c;
  bool after_close = c->closing != NO_REQUEST && c->requests > c->closing;
  bool over = after_close || (c->close_due & CLOSE_SENT) != 0 || event->asker->kept_of_10 == NOT_KEPT ||
              event->asker->coded_10 == CODED_10;
  return !owes_content(event->newest) && !over && !c->tunnel;
}

static bool client_may(const struct judged *event, enum e100_alternative alternative) {
  const struct conversation *c = event->c;
  bool gone = c->client_gone || c->client_half_closed || c->server_gone;
  switch (alternative) {
  case E100_ALT_SILENCE:
    return may_pause(event);
  case E100_ALT_CONTENT:
    return owes_content(event->newest) && !gone;
  case E100_ALT_REQUEST:
    return may_ask(event) && !gone;
  case E100_ALT_CLOSE:
    return !c->client_gone;
  default:
    return true;
  }
}

void find_permitted_to_client(const struct judged *event, uint16_t *permitted, uint16_t *considered) {
  static const enum e100_alternative tried[] = {E100_ALT_SILENCE, E100_ALT_CLOSE, E100_ALT_CONTENT,
                                                E100_ALT_REQUEST, E100_ALT_ELSEWHERE};
  if (event->event == ON_HEARD || event->event == ON_UNHEARD)
    return;
  for (unsigned i = 0; i < sizeof tried / sizeof *tried; i++) {
    *considered = (uint16_t)(*considered | 1u << tried[i]);
    if (client_may(event, tried[i]))
      *permitted = (uint16_t)(*permitted | 1u << tried[i]);
  }
}

bool e100_view_permits(const struct e100_view *view, uint32_t link, unsigned status, bool closing) {
  const struct view *v = view_inside(view);
  if (link >= v->link_count || status > 999)
    return false;
  return may_respond(v->conversations[link], status, closing);
}

/* STEP breaks no MUST and no MUST NOT of who takes it, as the judge has it. */
static bool may_step(const struct e100_view *view, const struct e100_step *step, const uint8_t *octets) {
  struct e100_findings findings;
  struct e100_view copy;
  memcpy(&copy, view, e100_view_extent(view));
  findings.count = 0;
  e100_view_step(&copy, step, 0, octets, &findings);
  for (uint32_t i = 0; i < findings.count && i < E100_FINDINGS_LIMIT; i++)
    if (findings.list[i].party == step->from && e100_rule_severity(findings.list[i].rule) == E100_VIOLATION)
      return false;
  return true;
}

bool e100_view_permits_end(const struct e100_view *view, uint32_t link) {
  const struct view *v = view_inside(view);
  if (link >= v->link_count)
    return false;
  const struct e100_step end = {
      .kind = E100_STEP_CLOSE, .link = (uint8_t)link, .from = v->conversations[link].server};
  return may_step(view, &end, NULL);
}

bool e100_view_is_tunnel(const struct e100_view *view, uint32_t link) {
  const struct view *v = view_inside(view);
  return link < v->link_count && v->conversations[link].tunnel;
}

bool e100_view_owes_content(const struct e100_view *view, uint32_t link) {
  const struct view *v = view_inside(view);
  if (link >= v->link_count)
    return false;
  return owes_content(newest_request(&v->conversations[link]));
}

bool e100_view_owes_final(const struct e100_view *view, uint32_t link) {
  const struct view *v = view_inside(view);
  const struct conversation *c = link < v->link_count ? &v->conversations[link] : NULL;
  const struct request *r = c != NULL && server_can_act(c) ? waiting_request(c) : NULL;
  if (r == NULL || awaits_100(r))
    return false;
  return (r->progress & REQUEST_COMPLETE) != 0 || r->content == CONTENT_BROKEN || head_is_malformed(r->facts);
}

/* Its application has just asked for it. */
static bool may_request(const struct e100_view *view, const struct conversation *c, uint32_t link) {
  static const char next[] = "GET /next HTTP/1.1\r\nHost: next.example\r\n\r\n";
  const uint8_t *octets = (const uint8_t *)next;
  const struct e100_step asked = {.kind = E100_STEP_DECIDED,
                                  .from = E100_APPLICATION,
                                  .what = E100_DECIDE_REQUEST,
                                  .length = sizeof next - 1};
  const struct e100_step sent = {.kind = E100_STEP_DELIVER,
                                 .link = (uint8_t)link,
                                 .from = c->client,
                                 .to = c->server,
                                 .length = sizeof next - 1};
  struct e100_findings findings = {.count = 0};
  struct e100_view copy;
  memcpy(&copy, view, e100_view_extent(view));
  if (c->client == E100_CLIENT)
    e100_view_step(&copy, &asked, 0, octets, &findings);
  return may_step(&copy, &sent, octets);
}

bool e100_view_permits_to_client(const struct e100_view *view, uint32_t link,
                                 enum e100_alternative alternative) {
  const struct view *v = view_inside(view);
  if (link >= v->link_count || !v->askers || v->conversations[link].client_gone)
    return false;
  const struct conversation *c = &v->conversations[link];
  struct judged event = pause_event(v, c, false, link);
  const struct e100_step end = {.kind = E100_STEP_CLOSE, .link = (uint8_t)link, .from = c->client};
  switch (alternative) {
  case E100_ALT_SILENCE:
    return !breaks(&event);
  case E100_ALT_CONTENT:
    event.event = ON_CONTENT;
    event.octets = 1;
    return client_may(&event, alternative) && !breaks(&event);
  case E100_ALT_REQUEST:
    return client_may(&event, alternative) && may_request(view, c, link);
  default:
    return alternative == E100_ALT_CLOSE && may_step(view, &end, NULL);
  }
}

const char *e100_alternative_name(unsigned alternative) {
  static const char *const names[E100_ALT_COUNT] = {
      "send nothing",
      "send 100",
      "send a final response",
      "send a final response and close",
      "send 400 and close",
      "send 417",
      "close",
      "send the rest of the content",
      "send the next request",
      "send the next request on another connection",
      "pass the request on",
      "pass on the interim response that came",
  };
  E100_CHECK(alternative < E100_ALT_COUNT, "an alternative has a number below E100_ALT_COUNT");
  return names[alternative];
}
