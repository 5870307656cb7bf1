/*
 * predicates.h - one predicate for each rule that can be seen.
 *
 * A predicate looks at one event, in the situation right before it counts, and rules on it. It changes
 * nothing: what the event does to the conversation is in conversation.c.
 */
#ifndef E100_MODEL_PREDICATES_H
#define E100_MODEL_PREDICATES_H

#include "model/framing.h"

enum event {
  ON_SILENCE = 1 << 0,  /* settled, or quiet */
  ON_RESPONSE = 1 << 1, /* the head of a response is complete */
  ON_GARBAGE = 1 << 2,  /* the server sent octets that are no response, nor content of one */
  ON_ENDING = 1 << 3,   /* the server half-closes, closes or resets */
  ON_TOLD = 1 << 4,     /* the server's application is told something */
  /* What a client does. */
  ON_REQUEST = 1 << 5,    /* the head of a request is complete */
  ON_CONTENT = 1 << 6,    /* octets of content are sent */
  ON_UNREADABLE = 1 << 7, /* octets that nobody can read are sent */
  ON_LEAVING = 1 << 8,    /* the client half-closes, closes or resets */
  ON_PAUSE = 1 << 9,      /* settled, or quiet */
  ON_HEARD = 1 << 10,     /* the client's application is told something */
  ON_UNHEARD = 1 << 11,   /* a silence, and the application does not know of a final response that came */
  ON_WHOLE = 1 << 12,     /* the whole request is sent */
  /* What somebody does who passes requests on, towards the client that it has them from. */
  ON_RELAY = 1 << 13,   /* the head of a response is complete */
  ON_STALL = 1 << 14,   /* settled, or quiet */
  ON_RELAYED = 1 << 15, /* a whole response is sent */
  /* What anybody sends. */
  ON_MARK = 1 << 16, /* a mark */
  /* A client, on a connection on which nobody can know where a response ends: */
  ON_SPOILED = 1 << 17,   /* it sends octets, or nobody goes on and it is open */
  ON_GIVING_UP = 1 << 18, /* it leaves */
  /* A server: */
  ON_SENT = 1 << 19, /* a final response is sent whole, and what its application gave for it is known */
  /* Whoever keeps a tunnel for others: */
  ON_TUNNEL = 1 << 20, /* sends octets in it, or a silence passes with octets that came */
  /* A server, again: */
  ON_FILLED =
      1 << 21, /* sends the first content of a response that has none by its status, not by its head */
  /* A client, again: */
  ON_HALF_HEAD =
      1 << 22, /* a silence, or an end of the connection, amid octets that can be no head of a request */
  /* A server, again: */
  ON_ANSWERED = 1 << 23, /* sends the last octet of a response; who passes responses on: ON_RELAYED */
  /* Whoever passes requests on, towards the client that it has them from: */
  ON_RELAYED_CONTENT = 1 << 24, /* octets of content are sent */
  ON_STRAY =
      1 << 25 /* a whole response is sent that came to no request; the event is of the next server's link */
};

struct judged {
  enum event event;
  uint8_t actor; /* enum e100_party: whose act it is, and who is to blame */
  const struct conversation *c;
  const struct request *request; /* the one that is answered or waits, or that is told about; or NULL */
  const struct request *newest;  /* the last one that was read, or NULL */
  const struct head *response;   /* ON_RESPONSE */
  bool of_empty_line;            /* ON_GARBAGE: what was read of it is an empty line */
  enum e100_step_kind ending;    /* ON_ENDING */
  enum e100_told told;           /* ON_TOLD */
  uint32_t count;                /* ... with E100_TOLD_CONTENT: octets */
  uint32_t told_request;         /* ... the number of the request, where there is one */
  /* Of a client's acts. The request is the newest one, or the one that the application hears of. */
  const struct view *view;
  const struct asker *asker;
  const struct errand *errand; /* of the request; ON_REQUEST: of the one that is asked */
  const struct errand *before; /* ON_REQUEST: the same request, sent before; or NULL */
  const struct head *head;     /* ON_REQUEST, ON_UNREADABLE */
  uint32_t number;             /* of the request, from 1; or 0 */
  uint16_t status;             /* ON_HEARD with E100_TOLD_INTERIM and E100_TOLD_RESPONSE */
  bool quiet;                  /* ON_SILENCE, ON_PAUSE: and no timer is left */
  bool crosses;         /* what a client sends now may have been on its way when the last octets came */
  uint64_t octets;      /* ON_CONTENT, ON_RELAYED_CONTENT: so many */
  bool other_content;   /* ON_CONTENT: it is not what the application gave */
  bool foreign_content; /* ON_CONTENT, ON_RELAYED_CONTENT, ON_TUNNEL: it cannot be what is passed on, as that
                           has not come */
  bool like_request;    /* ON_CONTENT: it begins as a request does */
  bool no_request;      /* ON_CONTENT: no request begins so, however it goes on */
  /* The same request on the other side of who passes it on; NULL where there is none. */
  const struct conversation *peer_c;
  const struct request *peer;
  const struct errand *peer_errand;
  bool may_be_elsewhere; /* ON_STALL: it may be on its way, or in a queue, where nobody sees it; ON_STRAY: it
                            may be from somewhere else */
  bool ends_by_close;    /* ON_RELAYED: it ends with its connection */
  bool nothing_more_comes; /* ON_SILENCE: of the response that is passed on, whose end is not sent yet */
  bool relayed;  /* ON_RELAY: it came back as this; an interim response: it is the next that came back */
  uint8_t sight; /* ON_MARK: enum sight */
};

