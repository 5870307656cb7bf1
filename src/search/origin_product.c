#include "search/origin_product.h"

#include <string.h>

#include "search/answers.h"
#include "search/turn.h"
#include "subjects/origin_choices.h"

/* One token, for the machine. */
struct origin_turn {
  struct e100_search_turn turn;
  struct e100_origin_product *product;
};

static void start(void *self, const void *design, uint32_t policy) {
  struct e100_origin_product *product = self;
  const struct e100_origin_policy chosen = e100_origin_policy_of(policy);
  struct e100_exchange exchange;
  memset(product, 0, sizeof *product);
  e100_origin_init(&product->origin, design, &chosen);
  e100_exchange_init(&exchange);
  e100_view_init(&product->view, &exchange);
  e100_exchange_free(&exchange);
}

static size_t extent(const void *self) {
  const struct e100_origin_product *product = self;
  return offsetof(struct e100_origin_product, view) + e100_view_extent(&product->view);
}

static const struct e100_view *view_of(const void *self) {
  return &((const struct e100_origin_product *)self)->view;
}

_Static_assert(E100_PIPELINE == 3 && E100_SEARCH_HEADS == 27, "the bounds are said in words");

/* ---- what the machine does -------------------------------------------------------------------------- */

/* A response is a delivery of its own: it begins with the first call for its status line. */
static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct origin_turn *turn = user;
  const bool begins = length >= 5 && memcmp(octets, "HTTP/", 5) == 0;
  if (!turn->product->shut)
    e100_turn_send(&turn->turn, E100_ORIGIN, E100_CLIENT, 0, octets, length, begins);
}

static void on_end(void *user, bool wholly) {
  struct origin_turn *turn = user;
  struct e100_origin_product *product = turn->product;
  if (wholly ? product->closed : product->shut)
    return;
  e100_turn_add(&turn->turn, wholly ? E100_STEP_CLOSE : E100_STEP_HALF_CLOSE, E100_ORIGIN, 0);
  product->shut = 1;
  product->closed = wholly;
}

static void told(struct origin_turn *turn, enum e100_told what, size_t count) {
  e100_turn_tell(&turn->turn, what, 0, count);
}

static void on_head(void *user, const struct e100_request_facts *facts) {
  (void)facts;
  told(user, E100_TOLD_HEAD, 0);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  (void)octets;
  told(user, E100_TOLD_CONTENT, length);
}

static void on_complete(void *user) {
  told(user, E100_TOLD_COMPLETE, 0);
}

static void on_aborted(void *user) {
  told(user, E100_TOLD_ABORTED, 0);
}

static void on_moved(void *user, const struct e100_row *row) {
  const struct origin_turn *turn = user;
  if (row->next == E100_ORIGIN_AWAITED && row->state != E100_ORIGIN_AWAITED)
    e100_search_client_is_answered(&turn->product->client);
  e100_turn_row(&turn->turn, row);
}

static const struct e100_origin_calls calls = {
    .send = on_send,
    .end = on_end,
    .head = on_head,
    .content = on_content,
    .complete = on_complete,
    .aborted = on_aborted,
    .moved = on_moved,
};

/* ---- what is done with the machine ----------------------------------------------------------------------
 */

/* Offers what is held back, until the machine takes no more. */
static void pump(struct origin_turn *turn) {
  struct e100_origin_product *product = turn->product;
  uint16_t from = 0;
  if (product->origin.state == E100_ORIGIN_SWITCHED)
    from = product->held; /* the other protocol takes them */
  while (from < product->held) {
    size_t taken =
        e100_origin_octets(&product->origin, &calls, turn, product->octets + from, product->held - from);
    from = (uint16_t)(from + taken);
    if (taken == 0)
      break;
  }
  product->held = (uint16_t)(product->held - from);
  memmove(product->octets, product->octets + from, product->held);
  if (product->held == 0 && product->half_close_waits != 0) {
    product->half_close_waits = 0;
    e100_origin_half_closed(&product->origin, &calls, turn);
  }
}

static void deliver(struct origin_turn *turn, const uint8_t *octets, size_t length) {
  struct e100_origin_product *product = turn->product;
  E100_CHECK(product->held + length <= sizeof product->octets, "the pipeline is short");
  memcpy(product->octets + product->held, octets, length);
  product->held = (uint16_t)(product->held + length);
  pump(turn);
}

