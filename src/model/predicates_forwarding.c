/*
 * predicates_forwarding.c - the rules about how a message is passed on: its version, and the fields of one
 * hop.
 */
#include "model/predicates_passing_on.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* The head that is sent is none: a rule of its own says so, and its lines say nothing. */
static bool is_no_head(const struct judged *j) {
  const struct head *head = j->event == ON_REQUEST ? j->head : j->response;
  return (head->facts & HEAD_MALFORMED) != 0;
}

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
  if (!is_paired(j) || is_no_head(j))
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

/* Fields that an intermediary may send of its own, because the message is its own, too: framing, Host, Via,
 * and a Date where there is none (RFC 9112 3.2, 6; RFC 9110 6.6.1, 7.6.3). */
static bool may_be_its_own(uint32_t name) {
  static const char *const names[] = {"transfer-encoding",
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

/* ... or for its own connection: then its own Connection names them (RFC 9110 7.6.1). APART: no such field;
 * OPEN: nobody knows what that names. */
static enum ruling is_for_its_own_hop(const struct head *sent, uint32_t name) {
  if (name != name_hash("keep-alive") && name != name_hash("te") && name != name_hash("upgrade"))
    return APART;
  for (unsigned i = 0; i < sent->options; i++)
    if (sent->option[i] == name)
      return KEPT;
  return (sent->notes & (NOTE_ODD_OPTION | NOTE_MANY_NAMES)) != 0 ? OPEN : BROKEN;
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

/* A field of that NAME, which was named in what came, is in SENT. EXPECT: what is to be said of an Expect. */
static enum ruling name_sent_on(const struct head *sent, enum ruling expect, uint32_t name) {
  if (may_be_its_own(name))
    return KEPT;
  if (name == name_hash("expect"))
    return expect;
  enum ruling own = is_for_its_own_hop(sent, name);
  return own == APART ? BROKEN : own;
}

static enum ruling names_removed(const struct reader *reader, const struct head *sent, enum ruling expect,
                                 const uint32_t *names, unsigned count) {
  enum ruling ruling = count > 0 ? KEPT : APART;
  for (unsigned i = 0; i < count; i++) {
    enum ruling one = reader_found(reader, names[i]) ? name_sent_on(sent, expect, names[i]) : KEPT;
    if (one > ruling)
      ruling = one;
  }
  return ruling;
}

/* An interim response is compared with the response that came last, so only where that is the one. */
static bool is_last_that_came(const struct judged *j) {
  const struct errand *came = j->peer_errand;
  return is_final(j->response) ||
         (came->final == 0 && j->errand->passed + 1 == came->interims && came->interims <= INTERIMS_LIMIT);
}

/* Of the trailers that came, NAMED are those that the connection options OPTION name. */
static enum ruling trailers_removed(const struct reader *sent, const uint32_t *option, unsigned named) {
  enum ruling ruling = APART;
  for (unsigned place = 0; place < OPTIONS_LIMIT; place++) {
    if ((named >> place & 1u) == 0)
      continue;
    bool there = reader_read_chunks(sent) && reader_found(sent, option[place]);
    enum ruling one = there ? name_sent_on(&sent->head, BROKEN, option[place]) : KEPT;
    if (one > ruling)
      ruling = one;
  }
  return ruling;
}

/* A response of its own, or of a cache, has the status of another one only by chance. */
static enum ruling trailers_passed_on(const struct judged *j) {
  const struct errand *came = j->peer_errand;
  if (!is_paired(j))
    return APART;
  if (j->event == ON_WHOLE)
    return if_sure(j, trailers_removed(&j->c->from_client, came->option, came->named_trailers));
  if (j->errand->final != came->final)
    return APART;
  return if_sure(j, trailers_removed(&j->c->from_server, came->back_option, came->back_named_trailers));
}

PREDICATE(INTERMEDIARY_REMOVES_NOMINATED) {
  const struct errand *came = j->peer_errand;
  if (j->event == ON_WHOLE || j->event == ON_RELAYED)
    return trailers_passed_on(j);
  if (is_no_head(j))
    return APART;
  if (j->event == ON_REQUEST)
    return is_paired(j)
               ? if_sure(j, names_removed(&j->c->from_client, j->head, own_expectation(came, j->head),
                                          came->option, came->options))
               : APART;
  if (!is_passed_on(j) || !is_last_that_came(j))
    return APART;
  return if_sure(
      j, names_removed(&j->c->from_server, j->response, BROKEN, came->back_option, came->back_options));
}

/* A field line that came in trailers stands in the head, of which nobody wrote it. */
static enum ruling has_none_of(const struct reader *sent, const uint32_t trailer[TRAILERS_LIMIT]) {
  enum ruling ruling = APART;
  for (unsigned i = 0; i < TRAILERS_LIMIT && trailer[i] != 0; i++)
    if (reader_has_line(sent, trailer[i]))
      return BROKEN;
    else
      ruling = KEPT;
  return ruling;
}

PREDICATE(INTERMEDIARY_TRAILERS_APART) {
  if (is_no_head(j) || !is_paired(j))
    return APART;
  if (j->event == ON_REQUEST)
    return if_sure(j, has_none_of(&j->c->from_client, j->peer_errand->trailer));
  bool own = !is_passed_on(j) || !is_final(j->response);
  return own ? APART : if_sure(j, has_none_of(&j->c->from_server, j->peer_errand->back_trailer));
}

static enum ruling of_one_hop_removed(uint32_t came, uint32_t sent, uint32_t sent_facts) {
  if ((came & NOTE_OF_ONE_HOP) == 0)
    return APART;
  return (sent & NOTE_OF_ONE_HOP) != 0 && (sent_facts & HEAD_KEEP_ALIVE) == 0 ? BROKEN : KEPT;
}

PREDICATE(INTERMEDIARY_REMOVES_OF_ONE_HOP) {
  if (is_no_head(j))
    return APART;
  if (j->event == ON_REQUEST)
    return is_paired(j)
               ? if_sure(j, of_one_hop_removed(j->peer_errand->notes, j->head->notes, j->head->facts))
               : APART;
  if (!is_passed_on(j) || !is_last_that_came(j))
    return APART;
  return if_sure(j, of_one_hop_removed(j->peer_errand->back_notes, j->response->notes, j->response->facts));
}

/* A message that came, as far as Via asks for it. */
struct via_came {
  uint32_t notes;
  unsigned minor, runs;
  bool named; /* Connection names Via, too */
};

static bool names_via(const uint32_t *names, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (names[i] == name_hash("via"))
      return true;
  return false;
}

static struct via_came via_of_request(const struct errand *came) {
  return (struct via_came){came->notes, came->minor, came->via_runs, names_via(came->option, came->options)};
}

static struct via_came via_of_response(const struct errand *came) {
  return (struct via_came){came->back_notes, came->back_minor, came->back_via_runs,
                           names_via(came->back_option, came->back_options)};
}

/* Via is there; its last member, who sends it, names the version in which the message CAME. What was there
 * comes before it, and only members in a row with the same protocol may become one: others are not taken
 * away. */
static enum ruling via_goes_on(const struct head *sent, const struct via_came *came) {
  if ((sent->notes & (came->minor == 0 ? NOTE_VIA_11 : NOTE_VIA_10)) != 0)
    return BROKEN;
  bool same = (came->notes & (came->minor == 0 ? NOTE_VIA_10 : NOTE_VIA_11)) != 0;
  unsigned runs = came->runs + (same ? 0 : 1);
  if (came->named || (came->notes & NOTE_VIA) == 0 || sent->via_runs >= runs || sent->via_runs == UINT8_MAX)
    return KEPT;
  return came->minor > 1 ? OPEN : BROKEN;
}

PREDICATE(INTERMEDIARY_VIA) {
  if ((j->event == ON_REQUEST && !is_paired(j)) || is_no_head(j))
    return APART;
  if (j->event == ON_REQUEST) {
    const struct via_came came = via_of_request(j->peer_errand);
    return if_sure(j, (j->head->notes & NOTE_VIA) == 0 ? BROKEN : via_goes_on(j->head, &came));
  }
  if (!is_passed_on(j) || j->actor == E100_GATEWAY)
    return APART;
  if ((j->response->notes & NOTE_VIA) != 0) {
    const struct via_came came = via_of_response(j->peer_errand);
    return is_last_that_came(j) ? if_sure(j, via_goes_on(j->response, &came)) : OPEN;
  }
  return is_final(j->response) ? if_sure(j, BROKEN) : OPEN; /* hardly anybody does in an interim response */
}

/* ---- RFC 9110 7.8: Upgrade ------------------------------------------------------------------------ */

/* What it offers by itself may be HTTP/2. */
PREDICATE(INTERMEDIARY_IGNORES_UPGRADE_OF_10) {
  const uint32_t offer_of_10 = HEAD_BELOW_11 | HEAD_UPGRADE;
  if (!is_paired(j) || j->peer == NULL || (j->peer->facts & offer_of_10) != offer_of_10)
    return APART;
  if ((j->head->facts & HEAD_UPGRADE) == 0)
    return KEPT;
  bool same = false;
  for (unsigned i = 0; i < j->head->protocols && i < PROTOCOLS_LIMIT; i++)
    same |= j->head->protocol[i] != name_hash("h2c") && is_offered(j->peer, j->head->protocol[i]);
  return same ? if_sure(j, BROKEN) : OPEN;
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_forwarding[] = {
    ROW(INTERMEDIARY_OWN_VERSION, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_TRAILERS_APART, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_RELAYS_EARLY_FINAL, ON_RELAY | ON_STALL),
    ROW(INTERMEDIARY_REMOVES_NOMINATED, ON_REQUEST | ON_RELAY | ON_WHOLE | ON_RELAYED),
    ROW(INTERMEDIARY_REMOVES_OF_ONE_HOP, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_VIA, ON_REQUEST | ON_RELAY),
    ROW(INTERMEDIARY_IGNORES_UPGRADE_OF_10, ON_REQUEST),
};
const size_t predicates_of_forwarding_count =
    sizeof predicates_of_forwarding / sizeof *predicates_of_forwarding;
