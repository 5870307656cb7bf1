/* client_mutants.h - the machine of a client with its events derived otherwise. */
#ifndef E100_CLIENT_MUTANTS_H
#define E100_CLIENT_MUTANTS_H

#include "search/client_product.h"
#include "subjects/client_subject.h"
#include "tests/machine_mutants.h"

/* Everything that events are derived from. */
struct client_inputs {
  struct e100_client client;
  struct e100_client_record record;
  struct e100_response_facts facts;
  struct e100_request request;
};

enum client_derived {
  CLIENT_REQUEST,
  CLIENT_ASKS,
  CLIENT_HEAD,
  CLIENT_FACTS, /* as a head is read */
  CLIENT_CHOSEN /* what the machine was told to choose */
};

static void misread_client(struct client_inputs *inputs) {
  if (derivation->misread != NULL)
    derivation->misread(inputs);
}

static enum e100_client_event other_request_event(const struct e100_client *client,
                                                  const struct e100_request *request) {
  static struct client_inputs inputs;
  inputs = (struct client_inputs){.client = *client, .request = *request};
  misread_client(&inputs);
  return (enum e100_client_event)other_event(
      e100_client_reference.request_event(&inputs.client, &inputs.request));
}

static bool other_request_asks(const struct e100_request *request) {
  static struct client_inputs inputs;
  inputs = (struct client_inputs){.request = *request};
  misread_client(&inputs);
  return answered(e100_client_reference.request_asks(&inputs.request));
}

static enum e100_client_event other_response_event(const struct e100_client *client,
                                                   const struct e100_client_record *record,
                                                   const struct e100_response_facts *facts) {
  static struct client_inputs inputs;
  inputs = (struct client_inputs){.client = *client, .record = *record, .facts = *facts};
  misread_client(&inputs);
  return (enum e100_client_event)other_event(
      e100_client_reference.head_event(&inputs.client, &inputs.record, &inputs.facts));
}

static void other_response_facts(const void *data, const struct e100_client_varied *varied,
                                 const uint8_t *head, size_t length, struct e100_response_facts *facts) {
  static struct client_inputs inputs;
  (void)data, (void)varied, (void)head, (void)length;
  inputs = (struct client_inputs){.facts = *facts};
  misread_client(&inputs);
  *facts = inputs.facts;
}

static void *open_other_client(const struct e100_subject *subject, const struct e100_setup *setup,
                               struct e100_sink *sink) {
  struct e100_setup other = with_other_policy(setup);
  return e100_client_subject_reference.open(subject, &other, sink);
}

#define CLIENT_MISREADING(name, input, value)      \
  static void name(void *in) {                     \
    ((struct client_inputs *)in)->input = (value); \
  }
CLIENT_MISREADING(nothing_outstanding, client.count, 0)
CLIENT_MISREADING(always_latest, client.count, 1)
CLIENT_MISREADING(always_earlier, client.count, 2)
CLIENT_MISREADING(always_in_idle, client.state, E100_CLIENT_STATE_IDLE)
CLIENT_MISREADING(always_in_sent, client.state, E100_CLIENT_STATE_SENT)
CLIENT_MISREADING(never_too_many, client.interims, 0)
CLIENT_MISREADING(always_too_many, client.interims, E100_INTERIMS_LIMIT + 1)
CLIENT_MISREADING(always_waits, client.policy.no_wait, false)
CLIENT_MISREADING(never_waits, client.policy.no_wait, true)
CLIENT_MISREADING(always_pipelines, client.policy.pipeline, true)
CLIENT_MISREADING(never_pipelines, client.policy.pipeline, false)
CLIENT_MISREADING(always_closes_early, client.policy.close_early, true)
CLIENT_MISREADING(never_closes_early, client.policy.close_early, false)
CLIENT_MISREADING(always_unknown_releases, client.policy.unknown_releases, true)
CLIENT_MISREADING(never_unknown_releases, client.policy.unknown_releases, false)
CLIENT_MISREADING(always_expects, request.expects, true)
CLIENT_MISREADING(never_expects, request.expects, false)
CLIENT_MISREADING(asks_no_content, request.framing, E100_REQUEST_NO_CONTENT)
CLIENT_MISREADING(asks_content, request.framing, E100_REQUEST_CHUNKED)
CLIENT_MISREADING(always_put, request.method, "PUT")
CLIENT_MISREADING(always_sound, facts.wrong, E100_RESPONSE_SOUND)
CLIENT_MISREADING(always_100, facts.status, 100)
CLIENT_MISREADING(always_103, facts.status, 103)
CLIENT_MISREADING(always_199, facts.status, 199)
CLIENT_MISREADING(always_200, facts.status, 200)
CLIENT_MISREADING(always_417, facts.status, 417)
CLIENT_MISREADING(always_interim, facts.interim, true)
CLIENT_MISREADING(never_interim, facts.interim, false)
CLIENT_MISREADING(always_persists_after, facts.persists, true)
CLIENT_MISREADING(never_persists_after, facts.persists, false)
CLIENT_MISREADING(always_tunnel, facts.framing, E100_RESPONSE_TUNNEL)
CLIENT_MISREADING(never_tunnel, facts.framing, E100_RESPONSE_NO_CONTENT)
CLIENT_MISREADING(always_has_asked, record.asks, true)
CLIENT_MISREADING(never_has_asked, record.asks, false)
CLIENT_MISREADING(always_said_close, record.last, true)
CLIENT_MISREADING(never_said_close, record.last, false)
CLIENT_MISREADING(always_offered, record.upgrade, true)
CLIENT_MISREADING(never_offered, record.upgrade, false)
CLIENT_MISREADING(always_connects, record.to_connect, true)
CLIENT_MISREADING(never_connects, record.to_connect, false)

