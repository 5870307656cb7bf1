#include "subjects/client_subject.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "machine/pool.h"
#include "subjects/client_choices.h"
#include "subjects/client_subject_inside.h"

/* ---- requests ------------------------------------------------------------------------------------------ */

static void start(struct party *party, uint32_t link) {
  struct connection *connection = &party->connections[link];
  memset(connection, 0, offsetof(struct connection, asked));
  connection->party = party;
  connection->link = link;
  connection->event = E100_CLIENT_EVENTS;
  connection->seen.octets = connection->head;
  party->clients[link] = party->fresh;
}

static void finish(struct connection *connection) {
  e100_asked_free_all(connection->asked, connection->count);
  e100_asked_free(&connection->answered);
  e100_way_free(&connection->out);
}

/* Chunks are for a server of HTTP/1.1; the content is here, so its length is known. */
static void fit_to_server(const struct party *party, struct e100_asked *asked) {
  if (!party->answered_10 || asked->request.framing != E100_REQUEST_CHUNKED)
    return;
  asked->request.framing = E100_REQUEST_LENGTH;
  asked->request.length = asked->content_length;
}

/* Makes the request that waits first, on LINK. */
static void make_request(struct party *party, uint32_t link) {
  struct connection *connection = &party->connections[link];
  E100_CHECK(connection->count < E100_PIPELINE_LIMIT, "a machine takes no more requests than it remembers");
  struct e100_asked *asked = &connection->asked[connection->count++];
  e100_asked_take_first(party->waiting, &party->waiting_count, asked);
  fit_to_server(party, asked);
  connection->content = asked->content;
  connection->content_left = asked->content_length;
  connection->wanted = false;
  connection->first_half = false;
  connection->request++;
  bool made = e100_client_request(&party->clients[link], party->calls, connection, &asked->request);
  E100_CHECK(made, "the pool chooses a connection that takes the request");
}

/* A request that is made again has no answer yet: none goes out behind it, since its connection may fail as
 * well (RFC 9112 9.3.2). */
static bool holds_back(const struct party *party) {
  for (uint32_t link = 0; link < party->own && !party->variation->pipelines_again; link++) {
    const struct connection *connection = &party->connections[link];
    for (uint32_t i = 0; i < connection->count; i++) {
      if (connection->asked[i].again)
        return true;
    }
  }
  return false;
}

/* Makes the requests that wait, as long as there is a connection for the first of them. */
static void make_requests(struct party *party) {
  while (party->waiting_count > 0 && !holds_back(party)) {
    bool opens = false;
    int link = e100_pool_choose(party->clients, party->own, &party->waiting[0].request, &opens);
    if (link < 0)
      return;
    if (opens) {
      finish(&party->connections[link]);
      start(party, (uint32_t)link);
      e100_sink_open(party->sink, (uint32_t)link);
    }
    make_request(party, (uint32_t)link);
    client_depart(&party->connections[link]);
  }
}

/* ---- content ------------------------------------------------------------------------------------------- */

/* Gives the content that the machine wants: all of it, or the first half until nothing else happens. */
static void give_content(struct connection *connection, bool all) {
  struct e100_client *client = client_of(connection);
  const struct e100_client_calls *with = connection->party->calls;
  size_t length = connection->content_left;
  if (!all && connection->party->halves && length > 1) {
    if (connection->first_half)
      return;
    length /= 2;
  }
  connection->first_half = true;
  const uint8_t *octets = connection->content;
  connection->content += length;
  connection->content_left -= length;
  bool given = e100_client_content(client, with, connection, octets, length);
  if (given && connection->content_left == 0)
    (void)e100_client_content_ends(client, with, connection);
  if (!given)
    connection->content_left = 0;
  client_depart(connection);
}

static void give_contents(struct party *party, bool all) {
  for (uint32_t link = 0; link < party->count; link++) {
    struct connection *connection = &party->connections[link];
    if (connection->wanted && connection->content_left > 0)
      give_content(connection, all);
  }
}

/* Everything that follows from what has just happened. */
static void go_on(struct party *party, bool all) {
  party->put_back = 0;
  for (uint32_t link = 0; link < party->count; link++) {
    client_depart(&party->connections[link]);
  }
  for (unsigned i = 0; i < 2; i++) { /* content that is given may make room for one more request */
    if (party->waiting_count > 0)
      make_requests(party);
    give_contents(party, all);
  }
}

/* ---- the functions of the subject ---------------------------------------------------------------------- */

