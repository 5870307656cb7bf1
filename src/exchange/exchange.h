/*
 * exchange.h - the exchange: which octets arrived where, in what order, and where there was silence.
 *
 * Everything in expect100 speaks this one noun: a seed, a regression, a unit test, a documentation
 * example, a fuzz input, a capture, a recording of a real server. An exchange of kind PLAY holds what
 * the other parties do; played against a subject it becomes one of kind JUDGE, with the subject's own
 * steps in between.
 *
 * Conventions of this header:
 *  - An exchange owns its memory. Start with e100_exchange_init, end with e100_exchange_free;
 *    e100_exchange_clear empties it and keeps the memory, for loops.
 *  - Lengths and counts are in octets unless the name says otherwise; steps are counted from 0 in
 *    the interface and from 1 in everything that is printed.
 *  - What goes over a named limit is left out and EXCHANGE.truncated is set; nothing fails.
 *  - Out of memory ends the process with a message (E100_CHECK): no caller could go on.
 */
#ifndef E100_EXCHANGE_H
#define E100_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/impossible.h"
#include "exchange/timers.h"

/* Limits. Decoding anything larger gives an exchange that stops there, with `truncated` set. */
enum {
  E100_STEPS_LIMIT = 4096,             /* steps in one exchange */
  E100_OCTETS_LIMIT = 4 * 1024 * 1024, /* octets of all steps together */
  E100_LINKS_LIMIT = 8,                /* links (connections) in one exchange */
  E100_NAME_LIMIT = 16,                /* octets of a link's name, with the closing NUL */
  E100_TITLE_LIMIT = 1024,             /* octets of the title, with the closing NUL */
  E100_STAYS_LIMIT = 256,              /* octets of `stays:`, with the closing NUL */
  E100_SHOWS_LIMIT = 16,               /* rules named by `shows:` */
  E100_EXPECTED_LIMIT = 32,            /* lines under `-- findings --` */
  E100_RULE_NAME_LIMIT = 48            /* octets of a rule's name, with the closing NUL */
};

/* Who takes part. APPLICATION is the program inside the subject that decides about requests. */
enum e100_party {
  E100_NOBODY,
  E100_CLIENT,
  E100_PROXY,
  E100_GATEWAY,
  E100_ORIGIN,
  E100_APPLICATION,
  E100_PARTY_COUNT
};

/* What the subject is: the party that is played or judged. */
enum e100_role { E100_ROLE_ORIGIN, E100_ROLE_CLIENT, E100_ROLE_PROXY, E100_ROLE_GATEWAY, E100_ROLE_COUNT };

enum e100_exchange_kind {
  E100_KIND_JUDGE, /* a whole conversation, judged as it stands */
  E100_KIND_PLAY,  /* what the other parties do, to be played against a subject */
  E100_KIND_COUNT
};

enum e100_step_kind {
  E100_STEP_DELIVER,    /* octets from one party to another over a link; one step is one delivery */
  E100_STEP_OPEN,       /* a link is opened by `from` */
  E100_STEP_HALF_CLOSE, /* `from` sends no more octets on the link */
  E100_STEP_CLOSE,      /* `from` closes the link */
  E100_STEP_RESET,      /* `from` resets the link */
  E100_STEP_SETTLED,    /* no party can go on without more octets or more time */
  E100_STEP_QUIET,      /* settled, then each timer in its declared order until nothing changes */
  E100_STEP_TIMER,      /* one named timer (`what`: enum e100_timer) of party `from` fires */
  E100_STEP_TOLD,       /* the application is told something (`what`: enum e100_told) */
  E100_STEP_DECIDED,    /* the application decides (`what`: enum e100_decision) */
  E100_STEP_AWAIT,      /* PLAY only: the others wait for something (`what`: enum e100_await) */
  E100_STEP_KIND_COUNT
};

