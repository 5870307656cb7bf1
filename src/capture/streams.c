/* streams.c - connections of a capture, and the octets of each. */
#include "capture/streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

/* Octets that came before those in front of them. */
struct early {
  struct early *next;
  uint32_t sequence;
  size_t captured, length;
  uint8_t octets[];
};

/* What one end sent. */
struct side {
  struct e100_end end;
  bool known;            /* where it stands in its sequence */
  bool has_fin, ended;   /* a FIN was seen; it was told */
  uint32_t first;        /* the number of its SYN, where that was seen */
  uint32_t next;         /* the number of the next octet */
  uint32_t fin;          /* of the FIN */
  uint32_t acknowledged; /* by the other end */
  bool any_acknowledged;
  unsigned overdue; /* packets since octets were acknowledged that are not here */
  struct early *early;
  size_t early_octets, early_segments;
};

struct e100_stream {
  struct e100_stream *in_bucket;
  struct e100_stream *older, *newer; /* by the last packet */
  struct side sides[2];
  bool cut, over, settled;
  uint64_t quiet_since;
  void *own;
};

struct e100_streams {
  struct e100_stream_calls calls;
  uint64_t settle;
  size_t count;
  struct e100_stream *oldest, *newest;
  struct e100_stream *buckets[BUCKETS];
};

/* How far B is behind A in a sequence that wraps around (RFC 9293 3.4). */
static int32_t from(uint32_t a, uint32_t b) {
  return (int32_t)(b - a);
}

/* ---- the table of connections --------------------------------------------------------------------- */

static uint32_t end_hash(const struct e100_end *end) {
  uint32_t hash = 2166136261u ^ end->port;
  for (size_t i = 0; i < sizeof end->address; i++)
    hash = (hash ^ end->address[i]) * 16777619u;
  return (hash ^ end->port) * 16777619u;
}

static struct e100_stream **bucket_of(struct e100_streams *s, const struct e100_end *a,
                                      const struct e100_end *b) {
  return &s->buckets[(end_hash(a) + end_hash(b)) % BUCKETS];
}

static bool same_end(const struct e100_end *a, const struct e100_end *b) {
  return a->family == b->family && a->port == b->port && memcmp(a->address, b->address, 16) == 0;
}

static bool is_between(const struct e100_stream *stream, const struct e100_end *a, const struct e100_end *b) {
  const struct e100_end *client = &stream->sides[0].end, *server = &stream->sides[1].end;
  return (same_end(client, a) && same_end(server, b)) || (same_end(client, b) && same_end(server, a));
}

static struct e100_stream *find(struct e100_streams *s, const struct e100_packet *packet) {
  struct e100_stream *stream = *bucket_of(s, &packet->from, &packet->to);
  while (stream != NULL && !is_between(stream, &packet->from, &packet->to))
    stream = stream->in_bucket;
  return stream;
}

static void unlink_age(struct e100_streams *s, struct e100_stream *stream) {
  *(stream->older != NULL ? &stream->older->newer : &s->oldest) = stream->newer;
  *(stream->newer != NULL ? &stream->newer->older : &s->newest) = stream->older;
}

static void link_newest(struct e100_streams *s, struct e100_stream *stream) {
  stream->older = s->newest;
  stream->newer = NULL;
  *(s->newest != NULL ? &s->newest->newer : &s->oldest) = stream;
  s->newest = stream;
}

/* Whether there is something behind octets that are not here. */
static bool has_hole(const struct side *side) {
  return side->early != NULL || (side->has_fin && !side->ended);
}

/* Forgets what is behind a hole. */
static void drop_early(struct side *side) {
  while (side->early != NULL) {
    struct early *first = side->early;
    side->early = first->next;
    free(first);
  }
  side->early_octets = side->early_segments = 0;
  side->has_fin = side->ended;
}

static void tell_cut(struct e100_streams *s, struct e100_stream *stream, const char *why) {
  if (stream->cut || stream->over)
    return;
  stream->cut = true;
  s->calls.cut(s->calls.user, stream, why);
  drop_early(&stream->sides[0]);
  drop_early(&stream->sides[1]);
}

/* Its entry stays a while, so that late packets of it are not taken for another connection. */
static void tell_over(struct e100_streams *s, struct e100_stream *stream) {
  if (stream->over)
    return;
  if (has_hole(&stream->sides[0]) || has_hole(&stream->sides[1]))
    tell_cut(s, stream, "octets are missing from the capture");
  stream->over = true;
  s->calls.over(s->calls.user, stream);
}

