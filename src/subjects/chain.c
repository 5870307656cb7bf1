#include "subjects/chain.h"

#include <string.h>

#include "subjects/sink.h"

enum {
  MEMBERS = 3,
  DIRECTIONS = 2,       /* of a link: from the end that sends requests, and to it */
  TIMERS_OF_QUIET = 64, /* timers that one `quiet` may fire */
  ROUNDS = 4096         /* arrivals of one silence; who goes on for ever stops here */
};

/* One of the three. Its links are COUNT of the chain's, from FIRST on. */
struct member {
  const struct e100_subject *subject;
  void *self;
  struct e100_sink sink;
  struct e100_exchange doings; /* what the sink writes; taken from it after each call */
  uint8_t party;
  uint32_t first, count;
};

/* What is under way on a link in one direction: steps that were sent, and how far the first of them arrived.
 */
struct way {
  struct e100_exchange sent;
  uint32_t next;   /* step */
  uint32_t offset; /* octets of it that have arrived */
  unsigned
      severed; /* times that the receiver has closed, of which the sender does not know: nothing arrives */
  bool told;   /* the sender hears of one of them just now */
};

struct run {
  const struct e100_exchange *play;
  struct e100_exchange *transcript;
  struct member members[MEMBERS];
  struct way ways[E100_LINKS_LIMIT][DIRECTIONS];
};

/* ---- links --------------------------------------------------------------------------------------------- */

static bool is_of_clients(const struct e100_link *link, uint8_t between) {
  return link->client == E100_CLIENT && link->server == between;
}

static uint32_t links_of_clients(const struct e100_exchange *play) {
  uint8_t between = (uint8_t)e100_role_party((enum e100_role)play->role);
  uint32_t count = 0;
  while (count < play->link_count && is_of_clients(&play->links[count], between))
    count++;
  return count;
}

static bool links_fit(const struct e100_exchange *play) {
  uint8_t between = (uint8_t)e100_role_party((enum e100_role)play->role);
  uint32_t down = links_of_clients(play);
  bool fits = down > 0 && down < play->link_count;
  for (uint32_t i = down; i < play->link_count; i++)
    fits = fits && play->links[i].client == between && play->links[i].server == E100_ORIGIN;
  return fits;
}

static uint32_t everybody(void) {
  int reading = e100_reading_named("everybody");
  E100_CHECK(reading >= 0, "there is a reading that judges every party");
  return UINT32_C(1) << reading;
}

bool e100_chain_is_meant(const struct e100_exchange *play) {
  bool between = play->role == E100_ROLE_PROXY || play->role == E100_ROLE_GATEWAY;
  bool asks = false;
  for (uint32_t i = 0; i < play->step_count; i++)
    asks = asks || (play->steps[i].kind == E100_STEP_DECIDED && play->steps[i].what == E100_DECIDE_REQUEST);
  return play->kind == E100_KIND_PLAY && between && asks && (play->reading & everybody()) != 0 &&
         links_fit(play);
}

struct e100_chain e100_chain_with(const struct e100_exchange *play, const struct e100_subject *subject) {
  enum e100_role role = (enum e100_role)play->role;
  struct e100_chain chain = {.client = e100_subject_named("reference", E100_ROLE_CLIENT),
                             .between = e100_subject_named("reference", role),
                             .origin = e100_subject_named("reference", E100_ROLE_ORIGIN)};
  if (subject->role == E100_ROLE_CLIENT)
    chain.client = subject;
  else if (subject->role == E100_ROLE_ORIGIN)
    chain.origin = subject;
  else
    chain.between = subject->role == role ? subject : e100_subject_named(subject->name, role);
  return chain;
}

void e100_chain_links(struct e100_exchange *play) {
  uint8_t between = (uint8_t)e100_role_party((enum e100_role)play->role);
  play->reading |= everybody();
  if (links_fit(play))
    return;
  play->link_count = 0;
  e100_exchange_link(play, "d1", E100_CLIENT, (enum e100_party)between);
  e100_exchange_link(play, "d2", E100_CLIENT, (enum e100_party)between);
  e100_exchange_link(play, "u1", (enum e100_party)between, E100_ORIGIN);
  e100_exchange_link(play, "u2", (enum e100_party)between, E100_ORIGIN);
  e100_exchange_normalize(play);
}

