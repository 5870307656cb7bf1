#include "machine/proxy.h"

#include <string.h>

#include "exchange/impossible.h"
#include "machine/proxy_turn.h"

_Static_assert(sizeof(struct e100_proxy) <= E100_PROXY_ROOM, "the size that is documented");
_Static_assert((int)E100_PROXY_HEAD_ROOM <= (int)E100_TAKEN_APART_LIMIT,
               "a head that is held can be taken apart");

/* ---- how facts become events ------------------------------------------------------------------------ */

/* HTTP/1.0 knows no interim responses, so there its expectations are ignored (RFC 9110 10.1.1). */
static bool asks(const struct e100_proxy *proxy) {
  const struct e100_request_facts *facts = &proxy->request.facts;
  return facts->asks && facts->minor > 0 && facts->framing != E100_CONTENT_NONE;
}

/* Whether nobody but this party can answer the expectation, or policy says that it does. */
static bool answers_here(const struct e100_proxy *proxy) {
  const struct e100_proxy_policy *policy = &proxy->policy;
  return proxy->nominated || policy->next_hop_10 || (policy->gateway && policy->own_100);
}

static enum e100_proxy_event head_event(const struct e100_proxy *proxy) {
  if (proxy->request.facts.framing == E100_CONTENT_NONE)
    return E100_PROXY_ON_HEAD_STANDS_ALONE;
  if (proxy->policy.gateway && proxy->policy.collects)
    return asks(proxy) ? E100_PROXY_ON_HEAD_COLLECTS_ASKED : E100_PROXY_ON_HEAD_COLLECTS;
  if (!asks(proxy))
    return E100_PROXY_ON_HEAD_OFFERS;
  return answers_here(proxy) ? E100_PROXY_ON_HEAD_ASKS_HERE : E100_PROXY_ON_HEAD_ASKS;
}

/* A proxy relays every interim response that it did not cause itself (RFC 9110 15.2); a gateway does not
 * repeat its own 100. */
static enum e100_proxy_event interim_event(const struct e100_proxy *proxy) {
  if (proxy->request.facts.minor == 0)
    return E100_PROXY_ON_INTERIM_IS_DROPPED;
  if (proxy->response.facts.status != 100)
    return E100_PROXY_ON_INTERIM_ARRIVES;
  bool ours = proxy->own_asked || (proxy->policy.gateway && proxy->said_100);
  return ours ? E100_PROXY_ON_INTERIM_IS_DROPPED : E100_PROXY_ON_CONTINUE_ARRIVES;
}

/* A proxy keeps no connection of HTTP/1.0 (RFC 9112 9.3). */
static bool final_is_last(const struct e100_proxy *proxy) {
  const struct e100_request_facts *facts = &proxy->request.facts;
  bool owed = !proxy->request.complete && !proxy->policy.discard;
  return owed || !facts->persists || facts->minor == 0 || proxy->client_done ||
         proxy->response.facts.framing == E100_RESPONSE_UNTIL_CLOSE;
}

/* A connection that owes content would give the next request to somebody who waits for content; and one whose
 * server speaks HTTP/1.0 gets no chunks, which only who knows of that beforehand refuses (RFC 9112 6.1). */
static bool is_reusable(const struct e100_proxy *proxy) {
  const struct e100_response_facts *facts = &proxy->response.facts;
  bool takes_chunks = facts->minor > 0 || proxy->policy.next_hop_10;
  return proxy->forwarded && takes_chunks && facts->persists && facts->framing != E100_RESPONSE_UNTIL_CLOSE &&
         !proxy->stray;
}

const struct e100_proxy_design e100_proxy_reference = {
    .table = &e100_proxy_table,
    .head_event = head_event,
    .interim_event = interim_event,
    .final_is_last = final_is_last,
    .is_reusable = is_reusable,
};

/* ---- the engine -------------------------------------------------------------------------------------- */

void e100_proxy_happen(struct e100_proxy_turn *turn, unsigned event) {
  struct e100_proxy *proxy = turn->proxy;
  const struct e100_row *row = e100_table_row(proxy->design->table, proxy->state, event);
  proxy->state = row->next;
  if (row->next == E100_PROXY_AWAITED)
    proxy->fresh = true;
  if (turn->calls->moved != NULL)
    turn->calls->moved(turn->user, row);
  e100_proxy_act(turn, row->action);
}

