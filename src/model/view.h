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
enum { READING_LONE_LF = 1 << 0, READING_EVERYBODY = 1 << 1 };

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
  AFTER_OWED_CONTENT = 1 << 15,    /* the request before it had content that came after its final response */
  WAITS_FOR_OTHERS = 1 << 16, /* the server passed it on, and what it waits for is the next one's to send */
  SAID_OWN_100 = 1 << 17,     /* the server sent a 100 that had not come back from anybody */
  LOST_BEHIND = 1 << 18,      /* the response that came back to it will never be whole */
  DECIDED_AFTER_100 =
      1 << 19,            /* the application has decided on the final response, and a 100 was sent before */
  TOO_MANY_100 = 1 << 20, /* the server sent a 100 too many, and that was judged */
  EARLY_100 = 1 << 21,    /* the server sent a 100 before the head was complete, and that was judged */
  LINE_IN_CONTENT = 1 << 22, /* a line ends in its content, or in the coding of it */
  CLIENT_WENT_ON = 1 << 23   /* a silence came in place of a response, and then its client did something */
};

/* The content of a final response: how much, and a hash of it. */
struct given {
  uint64_t length;
  uint32_t sum;
  bool odd_marks; /* it has a mark of another request */
};

struct request {
  uint32_t facts;        /* enum head_fact */
  uint32_t progress;     /* enum progress */
  uint8_t content;       /* enum content_state that its head declares */
  uint8_t hundreds;      /* 100 responses, up to 255 */
  uint8_t hundreds_back; /* 100s that came back from where the server passed it on, and that it has not sent
                            yet */
  uint16_t decided;      /* the status that the application decided on, or 0 */
  uint16_t relayed;      /* the status that came back from where the server passed it on, or 0 */
  uint32_t protocol[PROTOCOLS_LIMIT];
  uint8_t protocols;
  uint64_t arrived;   /* octets of content */
  uint64_t told;      /* octets of content that the application was told of */
  struct given given; /* by the application, as the content of its response; no octets: nothing is known */
};

/* Why the server has to close once the response that it owes is complete. */
enum close_cause {
  CLOSE_RECEIVED = 1 << 0,
  CLOSE_SENT = 1 << 1,
  CLOSE_BAD_FRAMING = 1 << 2,  /* RFC 9112 6.3 items 4 and 5 */
  CLOSE_BOTH_LENGTHS = 1 << 3, /* RFC 9112 6.1: Transfer-Encoding and Content-Length */
  CLOSE_CODING_IN_10 = 1 << 4, /* RFC 9112 6.1: Transfer-Encoding in HTTP/1.0 */
  CLOSE_MALFORMED = 1 << 5,    /* RFC 9112 2.2: should */
  CLOSE_IMPLIED = 1 << 6,      /* HTTP/1.0 without keep-alive */
  CLOSE_OF_10 = 1 << 7 /* RFC 9112 9.3: a client of HTTP/1.0, with keep-alive or without, at a proxy */
};

#define NO_REQUEST UINT32_MAX /* in place of the number of a request */

struct conversation {
  uint8_t client, server; /* enum e100_party */
  bool circles;           /* requests may go round in circles, and nothing is decided */
  bool seen_by_client;    /* the order of the steps is the client's */
  bool blurred;           /* nobody can know any more what the octets mean */
  bool tunnel;            /* the octets are no longer HTTP */
  bool direct;            /* ... and never were: it is a tunnel to the destination */
  uint8_t tunnel_of;      /* ... of the CONNECT on that link, and 1; 0: nobody can tell */
  uint8_t leads_to;       /* its CONNECT leads to that link, and 1; 0: to none so far; NOBODY_CAN_TELL */
  bool client_half_closed, client_gone, server_gone;
  bool program_seen;   /* the application's view is in the exchange */
  bool responding;     /* a response was begun and its head is not complete */
  bool orphan;         /* ... and no request was waiting for one when it began */
  bool head_begun;     /* ... but octets of a request's head had arrived */
  bool early_100;      /* a 100 was sent within the head that is not complete yet */
  bool empty_line;     /* ... or an empty line */
  bool sending;        /* a response's content is not complete */
  bool moved_on;       /* somebody else did something since the last final response */
  bool rejected;       /* a head was answered with an error; where the next one begins is unknown */
  bool answered_early; /* ... before its end, and it has not ended yet */
  uint8_t bare_status; /* the last response could have no content: its kind, enum bare_kind */
  uint8_t close_due;   /* enum close_cause */
  bool close_missed;   /* ... and a silence passed without it */
  bool stuck;          /* a silence passed in the middle of a response */
  bool decided;   /* the application has decided on the response that is being sent, with all its content */
  uint8_t minor;  /* the highest minor version of a response */
  uint32_t first; /* the number of the connection's first request */
  uint32_t requests; /* heads that were read, those of earlier connections of the link included */
  uint32_t answered; /* ... and have a final response */
  uint32_t told;     /* ... of which the application was told */
  uint32_t closing;  /* the first request after which no other may be processed, or NO_REQUEST */
  uint32_t reading;  /* readings that its verdicts depend on */
  struct given
      given; /* what the application gave for the response that is being sent; none: nothing is known */
  struct given sent; /* ... and what was sent of that response */
  struct reader from_client;
  struct reader from_server;
  struct request remembered[REMEMBERED_LIMIT];
};

