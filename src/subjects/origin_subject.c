#include "subjects/origin_subject.h"

#include <stdlib.h>
#include <string.h>

#include "subjects/answered_request.h"
#include "subjects/backlog.h"
#include "subjects/origin_choices.h"
#include "subjects/variation_octets.h"

/* One connection: a machine, the application's view, and octets on both their ways. */
struct connection {
  struct party *party;
  uint32_t link;
  struct e100_origin origin;
  struct e100_backlog backlog; /* what the machine has not taken yet */
  bool departs_varied;         /* a variation looks at octets on their way out */
  struct e100_way out;         /* where a variation looks at octets on their way out */
  uint8_t from_state;          /* before the present row */
  uint8_t event;               /* of the present row */
  uint32_t request;            /* heads that were read */
  uint32_t memory[E100_VARIATION_WORDS];
  struct e100_seen_head seen;            /* where a variation looks at heads */
  struct e100_answered_request answered; /* the latest */
};

struct party {
  const struct e100_variation *variation;
  const struct e100_origin_calls *calls;
  struct e100_origin_design design;
  struct e100_sink *sink;
  bool prompt;
  struct e100_origin_policy policy;
  uint8_t *heads; /* of all connections, where a variation looks at them */
  uint32_t count;
  struct connection connections[];
};

static e100_row_watch *watch_row;

void e100_origin_subject_watch(e100_row_watch *watch) {
  watch_row = watch;
}

/* ---- octets on their way out ------------------------------------------------------------------------ */

static struct e100_varied varied(struct connection *connection) {
  return (struct e100_varied){.origin = &connection->origin,
                              .from_state = connection->from_state,
                              .event = connection->event,
                              .request = connection->request,
                              .pieces = connection->seen.pieces,
                              .memory = connection->memory};
}

/* The octets of the present row leave to a variation. */
__attribute__((noinline)) static void depart_varied(struct connection *connection) {
  const struct e100_variation *variation = connection->party->variation;
  struct e100_text *leaving = &connection->out.leaving;
  struct e100_varied now = varied(connection);
  struct e100_text out = {0};
  variation->depart(variation->data, &now, (const uint8_t *)leaving->text, leaving->length,
                    &connection->out.held, &out);
  e100_sink_send(connection->party->sink, connection->link, (const uint8_t *)out.text, out.length);
  e100_text_free(&out);
  leaving->length = 0;
}

/* The present row is done. Without a variation its octets have left already. */
static inline void depart(struct connection *connection) {
  if (connection->departs_varied)
    depart_varied(connection);
  connection->event = E100_ORIGIN_EVENTS;
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  if (!connection->departs_varied)
    e100_sink_send(connection->party->sink, connection->link, octets, length);
  else
    e100_text_add(&connection->out.leaving, (const char *)octets, length);
}

static void on_end(void *user, bool wholly) {
  struct connection *connection = user;
  depart(connection);
  e100_sink_end(connection->party->sink, connection->link, wholly ? E100_STEP_CLOSE : E100_STEP_HALF_CLOSE);
}

static void on_moved(void *user, const struct e100_row *row) {
  struct connection *connection = user;
  depart(connection);
  connection->from_state = row->state;
  connection->event = row->event;
  if (watch_row != NULL)
    watch_row(connection->origin.design->table, row);
}

/* ---- the application ----------------------------------------------------------------------------------- */

static void told(const struct connection *connection, enum e100_told what, size_t count) {
  e100_sink_told(connection->party->sink, connection->link, what, (uint32_t)count);
}

/* Only a variation looks at them. */
static void on_head_octets(void *user, const uint8_t *octets, size_t length) {
  e100_seen_head_add(&((struct connection *)user)->seen, octets, length);
}

static void on_field_name(void *user, const uint8_t *octets, size_t length) {
  e100_answered_name(&((struct connection *)user)->answered, octets, length);
}

static void on_field_value(void *user, const uint8_t *octets, size_t length) {
  e100_answered_value(&((struct connection *)user)->answered, octets, length);
}

static void on_check_head(void *user, struct e100_request_facts *facts) {
  struct connection *connection = user;
  const struct e100_variation *variation = connection->party->variation;
  connection->request++;
  if (variation->read_facts != NULL) {
    struct e100_varied now = varied(connection);
    variation->read_facts(variation->data, &now, connection->seen.octets, connection->seen.length, facts);
  }
  connection->answered.in_head = false;
  e100_seen_head_ends(&connection->seen);
}

