#include "subjects/variation_octets.h"

#include <string.h>

void e100_way_free(struct e100_way *way) {
  e100_text_free(&way->leaving);
  e100_text_free(&way->held);
}

void e100_seen_head_add(struct e100_seen_head *head, const uint8_t *octets, size_t length) {
  size_t room = E100_HEAD_KEPT - head->length;
  size_t kept = length < room ? length : room;
  head->pieces++;
  if (kept > 0)
    memcpy(head->octets + head->length, octets, kept);
  head->length += kept;
}
