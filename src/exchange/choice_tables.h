/*
 * choice_tables.h - what choices stand for, for their reader (choices.c) and their writer
 * (choices_written.c): operations, fragments, and what each argument's numbers mean.
 */
#ifndef E100_EXCHANGE_CHOICE_TABLES_H
#define E100_EXCHANGE_CHOICE_TABLES_H

#include "exchange/exchange_inside.h"

enum operation {
  OP_END,           /* nothing follows */
  OP_PEER_SENDS,    /* fragments: the other end of the subject's link delivers */
  OP_QUIET,         /* */
  OP_ACCEPT,        /* the application accepts */
  OP_RESPOND,       /* answer, [two octets of status], fragments of content */
  OP_SETTLED,       /* */
  OP_DECIDE,        /* decision: any but accept and respond */
  OP_LINK_ENDS,     /* ending: half-close, close, reset or open, by the other end or the subject */
  OP_TIMER,         /* timer: the subject's, or a party's */
  OP_AWAIT,         /* what */
  OP_SUBJECT_SENDS, /* fragments: the subject delivers */
  OP_TOLD,          /* what, count where it is content, two octets of status where it is a response */
  OP_ON_LINK,       /* link: what follows happens on it */
  OP_EXPECT,        /* the next step is one that the subject should do */
  OP_SETUP,         /* who, policies, readings: before the first step, else it says nothing */
  OP_LINKS,         /* number, for each: ends, length of the name, name; likewise */
  OP_REQUEST,       /* fragments: a client's application asks for that */
  OP_COUNT
};

/* Fragments from the table have numbers from 1; 0 ends the list; the last two numbers have arguments. */
enum {
  FRAGMENT_RUN = 254,    /* octet, count: the octet so many times */
  FRAGMENT_LITERAL = 255 /* length, so many octets */
};

static const struct {
  const char *octets;
  uint32_t length;
} fragments[] = {
    {"", 0},
#define FRAGMENT(text) {text, sizeof(text) - 1},
#include "exchange/fragments.def"
};

enum { FRAGMENT_COUNT = sizeof(fragments) / sizeof(fragments[0]) };
_Static_assert((int)FRAGMENT_COUNT <= (int)FRAGMENT_RUN,
               "the fragments with arguments come after those of the table");

/* Counts of runs below this are one octet; above, two. */
enum { RUN_SHORT = 192, RUN_LONGEST = RUN_SHORT + 256 * (256 - RUN_SHORT) };

/* The statuses that `respond` has as one choice; the last place says that two octets follow. */
static const uint16_t statuses[] = {200, 201, 204, 304, 400, 401, 403, 404,
                                    405, 413, 417, 500, 501, 503, 302};
enum { STATUS_COUNT = sizeof(statuses) / sizeof(statuses[0]), ANSWER_EXPLICIT = 15, ANSWER_CLOSING = 16 };
_Static_assert((int)STATUS_COUNT <= (int)ANSWER_EXPLICIT,
               "the explicit status comes after those of the table");

static const uint8_t decisions[] = {E100_DECIDE_UNMET, E100_DECIDE_LATER, E100_DECIDE_CLOSE,
                                    E100_DECIDE_UPGRADE};
enum { DECISION_CLOSING = 4 };

static const uint8_t endings[] = {E100_STEP_HALF_CLOSE, E100_STEP_CLOSE, E100_STEP_RESET, E100_STEP_OPEN};
enum { ENDING_OF_SUBJECT = 4 };

/* Who a timer belongs to; the first stands for the subject. */
static const uint8_t timer_parties[] = {E100_NOBODY, E100_CLIENT, E100_PROXY, E100_GATEWAY, E100_ORIGIN};
enum { TIMER_PARTY_COUNT = sizeof(timer_parties) };

/* The first octet of OP_SETUP. */
enum {
  SETUP_JUDGE = 1,
  SETUP_ROLE_SHIFT = 1,
  SETUP_ROLE_MASK = 3,
  SETUP_SEEN_SHIFT = 3,
  SETUP_SEEN_MASK = 7
};

static const uint8_t link_ends[][2] = {
    {E100_CLIENT, E100_ORIGIN},  {E100_CLIENT, E100_PROXY},   {E100_PROXY, E100_ORIGIN},
    {E100_CLIENT, E100_GATEWAY}, {E100_GATEWAY, E100_ORIGIN}, {E100_PROXY, E100_GATEWAY},
    {E100_GATEWAY, E100_PROXY},
};
enum { LINK_ENDS_COUNT = sizeof(link_ends) / sizeof(link_ends[0]) };

/* The end of a link where the subject is; the server's, where it is on neither. */
static inline uint8_t subject_end(const struct e100_exchange *exchange, uint32_t link) {
  const struct e100_link *on = &exchange->links[link];
  return on->client == e100_role_party(exchange->role) ? on->client : on->server;
}

#endif
