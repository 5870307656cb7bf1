/* proxy_fault_rows.c - proxies with other rows in their table, other events, or another way with their pool.
 */
#include "faults/proxy_fault_parts.h"

#define PARTS(symbol) const struct e100_proxy_fault_parts e100_proxy_fault_parts_##symbol
#define ROWS_OF(symbol) .rows = rows_##symbol, .row_count = sizeof rows_##symbol / sizeof rows_##symbol[0]

#define IN(state) E100_PROXY_##state
#define ON(event) E100_PROXY_ON_##event
#define DO(action) E100_PROXY_DO_##action

/* ---- the expectation ----------------------------------------------------------------------------------- */

static const struct e100_row rows_own_and_forwarded[] = {
    {IN(AWAITED), ON(HEAD_ASKS), IN(ASKED), DO(FORWARD_HEAD_AND_SAY_100), E100_RULE_NONE},
};
PARTS(own_and_forwarded) = {ROWS_OF(own_and_forwarded)};

static enum e100_proxy_event taken_over(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  return event == ON(HEAD_ASKS) ? ON(HEAD_ASKS_HERE) : event;
}

/* Expect is taken off as if it were answered here. */
static const struct e100_row rows_stripped[] = {
    {IN(AWAITED), ON(HEAD_ASKS_HERE), IN(ASKED), DO(FORWARD_HEAD), E100_RULE_NONE},
};
PARTS(stripped) = {ROWS_OF(stripped), .variation = {.events = {.head_event = taken_over}}};

static enum e100_proxy_event collected(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  return event == ON(HEAD_ASKS) || event == ON(HEAD_OFFERS) ? ON(HEAD_COLLECTS) : event;
}
PARTS(content_first) = {.variation = {.events = {.head_event = collected}}};

/* A nominated Expect is taken off, and nobody answers it. */
static enum e100_proxy_event nominated_hangs(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  return event == ON(HEAD_ASKS_HERE) && proxy->nominated ? ON(HEAD_OFFERS) : event;
}
PARTS(nominated_hangs) = {.variation = {.events = {.head_event = nominated_hangs}}};

static void asks_always(struct e100_proxy_policy *policy) {
  policy->own_expectation = true;
}

static enum e100_proxy_event relays_own(const struct e100_proxy *proxy) {
  struct e100_proxy other = *proxy;
  other.own_asked = false;
  return e100_proxy_reference.interim_event(&other);
}
PARTS(injected) = {.variation = {.events = {.interim_event = relays_own}, .choose = asks_always}};

/* ---- interim responses --------------------------------------------------------------------------------- */

static enum e100_proxy_event swallows_100(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.interim_event(proxy);
  return event == ON(CONTINUE_ARRIVES) ? ON(INTERIM_IS_DROPPED) : event;
}
PARTS(swallowed_100) = {.variation = {.events = {.interim_event = swallows_100}}};

static enum e100_proxy_event swallows_others(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.interim_event(proxy);
  return event == ON(INTERIM_ARRIVES) ? ON(INTERIM_IS_DROPPED) : event;
}
PARTS(swallowed_interim) = {.variation = {.events = {.interim_event = swallows_others}}};

static enum e100_proxy_event relays_to_10(const struct e100_proxy *proxy) {
  struct e100_proxy other = *proxy;
  other.request.facts.minor = 1;
  return e100_proxy_reference.interim_event(&other);
}
PARTS(relayed_to_10) = {.variation = {.events = {.interim_event = relays_to_10}}};

/* The reader forgets, with an interim response, that it was HEAD. */
static void forgets_head(struct e100_proxy *proxy, const struct e100_row *row) {
  if (row->event == ON(CONTINUE_ARRIVES) || row->event == ON(INTERIM_ARRIVES))
    proxy->response.to_head = false;
}
PARTS(method_popped) = {.variation = {.meddle = forgets_head}};

/* ... or, on the contrary, believes that it was. */
static void believes_head(struct e100_proxy *proxy, const struct e100_row *row) {
  if (row->event == ON(CONTINUE_ARRIVES) || row->event == ON(INTERIM_ARRIVES))
    proxy->response.to_head = true;
}
PARTS(bodyless_sticks) = {.variation = {.meddle = believes_head}};

