/*
 * proxy.h - the reference proxy's and gateway's side of one connection of a client, with the connection to
 * the next server that the present request has. Without I/O.
 *
 * Octets of either side go in, octets for either side come out through callbacks; timers are named, and the
 * caller keeps them. The behaviour is a table (proxy_table.c), and a row of it is a sentence.
 *
 *  - Memory is the caller's: struct e100_proxy is plain data of a fixed size (at most E100_PROXY_ROOM
 * octets), without pointers to itself; so is struct e100_proxy_heads, the octets that must be held back: a
 * head is forwarded once it is complete, since its last line may name its first (Connection, RFC 9110 7.6.1).
 * A memcpy of both is a snapshot. There is no heap, and there are no variables but constants.
 *  - One request of a connection is in flight at a time. Octets of the client that follow it are not taken:
 *    e100_proxy_octets says how many it took, and the caller keeps the rest and offers it again after the
 *    next call that concerns the server (RFC 9112 9.3.2: answers in the order of requests).
 *  - Connections to servers are the caller's pool. The machine asks for one that is idle or new (`connect`),
 *    and gives it back (`part`), to be used again or to be closed: one that still owes content is never used
 *    again (RFC 9112 9.3). What arrives on an idle connection is for the caller to close it over (9.2).
 *  - Content is never kept, but for a gateway that collects it by policy. What the caller cannot send at once
 *    it keeps, and should take no more of the other side in the meantime: what it must keep is bounded by
 *    what it offers in one call and E100_PROXY_HEAD_ROOM.
 *  - What either side sends never makes a call fail: a request that cannot be forwarded is answered with 400,
 *    411, 413, 414, 417, 431, 501 or 505, a response that cannot be relayed with 502, no server with 503,
 *    a silent one with 504. Each ends the client's connection. Nothing is tried again.
 *  - A role decides what differs: a gateway may answer an expectation itself; a proxy forwards it, or says
 * 100 only where it knows that the next server speaks HTTP/1.0 (RFC 9110 10.1.1), or where the client has
 *    nominated Expect in Connection, so that nobody else can.
 *  - Trailers go on with the content, but none where Connection names any field, as it may name one of them
 *    (RFC 9110 7.6.1, 6.5.1).
 *  - Not here: Max-Forwards is not counted (RFC 9110 7.6.2).
 */
#ifndef E100_PROXY_H
#define E100_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/timers.h"
#include "machine/engine.h"
#include "machine/heads.h"
#include "machine/response_heads.h"