/* Where a mark is. */
enum sight {
  MARK_IN_PLACE,
  CONTENT_IN_HEAD,   /* {MARK} in a head; or a head that was content where it came from */
  HEAD_IN_CONTENT,   /* E100-Mark in content */
  CONTENT_OF_OTHER,  /* {MARK} of another message in content */
  RESPONSE_OF_OTHER, /* E100-Mark of another request in the head of a response */
  MARK_FROM_OTHERS   /* out of place, and so it came */
};

enum ruling {
  APART, /* the rule has nothing to say here */
  KEPT,
  OPEN,                 /* nobody can decide */
  BROKEN,               /* by the party whose act it is */
  BROKEN_BY_APPLICATION /* by the program inside it */
};

struct predicate {
  uint16_t rule;   /* enum e100_rule */
  uint32_t events; /* set of enum event */
  enum ruling (*rules)(const struct judged *j);
};

/* A ruling as somebody hears it who tries whether anybody would notice if it were another: for tests. */
typedef enum ruling hearing(const struct predicate *predicate, const struct judged *j);
/* judge.c: as e100_judge, with what HEARS gives in place of each ruling; NULL: as the predicates give it. */
void judge_as_heard(const struct e100_exchange *exchange, hearing *hears, struct e100_verdict *verdict);

/* All predicates, in the order of the rules. */
extern const struct predicate predicates_of_semantics[]; /* RFC 9110 */
extern const size_t predicates_of_semantics_count;
extern const struct predicate predicates_of_messaging[]; /* RFC 9112 */
extern const size_t predicates_of_messaging_count;
extern const struct predicate predicates_of_asking[]; /* of clients: RFC 9110 */
extern const size_t predicates_of_asking_count;
extern const struct predicate predicates_of_asking_messaging[]; /* ... RFC 9112 */
extern const size_t predicates_of_asking_messaging_count;
extern const struct predicate predicates_of_forwarding[]; /* of proxies and gateways: how they pass on */
extern const size_t predicates_of_forwarding_count;
extern const struct predicate predicates_of_passing_on[]; /* ... and what, and when */
extern const size_t predicates_of_passing_on_count;
extern const struct predicate predicates_of_marks[]; /* whose octets are whose */
extern const size_t predicates_of_marks_count;

/* ... as parts, for those who go through all of them. */
struct predicate_part {
  const struct predicate *predicates;
  const size_t *count;
};
enum { PREDICATE_PARTS = 7 };
extern const struct predicate_part predicate_parts[PREDICATE_PARTS];

/* EVENT's request as it came to who acts, or as he has sent it on. */
const struct tie *tie_of(const struct judged *event);

/* Does a rule that binds BOUND bind who acts? */
bool is_bound(enum e100_bound bound, const struct judged *j);

/* ---- what several predicates ask ---------------------------------------------------------------- */

bool is_interim(const struct head *response);
/* ON_GARBAGE: the octets follow a response of KIND, which has no content, and begin neither like one nor with
 * an empty line, which may stand before the next one as well as behind this one (RFC 9112 2.1). */
bool is_content_after(const struct judged *j, enum bare_kind kind);
/* The server may still act on this connection, and nothing it owes is void because somebody closed. */
bool server_can_act(const struct conversation *c);
/* A silence passes, and the connection is not closed. A server that closes in stages may go on reading first
 * (RFC 9112 9.6): where its timers are not seen to fire, as at the client's end of a wire, it may still be at
 * it. */
enum ruling still_open(const struct conversation *c);
/* A final response was sent, and the content that its request still lacks will never come. */
bool is_left_unread(const struct conversation *c);
/* Once CAUSE asks for it the connection is to be closed: is it? ON_RESPONSE, ON_SILENCE, ON_ENDING. */
enum ruling closes(const struct judged *j, enum close_cause cause);
/* The situation in which an expectation counts: nothing came yet, from either side. */
bool content_is_to_come(const struct request *request);
/* REQUEST asks for a 100, its content is still to come, and it has neither 100 nor final response. */
bool awaits_100(const struct request *request);
/* Content of REQUEST is still to come, and its client was not left waiting for a 100 first. */
bool content_comes_unasked(const struct request *request);
/* REQUEST has its 100, or never asked for one, and another is sent that has not come back from anybody. */
bool is_100_too_many(const struct request *request);
/* RESPONSE, to nothing that waits, is no answer to content of REQUEST that the server takes for a request:
 * only an error can be, as long as no line has ended in it. */
bool answers_no_content(const struct request *request, const struct head *response);
/* Who is to blame for silence while a 100 or a final status is due: BROKEN or BROKEN_BY_APPLICATION. */
enum ruling silence_before_100(const struct conversation *c, const struct request *request);
/* ... while the final response to a whole request is due. */
enum ruling silence_before_final(const struct conversation *c, const struct request *request);
/* A request with these FACTS has no Host that it needs, or one that is none (RFC 9112 3.2). */
bool host_is_wrong(uint32_t facts);
/* A response of EVENT's is not as it should be, and WHAT (enum odd_came) says so of one that came: whoever
 * passes that on has not made it. OPEN where nobody can tell what came. */
enum ruling unless_it_came_so(const struct judged *j, unsigned what);
/* Who is to blame for the status of RESPONSE. */
enum ruling wrong_status(const struct request *request, const struct head *response);

#endif
