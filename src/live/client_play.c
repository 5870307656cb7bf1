/* client_play.c - one exchange against a client program: each step begins when the one before it is done. */
#include "live/client_play.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live/client_play_inside.h"
#include "subjects/awaiting.h"
#include "subjects/subject.h"

static void on_silence(uv_timer_t *timer);

/* ---- the end ------------------------------------------------------------------------------------------- */

static void remove_folder(const struct e100_client_play *play) {
  char path[E100_ORDER_FOLDER_LIMIT + 32];
  if (play->folder[0] == '\0')
    return;
  for (unsigned i = 1; i <= play->orders; i++) {
    e100_client_order_path(play->folder, i, path, sizeof path);
    (void)unlink(path);
  }
  e100_client_ca_path(play->folder, path, sizeof path);
  (void)unlink(path);
  (void)rmdir(play->folder);
}

static void on_timer_closed(uv_handle_t *handle) {
  struct e100_client_play *play = handle->data;
  remove_folder(play);
  play->done(play->user, play->outcome, play->why);
  free(play);
}

/* Links have names where there are several. */
static void name_links(struct e100_exchange *transcript) {
  for (uint32_t i = 0; i < transcript->link_count && transcript->link_count > 1; i++)
    (void)snprintf(transcript->links[i].name, sizeof transcript->links[i].name, "d%u", i + 1);
}

void client_play_finish(struct e100_client_play *play, enum e100_live_outcome outcome, const char *why) {
  if (play->over)
    return;
  play->over = true;
  play->outcome = outcome;
  (void)snprintf(play->why, sizeof play->why, "%s", why);
  if (play->program != NULL)
    e100_program_stop(play->program);
  if (play->listener != NULL)
    e100_listener_close(play->listener);
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    if (play->links[i].stream != NULL)
      e100_stream_close(play->links[i].stream);
  name_links(play->sink.transcript);
  if (outcome != E100_LIVE_PLAYED)
    play->sink.transcript->truncated = 1;
  uv_close((uv_handle_t *)&play->timer, on_timer_closed);
}

/* It has made no connection. */
static void finish_unreached(struct e100_client_play *play) {
  char why[sizeof play->why], how[sizeof play->why / 2];
  e100_program_ending(play->program, how, sizeof how);
  (void)snprintf(why, sizeof why, "it has made no connection; %s", how);
  client_play_finish(play, E100_LIVE_UNREACHED, why);
}

/* ---- waiting ------------------------------------------------------------------------------------------- */

bool client_play_is_idle(const struct e100_client_play *play) {
  if (play->program == NULL || e100_program_has_ended(play->program))
    return true;
  return play->drives && play->outstanding == 0;
}

/* Nothing can come any more: it has ended, and its connections have. */
static bool is_gone(const struct e100_client_play *play) {
  bool gone = play->program != NULL && e100_program_has_ended(play->program) && play->links_used > 0;
  for (uint32_t i = 0; i < play->links_used; i++)
    gone = gone && (play->links[i].stream == NULL || play->links[i].ended);
  return gone;
}

/* How long the silence may last that is waited for now. */
static unsigned length_of_silence(const struct e100_client_play *play) {
  bool busy = !client_play_is_idle(play);
  if (is_gone(play))
    return 0;
  if (busy && play->links_used == 0) /* no silence before it has connected */
    return play->target->start;
  if (busy && play->waiting >= FOR_AWAITED)
    return play->target->patience;
  return play->target->settle;
}

void client_play_wait_anew(struct e100_client_play *play) {
  if (play->over || play->waiting == FOR_NOTHING)
    return;
  uint64_t waited = uv_now(play->timer.loop) - play->waiting_since;
  uint64_t most =
      (uint64_t)play->target->settle * E100_LIVE_PATIENCE + play->target->patience + play->target->start;
  play->long_silence = play->doubted = false;
  if (waited > most)
    client_play_finish(play, E100_LIVE_RESTLESS, "it did not stop sending (E100_LIVE_PATIENCE)");
  else
    (void)uv_timer_start(&play->timer, on_silence, length_of_silence(play), 0);
}

static void wait_for(struct e100_client_play *play, enum waiting what) {
  play->waiting = what;
  play->waiting_since = uv_now(play->timer.loop);
  play->received_since = play->received;
  client_play_wait_anew(play);
}

static bool is_silence(const struct e100_step *step) {
  return step->kind == E100_STEP_SETTLED || step->kind == E100_STEP_QUIET;
}

