/*
 * machine_limits_test.c - every named limit at its edge, and clients that never end or go at any octet: the
 * right status or a close, and nothing grows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/model.h"
#include "subjects/origin_subject.h"
#include "tests/machine_run.h"

/* ---- limits at their edges ---------------------------------------------------------------------- */

static void repeat(struct e100_text *text, const char *piece, size_t times) {
  for (size_t i = 0; i < times; i++)
    e100_text_add(text, piece, strlen(piece));
}

/* Answers STATUS however the octets come; frees TEXT. */
static void check_status(struct e100_text *text, unsigned status) {
  unsigned got = status_for(text->text, text->length);
  if (got != status)
    fail_msg("%zu octets, %.40s...: %u, not %u", text->length, text->text, got, status);
  assert_true(same_however_cut(text->text, text->length));
  e100_text_free(text);
}

static void a_request_line_has_a_limit(void **state) {
  static const char *const before[] = {"", "\r\n", "\r\n\r\n\r\n"};
  (void)state;
  for (int beyond = -1; beyond <= 1; beyond++) {
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
      struct e100_text text = {0};
      e100_text_format(&text, "%sGET /", before[i]);
      repeat(&text, "a", (size_t)(E100_START_LINE_LIMIT + beyond) - strlen("GET / HTTP/1.1"));
      e100_text_format(&text, " HTTP/1.1\r\nHost:a\r\n\r\n");
      check_status(&text, beyond > 0 ? 414 : 200);
    }
  }
}

static void a_head_has_a_limit(void **state) {
  (void)state;
  for (int beyond = -1; beyond <= 1; beyond++) {
    struct e100_text text = {0};
    e100_text_format(&text, "\r\n\r\nGET / HTTP/1.1\r\nHost:a\r\nA:");
    size_t counted = text.length - 4 + strlen("\r\n\r\n");
    repeat(&text, "a", (size_t)(E100_HEAD_LIMIT + beyond) - counted);
    e100_text_format(&text, "\r\n\r\n");
    check_status(&text, beyond > 0 ? 431 : 200);
  }
}

static void field_lines_have_a_limit(void **state) {
  (void)state;
  for (int beyond = -1; beyond <= 1; beyond++) {
    struct e100_text text = {0};
    e100_text_format(&text, "GET / HTTP/1.1\r\nHost:a\r\n");
    repeat(&text, "A:\r\n", (size_t)(E100_FIELD_LINES_LIMIT - 1 + beyond)); /* and Host */
    e100_text_format(&text, "\r\n");
    check_status(&text, beyond > 0 ? 431 : 200);
  }
}

static void empty_lines_have_a_limit(void **state) {
  (void)state;
  for (int beyond = -1; beyond <= 1; beyond++) {
    struct e100_text text = {0};
    repeat(&text, "\r\n", (size_t)(E100_EMPTY_LINES_LIMIT + beyond));
    e100_text_format(&text, "GET / HTTP/1.1\r\nHost:a\r\n\r\n");
    check_status(&text, beyond > 0 ? 400 : 200);
  }
}

#define CHUNKED "PUT / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\n\r\n"

/* One line of a chunk, with an extension that makes it LENGTH octets long. */
static void add_chunk_line(struct e100_text *text, size_t length) {
  e100_text_format(text, "1;");
  repeat(text, "a", length - 4);
  e100_text_format(text, "\r\n");
}

