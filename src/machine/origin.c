#include "machine/origin.h"

#include <string.h>

#include "exchange/impossible.h"
#include "machine/responses.h"

/* One call from outside: the machine, and what the caller gave with it. */
struct turn {
  struct e100_origin *origin;
  const struct e100_origin_calls *calls;
  void *user;
  const uint8_t *content; /* with CONTENT_ARRIVES */
  size_t content_length;
  const struct e100_response *response; /* with APP_RESPONDS */
  const char *fields;                   /* with APP_UPGRADES */
};

/* ---- how facts become events ------------------------------------------------------------------- */

/* HTTP/1.0 knows no interim responses, so there its expectations are ignored (RFC 9110 10.1.1). */
static bool takes_interim(const struct e100_request_facts *facts) {
  return facts->minor > 0;
}

static enum e100_origin_event head_event(const struct e100_request_facts *facts) {
  if (facts->wrong != 0)
    return E100_HEAD_IS_WRONG;
  if (facts->framing == E100_CONTENT_NONE)
    return E100_HEAD_STANDS_ALONE;
  return facts->asks && takes_interim(facts) ? E100_HEAD_ASKS : E100_HEAD_OFFERS;
}

static bool accept_is_aloud(const struct e100_request_facts *facts, const struct e100_origin_policy *policy) {
  return takes_interim(facts) && (policy->unasked_100 || (policy->late_100 && facts->asks));
}

static bool response_is_last(const struct e100_request_facts *facts, const struct e100_origin_policy *policy,
                             bool content_owed, bool close) {
  return close || !facts->persists || (content_owed && !policy->discard);
}

/* A 100 comes before the 101 where both were asked for (RFC 9110 7.8). */
static bool upgrade_is_asked(const struct e100_request_facts *facts, bool said_100) {
  return facts->asks && takes_interim(facts) && !said_100;
}

const struct e100_origin_design e100_origin_reference = {
    .table = &e100_origin_table,
    .head_event = head_event,
    .accept_is_aloud = accept_is_aloud,
    .response_is_last = response_is_last,
    .upgrade_is_asked = upgrade_is_asked,
};

/* ---- what actions send --------------------------------------------------------------------------- */

static void send_octets(const struct turn *turn, const void *octets, size_t length) {
  if (length > 0)
    turn->calls->send(turn->user, octets, length);
}

static void send_head(const struct turn *turn, const struct e100_response_head *head) {
  send_octets(turn, head->octets, head->length);
}

static void send_text(const struct turn *turn, const char *text) {
  if (text != NULL)
    send_octets(turn, text, strlen(text));
}

static void send_100(const struct turn *turn) {
  struct e100_response_head head = {.length = 0};
  turn->origin->said_100 = true;
  e100_add_status_line(&head, 100);
  E100_ADD_LINES(&head, "\r\n");
  send_head(turn, &head);
}

/* 204 and 304 have no content (RFC 9110 15.3.5, 15.4.5), and 205 must not have any (15.3.6). */
static bool status_has_content(unsigned status) {
  return status != 204 && status != 205 && status != 304;
}

/* A Content-Length would be wrong on 204 (RFC 9110 8.6), and says nothing useful on 304. */
static bool status_has_length(unsigned status) {
  return status != 204 && status != 304;
}

static void send_final(const struct turn *turn, bool last) {
  const struct e100_response *response = turn->response;
  E100_CHECK(response != NULL, "the table sends a final response only where there is one");
  const struct e100_request_facts *facts = &turn->origin->reader.facts;
  bool has_content = status_has_content(response->status);
  struct e100_response_head head = {.length = 0};
  e100_add_status_line(&head, response->status);
  if (status_has_length(response->status))
    e100_add_length_line(&head, has_content ? response->content_length : 0);
  if (last) {
    E100_ADD_LINES(&head, "Connection: close\r\n");
  } else if (facts->minor == 0) {
    E100_ADD_LINES(&head, "Connection: keep-alive\r\n"); /* RFC 9112 9.3: HTTP/1.0 would close */
  }
  if (response->fields == NULL)
    E100_ADD_LINES(&head, "\r\n");
  send_head(turn, &head);
  if (response->fields != NULL) {
    send_text(turn, response->fields);
    send_text(turn, "\r\n");
  }
  if (has_content && facts->method != E100_METHOD_HEAD)
    send_octets(turn, response->content, response->content_length);
}

static void send_own_final(struct turn *turn, uint16_t status) {
  struct e100_response response = {.status = status, .close = true};
  turn->response = &response;
  send_final(turn, true);
  turn->response = NULL;
}

static void send_101(const struct turn *turn) {
  struct e100_response_head head = {.length = 0};
  e100_add_status_line(&head, 101);
  send_head(turn, &head);
  send_text(turn, turn->fields);
  send_text(turn, "\r\n");
}

