#include "fuzz/checks.h"

#include <stdio.h>
#include <string.h>

#include "fuzz/capture_inputs.h"
#include "fuzz/capture_telling.h"
#include "fuzz/chain_inputs.h"
#include "fuzz/checks_inside.h"
#include "fuzz/expect_values.h"
#include "fuzz/invariants.h"
#include "fuzz/known_differences.h"
#include "fuzz/response_differences.h"
#include "fuzz/response_inputs.h"
#include "fuzz/response_readings.h"
#include "subjects/chain.h"

struct e100_breach *e100_add_breach(struct e100_outcome *outcome) {
  if (outcome->count == E100_BREACHES_LIMIT)
    return NULL;
  struct e100_breach *breach = &outcome->list[outcome->count++];
  memset(breach, 0, sizeof *breach);
  return breach;
}

/* A broken invariant; OTHERWISE is NULL where it holds. */
static void add_invariant(struct e100_outcome *outcome, const char *name, const char *otherwise) {
  struct e100_breach *breach = otherwise != NULL ? e100_add_breach(outcome) : NULL;
  if (breach == NULL)
    return;
  snprintf(breach->cause, sizeof breach->cause, "invariant %s", name);
  snprintf(breach->what, sizeof breach->what, "%s", otherwise);
}

static bool same_cause(const struct e100_outcome *outcome, const char *cause) {
  for (uint32_t i = 0; i < outcome->count; i++) {
    if (strcmp(outcome->list[i].cause, cause) == 0)
      return true;
  }
  return false;
}

static void note_what_came_before(const struct e100_findings *findings, const struct e100_finding *finding,
                                  struct e100_breach *breach) {
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *other = &findings->list[i];
    if (other->party == finding->party && other->step <= finding->step && other->rule != finding->rule)
      e100_rule_set_add(&breach->behind, other->rule);
  }
}

void e100_add_finding(const struct e100_findings *findings, const struct e100_finding *finding,
                      struct e100_outcome *outcome) {
  const struct e100_rule_data *rule = e100_rule(finding->rule);
  char cause[E100_CAUSE_LIMIT];
  snprintf(cause, sizeof cause, "%s %s %x", rule->id, e100_party_name(finding->party), finding->situation);
  struct e100_breach *breach = same_cause(outcome, cause) ? NULL : e100_add_breach(outcome);
  if (breach == NULL)
    return;
  memcpy(breach->cause, cause, sizeof cause);
  snprintf(breach->what, sizeof breach->what, "request %u, step %u: %s: the %s %s %s (%s)", finding->request,
           finding->step + 1, rule->id, e100_party_name(finding->party),
           e100_requirement_name(rule->requirement), rule->text, rule->section);
  breach->rule = finding->rule;
  breach->party = finding->party;
  breach->request = finding->request;
  breach->step = finding->step;
  breach->permitted = finding->permitted;
  breach->considered = finding->considered;
  note_what_came_before(findings, finding, breach);
}

void e100_breaches_of_verdict(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                              struct e100_outcome *outcome) {
  const struct e100_findings *findings = &verdict->findings;
  uint8_t party = (uint8_t)e100_role_party((enum e100_role)transcript->role);
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &findings->list[i];
    if (finding->party != party || e100_rule_severity(finding->rule) != E100_VIOLATION)
      continue;
    e100_add_finding(findings, finding, outcome);
  }
}

void e100_breaches_of_any_kind(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                               bool own, struct e100_outcome *outcome) {
  const struct e100_findings *findings = &verdict->findings;
  uint8_t party = (uint8_t)e100_role_party((enum e100_role)transcript->role);
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++)
    if (!own || findings->list[i].party == party)
      e100_add_finding(findings, &findings->list[i], outcome);
}

/* ---- judging with coverage --------------------------------------------------------------------------- */

void e100_judge_and_cover(const struct e100_exchange *exchange, struct e100_verdict *verdict,
                          const struct e100_outcome *outcome) {
  static struct e100_view view; /* large; one target runs in one process */
  memset(verdict, 0, sizeof *verdict);
  e100_view_init(&view, exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    e100_view_step(&view, step, i, e100_step_octets(exchange, step), &verdict->findings);
    if (outcome->cover_views != NULL) {
      outcome->cover_views(e100_view_state(&view, step->link), step->kind * 16U + step->from);
    }
  }
  e100_view_rules(&view, &verdict->decided, &verdict->undecided);
  if (outcome->cover_rules != NULL)
    outcome->cover_rules(&verdict->decided);
}

