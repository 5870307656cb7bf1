/*
 * conversation.c - what each step of a link means for its conversation.
 */
#include "model/conversation.h"

#include <string.h>

#include "model/asking.h"
#include "model/framing.h"
#include "model/given_content.h"
#include "model/marks.h"
#include "model/passing_on.h"
#include "model/tunnels.h"

void conversation_init(struct conversation *c, const struct e100_link *link, uint32_t readings) {
  bool lone_lf = (readings & READING_LONE_LF) != 0;
  memset(c, 0, sizeof *c);
  c->client = link->client;
  c->server = link->server;
  c->closing = NO_REQUEST;
  reader_init(&c->from_client, READS_REQUESTS, lone_lf);
  reader_init(&c->from_server, READS_RESPONSES, lone_lf);
}

/* ---- requests ---------------------------------------------------------------------------------- */

const struct request *request_at(const struct conversation *c, uint32_t number) {
  bool remembered = number >= c->first && number < c->requests && c->requests - number <= REMEMBERED_LIMIT;
  return remembered ? &c->remembered[number % REMEMBERED_LIMIT] : NULL;
}

bool is_offered(const struct request *request, uint32_t protocol) {
  for (unsigned i = 0; i < request->protocols && i < PROTOCOLS_LIMIT; i++)
    if (request->protocol[i] == protocol)
      return true;
  return false;
}

const struct request *waiting_request(const struct conversation *c) {
  return request_at(c, c->answered);
}

const struct request *newest_request(const struct conversation *c) {
  return request_at(c, c->requests - 1);
}

/* The same, to be changed. */
static struct request *own_request(struct conversation *c, uint32_t number) {
  return request_at(c, number) == NULL ? NULL : &c->remembered[number % REMEMBERED_LIMIT];
}

static bool is_over(const struct conversation *c) {
  return c->blurred || c->tunnel;
}

/* ---- what the client does ------------------------------------------------------------------------- */

/* The request R, whose head has just ended, has had its final response all along: what follows is its
 * content, and then the next request. */
static void was_answered_early(struct conversation *c, struct request *r) {
  r->progress |= FINAL_SENT;
  c->answered_early = false;
  c->rejected = r->content == CONTENT_BROKEN;
  c->close_due |= causes_to_close(c->server, r, NULL);
  c->answered++;
  if (c->told < c->answered)
    c->told = c->answered;
}

static void request_arrives(struct conversation *c) {
  const struct head *head = &c->from_client.head;
  if ((head->facts & HEAD_OF_CONNECT) != 0 && request_content(head) != CONTENT_NONE) {
    c->blurred = true; /* content that CONNECT does not have (RFC 9110 9.3.6) */
    return;
  }
  struct request *r = &c->remembered[c->requests % REMEMBERED_LIMIT];
  memset(r, 0, sizeof *r);
  r->facts = head->facts;
  const struct request *before = newest_request(c);
  if (before != NULL && (before->progress & CONTENT_AFTER_FINAL) != 0)
    r->progress |= AFTER_OWED_CONTENT;
  r->protocols = head->protocols;
  memcpy(r->protocol, head->protocol, sizeof r->protocol);
  r->content = (uint8_t)content_to_come(head);
  if (r->content == CONTENT_BROKEN && !head_is_malformed(r->facts))
    r->progress |= CONTENT_IS_BROKEN;
  if ((r->facts & HEAD_CLOSE) != 0 && c->closing == NO_REQUEST)
    c->closing = c->requests;
  if ((r->facts & HEAD_LONE_LF) != 0)
    c->reading |= READING_LONE_LF;
  if (c->early_100)
    r->progress |= EARLY_100;
  c->early_100 = false;
  c->requests++;
  reader_content(&c->from_client, (enum content_state)r->content);
  if (c->answered_early)
    was_answered_early(c, r);
}

static void content_arrives(struct conversation *c, uint64_t octets, bool line) {
  struct request *r = own_request(c, c->requests - 1);
  r->progress |= CONTENT_ARRIVED | (line ? (uint32_t)LINE_IN_CONTENT : 0);
  r->progress &= ~(uint32_t)JUST_CONTINUED;
  if ((r->progress & FINAL_SENT) != 0)
    r->progress |= CONTENT_AFTER_FINAL;
  r->arrived += octets;
}