/* The last request that is outstanding: what it was decides whether another one may follow. */
#define LATEST_MISREADING(name, input, value)                           \
  static void name(void *in) {                                          \
    struct e100_client *client = &((struct client_inputs *)in)->client; \
    if (client->count > 0)                                              \
      client->records[client->count - 1].input = (value);               \
  }
LATEST_MISREADING(latest_is_idempotent, idempotent, true)
LATEST_MISREADING(latest_is_not_idempotent, idempotent, false)
LATEST_MISREADING(latest_did_not_ask, asks, false)
LATEST_MISREADING(latest_did_not_say_close, last, false)
LATEST_MISREADING(latest_offered_nothing, upgrade, false)
LATEST_MISREADING(latest_does_not_connect, to_connect, false)

#define CLIENT_TAKEN_FOR(of, event, other) \
  { #event " is " #other, of, NULL, AS_DERIVED, E100_CLIENT_EVENT_##event, E100_CLIENT_EVENT_##other }
#define REQUEST_TAKEN_FOR(event, other) CLIENT_TAKEN_FOR(CLIENT_REQUEST, event, other)
#define HEAD_TAKEN_FOR(event, other) CLIENT_TAKEN_FOR(CLIENT_HEAD, event, other)
/* A head of a response to the latest request, taken for any other one. */
#define HEAD_TAKEN_FOR_ANY(event, a, b, c, d, e, f, g)                                                    \
  HEAD_TAKEN_FOR(event, a), HEAD_TAKEN_FOR(event, b), HEAD_TAKEN_FOR(event, c), HEAD_TAKEN_FOR(event, d), \
      HEAD_TAKEN_FOR(event, e), HEAD_TAKEN_FOR(event, f), HEAD_TAKEN_FOR(event, g)

static const struct derivation client_derivations[] = {
    REQUEST_TAKEN_FOR(APP_ASKS, APP_OFFERS),
    REQUEST_TAKEN_FOR(APP_ASKS, APP_STANDS_ALONE),
    REQUEST_TAKEN_FOR(APP_ASKS, APP_COMES_TOO_SOON),
    REQUEST_TAKEN_FOR(APP_OFFERS, APP_ASKS),
    REQUEST_TAKEN_FOR(APP_OFFERS, APP_STANDS_ALONE),
    REQUEST_TAKEN_FOR(APP_OFFERS, APP_COMES_TOO_SOON),
    REQUEST_TAKEN_FOR(APP_STANDS_ALONE, APP_ASKS),
    REQUEST_TAKEN_FOR(APP_STANDS_ALONE, APP_OFFERS),
    REQUEST_TAKEN_FOR(APP_STANDS_ALONE, APP_COMES_TOO_SOON),
    REQUEST_TAKEN_FOR(APP_COMES_TOO_SOON, APP_ASKS),
    REQUEST_TAKEN_FOR(APP_COMES_TOO_SOON, APP_OFFERS),
    REQUEST_TAKEN_FOR(APP_COMES_TOO_SOON, APP_STANDS_ALONE),
    MISREAD(CLIENT_REQUEST, nothing_outstanding),
    MISREAD(CLIENT_REQUEST, always_in_idle),
    MISREAD(CLIENT_REQUEST, always_in_sent),
    MISREAD(CLIENT_REQUEST, always_waits),
    MISREAD(CLIENT_REQUEST, never_waits),
    MISREAD(CLIENT_REQUEST, always_pipelines),
    MISREAD(CLIENT_REQUEST, never_pipelines),
    MISREAD(CLIENT_REQUEST, always_expects),
    MISREAD(CLIENT_REQUEST, never_expects),
    MISREAD(CLIENT_REQUEST, asks_no_content),
    MISREAD(CLIENT_REQUEST, asks_content),
    MISREAD(CLIENT_REQUEST, latest_is_idempotent),
    MISREAD(CLIENT_REQUEST, latest_is_not_idempotent),
    MISREAD(CLIENT_REQUEST, latest_did_not_ask),
    MISREAD(CLIENT_REQUEST, latest_did_not_say_close),
    MISREAD(CLIENT_REQUEST, latest_offered_nothing),
    MISREAD(CLIENT_REQUEST, latest_does_not_connect),
    ANSWERS(CLIENT_ASKS),
    MISREAD(CLIENT_ASKS, always_expects),
    MISREAD(CLIENT_ASKS, never_expects),
    MISREAD(CLIENT_ASKS, asks_content),
    MISREAD(CLIENT_ASKS, asks_no_content),
    MISREAD(CLIENT_ASKS, always_put),
    HEAD_TAKEN_FOR_ANY(INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, FINAL_ENDS, UNMET_GOES_ON, UNMET_ENDS,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(INTERIM_PASSES, INTERIM_RELEASES, FINAL_GOES_ON, FINAL_ENDS, UNMET_GOES_ON, UNMET_ENDS,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(FINAL_GOES_ON, INTERIM_RELEASES, INTERIM_PASSES, FINAL_ENDS, UNMET_GOES_ON, UNMET_ENDS,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(FINAL_ENDS, INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, UNMET_GOES_ON, UNMET_ENDS,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(UNMET_GOES_ON, INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, FINAL_ENDS, UNMET_ENDS,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(UNMET_ENDS, INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, FINAL_ENDS, UNMET_GOES_ON,
                       SWITCHES, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(SWITCHES, INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, FINAL_ENDS, UNMET_GOES_ON,
                       UNMET_ENDS, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR_ANY(RESPONSE_IS_WRONG, INTERIM_RELEASES, INTERIM_PASSES, FINAL_GOES_ON, FINAL_ENDS,
                       UNMET_GOES_ON, UNMET_ENDS, SWITCHES),
    HEAD_TAKEN_FOR(EARLIER_INTERIM, EARLIER_FINAL),
    HEAD_TAKEN_FOR(EARLIER_INTERIM, EARLIER_FINAL_ENDS),
    HEAD_TAKEN_FOR(EARLIER_INTERIM, INTERIM_RELEASES),
    HEAD_TAKEN_FOR(EARLIER_INTERIM, INTERIM_PASSES),
    HEAD_TAKEN_FOR(EARLIER_INTERIM, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR(EARLIER_FINAL, EARLIER_INTERIM),
    HEAD_TAKEN_FOR(EARLIER_FINAL, EARLIER_FINAL_ENDS),
    HEAD_TAKEN_FOR(EARLIER_FINAL, FINAL_GOES_ON),
    HEAD_TAKEN_FOR(EARLIER_FINAL, FINAL_ENDS),
    HEAD_TAKEN_FOR(EARLIER_FINAL, RESPONSE_IS_WRONG),
    HEAD_TAKEN_FOR(EARLIER_FINAL_ENDS, EARLIER_INTERIM),
    HEAD_TAKEN_FOR(EARLIER_FINAL_ENDS, EARLIER_FINAL),
    HEAD_TAKEN_FOR(EARLIER_FINAL_ENDS, FINAL_GOES_ON),
    HEAD_TAKEN_FOR(EARLIER_FINAL_ENDS, FINAL_ENDS),
    HEAD_TAKEN_FOR(EARLIER_FINAL_ENDS, RESPONSE_IS_WRONG),
    MISREAD(CLIENT_HEAD, always_latest),
    MISREAD(CLIENT_HEAD, always_earlier),
    MISREAD(CLIENT_HEAD, never_too_many),
    MISREAD(CLIENT_HEAD, always_too_many),
    MISREAD(CLIENT_HEAD, always_closes_early),
    MISREAD(CLIENT_HEAD, never_closes_early),
    MISREAD(CLIENT_HEAD, always_unknown_releases),
    MISREAD(CLIENT_HEAD, never_unknown_releases),
    MISREAD(CLIENT_HEAD, always_sound),
    MISREAD(CLIENT_HEAD, always_100),
    MISREAD(CLIENT_HEAD, always_103),
    MISREAD(CLIENT_HEAD, always_199),
    MISREAD(CLIENT_HEAD, always_200),
    MISREAD(CLIENT_HEAD, always_417),
    MISREAD(CLIENT_HEAD, always_interim),
    MISREAD(CLIENT_HEAD, never_interim),
    MISREAD(CLIENT_HEAD, always_persists_after),
    MISREAD(CLIENT_HEAD, never_persists_after),
    MISREAD(CLIENT_HEAD, always_tunnel),
    MISREAD(CLIENT_HEAD, never_tunnel),
    MISREAD(CLIENT_HEAD, always_has_asked),
    MISREAD(CLIENT_HEAD, never_has_asked),
    MISREAD(CLIENT_HEAD, always_said_close),
    MISREAD(CLIENT_HEAD, never_said_close),
    MISREAD(CLIENT_HEAD, always_offered),
    MISREAD(CLIENT_HEAD, never_offered),
    MISREAD(CLIENT_HEAD, always_connects),
    MISREAD(CLIENT_HEAD, never_connects),
    MISREAD(CLIENT_FACTS, always_sound),
    MISREAD(CLIENT_FACTS, always_100),
    MISREAD(CLIENT_FACTS, always_200),
    MISREAD(CLIENT_FACTS, always_417),
    MISREAD(CLIENT_FACTS, always_interim),
    MISREAD(CLIENT_FACTS, never_interim),
    MISREAD(CLIENT_FACTS, always_persists_after),
    MISREAD(CLIENT_FACTS, never_persists_after),
    MISREAD(CLIENT_FACTS, always_tunnel),
    MISREAD(CLIENT_FACTS, never_tunnel),

    CHOICES_OF(CLIENT_CHOSEN, 8, "close-early"),
    CHOICES_OF(CLIENT_CHOSEN, 9, "unknown-releases"),
    CHOICES_OF(CLIENT_CHOSEN, 10, "no-wait"),
    CHOICES_OF(CLIENT_CHOSEN, 11, "chunked"),
    CHOICES_OF(CLIENT_CHOSEN, 12, "pipeline"),
    CHOICES_OF(CLIENT_CHOSEN, 13, "halves"),

};
enum { CLIENT_DERIVATIONS = sizeof client_derivations / sizeof client_derivations[0] };

static const struct e100_client_variation client_variations[] = {
    [CLIENT_REQUEST] = {.events = {.request_event = other_request_event}},
    [CLIENT_ASKS] = {.events = {.request_asks = other_request_asks}},
    [CLIENT_HEAD] = {.events = {.head_event = other_response_event}},
    [CLIENT_FACTS] = {.read_facts = other_response_facts},
    [CLIENT_CHOSEN] = {.data = NULL},
};

static bool is_client(unsigned role) {
  return role == E100_ROLE_CLIENT;
}

static const struct e100_subject *reference_client(unsigned role) {
  (void)role;
  return &e100_client_subject_reference;
}

static void vary_client(const struct mutant *mutant, struct made *made) {
  if (mutant->derivation != NULL)
    made->variation.client = client_variations[mutant->derivation->derived];
  else
    made->variation.client.events.table = &made->table;
  if (mutant->derivation != NULL && mutant->derivation->derived == CLIENT_CHOSEN)
    made->subject.open = open_other_client;
}

/* As the search has it; besides, the application of an exchange is asked first whether a connection takes its
 * request, and gives content only while it is wanted: it makes no other call out of place than to close what
 * is closed. client_test.c makes them all. */
static const char *unreachable_of_client(unsigned state, unsigned event) {
  const struct e100_row *row = e100_table_row(&e100_client_table, state, event);
  bool closes_again = event == E100_CLIENT_EVENT_APP_CANCELS;
  bool rejected = row->action == E100_CLIENT_ACTION_REJECT;
  return rejected && !closes_again ? "a call out of place, which the application of an exchange never makes"
                                   : e100_searched_client.unreachable(state, event);
}

static const struct mutated mutated_client = {
    .prefix = "client ",
    .table = &e100_client_table,
    .actions = E100_CLIENT_ACTIONS,
    .impossible = E100_CLIENT_ACTION_IMPOSSIBLE,
    .derivations = client_derivations,
    .derivation_count = CLIENT_DERIVATIONS,
    .plays = is_client,
    .reference = reference_client,
    .unreachable = unreachable_of_client,
    .watch = e100_client_subject_watch,
    .vary = vary_client,
};

static inline void try_clients(struct fates *fates) {
  try_machine(&mutated_client, fates);
}

#endif
