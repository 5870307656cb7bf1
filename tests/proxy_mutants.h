/* proxy_mutants.h - the machine of a proxy and of a gateway with its events derived otherwise. */
#ifndef E100_PROXY_MUTANTS_H
#define E100_PROXY_MUTANTS_H

#include "search/proxy_unreachable.h"
#include "subjects/proxy_subject.h"
#include "tests/machine_mutants.h"

enum proxy_derived {
  PROXY_HEAD,
  PROXY_INTERIM,
  PROXY_LAST,
  PROXY_REUSABLE,
  PROXY_FACTS, /* as the head of a request is read */
  PROXY_CHOSEN /* what the machine was told to choose */
};

/* A copy of the machine, read otherwise. */
static const struct e100_proxy *misread_proxy(const struct e100_proxy *proxy) {
  static struct e100_proxy other;
  other = *proxy;
  if (derivation->misread != NULL)
    derivation->misread(&other);
  return &other;
}

static enum e100_proxy_event other_proxy_head(const struct e100_proxy *proxy) {
  return (enum e100_proxy_event)other_event(e100_proxy_reference.head_event(misread_proxy(proxy)));
}

static enum e100_proxy_event other_proxy_interim(const struct e100_proxy *proxy) {
  return (enum e100_proxy_event)other_event(e100_proxy_reference.interim_event(misread_proxy(proxy)));
}

static bool other_final_is_last(const struct e100_proxy *proxy) {
  return answered(e100_proxy_reference.final_is_last(misread_proxy(proxy)));
}

static bool other_is_reusable(const struct e100_proxy *proxy) {
  return answered(e100_proxy_reference.is_reusable(misread_proxy(proxy)));
}

static void other_proxy_facts(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                              size_t length, struct e100_request_facts *facts) {
  static struct e100_proxy other;
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong != 0)
    return;
  other.request.facts = *facts;
  derivation->misread(&other);
  *facts = other.request.facts;
}

static void *open_other_proxy(const struct e100_subject *subject, const struct e100_setup *setup,
                              struct e100_sink *sink) {
  struct e100_setup other = with_other_policy(setup);
  return e100_proxy_subject_reference.open(subject, &other, sink);
}

#define PROXY_MISREADING(name, input, value)    \
  static void name(void *in) {                  \
    ((struct e100_proxy *)in)->input = (value); \
  }
PROXY_MISREADING(request_asks, request.facts.asks, true)
PROXY_MISREADING(request_never_asks, request.facts.asks, false)
PROXY_MISREADING(request_is_11, request.facts.minor, 1)
PROXY_MISREADING(request_is_10, request.facts.minor, 0)
PROXY_MISREADING(request_has_content, request.facts.framing, E100_CONTENT_LENGTH)
PROXY_MISREADING(request_has_no_content, request.facts.framing, E100_CONTENT_NONE)
PROXY_MISREADING(request_persists, request.facts.persists, true)
PROXY_MISREADING(request_never_persists, request.facts.persists, false)
PROXY_MISREADING(request_wants_other, request.facts.other, true)
PROXY_MISREADING(request_never_wants_other, request.facts.other, false)
PROXY_MISREADING(request_upgrades, request.facts.upgrade, true)
PROXY_MISREADING(request_never_upgrades, request.facts.upgrade, false)
PROXY_MISREADING(request_is_head, request.facts.method, E100_METHOD_HEAD)
PROXY_MISREADING(request_is_other, request.facts.method, E100_METHOD_OTHER)
PROXY_MISREADING(request_is_whole, request.complete, true)
PROXY_MISREADING(request_is_never_whole, request.complete, false)
PROXY_MISREADING(expect_is_nominated, nominated, true)
PROXY_MISREADING(expect_is_never_nominated, nominated, false)
PROXY_MISREADING(role_is_gateway, policy.gateway, true)
PROXY_MISREADING(role_is_proxy, policy.gateway, false)
PROXY_MISREADING(it_collects, policy.collects, true)
PROXY_MISREADING(it_never_collects, policy.collects, false)
PROXY_MISREADING(next_hop_is_10, policy.next_hop_10, true)
PROXY_MISREADING(next_hop_is_11, policy.next_hop_10, false)
PROXY_MISREADING(it_says_100, policy.own_100, true)
PROXY_MISREADING(it_never_says_100, policy.own_100, false)
PROXY_MISREADING(it_discards, policy.discard, true)
PROXY_MISREADING(it_never_discards, policy.discard, false)
PROXY_MISREADING(it_asked, own_asked, true)
PROXY_MISREADING(it_never_asked, own_asked, false)
PROXY_MISREADING(it_said_100, said_100, true)
PROXY_MISREADING(it_never_said_100, said_100, false)
PROXY_MISREADING(client_is_done, client_done, true)
PROXY_MISREADING(client_is_never_done, client_done, false)
PROXY_MISREADING(request_is_forwarded, forwarded, true)
PROXY_MISREADING(request_is_never_forwarded, forwarded, false)
PROXY_MISREADING(octets_follow, stray, true)
PROXY_MISREADING(octets_never_follow, stray, false)
PROXY_MISREADING(response_is_100, response.facts.status, 100)
PROXY_MISREADING(response_is_103, response.facts.status, 103)
PROXY_MISREADING(response_persists, response.facts.persists, true)
PROXY_MISREADING(response_never_persists, response.facts.persists, false)
PROXY_MISREADING(response_is_until_close, response.facts.framing, E100_RESPONSE_UNTIL_CLOSE)
PROXY_MISREADING(response_has_length, response.facts.framing, E100_RESPONSE_LENGTH)

