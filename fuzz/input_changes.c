#include "fuzz/input_changes.h"

#include <string.h>

#include "fuzz/exchange_changes.h"

static size_t write_input(const struct e100_target *target, const struct e100_exchange *exchange,
                          uint8_t *out, size_t limit) {
  struct e100_text text = {0};
  e100_text_add(&text, "", 0);
  bool spelled = target->respell != NULL ? target->respell(exchange, &text) : target->encode(exchange, &text);
  bool fits = spelled && text.length > 0 && text.length <= limit;
  size_t length = fits ? text.length : 0;
  memcpy(out, text.text, length);
  e100_text_free(&text);
  return length;
}

size_t e100_change_input(const struct e100_target *target, struct e100_luck *luck, const uint8_t *input,
                         size_t length, uint8_t *out, size_t limit) {
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  target->decode(&exchange, input, length);
  do
    e100_change_exchange(luck, &exchange);
  while (e100_luck_once_in(luck, 2));
  size_t written = write_input(target, &exchange, out, limit);
  e100_exchange_free(&exchange);
  return written;
}

size_t e100_cross_inputs(const struct e100_target *target, struct e100_luck *luck, const uint8_t *input,
                         size_t length, const uint8_t *other, size_t other_length, uint8_t *out,
                         size_t limit) {
  struct e100_exchange exchange;
  struct e100_exchange with;
  e100_exchange_init(&exchange);
  e100_exchange_init(&with);
  target->decode(&exchange, input, length);
  target->decode(&with, other, other_length);
  e100_cross_exchanges(luck, &exchange, &with);
  size_t written = write_input(target, &exchange, out, limit);
  e100_exchange_free(&exchange);
  e100_exchange_free(&with);
  return written;
}
