#include "search/proxy_party.h"

#include <string.h>

#include "subjects/proxy_choices.h"

const struct e100_proxy_making e100_proxy_making_reference = {.design = &e100_proxy_reference};

bool e100_proxy_making_of(const struct e100_proxy_variation *variation, struct e100_proxy_making *making) {
  making->own = e100_proxy_design_of(variation);
  making->design = &making->own;
  making->variation = variation;
  return variation->from_client == NULL && variation->from_server == NULL && variation->read_facts == NULL &&
         variation->to_client == NULL && variation->to_server == NULL;
}

enum e100_party e100_party_is(const struct e100_proxy_party *party) {
  return party->flows[0].proxy.policy.gateway ? E100_GATEWAY : E100_PROXY;
}

void e100_party_init(struct e100_proxy_party *party, const struct e100_proxy_making *making,
                     enum e100_role role, uint32_t policy, unsigned flows, unsigned places) {
  struct e100_proxy_policy chosen = e100_proxy_policy_of(role, policy);
  E100_CHECK(flows <= E100_PARTY_FLOWS && places <= E100_PARTY_PLACES, "a search has few connections");
  memset(party, 0, sizeof *party);
  if (making->variation != NULL && making->variation->choose != NULL)
    making->variation->choose(&chosen);
  party->making = making;
  party->flow_count = (uint8_t)flows;
  party->place_count = (uint8_t)places;
  for (unsigned i = 0; i < places; i++)
    party->open[i] = 1;
  for (unsigned i = 0; i < flows; i++) {
    party->flows[i].place = E100_NO_PLACE;
    e100_proxy_init(&party->flows[i].proxy, making->design, &chosen);
  }
}

static struct e100_proxy_flow *flow_of(struct e100_party_turn *turn) {
  return &turn->party->flows[turn->flow];
}

/* ---- what the machine does ---------------------------------------------------------------------- */

static void keep(struct e100_kept *kept, const uint8_t *octets, size_t length) {
  E100_CHECK(kept->length + length <= sizeof kept->octets, "the alphabet sends little");
  memcpy(kept->octets + kept->length, octets, length);
  kept->length = (uint16_t)(kept->length + length);
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct e100_party_turn *turn = user;
  const bool begins = length >= 5 && memcmp(octets, "HTTP/", 5) == 0;
  if (flow_of(turn)->shut == 0 && length > 0)
    e100_turn_send(&turn->turn, e100_party_is(turn->party), E100_CLIENT, turn->flow, octets, length, begins);
}

static void on_end(void *user, enum e100_proxy_ending how) {
  static const enum e100_step_kind kinds[] = {[E100_PROXY_SENDS_NO_MORE] = E100_STEP_HALF_CLOSE,
                                              [E100_PROXY_CLOSES] = E100_STEP_CLOSE,
                                              [E100_PROXY_RESETS] = E100_STEP_RESET};
  struct e100_party_turn *turn = user;
  struct e100_proxy_flow *flow = flow_of(turn);
  bool wholly = how != E100_PROXY_SENDS_NO_MORE;
  if (wholly ? flow->closed : flow->shut)
    return;
  e100_turn_add(&turn->turn, kinds[how], e100_party_is(turn->party), turn->flow);
  flow->shut = 1;
  flow->closed = wholly;
}

/* The first place that is free, with a connection (OPEN) or without one. */
static unsigned find_place(const struct e100_proxy_party *party, bool open) {
  unsigned place = 0;
  while (place < party->place_count && (party->used[place] != 0 || (party->open[place] != 0) != open))
    place++;
  return place < party->place_count ? place : E100_NO_PLACE;
}

static void on_part(void *user, bool reusable);

static bool on_connect(void *user) {
  struct e100_party_turn *turn = user;
  struct e100_proxy_party *party = turn->party;
  if (flow_of(turn)->place != E100_NO_PLACE)
    on_part(turn, false); /* only a variation asks twice */
  unsigned place = find_place(party, true);
  if (place == E100_NO_PLACE) {
    place = find_place(party, false);
    if (place == E100_NO_PLACE)
      return false;
    e100_turn_add(&turn->turn, E100_STEP_OPEN, e100_party_is(party), e100_party_link(party, place));
    turn->others->opened(turn->product, place);
  }
  party->open[place] = party->used[place] = 1;
  flow_of(turn)->place = (uint8_t)place;
  turn->head_is_due = true;
  return true;
}

static void on_send_up(void *user, const uint8_t *octets, size_t length) {
  struct e100_party_turn *turn = user;
  struct e100_proxy_party *party = turn->party;
  unsigned place = flow_of(turn)->place;
  if (length == 0 || place == E100_NO_PLACE || party->open[place] == 0)
    return;
  e100_turn_send(&turn->turn, e100_party_is(party), E100_ORIGIN, e100_party_link(party, place), octets,
                 length, turn->head_is_due);
  if (turn->head_is_due)
    turn->others->asked(turn->product, place, turn->flow);
  turn->head_is_due = false;
}

static void close_place(struct e100_party_turn *turn, unsigned place) {
  struct e100_proxy_party *party = turn->party;
  if (party->open[place] != 0)
    e100_turn_add(&turn->turn, E100_STEP_CLOSE, e100_party_is(party), e100_party_link(party, place));
  party->open[place] = 0;
}

static void on_part(void *user, bool reusable) {
  struct e100_party_turn *turn = user;
  struct e100_proxy_flow *flow = flow_of(turn);
  const struct e100_proxy_variation *variation = turn->party->making->variation;
  unsigned place = flow->place;
  if (variation != NULL && variation->pools != NULL) {
    uint32_t memory[E100_VARIATION_WORDS] = {0};
    const struct e100_proxy_varied varied = {
        .proxy = &flow->proxy, .from_state = turn->from_state, .event = turn->event, .memory = memory};
    reusable = variation->pools(&varied, reusable);
  }
  flow->place = E100_NO_PLACE;
  turn->party->used[place] = 0;
  if (!reusable)
    close_place(turn, place);
}

