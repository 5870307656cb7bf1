/* proxy_acts.c - what the actions of a proxy's table do. */
#include "machine/proxy_turn.h"

#include "exchange/impossible.h"
#include "machine/responses.h"

/* ---- to the server ------------------------------------------------------------------------------------- */

/* Done with the server, for better (REUSABLE) or worse. */
static void part(const struct e100_proxy_turn *turn, bool reusable) {
  if (!turn->proxy->connected)
    return;
  turn->proxy->connected = false;
  turn->calls->part(turn->user, reusable);
}

static void write_request_head(const struct e100_proxy_turn *turn) {
  static const uint8_t framings[] = {[E100_CONTENT_NONE] = E100_FORWARD_LENGTH, /* of 0, where it is said */
                                     [E100_CONTENT_LENGTH] = E100_FORWARD_LENGTH,
                                     [E100_CONTENT_CHUNKED] = E100_FORWARD_CHUNKED};
  const struct e100_proxy *proxy = turn->proxy;
  const struct e100_request_facts *facts = &proxy->request.facts;
  struct e100_forwarded forwarded = {.minor = facts->minor,
                                     .framing = framings[facts->framing],
                                     .length = facts->length,
                                     .without_expect = proxy->ours && !facts->other,
                                     .with_expect = proxy->own_asked,
                                     .upgrades = facts->upgrade,
                                     .connection = facts->upgrade ? "upgrade" : NULL};
  struct e100_whole_head head; /* collected content comes long after its head */
  if (turn->head == NULL)
    e100_proxy_take_request_apart(turn, &head);
  e100_forward_head(turn->head != NULL ? turn->head : &head, &forwarded, turn->calls->send_up, turn->user);
}

/* Whether the server is asked, though the client does not ask. Never with TRACE, which has no content (RFC
 * 9110 9.3.8), whatever the client sends. */
static bool asks_by_itself(const struct e100_proxy *proxy) {
  const struct e100_request_facts *facts = &proxy->request.facts;
  return proxy->policy.own_expectation && !proxy->policy.next_hop_10 && !facts->asks &&
         facts->framing != E100_CONTENT_NONE && facts->method != E100_METHOD_TRACE;
}

/* False: there is no server, and that was dealt with. */
static bool forward_head(struct e100_proxy_turn *turn) {
  struct e100_proxy *proxy = turn->proxy;
  const struct e100_request_facts *facts = &proxy->request.facts;
  if (!turn->calls->connect(turn->user)) {
    e100_proxy_happen(turn, E100_PROXY_ON_NO_SERVER);
    return false;
  }
  proxy->connected = true;
  proxy->own_asked = asks_by_itself(proxy);
  proxy->forwarded = facts->framing == E100_CONTENT_NONE;
  proxy->response_length = 0;
  proxy->stray = false;
  e100_response_reader_init(&proxy->response, facts->method == E100_METHOD_HEAD,
                            facts->method == E100_METHOD_CONNECT);
  write_request_head(turn);
  return true;
}

static void send_up(const struct e100_proxy_turn *turn, const uint8_t *octets, size_t length) {
  if (length > 0)
    turn->calls->send_up(turn->user, octets, length);
}

/* The empty line that ends trailers (RFC 9112 7.1.2). */
static const uint8_t empty_line[] = {'\r', '\n'};

/* With its last octets the request is forwarded as a whole. */
static void forward_content(const struct e100_proxy_turn *turn) {
  send_up(turn, turn->octets, turn->length);
  if (turn->without_trailers)
    send_up(turn, empty_line, sizeof empty_line);
  turn->proxy->forwarded = turn->proxy->request.complete;
}

static void add_to_collected(const struct e100_proxy_turn *turn, const uint8_t *octets, size_t length) {
  turn->proxy->collected += (uint32_t)length;
  if (length > 0)
    turn->calls->collect(turn->user, octets, length);
}

/* An empty line in the place of trailers is no longer than they were: a limit that they kept it keeps. */
static void collect(const struct e100_proxy_turn *turn) {
  add_to_collected(turn, turn->octets, turn->length);
  if (turn->without_trailers)
    add_to_collected(turn, empty_line, sizeof empty_line);
}

