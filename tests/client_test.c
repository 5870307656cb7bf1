/* The client's machine as a library: what calls give, what is told, and where its limits are. What it does in
 * each conversation is in corpus/cases/client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "machine/client.h"
#include "machine/pool.h"

enum { LOG_ROOM = 8192 };

struct side {
  struct e100_client client;
  char log[LOG_ROOM]; /* what was told, in words; and what was sent, in angle brackets */
  size_t length;
};

static void add(struct side *side, const char *text, size_t length) {
  assert_true(side->length + length < LOG_ROOM);
  memcpy(side->log + side->length, text, length);
  side->length += length;
  side->log[side->length] = '\0';
}

static void add_text(struct side *side, const char *text) {
  add(side, text, strlen(text));
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (octets[i] != '\r')
      add(user, octets[i] == '\n' ? "|" : (const char *)&octets[i], 1);
  }
}

static void on_end(void *user) {
  add_text(user, " end");
}

static void on_wanted(void *user) {
  add_text(user, " wanted ");
}

static void on_unwanted(void *user) {
  add_text(user, " unwanted");
}

static void add_status(struct side *side, const char *word, unsigned status) {
  char text[32];
  snprintf(text, sizeof text, " %s %u", word, status);
  add_text(side, text);
}

static void on_interim(void *user, const struct e100_response_facts *facts) {
  add_status(user, "interim", facts->status);
}

static void on_response(void *user, const struct e100_response_facts *facts) {
  add_status(user, "response", facts->status);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  add_text(user, " ");
  add(user, (const char *)octets, length);
}

static void on_complete(void *user) {
  add_text(user, " complete");
}

static void on_aborted(void *user) {
  add_text(user, " aborted");
}

static void on_unmet(void *user) {
  add_text(user, " unmet");
}

static const struct e100_client_calls calls = {
    .send = on_send,
    .end = on_end,
    .content_wanted = on_wanted,
    .content_unwanted = on_unwanted,
    .interim = on_interim,
    .response = on_response,
    .content = on_content,
    .complete = on_complete,
    .aborted = on_aborted,
    .unmet = on_unmet,
};

static const struct e100_client_policy plain = {.close_early = false};

static void start(struct side *side, const struct e100_client_policy *policy) {
  memset(side, 0, sizeof *side);
  e100_client_init(&side->client, &e100_client_reference, policy);
}

static bool request(struct side *side, const struct e100_request *asked) {
  return e100_client_request(&side->client, &calls, side, asked);
}

static bool give(struct side *side, const char *content) {
  return e100_client_content(&side->client, &calls, side, (const uint8_t *)content, strlen(content));
}

static size_t octets(struct side *side, const char *text) {
  return e100_client_octets(&side->client, &calls, side, (const uint8_t *)text, strlen(text));
}

static const struct e100_request put = {.method = "PUT",
                                        .target = "/f",
                                        .fields = "Host: h\r\n",
                                        .framing = E100_REQUEST_LENGTH,
                                        .expects = true,
                                        .length = 5};
static const struct e100_request get = {.method = "GET", .target = "/g", .fields = "Host: h\r\n"};
static const struct e100_request tunnel = {.method = "CONNECT", .target = "h:1", .fields = "Host: h:1\r\n"};
#define PUT_HEAD "PUT /f HTTP/1.1|Host: h|Content-Length: 5|Expect: 100-continue||"
#define GET_HEAD "GET /g HTTP/1.1|Host: h||"

