/* guests.c - the connections that the program under test opens, and which links of the play they are. */
#include <string.h>
#include <strings.h>

#include "live/listener.h"
#include "live/live_play_inside.h"

/* ---- which link ------------------------------------------------------------------------------------------
 */

/* A link of the play that no connection was yet. */
static struct link *unused_link(struct e100_live_play *play) {
  for (uint32_t i = 0; i < play->sink.transcript->link_count; i++)
    if (play->links[i].comes && play->links[i].stream == NULL && !play->links[i].ended)
      return &play->links[i];
  return NULL;
}

/* One whose connection has ended: a new one is opened on it. */
static struct link *ended_link(struct e100_live_play *play) {
  for (uint32_t i = 0; i < play->sink.transcript->link_count; i++) {
    struct link *link = &play->links[i];
    if (!link->comes || !link->ended)
      continue;
    guests_close_link(link);
    *link = (struct link){.play = play, .number = i, .comes = true};
    const struct e100_step step = {.kind = E100_STEP_OPEN, .link = (uint8_t)i, .from = play->sink.party};
    e100_sink_write(&play->sink, &step, NULL);
    play->sink.shut[i] = play->sink.closed[i] = false;
    return link;
  }
  return NULL;
}

/* Another link, beyond those of the play. */
static struct link *further_link(struct e100_live_play *play) {
  struct e100_exchange *transcript = play->sink.transcript;
  char name[E100_NAME_LIMIT];
  unsigned count = 1;
  if (transcript->link_count == E100_LINKS_LIMIT)
    return NULL;
  for (uint32_t i = 0; i < transcript->link_count; i++)
    count += play->links[i].comes ? 1 : 0;
  (void)snprintf(name, sizeof name, "u%u", count);
  uint32_t number = e100_exchange_link(transcript, name, (enum e100_party)play->sink.party, E100_ORIGIN);
  play->links[number] = (struct link){.play = play, .number = number, .comes = true};
  return &play->links[number];
}

static bool take_link(struct guest *guest) {
  struct e100_live_play *play = guest->play;
  struct link *link = unused_link(play);
  if (link == NULL)
    link = ended_link(play);
  if (link == NULL)
    link = further_link(play);
  if (link == NULL)
    return false;
  link->stream = guest->stream;
  link->open = true;
  guest->link = link;
  return true;
}

/* ---- what becomes of them ----------------------------------------------------------------------- */

static void on_received(void *user, const uint8_t *octets, size_t length) {
  struct guest *guest = user;
  struct e100_live_play *play = guest->play;
  if (play->over || play->leaving)
    return;
  if (guest->link == NULL && !take_link(guest)) {
    e100_stream_close(guest->stream);
    guest->stream = NULL;
    return;
  }
  if (guest->link->stream != guest->stream)
    return; /* the link is another connection's by now */
  guest->link->asked = true;
  live_link_calls.received(guest->link, octets, length);
}

static void on_sent(void *user) {
  struct guest *guest = user;
  if (guest->link != NULL && guest->link->stream == guest->stream)
    live_link_calls.sent(guest->link);
}

static void on_ended(void *user, enum e100_step_kind how) {
  struct guest *guest = user;
  guest->ended = true;
  if (guest->play->leaving) {
    live_play_leave_on(guest->play);
  } else if (guest->link == NULL) {
    e100_stream_close(guest->stream);
    guest->stream = NULL;
  } else if (guest->link->stream == guest->stream) {
    live_link_calls.ended(guest->link, how);
  }
}

static const struct e100_stream_calls guest_calls = {
    .received = on_received, .sent = on_sent, .ended = on_ended};

static void on_came(void *user, struct e100_listener *listener) {
  struct e100_live_play *play = user;
  for (unsigned i = 0; i < E100_GUESTS_LIMIT && !play->over && !play->leaving; i++) {
    struct guest *guest = &play->guests[i];
    if (guest->stream != NULL)
      continue;
    *guest = (struct guest){.play = play};
    guest->stream = e100_listener_take(listener, &guest_calls, guest);
    return;
  }
  struct e100_stream *stream = e100_listener_take(listener, &guest_calls, NULL);
  if (stream != NULL)
    e100_stream_close(stream);
}