static void forward_collected(struct e100_proxy_turn *turn) {
  collect(turn);
  if (!forward_head(turn))
    return;
  size_t length = 0;
  const uint8_t *octets = turn->calls->collected(turn->user, &length);
  send_up(turn, octets, length);
  turn->proxy->forwarded = true;
}

/* ---- to the client ------------------------------------------------------------------------------------- */

static void send_down(const struct e100_proxy_turn *turn, const uint8_t *octets, size_t length) {
  if (length > 0)
    turn->calls->send(turn->user, octets, length);
}

static void say_100(const struct e100_proxy_turn *turn) {
  struct e100_response_head head = {.length = 0};
  turn->proxy->said_100 = true;
  e100_add_status_line(&head, 100);
  E100_ADD_LINES(&head, "\r\n");
  send_down(turn, (const uint8_t *)head.octets, head.length);
}

/* A final response of our own: it is the last of its connection. */
static void answer(const struct e100_proxy_turn *turn, unsigned status) {
  struct e100_response_head head = {.length = 0};
  e100_add_status_line(&head, status);
  e100_add_length_line(&head, 0);
  E100_ADD_LINES(&head, "Connection: close\r\n\r\n");
  send_down(turn, (const uint8_t *)head.octets, head.length);
}

static void answer_and_linger(const struct e100_proxy_turn *turn, unsigned status) {
  part(turn, false);
  answer(turn, status);
  turn->calls->end(turn->user, E100_PROXY_SENDS_NO_MORE);
}

static void relay_head(const struct e100_proxy_turn *turn, uint8_t framing, const char *connection,
                       bool upgrades) {
  const struct e100_response_facts *facts = &turn->proxy->response.facts;
  E100_CHECK(turn->head != NULL, "a head is relayed where one has arrived");
  struct e100_forwarded forwarded = {.response = true,
                                     .minor = facts->minor,
                                     .framing = framing,
                                     .length = facts->length,
                                     .upgrades = upgrades,
                                     .connection = connection};
  e100_forward_head(turn->head, &forwarded, turn->calls->send, turn->user);
}

/* How the content of the final response is framed for the client. */
static uint8_t framing_of_final(const struct e100_proxy *proxy) {
  const struct e100_response_facts *facts = &proxy->response.facts;
  switch (facts->framing) {
  case E100_RESPONSE_LENGTH:
    return E100_FORWARD_LENGTH;
  case E100_RESPONSE_CHUNKED:
    return proxy->request.facts.minor > 0 ? E100_FORWARD_CHUNKED : E100_FORWARD_NO_FRAMING;
  case E100_RESPONSE_NO_CONTENT:
    return facts->status == 204 ? E100_FORWARD_NO_FRAMING : E100_FORWARD_STATED_LENGTH;
  default:
    return E100_FORWARD_NO_FRAMING;
  }
}

static void relay_final(const struct e100_proxy_turn *turn, bool last) {
  relay_head(turn, framing_of_final(turn->proxy), last ? "close" : NULL, false);
}

/* Upgrade belongs to a 101; with a tunnel it is a field of one hop like others (RFC 9110 7.6.1). */
static void relay_switch(const struct e100_proxy_turn *turn) {
  bool upgrades = turn->proxy->response.facts.status == 101;
  relay_head(turn, E100_FORWARD_NO_FRAMING, upgrades ? "upgrade" : NULL, upgrades);
}

static void relay_end(const struct e100_proxy_turn *turn) {
  send_down(turn, turn->octets, turn->length);
  if (turn->without_trailers)
    send_down(turn, empty_line, sizeof empty_line);
  part(turn, turn->proxy->design->is_reusable(turn->proxy));
}

/* The response stays incomplete, and the client must be able to see that (RFC 9112 8). */
static void cut(const struct e100_proxy_turn *turn) {
  const struct e100_proxy *proxy = turn->proxy;
  bool framed = framing_of_final(proxy) != E100_FORWARD_NO_FRAMING;
  part(turn, false);
  turn->calls->end(turn->user, framed ? E100_PROXY_CLOSES : E100_PROXY_RESETS);
}

