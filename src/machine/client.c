#include "machine/client.h"

#include <string.h>

#include "exchange/impossible.h"
#include "machine/request_heads.h"

_Static_assert(sizeof(struct e100_client) <= E100_CLIENT_ROOM, "the size that is documented");

/* One call from outside: the machine, and what the caller gave with it. */
struct turn {
  struct e100_client *client;
  const struct e100_client_calls *calls;
  void *user;
  const struct e100_request *request; /* with APP_ASKS and the like */
  const uint8_t *content;             /* with CONTENT_ARRIVES and APP_GIVES */
  size_t content_length;
};

static bool is_in(const struct e100_client *client, unsigned state) {
  return client->state == state;
}

/* ---- how facts become events --------------------------------------------------------------------------- */

static bool has_content(const struct e100_request *request) {
  return request->framing == E100_REQUEST_CHUNKED ||
         (request->framing == E100_REQUEST_LENGTH && request->length > 0);
}

/* Whether METHOD is NAME: mostly the first letter tells. */
static bool is_method(const char *method, const char *name) {
  return method[0] == name[0] && strcmp(method, name) == 0;
}

/* Methods whose repetition changes nothing (RFC 9110 9.2.2); a method that is not known may be any. */
static bool is_idempotent(const char *method) {
  static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    if (is_method(method, methods[i]))
      return true;
  }
  return false;
}

static bool forbids_content(const char *method) {
  return is_method(method, "TRACE") || is_method(method, "CONNECT");
}

static bool request_asks(const struct e100_request *request) {
  return request->expects && has_content(request) && !forbids_content(request->method);
}

/* Whether a request may follow those that are outstanding (RFC 9112 9.3.2, 9.6). */
static bool may_follow(const struct e100_client *client) {
  if (client->count == 0)
    return is_in(client, E100_CLIENT_STATE_IDLE);
  const struct e100_client_record *latest = &client->records[client->count - 1];
  return is_in(client, E100_CLIENT_STATE_SENT) && client->policy.pipeline &&
         client->count < E100_PIPELINE_LIMIT && latest->idempotent && !latest->last && !latest->asks &&
         !latest->upgrade && !latest->to_connect;
}

static enum e100_client_event request_event(const struct e100_client *client,
                                            const struct e100_request *request) {
  if (!may_follow(client))
    return E100_CLIENT_EVENT_APP_COMES_TOO_SOON;
  if (!has_content(request))
    return E100_CLIENT_EVENT_APP_STANDS_ALONE;
  return request_asks(request) && !client->policy.no_wait ? E100_CLIENT_EVENT_APP_ASKS
                                                          : E100_CLIENT_EVENT_APP_OFFERS;
}

/* 102 to 104 say something else; one that nobody knows is to be treated as 100 (RFC 9110 15), but whether
 * that releases the content is open. */
static enum e100_client_event interim_event(const struct e100_client *client,
                                            const struct e100_response_facts *facts) {
  if (facts->status == 100 || (facts->status > 104 && client->policy.unknown_releases))
    return E100_CLIENT_EVENT_INTERIM_RELEASES;
  return E100_CLIENT_EVENT_INTERIM_PASSES;
}

/* Whether the connection ends with this final response. */
static bool ends(const struct e100_client *client, const struct e100_client_record *record,
                 const struct e100_response_facts *facts) {
  bool owing = is_in(client, E100_CLIENT_STATE_WAITING) || is_in(client, E100_CLIENT_STATE_SENDING);
  return record->last || !facts->persists || (owing && client->count == 1 && client->policy.close_early);
}

static enum e100_client_event tunnel_event(const struct e100_client_record *record,
                                           const struct e100_response_facts *facts) {
  bool asked = facts->status == 101 ? record->upgrade : record->to_connect;
  return asked ? E100_CLIENT_EVENT_SWITCHES : E100_CLIENT_EVENT_RESPONSE_IS_WRONG;
}