static void forget(struct e100_streams *s, struct e100_stream *stream) {
  struct e100_stream **at = bucket_of(s, &stream->sides[0].end, &stream->sides[1].end);
  while (*at != stream)
    at = &(*at)->in_bucket;
  *at = stream->in_bucket;
  unlink_age(s, stream);
  drop_early(&stream->sides[0]);
  drop_early(&stream->sides[1]);
  free(stream);
  s->count--;
}

/* The one to give up: that was idle longest; one that is over before one that is not, if it is among the
 * oldest. */
static void make_room(struct e100_streams *s) {
  enum { LOOKED_AT = 64 };
  struct e100_stream *victim = s->oldest;
  E100_CHECK(victim != NULL, "where there is no room there are connections");
  for (int i = 0; i < LOOKED_AT && victim != NULL && !victim->over; i++)
    victim = victim->newer;
  if (victim == NULL || !victim->over)
    victim = s->oldest;
  tell_cut(s, victim, "there are too many connections at once to follow this one any longer");
  tell_over(s, victim);
  forget(s, victim);
}

static struct e100_stream *begin(struct e100_streams *s, const struct e100_end *client,
                                 const struct e100_end *server, uint64_t time) {
  if (s->count >= E100_STREAMS_LIMIT)
    make_room(s);
  struct e100_stream *stream = calloc(1, sizeof *stream);
  E100_CHECK(stream != NULL, "there is memory for a connection");
  stream->sides[0].end = *client;
  stream->sides[1].end = *server;
  stream->quiet_since = time;
  struct e100_stream **bucket = bucket_of(s, client, server);
  stream->in_bucket = *bucket;
  *bucket = stream;
  link_newest(s, stream);
  s->count++;
  s->calls.opens(s->calls.user, stream);
  return stream;
}

/* ---- silence ------------------------------------------------------------------------------------------ */

/* Whether the other end has all that this one sent. */
static bool has_arrived(const struct side *side) {
  return !has_hole(side) && (!side->any_acknowledged || from(side->acknowledged, side->next) <= 0);
}

static void note_silence(struct e100_streams *s, struct e100_stream *stream, uint64_t time) {
  bool arrived = has_arrived(&stream->sides[0]) && has_arrived(&stream->sides[1]);
  if (stream->settled || stream->cut || stream->over || !arrived || time < stream->quiet_since ||
      time - stream->quiet_since <= s->settle)
    return;
  stream->settled = true;
  s->calls.settles(s->calls.user, stream);
}

static void note_activity(struct e100_stream *stream, uint64_t time) {
  stream->settled = false;
  stream->quiet_since = time;
}

/* ---- octets ------------------------------------------------------------------------------------------- */

static void deliver(struct e100_streams *s, struct e100_stream *stream, unsigned end, const uint8_t *octets,
                    size_t captured, size_t length) {
  struct side *side = &stream->sides[end];
  side->next += (uint32_t)length;
  if (captured > 0)
    s->calls.sends(s->calls.user, stream, end, octets, captured);
  if (captured < length)
    tell_cut(s, stream,
             "the capture holds only the beginning of a packet (its snapshot length is too short)");
}

/* Keeps octets that come too early, in the order of their numbers. */
static void keep_early(struct e100_streams *s, struct e100_stream *stream, struct side *side,
                       const struct e100_packet *packet, uint32_t sequence) {
  if (side->early_octets + packet->captured > E100_EARLY_LIMIT ||
      side->early_segments >= E100_EARLY_SEGMENTS_LIMIT) {
    tell_cut(s, stream, "octets are missing from the capture");
    return;
  }
  struct early **at = &side->early;
  while (*at != NULL && from((*at)->sequence, sequence) >= 0)
    at = &(*at)->next;
  struct early *early = malloc(sizeof *early + packet->captured);
  E100_CHECK(early != NULL, "there is memory for octets that came early");
  early->next = *at;
  early->sequence = sequence;
  early->captured = packet->captured;
  early->length = packet->length;
  if (packet->captured > 0)
    memcpy(early->octets, packet->payload, packet->captured);
  *at = early;
  side->early_octets += packet->captured;
  side->early_segments++;
}