static void write_silence(struct e100_client_play *play) {
  static const struct e100_step settled = {.kind = E100_STEP_SETTLED};
  const struct e100_exchange *transcript = play->sink.transcript;
  bool silent = transcript->step_count > 0 && is_silence(&transcript->steps[transcript->step_count - 1]);
  if (!silent && !is_gone(play))
    e100_sink_write(&play->sink, &settled, NULL);
}

/* Its own time: the first silence is short; where it did nothing until then it may take long. True: it is
 * waited for. */
static bool waits_on(struct e100_client_play *play) {
  struct e100_exchange *transcript = play->sink.transcript;
  bool went_on = play->received > play->received_since;
  write_silence(play);
  if (went_on || is_gone(play) || transcript->step_count == 0)
    return false;
  if (!play->long_silence) {
    play->long_silence = true;
    (void)uv_timer_start(&play->timer, on_silence, play->target->patience, 0);
    return true;
  }
  transcript->steps[transcript->step_count - 1].kind = E100_STEP_QUIET;
  return false;
}

static void on_silence(uv_timer_t *timer) {
  struct e100_client_play *play = timer->data;
  enum waiting was = play->waiting;
  if (play->over)
    return;
  if (!play->doubted) { /* on a busy machine what came may wait to be looked at */
    play->doubted = true;
    (void)uv_timer_start(timer, on_silence, E100_LIVE_DOUBT, 0);
    return;
  }
  play->doubted = false;
  if (play->links_used == 0 && play->orders > 0) {
    finish_unreached(play);
    return;
  }
  if (was == FOR_ITS_OWN_TIME && waits_on(play))
    return;
  (void)uv_timer_stop(timer);
  write_silence(play);
  play->waiting = FOR_NOTHING;
  if (was == FOR_AWAITED)
    play->in_vain = play->exchange->steps[play->at - 1].what == E100_AWAIT_HEAD;
  if (was == FOR_THE_END)
    client_play_finish(play, E100_LIVE_PLAYED, "");
  else
    client_play_go_on(play);
}

/* ---- what we do ---------------------------------------------------------------------------------------- */

static bool start_program(struct e100_client_play *play, const struct e100_client_order *order) {
  char why[256];
  const char *command = order->command != NULL ? order->command : play->target->command;
  play->program = e100_program_start(play->timer.loop, command, (const char *const *)order->variables,
                                     &client_program_calls, play, why, sizeof why);
  if (play->program == NULL)
    client_play_finish(play, E100_LIVE_UNREACHED, why);
  return play->program != NULL;
}

/* Tells the program of a request, and starts it where it is the first. A driver is not told of the next one
 * before it has said that the last is over: so what it says is about the latest request. */
static void ask(struct e100_client_play *play, const struct e100_step *step) {
  struct e100_client_order order;
  if (play->orders > 0 && !client_play_is_idle(play) && !play->word_awaited) {
    play->word_awaited = true;
    play->at--; /* again, afterwards */
    wait_for(play, FOR_ITS_WORD);
    return;
  }
  play->word_awaited = false;
  if (play->orders > 0 && (!play->drives || e100_program_has_ended(play->program)))
    return;
  const struct e100_client_place place = {.folder = play->folder,
                                          .number = ++play->orders,
                                          .port = e100_listener_port(play->listener),
                                          .tls = play->target->tls};
  const char *wrong = e100_client_order(play->exchange, step, play->target->command, &place, &order);
  if (wrong != NULL)
    client_play_finish(play, E100_LIVE_UNREACHED, wrong);
  else if ((play->program != NULL || start_program(play, &order)) && play->drives) {
    e100_sink_write(&play->sink, step, e100_step_octets(play->exchange, step));
    play->outstanding++;
    e100_program_tell(play->program, order.line, strlen(order.line));
  }
  e100_client_order_free(&order);
}

/* The connection that the origin answers on; NULL where there is none. */
static struct link *answered_link(struct e100_client_play *play) {
  struct link *link = &play->links[play->current];
  bool there = link->stream != NULL && !link->shut && !link->ended && !play->in_vain;
  return there ? link : NULL;
}

static void deliver(struct e100_client_play *play, const struct e100_step *step) {
  struct link *link = answered_link(play);
  const uint8_t *octets = e100_step_octets(play->exchange, step);
  struct e100_step here = *step;
  if (link == NULL || step->length == 0)
    return;
  here.link = (uint8_t)link->number;
  e100_sink_write(&play->sink, &here, octets);
  play->delivered = play->sink.transcript->step_count;
  wait_for(play, FOR_OCTETS_TO_LEAVE);
  e100_stream_send(link->stream, octets, step->length);
}

