/*
 * machine_test.c - the origin server's machine: every row brought about, and that it is plain data.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/rules.h"
#include "tests/machine_run.h"

enum { ROWS = E100_ORIGIN_STATES * E100_ORIGIN_EVENTS };

/* ---- every row, brought about by the calls that there are -------------------------------------------------
 */

#define ASKS                                                                                   \
  "PUT / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\nExpect: 100-continue\r\n" \
  "Transfer-Encoding: chunked\r\n\r\n"
#define OFFERS \
  "PUT / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n"
#define STANDS_ALONE "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"

static const struct e100_origin_policy discards = {.discard = true};

static bool respond(struct machine_run *run, uint16_t status, bool close) {
  struct e100_response response = {
      .status = status, .close = close, .content = (const uint8_t *)"yes", .content_length = 3};
  return e100_origin_respond(run->origin, &run_calls, run, &response);
}

static bool accept(struct machine_run *run) {
  return e100_origin_accept(run->origin, &run_calls, run);
}

static bool upgrade(struct machine_run *run) {
  return e100_origin_upgrade(run->origin, &run_calls, run, "Upgrade: x\r\nConnection: upgrade\r\n");
}

/* Brings a new machine into STATE. */
static void reach(struct machine_run *run, unsigned state) {
  *run = (struct machine_run){.heads = 0};
  run_begin(run, &discards);
  switch (state) {
  case E100_ORIGIN_AWAITED:
    break;
  case E100_ORIGIN_ASKED:
    run_text(run, ASKS);
    break;
  case E100_ORIGIN_OFFERED:
    run_text(run, OFFERS);
    break;
  case E100_ORIGIN_ENCOURAGED:
    run_text(run, ASKS);
    assert_true(accept(run));
    break;
  case E100_ORIGIN_PROCEEDED:
    run_text(run, OFFERS);
    assert_true(accept(run));
    break;
  case E100_ORIGIN_WHOLE:
    run_text(run, STANDS_ALONE);
    break;
  case E100_ORIGIN_DISCARDING:
    run_text(run, OFFERS);
    assert_true(respond(run, 403, false));
    break;
  case E100_ORIGIN_LINGERING:
    run_text(run, OFFERS);
    assert_true(respond(run, 403, true));
    break;
  case E100_ORIGIN_SWITCHED:
    run_text(run, STANDS_ALONE);
    assert_true(upgrade(run));
    break;
  default:
    assert_true(e100_origin_close(run->origin, &run_calls, run));
    break;
  }
  assert_int_equal(run->origin->state, state);
}

/* Calls what makes EVENT; gives what the call gave, and true where it gives nothing. */
static bool happen(struct machine_run *run, unsigned event) {
  struct e100_request_facts *facts = &run->origin->reader.facts;
  switch (event) {
  case E100_HEAD_ASKS:
    run_text(run, ASKS);
    return true;
  case E100_HEAD_OFFERS:
    run_text(run, OFFERS);
    return true;
  case E100_HEAD_STANDS_ALONE:
    run_text(run, STANDS_ALONE);
    return true;
  case E100_HEAD_IS_WRONG:
    run_text(run, "GET / HTTP/1.1\r\nHost : a\r\n\r\n");
    return true;
  case E100_CONTENT_ARRIVES:
    run_text(run, "3\r\nabc\r\n");
    return true;
  case E100_CONTENT_ENDS:
    run_text(run, "0\r\n\r\n");
    return true;
  case E100_CONTENT_IS_WRONG:
    run_text(run, "x");
    return true;
  case E100_APP_ACCEPTS_ALOUD:
    run->origin->policy.unasked_100 = true;
    facts->minor = 1;
    return accept(run);
  case E100_APP_ACCEPTS:
    return accept(run);
  case E100_APP_RESPONDS_LAST:
    return respond(run, 200, true);
  case E100_APP_RESPONDS:
    facts->persists = true;
    return respond(run, 200, false);
  /* What the head said of an upgrade is data: here it is said for every state. */
  case E100_APP_UPGRADES:
  case E100_APP_UPGRADES_ASKED:
    facts->upgrade = facts->asks = true;
    facts->minor = 1;
    run->origin->said_100 = event == E100_APP_UPGRADES;
    return upgrade(run);
  case E100_APP_CLOSES:
    return e100_origin_close(run->origin, &run_calls, run);
  case E100_CLIENT_HALF_CLOSES:
    e100_origin_half_closed(run->origin, &run_calls, run);
    return true;
  case E100_CLIENT_GOES:
    e100_origin_gone(run->origin, &run_calls, run);
    return true;
  default:
    e100_origin_timed_out(run->origin, &run_calls, run);
    return true;
  }
}