static void close_all(const struct e100_proxy_turn *turn) {
  part(turn, false);
  turn->calls->end(turn->user, E100_PROXY_CLOSES);
}

static void time_out_head(const struct e100_proxy_turn *turn) {
  const struct e100_proxy *proxy = turn->proxy;
  if (e100_reader_begun(&proxy->request) && !proxy->fresh)
    answer(turn, 408);
  turn->calls->end(turn->user, E100_PROXY_CLOSES);
}

/* ---- actions ------------------------------------------------------------------------------------------- */

/* Actions towards the server; false: it is none of them. */
static bool act_upwards(struct e100_proxy_turn *turn, unsigned action) {
  switch (action) {
  case E100_PROXY_DO_FORWARD_HEAD:
    forward_head(turn);
    return true;
  case E100_PROXY_DO_FORWARD_HEAD_AND_SAY_100:
    if (forward_head(turn))
      say_100(turn);
    return true;
  case E100_PROXY_DO_COLLECT:
    collect(turn);
    return true;
  case E100_PROXY_DO_FORWARD_COLLECTED:
    forward_collected(turn);
    return true;
  case E100_PROXY_DO_FORWARD_CONTENT:
    forward_content(turn);
    return true;
  case E100_PROXY_DO_PASS_UP:
    send_up(turn, turn->octets, turn->length);
    return true;
  default:
    return false;
  }
}

/* Actions that relay what the server sent; false: it is none of them. */
static bool act_downwards(struct e100_proxy_turn *turn, unsigned action) {
  switch (action) {
  case E100_PROXY_DO_RELAY_INTERIM:
    relay_head(turn, E100_FORWARD_NO_FRAMING, NULL, false);
    return true;
  case E100_PROXY_DO_RELAY_SWITCH:
    relay_switch(turn);
    return true;
  case E100_PROXY_DO_RELAY_FINAL:
    relay_final(turn, false);
    return true;
  case E100_PROXY_DO_RELAY_FINAL_LAST:
    relay_final(turn, true);
    return true;
  case E100_PROXY_DO_RELAY_CONTENT:
  case E100_PROXY_DO_PASS_DOWN:
    send_down(turn, turn->octets, turn->length);
    return true;
  case E100_PROXY_DO_RELAY_END:
    relay_end(turn);
    return true;
  case E100_PROXY_DO_RELAY_END_AND_LINGER:
    relay_end(turn);
    turn->calls->end(turn->user, E100_PROXY_SENDS_NO_MORE);
    return true;
  default:
    return false;
  }
}

static void act_alone(struct e100_proxy_turn *turn, unsigned action) {
  switch (action) {
  case E100_PROXY_DO_NOTHING:
    break;
  case E100_PROXY_DO_SAY_100:
    say_100(turn);
    break;
  case E100_PROXY_DO_REFUSE:
    answer_and_linger(turn, turn->proxy->refusal);
    break;
  case E100_PROXY_DO_ANSWER_400:
    answer_and_linger(turn, 400);
    break;
  case E100_PROXY_DO_ANSWER_408:
    answer_and_linger(turn, 408);
    break;
  case E100_PROXY_DO_ANSWER_502:
    answer_and_linger(turn, 502);
    break;
  case E100_PROXY_DO_ANSWER_503:
    answer_and_linger(turn, 503);
    break;
  case E100_PROXY_DO_ANSWER_504:
    answer_and_linger(turn, 504);
    break;
  case E100_PROXY_DO_TIME_OUT_HEAD:
    time_out_head(turn);
    break;
  case E100_PROXY_DO_CUT:
    cut(turn);
    break;
  case E100_PROXY_DO_CLOSE:
    close_all(turn);
    break;
  default:
    E100_CHECK(false, "an impossible event came to the proxy's machine");
  }
}

void e100_proxy_act(struct e100_proxy_turn *turn, unsigned action) {
  if (!act_upwards(turn, action) && !act_downwards(turn, action))
    act_alone(turn, action);
}