/* The end of a link that sends in a direction, and the one that receives. */
static uint8_t sender(const struct run *run, uint32_t link, unsigned direction) {
  const struct e100_link *ends = &run->transcript->links[link];
  return direction == 0 ? ends->client : ends->server;
}

static struct member *member_of(struct run *run, uint8_t party) {
  for (unsigned i = 0; i < MEMBERS; i++) {
    if (run->members[i].party == party)
      return &run->members[i];
  }
  return NULL;
}

/* ---- what is under way --------------------------------------------------------------------------------- */

static void empty(struct way *way) {
  way->sent.step_count = 0;
  way->sent.octet_count = 0;
  way->next = way->offset = 0;
}

static bool is_under_way(const struct way *way) {
  return way->severed == 0 && way->next < way->sent.step_count;
}

static bool is_closing(const struct e100_step *step) {
  return step->kind == E100_STEP_CLOSE || step->kind == E100_STEP_RESET;
}

/* Both ends close: that of the first to do so is what took place. Its sender may have opened another
 * connection since, and the second may do so now. */
static void meet(struct run *run, struct way *own, struct way *other) {
  bool met = false;
  while (!met && other->next < other->sent.step_count) {
    const struct e100_step *step = &other->sent.steps[other->next++];
    other->offset = 0;
    met = is_closing(step);
    if (met)
      e100_exchange_append(run->transcript, step, NULL, 0);
  }
  own->severed--;
}

/* A step that a member has sent: what it closes, nothing reaches it any more. */
static void send(struct run *run, const struct member *member, struct e100_step step, const uint8_t *octets) {
  unsigned direction = member->party == run->transcript->links[step.link].client ? 0 : 1;
  struct way *way = &run->ways[step.link][direction];
  struct way *back = &run->ways[step.link][1 - direction];
  bool closes = is_closing(&step);
  if (way->told && step.kind == E100_STEP_OPEN) { /* it has heard of the end, and begins anew at once */
    way->told = false;
    way->severed--;
  }
  if (way->severed > 0) { /* the other end has closed already, and this one hears of it now or later */
    if (closes && !way->told)
      meet(run, way, back);
    return;
  }
  if (!is_under_way(way))
    empty(way);
  e100_exchange_append(&way->sent, &step, octets, step.length);
  if (closes) {
    empty(back);
    back->severed++;
  }
}

/* Takes what a member has done: what goes over a link is under way, the rest took place. */
static void collect(struct run *run, struct member *member) {
  struct e100_exchange *doings = &member->doings;
  for (uint32_t i = 0; i < doings->step_count; i++) {
    struct e100_step step = doings->steps[i];
    const uint8_t *octets = e100_step_octets(doings, &doings->steps[i]);
    step.link = (uint8_t)(step.link + member->first);
    if (step.from == E100_APPLICATION)
      e100_exchange_append(run->transcript, &step, octets, step.length);
    else
      send(run, member, step, octets);
  }
  doings->step_count = 0;
  doings->octet_count = 0;
  member->sink.sending = false;
}

/* The receiver learns of an ending, or of a new connection. */
static void end(struct run *run, struct member *receiver, struct way *back, const struct e100_step *step) {
  uint32_t local = step->link - receiver->first;
  bool opens = step->kind == E100_STEP_OPEN;
  bool closes = is_closing(step);
  if (opens)
    receiver->sink.shut[local] = receiver->sink.closed[local] = false;
  back->told = closes;
  if (opens || !receiver->sink.closed[local])
    receiver->subject->ended(receiver->self, local, (enum e100_step_kind)step->kind);
  collect(run, receiver);
  if (!back->told) /* or there is another connection already */
    return;
  back->told = false;
  receiver->sink.shut[local] = receiver->sink.closed[local] = true;
  empty(back);
  back->severed--;
}

