/*
 * origin.h - the reference origin server's side of one connection, without I/O.
 *
 * Octets go in, octets come out through a callback; timers are named, and the caller keeps them; the
 * application is called, and calls back. The behaviour is a table (origin_table.c), and a row of it is
 * a sentence.
 *
 *  - Memory is the caller's: struct e100_origin is plain data of a fixed size (at most E100_ORIGIN_ROOM
 * octets), without pointers to itself; a memcpy is a snapshot. There is no heap and there are no variables
 * but constants, so connections may be served by as many threads as there are, one at a time each.
 *  - One request is handled at a time. While its answer is due, octets that follow are not taken:
 *    e100_origin_octets says how many it took, and the caller keeps the rest and offers it again
 *    after the next call that gives an answer (RFC 9112 9.3.2: answers in the order of requests). How much
 *    it keeps is for the caller to limit; the machine itself keeps nothing of what it is given.
 *  - Calls of the application may be made from within callbacks.
 *  - What a client sends never makes a call fail: a head that is malformed, too long, or not supported is
 *    answered with 400, 414, 431, 501 or 505, broken content with 400, and the connection ends. Limits are in
 *    lines.h and content.h.
 *  - A call that is out of place (an answer where none is due) gives false, and nothing happened. A defect of
 *    this code, should there be one, prints the place and aborts.
 *  - HTTP/1.0 and HTTP/1.1. Host is checked as RFC 9112 3.2 asks, but not against the target. Not here: a
 *    Date field (RFC 9110 6.6.1; `fields` of a response is the place).
 */
#ifndef E100_ORIGIN_H
#define E100_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/timers.h"
#include "machine/engine.h"
#include "machine/heads.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the conversation stands. */
enum e100_origin_state {
  E100_ORIGIN_AWAITED,    /* a request is awaited: its head is not complete */
  E100_ORIGIN_ASKED,      /* the client asks before it sends content; nobody has answered */
  E100_ORIGIN_OFFERED,    /* content comes unasked, or has begun; the application is undecided */
  E100_ORIGIN_ENCOURAGED, /* 100 was sent; content is awaited */
  E100_ORIGIN_PROCEEDED,  /* the content is wanted, and comes without a 100 */
  E100_ORIGIN_WHOLE,      /* the request is complete; the final response is due */
  E100_ORIGIN_DISCARDING, /* the final response is sent; the rest of the content is read and dropped */
  E100_ORIGIN_LINGERING,  /* no more is sent; what arrives is dropped until the client closes */
  E100_ORIGIN_SWITCHED,   /* another protocol has the connection */
  E100_ORIGIN_OVER,       /* the connection is closed */
  E100_ORIGIN_STATES
};

enum e100_origin_event {
  E100_HEAD_ASKS,         /* a head: 100-continue in force, content to come */
  E100_HEAD_OFFERS,       /* a head: content to come, no expectation in force */
  E100_HEAD_STANDS_ALONE, /* a head: no content */
  E100_HEAD_IS_WRONG,     /* a head that must be refused */
  E100_CONTENT_ARRIVES,
  E100_CONTENT_ENDS,
  E100_CONTENT_IS_WRONG,   /* the framing of the content is broken */
  E100_APP_ACCEPTS,        /* the application wants the content */
  E100_APP_ACCEPTS_ALOUD,  /* ... and says 100 although it need not */
  E100_APP_RESPONDS,       /* a final response; the connection lives on */
  E100_APP_RESPONDS_LAST,  /* a final response; the connection ends */
  E100_APP_UPGRADES,       /* another protocol */
  E100_APP_UPGRADES_ASKED, /* ... where a 100 must come first */
  E100_APP_CLOSES,
  E100_CLIENT_HALF_CLOSES, /* the client sends no more */
  E100_CLIENT_GOES,        /* the client closed, or reset the connection */
  E100_TIMER_FIRES,        /* the timer of the present state */
  E100_ORIGIN_EVENTS
};

enum e100_origin_action {
  E100_DO_NOTHING,
  E100_DO_REJECT,       /* the call is out of place: it returns false */
  E100_DO_TELL_HEAD,    /* tell the application of a head */
  E100_DO_TELL_REQUEST, /* tell it of a head, and that the request is complete */
  E100_DO_PASS_CONTENT,
  E100_DO_TELL_COMPLETE,
  E100_DO_SEND_100,
  E100_DO_SEND_FINAL,
  E100_DO_SEND_FINAL_AND_CLOSE,  /* the response says close */
  E100_DO_SEND_FINAL_AND_LINGER, /* ... and no more is sent; the client may still send */
  E100_DO_SEND_101,
  E100_DO_SEND_100_AND_101,
  E100_DO_REFUSE_HEAD,     /* the status that a wrong head deserves, with close; then linger */
  E100_DO_ABORT_AND_400,   /* tell the application; 400 with close; then linger */
  E100_DO_ABORT_AND_408,   /* tell the application; 408 with close; then linger */
  E100_DO_TIME_OUT_HEAD,   /* 408 with close if part of a head arrived; close */
  E100_DO_ABORT_AND_CLOSE, /* tell the application, close */
  E100_DO_CLOSE,
  E100_DO_IMPOSSIBLE, /* no caller can bring this about: a defect */
  E100_ORIGIN_ACTIONS
};

