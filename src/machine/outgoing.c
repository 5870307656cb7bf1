#include "machine/outgoing.h"

void e100_outgoing_spill(struct e100_outgoing *outgoing, const uint8_t *octets, size_t length) {
  e100_outgoing_end(outgoing);
  if (length > E100_OUTGOING_ROOM)
    outgoing->send(outgoing->user, octets, length);
  else
    e100_outgoing_add(outgoing, octets, length);
}

void e100_outgoing_add_number(struct e100_outgoing *outgoing, uint64_t number, unsigned base) {
  enum { ROOM = 24 };
  uint8_t octets[ROOM];
  size_t first = ROOM;
  octets[--first] = '\n';
  octets[--first] = '\r';
  do {
    octets[--first] = (uint8_t) "0123456789abcdef"[number % base];
    number /= base;
  } while (number > 0);
  e100_outgoing_add(outgoing, octets + first, ROOM - first);
}
