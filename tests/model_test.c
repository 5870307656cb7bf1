/*
 * The model: each rule against an exchange that breaks it and neighbours that do not, the readings of
 * malformed heads, what would have been permitted, and what holds for every exchange whatever it is.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "model/model.h"
#include "tests/exchange_samples.h"

/* ---- exchanges by hand ------------------------------------------------------------------------------ */

/* A conversation that is written step by step. */
static struct e100_exchange talk;

static int set_up(void **state) {
  (void)state;
  e100_exchange_init(&talk);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  e100_exchange_free(&talk);
  return 0;
}

static void add(enum e100_step_kind kind, enum e100_party from, const char *octets) {
  struct e100_step step = {.kind = (uint8_t)kind, .from = (uint8_t)from};
  if (kind == E100_STEP_DELIVER)
    step.to = from == E100_CLIENT ? E100_ORIGIN : E100_CLIENT;
  size_t length = octets == NULL ? 0 : strlen(octets);
  assert_true(e100_exchange_append(&talk, &step, (const uint8_t *)octets, length) >= 0);
}

static void client(const char *octets) {
  add(E100_STEP_DELIVER, E100_CLIENT, octets);
}

static void origin(const char *octets) {
  add(E100_STEP_DELIVER, E100_ORIGIN, octets);
}

static void settled(void) {
  add(E100_STEP_SETTLED, E100_NOBODY, NULL);
}

static void told(enum e100_told what, uint32_t count) {
  struct e100_step step = {
      .kind = E100_STEP_TOLD, .from = E100_ORIGIN, .what = (uint8_t)what, .count = count};
  assert_true(e100_exchange_append(&talk, &step, NULL, 0) >= 0);
}

static void decided(enum e100_decision what, uint16_t status) {
  struct e100_step step = {.kind = E100_STEP_DECIDED, .what = (uint8_t)what, .status = status};
  assert_true(e100_exchange_append(&talk, &step, NULL, 0) >= 0);
}

/* A PUT with FIELDS, of HTTP/1.1 with Host. */
static void put(const char *fields) {
  char head[1024];
  (void)snprintf(head, sizeof head, "PUT / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
  client(head);
}

#define ASKS "Content-Length: 5\r\nExpect: 100-continue\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_CLOSE "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
#define REFUSED "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

/* The findings so far: "RULE party request; ...". The talk is cleared for the next one. */
static const char *findings(void) {
  static char text[4096];
  struct e100_verdict verdict;
  size_t at = 0;
  e100_judge(&talk, &verdict);
  text[0] = '\0';
  for (uint32_t i = 0; i < verdict.findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %s %u", i > 0 ? "; " : "",
                           e100_rule(finding->rule)->id, e100_party_name(finding->party), finding->request);
  }
  uint8_t role = talk.role;
  e100_exchange_clear(&talk);
  talk.role = role;
  return text;
}

static bool is_undecided(enum e100_rule rule) {
  struct e100_verdict verdict;
  e100_judge(&talk, &verdict);
  return e100_rule_set_has(&verdict.undecided, rule) && !e100_rule_set_has(&verdict.decided, rule);
}

/* ---- silence and who is to blame ----------------------------------------------------------------------- */

static void the_worked_example_has_its_two_findings(void **state) {
  (void)state;
  put(ASKS);
  add(E100_STEP_QUIET, E100_NOBODY, NULL);
  client("hello");
  origin(CONTINUE "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  struct e100_verdict verdict;
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.count, 2);
  assert_int_equal(verdict.findings.list[0].step, 1);
  assert_int_equal(verdict.findings.list[1].step, 3);
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 1; ORIGIN_NO_WAIT origin 1");
}

static void a_silence_is_reported_once(void **state) {
  (void)state;
  put(ASKS);
  settled();
  settled();
  add(E100_STEP_QUIET, E100_NOBODY, NULL);
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 1");
}

