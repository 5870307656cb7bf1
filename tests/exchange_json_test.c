/*
 * exchange_json_test.c - exchanges as JSON: there and back, what is refused, and the schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/exchange_json.h"
#include "tests/exchange_samples.h"

static bool from_text(struct e100_exchange *exchange, const char *text, char *reason, size_t room) {
  return e100_exchange_from_json(exchange, text, strlen(text), reason, room);
}

static void a_case_is_one_line(void **state) {
  (void)state;
  static const char text[] =
      "# Silence.\nkind: judge\nrole: origin\nshows: ORIGIN_100_OR_FINAL\nreading: lone-lf\n\n"
      "-- client --\nPUT / HTTP/1.1\n\n-- quiet --\n-- client --\n\\xff\\x00\"\\\n"
      "-- app> respond 413 close --\nno\\\n-- findings --\nrequest 1, step 2: ORIGIN_100_OR_FINAL\n";
  struct e100_exchange exchange;
  struct e100_text line = {0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  e100_exchange_print_json_line(&exchange, &line);
  assert_string_equal(
      line.text,
      "{\"format\":\"expect100-exchange\",\"version\":1,\"title\":\"Silence.\",\"kind\":\"judge\",\"role\":"
      "\"origin\","
      "\"shows\":[\"ORIGIN_100_OR_FINAL\"],\"links\":[{\"name\":\"\",\"client\":\"client\",\"server\":"
      "\"origin\"}],"
      "\"policy\":[],\"reading\":[\"lone-lf\"],\"steps\":["
      "{\"kind\":\"deliver\",\"from\":\"client\",\"to\":\"origin\",\"octets\":\"PUT / "
      "HTTP/1.1\\r\\n\\r\\n\"},"
      "{\"kind\":\"quiet\"},"
      "{\"kind\":\"deliver\",\"from\":\"client\",\"to\":\"origin\",\"octets\":\"\\u00FF\\u0000\\\"\"},"
      "{\"kind\":\"decided\",\"decision\":\"respond\",\"status\":413,\"close\":true,\"octets\":\"no\"}],"
      "\"findings\":[{\"request\":1,\"step\":2,\"rule\":\"ORIGIN_100_OR_FINAL\"}]}\n");
  e100_text_free(&line);
  e100_exchange_free(&exchange);
}

static void any_exchange_survives_json(void **state) {
  (void)state;
  struct samples samples = {.state = 55};
  struct e100_exchange exchange;
  struct e100_exchange again;
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 5000; i++) {
    struct e100_text one = {0};
    struct e100_text other = {0};
    char reason[200];
    sample_exchange(&samples, &exchange);
    bool indented = sample(&samples, 2);
    (indented ? e100_exchange_print_json : e100_exchange_print_json_line)(&exchange, &one);
    for (size_t at = 0; at < one.length; at++)
      assert_true(one.text[at] == '\n' || (one.text[at] >= ' ' && one.text[at] <= 0x7f));
    if (!e100_exchange_from_json(&again, one.text, one.length, reason, sizeof(reason)))
      fail_msg("%s\n%s", reason, one.text);
    assert_true(e100_exchange_equal(&exchange, &again));
    (indented ? e100_exchange_print_json : e100_exchange_print_json_line)(&again, &other);
    assert_string_equal(one.text, other.text);
    e100_text_free(&one);
    e100_text_free(&other);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

#define BEFORE "{\"format\":\"expect100-exchange\",\"version\":1,"

static void little_is_needed(void **state) {
  (void)state;
  struct e100_exchange exchange;
  char reason[200];
  e100_exchange_init(&exchange);
  assert_true(from_text(&exchange,
                        BEFORE
                        "\"x-captured\":\"yesterday\",\"steps\":[{\"kind\":\"deliver\",\"from\":\"client\","
                        "\"octets\":\"\xc3\xbf\",\"x-time\":1.5},{\"kind\":\"settled\"}]}",
                        reason, sizeof(reason)));
  assert_string_equal(reason, "");
  assert_int_equal(exchange.kind, E100_KIND_JUDGE);
  assert_int_equal(exchange.step_count, 2);
  assert_int_equal(exchange.octets[0], 0xff);
  assert_int_equal(exchange.steps[0].to, E100_ORIGIN);
  assert_int_equal(exchange.has_expected, 0);
  e100_exchange_free(&exchange);
}

static void what_is_over_a_limit_is_left_out(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_text text = {0};
  char reason[200];
  e100_exchange_init(&exchange);
  e100_text_format(&text, BEFORE "\"title\":\"%02000d\",\"shows\":[", 1);
  for (int i = 0; i < E100_SHOWS_LIMIT + 1; i++)
    e100_text_format(&text, "%s\"A\"", i ? "," : "");
  e100_text_format(&text, "],\"steps\":[");
  for (int i = 0; i < E100_STEPS_LIMIT + 1; i++)
    e100_text_format(&text, "%s{\"kind\":\"quiet\"}", i ? "," : "");
  e100_text_format(&text, "],\"findings\":[");
  for (int i = 0; i < E100_EXPECTED_LIMIT + 1; i++)
    e100_text_format(&text, "%s{\"rule\":\"A\"}", i ? "," : "");
  e100_text_format(&text, "]}");
  assert_true(e100_exchange_from_json(&exchange, text.text, text.length, reason, sizeof(reason)));
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(exchange.step_count, E100_STEPS_LIMIT);
  assert_int_equal(exchange.shows_count, E100_SHOWS_LIMIT);
  assert_int_equal(exchange.expected_count, E100_EXPECTED_LIMIT);
  assert_int_equal(strlen(exchange.title), E100_TITLE_LIMIT - 1);
  e100_text_free(&text);
  e100_exchange_free(&exchange);
}

/* ---- what is refused ------------------------------------------------------------------------------------
 */