static void framing_has_a_limit(void **state) {
  (void)state;
  for (int beyond = -1; beyond <= 1; beyond++) {
    unsigned status = beyond > 0 ? 400 : 200;
    size_t length = (size_t)(E100_FRAMING_LIMIT + beyond);
    struct e100_text first = {0};
    e100_text_format(&first, CHUNKED);
    add_chunk_line(&first, length);
    e100_text_format(&first, "x\r\n0\r\n\r\n");
    check_status(&first, status);
    struct e100_text second = {0}; /* the end of the chunk before counts */
    e100_text_format(&second, CHUNKED "1\r\nx\r\n");
    add_chunk_line(&second, length - 2);
    e100_text_format(&second, "x\r\n0\r\n\r\n");
    check_status(&second, status);
    struct e100_text trailers = {0};
    e100_text_format(&trailers, CHUNKED "1\r\nx\r\n0\r\nA:");
    repeat(&trailers, "a", length - strlen("\r\n0\r\nA:\r\n\r\n"));
    e100_text_format(&trailers, "\r\n\r\n");
    check_status(&trailers, status);
    struct e100_text lines = {0};
    e100_text_format(&lines, CHUNKED "0\r\n");
    repeat(&lines, "A:\r\n", (size_t)(E100_FIELD_LINES_LIMIT + beyond));
    e100_text_format(&lines, "\r\n");
    check_status(&lines, status);
  }
}

/* Content resets the count: many chunk lines are no chunk line that is too long. */
static void many_chunks_are_fine(void **state) {
  struct e100_text text = {0};
  (void)state;
  e100_text_format(&text, CHUNKED);
  for (unsigned i = 0; i < 5; i++) {
    add_chunk_line(&text, E100_FRAMING_LIMIT - 2);
    e100_text_format(&text, "x\r\n");
  }
  e100_text_format(&text, "0\r\n\r\n");
  check_status(&text, 200);
}

/* ---- without end -------------------------------------------------------------------------------- */

/* FIRST, then PIECE so often, one delivery each: STATUS and an end, after no more than LIMIT octets. */
static void check_endless(const char *first, const char *piece, size_t times, unsigned status, size_t limit) {
  struct machine_run run = {.prompt = true};
  size_t octets = strlen(first);
  run_begin(&run, NULL);
  run_text(&run, first);
  for (size_t i = 0; i < times && run_status(&run) == 0; i++) {
    run_text(&run, piece);
    octets += strlen(piece);
    run.story.length = run.story.length > 4000 ? 0 : run.story.length;
  }
  assert_int_equal(run_status(&run), status);
  assert_true(octets <= limit + strlen(piece));
  assert_int_equal(run.origin->state, E100_ORIGIN_LINGERING);
  /* And it goes on sending: all is dropped, nothing is answered, until the timer ends it. */
  size_t before = strlen(run_story(&run));
  for (size_t i = 0; i < 1000; i++)
    run_text(&run, piece);
  assert_int_equal(run.waiting.length, 0);
  assert_int_equal(strlen(run_story(&run)), before);
  assert_int_equal(e100_origin_timer(run.origin), E100_TIMER_DISCARD);
  e100_origin_timed_out(run.origin, &run_calls, &run);
  assert_true(run.closed);
  run_free(&run);
}

static void what_never_ends_is_ended(void **state) {
  (void)state;
  check_endless("GET /", "aaaaaaaa", 1 << 17, 414, E100_START_LINE_LIMIT);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\nA: ", "aaaaaaaa", 1 << 17, 431, E100_HEAD_LIMIT);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\nExpect: ", ",,,,,,,,", 1 << 17, 431, E100_HEAD_LIMIT);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\nExpect: x=\"", "\\\"", 1 << 17, 431, E100_HEAD_LIMIT);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\n", "aaaaaaaa", 1 << 17, 431, E100_HEAD_LIMIT);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\n", "A: b\r\n", 100000, 431, E100_FIELD_LINES_LIMIT * 6 + 40);
  check_endless("GET / HTTP/1.1\r\nHost:a\r\n", "Expect: 100-continue\r\n", 100000, 431,
                E100_FIELD_LINES_LIMIT * 22 + 40);
  check_endless("", "\r\n", 100000, 400, 2 * E100_EMPTY_LINES_LIMIT + 2);
  check_endless(CHUNKED, "0", 1 << 17, 400, E100_FRAMING_LIMIT + 100);
  check_endless(CHUNKED "1;", "a", 1 << 17, 400, E100_FRAMING_LIMIT + 100);
  check_endless(CHUNKED "0\r\n", "A: b\r\n", 100000, 400, E100_FRAMING_LIMIT + 100);
  check_endless(CHUNKED "0\r\nA:", "b", 1 << 17, 400, E100_FRAMING_LIMIT + 100);
}

