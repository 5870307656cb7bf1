/* streams_test.c - TCP put together again: disorder changes nothing, holes are never filled, any packets are
 * taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/streams.h"
#include "capture/witness.h"

enum { STREAM_LENGTH = 3000, RUNS = 300, GARBAGE_RUNS = 2000 };

static uint32_t random_state;

static uint32_t below(uint32_t limit) {
  random_state = random_state * 1664525u + 1013904223u;
  return (random_state >> 8) % limit;
}

/* What was told. */
struct heard {
  unsigned opened, over, cut, after_cut;
  size_t length[2];
  uint8_t octets[2][STREAM_LENGTH];
  unsigned ended[2], settled;
  enum e100_cut why;
  bool wrong;
};

static void opens(void *user, struct e100_stream *stream) {
  struct heard *heard = user;
  heard->opened++;
  *e100_stream_own(stream) = NULL;
}

static void sends(void *user, struct e100_stream *stream, unsigned end, const uint8_t *octets,
                  size_t length) {
  struct heard *heard = user;
  heard->after_cut += *e100_stream_own(stream) != NULL;
  heard->wrong = heard->wrong || length == 0;
  for (size_t i = 0; i < length && heard->length[end] < STREAM_LENGTH; i++)
    heard->octets[end][heard->length[end]++] = octets[i];
}

static void ends(void *user, struct e100_stream *stream, unsigned end, enum e100_step_kind how) {
  struct heard *heard = user;
  heard->after_cut += *e100_stream_own(stream) != NULL;
  heard->ended[end] += how == E100_STEP_HALF_CLOSE;
}

static void settles(void *user, struct e100_stream *stream, unsigned end) {
  struct heard *heard = user;
  assert_true(end <= E100_NO_END);
  heard->after_cut += *e100_stream_own(stream) != NULL;
  heard->settled++;
}

static void cut(void *user, struct e100_stream *stream, enum e100_cut why) {
  struct heard *heard = user;
  assert_non_null(e100_cut_text(why));
  heard->why = why;
  heard->wrong = heard->wrong || *e100_stream_own(stream) != NULL;
  heard->cut++;
  *e100_stream_own(stream) = heard;
}

static void over(void *user, struct e100_stream *stream) {
  struct heard *heard = user;
  (void)stream;
  heard->over++;
}

static struct e100_streams *listen_to(struct heard *heard) {
  const struct e100_stream_calls calls = {heard, opens, sends, ends, settles, cut, over};
  memset(heard, 0, sizeof *heard);
  return e100_streams_new(&calls, 1000);
}

/* A packet of END with LENGTH octets of what it sends, from AT on. */
static void segment_that_acknowledges(struct e100_streams *streams, unsigned end, uint32_t first,
                                      unsigned flags, const uint8_t *sent, size_t at, size_t length,
                                      uint64_t time, uint32_t acknowledged) {
  const struct e100_end ends_of[2] = {{4, {10, 0, 0, 1}, 4000}, {4, {10, 0, 0, 2}, 80}};
  const struct e100_packet packet = {.from = ends_of[end],
                                     .to = ends_of[1 - end],
                                     .sequence = first + 1 + (uint32_t)at,
                                     .acknowledged = acknowledged,
                                     .flags = (uint8_t)flags,
                                     .payload = sent + at,
                                     .captured = length,
                                     .length = length};
  e100_streams_packet(streams, &packet, time);
}

static void segment(struct e100_streams *streams, unsigned end, uint32_t first, unsigned flags,
                    const uint8_t *sent, size_t at, size_t length, uint64_t time) {
  segment_that_acknowledges(streams, end, first, flags, sent, at, length, time, 0);
}

static void handshake(struct e100_streams *streams, const uint32_t first[2]) {
  const uint8_t none[1] = {0};
  segment(streams, 0, first[0] - 1, E100_TCP_SYN, none, 0, 0, 1);
  segment_that_acknowledges(streams, 1, first[1] - 1, E100_TCP_SYN | E100_TCP_ACK, none, 0, 0, 2,
                            first[0] + 1);
}

