/*
 * case_test.c - the .case format: reading is total, printing is canonical, lint says how to mend.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "tests/exchange_samples.h"

static void decode(struct e100_exchange *exchange, const char *text) {
  e100_case_decode(exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
}

/* ---- one example, field by field ------------------------------------------------------------------ */

static const char example[] =
    "# The client asks and waits; the origin is silent, and says 100 only once content comes.\n"
    "kind: judge\n"
    "role: origin\n"
    "shows: ORIGIN_100_OR_FINAL ORIGIN_NO_WAIT\n"
    "\n"
    "-- client --\n"
    "PUT /upload HTTP/1.1\n"
    "Host: example.com\n"
    "Content-Length: 5\n"
    "Expect: 100-continue\n"
    "\n"
    "-- quiet --\n"
    "-- client --\n"
    "hello\\\n"
    "-- origin --\n"
    "HTTP/1.1 100 Continue\n"
    "\n"
    "HTTP/1.1 201 Created\n"
    "Content-Length: 0\n"
    "\n"
    "-- findings --\n"
    "request 1, step 2: ORIGIN_100_OR_FINAL\n"
    "request 1, step 4: ORIGIN_NO_WAIT\n";

static void assert_octets(const struct e100_exchange *exchange, uint32_t step, const char *octets) {
  assert_int_equal(exchange->steps[step].length, strlen(octets));
  assert_memory_equal(e100_step_octets(exchange, &exchange->steps[step]), octets, strlen(octets));
}

static void the_example_means_what_it_says(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  decode(&exchange, example);
  assert_int_equal(exchange.kind, E100_KIND_JUDGE);
  assert_int_equal(exchange.role, E100_ROLE_ORIGIN);
  assert_int_equal(exchange.seen_by, E100_NOBODY);
  assert_int_equal(exchange.truncated, 0);
  assert_string_equal(
      exchange.title,
      "The client asks and waits; the origin is silent, and says 100 only once content comes.");
  assert_int_equal(exchange.shows_count, 2);
  assert_string_equal(exchange.shows[0], "ORIGIN_100_OR_FINAL");
  assert_string_equal(exchange.shows[1], "ORIGIN_NO_WAIT");
  assert_int_equal(exchange.step_count, 4);
  assert_int_equal(exchange.steps[0].kind, E100_STEP_DELIVER);
  assert_int_equal(exchange.steps[0].from, E100_CLIENT);
  assert_int_equal(exchange.steps[0].to, E100_ORIGIN);
  assert_octets(
      &exchange, 0,
      "PUT /upload HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  assert_int_equal(exchange.steps[1].kind, E100_STEP_QUIET);
  assert_octets(&exchange, 1, "");
  assert_octets(&exchange, 2, "hello");
  assert_int_equal(exchange.steps[3].from, E100_ORIGIN);
  assert_int_equal(exchange.steps[3].to, E100_CLIENT);
  assert_octets(&exchange, 3,
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  assert_int_equal(exchange.has_expected, 1);
  assert_int_equal(exchange.expected_count, 2);
  assert_string_equal(exchange.expected[0].rule, "ORIGIN_100_OR_FINAL");
  assert_int_equal(exchange.expected[0].request, 1);
  assert_int_equal(exchange.expected[0].step, 2);
  assert_string_equal(exchange.expected[1].rule, "ORIGIN_NO_WAIT");
  assert_int_equal(exchange.expected[1].step, 4);
  struct e100_text printed = {0};
  e100_case_print(&exchange, &printed);
  assert_string_equal(printed.text, example);
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
}

static void targets_stop_at_the_findings(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)example, strlen(example), true, NULL, NULL);
  assert_int_equal(exchange.step_count, 4);
  assert_int_equal(exchange.has_expected, 0);
  assert_int_equal(exchange.expected_count, 0);
  e100_exchange_free(&exchange);
}

/* ---- every heading and every key ------------------------------------------------------------------ */