void guests_welcome(struct e100_live_play *play) {
  struct e100_exchange *transcript = play->sink.transcript;
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++) {
    play->place[i] = (uint8_t)i;
    play->links[i].comes = play->target->listener != NULL && i < transcript->link_count &&
                           transcript->links[i].client == play->sink.party;
  }
  if (play->target->listener != NULL)
    e100_listener_attend(play->target->listener, on_came, play);
}

/* ---- the end ------------------------------------------------------------------------------------ */

bool guests_have_ended(const struct e100_live_play *play) {
  for (unsigned i = 0; i < E100_GUESTS_LIMIT; i++)
    if (play->guests[i].stream != NULL && !play->guests[i].ended)
      return false;
  return true;
}

void guests_say_goodbye(struct e100_live_play *play) {
  for (unsigned i = 0; i < E100_GUESTS_LIMIT; i++)
    if (play->guests[i].stream != NULL)
      e100_stream_shut(play->guests[i].stream);
}

void guests_close_link(struct link *link) {
  for (unsigned i = 0; i < E100_GUESTS_LIMIT; i++)
    if (link->stream != NULL && link->play->guests[i].stream == link->stream)
      link->play->guests[i].stream = NULL;
  if (link->stream != NULL)
    e100_stream_close(link->stream);
  link->stream = NULL;
}

void guests_close(struct e100_live_play *play) {
  if (play->target->listener != NULL)
    e100_listener_attend(play->target->listener, NULL, NULL);
  for (unsigned i = 0; i < E100_GUESTS_LIMIT; i++)
    if (play->guests[i].stream != NULL)
      e100_stream_close(play->guests[i].stream);
}

/* ---- where steps go ----------------------------------------------------------------------------- */

static bool is_waiting(const struct link *link) {
  return link->comes && link->stream != NULL && link->asked;
}

/* The value of E100-Mark in OCTETS, as {where it begins, how long it is}; 0 octets where there is none. */
struct mark {
  const uint8_t *value;
  size_t length;
};

static struct mark mark_in(const uint8_t *octets, size_t length) {
  static const char name[] = "e100-mark:";
  const size_t name_length = sizeof name - 1;
  for (size_t i = 0; i + name_length < length; i++) {
    if (strncasecmp((const char *)octets + i, name, name_length) != 0)
      continue;
    size_t from = i + name_length;
    while (from < length && octets[from] == ' ')
      from++;
    size_t to = from;
    while (to < length && octets[to] != '\r')
      to++;
    return (struct mark){octets + from, to - from};
  }
  return (struct mark){octets, 0};
}

static bool has_mark(const uint8_t *octets, size_t length, struct mark wanted) {
  for (struct mark mark = mark_in(octets, length); mark.length > 0;
       mark = mark_in(mark.value, (size_t)(octets + length - mark.value)))
    if (mark.length == wanted.length && memcmp(mark.value, wanted.value, mark.length) == 0)
      return true;
  return false;
}

/* The request that LINK waits for an answer to is that of the response in STEP: by their marks, where it has
 * one. */
static bool is_answered_by(const struct e100_live_play *play, const struct link *link,
                           const struct e100_step *step) {
  const struct e100_exchange *transcript = play->sink.transcript;
  struct mark wanted = mark_in(e100_step_octets(play->exchange, step), step->length);
  if (!is_waiting(link) || wanted.length == 0)
    return is_waiting(link);
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *came = &transcript->steps[i];
    if (came->kind == E100_STEP_DELIVER && came->link == link->number && came->from == play->sink.party &&
        has_mark(e100_step_octets(transcript, came), came->length, wanted))
      return true;
  }
  return false;
}