static enum e100_client_event head_event(const struct e100_client *client,
                                         const struct e100_client_record *record,
                                         const struct e100_response_facts *facts) {
  bool earlier = client->count > 1;
  if (facts->wrong != E100_RESPONSE_SOUND || client->interims > E100_INTERIMS_LIMIT)
    return E100_CLIENT_EVENT_RESPONSE_IS_WRONG;
  if (facts->interim)
    return earlier ? E100_CLIENT_EVENT_EARLIER_INTERIM : interim_event(client, facts);
  if (facts->framing == E100_RESPONSE_TUNNEL)
    return tunnel_event(record, facts);
  bool last = ends(client, record, facts);
  if (earlier)
    return last ? E100_CLIENT_EVENT_EARLIER_FINAL_ENDS : E100_CLIENT_EVENT_EARLIER_FINAL;
  if (facts->status == 417 && record->asks)
    return last ? E100_CLIENT_EVENT_UNMET_ENDS : E100_CLIENT_EVENT_UNMET_GOES_ON;
  return last ? E100_CLIENT_EVENT_FINAL_ENDS : E100_CLIENT_EVENT_FINAL_GOES_ON;
}

const struct e100_client_design e100_client_reference = {
    .table = &e100_client_table,
    .request_event = request_event,
    .request_asks = request_asks,
    .head_event = head_event,
};

/* ---- what actions send -----------------------------------------------------------------------------------
 */

static void send_head(const struct turn *turn) {
  struct e100_client *client = turn->client;
  const struct e100_request *request = turn->request;
  E100_CHECK(request != NULL && client->count < E100_PIPELINE_LIMIT,
             "the table sends a head only where there is a request, and room for it");
  bool asks = client->design->request_asks(request);
  client->records[client->count] = (struct e100_client_record){
      .to_head = is_method(request->method, "HEAD"),
      .to_connect = is_method(request->method, "CONNECT"),
      .upgrade = request->upgrade,
      .asks = asks,
      .last = request->close,
      .idempotent = is_idempotent(request->method),
  };
  if (client->count++ == 0)
    client->fresh = true;
  client->chunked = request->framing == E100_REQUEST_CHUNKED;
  client->left = client->chunked ? UINT64_MAX : request->length;
  e100_send_request_head(turn->calls, turn->user, request, asks);
}

static void send_content(const struct turn *turn) {
  struct e100_client *client = turn->client;
  if (client->chunked) {
    e100_send_chunk(turn->calls, turn->user, turn->content, turn->content_length);
    return;
  }
  client->left -= turn->content_length;
  turn->calls->send(turn->user, turn->content, turn->content_length);
}

static void end_content(const struct turn *turn) {
  static const uint8_t last_chunk[] = {'0', '\r', '\n', '\r', '\n'};
  if (turn->client->chunked)
    turn->calls->send(turn->user, last_chunk, sizeof last_chunk);
}

/* ---- what actions tell ------------------------------------------------------------------------------------
 */

static bool takes_content(const struct e100_client *client) {
  return is_in(client, E100_CLIENT_STATE_SENDING) || is_in(client, E100_CLIENT_STATE_ANSWERED) ||
         is_in(client, E100_CLIENT_STATE_OWING) || is_in(client, E100_CLIENT_STATE_SWITCHING);
}

/* Unless a callback before has changed its mind. */
static void want(const struct turn *turn) {
  if (takes_content(turn->client))
    turn->calls->content_wanted(turn->user);
}

static void stop(const struct turn *turn) {
  if (turn->calls->content_unwanted != NULL)
    turn->calls->content_unwanted(turn->user);
}

static void tell_interim(const struct turn *turn) {
  if (turn->calls->interim != NULL)
    turn->calls->interim(turn->user, &turn->client->reader.facts);
}

