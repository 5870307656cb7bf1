/*
 * client.h - the reference client's side of one connection, without I/O.
 *
 * Octets go in, octets come out through a callback; timers are named, and the caller keeps them; the
 * application asks for something, and is told what comes of it. The behaviour is a table (client_table.c),
 * and a row of it is a sentence.
 *
 *  - Memory is the caller's: struct e100_client is plain data of a fixed size (at most E100_CLIENT_ROOM
 * octets), without pointers to itself; a memcpy is a snapshot. There is no heap and there are no variables
 * but constants.
 *  - Content stays with the caller until it is wanted: the machine calls `content_wanted`, and the caller
 * then gives it with e100_client_content, in as many pieces as it likes. After `content_unwanted` none is
 * taken.
 *  - A request that asks with 100-continue waits for a 100, but not without bound (RFC 9110 10.1.1): the
 * timer CONTINUE ends the wait. Whichever comes first has the content sent, once.
 *  - After 417 to such a request it may be repeated, without the expectation (RFC 9110 10.1.1): `unmet` says
 * so in the place of the response. Which connection the repetition takes is the pool's affair (pool.h).
 *  - Responses are read in the order of the requests, interim ones are told and never end anything, and what
 * a server sends never makes a call fail: a response that is malformed, too large, or one interim response
 * after the other (E100_INTERIMS_LIMIT) ends the connection, and the application is told `aborted`.
 *  - A connection that still owes content takes no further request (RFC 9112 9.3): after an early final
 * response the rest is sent, or the connection closed (policy).
 *  - Several requests may be on their way at once where none but the last may be unsafe to lose: each of them
 * but the last is idempotent, whole, and does not ask (RFC 9112 9.3.2). Nothing is ever repeated by itself.
 *  - A call that is out of place gives false, and nothing happened. A defect of this code, should there be
 * one, prints the place and aborts.
 *  - HTTP/1.1, to a server of HTTP/1.0 or 1.1.
 */
#ifndef E100_CLIENT_H
#define E100_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/timers.h"
#include "machine/engine.h"
#include "machine/response_heads.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  E100_CLIENT_ROOM = 1024,  /* octets that a struct e100_client never exceeds */
  E100_PIPELINE_LIMIT = 8,  /* requests of one connection that are not answered */
  E100_INTERIMS_LIMIT = 64, /* interim responses to one request: beyond it the connection ends */
};

/* Where the latest request stands; earlier ones are whole, and their responses come first. */
enum e100_client_state {
  E100_CLIENT_STATE_IDLE,       /* nothing is outstanding: the connection can take a request */
  E100_CLIENT_STATE_WAITING,    /* the request asked; its content is held back */
  E100_CLIENT_STATE_SENDING,    /* its content is being sent */
  E100_CLIENT_STATE_SENT,       /* it is whole; the final response is awaited */
  E100_CLIENT_STATE_ANSWERED,   /* the final response began early; the rest of the content is still sent */
  E100_CLIENT_STATE_OWING,      /* the final response is complete, the content is not */
  E100_CLIENT_STATE_READING,    /* the request is whole, and the final response arrives */
  E100_CLIENT_STATE_LEAVING,    /* the final response arrives; then the connection is closed */
  E100_CLIENT_STATE_UNMET,      /* a 417 arrives; then the connection is closed, and the request repeated */
  E100_CLIENT_STATE_UNMET_SENT, /* a 417 arrives; then the request is repeated, and the connection goes on */
  E100_CLIENT_STATE_SWITCHING,  /* the protocol will be another one, once the content is sent */
  E100_CLIENT_STATE_SWITCHED,   /* another protocol, or a tunnel, has the connection */
  E100_CLIENT_STATE_OVER,       /* the connection is closed */
  E100_CLIENT_STATES
};

enum e100_client_event {
  E100_CLIENT_EVENT_APP_ASKS,           /* a request with content and an expectation, that waits */
  E100_CLIENT_EVENT_APP_OFFERS,         /* a request with content that does not wait */
  E100_CLIENT_EVENT_APP_STANDS_ALONE,   /* a request without content */
  E100_CLIENT_EVENT_APP_COMES_TOO_SOON, /* a request that may not follow the ones that are outstanding */
  E100_CLIENT_EVENT_APP_GIVES,          /* octets of content */
  E100_CLIENT_EVENT_APP_ENDS,           /* ... and that was all */
  E100_CLIENT_EVENT_APP_CANCELS,
  E100_CLIENT_EVENT_INTERIM_RELEASES,  /* a 100, or one that is taken for it */
  E100_CLIENT_EVENT_INTERIM_PASSES,    /* any other interim response */
  E100_CLIENT_EVENT_FINAL_GOES_ON,     /* the head of the final response; the connection lives on */
  E100_CLIENT_EVENT_FINAL_ENDS,        /* ... the connection ends */
  E100_CLIENT_EVENT_UNMET_GOES_ON,     /* a 417 to a request that asked; the connection lives on */
  E100_CLIENT_EVENT_UNMET_ENDS,        /* ... the connection ends */
  E100_CLIENT_EVENT_SWITCHES,          /* 101 as was asked, or 2xx to CONNECT */
  E100_CLIENT_EVENT_CONTENT_ARRIVES,   /* of the final response */
  E100_CLIENT_EVENT_RESPONSE_ENDS,     /* it is complete */
  E100_CLIENT_EVENT_RESPONSE_IS_WRONG, /* malformed, too large, not asked for, too many interim ones */
  E100_CLIENT_EVENT_EARLIER_INTERIM,   /* the same, to a request before the latest */
  E100_CLIENT_EVENT_EARLIER_FINAL,
  E100_CLIENT_EVENT_EARLIER_FINAL_ENDS, /* nothing after it will be answered */
  E100_CLIENT_EVENT_EARLIER_CONTENT,
  E100_CLIENT_EVENT_EARLIER_ENDS,
  E100_CLIENT_EVENT_STRAY_OCTETS, /* octets that no request asked for */
  E100_CLIENT_EVENT_SERVER_ENDS,  /* the server sends no more, and no response is complete by that */
  E100_CLIENT_EVENT_SERVER_GOES,  /* the connection was reset */
  E100_CLIENT_EVENT_TIMER_FIRES,  /* the timer of the present state */
  E100_CLIENT_EVENTS
};

