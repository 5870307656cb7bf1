/*
 * role_search_test.c - the exhaustive searches of clients, proxies and gateways: they close, merging states
 * is sound, a search that merges nothing agrees, they find machines that are wrong, and their traces are what
 * happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"
#include "search/client_product.h"
#include "search/proxy_product.h"
#include "search/search.h"
#include "search/shared_product.h"
#include "subjects/client_choices.h"
#include "subjects/client_subject.h"
#include "subjects/proxy_subject.h"
#include "subjects/subject.h"
#include "tests/corpus_folder.h"

enum { SOME = 200000 /* tokens of a search depth first */ };

/* Too large for a stack; each test sets it anew. */
static struct e100_search search, other;

/* A role, and all that a search of it needs. */
struct role {
  const struct e100_searched *searched;
  const void *design;
  const struct e100_subject *subject;
  void (*watch)(e100_row_watch *watch);
  const char *policies; /* two of them, which have more states than others */
};

static const struct role client = {.searched = &e100_searched_client,
                                   .design = &e100_client_reference,
                                   .subject = &e100_client_subject_reference,
                                   .watch = e100_client_subject_watch,
                                   .policies = "pipeline,close-early"};

static const struct role proxy = {.searched = &e100_searched_proxy,
                                  .design = &e100_proxy_making_reference,
                                  .subject = &e100_proxy_subject_reference,
                                  .watch = e100_proxy_subject_watch,
                                  .policies = "discard,own-expectation"};

static const struct role gateway = {.searched = &e100_searched_gateway,
                                    .design = &e100_proxy_making_reference,
                                    .subject = &e100_gateway_subject_reference,
                                    .watch = e100_proxy_subject_watch,
                                    .policies = "own-100,collect"};

static const struct role shared_proxy = {.searched = &e100_searched_shared_proxy,
                                         .design = &e100_proxy_making_reference,
                                         .subject = &e100_proxy_subject_reference,
                                         .watch = e100_proxy_subject_watch,
                                         .policies = "discard"};

static const struct role shared_gateway = {.searched = &e100_searched_shared_gateway,
                                           .design = &e100_proxy_making_reference,
                                           .subject = &e100_gateway_subject_reference,
                                           .watch = e100_proxy_subject_watch,
                                           .policies = "own-100"};

static unsigned rows_of(const struct role *role) {
  return (unsigned)role->searched->table->states * role->searched->table->events;
}

static uint32_t policy_of(const char *words) {
  uint32_t policy = 0;
  char name[32];
  int used = 0;
  for (; sscanf(words, "%31[^,]%n", name, &used) == 1; words += words[used] == ',' ? used + 1 : used)
    policy |= 1U << e100_policy_named(name);
  return policy;
}

/* ---- they close, and nothing is wrong ----------------------------------------------------------- */

/* States that were merged go on alike: each of their tokens takes the same rows, says the same, gives the
 * same findings, and leads to states that are merged again. */
static void closes(const struct role *role, uint32_t policy, uint64_t states) {
  const struct e100_search_setup setup = {
      .searched = role->searched, .design = role->design, .policy = policy, .compare = 41};
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.wrong, E100_WRONG_NOTHING);
  assert_int_equal(search.end, E100_SEARCH_CLOSED);
  assert_true(search.compared > 500);
  assert_true(search.states > states);
  assert_true(search.depth < E100_TRACE_LIMIT);
}

static void test_client_closes(void **state) {
  (void)state;
  closes(&client, 0, 20000);
  closes(&client, policy_of(client.policies), 10000);
}

static void test_proxy_and_gateway_close(void **state) {
  (void)state;
  closes(&proxy, policy_of(proxy.policies), 20000);
  closes(&gateway, policy_of(gateway.policies), 20000);
}

static void test_a_shared_pool_closes(void **state) {
  (void)state;
  closes(&shared_proxy, 0, 100000);
  assert_true(search.memory < E100_SEARCH_MEMORY_LIMIT);
  closes(&shared_gateway, policy_of(shared_gateway.policies), 50000);
}