static void tell_response(const struct turn *turn) {
  if (turn->calls->response != NULL)
    turn->calls->response(turn->user, &turn->client->reader.facts);
}

static void pass_content(const struct turn *turn) {
  if (turn->calls->content != NULL)
    turn->calls->content(turn->user, turn->content, turn->content_length);
}

/* The oldest request is answered; the next one's response begins with a reader of its own. */
static void drop_oldest(struct e100_client *client) {
  E100_CHECK(client->count > 0, "what is complete was outstanding");
  client->count--;
  client->fresh = true;
  client->interims = 0;
  memmove(&client->records[0], &client->records[1], client->count * sizeof client->records[0]);
}

static void tell_complete(const struct turn *turn) {
  drop_oldest(turn->client);
  if (turn->calls->complete != NULL)
    turn->calls->complete(turn->user);
}

static void repeat(const struct turn *turn) {
  drop_oldest(turn->client);
  if (turn->calls->unmet != NULL)
    turn->calls->unmet(turn->user);
}

static void abort_all(const struct turn *turn) {
  while (turn->client->count > 0) {
    drop_oldest(turn->client);
    if (turn->calls->aborted != NULL)
      turn->calls->aborted(turn->user);
  }
}

/* ---- the engine --------------------------------------------------------------------------------- */

static void act(const struct turn *turn, unsigned action) {
  switch (action) {
  case E100_CLIENT_ACTION_NOTHING:
    break;
  case E100_CLIENT_ACTION_REJECT:
    turn->client->rejected = true;
    break;
  case E100_CLIENT_ACTION_SEND_HEAD:
    send_head(turn);
    break;
  case E100_CLIENT_ACTION_SEND_HEAD_AND_WANT:
    send_head(turn);
    want(turn);
    break;
  case E100_CLIENT_ACTION_WANT:
    want(turn);
    break;
  case E100_CLIENT_ACTION_SEND_CONTENT:
    send_content(turn);
    break;
  case E100_CLIENT_ACTION_END_CONTENT:
    end_content(turn);
    break;
  case E100_CLIENT_ACTION_TELL_INTERIM:
    tell_interim(turn);
    break;
  case E100_CLIENT_ACTION_TELL_INTERIM_AND_WANT:
    tell_interim(turn);
    want(turn);
    break;
  case E100_CLIENT_ACTION_TELL_RESPONSE:
    tell_response(turn);
    break;
  case E100_CLIENT_ACTION_TELL_RESPONSE_AND_WANT:
    tell_response(turn);
    want(turn);
    break;
  case E100_CLIENT_ACTION_TELL_RESPONSE_AND_STOP:
    tell_response(turn);
    stop(turn);
    break;
  case E100_CLIENT_ACTION_TELL_TUNNEL:
    tell_response(turn);
    tell_complete(turn);
    break;
  case E100_CLIENT_ACTION_TELL_TUNNEL_AND_WANT:
    tell_response(turn);
    tell_complete(turn);
    want(turn);
    break;
  case E100_CLIENT_ACTION_STOP:
    stop(turn);
    break;
  case E100_CLIENT_ACTION_PASS_CONTENT:
    pass_content(turn);
    break;
  case E100_CLIENT_ACTION_TELL_COMPLETE:
    tell_complete(turn);
    break;
  case E100_CLIENT_ACTION_TELL_COMPLETE_AND_CLOSE:
    tell_complete(turn);
    abort_all(turn);
    turn->calls->end(turn->user);
    break;
  case E100_CLIENT_ACTION_REPEAT:
    repeat(turn);
    break;
  case E100_CLIENT_ACTION_CLOSE_AND_REPEAT:
    turn->calls->end(turn->user);
    repeat(turn);
    break;
  case E100_CLIENT_ACTION_ABORT_AND_CLOSE:
    abort_all(turn);
    turn->calls->end(turn->user);
    break;
  case E100_CLIENT_ACTION_CLOSE:
    turn->calls->end(turn->user);
    break;
  default:
    E100_CHECK(false, "an impossible event came to the client's machine");
  }
}

