#include "fuzz/response_inputs.h"

#include <string.h>

/* What can be asked for: methods that change how a response is read, and content that waits or does not. */
static const char *const requests[] = {
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\nhello",
    "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
    "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nhello",
    "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nhello",
};
enum { REQUESTS = sizeof requests / sizeof requests[0] };

static const struct e100_step ask = {
    .kind = E100_STEP_DECIDED, .from = E100_APPLICATION, .what = E100_DECIDE_REQUEST};

static void append(struct e100_exchange *exchange, const struct e100_step *step, const uint8_t *octets) {
  (void)e100_exchange_append(exchange, step, octets, step->length);
}

void e100_response_input_decode(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  struct e100_exchange raw;
  const char *request = requests[length > 0 ? input[0] % REQUESTS : 0];
  e100_exchange_init(&raw);
  e100_raw_decode(&raw, E100_ROLE_CLIENT, length > 0 ? input + 1 : input, length > 0 ? length - 1 : 0);
  e100_exchange_clear(exchange);
  exchange->kind = E100_KIND_PLAY;
  e100_exchange_set_role(exchange, E100_ROLE_CLIENT);
  (void)e100_exchange_append(exchange, &ask, (const uint8_t *)request, strlen(request));
  for (uint32_t i = 0; i < raw.step_count; i++)
    append(exchange, &raw.steps[i], e100_step_octets(&raw, &raw.steps[i]));
  e100_exchange_free(&raw);
  e100_exchange_normalize(exchange);
}

/* The first request of EXCHANGE; NULL: none. */
static const struct e100_step *first_request(const struct e100_exchange *exchange) {
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST)
      return step;
  }
  return NULL;
}

static bool begins_with(const struct e100_exchange *exchange, const struct e100_step *step,
                        const char *method) {
  return step != NULL && step->length > strlen(method) &&
         memcmp(e100_step_octets(exchange, step), method, strlen(method)) == 0;
}

/* The first of the table with the same method: the rest of it says little about how octets are read. */
bool e100_response_input_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  const struct e100_step *request = first_request(exchange);
  char number = 0;
  if (exchange->role != E100_ROLE_CLIENT)
    return false;
  for (char i = REQUESTS - 1; i >= 0; i--) {
    size_t method = strcspn(requests[(unsigned)i], " ") + 1;
    if (request != NULL && request->length > method &&
        memcmp(e100_step_octets(exchange, request), requests[(unsigned)i], method) == 0)
      number = i;
  }
  e100_text_add(out, &number, 1);
  e100_raw_encode(exchange, out);
  return true;
}

enum e100_answered e100_response_input_answers(const struct e100_exchange *exchange) {
  const struct e100_step *request = first_request(exchange);
  if (begins_with(exchange, request, "HEAD "))
    return E100_ANSWERED_HEAD;
  return begins_with(exchange, request, "CONNECT ") ? E100_ANSWERED_CONNECT : E100_ANSWERED_GET;
}
