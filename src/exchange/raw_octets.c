/*
 * raw_octets.c - raw HTTP octets with cut points, for fuzzing heads that no vocabulary has.
 */
#include "exchange/exchange_inside.h"

enum { CUTS_LIMIT = 7, CUT_OCTETS = 2, CUT_PLACE_LIMIT = 65535 };

/* Who sends in the raw form: the client, but to a client its origin server. */
static uint8_t sender(unsigned role) {
  return role == E100_ROLE_CLIENT ? E100_ORIGIN : E100_CLIENT;
}

static void sort(size_t *places, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t at = i; at > 0 && places[at - 1] > places[at]; at--) {
      size_t larger = places[at - 1];
      places[at - 1] = places[at];
      places[at] = larger;
    }
}

static uint8_t octet_at(const uint8_t *octets, size_t length, size_t at) {
  return at < length ? octets[at] : 0;
}

void e100_raw_decode(struct e100_exchange *exchange, enum e100_role role, const uint8_t *octets,
                     size_t length) {
  size_t cuts[CUTS_LIMIT + 1];
  size_t cut_count = octet_at(octets, length, 0) % (CUTS_LIMIT + 1);
  size_t before = 1 + cut_count * CUT_OCTETS;
  size_t raw_length = length > before ? length - before : 0;
  for (size_t i = 0; i < cut_count; i++) {
    size_t place = (size_t)octet_at(octets, length, 1 + i * CUT_OCTETS) << 8;
    place |= octet_at(octets, length, 2 + i * CUT_OCTETS);
    cuts[i] = place % (raw_length + 1);
  }
  cuts[cut_count] = raw_length;
  sort(cuts, cut_count + 1);
  e100_exchange_clear(exchange);
  exchange->kind = E100_KIND_PLAY;
  e100_exchange_set_role(exchange, role);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = sender(role)};
  size_t at = 0;
  for (size_t i = 0; i <= cut_count; i++) {
    if (cuts[i] > at && e100_exchange_append(exchange, &step, octets + before + at, cuts[i] - at) < 0)
      break;
    at = cuts[i];
  }
  struct e100_step quiet = {.kind = E100_STEP_QUIET};
  (void)e100_exchange_append(exchange, &quiet, NULL, 0);
  e100_exchange_normalize(exchange);
}

/* Whether the raw form has the octets of STEP: the sender delivers, on the link of its first delivery. */
static bool counts(const struct e100_exchange *exchange, const struct e100_step *step, int *link) {
  if (step->kind != E100_STEP_DELIVER || step->from != sender(exchange->role) || step->length == 0 ||
      step->flags & E100_STEP_EXPECTED)
    return false;
  if (*link < 0)
    *link = step->link;
  return step->link == *link;
}

void e100_raw_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  size_t start = out->length;
  size_t total = 0;
  uint8_t cut_count = 0;
  int link = -1;
  e100_text_add(out, "", 1);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    if (!counts(exchange, &exchange->steps[i], &link))
      continue;
    if (total > 0 && total <= CUT_PLACE_LIMIT && cut_count < CUTS_LIMIT) {
      const char place[CUT_OCTETS] = {(char)(uint8_t)(total >> 8), (char)(uint8_t)total};
      e100_text_add(out, place, sizeof(place));
      cut_count++;
    }
    total += exchange->steps[i].length;
  }
  out->text[start] = (char)cut_count;
  link = -1;
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (counts(exchange, step, &link))
      e100_text_add(out, (const char *)e100_step_octets(exchange, step), step->length);
  }
}