/* Both ends send; every packet may come late, twice, or cut otherwise; the numbers wrap around. */
static void disorder_changes_nothing(void **state) {
  (void)state;
  static uint8_t sent[2][STREAM_LENGTH];
  for (unsigned run = 0; run < RUNS; run++) {
    random_state = run;
    const uint32_t first[2] = {0u - below(2000), below(1000000)};
    struct heard heard;
    struct e100_streams *streams = listen_to(&heard);
    for (size_t i = 0; i < sizeof sent; i++)
      sent[i / STREAM_LENGTH][i % STREAM_LENGTH] = (uint8_t)below(256);
    handshake(streams, first);
    bool there[2][STREAM_LENGTH / 100] = {{false}};
    for (size_t left = sizeof there; left > 0;) {
      unsigned end = below(2), piece = below(STREAM_LENGTH / 100);
      size_t at = piece * 100, more = below(100);
      if (at + 100 + more > STREAM_LENGTH)
        more = 0;
      left -= !there[end][piece];
      there[end][piece] = true;
      segment(streams, end, first[end], 0, sent[end], at, 100 + more, 3);
    }
    for (unsigned end = 0; end < 2; end++)
      segment(streams, end, first[end], E100_TCP_FIN, sent[end], STREAM_LENGTH, 0, 4);
    assert_int_equal(heard.cut, 0);
    for (unsigned end = 0; end < 2; end++) {
      assert_int_equal(heard.length[end], STREAM_LENGTH);
      assert_memory_equal(heard.octets[end], sent[end], STREAM_LENGTH);
      assert_int_equal(heard.ended[end], 1);
    }
    assert_int_equal(heard.over, 1);
    e100_streams_end(streams, 5);
    assert_int_equal(heard.over, 1);
    e100_streams_free(streams);
  }
}

/* One piece never comes: exactly what is in front of it is told, and that something is missing. */
static void holes_are_not_filled(void **state) {
  (void)state;
  static uint8_t sent[STREAM_LENGTH];
  const uint32_t first[2] = {7, 9};
  for (size_t missing = 0; missing < STREAM_LENGTH / 100 - 1; missing++) {
    struct heard heard;
    struct e100_streams *streams = listen_to(&heard);
    handshake(streams, first);
    for (size_t piece = 0; piece < STREAM_LENGTH / 100; piece++)
      if (piece != missing)
        segment(streams, 0, first[0], 0, sent, piece * 100, 100, 3);
    e100_streams_end(streams, 100000);
    assert_int_equal(heard.length[0], missing * 100);
    assert_int_equal(heard.cut, 1);
    assert_int_equal(heard.over, 1);
    assert_int_equal(heard.settled, 0);
    e100_streams_free(streams);
  }
}

/* Of one end nothing is told behind its FIN, whether the octets come before it or after it; and a FIN in the
 * place of octets that were told is none. */
static void nothing_is_told_behind_a_fin(void **state) {
  (void)state;
  static const uint8_t sent[STREAM_LENGTH];
  const uint32_t first[2] = {7, 9};
  for (size_t at = 0; at <= 100; at += 10) {
    struct heard heard;
    struct e100_streams *streams = listen_to(&heard);
    handshake(streams, first);
    segment(streams, 0, first[0], 0, sent, 0, 50, 3);
    segment(streams, 0, first[0], E100_TCP_FIN, sent, at, 0, 4);
    segment(streams, 0, first[0], 0, sent, 90, 30, 5);
    segment(streams, 0, first[0], 0, sent, 20, 100, 6);
    e100_streams_end(streams, 7);
    assert_int_equal(heard.length[0], at < 50 ? 120 : at);
    assert_int_equal(heard.ended[0], at >= 50);
    assert_int_equal(heard.cut, 0);
    e100_streams_free(streams);
  }
}