/* ---- the checks of each target --------------------------------------------------------------------------
 */

enum {
  INVARIANT_SHARE = 2,  /* one input of so many is played once more for an invariant */
  INVARIANT_PLACES = 64 /* places at which one is tried that somebody asks for by its name */
};

static bool is_wanted(const struct e100_outcome *outcome, const char *name) {
  return outcome->invariant != NULL && strcmp(outcome->invariant, name) == 0;
}

/* At the place that the hash of the input chooses, and where it was asked for by its name at others. */
static void try_invariant(const struct e100_invariant *invariant, const struct e100_exchange *exchange,
                          const struct e100_subject *subject, const struct e100_exchange *transcript,
                          uint64_t choice, struct e100_outcome *outcome) {
  const char *otherwise = invariant->holds(exchange, subject, transcript, choice);
  if (is_wanted(outcome, invariant->name)) {
    for (uint64_t place = 0; otherwise == NULL && place < INVARIANT_PLACES; place++)
      otherwise = invariant->holds(exchange, subject, transcript, place);
  }
  add_invariant(outcome, invariant->name, otherwise);
}

static void check_play(const struct e100_exchange *exchange, const struct e100_subject *subject,
                       struct e100_exchange *transcript, struct e100_outcome *outcome) {
  struct e100_verdict verdict;
  outcome->count = 0;
  if (!e100_play(exchange, subject, transcript))
    return;
  e100_judge_and_cover(transcript, &verdict, outcome);
  e100_breaches_of_verdict(transcript, &verdict, outcome);

  /* What we promise of our own machines nobody else has promised. */
  if ((subject->abilities & E100_IS_FOREIGN) != 0)
    return;
  /* The costly ones on a share of the inputs, which a hash of the input chooses. */
  uint64_t hash = e100_exchange_hash(exchange);
  unsigned count = 0;
  while (e100_invariant_at(count) != NULL)
    count++;
  for (unsigned i = 0; i < count; i++) {
    const struct e100_invariant *invariant = e100_invariant_at(i);
    bool chosen = outcome->invariant == NULL ? hash % (count * INVARIANT_SHARE) == i
                                             : is_wanted(outcome, invariant->name);
    if (chosen)
      try_invariant(invariant, exchange, subject, transcript, hash / (count * INVARIANT_SHARE), outcome);
  }
}

/* Proxies and gateways are played by one target: the exchange says which it is. */
static void check_proxy(const struct e100_exchange *exchange, const struct e100_subject *subject,
                        struct e100_exchange *transcript, struct e100_outcome *outcome) {
  const struct e100_subject *fitting =
      subject->role == exchange->role ? subject
                                      : e100_subject_named(subject->name, (enum e100_role)exchange->role);
  outcome->count = 0;
  if (fitting != NULL)
    check_play(exchange, fitting, transcript, outcome);
}

/* What PARTY sends, on end. */
static void add_sent(const struct e100_exchange *exchange, uint8_t party, struct e100_text *out) {
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DELIVER && step->from == party)
      e100_text_add(out, (const char *)e100_step_octets(exchange, step), step->length);
  }
}

static void check_raw(const struct e100_exchange *exchange, const struct e100_subject *subject,
                      struct e100_exchange *transcript, struct e100_outcome *outcome) {
  check_play(exchange, subject, transcript, outcome);
  struct e100_text sent = {0};
  add_sent(exchange, E100_CLIENT, &sent);
  const uint8_t *octets = (const uint8_t *)sent.text;
  if (sent.length > 0) {
    add_invariant(outcome, "heads", e100_holds_heads(octets, sent.length, exchange->reading));
    add_invariant(outcome, "llhttp", e100_holds_llhttp(octets, sent.length, NULL));
  }
  e100_text_free(&sent);
}

static void check_response(const struct e100_exchange *exchange, const struct e100_subject *subject,
                           struct e100_exchange *transcript, struct e100_outcome *outcome) {
  check_play(exchange, subject, transcript, outcome);
  struct e100_text sent = {0};
  add_sent(exchange, E100_ORIGIN, &sent);
  const uint8_t *octets = (const uint8_t *)sent.text;
  enum e100_answered request = e100_response_input_answers(exchange);
  if (sent.length > 0) {
    add_invariant(outcome, "responses", e100_holds_responses(octets, sent.length, request));
    add_invariant(outcome, "llhttp", e100_holds_llhttp_responses(octets, sent.length, request, NULL));
  }
  e100_text_free(&sent);
}