/* A megabyte in one go is no different. */
static void a_megabyte_in_one_field_gets_431(void **state) {
  struct e100_text text = {0};
  (void)state;
  e100_text_format(&text, "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 5\r\nExpect: ");
  repeat(&text, "0123456789abcdef", 1 << 16);
  e100_text_format(&text, "\r\n\r\nhello");
  check_status(&text, 431);
}

static void a_hundred_thousand_field_lines_get_431(void **state) {
  struct e100_text text = {0};
  (void)state;
  e100_text_format(&text, "GET / HTTP/1.1\r\nHost:a\r\n");
  repeat(&text, "A: b\r\n", 100000);
  e100_text_format(&text, "\r\n");
  check_status(&text, 431);
}

/* Content has no limit of the machine's own: it keeps none of it. */
static void content_is_handed_on_and_not_kept(void **state) {
  static uint8_t octets[1 << 16];
  struct machine_run run = {.prompt = true};
  (void)state;
  run_begin(&run, NULL);
  run_text(&run, "PUT / HTTP/1.1\r\nHost:a\r\nContent-Length: 18446744073709551615\r\n\r\n");
  for (unsigned i = 0; i < 1000; i++)
    run_deliver(&run, octets, sizeof octets);
  assert_int_equal(run.content, 1000 * sizeof octets);
  assert_int_equal(run.waiting.length, 0);
  run_free(&run);
}

/* ---- clients that go, or stop, at any octet ----------------------------------------------------- */

static const char conversation[] =
    "PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
    "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"
    "GET /c HTTP/1.1\r\nHost: a\r\n\r\n";

typedef void ending(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);

static unsigned count(const char *story, const char *what) {
  unsigned found = 0;
  for (const char *at = story; (at = strstr(at, what)) != NULL; at++)
    found++;
  return found;
}

/* Each request that the application heard of is complete or aborted, once, and nothing follows the end. */
static void check_end(struct machine_run *run) {
  const char *story = run_story(run);
  assert_int_equal(count(story, "head "), count(story, "complete\n") + count(story, "aborted\n"));
  assert_true(count(story, "half-closes\n") + count(story, "\ncloses\n") <= 2);
}

static void end_at_each_octet(bool prompt, ending *end, struct machine_run *runs, size_t at) {
  *runs = (struct machine_run){.prompt = prompt};
  run_begin(runs, NULL);
  run_deliver(runs, conversation, at);
  end(runs->origin, &run_calls, runs);
}

static void a_client_may_go_at_any_octet(void **state) {
  (void)state;
  for (size_t at = 0; at < sizeof conversation; at++) {
    for (unsigned prompt = 0; prompt < 2; prompt++) {
      struct machine_run run;
      end_at_each_octet(prompt != 0, e100_origin_gone, &run, at);
      assert_true(run.closed);
      assert_int_equal(run.origin->state, E100_ORIGIN_OVER);
      if (prompt != 0)
        check_end(&run);
      /* And once it is over, nothing happens any more. */
      size_t before = strlen(run_story(&run));
      run.waiting.length = 0;
      run_text(&run, conversation);
      e100_origin_half_closed(run.origin, &run_calls, &run);
      e100_origin_timed_out(run.origin, &run_calls, &run);
      e100_origin_gone(run.origin, &run_calls, &run);
      assert_int_equal(strlen(run_story(&run)), before);
      run_free(&run);
    }
  }
}

