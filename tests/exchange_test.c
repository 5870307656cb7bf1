/*
 * exchange_test.c - building, comparing, hashing and normalizing exchanges; the words of the format.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "tests/exchange_samples.h"

static const uint8_t *octets_of(const char *text) {
  return (const uint8_t *)text;
}

static void a_new_exchange_is_canonical(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  assert_int_equal(exchange.kind, E100_KIND_JUDGE);
  assert_int_equal(exchange.role, E100_ROLE_ORIGIN);
  assert_int_equal(exchange.link_count, 1);
  assert_string_equal(exchange.links[0].name, "");
  assert_int_equal(exchange.links[0].client, E100_CLIENT);
  assert_int_equal(exchange.links[0].server, E100_ORIGIN);
  assert_int_equal(exchange.step_count, 0);
  e100_exchange_free(&exchange);
}

static void roles_have_their_usual_links(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_exchange_set_role(&exchange, E100_ROLE_GATEWAY);
  assert_int_equal(exchange.link_count, 2);
  assert_string_equal(exchange.links[0].name, "d1");
  assert_int_equal(exchange.links[0].client, E100_CLIENT);
  assert_int_equal(exchange.links[0].server, E100_GATEWAY);
  assert_string_equal(exchange.links[1].name, "u1");
  assert_int_equal(exchange.links[1].client, E100_GATEWAY);
  assert_int_equal(exchange.links[1].server, E100_ORIGIN);
  e100_exchange_set_role(&exchange, E100_ROLE_CLIENT);
  assert_int_equal(exchange.link_count, 1);
  e100_exchange_free(&exchange);
}

static void links_are_found_again_and_limited(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  exchange.link_count = 0;
  char name[3] = "a";
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++, name[0]++)
    assert_int_equal(e100_exchange_link(&exchange, name, E100_CLIENT, E100_ORIGIN), i);
  assert_int_equal(e100_exchange_link(&exchange, "c", E100_CLIENT, E100_ORIGIN), 2);
  assert_int_equal(exchange.truncated, 0);
  assert_int_equal(e100_exchange_link(&exchange, "z", E100_CLIENT, E100_ORIGIN), E100_LINKS_LIMIT - 1);
  assert_int_equal(exchange.truncated, 1);
  e100_exchange_free(&exchange);
}

static void appended_octets_are_copied_in_order(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  struct e100_step quiet = {.kind = E100_STEP_QUIET};
  assert_int_equal(e100_exchange_append(&exchange, &step, octets_of("abc"), 3), 0);
  assert_int_equal(e100_exchange_append(&exchange, &quiet, octets_of("left out"), 8), 1);
  assert_int_equal(e100_exchange_append(&exchange, &step, octets_of("de"), 2), 2);
  assert_int_equal(exchange.octet_count, 5);
  assert_int_equal(exchange.steps[1].length, 0);
  assert_memory_equal(e100_step_octets(&exchange, &exchange.steps[2]), "de", 2);
  assert_non_null(e100_step_octets(&exchange, &exchange.steps[1]));
  e100_exchange_free(&exchange);
}

static void limits_leave_out_and_say_so(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  static uint8_t many[E100_OCTETS_LIMIT];
  assert_int_equal(e100_exchange_append(&exchange, &step, many, sizeof(many)), 0);
  assert_int_equal(exchange.truncated, 0);
  assert_int_equal(e100_exchange_append(&exchange, &step, many, 1), -1);
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(e100_exchange_append(&exchange, &step, NULL, 0), 1);
  e100_exchange_clear(&exchange);
  assert_int_equal(exchange.truncated, 0);
  for (int64_t i = 0; i < E100_STEPS_LIMIT; i++)
    assert_int_equal(e100_exchange_append(&exchange, &step, NULL, 0), i);
  assert_int_equal(e100_exchange_append(&exchange, &step, NULL, 0), -1);
  assert_int_equal(exchange.truncated, 1);
  assert_int_equal(exchange.step_count, E100_STEPS_LIMIT);
  e100_exchange_free(&exchange);
}

static void copies_are_equal_until_one_changes(void **state) {
  (void)state;
  struct samples samples = {.state = 11};
  struct e100_exchange one;
  struct e100_exchange other;
  e100_exchange_init(&one);
  e100_exchange_init(&other);
  for (int i = 0; i < 300; i++) {
    sample_exchange(&samples, &one);
    e100_exchange_copy(&other, &one);
    assert_true(e100_exchange_equal(&one, &other));
    assert_int_equal(e100_exchange_hash(&one), e100_exchange_hash(&other));
    assert_string_equal(one.title, other.title);
    assert_string_equal(one.stays, other.stays);
    struct e100_step step = {.kind = E100_STEP_QUIET};
    (void)e100_exchange_append(&other, &step, NULL, 0);
    assert_false(e100_exchange_equal(&one, &other));
    assert_int_not_equal(e100_exchange_hash(&one), e100_exchange_hash(&other));
  }
  e100_exchange_free(&one);
  e100_exchange_free(&other);
}

static void every_field_that_is_played_counts(void **state) {
  (void)state;
  struct e100_exchange base;
  struct e100_exchange other;
  e100_exchange_init(&base);
  e100_exchange_init(&other);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(&base, &step, octets_of("abc"), 3);
  for (int field = 0; field < 14; field++) {
    e100_exchange_copy(&other, &base);
    struct e100_step *first = &other.steps[0];
    uint8_t *const octet_fields[] = {&other.kind,  &other.role,   &other.seen_by,  &other.links[0].client,
                                     &first->kind, &first->link,  &first->from,    &first->to,
                                     &first->what, &first->flags, &other.octets[2]};
    if (field < 11)
      (*octet_fields[field])++;
    else if (field == 11)
      other.policy++;
    else if (field == 12)
      other.reading++;
    else
      first->status++;
    assert_false(e100_exchange_equal(&base, &other));
    assert_int_not_equal(e100_exchange_hash(&base), e100_exchange_hash(&other));
  }
  e100_exchange_copy(&other, &base);
  memcpy(other.title, "t", 2);
  other.shows_count = 1;
  other.has_expected = 1;
  assert_true(e100_exchange_equal(&base, &other));
  assert_int_equal(e100_exchange_hash(&base), e100_exchange_hash(&other));
  e100_exchange_free(&base);
  e100_exchange_free(&other);
}

/* Findings, causes and shares of inputs hang on these values: they stay what they are. */
static void hashes_stay_what_they_are(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  assert_int_equal(e100_exchange_hash(&exchange), UINT64_C(0x832851e5125d4b09));
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(&exchange, &step, octets_of("GET / HTTP/1.1\r\n\r\n"), 18);
  assert_int_equal(e100_exchange_hash(&exchange), UINT64_C(0x33f39a8d717d7def));
  e100_exchange_free(&exchange);
}