/* Lets the first of what is under way arrive: of octets at most LIMIT. Gives how many octets arrived. */
static uint32_t arrive(struct run *run, uint32_t link, unsigned direction, uint32_t limit) {
  struct way *way = &run->ways[link][direction];
  struct e100_step step = way->sent.steps[way->next];
  struct member *receiver = member_of(run, sender(run, link, 1 - direction));
  const uint8_t *octets = e100_step_octets(&way->sent, &way->sent.steps[way->next]) + way->offset;
  uint32_t rest = step.length - way->offset;
  step.length = rest < limit ? rest : limit;
  e100_exchange_append(run->transcript, &step, octets, step.length);
  const uint8_t *arrived =
      e100_step_octets(run->transcript, &run->transcript->steps[run->transcript->step_count - 1]);
  way->offset += step.length;
  if (step.length == rest) {
    way->next++;
    way->offset = 0;
  }
  if (step.kind == E100_STEP_DELIVER) {
    receiver->subject->deliver(receiver->self, link - receiver->first, arrived, step.length);
    collect(run, receiver);
  } else {
    end(run, receiver, &run->ways[link][1 - direction], &step);
  }
  return step.length;
}

/* There is room for what arrives, so that nobody hears of what the transcript does not have. */
static bool has_room(const struct run *run) {
  return run->transcript->step_count + 64 < E100_STEPS_LIMIT &&
         run->transcript->octet_count < E100_OCTETS_LIMIT / 4 && !run->transcript->truncated;
}

static bool arrive_anywhere(struct run *run) {
  bool any = false;
  for (uint32_t link = 0; link < run->transcript->link_count; link++) {
    for (unsigned direction = 0; direction < DIRECTIONS; direction++) {
      if (!is_under_way(&run->ways[link][direction]) || !has_room(run))
        continue;
      arrive(run, link, direction, UINT32_MAX);
      any = true;
    }
  }
  return any;
}

/* Everything that can happen without a timer. */
static void settle(struct run *run) {
  bool any = true;
  for (unsigned round = 0; any && round < ROUNDS; round++) {
    for (unsigned i = 0; i < MEMBERS; i++) {
      run->members[i].subject->settle(run->members[i].self);
      collect(run, &run->members[i]);
    }
    any = arrive_anywhere(run);
  }
}

/* ---- the steps of the play ----------------------------------------------------------------------------- */

/* A step that takes place if DONE says so: it is written before what comes of it. */
static void write(struct run *run, const struct e100_step *step, const uint8_t *octets) {
  e100_exchange_append(run->transcript, step, octets, step->length);
}

static void unwrite(struct run *run) {
  const struct e100_step *last = &run->transcript->steps[--run->transcript->step_count];
  run->transcript->octet_count -= last->length;
}

static bool fire(struct run *run, struct member *member, unsigned timer) {
  struct e100_step step = {.kind = E100_STEP_TIMER, .from = member->party, .what = (uint8_t)timer};
  write(run, &step, NULL);
  bool fired = member->subject->timer(member->self, (enum e100_timer)timer);
  if (!fired)
    unwrite(run);
  collect(run, member);
  return fired;
}

static bool fire_any(struct run *run) {
  for (unsigned timer = 0; timer < E100_TIMER_COUNT; timer++) {
    for (unsigned i = 0; i < MEMBERS; i++) {
      const struct member *member = &run->members[i];
      bool armed = (member->subject->armed(member->self) >> timer & 1U) != 0;
      if (armed && fire(run, &run->members[i], timer))
        return true;
    }
  }
  return false;
}

static void be_quiet(struct run *run) {
  struct e100_step silence = {.kind = E100_STEP_SETTLED};
  bool fired = true;
  for (unsigned i = 0; fired && i < TIMERS_OF_QUIET && has_room(run); i++) {
    settle(run);
    write(run, &silence, NULL);
    fired = fire_any(run);
  }
  settle(run);
  silence.kind = fired ? E100_STEP_SETTLED : E100_STEP_QUIET;
  run->transcript->step_count -= fired ? 0 : 1; /* the last silence was that of all timers */
  write(run, &silence, NULL);
}

static void decide(struct run *run, const struct e100_step *step) {
  bool client = step->what == E100_DECIDE_REQUEST || step->link < run->members[0].count;
  struct member *member = &run->members[client ? 0 : 2];
  const uint8_t *octets = e100_step_octets(run->play, step);
  struct e100_step local = *step;
  bool its_link = step->link >= member->first && step->link < member->first + member->count;
  if (step->what != E100_DECIDE_REQUEST && !its_link)
    return;
  local.link = (uint8_t)(its_link ? step->link - member->first : 0);
  write(run, step, octets);
  if (!member->subject->decide(member->self, &local, octets))
    unwrite(run);
  collect(run, member);
}

