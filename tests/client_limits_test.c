/*
 * client_limits_test.c - servers that never end, answer what nobody asked, or go at any octet: a client's
 * application is told once that its request came to nothing, the connection is closed, and nothing grows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine/client.h"
#include "machine/pool.h"

_Static_assert(E100_CLIENT_ROOM <= 4096, "a machine is small");

enum { PIECE = 1024, MEGABYTE = 1024 * 1024, HUNDRED_THOUSAND = 100000 };

struct side {
  struct e100_client client;
  unsigned responses, interims, completes, aborts, ends;
};

static void on_send(void *user, const uint8_t *octets, size_t length) {
  (void)user, (void)octets, (void)length;
}

static void on_end(void *user) {
  ((struct side *)user)->ends++;
}

static void on_wanted(void *user) {
  (void)user;
}

static void on_interim(void *user, const struct e100_response_facts *facts) {
  (void)facts;
  ((struct side *)user)->interims++;
}

static void on_response(void *user, const struct e100_response_facts *facts) {
  (void)facts;
  ((struct side *)user)->responses++;
}

static void on_complete(void *user) {
  ((struct side *)user)->completes++;
}

static void on_aborted(void *user) {
  ((struct side *)user)->aborts++;
}

static const struct e100_client_calls calls = {.send = on_send,
                                               .end = on_end,
                                               .content_wanted = on_wanted,
                                               .interim = on_interim,
                                               .response = on_response,
                                               .complete = on_complete,
                                               .aborted = on_aborted};

static const struct e100_client_policy plain = {.close_early = false};
static const struct e100_request get = {.method = "GET", .target = "/", .fields = "Host: h\r\n"};
static const struct e100_request put = {.method = "PUT",
                                        .target = "/",
                                        .fields = "Host: h\r\n",
                                        .framing = E100_REQUEST_LENGTH,
                                        .expects = true,
                                        .length = 5};

static struct side *start(const struct e100_request *request) {
  static struct side side;
  memset(&side, 0, sizeof side);
  e100_client_init(&side.client, &e100_client_reference, &plain);
  if (request != NULL)
    assert_true(e100_client_request(&side.client, &calls, &side, request));
  return &side;
}

static void server(struct side *side, const char *text, size_t length) {
  e100_client_octets(&side->client, &calls, side, (const uint8_t *)text, length);
}

static bool is_over(const struct side *side) {
  return side->client.state == E100_CLIENT_STATE_OVER;
}

/* PIECE comes TIMES times after FIRST: the request is given up after at most LIMIT octets. */
static void check_endless(const char *first, const char *piece, size_t times, size_t limit) {
  struct side *side = start(&get);
  server(side, first, strlen(first));
  size_t octets = 0;
  for (size_t i = 0; i < times && !is_over(side); i++) {
    server(side, piece, strlen(piece));
    octets += strlen(piece);
  }
  assert_true(is_over(side));
  assert_true(octets <= limit);
  assert_int_equal(side->aborts, 1);
  assert_int_equal(side->completes, 0);
  assert_int_equal(side->ends, 1);
  assert_int_equal(side->client.count, 0);
}

static void what_never_ends_is_given_up(void **state) {
  static char filled[PIECE + 1];
  (void)state;
  memset(filled, 'a', PIECE);
  size_t times = MEGABYTE / PIECE;
  check_endless("HTTP/1.1 200 ", filled, times, E100_START_LINE_LIMIT + PIECE); /* a reason phrase */
  check_endless("HTTP/1.1 200 OK\r\nA: ", filled, times, E100_HEAD_LIMIT + PIECE);
  check_endless("HTTP/1.1 103 E\r\nA: ", filled, times, E100_HEAD_LIMIT + PIECE);
  check_endless("HTTP/1.1 200 OK\r\n", "A: b\r\n", HUNDRED_THOUSAND, 6 * (E100_FIELD_LINES_LIMIT + 1));
  check_endless("", "HTTP/1.1 103 E\r\n\r\n", HUNDRED_THOUSAND, 18 * (E100_INTERIMS_LIMIT + 1));
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
  check_endless(CHUNKED "1;", filled, times, E100_FRAMING_LIMIT + PIECE);
  check_endless(CHUNKED "0\r\nA: ", filled, times, E100_FRAMING_LIMIT + PIECE);
  check_endless(CHUNKED "0\r\n", "A: b\r\n", HUNDRED_THOUSAND, 6 * (E100_FIELD_LINES_LIMIT + 1));
}

