/* stream_table.c - connections by their two ends, in either order, and by their last packet. */
#include "capture/stream_table.h"

#include <stdlib.h>
#include <string.h>

static uint32_t end_hash(const struct e100_end *end) {
  uint32_t hash = 2166136261u ^ end->port;
  for (size_t i = 0; i < sizeof end->address; i++)
    hash = (hash ^ end->address[i]) * 16777619u;
  return (hash ^ end->port) * 16777619u;
}

static struct e100_stream **bucket_of(struct e100_streams *s, const struct e100_end *a,
                                      const struct e100_end *b) {
  return &s->buckets[(end_hash(a) + end_hash(b)) % E100_STREAM_BUCKETS];
}

bool e100_same_end(const struct e100_end *a, const struct e100_end *b) {
  return a->family == b->family && a->port == b->port && memcmp(a->address, b->address, 16) == 0;
}

static bool is_between(const struct e100_stream *stream, const struct e100_end *a, const struct e100_end *b) {
  const struct e100_end *client = &stream->sides[0].end, *server = &stream->sides[1].end;
  return (e100_same_end(client, a) && e100_same_end(server, b)) ||
         (e100_same_end(client, b) && e100_same_end(server, a));
}

struct e100_stream *e100_table_find(struct e100_streams *s, const struct e100_packet *packet) {
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

struct e100_stream *e100_table_add(struct e100_streams *s, const struct e100_end *client,
                                   const struct e100_end *server) {
  struct e100_stream *stream = calloc(1, sizeof *stream);
  E100_CHECK(stream != NULL, "there is memory for a connection");
  stream->sides[0].end = *client;
  stream->sides[1].end = *server;
  struct e100_stream **bucket = bucket_of(s, client, server);
  stream->in_bucket = *bucket;
  *bucket = stream;
  link_newest(s, stream);
  s->count++;
  return stream;
}

void e100_table_touch(struct e100_streams *s, struct e100_stream *stream) {
  unlink_age(s, stream);
  link_newest(s, stream);
}

void e100_table_forget(struct e100_streams *s, struct e100_stream *stream) {
  struct e100_stream **at = bucket_of(s, &stream->sides[0].end, &stream->sides[1].end);
  while (*at != stream)
    at = &(*at)->in_bucket;
  *at = stream->in_bucket;
  unlink_age(s, stream);
  e100_side_free(&stream->sides[0], &s->early);
  e100_side_free(&stream->sides[1], &s->early);
  free(stream);
  s->count--;
}