/* What an application is told (`app<`): a server's of requests, a client's of responses. */
enum e100_told {
  E100_TOLD_HEAD,     /* a whole request head */
  E100_TOLD_CONTENT,  /* `count` octets of content */
  E100_TOLD_COMPLETE, /* the message is whole; also where it has no content */
  E100_TOLD_ABORTED,  /* the message will never be complete; a client's: no response comes any more */
  E100_TOLD_INTERIM,  /* the head of an interim response with `status`, to the oldest request that is open */
  E100_TOLD_RESPONSE, /* the head of its final response with `status` */
  E100_TOLD_COUNT
};

/* What an application decides (`app>`): a server's, about the oldest request that it has not answered; a
 * client's, what to ask for. */
enum e100_decision {
  E100_DECIDE_ACCEPT,  /* wants the content; a server that owes a 100 sends it now */
  E100_DECIDE_RESPOND, /* the final response: `status`, and the step's octets as its content */
  E100_DECIDE_UNMET,   /* the expectation is not supported: 417 */
  E100_DECIDE_UPGRADE, /* switch protocols: 101 */
  E100_DECIDE_CLOSE,   /* drop the connection without a response */
  E100_DECIDE_LATER,   /* no decision yet */
  E100_DECIDE_REQUEST, /* a client's: make this request; the step's octets are its head and its whole content,
                          not in any coding. Which connection it takes is the client's choice */
  E100_DECISION_COUNT
};

/* `head`: the empty line that ends a request head. */
enum e100_await { E100_AWAIT_100, E100_AWAIT_FINAL, E100_AWAIT_ANY, E100_AWAIT_HEAD, E100_AWAIT_COUNT };

/* Bits of e100_step.flags. */
enum {
  E100_STEP_EXPECTED = 1, /* under `expect`: what the subject should do; never delivered */
  E100_STEP_CLOSING = 2   /* with RESPOND or UNMET: the response says close, and the server closes */
};

struct e100_step {
  uint8_t kind;  /* enum e100_step_kind */
  uint8_t link;  /* index into e100_exchange.links; 0 where there is no link */
  uint8_t from;  /* enum e100_party: who acts */
  uint8_t to;    /* enum e100_party: DELIVER: who receives; else E100_NOBODY */
  uint8_t what;  /* by kind: enum e100_timer, e100_told, e100_decision, e100_await; else 0 */
  uint8_t flags; /* E100_STEP_... */
  uint16_t
      status;     /* DECIDED with RESPOND, TOLD with RESPONSE: 200 to 999; with INTERIM: 100 to 199; else 0 */
  uint32_t count; /* TOLD with CONTENT: octets; else 0 */
  uint32_t offset; /* DELIVER, and DECIDED with RESPOND or REQUEST: where its octets start in the exchange */
  uint32_t length; /* ... and how many there are; else 0 */
};

/* A conversation between two parties over one connection. */
struct e100_link {
  char name[E100_NAME_LIMIT]; /* "" for the only link of a two-party exchange */
  uint8_t client;             /* enum e100_party: the end that sends requests */
  uint8_t server;             /* enum e100_party: the end that sends responses */
};

/* One line under `-- findings --`: what must come out. 0 or "" matches anything. */
struct e100_expected_finding {
  char rule[E100_RULE_NAME_LIMIT];
  char link[E100_NAME_LIMIT];
  uint8_t party;    /* enum e100_party: who is to blame; NOBODY: anybody */
  uint32_t request; /* from 1 */
  uint32_t step;    /* from 1 */
};

/*
 * POLICY and READING are sets of bits from policies.def: a policy is a choice that a machine may
 * make and never changes a verdict; a reading is how the judge resolves a text that is open.
 */
struct e100_exchange {
  uint8_t kind;         /* enum e100_exchange_kind */
  uint8_t role;         /* enum e100_role */
  uint8_t seen_by;      /* enum e100_party: where the order of the steps was seen; NOBODY: at the subject */
  uint8_t has_expected; /* there was a `-- findings --` section */
  uint8_t truncated;    /* a limit was reached while decoding or recording */
  uint32_t policy;
  uint32_t reading;
  uint32_t link_count; /* at least 1 */
  struct e100_link links[E100_LINKS_LIMIT];

