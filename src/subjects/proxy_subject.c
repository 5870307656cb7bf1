#include "subjects/proxy_subject.h"

#include <stdlib.h>
#include <string.h>

#include "subjects/backlog.h"
#include "subjects/proxy_choices.h"
#include "subjects/variation_octets.h"

enum { NO_LINK = E100_LINKS_LIMIT };

/* A connection of a client: a machine, and octets on all their ways. */
struct flow {
  struct party *party;
  uint32_t link;
  uint32_t up; /* the link to a server that the present request has, or NO_LINK */
  struct e100_proxy proxy;
  struct e100_proxy_heads *heads;
  struct e100_backlog backlog; /* what the machine has not taken yet */
  struct e100_text collected;
  uint8_t from_state; /* before the present row */
  uint8_t event;      /* of the present row */
  uint32_t request;   /* heads that were read */
  uint32_t memory[E100_VARIATION_WORDS];
  struct e100_way to_client, to_server, from_client, from_server;
};

/* What a link is to the subject. */
struct place {
  bool is_up; /* a place in the pool; else a connection of a client */
  bool open;  /* the pool has a connection there */
  bool used;  /* by a request */
};

struct party {
  const struct e100_proxy_variation *variation;
  struct e100_proxy_design design;
  struct e100_proxy_policy policy;
  struct e100_sink *sink;
  uint32_t count;
  struct place places[E100_LINKS_LIMIT];
  struct flow flows[]; /* by link; those of places in the pool are unused */
};

static e100_row_watch *watch_row;

void e100_proxy_subject_watch(e100_row_watch *watch) {
  watch_row = watch;
}

/* ---- octets on their way out --------------------------------------------------------------------------- */

static struct e100_proxy_varied varied(struct flow *flow) {
  return (struct e100_proxy_varied){.proxy = &flow->proxy,
                                    .from_state = flow->from_state,
                                    .event = flow->event,
                                    .request = flow->request,
                                    .memory = flow->memory};
}

/* The octets of the present row leave to a variation. */
static void depart_one_way(struct flow *flow, e100_proxy_passing *passing, struct e100_way *way,
                           uint32_t link) {
  if (passing == NULL)
    return;
  struct e100_proxy_varied now = varied(flow);
  struct e100_text out = {0};
  passing(flow->party->variation->data, &now, (const uint8_t *)way->leaving.text, way->leaving.length,
          &way->held, &out);
  way->leaving.length = 0;
  if (link != NO_LINK)
    e100_sink_send(flow->party->sink, link, (const uint8_t *)out.text, out.length);
  e100_text_free(&out);
}

/* The present row is done. Without a variation its octets have left already. */
static void depart(struct flow *flow) {
  const struct e100_proxy_variation *variation = flow->party->variation;
  depart_one_way(flow, variation->to_server, &flow->to_server, flow->up);
  depart_one_way(flow, variation->to_client, &flow->to_client, flow->link);
  flow->event = E100_PROXY_EVENTS;
}

static void leave(struct flow *flow, e100_proxy_passing *passing, struct e100_way *way, uint32_t link,
                  const uint8_t *octets, size_t length) {
  if (passing != NULL)
    e100_text_add(&way->leaving, (const char *)octets, length);
  else
    e100_sink_send(flow->party->sink, link, octets, length);
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct flow *flow = user;
  leave(flow, flow->party->variation->to_client, &flow->to_client, flow->link, octets, length);
}

static void on_send_up(void *user, const uint8_t *octets, size_t length) {
  struct flow *flow = user;
  leave(flow, flow->party->variation->to_server, &flow->to_server, flow->up, octets, length);
}

static void on_end(void *user, enum e100_proxy_ending how) {
  static const enum e100_step_kind steps[] = {[E100_PROXY_SENDS_NO_MORE] = E100_STEP_HALF_CLOSE,
                                              [E100_PROXY_CLOSES] = E100_STEP_CLOSE,
                                              [E100_PROXY_RESETS] = E100_STEP_RESET};
  struct flow *flow = user;
  depart(flow);
  e100_sink_end(flow->party->sink, flow->link, steps[how]);
}