#define PROXY_TAKEN_FOR(of, event, other) \
  { #event " is " #other, of, NULL, AS_DERIVED, E100_PROXY_ON_##event, E100_PROXY_ON_##other }
#define ASKED_TAKEN_FOR(event, a, b, c, d, e, f)                                    \
  PROXY_TAKEN_FOR(PROXY_HEAD, event, a), PROXY_TAKEN_FOR(PROXY_HEAD, event, b),     \
      PROXY_TAKEN_FOR(PROXY_HEAD, event, c), PROXY_TAKEN_FOR(PROXY_HEAD, event, d), \
      PROXY_TAKEN_FOR(PROXY_HEAD, event, e), PROXY_TAKEN_FOR(PROXY_HEAD, event, f)

static const struct derivation proxy_derivations[] = {
    ASKED_TAKEN_FOR(HEAD_ASKS, HEAD_ASKS_HERE, HEAD_COLLECTS, HEAD_COLLECTS_ASKED, HEAD_OFFERS,
                    HEAD_STANDS_ALONE, HEAD_IS_REFUSED),
    ASKED_TAKEN_FOR(HEAD_ASKS_HERE, HEAD_ASKS, HEAD_COLLECTS, HEAD_COLLECTS_ASKED, HEAD_OFFERS,
                    HEAD_STANDS_ALONE, HEAD_IS_REFUSED),
    ASKED_TAKEN_FOR(HEAD_COLLECTS, HEAD_ASKS, HEAD_ASKS_HERE, HEAD_COLLECTS_ASKED, HEAD_OFFERS,
                    HEAD_STANDS_ALONE, HEAD_IS_REFUSED),
    ASKED_TAKEN_FOR(HEAD_COLLECTS_ASKED, HEAD_ASKS, HEAD_ASKS_HERE, HEAD_COLLECTS, HEAD_OFFERS,
                    HEAD_STANDS_ALONE, HEAD_IS_REFUSED),
    ASKED_TAKEN_FOR(HEAD_OFFERS, HEAD_ASKS, HEAD_ASKS_HERE, HEAD_COLLECTS, HEAD_COLLECTS_ASKED,
                    HEAD_STANDS_ALONE, HEAD_IS_REFUSED),
    ASKED_TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_ASKS, HEAD_ASKS_HERE, HEAD_COLLECTS, HEAD_COLLECTS_ASKED,
                    HEAD_OFFERS, HEAD_IS_REFUSED),
    MISREAD(PROXY_HEAD, request_asks),
    MISREAD(PROXY_HEAD, request_never_asks),
    MISREAD(PROXY_HEAD, request_is_11),
    MISREAD(PROXY_HEAD, request_is_10),
    MISREAD(PROXY_HEAD, request_has_content),
    MISREAD(PROXY_HEAD, request_has_no_content),
    MISREAD(PROXY_HEAD, expect_is_nominated),
    MISREAD(PROXY_HEAD, expect_is_never_nominated),
    MISREAD(PROXY_HEAD, role_is_gateway),
    MISREAD(PROXY_HEAD, role_is_proxy),
    MISREAD(PROXY_HEAD, it_collects),
    MISREAD(PROXY_HEAD, it_never_collects),
    MISREAD(PROXY_HEAD, next_hop_is_10),
    MISREAD(PROXY_HEAD, next_hop_is_11),
    MISREAD(PROXY_HEAD, it_says_100),
    MISREAD(PROXY_HEAD, it_never_says_100),
    PROXY_TAKEN_FOR(PROXY_INTERIM, CONTINUE_ARRIVES, INTERIM_ARRIVES),
    PROXY_TAKEN_FOR(PROXY_INTERIM, CONTINUE_ARRIVES, INTERIM_IS_DROPPED),
    PROXY_TAKEN_FOR(PROXY_INTERIM, INTERIM_ARRIVES, CONTINUE_ARRIVES),
    PROXY_TAKEN_FOR(PROXY_INTERIM, INTERIM_ARRIVES, INTERIM_IS_DROPPED),
    PROXY_TAKEN_FOR(PROXY_INTERIM, INTERIM_IS_DROPPED, CONTINUE_ARRIVES),
    PROXY_TAKEN_FOR(PROXY_INTERIM, INTERIM_IS_DROPPED, INTERIM_ARRIVES),
    MISREAD(PROXY_INTERIM, request_is_11),
    MISREAD(PROXY_INTERIM, request_is_10),
    MISREAD(PROXY_INTERIM, response_is_100),
    MISREAD(PROXY_INTERIM, response_is_103),
    MISREAD(PROXY_INTERIM, it_asked),
    MISREAD(PROXY_INTERIM, it_never_asked),
    MISREAD(PROXY_INTERIM, it_said_100),
    MISREAD(PROXY_INTERIM, it_never_said_100),
    MISREAD(PROXY_INTERIM, role_is_gateway),
    MISREAD(PROXY_INTERIM, role_is_proxy),
    ANSWERS(PROXY_LAST),
    MISREAD(PROXY_LAST, request_is_whole),
    MISREAD(PROXY_LAST, request_is_never_whole),
    MISREAD(PROXY_LAST, it_discards),
    MISREAD(PROXY_LAST, it_never_discards),
    MISREAD(PROXY_LAST, request_persists),
    MISREAD(PROXY_LAST, request_never_persists),
    MISREAD(PROXY_LAST, request_is_11),
    MISREAD(PROXY_LAST, request_is_10),
    MISREAD(PROXY_LAST, client_is_done),
    MISREAD(PROXY_LAST, client_is_never_done),
    MISREAD(PROXY_LAST, response_is_until_close),
    MISREAD(PROXY_LAST, response_has_length),
    ANSWERS(PROXY_REUSABLE),
    MISREAD(PROXY_REUSABLE, request_is_forwarded),
    MISREAD(PROXY_REUSABLE, request_is_never_forwarded),
    MISREAD(PROXY_REUSABLE, response_persists),
    MISREAD(PROXY_REUSABLE, response_never_persists),
    MISREAD(PROXY_REUSABLE, response_is_until_close),
    MISREAD(PROXY_REUSABLE, response_has_length),
    MISREAD(PROXY_REUSABLE, octets_follow),
    MISREAD(PROXY_REUSABLE, octets_never_follow),
    MISREAD(PROXY_FACTS, request_asks),
    MISREAD(PROXY_FACTS, request_never_asks),
    MISREAD(PROXY_FACTS, request_wants_other),
    MISREAD(PROXY_FACTS, request_never_wants_other),
    MISREAD(PROXY_FACTS, request_is_11),
    MISREAD(PROXY_FACTS, request_is_10),
    MISREAD(PROXY_FACTS, request_is_head),
    MISREAD(PROXY_FACTS, request_is_other),
    MISREAD(PROXY_FACTS, request_upgrades),
    MISREAD(PROXY_FACTS, request_never_upgrades),
    MISREAD(PROXY_FACTS, request_persists),
    MISREAD(PROXY_FACTS, request_never_persists),

    CHOICES_OF(PROXY_CHOSEN, 1, "discard"),
    CHOICES_OF(PROXY_CHOSEN, 2, "refuse-unknown"),
    CHOICES_OF(PROXY_CHOSEN, 5, "limit-5"),
    CHOICES_OF(PROXY_CHOSEN, 16, "own-100"),
    CHOICES_OF(PROXY_CHOSEN, 17, "collect"),
    CHOICES_OF(PROXY_CHOSEN, 18, "next-hop-10"),
    CHOICES_OF(PROXY_CHOSEN, 19, "own-expectation"),
    CHOICES_OF(PROXY_CHOSEN, 20, "tunnel"),

};
enum { PROXY_DERIVATIONS = sizeof proxy_derivations / sizeof proxy_derivations[0] };

