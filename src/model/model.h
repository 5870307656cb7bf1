/*
 * model.h - the model of the specification: it judges an exchange.
 *
 * The model has its own HTTP/1 reader and one predicate for each rule, each a fold over the steps
 * into a fixed-size view. It shares nothing with the reference machine but the exchange and the ids
 * of the rules, and is written from RFC 9110 and RFC 9112.
 *
 *  - A view is plain data without pointers to itself: a memcpy is a snapshot.
 *  - Nothing here allocates; every function ends for every exchange, malformed or not.
 *  - What cannot be decided is no finding; it is counted as undecided.
 */
#ifndef E100_MODEL_H
#define E100_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "rules/rules.h"

enum {
  E100_FINDINGS_LIMIT = 64 /* findings kept for one exchange; later ones are only counted */
};

/* What a party might have done at a place; a finding says which of these were permitted. */
enum e100_alternative {
  E100_ALT_SILENCE,     /* send nothing, wait */
  E100_ALT_100,         /* send 100 */
  E100_ALT_FINAL,       /* send a final response that keeps the connection */
  E100_ALT_FINAL_CLOSE, /* send a final response that says close, and close */
  E100_ALT_400_CLOSE,   /* send 400 that says close, and close */
  E100_ALT_417,         /* send 417 */
  E100_ALT_CLOSE,       /* close without a response */
  E100_ALT_CONTENT,     /* a client: send the rest of the content */
  E100_ALT_REQUEST,     /* ... the next request on this connection */
  E100_ALT_ELSEWHERE,   /* ... on another one */
  E100_ALT_FORWARD,     /* a proxy or gateway: pass the request on */
  E100_ALT_INTERIM,     /* a proxy: pass an interim response on that came */
  E100_ALT_COUNT
};

struct e100_finding {
  uint16_t rule;       /* enum e100_rule */
  uint8_t party;       /* enum e100_party: who is to blame */
  uint8_t link;        /* index of the link */
  uint32_t request;    /* which request on that link, from 1; 0: none */
  uint32_t step;       /* index of the step that shows it, from 0 */
  uint32_t situation;  /* the model's view of that request, as e100_view_state gives it: with rule
                          and party this is the *cause* of the finding */
  uint16_t permitted;  /* set of 1 << enum e100_alternative: what would have been permitted instead */
  uint16_t considered; /* the set that was tried; 0 where no alternative applies */
  uint32_t reading;    /* the readings (bits) that the verdict depends on */
};

/* Of RULE, a silence in place of a final response, or of one that refuses, or without telling an application
 * of one: see e100_view_step. */
bool e100_may_be_taken_back(unsigned rule);

struct e100_findings {
  uint32_t count; /* found; may be more than E100_FINDINGS_LIMIT, the first ones are kept */
  struct e100_finding list[E100_FINDINGS_LIMIT];
};

/* The sets of rules that were decided (either way) and that could not be, as bits by enum e100_rule: only
 * rules that bind somebody who is judged, and none in both sets. */
enum { E100_RULE_WORDS = 4 };
struct e100_rule_set {
  uint64_t word[E100_RULE_WORDS];
};
void e100_rule_set_add(struct e100_rule_set *set, unsigned rule);
bool e100_rule_set_has(const struct e100_rule_set *set, unsigned rule);
/* Takes RULES out of SET. */
void e100_rule_set_remove(struct e100_rule_set *set, const struct e100_rule_set *rules);

/* The view is private to src/model (view.h); this is its size and alignment for callers that keep
 * one on the stack or copy it. */
struct e100_view {
  uint64_t opaque[7424];
};

/* Starts a view for EXCHANGE's links, role, readings; its steps are not looked at. */
void e100_view_init(struct e100_view *view, const struct e100_exchange *exchange);

/* Folds one step into the view; INDEX is its index and OCTETS its octets (STEP->length of them).
 * Findings are appended. The findings after n steps are a prefix of those after n + 1, but for those that
 * e100_may_be_taken_back: a silence in place of a final response is none for good where the response comes,
 * and its client did nothing on that connection meanwhile; nor is one in which an application was not told of
 * a response, where it is told before anything else takes place. */
void e100_view_step(struct e100_view *view, const struct e100_step *step, uint32_t index,
                    const uint8_t *octets, struct e100_findings *findings);

/* A small number (below E100_VIEW_STATES) that says where the conversation on LINK stands, for
 * coverage and for causes: expectation, content owed, 100 seen, final seen and the like. */
enum { E100_VIEW_STATES = 4096 };
uint32_t e100_view_state(const struct e100_view *view, uint32_t link);
/* The same in words: "asked, no content yet, no 100". */
void e100_view_state_text(uint32_t state, struct e100_text *out);

/* A rule that was decided once, and could not be at another place, is DECIDED. */
void e100_view_rules(const struct e100_view *view, struct e100_rule_set *decided,
                     struct e100_rule_set *undecided);