static const struct {
  const char *text;
  const char *reason;
} not_json[] = {
    {"", "not JSON: nothing is there"},
    {"{", "not JSON: line 1, column 1: string or '}' expected near end of file"},
    {"{} x", "not JSON: line 1, column 4: end of file expected near 'x'"},
    {"{\"a\":1,\"a\":1}", "not JSON: line 1, column 10: duplicate object key near '\"a\"'"},
    {"\xff\xfe", "not JSON: line 1, column 0: unable to decode byte 0xff"},
};

/* What the schema refuses too. */
static const struct {
  const char *text;
  const char *reason;
} refused[] = {
    {"[]", "this is to be a JSON object with \"format\": \"expect100-exchange\""},
    {"{\"steps\":[]}", "\"format\" is to be \"expect100-exchange\""},
    {"{\"format\":\"expect100-exchange\",\"version\":2,\"steps\":[]}",
     "\"version\" is to be 1: this program knows no other"},
    {BEFORE "\"step\":[]}",
     "the key \"step\" is unknown here; there are: format version title kind role shows stays seen_by "
     "links policy reading steps findings truncated; own keys start with x-"},
    {BEFORE "\"kind\":\"jugde\",\"steps\":[]}", "\"kind\" is to be one of: judge, play"},
    {BEFORE "\"role\":7,\"steps\":[]}", "\"role\" is to be one of: origin, client, proxy, gateway"},
    {BEFORE "\"seen_by\":\"nobody\",\"steps\":[]}",
     "\"seen_by\" is to be one of: client, proxy, gateway, origin"},
    {BEFORE "\"policy\":\"discard\",\"steps\":[]}", "\"policy\" is to be a list"},
    {BEFORE "\"steps\":{}}", "\"steps\" is to be a list"},
    {BEFORE "\"links\":[],\"steps\":[]}", "\"links\" has 1 to 8 links"},
    {BEFORE "\"links\":[{\"name\":\"a b\",\"client\":\"client\",\"server\":\"origin\"}],\"steps\":[]}",
     "links, item 1: \"name\" is to be letters, digits, - and _, at most 15, and no word of a heading"},
    {BEFORE "\"links\":[{\"client\":\"origin\",\"server\":\"origin\"}],\"steps\":[]}",
     "links, item 1: \"client\" is to be one of: client, proxy, gateway"},
    {BEFORE "\"shows\":[\"none\"],\"steps\":[]}",
     "shows, item 1: this is to be the name of a rule, such as ORIGIN_NO_WAIT"},
    {BEFORE "\"truncated\":1,\"steps\":[]}", "\"truncated\" is to be true or false"},
    {BEFORE "\"steps\":[],\"findings\":[{\"rule\":\"A\",\"request\":-1}]}",
     "findings, item 1: \"request\" is to be a number from 0 to 4294967295"},
    {BEFORE "\"steps\":[],\"findings\":[{\"step\":1}]}",
     "findings, item 1: this is to be the name of a rule, such as ORIGIN_NO_WAIT"},
    {BEFORE "\"steps\":[4]}", "steps, item 1: a step is an object"},
    {BEFORE "\"steps\":[{\"kind\":\"quiet\"},{\"kind\":\"noise\"}]}",
     "steps, item 2: \"kind\" is to be one of: deliver, open, half-close, close, reset, settled, quiet, "
     "timer, told, "
     "decided, await"},
    {BEFORE "\"steps\":[{\"kind\":\"quiet\",\"from\":\"client\"}]}",
     "steps, item 1: the key \"from\" is unknown here; there are: kind; own keys start with x-"},
    {BEFORE "\"steps\":[{\"kind\":\"deliver\",\"from\":\"client\"}]}",
     "steps, item 1: \"octets\" is to be a string"},
    {BEFORE "\"steps\":[{\"kind\":\"deliver\",\"from\":\"client\",\"octets\":\"\\u0100\"}]}",
     "steps, item 1: \"octets\" has a code point above U+00FF; each is one octet, U+0000 to U+00FF"},
    {BEFORE "\"steps\":[{\"kind\":\"timer\",\"from\":\"client\",\"timer\":\"lunch\"}]}",
     "steps, item 1: \"timer\" is to be one of: continue, head, content, response, discard, idle"},
    {BEFORE "\"steps\":[{\"kind\":\"told\",\"told\":\"content\"}]}",
     "steps, item 1: \"count\" is to be a number from 0 to 4294967295"},
    {BEFORE "\"steps\":[{\"kind\":\"told\",\"told\":\"head\",\"count\":1}]}",
     "steps, item 1: \"count\" goes with \"told\": \"content\""},
    {BEFORE "\"steps\":[{\"kind\":\"decided\",\"decision\":\"respond\",\"status\":100}]}",
     "steps, item 1: \"status\" is to be a number from 200 to 999"},
    {BEFORE "\"steps\":[{\"kind\":\"decided\",\"decision\":\"accept\",\"status\":200}]}",
     "steps, item 1: \"status\" goes with \"decision\": \"respond\""},
    {BEFORE "\"steps\":[{\"kind\":\"decided\",\"decision\":\"accept\",\"octets\":\"\"}]}",
     "steps, item 1: \"octets\" goes with \"decision\": \"respond\" or \"request\""},
    {BEFORE "\"steps\":[{\"kind\":\"decided\",\"decision\":\"request\",\"link\":\"\"}]}",
     "steps, item 1: \"link\" does not go with \"decision\": \"request\": which it takes is the client's "
     "choice"},
    {BEFORE "\"steps\":[{\"kind\":\"told\",\"told\":\"head\",\"status\":200}]}",
     "steps, item 1: \"status\" goes with \"told\": \"interim\" or \"response\""},
    {BEFORE "\"steps\":[{\"kind\":\"decided\",\"decision\":\"later\",\"close\":true}]}",
     "steps, item 1: \"close\" goes with \"decision\": \"respond\" or \"unmet\""},
    {BEFORE "\"steps\":[{\"kind\":\"deliver\",\"from\":\"client\",\"octets\":\"\",\"expect\":1}]}",
     "steps, item 1: \"expect\" is to be true or false"},
};

