/* streams.c - connections of a capture, and the octets of each. */
#include "capture/streams.h"

#include <stdlib.h>

#include "capture/stream_table.h"

/* ---- the end of a connection, and its beginning ------------------------------------------------------- */

static void tell_cut(struct e100_streams *s, struct e100_stream *stream, enum e100_cut why) {
  if (stream->cut || stream->over)
    return;
  stream->cut = true;
  s->calls.cut(s->calls.user, stream, why);
  e100_side_free(&stream->sides[0], &s->early);
  e100_side_free(&stream->sides[1], &s->early);
}

/* Only one end has packets here, and octets in them. */
static bool is_one_way(const struct e100_stream *stream) {
  const struct e100_side *a = &stream->sides[0], *b = &stream->sides[1];
  return (a->sent && !b->seen) || (b->sent && !a->seen);
}

static bool has_holes(const struct e100_stream *stream) {
  for (unsigned end = 0; end < 2; end++)
    if (e100_side_has_hole(&stream->sides[end]) || e100_side_is_missing(&stream->sides[end]))
      return true;
  return false;
}

/* Its entry stays a while, so that late packets of it are not taken for another connection. */
static void tell_over(struct e100_streams *s, struct e100_stream *stream) {
  if (stream->over)
    return;
  if (is_one_way(stream))
    tell_cut(s, stream, E100_CUT_ONE_WAY);
  else if (has_holes(stream))
    tell_cut(s, stream, E100_CUT_MISSING);
  stream->over = true;
  s->calls.over(s->calls.user, stream);
  e100_side_free(&stream->sides[0], &s->early);
  e100_side_free(&stream->sides[1], &s->early);
}

/* The one to give up: that was idle longest; one that is over, or on which nobody has said anything, before
 * others, if it is among the oldest. */
static void make_room(struct e100_streams *s) {
  enum { LOOKED_AT = 64 };
  struct e100_stream *victim = s->oldest;
  E100_CHECK(victim != NULL, "where there is no room there are connections");
  for (int i = 0; i < LOOKED_AT && victim != NULL; i++, victim = victim->newer)
    if (victim->over || (!victim->sides[0].sent && !victim->sides[1].sent))
      break;
  if (victim == NULL || (!victim->over && (victim->sides[0].sent || victim->sides[1].sent)))
    victim = s->oldest;
  tell_cut(s, victim, E100_CUT_CROWD);
  tell_over(s, victim);
  e100_table_forget(s, victim);
}

static struct e100_stream *begin(struct e100_streams *s, const struct e100_end *client,
                                 const struct e100_end *server, uint64_t time) {
  if (s->count >= E100_STREAMS_LIMIT)
    make_room(s);
  struct e100_stream *stream = e100_table_add(s, client, server);
  stream->quiet_since = time;
  s->calls.opens(s->calls.user, stream);
  return stream;
}

/* ---- silence ------------------------------------------------------------------------------------------ */

/* Who lets the other end send nothing makes it silent. */
static bool is_shut(const struct e100_side *side) {
  return side->has_window && side->window == 0;
}

/* Whether nothing new has come for long enough, although both ends have all that was sent, and may send. */
static bool is_silent(const struct e100_streams *s, const struct e100_stream *stream, uint64_t time) {
  const struct e100_side *a = &stream->sides[0], *b = &stream->sides[1];
  if (stream->cut || stream->over || is_shut(a) || is_shut(b) || !e100_side_has_arrived(a) ||
      !e100_side_has_arrived(b) || time < stream->quiet_since)
    return false;
  return time - stream->quiet_since > s->settle + (s->grain > 1 ? s->grain : 0);
}

/* END goes on, after a silence or not, with what is TOLD now or has to wait for octets in front of it. Where
 * those never come, or others were acknowledged that are not here, there may have been no silence. */
static void goes_on(struct e100_streams *s, struct e100_stream *stream, unsigned end, bool told,
                    uint64_t time) {
  const struct e100_side *other = &stream->sides[1 - end];
  bool doubtful = e100_side_is_missing(&stream->sides[end]) || e100_side_is_missing(other) ||
                  other->early != NULL || e100_side_has_hole(other);
  stream->quiet_since = time;
  if (!told || !stream->silent)
    return;
  stream->silent = false;
  if (!doubtful)
    s->calls.settles(s->calls.user, stream, end);
}

