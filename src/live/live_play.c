/* live_play.c - one exchange against a program: each step begins when the one before it is done. */
#include "live/live_play.h"

#include <stdlib.h>
#include <string.h>

#include "live/live_play_inside.h"
#include "subjects/awaiting.h"
#include "subjects/subject.h"

static void go_on(struct e100_live_play *play);

/* ---- the end ------------------------------------------------------------------------------------------- */

static void on_timer_closed(uv_handle_t *handle) {
  struct e100_live_play *play = handle->data;
  play->done(play->user, play->outcome, play->why);
  free(play);
}

static void end_play(struct e100_live_play *play) {
  play->over = true;
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    if (!play->links[i].comes)
      guests_close_link(&play->links[i]);
  guests_close(play);
  uv_close((uv_handle_t *)&play->timer, on_timer_closed);
}

static void on_left(uv_timer_t *timer) {
  live_play_leave_on(timer->data);
}

/* Who opened connections to here gets time to see that they end: it might send its next request there. */
static void leave(struct e100_live_play *play) {
  play->leaving = true;
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    if (!play->links[i].comes)
      guests_close_link(&play->links[i]);
  guests_say_goodbye(play);
  uint64_t patience = guests_have_ended(play) ? 0 : play->target->settle;
  (void)uv_timer_start(&play->timer, on_left, patience, 0);
}

void live_play_leave_on(struct e100_live_play *play) {
  bool late = !uv_is_active((uv_handle_t *)&play->timer);
  if (!play->over && (late || guests_have_ended(play)))
    end_play(play);
}

static void finish(struct e100_live_play *play, enum e100_live_outcome outcome, const char *why) {
  if (play->over || play->leaving)
    return;
  play->outcome = outcome;
  (void)snprintf(play->why, sizeof play->why, "%s", why);
  if (outcome == E100_LIVE_PLAYED && play->left_out != 0)
    (void)snprintf(play->why, sizeof play->why,
                   "step %u was not played: the program has not sent on what it answers",
                   (unsigned)play->left_out);
  if (outcome != E100_LIVE_PLAYED)
    play->sink.transcript->truncated = 1;
  if (play->target->listener != NULL && outcome != E100_LIVE_UNREACHED)
    leave(play);
  else
    end_play(play);
}

/* ---- what the program does -------------------------------------------------------------------------- */

static void wait_anew(struct e100_live_play *play);
static void on_silence(uv_timer_t *timer);
static void wait_so_long(struct e100_live_play *play, uint64_t milliseconds);

static void on_opened(void *user) {
  struct link *link = user;
  struct e100_live_play *play = link->play;
  link->open = true;
  if (play->waiting == FOR_CONNECTION && play->waiting_link == link->number) {
    play->waiting = FOR_NOTHING;
    go_on(play);
  }
}

static void on_failed(void *user, const char *why) {
  struct link *link = user;
  finish(link->play, E100_LIVE_UNREACHED, why);
}

static bool came(const struct e100_live_play *play, const struct e100_step *await) {
  unsigned what = await->kind == E100_STEP_AWAIT ? await->what : (unsigned)E100_AWAIT_HEAD;
  return e100_awaited_came(play->sink.transcript, play->delivered, play->sink.party, what,
                           guests_awaited_links(play, await));
}

static void wait_for_company(struct e100_live_play *play) {
  bool over = play->target->brisk && play->at == play->exchange->step_count;
  play->waiting = FOR_COMPANY;
  wait_so_long(play, over ? 0 : E100_LIVE_COMPANY);
}

static void look_at_what_came(struct e100_live_play *play) {
  /* A step that was taken awaits something, or the next one a request to answer. */
  bool next = play->patient_at == play->at + 1;
  bool awaits = play->waiting == FOR_AWAITED && (next || play->at > 0);
  if (awaits && came(play, &play->exchange->steps[next ? play->at : play->at - 1])) {
    wait_for_company(play);
  } else {
    wait_anew(play);
  }
}

