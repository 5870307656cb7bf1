/* client_play_inside.h - an exchange that is being played against a client program; private to src/live. */
#ifndef E100_CLIENT_PLAY_INSIDE_H
#define E100_CLIENT_PLAY_INSIDE_H

#include "live/client_orders.h"
#include "live/client_play.h"
#include "live/listener.h"
#include "live/program.h"
#include "subjects/sink.h"

/* What the play waits for before its next step. */
enum waiting {
  FOR_NOTHING,
  FOR_OCTETS_TO_LEAVE,
  FOR_SILENCE,
  FOR_ITS_OWN_TIME,
  FOR_AWAITED,
  FOR_ITS_WORD,
  FOR_THE_END
};

struct link {
  struct e100_client_play *play;
  uint32_t number;
  struct e100_stream *stream; /* NULL: none */
  bool used;                  /* the program has sent octets */
  bool shut;                  /* our end sends no more */
  bool ended;                 /* the program's end sends no more */
};

struct e100_client_play {
  uv_timer_t timer;
  const struct e100_exchange *exchange;
  const struct e100_client_target *target;
  struct e100_listener *listener;
  struct e100_program *program; /* NULL: not started yet */
  struct e100_sink sink;
  e100_live_done *done;
  void *user;
  char folder[E100_ORDER_FOLDER_LIMIT];
  uint32_t at;        /* the next step */
  uint32_t delivered; /* steps of the transcript up to the last delivery to the program */
  uint32_t links_used;
  uint32_t current; /* the link on which the program sent last, or that it opened after that one's end */
  enum waiting waiting;
  uint64_t waiting_since;  /* of the loop's clock */
  uint64_t received_since; /* what was received then */
  uint64_t received;
  unsigned orders;      /* requests that it was told of */
  unsigned outstanding; /* ... of which it has not said that they are over */
  bool drives;          /* it is told line by line, and says what it sees */
  bool long_silence;    /* its own time: the first silence is over */
  bool in_vain;         /* no request came that was awaited */
  bool doubted;         /* the silence is over by the clock; what came meanwhile was not looked at yet */
  bool word_awaited;    /* it had its time to say that the request before is over */
  bool going;           /* inside go_on: what happens there is seen by it */
  bool over;
  enum e100_live_outcome outcome;
  char why[512];
  struct link links[E100_LINKS_LIMIT];
};

/* client_hears.c: what becomes of connections that the program opens, and of the program. The user of the
 * first and of the last is the play. */
void client_hears_connection(void *user, struct e100_listener *listener);
extern const struct e100_program_calls client_program_calls;

/* client_play.c */
void client_play_go_on(struct e100_client_play *play);
void client_play_finish(struct e100_client_play *play, enum e100_live_outcome outcome, const char *why);
/* Nothing was asked of it that is not over, as far as it says. */
bool client_play_is_idle(const struct e100_client_play *play);
/* The silence that is waited for begins anew; but not for ever. */
void client_play_wait_anew(struct e100_client_play *play);

#endif