/* ---- octets ------------------------------------------------------------------------------------------- */

static void deliver(struct e100_streams *s, struct e100_stream *stream, unsigned end, const uint8_t *octets,
                    size_t captured, size_t length) {
  struct e100_side *side = &stream->sides[end];
  e100_side_told(side, octets, captured);
  side->next += (uint32_t)length;
  side->sent = true;
  if (captured > 0)
    s->calls.sends(s->calls.user, stream, end, octets, captured);
  if (captured < length)
    tell_cut(s, stream, E100_CUT_SNAPPED);
}

/* Tells what is new of LENGTH octets; DOUBTFUL ones may be damaged, and are no copies of what was told. */
static void take(struct e100_streams *s, struct e100_stream *stream, unsigned end, uint32_t sequence,
                 const uint8_t *octets, size_t captured, size_t length, bool doubtful) {
  struct e100_side *side = &stream->sides[end];
  length = e100_side_before_fin(side, sequence, length);
  captured = captured < length ? captured : length; /* it may have been kept before the FIN was seen */
  size_t old = (size_t)e100_from(sequence, side->next), both = old < captured ? old : captured;
  if (!doubtful && both > 0 && e100_side_differs(side, sequence, octets, both)) {
    tell_cut(s, stream, E100_CUT_COPIES);
    return;
  }
  if (old >= length)
    return;
  size_t there = captured > old ? captured - old : 0;
  deliver(s, stream, end, there > 0 ? octets + old : octets, there, length - old);
}

static void take_early(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  struct e100_early *first = NULL;
  while (!stream->cut && (first = e100_side_next_early(&stream->sides[end], &s->early)) != NULL) {
    take(s, stream, end, first->sequence, first->octets, first->captured, first->length, first->doubtful);
    free(first);
  }
}

static void take_payload(struct e100_streams *s, struct e100_stream *stream, unsigned end,
                         const struct e100_packet *packet, uint32_t sequence, bool doubtful) {
  struct e100_side *side = &stream->sides[end];
  if (e100_side_before_fin(side, sequence, packet->length) == 0)
    return;
  if (!doubtful && e100_from(side->next, sequence) <= 0)
    take(s, stream, end, sequence, packet->payload, packet->captured, packet->length, false);
  else if (!e100_side_keep_early(side, &s->early, packet, sequence, doubtful))
    tell_cut(s, stream, E100_CUT_DISORDER);
  take_early(s, stream, end);
}

static void take_fin(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  struct e100_side *side = &stream->sides[end];
  if (stream->cut || !side->has_fin || side->ended || side->next != side->fin)
    return;
  side->next++;
  side->ended = side->sent = true;
  e100_side_drop_early(side, &s->early);
  s->calls.ends(s->calls.user, stream, end, E100_STEP_HALF_CLOSE);
}

/* ---- one packet -----------------------------------------------------------------------------------------
 */

static void synchronise(struct e100_side *side, uint32_t next) {
  if (side->known)
    return;
  side->known = true;
  side->next = next;
}

/* RECEIVER acknowledges octets of SENDER. */
static void take_acknowledgement(struct e100_streams *s, struct e100_stream *stream, unsigned receiver,
                                 uint32_t number, uint64_t time) {
  struct e100_side *sender = &stream->sides[1 - receiver];
  synchronise(sender, number);
  if (sender->any_acknowledged && e100_from(sender->acknowledged, number) <= 0)
    return;
  bool news = sender->any_acknowledged && e100_from(sender->acknowledged, sender->next) > 0;
  e100_side_acknowledged(sender, number);
  if (news)
    stream->quiet_since = time;
  take_early(s, stream, 1 - receiver);
  take_fin(s, stream, 1 - receiver);
}

/* How much END takes from now on; an older packet than the latest says nothing about it. */
static void take_window(struct e100_stream *stream, unsigned end, const struct e100_packet *packet,
                        uint64_t time) {
  struct e100_side *side = &stream->sides[end], *other = &stream->sides[1 - end];
  bool syn = (packet->flags & E100_TCP_SYN) != 0;
  bool old = other->any_acknowledged && e100_from(other->acknowledged, packet->acknowledged) < 0;
  if (syn) {
    side->scales = packet->scale != E100_NO_SCALE;
    side->scale = packet->scale;
  }
  if ((packet->flags & E100_TCP_ACK) == 0 || (packet->flags & E100_TCP_RST) != 0 || old)
    return;
  bool scaled = !syn && side->scales && other->scales;
  bool was_shut = is_shut(side);
  side->has_window = true;
  side->window = (uint32_t)packet->window << (scaled ? side->scale : 0);
  if (was_shut && !is_shut(side))
    stream->quiet_since = time;
}

