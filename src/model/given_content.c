#include "model/given_content.h"

#include "model/marks.h"

#define SUM_OF_NOTHING UINT32_C(0x811c9dc5)

/* FNV-1a, 32 bits. */
static uint32_t sum_with(uint32_t sum, const uint8_t *octets, uint64_t length) {
  for (uint64_t i = 0; i < length; i++)
    sum = (sum ^ octets[i]) * UINT32_C(0x01000193);
  return sum;
}

void content_is_given(struct request *r, uint64_t own, const uint8_t *octets, size_t length) {
  r->given = (struct given){.length = length,
                            .sum = sum_with(SUM_OF_NOTHING, octets, length),
                            .odd_marks = has_odd_marks(own, octets, length)};
}

void given_is_begun(struct conversation *c, const struct request *r, bool as_decided) {
  bool compared = as_decided && r->given.length > 0;
  c->given = compared ? r->given : (struct given){.length = 0};
  c->sent = (struct given){.sum = compared ? SUM_OF_NOTHING : 0};
}

void given_is_sent(struct conversation *c, const uint8_t *octets, uint64_t length) {
  if (c->given.length == 0)
    return;
  c->sent.length += length;
  c->sent.sum = sum_with(c->sent.sum, octets, length);
}

void given_is_over(struct conversation *c) {
  c->given = c->sent = (struct given){.length = 0};
}