static bool decide(struct origin_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_origin *origin = &turn->product->origin;
  struct e100_response response = {.status = step->what == E100_DECIDE_UNMET ? 417 : step->status,
                                   .close = (step->flags & E100_STEP_CLOSING) != 0,
                                   .content = octets,
                                   .content_length = step->length};
  bool done = false;
  switch (step->what) {
  case E100_DECIDE_ACCEPT:
    done = e100_origin_accept(origin, &calls, turn);
    break;
  case E100_DECIDE_UPGRADE: /* the alphabet names no other protocol */
    done = e100_origin_upgrade(origin, &calls, turn, "Upgrade: x\r\nConnection: upgrade\r\n");
    break;
  case E100_DECIDE_CLOSE:
    done = e100_origin_close(origin, &calls, turn);
    break;
  default:
    done = e100_origin_respond(origin, &calls, turn, &response);
    break;
  }
  if (done)
    pump(turn);
  return done;
}

/* False where the machine rejected it. */
static bool act(struct origin_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_origin_product *product = turn->product;
  switch (step->kind) {
  case E100_STEP_DELIVER:
    deliver(turn, octets, step->length);
    return true;
  case E100_STEP_HALF_CLOSE:
    product->half_close_waits = 1;
    pump(turn);
    return true;
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    e100_origin_gone(&product->origin, &calls, turn);
    return true;
  case E100_STEP_TIMER:
    e100_origin_timed_out(&product->origin, &calls, turn);
    pump(turn);
    return true;
  case E100_STEP_DECIDED:
    return decide(turn, step, octets);
  default: /* settled: the machine does all it can at once */
    return true;
  }
}

/* ---- what the model sees of it ------------------------------------------------------------------ */

/* A client cannot act on a connection that is closed, and a timer that nobody keeps does not fire. */
static bool step_of(const void *self, unsigned token, struct e100_step *step, const uint8_t **octets) {
  const struct e100_origin_product *product = self;
  if (!e100_token_step(&product->client, token, step, octets))
    return false;
  if (step->from == E100_CLIENT)
    return product->closed == 0;
  if (step->kind != E100_STEP_TIMER)
    return true;
  int timer = e100_origin_timer(&product->origin);
  step->what = (uint8_t)timer;
  return timer >= 0;
}

static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  struct e100_origin_product *product = self;
  struct origin_turn turn;
  struct e100_step step;
  const uint8_t *octets = NULL;
  e100_turn_begin(&turn.turn, &product->view, watch);
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  turn.product = product;
  e100_token_happens(&product->client, token);
  if (!act(&turn, &step, octets))
    return E100_IS_REJECTED;
  e100_turn_see(&turn.turn, &step, octets);
  e100_turn_see_all(&turn.turn);
  return E100_HAPPENS;
}

/* Where nobody is there any more to hear it, any answer is permitted, and none is given. */
static uint32_t heard(const void *self) {
  const struct e100_origin_product *product = self;
  return product->client.gone == 0 && product->closed == 0 ? 1 : 0;
}

/* Its part of the form says it. */
static uint32_t closed(const void *self) {
  (void)self;
  return 0;
}

static const char *unreachable(unsigned state, unsigned event) {
  static const struct {
    uint8_t state, event;
    const char *reason;
  } rows[] = {
#define UNREACHABLE(in, when, reason) {E100_ORIGIN_##in, E100_##when, reason},
#include "search/origin_unreachable_rows.def"
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].state == state && rows[i].event == event)
      return rows[i].reason;
  return NULL;
}

/* The policies that the machine follows; `prompt` is the application's, and decisions stand for it. */
static const char *const names[] = {"late-100", "discard", "refuse-unknown", "unasked-100", "limit-5"};
static const struct e100_policies policies = {names, sizeof names / sizeof names[0], UINT32_MAX};

#define A(answer) (1U << E100_ANSWER_##answer)
static const struct e100_answer_reason reasons[] = {
#define UNUSED(answers, situation, text) {answers, false, situation, text},
#include "search/origin_unused_answers.def"
};
#undef A

static const struct e100_answer_kinds answers = {
    .links = 1, .reasons = reasons, .reason_count = sizeof reasons / sizeof reasons[0]};

const struct e100_searched e100_searched_origin = {
    .role = E100_ROLE_ORIGIN,
    .tokens = E100_TOKENS,
    .room = sizeof(struct e100_origin_product),
    .form_room = E100_ORIGIN_PRODUCT_FORM_LIMIT,
    .table = &e100_origin_table,
    .bounds =
        {.text =
             "one connection, conversations of any length, up to 3 requests under way; 27 heads, each whole\n"
             "or cut in two; contents of 2 octets (one of 6) in two pieces, or of one chunk; in every state\n"
             "each decision, timer, silence and end",
         .connections = 1,
         .under_way = E100_PIPELINE,
         .heads = E100_SEARCH_HEADS},
    .answers = &answers,
    .init = start,
    .extent = extent,
    .view = view_of,
    .exchange = e100_exchange_clear,
    .step = step_of,
    .happens = happens,
    .form = e100_origin_product_form,
    .closed = closed,
    .heard = heard,
    .words = e100_token_words,
    .policies = &policies,
    .unreachable = unreachable,
};