void e100_proxy_init(struct e100_proxy *proxy, const struct e100_proxy_design *design,
                     const struct e100_proxy_policy *policy) {
  memset(proxy, 0, sizeof *proxy);
  proxy->design = design;
  proxy->policy = *policy;
  proxy->state = E100_PROXY_AWAITED;
  e100_reader_init(&proxy->request);
}

/* Keeps a part of a head; the length goes on where there is no room, and says so. */
static void keep(uint8_t *room, uint32_t *length, const uint8_t *octets, size_t count) {
  if (*length <= E100_PROXY_HEAD_ROOM && count <= E100_PROXY_HEAD_ROOM - *length) {
    memcpy(room + *length, octets, count);
    *length += (uint32_t)count;
  } else {
    *length = E100_PROXY_HEAD_ROOM + 1;
  }
}

static void keep_request(void *user, const uint8_t *octets, size_t length) {
  struct e100_proxy_turn *turn = user;
  keep(turn->calls->heads(turn->user)->request, &turn->proxy->request_length, octets, length);
}

static void keep_response(void *user, const uint8_t *octets, size_t length) {
  struct e100_proxy_turn *turn = user;
  keep(turn->calls->heads(turn->user)->response, &turn->proxy->response_length, octets, length);
}

static const struct e100_head_calls request_calls = {.octets = keep_request};
static const struct e100_head_calls response_calls = {.octets = keep_response};

/* ---- octets of the client ------------------------------------------------------------------------------ */

/* The status that policy, or what cannot be forwarded, gives to a sound head; or 0. */
static uint16_t refused_here(const struct e100_proxy *proxy, const struct e100_whole_head *head) {
  const struct e100_request_facts *facts = &proxy->request.facts;
  const struct e100_proxy_policy *policy = &proxy->policy;
  bool connects = facts->method == E100_METHOD_CONNECT;
  if (!e100_head_has_three_words(head) || !e100_head_names_host(head))
    return 400;
  if (connects && (policy->gateway || !policy->tunnels))
    return 501;
  if (connects && facts->framing != E100_CONTENT_NONE)
    return 400;
  if (facts->framing == E100_CONTENT_CHUNKED && e100_head_codes_otherwise(head))
    return 501;
  if (facts->framing == E100_CONTENT_CHUNKED && policy->next_hop_10)
    return 411;
  if (policy->refuse_unknown && facts->other && facts->minor > 0)
    return 417;
  if (policy->content_limit != 0 && facts->length > policy->content_limit)
    return 413;
  return 0;
}

void e100_proxy_take_request_apart(const struct e100_proxy_turn *turn, struct e100_whole_head *head) {
  e100_head_take_apart(head, turn->calls->heads(turn->user)->request, turn->proxy->request_length);
}

/* Takes a sound head apart. */
static uint16_t refusal(const struct e100_proxy_turn *turn, struct e100_whole_head *head) {
  const struct e100_proxy *proxy = turn->proxy;
  const struct e100_request_facts *facts = &proxy->request.facts;
  bool connects = facts->method == E100_METHOD_CONNECT && facts->wrong == 501;
  if (facts->wrong != 0 && !connects)
    return facts->wrong;
  if (proxy->request_length > E100_PROXY_HEAD_ROOM)
    return 431;
  e100_proxy_take_request_apart(turn, head);
  return refused_here(proxy, head);
}

static void request_head_arrives(struct e100_proxy_turn *turn) {
  struct e100_proxy *proxy = turn->proxy;
  struct e100_whole_head head;
  if (turn->calls->check_head != NULL) {
    turn->calls->check_head(turn->user, &proxy->request.facts);
    proxy->request.complete = proxy->request.facts.framing == E100_CONTENT_NONE;
  }
  proxy->refusal = refusal(turn, &head);
  if (proxy->refusal != 0) {
    e100_proxy_happen(turn, E100_PROXY_ON_HEAD_IS_REFUSED);
    return;
  }
  proxy->nominated = proxy->request.facts.asks && e100_head_nominates(&head, "expect");
  proxy->request_trimmed =
      proxy->request.facts.framing == E100_CONTENT_CHUNKED && e100_head_nominates_fields(&head);
  enum e100_proxy_event event = proxy->design->head_event(proxy);
  proxy->ours = event == E100_PROXY_ON_HEAD_ASKS_HERE || event == E100_PROXY_ON_HEAD_COLLECTS_ASKED;
  turn->head = &head;
  e100_proxy_happen(turn, event);
  turn->head = NULL;
}

