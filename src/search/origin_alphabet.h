/*
 * origin_alphabet.h - what can happen next in a conversation that is searched: the tokens, and where the
 * client stands in what it sends.
 *
 * The client sends what HTTP lets it send next: a head at the boundary between requests, then the content
 * that the head declares, in pieces. Broken content and malformed heads are tokens of their own.
 */
#ifndef E100_ORIGIN_ALPHABET_H
#define E100_ORIGIN_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum e100_search_head {
#define HEAD(symbol, words, pipeline, first, second, follows, octets) E100_SENDS_##symbol,
#include "search/origin_alphabet.def"
  E100_SEARCH_HEADS
};

/* The whole heads come first, then their first parts, then these. */
enum e100_token {
  E100_TOKEN_PART = E100_SEARCH_HEADS,
  E100_TOKEN_REST_OF_HEAD = 2 * E100_SEARCH_HEADS,
  E100_TOKEN_CONTENT, /* all of the content but its last octet */
  E100_TOKEN_REST_OF_CONTENT,
  E100_TOKEN_CHUNK_SIZE,
  E100_TOKEN_CHUNK_DATA,
  E100_TOKEN_CHUNK, /* both */
  E100_TOKEN_LAST_CHUNK,
  E100_TOKEN_LAST_CHUNK_WITH_TRAILER, /* the trailer is an Expect field */
  E100_TOKEN_BROKEN_CHUNK,
  E100_TOKEN_HALF_CLOSE,
  E100_TOKEN_CLIENT_CLOSES,
  E100_TOKEN_CLIENT_RESETS,
  E100_TOKEN_SETTLED,
  E100_TOKEN_TIMER, /* the one that the machine asks for */
  E100_TOKEN_ACCEPT,
  E100_TOKEN_RESPOND,       /* 200 */
  E100_TOKEN_RESPOND_CLOSE, /* 200 with close */
  E100_TOKEN_REFUSE,        /* 403 */
  E100_TOKEN_REFUSE_CLOSE,  /* 403 with close */
  E100_TOKEN_UNMET,         /* 417 */
  E100_TOKEN_UNMET_CLOSE,   /* 417 with close */
  E100_TOKEN_UPGRADE,
  E100_TOKEN_CLOSE,
  E100_TOKENS
};

enum { E100_PIPELINE = 3 /* requests that the client may have under way at once */ };

/* Where the client stands. Plain data without padding: it is part of a state's form as it is. */
struct e100_search_client {
  uint8_t place;                   /* private */
  uint8_t head;                    /* enum e100_search_head: whose rest is due */
  uint8_t owed;                    /* octets of content, where the client knows them */
  uint8_t chunks;                  /* sent for the present request */
  uint8_t under_way;               /* requests that it began and that have not had their answer */
  uint8_t pipeline[E100_PIPELINE]; /* the longest pipeline that each of them may be in */
  uint8_t shut;                    /* it sends no more */
  uint8_t gone;                    /* it closed or reset the connection */
};

/* "asks", "first part of: asks", "rest of the content": for people. */
const char *e100_token_words(unsigned token);

/*
 * The step that TOKEN is for a client that stands at CLIENT: kind, parties, decision; with LENGTH octets,
 * *OCTETS of them, valid for ever. False where the client cannot do that now. For the timer, `what` is left
 * to the caller.
 */
bool e100_token_step(const struct e100_search_client *client, unsigned token, struct e100_step *step,
                     const uint8_t **octets);

/* The oldest request under way has had its answer. */
void e100_search_client_is_answered(struct e100_search_client *client);

/* What TOKEN, which e100_token_step allows, does to the client. */
void e100_token_happens(struct e100_search_client *client, unsigned token);

#endif
