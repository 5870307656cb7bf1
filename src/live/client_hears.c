/* client_hears.c - what a client program does: its connections, their octets, and what it says. */
#include "live/client_lines.h"
#include "live/client_play_inside.h"
#include "subjects/awaiting.h"
#include "subjects/subject.h"

static void look_at_what_came(struct e100_client_play *play) {
  unsigned awaited = play->waiting == FOR_AWAITED ? play->exchange->steps[play->at - 1].what : 0;
  if (play->waiting == FOR_AWAITED &&
      e100_awaited_came(play->sink.transcript, play->delivered, E100_CLIENT, awaited, UINT32_MAX)) {
    play->waiting = FOR_NOTHING;
    play->in_vain = false;
    client_play_go_on(play);
  } else {
    client_play_wait_anew(play);
  }
}

static void on_received(void *user, const uint8_t *octets, size_t length) {
  struct link *link = user;
  struct e100_client_play *play = link->play;
  if (play->over)
    return;
  uint64_t room = play->target->octets - play->received;
  play->current = link->number;
  link->used = true;
  e100_sink_send(&play->sink, link->number, octets, length < room ? length : (size_t)room);
  play->received += length;
  if (length > room)
    client_play_finish(play, E100_LIVE_TOO_MUCH, "it sent more octets than are taken (--limit)");
  else
    look_at_what_came(play);
}

static void on_sent(void *user) {
  struct link *link = user;
  struct e100_client_play *play = link->play;
  if (play->waiting == FOR_OCTETS_TO_LEAVE && play->current == link->number) {
    play->waiting = FOR_NOTHING;
    client_play_go_on(play);
  }
}

static void on_ended(void *user, enum e100_step_kind how) {
  struct link *link = user;
  struct e100_client_play *play = link->play;
  if (play->over)
    return;
  link->ended = true;
  e100_sink_end(&play->sink, link->number, how);
  if (play->waiting == FOR_OCTETS_TO_LEAVE && play->current == link->number) {
    play->waiting = FOR_NOTHING; /* nobody takes them any more */
    client_play_go_on(play);
  } else {
    client_play_wait_anew(play);
  }
}

static const struct e100_stream_calls stream_calls = {
    .received = on_received, .sent = on_sent, .ended = on_ended};

/* The link of a new connection: one that was not used yet, else the first that is over; or NULL. */
static struct link *choose_link(struct e100_client_play *play) {
  struct e100_exchange *transcript = play->sink.transcript;
  const struct e100_step opens = {.kind = E100_STEP_OPEN, .from = E100_CLIENT};
  if (play->links_used < E100_LINKS_LIMIT) {
    uint32_t number = play->links_used++;
    transcript->links[number] = (struct e100_link){.client = E100_CLIENT, .server = E100_ORIGIN};
    transcript->link_count = play->links_used;
    return &play->links[number];
  }
  for (uint32_t i = 0; i < E100_LINKS_LIMIT; i++) {
    struct link *link = &play->links[i];
    struct e100_step step = opens;
    if (link->stream != NULL && !link->ended)
      continue;
    if (link->stream != NULL)
      e100_stream_close(link->stream);
    step.link = (uint8_t)i;
    e100_sink_write(&play->sink, &step, NULL);
    play->sink.shut[i] = play->sink.closed[i] = false;
    *link = (struct link){.play = play, .number = i};
    return link;
  }
  return NULL;
}

/* It is still the one that the program uses: a new connection may be a spare one. */
static bool is_in_use(const struct link *link) {
  return link->used && link->stream != NULL && !link->shut && !link->ended;
}

void client_hears_connection(void *user, struct e100_listener *listener) {
  struct e100_client_play *play = user;
  if (play->over)
    return;
  struct link *link = choose_link(play);
  if (link == NULL) {
    struct e100_stream *stream = e100_listener_take(listener, &stream_calls, &play->links[0]);
    if (stream != NULL)
      e100_stream_reset(stream);
    return;
  }
  link->stream = e100_listener_take(listener, &stream_calls, link);
  if (link->stream != NULL && play->target->tls)
    e100_stream_secure(link->stream);
  if (!is_in_use(&play->links[play->current]))
    play->current = link->number;
  client_play_wait_anew(play);
}

static void look_whether_idle(struct e100_client_play *play) {
  if (play->waiting == FOR_ITS_WORD && client_play_is_idle(play)) {
    play->waiting = FOR_NOTHING;
    client_play_go_on(play);
  } else {
    client_play_wait_anew(play);
  }
}

static void on_said(void *user, const char *line) {
  struct e100_client_play *play = user;
  enum e100_told told = E100_TOLD_HEAD;
  uint32_t number = 0;
  bool dropped = e100_client_dropped(line);
  if (play->over || !play->drives || play->links_used == 0 ||
      (!dropped && !e100_client_said(line, &told, &number)))
    return;
  struct e100_step step = {.kind = dropped ? E100_STEP_DECIDED : E100_STEP_TOLD};
  step.what = dropped ? (uint8_t)E100_DECIDE_CLOSE : (uint8_t)told;
  step.status = (uint16_t)(told == E100_TOLD_CONTENT ? 0 : number);
  step.link = (uint8_t)e100_client_line_link(play->sink.transcript, &step, play->current);
  if (dropped)
    e100_sink_decided(&play->sink, &step, NULL, 0);
  else
    e100_sink_told(&play->sink, step.link, told, number);
  bool over = dropped || told == E100_TOLD_COMPLETE || told == E100_TOLD_ABORTED;
  if (over && play->outstanding > 0)
    play->outstanding--;
  look_whether_idle(play);
}

/* What a driver did not come to say: its application got nothing more. */
static void on_program_ended(void *user) {
  struct e100_client_play *play = user;
  if (play->over)
    return;
  const struct e100_step gives_up = {.kind = E100_STEP_TOLD, .what = E100_TOLD_ABORTED};
  uint32_t link = e100_client_line_link(play->sink.transcript, &gives_up, play->current);
  for (; play->drives && play->links_used > 0 && play->outstanding > 0; play->outstanding--)
    e100_sink_told(&play->sink, link, E100_TOLD_ABORTED, 0);
  look_whether_idle(play);
}

const struct e100_program_calls client_program_calls = {.said = on_said, .ended = on_program_ended};