static void content_waits_for_the_100(void **state) {
  (void)state;
  struct side side;
  start(&side, &plain);
  assert_true(request(&side, &put));
  assert_int_equal(e100_client_timer(&side.client), E100_TIMER_CONTINUE);
  assert_false(give(&side, "hello"));
  octets(&side, "HTTP/1.1 100 \r\n\r\n");
  assert_true(give(&side, "he"));
  assert_false(give(&side, "llo, more than was said"));
  assert_true(give(&side, "llo"));
  assert_false(give(&side, "x"));
  assert_int_equal(e100_client_timer(&side.client), E100_TIMER_RESPONSE);
  octets(&side, "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok");
  assert_string_equal(side.log, PUT_HEAD " interim 100 wanted hello response 200 ok complete");
  assert_int_equal(side.client.state, E100_CLIENT_STATE_IDLE);
  assert_int_equal(e100_client_timer(&side.client), -1);
}

static void content_is_wanted_once(void **state) {
  (void)state;
  struct side side;
  start(&side, &plain);
  assert_true(request(&side, &put));
  e100_client_timed_out(&side.client, &calls, &side);
  octets(&side, "HTTP/1.1 100 \r\n\r\nHTTP/1.1 100 \r\n\r\n");
  assert_string_equal(side.log, PUT_HEAD " wanted  interim 100 interim 100");
}

static void chunks_are_framed(void **state) {
  (void)state;
  struct side side;
  struct e100_request chunked = put;
  chunked.framing = E100_REQUEST_CHUNKED;
  chunked.expects = false;
  start(&side, &plain);
  assert_true(request(&side, &chunked));
  assert_true(give(&side, "hello, hello, hello"));
  assert_true(e100_client_content_ends(&side.client, &calls, &side));
  assert_false(e100_client_content_ends(&side.client, &calls, &side));
  assert_string_equal(side.log, "PUT /f HTTP/1.1|Host: h|Transfer-Encoding: chunked|| wanted "
                                "13|hello, hello, hello|0||");
}

static void what_cannot_be_asked_is_refused(void **state) {
  (void)state;
  struct side side;
  struct e100_request trace = put;
  struct e100_request nothing = put;
  trace.method = "TRACE";
  nothing.method = "";
  start(&side, &plain);
  assert_false(request(&side, &trace));
  assert_false(request(&side, &nothing));
  assert_true(request(&side, &get));
  assert_false(request(&side, &get));
  assert_true(e100_client_cancel(&side.client, &calls, &side));
  assert_false(e100_client_cancel(&side.client, &calls, &side));
  assert_false(request(&side, &get));
  assert_string_equal(side.log, GET_HEAD " aborted end");
}

static void an_expectation_needs_content(void **state) {
  (void)state;
  struct side side;
  struct e100_request alone = get;
  alone.expects = true;
  start(&side, &plain);
  assert_true(request(&side, &alone));
  assert_string_equal(side.log, GET_HEAD);
}

static void requests_are_pipelined_where_it_is_safe(void **state) {
  (void)state;
  static const struct e100_client_policy pipelining = {.pipeline = true};
  struct side side;
  struct e100_request post = put;
  post.method = "POST";
  post.expects = false;
  post.length = 0;
  start(&side, &pipelining);
  for (unsigned i = 1; i < E100_PIPELINE_LIMIT; i++)
    assert_true(request(&side, &get));
  assert_true(request(&side, &post));
  assert_false(request(&side, &get));
  side.length = 0;
  octets(&side, "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\na");
  assert_false(request(&side, &get)); /* the last one is not idempotent */
  octets(&side, "HTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\nConnection: close\r\n\r\n");
  assert_string_equal(side.log, " response 200 a complete interim 100 response 204 complete aborted aborted"
                                " aborted aborted aborted aborted end");
}

static void a_tunnel_takes_no_more_octets(void **state) {
  (void)state;
  struct side side;
  start(&side, &plain);
  assert_true(request(&side, &tunnel));
  assert_int_equal(octets(&side, "HTTP/1.1 200 \r\n\r\nhello"), strlen("HTTP/1.1 200 \r\n\r\n"));
  assert_int_equal(octets(&side, "hello"), 0);
  assert_int_equal(side.client.state, E100_CLIENT_STATE_SWITCHED);
  assert_string_equal(side.log, "CONNECT h:1 HTTP/1.1|Host: h:1|| response 200 complete");
}