/* What answers octets that are not here shows that they never come; so does an end. */
static void look_for_holes(struct e100_streams *s, struct e100_stream *stream, unsigned sender,
                           const struct e100_packet *packet) {
  bool answers = packet->length > 0 || (packet->flags & (E100_TCP_FIN | E100_TCP_RST)) != 0;
  for (unsigned end = 0; end < 2; end++) {
    struct e100_side *side = &stream->sides[end];
    bool missing = e100_side_is_missing(side);
    side->overdue = missing ? side->overdue + 1 : 0;
    if ((missing && sender != end && answers) || side->overdue > E100_MISSING_PACKETS_LIMIT)
      tell_cut(s, stream, E100_CUT_MISSING);
  }
}

/* Whether PACKET ends what SIDE sends, and no earlier than at what it has sent. */
static bool is_fin(const struct e100_side *side, const struct e100_packet *packet, uint32_t sequence) {
  return (packet->flags & E100_TCP_FIN) != 0 && !side->has_fin &&
         e100_from(side->next, sequence + (uint32_t)packet->length) >= 0;
}

/* Whether PACKET has something of END that was not there before. */
static bool is_news(const struct e100_side *side, const struct e100_packet *packet, uint32_t sequence) {
  uint32_t length = (uint32_t)e100_side_before_fin(side, sequence, packet->length);
  bool octets = length > 0 && e100_from(side->next, sequence + length) > 0;
  return is_fin(side, packet, sequence) || octets || (packet->flags & E100_TCP_RST) != 0;
}

/* Octets with a wrong checksum, where the same end has right ones: damaged on their way, or put together by a
 * network card. Who gets damaged ones does not acknowledge them. */
static bool is_doubtful(const struct e100_side *side, const struct e100_packet *packet) {
  return packet->checksum == E100_CHECKSUM_WRONG && side->has_right;
}

static void take_segment(struct e100_streams *s, struct e100_stream *stream, unsigned end,
                         const struct e100_packet *packet, uint64_t time) {
  struct e100_side *side = &stream->sides[end];
  uint32_t sequence = packet->sequence + ((packet->flags & E100_TCP_SYN) != 0 ? 1 : 0);
  bool doubtful = is_doubtful(side, packet);
  synchronise(side, sequence);
  side->seen = true;
  side->has_right = side->has_right || packet->checksum == E100_CHECKSUM_RIGHT;
  side->reset_beyond = false;
  bool news = is_news(side, packet, sequence);
  stream->silent = stream->silent || (news && is_silent(s, stream, time));
  if (!doubtful)
    take_window(stream, end, packet, time);
  if (!doubtful && (packet->flags & E100_TCP_ACK) != 0)
    take_acknowledgement(s, stream, end, packet->acknowledged, time);
  look_for_holes(s, stream, end, packet);
  if (stream->cut)
    return;
  if (news)
    goes_on(s, stream, end, !doubtful && e100_from(side->next, sequence) <= 0, time);
  if ((packet->flags & E100_TCP_RST) != 0)
    return; /* what it carries is no octet of the connection (RFC 9293 3.5.3) */
  take_payload(s, stream, end, packet, sequence, doubtful);
  if (!doubtful && is_fin(side, packet, sequence)) {
    side->has_fin = true;
    side->fin = sequence + (uint32_t)packet->length;
  }
  take_fin(s, stream, end);
}

/* ---- resets ---------------------------------------------------------------------------------------------
 */

/* What a reset is worth (RFC 9293 3.10.7): one of numbers that cannot be is passed over by TCP, and one
 * behind octets that are not here may be either. */
enum reset_worth { RESETS, STRAY, BEYOND };