enum { NOBODY_CAN_TELL = UINT8_MAX /* to which link a CONNECT leads */ };

/* A response that has no content, whatever its fields say; or, last, one that may have none, where its fields
 * leave open whether it has, and none has come. */
enum bare_kind { NOT_BARE, BARE_INTERIM, BARE_TO_HEAD, BARE_STATUS, BARE_205 };

/* ---- the client's side --------------------------------------------------------------------------
 * Only where the client of a link is judged, or the subject passes requests on. */

/* What became of a request for the client that sent it. */
enum errand_state {
  PAUSED = 1 << 0,             /* a silence passed while all of its content was still to be sent */
  PAUSE_ENDED_BY_100 = 1 << 1, /* ... then a 100 came, and nothing else has happened since */
  STALLED = 1 << 2,            /* a silence passed for which the client is to blame */
  REFUSED = 1 << 3,            /* an error that says close is its final response */
  RESPONSE_WHOLE = 1 << 4,     /* all of its final response arrived */
  RESPONSE_CUT = 1 << 5,       /* ... will never arrive */
  HEARD_RESPONSE = 1 << 6,     /* the client's application was told of its final response */
  HEARD_END = 1 << 7,          /* ... that it is complete, or that there is none */
  IS_REPEATED = 1 << 8,        /* the same was asked again */
  IS_REPEAT = 1 << 9,          /* the application asked for it only once, and it was sent before */
  IS_UNKNOWN = 1 << 10,        /* the application has not asked for it */
  HINTED_OTHERWISE = 1 << 11,  /* a 103 had fields about a message's length or its connection */
  IS_LONG =
      1 << 12, /* more octets or field lines of heads, or more interim responses, than everybody takes */
  LAST_WAS_INTERIM = 1 << 13, /* an interim response is what came last, and no timer fired since */
  OTHER_CONTENT = 1 << 14,    /* what was sent as its content is not what the application gave */
  UNHEARD = 1 << 15,          /* a silence passed, and the application does not know of the final response */
  WENT_ON = 1 << 16,          /* content was sent although it was refused, and that was judged */
  /* Where requests are passed on. */
  OWN_100 = 1 << 17,          /* who passed it on sent a 100 that had not come back */
  BAD_RESPONSE = 1 << 18,     /* nobody can know where the response ends that came back */
  NO_RESPONSE = 1 << 19,      /* octets came back that are no response */
  NOT_PASSED = 1 << 20,       /* a silence passed in which it should have been passed on */
  NOT_RELAYED = 1 << 21,      /* ... in which the final response should have been sent */
  CONTENT_KEPT = 1 << 22,     /* ... in which its content should have been passed on */
  AHEAD_OF_CONTENT = 1 << 23, /* content was passed on that had not come, and that was judged */
  BAD_HEAD_CAME = 1 << 24, /* a response was not as it should be, in its head, in what frames its content, or
                              behind a close: it may be refused */
  TRAILERS_MISPLACED = 1 << 25, /* its trailers had a field that has to come before the content */
  RARE_HEAD_CAME = 1 << 26, /* its final response has a fold, an empty member, or a list in several lines */
  CODING_CAME = 1 << 27,    /* its final response has a transfer coding besides chunked */
  HEARD_LOSS = 1 << 28,     /* its application hears that none comes, or no more of it */
  HEARD_ANOTHER = 1 << 29,  /* the response that its application was told of is another one */
  OTHERS_VERSION = 1 << 30  /* it was passed on in a version that is not the sender's, and that was judged */
};

/* What came that its sender must not send: to pass it on is no breach of that. */
enum odd_came {
  EMPTY_MEMBER_BACK = 1 << 0, /* some response had a list with an empty member */
  MISPLACED_BACK = 1 << 1,    /* the trailers of its final response: as TRAILERS_MISPLACED */
  ODD_CHUNKS = 1 << 2,        /* its chunks or trailers do not follow the grammar, or have bad whitespace */
  ODD_CHUNKS_BACK = 1 << 3    /* ... those of its final response */
};

