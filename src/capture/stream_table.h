/*
 * stream_table.h - the connections that are followed, by their ends and by their age. Private to src/capture.
 */
#ifndef E100_STREAM_TABLE_H
#define E100_STREAM_TABLE_H

#include "capture/side.h"
#include "capture/streams.h"

enum { E100_STREAM_BUCKETS = 4096 };

struct e100_stream {
  struct e100_stream *in_bucket;
  struct e100_stream *older, *newer; /* by the last packet */
  struct e100_side sides[2];
  bool cut, over;
  bool silent;  /* a silence is over, but whether all of it is here is not known yet */
  bool crossed; /* both ends began it: the client is who sends first */
  /* A SYN of other numbers: perhaps of another connection, perhaps a stray one (RFC 9293 3.10.7.4). */
  bool again;
  struct e100_end again_client, again_server;
  uint32_t again_sequence;
  uint64_t quiet_since;
  void *own;
};

struct e100_streams {
  struct e100_stream_calls calls;
  uint64_t settle;
  uint64_t
      grain; /* of which all times so far are multiples: a clock that is no finer sees no shorter silence */
  struct e100_early_total early;
  size_t count;
  struct e100_stream *oldest, *newest;
  struct e100_stream *buckets[E100_STREAM_BUCKETS];
};

bool e100_same_end(const struct e100_end *a, const struct e100_end *b);
/* The connection between the two ends of PACKET, or NULL. */
struct e100_stream *e100_table_find(struct e100_streams *s, const struct e100_packet *packet);
/* A new one, which is the newest. */
struct e100_stream *e100_table_add(struct e100_streams *s, const struct e100_end *client,
                                   const struct e100_end *server);
/* It has a packet, and becomes the newest. */
void e100_table_touch(struct e100_streams *s, struct e100_stream *stream);
/* Takes it out, and frees it. */
void e100_table_forget(struct e100_streams *s, struct e100_stream *stream);

#endif