static void a_client_may_half_close_at_any_octet(void **state) {
  (void)state;
  for (size_t at = 0; at < sizeof conversation; at++) {
    struct machine_run run;
    end_at_each_octet(true, e100_origin_half_closed, &run, at);
    check_end(&run);
    /* In the middle of content 400; between requests, and within a head, an end without a word. */
    bool aborted = count(run_story(&run), "aborted\n") == 1;
    assert_int_equal(run_status(&run) == 400, aborted);
    assert_true(run.closed || run.origin->state == E100_ORIGIN_LINGERING);
    run_free(&run);
  }
}

static void a_client_may_stop_at_any_octet(void **state) {
  (void)state;
  for (size_t at = 0; at < sizeof conversation; at++) {
    struct machine_run run = {.prompt = true};
    run_begin(&run, NULL);
    run_deliver(&run, conversation, at);
    int timer = e100_origin_timer(run.origin);
    e100_origin_timed_out(run.origin, &run_calls, &run);
    check_end(&run);
    /* Every state in which a client is awaited has a timer, and 408 is said where something was begun. */
    assert_true(timer == E100_TIMER_HEAD || timer == E100_TIMER_CONTENT || timer == E100_TIMER_IDLE);
    assert_int_equal(run_status(&run) == 408, timer != E100_TIMER_IDLE);
    assert_true(run.closed || run.origin->state == E100_ORIGIN_LINGERING);
    run_free(&run);
  }
}

/* ---- what a subject holds back ------------------------------------------------------------------ */

/* While an answer is due a client that goes on sending is not read; beyond the limit it is reset. */
static void a_client_that_floods_is_reset(void **state) {
  static uint8_t octets[1 << 16];
  struct e100_exchange play;
  struct e100_exchange transcript;
  (void)state;
  memset(octets, 'a', sizeof octets);
  e100_exchange_init(&play);
  e100_exchange_init(&transcript);
  play.kind = E100_KIND_PLAY;
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  static const char request[] = "GET / HTTP/1.1\r\nHost:a\r\n\r\n";
  e100_exchange_append(&play, &step, (const uint8_t *)request, sizeof request - 1);
  for (size_t i = 0; i < E100_HELD_BACK_LIMIT / sizeof octets + 2; i++)
    e100_exchange_append(&play, &step, octets, sizeof octets);
  assert_true(e100_play(&play, e100_subject_named("reference", E100_ROLE_ORIGIN), &transcript));
  uint32_t resets = 0;
  size_t delivered = 0;
  for (uint32_t i = 0; i < transcript.step_count; i++) {
    resets += transcript.steps[i].kind == E100_STEP_RESET;
    delivered += transcript.steps[i].from == E100_CLIENT ? transcript.steps[i].length : 0;
  }
  struct e100_verdict verdict;
  e100_judge(&transcript, &verdict);
  for (uint32_t i = 0; i < verdict.findings.count; i++)
    assert_int_not_equal(e100_rule_severity(verdict.findings.list[i].rule), E100_VIOLATION);
  assert_int_equal(resets, 1);
  assert_true(delivered <= E100_HELD_BACK_LIMIT + sizeof octets + sizeof request);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_request_line_has_a_limit),
      cmocka_unit_test(a_head_has_a_limit),
      cmocka_unit_test(field_lines_have_a_limit),
      cmocka_unit_test(empty_lines_have_a_limit),
      cmocka_unit_test(framing_has_a_limit),
      cmocka_unit_test(many_chunks_are_fine),
      cmocka_unit_test(what_never_ends_is_ended),
      cmocka_unit_test(a_megabyte_in_one_field_gets_431),
      cmocka_unit_test(a_hundred_thousand_field_lines_get_431),
      cmocka_unit_test(content_is_handed_on_and_not_kept),
      cmocka_unit_test(a_client_may_go_at_any_octet),
      cmocka_unit_test(a_client_may_half_close_at_any_octet),
      cmocka_unit_test(a_client_may_stop_at_any_octet),
      cmocka_unit_test(a_client_that_floods_is_reset),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