/* AFTER: the octet after those that were read. */
static void client_reader_says(struct conversation *c, enum reader_event event, const uint8_t *after,
                               uint64_t content, const struct court *court) {
  struct request *r = own_request(c, c->requests - 1);
  switch (event) {
  case READER_BEGINS:
    asker_begins(c, court);
    break;
  case READER_HEAD:
    c->blurred =
        c->requests - c->answered >= REMEMBERED_LIMIT; /* more would take the place of the first ones */
    if (c->blurred)
      break;
    asker_asks(c, court);
    request_arrives(c);
    break;
  case READER_CONTENT:
    c->blurred |= asker_sends(c, after - content, content, court);
    c->blurred |= look_for_marks_in_request(c, after - content, after, true, court);
    content_arrives(c, content, memchr(after - content, '\n', content) != NULL);
    break;
  case READER_COMPLETE:
    asker_has_sent_all(c, court);
    r->progress |= REQUEST_COMPLETE;
    break;
  case READER_BROKEN:
    asker_sends_unreadable(c, court);
    r->progress |= CONTENT_IS_BROKEN | CONTENT_ARRIVED;
    if ((r->progress & FINAL_SENT) != 0)
      r->progress |= CONTENT_AFTER_FINAL;
    break;
  default:
    break;
  }
}

/* Where it was left without a final response that is due. */
static void client_goes_on(struct conversation *c) {
  struct request *r = own_request(c, c->answered);
  if (r != NULL && (r->progress & (LATE_FINAL_OF_ORIGIN | LATE_FINAL_OF_PROGRAM)) != 0)
    r->progress |= CLIENT_WENT_ON;
}

/* Where it ends nobody knows: whatever comes is of it. */
static void broken_content_goes_on(struct request *r) {
  r->progress &= ~(uint32_t)JUST_CONTINUED;
  if ((r->progress & (CONTENT_IS_BROKEN | FINAL_SENT)) == (CONTENT_IS_BROKEN | FINAL_SENT))
    r->progress |= CONTENT_AFTER_FINAL;
}

void client_sends(struct conversation *c, const uint8_t *octets, size_t length, const struct court *court) {
  const uint8_t *end = octets + length;
  if (length > 0)
    client_goes_on(c);
  if (c->tunnel && !c->blurred) {
    asker_sends_beyond(c, octets, length, court);
    tunnel_is_used(c, true, octets, length, court);
  }
  if (c->blurred && length > 0)
    asker_on_spoiled(c, ON_SPOILED, length, court);
  if (is_over(c) || c->client_half_closed || c->client_gone)
    return;
  if (reader_is_stopped(&c->from_client) && newest_request(c) != NULL && length > 0)
    broken_content_goes_on(own_request(c, c->requests - 1));
  for (;;) {
    uint64_t content = 0;
    bool in_coding = reader_is_in_chunks(&c->from_client);
    const uint8_t *before = octets;
    bool in_head = reader_is_in_head(&c->from_client);
    enum reader_event event = reader_read(&c->from_client, &octets, end, &content);
    if (in_head && !c->blurred) {
      (void)look_for_marks_in_request(c, before, octets, false, court);
      asker_sends_head(c, before, (size_t)(octets - before), court);
    }
    if (in_coding && octets > before && event != READER_CONTENT && event != READER_BROKEN)
      content_arrives(c, 0, true); /* the coding of content is content that arrives, too */
    c->blurred = (c->from_client.head.facts & HEAD_BLURRED) != 0; /* from that octet on, however it is cut */
    if (!c->blurred)
      client_reader_says(c, event, octets, content, court);
    else
      asker_sends_unreadable(c, court);
    if (event == READER_WANTS_MORE || is_over(c))
      return;
  }
}