static void an_expectation_is_read_in_every_spelling(void **state) {
  (void)state;
  static const char *const asking[] = {
      "Expect: 100-continue\r\n",
      "eXpEcT:100-CONTINUE\r\n",
      "Expect: \t 100-Continue \t\r\n",
      "Expect: ,, 100-continue ,\r\n",
      "Expect: x, 100-continue\r\n",
      "Expect: x=\"a,\\\"b\" ;q=1;r=\"c\" , 100-continue\r\n",
      "Expect: x\r\nOther: y\r\nExpect: 100-continue\r\n",
      "Expect:\r\nExpect: 100-continue\r\n",
  };
  static const char *const not_asking[] = {
      "",
      "Expect:\r\n",
      "Expect: 100-continued\r\n",
      "Expect: 100-continue=1\r\n",
      "Expect: x=\"a, 100-continue\"\r\n",
      "Expect: x=\"\\\", 100-continue, \\\"\"\r\n",
      "Expect: x=\"a\r\nExpect: 100-continue\"\r\n",
      "X-Expect: 100-continue\r\n",
  };
  for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
    char fields[256];
    (void)snprintf(fields, sizeof fields, "%sContent-Length: 5\r\n", asking[i]);
    put(fields);
    settled();
    assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 1");
  }
  for (size_t i = 0; i < sizeof not_asking / sizeof *not_asking; i++) {
    char fields[256];
    (void)snprintf(fields, sizeof fields, "%sContent-Length: 5\r\n", not_asking[i]);
    put(fields);
    settled();
    assert_string_equal(findings(), "");
  }
}

static void outside_the_grammar_nobody_knows_what_is_asked(void **state) {
  (void)state;
  static const char *const open[] = {
      "Expect: 100-continue;q=1\r\n",
      "Expect: \"100-continue\"\r\n",
      "Expect: y 100-continue\r\n",
      "Expect: 100-continue =\r\n",
      "Expect: f\"o\r\nExpect: 100-continue\r\n",
      "Expect: x=\"100-continue\r\n",
      "Expect: x; 100-continue\r\n",
      "Expect: ,,,,,,,,,,100-continue\r\n",
      "Expect: 100-con\x01tinue\r\n",
  };
  for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
    char fields[256];
    (void)snprintf(fields, sizeof fields, "%sContent-Length: 5\r\n", open[i]);
    put(fields);
    settled();
    assert_true(is_undecided(E100_ORIGIN_100_OR_FINAL));
    assert_string_equal(findings(), "");
  }
}

static void no_100_is_due(void **state) {
  (void)state;
  put("Expect: 100-continue\r\n"); /* no content */
  origin(OK);
  settled();
  assert_string_equal(findings(), "");
  put(ASKS);
  client("h"); /* some has come */
  settled();
  assert_string_equal(findings(), "");
  client("PUT / HTTP/1.0\r\n" ASKS "\r\n");
  settled();
  assert_string_equal(findings(), "");
  put(ASKS);
  add(E100_STEP_CLOSE, E100_CLIENT, NULL);
  settled();
  assert_string_equal(findings(), "");
  put(ASKS);
  add(E100_STEP_HALF_CLOSE, E100_CLIENT, NULL);
  settled();
  assert_string_equal(findings(), "");
  put(ASKS);
  add(E100_STEP_CLOSE, E100_ORIGIN, NULL);
  settled();
  assert_string_equal(findings(), "");
  put(ASKS "Connection: close\r\n");
  client("hello");
  put(ASKS); /* nobody processes it any more */
  origin(OK_CLOSE);
  add(E100_STEP_HALF_CLOSE, E100_ORIGIN, NULL);
  settled();
  assert_string_equal(findings(), "");
}

static void the_next_request_waits_for_its_turn(void **state) {
  (void)state;
  put("Content-Length: 0\r\n");
  put(ASKS);
  origin(OK);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 2");
  put("Content-Length: 0\r\n");
  put(ASKS);
  settled();
  assert_string_equal(findings(), "SERVER_ONE_FINAL origin 1");
}

static void an_application_that_was_told_and_does_not_decide_is_to_blame(void **state) {
  (void)state;
  put(ASKS);
  told(E100_TOLD_HEAD, 0);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL application 1");
  put(ASKS);
  told(E100_TOLD_HEAD, 0);
  decided(E100_DECIDE_ACCEPT, 0);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 1");
  put(ASKS);
  told(E100_TOLD_HEAD, 0);
  decided(E100_DECIDE_LATER, 0);
  settled();
  decided(E100_DECIDE_ACCEPT, 0);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL application 1; ORIGIN_100_OR_FINAL origin 1");
  put(ASKS);
  told(E100_TOLD_HEAD, 0);
  settled();
  client("hello");
  decided(E100_DECIDE_ACCEPT, 0);
  origin(CONTINUE);
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL application 1; ORIGIN_NO_WAIT application 1");
  put("Content-Length: 5\r\n");
  told(E100_TOLD_HEAD, 0);
  settled();
  client("hello");
  told(E100_TOLD_CONTENT, 5);
  told(E100_TOLD_COMPLETE, 0);
  settled();
  decided(E100_DECIDE_RESPOND, 200);
  settled();
  assert_string_equal(findings(), "SERVER_ONE_FINAL application 1; SERVER_ONE_FINAL origin 1");
  put("Content-Length: 5\r\n");
  told(E100_TOLD_HEAD, 0);
  client("hello");
  settled(); /* the application does not know that the content is whole */
  assert_string_equal(findings(), "SERVER_ONE_FINAL origin 1");
}