#ifdef __cplusplus
extern "C" {
#endif

enum e100_proxy_state {
  E100_PROXY_AWAITED,         /* a request is awaited: its head is not complete */
  E100_PROXY_COLLECTING,      /* the content is collected; nothing was forwarded */
  E100_PROXY_ASKED,           /* the expectation was forwarded; neither an answer nor content has come */
  E100_PROXY_SENDING,         /* the head was forwarded; content follows as it comes */
  E100_PROXY_WHOLE,           /* the whole request was forwarded; the final response is due */
  E100_PROXY_ANSWERING,       /* the final response is relayed; the request is complete */
  E100_PROXY_ANSWERING_EARLY, /* the final response is relayed; content still comes, and is dropped */
  E100_PROXY_ANSWERING_LAST,  /* the final response is relayed; the client's connection ends after it */
  E100_PROXY_DISCARDING,      /* the final response is sent; the rest of the content is read and dropped */
  E100_PROXY_LINGERING,       /* no more is sent; what arrives is dropped until the client closes */
  E100_PROXY_TUNNEL,          /* octets pass both ways */
  E100_PROXY_OVER,            /* the client's connection is closed */
  E100_PROXY_STATES
};

enum e100_proxy_event {
  /* of the client */
  E100_PROXY_ON_HEAD_ASKS,           /* 100-continue in force, content to come: the server is asked */
  E100_PROXY_ON_HEAD_ASKS_HERE,      /* ... and the expectation is answered here */
  E100_PROXY_ON_HEAD_COLLECTS,       /* the content is to be collected first */
  E100_PROXY_ON_HEAD_COLLECTS_ASKED, /* ... and is asked for */
  E100_PROXY_ON_HEAD_OFFERS,         /* content to come, no expectation in force */
  E100_PROXY_ON_HEAD_STANDS_ALONE,   /* no content */
  E100_PROXY_ON_HEAD_IS_REFUSED,     /* malformed, or refused by policy */
  E100_PROXY_ON_CONTENT_ARRIVES,
  E100_PROXY_ON_CONTENT_ENDS,
  E100_PROXY_ON_CONTENT_IS_WRONG, /* its framing is broken, or it is more than can be collected */
  E100_PROXY_ON_CLIENT_HALF_CLOSES,
  E100_PROXY_ON_CLIENT_GOES,
  /* of the server */
  E100_PROXY_ON_NO_SERVER,          /* there is no connection for this request */
  E100_PROXY_ON_CONTINUE_ARRIVES,   /* 100, to be relayed */
  E100_PROXY_ON_INTERIM_ARRIVES,    /* another interim response, to be relayed */
  E100_PROXY_ON_INTERIM_IS_DROPPED, /* one that the client must not see, or did not cause */
  E100_PROXY_ON_SWITCH_ARRIVES,     /* 101, or 2xx to CONNECT */
  E100_PROXY_ON_FINAL_ARRIVES,      /* the head of a final response; the client's connection lives on */
  E100_PROXY_ON_FINAL_ARRIVES_LAST, /* ... and the client's connection ends after it */
  E100_PROXY_ON_ANSWER_GOES_ON,     /* content of the final response */
  E100_PROXY_ON_ANSWER_ENDS,
  E100_PROXY_ON_ANSWER_IS_WRONG, /* a malformed response, or more interim ones than the limit */
  E100_PROXY_ON_SERVER_GOES,     /* the connection ended before the response did */
  E100_PROXY_ON_TIMER_FIRES,
  E100_PROXY_EVENTS
};

enum e100_proxy_action {
  E100_PROXY_DO_NOTHING,
  E100_PROXY_DO_FORWARD_HEAD,
  E100_PROXY_DO_FORWARD_HEAD_AND_SAY_100,
  E100_PROXY_DO_SAY_100,
  E100_PROXY_DO_COLLECT,
  E100_PROXY_DO_FORWARD_COLLECTED, /* head and content */
  E100_PROXY_DO_FORWARD_CONTENT,
  E100_PROXY_DO_RELAY_INTERIM,
  E100_PROXY_DO_RELAY_SWITCH,
  E100_PROXY_DO_RELAY_FINAL,
  E100_PROXY_DO_RELAY_FINAL_LAST, /* it says close */
  E100_PROXY_DO_RELAY_CONTENT,
  E100_PROXY_DO_RELAY_END,            /* ... and part from the server */
  E100_PROXY_DO_RELAY_END_AND_LINGER, /* ... and no more is sent; the client may still send */
  E100_PROXY_DO_REFUSE,               /* the status that head or content deserves, with close; then linger */
  E100_PROXY_DO_ANSWER_400,           /* all answers here say close, leave the server, and linger */
  E100_PROXY_DO_ANSWER_408,
  E100_PROXY_DO_ANSWER_502,
  E100_PROXY_DO_ANSWER_503,
  E100_PROXY_DO_ANSWER_504,
  E100_PROXY_DO_TIME_OUT_HEAD, /* 408 with close if part of a head arrived; close */
  E100_PROXY_DO_PASS_UP,
  E100_PROXY_DO_PASS_DOWN,
  E100_PROXY_DO_CUT,   /* leave the server, reset the client's connection: the response stays incomplete */
  E100_PROXY_DO_CLOSE, /* leave the server, if there is one, and close the client's connection */
  E100_PROXY_DO_IMPOSSIBLE,
  E100_PROXY_ACTIONS
};

/* Limits. */
enum {
  E100_PROXY_HEAD_ROOM = 16384,      /* octets of a head that can be forwarded: beyond it 431, or 502 */
  E100_PROXY_INTERIMS_LIMIT = 64,    /* interim responses to one request: beyond it 502 */
  E100_PROXY_COLLECT_LIMIT = 262144, /* octets of content that are collected: beyond it 413 */
  E100_PROXY_ROOM = 2048             /* octets that a struct e100_proxy never exceeds */
};

/* The octets that are held back: the heads, until they are complete. */
struct e100_proxy_heads {
  uint8_t request[E100_PROXY_HEAD_ROOM];
  uint8_t response[E100_PROXY_HEAD_ROOM];
};

enum e100_proxy_ending { E100_PROXY_SENDS_NO_MORE, E100_PROXY_CLOSES, E100_PROXY_RESETS };

/* What the caller gives with each call. None may be NULL but `collect`, `collected`, `check_head` and
 * `moved`. */
struct e100_proxy_calls {
  /* The caller's memory for this connection; the same each time. */
  struct e100_proxy_heads *(*heads)(void *user);
  /* To the client. */
  void (*send)(void *user, const uint8_t *octets, size_t length);
  void (*end)(void *user, enum e100_proxy_ending how);
  /* A connection to the server for the present request: an idle one, or a new one. False: there is none. */
  bool (*connect)(void *user);
  void (*send_up)(void *user, const uint8_t *octets, size_t length);
  /* The request is done with its connection: REUSABLE says that it may go into the pool; else close it. */
  void (*part)(void *user, bool reusable);
  /* For the policy `collects`: keeps octets, and gives all that were kept since the last time. */
  void (*collect)(void *user, const uint8_t *octets, size_t length);
  const uint8_t *(*collected)(void *user, size_t *length);
  /* A whole request head was read, before anything is done about it: the caller may change the facts, for
   * instance set `wrong` to 400 where Host is missing. */
  void (*check_head)(void *user, struct e100_request_facts *facts);
  /* A row of the table was taken. */
  void (*moved)(void *user, const struct e100_row *row);
};

/* Choices (policies.def has the same as words). */
struct e100_proxy_policy {
  bool gateway;           /* the role; else a proxy */
  bool discard;           /* after an early final go on reading and drop the content; else close */
  bool refuse_unknown;    /* 417 to a member of Expect other than 100-continue (RFC 9110 10.1.1: MAY) */
  bool own_100;           /* a gateway answers expectations with 100 itself */
  bool collects;          /* a gateway collects the content before it forwards anything */
  bool next_hop_10;       /* the next server is known to speak HTTP/1.0 */
  bool own_expectation;   /* asks the server before content is sent, where the client did not ask */
  bool tunnels;           /* a proxy lets CONNECT through; else 501 */
  uint64_t content_limit; /* a longer Content-Length gets 413; 0: no limit */
};

struct e100_proxy;

/* How a machine is made: the table, and how facts become events. The reference's is e100_proxy_reference;
 * another one makes another machine. */
struct e100_proxy_design {
  const struct e100_table *table;
  /* Of a head that is not refused. */
  enum e100_proxy_event (*head_event)(const struct e100_proxy *proxy);
  enum e100_proxy_event (*interim_event)(const struct e100_proxy *proxy);
  bool (*final_is_last)(const struct e100_proxy *proxy);
  /* Whether the server's connection may be used again, now that the response is complete. */
  bool (*is_reusable)(const struct e100_proxy *proxy);
};
extern const struct e100_proxy_design e100_proxy_reference;
extern const struct e100_table e100_proxy_table;

struct e100_proxy {
  const struct e100_proxy_design *design;
  struct e100_proxy_policy policy;
  struct e100_reader request;
  struct e100_response_reader response;
  uint32_t request_length;  /* octets of the heads that are held; beyond the room where they do not fit */
  uint32_t response_length; /* ... */
  uint32_t collected;       /* octets of content */
  uint16_t refusal;         /* the status that a head or content deserves, or 0 */
  uint8_t state;            /* enum e100_proxy_state */
  uint8_t interims;         /* that came for the present request */
  bool fresh;               /* the reader must be started for the next request */
  bool client_done;         /* the client half-closed */
  bool connected;           /* the request has a connection to a server */
  bool forwarded;           /* the whole request went to the server */
  bool said_100;            /* of its own, for the present request */
  bool ours;                /* the expectation is answered here */
  bool own_asked;           /* the server was asked, but not by the client */
  bool nominated;           /* the client has nominated Expect in Connection */
  bool stray;               /* octets follow the response */
  bool request_trimmed;     /* the trailers of the request are not forwarded */
  bool response_trimmed;    /* ... those of the response */
};

/* Starts a machine for a new connection of a client. */
void e100_proxy_init(struct e100_proxy *proxy, const struct e100_proxy_design *design,
                     const struct e100_proxy_policy *policy);

/* Octets from the client. Returns how many were taken: fewer than LENGTH while a response is due. */
size_t e100_proxy_octets(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                         const uint8_t *octets, size_t length);
/* The client half-closed. Only once all octets before it were taken. */
void e100_proxy_half_closed(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user);
/* The client's connection is gone: closed or reset by the client. */
void e100_proxy_gone(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user);

/* Octets from the server, on the connection that the present request has. All are taken; those behind the
 * response make the connection one that is not used again. */
void e100_proxy_answer(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                       const uint8_t *octets, size_t length);
/* The server ended that connection: half-closed, closed, or (RESET) reset it. */
void e100_proxy_server_gone(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user,
                            bool reset);

/* The timer that the caller should keep now (enum e100_timer), or -1: HEAD, CONTENT, RESPONSE, DISCARD or
 * IDLE. It starts anew whenever it changes, and whenever octets arrive; but for DISCARD. */
int e100_proxy_timer(const struct e100_proxy *proxy);
void e100_proxy_timed_out(struct e100_proxy *proxy, const struct e100_proxy_calls *calls, void *user);

/* Everything of PROXY but its policy and the heads that are held that can influence what it does later, as
 * octets (proxy_form.c): machines of one design and policy with the same form and heads go on alike. Gives
 * how many octets OUT has; the same within one process. */
size_t e100_proxy_form(const struct e100_proxy *proxy, uint8_t out[E100_PROXY_ROOM]);

#ifdef __cplusplus
}
#endif

#endif
