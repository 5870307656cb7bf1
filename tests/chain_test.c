/*
 * chain_test.c - a client, a proxy or gateway and an origin server together: three references break no rule,
 * whatever the order of arrival, and where one has a fault nobody else is to blame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faults/faults.h"
#include "model/model.h"
#include "subjects/chain.h"

#define ASK(mark)                                                         \
  "-- app> request --\nPUT /" mark " HTTP/1.1\nHost: h\nE100-Mark: " mark \
  "\nContent-Length: 5\nExpect: 100-continue\n\n{" mark "}12\\\n"
#define GET(mark) "-- app> request --\nGET /" mark " HTTP/1.1\nHost: h\nE100-Mark: " mark "\n\n"

#define HEAD_ARRIVES "-- client>proxy d1 --\n-- proxy>origin u1 --\n"

static const char *const plays[] = {
    /* One request after the other. */
    "policy: prompt\n\n" ASK("a") "-- settled --\n" GET("b") "-- settled --\n" ASK("c") "-- quiet --\n",
    /* Two at once, over two connections. */
    "policy: prompt\n\n" ASK("a") ASK("b") "-- settled --\n" GET("c") GET("d") "-- quiet --\n",
    /* The application refuses in place of a 100, and somebody else asks for something. */
    "\n" ASK("a") HEAD_ARRIVES "-- app> respond 401 u1 --\n-- settled --\n" GET("b") HEAD_ARRIVES
    "-- client>proxy d2 --\n-- proxy>origin u2 --\n-- app> respond 200 u1 --\n"
    "-- app> respond 200 u2 --\n-- quiet --\n",
    /* Octets arrive in pieces. */
    "policy: prompt\n\n" ASK(
        "a") "-- client>proxy d1 --\n0123456789\\\n-- client>proxy d1 --\n-- proxy>origin u1 --\n012345\\\n"
             "-- proxy>origin u1 --\n-- origin>proxy u1 --\n0123456789\\\n-- settled --\n" GET(
                 "b") "-- quiet --\n",
    /* The timer of the client fires while the 100 is under way. */
    "policy: prompt\n\n" ASK("a") "-- client>proxy d1 --\n-- proxy>origin u1 --\n-- timer client continue "
                                  "--\n-- settled --\n" GET("b") "-- quiet --\n",
    /* The client drops its request while it waits. */
    "\n" ASK("a") HEAD_ARRIVES "-- app> close d1 --\n-- settled --\n" GET("b") HEAD_ARRIVES
    "-- client>proxy d2 --\n-- proxy>origin u2 --\n-- app> respond 200 u1 --\n-- app> respond 200 u2 --\n"
    "-- quiet --\n",
    /* Connections are closed and opened anew, twice, before the other end hears of the first time. */
    "links: d1 client>proxy, u1 proxy>origin\npolicy: unasked-100 prompt\n\n" ASK("a") GET(
        "b") "-- app> close d1 --\n-- client>proxy d1 --\n" ASK("c") "-- app> close d1 --\n-- settled --\n",
    /* The origin server closes behind its response while the proxy has closed, and begun anew, for its part.
     */
    "links: d1 client>proxy, u1 proxy>origin\npolicy: prompt\n\n" GET("a")
        ASK("b") "-- app> close d1 --\n-- app> close d1 --\n-- client>proxy d1 --\n-- client>proxy d1 --\n"
                 "-- client>proxy d1 --\n-- client>proxy d1 --\n-- client>proxy d1 --\n-- quiet --\n",
    /* The proxy has closed behind its final response when that comes to the client, which begins anew. */
    "links: d1 client>proxy, u1 proxy>origin\npolicy: next-hop-10\n\n" ASK(
        "a") "-- client>proxy d1 --\n-- timer proxy discard --\n-- proxy>client d1 --\n-- client>proxy d1 "
             "--\n"
             "-- client>proxy d1 --\n-- client>proxy d1 --\n-- proxy>origin u1 --\n-- proxy>origin u1 --\n"
             "-- app> respond 200 u1 --\n-- quiet --\n",
    /* The proxy's timer ends the connection under two requests; the client hears of it, and begins anew at
       once. */
    "policy: prompt pipeline\n\n" ASK("a") ASK("b") "-- timer proxy idle --\n" GET("c") "-- quiet --\n",
};
enum { PLAYS = sizeof plays / sizeof plays[0] };