void client_ends(struct conversation *c, enum e100_step_kind how, const struct court *court) {
  client_goes_on(c);
  struct request *r = own_request(c, c->requests - 1);
  if (!is_over(c)) {
    asker_stops(c, court);
    asker_leaves(c, how, court);
  } else if (c->blurred)
    asker_on_spoiled(c, ON_GIVING_UP, 0, court);
  tunnel_ends(c, true, how, court);
  if (how == E100_STEP_HALF_CLOSE)
    c->client_half_closed = true;
  else
    c->client_gone = true;
  if (r != NULL && (r->progress & REQUEST_COMPLETE) == 0)
    r->progress |= CUT_SHORT;
  if (r != NULL)
    r->progress &= ~(uint32_t)JUST_CONTINUED;
}

/* ---- what the server does --------------------------------------------------------------------------- */

struct head plain_response(unsigned status, bool closing) {
  struct head head = {.status = (uint16_t)status, .major = 1, .minor = 1};
  bool bare = status < 200 || status == 204 || status == 304;
  head.facts = (bare ? 0u : (uint32_t)HEAD_LENGTH) | (closing ? (uint32_t)HEAD_CLOSE : 0u);
  return head;
}

void response_begins(struct conversation *c) {
  c->responding = true;
  c->orphan = waiting_request(c) == NULL;
  c->head_begun = reader_is_in_head(&c->from_client);
  c->empty_line = reader_is_at_empty_line(&c->from_client);
}

static struct judged plain_event(const struct conversation *c, enum event event) {
  struct judged judged = {.event = event, .actor = c->server, .c = c};
  judged.newest = newest_request(c);
  judged.request = waiting_request(c);
  return judged;
}

struct judged response_event(const struct conversation *c, const struct head *response) {
  struct judged judged = plain_event(c, ON_RESPONSE);
  judged.response = response;
  if (c->orphan)
    judged.request = NULL;
  return judged;
}

struct judged silence_event(const struct conversation *c) {
  return plain_event(c, ON_SILENCE);
}

struct judged ending_event(const struct conversation *c, enum e100_step_kind how) {
  struct judged judged = plain_event(c, ON_ENDING);
  judged.ending = how;
  return judged;
}

/* A final response to no request: an error about a head that is not complete, or a breach. */
static void orphan_final_counts(struct conversation *c, const struct head *response) {
  const struct request *last = newest_request(c);
  c->close_due |= causes_to_close(c->server, NULL, response);
  if (c->head_begun) {
    c->rejected = c->answered_early = true;
    if ((c->from_client.head.facts & HEAD_MALFORMED) != 0)
      c->close_due |= CLOSE_MALFORMED;
  } else if (last != NULL && (last->progress & CONTENT_AFTER_FINAL) != 0 &&
             !answers_no_content(last, response)) {
    c->blurred = true; /* the server reads content as requests: from here on it is somewhere else */
  }
}

static void final_counts(struct conversation *c, const struct head *response) {
  struct request *r = own_request(c, c->answered);
  r->progress |= FINAL_SENT;
  c->decided = r->decided == response->status;
  given_is_begun(c, r, c->decided && response->status != 205); /* which has no content (RFC 9110 15.3.6) */
  c->close_due |= causes_to_close(c->server, r, response);
  if (head_is_malformed(r->facts)) {
    c->rejected = true;
    c->blurred = response->status < 400; /* it was read as something that it is not */
  }
  c->answered++;
  if (c->told < c->answered)
    c->told = c->answered;
  c->moved_on = false;
}

static void hundred_counts(struct request *r) {
  if ((r->facts & (HEAD_BELOW_11 | HEAD_SEVERAL)) == 0 && is_100_too_many(r))
    r->progress |= TOO_MANY_100;
  if (r->hundreds_back > 0)
    r->hundreds_back--;
  else
    r->progress |= SAID_OWN_100;
  r->hundreds = (uint8_t)(r->hundreds + (r->hundreds < UINT8_MAX));
  r->progress |= JUST_CONTINUED;
  r->facts &= ~(uint32_t)HEAD_SEVERAL; /* the server has accepted it: the other readings are gone */
}

