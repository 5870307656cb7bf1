/*
 * input_changes_test.c - changes of inputs are the same for the same seed, stay within their room, and lead
 * from nothing into conversations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/input_changes.h"
#include "subjects/subject.h"

enum { ROOM = 4096, CHANGES = 3000 };

static size_t change(const char *target, uint64_t seed, const uint8_t *input, size_t length, uint8_t *out) {
  struct e100_luck luck = {.state = seed};
  return e100_change_input(e100_target_named(target), &luck, input, length, out, ROOM);
}

/* A chain of changes; each is made twice, and the exchange that it is comes back from its own encoding. */
static void changes_are_repeatable(void **state) {
  (void)state;
  static const char *const targets[] = {"origin", "client", "proxy", "judge"};
  uint8_t input[ROOM] = {0};
  uint8_t first[ROOM];
  uint8_t second[ROOM];
  for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
    size_t length = 1;
    for (uint64_t seed = 0; seed < CHANGES; seed++) {
      size_t changed = change(targets[t], seed, input, length, first);
      assert_int_equal(change(targets[t], seed, input, length, second), changed);
      assert_memory_equal(first, second, changed);
      assert_in_range(changed, 0, ROOM);
      if (changed > 0)
        memcpy(input, first, length = changed);
    }
  }
}

/* Raw octets, text and values are changed too, and nothing is written beyond the room. */
static void every_target_is_changed(void **state) {
  (void)state;
  uint8_t out[ROOM + 1];
  for (size_t t = 0; e100_target_at(t) != NULL; t++) {
    uint32_t written = 0;
    for (uint64_t seed = 0; seed < CHANGES / 10; seed++) {
      uint8_t zero[32] = {0};
      struct e100_luck luck = {.state = seed};
      size_t limit = seed * 4;
      memset(out, 0xa5, sizeof out);
      size_t length = e100_change_input(e100_target_at(t), &luck, zero, sizeof zero, out, limit);
      written += length > 0;
      assert_in_range(length, 0, limit);
      for (size_t i = length; i < sizeof out; i++)
        assert_int_equal(out[i], 0xa5);
    }
    if (strcmp(e100_target_at(t)->name, "capture") == 0) /* packets, and no conversation */
      assert_int_equal(written, 0);
    else
      assert_in_range(written, 1, CHANGES);
  }
}

static void mixtures_hold_steps_of_both(void **state) {
  (void)state;
  static const char one[] = "kind: play\nrole: origin\n\n-- client --\nGET /one HTTP/1.1\n\n-- quiet --\n";
  static const char two[] =
      "kind: play\nrole: origin\n\n-- app> respond 299 --\n-- client --\nGET /two HTTP/1.1\n\n";
  const struct e100_target *target = e100_target_named("origin");
  struct e100_exchange exchange;
  struct e100_text inputs[2] = {{0}, {0}};
  uint32_t both = 0;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)one, strlen(one), true, NULL, NULL);
  assert_true(target->encode(&exchange, &inputs[0]));
  e100_case_decode(&exchange, (const uint8_t *)two, strlen(two), true, NULL, NULL);
  assert_true(target->encode(&exchange, &inputs[1]));
  for (uint64_t seed = 0; seed < 100; seed++) {
    struct e100_luck luck = {.state = seed};
    uint8_t out[ROOM];
    size_t length = e100_cross_inputs(target, &luck, (const uint8_t *)inputs[0].text, inputs[0].length,
                                      (const uint8_t *)inputs[1].text, inputs[1].length, out, sizeof out);
    target->decode(&exchange, out, length);
    struct e100_text printed = {0};
    e100_case_print(&exchange, &printed);
    both += strstr(printed.text, "/one") != NULL && strstr(printed.text, "/two") != NULL;
    e100_text_free(&printed);
  }
  assert_in_range(both, 20, 100);
  e100_text_free(&inputs[0]);
  e100_text_free(&inputs[1]);
  e100_exchange_free(&exchange);
}

/* How many of the subject's deliveries in TRANSCRIPT begin with one of these. */
static uint32_t count_of(const struct e100_exchange *transcript, const char *beginning) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    size_t length = strlen(beginning);
    count += step->kind == E100_STEP_DELIVER && step->length >= length && step->from == E100_ORIGIN &&
             memcmp(e100_step_octets(transcript, step), beginning, length) == 0;
  }
  return count;
}

/* From nothing, one change is often a conversation in which a server says 100, or answers two requests. */
static void changes_lead_into_conversations(void **state) {
  (void)state;
  const struct e100_target *target = e100_target_named("origin");
  const struct e100_subject *subject = e100_subject_named("reference", E100_ROLE_ORIGIN);
  struct e100_exchange exchange;
  struct e100_exchange transcript;
  uint32_t continued = 0;
  uint32_t twice = 0;
  e100_exchange_init(&exchange);
  e100_exchange_init(&transcript);
  for (uint64_t seed = 0; seed < CHANGES; seed++) {
    uint8_t out[ROOM];
    size_t length = change("origin", seed, (const uint8_t *)"", 1, out);
    target->decode(&exchange, out, length);
    assert_true(e100_play(&exchange, subject, &transcript));
    uint32_t interims = count_of(&transcript, "HTTP/1.1 100");
    continued += interims > 0;
    twice += count_of(&transcript, "HTTP/1.1 ") >= interims + 2;
  }
  assert_in_range(continued, CHANGES / 20, CHANGES);
  assert_in_range(twice, CHANGES / 20, CHANGES);
  e100_exchange_free(&exchange);
  e100_exchange_free(&transcript);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(changes_are_repeatable),
      cmocka_unit_test(every_target_is_changed),
      cmocka_unit_test(mixtures_hold_steps_of_both),
      cmocka_unit_test(changes_lead_into_conversations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
