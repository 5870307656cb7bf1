/* witness.c - what witnesses do, and whether they were answered in time. */
#include "survey/witness.h"

#include <string.h>

#include "subjects/awaiting.h"

/* Who waits for the 100 gets it, and the content comes all the same. Our server says close, so that the
 * program ends that connection, too. */
#define WITNESS(role, target)                                                                         \
  "kind: play\nrole: " role "\n\n-- client>" role " d1 --\nPUT " target                               \
  " HTTP/1.1\nHost: example.com\nE100-Mark: a\nContent-Length: 5\nExpect: 100-continue\n\n{a}12\\\n"  \
  "-- origin>" role " u1 --\nHTTP/1.1 100 Continue\n\n"                                               \
  "-- origin>" role " u1 --\nHTTP/1.1 200 OK\nE100-Mark: a\nConnection: close\nContent-Length: 0\n\n" \
  "-- await final d1 --\n"

bool e100_witness_helps(const struct e100_survey *survey, const struct e100_surveyed_subject *subject) {
  return subject->lane_count > 1 && survey->jobs > 1 && survey->rate == 0 && survey->confirm > 1;
}

void e100_witness_make(const struct e100_surveyed_subject *subject, const struct e100_lane *lane,
                       struct e100_exchange *out) {
  static const char through_gateway[] = WITNESS("gateway", "/a");
  static const char through_proxy[] = WITNESS("proxy", "http://example.com/a");
  const char *text = subject->role == E100_ROLE_PROXY ? through_proxy : through_gateway;
  struct e100_exchange plain;
  e100_exchange_init(&plain);
  e100_case_decode(&plain, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  (void)e100_map_apply(&subject->map, lane->authority, &plain, out);
  e100_exchange_free(&plain);
}

void e100_witness_wanted(struct e100_witness *witness, uint64_t now) {
  witness->since = now;
}

void e100_witness_begins(struct e100_witness *witness, uint64_t now) {
  witness->under_way = true;
  witness->begun = now;
}

bool e100_witness_ends(struct e100_witness *witness, uint64_t now, unsigned settle,
                       const struct e100_exchange *transcript) {
  bool answered = e100_awaited_came(transcript, 0, e100_role_party((enum e100_role)transcript->role),
                                    E100_AWAIT_FINAL, 1);
  bool in_time = answered && now - witness->since <= settle;
  witness->under_way = false;
  witness->since = in_time ? witness->begun : now;
  witness->missed += in_time ? 0 : 1;
  return in_time;
}

bool e100_witness_since(const struct e100_witness *witness, unsigned missed) {
  return witness->under_way && witness->missed == missed;
}