/* A form that forgets what a server has sent of its content merges what is not alike. */
static size_t forgetful_form(const void *product, uint8_t *out) {
  static struct e100_client_product copy;
  memcpy(&copy, product, e100_searched_client.extent(product));
  copy.connections[0].server.chunks = 0;
  return e100_client_product_form(&copy, out);
}

static void test_a_form_that_leaves_out_too_much_is_noticed(void **state) {
  const struct e100_search_setup setup = {.searched = &e100_searched_client,
                                          .design = &e100_client_reference,
                                          .compare = 1,
                                          .form = forgetful_form};
  (void)state;
  e100_search_breadth_first(&setup, &search);
  assert_int_equal(search.end, E100_SEARCH_FOUND);
  assert_int_equal(search.wrong, E100_WRONG_MERGE);
}

/* ---- depth first -------------------------------------------------------------------------------- */

static void agree(const struct role *role, uint32_t policy, uint32_t least) {
  struct e100_search_setup setup = {
      .searched = role->searched, .design = role->design, .policy = policy, .executions = SOME};
  e100_search_depth_first(&setup, &other);
  assert_int_equal(other.wrong, E100_WRONG_NOTHING);
  assert_int_equal(other.end, E100_SEARCH_DEEP_ENOUGH);
  assert_true(other.depth >= least);
  setup.depth = other.depth;
  e100_search_breadth_first(&setup, &search);
  for (unsigned row = 0; row < rows_of(role); row++) {
    bool there = search.rows[row].taken > 0 && search.rows[row].trace.length <= other.depth;
    assert_int_equal(there, other.rows[row].taken > 0);
    if (there)
      assert_int_equal(search.rows[row].trace.length, other.rows[row].trace.length);
  }
}

static void test_depth_first_agrees(void **state) {
  (void)state;
  agree(&client, 0, 4);
  agree(&client, policy_of(client.policies), 4);
  agree(&proxy, policy_of(proxy.policies), 4);
  agree(&gateway, policy_of(gateway.policies), 4);
  agree(&shared_proxy, policy_of(shared_proxy.policies), 5);
  agree(&shared_gateway, policy_of(shared_gateway.policies), 5);
}

/* ---- they can fail
 * ------------------------------------------------------------------------------------------------
 */

static bool is_found(const struct role *role, const void *design, uint32_t policy) {
  const struct e100_search_setup setup = {.searched = role->searched, .design = design, .policy = policy};
  e100_search_breadth_first(&setup, &search);
  return search.end == E100_SEARCH_FOUND && search.wrong == E100_WRONG_VIOLATION;
}

static bool is_found_somewhere(const struct role *role, const void *design) {
  uint32_t policy = 0;
  bool found = false;
  for (size_t i = 0; !found && e100_policies_at(role->searched->policies, i, &policy); i++)
    found = is_found(role, design, policy);
  return found;
}

/* Faults that a search cannot find within its bounds, each with its reason. */
static bool is_beyond_bounds(const char *name) {
  static const char *const names[] = {""};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i], name) == 0)
      return true;
  return false;
}

/* Every fault of a client that is a matter of the table or of events. */
static void test_faulty_clients_are_found(void **state) {
  size_t tried = 0;
  bool all = true;
  (void)state;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    bool searchable = strcmp(fault->kind, "row") == 0 || strcmp(fault->kind, "event") == 0;
    if (!searchable || fault->role != E100_ROLE_CLIENT || fault->class_letter == 'Q' ||
        is_beyond_bounds(fault->name))
      continue;
    char name[64];
    (void)snprintf(name, sizeof name, "fault:%s", fault->name);
    const struct e100_subject *subject = e100_subject_named(name, E100_ROLE_CLIENT);
    const struct e100_client_variation *variation = subject->data;
    if (variation->repeats_asking || variation->reruns || variation->depart != NULL)
      continue;
    const struct e100_client_design design = e100_client_design_of(variation);
    bool found = is_found_somewhere(&client, &design);
    if (!found)
      print_error("%s is not found\n", name);
    all = all && found;
    tried++;
  }
  assert_true(all);
  assert_true(tried >= 10);
}