/* What only a look at several places tells. */
static const struct {
  const char *text;
  const char *reason;
} refused_on_the_whole[] = {
    {BEFORE "\"policy\":[\"lazy\"],\"steps\":[]}",
     "\"policy\", item 1 is unknown; docs/case-format.md lists them"},
    {BEFORE "\"title\":\"a\\u0000b\",\"steps\":[]}", "\"title\" is to be a string without NUL"},
    {BEFORE "\"links\":[{\"client\":\"proxy\",\"server\":\"proxy\"}],\"steps\":[]}",
     "links, item 1: \"client\" and \"server\" of a link are two different parties"},
    {BEFORE "\"links\":[{\"name\":\"close\",\"client\":\"client\",\"server\":\"origin\"}],\"steps\":[]}",
     "links, item 1: \"name\" is to be letters, digits, - and _, at most 15, and no word of a heading"},
    {BEFORE
     "\"links\":[{\"name\":\"a\",\"client\":\"client\",\"server\":\"origin\"},{\"name\":\"a\",\"client\":"
     "\"client\",\"server\":\"origin\"}],\"steps\":[]}",
     "links, item 2: a link of this name is there already"},
    {BEFORE "\"steps\":[{\"kind\":\"await\",\"await\":\"100\"}]}",
     "steps, item 1: \"await\" goes with \"kind\": \"play\""},
    {BEFORE "\"steps\":[{\"kind\":\"deliver\",\"from\":\"proxy\",\"octets\":\"\"}]}",
     "steps, item 1: \"from\" is to be an end of the link: client or origin"},
    {BEFORE "\"steps\":[{\"kind\":\"deliver\",\"from\":\"client\",\"to\":\"client\",\"octets\":\"\"}]}",
     "steps, item 1: \"to\" is to be the other end of the link: origin"},
    {BEFORE "\"role\":\"proxy\",\"steps\":[{\"kind\":\"close\",\"from\":\"client\"}]}",
     "steps, item 1: \"link\" is to be the name of one of the links"},
};