static void on_head(void *user, const struct e100_request_facts *facts) {
  struct connection *connection = user;
  (void)facts;
  told(connection, E100_TOLD_HEAD, 0);
  if (connection->party->prompt) {
    struct e100_step step = {.link = (uint8_t)connection->link, .what = E100_DECIDE_ACCEPT};
    e100_sink_decided(connection->party->sink, &step, NULL, 0);
    e100_origin_accept(&connection->origin, connection->party->calls, connection);
    depart(connection);
  }
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  (void)octets;
  told(user, E100_TOLD_CONTENT, length);
}

static void on_complete(void *user) {
  struct connection *connection = user;
  told(connection, E100_TOLD_COMPLETE, 0);
  if (connection->party->prompt) {
    char line[E100_MARK_LINE];
    char content[E100_MARKED_CONTENT];
    struct e100_response response = {.status = 200,
                                     .fields = e100_answered_mark_line(&connection->answered, line),
                                     .content = (const uint8_t *)content,
                                     .content_length = e100_answered_content(&connection->answered, content)};
    struct e100_step step = {
        .link = (uint8_t)connection->link, .what = E100_DECIDE_RESPOND, .status = response.status};
    e100_sink_decided(connection->party->sink, &step, response.content, response.content_length);
    e100_origin_respond(&connection->origin, connection->party->calls, connection, &response);
  }
}

static void on_aborted(void *user) {
  told(user, E100_TOLD_ABORTED, 0);
}

#define CALLS_WITH(octets_of_heads)                                                                          \
  {                                                                                                          \
    .send = on_send, .end = on_end,                                                                          \
    .head_calls = {.octets = (octets_of_heads), .field_name = on_field_name, .field_value = on_field_value}, \
    .check_head = on_check_head, .head = on_head, .content = on_content, .complete = on_complete,            \
    .aborted = on_aborted, .moved = on_moved                                                                 \
  }
static const struct e100_origin_calls calls = CALLS_WITH(NULL);
static const struct e100_origin_calls calls_for_variations = CALLS_WITH(on_head_octets);

/* ---- octets on their way in ---------------------------------------------------------------------------- */

static size_t offer(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  if (connection->origin.state == E100_ORIGIN_SWITCHED)
    return length; /* the other protocol takes them */
  return e100_origin_octets(&connection->origin, connection->party->calls, connection, octets, length);
}

/* Offers what waits; once nothing does, the client's half-close is next. */
static void pump(struct connection *connection) {
  if (e100_backlog_offer(&connection->backlog, offer, connection))
    e100_origin_half_closed(&connection->origin, connection->party->calls, connection);
  depart(connection);
}

/* ---- the functions of the subject ---------------------------------------------------------------------- */

/* A connection begins. */
static void start(struct party *party, uint32_t link) {
  struct connection *connection = &party->connections[link];
  memset(connection, 0, offsetof(struct connection, answered.name));
  if (party->heads != NULL)
    connection->seen.octets = party->heads + (size_t)link * E100_HEAD_KEPT;
  connection->party = party;
  connection->link = link;
  connection->event = E100_ORIGIN_EVENTS;
  connection->departs_varied = party->variation->depart != NULL;
  e100_origin_init(&connection->origin, &party->design, &party->policy);
}

static void finish(struct connection *connection) {
  e100_text_free(&connection->backlog.octets);
  if (connection->departs_varied)
    e100_way_free(&connection->out);
}

void *e100_origin_subject_open(const struct e100_subject *subject, const struct e100_setup *setup,
                               struct e100_sink *sink) {
  uint32_t count = setup->exchange->link_count;
  struct party *party = malloc(sizeof *party + count * sizeof party->connections[0]);
  E100_CHECK(party != NULL, "out of memory");
  const struct e100_variation *variation = subject->data;
  bool varies = variation->arrive != NULL || variation->read_facts != NULL || variation->depart != NULL;
  party->variation = variation;
  party->calls = varies ? &calls_for_variations : &calls;
  party->heads = varies ? malloc(count * (size_t)E100_HEAD_KEPT) : NULL;
  E100_CHECK(!varies || party->heads != NULL, "out of memory");
  party->design = e100_origin_design_of(variation);
  party->sink = sink;
  party->count = count;
  party->prompt = e100_application_is_prompt(setup->policy);
  party->policy = e100_origin_policy_of(setup->policy);
  for (uint32_t link = 0; link < count; link++) {
    start(party, link);
  }
  return party;
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct party *party = self;
  struct connection *connection = &party->connections[link];
  if (party->variation->arrive != NULL) {
    struct e100_varied now = varied(connection);
    party->variation->arrive(party->variation->data, &now, octets, length, &connection->backlog.octets);
  } else {
    e100_backlog_arrive(&connection->backlog, offer, connection, octets, length);
  }
  pump(connection);
  if (e100_backlog_length(&connection->backlog) > E100_HELD_BACK_LIMIT) {
    e100_sink_end(party->sink, link, E100_STEP_RESET); /* first, or it would be a close */
    e100_origin_gone(&connection->origin, connection->party->calls, connection);
  }
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct party *party = self;
  struct connection *connection = &party->connections[link];
  if (how == E100_STEP_OPEN) {
    finish(connection);
    start(party, link);
  } else if (how == E100_STEP_HALF_CLOSE) {
    connection->backlog.half_closed = true;
    pump(connection);
  } else {
    e100_origin_gone(&connection->origin, connection->party->calls, connection);
    depart(connection);
  }
}