static void end(const struct turn *turn, bool wholly) {
  turn->calls->end(turn->user, wholly);
}

/* ---- what actions tell the application ------------------------------------------------------------ */

static void tell_head(const struct turn *turn) {
  if (turn->calls->head != NULL)
    turn->calls->head(turn->user, &turn->origin->reader.facts);
}

static void tell_complete(const struct turn *turn) {
  if (turn->calls->complete != NULL)
    turn->calls->complete(turn->user);
}

static void tell_aborted(const struct turn *turn) {
  if (turn->calls->aborted != NULL)
    turn->calls->aborted(turn->user);
}

static void pass_content(const struct turn *turn) {
  if (turn->calls->content != NULL)
    turn->calls->content(turn->user, turn->content, turn->content_length);
}

/* ---- the engine -------------------------------------------------------------------------------------- */

static void act(struct turn *turn, unsigned action) {
  switch (action) {
  case E100_DO_NOTHING:
    break;
  case E100_DO_REJECT:
    turn->origin->rejected = true;
    break;
  case E100_DO_TELL_HEAD:
    tell_head(turn);
    break;
  case E100_DO_TELL_REQUEST:
    tell_head(turn);
    /* The application may have answered a request without content already, or closed. */
    if (turn->origin->state == E100_ORIGIN_WHOLE && !turn->origin->fresh)
      tell_complete(turn);
    break;
  case E100_DO_PASS_CONTENT:
    pass_content(turn);
    break;
  case E100_DO_TELL_COMPLETE:
    tell_complete(turn);
    break;
  case E100_DO_SEND_100:
    send_100(turn);
    break;
  case E100_DO_SEND_FINAL:
    send_final(turn, false);
    break;
  case E100_DO_SEND_FINAL_AND_CLOSE:
    send_final(turn, true);
    end(turn, true);
    break;
  case E100_DO_SEND_FINAL_AND_LINGER:
    send_final(turn, true);
    end(turn, false);
    break;
  case E100_DO_SEND_100_AND_101:
    send_100(turn);
    send_101(turn);
    break;
  case E100_DO_SEND_101:
    send_101(turn);
    break;
  case E100_DO_REFUSE_HEAD:
    send_own_final(turn, turn->origin->reader.facts.wrong);
    end(turn, false);
    break;
  case E100_DO_ABORT_AND_400:
    tell_aborted(turn);
    send_own_final(turn, 400);
    end(turn, false);
    break;
  case E100_DO_ABORT_AND_408:
    tell_aborted(turn);
    send_own_final(turn, 408);
    end(turn, false);
    break;
  case E100_DO_TIME_OUT_HEAD:
    if (e100_reader_begun(&turn->origin->reader) && !turn->origin->fresh)
      send_own_final(turn, 408);
    end(turn, true);
    break;
  case E100_DO_ABORT_AND_CLOSE:
    tell_aborted(turn);
    end(turn, true);
    break;
  case E100_DO_CLOSE:
    end(turn, true);
    break;
  default:
    E100_CHECK(false, "an impossible event came to the origin server's machine");
  }
}

static void happen(struct turn *turn, unsigned event) {
  struct e100_origin *origin = turn->origin;
  const struct e100_row *row = e100_table_row(origin->design->table, origin->state, event);
  /* The state first: callbacks may call the machine again. */
  origin->state = row->next;
  if (row->next == E100_ORIGIN_AWAITED && row->action != E100_DO_REJECT)
    origin->fresh = true;
  if (turn->calls->moved != NULL)
    turn->calls->moved(turn->user, row);
  act(turn, row->action);
}

void e100_origin_init(struct e100_origin *origin, const struct e100_origin_design *design,
                      const struct e100_origin_policy *policy) {
  memset(origin, 0, sizeof *origin);
  origin->design = design;
  origin->policy = *policy;
  origin->state = E100_ORIGIN_AWAITED;
  e100_reader_init(&origin->reader);
}

static bool call(struct turn *turn, unsigned event) {
  turn->origin->rejected = false;
  happen(turn, event);
  return !turn->origin->rejected;
}

/* The status that policy answers to a head by itself, or 0. */
static uint16_t refused_by_policy(const struct e100_origin *origin) {
  const struct e100_request_facts *facts = &origin->reader.facts;
  if (facts->wrong != 0)
    return 0;
  if (origin->policy.refuse_unknown && facts->other && takes_interim(facts))
    return 417;
  if (origin->policy.content_limit != 0 && facts->length > origin->policy.content_limit)
    return 413;
  return 0;
}

static bool respond(struct turn *turn, const struct e100_response *response) {
  const struct e100_origin *origin = turn->origin;
  bool last =
      origin->design->response_is_last(&origin->reader.facts, &origin->policy, !origin->reader.complete,
                                       response->close || origin->client_done);
  turn->response = response;
  return call(turn, last ? E100_APP_RESPONDS_LAST : E100_APP_RESPONDS);
}

