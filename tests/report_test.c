/* report_test.c - findings for people and as JSON, and what a case says against what came out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/catalogue_json.h"
#include "report/comparison.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

/* Decodes TEXT, and gives the findings that are named by the triples (rule, request, step from 1). */
static void given(struct e100_exchange *exchange, const char *text) {
  e100_exchange_init(exchange);
  e100_case_decode(exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
}

static void find(struct e100_findings *findings, unsigned rule, uint32_t request, uint32_t step) {
  findings->list[findings->count++] = (struct e100_finding){
      .rule = (uint16_t)rule, .party = E100_ORIGIN, .request = request, .step = step - 1};
}

static const char head[] = "# t\nkind: judge\nrole: origin\n\n-- client --\nhello\\\n-- settled --\n";

/* ---- findings against what is expected ------------------------------------------------------------- */

static uint32_t differences(const char *expected, const struct e100_findings *findings,
                            struct e100_text *out) {
  struct e100_exchange exchange;
  struct e100_text text = {0};
  e100_text_format(&text, "%s-- findings --\n%s", head, expected);
  given(&exchange, text.text);
  uint32_t count = e100_compare_findings(&exchange, &exchange, findings, out);
  e100_exchange_free(&exchange);
  e100_text_free(&text);
  return count;
}

static void each_line_takes_a_finding_of_its_own(void **state) {
  (void)state;
  struct e100_findings findings = {0};
  struct e100_text out = {0};
  find(&findings, E100_ORIGIN_NO_WAIT, 1, 1);
  find(&findings, E100_ORIGIN_NO_WAIT, 1, 2);
  assert_int_equal(
      differences("request 1, step 1: ORIGIN_NO_WAIT\nrequest 1, step 2: ORIGIN_NO_WAIT\n", &findings, &out),
      0);
  assert_null(out.text);
  assert_int_equal(differences("request 1, step 1: ORIGIN_NO_WAIT\n", &findings, &out), 1);
  assert_string_equal(out.text, "not expected: request 1, step 2: ORIGIN_NO_WAIT\n");
  e100_text_free(&out);
  assert_int_equal(differences("", &findings, &out), 2);
  e100_text_free(&out);
}

static void a_line_can_say_who_is_to_blame(void **state) {
  (void)state;
  struct e100_findings findings = {0};
  struct e100_text out = {0};
  find(&findings, E100_ORIGIN_NO_WAIT, 1, 1);
  assert_int_equal(differences("party origin, request 1: ORIGIN_NO_WAIT\n", &findings, &out), 0);
  assert_int_equal(differences("party application: ORIGIN_NO_WAIT\n", &findings, &out), 2);
  assert_string_equal(out.text, "not found:    party application: ORIGIN_NO_WAIT\n"
                                "not expected: request 1, step 1: ORIGIN_NO_WAIT\n");
  e100_text_free(&out);
}

/* A line that matches anything must not take away the only finding of a line that is exact. */
static void a_loose_line_gives_way_to_an_exact_one(void **state) {
  (void)state;
  struct e100_findings findings = {0};
  struct e100_text out = {0};
  find(&findings, E100_ORIGIN_NO_WAIT, 1, 2);
  find(&findings, E100_ORIGIN_NO_WAIT, 1, 1);
  assert_int_equal(differences("ORIGIN_NO_WAIT\nstep 2: ORIGIN_NO_WAIT\n", &findings, &out), 0);
  e100_text_free(&out);
}

static void a_line_without_a_finding_is_told(void **state) {
  (void)state;
  struct e100_findings none = {0};
  struct e100_text out = {0};
  assert_int_equal(differences("request 2, step 3: SERVER_ONE_FINAL\n", &none, &out), 1);
  assert_string_equal(out.text, "not found:    request 2, step 3: SERVER_ONE_FINAL\n");
  e100_text_free(&out);
  assert_int_equal(differences("request 1, step 1: NO_SUCH_RULE\n", &none, &out), 1);
  assert_non_null(strstr(out.text, "NO_SUCH_RULE (there is no such rule)"));
  e100_text_free(&out);
}

static void more_findings_than_are_kept_is_a_difference(void **state) {
  (void)state;
  struct e100_findings findings = {.count = E100_FINDINGS_LIMIT + 3};
  for (uint32_t i = 0; i < E100_FINDINGS_LIMIT; i++)
    findings.list[i] = (struct e100_finding){.rule = E100_ORIGIN_NO_WAIT, .party = E100_ORIGIN};
  struct e100_text out = {0};
  assert_int_equal(differences("", &findings, &out), E100_FINDINGS_LIMIT + 1);
  assert_non_null(strstr(out.text, "more than 64 findings"));
  e100_text_free(&out);
  assert_int_equal(e100_findings_kept(&findings), E100_FINDINGS_LIMIT);
  e100_findings_count(&findings, &out);
  assert_string_equal(out.text, "64 violations, and 3 more that were not kept");
  e100_text_free(&out);
}

/* ---- what the subject did against what it should do --------------------------------------------- */

static uint32_t conduct(const char *expected, const char *done, struct e100_text *out) {
  struct e100_exchange play;
  struct e100_exchange transcript;
  struct e100_text text = {0};
  e100_text_format(&text, "kind: play\nrole: origin\n\n-- client --\nhello\\\n%s", expected);
  given(&play, text.text);
  e100_text_free(&text);
  e100_text_format(&text, "kind: judge\nrole: origin\n\n-- client --\nhello\\\n%s", done);
  given(&transcript, text.text);
  uint32_t count = e100_compare_conduct(&play, &transcript, out);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
  e100_text_free(&text);
  return count;
}

static void conduct_is_status_codes_and_endings(void **state) {
  (void)state;
  struct e100_text out = {0};
  static const char expected[] = "-- expect origin --\nHTTP/1.1 100 Continue\n\n"
                                 "-- expect origin --\nHTTP/1.1 201 Created\n\n-- expect origin closes --\n";
  assert_int_equal(conduct(expected,
                           "-- origin --\nHTTP/1.1 100 Go on\nX: y\n\nHTT\\\n-- origin --\nP/1.1 201 C\n\n"
                           "-- origin closes --\n",
                           &out),
                   0);
  assert_null(out.text);
  assert_int_equal(conduct(expected, "-- origin --\nHTTP/1.1 201 Created\n\n-- origin closes --\n", &out), 1);
  assert_string_equal(out.text, "origin should do: 100 201 closes\norigin did:       201 closes\n");
  e100_text_free(&out);
  assert_int_equal(conduct(expected, "", &out), 1);
  e100_text_free(&out);
  assert_int_equal(conduct("", "-- origin --\nHTTP/1.1 201 Created\n\n", &out), 0);
  assert_null(out.text);
}

static void conduct_is_also_what_the_application_is_told_and_decides(void **state) {
  (void)state;
  struct e100_text out = {0};
  static const char told[] =
      "-- expect app< head --\n-- expect app< content 5 --\n-- expect app< complete --\n";
  static const char done[] = "-- app< head --\n-- app> accept --\n-- origin --\nHTTP/1.1 100 \n\n"
                             "-- app< content 2 --\n-- app< content 3 --\n-- app< complete --\n";
  assert_int_equal(conduct(told, done, &out), 0);
  assert_int_equal(conduct("-- expect app> accept --\n", done, &out), 0);
  assert_null(out.text);
  assert_int_equal(conduct(told, "-- app< head --\n-- app< content 2 --\n-- app< aborted --\n", &out), 1);
  assert_string_equal(out.text, "application should be told: head content 5 complete\n"
                                "application was told:       head content 2 aborted\n");
  e100_text_free(&out);
  assert_int_equal(conduct("-- expect app< head --\n", "-- app< head --\n-- app< content 0 --\n", &out), 1);
  assert_string_equal(out.text, "application should be told: head\n"
                                "application was told:       head content 0\n");
  e100_text_free(&out);
  assert_int_equal(conduct("-- expect app> respond 201 close --\n", done, &out), 1);
  assert_string_equal(out.text, "application should decide: respond 201 close\n"
                                "application decided:       accept\n");
  e100_text_free(&out);
}

/* ---- for people --------------------------------------------------------------------------------- */

static void alternatives_read_as_a_sentence(void **state) {
  (void)state;
  struct e100_text out = {0};
  e100_alternatives_text(0, &out);
  assert_string_equal(out.text, "nothing");
  e100_text_free(&out);
  e100_alternatives_text(1U << E100_ALT_100, &out);
  assert_string_equal(out.text, e100_alternative_name(E100_ALT_100));
  e100_text_free(&out);
  e100_alternatives_text(1U << E100_ALT_100 | 1U << E100_ALT_CLOSE, &out);
  struct e100_text wanted = {0};
  e100_text_format(&wanted, "%s, or %s", e100_alternative_name(E100_ALT_100),
                   e100_alternative_name(E100_ALT_CLOSE));
  assert_string_equal(out.text, wanted.text);
  e100_text_free(&wanted);
  e100_text_free(&out);
}

static void every_rule_is_a_sentence_and_an_object(void **state) {
  (void)state;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    struct e100_text out = {0};
    e100_rule_sentence(rule, &out);
    assert_non_null(strstr(out.text, e100_rule(rule)->text));
    e100_text_free(&out);
    json_t *object = e100_rule_json(rule);
    assert_string_equal(json_string_value(json_object_get(object, "id")), e100_rule(rule)->id);
    assert_true(json_array_size(json_object_get(object, "covers")) > 0);
    json_decref(object);
  }
}