/* An alert or a handshake of TLS where plain octets were said (RFC 8446 5.1). */
static bool is_tls(const struct e100_live_play *play, const uint8_t *octets, size_t length) {
  return play->target->address.kind != E100_ADDRESS_TLS && length >= 3 &&
         (octets[0] == 0x15 || octets[0] == 0x16) && octets[1] == 0x03 && octets[2] <= 0x04;
}

static void on_received(void *user, const uint8_t *octets, size_t length) {
  struct link *link = user;
  struct e100_live_play *play = link->play;
  if (play->over || play->leaving)
    return;
  if (play->received == 0 && !link->comes && is_tls(play, octets, length)) {
    finish(play, E100_LIVE_UNREACHED, "it speaks TLS; is it tls:HOST:PORT");
    return;
  }
  uint64_t room = play->target->octets - play->received;
  e100_sink_send(&play->sink, link->number, octets, length < room ? length : (size_t)room);
  play->received += length;
  if (length > room)
    finish(play, E100_LIVE_TOO_MUCH, "it sent more octets than are taken (--limit)");
  else
    look_at_what_came(play);
}

static void on_sent(void *user) {
  struct link *link = user;
  struct e100_live_play *play = link->play;
  if (play->waiting == FOR_OCTETS_TO_LEAVE && play->waiting_link == link->number && !play->leaving) {
    play->waiting = FOR_NOTHING;
    go_on(play);
  }
}

/* Nothing can come any more; but where the program opens connections, it may open another. */
static bool all_ended(const struct e100_live_play *play) {
  if (play->target->listener != NULL)
    return false;
  for (uint32_t i = 0; i < play->exchange->link_count; i++)
    if (play->links[i].stream != NULL && !play->links[i].ended)
      return false;
  return true;
}

static void on_ended(void *user, enum e100_step_kind how) {
  struct link *link = user;
  struct e100_live_play *play = link->play;
  if (play->over || play->leaving)
    return;
  link->ended = true;
  e100_sink_end(&play->sink, link->number, how);
  if (play->waiting == FOR_OCTETS_TO_LEAVE && play->waiting_link == link->number) {
    play->waiting = FOR_NOTHING; /* nobody takes them any more */
    go_on(play);
  } else if (all_ended(play) && play->waiting >= FOR_SILENCE) {
    on_silence(&play->timer); /* nothing can come any more */
  } else {
    wait_anew(play);
  }
}

const struct e100_stream_calls live_link_calls = {
    .opened = on_opened, .failed = on_failed, .received = on_received, .sent = on_sent, .ended = on_ended};

/* ---- waiting ---------------------------------------------------------------------------------------- */

/* Timers fire before sockets are looked at: on a busy machine what came in time may still wait there. */
static void on_time(uv_timer_t *timer) {
  struct e100_live_play *play = timer->data;
  if (play->doubted) {
    on_silence(timer);
    return;
  }
  play->doubted = true;
  (void)uv_timer_start(timer, on_time, E100_LIVE_DOUBT, 0);
}

static void wait_so_long(struct e100_live_play *play, uint64_t milliseconds) {
  play->doubted = false;
  (void)uv_timer_start(&play->timer, on_time, milliseconds, 0);
}

/* The silence that is waited for begins anew; but not for ever. */
static void wait_anew(struct e100_live_play *play) {
  if (play->over || play->leaving || play->waiting < FOR_OCTETS_TO_LEAVE)
    return;
  uint64_t waited = uv_now(play->timer.loop) - play->waiting_since;
  if (waited > (uint64_t)play->target->settle * E100_LIVE_PATIENCE)
    finish(play, E100_LIVE_RESTLESS, "it did not stop sending (E100_LIVE_PATIENCE)");
  else
    wait_so_long(play, play->target->settle);
}