/* The head within which it came may have ended while it came. */
static void early_hundred_counts(struct conversation *c) {
  struct request *r = own_request(c, c->answered);
  if (r != NULL)
    r->progress |= EARLY_100;
  else
    c->early_100 = c->head_begun && !c->rejected;
}

static enum bare_kind bare_kind_of(const struct head *response, const struct request *r) {
  if (is_interim(response))
    return BARE_INTERIM;
  if (r != NULL && (r->facts & HEAD_OF_HEAD) != 0)
    return BARE_TO_HEAD;
  if (response->status == 205 && (response->facts & (HEAD_LENGTH | HEAD_CODING)) != HEAD_LENGTH)
    return BARE_205;
  return response->status == 204 || response->status == 304 ? BARE_STATUS : NOT_BARE;
}

void response_counts(struct conversation *c, const struct head *response) {
  struct request *r = c->orphan ? NULL : own_request(c, c->answered);
  uint32_t facts = r == NULL ? 0 : r->facts;
  bool tunnel = response->status == 101 ||
                ((facts & HEAD_OF_CONNECT) != 0 && response->status >= 200 && response->status < 300);
  c->responding = false;
  c->stuck = false;
  c->minor = response->minor > c->minor ? response->minor : c->minor;
  c->bare_status = (uint8_t)bare_kind_of(response, r);
  if (r != NULL && response->status == 100)
    hundred_counts(r);
  else if (response->status == 100)
    early_hundred_counts(c);
  if (!is_interim(response) && r == NULL)
    orphan_final_counts(c, response);
  else if (!is_interim(response))
    final_counts(c, response);
  c->tunnel = tunnel;
  c->sending = response_content(response, facts) != CONTENT_NONE;
}

/* Who answers 408 or 504 has waited for more of R, or for another server, and was not slow with what it owed
 * (RFC 9110 15.5.9, 15.6.5). */
static void slowness_is_forgiven(const struct conversation *c, const struct request *r, uint16_t status,
                                 const struct court *court) {
  const bool waited = status == 408 || status == 504;
  if (!waited && (r->progress & (LATE_FINAL_OF_ORIGIN | LATE_FINAL_OF_PROGRAM)) != 0 &&
      (r->progress & CLIENT_WENT_ON) == 0)
    was_only_slow(court, c->answered + 1);
}

static void response_arrives(struct conversation *c, const struct court *court) {
  const struct head response = c->from_server.head;
  struct request *r = c->orphan ? NULL : own_request(c, c->answered);
  struct judged event = response_event(c, &response);
  event.view = court->view;
  if (r != NULL && !is_interim(&response))
    slowness_is_forgiven(c, r, response.status, court);
  hold_court(court, &event);
  compare_marks(c, &response, court);
  enum content_state content = response_content(&response, r == NULL ? 0 : r->facts);
  reader_content(&c->from_server, content);
  uint32_t number = r == NULL ? NO_REQUEST : c->answered;
  relay_is_judged(c, &response, number, court);
  bool behind_close = (c->close_due & (CLOSE_SENT | CLOSE_IMPLIED)) != 0;
  response_counts(c, &response);
  asker_gets_head(c, &response, number, court);
  if (behind_close)
    asker_gets_head_behind_close(number, court);
  if (content == CONTENT_BROKEN)
    asker_gets_bad_framing(c, court);
  /* Interim responses, and others that end with their head, have codings that say nothing (RFC 9112 6.3). */
  uint32_t blurs = HEAD_BLURRED | (content == CONTENT_NONE ? 0 : (uint32_t)HEAD_CODING_BLURS);
  if (content == CONTENT_BROKEN || (response.facts & blurs) != 0)
    c->blurred = true;
}

/* EMPTY_LINE: what was read of it is one, before a response or behind one (RFC 9112 9.2). */
static void garbage_arrives(struct conversation *c, bool empty_line, const struct court *court) {
  struct judged event = plain_event(c, ON_GARBAGE);
  event.of_empty_line = empty_line;
  hold_court(court, &event);
  asker_gets_garbage(c, empty_line || c->from_server.huge, court);
  c->blurred = true;
}