/* The making of a proxy's fault; false where that changes octets or facts. */
static bool make_faulty(const char *fault, struct e100_proxy_making *making) {
  char name[64];
  (void)snprintf(name, sizeof name, "fault:%s", fault);
  const struct e100_subject *subject = e100_subject_named(name, E100_ROLE_PROXY);
  assert_non_null(subject);
  return e100_proxy_making_of(subject->data, making);
}

/* Faults of proxies that no search finds within its bounds, each with its reason. */
static bool is_beyond_proxy_bounds(const char *name) {
  static const struct {
    const char *name, *why;
  } faults[] = {
      {"method-queue-popped", "HEAD, an interim response and then content are more than one odd thing"},
      {"interim-relayed-to-10", "a request of HTTP/1.0 and an interim response are more than one odd thing"},
      {"keeps-http-10", "a request of HTTP/1.0 and the silence that shows it are more than one odd thing"},
      {"http-10-pooled", "a response of HTTP/1.0 and another request are more than one odd thing"},
      {"trailers-in-the-head", "no message of the alphabet has trailers"},
      {"nominated-trailers-kept", "no message of the alphabet has trailers"},
      {"nominated-expect-hangs", "no head of the alphabet names Expect in Connection"},
      {"awaits-content-by-expect", "GET that asks and what shows the wait are more than one odd thing"},
  };
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
    if (strcmp(faults[i].name, name) == 0)
      return true;
  return false;
}

/* Every fault of a proxy that changes no octets and no facts. */
static void test_faulty_proxies_are_found(void **state) {
  size_t tried = 0;
  bool all = true;
  (void)state;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    struct e100_proxy_making making;
    if (fault->role != E100_ROLE_PROXY || fault->class_letter == 'Q' || is_beyond_proxy_bounds(fault->name) ||
        !make_faulty(fault->name, &making))
      continue;
    bool found = is_found(&proxy, &making, 0) || is_found(&shared_proxy, &making, 0);
    if (!found)
      print_error("%s is not found\n", fault->name);
    all = all && found;
    tried++;
  }
  assert_true(all);
  assert_true(tried >= 13);
}

/* What two clients show that share a pool: a connection that one leaves behind gives the other's octets away,
 * or has an answer for it. Where there is one client, its connection is over by then. */
static void test_a_poisoned_pool_shows_with_two_clients(void **state) {
  static const struct {
    const char *fault;
    enum e100_rule rule;
  } shows[] = {
      {"poisoned-pool", E100_CLIENT_FINISHES_CONTENT_FIRST},
      {"cancelled-and-pooled", E100_CLIENT_WELL_FORMED},
      {"cancelled-and-pooled", E100_HEAD_STAYS_OUT_OF_CONTENT},
      {"cancelled-and-pooled", E100_RESPONSE_UNDER_ITS_REQUEST},
      {"close-overlooked", E100_CLIENT_NOTHING_AFTER_CLOSE},
  };
  (void)state;
  for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++) {
    struct e100_rule_set only = {{0}};
    struct e100_proxy_making making;
    assert_true(make_faulty(shows[i].fault, &making));
    e100_rule_set_add(&only, shows[i].rule);
    const struct e100_search_setup setup = {
        .searched = &e100_searched_shared_proxy, .design = &making, .only = &only};
    e100_search_breadth_first(&setup, &search);
    if (search.wrong != E100_WRONG_VIOLATION)
      print_error("%s does not show %s\n", shows[i].fault, e100_rule(shows[i].rule)->id);
    assert_int_equal(search.wrong, E100_WRONG_VIOLATION);
    assert_true(search.found.length > 2);
  }
  struct e100_proxy_making poisoned;
  assert_true(make_faulty("poisoned-pool", &poisoned));
  assert_false(is_found(&proxy, &poisoned, 0));
  assert_int_equal(search.end, E100_SEARCH_CLOSED);
}

