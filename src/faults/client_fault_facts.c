/* client_fault_facts.c - clients that read the head of a response wrongly. */
#include <string.h>
#include <strings.h>

#include "faults/client_fault_parts.h"

#define PARTS(symbol) const struct e100_client_fault_parts e100_client_fault_parts_##symbol
#define READS(symbol) PARTS(symbol) = {.variation = {.read_facts = read_##symbol}}
#define FACTS                                                                                    \
  const void *data, const struct e100_client_varied *varied, const uint8_t *head, size_t length, \
      struct e100_response_facts *facts

/* What stands behind NAME and its colon in HEAD; NULL: it is not there. */
static const char *value_of(const uint8_t *head, size_t length, const char *name) {
  size_t name_length = strlen(name);
  for (size_t i = 0; i + name_length + 1 < length; i++) {
    if (strncasecmp((const char *)head + i, name, name_length) == 0 && head[i + name_length] == ':')
      return (const char *)head + i + name_length + 1;
  }
  return NULL;
}

uint32_t e100_fault_number(const uint8_t *octets, size_t length) {
  uint64_t number = 0;
  size_t at = 0;
  while (at < length && (octets[at] == ' ' || octets[at] == '\t'))
    at++;
  for (; at < length && octets[at] >= '0' && octets[at] <= '9'; at++) {
    number = number * 10 + (octets[at] - '0');
    number = number < UINT32_MAX ? number : UINT32_MAX;
  }
  return (uint32_t)number;
}

/* What Content-Length says in HEAD; false: it is not there. */
static bool has_length(const uint8_t *head, size_t length, uint32_t *number) {
  const uint8_t *value = (const uint8_t *)value_of(head, length, "Content-Length");
  if (value == NULL)
    return false;
  *number = e100_fault_number(value, (size_t)(head + length - value));
  return true;
}

static void none(FACTS) {
  (void)data, (void)varied, (void)head, (void)length, (void)facts;
}

static void end_with_head(struct e100_response_facts *facts) {
  facts->interim = false;
  facts->framing = E100_RESPONSE_NO_CONTENT;
}

static void read_interim_is_final(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim)
    end_with_head(facts);
}
READS(interim_is_final);

static void read_only_100_is_interim(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim && facts->status != 100)
    end_with_head(facts);
}
READS(only_100_is_interim);

static void read_interim_until_close(FACTS) {
  none(data, varied, head, length, facts);
  if (!facts->interim)
    return;
  facts->interim = false;
  facts->persists = false;
  facts->framing = E100_RESPONSE_UNTIL_CLOSE;
}
READS(interim_until_close);

/* The head ends with its second line end. */
static bool has_fields(const uint8_t *head, size_t length) {
  const uint8_t *line = memchr(head, '\n', length);
  return line != NULL && (size_t)(line - head) + 3 < length;
}

static void read_no_fields_in_100(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim && has_fields(head, length))
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(no_fields_in_100);

static void read_reason_required(FACTS) {
  enum { BEFORE_REASON = 13 };
  none(data, varied, head, length, facts);
  if (length > BEFORE_REASON && (head[BEFORE_REASON - 1] == '\r' || head[BEFORE_REASON] == '\r'))
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(reason_required);

static void read_chunked_interim(FACTS) {
  none(data, varied, head, length, facts);
  if (varied->memory[0] != 0)
    facts->wrong = E100_RESPONSE_MALFORMED; /* it is no chunk */
  varied->memory[0] = facts->interim && value_of(head, length, "Transfer-Encoding") != NULL;
}
READS(chunked_interim);

static void read_interim_close_latched(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim && facts->close)
    varied->memory[0] = 1;
  else if (varied->memory[0] != 0)
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(interim_close_latched);

static void read_interim_10_latched(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim && facts->minor == 0)
    varied->memory[0] = 1;
  else if (varied->memory[0] != 0)
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(interim_10_latched);

static void read_cut_heads_lost(FACTS) {
  none(data, varied, head, length, facts);
  if (varied->pieces > 1)
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(cut_heads_lost);

/* As if the request had not been HEAD. */
static void forget_head(const uint8_t *head, size_t length, struct e100_response_facts *facts) {
  uint32_t number = 0;
  if (facts->interim || facts->framing != E100_RESPONSE_NO_CONTENT || !has_length(head, length, &number))
    return;
  facts->length = number;
  if (facts->length > 0)
    facts->framing = E100_RESPONSE_LENGTH;
}

static void read_head_forgotten(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim)
    varied->memory[0] = 1;
  else if (varied->memory[0] != 0 && varied->client->records[0].to_head)
    forget_head(head, length, facts);
}
READS(head_forgotten);

static void read_204_has_content(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->status == 204 || facts->status == 304)
    forget_head(head, length, facts);
}
PARTS(bodyless_has_content) = {.variation = {.read_facts = read_204_has_content}};

