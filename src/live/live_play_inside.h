/* live_play_inside.h - an exchange that is being played; private to src/live. */
#ifndef E100_LIVE_PLAY_INSIDE_H
#define E100_LIVE_PLAY_INSIDE_H

#include "live/live_play.h"
#include "live/stream.h"
#include "subjects/sink.h"

enum { E100_GUESTS_LIMIT = 32 /* connections of the program in one exchange; further ones are closed */ };

/* What the play waits for before its next step. COMPANY: what was awaited came, and what was sent with it may
 * be behind. */
enum waiting {
  FOR_NOTHING,
  FOR_CONNECTION,
  FOR_COMPANY,
  FOR_OCTETS_TO_LEAVE,
  FOR_SILENCE,
  FOR_AWAITED,
  FOR_THE_END
};

struct link {
  struct e100_live_play *play;
  uint32_t number;
  struct e100_stream *stream; /* NULL: none */
  bool open;
  bool shut;  /* our end sends no more */
  bool ended; /* the program's end sends no more */
  bool gone;  /* our end is closed */
  bool comes; /* the program opens it */
  bool asked; /* ... and something came since our last final response */
  enum tunnelling {
    NO_TUNNEL,
    TUNNEL_IS_ASKED_FOR, /* our client has sent CONNECT, and no 2xx has come */
    TUNNEL_IS_THERE
  } tunnel;
};

/* A connection that the program has opened. It gets a link with its first octets: programs also open
 * connections that they never use. */
struct guest {
  struct e100_live_play *play;
  struct e100_stream *stream; /* NULL: none */
  struct link *link;          /* NULL: none yet */
  bool ended;
};

struct e100_live_play {
  uv_timer_t timer;
  const struct e100_exchange *exchange;
  const struct e100_live_target *target;
  struct e100_sink sink;
  e100_live_done *done;
  void *user;
  uint32_t at;         /* the next step */
  uint32_t patient_at; /* the step before which a request was waited for, and 1 */
  uint32_t delivered;  /* steps of the transcript up to the last delivery to the program */
  enum waiting waiting;
  uint32_t waiting_link;
  uint64_t received;
  uint64_t waiting_since; /* of the loop's clock */
  bool doubted;           /* the time is over, and sockets are looked at once more */
  bool going;             /* inside go_on: what happens there is seen by it */
  bool leaving;           /* the transcript is complete; the program's connections are ended in peace */
  bool over;
  enum e100_live_outcome outcome;
  char why[256];
  uint32_t left_out; /* the first step that answers a request which never came, from 1; 0: none */
  struct link links[E100_LINKS_LIMIT];
  uint8_t place[E100_LINKS_LIMIT]; /* for each link of the play that the program opens: where its steps go */
  struct guest guests[E100_GUESTS_LIMIT];
};

/* What becomes of a link's stream; the user is the link. */
extern const struct e100_stream_calls live_link_calls;

/* guests.c: takes connections of the program from the target's listener, and calls live_link_calls for those
 * that have a link. */
void guests_welcome(struct e100_live_play *play);
/* Closes the stream of a link, if it has one, and forgets it. */
void guests_close_link(struct link *link);
/* Half-closes all of them. */
void guests_say_goodbye(struct e100_live_play *play);
bool guests_have_ended(const struct e100_live_play *play);
void guests_close(struct e100_live_play *play);
/* The link on which STEP of the play is to be taken: a step of an origin server goes where a request waits,
 * as the program chooses the connection. NULL: there is none. */
struct link *guests_place(struct e100_live_play *play, const struct e100_step *step);
/* STEP is of an origin server and begins a response, and its request does not wait for one. */
bool guests_lack_request(struct e100_live_play *play, const struct e100_step *step);
/* STEP begins with a 100 for whoever asks on LINK; and the program did not, though its client does: it has
 * answered for itself. A server says nothing then. */
bool guests_did_not_ask(const struct e100_live_play *play, const struct link *link,
                        const struct e100_step *step);
/* STEP goes on within a tunnel that our client has asked for on LINK, and that nobody has opened: a client
 * has to wait for that (RFC 9110 9.3.6), and what it would send does not take place. */
bool guests_lack_tunnel(const struct e100_live_play *play, struct link *link, const struct e100_step *step);
/* The links that a step of the play which awaits something is about, a set of 1 << index. */
uint32_t guests_awaited_links(const struct e100_live_play *play, const struct e100_step *step);

/* live_play.c: all that is left is to let the program end its connections. */
void live_play_leave_on(struct e100_live_play *play);

#endif