static void statuses_that_the_application_chose_are_its_own(void **state) {
  (void)state;
  put("Content-Length: 5\r\n");
  told(E100_TOLD_HEAD, 0);
  decided(E100_DECIDE_UNMET, 0);
  origin("HTTP/1.1 417 \r\nContent-Length: 0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_417_NEEDS_CAUSE application 1");
  put("Content-Length: 0\r\n");
  told(E100_TOLD_HEAD, 0);
  decided(E100_DECIDE_RESPOND, 99);
  origin("HTTP/1.1 099 \r\nContent-Length: 0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED application 1");
  put("Content-Length: 0\r\n");
  origin("HTTP/1.1 099 \r\nContent-Length: 0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
}

static void a_proxy_has_no_origin_servers_duties_and_a_gateway_has(void **state) {
  (void)state;
  talk.role = E100_ROLE_PROXY;
  talk.links[0].server = E100_PROXY;
  put(ASKS);
  talk.steps[0].to = E100_PROXY;
  settled();
  assert_string_equal(findings(), "PROXY_FORWARD_OR_FINAL proxy 1");
  talk.role = E100_ROLE_GATEWAY;
  talk.links[0].server = E100_GATEWAY;
  put(ASKS);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL gateway 1");
}

static unsigned members(const struct e100_rule_set *set) {
  unsigned count = 0;
  for (unsigned rule = 0; rule < E100_RULE_COUNT; rule++)
    count += e100_rule_set_has(set, rule);
  return count;
}

static void only_who_is_there_has_undecided_rules(void **state) {
  struct e100_verdict verdict;
  (void)state;
  put(ASKS);
  origin(CONTINUE);
  client("hello");
  origin("no response\r\n\r\n");
  for (unsigned everybody = 0; everybody < 2; everybody++) {
    talk.reading = everybody != 0 ? 1u << 1 : 0;
    e100_judge(&talk, &verdict);
    assert_true(e100_rule_set_has(&verdict.undecided, E100_SERVER_READ_OR_CLOSE));
    assert_true(e100_rule_set_has(&verdict.decided, E100_ORIGIN_100_OR_FINAL));
    assert_false(e100_rule_set_has(&verdict.undecided, E100_ORIGIN_100_OR_FINAL));
    assert_false(e100_rule_set_has(&verdict.undecided, E100_PROXY_NO_RETRY));
    assert_false(e100_rule_set_has(&verdict.undecided, E100_INTERMEDIARY_VIA));
    assert_int_equal(e100_rule_set_has(&verdict.undecided, E100_CLIENT_NO_RETRY), everybody);
    assert_true(members(&verdict.undecided) > 0);
  }
  talk.reading = 0;
  assert_string_equal(findings(), "SERVER_INTERIM_NO_CONTENT origin 1");
}

static void half_a_response_is_no_time_without_a_request(void **state) {
  struct e100_verdict verdict;
  struct e100_text text = {0};
  (void)state;
  put("");
  origin("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  add(E100_STEP_QUIET, E100_NOBODY, NULL);
  e100_judge(&talk, &verdict);
  e100_view_state_text(verdict.findings.list[0].situation, &text);
  assert_string_equal(text.text, "within a response");
  e100_text_free(&text);
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
}

static void what_crosses_on_the_wire_is_undecided(void **state) {
  (void)state;
  talk.seen_by = E100_CLIENT;
  put(ASKS);
  settled();
  client("hello");
  origin(CONTINUE);
  struct e100_verdict verdict;
  e100_judge(&talk, &verdict);
  assert_true(e100_rule_set_has(&verdict.undecided, E100_ORIGIN_NO_WAIT));
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 1");
}

static void what_others_do_is_not_the_subjects(void **state) {
  (void)state;
  put(ASKS);
  settled();
  talk.kind = E100_KIND_PLAY;
  assert_string_equal(findings(), "");
}

/* ---- finals, content, close ------------------------------------------------------------------------------
 */

static void early_finals(void **state) {
  (void)state;
  put(ASKS);
  origin(OK);
  client("helloGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  origin(OK);
  assert_string_equal(findings(), "");
  put(ASKS);
  origin(OK);
  client("hello");
  origin(REFUSED); /* to what? */
  assert_string_equal(findings(), "SERVER_READ_OR_CLOSE origin 1");
  put(ASKS);
  origin(OK OK);
  assert_string_equal(findings(), "SERVER_ONE_FINAL origin 1");
  put("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n");
  origin(OK);
  client("4\r\n");
  origin(REFUSED);
  assert_string_equal(findings(), "SERVER_READ_OR_CLOSE origin 1");
  put(ASKS);
  origin("HTTP/1.1 200 OK\r\n\r\nno length: up to the close");
  client("hello");
  origin("HTTP/1.1 100 Continue\r\n\r\n");
  add(E100_STEP_CLOSE, E100_ORIGIN, NULL);
  assert_string_equal(findings(), "");
}

static void octets_that_are_no_response(void **state) {
  (void)state;
  put(ASKS);
  origin(CONTINUE "content");
  assert_string_equal(findings(), "SERVER_INTERIM_NO_CONTENT origin 1");
  put(ASKS);
  origin(CONTINUE "HTTP/1.1 2OO OK\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
  put(ASKS);
  origin("HTTP/2.0 100 Continue\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
  put(ASKS);
  origin("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
  put(ASKS);
  origin("HTTP/1.1 100 Continue\r\nA: b\r\n c\r\n\r\n");
  assert_string_equal(findings(), "SENDER_NO_FOLD origin 1");
  put(ASKS);
  origin("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n");
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
  put(ASKS);
  origin(OK "\r\n" OK);
  assert_string_equal(findings(), "SERVER_WELL_FORMED origin 1");
}

static void a_timeout_may_be_announced(void **state) {
  (void)state;
  put("Content-Length: 0\r\n");
  origin(OK "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  add(E100_STEP_CLOSE, E100_ORIGIN, NULL);
  assert_string_equal(findings(), "");
  put("Content-Length: 0\r\n");
  origin(OK "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_ONE_FINAL origin 1");
}

static void a_response_to_nothing_at_all(void **state) {
  (void)state;
  origin(OK);
  assert_string_equal(findings(), "SERVER_ONE_FINAL origin 0");
  client("GET / HT");
  origin(OK);
  assert_string_equal(findings(), "SERVER_WHOLE_HEAD_FIRST origin 1");
  client("GET / HT");
  origin(REFUSED);
  assert_string_equal(findings(), "");
}

static void content_is_what_the_framing_says(void **state) {
  (void)state;
  static const struct {
    const char *octets;
    uint32_t content;
    bool complete;
  } bodies[] = {
      {"5\r\nhello\r\n0\r\n\r\n", 5, true},
      {"05;a=\"\\\"\";b\r\nhello\r\n00\r\nExpect: 100-continue\r\n\r\n", 5, true},
      {"2\r\nhe\r\n3 \r\nllo\r\n0\r\nA: b\r\n c\r\n\r\n", 5, true},
      {"5\r\nhello\r\n0\r", 5, false},
      {"5\r\nhelloX\r\n0\r\n\r\n", 5, false},
      {"5\nhello\n0\n\n", 0, false},
      {"5\r\x01hello\r\n0\r\n\r\n", 0, false},
      {"\r\n0\r\n\r\n", 0, false},
      {"0x5\r\nhello\r\n0\r\n\r\n", 0, false},
      {"fffffffffffffffff\r\nhello\r\n", 0, false},
  };
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    put("Transfer-Encoding: chunked\r\n");
    client(bodies[i].octets);
    told(E100_TOLD_HEAD, 0);
    if (bodies[i].content > 0)
      told(E100_TOLD_CONTENT, bodies[i].content);
    told(E100_TOLD_COMPLETE, 0);
    assert_string_equal(findings(), bodies[i].complete ? "" : "SERVER_INCOMPLETE_IS_NOT_WHOLE origin 1");
  }
  put("Transfer-Encoding: chunked\r\n");
  client("0\r\nA: b\n\r\n"); /* a line feed alone may end a trailer field's line */
  told(E100_TOLD_HEAD, 0);
  told(E100_TOLD_COMPLETE, 0);
  assert_true(is_undecided(E100_SERVER_INCOMPLETE_IS_NOT_WHOLE));
  assert_string_equal(findings(), "");
  for (int ends = 0; ends < 2; ends++) { /* all content came, and the end of its trailers may still come */
    put("Transfer-Encoding: chunked\r\n");
    client("5\r\nhello\r\n0\r\nA: b\r\n");
    if (ends != 0)
      add(E100_STEP_HALF_CLOSE, E100_CLIENT, NULL);
    told(E100_TOLD_HEAD, 0);
    told(E100_TOLD_CONTENT, 5);
    told(E100_TOLD_COMPLETE, 0);
    assert_int_equal(is_undecided(E100_SERVER_INCOMPLETE_IS_NOT_WHOLE), ends == 0);
    assert_string_equal(findings(), ends == 0 ? "" : "SERVER_INCOMPLETE_IS_NOT_WHOLE origin 1");
  }
  put("Transfer-Encoding: chunked\r\n");
  client("5\r\nhello\r\n0\r\n\r\n");
  told(E100_TOLD_HEAD, 0);
  told(E100_TOLD_CONTENT, 6);
  assert_string_equal(findings(), "SERVER_CONTENT_AS_FRAMED origin 1");
  put("Content-Length: 5\r\n");
  client("hello");
  told(E100_TOLD_HEAD, 0);
  told(E100_TOLD_CONTENT, 4);
  told(E100_TOLD_COMPLETE, 0);
  assert_string_equal(findings(), "SERVER_CONTENT_AS_FRAMED origin 1");
}

static void upgraded_octets_are_not_http(void **state) {
  (void)state;
  put("Connection: upgrade\r\nUpgrade: a/1, b\r\n");
  origin("HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: b, A/1\r\n\r\n\x01\x02\x03HTTP/1.1 20");
  client("\x01\x02");
  settled();
  assert_string_equal(findings(), "");
  client("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n\x16\x03\x01");
  origin("HTTP/1.1 200 \r\n\r\n\x16\x03\x01");
  settled();
  assert_string_equal(findings(), "");
  client("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
  origin("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n");
  assert_string_equal(findings(), "SERVER_204_NO_LENGTH origin 1");
}

static void a_new_connection_begins_anew(void **state) {
  (void)state;
  put("Content-Length: 0\r\nConnection: close\r\n");
  origin(OK_CLOSE);
  add(E100_STEP_CLOSE, E100_ORIGIN, NULL);
  add(E100_STEP_OPEN, E100_CLIENT, NULL);
  put(ASKS);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 2");
}

/* ---- what is permitted -------------------------------------------------------------------------- */

/* The set of one alternative. */
#define MAY(alternative) (1 << E100_ALT_##alternative)

static void a_finding_says_what_would_have_been_permitted(void **state) {
  (void)state;
  struct e100_verdict verdict;
  put(ASKS);
  settled();
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.list[0].considered, (1 << (E100_ALT_CLOSE + 1)) - 1);
  assert_int_equal(verdict.findings.list[0].permitted,
                   MAY(100) | MAY(FINAL) | MAY(FINAL_CLOSE) | MAY(400_CLOSE) | MAY(417) | MAY(CLOSE));
  e100_exchange_clear(&talk);
  client("PUT / HTTP/1.0\r\n" ASKS "\r\n");
  origin(CONTINUE);
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.list[0].rule, E100_SERVER_10_NO_INTERIM);
  assert_int_equal(verdict.findings.list[0].permitted,
                   MAY(SILENCE) | MAY(FINAL) | MAY(FINAL_CLOSE) | MAY(400_CLOSE) | MAY(CLOSE));
  e100_exchange_clear(&talk);
  put("Content-Length: x\r\nExpect: 100-continue\r\n");
  origin(OK);
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.list[0].rule, E100_SERVER_BAD_FRAMING_400);
  assert_int_equal(verdict.findings.list[0].permitted, MAY(100) | MAY(400_CLOSE) | MAY(417) | MAY(CLOSE));
}

static bool permits(unsigned status, bool closing) {
  struct e100_view view;
  struct e100_findings found = {0};
  e100_view_init(&view, &talk);
  for (uint32_t i = 0; i < talk.step_count; i++)
    e100_view_step(&view, &talk.steps[i], i, e100_step_octets(&talk, &talk.steps[i]), &found);
  return e100_view_permits(&view, 0, status, closing);
}

static void the_model_accepts_status_sequences(void **state) {
  (void)state;
  assert_false(permits(200, false));
  assert_true(permits(408, true));
  put(ASKS);
  assert_true(permits(100, false));
  assert_true(permits(103, false));
  assert_true(permits(200, false));
  assert_true(permits(417, true));
  assert_false(permits(101, false));
  assert_false(permits(99, false));
  assert_true(permits(600, false)); /* invalid, and in the grammar */
  origin(CONTINUE);
  assert_true(permits(100, false));
  assert_true(permits(413, true));
  origin(OK_CLOSE);
  assert_false(permits(100, false));
  assert_false(permits(200, false));
  e100_exchange_clear(&talk);
  put(ASKS "Connection: upgrade\r\nUpgrade: b\r\n");
  assert_false(permits(101, false));
  origin(CONTINUE);
  assert_true(permits(101, false));
  origin("HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: b\r\n\r\n");
  assert_false(permits(200, false)); /* no longer HTTP */
  e100_exchange_clear(&talk);
  put(ASKS);
  add(E100_STEP_CLOSE, E100_ORIGIN, NULL);
  assert_false(permits(200, true));
  e100_exchange_clear(&talk);
  client("PUT / HTTP/1.1\n\n");
  assert_true(permits(200, false)); /* who knows */
  for (unsigned i = 0; i < E100_ALT_COUNT; i++)
    assert_true(strlen(e100_alternative_name(i)) > 0);
}

/* Where a proxy owes an interim response, it may pass that on, or close: no answer of its own comes before.
 */
static void a_proxy_may_pass_on_what_came(void **state) {
  static const char text[] = "kind: judge\nrole: proxy\n\n"
                             "-- client>proxy d1 --\nGET http://a.example/ HTTP/1.1\nHost: a.example\n\n"
                             "-- proxy>origin u1 --\nGET / HTTP/1.1\nHost: a.example\nVia: 1.1 p\n\n"
                             "-- origin>proxy u1 --\nHTTP/1.1 103 Early Hints\n\n-- settled --\n";
  struct e100_verdict verdict;
  (void)state;
  e100_exchange_clear(&talk);
  e100_case_decode(&talk, (const uint8_t *)text, sizeof text - 1, false, NULL, NULL);
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.count, 1);
  assert_int_equal(verdict.findings.list[0].rule, E100_PROXY_FORWARDS_INTERIM);
  assert_int_equal(verdict.findings.list[0].permitted, MAY(INTERIM) | MAY(CLOSE));
}

/* ---- readings ------------------------------------------------------------------------------------ */

static void a_reading_resolves_lone_line_feeds(void **state) {
  (void)state;
  client("PUT / HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
  settled();
  struct e100_verdict verdict;
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.count, 0);
  assert_true(is_undecided(E100_ORIGIN_100_OR_FINAL));
  talk.reading = 1;
  e100_judge(&talk, &verdict);
  assert_int_equal(verdict.findings.count, 1);
  assert_int_equal(verdict.findings.list[0].reading, 1);
  talk.reading = 0;
  (void)findings();
}

/* ---- what holds for every exchange -------------------------------------------------------------- */

/* FOUND is what WHOLE begins with, but for what is taken back later: where a final response was only slow. */
static bool are_first_of(const struct e100_findings *found, const struct e100_findings *whole) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < found->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &found->list[i];
    bool same = at < whole->count && memcmp(finding, &whole->list[at], sizeof *finding) == 0;
    if (!same && !e100_may_be_taken_back(finding->rule))
      return false;
    at += same ? 1 : 0;
  }
  return true;
}

/* Judging again gives the same; the findings of each prefix are a prefix of the findings; each state has a
 * number below the limit and words. */
static void holds_step_by_step(const struct e100_exchange *exchange) {
  struct e100_verdict whole, again;
  struct e100_view view;
  struct e100_findings found = {0};
  e100_judge(exchange, &whole);
  e100_judge(exchange, &again);
  assert_memory_equal(&whole, &again, sizeof whole);
  e100_view_init(&view, exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    e100_view_step(&view, step, i, e100_step_octets(exchange, step), &found);
    assert_true(are_first_of(&found, &whole.findings));
    for (uint32_t link = 0; link < exchange->link_count; link++)
      assert_true(e100_view_state(&view, link) < E100_VIEW_STATES);
  }
  assert_int_equal(found.count, whole.findings.count);
  struct e100_text words = {0};
  e100_view_state_text(e100_view_state(&view, 0), &words);
  assert_true(words.length > 0);
  e100_text_free(&words);
}

/* Cuts every delivery into pieces of SIZE octets. */
static void cut(struct e100_exchange *to, const struct e100_exchange *from, uint32_t size) {
  e100_exchange_copy(to, from);
  to->step_count = 0;
  to->octet_count = 0;
  for (uint32_t i = 0; i < from->step_count; i++) {
    struct e100_step step = from->steps[i];
    const uint8_t *octets = e100_step_octets(from, &step);
    uint32_t left = step.length;
    do {
      uint32_t piece = step.kind == E100_STEP_DELIVER && left > size ? size : left;
      assert_true(e100_exchange_append(to, &step, octets, piece) >= 0);
      octets += piece;
      left -= piece;
    } while (left > 0);
  }
}

static void holds_however_it_is_cut(const struct e100_exchange *exchange) {
  struct e100_exchange pieces;
  struct e100_verdict whole, parts;
  e100_exchange_init(&pieces);
  e100_judge(exchange, &whole);
  uint32_t more = exchange->octet_count / (E100_STEPS_LIMIT / 2); /* so that there is room for the pieces */
  for (uint32_t size = more + 1; size <= more + 3; size++) {
    cut(&pieces, exchange, size);
    e100_judge(&pieces, &parts);
    assert_int_equal(parts.findings.count, whole.findings.count);
    for (uint32_t i = 0; i < whole.findings.count && i < E100_FINDINGS_LIMIT; i++) {
      struct e100_finding wanted = whole.findings.list[i], got = parts.findings.list[i];
      wanted.step = got.step;
      assert_memory_equal(&wanted, &got, sizeof wanted);
    }
    assert_memory_equal(&whole.decided, &parts.decided, sizeof whole.decided);
    assert_memory_equal(&whole.undecided, &parts.undecided, sizeof whole.undecided);
  }
  e100_exchange_free(&pieces);
}

static void check_findings(const char *name, const struct e100_exchange *exchange) {
  struct e100_verdict verdict;
  e100_judge(exchange, &verdict);
  if (verdict.findings.count != exchange->expected_count)
    fail_msg("%s: %u findings, not %u", name, verdict.findings.count, exchange->expected_count);
  for (uint32_t i = 0; i < verdict.findings.count; i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    const struct e100_expected_finding *wanted = &exchange->expected[i];
    bool blamed = wanted->party == E100_NOBODY || wanted->party == finding->party;
    if (strcmp(e100_rule(finding->rule)->id, wanted->rule) != 0 || finding->step + 1 != wanted->step ||
        finding->request != wanted->request || !blamed)
      fail_msg("%s: request %u, step %u: %s", name, finding->request, finding->step + 1,
               e100_rule(finding->rule)->id);
  }
}

static void each_case_that_is_judged_has_its_findings(void **state) {
  (void)state;
  static uint8_t text[65536];
  char path[4096];
  unsigned count = 0;
  DIR *folder = opendir(E100_TEST_SOURCE "/corpus/cases/origin");
  assert_non_null(folder);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (entry->d_name[0] == '.')
      continue;
    (void)snprintf(path, sizeof path, "%s/corpus/cases/origin/%s", E100_TEST_SOURCE, entry->d_name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    e100_case_decode(&talk, text, length, false, NULL, NULL);
    if (talk.kind == E100_KIND_JUDGE && talk.has_expected) {
      check_findings(entry->d_name, &talk);
      count++;
    }
    holds_step_by_step(&talk);
    holds_however_it_is_cut(&talk);
  }
  (void)closedir(folder);
  assert_true(count > 50);
  e100_exchange_clear(&talk);
}

/* Pieces from which conversations are made that get far into the model. */
static const char *const client_pieces[] = {"PUT / HTTP/1.1\r\nHost: a\r\n",
                                            "GET / HTTP/1.0\r\n",
                                            "HEAD / HTTP/1.1\r\nHost: a\r\n",
                                            "\r\n",
                                            "\r\n",
                                            "\r",
                                            "\n",
                                            "Content-Length: 5\r\n",
                                            "Expect: 100-continue\r\n",
                                            "Transfer-Encoding: chunked\r\n",
                                            "hello",
                                            "5\r\nhello\r\n0\r\n\r\n",
                                            "Connection: close\r\n",
                                            "Upgrade: b\r\n",
                                            "Expect: x=\"",
                                            "\"",
                                            ",",
                                            " ",
                                            ":",
                                            "0\r\n"};
static const char *const origin_pieces[] = {CONTINUE,
                                            OK,
                                            OK_CLOSE,
                                            REFUSED,
                                            "HTTP/1.1 204 \r\n\r\n",
                                            "HTTP/1.1 417 \r\nContent-Length: 5\r\n\r\n",
                                            "hello",
                                            "HTTP/1.1 101 \r\nUpgrade: b\r\n\r\n",
                                            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n",
                                            "0\r\n\r\n",
                                            "\r\n",
                                            "HTTP/1.1 103 \r\nA: b\r\n",
                                            "HTTP/1.1 1"};

static void random_delivery(struct samples *samples, struct e100_exchange *exchange, uint8_t from,
                            uint8_t link) {
  uint8_t octets[512];
  size_t length = 0;
  bool by_client = from == exchange->links[link].client;
  uint32_t count = 1 + sample(samples, 4);
  for (uint32_t i = 0; i < count; i++) {
    const char *piece = by_client
                            ? client_pieces[sample(samples, sizeof client_pieces / sizeof *client_pieces)]
                            : origin_pieces[sample(samples, sizeof origin_pieces / sizeof *origin_pieces)];
    size_t more = strlen(piece);
    if (length + more < sizeof octets)
      memcpy(octets + length, piece, more);
    length += length + more < sizeof octets ? more : 0;
  }
  if (length > 0 && sample(samples, 4) == 0)
    octets[sample(samples, (uint32_t)length)] = (uint8_t)sample(samples, 256);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = from, .link = link};
  (void)e100_exchange_append(exchange, &step, octets, length);
}