static const char every_heading[] = "# Every heading.\n"
                                    "#\n"
                                    "# And every key.\n"
                                    "kind: play\n"
                                    "role: proxy\n"
                                    "shows: A_RULE\n"
                                    "stays: Every word of the format is in it.\n"
                                    "seen-by: client\n"
                                    "links: d1 client>proxy, d2 client>proxy, u1 proxy>origin\n"
                                    "policy: late-100 discard\n"
                                    "reading: lone-lf\n"
                                    "\n"
                                    "-- client opens d2 --\n"
                                    "-- client>proxy d2 --\n"
                                    "GET / HTTP/1.1\n"
                                    "\n"
                                    "-- await 100 d2 --\n"
                                    "-- await final u1 --\n"
                                    "-- await any d1 --\n"
                                    "-- expect proxy>origin u1 --\n"
                                    "-- expect proxy resets d1 --\n"
                                    "-- expect app< head d1 --\n"
                                    "-- app< content 4294967295 d1 --\n"
                                    "-- app< complete d1 --\n"
                                    "-- app< aborted d1 --\n"
                                    "-- app< interim 103 d1 --\n"
                                    "-- app< response 200 d2 --\n"
                                    "-- app> request --\n"
                                    "PUT / HTTP/1.1\n"
                                    "\n"
                                    "hello\\\n"
                                    "-- app> accept d1 --\n"
                                    "-- app> respond 413 close d2 --\n"
                                    "too much\\\n"
                                    "-- app> respond 999 d2 --\n"
                                    "-- app> unmet d1 --\n"
                                    "-- app> unmet close d1 --\n"
                                    "-- app> upgrade d1 --\n"
                                    "-- app> close d1 --\n"
                                    "-- app> later d1 --\n"
                                    "-- settled --\n"
                                    "-- quiet --\n"
                                    "-- timer client continue --\n"
                                    "-- timer proxy head --\n"
                                    "-- timer proxy content --\n"
                                    "-- timer gateway response --\n"
                                    "-- timer origin discard --\n"
                                    "-- timer origin idle --\n"
                                    "-- client half-closes d1 --\n"
                                    "-- proxy closes d1 --\n"
                                    "-- origin>proxy u1 --\n"
                                    "-- findings --\n"
                                    "d1, party application, request 1, step 2: A_RULE\n"
                                    "d1: A_RULE\n"
                                    "step 7: A_RULE\n"
                                    "A_RULE\n";

struct messages {
  char text[8192];
  size_t length;
  uint32_t last_line;
};

/* Each message by its line: "7: ..." for a doubt, "7! ..." for what is lost. */
static void keep_message(void *user, uint32_t line, enum e100_lint weight, const char *message) {
  struct messages *messages = user;
  assert_true(line >= messages->last_line);
  messages->last_line = line;
  for (const char *c = message; *c; c++)
    assert_true(*c >= ' ' && *c <= '~');
  int length = snprintf(messages->text + messages->length, sizeof(messages->text) - messages->length,
                        "%u%c %s\n", (unsigned)line, weight == E100_LINT_LOST ? '!' : ':', message);
  assert_true(length > 0);
  messages->length += (size_t)length;
  if (messages->length > sizeof(messages->text) - 512)
    messages->length = 0;
}

static void every_heading_is_printed_as_read(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct messages messages = {.length = 0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)every_heading, strlen(every_heading), false, keep_message,
                   &messages);
  assert_string_equal(messages.text, "");
  assert_int_equal(exchange.step_count, 33);
  assert_int_equal(exchange.steps[1].link, 1);
  assert_int_equal(exchange.steps[6].flags, E100_STEP_EXPECTED);
  assert_int_equal(exchange.steps[8].count, UINT32_MAX);
  assert_int_equal(exchange.steps[15].status, 413);
  assert_int_equal(exchange.steps[15].flags, E100_STEP_CLOSING);
  assert_int_equal(exchange.steps[11].status, 103);
  assert_int_equal(exchange.steps[12].link, 1);
  assert_octets(&exchange, 13, "PUT / HTTP/1.1\r\n\r\nhello");
  assert_octets(&exchange, 15, "too much");
  assert_string_equal(exchange.expected[0].link, "d1");
  assert_int_equal(exchange.expected[0].party, E100_APPLICATION);
  struct e100_text printed = {0};
  e100_case_print(&exchange, &printed);
  assert_string_equal(printed.text, every_heading);
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
}