/* Lines of OCTETS that begin as a final response does, or end as the first one of a request. */
static unsigned finals_in(const uint8_t *octets, size_t length) {
  static const char begin[] = "HTTP/1.";
  unsigned count = 0;
  for (size_t i = 0; i + sizeof "HTTP/1.1 " <= length; i++)
    count += (i == 0 || octets[i - 1] == '\n') && memcmp(octets + i, begin, sizeof begin - 1) == 0 &&
                     octets[i + sizeof "HTTP/1.1 " - 1] >= '2'
                 ? 1
                 : 0;
  return count;
}

static unsigned requests_in(const uint8_t *octets, size_t length) {
  static const char end[] = " HTTP/1.";
  unsigned count = 0;
  for (size_t i = 0; i + sizeof " HTTP/1.1" <= length; i++)
    count +=
        memcmp(octets + i, end, sizeof end - 1) == 0 && octets[i + sizeof " HTTP/1.1" - 1] == '\r' ? 1 : 0;
  return count;
}

/* STEP is a final response beyond those that clients have asked for up to there: it is meant to be stray. */
static bool is_meant_stray(const struct e100_live_play *play, const struct e100_step *step) {
  const struct e100_exchange *exchange = play->exchange;
  unsigned requests = 0, finals = 0;
  for (const struct e100_step *at = exchange->steps; at <= step; at++) {
    const uint8_t *octets = e100_step_octets(exchange, at);
    if (at->kind == E100_STEP_DELIVER && at->from == E100_CLIENT)
      requests += requests_in(octets, at->length);
    else if (at->kind == E100_STEP_DELIVER && at->from == E100_ORIGIN)
      finals += at < step ? finals_in(octets, at->length) : finals_in(octets, at->length) > 0 ? 1 : 0;
  }
  return finals > requests;
}

/* The link on which a response goes that is meant to be stray: where the last one went. NULL: STEP is none.
 */
static struct link *stray_link(struct e100_live_play *play, const struct e100_step *step) {
  struct link *last = &play->links[play->place[step->link]];
  return last->stream != NULL && is_meant_stray(play, step) ? last : NULL;
}

static struct link *answered_link(struct e100_live_play *play, const struct e100_step *step) {
  struct link *last = &play->links[play->place[step->link]];
  if (is_answered_by(play, last, step))
    return last;
  for (uint32_t i = 0; i < play->sink.transcript->link_count; i++)
    if (is_answered_by(play, &play->links[i], step))
      return &play->links[i];
  return stray_link(play, step);
}

/* STEP begins a response of our origin server. */
static bool begins_response(const struct e100_live_play *play, const struct e100_step *step) {
  static const char response[] = "HTTP/";
  const size_t length = sizeof response - 1;
  return play->links[step->link].comes && step->kind == E100_STEP_DELIVER && step->length >= length &&
         memcmp(e100_step_octets(play->exchange, step), response, length) == 0;
}

/* OCTETS have a field line Expect. */
static bool has_expect(const uint8_t *octets, size_t length) {
  static const char name[] = "\nexpect:";
  const size_t name_length = sizeof name - 1;
  for (size_t i = 0; i + name_length <= length; i++)
    if (strncasecmp((const char *)octets + i, name, name_length) == 0)
      return true;
  return false;
}

/* A client of the play has asked, up to STEP. */
static bool client_asks(const struct e100_exchange *exchange, const struct e100_step *step) {
  for (const struct e100_step *at = exchange->steps; at < step; at++)
    if (at->kind == E100_STEP_DELIVER && at->from == E100_CLIENT &&
        has_expect(e100_step_octets(exchange, at), at->length))
      return true;
  return false;
}

/* STEP begins a response, with a status of that first digit. */
static bool has_status(const struct e100_exchange *exchange, const struct e100_step *step, uint8_t digit) {
  const uint8_t *octets = e100_step_octets(exchange, step);
  const size_t at = sizeof "HTTP/1.1 " - 1;
  return step->kind == E100_STEP_DELIVER && step->length > at && memcmp(octets, "HTTP/", 5) == 0 &&
         octets[at] == digit;
}