/* With nothing outstanding the first octet is one too many, and the others are not read at all. */
static void responses_to_nothing_close_the_connection(void **state) {
  static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  (void)state;
  struct side *side = start(NULL);
  for (unsigned i = 0; i < 10000; i++)
    server(side, response, sizeof response - 1);
  assert_true(is_over(side));
  assert_int_equal(side->responses + side->completes + side->aborts, 0);
  assert_int_equal(side->ends, 1);
}

/* ... also where they come right behind a response. */
static void responses_behind_one_are_not_told(void **state) {
  static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
  (void)state;
  struct side *side = start(&get);
  server(side, response, sizeof response - 1);
  assert_true(is_over(side));
  assert_int_equal(side->responses, 1);
  assert_int_equal(side->completes, 1);
  assert_int_equal(side->ends, 1);
}

static const char conversation[] = "HTTP/1.1 103 E\r\nA: b\r\n\r\nHTTP/1.1 100 C\r\n\r\n"
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "2\r\nok\r\n0\r\nA: b\r\n\r\n";

static void reset(struct side *side) {
  e100_client_gone(&side->client, &calls, side);
}

static void end(struct side *side) {
  e100_client_server_ended(&side->client, &calls, side);
}

static void check_going(void (*go)(struct side *side)) {
  for (size_t at = 0; at < sizeof conversation - 1; at++) {
    struct side *side = start(&put);
    server(side, conversation, at);
    go(side);
    assert_true(is_over(side));
    assert_int_equal(side->aborts, 1);
    assert_int_equal(side->completes, 0);
    assert_int_equal(side->ends, 1);
    go(side); /* nothing is left to go */
    assert_int_equal(side->ends, 1);
    assert_int_equal(e100_client_timer(&side->client), -1);
  }
}

static void a_server_may_go_at_any_octet(void **state) {
  (void)state;
  check_going(reset);
  check_going(end);
}

/* Every connection of the pool dies as soon as a request is on it: each request is given up once, none is
 * made again by itself, and there are never more connections than places. */
static void a_pool_whose_connections_all_die_gives_up(void **state) {
  enum { PLACES = 4, ROUNDS = 1000 };
  struct e100_client clients[PLACES];
  struct side side;
  unsigned opened = 0;
  (void)state;
  memset(&side, 0, sizeof side);
  e100_pool_init(clients, PLACES);
  for (unsigned round = 0; round < ROUNDS; round++) {
    for (unsigned i = 0; i < PLACES; i++) {
      bool opens = false;
      int place = e100_pool_choose(clients, PLACES, &put, &opens);
      assert_true(place >= 0 && opens);
      opened++;
      e100_client_init(&clients[place], &e100_client_reference, &plain);
      assert_true(e100_client_request(&clients[place], &calls, &side, &put));
    }
    bool opens = false;
    assert_int_equal(e100_pool_choose(clients, PLACES, &put, &opens), -1); /* every place is taken */
    for (unsigned i = 0; i < PLACES; i++)
      e100_client_gone(&clients[i], &calls, &side);
  }
  assert_int_equal(opened, PLACES * ROUNDS);
  assert_int_equal(side.aborts, PLACES * ROUNDS);
  assert_int_equal(side.ends, PLACES * ROUNDS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_never_ends_is_given_up),
      cmocka_unit_test(responses_to_nothing_close_the_connection),
      cmocka_unit_test(responses_behind_one_are_not_told),
      cmocka_unit_test(a_server_may_go_at_any_octet),
      cmocka_unit_test(a_pool_whose_connections_all_die_gives_up),
  };
  return cmocka_run_group_tests_name("client_limits", tests, NULL, NULL);
}