/* ---- the pool ------------------------------------------------------------------------------------------ */

/* The first place that is free, with a connection (OPEN) or without one. */
static uint32_t find_place(const struct party *party, bool open) {
  for (uint32_t link = 0; link < party->count; link++) {
    const struct place *place = &party->places[link];
    if (place->is_up && !place->used && place->open == open)
      return link;
  }
  return NO_LINK;
}

static void on_part(void *user, bool reusable);

static bool on_connect(void *user) {
  struct flow *flow = user;
  struct party *party = flow->party;
  if (flow->up != NO_LINK)
    on_part(flow, false); /* only a variation asks twice */
  uint32_t link = find_place(party, true);
  if (link == NO_LINK) {
    link = find_place(party, false);
    if (link == NO_LINK)
      return false;
    e100_sink_open(party->sink, link);
    party->places[link].open = true;
  }
  party->places[link].used = true;
  flow->up = link;
  return true;
}

static void close_place(struct party *party, uint32_t link) {
  e100_sink_end(party->sink, link, E100_STEP_CLOSE);
  party->places[link].open = false;
}

static void on_part(void *user, bool reusable) {
  struct flow *flow = user;
  uint8_t event = flow->event;
  depart(flow);
  flow->event = event;
  const struct e100_proxy_variation *variation = flow->party->variation;
  uint32_t link = flow->up;
  if (variation->pools != NULL) {
    struct e100_proxy_varied now = varied(flow);
    reusable = variation->pools(&now, reusable);
  }
  flow->up = NO_LINK;
  flow->party->places[link].used = false;
  if (!reusable)
    close_place(flow->party, link);
}

/* The flow whose request has the link; NULL: it is idle. */
static struct flow *flow_of(struct party *party, uint32_t link) {
  for (uint32_t i = 0; i < party->count; i++) {
    if (!party->places[i].is_up && party->flows[i].up == link)
      return &party->flows[i];
  }
  return NULL;
}

/* ---- the rest that the machine calls ------------------------------------------------------------------- */

static struct e100_proxy_heads *on_heads(void *user) {
  return ((struct flow *)user)->heads;
}

static void on_collect(void *user, const uint8_t *octets, size_t length) {
  e100_text_add(&((struct flow *)user)->collected, (const char *)octets, length);
}

static const uint8_t *on_collected(void *user, size_t *length) {
  struct flow *flow = user;
  *length = flow->collected.length;
  flow->collected.length = 0;
  return (const uint8_t *)flow->collected.text;
}

static void on_check_head(void *user, struct e100_request_facts *facts) {
  struct flow *flow = user;
  const struct e100_proxy_variation *variation = flow->party->variation;
  flow->request++;
  flow->collected.length = 0;
  if (variation->read_facts != NULL) {
    struct e100_proxy_varied now = varied(flow);
    uint32_t length = flow->proxy.request_length;
    variation->read_facts(variation->data, &now, flow->heads->request,
                          length <= E100_PROXY_HEAD_ROOM ? length : 0, facts);
  }
}

static void on_moved(void *user, const struct e100_row *row) {
  struct flow *flow = user;
  depart(flow);
  flow->from_state = row->state;
  flow->event = row->event;
  if (flow->party->variation->meddle != NULL)
    flow->party->variation->meddle(&flow->proxy, row);
  if (watch_row != NULL)
    watch_row(flow->proxy.design->table, row);
}

static const struct e100_proxy_calls calls = {.heads = on_heads,
                                              .send = on_send,
                                              .end = on_end,
                                              .connect = on_connect,
                                              .send_up = on_send_up,
                                              .part = on_part,
                                              .collect = on_collect,
                                              .collected = on_collected,
                                              .check_head = on_check_head,
                                              .moved = on_moved};

