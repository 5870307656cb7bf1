/*
 * packet_writer.h - an exchange as a capture that other programs show: pcap, raw IPv4.
 *
 * Every connection of a link is one TCP connection with its handshake, acknowledgements and checksums; a
 * silence is a gap in time. What never was on a wire is left out: timers, and what the application is told
 * and decides.
 */
#ifndef E100_PACKET_WRITER_H
#define E100_PACKET_WRITER_H

#include "exchange/exchange.h"

enum {
  E100_SEGMENT_LIMIT = 1400,             /* octets of a packet's payload; longer steps take several */
  E100_WRITTEN_SILENCE = 1000000,        /* microseconds of a silence */
  E100_WRITTEN_LIMIT = 256 * 1024 * 1024 /* octets of a capture that is written: beyond it nothing is added */
};

/* Start with {0}; the octets are OUT, freed by e100_text_free. */
struct e100_packet_writer {
  struct e100_text out;
  uint64_t time;        /* microseconds */
  uint16_t connections; /* made so far: each has a port of its own */
  bool full;            /* E100_WRITTEN_LIMIT was reached */
};

/* Adds the conversations of EXCHANGE. Gives how many steps were left out as they have no place on a wire. */
uint32_t e100_packets_write(struct e100_packet_writer *writer, const struct e100_exchange *exchange);

#endif