/* What each action leaves in the story; NULL: nothing at all. */
static const char *const tales[E100_ORIGIN_ACTIONS] = {
    [E100_DO_TELL_HEAD] = "head 1.1 method 0 chunked 0",
    [E100_DO_TELL_REQUEST] = "head 1.1 method 0 none 0 persists upgrade hosts 1\ncomplete\n",
    [E100_DO_PASS_CONTENT] = "content 3\n",
    [E100_DO_TELL_COMPLETE] = "complete\n",
    [E100_DO_SEND_100] = "sends HTTP/1.1 100 Continue||\n",
    [E100_DO_SEND_FINAL] = "sends HTTP/1.1 200 OK|Content-Length: 3||yes\n",
    [E100_DO_SEND_FINAL_AND_CLOSE] =
        "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: close||yes\ncloses\n",
    [E100_DO_SEND_FINAL_AND_LINGER] =
        "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: close||yes\nhalf-closes\n",
    [E100_DO_SEND_101] = "sends HTTP/1.1 101 Switching Protocols|Upgrade: x|Connection: upgrade||\n",
    [E100_DO_SEND_100_AND_101] =
        "sends HTTP/1.1 100 Continue||HTTP/1.1 101 Switching Protocols|Upgrade: x|Connection: upgrade||\n",
    [E100_DO_REFUSE_HEAD] =
        "sends HTTP/1.1 400 Bad Request|Content-Length: 0|Connection: close||\nhalf-closes\n",
    [E100_DO_ABORT_AND_400] =
        "aborted\nsends HTTP/1.1 400 Bad Request|Content-Length: 0|Connection: close||\nhalf-closes\n",
    [E100_DO_ABORT_AND_408] =
        "aborted\nsends HTTP/1.1 408 Request Timeout|Content-Length: 0|Connection: close||\nhalf-closes\n",
    [E100_DO_TIME_OUT_HEAD] = "closes\n",
    [E100_DO_ABORT_AND_CLOSE] = "aborted\ncloses\n",
    [E100_DO_CLOSE] = "closes\n",
};

static void bring_about(const struct e100_row *row) {
  struct machine_run run;
  reach(&run, row->state);
  run_story(&run);
  size_t before = run.story.length;
  run.rows = 0;
  bool done = happen(&run, row->event);
  const char *tale = tales[row->action];
  const char *told = run_story(&run) + before;
  if (run.rows != 1 || memcmp(&run.row, row, sizeof *row) != 0)
    fail_msg("%s, %s: another row was taken, or %u rows", e100_origin_table.state_names[row->state],
             e100_origin_table.event_names[row->event], run.rows);
  if (tale != NULL ? strncmp(told, tale, strlen(tale)) != 0 : *told != '\0')
    fail_msg("%s, %s: %s", e100_origin_table.state_names[row->state],
             e100_origin_table.event_names[row->event], told);
  assert_int_equal(done, row->action != E100_DO_REJECT);
  assert_int_equal(run.origin->state, row->next);
  run_free(&run);
}

static void every_row_is_taken_and_does_what_it_says(void **state) {
  unsigned count = 0;
  (void)state;
  for (unsigned i = 0; i < ROWS; i++) {
    const struct e100_row *row = &e100_origin_table.rows[i];
    if (row->action == E100_DO_IMPOSSIBLE)
      continue;
    bring_about(row);
    count++;
  }
  assert_true(count > E100_ORIGIN_STATES);
}