static void normalizing_is_idempotent(void **state) {
  (void)state;
  struct samples samples = {.state = 3};
  struct e100_exchange exchange;
  struct e100_exchange again;
  e100_exchange_init(&exchange);
  e100_exchange_init(&again);
  for (int i = 0; i < 5000; i++) {
    sample_exchange_raw(&samples, &exchange);
    e100_exchange_normalize(&exchange);
    e100_exchange_copy(&again, &exchange);
    e100_exchange_normalize(&again);
    assert_true(e100_exchange_equal(&exchange, &again));
    assert_string_equal(exchange.title, again.title);
    assert_string_equal(exchange.stays, again.stays);
    assert_int_equal(exchange.shows_count, again.shows_count);
    assert_int_equal(exchange.expected_count, again.expected_count);
    assert_int_equal(exchange.octet_count, again.octet_count);
  }
  e100_exchange_free(&exchange);
  e100_exchange_free(&again);
}

static void a_normal_step_fits_its_link(void **state) {
  (void)state;
  struct samples samples = {.state = 5};
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  for (int i = 0; i < 5000; i++) {
    sample_exchange(&samples, &exchange);
    assert_in_range(exchange.link_count, 1, E100_LINKS_LIMIT);
    uint32_t octets = 0;
    for (uint32_t s = 0; s < exchange.step_count; s++) {
      const struct e100_step *step = &exchange.steps[s];
      assert_true(step->kind < E100_STEP_KIND_COUNT);
      assert_true(step->link < exchange.link_count);
      const struct e100_link *link = &exchange.links[step->link];
      octets += step->length;
      if (step->kind == E100_STEP_DELIVER) {
        assert_true((step->from == link->client && step->to == link->server) ||
                    (step->from == link->server && step->to == link->client));
      }
      if (exchange.kind == E100_KIND_JUDGE) {
        assert_int_not_equal(step->kind, E100_STEP_AWAIT);
        assert_false(step->flags & E100_STEP_EXPECTED);
      }
    }
    assert_int_equal(octets, exchange.octet_count);
  }
  e100_exchange_free(&exchange);
}

