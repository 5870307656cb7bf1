/*
 * judge.c - views, findings, and the verdict on a whole exchange.
 */
#include <stddef.h>
#include <string.h>

#include "model/asking.h"
#include "model/conversation.h"
#include "model/dockets.h"
#include "model/passing_on.h"
#include "model/permitted.h"
#include "model/tunnels.h"

const struct predicate_part predicate_parts[PREDICATE_PARTS] = {
    {predicates_of_semantics, &predicates_of_semantics_count},
    {predicates_of_messaging, &predicates_of_messaging_count},
    {predicates_of_asking, &predicates_of_asking_count},
    {predicates_of_asking_messaging, &predicates_of_asking_messaging_count},
    {predicates_of_forwarding, &predicates_of_forwarding_count},
    {predicates_of_passing_on, &predicates_of_passing_on_count},
    {predicates_of_marks, &predicates_of_marks_count},
};

void e100_rule_set_add(struct e100_rule_set *set, unsigned rule) {
  E100_CHECK(rule < E100_RULE_WORDS * 64, "a rule set has room for every rule");
  set->word[rule / 64] |= (uint64_t)1 << (rule % 64);
}

bool e100_rule_set_has(const struct e100_rule_set *set, unsigned rule) {
  return rule < E100_RULE_WORDS * 64 && (set->word[rule / 64] >> (rule % 64) & 1u) != 0;
}

void e100_rule_set_remove(struct e100_rule_set *set, const struct e100_rule_set *rules) {
  for (unsigned i = 0; i < E100_RULE_WORDS; i++)
    set->word[i] &= ~rules->word[i];
}

_Static_assert(E100_RULE_COUNT <= E100_RULE_WORDS * 64, "a rule set has room for every rule");

static struct view *inside(struct e100_view *view) {
  return (struct view *)(void *)view;
}

const struct view *view_inside(const struct e100_view *view) {
  return (const struct view *)(const void *)view;
}

const struct asker *asker_at(const struct view *v, uint32_t link) {
  if (!v->askers)
    return NULL;
  return (const struct asker *)(const void *)&v->conversations[v->link_count] + link;
}

struct asker *asker_of(struct view *v, uint32_t link) {
  return v->askers ? (struct asker *)(void *)&v->conversations[v->link_count] + link : NULL;
}

/* Who is judged: the subject, or whoever is there. In a PLAY the subject's part is not there. */
static uint8_t judged_parties(const struct e100_exchange *exchange, uint8_t subject) {
  bool everybody = (exchange->reading & READING_EVERYBODY) != 0;
  unsigned all = 1u << E100_CLIENT | 1u << E100_PROXY | 1u << E100_GATEWAY | 1u << E100_ORIGIN;
  unsigned self = 1u << subject;
  if (exchange->kind == E100_KIND_PLAY)
    return (uint8_t)(everybody ? all & ~self : 0);
  return (uint8_t)(everybody ? all : self);
}

/* A link between two intermediaries, where another one leads the other way: what goes round in circles may be
 * a copy of what came, or be copied, in either direction, and nothing about it is decided. */
static bool is_in_circle(const struct e100_exchange *exchange, const struct e100_link *link) {
  for (uint32_t i = 0; i < exchange->link_count; i++)
    if (exchange->links[i].client == link->server && exchange->links[i].server == link->client)
      return true;
  return false;
}

static bool touches_circle(const struct e100_exchange *exchange, const struct e100_link *link) {
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    const struct e100_link *other = &exchange->links[i];
    bool shares = other->client == link->client || other->client == link->server ||
                  other->server == link->client || other->server == link->server;
    if (shares && is_in_circle(exchange, other))
      return true;
  }
  return false;
}

static void init_link(struct view *v, uint32_t link, const struct e100_exchange *exchange) {
  struct conversation *c = &v->conversations[link];
  uint8_t order = exchange->seen_by != E100_NOBODY ? exchange->seen_by : v->subject;
  conversation_init(c, &exchange->links[link], exchange->reading);
  c->blurred = c->circles = touches_circle(exchange, &exchange->links[link]);
  c->seen_by_client = order == c->client;
  struct asker *asker = asker_of(v, link);
  if (asker == NULL)
    return;
  memset(asker, 0, sizeof *asker);
  asker->order_is_other = order != c->client;
  asker_reopens(asker);
}