/* No call brings about what is impossible: it does nothing, or another row is taken. */
static void no_call_does_the_impossible(void **state) {
  (void)state;
  for (unsigned i = 0; i < ROWS; i++) {
    const struct e100_row *row = &e100_origin_table.rows[i];
    struct machine_run run;
    if (row->action != E100_DO_IMPOSSIBLE)
      continue;
    reach(&run, row->state);
    happen(&run, row->event);
    run_free(&run);
  }
}

/* ---- answers ------------------------------------------------------------------------------------ */

static const char *answer(const char *request, const struct e100_response *response,
                          struct machine_run *run) {
  *run = (struct machine_run){.heads = 0};
  run_begin(run, NULL);
  run_text(run, request);
  run_story(run);
  run->story.length = 0;
  e100_origin_respond(run->origin, &run_calls, run, response);
  return run_story(run);
}

static void an_answer_has_the_framing_that_fits(void **state) {
  static const struct {
    const char *request;
    uint16_t status;
    bool close;
    const char *answer;
  } answers[] = {
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200, false, "sends HTTP/1.1 200 OK|Content-Length: 3|X: y||abc\n"},
      {"HEAD / HTTP/1.1\r\nHost:a\r\n\r\n", 200, false, "sends HTTP/1.1 200 OK|Content-Length: 3|X: y||\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 204, false, "sends HTTP/1.1 204 No Content|X: y||\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 205, false,
       "sends HTTP/1.1 205 Reset Content|Content-Length: 0|X: y||\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 304, false, "sends HTTP/1.1 304 Not Modified|X: y||\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 299, false, "sends HTTP/1.1 299 |Content-Length: 3|X: y||abc\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 999, false, "sends HTTP/1.1 999 |Content-Length: 3|X: y||abc\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200, true,
       "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: close|X: y||abc\ncloses\n"},
      {"GET / HTTP/1.1\r\nHost:a\r\nConnection: close\r\n\r\n", 200, false,
       "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: close|X: y||abc\ncloses\n"},
      {"GET / HTTP/1.0\r\n\r\n", 200, false,
       "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: close|X: y||abc\ncloses\n"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, false,
       "sends HTTP/1.1 200 OK|Content-Length: 3|Connection: keep-alive|X: y||abc\n"},
      {"PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 5\r\n\r\n", 403, false,
       "sends HTTP/1.1 403 Forbidden|Content-Length: 3|Connection: close|X: y||abc\nhalf-closes\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    struct machine_run run;
    struct e100_response response = {.status = answers[i].status,
                                     .close = answers[i].close,
                                     .fields = "X: y\r\n",
                                     .content = (const uint8_t *)"abc",
                                     .content_length = 3};
    assert_string_equal(answer(answers[i].request, &response, &run), answers[i].answer);
    run_free(&run);
  }
}

static void a_status_that_is_none_is_refused(void **state) {
  static const uint16_t none[] = {0, 99, 100, 101, 199, 1000, 65535};
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    struct machine_run run;
    struct e100_response response = {.status = none[i]};
    assert_string_equal(answer("GET / HTTP/1.1\r\nHost:a\r\n\r\n", &response, &run), "");
    assert_true(respond(&run, 200, false));
    run_free(&run);
  }
}