/* How sure it is which request was passed on as which. */
enum match { NO_MATCH, IS_MATCH, MAY_MATCH };

/* The same request on the other side of somebody who passes it on. */
struct tie {
  uint8_t match; /* enum match */
  uint8_t link;
  uint32_t number; /* on that link */
};

_Static_assert(OPTIONS_LIMIT <= 8, "a set of connection options fits into an octet");

enum {
  INTERIMS_LIMIT = 8, /* interim responses to a request that are remembered, and that every client takes */
  LONG_HEADS = 8192,  /* octets of the heads of responses that every client takes */
  ASKED_LIMIT = 8,    /* requests of a client's application that are remembered */
  SUMS_LIMIT = 8,     /* places in content where what is sent is compared with what was given */
  FIRST_OCTETS = 8,   /* octets at the start of content that came to be passed on, and are remembered */
  TRAILERS_LIMIT = 2, /* field lines of trailers that came to be passed on, and are remembered */
  START_SUMS = 4      /* places in content that came to be passed on, where a head may be compared with it */
};

struct errand {
  uint32_t state; /* enum errand_state */
  uint32_t facts; /* enum head_fact */
  uint32_t notes; /* enum head_note */
  uint32_t method, target;
  uint32_t authority, host; /* as the head has them */
  uint64_t mark;
  uint64_t length;                 /* Content-Length, or 0 */
  uint16_t final;                  /* the status of its final response, or 0 */
  uint8_t interims;                /* up to INTERIMS_LIMIT + 1 */
  uint8_t interim[INTERIMS_LIMIT]; /* their statuses, less 100 */
  uint8_t framed;  /* the place, from 1, of the first of them with a length or a coding; or 0 */
  bool read_on;    /* ... and something came behind that once the client had it, or a silence passed */
  uint32_t hinted; /* Content-Length of the first 103 with one, that alone would frame it; or 0 */
  uint8_t heard_interims;
  uint8_t asked;         /* its place among what the application asked for, and 1; or 0 */
  bool went_out;         /* an octet of its content was sent, or all of it */
  bool repeated_perhaps; /* one like it was sent later, and nobody can tell whether that is its repeat */
  uint32_t number;       /* of the request on its link */
  uint32_t serial;       /* the place among all heads of all links, from 1; 0: no request */
  uint32_t sum;          /* of the content that was sent */
  uint64_t came;         /* octets of its final response's content */
  uint64_t heard;        /* ... that the application was told of */
  /* Where requests are passed on; between two who do, both. */
  struct tie came_as; /* to its client, who passes it on */
  struct tie sent_as; /* by its server, who passes it on; the last attempt */
  uint8_t passed;     /* interim responses to the one after that were sent on */
  bool kept_back;     /* a silence passed in which the final one was there, and content was to come unasked */
  uint8_t minor;      /* of the version of its head */
  uint8_t odd_came;   /* enum odd_came */
  /* In Via, members in a row with the same protocol: in its head, and in the last response to it. */
  uint8_t via_runs, back_via_runs;
  uint8_t options; /* connection options of its head */
  uint32_t option[OPTIONS_LIMIT];
  uint8_t named_trailers; /* set of 1 << place in option: its trailers have the field that is named there */
  uint32_t back_notes;    /* enum head_note, of the last response to it */
  uint8_t back_minor;
  uint8_t back_options;
  uint32_t back_option[OPTIONS_LIMIT];
  /* Field lines in trailers whose names its head does not have: hashes; 0: none. */
  uint32_t trailer[TRAILERS_LIMIT], back_trailer[TRAILERS_LIMIT];
  uint8_t back_named_trailers;    /* ... the trailers of its final response */
  uint8_t first[FIRST_OCTETS];    /* of the content that came */
  uint32_t came_sum;              /* ... of all of it */
  uint32_t start_sum[START_SUMS]; /* ... of its first 16, 64, 256, 1024 octets */
  uint64_t back_length; /* Content-Length of its final response, where that alone frames it, and 1 */
  uint8_t back_first[FIRST_OCTETS]; /* of that response's content */
  uint32_t back_sum;                /* ... of all of it */
  uint64_t back_beside;  /* Content-Length of it beside chunks, and 1: it counts for nothing (RFC 9112 6.3) */
  uint64_t back_raw;     /* octets of its chunks as they came, with the lines around them */
  uint32_t back_raw_sum; /* ... of all of them */
  bool back_ahead;       /* content of it was sent on that had not come, and that was judged */
};