void e100_view_init(struct e100_view *view, const struct e100_exchange *exchange) {
  struct view *v = inside(view);
  write_dockets();
  memset(v, 0, offsetof(struct view, conversations));
  v->subject = (uint8_t)e100_role_party((enum e100_role)exchange->role);
  v->judged = judged_parties(exchange, v->subject);
  v->askers = (v->judged & ~(1u << E100_ORIGIN)) != 0;
  v->readings = exchange->reading;
  v->link_count = exchange->link_count < E100_LINKS_LIMIT ? exchange->link_count : E100_LINKS_LIMIT;
  for (uint32_t link = 0; link < v->link_count; link++)
    init_link(v, link, exchange);
}

/* ---- findings ------------------------------------------------------------------------------------ */

/* The request that EVENT is about, from 1; 0 where there was none yet. */
static uint32_t number_of(const struct judged *event) {
  const struct conversation *c = event->c;
  if (event->event >= ON_REQUEST)
    return event->number;
  bool next = reader_is_in_head(&c->from_client);
  if (event->event == ON_TOLD && event->request != NULL)
    return event->told_request + 1;
  if (event->event == ON_TOLD)
    return next ? c->requests + 1 : c->requests;
  if (event->event != ON_RESPONSE && c->close_due != 0)
    return c->answered;
  if (event->request != NULL)
    return c->answered + 1;
  return event->event == ON_RESPONSE && c->head_begun ? c->requests + 1 : c->requests;
}

/* ... and for RULE: a connection is to be closed behind the request that said close, or was answered so. */
static uint32_t number_for(const struct judged *event, unsigned rule) {
  const struct conversation *c = event->c;
  if (event->event != ON_PAUSE || (rule != E100_CLIENT_CLOSES && rule != E100_CLIENT_10_CODING_CLOSE))
    return number_of(event);
  return (c->close_due & CLOSE_RECEIVED) != 0 ? c->closing + 1 : c->answered;
}

static void find_alternatives(const struct judged *event, struct e100_finding *finding) {
  const unsigned of_no_act =
      ON_TOLD | ON_HEARD | ON_UNHEARD | ON_MARK | ON_TUNNEL | ON_FILLED | ON_HALF_HEAD | ON_ANSWERED;
  if ((event->event & of_no_act) != 0)
    return;
  if (event->actor == event->c->client)
    find_permitted_to_client(event, &finding->permitted, &finding->considered);
  else
    find_permitted_to_server(event, &finding->permitted, &finding->considered);
}

static void add_finding(const struct court *court, const struct judged *event, unsigned rule,
                        enum ruling ruling) {
  struct e100_findings *findings = court->findings;
  if (findings->count++ >= E100_FINDINGS_LIMIT)
    return;
  struct e100_finding *finding = &findings->list[findings->count - 1];
  memset(finding, 0, sizeof *finding);
  finding->rule = (uint16_t)rule;
  finding->party = ruling == BROKEN ? event->actor : (uint8_t)E100_APPLICATION;
  finding->link = (uint8_t)court->link;
  finding->request = number_for(event, rule);
  finding->step = court->step;
  finding->situation = situation_of(event->c);
  finding->reading = event->c->reading;
  find_alternatives(event, finding);
}

/* Content that is kept is seen where it came, and is missing on the next link: the finding is of that one. */
static void add_finding_where_it_is(const struct court *court, const struct judged *event, unsigned rule,
                                    enum ruling ruling) {
  if (rule != E100_INTERMEDIARY_CONTENT_AS_IT_CAME || event->event != ON_STALL) {
    add_finding(court, event, rule, ruling);
    return;
  }
  struct court beyond = *court;
  beyond.link = event->errand->sent_as.link;
  struct judged pause = pause_event(court->view, event->peer_c, event->quiet, beyond.link);
  pause.number = event->errand->sent_as.number + 1;
  add_finding(&beyond, &pause, rule, ruling);
  struct e100_findings *findings = court->findings;
  if (findings->count <= E100_FINDINGS_LIMIT) /* this silence was it */
    findings->list[findings->count - 1].permitted &= (uint16_t) ~(1u << E100_ALT_SILENCE);
}

static void note(const struct court *court, const struct judged *event, unsigned rule, enum ruling ruling) {
  if (ruling == APART)
    return;
  e100_rule_set_add(ruling == OPEN ? &court->view->undecided : &court->view->decided, rule);
  if (ruling >= BROKEN)
    add_finding_where_it_is(court, event, rule, ruling);
}

void hold_court(const struct court *court, const struct judged *event) {
  if ((court->view->judged >> event->actor & 1u) == 0)
    return;
  const struct docket *docket = docket_of(event->event);
  for (uint32_t i = 0; i < docket->count; i++) {
    const struct predicate *predicate = docket->entries[i].predicate;
    if (is_bound(docket->entries[i].bound, event))
      note(court, event, predicate->rule,
           court->hears == NULL ? predicate->rules(event) : court->hears(predicate, event));
  }
}