/* ---- octets on their way in ---------------------------------------------------------------------------- */

static size_t offer(void *user, const uint8_t *octets, size_t length) {
  return e100_proxy_octets(&((struct flow *)user)->proxy, &calls, user, octets, length);
}

/* Offers what waits; once nothing does, the client's half-close is next. */
static void pump(struct flow *flow) {
  if (e100_backlog_offer(&flow->backlog, offer, flow))
    e100_proxy_half_closed(&flow->proxy, &calls, flow);
  depart(flow);
}

static void arrive_from_client(struct flow *flow, const uint8_t *octets, size_t length) {
  e100_backlog_arrive(&flow->backlog, offer, flow, octets, length);
  pump(flow);
  if (e100_backlog_length(&flow->backlog) > E100_PROXY_HELD_LIMIT) {
    e100_sink_end(flow->party->sink, flow->link, E100_STEP_RESET); /* first, or it would be a close */
    e100_proxy_gone(&flow->proxy, &calls, flow);
  }
}

static void arrive_from_server(struct flow *flow, const uint8_t *octets, size_t length) {
  e100_proxy_answer(&flow->proxy, &calls, flow, octets, length);
  pump(flow);
}

/* Octets, as a variation has them. */
static void arrive(struct flow *flow, e100_proxy_passing *passing, struct e100_way *way,
                   void (*onwards)(struct flow *, const uint8_t *, size_t), const uint8_t *octets,
                   size_t length) {
  if (passing == NULL) {
    onwards(flow, octets, length);
    return;
  }
  struct e100_proxy_varied now = varied(flow);
  struct e100_text out = {0};
  passing(flow->party->variation->data, &now, octets, length, &way->held, &out);
  onwards(flow, (const uint8_t *)out.text, out.length);
  e100_text_free(&out);
}

/* ---- the functions of the subject ---------------------------------------------------------------------- */

/* A connection of a client begins. */
static void start(struct party *party, uint32_t link) {
  struct flow *flow = &party->flows[link];
  struct e100_proxy_heads *heads = flow->heads;
  memset(flow, 0, sizeof *flow);
  flow->party = party;
  flow->link = link;
  flow->up = NO_LINK;
  flow->event = E100_PROXY_EVENTS;
  flow->heads = heads != NULL ? heads : malloc(sizeof *flow->heads);
  E100_CHECK(flow->heads != NULL, "out of memory");
  e100_proxy_init(&flow->proxy, &party->design, &party->policy);
}

/* Everything but the room for heads. */
static void finish(struct flow *flow) {
  e100_text_free(&flow->backlog.octets);
  e100_text_free(&flow->collected);
  e100_way_free(&flow->to_client);
  e100_way_free(&flow->to_server);
  e100_way_free(&flow->from_client);
  e100_way_free(&flow->from_server);
}

static void *open_party(const struct e100_subject *subject, const struct e100_setup *setup,
                        struct e100_sink *sink) {
  uint32_t count = setup->exchange->link_count;
  struct party *party = malloc(sizeof *party + count * sizeof party->flows[0]);
  E100_CHECK(party != NULL, "out of memory");
  memset(party, 0, sizeof *party);
  party->variation = subject->data;
  party->design = e100_proxy_design_of(party->variation);
  party->policy = e100_proxy_policy_of((enum e100_role)subject->role, setup->policy);
  if (party->variation->choose != NULL)
    party->variation->choose(&party->policy);
  party->sink = sink;
  party->count = count;
  uint8_t own = (uint8_t)e100_role_party((enum e100_role)subject->role);
  for (uint32_t link = 0; link < party->count; link++) {
    party->places[link].is_up = setup->exchange->links[link].client == own;
    party->places[link].open = true;
    party->flows[link].heads = NULL;
    if (!party->places[link].is_up)
      start(party, link);
  }
  return party;
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct party *party = self;
  const struct e100_proxy_variation *variation = party->variation;
  if (!party->places[link].is_up) {
    struct flow *flow = &party->flows[link];
    arrive(flow, variation->from_client, &flow->from_client, arrive_from_client, octets, length);
    return;
  }
  struct flow *flow = flow_of(party, link);
  if (flow != NULL)
    arrive(flow, variation->from_server, &flow->from_server, arrive_from_server, octets, length);
  else if (party->places[link].open)
    close_place(party, link); /* nobody has asked for that (RFC 9112 9.2) */
}