static void check_case(const struct e100_exchange *exchange, const struct e100_subject *subject,
                       struct e100_exchange *transcript, struct e100_outcome *outcome) {
  (void)subject;
  outcome->count = 0;
  e100_exchange_copy(transcript, exchange);
  add_invariant(outcome, "print", e100_holds_print(exchange));
  add_invariant(outcome, "choices", e100_holds_choices(exchange));
}

static void check_judge(const struct e100_exchange *exchange, const struct e100_subject *subject,
                        struct e100_exchange *transcript, struct e100_outcome *outcome) {
  (void)subject;
  struct e100_verdict verdict;
  outcome->count = 0;
  e100_exchange_copy(transcript, exchange);
  e100_judge_and_cover(exchange, &verdict, outcome);
  const char *otherwise = e100_holds_judge(exchange, e100_exchange_hash(exchange));
  for (uint64_t place = 0; is_wanted(outcome, "judge") && otherwise == NULL && place < INVARIANT_PLACES;
       place++)
    otherwise = e100_holds_judge(exchange, place);
  add_invariant(outcome, "judge", otherwise);
}

static void check_capture(const struct e100_exchange *exchange, const struct e100_subject *subject,
                          struct e100_exchange *transcript, struct e100_outcome *outcome) {
  (void)subject;
  outcome->count = 0;
  e100_exchange_copy(transcript, exchange);
  const char *otherwise = e100_holds_capture(exchange, e100_exchange_hash(exchange));
  for (uint64_t place = 0; is_wanted(outcome, "capture") && otherwise == NULL && place < INVARIANT_PLACES;
       place++)
    otherwise = e100_holds_capture(exchange, place);
  add_invariant(outcome, "capture", otherwise);
}

static void check_expect(const struct e100_exchange *exchange, const struct e100_subject *subject,
                         struct e100_exchange *transcript, struct e100_outcome *outcome) {
  static e100_values_reader *const readers[] = {e100_values_by_model, e100_values_by_heads,
                                                e100_values_by_field};
  struct e100_text values = {0};
  (void)subject;
  outcome->count = 0;
  e100_exchange_copy(transcript, exchange);
  e100_text_add(&values, "", 0);
  bool any = e100_values_encode(exchange, &values);
  const uint8_t *octets = (const uint8_t *)values.text;
  uint64_t hash = e100_exchange_hash(exchange);
  for (size_t i = 0; any && i < sizeof readers / sizeof readers[0]; i++)
    add_invariant(outcome, "expect",
                  is_wanted(outcome, "expect")
                      ? e100_holds_values(octets, values.length, readers[i])
                      : e100_holds_values_once(octets, values.length, readers[i], hash));
  e100_text_free(&values);
}

/* ---- the inputs of each target ---------------------------------------------------------------------------
 */

/* Silence at the end, so that what is owed then can be seen in every input. */
static void end_quietly(struct e100_exchange *exchange) {
  static const struct e100_step quiet = {.kind = E100_STEP_QUIET};
  uint32_t count = exchange->step_count;
  if (count == 0 || exchange->steps[count - 1].kind != E100_STEP_QUIET)
    e100_exchange_append(exchange, &quiet, NULL, 0);
}

static void decode_origin(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  e100_choices_decode(exchange, input, length);
  exchange->kind = E100_KIND_PLAY;
  if (exchange->role != E100_ROLE_ORIGIN || exchange->octet_count > E100_PLAYED_LIMIT)
    e100_exchange_clear(exchange);
  end_quietly(exchange);
}

static bool encode_origin(const struct e100_exchange *exchange, struct e100_text *out) {
  if (exchange->role != E100_ROLE_ORIGIN)
    return false;
  e100_choices_encode(exchange, out);
  return true;
}

static bool is_between(const struct e100_exchange *exchange) {
  return exchange->role == E100_ROLE_PROXY || exchange->role == E100_ROLE_GATEWAY;
}

/* What is for no proxy is played with one: the parties of its links become others. */
static void decode_proxy(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  e100_choices_decode(exchange, input, length);
  exchange->kind = E100_KIND_PLAY;
  if (exchange->octet_count > E100_PLAYED_LIMIT)
    e100_exchange_clear(exchange);
  if (!is_between(exchange)) {
    e100_exchange_set_role(exchange, E100_ROLE_PROXY);
    e100_exchange_normalize(exchange);
  }
  end_quietly(exchange);
}