static void content_is_wrong(struct e100_proxy_turn *turn, uint16_t status) {
  turn->proxy->refusal = status;
  e100_proxy_happen(turn, E100_PROXY_ON_CONTENT_IS_WRONG);
}

/* COUNT octets of content go on, with what frames it; where it is TRIMMED, without its trailers. Connection
 * may name some of them, and those are for one hop (RFC 9110 7.6.1); all may get lost on their way (6.5.1).
 */
static void pass_content(struct e100_proxy_turn *turn, const struct e100_content *content, bool trimmed,
                         const uint8_t *octets, size_t count, bool ends) {
  turn->octets = octets;
  turn->length = trimmed ? count - content->of_trailers : count;
  turn->without_trailers = trimmed && ends;
}

/* COUNT octets of content, with what frames it. */
static void content_arrives(struct e100_proxy_turn *turn, const uint8_t *octets, size_t count, bool ends) {
  struct e100_proxy *proxy = turn->proxy;
  pass_content(turn, &proxy->request.content, proxy->request_trimmed, octets, count, ends);
  if (proxy->state == E100_PROXY_COLLECTING && count > E100_PROXY_COLLECT_LIMIT - proxy->collected) {
    content_is_wrong(turn, 413);
    return;
  }
  e100_proxy_happen(turn, ends ? E100_PROXY_ON_CONTENT_ENDS : E100_PROXY_ON_CONTENT_ARRIVES);
}

static void start_request(struct e100_proxy *proxy) {
  e100_reader_init(&proxy->request);
  proxy->request_length = 0;
  proxy->collected = 0;
  proxy->interims = 0;
  proxy->refusal = 0;
  proxy->fresh = false;
  proxy->forwarded = proxy->said_100 = proxy->ours = proxy->own_asked = proxy->nominated = false;
  proxy->request_trimmed = false;
}

/* Octets that nobody reads any more. */
static bool drops(const struct e100_proxy *proxy) {
  return proxy->state == E100_PROXY_LINGERING || proxy->state == E100_PROXY_OVER ||
         proxy->state == E100_PROXY_ANSWERING_LAST;
}

static bool reads(const struct e100_proxy *proxy) {
  return proxy->state != E100_PROXY_WHOLE && proxy->state != E100_PROXY_ANSWERING &&
         !proxy->request.complete && proxy->refusal == 0;
}

/* Takes what is next of the client's octets; false: no more can be taken now. */
static bool take_request(struct e100_proxy_turn *turn, const uint8_t *octets, size_t length, size_t *taken) {
  struct e100_proxy *proxy = turn->proxy;
  const uint8_t *content = NULL;
  size_t content_length = 0;
  bool in_content = proxy->request.in_content;
  switch (e100_reader_take(&proxy->request, &request_calls, turn, octets, length, taken, &content,
                           &content_length)) {
  case E100_READ_MORE:
    if (in_content && *taken > 0)
      content_arrives(turn, octets, *taken, false);
    return false;
  case E100_READ_HEAD:
    request_head_arrives(turn);
    return true;
  case E100_READ_CONTENT:
    content_arrives(turn, octets, *taken, false);
    return true;
  case E100_READ_COMPLETE:
    content_arrives(turn, octets, *taken, true);
    return true;
  default: /* what is sound goes on, however the octets were cut */
    if (*taken > 0)
      content_arrives(turn, octets, *taken, false);
    if (proxy->refusal == 0)
      content_is_wrong(turn, 400);
    return true;
  }
}