/* Looks for marks in octets, one after the other. */
struct mark_scan {
  uint8_t braces;      /* where in {MARK}: 0 before, else octets of the mark and 1 */
  uint8_t line;        /* octets of E100-Mark: that were there; then its value */
  uint8_t line_length; /* octets of the value */
  uint64_t in_braces, on_line;
  uint64_t foreign; /* the last one that belongs to another message than this, and was judged; or 0 */
};

/* A final response that came while no request waited: what is sent on as the answer to a later one may be it.
 */
struct stray {
  uint16_t status; /* 0: none came */
  bool whole;
  uint64_t length; /* of its content */
  uint32_t sum;
};

/* Octets of a tunnel in one direction, since as many of them had gone on as had come. */
struct tunnel_way {
  uint64_t came, gone;
  uint32_t came_sum, gone_sum;
};

enum tunnel_end { TUNNEL_CLIENT_CLOSED = 1 << 0, TUNNEL_SERVER_CLOSED = 1 << 1, TUNNEL_RESET = 1 << 2 };

struct asker {
  bool order_is_other;   /* the order of the steps is not the client's */
  bool has_last;         /* ... but its application has shown that it has what came last */
  bool sends_after;      /* ... and a silence passed since: whatever it sends now is sent after that */
  uint8_t asked_after;   /* ... set of 1 << place in asked: what was asked for since */
  bool timed;            /* a timer of the client fired since it last sent or got something */
  bool dropped;          /* the application of the client dropped the connection */
  bool waited_out;       /* its timer for the 100 fired since it last began a request */
  bool head_late;        /* no timer was left while a head was begun that is not ended */
  bool no_head_late;     /* what can be no head of a request was sent, and that was judged */
  bool stray;            /* octets came for which no request was waiting */
  bool close_late;       /* a silence passed in which it should have closed */
  bool close_said;       /* a final response that says close came, to a request */
  bool close_doubtful;   /* a response said close, and had a blank before a colon: perhaps before that one */
  bool stray_late;       /* ... because of such octets */
  bool spoiled;          /* nobody can know where a response ends that came */
  bool spoiled_by_stray; /* ... only that it is none: what came belongs to no request */
  bool spoiled_late;     /* ... and a breach of what is due then was judged */
  bool line_late;        /* empty lines were sent that no request followed, and that was judged */
  bool hears_of_none;   /* the final response of which the application of the client hears is to no request */
  bool tunnel_late;     /* a silence passed with octets of a tunnel that were not passed on, or its end */
  bool coded_late;      /* a silence passed, or another request was sent, after codings in HTTP/1.0 */
  uint8_t coded_10;     /* enum coded_10 */
  uint16_t begun_after; /* enum begun_after: of the request that is being sent */
  uint8_t server_minor; /* 0: no response came; 1: HTTP/1.0 only; 2: HTTP/1.1 */
  uint8_t kept_of_10;   /* enum kept_of_10 */
  uint8_t versions;     /* enum versions_seen */
  uint32_t receiving;   /* the number of the request whose final response came last, or NO_REQUEST */
  uint32_t octets;      /* of the heads of responses since the last final one */
  bool gets_stray;      /* what comes is the content of the stray response */
  bool head_is_content; /* the head that is sent begins as content that came for the request before it */
  uint32_t head_octets, head_sum; /* ... which has so many octets so far */
  uint8_t tunnel_ends;            /* enum tunnel_end */
  /* Where who passes on is the server: his tunnel, from the client to the next server, and back. */
  struct tunnel_way tunnel_up, tunnel_down;
  struct stray stray_response;           /* the first one */
  struct mark_scan of_client, of_server; /* what each end is sending */
  struct errand errands[REMEMBERED_LIMIT];
};

/* In which versions who passes on has sent on a connection, and what may be why. */
enum versions_seen {
  SENT_11 = 1 << 0,         /* a request in HTTP/1.1 that came so, or is its own */
  SENT_11_FOR_10 = 1 << 1,  /* ... that came in HTTP/1.0: it does not copy */
  SHOWN_TO_BE_OLD = 1 << 2, /* the server then answered in HTTP/1.0, or refused: a reason for a workaround */
  BACK_11 = 1 << 3,         /* a final response in HTTP/1.1 that came back so, or is its own */
  BACK_11_FOR_10 = 1 << 4   /* ... that came back in HTTP/1.0 */
};

