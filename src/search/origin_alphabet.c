#include "search/origin_alphabet.h"

#include <string.h>

enum follows { NOTHING, LENGTH, CHUNKS };

/* Where the client stands. */
enum place { AT_HEAD, IN_HEAD, IN_CONTENT, AT_CHUNK, IN_CHUNK };

struct sent_head {
  const char *words, *part_words;
  uint8_t pipeline; /* the longest in which it is sent */
  const char *whole, *first, *second;
  uint8_t follows; /* enum follows */
  uint8_t octets;
};

static const struct sent_head heads[E100_SEARCH_HEADS] = {
#define HEAD(symbol, words, pipeline, first, second, follows, octets) \
  {words, "first part of: " words, pipeline, first second, first, second, follows, octets},
#include "search/origin_alphabet.def"
};

static const char *const words[E100_TOKENS - E100_TOKEN_REST_OF_HEAD] = {
    "rest of the head",
    "content but its last octet",
    "rest of the content",
    "size of a chunk",
    "data of a chunk",
    "a chunk",
    "last chunk",
    "last chunk, with an Expect trailer",
    "a broken chunk",
    "client half-closes",
    "client closes",
    "client resets",
    "settled",
    "timer",
    "application accepts",
    "application responds 200",
    "application responds 200 and closes",
    "application refuses with 403",
    "application refuses with 403 and closes",
    "application says 417",
    "application says 417 and closes",
    "application upgrades",
    "application closes",
};

const char *e100_token_words(unsigned token) {
  E100_CHECK(token < E100_TOKENS, "a token has a number below E100_TOKENS");
  if (token < E100_TOKEN_PART)
    return heads[token].words;
  if (token < E100_TOKEN_REST_OF_HEAD)
    return heads[token - E100_TOKEN_PART].part_words;
  return words[token - E100_TOKEN_REST_OF_HEAD];
}

/* ---- what the client sends ---------------------------------------------------------------------------- */

/* The octets that TOKEN sends, or NULL where they are not due. */
static const char *content_octets(const struct e100_search_client *client, unsigned token, size_t *length) {
  static const char content[] = "content";
  bool at_chunk = client->place == AT_CHUNK;
  bool in_chunk = client->place == IN_CHUNK;
  const char *text = NULL;
  switch (token) {
  case E100_TOKEN_CONTENT:
    *length = client->owed - 1U;
    return client->place == IN_CONTENT && client->owed > 1 ? content : NULL;
  case E100_TOKEN_REST_OF_CONTENT:
    *length = client->owed;
    return client->place == IN_CONTENT ? content : NULL;
  case E100_TOKEN_CHUNK_SIZE:
    text = at_chunk && client->chunks == 0 ? "1\r\n" : NULL;
    break;
  case E100_TOKEN_CHUNK_DATA:
    text = in_chunk ? "c\r\n" : NULL;
    break;
  case E100_TOKEN_CHUNK:
    text = at_chunk && client->chunks == 0 ? "1\r\nc\r\n" : NULL;
    break;
  case E100_TOKEN_LAST_CHUNK:
    text = at_chunk ? "0\r\n\r\n" : NULL;
    break;
  case E100_TOKEN_LAST_CHUNK_WITH_TRAILER:
    text = at_chunk ? "0\r\nExpect: 100-continue\r\n\r\n" : NULL;
    break;
  default: /* neither a size nor the end of data */
    text = at_chunk || in_chunk ? "xyz\r\n" : NULL;
    break;
  }
  *length = text == NULL ? 0 : strlen(text);
  return text;
}

static bool head_is_due(const struct e100_search_client *client, unsigned head) {
  unsigned length = client->under_way + 1U;
  if (client->place != AT_HEAD || length > heads[head].pipeline)
    return false;
  for (unsigned i = 0; i < client->under_way; i++)
    if (client->pipeline[i] < length)
      return false;
  return true;
}

static const char *sent_octets(const struct e100_search_client *client, unsigned token, size_t *length) {
  const char *text = NULL;
  if (client->shut)
    return NULL;
  if (token < E100_TOKEN_PART)
    text = head_is_due(client, token) ? heads[token].whole : NULL;
  else if (token < E100_TOKEN_REST_OF_HEAD)
    text = head_is_due(client, token - E100_TOKEN_PART) ? heads[token - E100_TOKEN_PART].first : NULL;
  else if (token == E100_TOKEN_REST_OF_HEAD)
    text = client->place == IN_HEAD ? heads[client->head].second : NULL;
  else
    return content_octets(client, token, length);
  *length = text == NULL ? 0 : strlen(text);
  return text;
}

/* ---- steps -------------------------------------------------------------------------------------------- */

static void decide(struct e100_step *step, enum e100_decision decision, uint16_t status, bool close) {
  step->kind = E100_STEP_DECIDED;
  step->from = E100_APPLICATION;
  step->what = (uint8_t)decision;
  step->status = status;
  step->flags = close ? E100_STEP_CLOSING : 0;
}

