/*
 * play.c - plays what the others do against a subject, and writes down the whole conversation.
 *
 * A step of the others that can no longer happen (octets for a connection that is closed, a decision
 * about a request that is answered, a timer that is not armed) is left out of the transcript: the
 * transcript holds what took place, and nothing else.
 */
#include "subjects/subject.h"

#include <stdlib.h>
#include <string.h>

#include "subjects/awaiting.h"
#include "subjects/sink.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define E100_SEES_MEMORY 1
#endif
#endif
#if !defined(E100_SEES_MEMORY) && defined(__SANITIZE_ADDRESS__)
#define E100_SEES_MEMORY 1
#elif !defined(E100_SEES_MEMORY)
#define E100_SEES_MEMORY 0
#endif

enum { QUIET_LIMIT = 64 /* timers that one `quiet` may fire; a subject that goes on for ever stops here */ };

struct player {
  const struct e100_exchange *play;
  const struct e100_subject *subject;
  void *self;
  struct e100_sink sink;
  uint32_t delivered;                  /* steps of the transcript up to the last delivery to the subject */
  bool other_shut[E100_LINKS_LIMIT];   /* the other end sends no more */
  bool other_closed[E100_LINKS_LIMIT]; /* the other end is gone */
};

static void append(struct player *player, const struct e100_step *step, const uint8_t *octets) {
  e100_sink_write(&player->sink, step, octets);
}

static void let_settle(struct player *player) {
  if (player->subject->settle != NULL)
    player->subject->settle(player->self);
}

static void settle(struct player *player) {
  let_settle(player);
  struct e100_step step = {.kind = E100_STEP_SETTLED};
  append(player, &step, NULL);
}

/* Under a sanitizer as an exactly sized copy, so that it sees each octet read beyond it. */
static void hand_over(struct player *player, uint32_t link, const uint8_t *octets, size_t length) {
#if E100_SEES_MEMORY
  uint8_t *copy = malloc(length);
  E100_CHECK(copy != NULL, "out of memory");
  memcpy(copy, octets, length);
  player->subject->deliver(player->self, link, copy, length);
  free(copy);
#else
  player->subject->deliver(player->self, link, octets, length);
#endif
}

/* What the other end has done with the last connection of a link is void once the subject opens a new one. */
static void notice_opened(struct player *player, uint32_t link) {
  if (!player->sink.reopened[link])
    return;
  player->sink.reopened[link] = false;
  player->other_shut[link] = player->other_closed[link] = false;
}

static void deliver(struct player *player, const struct e100_step *step) {
  uint32_t link = step->link;
  notice_opened(player, link);
  if (player->other_shut[link] || player->sink.closed[link] || step->length == 0)
    return;
  const uint8_t *octets = e100_step_octets(player->play, step);
  append(player, step, octets);
  player->delivered = player->sink.transcript->step_count;
  hand_over(player, link, octets, step->length);
}

static void end_link(struct player *player, const struct e100_step *step) {
  uint32_t link = step->link;
  notice_opened(player, link);
  bool again = step->kind == E100_STEP_HALF_CLOSE ? player->other_shut[link] : player->other_closed[link];
  if (again || player->sink.closed[link])
    return;
  append(player, step, NULL);
  player->other_shut[link] = true;
  player->other_closed[link] = step->kind != E100_STEP_HALF_CLOSE;
  player->subject->ended(player->self, link, (enum e100_step_kind)step->kind);
}

/* A new connection on a link that was closed by either end; at the start every link is open. */
static void open_link(struct player *player, const struct e100_step *step) {
  uint32_t link = step->link;
  notice_opened(player, link);
  if (!player->other_closed[link] && !player->sink.closed[link])
    return;
  append(player, step, NULL);
  player->other_shut[link] = player->other_closed[link] = false;
  player->sink.shut[link] = player->sink.closed[link] = false;
  player->subject->ended(player->self, link, E100_STEP_OPEN);
}

/* What the others try takes place where the subject says so, and then before whatever comes of it. */
static void begin_try(struct player *player, const struct e100_step *step, const uint8_t *octets) {
  player->sink.ahead = step;
  player->sink.octets = octets;
}

static bool end_try(struct player *player, bool took_place) {
  if (took_place) {
    e100_sink_write_ahead(&player->sink);
  } else {
    E100_CHECK(player->sink.ahead != NULL, "nothing comes of what did not take place");
    player->sink.ahead = NULL;
  }
  return took_place;
}