  struct e100_step *steps; /* owned */
  uint32_t step_count;
  uint32_t step_room;
  uint8_t *octets; /* owned */
  uint32_t octet_count;
  uint32_t octet_room;

  /* For people; never part of what is played or judged. */
  char title[E100_TITLE_LIMIT]; /* lines are separated by '\n' */
  char stays[E100_STAYS_LIMIT]; /* why the case stays, though others show the same; "": nobody says */
  uint32_t shows_count;
  char shows[E100_SHOWS_LIMIT][E100_RULE_NAME_LIMIT];
  uint32_t expected_count;
  struct e100_expected_finding expected[E100_EXPECTED_LIMIT];
};

/* ---- exchange.c: building and comparing ------------------------------------------------------ */

/* An empty exchange: kind JUDGE, role origin, one unnamed link from client to origin. */
void e100_exchange_init(struct e100_exchange *exchange);
void e100_exchange_clear(struct e100_exchange *exchange); /* as after init; keeps the memory */
void e100_exchange_free(struct e100_exchange *exchange);
void e100_exchange_copy(struct e100_exchange *to, const struct e100_exchange *from);

/* The party of a role (a proxy's role is played by E100_PROXY, and so on). */
enum e100_party e100_role_party(enum e100_role role);

/* Gives role ROLE its usual links: client-origin for origin and client; d1 and u1 for the others. */
void e100_exchange_set_role(struct e100_exchange *exchange, enum e100_role role);

/* Whose application STEP, of kind TOLD or DECIDED, is about: who passes requests on has none, so on its links
 * it is that of the other end; between a client and an origin server it is the subject's. */
enum e100_party e100_application_of(const struct e100_exchange *exchange, const struct e100_step *step);

/* Adds a link and gives its index; the existing one of that name where there is one, and
 * E100_LINKS_LIMIT - 1 once the limit is reached. */
uint32_t e100_exchange_link(struct e100_exchange *exchange, const char *name, enum e100_party client,
                            enum e100_party server);

/* Appends a step with a copy of LENGTH octets (OCTETS may be NULL where LENGTH is 0). The step's own
 * offset and length are set here. Gives the index of the step, or -1 where a limit left it out. */
int64_t e100_exchange_append(struct e100_exchange *exchange, const struct e100_step *step,
                             const uint8_t *octets, size_t length);

/* Adds octets to the last step, which carries octets. What goes over E100_OCTETS_LIMIT is cut off:
 * then `truncated` is set, and the answer is false. */
bool e100_exchange_extend(struct e100_exchange *exchange, const uint8_t *octets, size_t length);

/* The octets of a step; never NULL. */
const uint8_t *e100_step_octets(const struct e100_exchange *exchange, const struct e100_step *step);

/* Equal in everything that is played or judged; title, stays, shows and expected findings do not count. */
bool e100_exchange_equal(const struct e100_exchange *a, const struct e100_exchange *b);

/* A hash of what e100_exchange_equal compares; the same on every machine. */
uint64_t e100_exchange_hash(const struct e100_exchange *exchange);

/* Makes any exchange canonical: unused fields zero, parties that fit the link, known enums. Every
 * decoder ends with it, and it is idempotent. */
void e100_exchange_normalize(struct e100_exchange *exchange);

/* The words of the format, both ways. The _named functions give -1 for an unknown word. */
const char *e100_kind_name(unsigned kind);
const char *e100_step_kind_name(unsigned step_kind); /* "deliver", "half-close": for JSON, not for headings */
const char *e100_party_name(unsigned party);
const char *e100_role_name(unsigned role);
const char *e100_timer_name(unsigned timer);
const char *e100_told_name(unsigned told);
const char *e100_decision_name(unsigned decision);
const char *e100_await_name(unsigned await);
enum { E100_BITS = 32 /* there may be policies, or readings; their bits have gaps */ };
const char *e100_policy_name(unsigned bit);  /* NULL where a bit means nothing */
const char *e100_reading_name(unsigned bit); /* NULL where a bit means nothing */
int e100_kind_named(const char *word);
int e100_step_kind_named(const char *word);
int e100_party_named(const char *word);
int e100_role_named(const char *word);
int e100_timer_named(const char *word);
int e100_told_named(const char *word);
int e100_decision_named(const char *word);
int e100_await_named(const char *word);
int e100_policy_named(const char *word);
int e100_reading_named(const char *word);