static void wait_for(struct e100_live_play *play, enum waiting what, uint32_t link) {
  play->waiting = what;
  play->waiting_link = link;
  play->waiting_since = uv_now(play->timer.loop);
  if (what > FOR_CONNECTION)
    wait_anew(play);
}

static void on_silence(uv_timer_t *timer) {
  struct e100_live_play *play = timer->data;
  static const struct e100_step settled = {.kind = E100_STEP_SETTLED};
  enum waiting was = play->waiting;
  if (play->over)
    return;
  (void)uv_timer_stop(timer);
  play->waiting = FOR_NOTHING;
  if (was == FOR_COMPANY) {
    go_on(play);
    return;
  }
  if (was == FOR_THE_END) {
    finish(play, E100_LIVE_PLAYED, "");
    return;
  }
  /* Octets that do not leave are a silence, too: the program does not read. */
  e100_sink_write(&play->sink, &settled, NULL);
  go_on(play);
}

/* ---- what we do ------------------------------------------------------------------------------------- */

/* Makes sure that the link is there; false where that has to be waited for. */
static bool is_there(struct e100_live_play *play, struct link *link) {
  if (link->stream == NULL && !link->comes && !link->gone)
    link->stream = e100_stream_open(play->timer.loop, &play->target->address, play->target->connect,
                                    &live_link_calls, link);
  if (!link->open)
    wait_for(play, FOR_CONNECTION, link->number);
  return link->open;
}

/* A final response lets nobody wait any more. */
static void note_answer(struct link *link, const struct e100_exchange *transcript) {
  uint32_t last = transcript->step_count - 1;
  if (e100_awaited_came(transcript, last, transcript->steps[last].from, E100_AWAIT_FINAL, 1u << link->number))
    link->asked = false;
}

static void deliver(struct e100_live_play *play, struct link *link, const struct e100_step *step) {
  const uint8_t *octets = e100_step_octets(play->exchange, step);
  struct e100_step taken = *step;
  if (link->shut || play->sink.closed[link->number] || step->length == 0)
    return;
  taken.link = (uint8_t)link->number;
  e100_sink_write(&play->sink, &taken, octets);
  play->delivered = play->sink.transcript->step_count;
  if (link->comes)
    note_answer(link, play->sink.transcript);
  wait_for(play, FOR_OCTETS_TO_LEAVE, link->number);
  e100_stream_send(link->stream, octets, step->length);
}

static void end_link(struct e100_live_play *play, struct link *link, const struct e100_step *step) {
  struct e100_step taken = *step;
  if (link->shut && step->kind == E100_STEP_HALF_CLOSE)
    return;
  taken.link = (uint8_t)link->number;
  e100_sink_write(&play->sink, &taken, NULL);
  link->shut = true;
  link->asked = false;
  if (step->kind == E100_STEP_HALF_CLOSE) {
    e100_stream_shut(link->stream);
    return;
  }
  if (step->kind == E100_STEP_RESET)
    e100_stream_reset(link->stream);
  guests_close_link(link);
  link->ended = link->gone = true; /* what it may still send nobody sees */
  play->sink.shut[link->number] = play->sink.closed[link->number] = true;
}

/* A new connection in place of one that is gone. */
static void open_anew(struct e100_live_play *play, const struct e100_step *step) {
  struct link *link = &play->links[step->link];
  if (!link->ended || link->comes)
    return;
  guests_close_link(link);
  *link = (struct link){.play = play, .number = step->link};
  e100_sink_write(&play->sink, step, NULL);
  play->sink.shut[step->link] = play->sink.closed[step->link] = false;
}

/* Octets, or an end; false where the step is to be taken again: once the connection is there, or the request
 * has come that it answers. */