/* So many octets arrive as the step has, or all that is under way there. */
static void let_arrive(struct run *run, const struct e100_step *step) {
  unsigned direction = step->from == run->transcript->links[step->link].client ? 0 : 1;
  const struct way *way = &run->ways[step->link][direction];
  uint32_t left = step->length > 0 ? step->length : UINT32_MAX;
  for (unsigned i = 0; i < ROUNDS && left > 0 && is_under_way(way) && has_room(run); i++)
    left -= arrive(run, step->link, direction, left);
}

static void take(struct run *run, const struct e100_step *step) {
  struct e100_step silence = {.kind = E100_STEP_SETTLED};
  struct member *member = member_of(run, step->from);
  switch (step->kind) {
  case E100_STEP_DELIVER:
    let_arrive(run, step);
    break;
  case E100_STEP_DECIDED:
    decide(run, step);
    break;
  case E100_STEP_TIMER:
    if (member != NULL)
      fire(run, member, step->what);
    break;
  case E100_STEP_SETTLED:
  case E100_STEP_AWAIT:
    settle(run);
    write(run, &silence, NULL);
    break;
  case E100_STEP_QUIET:
    be_quiet(run);
    break;
  default:
    break; /* the parties open and close their links themselves */
  }
}

/* ---- beginning and end --------------------------------------------------------------------------------- */

static void begin(struct run *run) {
  const struct e100_exchange *play = run->play;
  struct e100_exchange *transcript = run->transcript;
  e100_exchange_clear(transcript);
  transcript->kind = E100_KIND_JUDGE;
  transcript->role = play->role;
  transcript->policy = play->policy;
  transcript->reading = play->reading | everybody();
  transcript->link_count = play->link_count;
  memcpy(transcript->links, play->links, sizeof play->links);
  for (uint32_t link = 0; link < play->link_count; link++) {
    for (unsigned direction = 0; direction < DIRECTIONS; direction++)
      e100_exchange_init(&run->ways[link][direction].sent);
  }
}

/* Opens a member with COUNT links from FIRST on. */
static bool join(struct run *run, struct member *member, const struct e100_subject *subject, uint32_t first,
                 uint32_t count) {
  *member = (struct member){.subject = subject,
                            .party = (uint8_t)e100_role_party((enum e100_role)subject->role),
                            .first = first,
                            .count = count};
  e100_exchange_init(&member->doings);
  member->doings.link_count = count;
  memcpy(member->doings.links, run->play->links + first, count * sizeof run->play->links[0]);
  member->sink.transcript = &member->doings;
  member->sink.party = member->party;
  struct e100_setup setup = {.role = subject->role, .policy = run->play->policy, .exchange = &member->doings};
  member->self = subject->open(subject, &setup, &member->sink);
  return member->self != NULL;
}

static void finish(struct run *run) {
  for (unsigned i = 0; i < MEMBERS; i++) {
    struct member *member = &run->members[i];
    if (member->self != NULL)
      member->subject->close(member->self);
    e100_exchange_free(&member->doings);
  }
  for (uint32_t link = 0; link < run->play->link_count; link++) {
    for (unsigned direction = 0; direction < DIRECTIONS; direction++)
      e100_exchange_free(&run->ways[link][direction].sent);
  }
}

bool e100_chain_play(const struct e100_exchange *play, const struct e100_chain *chain,
                     struct e100_exchange *transcript) {
  struct run run = {.play = play, .transcript = transcript};
  uint32_t down = links_of_clients(play);
  begin(&run);
  bool started = join(&run, &run.members[0], chain->client, 0, down);
  started = join(&run, &run.members[1], chain->between, 0, play->link_count) && started;
  started = join(&run, &run.members[2], chain->origin, down, play->link_count - down) && started;
  for (uint32_t i = 0; started && i < play->step_count && has_room(&run); i++) {
    if ((play->steps[i].flags & E100_STEP_EXPECTED) == 0)
      take(&run, &play->steps[i]);
  }
  finish(&run);
  return started;
}