static void another_protocol_waits_for_the_content(void **state) {
  (void)state;
  struct side side;
  struct e100_request upgrade = put;
  upgrade.upgrade = true;
  upgrade.fields = "Host: h\r\nUpgrade: x\r\n";
  start(&side, &plain);
  assert_true(request(&side, &upgrade));
  side.length = 0;
  assert_int_equal(octets(&side, "HTTP/1.1 101 \r\n\r\nx"), strlen("HTTP/1.1 101 \r\n\r\n"));
  assert_int_equal(side.client.state, E100_CLIENT_STATE_SWITCHING);
  assert_true(give(&side, "hello"));
  assert_int_equal(side.client.state, E100_CLIENT_STATE_SWITCHED);
  assert_string_equal(side.log, " response 101 complete wanted hello");
}

static void interim_responses_have_a_limit(void **state) {
  (void)state;
  struct side side;
  start(&side, &plain);
  assert_true(request(&side, &get));
  for (unsigned i = 0; i < E100_INTERIMS_LIMIT; i++)
    octets(&side, "HTTP/1.1 103 \r\nLink: a\r\n\r\n");
  assert_int_equal(side.client.state, E100_CLIENT_STATE_SENT);
  octets(&side, "HTTP/1.1 103 \r\n\r\n");
  assert_int_equal(side.client.state, E100_CLIENT_STATE_OVER);
  assert_non_null(strstr(side.log, " interim 103 aborted end"));
}

/* ---- snapshots --------------------------------------------------------------------------------------------
 */

static const char conversation[] = "HTTP/1.1 103 \r\nLink:\r\n a\r\n\r\nHTTP/1.0 100 \r\n\r\n"
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "5\r\nhello\r\n0\r\nA: b\r\n\r\n";

static void cuts_and_copies_change_nothing(void **state) {
  (void)state;
  struct side whole;
  uint8_t of_whole[E100_CLIENT_ROOM];
  for (size_t cut = 0; cut < sizeof conversation; cut++) {
    struct side side, copy;
    uint8_t of_side[E100_CLIENT_ROOM], of_copy[E100_CLIENT_ROOM];
    start(&side, &plain);
    start(&whole, &plain);
    assert_true(request(&side, &put));
    assert_true(request(&whole, &put));
    e100_client_octets(&side.client, &calls, &side, (const uint8_t *)conversation, cut / 2);
    e100_client_octets(&side.client, &calls, &side, (const uint8_t *)conversation + cut / 2, cut - cut / 2);
    e100_client_octets(&whole.client, &calls, &whole, (const uint8_t *)conversation, cut);
    memcpy(&copy, &side, sizeof copy);
    size_t length = e100_client_form(&side.client, of_side);
    assert_int_equal(length, e100_client_form(&copy.client, of_copy));
    assert_memory_equal(of_side, of_copy, length);
    assert_int_equal(length, e100_client_form(&whole.client, of_whole));
    assert_memory_equal(of_side, of_whole, length);
    const uint8_t *rest = (const uint8_t *)conversation + cut;
    size_t left = sizeof conversation - 1 - cut;
    if (cut == sizeof conversation - 1)
      continue;
    e100_client_octets(&side.client, &calls, &side, rest, left);
    e100_client_octets(&copy.client, &calls, &copy, rest, left);
    assert_string_equal(side.log, copy.log);
    assert_int_equal(side.client.state, E100_CLIENT_STATE_OWING);
  }
}

/* ---- the pool ---------------------------------------------------------------------------------------------
 */