static void read_play(struct e100_exchange *play, const char *text, enum e100_role role) {
  char whole[4096];
  (void)snprintf(whole, sizeof whole, "kind: play\nrole: proxy\n%s%s",
                 strncmp(text, "links:", 6) == 0
                     ? ""
                     : "links: d1 client>proxy, d2 client>proxy, u1 proxy>origin, u2 proxy>origin\n",
                 text);
  e100_exchange_init(play);
  e100_case_decode(play, (const uint8_t *)whole, strlen(whole), false, NULL, NULL);
  play->role = (uint8_t)role;
  for (uint32_t i = 0; role == E100_ROLE_GATEWAY && i < play->link_count; i++) {
    uint8_t *end = play->links[i].client == E100_CLIENT ? &play->links[i].server : &play->links[i].client;
    *end = E100_GATEWAY;
  }
  e100_exchange_normalize(play);
  e100_chain_links(play);
}

/* How many violations there are of PARTY, and of others; the first of those is told. */
struct blame {
  unsigned own, others;
};

static void judge_chain(const char *text, enum e100_role role, const struct e100_subject *faulty,
                        struct blame *blame) {
  struct e100_exchange play;
  struct e100_exchange transcript;
  struct e100_verdict verdict;
  struct e100_chain chain = {e100_subject_named("reference", E100_ROLE_CLIENT),
                             e100_subject_named("reference", role),
                             e100_subject_named("reference", E100_ROLE_ORIGIN)};
  uint8_t party = E100_NOBODY;
  if (faulty != NULL) {
    party = (uint8_t)e100_role_party((enum e100_role)faulty->role);
    *(faulty->role == E100_ROLE_CLIENT   ? &chain.client
      : faulty->role == E100_ROLE_ORIGIN ? &chain.origin
                                         : &chain.between) = faulty;
  }
  read_play(&play, text, role);
  e100_exchange_init(&transcript);
  assert_true(e100_chain_play(&play, &chain, &transcript));
  assert_true(transcript.step_count > 0);
  e100_judge(&transcript, &verdict);
  for (uint32_t i = 0; i < verdict.findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    if (e100_rule_severity(finding->rule) != E100_VIOLATION)
      continue;
    /* An application that only does what the play says may have been asked otherwise than the play thought.
     */
    bool of_origin = finding->party == E100_ORIGIN || finding->party == E100_APPLICATION;
    bool unasked = strstr(text, "prompt") == NULL && of_origin && faulty != NULL;
    if (finding->party == party) {
      blame->own++;
    } else if (unasked) {
      continue;
    } else {
      blame->others++;
      print_message("%s: %s at step %u is laid to the %s\n", faulty != NULL ? faulty->name : "references",
                    e100_rule(finding->rule)->id, finding->step + 1, e100_party_name(finding->party));
    }
  }
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
}

static void three_references_break_no_rule(void **state) {
  (void)state;
  for (unsigned i = 0; i < PLAYS; i++) {
    struct blame blame = {.own = 0};
    judge_chain(plays[i], E100_ROLE_PROXY, NULL, &blame);
    judge_chain(plays[i], E100_ROLE_GATEWAY, NULL, &blame);
    assert_int_equal(blame.others, 0);
  }
}

static void who_has_the_fault_is_to_blame(void **state) {
  (void)state;
  unsigned blamed[E100_ROLE_COUNT] = {0};
  unsigned wrongly = 0;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    char name[64];
    (void)snprintf(name, sizeof name, "fault:%s", fault->name);
    const struct e100_subject *faulty = e100_subject_named(name, (enum e100_role)fault->role);
    struct blame blame = {.own = 0};
    for (unsigned k = 0; k < PLAYS; k++)
      judge_chain(plays[k], E100_ROLE_PROXY, faulty, &blame);
    wrongly += blame.others > 0;
    blamed[fault->role] += blame.own > 0;
  }
  print_message("seen in a chain: %u faults of origin servers, %u of clients, %u of proxies\n",
                blamed[E100_ROLE_ORIGIN], blamed[E100_ROLE_CLIENT], blamed[E100_ROLE_PROXY]);
  assert_int_equal(wrongly, 0);
  assert_true(blamed[E100_ROLE_ORIGIN] > 15);
  assert_true(blamed[E100_ROLE_PROXY] > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(three_references_break_no_rule),
      cmocka_unit_test(who_has_the_fault_is_to_blame),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
