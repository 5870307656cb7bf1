/*
 * view.h - what the model remembers of an exchange; private to src/model.
 *
 * Plain data without pointers: a struct assignment is a snapshot. One conversation a link.
 */
#ifndef E100_MODEL_VIEW_H
#define E100_MODEL_VIEW_H

#include "model/model.h"
#include "model/reader.h"

/* Requests on one link that are remembered at once; a client that pipelines more blurs the view. */
enum { REMEMBERED_LIMIT = 16 };

/* The bits of policies.def, by name. */
enum { READING_LONE_LF = 1 << 0 };

/* What became of one request. */
enum progress {
  CONTENT_ARRIVED = 1 << 0,     /* an octet of content arrived (chunked: of its coding) */
  REQUEST_COMPLETE = 1 << 1,    /* all of its content arrived */
  CONTENT_IS_BROKEN = 1 << 2,   /* its content is not what its head declared */
  CONTENT_AFTER_FINAL = 1 << 3, /* content arrived after the final response */
  FINAL_SENT = 1 << 4,          /* a final response, or 101 */
  WAITED_FOR_ORIGIN = 1 << 5,   /* a silence passed, for which the server is to blame */
  WAITED_FOR_PROGRAM = 1 << 6,  /* ... the application */
  TOLD_OF_HEAD = 1 << 7,        /* the application was told */
  TOLD_COMPLETE = 1 << 8,
  PROGRAM_ACCEPTED = 1 << 9,       /* the application wants the content */
  PROGRAM_RESPONDED = 1 << 10,     /* ... has decided on the final response, or to close */
  LATE_FINAL_OF_ORIGIN = 1 << 11,  /* a silence came in place of a response, and the server is to blame */
  LATE_FINAL_OF_PROGRAM = 1 << 12, /* ... the application */
  CUT_SHORT = 1 << 13,             /* the client left before it was complete */
  JUST_CONTINUED = 1 << 14,        /* a 100 was sent, and since then nobody else did anything */
  AFTER_OWED_CONTENT = 1 << 15     /* the request before it had content that came after its final response */
};

struct request {
  uint32_t facts;    /* enum head_fact */
  uint32_t progress; /* enum progress */
  uint8_t content;   /* enum content_state that its head declares */
  uint8_t hundreds;  /* 100 responses, up to 255 */
  uint16_t decided;  /* the status that the application decided on, or 0 */
  uint32_t protocol[PROTOCOLS_LIMIT];
  uint8_t protocols;
  uint64_t arrived; /* octets of content */
  uint64_t told;    /* octets of content that the application was told of */
};

/* Why the server has to close once the response that it owes is complete. */
enum close_cause {
  CLOSE_RECEIVED = 1 << 0,
  CLOSE_SENT = 1 << 1,
  CLOSE_BAD_FRAMING = 1 << 2,  /* RFC 9112 6.3 items 4 and 5 */
  CLOSE_BOTH_LENGTHS = 1 << 3, /* RFC 9112 6.1: Transfer-Encoding and Content-Length */
  CLOSE_CODING_IN_10 = 1 << 4, /* RFC 9112 6.1: Transfer-Encoding in HTTP/1.0 */
  CLOSE_MALFORMED = 1 << 5,    /* RFC 9112 2.2: should */
  CLOSE_IMPLIED = 1 << 6       /* HTTP/1.0 without keep-alive */
};

#define NO_REQUEST UINT32_MAX /* in place of the number of a request */

struct conversation {
  uint8_t client, server; /* enum e100_party */
  bool seen_by_client;    /* the order of the steps is the client's */
  bool mute;              /* the server is the subject of a PLAY: its part is not there to be judged */
  bool blurred;           /* nobody can know any more what the octets mean */
  bool tunnel;            /* the octets are no longer HTTP */
  bool client_half_closed, client_gone, server_gone;
  bool program_seen;   /* the application's view is in the exchange */
  bool responding;     /* a response was begun and its head is not complete */
  bool orphan;         /* ... and no request was waiting for one when it began */
  bool head_begun;     /* ... but octets of a request's head had arrived */
  bool empty_line;     /* ... or an empty line */
  bool sending;        /* a response's content is not complete */
  bool moved_on;       /* somebody else did something since the last final response */
  bool rejected;       /* a head was answered with an error; where the next one begins is unknown */
  bool answered_early; /* ... before its end, and it has not ended yet */
  uint8_t bare_status; /* the last response could have no content: its kind, enum bare_kind */
  uint8_t close_due;   /* enum close_cause */
  bool close_missed;   /* ... and a silence passed without it */
  bool stuck;          /* a silence passed in the middle of a response */
  uint8_t minor;       /* the highest minor version of a response */
  uint32_t first;      /* the number of the connection's first request */
  uint32_t requests;   /* heads that were read, those of earlier connections of the link included */
  uint32_t answered;   /* ... and have a final response */
  uint32_t told;       /* ... of which the application was told */
  uint32_t closing;    /* the first request after which no other may be processed, or NO_REQUEST */
  uint32_t reading;    /* readings that its verdicts depend on */
  struct reader from_client;
  struct reader from_server;
  struct request remembered[REMEMBERED_LIMIT];
};

/* A response that has no content, whatever its fields say. */
enum bare_kind { NOT_BARE, BARE_INTERIM, BARE_TO_HEAD, BARE_STATUS };

struct view {
  uint32_t link_count;
  uint32_t readings;
  struct e100_rule_set decided, undecided;
  struct conversation conversations[E100_LINKS_LIMIT];
};

_Static_assert(sizeof(struct view) <= sizeof(struct e100_view), "the opaque view has room for the view");

/* The request of that number, from 0; NULL where it is none, or no longer remembered. */
const struct request *request_at(const struct conversation *c, uint32_t number);
/* The oldest request that waits for its final response, or NULL. */
const struct request *waiting_request(const struct conversation *c);
/* The newest request, or NULL. */
const struct request *newest_request(const struct conversation *c);

#endif