/* What a machine without policies does not do in short conversations has no reason: nobody would believe it
 * otherwise. */
static void test_answers_without_a_reason_are_noticed(void **state) {
  static const struct role *const roles[] = {&client, &proxy, &gateway};
  (void)state;
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
    struct e100_answers answers = {0};
    const struct e100_search_setup setup = {
        .searched = roles[i]->searched, .design = roles[i]->design, .depth = 3, .answers = &answers};
    struct e100_unused_answer unused;
    uint32_t situation = 0;
    unsigned answer = 0, with = 0, without = 0;
    e100_search_breadth_first(&setup, &search);
    assert_int_equal(search.wrong, E100_WRONG_NOTHING);
    while (e100_answers_unused(&answers, roles[i]->searched->answers, &situation, &answer, &unused)) {
      with += unused.reason >= 0;
      without += unused.reason < 0;
    }
    assert_true(with > 0);
    assert_true(without > 0);
    e100_answers_free(&answers);
  }
}

/* ---- traces
 * -------------------------------------------------------------------------------------------------------
 */

static bool row_was_taken;
static unsigned row_wanted;

static void watch_row(const struct e100_table *table, const struct e100_row *row) {
  row_was_taken |= (unsigned)(row->state * table->events + row->event) == row_wanted;
}

/* All octets that PARTY sends. */
static void add_sent(const struct e100_exchange *exchange, uint8_t party, struct e100_text *out) {
  e100_text_add(out, "", 0);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DELIVER && step->from == party)
      e100_text_add(out, (const char *)e100_step_octets(exchange, step), step->length);
  }
}

/* Played as any case is, a trace takes its row, and the octets are those that the search saw; at its end a
 * play also lets its subject settle. */
static void trace_is_what_happens(const struct role *role, unsigned row, uint32_t policy) {
  struct e100_exchange play, seen, transcript;
  struct e100_text sent = {0}, sent_in_search = {0};
  const struct e100_trace *trace = &search.rows[row].trace;
  const uint8_t party = (uint8_t)e100_role_party((enum e100_role)role->searched->role);
  e100_exchange_init(&play);
  e100_exchange_init(&seen);
  e100_exchange_init(&transcript);
  e100_trace_play(trace, role->searched, role->design, policy, &play);
  e100_trace_transcript(trace, role->searched, role->design, policy, &seen);
  row_was_taken = false;
  row_wanted = row;
  role->watch(watch_row);
  assert_true(e100_play(&play, role->subject, &transcript));
  role->watch(NULL);
  assert_true(row_was_taken);
  add_sent(&transcript, party, &sent);
  add_sent(&seen, party, &sent_in_search);
  assert_true(sent.length >= sent_in_search.length);
  assert_memory_equal(sent.text, sent_in_search.text, sent_in_search.length);
  e100_text_free(&sent);
  e100_text_free(&sent_in_search);
  e100_exchange_free(&play);
  e100_exchange_free(&seen);
  e100_exchange_free(&transcript);
}

static void traces_are_what_happens(const struct role *role, uint32_t policy, size_t least) {
  const struct e100_search_setup setup = {
      .searched = role->searched, .design = role->design, .policy = policy};
  size_t tried = 0;
  e100_search_breadth_first(&setup, &search);
  for (unsigned row = 0; row < rows_of(role); row++) {
    const struct e100_trace *trace = &search.rows[row].trace;
    bool plays = role->searched->plays == NULL ||
                 (trace->length > 0 && role->searched->plays(trace->tokens[trace->length - 1]));
    if (search.rows[row].taken == 0 || !plays)
      continue;
    trace_is_what_happens(role, row, policy);
    tried++;
  }
  assert_true(tried > least);
}