static void end_link(struct e100_client_play *play, const struct e100_step *step) {
  struct link *link = answered_link(play);
  struct e100_step here = *step;
  if (link == NULL)
    return;
  here.link = (uint8_t)link->number;
  e100_sink_write(&play->sink, &here, NULL);
  link->shut = true;
  if (step->kind == E100_STEP_HALF_CLOSE) {
    e100_stream_shut(link->stream);
    return;
  }
  if (step->kind == E100_STEP_RESET)
    e100_stream_reset(link->stream);
  else
    e100_stream_close(link->stream);
  link->stream = NULL;
  link->ended = true; /* what it may still send nobody sees */
  play->sink.shut[link->number] = play->sink.closed[link->number] = true;
}

static void await(struct e100_client_play *play, const struct e100_step *step) {
  if (step->what != E100_AWAIT_HEAD && play->in_vain)
    return;
  play->in_vain = false;
  if (!e100_awaited_came(play->sink.transcript, play->delivered, E100_CLIENT, step->what, UINT32_MAX))
    wait_for(play, FOR_AWAITED);
}

static void take_step(struct e100_client_play *play, const struct e100_step *step) {
  if ((step->flags & E100_STEP_EXPECTED) != 0)
    return;
  switch (step->kind) {
  case E100_STEP_DELIVER:
    if (step->from == E100_ORIGIN)
      deliver(play, step);
    break;
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    if (step->from == E100_ORIGIN)
      end_link(play, step);
    break;
  case E100_STEP_SETTLED:
    wait_for(play, FOR_SILENCE);
    break;
  case E100_STEP_QUIET:
  case E100_STEP_TIMER:
    wait_for(play, FOR_ITS_OWN_TIME);
    break;
  case E100_STEP_AWAIT:
    await(play, step);
    break;
  case E100_STEP_DECIDED:
    if (step->what == E100_DECIDE_REQUEST)
      ask(play, step);
    break;
  default: /* what its application is told, it says itself */
    break;
  }
}

void client_play_go_on(struct e100_client_play *play) {
  if (play->going)
    return;
  play->going = true;
  while (!play->over && play->waiting == FOR_NOTHING && play->at < play->exchange->step_count)
    take_step(play, &play->exchange->steps[play->at++]);
  play->going = false;
  if (!play->over && play->waiting == FOR_NOTHING)
    wait_for(play, FOR_THE_END);
}

/* ---- the beginning ------------------------------------------------------------------------------------- */

/* The head of the transcript: as the play's, seen from this end. */
static void begin(const struct e100_exchange *play, struct e100_exchange *transcript) {
  e100_exchange_clear(transcript);
  e100_exchange_set_role(transcript, E100_ROLE_CLIENT);
  transcript->kind = E100_KIND_JUDGE;
  transcript->seen_by = E100_ORIGIN;
  transcript->reading = e100_readings_of_anybody(play->reading);
}

bool e100_client_play_suits(const struct e100_exchange *play, const char *command) {
  unsigned requests = 0;
  for (uint32_t i = 0; i < play->step_count; i++)
    requests +=
        play->steps[i].kind == E100_STEP_DECIDED && play->steps[i].what == E100_DECIDE_REQUEST ? 1 : 0;
  return requests == 1 || !e100_command_asks_once(command);
}

static void make_ready(struct e100_client_play *play) {
  char why[256];
  play->listener = e100_listener_open(play->timer.loop, 0, client_hears_connection, play, why, sizeof why);
  if (play->listener == NULL) {
    client_play_finish(play, E100_LIVE_UNREACHED, why);
    return;
  }
  const char *temporary = getenv("TMPDIR");
  int length = snprintf(play->folder, sizeof play->folder, "%s/expect100-client-XXXXXX",
                        temporary != NULL ? temporary : "/tmp");
  if ((size_t)length >= sizeof play->folder || mkdtemp(play->folder) == NULL) {
    play->folder[0] = '\0';
    client_play_finish(play, E100_LIVE_UNREACHED, "no folder could be made in $TMPDIR, or /tmp");
    return;
  }
  client_play_go_on(play);
}

void e100_client_play_start(uv_loop_t *loop, const struct e100_exchange *exchange,
                            const struct e100_client_target *target, struct e100_exchange *transcript,
                            e100_live_done *done, void *user) {
  struct e100_client_play *play = calloc(1, sizeof *play);
  E100_CHECK(play != NULL, "out of memory");
  begin(exchange, transcript);
  play->exchange = exchange;
  play->target = target;
  play->done = done;
  play->user = user;
  play->drives = !e100_command_asks_once(target->command);
  play->sink.transcript = transcript;
  play->sink.party = E100_CLIENT;
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++)
    play->links[i] = (struct link){.play = play, .number = i};
  (void)uv_timer_init(loop, &play->timer);
  play->timer.data = play;
  make_ready(play);
}
