/*
 * choices_test.c - choice sequences and raw octets: total, and the same exchange comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "tests/exchange_samples.h"

static void assert_same_again(const struct e100_exchange *exchange, struct e100_exchange *again) {
  struct e100_text choices = {0};
  e100_choices_encode(exchange, &choices);
  e100_choices_decode(again, (const uint8_t *)choices.text, choices.length);
  if (!e100_exchange_equal(exchange, again)) {
    struct e100_text printed = {0};
    e100_case_print(exchange, &printed);
    e100_text_format(&printed, "======\n");
    e100_case_print(again, &printed);
    fail_msg("%s", printed.text);
  }
  e100_text_free(&choices);
}

static void any_exchange_survives_encoding(void **state) {
  (void)state;
  struct samples samples = {.state = 77};
  struct e100_exchange exchange;
  struct e100_exchange again;
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 20000; i++) {
    sample_exchange(&samples, &exchange);
    assert_same_again(&exchange, &again);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void any_octets_decode(void **state) {
  (void)state;
  struct samples samples = {.state = 13};
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text printed = {0};
  uint8_t octets[300];
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 20000; i++) {
    size_t length = sample(&samples, sizeof(octets));
    uint32_t below = sample(&samples, 2) ? 256 : 20;
    for (size_t at = 0; at < length; at++)
      octets[at] = (uint8_t)sample(&samples, below);
    e100_choices_decode(&exchange, octets, length);
    assert_same_again(&exchange, &again);
    printed.length = 0;
    e100_case_print(&exchange, &printed);
    e100_case_decode(&again, (const uint8_t *)printed.text, printed.length, true, NULL, NULL);
    assert_true(e100_exchange_equal(&exchange, &again));
  }
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void nothing_is_an_empty_play(void **state) {
  (void)state;
  static const uint8_t zeros[40];
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  for (size_t length = 0; length <= sizeof(zeros); length++) {
    e100_choices_decode(&exchange, length ? zeros : NULL, length);
    assert_int_equal(exchange.kind, E100_KIND_PLAY);
    assert_int_equal(exchange.role, E100_ROLE_ORIGIN);
    assert_int_equal(exchange.step_count, 0);
  }
  e100_exchange_free(&exchange);
}

static void encode_text(const char *text, struct e100_text *choices) {
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), true, NULL, NULL);
  e100_choices_encode(&exchange, choices);
  e100_exchange_free(&exchange);
}

/* Short seeds are what makes a fuzzer quick: a usual conversation is one octet a choice. */
static void usual_plays_are_short(void **state) {
  (void)state;
  struct e100_text choices = {0};
  encode_text("kind: play\nrole: origin\n\n-- client --\nPUT /upload HTTP/1.1\nHost: example.com\n"
              "Content-Length: 5\nExpect: 100-continue\n\n-- app> accept --\n-- client --\nhello\\\n"
              "-- app> respond 201 --\n-- quiet --\n",
              &choices);
  assert_in_range(choices.length, 1, 12);
  choices.length = 0;
  encode_text("kind: play\nrole: origin\n\n-- client --\nPOST /form HTTP/1.1\nHost: other.example\n"
              "Content-Length: 5\n\nab\\\n",
              &choices);
  assert_in_range(choices.length, 1, 40);
  e100_text_free(&choices);
}