/* Before it counts as over. A response to nobody has nothing to be compared with. */
static void sent_is_judged(const struct conversation *c, const struct court *court) {
  struct judged event = plain_event(c, ON_SENT);
  event.number = c->answered;
  if (c->given.length > 0)
    hold_court(court, &event);
}

static void answered_is_judged(const struct conversation *c, const struct court *court) {
  struct judged event = plain_event(c, ON_ANSWERED);
  event.view = court->view;
  event.number = c->answered;
  if (!is_intermediary(c->server))
    hold_court(court, &event);
}

static void response_is_whole(struct conversation *c, const struct court *court) {
  sent_is_judged(c, court);
  answered_is_judged(c, court);
  given_is_over(c);
  c->sending = false;
  relayed_is_judged(c, court);
  asker_gets_whole(c, court);
}

static void bare_is_filled(struct conversation *c, const struct court *court) {
  struct judged event = plain_event(c, ON_FILLED);
  event.view = court->view;
  event.number = c->answered;
  hold_court(court, &event);
  c->bare_status = NOT_BARE;
}

static void content_is_sent(struct conversation *c, const uint8_t *octets, uint64_t length,
                            const struct court *court) {
  if (c->bare_status == BARE_205)
    bare_is_filled(c, court);
  given_is_sent(c, octets, length);
  relayed_content_is_judged(c, octets, length, court);
  asker_gets_content(c, octets, length, court);
}

void server_sends(struct conversation *c, const uint8_t *octets, size_t length, const struct court *court) {
  const uint8_t *end = octets + length;
  asker_gets_more(court);
  while (!is_over(c) && !c->server_gone) {
    uint64_t content = 0;
    const uint8_t *before = octets;
    bool in_head = reader_is_in_head(&c->from_server);
    bool in_coding = reader_is_in_chunks(&c->from_server);
    enum reader_event event = reader_read(&c->from_server, &octets, end, &content);
    if (in_coding)
      asker_gets_chunks(before, (size_t)(octets - before), court);
    if (in_head) {
      asker_gets_octets((size_t)(octets - before), court);
      look_for_marks_in_response(c, before, octets, false, court);
    } else if (event == READER_CONTENT) {
      look_for_marks_in_response(c, octets - content, octets, true, court);
    }
    if (event == READER_BEGINS)
      response_begins(c);
    else if (event == READER_HEAD)
      response_arrives(c, court);
    else if (event == READER_CONTENT)
      content_is_sent(c, octets - content, content, court);
    else if (event == READER_COMPLETE)
      response_is_whole(c, court);
    else if (event == READER_BROKEN && (c->from_server.head.facts & HEAD_BLURRED) != 0)
      c->blurred = true; /* trailers that others may well read */
    else if (event == READER_GARBAGE || event == READER_BROKEN)
      garbage_arrives(c, c->from_server.at == 0 && octets > before && octets[-1] == '\n', court);
    else if (event == READER_WANTS_MORE)
      return;
  }
  if (c->blurred && !c->server_gone)
    remember_marks_of_server(octets, end, court);
  else if (c->tunnel && !c->server_gone)
    tunnel_is_used(c, false, octets, (uint64_t)(end - octets), court);
}

void server_ends(struct conversation *c, enum e100_step_kind how, const struct court *court) {
  if (!is_over(c) && !c->server_gone) {
    struct judged event = ending_event(c, how);
    hold_court(court, &event);
    asker_stops(c, court);
    if (c->sending && c->from_server.content == CONTENT_TO_CLOSE && how != E100_STEP_RESET)
      relayed_to_close_is_judged(c, court);
  }
  asker_gets_end(c, how, court);
  tunnel_ends(c, false, how, court);
  given_is_over(c);
  c->server_gone = true;
}

/* ---- silence ----------------------------------------------------------------------------------------------
 */

static void blame(uint32_t *progress, enum ruling ruling, uint32_t of_origin, uint32_t of_program) {
  if (ruling == BROKEN)
    *progress |= of_origin;
  else if (ruling == BROKEN_BY_APPLICATION)
    *progress |= of_program;
}

