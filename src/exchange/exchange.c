/*
 * exchange.c - building, comparing and normalizing exchanges.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_inside.h"

/* ---- memory -------------------------------------------------------------------------------------- */

/* Gives BLOCK room for NEEDED items of SIZE octets, which it lacks; ROOM is the room in items. */
static void *grown(void *block, uint32_t *room, uint32_t needed, size_t size, uint32_t first) {
  uint32_t wanted = *room ? *room : first;
  while (wanted < needed)
    wanted *= 2;
  void *larger = realloc(block, wanted * size);
  E100_CHECK(larger, "there is memory for an exchange");
  *room = wanted;
  return larger;
}

/* Apart from those who need no room, which are nearly all. */
__attribute__((noinline, cold)) static void grow_octets(struct e100_exchange *exchange, uint32_t count) {
  exchange->octets = grown(exchange->octets, &exchange->octet_room, count, 1, 1024);
}

static void reserve_octets(struct e100_exchange *exchange, uint32_t count) {
  if (count > exchange->octet_room)
    grow_octets(exchange, count);
}

static void reserve_steps(struct e100_exchange *exchange, uint32_t count) {
  if (count > exchange->step_room)
    exchange->steps = grown(exchange->steps, &exchange->step_room, count, sizeof(*exchange->steps), 32);
}

static void usual_links(struct e100_exchange *exchange, unsigned role) {
  enum e100_party middle = e100_role_party(role);
  if (role == E100_ROLE_PROXY || role == E100_ROLE_GATEWAY) {
    exchange->links[0] = (struct e100_link){.name = "d1", .client = E100_CLIENT, .server = (uint8_t)middle};
    exchange->links[1] = (struct e100_link){.name = "u1", .client = (uint8_t)middle, .server = E100_ORIGIN};
    exchange->link_count = 2;
  } else {
    exchange->links[0] = (struct e100_link){.name = "", .client = E100_CLIENT, .server = E100_ORIGIN};
    exchange->link_count = 1;
  }
}

void e100_exchange_init(struct e100_exchange *exchange) {
  memset(exchange, 0, sizeof(*exchange));
  usual_links(exchange, E100_ROLE_ORIGIN);
}

void e100_exchange_clear(struct e100_exchange *exchange) {
  exchange->kind = E100_KIND_JUDGE;
  exchange->role = E100_ROLE_ORIGIN;
  exchange->seen_by = E100_NOBODY;
  exchange->has_expected = 0;
  exchange->truncated = 0;
  exchange->policy = 0;
  exchange->reading = 0;
  exchange->step_count = 0;
  exchange->octet_count = 0;
  exchange->title[0] = '\0';
  exchange->stays[0] = '\0';
  exchange->shows_count = 0;
  exchange->expected_count = 0;
  usual_links(exchange, E100_ROLE_ORIGIN);
}

void e100_exchange_free(struct e100_exchange *exchange) {
  free(exchange->steps);
  free(exchange->octets);
  memset(exchange, 0, sizeof(*exchange));
}

void e100_exchange_copy(struct e100_exchange *to, const struct e100_exchange *from) {
  if (to == from)
    return;
  struct e100_exchange old = *to;
  *to = *from;
  to->steps = old.steps;
  to->step_room = old.step_room;
  to->octets = old.octets;
  to->octet_room = old.octet_room;
  reserve_steps(to, from->step_count);
  reserve_octets(to, from->octet_count);
  if (from->step_count > 0)
    memcpy(to->steps, from->steps, from->step_count * sizeof(*from->steps));
  if (from->octet_count > 0)
    memcpy(to->octets, from->octets, from->octet_count);
}

/* ---- links ------------------------------------------------------------------------------------------ */

enum e100_party e100_role_party(enum e100_role role) {
  switch (role) {
  case E100_ROLE_CLIENT:
    return E100_CLIENT;
  case E100_ROLE_PROXY:
    return E100_PROXY;
  case E100_ROLE_GATEWAY:
    return E100_GATEWAY;
  case E100_ROLE_ORIGIN:
  case E100_ROLE_COUNT:
    break;
  }
  return E100_ORIGIN;
}

void e100_exchange_set_role(struct e100_exchange *exchange, enum e100_role role) {
  exchange->role = (uint8_t)role;
  usual_links(exchange, role);
}

static bool passes_on(unsigned party) {
  return party == E100_PROXY || party == E100_GATEWAY;
}