/* More connections than are followed: each is told of once, and its end once. */
static void connections_are_bounded(void **state) {
  (void)state;
  struct heard heard;
  struct e100_streams *streams = listen_to(&heard);
  const unsigned count = 3 * E100_STREAMS_LIMIT;
  for (unsigned i = 0; i < count; i++) {
    const struct e100_packet packet = {.from = {4, {10, 0, 0, 1}, (uint16_t)(1000 + i)},
                                       .to = {4, {10, 0, 0, 2}, 80},
                                       .flags = E100_TCP_SYN};
    e100_streams_packet(streams, &packet, i);
  }
  assert_int_equal(heard.opened, count);
  assert_int_equal(heard.over, count - E100_STREAMS_LIMIT);
  assert_int_equal(heard.cut, count - E100_STREAMS_LIMIT);
  e100_streams_end(streams, count);
  assert_int_equal(heard.over, count);
  e100_streams_free(streams);
}

static void any_packets_are_taken(void **state) {
  (void)state;
  static uint8_t sent[STREAM_LENGTH];
  for (unsigned run = 0; run < RUNS; run++) {
    random_state = run * 77u;
    struct heard heard;
    struct e100_streams *streams = listen_to(&heard);
    for (unsigned i = 0; i < 200; i++) {
      unsigned flags = below(4) == 0 ? below(256) : E100_TCP_ACK;
      segment_that_acknowledges(streams, below(2), below(3) * 0x7ffffff0u, flags, sent, below(200),
                                below(200), i * below(500), below(3) * 0x7ffffff0u + below(200));
      assert_int_equal(heard.after_cut, 0);
    }
    e100_streams_end(streams, 1000000);
    assert_int_equal(heard.opened, heard.over);
    assert_false(heard.wrong);
    e100_streams_free(streams);
  }
}

/* A clock of seconds: what is a second apart may have been no time at all. */
static void coarse_clocks_see_no_short_silence(void **state) {
  (void)state;
  static const uint8_t sent[100] = {0};
  const uint32_t first[2] = {7, 9};
  enum { SECOND = 1000000 };
  for (unsigned fine = 0; fine < 2; fine++)
    for (unsigned seconds = 1; seconds < 4; seconds++) {
      struct heard heard;
      const uint64_t before = 5 * SECOND + fine, after = before + (uint64_t)seconds * SECOND;
      struct e100_streams *streams = listen_to(&heard);
      segment(streams, 0, first[0] - 1, E100_TCP_SYN, sent, 0, 0, before);
      segment_that_acknowledges(streams, 1, first[1] - 1, E100_TCP_SYN | E100_TCP_ACK, sent, 0, 0, before,
                                first[0] + 1);
      segment(streams, 0, first[0], 0, sent, 0, 50, before);
      struct e100_packet answer = {.from = {4, {10, 0, 0, 2}, 80},
                                   .to = {4, {10, 0, 0, 1}, 4000},
                                   .sequence = first[1] + 1,
                                   .acknowledged = first[0] + 51,
                                   .flags = E100_TCP_ACK,
                                   .window = 100};
      e100_streams_packet(streams, &answer, before);
      segment(streams, 0, first[0], 0, sent, 50, 50, after);
      assert_int_equal(heard.settled, fine == 1 || seconds > 1);
      e100_streams_end(streams, after);
      e100_streams_free(streams);
    }
}

/* Of the same end, with windows that were scaled or not: a reset within the window shows a hole, one beyond
 * it nothing. */