static bool timer(void *self, enum e100_timer which) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    struct connection *connection = &party->connections[link];
    if (e100_origin_timer(&connection->origin) == (int)which) {
      e100_origin_timed_out(&connection->origin, connection->party->calls, connection);
      pump(connection);
      return true;
    }
  }
  return false;
}

static uint32_t armed(const void *self) {
  const struct party *party = self;
  uint32_t set = 0;
  for (uint32_t link = 0; link < party->count; link++) {
    set |= e100_timer_set(e100_origin_timer(&party->connections[link].origin));
  }
  return set;
}

/* A request whose answer is due, for an application that says "later". */
static bool undecided(const struct e100_origin *origin) {
  return origin->state >= E100_ORIGIN_ASKED && origin->state <= E100_ORIGIN_WHOLE && !origin->fresh;
}

/* Upgrades to the first protocol that the client names. */
static bool upgrade(struct connection *connection) {
  char lines[E100_UPGRADE_LINES];
  return e100_answered_upgrade(&connection->answered, lines) &&
         e100_origin_upgrade(&connection->origin, connection->party->calls, connection, lines);
}

static bool decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  struct party *party = self;
  struct connection *connection = &party->connections[step->link];
  struct e100_origin *origin = &connection->origin;
  char line[E100_MARK_LINE];
  struct e100_response response = {.status = step->status,
                                   .fields = e100_answered_mark_line(&connection->answered, line),
                                   .close = (step->flags & E100_STEP_CLOSING) != 0,
                                   .content = octets,
                                   .content_length = step->length};
  bool done = false;
  switch (step->what) {
  case E100_DECIDE_ACCEPT:
    done = e100_origin_accept(origin, connection->party->calls, connection);
    break;
  case E100_DECIDE_UNMET:
    response.status = 417;
    done = e100_origin_respond(origin, connection->party->calls, connection, &response);
    break;
  case E100_DECIDE_RESPOND:
    done = e100_origin_respond(origin, connection->party->calls, connection, &response);
    break;
  case E100_DECIDE_UPGRADE:
    done = upgrade(connection);
    break;
  case E100_DECIDE_CLOSE:
    done = e100_origin_close(origin, connection->party->calls, connection);
    break;
  case E100_DECIDE_LATER:
    return undecided(origin);
  default: /* a server's application asks for nothing */
    return false;
  }
  if (done)
    pump(connection);
  return done;
}

/* A machine does all it can at once; only a variation may have held something back. */
static void settle(void *self) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    depart(&party->connections[link]);
  }
}

static void close_all(void *self) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    finish(&party->connections[link]);
  }
  free(party->heads);
  free(party);
}

/* The state of the first connection, with what its table does not show. */
static uint32_t state(const void *self) {
  const struct party *party = self;
  const struct e100_origin *origin = &party->connections[0].origin;
  uint32_t more = (origin->said_100 ? 1U : 0U) | (origin->client_done ? 2U : 0U) |
                  (e100_backlog_length(&party->connections[0].backlog) > 0 ? 4U : 0U);
  return origin->state * 8U + more;
}

static const struct e100_variation none = {.data = NULL};

const struct e100_subject e100_origin_subject_reference = {
    .version = E100_SUBJECT_VERSION,
    .name = "reference",
    .summary = "the reference machine of an origin server",
    .role = E100_ROLE_ORIGIN,
    .abilities = E100_SHOWS_APPLICATION | E100_HAS_TIMERS,
    .data = &none,
    .open = e100_origin_subject_open,
    .deliver = deliver,
    .ended = ended,
    .timer = timer,
    .armed = armed,
    .decide = decide,
    .settle = settle,
    .close = close_all,
    .state = state,
};