enum e100_party e100_application_of(const struct e100_exchange *exchange, const struct e100_step *step) {
  const struct e100_link *link = &exchange->links[step->link];
  if (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST)
    return E100_CLIENT;
  if (passes_on(link->server))
    return (enum e100_party)link->client;
  bool clients = !passes_on(link->client) && e100_role_party((enum e100_role)exchange->role) == link->client;
  return (enum e100_party)(clients ? link->client : link->server);
}

uint32_t e100_exchange_link(struct e100_exchange *exchange, const char *name, enum e100_party client,
                            enum e100_party server) {
  for (uint32_t i = 0; i < exchange->link_count; i++)
    if (strncmp(exchange->links[i].name, name, E100_NAME_LIMIT) == 0)
      return i;
  if (exchange->link_count >= E100_LINKS_LIMIT) {
    exchange->truncated = 1;
    return E100_LINKS_LIMIT - 1;
  }
  struct e100_link *link = &exchange->links[exchange->link_count];
  e100_word_copy(link->name, sizeof(link->name), name, strnlen(name, E100_NAME_LIMIT - 1));
  link->client = (uint8_t)client;
  link->server = (uint8_t)server;
  return exchange->link_count++;
}

bool e100_link_ends_valid(unsigned client, unsigned server) {
  bool asks = client == E100_CLIENT || client == E100_PROXY || client == E100_GATEWAY;
  bool answers = server == E100_PROXY || server == E100_GATEWAY || server == E100_ORIGIN;
  return asks && answers && client != server;
}

static bool same_link(const struct e100_link *a, const struct e100_link *b) {
  return a->client == b->client && a->server == b->server && strncmp(a->name, b->name, sizeof(a->name)) == 0;
}

static bool same_links(const struct e100_exchange *a, const struct e100_exchange *b) {
  if (a->link_count != b->link_count)
    return false;
  for (uint32_t i = 0; i < a->link_count; i++)
    if (!same_link(&a->links[i], &b->links[i]))
      return false;
  return true;
}

bool e100_links_are_usual(const struct e100_exchange *exchange) {
  struct e100_exchange usual = {.truncated = 0};
  usual_links(&usual, exchange->role);
  return same_links(exchange, &usual);
}

/* ---- steps ------------------------------------------------------------------------------------------ */

static inline bool carries_octets(const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER ||
         (step->kind == E100_STEP_DECIDED &&
          (step->what == E100_DECIDE_RESPOND || step->what == E100_DECIDE_REQUEST));
}

bool e100_step_carries_octets(const struct e100_step *step) {
  return carries_octets(step);
}

bool e100_step_tells_status(const struct e100_step *step) {
  return step->kind == E100_STEP_TOLD &&
         (step->what == E100_TOLD_INTERIM || step->what == E100_TOLD_RESPONSE);
}

bool e100_step_is_on_link(const struct e100_step *step) {
  bool everywhere =
      step->kind == E100_STEP_SETTLED || step->kind == E100_STEP_QUIET || step->kind == E100_STEP_TIMER;
  return !everywhere && !(step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST);
}

bool e100_step_can_be_expected(const struct e100_step *step) {
  switch (step->kind) {
  case E100_STEP_DELIVER:
  case E100_STEP_OPEN:
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
  case E100_STEP_TOLD:
  case E100_STEP_DECIDED:
    return true;
  default:
    return false;
  }
}

static int64_t leave_out(struct e100_exchange *exchange) {
  exchange->truncated = 1;
  return -1;
}

/* Appends octets that fit behind those that are there. */
static void append_octets(struct e100_exchange *exchange, const uint8_t *octets, uint32_t count) {
  reserve_octets(exchange, exchange->octet_count + count);
  memcpy(exchange->octets + exchange->octet_count, octets, count);
  exchange->octet_count += count;
}

__attribute__((noinline, cold)) static int64_t grow_and_append(struct e100_exchange *exchange,
                                                               const struct e100_step *step,
                                                               const uint8_t *octets, size_t length) {
  reserve_steps(exchange, exchange->step_count + 1);
  return e100_exchange_append(exchange, step, octets, length);
}

/* A step that carries octets, for which there is room among the steps. */
__attribute__((noinline)) static int64_t append_carrying(struct e100_exchange *exchange,
                                                         const struct e100_step *step, const uint8_t *octets,
                                                         size_t length) {
  uint32_t index = exchange->step_count;
  if (length > E100_OCTETS_LIMIT - exchange->octet_count)
    return leave_out(exchange);
  struct e100_step *added = &exchange->steps[index];
  *added = *step;
  added->offset = exchange->octet_count;
  added->length = (uint32_t)length;
  exchange->step_count = index + 1;
  if (length > 0)
    append_octets(exchange, octets, (uint32_t)length);
  return index;
}

