/*
 * tables_test.c - the tables of all reference machines: each pair of state and event has exactly one row, the
 * impossible ones as well, and a row names only what there is, and a rule that binds who follows it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine/client.h"
#include "machine/origin.h"
#include "machine/proxy.h"
#include "rules/rules.h"
#include "subjects/subject.h"

#define BOUND(party) (1U << E100_BOUND_##party)

static const struct machine {
  const struct e100_table *table;
  unsigned states, events, actions;
  unsigned impossible, over; /* an action; the state that nothing leaves */
  unsigned peer_goes;        /* the event that the other end is gone, which can come at any time */
  unsigned bound;            /* set of 1 << enum e100_bound: whose rules it follows */
} machines[] = {
    {&e100_origin_table, E100_ORIGIN_STATES, E100_ORIGIN_EVENTS, E100_ORIGIN_ACTIONS, E100_DO_IMPOSSIBLE,
     E100_ORIGIN_OVER, E100_CLIENT_GOES, BOUND(SERVER) | BOUND(ORIGIN)},
    {&e100_client_table, E100_CLIENT_STATES, E100_CLIENT_EVENTS, E100_CLIENT_ACTIONS,
     E100_CLIENT_ACTION_IMPOSSIBLE, E100_CLIENT_STATE_OVER, E100_CLIENT_EVENT_SERVER_GOES, BOUND(CLIENT)},
    {&e100_proxy_table, E100_PROXY_STATES, E100_PROXY_EVENTS, E100_PROXY_ACTIONS, E100_PROXY_DO_IMPOSSIBLE,
     E100_PROXY_OVER, E100_PROXY_ON_CLIENT_GOES, BOUND(SERVER) | BOUND(PROXY) | BOUND(INTERMEDIARY)},
};

static void each_machine(void (*check)(const struct machine *machine)) {
  for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
    check(&machines[i]);
}

static const struct e100_row *row_at(const struct machine *machine, unsigned index) {
  return &machine->table->rows[index];
}

static unsigned rows_of(const struct machine *machine) {
  return machine->states * machine->events;
}

static void has_each_pair_once(const struct machine *machine) {
  assert_int_equal(machine->table->states, machine->states);
  assert_int_equal(machine->table->events, machine->events);
  for (unsigned i = 0; i < rows_of(machine); i++) {
    const struct e100_row *row = row_at(machine, i);
    assert_int_equal(row->state, i / machine->events);
    assert_int_equal(row->event, i % machine->events);
    assert_ptr_equal(e100_table_row(machine->table, row->state, row->event), row);
  }
}

static void every_pair_has_one_row_in_its_place(void **state) {
  (void)state;
  each_machine(has_each_pair_once);
}

/* What cannot happen leads nowhere, and no rule speaks of it. */
static void names_what_there_is(const struct machine *machine) {
  for (unsigned i = 0; i < rows_of(machine); i++) {
    const struct e100_row *row = row_at(machine, i);
    assert_true(row->next < machine->states);
    assert_true(row->action < machine->actions);
    assert_true(row->rule < E100_RULE_COUNT);
    if (row->action == machine->impossible) {
      assert_int_equal(row->next, row->state);
      assert_int_equal(row->rule, E100_RULE_NONE);
    }
    bool rejects = strcmp(machine->table->action_names[row->action], "REJECT") == 0;
    if (rejects)
      assert_int_equal(row->next, row->state);
  }
}

static void every_row_names_what_there_is(void **state) {
  (void)state;
  each_machine(names_what_there_is);
}

static void follows_its_own_rules(const struct machine *machine) {
  unsigned named = 0;
  for (unsigned i = 0; i < rows_of(machine); i++) {
    const struct e100_row *row = row_at(machine, i);
    if (row->rule == E100_RULE_NONE)
      continue;
    named++;
    if ((machine->bound & 1U << e100_rule(row->rule)->bound) == 0)
      fail_msg("%s, %s: %s binds somebody else", machine->table->state_names[row->state],
               machine->table->event_names[row->event], e100_rule(row->rule)->id);
  }
  assert_true(named > 0);
}

static void a_rule_binds_who_follows_it(void **state) {
  (void)state;
  each_machine(follows_its_own_rules);
}

static void check_names(const char *const *names, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    assert_non_null(names[i]);
    for (unsigned j = 0; j < i; j++)
      assert_string_not_equal(names[i], names[j]);
  }
}

static void has_every_name_once(const struct machine *machine) {
  check_names(machine->table->state_names, machine->states);
  check_names(machine->table->event_names, machine->events);
  check_names(machine->table->action_names, machine->actions);
}

static void every_name_is_there_once(void **state) {
  (void)state;
  each_machine(has_every_name_once);
}

enum { STATES_LIMIT = 32 };

static void reaches_every_state(const struct machine *machine) {
  bool reached[STATES_LIMIT] = {true}; /* a connection begins in the first one */
  assert_true(machine->states <= STATES_LIMIT);
  for (unsigned round = 0; round < machine->states; round++) {
    for (unsigned i = 0; i < rows_of(machine); i++) {
      const struct e100_row *row = row_at(machine, i);
      if (row->action != machine->impossible && reached[row->state])
        reached[row->next] = true;
    }
  }
  for (unsigned i = 0; i < machine->states; i++)
    assert_true(reached[i]);
}

static void every_state_is_reachable(void **state) {
  (void)state;
  each_machine(reaches_every_state);
}

/* Every state but the last can be left, so nothing hangs for ever; and nothing happens after that one. */
static void can_end(const struct machine *machine) {
  for (unsigned from = 0; from < machine->states; from++) {
    const struct e100_row *row = e100_table_row(machine->table, from, machine->peer_goes);
    assert_int_equal(row->next, machine->over);
    assert_int_equal(row->action == machine->impossible, from == machine->over);
  }
  for (unsigned event = 0; event < machine->events; event++)
    assert_int_equal(e100_table_row(machine->table, machine->over, event)->next, machine->over);
}

static void every_state_can_end(void **state) {
  (void)state;
  each_machine(can_end);
}

/* What a campaign can reach is what it tells as its goal: each pair that can happen, of every machine. */
static void every_pair_that_can_happen_is_a_goal(void **state) {
  size_t pairs = 0;
  (void)state;
  for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
    for (unsigned row = 0; row < rows_of(&machines[i]); row++)
      pairs += row_at(&machines[i], row)->action != machines[i].impossible;
  assert_int_equal(e100_machine_pairs_total(), pairs);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_pair_has_one_row_in_its_place),
      cmocka_unit_test(every_row_names_what_there_is),
      cmocka_unit_test(a_rule_binds_who_follows_it),
      cmocka_unit_test(every_name_is_there_once),
      cmocka_unit_test(every_state_is_reachable),
      cmocka_unit_test(every_state_can_end),
      cmocka_unit_test(every_pair_that_can_happen_is_a_goal),
  };
  return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