void silence_falls(struct conversation *c, bool quiet, const struct court *court) {
  asker_rests(court);
  if (c->blurred && !c->server_gone)
    asker_on_spoiled(c, ON_SPOILED, 0, court);
  if (c->tunnel && !c->blurred) {
    asker_pauses(c, quiet, court);
    tunnel_pauses(c, quiet, court);
  }
  if (is_over(c))
    return;
  stall_is_judged(c, quiet, court);
  struct judged event = silence_event(c);
  event.quiet = quiet;
  event.nothing_more_comes = nothing_more_comes(c, court);
  hold_court(court, &event);
  asker_stops(c, court);
  asker_pauses(c, quiet, court);
  for (unsigned i = 0; i < REMEMBERED_LIMIT; i++)
    c->remembered[i].progress &= ~(uint32_t)JUST_CONTINUED;
  if ((c->close_due != 0 && !c->sending) || (quiet && is_left_unread(c)))
    c->close_missed = true;
  c->stuck = c->responding || (c->sending && quiet);
  struct request *r = own_request(c, c->answered);
  if (r == NULL || !server_can_act(c))
    return;
  if (awaits_100(r) && (r->facts & HEAD_SEVERAL) == 0)
    blame(&r->progress, silence_before_100(c, r), WAITED_FOR_ORIGIN, WAITED_FOR_PROGRAM);
  if (head_is_malformed(r->facts))
    r->progress |= LATE_FINAL_OF_ORIGIN;
  else if ((r->progress & REQUEST_COMPLETE) != 0)
    blame(&r->progress, silence_before_final(c, r), LATE_FINAL_OF_ORIGIN, LATE_FINAL_OF_PROGRAM);
}

/* ---- the application ---------------------------------------------------------------------------- */

/* The number of the request that the application is told of, or NO_REQUEST. */
static uint32_t told_request(const struct conversation *c, enum e100_told told) {
  if (told != E100_TOLD_HEAD)
    return c->told == 0 ? NO_REQUEST : c->told - 1;
  uint32_t next = c->told < c->answered ? c->answered : c->told;
  return next < c->requests ? next : NO_REQUEST;
}

void application_is_told(struct conversation *c, const struct e100_step *step, const struct court *court) {
  c->program_seen = true;
  if (is_over(c) || c->rejected)
    return;
  struct judged event = plain_event(c, ON_TOLD);
  event.told = (enum e100_told)step->what;
  event.count = step->count;
  event.told_request = told_request(c, event.told);
  event.request = request_at(c, event.told_request);
  hold_court(court, &event);
  struct request *r = own_request(c, event.told_request);
  if (r == NULL) {
    c->blurred |= event.told == E100_TOLD_HEAD; /* the server sees requests that are none */
    return;
  }
  if (event.told == E100_TOLD_HEAD) {
    r->progress |= TOLD_OF_HEAD;
    c->told = event.told_request + 1;
  } else if (event.told == E100_TOLD_CONTENT) {
    r->told += event.count;
  } else if (event.told == E100_TOLD_COMPLETE) {
    r->progress |= TOLD_COMPLETE;
  }
}

void application_decides(struct conversation *c, const struct e100_step *step, const uint8_t *octets,
                         const struct court *court) {
  uint32_t number = c->answered;
  while (number < c->told && (request_at(c, number)->progress & PROGRAM_RESPONDED) != 0)
    number++;
  struct request *r = number < c->told ? own_request(c, number) : NULL;
  if (r == NULL || step->what == E100_DECIDE_REQUEST)
    return;
  if (step->what == E100_DECIDE_ACCEPT)
    r->progress |= PROGRAM_ACCEPTED;
  else if (step->what != E100_DECIDE_LATER)
    r->progress |= PROGRAM_RESPONDED;
  if (step->what == E100_DECIDE_UNMET)
    r->decided = 417;
  if (step->what != E100_DECIDE_RESPOND)
    return;
  r->decided = step->status;
  if (r->hundreds > 0)
    r->progress |= DECIDED_AFTER_100;
  struct asker *asker = asker_of(court->view, court->link);
  content_is_given(r, asker == NULL ? 0 : errand_at(asker, number)->mark, octets, step->length);
}
