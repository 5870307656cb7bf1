/*
 * refusals.h - the 417s of many exchanges, grouped by the hop that refused.
 *
 * A group of 417s points at an incompatible hop, not at the content: the server's address and the fields
 * Server and Via of the 417 say which, and the fields of the request say what it refused.
 */
#ifndef E100_REFUSALS_H
#define E100_REFUSALS_H

#include "capture/packet.h"
#include "exchange/exchange.h"

enum {
  E100_HEAD_KEPT_LIMIT = 8192,    /* octets of a head that are looked at */
  E100_REFUSAL_FIELD_LIMIT = 128, /* octets of a field's value, with the closing NUL */
  E100_REFUSAL_GROUPS_LIMIT = 256 /* groups; further ones are counted together */
};

/* What the request of a 417 asked for. */
enum e100_asked {
  E100_ASKED_CONTINUE, /* 100-continue, and nothing else */
  E100_ASKED_OTHER,    /* another expectation: 417 fits it */
  E100_ASKED_NOTHING,  /* no Expect: put in on the way, or a misuse of 417 */
  E100_ASKED_OLD,      /* an expectation in HTTP/1.0, which a server has to ignore (RFC 9110 10.1.1) */
  E100_ASKED_UNKNOWN,  /* the request is not there, as in a log */
  E100_ASKED_COUNT
};

struct e100_refusal {
  char server[E100_REFUSAL_FIELD_LIMIT];  /* "192.0.2.2:80"; in a log: upstream or host, or "" */
  char product[E100_REFUSAL_FIELD_LIMIT]; /* Server of the 417, or "" */
  char via[E100_REFUSAL_FIELD_LIMIT];     /* Via of the 417, or "" */
  char client[E100_REFUSAL_FIELD_LIMIT];  /* User-Agent of the request, or "" */
  char address[E100_REFUSAL_FIELD_LIMIT]; /* the client's address, or "" */
  uint8_t asked;                          /* enum e100_asked */
  uint8_t minor;                          /* of the 417's version, HTTP/1.x */
  uint64_t count;
};

struct e100_refusals {
  size_t count, room;
  struct e100_refusal *groups; /* owned; in the order of their first 417 */
  uint64_t further;            /* 417s of groups beyond the limit */
  uint64_t answers;            /* final responses in all, at the start of a delivery */
};

/* Adds a 417, to the group that is equal in everything but count. */
void e100_refusals_add(struct e100_refusals *refusals, const struct e100_refusal *refusal);
void e100_refusals_free(struct e100_refusals *refusals);

/* The heads of a connection that are needed for it: the latest request's, and the response's that is coming.
 */
struct e100_heads {
  struct e100_text request, response;
  bool request_whole, in_request, in_response;
};
void e100_heads_free(struct e100_heads *heads);
/* Takes what an end delivered. A head is looked for where a delivery begins, and after an interim response.
 * The first gives how many request heads began. REFUSALS may be NULL. */
unsigned e100_heads_of_client(struct e100_heads *heads, const uint8_t *octets, size_t length);
void e100_heads_of_server(struct e100_heads *heads, const uint8_t *octets, size_t length,
                          const struct e100_end *client, const struct e100_end *server,
                          struct e100_refusals *refusals);

#endif