static void resets_are_measured_by_the_window(void **state) {
  (void)state;
  static const uint8_t sent[1] = {0};
  for (unsigned scaled = 0; scaled < 2; scaled++) {
    struct heard heard;
    struct e100_streams *streams = listen_to(&heard);
    const uint8_t scale = scaled != 0 ? 7 : E100_NO_SCALE;
    struct e100_packet packet = {.from = {4, {10, 0, 0, 1}, 4000},
                                 .to = {4, {10, 0, 0, 2}, 80},
                                 .flags = E100_TCP_SYN,
                                 .scale = scale,
                                 .window = 1000,
                                 .payload = sent};
    e100_streams_packet(streams, &packet, 1);
    const struct e100_end client = packet.from;
    packet.from = packet.to;
    packet.to = client;
    packet.flags = E100_TCP_SYN | E100_TCP_ACK;
    packet.acknowledged = 1;
    e100_streams_packet(streams, &packet, 2);
    packet.to = packet.from;
    packet.from = client;
    packet.flags = E100_TCP_ACK;
    packet.sequence = packet.acknowledged = 1;
    packet.captured = packet.length = 1;
    e100_streams_packet(streams, &packet, 3);
    packet.from = packet.to;
    packet.to = client;
    packet.flags = E100_TCP_RST;
    packet.captured = packet.length = 0;
    packet.sequence = 1 + 128 * 1000;
    e100_streams_packet(streams, &packet, 4);
    assert_int_equal(heard.over, 0);
    e100_streams_end(streams, 5);
    assert_int_equal(heard.cut, scaled);
    e100_streams_free(streams);
  }
}

/* A frame of raw IP whose checksum is right, wrong by any one bit, or the sum of its pseudo-header alone. */
static void checksums_are_looked_at(void **state) {
  (void)state;
  uint8_t frame[45] = {0x45, 0,  0,    45,   0, 0, 0, 0, 64, 6, 0,   0,   10,  0,   0,
                       1,    10, 0,    0,    2, 1, 2, 0, 80, 0, 0,   0,   1,   0,   0,
                       0,    1,  0x50, 0x18, 1, 1, 0, 0, 0,  0, 'h', 'e', 'l', 'l', 'o'};
  struct e100_packet packet;
  const uint32_t pseudo = 0x0a00 + 1 + 0x0a00 + 2 + 6 + 25;
  uint32_t sum = pseudo;
  for (size_t i = 20; i < sizeof frame; i += 2)
    sum += (uint32_t)frame[i] << 8 | (i + 1 < sizeof frame ? frame[i + 1] : 0u);
  const uint16_t right = (uint16_t) ~((sum & 0xffff) + (sum >> 16));
  assert_int_equal(e100_packet_read(101, frame, sizeof frame, sizeof frame, &packet), E100_PACKET_TCP);
  assert_int_equal(packet.checksum, E100_CHECKSUM_UNKNOWN);
  for (unsigned bit = 0; bit <= 16; bit++) {
    const uint16_t field = bit < 16 ? (uint16_t)(right ^ 1u << bit) : right;
    frame[36] = (uint8_t)(field >> 8);
    frame[37] = (uint8_t)field;
    (void)e100_packet_read(101, frame, sizeof frame, sizeof frame, &packet);
    assert_int_equal(packet.checksum, bit < 16 ? E100_CHECKSUM_WRONG : E100_CHECKSUM_RIGHT);
    (void)e100_packet_read(101, frame, sizeof frame - 1, sizeof frame, &packet);
    assert_int_equal(packet.checksum, E100_CHECKSUM_UNKNOWN);
  }
  frame[36] = (uint8_t)(pseudo >> 8);
  frame[37] = (uint8_t)pseudo;
  (void)e100_packet_read(101, frame, sizeof frame, sizeof frame, &packet);
  assert_int_equal(packet.checksum, E100_CHECKSUM_UNKNOWN);
}

static void shows_nothing(void *user, const struct e100_testimony *testimony) {
  (void)user;
  assert_non_null(testimony->name);
}

/* Frames of any octets, of every link, each in memory of exactly its size; half of them begin as IP and TCP
 * do. */
