/*
 * streams.h - TCP put together again: packets in, in the order of the capture; octets of connections out.
 *
 *  - Octets come once and in order. Where two packets carry the same octets, the first one counts.
 *  - What the capture does not have is never made up: a connection with a hole is *cut* there.
 *  - A silence is told where both ends have acknowledged all that came, both take octets, and nothing new
 * comes for longer than `settle`. So neither the time that packets travel nor a closed window is one, and
 * none is told where it shows that octets of that time are not here.
 *  - What TCP would not take is passed over: a reset or a SYN of numbers that cannot be, and octets that were
 *    damaged on their way.
 *  - Memory is bounded by the limits below, however long the capture is.
 */
#ifndef E100_STREAMS_H
#define E100_STREAMS_H

#include "capture/packet.h"
#include "exchange/exchange.h"

enum {
  E100_STREAMS_LIMIT = 1024, /* connections at once: beyond, the one that was idle longest is given up */
  E100_EARLY_LIMIT = 4 * 1024 * 1024,        /* octets of one end that came before those in front of them */
  E100_EARLY_SEGMENTS_LIMIT = 4096,          /* ... and in how many packets */
  E100_EARLY_TOTAL_LIMIT = 64 * 1024 * 1024, /* ... of all connections */
  E100_UNACKNOWLEDGED_LIMIT = 64 * 1024,     /* octets of one end that are compared with what comes again */
  E100_MISSING_PACKETS_LIMIT = 8 /* packets of a connection in which octets that were acknowledged may come */
};

/* NO_END: nobody, as where the capture ends. */
enum { E100_CLIENT_END, E100_SERVER_END, E100_NO_END };

/* Why a connection is followed no longer. */
enum e100_cut {
  E100_CUT_BEGAN,    /* it began before the capture */
  E100_CUT_MISSING,  /* octets are missing */
  E100_CUT_SNAPPED,  /* a packet is cut */
  E100_CUT_CROWD,    /* E100_STREAMS_LIMIT */
  E100_CUT_DISORDER, /* E100_EARLY_LIMIT, _SEGMENTS_LIMIT, _TOTAL_LIMIT */
  E100_CUT_COPIES,   /* octets came twice, and were not the same */
  E100_CUT_ONE_WAY,  /* no packet of the other end is there */
  E100_CUT_COUNT
};

struct e100_stream;
struct e100_streams;

/* What is told of connections. `cut` comes at most once, and after it only `over`, which ends each one. */
struct e100_stream_calls {
  void *user;
  void (*opens)(void *user, struct e100_stream *stream);
  /* END sent these octets, in one or more packets. */
  void (*sends)(void *user, struct e100_stream *stream, unsigned end, const uint8_t *octets, size_t length);
  /* HOW: E100_STEP_HALF_CLOSE for a FIN, E100_STEP_RESET for a reset, E100_STEP_CLOSE for a reset by an end
   * that had sent its FIN: it reads no more. */
  void (*ends)(void *user, struct e100_stream *stream, unsigned end, enum e100_step_kind how);
  /* A silence, which END ended. */
  void (*settles)(void *user, struct e100_stream *stream, unsigned end);
  void (*cut)(void *user, struct e100_stream *stream, enum e100_cut why);
  void (*over)(void *user, struct e100_stream *stream);
};

/* SETTLE in microseconds, as all times here. CALLS is copied. */
struct e100_streams *e100_streams_new(const struct e100_stream_calls *calls, uint64_t settle);
void e100_streams_packet(struct e100_streams *streams, const struct e100_packet *packet, uint64_t time);
/* The capture ends at TIME: ends what is open. */
void e100_streams_end(struct e100_streams *streams, uint64_t time);
void e100_streams_free(struct e100_streams *streams);

/* The two ends; "192.0.2.1:80", "[2001:db8::1]:80". */
const struct e100_end *e100_stream_end(const struct e100_stream *stream, unsigned end);
void e100_end_text(const struct e100_end *end, struct e100_text *out);
const char *e100_cut_text(enum e100_cut why); /* "octets are missing from the capture" */
/* What whoever listens keeps with a connection; NULL at first. */
void **e100_stream_own(struct e100_stream *stream);

#endif