/* Connection is thought to speak of header fields only. */
static void keeps_trailers(struct e100_proxy *proxy, const struct e100_row *row) {
  (void)row;
  proxy->request_trimmed = proxy->response_trimmed = false;
}
PARTS(trailers_kept) = {.variation = {.meddle = keeps_trailers}};

/* ---- early finals -------------------------------------------------------------------------------------- */

static bool owed_is_nothing(const struct e100_proxy *proxy) {
  struct e100_proxy other = *proxy;
  other.request.complete = true;
  return e100_proxy_reference.final_is_last(&other);
}

/* What follows is read as the next request. */
static const struct e100_row rows_content_as_request[] = {
    {IN(ASKED), ON(FINAL_ARRIVES), IN(ANSWERING), DO(RELAY_FINAL), E100_RULE_NONE},
    {IN(SENDING), ON(FINAL_ARRIVES), IN(ANSWERING), DO(RELAY_FINAL), E100_RULE_NONE},
};
PARTS(content_as_request) = {ROWS_OF(content_as_request),
                             .variation = {.events = {.final_is_last = owed_is_nothing}}};

static bool pools_what_persists(const struct e100_proxy_varied *varied, bool reusable) {
  const struct e100_response_facts *facts = &varied->proxy->response.facts;
  bool ended = varied->event == ON(ANSWER_ENDS);
  return reusable || (ended && facts->persists && facts->framing != E100_RESPONSE_UNTIL_CLOSE);
}

/* Both sides forget the content. */
PARTS(forgotten_content) = {
    .rows = rows_content_as_request,
    .row_count = sizeof rows_content_as_request / sizeof rows_content_as_request[0],
    .variation = {.events = {.final_is_last = owed_is_nothing}, .pools = pools_what_persists}};

PARTS(poisoned_pool) = {.variation = {.pools = pools_what_persists}};

/* The drain knows lengths, and nothing of chunks. */
static void drains_no_chunks(struct e100_proxy *proxy, const struct e100_row *row) {
  bool owed = row->next == IN(DISCARDING) || row->next == IN(ANSWERING_EARLY);
  if (owed && proxy->request.facts.framing == E100_CONTENT_CHUNKED) {
    if (row->next == IN(DISCARDING))
      proxy->fresh = true;
    proxy->state = row->next == IN(DISCARDING) ? IN(AWAITED) : IN(ANSWERING);
  }
}
static void discards(struct e100_proxy_policy *policy) {
  policy->discard = true;
}
PARTS(chunks_not_drained) = {.variation = {.choose = discards, .meddle = drains_no_chunks}};

/* ---- connections that end ------------------------------------------------------------------------------ */

static bool pools_of_gone(const struct e100_proxy_varied *varied, bool reusable) {
  return reusable || varied->event == ON(CLIENT_GOES);
}
PARTS(cancelled_pooled) = {.variation = {.pools = pools_of_gone}};

/* As where no response has begun. */
static const struct e100_row rows_error_within[] = {
    {IN(ANSWERING), ON(SERVER_GOES), IN(LINGERING), DO(ANSWER_502), E100_RULE_NONE},
    {IN(ANSWERING), ON(TIMER_FIRES), IN(LINGERING), DO(ANSWER_504), E100_RULE_NONE},
    {IN(ANSWERING_LAST), ON(SERVER_GOES), IN(LINGERING), DO(ANSWER_502), E100_RULE_NONE},
    {IN(ANSWERING_LAST), ON(TIMER_FIRES), IN(LINGERING), DO(ANSWER_504), E100_RULE_NONE},
};
PARTS(error_within) = {ROWS_OF(error_within)};

