/* side.c - the octets of one end, in the order of their numbers. */
#include "capture/side.h"

#include <stdlib.h>
#include <string.h>

/* ---- what came too early -------------------------------------------------------------------------- */

static void find_last(struct e100_side *side) {
  side->last_early = side->early;
  while (side->last_early != NULL && side->last_early->next != NULL)
    side->last_early = side->last_early->next;
}

static void count_out(struct e100_side *side, struct e100_early_total *total,
                      const struct e100_early *early) {
  side->early_octets -= early->captured;
  side->early_segments--;
  total->octets -= early->captured;
}

void e100_side_drop_early(struct e100_side *side, struct e100_early_total *total) {
  while (side->early != NULL) {
    struct e100_early *first = side->early;
    side->early = first->next;
    count_out(side, total, first);
    free(first);
  }
  side->last_early = NULL;
  side->has_fin = side->ended;
}

void e100_side_free(struct e100_side *side, struct e100_early_total *total) {
  e100_side_drop_early(side, total);
  free(side->open);
  side->open = NULL;
  side->open_length = side->open_room = 0;
}

/* Most often they come in order behind one hole. */
static struct e100_early **place_of(struct e100_side *side, uint32_t sequence) {
  if (side->last_early != NULL && e100_from(side->last_early->sequence, sequence) >= 0)
    return &side->last_early->next;
  struct e100_early **at = &side->early;
  while (*at != NULL && e100_from((*at)->sequence, sequence) >= 0)
    at = &(*at)->next;
  return at;
}

bool e100_side_keep_early(struct e100_side *side, struct e100_early_total *total,
                          const struct e100_packet *packet, uint32_t sequence, bool doubtful) {
  if (side->early_octets + packet->captured > E100_EARLY_LIMIT ||
      side->early_segments >= E100_EARLY_SEGMENTS_LIMIT ||
      total->octets + packet->captured > E100_EARLY_TOTAL_LIMIT)
    return false;
  struct e100_early **at = place_of(side, sequence);
  struct e100_early *early = malloc(sizeof *early + packet->captured);
  E100_CHECK(early != NULL, "there is memory for octets that came early");
  early->next = *at;
  early->sequence = sequence;
  early->doubtful = doubtful;
  early->captured = packet->captured;
  early->length = packet->length;
  if (packet->captured > 0)
    memcpy(early->octets, packet->payload, packet->captured);
  *at = early;
  if (early->next == NULL)
    side->last_early = early;
  side->early_octets += packet->captured;
  side->early_segments++;
  total->octets += packet->captured;
  return true;
}

static bool can_be_told(const struct e100_side *side, const struct e100_early *early) {
  uint32_t end = early->sequence + (uint32_t)early->length;
  return !early->doubtful || e100_from(end, side->next) >= 0 ||
         (side->any_acknowledged && e100_from(end, side->acknowledged) >= 0);
}

struct e100_early *e100_side_next_early(struct e100_side *side, struct e100_early_total *total) {
  struct e100_early **at = &side->early;
  while (*at != NULL && e100_from((*at)->sequence, side->next) >= 0 && !can_be_told(side, *at))
    at = &(*at)->next;
  struct e100_early *early = *at;
  if (early == NULL || e100_from(early->sequence, side->next) < 0)
    return NULL;
  *at = early->next;
  if (early == side->last_early)
    find_last(side);
  count_out(side, total, early);
  return early;
}

/* ---- what is there, and what is not ----------------------------------------------------------------- */

bool e100_side_has_hole(const struct e100_side *side) {
  for (const struct e100_early *early = side->early; early != NULL; early = early->next)
    if (!early->doubtful)
      return true;
  return side->reset_beyond || (side->has_fin && !side->ended);
}

bool e100_side_is_missing(const struct e100_side *side) {
  return side->any_acknowledged && e100_from(side->next, side->acknowledged) > 0 &&
         !(side->has_fin && side->acknowledged == side->next + 1 && side->fin == side->next);
}

/* Where no packet of the other end is there, nobody knows what it has. */
bool e100_side_has_arrived(const struct e100_side *side) {
  if (side->early != NULL || e100_side_has_hole(side) || e100_side_is_missing(side))
    return false;
  return side->any_acknowledged ? e100_from(side->acknowledged, side->next) <= 0 : !side->sent;
}

size_t e100_side_before_fin(const struct e100_side *side, uint32_t sequence, size_t length) {
  int32_t room = side->has_fin ? e100_from(sequence, side->fin) : INT32_MAX;
  return room < 0 ? 0 : (size_t)room < length ? (size_t)room : length;
}

void e100_side_acknowledged(struct e100_side *side, uint32_t number) {
  side->any_acknowledged = true;
  side->acknowledged = number;
  int32_t gone = side->open_length > 0 ? e100_from(side->open_from, number) : 0;
  if (gone <= 0)
    return;
  size_t left = (size_t)gone < side->open_length ? side->open_length - (size_t)gone : 0;
  if (left > 0)
    memmove(side->open, side->open + gone, left);
  side->open_from = number;
  side->open_length = left;
}

/* ---- copies ----------------------------------------------------------------------------------------- */

void e100_side_told(struct e100_side *side, const uint8_t *octets, size_t length) {
  if (side->open_length == 0)
    side->open_from = side->next;
  bool follows = side->open_from + (uint32_t)side->open_length == side->next;
  size_t room = follows ? E100_UNACKNOWLEDGED_LIMIT - side->open_length : 0;
  size_t kept = length < room ? length : room;
  if (side->open_length + kept > side->open_room) {
    side->open_room =
        side->open_length + kept > 2 * side->open_room ? side->open_length + kept : 2 * side->open_room;
    side->open = realloc(side->open, side->open_room);
    E100_CHECK(side->open != NULL, "there is memory for octets that are not acknowledged");
  }
  if (kept > 0)
    memcpy(side->open + side->open_length, octets, kept);
  side->open_length += kept;
}

bool e100_side_differs(const struct e100_side *side, uint32_t sequence, const uint8_t *octets,
                       size_t length) {
  if (length == 1 && sequence + 1 == side->next)
    return false; /* a keep-alive, whose octet says nothing (RFC 9293 3.8.4) */
  int32_t at = e100_from(side->open_from, sequence);
  size_t before = at < 0 ? (size_t) - (int64_t)at : 0, behind = at > 0 ? (size_t)at : 0;
  if (before >= length || behind >= side->open_length)
    return false;
  size_t here = length - before, there = side->open_length - behind;
  return memcmp(octets + before, side->open + behind, here < there ? here : there) != 0;
}