/* Those of the readings CHOSEN that say what is judged. The others say how a recipient reads octets: the
 * reference machine is known to do so, somebody else's program is not. */
uint32_t e100_readings_of_anybody(uint32_t chosen);

/* ---- case_text.c: the .case format (docs/case-format.md) -------------------------------------- */

/* How much a remark about a text matters. */
enum e100_lint {
  E100_LINT_DOUBT, /* the text means something, but hardly what was meant, or could be told better */
  E100_LINT_LOST   /* something in it means nothing, or two things: the exchange is without it */
};

/* What lint says: the line (from 1) and a sentence. Called in the order of the lines. */
typedef void e100_lint_fn(void *user, uint32_t line, enum e100_lint weight, const char *message);

/* Decodes any octets as .case text; total. LINT may be NULL. STOP_AT_FINDINGS leaves everything
 * after `-- findings --` unread, as fuzz targets do. */
void e100_case_decode(struct e100_exchange *exchange, const uint8_t *text, size_t length,
                      bool stop_at_findings, e100_lint_fn *lint, void *user);

/* The line (from 1) of the heading of each step of .case text, in the order of the steps. Gives how many
 * steps there are. */
uint32_t e100_case_step_lines(const uint8_t *text, size_t length, uint32_t lines[E100_STEPS_LIMIT]);

/* A growing text. Start with {0}; text is NUL-terminated once anything was added. */
struct e100_text {
  char *text;
  size_t length;
  size_t room;
};
void e100_text_free(struct e100_text *text);
void e100_text_add(struct e100_text *text, const char *octets, size_t length);
void e100_text_format(struct e100_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints as .case text; decoding that text gives an equal exchange, and printing that gives the same
 * text again. The expected findings are printed too. */
void e100_case_print(const struct e100_exchange *exchange, struct e100_text *out);

/* The heading of one step as the format spells it, without the dashes: "client", "timer origin content". */
void e100_step_heading(const struct e100_exchange *exchange, const struct e100_step *step,
                       struct e100_text *out);

/* ---- choices.c: an exchange as a sequence of choices, for fuzzers ------------------------------- */

/* Octets are read as choices: an operation, then its arguments. Every octet string decodes; a zero is
 * always the simplest choice; what is missing at the end reads as zero. */
void e100_choices_decode(struct e100_exchange *exchange, const uint8_t *choices, size_t length);

/* Encodes into OUT; decoding that gives an equal exchange. */
void e100_choices_encode(const struct e100_exchange *exchange, struct e100_text *out);

/* ---- raw_octets.c: raw HTTP octets with cut points ----------------------------------------------- */

/* The first octet gives the number of cuts (mod 8); then that many pairs of octets, each a position
 * (big-endian, modulo the length + 1); the rest are octets that the client (role origin) or the
 * origin (role client) sends, cut there, and a closing `quiet`. Kind PLAY. */
void e100_raw_decode(struct e100_exchange *exchange, enum e100_role role, const uint8_t *octets,
                     size_t length);

/* Encodes the octets that the other party sends in EXCHANGE, with the cuts between its first steps. */
void e100_raw_encode(const struct e100_exchange *exchange, struct e100_text *out);

/* ---- ladder.c: the diagram -------------------------------------------------------------------------- */

/* Prints a ladder diagram of a normalized exchange as text (UTF-8; two parties take 80 columns and
 * the notes at their side). MARKS may be NULL; otherwise marks[i] != 0 points at step i (a finding is
 * there). */
void e100_ladder_print(const struct e100_exchange *exchange, const uint8_t *marks, struct e100_text *out);

#endif