/* A final response. Pointers need only be valid during the call. */
struct e100_response {
  uint16_t status;        /* 200 to 999 */
  bool close;             /* the connection ends after it */
  const char *fields;     /* more field lines, each with its CRLF; NULL: none. Not Content-Length,
                             Transfer-Encoding or Connection: those are the machine's */
  const uint8_t *content; /* NULL where content_length is 0 */
  size_t content_length;  /* octets; not sent where the request or the status forbids content */
};

/* What the caller gives with each call. Each may be NULL but `send` and `end`. */
struct e100_origin_calls {
  /* Octets to the client; the caller keeps what it cannot send at once. */
  void (*send)(void *user, const uint8_t *octets, size_t length);
  /* No more octets will be sent (WHOLLY false), or the connection is to be closed. */
  void (*end)(void *user, bool wholly);
  struct e100_head_calls head_calls;
  /* A whole head was read, before anything is done about it: the caller may change the facts, for
   * instance set `wrong` to 400 where it knows no such host. */
  void (*check_head)(void *user, struct e100_request_facts *facts);
  /* The application is told. */
  void (*head)(void *user, const struct e100_request_facts *facts);
  void (*content)(void *user, const uint8_t *octets, size_t length);
  void (*complete)(void *user);
  void (*aborted)(void *user);
  /* A row of the table was taken. */
  void (*moved)(void *user, const struct e100_row *row);
};

/* Choices (policies.def has the same as words). */
struct e100_origin_policy {
  bool late_100;          /* say 100 on acceptance although content has arrived */
  bool discard;           /* after an early final go on reading and drop the content; else close */
  bool refuse_unknown;    /* 417 to a member of Expect other than 100-continue (RFC 9110 10.1.1: MAY) */
  bool unasked_100;       /* say 100 on acceptance although the client did not ask */
  uint64_t content_limit; /* a longer Content-Length gets 413; 0: no limit */
};

/* How a machine is made: the table, and how facts become events. The reference's is
 * e100_origin_reference; another one makes another machine. */
struct e100_origin_design {
  const struct e100_table *table;
  enum e100_origin_event (*head_event)(const struct e100_request_facts *facts);
  /* `aloud` of an acceptance, `last` of a response, and `asked` of an upgrade are facts, too. */
  bool (*accept_is_aloud)(const struct e100_request_facts *facts, const struct e100_origin_policy *policy);
  bool (*response_is_last)(const struct e100_request_facts *facts, const struct e100_origin_policy *policy,
                           bool content_owed, bool close);
  bool (*upgrade_is_asked)(const struct e100_request_facts *facts, bool said_100);
};
extern const struct e100_origin_design e100_origin_reference;
extern const struct e100_table e100_origin_table;

enum { E100_ORIGIN_ROOM = 1024 /* octets that a struct e100_origin never exceeds */ };

struct e100_origin {
  const struct e100_origin_design *design;
  struct e100_origin_policy policy;
  struct e100_reader reader;
  uint8_t state;    /* enum e100_origin_state */
  bool fresh;       /* the reader must be started for the next request */
  bool said_100;    /* for the present request */
  bool client_done; /* the client half-closed */
  bool rejected;    /* the last row said REJECT */
};

/* Starts a machine for a new connection. */
void e100_origin_init(struct e100_origin *origin, const struct e100_origin_design *design,
                      const struct e100_origin_policy *policy);

/*
 * Octets from the client. Returns how many were taken: fewer than LENGTH while an answer is due, and
 * the caller offers the rest again after the next call of the application. Once the state is SWITCHED,
 * none are taken: they belong to the other protocol.
 */
size_t e100_origin_octets(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                          const uint8_t *octets, size_t length);

/* The client half-closed. Only once all octets before it were taken. */
void e100_origin_half_closed(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);
/* The connection is gone: closed or reset by the client. */
void e100_origin_gone(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);

/* The timer that the caller should keep now (enum e100_timer), or -1: HEAD, CONTENT, DISCARD or IDLE. It
 * starts anew whenever it changes, and whenever octets arrive; but for DISCARD, or a client that never stops
 * sending would be kept for ever. */
int e100_origin_timer(const struct e100_origin *origin);
/* That timer fired. */
void e100_origin_timed_out(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);

/* The application decides about the present request. False: there is none that this can be said of,
 * and nothing happened. */
bool e100_origin_accept(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);
bool e100_origin_respond(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                         const struct e100_response *response);
/* 101 (RFC 9110 7.8), once the request is complete and offers an upgrade; FIELDS are field lines with
 * Upgrade and Connection. */
bool e100_origin_upgrade(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user,
                         const char *fields);
bool e100_origin_close(struct e100_origin *origin, const struct e100_origin_calls *calls, void *user);

/* Everything of ORIGIN that can influence what it does later, as octets (origin_form.c): machines of one
 * design with the same form go on alike. Gives how many octets OUT has; the same within one process. */
size_t e100_origin_form(const struct e100_origin *origin, uint8_t out[E100_ORIGIN_ROOM]);

#ifdef __cplusplus
}
#endif

#endif