/* Steps are appended all the time, nearly all of them where there is room: what else there is to do is done
 * apart. */
int64_t e100_exchange_append(struct e100_exchange *exchange, const struct e100_step *step,
                             const uint8_t *octets, size_t length) {
  uint32_t index = exchange->step_count;
  if (index >= E100_STEPS_LIMIT)
    return leave_out(exchange);
  if (index == exchange->step_room)
    return grow_and_append(exchange, step, octets, length);
  if (carries_octets(step))
    return append_carrying(exchange, step, octets, length);
  struct e100_step *added = &exchange->steps[index];
  *added = *step;
  added->offset = added->length = 0;
  exchange->step_count = index + 1;
  return index;
}

bool e100_exchange_extend(struct e100_exchange *exchange, const uint8_t *octets, size_t length) {
  E100_CHECK(exchange->step_count > 0, "there is a last step to extend");
  struct e100_step *last = &exchange->steps[exchange->step_count - 1];
  bool fits = length <= E100_OCTETS_LIMIT - exchange->octet_count;
  uint32_t taken = fits ? (uint32_t)length : E100_OCTETS_LIMIT - exchange->octet_count;
  if (!fits)
    exchange->truncated = 1;
  if (taken > 0) {
    append_octets(exchange, octets, taken);
    last->length += taken;
  }
  return fits;
}

const uint8_t *e100_step_octets(const struct e100_exchange *exchange, const struct e100_step *step) {
  static const uint8_t none[1];
  return step->length > 0 ? exchange->octets + step->offset : none;
}

/* ---- comparing -------------------------------------------------------------------------------------- */

static bool same_step(const struct e100_step *a, const struct e100_step *b) {
  return a->kind == b->kind && a->link == b->link && a->from == b->from && a->to == b->to &&
         a->what == b->what && a->flags == b->flags && a->status == b->status && a->count == b->count &&
         a->length == b->length;
}

bool e100_exchange_equal(const struct e100_exchange *a, const struct e100_exchange *b) {
  if (a->kind != b->kind || a->role != b->role || a->seen_by != b->seen_by || a->policy != b->policy ||
      a->reading != b->reading || a->step_count != b->step_count || !same_links(a, b))
    return false;
  for (uint32_t i = 0; i < a->step_count; i++) {
    const struct e100_step *ours = &a->steps[i];
    const struct e100_step *theirs = &b->steps[i];
    if (!same_step(ours, theirs) ||
        memcmp(e100_step_octets(a, ours), e100_step_octets(b, theirs), ours->length) != 0)
      return false;
  }
  return true;
}

/* FNV-1a, 64 bits: simple, the same everywhere, and good enough to tell exchanges apart. */
static uint64_t hash_octets(uint64_t hash, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ octets[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static uint64_t hash_number(uint64_t hash, uint32_t number) {
  const uint8_t octets[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                             (uint8_t)number};
  return hash_octets(hash, octets, sizeof(octets));
}

static uint64_t hash_step(uint64_t hash, const struct e100_exchange *exchange, const struct e100_step *step) {
  const uint8_t small[6] = {step->kind, step->link, step->from, step->to, step->what, step->flags};
  hash = hash_octets(hash, small, sizeof(small));
  hash = hash_number(hash, step->status);
  hash = hash_number(hash, step->count);
  hash = hash_number(hash, step->length);
  return hash_octets(hash, e100_step_octets(exchange, step), step->length);
}

uint64_t e100_exchange_hash(const struct e100_exchange *exchange) {
  const uint8_t small[3] = {exchange->kind, exchange->role, exchange->seen_by};
  uint64_t hash = hash_octets(UINT64_C(0xcbf29ce484222325), small, sizeof(small));
  hash = hash_number(hash, exchange->policy);
  hash = hash_number(hash, exchange->reading);
  hash = hash_number(hash, exchange->link_count);
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    const struct e100_link *link = &exchange->links[i];
    const uint8_t ends[2] = {link->client, link->server};
    hash = hash_octets(hash, (const uint8_t *)link->name, strnlen(link->name, sizeof(link->name)) + 1);
    hash = hash_octets(hash, ends, sizeof(ends));
  }
  hash = hash_number(hash, exchange->step_count);
  for (uint32_t i = 0; i < exchange->step_count; i++)
    hash = hash_step(hash, exchange, &exchange->steps[i]);
  return hash;
}