enum e100_client_action {
  E100_CLIENT_ACTION_NOTHING,
  E100_CLIENT_ACTION_REJECT, /* the call is out of place: it returns false */
  E100_CLIENT_ACTION_SEND_HEAD,
  E100_CLIENT_ACTION_SEND_HEAD_AND_WANT, /* and have the content sent at once */
  E100_CLIENT_ACTION_WANT,               /* have the content sent */
  E100_CLIENT_ACTION_SEND_CONTENT,
  E100_CLIENT_ACTION_END_CONTENT, /* the last chunk, where there are chunks */
  E100_CLIENT_ACTION_TELL_INTERIM,
  E100_CLIENT_ACTION_TELL_INTERIM_AND_WANT,
  E100_CLIENT_ACTION_TELL_RESPONSE,
  E100_CLIENT_ACTION_TELL_RESPONSE_AND_WANT,
  E100_CLIENT_ACTION_TELL_RESPONSE_AND_STOP, /* no more content is taken */
  E100_CLIENT_ACTION_TELL_TUNNEL,            /* the response is complete with its head */
  E100_CLIENT_ACTION_TELL_TUNNEL_AND_WANT,
  E100_CLIENT_ACTION_STOP, /* no more content is taken */
  E100_CLIENT_ACTION_PASS_CONTENT,
  E100_CLIENT_ACTION_TELL_COMPLETE,
  E100_CLIENT_ACTION_TELL_COMPLETE_AND_CLOSE, /* and abort the later requests */
  E100_CLIENT_ACTION_REPEAT,                  /* tell that the expectation was not met */
  E100_CLIENT_ACTION_CLOSE_AND_REPEAT,
  E100_CLIENT_ACTION_ABORT_AND_CLOSE, /* tell it of every request that is outstanding */
  E100_CLIENT_ACTION_CLOSE,
  E100_CLIENT_ACTION_IMPOSSIBLE, /* no caller can bring this about: a defect */
  E100_CLIENT_ACTIONS
};

enum e100_request_framing { E100_REQUEST_NO_CONTENT, E100_REQUEST_LENGTH, E100_REQUEST_CHUNKED };

/* What an application asks for. Pointers need only be valid during the call. */
struct e100_request {
  const char *method; /* a token */
  const char *target; /* as it stands in the request line */
  const char
      *fields;     /* more field lines, each with its CRLF; Host belongs here (RFC 9112 3.2). NULL: none. Not
                      Content-Length, Transfer-Encoding, Expect or Connection: those are the machine's */
  uint8_t framing; /* enum e100_request_framing; chunked only to a server that is known to speak HTTP/1.1
                      (RFC 9112 6.1) */
  bool expects;    /* ask with 100-continue; nothing comes of it where there is no content, for TRACE, and for
                      CONNECT (RFC 9110 10.1.1, 9.3.6, 9.3.8) */
  bool close;      /* no request follows it on this connection */
  bool upgrade;    /* `fields` has a line Upgrade: the option is added to Connection (RFC 9110 7.8) */
  bool te;         /* ... TE: likewise (RFC 9110 10.1.4) */
  uint64_t length; /* octets of content, with E100_REQUEST_LENGTH */
};

/* What the caller gives with each call. Each may be NULL but `send`, `end` and `content_wanted`. What is told
 * is about the oldest request that is outstanding. */
struct e100_client_calls {
  /* Octets to the server; the caller keeps what it cannot send at once. */
  void (*send)(void *user, const uint8_t *octets, size_t length);
  /* The connection is to be closed. */
  void (*end)(void *user);
  /* The content of the latest request is wanted from now on; it may be given within the call. */
  void (*content_wanted)(void *user);
  /* ... is not wanted any more. */
  void (*content_unwanted)(void *user);
  struct e100_head_calls head_calls;
  /* A whole head was read, before anything is done about it: the caller may change the facts. */
  void (*check_head)(void *user, struct e100_response_facts *facts);
  /* The application is told. A tunnel (E100_RESPONSE_TUNNEL) is told as a response, which is then complete.
   */
  void (*interim)(void *user, const struct e100_response_facts *facts);
  void (*response)(void *user, const struct e100_response_facts *facts);
  void (*content)(void *user, const uint8_t *octets, size_t length);
  void (*complete)(void *user);
  void (*aborted)(void *user);
  /* The expectation of the request was not met (417): repeat it without, on any connection that takes it. */
  void (*unmet)(void *user);
  /* A row of the table was taken. */
  void (*moved)(void *user, const struct e100_row *row);
};