static void octets_without_a_step_are_dropped(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(&exchange, &step, octets_of("abc"), 3);
  (void)e100_exchange_append(&exchange, &step, octets_of("defg"), 4);
  (void)e100_exchange_append(&exchange, &step, octets_of("hi"), 2);
  exchange.steps[0].kind = E100_STEP_KIND_COUNT;
  exchange.steps[1].offset = 4;
  exchange.steps[2].length = UINT32_MAX;
  e100_exchange_normalize(&exchange);
  assert_int_equal(exchange.step_count, 2);
  assert_int_equal(exchange.octet_count, 4);
  assert_memory_equal(exchange.octets, "efgh", 4);
  assert_int_equal(exchange.steps[1].length, 0);
  e100_exchange_free(&exchange);
}

static void seen_at_the_subject_is_what_goes_without_saying(void **state) {
  (void)state;
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  exchange.seen_by = E100_ORIGIN;
  e100_exchange_normalize(&exchange);
  assert_int_equal(exchange.seen_by, E100_NOBODY);
  exchange.seen_by = E100_CLIENT;
  e100_exchange_normalize(&exchange);
  assert_int_equal(exchange.seen_by, E100_CLIENT);
  e100_exchange_free(&exchange);
}

static void words_go_both_ways(void **state) {
  (void)state;
  for (unsigned i = 0; i < E100_PARTY_COUNT; i++)
    assert_int_equal(e100_party_named(e100_party_name(i)), i);
  for (unsigned i = 0; i < E100_ROLE_COUNT; i++)
    assert_int_equal(e100_role_named(e100_role_name(i)), i);
  for (unsigned i = 0; i < E100_KIND_COUNT; i++)
    assert_int_equal(e100_kind_named(e100_kind_name(i)), i);
  for (unsigned i = 0; i < E100_STEP_KIND_COUNT; i++)
    assert_int_equal(e100_step_kind_named(e100_step_kind_name(i)), i);
  for (unsigned i = 0; i < E100_TIMER_COUNT; i++)
    assert_int_equal(e100_timer_named(e100_timer_name(i)), i);
  for (unsigned i = 0; i < E100_TOLD_COUNT; i++)
    assert_int_equal(e100_told_named(e100_told_name(i)), i);
  for (unsigned i = 0; i < E100_DECISION_COUNT; i++)
    assert_int_equal(e100_decision_named(e100_decision_name(i)), i);
  for (unsigned i = 0; i < E100_AWAIT_COUNT; i++)
    assert_int_equal(e100_await_named(e100_await_name(i)), i);
  unsigned policies = 0;
  for (unsigned bit = 0; bit < E100_BITS; bit++) {
    if (e100_policy_name(bit) == NULL)
      continue;
    assert_int_equal(e100_policy_named(e100_policy_name(bit)), bit);
    policies++;
  }
  assert_true(policies > 0);
  unsigned readings = 0;
  for (unsigned bit = 0; bit < E100_BITS; bit++) {
    if (e100_reading_name(bit) == NULL)
      continue;
    assert_int_equal(e100_reading_named(e100_reading_name(bit)), bit);
    readings++;
  }
  assert_true(readings > 0);
  assert_int_equal(e100_party_named("Client"), -1);
  assert_int_equal(e100_timer_named(""), -1);
  assert_string_equal(e100_party_name(99), "unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_exchange_is_canonical),
      cmocka_unit_test(roles_have_their_usual_links),
      cmocka_unit_test(links_are_found_again_and_limited),
      cmocka_unit_test(appended_octets_are_copied_in_order),
      cmocka_unit_test(limits_leave_out_and_say_so),
      cmocka_unit_test(copies_are_equal_until_one_changes),
      cmocka_unit_test(every_field_that_is_played_counts),
      cmocka_unit_test(hashes_stay_what_they_are),
      cmocka_unit_test(normalizing_is_idempotent),
      cmocka_unit_test(a_normal_step_fits_its_link),
      cmocka_unit_test(octets_without_a_step_are_dropped),
      cmocka_unit_test(seen_at_the_subject_is_what_goes_without_saying),
      cmocka_unit_test(words_go_both_ways),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