static void read_417_as_100(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->status != 417 || varied->client->state != E100_CLIENT_STATE_WAITING)
    return;
  facts->status = 100;
  facts->interim = true;
  facts->framing = E100_RESPONSE_NO_CONTENT;
}
PARTS(unmet_as_100) = {.variation = {.read_facts = read_417_as_100}};

static void read_any_final_as_100(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->interim || facts->status / 100 != 2 || varied->client->state != E100_CLIENT_STATE_WAITING)
    return;
  facts->status = 100;
  facts->interim = true;
  facts->framing = E100_RESPONSE_NO_CONTENT;
}
PARTS(final_as_100) = {.variation = {.read_facts = read_any_final_as_100}};

static void read_close_overlooked(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->framing != E100_RESPONSE_UNTIL_CLOSE && facts->framing != E100_RESPONSE_TUNNEL)
    facts->persists = true;
}
READS(close_overlooked);

/* As if it were the other side's to close. */
static void read_close_is_theirs(FACTS) {
  if (facts->close && facts->minor > 0)
    read_close_overlooked(data, varied, head, length, facts);
}

static enum e100_client_event asks_elsewhere(const struct e100_client *client,
                                             const struct e100_request *request) {
  bool waits = client->state == E100_CLIENT_STATE_IDLE && client->reader.facts.close;
  return waits ? E100_CLIENT_EVENT_APP_COMES_TOO_SOON : e100_client_reference.request_event(client, request);
}
PARTS(leaves_open) = {
    .variation = {.events = {.request_event = asks_elsewhere}, .read_facts = read_close_is_theirs}};

/* Only close ends a connection. */
static void read_http_10_kept(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->minor == 0 && !facts->close && facts->framing != E100_RESPONSE_UNTIL_CLOSE &&
      facts->framing != E100_RESPONSE_TUNNEL)
    facts->persists = true;
}
READS(http_10_kept);

/* As in HTTP/1.1. */
static void read_coded_10_kept(FACTS) {
  none(data, varied, head, length, facts);
  const char *connection = value_of(head, length, "Connection");
  bool kept = connection != NULL && strncasecmp(connection, " keep-alive\r", 12) == 0;
  if (facts->minor > 0 || facts->framing != E100_RESPONSE_CHUNKED || !kept)
    return;
  facts->wrong = E100_RESPONSE_SOUND;
  facts->persists = true;
}
READS(coded_10_kept);

/* The length of a 103 is that of the final response. */
static void read_hints_count(FACTS) {
  none(data, varied, head, length, facts);
  uint32_t number = 0;
  if (facts->interim && has_length(head, length, &number)) {
    varied->memory[0] = number;
  } else if (varied->memory[0] != 0 && facts->framing == E100_RESPONSE_LENGTH) {
    facts->length = varied->memory[0];
  }
}
READS(hints_count);

/* A 205 has no content, whatever its length says. */
static void read_reset_has_none(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->status == 205)
    end_with_head(facts);
}
READS(reset_has_none);

static void read_tunnel_by_200_only(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->framing == E100_RESPONSE_TUNNEL && facts->status != 200 && facts->status != 101)
    facts->wrong = E100_RESPONSE_MALFORMED;
}
READS(tunnel_by_200_only);

/* The 2xx of a proxy is the 100 that content waits for. */
static void read_tunnel_as_100(FACTS) {
  none(data, varied, head, length, facts);
  if (facts->framing != E100_RESPONSE_TUNNEL || facts->status == 101)
    return;
  facts->status = 100;
  facts->interim = true;
  facts->framing = E100_RESPONSE_NO_CONTENT;
}
READS(tunnel_as_100);