bool guests_did_not_ask(const struct e100_live_play *play, const struct link *link,
                        const struct e100_step *step) {
  const struct e100_exchange *transcript = play->sink.transcript;
  static const char wanted[] = "HTTP/1.1 100";
  bool asks = false;
  if (!link->comes || step->kind != E100_STEP_DELIVER || step->length < sizeof wanted - 1 ||
      memcmp(e100_step_octets(play->exchange, step), wanted, sizeof wanted - 1) != 0 ||
      !client_asks(play->exchange, step))
    return false;
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *came = &transcript->steps[i];
    if (came->link != link->number || came->kind != E100_STEP_DELIVER)
      continue;
    if (came->from == play->sink.party)
      asks |= has_expect(e100_step_octets(transcript, came), came->length);
    else
      asks &= has_status(transcript, came, '1'); /* after a final response it has to ask again */
  }
  return !asks;
}

/* A 2xx came on LINK, in however many pieces, to the CONNECT that our client has sent there last. */
static bool is_opened(const struct e100_live_play *play, const struct link *link) {
  static const char begin[] = "HTTP/";
  const struct e100_exchange *transcript = play->sink.transcript;
  bool opened = false;
  size_t at = 0; /* in the line */
  bool is_response = true;
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    if (step->link != link->number || step->kind != E100_STEP_DELIVER)
      continue;
    const uint8_t *octets = e100_step_octets(transcript, step);
    if (step->from == E100_CLIENT) {
      opened = false;
      at = 0;
      is_response = true;
      continue;
    }
    for (uint32_t j = 0; j < step->length; j++) {
      is_response = is_response && (at >= sizeof begin - 1 || octets[j] == (uint8_t)begin[at]);
      opened = opened || (is_response && at == sizeof "HTTP/1.1 " - 1 && octets[j] == '2');
      at = octets[j] == '\n' ? 0 : at + 1;
      is_response = is_response || at == 0;
    }
  }
  return opened;
}

bool guests_lack_tunnel(const struct e100_live_play *play, struct link *link, const struct e100_step *step) {
  static const char connect[] = "CONNECT ";
  const size_t length = sizeof connect - 1;
  if (step->kind != E100_STEP_DELIVER || step->from != E100_CLIENT || link->tunnel == TUNNEL_IS_THERE)
    return false;
  if (link->tunnel == TUNNEL_IS_ASKED_FOR) {
    link->tunnel = is_opened(play, link) ? TUNNEL_IS_THERE : TUNNEL_IS_ASKED_FOR;
    return link->tunnel == TUNNEL_IS_ASKED_FOR;
  }
  bool asks = step->length >= length && memcmp(e100_step_octets(play->exchange, step), connect, length) == 0;
  link->tunnel = asks ? TUNNEL_IS_ASKED_FOR : NO_TUNNEL;
  return false;
}

struct link *guests_place(struct e100_live_play *play, const struct e100_step *step) {
  struct link *own = &play->links[step->link];
  if (!own->comes)
    return own;
  if (begins_response(play, step)) {
    struct link *link = answered_link(play, step);
    play->place[step->link] = (uint8_t)(link != NULL ? link->number : step->link);
    return link;
  }
  struct link *last = &play->links[play->place[step->link]];
  return last->stream != NULL ? last : NULL;
}

bool guests_lack_request(struct e100_live_play *play, const struct e100_step *step) {
  return begins_response(play, step) && answered_link(play, step) == NULL;
}

uint32_t guests_awaited_links(const struct e100_live_play *play, const struct e100_step *step) {
  uint32_t links = 0;
  if (!play->links[step->link].comes)
    return 1u << step->link;
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    links |= play->links[i].comes ? 1u << i : 0u;
  return links;
}
