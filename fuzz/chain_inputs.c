#include "fuzz/chain_inputs.h"

#include <stdio.h>
#include <string.h>

/* What applications ask for in a chain, by a number: sound requests, each with a mark of its own. */
static void write_request(struct e100_text *out, unsigned kind, unsigned ordinal) {
  static const char *const heads[] = {
      "PUT /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n",
      "GET /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\n\r\n",
      "POST /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\nContent-Length: 8\r\n\r\n",
      "HEAD /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\n\r\n",
      "DELETE /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\nExpect: 100-Continue\r\nContent-Length: 8\r\n\r\n",
      "PUT /%u HTTP/1.1\r\nHost: h\r\nE100-Mark: m%u\r\nConnection: close\r\nContent-Length: 8\r\n\r\n",
  };
  enum { CONTENT = 8 };
  kind %= sizeof heads / sizeof heads[0];
  char head[256];
  (void)snprintf(head, sizeof head, heads[kind], ordinal, ordinal);
  e100_text_format(out, "%s", head);
  if (strstr(head, "Content-Length") == NULL)
    return;
  size_t from = out->length;
  e100_text_format(out, "{m%u}", ordinal);
  while (out->length < from + CONTENT)
    e100_text_format(out, "x");
}

enum { KINDS = 6 /* of requests */ };

/* The number of the request that has these octets already, or LENGTH and the first of them as a number. */
static unsigned kind_of(const uint8_t *octets, size_t length, unsigned ordinal) {
  for (unsigned kind = 0; kind < KINDS; kind++) {
    struct e100_text request = {0};
    write_request(&request, kind, ordinal);
    bool same = request.length == length && memcmp(request.text, octets, length) == 0;
    e100_text_free(&request);
    if (same)
      return kind;
  }
  return (unsigned)length + (length > 0 ? octets[0] : 0);
}

/* A status that a server's application may answer with. */
static uint16_t sound_status(uint16_t status) {
  enum { FINAL = 200, BEYOND = 600 /* RFC 9110 15 */ };
  return status >= FINAL && status < BEYOND ? status : (uint16_t)(FINAL + status % (BEYOND - FINAL));
}

/* Content of a response without the beginning of a mark, in braces or on a line: it would be that of another
 * request. */
static void add_unmarked(struct e100_text *out, const uint8_t *octets, size_t length) {
  e100_text_add(out, "", 0);
  for (size_t i = 0; i < length; i++)
    e100_text_add(out, octets[i] == '{' || octets[i] == ':' ? "." : (const char *)octets + i, 1);
}

/* Applications that ask for nonsense, or answer it, would be to blame themselves: each asks for something
 * that is sound. */
void e100_chain_ask_soundly(struct e100_exchange *exchange) {
  struct e100_exchange sound;
  unsigned ordinal = 0;
  e100_exchange_init(&sound);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    const uint8_t *octets = e100_step_octets(exchange, step);
    struct e100_text request = {0};
    exchange->steps[i].status = step->what == E100_DECIDE_RESPOND ? sound_status(step->status) : step->status;
    if (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_RESPOND) {
      add_unmarked(&request, octets, step->length);
      e100_exchange_append(&sound, step, (const uint8_t *)request.text, request.length);
    } else if (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST && ordinal < 99) {
      ordinal++;
      write_request(&request, kind_of(octets, step->length, ordinal), ordinal);
      e100_exchange_append(&sound, step, (const uint8_t *)request.text, request.length);
    } else {
      e100_exchange_append(&sound, step, octets, step->length);
    }
    e100_text_free(&request);
  }
  exchange->policy |= 1U << e100_policy_named("prompt");
  exchange->step_count = exchange->octet_count = 0;
  for (uint32_t i = 0; i < sound.step_count; i++)
    e100_exchange_append(exchange, &sound.steps[i], e100_step_octets(&sound, &sound.steps[i]),
                         sound.steps[i].length);
  e100_exchange_free(&sound);
}

/* What a client's application asks for, with silences: seeds of the chain. */
bool e100_chain_seed(const struct e100_exchange *exchange, struct e100_text *out) {
  static const struct e100_step silence = {.kind = E100_STEP_SETTLED};
  struct e100_exchange chain;
  bool asks = false;
  e100_exchange_init(&chain);
  chain.kind = E100_KIND_PLAY;
  e100_exchange_set_role(&chain, E100_ROLE_PROXY);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind != E100_STEP_DECIDED || step->what != E100_DECIDE_REQUEST)
      continue;
    asks = e100_exchange_append(&chain, step, e100_step_octets(exchange, step), step->length) >= 0;
    e100_exchange_append(&chain, &silence, NULL, 0);
  }
  if (asks)
    e100_choices_encode(&chain, out);
  e100_exchange_free(&chain);
  return asks;
}