static bool other_step(const struct e100_search_client *client, unsigned token, struct e100_step *step) {
  step->from = E100_CLIENT;
  switch (token) {
  case E100_TOKEN_HALF_CLOSE:
    step->kind = E100_STEP_HALF_CLOSE;
    return !client->shut;
  case E100_TOKEN_CLIENT_CLOSES:
    step->kind = E100_STEP_CLOSE;
    return !client->gone;
  case E100_TOKEN_CLIENT_RESETS:
    step->kind = E100_STEP_RESET;
    return !client->gone;
  case E100_TOKEN_SETTLED:
    step->kind = E100_STEP_SETTLED;
    step->from = E100_NOBODY;
    return true;
  case E100_TOKEN_TIMER:
    step->kind = E100_STEP_TIMER;
    step->from = E100_ORIGIN;
    return true;
  case E100_TOKEN_ACCEPT:
    decide(step, E100_DECIDE_ACCEPT, 0, false);
    return true;
  case E100_TOKEN_RESPOND:
  case E100_TOKEN_RESPOND_CLOSE:
    decide(step, E100_DECIDE_RESPOND, 200, token == E100_TOKEN_RESPOND_CLOSE);
    return true;
  case E100_TOKEN_REFUSE:
  case E100_TOKEN_REFUSE_CLOSE:
    decide(step, E100_DECIDE_RESPOND, 403, token == E100_TOKEN_REFUSE_CLOSE);
    return true;
  case E100_TOKEN_UNMET:
  case E100_TOKEN_UNMET_CLOSE:
    decide(step, E100_DECIDE_UNMET, 0, token == E100_TOKEN_UNMET_CLOSE);
    return true;
  case E100_TOKEN_UPGRADE:
    decide(step, E100_DECIDE_UPGRADE, 0, false);
    return true;
  default:
    decide(step, E100_DECIDE_CLOSE, 0, false);
    return true;
  }
}

bool e100_token_step(const struct e100_search_client *client, unsigned token, struct e100_step *step,
                     const uint8_t **octets) {
  static const char answer[] = "ok";
  memset(step, 0, sizeof *step);
  *octets = (const uint8_t *)answer;
  if (token >= E100_TOKEN_HALF_CLOSE) {
    bool can = other_step(client, token, step);
    if (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_RESPOND)
      step->length = sizeof answer - 1;
    return can;
  }
  size_t length = 0;
  const char *sent = sent_octets(client, token, &length);
  step->kind = E100_STEP_DELIVER;
  step->from = E100_CLIENT;
  step->to = E100_ORIGIN;
  step->length = (uint32_t)length;
  *octets = (const uint8_t *)sent;
  return sent != NULL;
}

/* ---- what it does to the client ---------------------------------------------------------------------------
 */

static void head_is_sent(struct e100_search_client *client, unsigned head) {
  static const uint8_t place_after[] = {[NOTHING] = AT_HEAD, [LENGTH] = IN_CONTENT, [CHUNKS] = AT_CHUNK};
  client->place = place_after[heads[head].follows];
  client->owed = heads[head].octets;
  client->head = 0;
}

static void request_is_sent(struct e100_search_client *client) {
  client->place = AT_HEAD;
  client->owed = client->chunks = 0;
}

void e100_token_happens(struct e100_search_client *client, unsigned token) {
  if (token < E100_TOKEN_REST_OF_HEAD)
    client->pipeline[client->under_way++] = heads[token % E100_SEARCH_HEADS].pipeline;
  if (token < E100_TOKEN_PART) {
    head_is_sent(client, token);
    return;
  }
  if (token < E100_TOKEN_REST_OF_HEAD) {
    client->place = IN_HEAD;
    client->head = (uint8_t)(token - E100_TOKEN_PART);
    return;
  }
  switch (token) {
  case E100_TOKEN_REST_OF_HEAD:
    head_is_sent(client, client->head);
    break;
  case E100_TOKEN_CONTENT:
    client->owed = 1;
    break;
  case E100_TOKEN_CHUNK_SIZE:
    client->place = IN_CHUNK;
    break;
  case E100_TOKEN_CHUNK_DATA:
  case E100_TOKEN_CHUNK:
    client->place = AT_CHUNK;
    client->chunks = 1;
    break;
  case E100_TOKEN_REST_OF_CONTENT:
  case E100_TOKEN_LAST_CHUNK:
  case E100_TOKEN_LAST_CHUNK_WITH_TRAILER:
  case E100_TOKEN_BROKEN_CHUNK:
    request_is_sent(client);
    break;
  case E100_TOKEN_CLIENT_CLOSES:
  case E100_TOKEN_CLIENT_RESETS:
    client->gone = 1;
    client->shut = 1;
    break;
  case E100_TOKEN_HALF_CLOSE:
    client->shut = 1;
    break;
  default:
    break;
  }
}

void e100_search_client_is_answered(struct e100_search_client *client) {
  if (client->under_way == 0)
    return; /* the machine took something else for a request */
  client->under_way--;
  memmove(client->pipeline, client->pipeline + 1, client->under_way);
  client->pipeline[client->under_way] = 0;
}