static void happen(const struct turn *turn, unsigned event) {
  struct e100_client *client = turn->client;
  const struct e100_row *row = e100_table_row(client->design->table, client->state, event);
  /* The state first: callbacks may call the machine again. */
  client->state = row->next;
  if (turn->calls->moved != NULL)
    turn->calls->moved(turn->user, row);
  act(turn, row->action);
}

static bool call(const struct turn *turn, unsigned event) {
  turn->client->rejected = false;
  happen(turn, event);
  bool rejected = turn->client->rejected;
  turn->client->rejected = false;
  return !rejected;
}

void e100_client_init(struct e100_client *client, const struct e100_client_design *design,
                      const struct e100_client_policy *policy) {
  memset(client, 0, sizeof *client);
  client->design = design;
  client->policy = *policy;
}

/* ---- the application ---------------------------------------------------------------------------- */

static bool is_possible(const struct e100_request *request) {
  return request->method[0] != '\0' && request->target[0] != '\0' &&
         !(has_content(request) && forbids_content(request->method));
}

bool e100_client_takes(const struct e100_client *client, const struct e100_request *request) {
  return is_possible(request) &&
         client->design->request_event(client, request) != E100_CLIENT_EVENT_APP_COMES_TOO_SOON;
}

bool e100_client_request(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                         const struct e100_request *request) {
  const struct turn turn = {.client = client, .calls = calls, .user = user, .request = request};
  return is_possible(request) && call(&turn, client->design->request_event(client, request));
}

bool e100_client_content(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                         const uint8_t *octets, size_t length) {
  const struct turn turn = {
      .client = client, .calls = calls, .user = user, .content = octets, .content_length = length};
  if (length == 0 || (takes_content(client) && length > client->left))
    return false;
  if (!call(&turn, E100_CLIENT_EVENT_APP_GIVES))
    return false;
  return client->chunked || client->left > 0 || call(&turn, E100_CLIENT_EVENT_APP_ENDS);
}

bool e100_client_content_ends(struct e100_client *client, const struct e100_client_calls *calls, void *user) {
  const struct turn turn = {.client = client, .calls = calls, .user = user};
  return client->chunked && call(&turn, E100_CLIENT_EVENT_APP_ENDS);
}

bool e100_client_cancel(struct e100_client *client, const struct e100_client_calls *calls, void *user) {
  const struct turn turn = {.client = client, .calls = calls, .user = user};
  return call(&turn, E100_CLIENT_EVENT_APP_CANCELS);
}

/* ---- the server --------------------------------------------------------------------------------- */

/* Events are about the latest request; what comes for one before it has a name of its own. When the
 * connection is being left there are no later ones any more. */
static bool is_earlier(const struct e100_client *client) {
  return client->count > 1 && !is_in(client, E100_CLIENT_STATE_LEAVING);
}

static void response_ends(const struct turn *turn) {
  happen(turn, is_earlier(turn->client) ? E100_CLIENT_EVENT_EARLIER_ENDS : E100_CLIENT_EVENT_RESPONSE_ENDS);
}

static void content_arrives(const struct turn *turn) {
  happen(turn,
         is_earlier(turn->client) ? E100_CLIENT_EVENT_EARLIER_CONTENT : E100_CLIENT_EVENT_CONTENT_ARRIVES);
}

static bool is_tunnel(const struct e100_client *client) {
  return is_in(client, E100_CLIENT_STATE_SWITCHING) || is_in(client, E100_CLIENT_STATE_SWITCHED);
}