static void a_connection_that_owes_content_is_not_chosen(void **state) {
  (void)state;
  struct side side;
  struct e100_client clients[2];
  bool opens = true;
  e100_pool_init(clients, 2);
  assert_int_equal(e100_pool_choose(clients, 2, &put, &opens), 0);
  assert_true(opens);
  start(&side, &plain);
  assert_true(request(&side, &put));
  octets(&side, "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n");
  assert_int_equal(side.client.state, E100_CLIENT_STATE_OWING);
  clients[0] = side.client;
  assert_int_equal(e100_pool_choose(clients, 2, &get, &opens), 1);
  assert_true(opens);
  assert_int_equal(e100_pool_choose(clients, 1, &get, &opens), -1);
  assert_true(give(&side, "hello"));
  clients[0] = side.client;
  assert_int_equal(e100_pool_choose(clients, 2, &get, &opens), 0);
  assert_false(opens);
}

static void an_unmet_expectation_is_said_after_the_end(void **state) {
  (void)state;
  struct side side;
  start(&side, &plain);
  assert_true(request(&side, &put));
  side.length = 0;
  octets(&side, "HTTP/1.1 417 \r\nContent-Length: 2\r\n\r\nno");
  assert_string_equal(side.log, " unwanted end unmet");
  start(&side, &plain);
  assert_true(request(&side, &put));
  e100_client_timed_out(&side.client, &calls, &side);
  assert_true(give(&side, "hello"));
  side.length = 0;
  octets(&side, "HTTP/1.1 417 \r\nContent-Length: 2\r\n\r\nno");
  assert_string_equal(side.log, " unmet");
  assert_int_equal(side.client.state, E100_CLIENT_STATE_IDLE);
}

/* A machine that stands in STATE, as though it had come there with one request. */
static void stand(struct side *side, unsigned state) {
  start(side, &plain);
  side->client.state = (uint8_t)state;
  side->client.count = 1;
  side->client.chunked = true; /* else its content would end with its length, and not by a call */
  side->client.left = UINT64_MAX;
}

static bool call_as(struct side *side, unsigned event) {
  switch (event) {
  case E100_CLIENT_EVENT_APP_COMES_TOO_SOON:
    return request(side, &get);
  case E100_CLIENT_EVENT_APP_GIVES:
    return give(side, "hello");
  case E100_CLIENT_EVENT_APP_ENDS:
    return e100_client_content_ends(&side->client, &calls, side);
  case E100_CLIENT_EVENT_APP_CANCELS:
    return e100_client_cancel(&side->client, &calls, side);
  default:
    fail_msg("only a call of the application can be rejected");
    return false;
  }
}

/* Also the rows that no exchange takes (client_mutants.h). */
static void every_call_out_of_place_is_rejected(void **state) {
  (void)state;
  unsigned rejected = 0;
  for (unsigned i = 0; i < E100_CLIENT_STATES * E100_CLIENT_EVENTS; i++) {
    const struct e100_row *row = &e100_client_table.rows[i];
    if (row->action != E100_CLIENT_ACTION_REJECT)
      continue;
    struct side side;
    stand(&side, row->state);
    assert_false(call_as(&side, row->event));
    assert_int_equal(side.client.state, row->state);
    assert_int_equal(side.client.count, 1);
    assert_int_equal(side.length, 0);
    rejected++;
  }
  assert_true(rejected > E100_CLIENT_STATES);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_call_out_of_place_is_rejected),
      cmocka_unit_test(content_waits_for_the_100),
      cmocka_unit_test(content_is_wanted_once),
      cmocka_unit_test(chunks_are_framed),
      cmocka_unit_test(what_cannot_be_asked_is_refused),
      cmocka_unit_test(an_expectation_needs_content),
      cmocka_unit_test(requests_are_pipelined_where_it_is_safe),
      cmocka_unit_test(a_tunnel_takes_no_more_octets),
      cmocka_unit_test(another_protocol_waits_for_the_content),
      cmocka_unit_test(interim_responses_have_a_limit),
      cmocka_unit_test(cuts_and_copies_change_nothing),
      cmocka_unit_test(a_connection_that_owes_content_is_not_chosen),
      cmocka_unit_test(an_unmet_expectation_is_said_after_the_end),
  };
  return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
