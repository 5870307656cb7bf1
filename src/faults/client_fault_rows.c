/* client_fault_rows.c - clients with other rows in their table, other events, or another way with their pool.
 */
#include <string.h>

#include "faults/client_fault_parts.h"

#define PARTS(symbol) const struct e100_client_fault_parts e100_client_fault_parts_##symbol
#define ROWS_OF(symbol) .rows = rows_##symbol, .row_count = sizeof rows_##symbol / sizeof rows_##symbol[0]

#define IN(state) E100_CLIENT_STATE_##state
#define ON(event) E100_CLIENT_EVENT_##event
#define DO(action) E100_CLIENT_ACTION_##action
#define NO_RULE E100_RULE_NONE

/* ---- the wait ----------------------------------------------------------------------------------- */

static const struct e100_row rows_waits_for_ever[] = {
    {IN(WAITING), ON(TIMER_FIRES), IN(WAITING), DO(NOTHING), NO_RULE}};
PARTS(waits_for_ever) = {ROWS_OF(waits_for_ever)};

static const struct e100_row rows_deaf_to_100[] = {
    {IN(WAITING), ON(INTERIM_RELEASES), IN(SENDING), DO(TELL_INTERIM), NO_RULE}};
PARTS(deaf_to_100) = {ROWS_OF(deaf_to_100)};

static const struct e100_row rows_timer_gives_up[] = {
    {IN(WAITING), ON(TIMER_FIRES), IN(SENDING), DO(NOTHING), NO_RULE}};
PARTS(timer_gives_up) = {ROWS_OF(timer_gives_up)};

static const struct e100_row rows_hint_releases[] = {
    {IN(WAITING), ON(INTERIM_PASSES), IN(SENDING), DO(TELL_INTERIM_AND_WANT), NO_RULE}};
PARTS(hint_releases) = {ROWS_OF(hint_releases)};

static bool never_asks(const struct e100_request *request) {
  (void)request;
  return false;
}

static enum e100_client_event always_waits(const struct e100_client *client,
                                           const struct e100_request *request) {
  enum e100_client_event event = e100_client_reference.request_event(client, request);
  return event == ON(APP_OFFERS) ? ON(APP_ASKS) : event;
}
PARTS(waits_unasked) = {.variation = {.events = {.request_event = always_waits, .request_asks = never_asks}}};

/* ---- what is asked ------------------------------------------------------------------------------ */

static bool asks_whatever(const struct e100_request *request) {
  return strcmp(request->method, "TRACE") != 0 && strcmp(request->method, "CONNECT") != 0;
}
PARTS(asks_without_content) = {.variation = {.events = {.request_asks = asks_whatever}}};

static bool asks_with_any_method(const struct e100_request *request) {
  bool odd = strcmp(request->method, "TRACE") == 0 || strcmp(request->method, "CONNECT") == 0;
  return odd || e100_client_reference.request_asks(request);
}
PARTS(asks_with_connect) = {.variation = {.events = {.request_asks = asks_with_any_method}}};

/* ---- early final responses ---------------------------------------------------------------------- */

static const struct e100_row rows_skips_and_reuses[] = {
    {IN(WAITING), ON(FINAL_GOES_ON), IN(READING), DO(TELL_RESPONSE), NO_RULE}};
PARTS(skips_and_reuses) = {ROWS_OF(skips_and_reuses)};

static const struct e100_row rows_stops_and_reuses[] = {
    {IN(SENDING), ON(FINAL_GOES_ON), IN(READING), DO(TELL_RESPONSE_AND_STOP), NO_RULE}};
PARTS(stops_and_reuses) = {ROWS_OF(stops_and_reuses)};

static const struct e100_row rows_early_final_lost[] = {
    {IN(WAITING), ON(FINAL_GOES_ON), IN(OVER), DO(ABORT_AND_CLOSE), NO_RULE},
    {IN(WAITING), ON(FINAL_ENDS), IN(OVER), DO(ABORT_AND_CLOSE), NO_RULE},
    {IN(SENDING), ON(FINAL_GOES_ON), IN(OVER), DO(ABORT_AND_CLOSE), NO_RULE},
    {IN(SENDING), ON(FINAL_ENDS), IN(OVER), DO(ABORT_AND_CLOSE), NO_RULE}};
