#include "fuzz/exchange_changes.h"

#include <string.h>

#include "fuzz/message_changes.h"
#include "fuzz/turn_maker.h"

enum {
  CHANGED_STEPS_LIMIT =
      48,         /* steps beyond which an exchange only shrinks: long ones are slow, and say little more */
  RANGE_LIMIT = 6 /* steps that are moved together */
};

/* ---- rebuilding -----------------------------------------------------------------------------------------
 */

static void take_heading(const struct e100_exchange *from, struct e100_exchange *to) {
  to->kind = from->kind;
  to->role = from->role;
  to->seen_by = from->seen_by;
  to->policy = from->policy;
  to->reading = from->reading;
  to->link_count = from->link_count;
  memcpy(to->links, from->links, sizeof from->links);
}

/* Appends the steps of FROM from FIRST on, up to END. */
static void append_steps(const struct e100_exchange *from, uint32_t first, uint32_t end,
                         struct e100_exchange *to) {
  for (uint32_t i = first; i < end && i < from->step_count; i++)
    e100_exchange_append(to, &from->steps[i], e100_step_octets(from, &from->steps[i]), from->steps[i].length);
}

/* EXCHANGE becomes CHANGED, which is freed. */
static void become(struct e100_exchange *exchange, struct e100_exchange *changed) {
  e100_exchange_normalize(changed);
  e100_exchange_copy(exchange, changed);
  e100_exchange_free(changed);
}

/* A place for steps: the end as often as all others, as a conversation goes on there. A silence that ends
 * everything stays last. */
static uint32_t some_place(struct e100_luck *luck, const struct e100_exchange *exchange) {
  uint32_t count = exchange->step_count;
  if (count == 0 || e100_luck_once_in(luck, 3))
    return e100_luck_below(luck, count + 1);
  return exchange->steps[count - 1].kind == E100_STEP_QUIET && e100_luck_once_in(luck, 2) ? count - 1 : count;
}

/* ---- changes of steps ------------------------------------------------------------------------------------
 */

typedef void maker(struct e100_luck *luck, struct e100_exchange *exchange);

static void insert(struct e100_luck *luck, struct e100_exchange *exchange, maker *make) {
  struct e100_exchange changed;
  uint32_t place = some_place(luck, exchange);
  e100_exchange_init(&changed);
  take_heading(exchange, &changed);
  append_steps(exchange, 0, place, &changed);
  make(luck, &changed);
  append_steps(exchange, place, exchange->step_count, &changed);
  become(exchange, &changed);
}

static void add_turn(struct e100_luck *luck, struct e100_exchange *exchange) {
  insert(luck, exchange, e100_make_turn);
}

static void add_step(struct e100_luck *luck, struct e100_exchange *exchange) {
  insert(luck, exchange, e100_make_step);
}

/* One policy of the subject's role, the other way. */
static void turn_policy(struct e100_luck *luck, struct e100_exchange *exchange) {
  enum { POLICIES_OF_A_ROLE = 8 /* bits, see policies.def */ };
  unsigned first = exchange->role == E100_ROLE_ORIGIN   ? 0
                   : exchange->role == E100_ROLE_CLIENT ? POLICIES_OF_A_ROLE
                                                        : 2 * POLICIES_OF_A_ROLE;
  exchange->policy ^= 1U << (first + e100_luck_below(luck, POLICIES_OF_A_ROLE));
  if (e100_luck_once_in(luck, 8))
    exchange->reading ^= 1U;
  e100_exchange_normalize(exchange);
}

/* Everything anew: what is there may have led nowhere. */
static void begin_anew(struct e100_luck *luck, struct e100_exchange *exchange) {
  struct e100_exchange changed;
  e100_exchange_init(&changed);
  while (e100_luck_once_in(luck, 2))
    turn_policy(luck, exchange);
  take_heading(exchange, &changed);
  do
    e100_make_turn(luck, &changed);
  while (e100_luck_once_in(luck, 2));
  become(exchange, &changed);
}

static void drop_steps(struct e100_luck *luck, struct e100_exchange *exchange) {
  struct e100_exchange changed;
  uint32_t first = e100_luck_below(luck, exchange->step_count);
  uint32_t most = e100_luck_once_in(luck, 2) ? 1 : exchange->step_count - first;
  e100_exchange_init(&changed);
  take_heading(exchange, &changed);
  append_steps(exchange, 0, first, &changed);
  append_steps(exchange, first + 1 + e100_luck_below(luck, most), exchange->step_count, &changed);
  become(exchange, &changed);
}

