#include "search/response_alphabet.h"

#include <string.h>

enum follows { INTERIM, NOTHING, LENGTH, CHUNKS, UNTIL_CLOSE, TUNNEL, BROKEN };

/* Where the server stands. */
enum place { AT_HEAD, IN_HEAD, IN_CONTENT, AT_CHUNK, IN_CHUNK, IN_REST, IN_TUNNEL, LOST };

struct sent_head {
  const char *words, *part_words;
  const char *whole, *first, *second;
  uint8_t follows; /* enum follows */
  uint8_t octets;
  uint8_t weight;
};

static const struct sent_head heads[E100_SEARCH_RESPONSES] = {
#define RESPONSE(symbol, words, first, second, follows, octets, weight) \
  {words, "first part of: " words, first second, first, second, follows, octets, weight},
#include "search/client_alphabet.def"
};

const char *e100_server_token_words(unsigned token) {
  static const char *const words[E100_SERVER_TOKENS - E100_SERVER_TOKEN_REST_OF_HEAD] = {
      "rest of the response head",
      "an octet of the response's content",
      "rest of the response's content",
      "size of a response's chunk",
      "data of a response's chunk",
      "a response's chunk",
      "the response's last chunk",
      "a broken chunk in the response",
      "octets that nobody asked for",
      "server half-closes",
      "server closes",
      "server resets",
  };
  E100_CHECK(token < E100_SERVER_TOKENS, "a token has a number below E100_SERVER_TOKENS");
  if (token < E100_SERVER_TOKEN_PART)
    return heads[token].words;
  if (token < E100_SERVER_TOKEN_REST_OF_HEAD)
    return heads[token - E100_SERVER_TOKEN_PART].part_words;
  return words[token - E100_SERVER_TOKEN_REST_OF_HEAD];
}

/* ---- what the server sends ------------------------------------------------------------------------------
 */

static bool head_is_due(const struct e100_search_server *server, unsigned head) {
  bool interim = heads[head].follows == INTERIM;
  return server->place == AT_HEAD && server->count > 0 &&
         (!interim || server->interims < E100_SERVER_INTERIMS);
}

/* The content that TOKEN sends, or NULL where it is not due. */
static const char *content_text(const struct e100_search_server *server, unsigned token) {
  bool at_chunk = server->place == AT_CHUNK;
  switch (token) {
  case E100_SERVER_TOKEN_CONTENT:
    return server->place == IN_CONTENT && server->owed > 1 ? "y" : NULL;
  case E100_SERVER_TOKEN_REST_OF_CONTENT:
    if (server->place == IN_REST)
      return server->chunks == 0 ? "z" : NULL;
    return server->place != IN_CONTENT ? NULL : server->owed > 1 ? "ye" : "e";
  case E100_SERVER_TOKEN_CHUNK_SIZE:
    return at_chunk && server->chunks == 0 ? "1\r\n" : NULL;
  case E100_SERVER_TOKEN_CHUNK_DATA:
    return server->place == IN_CHUNK ? "c\r\n" : NULL;
  case E100_SERVER_TOKEN_CHUNK:
    return at_chunk && server->chunks == 0 ? "1\r\nc\r\n" : NULL;
  case E100_SERVER_TOKEN_LAST_CHUNK:
    return at_chunk ? "0\r\n\r\n" : NULL;
  case E100_SERVER_TOKEN_BROKEN_CHUNK:
    return at_chunk || server->place == IN_CHUNK ? "xyz\r\n" : NULL;
  default:
    return NULL;
  }
}

static const char *sent_text(const struct e100_search_server *server, unsigned token) {
  if (server->shut)
    return NULL;
  if (token < E100_SERVER_TOKEN_PART)
    return head_is_due(server, token) ? heads[token].whole : NULL;
  if (token < E100_SERVER_TOKEN_REST_OF_HEAD)
    return head_is_due(server, token - E100_SERVER_TOKEN_PART) ? heads[token - E100_SERVER_TOKEN_PART].first
                                                               : NULL;
  if (token == E100_SERVER_TOKEN_REST_OF_HEAD)
    return server->place == IN_HEAD ? heads[server->head].second : NULL;
  if (token != E100_SERVER_TOKEN_STRAY)
    return content_text(server, token);
  bool alone = server->place == AT_HEAD && server->count == 0;
  return server->stray || (!alone && server->place != IN_TUNNEL)
             ? NULL
             : "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
}

unsigned e100_server_token_weight(unsigned token) {
  if (token < E100_SERVER_TOKEN_REST_OF_HEAD)
    return heads[token % E100_SEARCH_RESPONSES].weight;
  return token == E100_SERVER_TOKEN_STRAY ? 1 : 0;
}