static bool act(struct e100_live_play *play, const struct e100_step *step) {
  if (guests_lack_request(play, step)) {
    if (play->patient_at == play->at) { /* the program did not ask the origin server */
      play->left_out = play->left_out != 0 ? play->left_out : play->at;
      return true;
    }
    play->patient_at = play->at;
    wait_for(play, FOR_AWAITED, step->link);
    return false;
  }
  struct link *link = guests_place(play, step);
  if (link == NULL || link->gone)
    return true; /* the program did not open it, or it is closed already */
  if (!is_there(play, link))
    return false;
  if (guests_did_not_ask(play, link, step) || guests_lack_tunnel(play, link, step))
    return true;
  if (step->kind == E100_STEP_DELIVER)
    deliver(play, link, step);
  else
    end_link(play, link, step);
  return true;
}

/* Takes one step; false where it is to be taken again once the connection is there. */
static bool take_step(struct e100_live_play *play, const struct e100_step *step) {
  bool own = step->from == play->sink.party;
  if ((step->flags & E100_STEP_EXPECTED) != 0 || (own && step->kind != E100_STEP_SETTLED))
    return true;
  switch (step->kind) {
  case E100_STEP_DELIVER:
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    return act(play, step);
  case E100_STEP_OPEN:
    open_anew(play, step);
    break;
  case E100_STEP_SETTLED:
  case E100_STEP_QUIET:
    wait_for(play, FOR_SILENCE, 0);
    break;
  case E100_STEP_AWAIT:
    if (!came(play, step))
      wait_for(play, FOR_AWAITED, step->link);
    else
      wait_for_company(play);
    break;
  case E100_STEP_TIMER:
    e100_sink_write(&play->sink, step, NULL);
    break;
  default: /* what the application is told and decides */
    break;
  }
  return true;
}

/* A silence that is recorded at the end is not waited for twice. */
static bool ends_silently(const struct e100_exchange *transcript) {
  return transcript->step_count > 0 &&
         transcript->steps[transcript->step_count - 1].kind == E100_STEP_SETTLED;
}

static void go_on(struct e100_live_play *play) {
  if (play->going)
    return;
  play->going = true;
  while (!play->over && play->waiting == FOR_NOTHING && play->at < play->exchange->step_count) {
    const struct e100_step *step = &play->exchange->steps[play->at++];
    if (!take_step(play, step))
      play->at--;
    if (play->waiting == FOR_SILENCE && all_ended(play))
      on_silence(&play->timer);
  }
  play->going = false;
  if (play->over || play->waiting != FOR_NOTHING)
    return;
  if (play->target->brisk || ends_silently(play->sink.transcript) || all_ended(play))
    finish(play, E100_LIVE_PLAYED, "");
  else
    wait_for(play, FOR_THE_END, 0);
}

/* The head of the transcript: as the play's, seen from this end. */
static void begin(const struct e100_exchange *play, struct e100_exchange *transcript) {
  e100_exchange_clear(transcript);
  transcript->kind = E100_KIND_JUDGE;
  transcript->role = play->role;
  transcript->seen_by = E100_CLIENT;
  transcript->reading = e100_readings_of_anybody(play->reading);
  transcript->link_count = play->link_count;
  memcpy(transcript->links, play->links, sizeof play->links);
}

void e100_live_play_start(uv_loop_t *loop, const struct e100_exchange *exchange,
                          const struct e100_live_target *target, struct e100_exchange *transcript,
                          e100_live_done *done, void *user) {
  struct e100_live_play *play = calloc(1, sizeof *play);
  E100_CHECK(play != NULL, "out of memory");
  begin(exchange, transcript);
  play->exchange = exchange;
  play->target = target;
  play->done = done;
  play->user = user;
  play->sink.transcript = transcript;
  play->sink.party = (uint8_t)e100_role_party((enum e100_role)exchange->role);
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    play->links[i] = (struct link){.play = play, .number = i};
  (void)uv_timer_init(loop, &play->timer);
  play->timer.data = play;
  guests_welcome(play);
  go_on(play);
}