static void random_exchange(struct samples *samples, struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, (enum e100_role)sample(samples, E100_ROLE_COUNT));
  exchange->kind = (uint8_t)(sample(samples, 8) == 0);
  exchange->reading = sample(samples, 2);
  exchange->seen_by = (uint8_t)sample(samples, E100_PARTY_COUNT);
  uint32_t steps = sample(samples, 24);
  for (uint32_t i = 0; i < steps; i++) {
    uint8_t link = (uint8_t)sample(samples, exchange->link_count);
    uint8_t from = sample(samples, 2) == 0 ? exchange->links[link].client : exchange->links[link].server;
    if (sample(samples, 3) > 0) {
      random_delivery(samples, exchange, from, link);
      continue;
    }
    struct e100_step step = {.kind = (uint8_t)(1 + sample(samples, E100_STEP_KIND_COUNT)),
                             .from = sample(samples, 8) == 0 ? (uint8_t)sample(samples, 256) : from,
                             .link = sample(samples, 8) == 0 ? (uint8_t)sample(samples, 256) : link,
                             .what = (uint8_t)sample(samples, 8),
                             .status = (uint16_t)sample(samples, 1000),
                             .count = sample(samples, 8)};
    (void)e100_exchange_append(exchange, &step, NULL, 0);
  }
}