/* A whole head was read. Where policy answers it, the application never hears of it. */
static void head_arrives(struct turn *turn) {
  struct e100_origin *origin = turn->origin;
  struct e100_request_facts *facts = &origin->reader.facts;
  if (turn->calls->check_head != NULL) {
    turn->calls->check_head(turn->user, facts);
    origin->reader.complete = facts->framing == E100_CONTENT_NONE;
  }
  uint16_t refusal = refused_by_policy(origin);
  if (refusal == 0) {
    happen(turn, origin->design->head_event(facts));
    return;
  }
  struct e100_origin_calls unheard = *turn->calls;
  unheard.head = NULL;
  unheard.complete = NULL;
  struct turn alone = *turn;
  struct e100_response response = {.status = refusal};
  alone.calls = &unheard;
  happen(&alone, origin->design->head_event(facts));
  respond(&alone, &response);
}

static bool reads(const struct e100_origin *origin) {
  return origin->state != E100_ORIGIN_WHOLE && origin->state != E100_ORIGIN_SWITCHED &&
         !origin->reader.complete && origin->reader.facts.wrong == 0;
}

/* Hands octets to the reader until it wants more or an answer is due. */
static size_t read_octets(struct turn *turn, const uint8_t *octets, size_t length) {
  struct e100_origin *origin = turn->origin;
  size_t taken = 0;
  for (;;) {
    if (origin->state == E100_ORIGIN_LINGERING || origin->state == E100_ORIGIN_OVER)
      return length;
    if (origin->fresh) {
      if (taken == length)
        return taken;
      e100_reader_init(&origin->reader);
      origin->fresh = false;
      origin->said_100 = false;
    }
    if (!reads(origin))
      return taken;
    size_t took = 0;
    enum e100_reader_event event =
        e100_reader_take(&origin->reader, &turn->calls->head_calls, turn->user, octets + taken,
                         length - taken, &took, &turn->content, &turn->content_length);
    taken += took;
    switch (event) {
    case E100_READ_MORE:
      E100_CHECK(taken == length, "a reader that wants more has taken all");
      return taken;
    case E100_READ_HEAD:
      head_arrives(turn);
      if (taken == length)
        return taken;
      break;
    case E100_READ_CONTENT:
      happen(turn, E100_CONTENT_ARRIVES);
      break;
    case E100_READ_COMPLETE:
      happen(turn, E100_CONTENT_ENDS);
      break;
    case E100_READ_WRONG:
      happen(turn, E100_CONTENT_IS_WRONG);
      break;
    }
  }
}

size_t e100_origin_octets(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                          const uint8_t *octets, size_t length) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  return read_octets(&turn, octets, length);
}

void e100_origin_half_closed(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  if (origin->state == E100_ORIGIN_OVER)
    return;
  origin->client_done = true;
  happen(&turn, E100_CLIENT_HALF_CLOSES);
}

void e100_origin_gone(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  if (origin->state != E100_ORIGIN_OVER)
    happen(&turn, E100_CLIENT_GOES);
}

int e100_origin_timer(const struct e100_origin *origin) {
  switch (origin->state) {
  case E100_ORIGIN_AWAITED:
    return e100_reader_begun(&origin->reader) && !origin->fresh ? E100_TIMER_HEAD : E100_TIMER_IDLE;
  case E100_ORIGIN_OFFERED:
  case E100_ORIGIN_ENCOURAGED:
  case E100_ORIGIN_PROCEEDED:
    return E100_TIMER_CONTENT;
  case E100_ORIGIN_DISCARDING:
  case E100_ORIGIN_LINGERING:
    return E100_TIMER_DISCARD;
  default:
    return -1;
  }
}

void e100_origin_timed_out(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  if (e100_origin_timer(origin) >= 0)
    happen(&turn, E100_TIMER_FIRES);
}

bool e100_origin_accept(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  bool aloud = origin->design->accept_is_aloud(&origin->reader.facts, &origin->policy);
  return call(&turn, aloud ? E100_APP_ACCEPTS_ALOUD : E100_APP_ACCEPTS);
}

bool e100_origin_respond(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                         const struct e100_response *response) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  if (response->status < 200 || response->status > 999)
    return false;
  return respond(&turn, response);
}

bool e100_origin_upgrade(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                         const char *fields) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user, .fields = fields};
  const struct e100_request_facts *facts = &origin->reader.facts;
  if (!facts->upgrade)
    return false;
  bool asked = origin->design->upgrade_is_asked(facts, origin->said_100);
  return call(&turn, asked ? E100_APP_UPGRADES_ASKED : E100_APP_UPGRADES);
}

bool e100_origin_close(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user) {
  struct turn turn = {.origin = origin, .calls = calls, .user = user};
  return call(&turn, E100_APP_CLOSES);
}