/* ---- spelling ------------------------------------------------------------------------------------- */

static void every_octet_can_be_written(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text printed = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  for (unsigned one = 0; one < 256; one++)
    for (unsigned other = 0; other < 256; other++) {
      const uint8_t octets[2] = {(uint8_t)one, (uint8_t)other};
      e100_exchange_clear(&exchange);
      (void)e100_exchange_append(&exchange, &step, octets, 2);
      printed.length = 0;
      e100_case_print(&exchange, &printed);
      for (size_t i = 0; i < printed.length; i++)
        assert_true(printed.text[i] == '\n' || (printed.text[i] >= ' ' && printed.text[i] <= '~'));
      e100_case_decode(&again, (const uint8_t *)printed.text, printed.length, false, NULL, NULL);
      assert_true(e100_exchange_equal(&exchange, &again));
    }
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void assert_spelling(const char *octets, size_t length, const char *body) {
  static const char before[] = "kind: judge\nrole: origin\n\n-- client --\n";
  struct e100_exchange exchange;
  struct e100_text printed = {0};
  e100_exchange_init(&exchange);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(&exchange, &step, (const uint8_t *)octets, length);
  e100_case_print(&exchange, &printed);
  assert_memory_equal(printed.text, before, strlen(before));
  assert_string_equal(printed.text + strlen(before), body);
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
}

static void octets_have_one_spelling(void **state) {
  (void)state;
  assert_spelling("", 0, "");
  assert_spelling("\r\n", 2, "\n");
  assert_spelling("a\r\n", 3, "a\n");
  assert_spelling("a\n", 2, "a\\n\\\n");
  assert_spelling("a\nb", 3, "a\\n\\\nb\\\n");
  assert_spelling("a\r", 2, "a\\r\\\n");
  assert_spelling("\r\r\n", 3, "\\r\n");
  assert_spelling("\n\r\n", 3, "\\n\n");
  assert_spelling("a\\", 2, "a\\\\\\\n");
  assert_spelling("a\\\r\n", 4, "a\\\\\n");
  assert_spelling("\0\t\x7f\xff", 4, "\\x00\\t\\x7f\\xff\\\n");
  assert_spelling("-- client --\r\n", 14, "\\x2d- client --\n");
  assert_spelling("--boundary\r\n", 12, "\\x2d-boundary\n");
  assert_spelling("a \r\nb ", 6, "a\\x20\nb \\\n");
  assert_spelling("# kind: x\r\n", 11, "# kind: x\n");
}

static void long_lines_are_continued(void **state) {
  (void)state;
  char octets[500];
  memset(octets, '-', sizeof(octets));
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text printed = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  for (size_t length = 150; length < sizeof(octets); length++) {
    e100_exchange_clear(&exchange);
    octets[length - 2] = '\r';
    octets[length - 1] = '\n';
    (void)e100_exchange_append(&exchange, &step, (const uint8_t *)octets, length);
    memset(octets + length - 2, '-', 2);
    printed.length = 0;
    e100_case_print(&exchange, &printed);
    size_t column = 0;
    for (size_t i = 0; i < printed.length; i++) {
      column = printed.text[i] == '\n' ? 0 : column + 1;
      assert_true(column < 170);
    }
    e100_case_decode(&again, (const uint8_t *)printed.text, printed.length, false, NULL, NULL);
    assert_true(e100_exchange_equal(&exchange, &again));
  }
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void files_with_crlf_read_the_same(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text crlf = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  decode(&exchange, example);
  for (const char *c = example; *c; c++)
    e100_text_add(&crlf, *c == '\n' ? "\r\n" : c, *c == '\n' ? 2 : 1);
  decode(&again, crlf.text);
  assert_true(e100_exchange_equal(&exchange, &again));
  assert_string_equal(exchange.title, again.title);
  assert_string_equal(exchange.stays, again.stays);
  assert_int_equal(again.expected_count, 2);
  e100_text_free(&crlf);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void short_headings_are_enough(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  decode(&exchange, "kind: judge\nrole: proxy\n-- client --\n-- origin --\n-- proxy>client --\n"
                    "-- proxy u1 --\n-- proxy closes u1 --\n--  client   half-closes  --\n");
  assert_int_equal(exchange.step_count, 6);
  assert_int_equal(exchange.steps[0].link, 0);
  assert_int_equal(exchange.steps[1].link, 1);
  assert_int_equal(exchange.steps[1].to, E100_PROXY);
  assert_int_equal(exchange.steps[2].link, 0);
  assert_int_equal(exchange.steps[3].link, 1);
  assert_int_equal(exchange.steps[3].to, E100_ORIGIN);
  assert_int_equal(exchange.steps[4].kind, E100_STEP_CLOSE);
  assert_int_equal(exchange.steps[4].link, 1);
  assert_int_equal(exchange.steps[5].kind, E100_STEP_HALF_CLOSE);
  e100_exchange_free(&exchange);
}

/* ---- any octets, any exchange ------------------------------------------------------------------------ */

/* decode(print(e)) equals e, and printing that gives the same text again. */
static void assert_fixed_point(const struct e100_exchange *exchange, struct e100_exchange *again) {
  struct e100_text printed = {0};
  struct e100_text reprinted = {0};
  e100_case_print(exchange, &printed);
  e100_case_decode(again, (const uint8_t *)printed.text, printed.length, false, NULL, NULL);
  e100_case_print(again, &reprinted);
  if (!e100_exchange_equal(exchange, again))
    fail_msg("reads differently:\n%s", printed.text);
  assert_string_equal(printed.text, reprinted.text);
  assert_int_equal(e100_exchange_hash(exchange), e100_exchange_hash(again));
  e100_text_free(&printed);
  e100_text_free(&reprinted);
}

static void any_exchange_survives_printing(void **state) {
  (void)state;
  struct samples samples = {.state = 21};
  struct e100_exchange exchange;
  struct e100_exchange again;
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 10000; i++) {
    sample_exchange(&samples, &exchange);
    assert_fixed_point(&exchange, &again);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

/* Nothing that we print is something that lint complains about, but for what it says on the whole. */
static void printed_text_has_no_lint(void **state) {
  (void)state;
  struct samples samples = {.state = 8};
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  for (int i = 0; i < 3000; i++) {
    struct messages messages = {.length = 0};
    struct e100_text printed = {0};
    sample_exchange(&samples, &exchange);
    (void)snprintf(exchange.title, sizeof(exchange.title), "A title");
    exchange.has_expected = 0;
    exchange.expected_count = 0;
    struct e100_step quiet = {.kind = E100_STEP_QUIET};
    (void)e100_exchange_append(&exchange, &quiet, NULL, 0);
    e100_case_print(&exchange, &printed);
    e100_case_decode(&exchange, (const uint8_t *)printed.text, printed.length, false, keep_message,
                     &messages);
    if (messages.length > 0 && !strstr(messages.text, "no link has the party of this role"))
      fail_msg("%s\n%s", messages.text, printed.text);
    e100_text_free(&printed);
  }
  e100_exchange_free(&exchange);
}

/* Text made of the format's own words, in any order, and cut anywhere. */
static size_t sample_text(struct samples *samples, char *text, size_t room) {
  static const char *const pieces[] = {"-- ",
                                       " --",
                                       " --\n",
                                       "\n",
                                       "client",
                                       "origin",
                                       "proxy",
                                       ">",
                                       " ",
                                       "d1",
                                       "u1",
                                       "closes",
                                       "opens",
                                       "resets",
                                       "expect ",
                                       "settled",
                                       "quiet",
                                       "timer ",
                                       "head",
                                       "content",
                                       " 5",
                                       "app< ",
                                       "app> ",
                                       "respond ",
                                       "200",
                                       " close",
                                       "unmet",
                                       "await ",
                                       "100",
                                       "any",
                                       "final",
                                       "kind: ",
                                       "play",
                                       "judge",
                                       "role: ",
                                       "gateway",
                                       "links:",
                                       ",",
                                       "shows:",
                                       "stays:",
                                       "policy:",
                                       "discard",
                                       "reading:",
                                       "lone-lf",
                                       "seen-by:",
                                       "findings",
                                       "none",
                                       "request ",
                                       "step ",
                                       ":",
                                       "RULE",
                                       "\\",
                                       "\\x",
                                       "\\r",
                                       "0a",
                                       "# ",
                                       "\r\n",
                                       "\t",
                                       "--",
                                       "-- client --\n",
                                       "-- findings --\n",
                                       "kind: play\n",
                                       "links: a client>proxy, client>origin, l1 proxy>gateway\n"};
  size_t length = 0;
  uint32_t count = sample(samples, 60);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t piece = sample(samples, sizeof(pieces) / sizeof(pieces[0]) + 2);
    const char octet = (char)sample(samples, 256);
    const char *chosen = piece < sizeof(pieces) / sizeof(pieces[0]) ? pieces[piece] : &octet;
    size_t more = chosen == &octet ? 1 : strlen(chosen);
    if (more > room - length)
      break;
    for (size_t at = 0; at < more; at++)
      text[length++] = chosen[at];
  }
  return length;
}

static void any_text_decodes(void **state) {
  (void)state;
  struct samples samples = {.state = 99};
  struct e100_exchange exchange;
  struct e100_exchange again;
  char text[2048];
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 20000; i++) {
    struct messages messages = {.length = 0};
    size_t length = sample_text(&samples, text, sizeof(text));
    e100_case_decode(&exchange, (const uint8_t *)text, length, sample(&samples, 2), keep_message, &messages);
    assert_fixed_point(&exchange, &again);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void nothing_at_all_decodes(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, NULL, 0, false, NULL, NULL);
  assert_int_equal(exchange.step_count, 0);
  e100_case_decode(&exchange, (const uint8_t *)"\0\0\0", 3, false, NULL, NULL);
  assert_int_equal(exchange.step_count, 0);
  e100_exchange_free(&exchange);
}

/* ---- limits ----------------------------------------------------------------------------------------- */

static void too_many_steps_are_left_out(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct messages messages = {.length = 0};
  struct e100_text text = {0};
  e100_exchange_init(&exchange);
  e100_text_format(&text, "# Many steps.\nkind: judge\nrole: origin\n\n");
  for (int i = 0; i < E100_STEPS_LIMIT + 3; i++)
    e100_text_format(&text, "-- quiet --\n");
  e100_text_format(&text, "-- findings --\nA_RULE\n");
  e100_case_decode(&exchange, (const uint8_t *)text.text, text.length, false, keep_message, &messages);
  assert_int_equal(exchange.step_count, E100_STEPS_LIMIT);
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(exchange.expected_count, 1);
  assert_non_null(strstr(messages.text, "4101: more steps than an exchange may have (E100_STEPS_LIMIT)"));
  e100_text_free(&text);
  e100_exchange_free(&exchange);
}

static void too_many_octets_are_left_out(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct messages messages = {.length = 0};
  struct e100_text text = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  e100_text_format(&text, "# Many octets.\nkind: judge\nrole: origin\n\n-- client --\n");
  for (int i = 0; i < E100_OCTETS_LIMIT / 64 + 3; i++)
    e100_text_format(&text, "%062d\n", i);
  e100_text_format(&text, "-- origin --\nnot any more\n-- quiet --\n");
  e100_case_decode(&exchange, (const uint8_t *)text.text, text.length, false, keep_message, &messages);
  assert_int_equal(exchange.step_count, 1);
  assert_int_equal(exchange.octet_count, E100_OCTETS_LIMIT);
  assert_int_equal(exchange.truncated, 1);
  assert_non_null(strstr(messages.text, "E100_OCTETS_LIMIT"));
  assert_fixed_point(&exchange, &again);
  e100_text_free(&text);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void other_limits_leave_out_too(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct messages messages = {.length = 0};
  struct e100_text text = {0};
  e100_exchange_init(&exchange);
  for (int i = 0; i < 20; i++)
    e100_text_format(&text, "# %0100d\n", i);
  e100_text_format(&text, "kind: judge\nrole: origin\nshows:");
  for (int i = 0; i < E100_SHOWS_LIMIT + 1; i++)
    e100_text_format(&text, " RULE_%d", i);
  e100_text_format(&text, "\nlinks: ");
  for (int i = 0; i < E100_LINKS_LIMIT + 1; i++)
    e100_text_format(&text, "a%d client>origin,", i);
  e100_text_format(&text, "\n\n-- quiet --\n-- findings --\n");
  for (int i = 0; i < E100_EXPECTED_LIMIT + 1; i++)
    e100_text_format(&text, "RULE_%d\n", i);
  e100_case_decode(&exchange, (const uint8_t *)text.text, text.length, false, keep_message, &messages);
  assert_int_equal(exchange.truncated, 1);
  assert_true(strlen(exchange.title) < E100_TITLE_LIMIT);
  assert_int_equal(exchange.shows_count, E100_SHOWS_LIMIT);
  assert_int_equal(exchange.link_count, E100_LINKS_LIMIT);
  assert_int_equal(exchange.expected_count, E100_EXPECTED_LIMIT);
  assert_non_null(strstr(messages.text, "11: the title is longer"));
  assert_non_null(strstr(messages.text, "(E100_SHOWS_LIMIT); left out from RULE_16"));
  assert_non_null(strstr(messages.text, "(E100_LINKS_LIMIT); left out: a8 client>origin"));
  assert_non_null(strstr(messages.text, "(E100_EXPECTED_LIMIT); left out: RULE_32"));
  e100_text_free(&text);
  e100_exchange_free(&exchange);
}

/* ---- lint ------------------------------------------------------------------------------------------- */

static void assert_lint(const char *text, const char *expected) {
  struct e100_exchange exchange;
  struct messages messages = {.length = 0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, keep_message, &messages);
  assert_string_equal(messages.text, expected);
  e100_exchange_free(&exchange);
}

/* The lines of a sound case, up to line 4, for what goes wrong after them. */
#define SOUND "# A title.\nkind: judge\nrole: origin\n\n"
#define SOUND_PLAY "# A title.\nkind: play\nrole: origin\n\n"

static void lint_knows_headers(void **state) {
  (void)state;
  assert_lint("", "1: no kind was given; add `kind: judge` or `kind: play` to the lines above\n"
                  "1: no role was given; add for example `role: origin` to the lines above\n"
                  "1: there is no step; a step starts with a heading such as `-- client --`\n");
  assert_lint("kind: judge\nrole: origin\n-- quiet --\n",
              "1: the first line is to say what happens: `# The client asks and waits.`\n");
  assert_lint("# A title.\nkind: jugde\nrole: server\nkind: play\nfoo: bar\nGET / HTTP/1.1\n-- quiet --\n",
              "2! unknown kind: jugde; there are judge and play\n"
              "3! unknown role: server; there are origin, client, proxy and gateway\n"
              "4! given twice: kind; what comes last holds\n"
              "5! unknown key: foo; there are kind, role, shows, stays, seen-by, links, policy and reading\n"
              "6! octets before the first heading are ignored: GET / HTTP/1.1; put a heading such as "
              "`-- client --` above them\n");
  assert_lint("# A title.\nkind: judge\nrole: origin\npolicy: lazy\nreading: none\nseen-by: nobody\n"
              "shows: what?\n# Late.\n-- quiet --\n",
              "4! unknown policy: lazy; docs/case-format.md lists them\n"
              "5! unknown reading: none; docs/case-format.md lists them\n"
              "6! unknown party: nobody; there are client, proxy, gateway and origin\n"
              "7! not the name of a rule: what?; names are like ORIGIN_NO_WAIT\n"
              "8: lines of the title come before the keys\n");
  assert_lint(
      "# A title.\nkind: judge\nrole: proxy\nlinks: d1 client>client, close client>proxy, a client>origin\n"
      "-- quiet --\n",
      "4! not a link: d1 client>client; a link is a name and two parties, of which there is one each, the "
      "one "
      "that asks first: d1 client>proxy\n"
      "4! not a name for a link: close; a name is letters, digits, - and _, shorter than E100_NAME_LIMIT, "
      "and no word of a heading\n"
      "5: no link has the party of this role: proxy; change `role` or `links`\n");
}

static void lint_knows_headings(void **state) {
  (void)state;
  assert_lint(
      SOUND "-- clinet --\nGET / HTTP/1.1\n\n-- quiet --\n",
      "5! unknown heading: clinet; it starts with a party, settled, quiet, timer, app<, app>, await or "
      "expect\n");
  assert_lint(SOUND "-- client -- GET\n-- quiet\n-- quiet now --\n",
              "5! text after a heading is ignored: GET; octets go on the lines below\n"
              "6: a heading ends with ` --`: -- quiet\n"
              "7! unknown heading: quiet now; it has a word too many\n");
  assert_lint(
      SOUND "-- timer client lunch --\n-- app> respond 100 --\n-- app< content --\n-- app> wait --\n"
            "-- app< interim 200 --\n-- app< response 100 d1 --\n-- app> request d1 --\n"
            "-- app< nothing --\n-- gateway --\n-- client d9 --\n-- nobody --\n-- quiet --\nhello\n",
      "5! unknown heading: timer client lunch; a timer is a party and one of continue, head, content, "
      "response, discard, idle\n"
      "6! unknown heading: app> respond 100; app> respond has a final status, 200 to 999\n"
      "7! unknown heading: app< content; app< content has the number of octets\n"
      "8! unknown heading: app> wait; app> is accept, respond STATUS, unmet, upgrade, close, later or "
      "request\n"
      "9! unknown heading: app< interim 200; app< interim has an interim status, 100 to 199\n"
      "10! unknown heading: app< response 100 d1; app< response has a final status, 200 to 999\n"
      "11! unknown heading: app> request d1; it has a word too many\n"
      "12! unknown heading: app< nothing; app< is head, content N, complete, aborted, interim STATUS or "
      "response "
      "STATUS\n"
      "13! unknown heading: gateway; no link joins these parties\n"
      "14! unknown heading: client d9; its last word is to be the name of a link that `links` declares\n"
      "15! unknown heading: nobody; a party on a link is client, proxy, gateway or origin\n"
      "17! a step of this kind has no octets; this line is ignored: hello\n");
  assert_lint(
      SOUND "-- await 100 --\n-- expect origin --\n-- quiet --\n",
      "5! left out, as nothing is awaited in what is only judged: await 100; await goes with `kind: play`\n"
      "6! left out, as nothing is expected in what is only judged: expect origin; expect goes with `kind: "
      "play`\n");
  assert_lint(SOUND_PLAY "-- expect quiet --\n-- await lunch --\n",
              "5! `expect` goes before what the subject does, and is ignored here: expect quiet\n"
              "6! unknown heading: await lunch; what can be awaited is 100, final, any or head\n");
  assert_lint("# A title.\nkind: judge\nrole: proxy\n-- proxy --\n-- client u1 --\n",
              "4! several links fit, and the first is taken: proxy; end it with the name of the link\n"
              "5! unknown heading: client u1; that link joins other parties\n");
  assert_lint(
      "# A title.\nkind: judge\nrole: origin\n-- client --\n-- origin opens --\n",
      "5! unknown heading: origin opens; a connection is opened by its client, and servers open none\n");
}

static void lint_knows_octets(void **state) {
  (void)state;
  assert_lint(
      SOUND "-- client --\na\tb\n\\q\n\\x4\nblank \n--client--\n\x1b[0m\n",
      "6: an octet that is not printable ASCII; write it as \\t\n"
      "7! no such escape: \\q; there are \\r \\n \\t \\\\ \\xHH, and \\ at the end of a line\n"
      "8! no such escape: \\x; there are \\r \\n \\t \\\\ \\xHH, and \\ at the end of a line\n"
      "9: a blank at the end of the line, which editors remove; write it as \\x20\n"
      "10! this looks like a heading: --client--; a heading is `-- words --`, an octet of a body is written "
      "\\x2d\n"
      "11: an octet that is not printable ASCII; write it as \\x1b\n");
}

static void lint_knows_findings(void **state) {
  (void)state;
  assert_lint(
      SOUND "-- quiet --\n-- findings --\nrequest x: RULE\nstep 2: RULE\nu1: RULE\nrequest 0: RULE\n"
            "no rule\n-- client --\nRULE: \nnone\n",
      "7! not a finding: request x: RULE; write for example `request 1, step 2: ORIGIN_NO_WAIT`, or `none`\n"
      "8: there are not so many steps: step 2\n"
      "9: no link has the name u1; this finding can never come out\n"
      "10! requests and steps are counted from 1: request 0\n"
      "11! not a finding: no rule; write for example `request 1, step 2: ORIGIN_NO_WAIT`, or `none`\n"
      "12! nothing but findings follows `-- findings --`; move this up: client\n"
      "13! not a finding: RULE:; write for example `request 1, step 2: ORIGIN_NO_WAIT`, or `none`\n"
      "14! `none` stands alone below `-- findings --`; it is ignored\n");
}

static void messages_quote_safely_and_shortly(void **state) {
  (void)state;
  assert_lint(
      SOUND "-- \x1b]0;title\x07 and a heading that goes on and on and on and on and on --\n-- quiet --\n",
      "5! unknown heading: \\x1b]0;title\\x07 and a heading that goes on and ...; it starts with a party, "
      "settled, quiet, timer, app<, app>, await or expect\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_example_means_what_it_says),
      cmocka_unit_test(targets_stop_at_the_findings),
      cmocka_unit_test(every_heading_is_printed_as_read),
      cmocka_unit_test(every_octet_can_be_written),
      cmocka_unit_test(octets_have_one_spelling),
      cmocka_unit_test(long_lines_are_continued),
      cmocka_unit_test(files_with_crlf_read_the_same),
      cmocka_unit_test(short_headings_are_enough),
      cmocka_unit_test(any_exchange_survives_printing),
      cmocka_unit_test(printed_text_has_no_lint),
      cmocka_unit_test(any_text_decodes),
      cmocka_unit_test(nothing_at_all_decodes),
      cmocka_unit_test(too_many_steps_are_left_out),
      cmocka_unit_test(too_many_octets_are_left_out),
      cmocka_unit_test(other_limits_leave_out_too),
      cmocka_unit_test(lint_knows_headers),
      cmocka_unit_test(lint_knows_headings),
      cmocka_unit_test(lint_knows_octets),
      cmocka_unit_test(lint_knows_findings),
      cmocka_unit_test(messages_quote_safely_and_shortly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