static void head_arrives(const struct turn *turn) {
  struct e100_client *client = turn->client;
  struct e100_response_reader *reader = &client->reader;
  if (turn->calls->check_head != NULL) {
    turn->calls->check_head(turn->user, &reader->facts);
    e100_response_reader_follow(reader);
  }
  if (reader->facts.interim)
    client->interims++;
  happen(turn, client->design->head_event(client, &client->records[0], &reader->facts));
  /* The application may have cancelled. */
  if (reader->complete && client->count > 0 && !is_tunnel(client) && !client->fresh)
    response_ends(turn);
}

/* True while octets are to be read as a response. */
static bool reads(const struct turn *turn) {
  struct e100_client *client = turn->client;
  if (is_in(client, E100_CLIENT_STATE_OVER) || is_tunnel(client))
    return false;
  if (client->count == 0) {
    happen(turn, E100_CLIENT_EVENT_STRAY_OCTETS);
    return false;
  }
  if (client->fresh)
    e100_response_reader_init(&client->reader, client->records[0].to_head, client->records[0].to_connect);
  client->fresh = false;
  return true;
}

static void read_event(const struct turn *turn, enum e100_reader_event event) {
  switch (event) {
  case E100_READ_HEAD:
    head_arrives(turn);
    break;
  case E100_READ_CONTENT:
    content_arrives(turn);
    break;
  case E100_READ_COMPLETE:
    response_ends(turn);
    break;
  case E100_READ_WRONG:
    happen(turn, E100_CLIENT_EVENT_RESPONSE_IS_WRONG);
    break;
  default:
    break;
  }
}

size_t e100_client_octets(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                          const uint8_t *octets, size_t length) {
  struct turn turn = {.client = client, .calls = calls, .user = user};
  size_t taken = 0;
  bool more = true; /* content may be complete with its last octet */
  while ((taken < length || more) && (client->count > 0 || taken < length) && reads(&turn)) {
    size_t took = 0;
    enum e100_reader_event event =
        e100_response_reader_take(&client->reader, &calls->head_calls, user, octets + taken, length - taken,
                                  &took, &turn.content, &turn.content_length);
    taken += took;
    more = event == E100_READ_CONTENT;
    read_event(&turn, event);
  }
  return is_in(client, E100_CLIENT_STATE_OVER) ? length : taken;
}

void e100_client_server_ended(struct e100_client *client, const struct e100_client_calls *calls, void *user) {
  const struct turn turn = {.client = client, .calls = calls, .user = user};
  if (is_in(client, E100_CLIENT_STATE_OVER))
    return;
  bool begun = client->count > 0 && !client->fresh;
  if (begun && e100_response_reader_end(&client->reader) == E100_READ_COMPLETE)
    response_ends(&turn);
  if (!is_in(client, E100_CLIENT_STATE_OVER))
    happen(&turn, E100_CLIENT_EVENT_SERVER_ENDS);
}

void e100_client_gone(struct e100_client *client, const struct e100_client_calls *calls, void *user) {
  const struct turn turn = {.client = client, .calls = calls, .user = user};
  if (!is_in(client, E100_CLIENT_STATE_OVER))
    happen(&turn, E100_CLIENT_EVENT_SERVER_GOES);
}

int e100_client_timer(const struct e100_client *client) {
  switch (client->state) {
  case E100_CLIENT_STATE_WAITING:
    return E100_TIMER_CONTINUE;
  case E100_CLIENT_STATE_SENT:
  case E100_CLIENT_STATE_ANSWERED:
  case E100_CLIENT_STATE_READING:
  case E100_CLIENT_STATE_LEAVING:
  case E100_CLIENT_STATE_UNMET:
  case E100_CLIENT_STATE_UNMET_SENT:
    return E100_TIMER_RESPONSE;
  default:
    return -1;
  }
}

void e100_client_timed_out(struct e100_client *client, const struct e100_client_calls *calls, void *user) {
  const struct turn turn = {.client = client, .calls = calls, .user = user};
  if (e100_client_timer(client) >= 0)
    happen(&turn, E100_CLIENT_EVENT_TIMER_FIRES);
}