static void links_and_roles_are_kept(void **state) {
  (void)state;
  static const char text[] =
      "kind: judge\nrole: proxy\nseen-by: client\nlinks: down client>proxy, d-2 client>proxy, "
      "up proxy>origin\npolicy: discard\nreading: lone-lf\n\n-- client opens d-2 --\n"
      "-- client>proxy d-2 --\nGET / HTTP/1.1\n\n-- proxy>origin up --\n"
      "-- timer client continue --\n-- app< content 300 up --\n-- app> respond 599 close up --\n"
      "-- proxy resets down --\n";
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text printed = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  assert_same_again(&exchange, &again);
  e100_case_print(&again, &printed);
  assert_string_equal(printed.text, text);
  e100_text_free(&printed);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void long_content_is_kept(void **state) {
  (void)state;
  static uint8_t octets[100000];
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text choices = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  static const size_t lengths[] = {1,   2,   3,   4,   5,     191,   192,   193,
                                   194, 447, 448, 449, 16575, 16576, 16577, 99999};
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    memset(octets, 'x', sizeof(octets));
    e100_exchange_clear(&exchange);
    (void)e100_exchange_append(&exchange, &step, octets, lengths[i]);
    assert_same_again(&exchange, &again);
    for (size_t at = 0; at < lengths[i]; at++)
      octets[at] = (uint8_t)(at * 31);
    e100_exchange_clear(&exchange);
    (void)e100_exchange_append(&exchange, &step, octets, lengths[i]);
    assert_same_again(&exchange, &again);
  }
  memset(octets, 'x', sizeof(octets));
  e100_exchange_clear(&exchange);
  (void)e100_exchange_append(&exchange, &step, octets, sizeof(octets));
  e100_choices_encode(&exchange, &choices);
  assert_in_range(choices.length, 1, 64);
  e100_text_free(&choices);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

/* A few octets can ask for a lot: the limits hold. */
static void limits_hold(void **state) {
  (void)state;
  static uint8_t many[65536];
  struct e100_exchange exchange;
  struct e100_exchange again;
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  memset(many, 254, sizeof(many));
  many[0] = 1;
  e100_choices_decode(&exchange, many, sizeof(many));
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(exchange.octet_count, E100_OCTETS_LIMIT);
  assert_same_again(&exchange, &again);
  memset(many, 2, sizeof(many));
  e100_choices_decode(&exchange, many, sizeof(many));
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(exchange.step_count, E100_STEPS_LIMIT);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

/* A fragment that is there twice would waste a choice; one that is too many would not be reached. */
static void fragments_differ(void **state) {
  (void)state;
  static const struct {
    const char *octets;
    size_t length;
  } fragments[] = {
#define FRAGMENT(text) {text, sizeof(text) - 1},
#include "exchange/fragments.def"
  };
  size_t count = sizeof(fragments) / sizeof(fragments[0]);
  assert_in_range(count, 100, 253);
  for (size_t i = 0; i < count; i++) {
    assert_true(fragments[i].length > 0);
    for (size_t j = 0; j < i; j++)
      if (fragments[i].length == fragments[j].length &&
          memcmp(fragments[i].octets, fragments[j].octets, fragments[i].length) == 0)
        fail_msg("%s is there twice", fragments[i].octets);
  }
}

/* ---- raw octets --------------------------------------------------------------------------------------- */

static void assert_step(const struct e100_exchange *exchange, uint32_t index, const char *octets) {
  assert_true(index < exchange->step_count);
  assert_int_equal(exchange->steps[index].kind, E100_STEP_DELIVER);
  assert_int_equal(exchange->steps[index].length, strlen(octets));
  assert_memory_equal(e100_step_octets(exchange, &exchange->steps[index]), octets, strlen(octets));
}

static void raw_octets_are_cut(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_raw_decode(&exchange, E100_ROLE_ORIGIN,
                  (const uint8_t *)"\x0b\0\x03\0\x01\0\x08"
                                   "abcdef",
                  13);
  assert_int_equal(exchange.kind, E100_KIND_PLAY);
  assert_int_equal(exchange.step_count, 3 + 1);
  assert_step(&exchange, 0, "a");
  assert_step(&exchange, 1, "bc");
  assert_step(&exchange, 2, "def");
  assert_int_equal(exchange.steps[0].from, E100_CLIENT);
  assert_int_equal(exchange.steps[3].kind, E100_STEP_QUIET);
  e100_raw_decode(&exchange, E100_ROLE_CLIENT, (const uint8_t *)"\0HTTP", 5);
  assert_step(&exchange, 0, "HTTP");
  assert_int_equal(exchange.steps[0].from, E100_ORIGIN);
  e100_raw_decode(&exchange, E100_ROLE_PROXY, (const uint8_t *)"\0GET", 4);
  assert_step(&exchange, 0, "GET");
  assert_int_equal(exchange.steps[0].to, E100_PROXY);
  e100_exchange_free(&exchange);
}

static void raw_octets_that_are_missing_are_zero(void **state) {
  (void)state;
  static const uint8_t sevens[15] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  for (size_t length = 0; length <= sizeof(sevens); length++) {
    e100_raw_decode(&exchange, E100_ROLE_ORIGIN, length ? sevens : NULL, length);
    assert_int_equal(exchange.step_count, 1);
    assert_int_equal(exchange.steps[0].kind, E100_STEP_QUIET);
  }
  e100_exchange_free(&exchange);
}

static void raw_octets_come_back(void **state) {
  (void)state;
  struct samples samples = {.state = 31};
  struct e100_exchange exchange;
  struct e100_exchange again;
  uint8_t octets[200];
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 10000; i++) {
    struct e100_text raw = {0};
    enum e100_role role = (enum e100_role)sample(&samples, E100_ROLE_COUNT);
    size_t length = sample(&samples, sizeof(octets));
    for (size_t at = 0; at < length; at++)
      octets[at] = (uint8_t)sample(&samples, 256);
    e100_raw_decode(&exchange, role, octets, length);
    e100_raw_encode(&exchange, &raw);
    e100_raw_decode(&again, role, (const uint8_t *)raw.text, raw.length);
    assert_true(e100_exchange_equal(&exchange, &again));
    sample_exchange(&samples, &exchange);
    raw.length = 0;
    e100_raw_encode(&exchange, &raw);
    e100_raw_decode(&again, role, (const uint8_t *)raw.text, raw.length);
    e100_text_free(&raw);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

/* Cuts further out than two octets can say are left out; the octets are all there. */
static void raw_octets_may_be_many(void **state) {
  (void)state;
  static uint8_t octets[70000];
  struct e100_exchange exchange;
  struct e100_exchange again;
  struct e100_text raw = {0};
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  memset(octets, 'a', sizeof(octets));
  (void)e100_exchange_append(&exchange, &step, octets, 5);
  (void)e100_exchange_append(&exchange, &step, octets, sizeof(octets));
  for (int i = 0; i < 9; i++)
    (void)e100_exchange_append(&exchange, &step, octets, 1);
  e100_raw_encode(&exchange, &raw);
  e100_raw_decode(&again, E100_ROLE_ORIGIN, (const uint8_t *)raw.text, raw.length);
  assert_int_equal(again.step_count, 2 + 1);
  assert_int_equal(again.steps[0].length, 5);
  assert_int_equal(again.octet_count, exchange.octet_count);
  e100_text_free(&raw);
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_exchange_survives_encoding),
      cmocka_unit_test(any_octets_decode),
      cmocka_unit_test(nothing_is_an_empty_play),
      cmocka_unit_test(usual_plays_are_short),
      cmocka_unit_test(links_and_roles_are_kept),
      cmocka_unit_test(long_content_is_kept),
      cmocka_unit_test(limits_hold),
      cmocka_unit_test(fragments_differ),
      cmocka_unit_test(raw_octets_are_cut),
      cmocka_unit_test(raw_octets_that_are_missing_are_zero),
      cmocka_unit_test(raw_octets_come_back),
      cmocka_unit_test(raw_octets_may_be_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