size_t e100_proxy_octets(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                         const uint8_t *octets, size_t length) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  size_t taken = 0;
  for (;;) {
    if (drops(proxy))
      return length;
    if (proxy->state == E100_PROXY_TUNNEL) {
      turn.octets = octets + taken;
      turn.length = length - taken;
      if (turn.length > 0)
        e100_proxy_happen(&turn, E100_PROXY_ON_CONTENT_ARRIVES);
      return length;
    }
    if (proxy->fresh) {
      if (taken == length)
        return taken;
      start_request(proxy);
    }
    if (!reads(proxy))
      return taken;
    size_t took = 0;
    bool goes_on = take_request(&turn, octets + taken, length - taken, &took);
    taken += took;
    bool head_is_next = proxy->state == E100_PROXY_AWAITED && !proxy->fresh;
    if (!goes_on || (head_is_next && taken == length))
      return taken;
  }
}

void e100_proxy_half_closed(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  if (proxy->state == E100_PROXY_OVER)
    return;
  proxy->client_done = true;
  e100_proxy_happen(&turn, E100_PROXY_ON_CLIENT_HALF_CLOSES);
}

void e100_proxy_gone(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  if (proxy->state != E100_PROXY_OVER)
    e100_proxy_happen(&turn, E100_PROXY_ON_CLIENT_GOES);
}

/* ---- octets of the server ------------------------------------------------------------------------------ */

/* Who sent Upgrade has offered a 101, and CONNECT a tunnel. */
static bool switch_was_offered(const struct e100_proxy *proxy) {
  return proxy->response.facts.status == 101 ? proxy->request.facts.upgrade
                                             : proxy->request.facts.method == E100_METHOD_CONNECT;
}

static bool is_wrong(const struct e100_proxy *proxy) {
  const struct e100_response_facts *facts = &proxy->response.facts;
  if (facts->wrong != E100_RESPONSE_SOUND || proxy->response_length > E100_PROXY_HEAD_ROOM)
    return true;
  if (facts->interim)
    return proxy->interims > E100_PROXY_INTERIMS_LIMIT;
  return facts->framing == E100_RESPONSE_TUNNEL && !switch_was_offered(proxy);
}

static bool is_coded_otherwise(const struct e100_response_facts *facts, const struct e100_whole_head *head) {
  bool coded = facts->framing == E100_RESPONSE_CHUNKED || facts->framing == E100_RESPONSE_UNTIL_CLOSE;
  return !facts->interim && coded && e100_head_codes_otherwise(head);
}

static void final_head_arrives(struct e100_proxy_turn *turn, bool more) {
  struct e100_proxy *proxy = turn->proxy;
  bool last = proxy->design->final_is_last(proxy);
  bool complete = proxy->response.complete;
  proxy->stray = complete && more;
  e100_proxy_happen(turn, last ? E100_PROXY_ON_FINAL_ARRIVES_LAST : E100_PROXY_ON_FINAL_ARRIVES);
  turn->length = 0;
  if (complete)
    e100_proxy_happen(turn, E100_PROXY_ON_ANSWER_ENDS);
}

/* A head that can be relayed. MORE: octets follow. */
static void sound_head_arrives(struct e100_proxy_turn *turn, bool more) {
  struct e100_proxy *proxy = turn->proxy;
  const struct e100_response_facts *facts = &proxy->response.facts;
  struct e100_whole_head head;
  e100_head_take_apart(&head, turn->calls->heads(turn->user)->response, proxy->response_length);
  turn->head = &head;
  proxy->response_trimmed = facts->framing == E100_RESPONSE_CHUNKED && e100_head_nominates_fields(&head);
  if (is_coded_otherwise(facts, &head))
    e100_proxy_happen(turn, E100_PROXY_ON_ANSWER_IS_WRONG);
  else if (facts->framing == E100_RESPONSE_TUNNEL)
    e100_proxy_happen(turn, E100_PROXY_ON_SWITCH_ARRIVES);
  else if (facts->interim)
    e100_proxy_happen(turn, proxy->design->interim_event(proxy));
  else
    final_head_arrives(turn, more);
  turn->head = NULL;
}

/* MORE: octets follow. */
static void response_head_arrives(struct e100_proxy_turn *turn, bool more) {
  struct e100_proxy *proxy = turn->proxy;
  if (proxy->response.facts.interim)
    proxy->interims++;
  if (is_wrong(proxy))
    e100_proxy_happen(turn, E100_PROXY_ON_ANSWER_IS_WRONG);
  else
    sound_head_arrives(turn, more);
  proxy->response_length = 0;
}