/* Steps of FROM, which may be EXCHANGE itself, come in at some place. */
static void put_steps(struct e100_luck *luck, struct e100_exchange *exchange,
                      const struct e100_exchange *from) {
  struct e100_exchange changed;
  uint32_t first = e100_luck_below(luck, from->step_count);
  uint32_t place = some_place(luck, exchange);
  e100_exchange_init(&changed);
  take_heading(exchange, &changed);
  append_steps(exchange, 0, place, &changed);
  append_steps(from, first, first + 1 + e100_luck_below(luck, RANGE_LIMIT), &changed);
  append_steps(exchange, place, exchange->step_count, &changed);
  become(exchange, &changed);
}

static void repeat_steps(struct e100_luck *luck, struct e100_exchange *exchange) {
  put_steps(luck, exchange, exchange);
}

static void swap_steps(struct e100_luck *luck, struct e100_exchange *exchange) {
  uint32_t first = e100_luck_below(luck, exchange->step_count);
  uint32_t second = first + 1 < exchange->step_count ? first + 1 : 0;
  struct e100_step kept = exchange->steps[first];
  exchange->steps[first] = exchange->steps[second];
  exchange->steps[second] = kept;
  e100_exchange_normalize(exchange);
}

static bool is_delivery(const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER && step->length > 0;
}

/* The step at INDEX, a delivery, in two; or together with the next one, if that goes on. */
static void cut_or_join(struct e100_luck *luck, struct e100_exchange *exchange) {
  uint32_t index = e100_luck_below(luck, exchange->step_count);
  const struct e100_step *step = &exchange->steps[index];
  const struct e100_step *next = index + 1 < exchange->step_count ? step + 1 : step;
  struct e100_exchange changed;
  if (!is_delivery(step))
    return;
  e100_exchange_init(&changed);
  take_heading(exchange, &changed);
  append_steps(exchange, 0, index, &changed);
  if (next != step && is_delivery(next) && next->from == step->from && next->link == step->link) {
    append_steps(exchange, index, index + 1, &changed);
    e100_exchange_extend(&changed, e100_step_octets(exchange, next), next->length);
    index++;
  } else {
    uint32_t cut = e100_luck_below(luck, step->length) + 1;
    const uint8_t *octets = e100_step_octets(exchange, step);
    e100_exchange_append(&changed, step, octets, cut);
    if (cut < step->length)
      e100_exchange_append(&changed, step, octets + cut, step->length - cut);
  }
  append_steps(exchange, index + 1, exchange->step_count, &changed);
  become(exchange, &changed);
}

/* ---- changes of messages ----------------------------------------------------------------------------------
 */

/* A step with octets, or NULL. Looks from some place on. */
static const struct e100_step *some_message(struct e100_luck *luck, const struct e100_exchange *exchange) {
  uint32_t first = e100_luck_below(luck, exchange->step_count);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[(first + i) % exchange->step_count];
    if (step->length > 0)
      return step;
  }
  return NULL;
}

static void change_message(struct e100_luck *luck, struct e100_exchange *exchange) {
  const struct e100_step *step = some_message(luck, exchange);
  struct e100_text octets = {0};
  struct e100_exchange changed;
  if (step == NULL) {
    add_turn(luck, exchange);
    return;
  }
  uint32_t index = (uint32_t)(step - exchange->steps);
  e100_text_add(&octets, (const char *)e100_step_octets(exchange, step), step->length);
  e100_change_message(luck, &octets);
  e100_exchange_init(&changed);
  take_heading(exchange, &changed);
  append_steps(exchange, 0, index, &changed);
  e100_exchange_append(&changed, step, (const uint8_t *)octets.text, octets.length);
  append_steps(exchange, index + 1, exchange->step_count, &changed);
  e100_text_free(&octets);
  become(exchange, &changed);
}

/* ---- all of them -----------------------------------------------------------------------------------------
 */

void e100_change_exchange(struct e100_luck *luck, struct e100_exchange *exchange) {
  static maker *const changes[] = {
      change_message, change_message, change_message, change_message, change_message, add_turn,
      add_turn,       add_turn,       begin_anew,     add_step,       add_step,       drop_steps,
      drop_steps,     repeat_steps,   swap_steps,     cut_or_join,    turn_policy};
  if (exchange->step_count > CHANGED_STEPS_LIMIT)
    drop_steps(luck, exchange);
  else if (exchange->step_count <= 1)
    begin_anew(luck, exchange);
  else
    changes[e100_luck_below(luck, sizeof changes / sizeof changes[0])](luck, exchange);
}

void e100_cross_exchanges(struct e100_luck *luck, struct e100_exchange *exchange,
                          const struct e100_exchange *other) {
  if (other->step_count == 0 || exchange->step_count > CHANGED_STEPS_LIMIT)
    e100_change_exchange(luck, exchange);
  else
    put_steps(luck, exchange, other);
}