static void policy_answers_before_the_application_hears_of_it(void **state) {
  static const struct {
    struct e100_origin_policy policy;
    const char *request;
    const char *story;
  } tries[] = {
      {{.content_limit = 5},
       "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
       "sends HTTP/1.1 413 Content Too Large|Content-Length: 0|Connection: close||\nhalf-closes\n"},
      {{.content_limit = 5, .discard = true},
       "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 6\r\n\r\nabcdefGET / HTTP/1.1\r\nHost:a\r\n\r\n",
       "sends HTTP/1.1 413 Content Too Large|Content-Length: 0||\n"
       "head 1.1 method 0 none 0 persists hosts 1\ncomplete\n"},
      {{.content_limit = 5},
       "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 5\r\n\r\n",
       "head 1.1 method 0 length 5 persists hosts 1\n"},
      {{.refuse_unknown = true},
       "GET / HTTP/1.1\r\nHost:a\r\nExpect: x\r\n\r\n",
       "sends HTTP/1.1 417 Expectation Failed|Content-Length: 0||\n"},
      {{.refuse_unknown = true},
       "PUT / HTTP/1.1\r\nHost:a\r\nExpect: 100-continue, x\r\nContent-Length: 1\r\n\r\n",
       "sends HTTP/1.1 417 Expectation Failed|Content-Length: 0|Connection: close||\nhalf-closes\n"},
      {{.refuse_unknown = true},
       "GET / HTTP/1.0\r\nExpect: x\r\n\r\n",
       "head 1.0 method 0 none 0 other hosts 0\ncomplete\n"},
      {{.refuse_unknown = false},
       "GET / HTTP/1.1\r\nHost:a\r\nExpect: x\r\n\r\n",
       "head 1.1 method 0 none 0 other persists hosts 1\ncomplete\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    struct machine_run run = {.heads = 0};
    run_begin(&run, &tries[i].policy);
    run_text(&run, tries[i].request);
    assert_string_equal(run_story(&run), tries[i].story);
    run_free(&run);
  }
}

static void a_host_is_demanded(void **state) {
  static const struct {
    const char *request;
    unsigned status;
  } tries[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nhOsT: a\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost2: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost: \t \r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHOST: a\r\n\r\n", 200},
      {"GET / HTTP/1.0\r\n\r\n", 200},
      {"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400},
      {"CONNECT a:1 HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 505},
  };
  (void)state;
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    struct machine_run run = {.prompt = true};
    run_begin(&run, NULL);
    run_text(&run, tries[i].request);
    assert_int_equal(run_status(&run), tries[i].status);
    run_free(&run);
  }
}

static void know_no_host(struct e100_request_facts *facts) {
  if (facts->wrong == 0)
    facts->wrong = 421;
}

/* The caller's part, in the way that origin.h shows. */
static void a_caller_can_refuse_a_head(void **state) {
  struct machine_run run = {.prompt = true, .change_facts = know_no_host};
  (void)state;
  run_begin(&run, NULL);
  run_text(&run, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert_int_equal(run_status(&run), 421);
  run_free(&run);
}

static void requests_are_answered_in_their_order(void **state) {
  static const char two[] =
      "PUT /1 HTTP/1.1\r\nHost:a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost:a\r\n\r\n";
  struct machine_run run = {.heads = 0};
  (void)state;
  run_begin(&run, NULL);
  run_text(&run, two);
  assert_int_equal(run.heads, 1);
  assert_int_equal(run.waiting.length, strlen("GET /2 HTTP/1.1\r\nHost:a\r\n\r\n"));
  assert_true(respond(&run, 200, false));
  run_offer(&run);
  assert_int_equal(run.heads, 2);
  assert_int_equal(run.waiting.length, 0);
  run_free(&run);
}

static void the_other_protocol_gets_its_octets(void **state) {
  struct machine_run run;
  (void)state;
  reach(&run, E100_ORIGIN_SWITCHED);
  run_text(&run, "\x01other\x02");
  assert_int_equal(run.waiting.length, 7);
  run_free(&run);
}

/* ---- plain data -------------------------------------------------------------------------------------------
 */

static const char conversation[] =
    "\r\nPUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
    "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=\"y\"\r\nabc\r\n00a\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
    "GET /c HTTP/1.0\r\nConnection: keep-alive\r\n\r\nHEAD /d HTTP/1.1\r\nHost:a\r\nConnection: "
    "close\r\n\r\n";

static void a_conversation_is_the_same_however_cut_and_wherever_it_lies(void **state) {
  (void)state;
  assert_true(same_however_cut(conversation, sizeof conversation - 1));
  char *story = story_cut(conversation, sizeof conversation - 1, 0, 0, false);
  assert_non_null(strstr(story, "head 1.1 method 0 length 5 asks persists hosts 1\n"
                                "sends HTTP/1.1 100 Continue||\ncontent 5\ncomplete\n"));
  assert_non_null(strstr(story, "content 13\ncomplete\n"));
  assert_non_null(strstr(story, "Connection: keep-alive"));
  assert_non_null(strstr(story, "closes\n"));
  free(story);
}

/* A copy goes on as the original does, and neither notices the other. */
static void a_copy_is_a_snapshot(void **state) {
  (void)state;
  for (size_t at = 0; at <= sizeof conversation - 1; at++) {
    struct machine_run original = {.prompt = true};
    struct machine_run copy = {.prompt = true};
    uint8_t form[E100_ORIGIN_ROOM];
    uint8_t other[E100_ORIGIN_ROOM];
    run_begin(&original, NULL);
    run_begin(&copy, NULL);
    run_deliver(&original, conversation, at);
    memcpy(copy.origin, original.origin, sizeof *copy.origin);
    e100_text_add(&copy.waiting, original.waiting.text, original.waiting.length);
    size_t length = e100_origin_form(original.origin, form);
    assert_true(length <= sizeof form);
    run_story(&original);
    size_t before = original.story.length;
    run_deliver(&original, conversation + at, sizeof conversation - 1 - at);
    assert_int_equal(e100_origin_form(copy.origin, other), length);
    assert_memory_equal(form, other, length);
    run_deliver(&copy, conversation + at, sizeof conversation - 1 - at);
    assert_string_equal(run_story(&copy), run_story(&original) + before);
    run_free(&original);
    run_free(&copy);
  }
}

/* The form is the same however the octets came, and differs where the machine would go on differently. */
static void the_form_is_canonical(void **state) {
  uint8_t whole[E100_ORIGIN_ROOM];
  uint8_t pieces[E100_ORIGIN_ROOM];
  uint8_t before[E100_ORIGIN_ROOM];
  size_t before_length = 0;
  (void)state;
  for (size_t at = 0; at <= sizeof conversation - 1; at++) {
    struct machine_run one = {.prompt = true};
    struct machine_run other = {.prompt = true, .piece = 1, .moves = true};
    run_begin(&one, NULL);
    run_begin(&other, NULL);
    run_deliver(&one, conversation, at);
    run_deliver(&other, conversation, at);
    size_t length = e100_origin_form(one.origin, whole);
    assert_int_equal(e100_origin_form(other.origin, pieces), length);
    assert_memory_equal(whole, pieces, length);
    if (at > 0 && !one.closed)
      assert_false(length == before_length && memcmp(before, whole, length) == 0);
    memcpy(before, whole, length);
    before_length = length;
    run_free(&one);
    run_free(&other);
  }
}

static void a_machine_has_the_size_that_is_documented(void **state) {
  (void)state;
  assert_true(sizeof(struct e100_origin) <= E100_ORIGIN_ROOM);
  assert_true(E100_ORIGIN_ROOM <= 1024);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_is_taken_and_does_what_it_says),
      cmocka_unit_test(no_call_does_the_impossible),
      cmocka_unit_test(an_answer_has_the_framing_that_fits),
      cmocka_unit_test(a_status_that_is_none_is_refused),
      cmocka_unit_test(policy_answers_before_the_application_hears_of_it),
      cmocka_unit_test(a_host_is_demanded),
      cmocka_unit_test(a_caller_can_refuse_a_head),
      cmocka_unit_test(requests_are_answered_in_their_order),
      cmocka_unit_test(the_other_protocol_gets_its_octets),
      cmocka_unit_test(a_conversation_is_the_same_however_cut_and_wherever_it_lies),
      cmocka_unit_test(a_copy_is_a_snapshot),
      cmocka_unit_test(the_form_is_canonical),
      cmocka_unit_test(a_machine_has_the_size_that_is_documented),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