static enum reset_worth worth_of(const struct e100_stream *stream, unsigned end,
                                 const struct e100_packet *packet) {
  const struct e100_side *side = &stream->sides[end], *other = &stream->sides[1 - end];
  if (is_doubtful(side, packet))
    return STRAY;
  if (!side->known) { /* it answers a SYN */
    bool answers = (packet->flags & E100_TCP_ACK) != 0 && other->known;
    return answers && packet->acknowledged == other->next ? RESETS : STRAY;
  }
  uint32_t lowest = side->any_acknowledged && e100_from(side->acknowledged, side->next) > 0
                        ? side->acknowledged
                        : side->next;
  if (e100_from(packet->sequence, side->next) >= 0)
    return e100_from(lowest, packet->sequence) >= 0 || side->next == packet->sequence + 1 ? RESETS : STRAY;
  uint32_t window = other->has_window ? other->window : UINT16_MAX;
  return e100_from(side->next, packet->sequence) <= (int64_t)window ? BEYOND : STRAY;
}

static void reset(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  for (unsigned i = 0; i < 2; i++)
    if (e100_side_is_missing(&stream->sides[i]))
      tell_cut(s, stream, E100_CUT_MISSING);
  if (!stream->cut)
    s->calls.ends(s->calls.user, stream, end, stream->sides[end].ended ? E100_STEP_CLOSE : E100_STEP_RESET);
  e100_side_drop_early(&stream->sides[0], &s->early); /* a reset throws away what had not arrived */
  e100_side_drop_early(&stream->sides[1], &s->early);
  tell_over(s, stream);
}

static void take_reset(struct e100_streams *s, struct e100_stream *stream, unsigned end,
                       const struct e100_packet *packet, uint64_t time) {
  if (stream->cut) {
    tell_over(s, stream);
    return;
  }
  enum reset_worth worth = worth_of(stream, end, packet);
  if (worth == RESETS)
    take_segment(s, stream, end, packet, time);
  if (worth == RESETS && !stream->cut)
    reset(s, stream, end);
  else if (stream->cut)
    tell_over(s, stream);
  else if (worth == BEYOND)
    stream->sides[end].reset_beyond = true;
}

/* ---- where a connection begins --------------------------------------------------------------------------
 */

static bool is_syn(const struct e100_packet *packet) {
  return (packet->flags & (E100_TCP_SYN | E100_TCP_ACK)) == E100_TCP_SYN;
}

static unsigned end_of(const struct e100_stream *stream, const struct e100_packet *packet) {
  return e100_same_end(&stream->sides[0].end, &packet->from) ? 0 : 1;
}

/* A SYN that this connection began with, perhaps recorded late. */
static bool is_own_syn(const struct e100_side *side, const struct e100_packet *packet) {
  if (side->known && !side->sent)
    return side->next == packet->sequence + 1;
  return side->known && side->first == packet->sequence;
}

static struct e100_stream *begin_with(struct e100_streams *s, const struct e100_end *client,
                                      const struct e100_end *server, uint32_t syn, uint64_t time) {
  struct e100_stream *stream = begin(s, client, server, time);
  stream->sides[0].first = syn;
  return stream;
}

/* Takes a SYN for a connection between ends that have one. Gives the one that it belongs to, or NULL where
 * nobody knows that before it is answered. */
static struct e100_stream *take_syn(struct e100_streams *s, struct e100_stream *stream,
                                    const struct e100_packet *packet, uint64_t time) {
  unsigned end = end_of(stream, packet);
  bool answered = stream->sides[1].seen, done = stream->over || stream->cut;
  if (!done && is_own_syn(&stream->sides[end], packet))
    return stream;
  if (!done && end == 1 && !answered && !stream->sides[0].sent) { /* RFC 9293 3.5: a simultaneous open */
    stream->crossed = true;
    stream->sides[1].first = packet->sequence;
    return stream;
  }
  if (done || !answered) {
    tell_over(s, stream);
    e100_table_forget(s, stream);
    return begin_with(s, &packet->from, &packet->to, packet->sequence, time);
  }
  stream->again = true;
  stream->again_client = packet->from;
  stream->again_server = packet->to;
  stream->again_sequence = packet->sequence;
  return NULL;
}

/* Whether PACKET goes with the SYN that was kept, and not with the connection before it. */
static bool goes_with_syn(const struct e100_stream *stream, const struct e100_packet *packet) {
  bool syn = (packet->flags & E100_TCP_SYN) != 0, ack = (packet->flags & E100_TCP_ACK) != 0;
  if (!stream->again || !ack)
    return false;
  if (e100_same_end(&packet->from, &stream->again_client))
    return !syn && packet->sequence == stream->again_sequence + 1;
  return syn && packet->acknowledged == stream->again_sequence + 1;
}

