/*
 * proxy_limits_test.c - what a proxy or gateway meets that never ends, or goes at any octet: a named limit, a
 * clear answer, a connection that is given back once for each that was taken, and nothing grows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "machine/proxy.h"

/* ... beside the heads that it must hold back. */
_Static_assert(E100_PROXY_ROOM <= 4096, "a machine is small");

enum { PIECE = 1024, SENT_ROOM = 65536, COLLECT_ROOM = E100_PROXY_COLLECT_LIMIT + PIECE };

struct flow {
  struct e100_proxy proxy;
  struct e100_proxy_heads heads;
  char sent[SENT_ROOM]; /* to the client */
  size_t sent_length;
  size_t up; /* octets to the server */
  unsigned connects, parts, reusable, ends;
  uint8_t collected[COLLECT_ROOM];
  size_t collected_length;
};

static struct e100_proxy_heads *on_heads(void *user) {
  return &((struct flow *)user)->heads;
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct flow *flow = user;
  assert_true(length > 0 && length < SENT_ROOM - flow->sent_length);
  memcpy(flow->sent + flow->sent_length, octets, length);
  flow->sent_length += length;
}

static void on_end(void *user, enum e100_proxy_ending how) {
  (void)how;
  ((struct flow *)user)->ends++;
}

static bool on_connect(void *user) {
  struct flow *flow = user;
  assert_int_equal(flow->connects, flow->parts); /* one at a time */
  flow->connects++;
  return true;
}

static void on_send_up(void *user, const uint8_t *octets, size_t length) {
  struct flow *flow = user;
  (void)octets;
  assert_int_equal(flow->connects, flow->parts + 1);
  flow->up += length;
}

static void on_part(void *user, bool reusable) {
  struct flow *flow = user;
  flow->parts++;
  flow->reusable += reusable;
}

static void on_collect(void *user, const uint8_t *octets, size_t length) {
  struct flow *flow = user;
  assert_true(flow->collected_length + length <= E100_PROXY_COLLECT_LIMIT);
  memcpy(flow->collected + flow->collected_length, octets, length);
  flow->collected_length += length;
}

static const uint8_t *on_collected(void *user, size_t *length) {
  struct flow *flow = user;
  *length = flow->collected_length;
  flow->collected_length = 0;
  return flow->collected;
}

static const struct e100_proxy_calls calls = {.heads = on_heads,
                                              .send = on_send,
                                              .end = on_end,
                                              .connect = on_connect,
                                              .send_up = on_send_up,
                                              .part = on_part,
                                              .collect = on_collect,
                                              .collected = on_collected};

static const struct e100_proxy_policy plain = {.gateway = false};
static const struct e100_proxy_policy collecting = {.gateway = true, .collects = true};

static struct flow *start(const struct e100_proxy_policy *policy) {
  static struct flow flow;
  memset(&flow, 0, sizeof flow);
  e100_proxy_init(&flow.proxy, &e100_proxy_reference, policy);
  return &flow;
}

static size_t client(struct flow *flow, const char *text, size_t length) {
  return e100_proxy_octets(&flow->proxy, &calls, flow, (const uint8_t *)text, length);
}

static void server(struct flow *flow, const char *text, size_t length) {
  e100_proxy_answer(&flow->proxy, &calls, flow, (const uint8_t *)text, length);
}

#define CLIENT(flow, text) client(flow, text, sizeof(text) - 1)
#define SERVER(flow, text) server(flow, text, sizeof(text) - 1)
#define GET "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
#define PUT "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
#define CHUNKED "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