static void no_control_character_gets_through(void **state) {
  (void)state;
  struct e100_text out = {0};
  e100_add_plain(&out, "a\033[2J\nb\177");
  assert_string_equal(out.text, "a\\x1B[2J\\x0Ab\\x7F");
  e100_text_free(&out);
}

/* ---- JSON --------------------------------------------------------------------------------------- */

static void assert_json_string(const char *text, const char *wanted) {
  json_t *string = e100_json_string(text);
  assert_string_equal(json_string_value(string), wanted);
  json_decref(string);
}

static void any_octets_are_a_json_string(void **state) {
  (void)state;
  assert_json_string("", "");
  assert_json_string("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  assert_json_string("\xff", "\xef\xbf\xbd");
  assert_json_string("\xc3", "\xef\xbf\xbd");                                 /* cut off */
  assert_json_string("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");                 /* too long a form */
  assert_json_string("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* half of a pair */
  for (unsigned octet = 1; octet < 256; octet++) {
    char text[] = {(char)octet, 'x', '\0'};
    json_t *string = e100_json_string(text);
    assert_true(json_is_string(string));
    json_decref(string);
  }
}

static void words_are_an_array(void **state) {
  (void)state;
  json_t *words = e100_json_words("  R-S-01 R-S-02  ");
  assert_int_equal(json_array_size(words), 2);
  assert_string_equal(json_string_value(json_array_get(words, 1)), "R-S-02");
  json_decref(words);
  words = e100_json_words("");
  assert_int_equal(json_array_size(words), 0);
  json_decref(words);
}

static void a_verdict_says_what_is_known(void **state) {
  (void)state;
  struct e100_exchange exchange;
  given(&exchange, head);
  struct e100_verdict verdict;
  memset(&verdict, 0, sizeof verdict);
  find(&verdict.findings, E100_ORIGIN_NO_WAIT, 1, 2);
  find(&verdict.findings, E100_SERVER_ONE_100, 1, 2);
  const char *const known[E100_FINDINGS_LIMIT] = {NULL, "because"};
  json_t *document = e100_verdict_json(&exchange, &verdict, "name", NULL, known);
  const json_t *findings = json_object_get(document, "findings");
  assert_int_equal(json_array_size(findings), 2);
  assert_null(json_object_get(json_array_get(findings, 0), "known"));
  assert_string_equal(json_string_value(json_object_get(json_array_get(findings, 1), "known")), "because");
  assert_int_equal(json_integer_value(json_object_get(json_array_get(findings, 0), "step")), 2);
  assert_null(json_object_get(document, "subject"));
  json_decref(document);
  e100_exchange_free(&exchange);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_line_takes_a_finding_of_its_own),
      cmocka_unit_test(a_line_can_say_who_is_to_blame),
      cmocka_unit_test(a_loose_line_gives_way_to_an_exact_one),
      cmocka_unit_test(a_line_without_a_finding_is_told),
      cmocka_unit_test(more_findings_than_are_kept_is_a_difference),
      cmocka_unit_test(conduct_is_status_codes_and_endings),
      cmocka_unit_test(conduct_is_also_what_the_application_is_told_and_decides),
      cmocka_unit_test(alternatives_read_as_a_sentence),
      cmocka_unit_test(every_rule_is_a_sentence_and_an_object),
      cmocka_unit_test(no_control_character_gets_through),
      cmocka_unit_test(any_octets_are_a_json_string),
      cmocka_unit_test(words_are_an_array),
      cmocka_unit_test(a_verdict_says_what_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