static void *open_party(const struct e100_subject *subject, const struct e100_setup *setup,
                        struct e100_sink *sink) {
  uint32_t count = setup->exchange->link_count;
  struct party *party = malloc(sizeof *party + count * sizeof party->connections[0]);
  E100_CHECK(party != NULL, "out of memory");
  const struct e100_client_variation *variation = subject->data;
  party->variation = variation;
  party->calls = variation->read_facts != NULL ? &client_calls_for_variations : &client_calls;
  party->design = e100_client_design_of(variation);
  party->policy = e100_client_policy_of(setup->policy);
  e100_client_init(&party->fresh, &party->design, &party->policy);
  party->sink = sink;
  party->chunked = e100_client_is_chunked(setup->policy);
  party->answered_10 = false;
  party->halves = e100_client_sends_halves(setup->policy);
  party->waiting_count = 0;
  party->put_back = 0;
  party->count = count;
  party->own = 0;
  while (party->own < count && setup->exchange->links[party->own].client == E100_CLIENT)
    party->own++;
  for (uint32_t link = 0; link < count; link++) {
    start(party, link);
  }
  return party;
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct party *party = self;
  struct connection *connection = &party->connections[link];
  if (party->variation->arrive != NULL) {
    struct e100_client_varied now = client_varied(connection);
    struct e100_text instead = {0};
    party->variation->arrive(party->variation->data, &now, octets, length, &instead);
    e100_client_octets(&party->clients[link], party->calls, connection, (const uint8_t *)instead.text,
                       instead.length);
    e100_text_free(&instead);
  } else {
    e100_client_octets(&party->clients[link], party->calls, connection, octets, length);
  }
  go_on(party, false);
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct party *party = self;
  struct connection *connection = &party->connections[link];
  struct e100_client *client = &party->clients[link];
  if (how == E100_STEP_RESET) {
    e100_client_gone(client, party->calls, connection);
  } else {
    e100_client_server_ended(client, party->calls, connection);
  }
  go_on(party, false);
}

static bool timer(void *self, enum e100_timer which) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    if (e100_client_timer(&party->clients[link]) == (int)which) {
      e100_client_timed_out(&party->clients[link], party->calls, &party->connections[link]);
      go_on(party, false);
      return true;
    }
  }
  return false;
}

static uint32_t armed(const void *self) {
  const struct party *party = self;
  uint32_t set = 0;
  for (uint32_t link = 0; link < party->count; link++) {
    set |= e100_timer_set(e100_client_timer(&party->clients[link]));
  }
  return set;
}

/* What no connection would ever take is not asked for. */
static bool ask(struct party *party, const struct e100_step *step, const uint8_t *octets) {
  struct e100_asked asked;
  if (!client_has_room(party) || party->count == 0 ||
      !e100_asked_read(&asked, octets, step->length, party->chunked))
    return false;
  if (!e100_client_takes(&party->fresh, &asked.request)) {
    e100_asked_free(&asked);
    return false;
  }
  party->waiting[party->waiting_count++] = asked;
  go_on(party, false);
  return true;
}

static bool decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  struct party *party = self;
  if (step->what == E100_DECIDE_REQUEST)
    return ask(party, step, octets);
  if (step->what != E100_DECIDE_CLOSE)
    return false;
  bool done = e100_client_cancel(&party->clients[step->link], party->calls, &party->connections[step->link]);
  go_on(party, false);
  return done;
}

static void settle(void *self) {
  go_on(self, true);
}

static void close_all(void *self) {
  struct party *party = self;
  for (uint32_t link = 0; link < party->count; link++) {
    finish(&party->connections[link]);
  }
  e100_asked_free_all(party->waiting, party->waiting_count);
  free(party);
}

/* The state of the first connection, with what its table does not show. */
static uint32_t state(const void *self) {
  const struct party *party = self;
  const struct e100_client *client = &party->clients[0];
  uint32_t more = (client->count > 1 ? 1U : 0U) | (client->interims > 0 ? 2U : 0U) |
                  (client->count > 0 && !client->fresh ? 4U : 0U) | (party->waiting_count > 0 ? 8U : 0U);
  return client->state * 16U + more;
}

static const struct e100_client_variation none = {.data = NULL};

const struct e100_subject e100_client_subject_reference = {
    .version = E100_SUBJECT_VERSION,
    .name = "reference",
    .summary = "the reference machine of a client",
    .role = E100_ROLE_CLIENT,
    .abilities = E100_SHOWS_APPLICATION | E100_HAS_TIMERS,
    .data = &none,
    .open = open_party,
    .deliver = deliver,
    .ended = ended,
    .timer = timer,
    .armed = armed,
    .decide = decide,
    .settle = settle,
    .close = close_all,
    .state = state,
};