static void any_frames_are_taken(void **state) {
  (void)state;
  static const int types[] = {0, 1, 12, 101, 108, 113, 228, 229, 276};
  static const uint8_t likely[40] = {0x45, 0, 0, 60, 0, 0,  0, 0, 64, 6, 0, 0, 10, 0, 0,    1, 10, 0,
                                     0,    2, 1, 2,  0, 80, 0, 0, 0,  1, 0, 0, 0,  1, 0x50, 2, 1,  1};
  struct e100_refusals refusals = {0};
  const struct e100_witness_calls calls = {NULL, shows_nothing};
  struct e100_witness *witness = e100_witness_new(&calls, E100_VANTAGE_UNKNOWN, 1000, &refusals);
  unsigned segments = 0;
  random_state = 5;
  for (unsigned run = 0; run < GARBAGE_RUNS; run++) {
    size_t length = below(120);
    uint8_t *frame = malloc(length + (length == 0));
    assert_non_null(frame);
    for (size_t i = 0; i < length; i++)
      frame[i] = run % 2 == 0 && i < sizeof likely && below(30) != 0 ? likely[i] : (uint8_t)below(256);
    if (length > 33 && below(2) == 0)
      frame[33] = (uint8_t)(E100_TCP_ACK | below(8));
    struct e100_packet packet;
    int type = run % 2 == 0 ? 12 : types[below(sizeof types / sizeof types[0])];
    if (e100_packet_read(type, frame, length, length + below(3), &packet) == E100_PACKET_TCP) {
      e100_streams_packet(e100_witness_streams(witness), &packet, run);
      segments++;
    }
    free(frame);
  }
  e100_streams_end(e100_witness_streams(witness), GARBAGE_RUNS);
  assert_true(segments > GARBAGE_RUNS / 20);
  e100_witness_free(witness);
  e100_refusals_free(&refusals);
}

/* A refusal before any request, cut anywhere: nobody knows what was asked. */
static void refusals_need_no_request(void **state) {
  (void)state;
  static const char refusal[] = "HTTP/1.0 417 No\r\nVia: 1.0 a\r\nServer: b\r\nvia: 1.1 c\r\n\r\n";
  const struct e100_end end = {4, {10, 0, 0, 1}, 80};
  struct e100_refusals refusals = {0};
  for (size_t cut_at = 0; cut_at + 1 < sizeof refusal; cut_at++) {
    struct e100_heads heads = {0};
    if (cut_at >= 5)
      e100_heads_of_server(&heads, (const uint8_t *)refusal, cut_at, &end, &end, &refusals);
    e100_heads_of_server(&heads, (const uint8_t *)refusal + (cut_at >= 5 ? cut_at : 0),
                         sizeof refusal - 1 - (cut_at >= 5 ? cut_at : 0), &end, &end, &refusals);
    e100_heads_free(&heads);
  }
  assert_int_equal(refusals.count, 1);
  assert_int_equal(refusals.groups[0].count, sizeof refusal - 1);
  assert_int_equal(refusals.groups[0].asked, E100_ASKED_UNKNOWN);
  assert_int_equal(refusals.groups[0].minor, 0);
  assert_string_equal(refusals.groups[0].via, "1.0 a, 1.1 c");
  assert_string_equal(refusals.groups[0].server, "10.0.0.1:80");
  e100_refusals_free(&refusals);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(disorder_changes_nothing),     cmocka_unit_test(holes_are_not_filled),
      cmocka_unit_test(nothing_is_told_behind_a_fin), cmocka_unit_test(connections_are_bounded),
      cmocka_unit_test(any_packets_are_taken),        cmocka_unit_test(any_frames_are_taken),
      cmocka_unit_test(refusals_need_no_request),     cmocka_unit_test(coarse_clocks_see_no_short_silence),
      cmocka_unit_test(checksums_are_looked_at),      cmocka_unit_test(resets_are_measured_by_the_window),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