static void test_traces_are_what_happens(void **state) {
  (void)state;
  traces_are_what_happens(&client, policy_of("halves"), 60);
  traces_are_what_happens(&client, policy_of("pipeline,chunked"), 50);
  traces_are_what_happens(&proxy, policy_of("discard"), 50);
  traces_are_what_happens(&gateway, policy_of("collect"), 30);
  traces_are_what_happens(&shared_proxy, 0, 40);
}

/* ---- the corpus
 * ------------------------------------------------------------------------------------------------------
 */

enum { PROXY_ROWS = E100_PROXY_STATES * E100_PROXY_EVENTS };

/* What the cases of a role take. */
struct rows_taken {
  const struct role *role;
  bool taken[PROXY_ROWS];
};
static struct rows_taken *taking;

static void take_row(const struct e100_table *table, const struct e100_row *row) {
  taking->taken[row->state * table->events + row->event] = true;
}

static bool is_of_a_chain(const struct e100_exchange *play) {
  for (uint32_t i = 0; i < play->step_count; i++)
    if (play->steps[i].kind == E100_STEP_DECIDED)
      return true;
  return false;
}

static void play_case(void *user, const char *path, const struct e100_exchange *play) {
  struct rows_taken *rows = user;
  struct e100_exchange transcript;
  (void)path;
  if (play->kind != E100_KIND_PLAY || play->role != rows->role->searched->role || is_of_a_chain(play))
    return;
  e100_exchange_init(&transcript);
  assert_true(e100_play(play, rows->role->subject, &transcript));
  e100_exchange_free(&transcript);
}

static bool is_impossible(unsigned row) {
  return e100_proxy_table.rows[row].action == E100_PROXY_DO_IMPOSSIBLE;
}

/* Each row that something can take is taken by a case: by one that a person
 * wrote, or by the shortest trace. */
static void the_corpus_takes_every_row(const struct role *role, unsigned least) {
  struct rows_taken rows = {.role = role};
  unsigned can = 0;
  bool all = true;
  taking = &rows;
  e100_proxy_subject_watch(take_row);
  corpus_each_case(play_case, &rows);
  e100_proxy_subject_watch(NULL);
  for (unsigned row = 0; row < PROXY_ROWS; row++) {
    const unsigned state = row / E100_PROXY_EVENTS, event = row % E100_PROXY_EVENTS;
    const char *reason = role->searched->unreachable(state, event);
    bool pool = event == E100_PROXY_ON_NO_SERVER; /* with two clients it is taken */
    if (is_impossible(row) || (reason != NULL && !pool))
      continue;
    can++;
    if (!rows.taken[row])
      print_error("no case of a %s: %s %s\n", e100_role_name(role->searched->role),
                  e100_proxy_table.state_names[state], e100_proxy_table.event_names[event]);
    all = all && rows.taken[row];
  }
  assert_true(all);
  assert_true(can > least);
}

static void test_the_corpus_takes_every_row(void **state) {
  (void)state;
  the_corpus_takes_every_row(&proxy, 80);
  the_corpus_takes_every_row(&gateway, 90);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_client_closes),
      cmocka_unit_test(test_proxy_and_gateway_close),
      cmocka_unit_test(test_a_shared_pool_closes),
      cmocka_unit_test(test_a_form_that_leaves_out_too_much_is_noticed),
      cmocka_unit_test(test_depth_first_agrees),
      cmocka_unit_test(test_faulty_clients_are_found),
      cmocka_unit_test(test_faulty_proxies_are_found),
      cmocka_unit_test(test_a_poisoned_pool_shows_with_two_clients),
      cmocka_unit_test(test_answers_without_a_reason_are_noticed),
      cmocka_unit_test(test_traces_are_what_happens),
      cmocka_unit_test(test_the_corpus_takes_every_row),
  };
  return cmocka_run_group_tests_name("role_search", tests, NULL, NULL);
}
