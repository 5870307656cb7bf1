/* client_subject_calls.c - what a client's machine calls: octets leave, and the application is told. */
#include "subjects/client_subject_inside.h"

static e100_row_watch *watch_row;

void e100_client_subject_watch(e100_row_watch *watch) {
  watch_row = watch;
}

/* ---- octets on their way out ------------------------------------------------------------------------ */

struct e100_client_varied client_varied(struct connection *connection) {
  return (struct e100_client_varied){.client = client_of(connection),
                                     .from_state = connection->from_state,
                                     .event = connection->event,
                                     .request = connection->request,
                                     .response = connection->response,
                                     .pieces = connection->seen.pieces,
                                     .memory = connection->memory};
}

void client_depart_varied(struct connection *connection) {
  const struct e100_client_variation *variation = connection->party->variation;
  struct e100_text *leaving = &connection->out.leaving;
  struct e100_client_varied now = client_varied(connection);
  struct e100_text out = {0};
  variation->depart(variation->data, &now, (const uint8_t *)leaving->text, leaving->length,
                    &connection->out.held, &out);
  e100_sink_send(connection->party->sink, connection->link, (const uint8_t *)out.text, out.length);
  e100_text_free(&out);
  leaving->length = 0;
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  if (connection->party->variation->depart == NULL)
    e100_sink_send(connection->party->sink, connection->link, octets, length);
  else
    e100_text_add(&connection->out.leaving, (const char *)octets, length);
}

static void on_end(void *user) {
  struct connection *connection = user;
  client_depart(connection);
  e100_sink_end(connection->party->sink, connection->link, E100_STEP_CLOSE);
}

static void on_moved(void *user, const struct e100_row *row) {
  struct connection *connection = user;
  client_depart(connection);
  connection->from_state = row->state;
  connection->event = row->event;
  if (watch_row != NULL)
    watch_row(client_of(connection)->design->table, row);
}

/* ---- the application ----------------------------------------------------------------------------------- */

static void told(const struct connection *connection, enum e100_told what, size_t number) {
  e100_sink_told(connection->party->sink, connection->link, what, (uint32_t)number);
}

/* Only a variation looks at them. */
static void on_head_octets(void *user, const uint8_t *octets, size_t length) {
  e100_seen_head_add(&((struct connection *)user)->seen, octets, length);
}

static void on_check_head(void *user, struct e100_response_facts *facts) {
  struct connection *connection = user;
  const struct e100_client_variation *variation = connection->party->variation;
  connection->response++;
  connection->party->answered_10 |= facts->minor == 0;
  if (variation->read_facts != NULL) {
    struct e100_client_varied now = client_varied(connection);
    variation->read_facts(variation->data, &now, connection->seen.octets, connection->seen.length, facts);
  }
  e100_seen_head_ends(&connection->seen);
}

static void on_interim(void *user, const struct e100_response_facts *facts) {
  told(user, E100_TOLD_INTERIM, facts->status);
}

/* A 101 is no final response (RFC 9110 15.2.2), though nothing follows it. */
static void on_response(void *user, const struct e100_response_facts *facts) {
  told(user, facts->status < 200 ? E100_TOLD_INTERIM : E100_TOLD_RESPONSE, facts->status);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  (void)octets;
  told(user, E100_TOLD_CONTENT, length);
}

static void on_content_wanted(void *user) {
  struct connection *connection = user;
  connection->wanted = true;
}

static void on_content_unwanted(void *user) {
  struct connection *connection = user;
  connection->wanted = false;
}

static void forget(struct connection *connection, struct e100_asked *asked) {
  if (connection->count == 0 && connection->content_left > 0) {
    e100_asked_free(&connection->answered);
    connection->answered = *asked;
  } else {
    e100_asked_free(asked);
  }
}

static void on_complete(void *user) {
  struct connection *connection = user;
  struct e100_asked oldest;
  e100_asked_take_first(connection->asked, &connection->count, &oldest);
  told(connection, E100_TOLD_COMPLETE, 0);
  forget(connection, &oldest);
}

/* Puts a request before all others that wait, but for those that came to be put back with it. */
static void put_back(struct party *party, const struct e100_asked *asked) {
  E100_CHECK(party->waiting_count < E100_ASKED_LIMIT, "there is room for a request that is made again");
  e100_asked_put_at(party->waiting, &party->waiting_count, party->put_back++, asked);
}

static void on_aborted(void *user) {
  struct connection *connection = user;
  struct e100_asked oldest;
  e100_asked_take_first(connection->asked, &connection->count, &oldest);
  connection->content_left = 0;
  if (connection->party->variation->reruns && client_has_room(connection->party)) {
    oldest.again = true;
    put_back(connection->party, &oldest);
    return;
  }
  told(connection, E100_TOLD_ABORTED, 0);
  e100_asked_free(&oldest);
}

/* It is made again without the expectation, and nobody is told of the 417. */
static void on_unmet(void *user) {
  struct connection *connection = user;
  struct e100_asked oldest;
  e100_asked_take_first(connection->asked, &connection->count, &oldest);
  connection->content_left = 0;
  oldest.request.expects = connection->party->variation->repeats_asking;
  put_back(connection->party, &oldest);
}

#define CALLS_WITH(octets_of_heads)                                                                     \
  {                                                                                                     \
    .send = on_send, .end = on_end, .content_wanted = on_content_wanted,                                \
    .content_unwanted = on_content_unwanted, .head_calls = {.octets = (octets_of_heads)},               \
    .check_head = on_check_head, .interim = on_interim, .response = on_response, .content = on_content, \
    .complete = on_complete, .aborted = on_aborted, .unmet = on_unmet, .moved = on_moved                \
  }
const struct e100_client_calls client_calls = CALLS_WITH(NULL);
const struct e100_client_calls client_calls_for_variations = CALLS_WITH(on_head_octets);