static void assert_refused(const char *text, const char *expected) {
  struct e100_exchange exchange;
  char reason[400];
  e100_exchange_init(&exchange);
  assert_false(from_text(&exchange, text, reason, sizeof(reason)));
  assert_string_equal(reason, expected);
  assert_int_equal(exchange.step_count, 0);
  assert_int_equal(exchange.link_count, 1);
  char little[8];
  assert_false(from_text(&exchange, text, little, sizeof(little)));
  assert_true(strlen(little) < sizeof(little));
  e100_exchange_free(&exchange);
}

static void what_is_wrong_is_said(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(not_json) / sizeof(not_json[0]); i++)
    assert_refused(not_json[i].text, not_json[i].reason);
  for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
    assert_refused(refused[i].text, refused[i].reason);
  for (size_t i = 0; i < sizeof(refused_on_the_whole) / sizeof(refused_on_the_whole[0]); i++)
    assert_refused(refused_on_the_whole[i].text, refused_on_the_whole[i].reason);
}

static void any_octets_are_read_or_refused(void **state) {
  (void)state;
  static const char whole[] =
      BEFORE "\"role\":\"proxy\",\"steps\":[{\"kind\":\"deliver\",\"link\":\"d1\",\"from\":"
             "\"client\",\"octets\":\"a\\u00ff\"}],\"findings\":[]}";
  struct samples samples = {.state = 17};
  struct e100_exchange exchange;
  char text[sizeof(whole)];
  char reason[200];
  e100_exchange_init(&exchange);
  for (int i = 0; i < 20000; i++) {
    memcpy(text, whole, sizeof(whole));
    for (uint32_t changes = sample(&samples, 4); changes > 0; changes--)
      text[sample(&samples, sizeof(text) - 1)] = (char)sample(&samples, 256);
    size_t length = sample(&samples, 4) ? sizeof(whole) - 1 : sample(&samples, sizeof(whole));
    bool read = e100_exchange_from_json(&exchange, text, length, reason, sizeof(reason));
    assert_int_equal(read, reason[0] == '\0');
  }
  e100_exchange_free(&exchange);
}

/* ---- the schema -------------------------------------------------------------------------------------------
 */

/* The exit code of the check of good.jsonl and bad.jsonl. */
static int run_schema_check(void) {
  char *const command[] = {"python3",
                           E100_TEST_SOURCE "/tests/exchange_schema.py",
                           E100_TEST_SOURCE "/docs/exchange.schema.json",
                           "good.jsonl",
                           "bad.jsonl",
                           NULL};
  int status = 0;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    (void)execvp(command[0], command);
    _exit(127);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void the_schema_agrees(void **state) {
  (void)state;
  struct samples samples = {.state = 91};
  struct e100_exchange exchange;
  struct e100_text lines = {0};
  e100_exchange_init(&exchange);
  for (int i = 0; i < 300; i++) {
    sample_exchange(&samples, &exchange);
    e100_exchange_print_json_line(&exchange, &lines);
  }
  FILE *good = fopen("good.jsonl", "w");
  FILE *bad = fopen("bad.jsonl", "w");
  assert_non_null(good);
  assert_non_null(bad);
  assert_int_equal(fwrite(lines.text, 1, lines.length, good), lines.length);
  for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
    assert_true(fprintf(bad, "%s\n", refused[i].text) > 0);
  assert_int_equal(fclose(good), 0);
  assert_int_equal(fclose(bad), 0);
  assert_int_equal(run_schema_check(), 0); /* needs python3-jsonschema */
  e100_text_free(&lines);
  e100_exchange_free(&exchange);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_case_is_one_line),    cmocka_unit_test(any_exchange_survives_json),
      cmocka_unit_test(little_is_needed),      cmocka_unit_test(what_is_over_a_limit_is_left_out),
      cmocka_unit_test(what_is_wrong_is_said), cmocka_unit_test(any_octets_are_read_or_refused),
      cmocka_unit_test(the_schema_agrees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