static bool encode_proxy(const struct e100_exchange *exchange, struct e100_text *out) {
  if (!is_between(exchange))
    return false;
  e100_choices_encode(exchange, out);
  return true;
}

static void decode_client(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  e100_choices_decode(exchange, input, length);
  exchange->kind = E100_KIND_PLAY;
  if (exchange->octet_count > E100_PLAYED_LIMIT)
    e100_exchange_clear(exchange);
  if (exchange->role != E100_ROLE_CLIENT) {
    e100_exchange_set_role(exchange, E100_ROLE_CLIENT);
    e100_exchange_normalize(exchange);
  }
  end_quietly(exchange);
}

static bool encode_client(const struct e100_exchange *exchange, struct e100_text *out) {
  if (exchange->role != E100_ROLE_CLIENT)
    return false;
  e100_choices_encode(exchange, out);
  return true;
}

static void decode_chain(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  decode_proxy(exchange, input, length);
  e100_chain_links(exchange);
  e100_chain_ask_soundly(exchange);
}

/* The application of raw octets decides by itself, so that heads with content go all the way. */
static void decode_raw(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  int prompt = e100_policy_named("prompt");
  E100_CHECK(prompt >= 0, "there is a policy for an application that decides by itself");
  e100_raw_decode(exchange, E100_ROLE_ORIGIN, input, length);
  exchange->policy |= 1U << prompt;
}

static bool encode_raw(const struct e100_exchange *exchange, struct e100_text *out) {
  if (exchange->role != E100_ROLE_ORIGIN)
    return false;
  e100_raw_encode(exchange, out);
  return true;
}

static void decode_case(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  e100_case_decode(exchange, input, length, true, NULL, NULL);
}

static bool encode_case(const struct e100_exchange *exchange, struct e100_text *out) {
  e100_case_print(exchange, out);
  return true;
}

static bool encode_judge(const struct e100_exchange *exchange, struct e100_text *out) {
  e100_choices_encode(exchange, out);
  return true;
}

/* The steps of a capture are packets, and no conversation that could be changed as one. */
static bool never_respelled(const struct e100_exchange *exchange, struct e100_text *out) {
  (void)exchange;
  (void)out;
  return false;
}

static const struct e100_target targets[] = {
    {"origin", "an origin server breaks no rule of the model, whatever the others do", true, E100_ROLE_ORIGIN,
     decode_origin, encode_origin, NULL, check_play, false},
    {"raw", "octets of a request are read as the model permits, and answered as it permits", true,
     E100_ROLE_ORIGIN, decode_raw, encode_raw, NULL, check_raw, false},
    {"client", "a client breaks no rule of the model, whatever servers, timers and its application do", true,
     E100_ROLE_CLIENT, decode_client, encode_client, NULL, check_play, false},
    {"response", "octets of responses are read as the model permits, and acted on as it permits", true,
     E100_ROLE_CLIENT, e100_response_input_decode, e100_response_input_encode, NULL, check_response, false},
    {"proxy", "a proxy or gateway breaks no rule of the model, whatever clients, servers and timers do", true,
     E100_ROLE_PROXY, decode_proxy, encode_proxy, NULL, check_proxy, false},
    {"chain",
     "a client, a proxy and an origin server together break no rule, and whoever has a fault is to blame",
     true, E100_ROLE_PROXY, decode_chain, e100_chain_seed, encode_judge, e100_check_chain, true},
    {"expect", "the value of Expect is read as its grammar says, however it is cut, spelled and split", false,
     E100_ROLE_ORIGIN, e100_values_decode, e100_values_encode, NULL, check_expect, false},
    {"case", "printing and decoding an exchange is a fixed point, as text and as choices", false,
     E100_ROLE_ORIGIN, decode_case, encode_case, NULL, check_case, false},
    {"judge", "judging any transcript ends, is deterministic, and keeps the findings of a prefix", false,
     E100_ROLE_ORIGIN, e100_choices_decode, encode_judge, NULL, check_judge, false},
    {"capture", "any packets are read as connections and judged, and one that comes twice changes nothing",
     false, E100_ROLE_ORIGIN, e100_capture_input_decode, e100_capture_input_encode, never_respelled,
     check_capture, false},
};

const struct e100_target *e100_target_at(size_t index) {
  return index < sizeof targets / sizeof targets[0] ? &targets[index] : NULL;
}

const struct e100_target *e100_target_named(const char *name) {
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    if (strcmp(targets[i].name, name) == 0)
      return &targets[i];
  }
  return NULL;
}
