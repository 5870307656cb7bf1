/*
 * machine_heads_test.c - what the machine reads from heads and content: structure of lines, framing,
 * versions, methods; and that it never depends on how the octets were cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/machine_run.h"

/* Octets, and the status that a prompt application's server answers last; 0: none, and more is awaited. */
struct try {
  const char *octets;
  unsigned status;
};

static void check_tries(const struct try *tries, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(tries[i].octets);
    unsigned status = status_for(tries[i].octets, length);
    if (status != tries[i].status)
      fail_msg("%s: %u, not %u", tries[i].octets, status, tries[i].status);
    if (!same_however_cut(tries[i].octets, length))
      fail_msg("%s: cutting it changes what comes of it", tries[i].octets);
  }
}

#define CHECK_TRIES(tries) check_tries(tries, sizeof(tries) / sizeof(tries)[0])

static struct e100_request_facts facts_of(const char *octets) {
  struct machine_run run = run_whole(octets, strlen(octets));
  struct e100_request_facts facts = run.facts;
  assert_int_equal(run.heads, 1);
  run_free(&run);
  return facts;
}

/* ---- the structure of lines --------------------------------------------------------------------- */

static void lines_have_the_structure_of_rfc_9112(void **state) {
  static const struct try tries[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\nA:\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\nA:\t \r\nB:c \r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: \x80\xff\tb\r\n\r\n", 200},
      /* empty lines before a request */
      {"\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"\r\n\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"\nGET / HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"\r\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"\rGET / HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {" \r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"\r\n", 0},
      {"", 0},
      /* blanks before the colon, folds, lines that are none */
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\n Host: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\n c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\n\tc\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\n \r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nExpect:\r\n 100-continue\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\n:b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA b: c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA\x80: c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\n(a): c\r\n\r\n", 400},
      /* line feeds and carriage returns alone */
      {"GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"GET / HTTP/1.1\n\n", 400},
      {"GET / HTTP/1.1\rHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\rc\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\rContent-Length: 5\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\n\rB: c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:a\r\nA: b\r\n\r\r\n", 400},
  };
  (void)state;
  CHECK_TRIES(tries);
}

/* NUL ends a C string, so these have their lengths. */
static void nul_is_refused_wherever_it_stands(void **state) {
  static const char head[] =
      "\r\nPUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
  char octets[sizeof head];
  (void)state;
  for (size_t at = 0; at < sizeof head - 1; at++) {
    memcpy(octets, head, sizeof head);
    octets[at] = '\0';
    unsigned status = status_for(octets, sizeof head - 1);
    /* In the method it makes another method; everywhere it is refused. */
    if (status != 400 && status != 501 && status != 505)
      fail_msg("NUL at %zu: %u", at, status);
    assert_true(same_however_cut(octets, sizeof head - 1));
  }
}

/* Any octet at any place: some answer, the same in every cut. */
static void any_octet_anywhere_is_answered_alike_in_every_cut(void **state) {
  static const char head[] =
      "PUT /a HTTP/1.1\r\nHost:a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n";
  static const uint8_t others[] = {0,   '\t', '\n', '\r', ' ',  '"',  ',', '0',
                                   ':', ';',  '=',  'A',  0x7f, 0x80, 0xff};
  char octets[sizeof head];
  (void)state;
  for (size_t at = 0; at < sizeof head - 1; at++) {
    for (size_t i = 0; i < sizeof others; i++) {
      memcpy(octets, head, sizeof head);
      octets[at] = (char)others[i];
      if (!same_however_cut(octets, sizeof head - 1))
        fail_msg("octet %u at %zu: cutting it changes what comes of it", others[i], at);
    }
  }
}

/* ---- request lines ------------------------------------------------------------------------------ */

static void versions_and_protocols_are_told_apart(void **state) {
  static const struct try tries[] = {
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"GET / HTTP/1.0\r\n\r\n", 200},
      {"GET / HTTP/1.2\r\n\r\n", 505},
      {"GET / HTTP/1.9\r\n\r\n", 505},
      {"GET / HTTP/0.9\r\n\r\n", 505},
      {"GET / HTTP/2.0\r\n\r\n", 505},
      {"GET / HTTP/3.0\r\n\r\n", 505},
      {"GET / HTTP/0.0\r\n\r\n", 505},
      {"GET / HTTP/10.1\r\n\r\n", 400},
      {"GET / HTTP/1.10\r\n\r\n", 400},
      {"GET / HTTP/1\r\n\r\n", 400},
      {"GET / HTTP/1.\r\n\r\n", 400},
      {"GET / HTTP/.1\r\n\r\n", 505},
      {"GET / HTTP/1,1\r\n\r\n", 400},
      {"GET / HTTP/1.1 \r\n\r\n", 400},
      {"GET / HTTP/1.1x\r\n\r\n", 400},
      {"GET / http/1.1\r\n\r\n", 400},
      {"GET / HTTPS/1.1\r\n\r\n", 400},
      {"GET / XHTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"GET / RTSP/1.0\r\n\r\n", 400},
      {"OPTIONS * RTSP/1.0\r\n\r\n", 400},
      {"SOURCE /a ICE/1.0\r\n\r\n", 400},
      {"DESCRIBE /a HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"GET /\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET  HTTP/1.1\r\nHost:a\r\n\r\n", 400},
      {"HTTP/1.1 200 OK\r\n\r\n", 501},
  };
  (void)state;
  CHECK_TRIES(tries);
}

static void methods_that_are_unknown_get_501(void **state) {
  static const struct try tries[] = {
      {"BREW / HTTP/1.1\r\nHost:a\r\n\r\n", 501},     {"get / HTTP/1.1\r\nHost:a\r\n\r\n", 501},
      {"GETS / HTTP/1.1\r\nHost:a\r\n\r\n", 501},     {"G / HTTP/1.1\r\nHost:a\r\n\r\n", 501},
      {"PUTT / HTTP/1.1\r\nHost:a\r\n\r\n", 501},     {"CONNECT a:1 HTTP/1.1\r\nHost:a\r\n\r\n", 501},
      {"CONNECT a:1 HTTP/1.0\r\n\r\n", 501},          {"DELETE / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"TRACE / HTTP/1.1\r\nHost:a\r\n\r\n", 200},    {"OPTIONS * HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"M-SEARCH * HTTP/1.1\r\nHost:a\r\n\r\n", 200}, {"PATCH / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"PROPFIND / HTTP/1.1\r\nHost:a\r\n\r\n", 200}, {"GE", 0},
      {"GET GET / HTTP/1.1\r\nHost:a\r\n\r\n", 400},  {"(GET) / HTTP/1.1\r\nHost:a\r\n\r\n", 400},
  };
  (void)state;
  CHECK_TRIES(tries);
}

static void the_class_of_a_method_is_known(void **state) {
  (void)state;
  assert_int_equal(facts_of("GET / HTTP/1.1\r\nHost:a\r\n\r\n").method, E100_METHOD_OTHER);
  assert_int_equal(facts_of("HEAD / HTTP/1.1\r\nHost:a\r\n\r\n").method, E100_METHOD_HEAD);
  assert_int_equal(facts_of("TRACE / HTTP/1.1\r\nHost:a\r\n\r\n").method, E100_METHOD_TRACE);
  assert_int_equal(facts_of("CONNECT a:1 HTTP/1.1\r\nHost:a\r\n\r\n").method, E100_METHOD_CONNECT);
}

/* ---- the expectation, through llhttp ------------------------------------------------------------ */

static void the_expectation_is_found_in_whatever_spelling(void **state) {
  static const struct {
    const char *lines;
    bool asks, other;
  } tries[] = {
      {"Expect: 100-continue\r\n", true, false},
      {"eXPECT:100-CONTINUE\r\n", true, false},
      {"Expect:\t 100-continue \t\r\n", true, false},
      {"Expect: ,100-continue,,\r\n", true, false},
      {"Expect: x\r\nA: b\r\nExpect: 100-continue\r\n", true, true},
      {"Expect: x=\"y\r\nExpect: 100-continue\"\r\n", false, true},
      {"Expect:\r\n", false, false},
      {"Expec: 100-continue\r\n", false, false},
      {"Expectt: 100-continue\r\n", false, false},
      {"X-Expect: 100-continue\r\n", false, false},
      {"Expect-: 100-continue\r\n", false, false},
      {"A: Expect: 100-continue\r\n", false, false},
      {"A: \"\r\nExpect: 100-continue\r\n", true, false},
      {"Connection: Expect\r\nExpect: 100-continue\r\n", true, false},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    char head[200];
    snprintf(head, sizeof head, "PUT / HTTP/1.1\r\nHost: a\r\n%sContent-Length: 1\r\n\r\nx", tries[i].lines);
    struct e100_request_facts facts = facts_of(head);
    if (facts.asks != tries[i].asks || facts.other != tries[i].other)
      fail_msg("%s: asks %d, other %d", head, facts.asks, facts.other);
    assert_true(same_however_cut(head, strlen(head)));
  }
}

/* An expectation in trailers says nothing. */
static void trailers_ask_for_nothing(void **state) {
  static const char request[] =
      "PUT / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1\r\nx\r\n0\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n";
  struct machine_run run = run_whole(request, sizeof request - 1);
  (void)state;
  assert_null(strstr(run_story(&run), "asks"));
  assert_null(strstr(run_story(&run), "100 Continue"));
  assert_int_equal(run.heads, 2);
  run_free(&run);
  assert_true(same_however_cut(request, sizeof request - 1));
}

/* ---- persistence -------------------------------------------------------------------------------- */

static void persistence_is_the_clients_word(void **state) {
  static const struct {
    const char *version, *connection;
    bool persists;
  } tries[] = {
      {"1.1", "", true},
      {"1.0", "", false},
      {"1.1", "Connection: close\r\n", false},
      {"1.1", "Connection: CLOSE\r\n", false},
      {"1.1", "Connection: x, close\r\n", false},
      {"1.1", "Connection: x\r\nConnection: close\r\n", false},
      {"1.1", "Connection: keep-alive, close\r\n", false},
      {"1.1", "Connection: closed\r\n", true},
      {"1.1", "Connection: keep-alive\r\n", true},
      {"1.0", "Connection: keep-alive\r\n", true},
      {"1.0", "Connection: Keep-Alive, x\r\n", true},
      {"1.0", "Connection: keep-alive, close\r\n", false},
      {"1.0", "Connection: close, keep-alive\r\n", false},
      {"1.0", "Connection: x\r\n", false},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    char head[200];
    snprintf(head, sizeof head, "GET / HTTP/%s\r\n%s\r\n", tries[i].version, tries[i].connection);
    if (facts_of(head).persists != tries[i].persists)
      fail_msg("%s", head);
    assert_true(same_however_cut(head, strlen(head)));
  }
}

/* ---- framing: Content-Length -------------------------------------------------------------------- */

/* The facts for one Content-Length, or its refusal. */
static void check_length(const char *value, bool fits, uint64_t length) {
  char head[200];
  snprintf(head, sizeof head, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\n", value);
  struct e100_request_facts facts = facts_of(head);
  bool framed = length == 0 ? facts.framing == E100_CONTENT_NONE : facts.framing == E100_CONTENT_LENGTH;
  if (fits ? facts.wrong != 0 || facts.length != length || !framed : facts.wrong != 400)
    fail_msg("Content-Length: %s: wrong %u, length %llu", value, facts.wrong,
             (unsigned long long)facts.length);
  assert_true(same_however_cut(head, strlen(head)));
}

static void lengths_are_counted_exactly_up_to_64_bits(void **state) {
  char value[80];
  (void)state;
  for (unsigned bits = 0; bits < 64; bits++) {
    uint64_t power = UINT64_C(1) << bits;
    for (uint64_t number = power - 1; number <= power + 1 && number >= power - 1; number++) {
      snprintf(value, sizeof value, "%llu", (unsigned long long)number);
      check_length(value, true, number);
      snprintf(value, sizeof value, "000000%llu", (unsigned long long)number);
      check_length(value, true, number);
    }
  }
  check_length("18446744073709551614", true, UINT64_MAX - 1);
  check_length("18446744073709551615", true, UINT64_MAX);
  check_length("18446744073709551616", false, 0);
  check_length("18446744073709551617", false, 0);
  check_length("18446744073709551620", false, 0);
  check_length("36893488147419103232", false, 0);
  check_length("99999999999999999999", false, 0);
  check_length("184467440737095516150", false, 0);
  check_length("340282366920938463463374607431768211456", false, 0);
}

static void a_length_is_digits_and_nothing_else(void **state) {
  static const struct try tries[] = {
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 0\r\n\r\n", 200},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1 \r\n\r\nx", 200},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length:\t1\r\n\r\nx", 200},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: \t 1\t \t\r\n\r\nx", 200},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\t1\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length:\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: \r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: -1\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: +1\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1x\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 0x1\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1.0\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1 1\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: \"1\"\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1, 2\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400},
      {"PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\r\n\r\nx", 200},
      {"HEAD / HTTP/1.1\r\nHost:a\r\nContent-Length: 1\r\n\r\nx", 200},
  };
  (void)state;
  CHECK_TRIES(tries);
}

/* ---- framing: transfer codings ------------------------------------------------------------------ */

static void chunked_must_be_the_last_coding(void **state) {
  static const struct {
    const char *lines;
    bool fits;
  } tries[] = {
      {"Transfer-Encoding: chunked\r\n", true},
      {"Transfer-Encoding: Chunked\r\n", true},
      {"transfer-ENCODING:\tCHUNKED \r\n", true},
      {"Transfer-Encoding: chunked\t\r\n", true},
      {"Transfer-Encoding: chunked,\r\n", true},
      {"Transfer-Encoding: , chunked , \t,\r\n", true},
      {"Transfer-Encoding: ,\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: ,\r\n", true},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n", true},
      {"Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n", true},
      {"Transfer-Encoding: \t \r\nTransfer-Encoding: "
       "gzip\r\ntransfer-encoding:\t\r\nTRANSFER-ENCODING:chunked\r\n",
       true},
      {"Transfer-Encoding: gzip\r\nTransfer-Encoding:\r\n", false},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\nTransfer-Encoding: gzip\r\n", false},
      {"Transfer-Encoding: gzip;a=b ; c = \"d,\\\"\" , chunked\r\n", true},
      {"Transfer-Encoding: gzip, chunked\r\n", true},
      {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", true},
      {"Transfer-Encoding: chunked, gzip\r\n", false},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", false},
      {"Transfer-Encoding: gzip\r\n", false},
      {"Transfer-Encoding: identity\r\n", false},
      {"Transfer-Encoding: xchunked\r\n", false},
      {"Transfer-Encoding: chunkedx\r\n", false},
      {"Transfer-Encoding: chunke\r\n", false},
      {"Transfer-Encoding: chunked x\r\n", false},
      {"Transfer-Encoding: \"chunked\"\r\n", false},
      {"Transfer-Encoding: chun ked\r\n", false},
      {"Transfer-Encoding: x;y=chunked\r\n", false},
      {"Transfer-Encoding: chunked;y=z\r\n", false},
      {"Transfer-Encoding: chunked, chunked\r\n", false},
      {"Transfer-Encoding: gzip;, chunked\r\n", false},
      {"Transfer-Encoding: gzip;a, chunked\r\n", false},
      {"Transfer-Encoding: gzip;a=, chunked\r\n", false},
      {"Transfer-Encoding: gzip;a=\"b, chunked\r\n", false},
      {"Transfer-Encoding: gzip;a=\"b\r\nTransfer-Encoding: chunked\r\n", false},
      {"Transfer-Encoding: (, chunked\r\n", false},
      {"Transfer-Encoding: ,\r\n", false},
      {"Transfer-Encoding:\r\n", false},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    char request[200];
    snprintf(request, sizeof request, "PUT / HTTP/1.1\r\nHost:a\r\n%s\r\n0\r\n\r\n", tries[i].lines);
    unsigned status = status_for(request, strlen(request));
    if (status != (tries[i].fits ? 200U : 400U))
      fail_msg("%s: %u", request, status);
    assert_true(same_however_cut(request, strlen(request)));
    /* HTTP/1.0 has none of them (RFC 9112 6.1). */
    snprintf(request, sizeof request, "PUT / HTTP/1.0\r\n%s\r\n0\r\n\r\n", tries[i].lines);
    assert_int_equal(status_for(request, strlen(request)), 400);
  }
}

/* ---- chunks
 * --------------------------------------------------------------------------------------------------------------
 */

#define CHUNKED "PUT / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\n\r\n"

static void chunks_follow_the_grammar(void **state) {
  static const struct try tries[] = {
      {CHUNKED "0\r\n\r\n", 200},
      {CHUNKED "5\r\nhello\r\n0\r\n\r\n", 200},
      {CHUNKED "00000005\r\nhello\r\n000\r\n\r\n", 200},
      {CHUNKED "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", 200},
      /* extensions (RFC 9112 7.1.1) */
      {CHUNKED "5;a\r\nhello\r\n0;b\r\n\r\n", 200},
      {CHUNKED "5;a=b;c=\"d\";e\r\nhello\r\n0\r\n\r\n", 200},
      {CHUNKED "5 ;\ta = b ; c = \"d \\\" \\\\\"\t;e\r\nhello\r\n0\r\n\r\n", 200},
      {CHUNKED "5;a=\"\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a=\"b\\\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a=\"\x7f\"\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a=\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;=b\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a b\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a=b c\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a(\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5 \r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5;a \r\nhello\r\n0\r\n\r\n", 400},
      /* sizes that are none */
      {CHUNKED "\r\n", 400},
      {CHUNKED ";a\r\n", 400},
      {CHUNKED " 5\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "+5\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "-5\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "0x5\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5g\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "g\r\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5,\r\nhello\r\n0\r\n\r\n", 400},
      /* line ends that are none */
      {CHUNKED "5\nhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5\rhello\r\n0\r\n\r\n", 400},
      {CHUNKED "5\r\nhello\n0\r\n\r\n", 400},
      {CHUNKED "5\r\nhello0\r\n\r\n", 400},
      {CHUNKED "5\r\nhelloXX0\r\n\r\n", 400},
      {CHUNKED "5\r\nhello\rX0\r\n\r\n", 400},
      {CHUNKED "5\r\nhello!\r\n0\r\n\r\n", 400},
      {CHUNKED "5\r\nhello\r\n0\r\n\n", 400},
      {CHUNKED "5\r\nhello\r\n0\n\r\n", 400},
      /* trailers have the structure of field lines */
      {CHUNKED "0\r\nA: b\r\nC:\r\n\r\n", 200},
      {CHUNKED "0\r\nA : b\r\n\r\n", 400},
      {CHUNKED "0\r\nA: b\r\n c\r\n\r\n", 400},
      {CHUNKED "0\r\n A: b\r\n\r\n", 400},
      {CHUNKED "0\r\nA: b\n\r\n", 400},
      {CHUNKED "0\r\nA: b\r\r\n\r\n", 400},
      {CHUNKED "0\r\nA\r\n\r\n", 400},
      {CHUNKED "0\r\n:b\r\n\r\n", 400},
      /* what is not complete is awaited */
      {CHUNKED "0\r\n\r", 0},
      {CHUNKED "0\r\nA: b\r\n", 0},
      {CHUNKED "5\r\nhell", 0},
      {CHUNKED "5\r\nhello\r\n0\r\n", 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    struct machine_run run = {.heads = 0};
    run_begin(&run, NULL);
    run_text(&run, tries[i].octets);
    const char *story = run_story(&run);
    bool complete = strstr(story, "complete\n") != NULL;
    if (complete != (tries[i].status == 200) || run_status(&run) != (tries[i].status == 400 ? 400U : 0U))
      fail_msg("%s: %s", tries[i].octets, story);
    run_free(&run);
    assert_true(same_however_cut(tries[i].octets, strlen(tries[i].octets)));
  }
}

/* Octets of content are handed on until the client stops, however large the chunk says that it is. */
static void check_size(const char *size, bool fits) {
  char request[200];
  snprintf(request, sizeof request, "%s%s\r\nab", CHUNKED, size);
  struct machine_run run = {.heads = 0};
  run_begin(&run, NULL);
  run_text(&run, request);
  const char *wanted = fits ? "content 2\n" : "aborted\n";
  if (strstr(run_story(&run), wanted) == NULL)
    fail_msg("chunk size %s: %s", size, run_story(&run));
  run_free(&run);
  assert_true(same_however_cut(request, strlen(request)));
}

static void sizes_are_counted_exactly_up_to_64_bits(void **state) {
  char size[80];
  (void)state;
  for (unsigned bits = 2; bits < 64; bits++) {
    uint64_t power = UINT64_C(1) << bits;
    for (uint64_t number = power - 1; number <= power + 1; number++) {
      snprintf(size, sizeof size, bits % 2 == 0 ? "%llx" : "%llX", (unsigned long long)number);
      check_size(size, true);
    }
  }
  check_size("ffffffffffffffff", true);
  check_size("0000000000FFFFFFFFFFFFFFFF", true);
  check_size("10000000000000000", false);
  check_size("10000000000000005", false);
  check_size("1ffffffffffffffff", false);
  check_size("ffffffffffffffff0", false);
  check_size("fffffffffffffffff", false);
  check_size("100000000000000000000000000000005", false);
}

/* Content of exactly the length that was said, and the next request behind it. */
static void what_follows_the_content_is_the_next_request(void **state) {
  (void)state;
  for (size_t length = 1; length < 70; length++) {
    char request[300];
    snprintf(request, sizeof request,
             "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: %zu\r\n\r\n%.*sGET / HTTP/1.0\r\n\r\n", length,
             (int)length,
             "GET / HTTP/1.1\r\nHost:a\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\nGET / "
             "HTTP/1.1\r\nHost:a\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\n\r\n");
    struct machine_run run = run_whole(request, strlen(request));
    char content[32];
    snprintf(content, sizeof content, "content %zu\ncomplete\n", length);
    assert_non_null(strstr(run_story(&run), content));
    assert_int_equal(run.heads, 2);
    assert_int_equal(run.facts.minor, 0);
    run_free(&run);
    assert_true(same_however_cut(request, strlen(request)));
  }
}

static void an_upgrade_is_offered_by_two_fields(void **state) {
  (void)state;
  assert_true(facts_of("GET / HTTP/1.1\r\nHost:a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").upgrade);
  assert_true(facts_of("GET / HTTP/1.1\r\nHost:a\r\nUpgrade: x\r\nConnection: y, Upgrade\r\n\r\n").upgrade);
  assert_false(facts_of("GET / HTTP/1.1\r\nHost:a\r\nUpgrade: x\r\n\r\n").upgrade);
  assert_false(facts_of("GET / HTTP/1.1\r\nHost:a\r\nConnection: upgrade\r\n\r\n").upgrade);
  assert_false(facts_of("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").upgrade);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_have_the_structure_of_rfc_9112),
      cmocka_unit_test(nul_is_refused_wherever_it_stands),
      cmocka_unit_test(any_octet_anywhere_is_answered_alike_in_every_cut),
      cmocka_unit_test(versions_and_protocols_are_told_apart),
      cmocka_unit_test(methods_that_are_unknown_get_501),
      cmocka_unit_test(the_class_of_a_method_is_known),
      cmocka_unit_test(the_expectation_is_found_in_whatever_spelling),
      cmocka_unit_test(trailers_ask_for_nothing),
      cmocka_unit_test(persistence_is_the_clients_word),
      cmocka_unit_test(lengths_are_counted_exactly_up_to_64_bits),
      cmocka_unit_test(a_length_is_digits_and_nothing_else),
      cmocka_unit_test(chunked_must_be_the_last_coding),
      cmocka_unit_test(chunks_follow_the_grammar),
      cmocka_unit_test(sizes_are_counted_exactly_up_to_64_bits),
      cmocka_unit_test(what_follows_the_content_is_the_next_request),
      cmocka_unit_test(an_upgrade_is_offered_by_two_fields),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