/* What is relayed of COUNT octets: all, or to a client of HTTP/1.0 the content without its chunks. */
static void answer_goes_on(struct e100_proxy_turn *turn, const uint8_t *octets, size_t count,
                           const uint8_t *content, size_t content_length, bool ends) {
  const struct e100_proxy *proxy = turn->proxy;
  bool decodes = proxy->response.facts.framing == E100_RESPONSE_CHUNKED && proxy->request.facts.minor == 0;
  if (decodes)
    pass_content(turn, &proxy->response.content, false, content, content_length, ends);
  else
    pass_content(turn, &proxy->response.content, proxy->response_trimmed, octets, count, ends);
  e100_proxy_happen(turn, ends ? E100_PROXY_ON_ANSWER_ENDS : E100_PROXY_ON_ANSWER_GOES_ON);
}

/* Takes what is next of the server's octets; false: there is no more. */
static bool take_response(struct e100_proxy_turn *turn, const uint8_t *octets, size_t length, size_t *taken) {
  struct e100_proxy *proxy = turn->proxy;
  const uint8_t *content = NULL;
  size_t content_length = 0;
  bool in_content = proxy->response.in_content;
  enum e100_reader_event event = e100_response_reader_take(&proxy->response, &response_calls, turn, octets,
                                                           length, taken, &content, &content_length);
  switch (event) {
  case E100_READ_MORE:
    if (in_content && *taken > 0)
      answer_goes_on(turn, octets, *taken, content, content_length, false);
    return false;
  case E100_READ_HEAD:
    response_head_arrives(turn, *taken < length);
    return true;
  case E100_READ_CONTENT:
    answer_goes_on(turn, octets, *taken, content, content_length, false);
    return true;
  case E100_READ_COMPLETE:
    proxy->stray = *taken < length;
    answer_goes_on(turn, octets, *taken, content, content_length, true);
    return true;
  default:
    if (*taken > 0)
      answer_goes_on(turn, octets, *taken, content, content_length, false);
    e100_proxy_happen(turn, E100_PROXY_ON_ANSWER_IS_WRONG);
    return true;
  }
}

void e100_proxy_answer(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                       const uint8_t *octets, size_t length) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  size_t taken = 0;
  while (proxy->connected) {
    size_t took = 0;
    if (proxy->state == E100_PROXY_TUNNEL) {
      turn.octets = octets + taken;
      turn.length = length - taken;
      if (turn.length > 0)
        e100_proxy_happen(&turn, E100_PROXY_ON_ANSWER_GOES_ON);
      return;
    }
    if (!take_response(&turn, octets + taken, length - taken, &took))
      return;
    taken += took;
  }
}

void e100_proxy_server_gone(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                            bool reset) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  if (!proxy->connected)
    return;
  bool complete = proxy->state != E100_PROXY_TUNNEL && !reset &&
                  e100_response_reader_end(&proxy->response) == E100_READ_COMPLETE;
  e100_proxy_happen(&turn, complete ? E100_PROXY_ON_ANSWER_ENDS : E100_PROXY_ON_SERVER_GOES);
}

/* ---- timers -------------------------------------------------------------------------------------------- */

int e100_proxy_timer(const struct e100_proxy *proxy) {
  switch (proxy->state) {
  case E100_PROXY_AWAITED:
    return e100_reader_begun(&proxy->request) && !proxy->fresh ? E100_TIMER_HEAD : E100_TIMER_IDLE;
  case E100_PROXY_COLLECTING:
  case E100_PROXY_SENDING:
    return E100_TIMER_CONTENT;
  case E100_PROXY_ASKED:
  case E100_PROXY_WHOLE:
  case E100_PROXY_ANSWERING:
  case E100_PROXY_ANSWERING_EARLY:
  case E100_PROXY_ANSWERING_LAST:
    return E100_TIMER_RESPONSE;
  case E100_PROXY_DISCARDING:
  case E100_PROXY_LINGERING:
    return E100_TIMER_DISCARD;
  default:
    return -1;
  }
}

void e100_proxy_timed_out(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user) {
  struct e100_proxy_turn turn = {.proxy = proxy, .calls = calls, .user = user};
  if (e100_proxy_timer(proxy) >= 0)
    e100_proxy_happen(&turn, E100_PROXY_ON_TIMER_FIRES);
}