PARTS(early_final_lost) = {ROWS_OF(early_final_lost)};

static const struct e100_row rows_sends_after_close[] = {
    {IN(SENDING), ON(FINAL_ENDS), IN(ANSWERED), DO(TELL_RESPONSE), NO_RULE},
    {IN(WAITING), ON(FINAL_ENDS), IN(ANSWERED), DO(TELL_RESPONSE_AND_WANT), NO_RULE}};
PARTS(sends_after_close) = {ROWS_OF(sends_after_close)};

static const struct e100_row rows_asks_while_owing[] = {
    {IN(OWING), ON(APP_ASKS), IN(WAITING), DO(SEND_HEAD), NO_RULE},
    {IN(OWING), ON(APP_OFFERS), IN(SENDING), DO(SEND_HEAD_AND_WANT), NO_RULE},
    {IN(OWING), ON(APP_STANDS_ALONE), IN(SENT), DO(SEND_HEAD), NO_RULE}};

static enum e100_client_event overlooks_owing(const struct e100_client *client,
                                              const struct e100_request *request) {
  struct e100_client other = *client;
  if (other.state == IN(OWING))
    other.state = IN(IDLE);
  return e100_client_reference.request_event(&other, request);
}
PARTS(asks_while_owing) = {ROWS_OF(asks_while_owing),
                           .variation = {.events = {.request_event = overlooks_owing}}};

/* ---- 417 ---------------------------------------------------------------------------------------- */

static enum e100_client_event surfaces_unmet(const struct e100_client *client,
                                             const struct e100_client_record *record,
                                             const struct e100_response_facts *facts) {
  enum e100_client_event event = e100_client_reference.head_event(client, record, facts);
  if (event == ON(UNMET_GOES_ON))
    return ON(FINAL_GOES_ON);
  return event == ON(UNMET_ENDS) ? ON(FINAL_ENDS) : event;
}
PARTS(surfaces_417) = {.variation = {.events = {.head_event = surfaces_unmet}}};

PARTS(repeats_asking) = {.variation = {.repeats_asking = true}};

static const struct e100_row rows_repeats_where_owed[] = {
    {IN(UNMET), ON(RESPONSE_ENDS), IN(IDLE), DO(REPEAT), NO_RULE}};
PARTS(repeats_where_owed) = {ROWS_OF(repeats_where_owed)};

/* ---- interim responses -------------------------------------------------------------------------- */

static enum e100_client_event releases_on_100_only(const struct e100_client *client,
                                                   const struct e100_client_record *record,
                                                   const struct e100_response_facts *facts) {
  enum e100_client_event event = e100_client_reference.head_event(client, record, facts);
  return event == ON(INTERIM_RELEASES) && facts->status != 100 ? ON(INTERIM_PASSES) : event;
}
PARTS(releases_on_100_only) = {.variation = {.events = {.head_event = releases_on_100_only}}};

static const struct e100_row rows_interim_pops[] = {
    {IN(WAITING), ON(EARLIER_INTERIM), IN(WAITING), DO(TELL_COMPLETE), NO_RULE},
    {IN(SENDING), ON(EARLIER_INTERIM), IN(SENDING), DO(TELL_COMPLETE), NO_RULE},
    {IN(SENT), ON(EARLIER_INTERIM), IN(SENT), DO(TELL_COMPLETE), NO_RULE}};
PARTS(interim_pops) = {ROWS_OF(interim_pops)};

/* A 100 to an earlier request releases the content of the latest. */
static const struct e100_row rows_100_of_another[] = {
    {IN(WAITING), ON(EARLIER_INTERIM), IN(SENDING), DO(TELL_INTERIM_AND_WANT), NO_RULE}};
