/*
 * predicates_forwarding.c - the rules about how a message is passed on: its version, and the fields of one
 * hop.
 */
#include "model/predicates_passing_on.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- RFC 9110 2.5: versions -------------------------------------------------------------------------------
 */

/* A response in HTTP/1.0 came back and was sent on so, to HTTP/1.1, by somebody who has HTTP/1.1: it has sent
 * the request so, or another response on that connection. A workaround is for the next server. */
static enum ruling copies_back(const struct judged *j) {
  if (j->response->minor != 0 || j->peer_errand->back_minor != 0)
    return KEPT;
  if ((j->asker->versions & BACK_11_FOR_10) != 0)
    return OPEN;
  return j->peer_errand->minor > 0 || (j->asker->versions & BACK_11) != 0 ? BROKEN : KEPT;
}

PREDICATE(INTERMEDIARY_OWN_VERSION) {
  if (!is_paired(j))
    return APART;
  if (j->event == ON_REQUEST)
    return if_sure(j, others_version(j->asker, j->peer_errand->minor, j->head->minor));
  bool said = (j->peer_errand->state & OTHERS_VERSION) != 0; /* where the request was passed on */
  if (!is_final(j->response) || !j->relayed || said || (j->request->facts & HEAD_BELOW_11) != 0)
    return APART;
  return if_sure(j, copies_back(j));
}

/* ---- RFC 9110 7.5: responses ------------------------------------------------------------------- */

/* A response may come at any time, and no time is named for passing it on (RFC 9110 7.5, 7.6): who reads the
 * content first that is still to come may answer then. */
PREDICATE(INTERMEDIARY_RELAYS_EARLY_FINAL) {
  if (!is_paired(j))
    return APART;
  if (j->event == ON_RELAY)
    return j->relayed && is_final(j->response) && content_comes_unasked(j->request) ? KEPT : APART;
  if (!content_comes_unasked(j->request) || j->errand->kept_back)
    return APART;
  enum ruling missing = missing_final(j);
  return missing == BROKEN && (j->errand->state & OWN_100) != 0 ? OPEN : missing;
}

/* ---- RFC 9110 7.6: message forwarding ----------------------------------------------------------- */

/* Fields that an intermediary may send of its own, for its connections (RFC 9110 7.6.1) or because the
 * message is its own, too: framing, Host, Via, and a Date where there is none (RFC 9112 3.2, 6; RFC
 * 9110 6.6.1, 7.6.3). */
static bool may_be_its_own(uint32_t name) {
  static const char *const names[] = {"keep-alive",
                                      "te",
                                      "upgrade",
                                      "transfer-encoding",
                                      "proxy-connection",
                                      "connection",
                                      "content-length",
                                      "trailer",
                                      "host",
                                      "via",
                                      "date"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (name_hash(names[i]) == name)
      return true;
  return false;
}

/* Whose is the expectation of a request that was passed on? The intermediary's own (KEPT), where it is not
 * the one that came, or that was none for HTTP/1.0 (RFC 9110 10.1.1); else nobody can tell (OPEN), since an
 * intermediary may ask by itself, too (RFC 9110 15.2). BROKEN where it says more than 100-continue. */
static enum ruling own_expectation(const struct errand *came, const struct head *sent) {
  const uint32_t expects = HEAD_ASKS | HEAD_MAY_ASK | HEAD_OTHER;
  if ((sent->facts & expects) != HEAD_ASKS)
    return BROKEN;
  return (came->facts & expects) != HEAD_ASKS || (came->facts & HEAD_BELOW_11) != 0 ? KEPT : OPEN;
}

/* EXPECT: what is to be said of an Expect that was named. */
static enum ruling names_removed(const struct reader *sent, enum ruling expect, const uint32_t *names,
                                 unsigned count) {
  enum ruling ruling = count > 0 ? KEPT : APART;
  for (unsigned i = 0; i < count; i++) {
    if (may_be_its_own(names[i]) || !reader_found(sent, names[i]))
      continue;
    if (names[i] != name_hash("expect") || expect == BROKEN)
      return BROKEN;
    ruling = expect == OPEN ? OPEN : ruling;
  }
  return ruling;
}

/* An interim response is compared with the response that came last, so only where that is the one. */
static bool is_last_that_came(const struct judged *j) {
  const struct errand *came = j->peer_errand;
  return is_final(j->response) ||
         (came->final == 0 && j->errand->passed + 1 == came->interims && came->interims <= INTERIMS_LIMIT);
}

PREDICATE(INTERMEDIARY_REMOVES_NOMINATED) {
  const struct errand *came = j->peer_errand;
  if (j->event == ON_REQUEST)
    return is_paired(j) ? if_sure(j, names_removed(&j->c->from_client, own_expectation(came, j->head),
                                                   came->option, came->options))
                        : APART;
  if (!is_passed_on(j) || !is_last_that_came(j))
    return APART;
  return if_sure(j, names_removed(&j->c->from_server, BROKEN, came->back_option, came->back_options));
}

static enum ruling of_one_hop_removed(uint32_t came, uint32_t sent, uint32_t sent_facts) {
  if ((came & NOTE_OF_ONE_HOP) == 0)
    return APART;
  return (sent & NOTE_OF_ONE_HOP) != 0 && (sent_facts & HEAD_KEEP_ALIVE) == 0 ? BROKEN : KEPT;
}

PREDICATE(INTERMEDIARY_REMOVES_OF_ONE_HOP) {
  if (j->event == ON_REQUEST)
    return is_paired(j)
               ? if_sure(j, of_one_hop_removed(j->peer_errand->notes, j->head->notes, j->head->facts))
               : APART;
  if (!is_passed_on(j) || !is_last_that_came(j))
    return APART;
  return if_sure(j, of_one_hop_removed(j->peer_errand->back_notes, j->response->notes, j->response->facts));
}

/* Via is there; its last member, who sends it, names the version in which the message CAME. */
static enum ruling via_names(uint32_t notes, unsigned came) {
  return (notes & (came == 0 ? NOTE_VIA_11 : NOTE_VIA_10)) != 0 ? BROKEN : KEPT;
}

PREDICATE(INTERMEDIARY_VIA) {
  if (j->event == ON_REQUEST && !is_paired(j))
    return APART;
  if (j->event == ON_REQUEST)
    return if_sure(j, (j->head->notes & NOTE_VIA) == 0 ? BROKEN
                                                       : via_names(j->head->notes, j->peer_errand->minor));
  if (!is_passed_on(j) || j->actor == E100_GATEWAY)
    return APART;
  if ((j->response->notes & NOTE_VIA) != 0)
    return is_last_that_came(j) ? if_sure(j, via_names(j->response->notes, j->peer_errand->back_minor))
                                : OPEN;
  return is_final(j->response) ? if_sure(j, BROKEN) : OPEN; /* hardly anybody does in an interim response */
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_forwarding[] = {
    ROW(INTERMEDIARY_OWN_VERSION, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_RELAYS_EARLY_FINAL, ON_RELAY | ON_STALL),
    ROW(INTERMEDIARY_REMOVES_NOMINATED, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_REMOVES_OF_ONE_HOP, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_VIA, ON_REQUEST | ON_RELAY),
};
const size_t predicates_of_forwarding_count =
    sizeof predicates_of_forwarding / sizeof *predicates_of_forwarding;