/* What is lost is waited for. */
static const struct e100_row rows_silent_when_lost[] = {
    {IN(ASKED), ON(SERVER_GOES), IN(LINGERING), DO(NOTHING), E100_RULE_NONE},
    {IN(SENDING), ON(SERVER_GOES), IN(LINGERING), DO(NOTHING), E100_RULE_NONE},
    {IN(WHOLE), ON(SERVER_GOES), IN(LINGERING), DO(NOTHING), E100_RULE_NONE},
};
PARTS(silent_when_lost) = {ROWS_OF(silent_when_lost)};

/* No response came in time; the one that comes late is for whoever has the connection then. */
static bool pools_timed_out(const struct e100_proxy_varied *varied, bool reusable) {
  return reusable || (varied->event == ON(TIMER_FIRES) && varied->from_state == IN(WHOLE));
}
PARTS(late_pooled) = {.variation = {.pools = pools_timed_out}};

static bool pools_wrong(const struct e100_proxy_varied *varied, bool reusable) {
  return reusable || varied->event == ON(ANSWER_IS_WRONG);
}
PARTS(wrong_pooled) = {.variation = {.pools = pools_wrong}};

static bool pools_closed(const struct e100_proxy_varied *varied, bool reusable) {
  const struct e100_proxy *proxy = varied->proxy;
  bool ended = varied->event == ON(ANSWER_ENDS) && proxy->forwarded && !proxy->stray;
  return reusable || (ended && proxy->response.facts.framing != E100_RESPONSE_UNTIL_CLOSE);
}
PARTS(close_overlooked) = {.variation = {.pools = pools_closed}};

/* Only close keeps a connection out of the pool. */
static bool pools_http_10(const struct e100_proxy_varied *varied, bool reusable) {
  const struct e100_proxy *proxy = varied->proxy;
  const struct e100_response_facts *facts = &proxy->response.facts;
  bool ended = varied->event == ON(ANSWER_ENDS) && proxy->forwarded && !proxy->stray;
  bool other_end = facts->close || facts->framing == E100_RESPONSE_UNTIL_CLOSE;
  return reusable || (ended && facts->minor == 0 && !other_end);
}
PARTS(http_10_pooled) = {.variation = {.pools = pools_http_10}};

static const struct e100_row rows_tries_again[] = {
    {IN(ASKED), ON(SERVER_GOES), IN(ASKED), DO(FORWARD_HEAD), E100_RULE_NONE},
    {IN(SENDING), ON(SERVER_GOES), IN(SENDING), DO(FORWARD_HEAD), E100_RULE_NONE},
    {IN(WHOLE), ON(SERVER_GOES), IN(WHOLE), DO(FORWARD_HEAD), E100_RULE_NONE},
};
PARTS(tries_again) = {ROWS_OF(tries_again)};

/* ---- content ------------------------------------------------------------------------------------------- */

static const struct e100_row rows_content_lost[] = {
    {IN(SENDING), ON(CONTENT_ARRIVES), IN(SENDING), DO(NOTHING), E100_RULE_NONE},
    {IN(SENDING), ON(CONTENT_ENDS), IN(WHOLE), DO(NOTHING), E100_RULE_NONE},
};
PARTS(content_lost) = {ROWS_OF(content_lost)};

/* ---- tunnels ------------------------------------------------------------------------------------------- */

static const struct e100_row rows_switch_is_interim[] = {
    {IN(ASKED), ON(SWITCH_ARRIVES), IN(ASKED), DO(RELAY_INTERIM), E100_RULE_NONE},
    {IN(SENDING), ON(SWITCH_ARRIVES), IN(SENDING), DO(RELAY_INTERIM), E100_RULE_NONE},
    {IN(WHOLE), ON(SWITCH_ARRIVES), IN(WHOLE), DO(RELAY_INTERIM), E100_RULE_NONE},
};
static void reads_on(struct e100_proxy *proxy, const struct e100_row *row) {
  const struct e100_response_facts facts = proxy->response.facts;
  if (row->event == ON(SWITCH_ARRIVES)) {
    e100_response_reader_init(&proxy->response, false, false);
    proxy->response.facts = facts; /* of the head that is relayed now */
  }
}
PARTS(switch_is_interim) = {ROWS_OF(switch_is_interim), .variation = {.meddle = reads_on}};