/* How many of LENGTH octets are there: what is behind a FIN was never sent (RFC 9293 3.10.7.4). */
static size_t before_fin(const struct side *side, uint32_t sequence, size_t length) {
  int32_t room = side->has_fin ? from(sequence, side->fin) : INT32_MAX;
  return room < 0 ? 0 : (size_t)room < length ? (size_t)room : length;
}

static void take(struct e100_streams *s, struct e100_stream *stream, unsigned end, uint32_t sequence,
                 const uint8_t *octets, size_t captured, size_t length) {
  length = before_fin(&stream->sides[end], sequence, length);
  captured = captured < length ? captured : length; /* it may have been kept before the FIN was seen */
  size_t old = (size_t)from(sequence, stream->sides[end].next);
  if (old >= length)
    return;
  size_t there = captured > old ? captured - old : 0;
  deliver(s, stream, end, there > 0 ? octets + old : octets, there, length - old);
}

static void take_early(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  struct side *side = &stream->sides[end];
  while (!stream->cut && side->early != NULL && from(side->early->sequence, side->next) >= 0) {
    struct early *first = side->early;
    side->early = first->next;
    side->early_octets -= first->captured;
    side->early_segments--;
    take(s, stream, end, first->sequence, first->octets, first->captured, first->length);
    free(first);
  }
}

static void take_payload(struct e100_streams *s, struct e100_stream *stream, unsigned end,
                         const struct e100_packet *packet, uint32_t sequence) {
  struct side *side = &stream->sides[end];
  if (before_fin(side, sequence, packet->length) == 0)
    return;
  if (from(side->next, sequence) > 0)
    keep_early(s, stream, side, packet, sequence);
  else
    take(s, stream, end, sequence, packet->payload, packet->captured, packet->length);
  take_early(s, stream, end);
}

static void take_fin(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  struct side *side = &stream->sides[end];
  if (stream->cut || !side->has_fin || side->ended || side->next != side->fin)
    return;
  side->next++;
  side->ended = true;
  drop_early(side);
  s->calls.ends(s->calls.user, stream, end, E100_STEP_HALF_CLOSE);
}

/* ---- one packet -----------------------------------------------------------------------------------------
 */

static void synchronise(struct side *side, uint32_t next) {
  if (side->known)
    return;
  side->known = true;
  side->next = next;
}

/* RECEIVER acknowledges octets of SENDER. */
static void take_acknowledgement(struct e100_stream *stream, unsigned receiver, uint32_t number,
                                 uint64_t time) {
  struct side *sender = &stream->sides[1 - receiver];
  synchronise(sender, number);
  if (sender->any_acknowledged && from(sender->acknowledged, number) <= 0)
    return;
  bool news = sender->any_acknowledged && from(sender->acknowledged, sender->next) > 0;
  sender->any_acknowledged = true;
  sender->acknowledged = number;
  if (news && !stream->settled)
    stream->quiet_since = time;
}

/* Octets of SIDE that the other end has, and the capture has not. */
static bool is_missing(const struct side *side) {
  return side->any_acknowledged && from(side->next, side->acknowledged) > 0 &&
         !(side->has_fin && side->acknowledged == side->next + 1 && side->fin == side->next);
}

static void look_for_holes(struct e100_streams *s, struct e100_stream *stream, unsigned sender,
                           const struct e100_packet *packet) {
  for (unsigned end = 0; end < 2; end++) {
    struct side *side = &stream->sides[end];
    bool missing = is_missing(side);
    side->overdue = missing ? side->overdue + 1 : 0;
    bool answered = missing && sender != end && packet->length > 0;
    if (answered || side->overdue > E100_MISSING_PACKETS_LIMIT)
      tell_cut(s, stream, "octets are missing from the capture");
  }
}

static void reset(struct e100_streams *s, struct e100_stream *stream, unsigned end) {
  s->calls.ends(s->calls.user, stream, end, stream->sides[end].ended ? E100_STEP_CLOSE : E100_STEP_RESET);
  drop_early(&stream->sides[0]); /* a reset throws away what had not arrived */
  drop_early(&stream->sides[1]);
  tell_over(s, stream);
}

/* Whether PACKET ends what SIDE sends, and no earlier than at what it has sent. */
static bool is_fin(const struct side *side, const struct e100_packet *packet, uint32_t sequence) {
  return (packet->flags & E100_TCP_FIN) != 0 && !side->has_fin &&
         from(side->next, sequence + (uint32_t)packet->length) >= 0;
}