static struct e100_proxy_heads *on_heads(void *user) {
  return &((struct e100_party_turn *)user)->heads;
}

static void on_collect(void *user, const uint8_t *octets, size_t length) {
  keep(&flow_of(user)->collected, octets, length);
}

static const uint8_t *on_collected(void *user, size_t *length) {
  struct e100_kept *collected = &flow_of(user)->collected;
  *length = collected->length;
  collected->length = 0;
  return collected->octets;
}

static void on_check_head(void *user, struct e100_request_facts *facts) {
  (void)facts;
  flow_of(user)->collected.length = 0;
}

static void on_moved(void *user, const struct e100_row *row) {
  struct e100_party_turn *turn = user;
  const struct e100_proxy_variation *variation = turn->party->making->variation;
  turn->from_state = row->state;
  turn->event = row->event;
  if (variation != NULL && variation->meddle != NULL)
    variation->meddle(&flow_of(turn)->proxy, row);
  if (row->next == E100_PROXY_AWAITED && row->state != E100_PROXY_AWAITED)
    turn->others->answered(turn->product, turn->flow);
  e100_turn_row(&turn->turn, row);
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

/* ---- what is done with the machine -------------------------------------------------------------- */

/* The machine's memory for heads is there while it is called. */
static void lay_out(uint8_t *room, const struct e100_kept *kept) {
  memcpy(room, kept->octets, kept->length);
}

static void put_away(struct e100_kept *kept, const uint8_t *room, uint32_t length) {
  kept->length = 0;
  keep(kept, room, length);
}

/* Offers what is held back, until the machine takes no more; then the client's half-close is next. */
static void pump(struct e100_party_turn *turn) {
  struct e100_proxy_flow *flow = flow_of(turn);
  struct e100_kept *held = &flow->held;
  uint16_t from = 0;
  while (from < held->length) {
    size_t took =
        e100_proxy_octets(&flow->proxy, &calls, turn, held->octets + from, (size_t)(held->length - from));
    from = (uint16_t)(from + took);
    if (took == 0)
      break;
  }
  held->length = (uint16_t)(held->length - from);
  memmove(held->octets, held->octets + from, held->length);
  if (held->length == 0 && flow->half_close_waits != 0) {
    flow->half_close_waits = 0;
    e100_proxy_half_closed(&flow->proxy, &calls, turn);
  }
}

static void client_acts(struct e100_party_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_flow *flow = flow_of(turn);
  if (step->kind == E100_STEP_DELIVER)
    keep(&flow->held, octets, step->length);
  else if (step->kind == E100_STEP_HALF_CLOSE)
    flow->half_close_waits = 1;
  else
    e100_proxy_gone(&flow->proxy, &calls, turn);
  if (step->kind == E100_STEP_DELIVER || step->kind == E100_STEP_HALF_CLOSE)
    pump(turn);
}

static void server_acts(struct e100_party_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_flow *flow = flow_of(turn);
  if (step->kind == E100_STEP_DELIVER)
    e100_proxy_answer(&flow->proxy, &calls, turn, octets, step->length);
  else
    e100_proxy_server_gone(&flow->proxy, &calls, turn, step->kind == E100_STEP_RESET);
  pump(turn);
}

/* The machine of FLOW is called: for STEP, or NULL, for its timer. */
static void act(struct e100_party_turn *turn, unsigned flow, const struct e100_step *step,
                const uint8_t *octets) {
  struct e100_proxy_flow *whose = &turn->party->flows[flow];
  turn->flow = (uint8_t)flow;
  turn->event = E100_PROXY_EVENTS;
  turn->head_is_due = false;
  lay_out(turn->heads.request, &whose->request);
  lay_out(turn->heads.response, &whose->response);
  if (step == NULL) {
    e100_proxy_timed_out(&whose->proxy, &calls, turn);
    pump(turn);
  } else if (step->from == E100_CLIENT) {
    client_acts(turn, step, octets);
  } else {
    server_acts(turn, step, octets);
  }
  put_away(&whose->request, turn->heads.request, whose->proxy.request_length);
  put_away(&whose->response, turn->heads.response, whose->proxy.response_length);
}

/* What comes on a connection that no request has is why it is closed. */
static void server_step(struct e100_party_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_party *party = turn->party;
  unsigned place = step->link - party->flow_count;
  bool used = party->used[place] != 0;
  for (unsigned flow = 0; used && flow < party->flow_count; flow++) {
    if (party->flows[flow].place == place) {
      act(turn, flow, step, octets);
      break;
    }
  }
  bool ended = step->kind != E100_STEP_DELIVER && party->used[place] == 0;
  if (ended || !used)
    close_place(turn, place);
}

void e100_party_acts(struct e100_party_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  if (step->link >= turn->party->flow_count)
    server_step(turn, step, octets);
  else
    act(turn, step->link, step, octets);
}

void e100_party_times_out(struct e100_party_turn *turn, unsigned flow) {
  act(turn, flow, NULL, NULL);
}

uint32_t e100_party_closed(const struct e100_proxy_party *party) {
  uint32_t set = 0;
  for (unsigned flow = 0; flow < party->flow_count; flow++)
    set |= party->flows[flow].closed != 0 ? 1U << flow : 0;
  for (unsigned place = 0; place < party->place_count; place++)
    set |= party->open[place] == 0 ? 1U << e100_party_link(party, place) : 0;
  return set;
}