static const struct e100_proxy_variation proxy_variations[] = {
    [PROXY_HEAD] = {.events = {.head_event = other_proxy_head}},
    [PROXY_INTERIM] = {.events = {.interim_event = other_proxy_interim}},
    [PROXY_LAST] = {.events = {.final_is_last = other_final_is_last}},
    [PROXY_REUSABLE] = {.events = {.is_reusable = other_is_reusable}},
    [PROXY_FACTS] = {.read_facts = other_proxy_facts},
    [PROXY_CHOSEN] = {.data = NULL},
};

static bool is_between(unsigned role) {
  return role == E100_ROLE_PROXY || role == E100_ROLE_GATEWAY;
}

static const struct e100_subject *reference_between(unsigned role) {
  return role == E100_ROLE_PROXY ? &e100_proxy_subject_reference : &e100_gateway_subject_reference;
}

static void vary_proxy(const struct mutant *mutant, struct made *made) {
  if (mutant->derivation != NULL)
    made->variation.proxy = proxy_variations[mutant->derivation->derived];
  else
    made->variation.proxy.events.table = &made->table;
  if (mutant->derivation != NULL && mutant->derivation->derived == PROXY_CHOSEN)
    made->subject.open = open_other_proxy;
}

static const struct mutated mutated_proxy = {
    .prefix = "proxy ",
    .table = &e100_proxy_table,
    .actions = E100_PROXY_ACTIONS,
    .impossible = E100_PROXY_DO_IMPOSSIBLE,
    .derivations = proxy_derivations,
    .derivation_count = PROXY_DERIVATIONS,
    .plays = is_between,
    .reference = reference_between,
    .unreachable = e100_unreachable_by_anybody, /* as the searches have it */
    .watch = e100_proxy_subject_watch,
    .vary = vary_proxy,
};

static inline void try_proxies(struct fates *fates) {
  try_machine(&mutated_proxy, fates);
}

#endif