PARTS(released_by_another) = {ROWS_OF(100_of_another)};

static const struct e100_row rows_switches_early[] = {
    {IN(WAITING), ON(SWITCHES), IN(SWITCHED), DO(TELL_TUNNEL), NO_RULE},
    {IN(SENDING), ON(SWITCHES), IN(SWITCHED), DO(TELL_TUNNEL), NO_RULE}};

static void new_protocol_at_once(const void *data, const struct e100_client_varied *varied,
                                 const uint8_t *octets, size_t length, struct e100_text *held,
                                 struct e100_text *out) {
  static const char other[] = "octets of another protocol";
  (void)data, (void)held;
  if (length > 0)
    e100_text_add(out, (const char *)octets, length);
  if (varied->event == ON(SWITCHES))
    e100_text_add(out, other, sizeof other - 1);
}
PARTS(switches_early) = {ROWS_OF(switches_early), .variation = {.depart = new_protocol_at_once}};

/* ---- ends --------------------------------------------------------------------------------------- */

static const struct e100_row rows_nothing_is_success[] = {
    {IN(SENT), ON(SERVER_ENDS), IN(OVER), DO(TELL_COMPLETE_AND_CLOSE), NO_RULE},
    {IN(SENDING), ON(SERVER_ENDS), IN(OVER), DO(TELL_COMPLETE_AND_CLOSE), NO_RULE}};
PARTS(nothing_is_success) = {ROWS_OF(nothing_is_success)};

static const struct e100_row rows_half_is_whole[] = {
    {IN(READING), ON(SERVER_ENDS), IN(OVER), DO(TELL_COMPLETE_AND_CLOSE), NO_RULE},
    {IN(LEAVING), ON(SERVER_ENDS), IN(OVER), DO(TELL_COMPLETE_AND_CLOSE), NO_RULE}};
PARTS(half_is_whole) = {ROWS_OF(half_is_whole)};

static const struct e100_row rows_stray_octets_kept[] = {
    {IN(IDLE), ON(STRAY_OCTETS), IN(IDLE), DO(NOTHING), NO_RULE}};
PARTS(stray_octets_kept) = {ROWS_OF(stray_octets_kept)};

static const struct e100_row rows_stray_told[] = {
    {IN(IDLE), ON(STRAY_OCTETS), IN(IDLE), DO(TELL_RESPONSE), NO_RULE}};

/* There must have been a response, which it is told of once more. */
static void in_behind_responses(const void *data, const struct e100_client_varied *varied,
                                const uint8_t *octets, size_t length, struct e100_text *out) {
  (void)data;
  if (varied->client->state != IN(IDLE) || varied->response > 0)
    e100_text_add(out, (const char *)octets, length);
}
PARTS(stray_told) = {ROWS_OF(stray_told), .variation = {.arrive = in_behind_responses}};

PARTS(reruns) = {.variation = {.reruns = true}};

PARTS(pipelines_again) = {.variation = {.reruns = true, .pipelines_again = true}};

static enum e100_client_event pipelines_anything(const struct e100_client *client,
                                                 const struct e100_request *request) {
  struct e100_client other = *client;
  for (unsigned i = 0; i < other.count; i++)
    other.records[i].idempotent = true;
  return e100_client_reference.request_event(&other, request);
}
PARTS(pipelines_after_post) = {.variation = {.events = {.request_event = pipelines_anything}}};

static enum e100_client_event forgets_own_close(const struct e100_client *client,
                                                const struct e100_client_record *record,
                                                const struct e100_response_facts *facts) {
  struct e100_client_record other = *record;
  other.last = false;
  return e100_client_reference.head_event(client, &other, facts);
}
PARTS(own_close_forgotten) = {.variation = {.events = {.head_event = forgets_own_close}}};

static const struct e100_row rows_last_chunk_missing[] = {
    {IN(SENDING), ON(APP_ENDS), IN(SENT), DO(NOTHING), NO_RULE}};
PARTS(last_chunk_missing) = {ROWS_OF(last_chunk_missing)};