/* No time is named for the final response (RFC 9110 10.1.1: ultimately), nor for one that refuses (RFC
 * 9112 2.2, 5.1, 6.3): until it comes nobody knows whether a silence in its place is one for good. */
static bool is_for_a_final(unsigned rule) {
  return rule == E100_SERVER_ONE_FINAL || rule == E100_SERVER_FINAL_AFTER_100 ||
         rule == E100_SERVER_MALFORMED_400 || rule == E100_SERVER_BAD_FRAMING_400 ||
         rule == E100_SERVER_SPACE_BEFORE_COLON_400;
}

/* ... nor for when the application hears of it. */
static bool is_for_the_application(unsigned rule) {
  return rule == E100_CLIENT_RESPONSE_TO_ITS_REQUEST || rule == E100_CLIENT_READS_AS_FRAMED;
}

bool e100_may_be_taken_back(unsigned rule) {
  return is_for_a_final(rule) || is_for_the_application(rule);
}

/* Takes back what was found of such a RULE about the request NUMBER, from the step FIRST on. With more
 * findings than are kept, nobody knows which would take the place of one: then all of them stay. */
static bool take_back(const struct court *court, bool is_such(unsigned rule), uint32_t number,
                      uint32_t first) {
  struct e100_findings *findings = court->findings;
  uint32_t kept = 0, count = findings->count;
  if (count > E100_FINDINGS_LIMIT)
    return false;
  for (uint32_t i = 0; i < count; i++) {
    const struct e100_finding *finding = &findings->list[i];
    bool slow = is_such(finding->rule) && finding->link == court->link && finding->request == number &&
                finding->step >= first;
    if (!slow)
      findings->list[kept++] = *finding;
  }
  findings->count = kept;
  return kept < count;
}

void was_only_slow(const struct court *court, uint32_t number) {
  (void)take_back(court, is_for_a_final, number, 0);
}

bool was_only_told_late(const struct court *court, uint32_t number) {
  uint32_t since = court->view->still_since;
  return since > 0 && take_back(court, is_for_the_application, number, since - 1);
}

/* A silence, and what applications are told, is nothing new: who is slow may still be at what came before.
 * Not where no timer is left, nor behind something that is found in what is told. */
static void look_whether_still(struct view *v, const struct e100_step *step, uint32_t index, bool found) {
  bool settles = step->kind == E100_STEP_SETTLED;
  if (settles && v->still_since == 0)
    v->still_since = index + 1;
  else if (!settles && (step->kind != E100_STEP_TOLD || found))
    v->still_since = 0;
}

/* ---- steps ------------------------------------------------------------------------------------------ */

static void reopen(struct conversation *c, const struct e100_link *link, uint32_t readings) {
  bool seen_by_client = c->seen_by_client, circles = c->circles;
  uint32_t requests = c->requests;
  conversation_init(c, link, readings);
  c->seen_by_client = seen_by_client;
  c->blurred = c->circles = circles;
  c->first = c->requests = c->answered = c->told = requests;
}

static void open_link(const struct court *court, struct conversation *c) {
  const struct e100_link link = {.client = c->client, .server = c->server};
  if (!c->server_gone && !c->client_gone && !c->client_half_closed)
    return;
  reopen(c, &link, court->view->readings);
  struct asker *asker = asker_of(court->view, court->link);
  if (asker != NULL)
    asker_reopens(asker);
}

/* Who passes requests on has no application: so it is the other end's. Else it is the subject's. */
static bool is_clients_application(const struct conversation *c, const struct court *court) {
  return is_intermediary(c->server) || (!is_intermediary(c->client) && court->view->subject == c->client);
}

static void tell_application(struct conversation *c, const struct e100_step *step,
                             const struct court *court) {
  if (is_clients_application(c, court))
    asker_hears(c, step, court);
  else
    application_is_told(c, step, court);
}

static void step_on_link(struct conversation *c, const struct e100_step *step, const uint8_t *octets,
                         const struct court *court) {
  bool by_client = step->from == c->client;
  bool by_server = step->from == c->server && !by_client;
  enum e100_step_kind kind = (enum e100_step_kind)step->kind;
  c->moved_on |= !by_server && kind != E100_STEP_TOLD;
  switch (kind) {
  case E100_STEP_DELIVER:
    if (tunnel_has_no_request(court->view, c, octets, step->length, by_client))
      tunnel_is_direct(c, court);
    if (c->direct)
      tunnel_is_used(c, by_client, octets, step->length, court);
    if (by_client)
      client_sends(c, octets, step->length, court);
    else if (by_server)
      server_sends(c, octets, step->length, court);
    break;
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    if (by_client)
      client_ends(c, kind, court);
    else if (by_server)
      server_ends(c, kind, court);
    break;
  case E100_STEP_OPEN:
    open_link(court, c);
    break;
  case E100_STEP_TOLD:
    tell_application(c, step, court);
    break;
  case E100_STEP_DECIDED:
    if (!is_clients_application(c, court))
      application_decides(c, step, octets, court);
    else if (step->what == E100_DECIDE_CLOSE)
      application_drops(court);
    break;
  default:
    break;
  }
}