bool e100_server_token_step(const struct e100_search_server *server, unsigned token, struct e100_step *step,
                            const uint8_t **octets) {
  memset(step, 0, sizeof *step);
  *octets = NULL;
  switch (token) {
  case E100_SERVER_TOKEN_HALF_CLOSES:
    step->kind = E100_STEP_HALF_CLOSE;
    return !server->shut;
  case E100_SERVER_TOKEN_CLOSES:
    step->kind = E100_STEP_CLOSE;
    return !server->gone;
  case E100_SERVER_TOKEN_RESETS:
    step->kind = E100_STEP_RESET;
    return !server->gone;
  default:
    break;
  }
  const char *text = sent_text(server, token);
  step->kind = E100_STEP_DELIVER;
  step->length = text == NULL ? 0 : (uint32_t)strlen(text);
  *octets = (const uint8_t *)text;
  return text != NULL;
}

/* ---- what it does to the server ---------------------------------------------------------------------------
 */

/* The final response to the oldest request begins. */
static unsigned take_oldest(struct e100_search_server *server) {
  unsigned wanted = server->waiting[0];
  server->count--;
  memmove(server->waiting, server->waiting + 1, server->count);
  server->waiting[server->count] = 0;
  server->interims = 0;
  return wanted;
}

static uint8_t place_after(unsigned head, unsigned wanted) {
  static const uint8_t places[] = {
      [INTERIM] = AT_HEAD,     [NOTHING] = AT_HEAD,  [LENGTH] = IN_CONTENT, [CHUNKS] = AT_CHUNK,
      [UNTIL_CLOSE] = IN_REST, [TUNNEL] = IN_TUNNEL, [BROKEN] = LOST};
  bool success = heads[head].whole[9] == '2' && heads[head].follows != BROKEN;
  if (wanted == E100_WANTS_TUNNEL && success)
    return IN_TUNNEL;
  if (wanted == E100_WANTS_NO_CONTENT && heads[head].follows != BROKEN && heads[head].follows != TUNNEL)
    return AT_HEAD;
  return places[heads[head].follows];
}

static void head_is_sent(struct e100_search_server *server, unsigned head) {
  server->head = 0;
  server->place = AT_HEAD;
  if (heads[head].follows == INTERIM) {
    server->interims++;
    return;
  }
  server->place = place_after(head, take_oldest(server));
  server->owed = server->place == IN_CONTENT ? heads[head].octets : 0;
  server->chunks = 0;
}

static void response_is_sent(struct e100_search_server *server) {
  server->place = AT_HEAD;
  server->owed = server->chunks = 0;
}

void e100_server_token_happens(struct e100_search_server *server, unsigned token) {
  if (token < E100_SERVER_TOKEN_PART) {
    head_is_sent(server, token);
    return;
  }
  if (token < E100_SERVER_TOKEN_REST_OF_HEAD) {
    server->place = IN_HEAD;
    server->head = (uint8_t)(token - E100_SERVER_TOKEN_PART);
    return;
  }
  switch (token) {
  case E100_SERVER_TOKEN_REST_OF_HEAD:
    head_is_sent(server, server->head);
    break;
  case E100_SERVER_TOKEN_CONTENT:
    server->owed = 1;
    break;
  case E100_SERVER_TOKEN_REST_OF_CONTENT:
    if (server->place == IN_REST)
      server->chunks = 1;
    else
      response_is_sent(server);
    break;
  case E100_SERVER_TOKEN_CHUNK_SIZE:
    server->place = IN_CHUNK;
    break;
  case E100_SERVER_TOKEN_CHUNK_DATA:
  case E100_SERVER_TOKEN_CHUNK:
    server->place = AT_CHUNK;
    server->chunks = 1;
    break;
  case E100_SERVER_TOKEN_LAST_CHUNK:
    response_is_sent(server);
    break;
  case E100_SERVER_TOKEN_BROKEN_CHUNK:
    server->place = LOST;
    break;
  case E100_SERVER_TOKEN_STRAY:
    server->stray = 1;
    break;
  case E100_SERVER_TOKEN_HALF_CLOSES:
    server->shut = 1;
    break;
  default:
    server->shut = server->gone = 1;
    break;
  }
}

void e100_search_server_is_asked(struct e100_search_server *server, unsigned wanted) {
  E100_CHECK(server->count < E100_SERVER_PIPELINE, "no more requests are under way than a conversation has");
  server->waiting[server->count++] = (uint8_t)wanted;
}
