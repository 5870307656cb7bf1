/*
 * ladder_words.h - what the two drawings of a ladder share: the lines of the parties, and words for steps.
 *
 * All of it is for people; what is judged never depends on it.
 */
#ifndef E100_LADDER_WORDS_H
#define E100_LADDER_WORDS_H

#include "exchange/exchange.h"
#include "exchange/ladder_summary.h"

enum {
  E100_LADDER_CLIENTS_LIMIT = 3, /* clients that get a line each; more of them share one */
  E100_LADDER_LINES_LIMIT = E100_LADDER_CLIENTS_LIMIT + E100_PARTY_COUNT
};

/* A line for each party on a link, from the client on the left to the origin on the right. Each connection of
 * a client has its own line where there are several: they may be different clients, and the party in the
 * middle must not mix them up. */
struct e100_ladder_lines {
  unsigned count;
  struct e100_ladder_line {
    uint8_t party;                   /* enum e100_party */
    char name[E100_NAME_LIMIT + 16]; /* "client d1", "origin" */
  } list[E100_LADDER_LINES_LIMIT];
  uint8_t client[E100_LINKS_LIMIT]; /* by link: the line of its client's end */
  uint8_t server[E100_LINKS_LIMIT]; /* ... and of its server's */
};
void e100_ladder_lines(const struct e100_exchange *exchange, struct e100_ladder_lines *lines);

/* The line of the party whose application STEP, of kind TOLD or DECIDED, is about. */
unsigned e100_ladder_line_of_application(const struct e100_exchange *exchange,
                                         const struct e100_ladder_lines *lines, const struct e100_step *step);

/* The first line of a party, or -1. */
int e100_ladder_line_of(const struct e100_ladder_lines *lines, unsigned party);

/* What was heard in one direction of a link, and what must come. Starts as {0}. */
struct e100_listening {
  enum e100_heard heard;
  struct e100_head_part part; /* of a head that comes in pieces */
  uint64_t owed;              /* octets of content that the head of a request has announced */
};

/* The rows of one delivery: a message each, or a part of one. Starts with the first five members. */
struct e100_ladder_rows {
  struct e100_listening *listening; /* of its direction */
  bool of_client;                   /* it is sent by the client of the link */
  unsigned most;                    /* rows; what is left then is only counted, in one more */
  const uint8_t *octets;
  size_t length;
  size_t at;      /* where the next row begins */
  unsigned count; /* rows so far */
};

/*
 * The next row: TEXT says what it is, with ROOM for that as in e100_ladder_summary; of TEXT's SIZE, which is
 * more than ROOM, the rest is for how often it comes. False: there is none.
 *
 * Octets that the Content-Length of the request before claims are content, whatever they look like: *BORROWED
 * tells that they look like a message of their own. Interim responses that come several times more behind
 * themselves share a row.
 */
bool e100_ladder_next_row(struct e100_ladder_rows *rows, char *text, size_t size, size_t room,
                          bool *borrowed);

/* Words for a step that is no delivery: "closes the connection", "app is told a request head", "silence".
 * TEXT has ROOM octets with the NUL, at least 96. */
void e100_ladder_words(const struct e100_exchange *exchange, const struct e100_step *step, char *text,
                       size_t room);

/* How much of TEXT fits WIDTH columns, at least one octet: up to the last ", " where there is one, or to a
 * blank. */
size_t e100_ladder_piece(const char *text, size_t width);

#endif