static void server_ended(struct party *party, uint32_t link, enum e100_step_kind how) {
  struct flow *flow = flow_of(party, link);
  if (flow != NULL) {
    e100_proxy_server_gone(&flow->proxy, &calls, flow, how == E100_STEP_RESET);
    pump(flow);
  }
  if (!party->places[link].used)
    close_place(party, link);
}

static void client_ended(struct party *party, uint32_t link, enum e100_step_kind how) {
  struct flow *flow = &party->flows[link];
  if (how == E100_STEP_OPEN) {
    finish(flow);
    start(party, link);
  } else if (how == E100_STEP_HALF_CLOSE) {
    flow->backlog.half_closed = true;
    pump(flow);
  } else {
    e100_proxy_gone(&flow->proxy, &calls, flow);
    depart(flow);
  }
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct party *party = self;
  if (party->places[link].is_up)
    server_ended(party, link, how);
  else
    client_ended(party, link, how);
}

static bool timer(void *self, enum e100_timer which) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    struct flow *flow = &party->flows[link];
    if (!party->places[link].is_up && e100_proxy_timer(&flow->proxy) == (int)which) {
      e100_proxy_timed_out(&flow->proxy, &calls, flow);
      pump(flow);
      return true;
    }
  }
  return false;
}

static uint32_t armed(const void *self) {
  const struct party *party = self;
  uint32_t set = 0;
  for (uint32_t link = 0; link < party->count; link++) {
    if (!party->places[link].is_up)
      set |= e100_timer_set(e100_proxy_timer(&party->flows[link].proxy));
  }
  return set;
}

/* A machine does all it can at once; only a variation may have held something back. */
static void settle(void *self) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    if (!party->places[link].is_up)
      depart(&party->flows[link]);
  }
}

static void close_all(void *self) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    if (!party->places[link].is_up) {
      finish(&party->flows[link]);
      free(party->flows[link].heads);
    }
  }
  free(party);
}

/* The state of the first connection of a client, with what its table does not show. */
static uint32_t state(const void *self) {
  const struct party *party = self;
  uint32_t link = 0;
  while (link < party->count && party->places[link].is_up)
    link++;
  if (link == party->count)
    return 0;
  const struct flow *flow = &party->flows[link];
  uint32_t more = (flow->proxy.connected ? 1U : 0U) | (flow->proxy.interims > 0 ? 2U : 0U) |
                  (e100_backlog_length(&flow->backlog) > 0 ? 4U : 0U);
  return flow->proxy.state * 8U + more;
}

static bool decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  (void)self, (void)step, (void)octets;
  return false; /* no application decides here */
}

static const struct e100_proxy_variation none = {.data = NULL};

#define SUBJECT_OF(role_of, what)                                                                          \
  {                                                                                                        \
    .version = E100_SUBJECT_VERSION, .name = "reference", .summary = (what), .role = (role_of),            \
    .abilities = E100_HAS_TIMERS, .data = &none, .open = open_party, .deliver = deliver, .ended = ended,   \
    .timer = timer, .armed = armed, .decide = decide, .settle = settle, .close = close_all, .state = state \
  }

const struct e100_subject e100_proxy_subject_reference =
    SUBJECT_OF(E100_ROLE_PROXY, "the reference machine of a proxy");
const struct e100_subject e100_gateway_subject_reference =
    SUBJECT_OF(E100_ROLE_GATEWAY, "the reference machine of a gateway");