static void timer_fires(struct view *v, const struct e100_step *step) {
  for (uint32_t link = 0; v->askers && link < v->link_count; link++)
    if (v->conversations[link].client == step->from)
      asker_times_out(asker_of(v, link), (enum e100_timer)step->what);
}

static void step_as_heard(struct e100_view *view, const struct e100_step *step, uint32_t index,
                          const uint8_t *octets, struct e100_findings *findings, hearing *hears) {
  struct view *v = inside(view);
  struct court court = {.view = v, .findings = findings, .step = index, .hears = hears};
  if ((step->flags & E100_STEP_EXPECTED) != 0)
    return;
  uint32_t found = findings->count;
  bool silence = step->kind == E100_STEP_SETTLED || step->kind == E100_STEP_QUIET;
  bool request = step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST;
  bool everywhere = silence || step->kind == E100_STEP_TIMER || request;
  if (step->kind == E100_STEP_TIMER)
    timer_fires(v, step);
  if (request && v->askers)
    application_asks(v, octets, step->length);
  for (uint32_t link = 0; link < v->link_count; link++) {
    struct conversation *c = &v->conversations[link];
    court.link = link;
    if (everywhere)
      c->moved_on = true;
    if (silence)
      silence_falls(c, step->kind == E100_STEP_QUIET, &court);
    else if (!everywhere && link == step->link)
      step_on_link(c, step, octets, &court);
  }
  look_whether_still(v, step, index, findings->count > found);
}

void e100_view_step(struct e100_view *view, const struct e100_step *step, uint32_t index,
                    const uint8_t *octets, struct e100_findings *findings) {
  step_as_heard(view, step, index, octets, findings, NULL);
}

/* A rule that binds BOUND binds somebody who is at one of the ends of C's link, and is judged. */
static bool binds_an_end(enum e100_bound bound, const struct conversation *c, uint8_t judged) {
  unsigned client = judged & 1u << c->client, server = judged & 1u << c->server;
  switch (bound) {
  case E100_BOUND_CLIENT:
    return client != 0;
  case E100_BOUND_SERVER:
    return server != 0;
  case E100_BOUND_ORIGIN:
    return (server & (1u << E100_ORIGIN | 1u << E100_GATEWAY)) != 0;
  case E100_BOUND_PROXY:
    return ((client | server) & 1u << E100_PROXY) != 0;
  case E100_BOUND_INTERMEDIARY:
    return ((client | server) & (1u << E100_PROXY | 1u << E100_GATEWAY)) != 0;
  default:
    return (client | server) != 0;
  }
}

static void add_rules(struct e100_rule_set *set, const struct predicate_part *part,
                      const struct conversation *c, uint8_t judged) {
  for (size_t i = 0; i < *part->count; i++)
    if (binds_an_end((enum e100_bound)e100_rule(part->predicates[i].rule)->bound, c, judged))
      e100_rule_set_add(set, part->predicates[i].rule);
}

/* Where octets are undecidable, so is every rule that binds who sends them, or gets them; but for those that
 * were decided before. */
void e100_view_rules(const struct e100_view *view, struct e100_rule_set *decided,
                     struct e100_rule_set *undecided) {
  const struct view *v = view_inside(view);
  *decided = v->decided;
  *undecided = v->undecided;
  for (uint32_t link = 0; link < v->link_count; link++)
    for (size_t i = 0; v->conversations[link].blurred && i < PREDICATE_PARTS; i++)
      add_rules(undecided, &predicate_parts[i], &v->conversations[link], v->judged);
  e100_rule_set_remove(undecided, decided);
}

void judge_as_heard(const struct e100_exchange *exchange, hearing *hears, struct e100_verdict *verdict) {
  struct e100_view view;
  memset(verdict, 0, sizeof *verdict);
  e100_view_init(&view, exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    step_as_heard(&view, step, i, e100_step_octets(exchange, step), &verdict->findings, hears);
  }
  e100_view_rules(&view, &verdict->decided, &verdict->undecided);
}

void e100_judge(const struct e100_exchange *exchange, struct e100_verdict *verdict) {
  judge_as_heard(exchange, NULL, verdict);
}