/* Choices (policies.def has the same as words). */
struct e100_client_policy {
  bool close_early;      /* after an early final response close; else send the rest of the content */
  bool unknown_releases; /* an interim response that is not known (RFC 9110 15: to be treated as 100) releases
                            the content, too */
  bool no_wait;          /* ask, but send the content at once (RFC 9110 10.1.1: MAY) */
  bool pipeline;         /* send requests before earlier ones are answered */
};

/* What is remembered of a request that is outstanding. */
struct e100_client_record {
  bool to_head;
  bool to_connect;
  bool upgrade;    /* it offers another protocol */
  bool asks;       /* it has an expectation */
  bool last;       /* it says close */
  bool idempotent; /* RFC 9110 9.2.2 */
};

struct e100_client;

/* How a machine is made: the table, and how facts become events. The reference's is e100_client_reference;
 * another one makes another machine. */
struct e100_client_design {
  const struct e100_table *table;
  /* A request: APP_ASKS, APP_OFFERS, APP_STANDS_ALONE or APP_COMES_TOO_SOON. */
  enum e100_client_event (*request_event)(const struct e100_client *client,
                                          const struct e100_request *request);
  /* Whether it carries Expect: 100-continue. */
  bool (*request_asks)(const struct e100_request *request);
  /* The head of a response to the request that RECORD is. */
  enum e100_client_event (*head_event)(const struct e100_client *client,
                                       const struct e100_client_record *record,
                                       const struct e100_response_facts *facts);
};
extern const struct e100_client_design e100_client_reference;
extern const struct e100_table e100_client_table;

struct e100_client {
  const struct e100_client_design *design;
  struct e100_response_reader reader;
  uint64_t left; /* octets of content that the latest request owes; UINT64_MAX where it is chunked */
  struct e100_client_policy policy;
  uint8_t state;    /* enum e100_client_state */
  uint8_t count;    /* requests that are outstanding, the oldest first */
  uint8_t interims; /* to the oldest so far */
  bool fresh;       /* the reader must be started for the oldest */
  bool chunked;     /* the latest request has chunks */
  bool rejected;    /* the last row said REJECT */
  struct e100_client_record records[E100_PIPELINE_LIMIT];
};

/* Starts a machine for a new connection. */
void e100_client_init(struct e100_client *client, const struct e100_client_design *design,
                      const struct e100_client_policy *policy);

/* True where e100_client_request would take REQUEST now. */
bool e100_client_takes(const struct e100_client *client, const struct e100_request *request);
/* Makes a request. False: it may not follow those that are outstanding, or the connection is over, or what it
 * says is not possible: an empty method, or content with TRACE or CONNECT. */
bool e100_client_request(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                         const struct e100_request *request);

/* Gives octets of the content of the latest request; with a length, the last of them end it. False: none are
 * wanted, or there are more than the length. */
bool e100_client_content(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                         const uint8_t *octets, size_t length);
/* Ends the content that has no length. False: it is not being sent, or has a length. */
bool e100_client_content_ends(struct e100_client *client, const struct e100_client_calls *calls, void *user);
/* Drops everything that is outstanding and closes. False: the connection is over. */
bool e100_client_cancel(struct e100_client *client, const struct e100_client_calls *calls, void *user);

/*
 * Octets from the server. Returns how many were taken: all of them, but once the state is SWITCHING or
 * SWITCHED none; they belong to the other protocol, and the caller keeps them.
 */
size_t e100_client_octets(struct e100_client *client, const struct e100_client_calls *calls, void *user,
                          const uint8_t *octets, size_t length);

/* The server sends no more: it half-closed, or closed, in order. */
void e100_client_server_ended(struct e100_client *client, const struct e100_client_calls *calls, void *user);
/* The connection is gone: reset, or it failed. */
void e100_client_gone(struct e100_client *client, const struct e100_client_calls *calls, void *user);

/* The timer that the caller should keep now (enum e100_timer), or -1: CONTINUE from when the content is held
 * back, whatever arrives; RESPONSE anew whenever octets arrive. */
int e100_client_timer(const struct e100_client *client);
/* That timer fired. */
void e100_client_timed_out(struct e100_client *client, const struct e100_client_calls *calls, void *user);

/* Everything of CLIENT that can influence what it does later, as octets (client_form.c): machines of one
 * design with the same form go on alike. Gives how many octets OUT has; the same within one process. */
size_t e100_client_form(const struct e100_client *client, uint8_t out[E100_CLIENT_ROOM]);

#ifdef __cplusplus
}
#endif

#endif