static void every_exchange_is_judged(void **state) {
  (void)state;
  struct samples samples = {.state = 100};
  for (unsigned i = 0; i < 20000; i++) {
    random_exchange(&samples, &talk);
    holds_step_by_step(&talk);
    if (i % 4 == 0)
      holds_however_it_is_cut(&talk);
  }
  e100_exchange_clear(&talk);
}

static void a_long_pipeline_is_too_much_but_does_no_harm(void **state) {
  (void)state;
  for (unsigned i = 0; i < 100; i++)
    put("Content-Length: 0\r\n");
  settled();
  assert_string_equal(findings(), "");
  for (unsigned i = 0; i < 100; i++) {
    put("Content-Length: 0\r\n");
    origin(OK);
  }
  put(ASKS);
  settled();
  assert_string_equal(findings(), "ORIGIN_100_OR_FINAL origin 101");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_worked_example_has_its_two_findings),
      TEST(a_silence_is_reported_once),
      TEST(an_expectation_is_read_in_every_spelling),
      TEST(outside_the_grammar_nobody_knows_what_is_asked),
      TEST(no_100_is_due),
      TEST(the_next_request_waits_for_its_turn),
      TEST(an_application_that_was_told_and_does_not_decide_is_to_blame),
      TEST(statuses_that_the_application_chose_are_its_own),
      TEST(a_proxy_has_no_origin_servers_duties_and_a_gateway_has),
      TEST(only_who_is_there_has_undecided_rules),
      TEST(half_a_response_is_no_time_without_a_request),
      TEST(what_crosses_on_the_wire_is_undecided),
      TEST(what_others_do_is_not_the_subjects),
      TEST(early_finals),
      TEST(octets_that_are_no_response),
      TEST(a_timeout_may_be_announced),
      TEST(a_response_to_nothing_at_all),
      TEST(content_is_what_the_framing_says),
      TEST(upgraded_octets_are_not_http),
      TEST(a_new_connection_begins_anew),
      TEST(a_finding_says_what_would_have_been_permitted),
      TEST(a_proxy_may_pass_on_what_came),
      TEST(the_model_accepts_status_sequences),
      TEST(a_reading_resolves_lone_line_feeds),
      TEST(each_case_that_is_judged_has_its_findings),
      TEST(every_exchange_is_judged),
      TEST(a_long_pipeline_is_too_much_but_does_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