/* When a request was begun. */
enum begun_after {
  AFTER_OWN_CLOSE = 1 << 0,
  AFTER_CLOSE = 1 << 1,   /* a final response that says close came */
  AFTER_UNSAFE = 1 << 2,  /* a request that is not idempotent had no final response yet */
  AFTER_UNKNOWN = 1 << 3, /* ... one of which nobody knows whether it is */
  AFTER_STRAY = 1 << 4,   /* octets came that belong to no request */
  AFTER_CUT = 1 << 5,     /* ... on a connection that somebody ended */
  AFTER_10 = 1 << 6,      /* a final response of HTTP/1.0 without keep-alive came */
  AFTER_10_PERHAPS = 1 << 7,
  AFTER_CODED_10 = 1 << 8, /* a final response of HTTP/1.0 with Transfer-Encoding came, all of it */
  AFTER_CODED_10_PERHAPS = 1 << 9,
  AFTER_STRAY_CLOSE = 1 << 10 /* close came, in what is no response (RFC 9112 9.2) */
};

/* A final response of HTTP/1.0 had Transfer-Encoding (RFC 9112 6.1). */
enum coded_10 {
  NOT_CODED_10,
  PERHAPS_CODED_10, /* the head has several readings, or nothing follows it that codings could frame */
  CODED_10
};

/* What responses of HTTP/1.0 say about the connection (RFC 9112 9.3). */
enum kept_of_10 {
  NOTHING_OF_10,
  KEPT_ALIVE,
  PERHAPS_NOT_KEPT, /* the head has several readings, or something came after it that says otherwise */
  NOT_KEPT
};

/* What a client's application asks for. */
struct asked {
  uint32_t facts, notes; /* of the head that it gives: enum head_fact, enum head_note */
  uint32_t method, target;
  uint64_t mark;
  uint64_t length;          /* octets of its content */
  uint32_t sum[SUMS_LIMIT]; /* of its first 1, 4, 16, ... octets */
  uint32_t whole;           /* of all of them */
  uint8_t sent;             /* how often it was sent, up to 255 */
  bool sent_perhaps;        /* one of those may have been another that is like it */
  bool odd_marks;           /* its content has a mark of its head, or of something else */
};

enum { MARKS_LIMIT = 32 /* marks of which is remembered that they were out of place */ };

/* Where a mark was seen that was out of place: who sends it after that has it from somebody else. */
enum out_of_place {
  OUT_IN_REQUESTS = 1 << 0,
  OUT_IN_RESPONSES = 1 << 1,
  ON_LINE_IN_CONTENT = 1 << 2, /* E100-Mark, with it, in the content of a request */
  HEADS_A_REQUEST = 1 << 3     /* in place, in the head of a request from a client */
};

struct seen_mark {
  uint64_t mark;
  uint32_t places; /* enum out_of_place */
};

struct view {
  uint32_t link_count;
  uint32_t readings;
  struct e100_rule_set decided, undecided;
  uint8_t subject; /* enum e100_party */
  uint8_t judged;  /* set of 1 << enum e100_party */
  bool askers;     /* there are askers; they come right after the last conversation */
  uint32_t heads;  /* of requests, on all links */
  uint32_t
      still_since;  /* the step, from 1, of a silence behind which only applications were told things; or 0 */
  bool redirected;  /* a client got a 3xx: what it asks for next may be its own choice */
  bool uses_marks;  /* a head had E100-Mark: what stands in braces may be a mark */
  bool unasked_100; /* who passes requests on has sent a 100 of its own where there was no Expect */
  uint32_t mark_count;
  struct seen_mark marks[MARKS_LIMIT];
  uint32_t asked_count; /* of all that the application has asked for */
  struct asked asked[ASKED_LIMIT];
  struct conversation conversations[E100_LINKS_LIMIT];
  struct asker room[E100_LINKS_LIMIT];
};

/* The client's side of a link; NULL where nobody looks at it. */
struct asker *asker_of(struct view *v, uint32_t link);
const struct asker *asker_at(const struct view *v, uint32_t link);

_Static_assert(sizeof(struct view) <= sizeof(struct e100_view), "the opaque view has room for the view");

/* One of the protocols that REQUEST names in Upgrade, of those that are remembered, is PROTOCOL. */
bool is_offered(const struct request *request, uint32_t protocol);
/* The request of that number, from 0; NULL where it is none, or no longer remembered. */
const struct request *request_at(const struct conversation *c, uint32_t number);
/* The oldest request that waits for its final response, or NULL. */
const struct request *waiting_request(const struct conversation *c);
/* The newest request, or NULL. */
const struct request *newest_request(const struct conversation *c);

#endif