/* canonical.c: everything of VIEW that can influence a later verdict, as octets: views with the same form
 * judge alike whatever comes, but for the numbers of requests and steps in the findings. CLOSED: links (a set
 * of bits) on which nothing comes any more, until they are opened again. Gives how many octets OUT has; the
 * same on every run of one build. */
enum { E100_VIEW_FORM_LIMIT = sizeof(struct e100_view) };
size_t e100_view_canonical(const struct e100_view *view, uint32_t closed, uint8_t out[E100_VIEW_FORM_LIMIT]);
/* How many octets at the start of VIEW are in use: a copy of these is a snapshot. */
size_t e100_view_extent(const struct e100_view *view);

/* Judges a whole exchange of kind JUDGE (of kind PLAY: what the others did). */
struct e100_verdict {
  struct e100_findings findings;
  struct e100_rule_set decided;
  struct e100_rule_set undecided;
};
void e100_judge(const struct e100_exchange *exchange, struct e100_verdict *verdict);

const char *e100_alternative_name(unsigned alternative); /* "send 100" */

/*
 * The status codes that the specification permits next on LINK, for a server: the model as an
 * acceptor of status sequences. STATUS is tried as a complete, well-formed response (with close where
 * CLOSING) on a copy of the view. True where it breaks no MUST or MUST NOT.
 */
bool e100_view_permits(const struct e100_view *view, uint32_t link, unsigned status, bool closing);
/* ... closing the connection, for a server. */
bool e100_view_permits_end(const struct e100_view *view, uint32_t link);
/* ... for the client of LINK, where its side is looked at: SILENCE, CLOSE, CONTENT (the next octets of its
 * latest request), or REQUEST (the next one on this connection, a GET that its application has just asked
 * for). Anything else is not permitted. */
bool e100_view_permits_to_client(const struct e100_view *view, uint32_t link,
                                 enum e100_alternative alternative);
/* The octets on LINK are no longer HTTP: there was a switch of protocols. */
bool e100_view_is_tunnel(const struct e100_view *view, uint32_t link);
/* What the server of LINK owes is a final response and nothing sooner: no 100, no answer to an expectation
 * whose content waits for it. No time is set for it (RFC 9110 10.1.1: ultimately). */
bool e100_view_owes_final(const struct e100_view *view, uint32_t link);
/* Content of the latest request on LINK is still to be sent. */
bool e100_view_owes_content(const struct e100_view *view, uint32_t link);

/*
 * What the model's reader makes of the octets that a client sends, one request head after the other,
 * for comparison with another parser. Independent of any exchange.
 */
enum e100_framing { E100_FRAMING_NONE, E100_FRAMING_LENGTH, E100_FRAMING_CHUNKED, E100_FRAMING_BAD };
struct e100_head_reading {
  bool complete;        /* a whole head was read */
  bool malformed;       /* no reading of it is permitted: the server answers 4xx or 5xx, or closes */
  bool several;         /* the RFCs permit more than one reading of these octets */
  uint8_t major, minor; /* of the HTTP version */
  uint8_t framing;      /* enum e100_framing */
  bool asks;            /* Expect has the member 100-continue */
  bool other;           /* Expect has another member, or does not follow the grammar */
  bool close;           /* the connection ends after this request */
  bool head_method;     /* the method is HEAD */
  uint64_t length;      /* with E100_FRAMING_LENGTH */
  size_t octets;        /* octets of the head, with the empty line and empty lines before it */
};
/* Reads one request head at the start of OCTETS under READING (bits of policies.def). */
void e100_read_request_head(const uint8_t *octets, size_t length, uint32_t reading,
                            struct e100_head_reading *out);

/* What the model's reader makes of the octets that a server sends in answer to one request: interim
 * responses, and the final one with its content. Independent of any exchange. */
struct e100_response_reading {
  bool complete;     /* the final response is whole, or a tunnel begins; one until close never is */
  bool malformed;    /* no reading of the octets so far is permitted */
  bool several;      /* the RFCs permit more than one reading of these octets */
  bool final;        /* the head of a final response was read */
  bool tunnel;       /* 101, or 2xx to CONNECT: what follows is no HTTP */
  bool chunked;      /* the content is in chunks */
  bool until_close;  /* the content goes on until the connection is closed */
  bool close;        /* the connection ends after the final response */
  uint16_t status;   /* of the last head */
  uint32_t interims; /* interim responses; 101 is none */
  uint64_t content;  /* octets of content so far */
  size_t octets;     /* of all this */
};
/* Reads the responses at the start of OCTETS to a request that is HEAD, CONNECT, or neither. */
void e100_read_responses(const uint8_t *octets, size_t length, bool to_head, bool to_connect,
                         struct e100_response_reading *out);

#endif