static bool fire(struct player *player, const struct e100_step *step) {
  if (player->subject->timer == NULL)
    return false;
  begin_try(player, step, NULL);
  return end_try(player, player->subject->timer(player->self, (enum e100_timer)step->what));
}

static void decide(struct player *player, const struct e100_step *step) {
  const uint8_t *octets = e100_step_octets(player->play, step);
  if (player->subject->decide == NULL)
    return;
  begin_try(player, step, octets);
  end_try(player, player->subject->decide(player->self, step, octets));
}

/* Fires the first timer that is armed, in their declared order. */
static bool fire_any(struct player *player) {
  uint32_t armed = player->subject->armed != NULL ? player->subject->armed(player->self) : UINT32_MAX;
  for (unsigned timer = 0; timer < E100_TIMER_COUNT && armed >> timer != 0; timer++) {
    if ((armed >> timer & 1U) == 0)
      continue;
    struct e100_step step = {.kind = E100_STEP_TIMER, .from = player->sink.party, .what = (uint8_t)timer};
    if (fire(player, &step))
      return true;
  }
  return false;
}

static void quiet(struct player *player) {
  settle(player);
  for (unsigned i = 0; i < QUIET_LIMIT && fire_any(player); i++) {
    settle(player);
  }
  /* The last silence is the one after which no timer is left. */
  struct e100_exchange *transcript = player->sink.transcript;
  if (transcript->step_count == 0)
    return;
  struct e100_step *last = &transcript->steps[transcript->step_count - 1];
  if (last->kind == E100_STEP_SETTLED)
    last->kind = E100_STEP_QUIET;
}

/* The others wait for something that comes after the last octets that were delivered; if it does not come,
 * there is a silence. */
static void await(struct player *player, const struct e100_step *step) {
  let_settle(player);
  if (!e100_awaited_came(player->sink.transcript, player->delivered, player->sink.party, step->what,
                         UINT32_MAX))
    settle(player);
}

static void take_step(struct player *player, const struct e100_step *step) {
  bool own = step->from == player->sink.party;
  if ((step->flags & E100_STEP_EXPECTED) != 0)
    return;
  switch (step->kind) {
  case E100_STEP_DELIVER:
    if (!own && step->to == player->sink.party)
      deliver(player, step);
    break;
  case E100_STEP_OPEN:
    if (!own)
      open_link(player, step);
    break;
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    if (!own)
      end_link(player, step);
    break;
  case E100_STEP_SETTLED:
    settle(player);
    break;
  case E100_STEP_QUIET:
    quiet(player);
    break;
  case E100_STEP_TIMER:
    if (own) {
      fire(player, step);
    } else {
      append(player, step, NULL);
    }
    break;
  case E100_STEP_DECIDED:
    decide(player, step);
    break;
  case E100_STEP_AWAIT:
    await(player, step);
    break;
  default: /* what the application is told is the subject's to say */
    break;
  }
}

/* The head of the transcript: as the play's, with its links. */
static void begin(const struct e100_exchange *play, const struct e100_subject *subject,
                  struct e100_exchange *transcript) {
  e100_exchange_clear(transcript);
  transcript->kind = E100_KIND_JUDGE;
  transcript->role = play->role;
  transcript->policy = play->policy;
  bool foreign = (subject->abilities & E100_IS_FOREIGN) != 0;
  transcript->reading = foreign ? e100_readings_of_anybody(play->reading) : play->reading;
  transcript->link_count = play->link_count;
  memcpy(transcript->links, play->links, sizeof play->links);
}

bool e100_play(const struct e100_exchange *play, const struct e100_subject *subject,
               struct e100_exchange *transcript) {
  if (subject->play != NULL)
    return subject->play(subject, play, transcript);
  struct player player = {.play = play, .subject = subject};
  begin(play, subject, transcript);
  player.sink.transcript = transcript;
  player.sink.party = (uint8_t)e100_role_party((enum e100_role)subject->role);
  struct e100_setup setup = {.role = subject->role, .policy = play->policy, .exchange = play};
  player.self = subject->open(subject, &setup, &player.sink);
  if (player.self == NULL)
    return false;
  for (uint32_t i = 0; i < play->step_count; i++) {
    take_step(&player, &play->steps[i]);
  }
  let_settle(&player);
  subject->close(player.self);
  return true;
}
