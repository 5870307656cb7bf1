/*
 * side.h - what one end of a captured connection sent: where it stands in its sequence, what came too early,
 * and what nobody has acknowledged yet. Private to src/capture.
 */
#ifndef E100_SIDE_H
#define E100_SIDE_H

#include "capture/packet.h"
#include "capture/streams.h"

struct e100_early;

struct e100_side {
  struct e100_end end;
  bool known;          /* where it stands in its sequence */
  bool sent;           /* an octet of it, or its FIN, was told */
  bool has_fin, ended; /* a FIN was seen; it was told */
  bool seen;           /* a packet of it is there */
  bool has_right;      /* ... with a right checksum */
  bool scales;         /* its SYN had a scale for windows */
  bool reset_beyond;   /* it reset the connection behind octets that are not there */
  uint8_t scale;
  uint32_t first;        /* the number of its SYN, where that was seen */
  uint32_t next;         /* the number of the next octet */
  uint32_t fin;          /* of the FIN */
  uint32_t acknowledged; /* by the other end */
  bool any_acknowledged;
  bool has_window;                       /* it has said how much it takes */
  uint32_t window;                       /* ... so many octets */
  unsigned overdue;                      /* packets since octets were acknowledged that are not here */
  struct e100_early *early, *last_early; /* in the order of their numbers */
  size_t early_octets, early_segments;
  uint8_t *open; /* owned: octets that were told and not acknowledged, from `open_from` on; the first ones */
  uint32_t open_from;
  size_t open_length, open_room;
};

/* How far B is behind A in a sequence that wraps around (RFC 9293 3.4). */
static inline int32_t e100_from(uint32_t a, uint32_t b) {
  return (int32_t)(b - a);
}

/* All early octets of all connections, for the limit. */
struct e100_early_total {
  size_t octets;
};

/* Forgets what is behind a hole; what is not acknowledged stays. */
void e100_side_drop_early(struct e100_side *side, struct e100_early_total *total);
void e100_side_free(struct e100_side *side, struct e100_early_total *total);

/* Keeps octets that come too early, or that may be damaged (DOUBTFUL). False over a limit. */
bool e100_side_keep_early(struct e100_side *side, struct e100_early_total *total,
                          const struct e100_packet *packet, uint32_t sequence, bool doubtful);
/* Takes the first early segment out that can be told now, or NULL; free it with free(). One that may be
 * damaged can be told once it was acknowledged: whoever gets damaged octets drops them. */
struct e100_early *e100_side_next_early(struct e100_side *side, struct e100_early_total *total);
struct e100_early {
  struct e100_early *next;
  uint32_t sequence;
  bool doubtful;
  size_t captured, length;
  uint8_t octets[];
};

/* There is something behind octets that are not here. */
bool e100_side_has_hole(const struct e100_side *side);
/* The other end has octets, or a FIN, that the capture has not. */
bool e100_side_is_missing(const struct e100_side *side);
/* The other end has all that this one sent, as far as that is here. */
bool e100_side_has_arrived(const struct e100_side *side);
/* The other end acknowledges up to NUMBER. */
void e100_side_acknowledged(struct e100_side *side, uint32_t number);
/* How many of LENGTH octets are there: what is behind a FIN was never sent (RFC 9293 3.10.7.4). */
size_t e100_side_before_fin(const struct e100_side *side, uint32_t sequence, size_t length);

/* Octets were told, from `next` on: they may come again until they are acknowledged. */
void e100_side_told(struct e100_side *side, const uint8_t *octets, size_t length);
/* Octets that come again are others than those which were told, and nobody has acknowledged either. */
bool e100_side_differs(const struct e100_side *side, uint32_t sequence, const uint8_t *octets, size_t length);

#endif