static struct e100_stream *begin_again(struct e100_streams *s, struct e100_stream *before, uint64_t time) {
  const struct e100_end client = before->again_client, server = before->again_server;
  uint32_t sequence = before->again_sequence;
  tell_over(s, before);
  e100_table_forget(s, before);
  struct e100_stream *stream = begin_with(s, &client, &server, sequence, time);
  synchronise(&stream->sides[0], sequence + 1);
  stream->sides[0].seen = true;
  return stream;
}

static struct e100_stream *stream_of(struct e100_streams *s, const struct e100_packet *packet,
                                     uint64_t time) {
  struct e100_stream *stream = e100_table_find(s, packet);
  bool syn = (packet->flags & E100_TCP_SYN) != 0, ack = (packet->flags & E100_TCP_ACK) != 0;
  if (stream != NULL && is_syn(packet))
    return take_syn(s, stream, packet, time);
  if (stream != NULL && goes_with_syn(stream, packet))
    return begin_again(s, stream, time);
  if (stream != NULL || (!syn && packet->length == 0))
    return stream;
  /* Without a SYN nobody knows who opened it; a server's port is most often the lower one. */
  bool by_client = syn ? !ack : packet->from.port > packet->to.port;
  const struct e100_end *client = by_client ? &packet->from : &packet->to;
  stream =
      begin_with(s, client, by_client ? &packet->to : &packet->from, by_client ? packet->sequence : 0, time);
  if (!syn)
    tell_cut(s, stream, E100_CUT_BEGAN);
  return stream;
}

/* Where both ends began, the one that asks is the client. */
static unsigned turn_round(struct e100_stream *stream, unsigned end, const struct e100_packet *packet) {
  if (!stream->crossed || packet->length == 0)
    return end;
  stream->crossed = false;
  if (end == 0)
    return end;
  const struct e100_side client = stream->sides[1];
  stream->sides[1] = stream->sides[0];
  stream->sides[0] = client;
  return 0;
}

static uint64_t common_grain(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

void e100_streams_packet(struct e100_streams *streams, const struct e100_packet *packet, uint64_t time) {
  streams->grain = common_grain(streams->grain, time);
  struct e100_stream *stream = stream_of(streams, packet, time);
  if (stream == NULL)
    return;
  e100_table_touch(streams, stream);
  if (stream->over)
    return;
  unsigned end = turn_round(stream, end_of(stream, packet), packet);
  bool resets = (packet->flags & E100_TCP_RST) != 0;
  if (resets) {
    take_reset(streams, stream, end, packet, time);
    return;
  }
  if (!stream->cut)
    take_segment(streams, stream, end, packet, time);
  if ((stream->cut && (packet->flags & E100_TCP_FIN) != 0) ||
      (stream->sides[0].ended && stream->sides[1].ended))
    tell_over(streams, stream);
}

void e100_streams_end(struct e100_streams *streams, uint64_t time) {
  for (struct e100_stream *stream = streams->oldest; stream != NULL; stream = stream->newer) {
    if (is_silent(streams, stream, time) && !stream->silent)
      streams->calls.settles(streams->calls.user, stream, E100_NO_END);
    tell_over(streams, stream);
  }
}

struct e100_streams *e100_streams_new(const struct e100_stream_calls *calls, uint64_t settle) {
  enum { SECOND = 1000000 };
  struct e100_streams *streams = calloc(1, sizeof *streams);
  E100_CHECK(streams != NULL, "there is memory for the table of connections");
  streams->calls = *calls;
  streams->settle = settle;
  streams->grain = SECOND;
  return streams;
}

void e100_streams_free(struct e100_streams *streams) {
  for (struct e100_stream *stream = streams->oldest, *next = NULL; stream != NULL; stream = next) {
    next = stream->newer;
    e100_table_forget(streams, stream);
  }
  free(streams);
}

/* ---- names ------------------------------------------------------------------------------------------------
 */

const struct e100_end *e100_stream_end(const struct e100_stream *stream, unsigned end) {
  return &stream->sides[end].end;
}

void **e100_stream_own(struct e100_stream *stream) {
  return &stream->own;
}