/* Whether PACKET has something of END that was not there before. */
static bool is_news(const struct side *side, const struct e100_packet *packet, uint32_t sequence) {
  uint32_t length = (uint32_t)before_fin(side, sequence, packet->length);
  bool octets = length > 0 && from(side->next, sequence + length) > 0;
  return is_fin(side, packet, sequence) || octets || (packet->flags & E100_TCP_RST) != 0;
}

static void take_segment(struct e100_streams *s, struct e100_stream *stream, unsigned end,
                         const struct e100_packet *packet, uint64_t time) {
  struct side *side = &stream->sides[end];
  uint32_t sequence = packet->sequence + ((packet->flags & E100_TCP_SYN) != 0 ? 1 : 0);
  synchronise(side, sequence);
  if (is_news(side, packet, sequence))
    note_silence(s, stream, time);
  if ((packet->flags & E100_TCP_ACK) != 0)
    take_acknowledgement(stream, end, packet->acknowledged, time);
  look_for_holes(s, stream, end, packet);
  if (stream->cut)
    return;
  if (is_news(side, packet, sequence))
    note_activity(stream, time);
  take_payload(s, stream, end, packet, sequence);
  if (is_fin(side, packet, sequence)) {
    side->has_fin = true;
    side->fin = sequence + (uint32_t)packet->length;
  }
  take_fin(s, stream, end);
}

/* A SYN of another connection between the same ends. */
static bool begins_anew(const struct e100_stream *stream, const struct e100_packet *packet) {
  if ((packet->flags & (E100_TCP_SYN | E100_TCP_ACK)) != E100_TCP_SYN)
    return false;
  unsigned end = same_end(&stream->sides[0].end, &packet->from) ? 0 : 1;
  return stream->over || stream->cut || end == 1 || stream->sides[0].first != packet->sequence;
}

static struct e100_stream *stream_of(struct e100_streams *s, const struct e100_packet *packet,
                                     uint64_t time) {
  struct e100_stream *stream = find(s, packet);
  bool syn = (packet->flags & E100_TCP_SYN) != 0, ack = (packet->flags & E100_TCP_ACK) != 0;
  if (stream != NULL && begins_anew(stream, packet)) {
    tell_over(s, stream);
    forget(s, stream);
    stream = NULL;
  }
  if (stream != NULL || (!syn && packet->length == 0))
    return stream;
  /* Without a SYN nobody knows who opened it; a server's port is most often the lower one. */
  bool by_client = syn ? !ack : packet->from.port > packet->to.port;
  const struct e100_end *client = by_client ? &packet->from : &packet->to;
  stream = begin(s, client, by_client ? &packet->to : &packet->from, time);
  if (by_client)
    stream->sides[0].first = packet->sequence;
  if (!syn)
    tell_cut(s, stream, "it began before the capture");
  return stream;
}

void e100_streams_packet(struct e100_streams *streams, const struct e100_packet *packet, uint64_t time) {
  struct e100_stream *stream = stream_of(streams, packet, time);
  if (stream == NULL)
    return;
  unlink_age(streams, stream);
  link_newest(streams, stream);
  unsigned end = same_end(&stream->sides[0].end, &packet->from) ? 0 : 1;
  if (stream->over)
    return;
  if (!stream->cut)
    take_segment(streams, stream, end, packet, time);
  bool leaves = (packet->flags & (E100_TCP_FIN | E100_TCP_RST)) != 0;
  if (!stream->cut && (packet->flags & E100_TCP_RST) != 0)
    reset(streams, stream, end);
  else if ((stream->cut && leaves) || (stream->sides[0].ended && stream->sides[1].ended))
    tell_over(streams, stream);
}

void e100_streams_end(struct e100_streams *streams, uint64_t time) {
  for (struct e100_stream *stream = streams->oldest; stream != NULL; stream = stream->newer) {
    note_silence(streams, stream, time);
    tell_over(streams, stream);
  }
}

struct e100_streams *e100_streams_new(const struct e100_stream_calls *calls, uint64_t settle) {
  struct e100_streams *streams = calloc(1, sizeof *streams);
  E100_CHECK(streams != NULL, "there is memory for the table of connections");
  streams->calls = *calls;
  streams->settle = settle;
  return streams;
}

void e100_streams_free(struct e100_streams *streams) {
  for (struct e100_stream *stream = streams->oldest, *next = NULL; stream != NULL; stream = next) {
    next = stream->newer;
    forget(streams, stream);
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
