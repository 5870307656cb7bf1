/*
 * exchange_samples.h - exchanges for tests: pseudo-random, the same ones on every machine.
 */
#ifndef E100_EXCHANGE_SAMPLES_H
#define E100_EXCHANGE_SAMPLES_H

#include <stdio.h>
#include <string.h>

#include "exchange/exchange.h"

/* Numbers that look random: xorshift. State is never 0. */
struct samples {
  uint64_t state;
};

static inline uint32_t sample(struct samples *samples, uint32_t below) {
  samples->state ^= samples->state << 13;
  samples->state ^= samples->state >> 7;
  samples->state ^= samples->state << 17;
  return (uint32_t)(samples->state >> 32) % below;
}

/* Octets as HTTP has them, with all the ways to spoil it. */
static inline size_t sample_octets(struct samples *samples, uint8_t *octets, size_t room) {
  static const char *const pieces[] = {"PUT /upload HTTP/1.1\r\n",
                                       "GET / HTTP/1.0\n",
                                       "Expect: 100-continue\r\n",
                                       "\r\n",
                                       "\r",
                                       "\n",
                                       "--",
                                       "-- client --",
                                       "\\",
                                       " ",
                                       "\t",
                                       "Host: example.com\r\n",
                                       "hello",
                                       "HTTP/1.1 100 Continue\r\n",
                                       "Content-Length: 10\r\n\r\n",
                                       "0\r\n\r\n",
                                       "# ",
                                       "expect: ",
                                       ",",
                                       ":",
                                       "\\x",
                                       "-- findings --\r\n"};
  size_t length = 0;
  uint32_t count = sample(samples, 8);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t piece = sample(samples, sizeof(pieces) / sizeof(pieces[0]) + 4);
    if (piece < sizeof(pieces) / sizeof(pieces[0])) {
      size_t more = strlen(pieces[piece]);
      if (more > room - length)
        break;
      memcpy(octets + length, pieces[piece], more);
      length += more;
    } else if (length < room) {
      octets[length++] = (uint8_t)sample(samples, 256);
    }
  }
  return length;
}

/* Any fields at all, known or not: what e100_exchange_normalize has to cope with. */
static inline void sample_step(struct samples *samples, struct e100_exchange *exchange) {
  uint8_t octets[400];
  size_t length = sample_octets(samples, octets, sizeof(octets));
  struct e100_step step = {
      .kind = (uint8_t)sample(samples, sample(samples, 2) ? 1 : E100_STEP_KIND_COUNT + 1),
      .link = (uint8_t)sample(samples, 4),
      .from = (uint8_t)sample(samples, E100_PARTY_COUNT + 1),
      .to = (uint8_t)sample(samples, E100_PARTY_COUNT + 1),
      .what = (uint8_t)sample(samples, 8),
      .flags = (uint8_t)(sample(samples, 4) ? 0 : sample(samples, 256)),
      .status = (uint16_t)sample(samples, 1100),
      .count = sample(samples, 3) ? sample(samples, 20) : sample(samples, UINT32_MAX),
  };
  (void)e100_exchange_append(exchange, &step, octets, length);
}

static inline void sample_word(struct samples *samples, char *word, size_t room) {
  static const char *const words[] = {"d1",   "u1", "l1",       "close",   "ORIGIN_NO_WAIT",
                                      "none", "",   "bad name", "request", "resets"};
  const char *chosen = words[sample(samples, sizeof(words) / sizeof(words[0]))];
  memset(word, 0, room);
  (void)snprintf(word, room, "%s", chosen);
}

/* An exchange with anything in it, before e100_exchange_normalize. */
static inline void sample_exchange_raw(struct samples *samples, struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, (enum e100_role)sample(samples, E100_ROLE_COUNT));
  exchange->kind = (uint8_t)sample(samples, 3);
  exchange->seen_by = (uint8_t)(sample(samples, 2) ? 0 : sample(samples, 9));
  exchange->policy = sample(samples, 2) ? 0 : sample(samples, UINT32_MAX);
  exchange->reading = sample(samples, 2) ? 0 : sample(samples, UINT32_MAX);
  if (sample(samples, 4) == 0) {
    exchange->link_count = sample(samples, 4);
    for (uint32_t i = 0; i < exchange->link_count; i++) {
      sample_word(samples, exchange->links[i].name, E100_NAME_LIMIT);
      exchange->links[i].client = (uint8_t)sample(samples, 7);
      exchange->links[i].server = (uint8_t)sample(samples, 7);
    }
  }
  uint32_t steps = sample(samples, 9);
  for (uint32_t i = 0; i < steps; i++)
    sample_step(samples, exchange);
  uint8_t title[120];
  size_t length = sample_octets(samples, title, sizeof(title));
  memcpy(exchange->title, title, length);
  exchange->title[length] = '\0';
  size_t stays = sample(samples, 2) ? 0 : sample_octets(samples, title, sizeof(title));
  memcpy(exchange->stays, title, stays);
  exchange->stays[stays] = '\0';
  exchange->shows_count = sample(samples, 3);
  for (uint32_t i = 0; i < exchange->shows_count; i++)
    sample_word(samples, exchange->shows[i], E100_RULE_NAME_LIMIT);
  exchange->has_expected = (uint8_t)sample(samples, 2);
  exchange->expected_count = sample(samples, 4);
  for (uint32_t i = 0; i < exchange->expected_count; i++) {
    struct e100_expected_finding *expected = &exchange->expected[i];
    sample_word(samples, expected->rule, sizeof(expected->rule));
    sample_word(samples, expected->link, sizeof(expected->link));
    expected->party = (uint8_t)sample(samples, E100_APPLICATION + 2);
    expected->request = sample(samples, 3);
    expected->step = sample(samples, 3);
  }
}

static inline void sample_exchange(struct samples *samples, struct e100_exchange *exchange) {
  sample_exchange_raw(samples, exchange);
  e100_exchange_normalize(exchange);
}

#endif