static unsigned first_status(const struct flow *flow) {
  unsigned status = 0;
  return flow->sent_length > 0 && sscanf(flow->sent, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}

static bool is_ending(const struct flow *flow) {
  return flow->proxy.state == E100_PROXY_LINGERING || flow->proxy.state == E100_PROXY_OVER;
}

/* The request has its answer STATUS, the client's connection ends, and the server's is not used again. */
static void check_refused(const struct flow *flow, unsigned status) {
  assert_int_equal(first_status(flow), status);
  assert_true(is_ending(flow));
  assert_int_equal(flow->ends, 1);
  assert_int_equal(flow->connects, flow->parts);
  assert_int_equal(flow->reusable, 0);
}

/* ---- a server that never ends ----------------------------------------------------------------------------
 */

/* PIECE comes TIMES times from the server, after FIRST: the answer is 502, after at most LIMIT octets. */
static void check_endless(const char *first, const char *piece, size_t times, size_t limit) {
  struct flow *flow = start(&plain);
  CLIENT(flow, GET);
  server(flow, first, strlen(first));
  size_t octets = 0;
  for (size_t i = 0; i < times && !is_ending(flow); i++) {
    server(flow, piece, strlen(piece));
    octets += strlen(piece);
  }
  check_refused(flow, 502);
  assert_true(octets <= limit);
}

static const char *filled(char with) {
  static char piece[PIECE + 1];
  memset(piece, with, PIECE);
  return piece;
}

enum { MEGABYTE = 1024 * 1024 / PIECE, HUNDRED_THOUSAND = 100000 };

static void a_head_that_never_ends_gets_502(void **state) {
  (void)state;
  check_endless("HTTP/1.1 200 ", filled('a'), MEGABYTE, E100_START_LINE_LIMIT + PIECE); /* a reason phrase */
  check_endless("HTTP/1.1 200 OK\r\nA: ", filled('a'), MEGABYTE, E100_HEAD_LIMIT + PIECE);
  check_endless("HTTP/1.1 200 OK\r\n", "A: b\r\n", HUNDRED_THOUSAND, 6 * (E100_FIELD_LINES_LIMIT + 1));
  check_endless("HTTP/1.1 103 E\r\nA: ", filled('a'), MEGABYTE, E100_HEAD_LIMIT + PIECE);
}

static void interim_responses_have_a_limit(void **state) {
  static const char interim[] = "HTTP/1.1 103 E\r\n\r\n";
  (void)state;
  struct flow *flow = start(&plain);
  CLIENT(flow, GET);
  for (unsigned i = 0; i < E100_PROXY_INTERIMS_LIMIT; i++)
    SERVER(flow, interim);
  assert_int_equal(flow->proxy.state, E100_PROXY_WHOLE);
  flow->sent_length = 0;
  SERVER(flow, interim);
  check_refused(flow, 502);
}

/* Those that a client of HTTP/1.0 never sees count, too. */
static void dropped_interim_responses_have_a_limit(void **state) {
  (void)state;
  struct flow *flow = start(&plain);
  CLIENT(flow, "GET / HTTP/1.0\r\nHost: h\r\n\r\n");
  for (unsigned i = 0; i <= E100_PROXY_INTERIMS_LIMIT; i++) {
    assert_int_equal(flow->sent_length, 0);
    SERVER(flow, "HTTP/1.1 103 E\r\n\r\n");
  }
  check_refused(flow, 502);
}

/* What frames content has a limit; the client has the head already, so the response is cut. */
static void framing_of_a_response_has_a_limit(void **state) {
  static const char *const endless[] = {"1;", "0\r\nA: "};
  (void)state;
  for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
    struct flow *flow = start(&plain);
    CLIENT(flow, GET);
    SERVER(flow, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    server(flow, endless[i], strlen(endless[i]));
    size_t octets = 0;
    for (; octets < 1024 * 1024 && !is_ending(flow); octets += PIECE)
      server(flow, filled('a'), PIECE);
    assert_int_equal(flow->proxy.state, E100_PROXY_OVER);
    assert_true(octets <= E100_FRAMING_LIMIT + PIECE);
    assert_int_equal(flow->parts, 1);
    assert_int_equal(flow->reusable, 0);
  }
}

static void nothing_is_relayed_that_nobody_asked_for(void **state) {
  (void)state;
  struct flow *flow = start(&plain);
  for (unsigned i = 0; i < 1000; i++)
    SERVER(flow, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  assert_int_equal(flow->sent_length, 0);
  CLIENT(flow, GET);
  SERVER(flow, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  assert_int_equal(flow->parts, 1);
  assert_int_equal(flow->reusable, 0); /* octets follow the response */
}

/* ---- a client that never ends ----------------------------------------------------------------------------
 */

static void a_request_head_has_a_limit(void **state) {
  (void)state;
  struct flow *flow = start(&plain);
  CLIENT(flow, "GET / HTTP/1.1\r\nHost: h\r\nA: ");
  for (unsigned i = 0; i < E100_PROXY_HEAD_ROOM / PIECE; i++)
    client(flow, filled('a'), PIECE);
  CLIENT(flow, "\r\n\r\n");
  check_refused(flow, 431); /* it was read, but there is no room to forward it */
  assert_int_equal(flow->connects, 0);
}

/* As much as the limit is collected and forwarded, and one octet more gets 413. */
static void collected_content_has_a_limit(void **state) {
  (void)state;
  for (unsigned beyond = 0; beyond <= 1; beyond++) {
    struct flow *flow = start(&collecting);
    char head[128];
    size_t length = E100_PROXY_COLLECT_LIMIT + beyond;
    snprintf(head, sizeof head, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", length);
    client(flow, head, strlen(head));
    for (size_t octets = 0; octets < length && !is_ending(flow); octets += PIECE)
      client(flow, filled('a'), length - octets < PIECE ? length - octets : PIECE);
    if (beyond > 0)
      check_refused(flow, 413);
    else
      assert_true(flow->proxy.state == E100_PROXY_WHOLE && flow->up > length);
  }
}

static void framing_of_content_has_a_limit(void **state) {
  (void)state;
  struct flow *flow = start(&plain);
  CLIENT(flow, CHUNKED "1;");
  size_t octets = 0;
  for (; octets < 1024 * 1024 && !is_ending(flow); octets += PIECE)
    client(flow, filled('a'), PIECE);
  check_refused(flow, 400);
  assert_true(octets <= E100_FRAMING_LIMIT + PIECE);
}

/* ---- who goes, and when ----------------------------------------------------------------------------------
 */

static const char answer[] = "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "2\r\nok\r\n0\r\n\r\n";

/* The server resets after each octet of its answer: the client is told, or sees that the response is cut. */
static void a_server_may_go_at_any_octet(void **state) {
  (void)state;
  for (size_t at = 0; at < sizeof answer - 1; at++) {
    struct flow *flow = start(&plain);
    CLIENT(flow, PUT "hello");
    server(flow, answer, at);
    e100_proxy_server_gone(&flow->proxy, &calls, flow, true);
    assert_true(is_ending(flow));
    assert_int_equal(flow->ends, 1);
    assert_int_equal(flow->parts, 1);
    assert_int_equal(flow->reusable, 0);
  }
}

/* The client resets after each octet that it sends, and after each of the answer. */
static void a_client_may_go_at_any_octet(void **state) {
  static const char request[] = PUT "hello";
  (void)state;
  for (size_t at = 0; at < sizeof request - 1 + sizeof answer - 1; at++) {
    struct flow *flow = start(&plain);
    size_t asked = at < sizeof request - 1 ? at : sizeof request - 1;
    client(flow, request, asked);
    server(flow, answer, at - asked);
    e100_proxy_gone(&flow->proxy, &calls, flow);
    assert_int_equal(flow->proxy.state, E100_PROXY_OVER);
    assert_int_equal(flow->connects, flow->parts);
    assert_int_equal(flow->reusable, 0); /* its request has no whole response yet */
  }
}

/* Each connection of the pool dies as soon as a request is on it: 502 each time, nothing is tried again. */
static void a_pool_whose_connections_all_die_gives_502(void **state) {
  (void)state;
  for (unsigned i = 0; i < 1000; i++) {
    struct flow *flow = start(&plain);
    CLIENT(flow, GET);
    assert_int_equal(flow->connects, 1);
    e100_proxy_server_gone(&flow->proxy, &calls, flow, i % 2 == 0);
    check_refused(flow, 502);
    assert_int_equal(flow->connects, 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_head_that_never_ends_gets_502),
      cmocka_unit_test(interim_responses_have_a_limit),
      cmocka_unit_test(dropped_interim_responses_have_a_limit),
      cmocka_unit_test(framing_of_a_response_has_a_limit),
      cmocka_unit_test(nothing_is_relayed_that_nobody_asked_for),
      cmocka_unit_test(a_request_head_has_a_limit),
      cmocka_unit_test(collected_content_has_a_limit),
      cmocka_unit_test(framing_of_content_has_a_limit),
      cmocka_unit_test(a_server_may_go_at_any_octet),
      cmocka_unit_test(a_client_may_go_at_any_octet),
      cmocka_unit_test(a_pool_whose_connections_all_die_gives_502),
  };
  return cmocka_run_group_tests_name("proxy_limits", tests, NULL, NULL);
}
