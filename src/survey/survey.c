/* survey.c - schedules the plays of a survey, and counts what they show. */
#include "survey/survey.h"

#include <stdlib.h>
#include <string.h>

#include "live/client_orders.h"
#include "live/listener.h"
#include "survey/lateness.h"
#include "survey/presence.h"
#include "survey/health_check.h"
#include "survey/survey_cell.h"
#include "survey/witness.h"

enum purpose { FIRST, AGAIN, CONTROL, WITNESS, HEALTH_CHECK };

struct running;

/* Everything once; then again what was found: at once; what is about silences with few others; and at last
 * alone, where no witness has shown that the program had time. */
enum round { ONCE, AGAIN_AT_ONCE, AGAIN_AMID_FEW, AGAIN_ALONE, ROUNDS };

_Static_assert(E100_WITNESSED_JOBS - 1 <= E100_CLIENT_JOBS_LIMIT, "what is put off has room");

/* The plays of one program that are still to begin. */
struct queue {
  struct e100_survey *survey;
  struct scheduler *scheduler;
  size_t subject;
  enum round round;
  size_t next;       /* the situation that comes next */
  unsigned repeated; /* after the first round: plays of it that were begun */
  unsigned running;
  uint64_t freed; /* how often one of its lanes became free */
  struct e100_witness witness;
  struct e100_health_check health_check;
  struct e100_surveyed_cell *latest; /* what was played alone last, behind which a health check comes */
  bool slow;                         /* amid others it did not come to connect in time: one at once */
  unsigned put_off; /* plays of a client that came too late, and come before all others; no more than ran at
                       once */
  struct put_off {
    struct e100_surveyed_cell *cell;
    enum purpose purpose;
  } list[E100_CLIENT_JOBS_LIMIT];
};

struct scheduler {
  struct e100_survey *survey;
  uv_loop_t loop;
  uv_timer_t pace;
  uint64_t may_begin; /* not before that time of the loop, where a rate is asked for */
  unsigned running;
  unsigned clients;       /* ... of which are client programs, each a process */
  unsigned clients_limit; /* what the machine bears: less once answers came late, more while none does */
  unsigned timely;        /* plays of clients since then */
  struct e100_lateness lateness;
  unsigned late; /* what it counted when the limit was last made less */
  size_t turn;   /* the program whose play may begin next */
  size_t done, known;
  bool beginning; /* inside begin_more: what is over at once is seen by it */
  struct queue queues[E100_SURVEY_SUBJECTS_LIMIT];
};

/* A play that is under way. */
struct running {
  struct queue *queue;
  struct e100_surveyed_cell *cell;
  enum purpose purpose;
  struct e100_lane *lane; /* NULL: it needs none */
  unsigned late;          /* what was counted when it began */
  unsigned missed;        /* what witnesses had missed then */
  uint64_t begun;         /* milliseconds of the loop */
  bool amid_others;       /* more of its program could run at once */
  struct e100_live_target target;
  struct e100_exchange play, transcript;
};

static void begin_more(struct scheduler *scheduler);

/* A client program, which is started. */
static bool is_client(const struct e100_surveyed_subject *subject) {
  return subject->role == E100_ROLE_CLIENT && subject->here == NULL;
}

static struct e100_surveyed_subject *subject_of(const struct queue *queue) {
  return &queue->survey->subjects[queue->subject];
}

/* ---- what plays show ------------------------------------------------------------------------------------
 */

static void note_play(struct running *running) {
  struct queue *queue = running->queue;
  struct e100_surveyed_cell *cell = running->cell;
  struct e100_verdict verdict;
  e100_judge(&running->transcript, &verdict);
  enum e100_role role = (enum e100_role)subject_of(queue)->role;
  /* One job is no crowd; but with lanes it is the last round that has the play alone. */
  bool alone = queue->round == AGAIN_ALONE || (role == E100_ROLE_ORIGIN && !running->amid_others);
  enum e100_company company = alone                                                  ? E100_ALONE
                              : e100_witness_since(&queue->witness, running->missed) ? E100_AMID_WITNESSES
                                                                                     : E100_AMID_OTHERS;
  if (running->purpose == FIRST) {
    e100_cell_first(cell, role, &running->transcript, &verdict);
    cell->company = company;
    cell->unanswered = role == E100_ROLE_ORIGIN && company == E100_AMID_OTHERS &&
                       e100_cell_left_unanswered(&running->transcript);
    queue->survey->unanswered += cell->unanswered ? 1 : 0;
    return;
  }
  bool counts = running->purpose != CONTROL;
  if (counts && company == E100_ALONE && role == E100_ROLE_ORIGIN)
    e100_cell_add(cell, role, &running->transcript, &verdict);
  e100_cell_again(cell, role, &verdict, !counts, company);
  if (counts)
    e100_cell_keep(cell, role, &running->transcript, &verdict, company);
}

static void hear_witness(struct running *running) {
  struct queue *queue = running->queue;
  struct e100_surveyed_subject *subject = subject_of(queue);
  bool in_time = e100_witness_ends(&queue->witness, uv_now(&queue->scheduler->loop), subject->target.settle,
                                   &running->transcript);
  for (size_t i = 0; i < queue->survey->situation_count; i++)
    e100_cell_attest(&subject->cells[i], in_time);
}

/* It answers nobody any more: what is still to be played would show nothing. */
static void stop(struct queue *queue) {
  struct e100_survey *survey = queue->survey;
  struct e100_surveyed_subject *subject = subject_of(queue);
  bool alone = queue->round == AGAIN_ALONE || survey->jobs == 1;
  struct e100_surveyed_cell *cell = queue->round == AGAIN_ALONE
                                        ? queue->latest
                                        : e100_health_check_stopped_in(subject, survey->situation_count);
  subject->stopped = true;
  subject->stopped_at = cell != NULL ? (size_t)(cell - subject->cells) : survey->situation_count;
  subject->stopped_amid = !alone;
  for (size_t i = 0; queue->round != AGAIN_ALONE && i < survey->situation_count; i++)
    if (cell != NULL && subject->cells[i].ended >= cell->began)
      e100_cell_forget_silences(&subject->cells[i]);
  queue->round = ROUNDS;
}

static void hear_health_check(struct running *running, enum e100_live_outcome outcome) {
  struct queue *queue = running->queue;
  struct e100_surveyed_subject *subject = subject_of(queue);
  bool first = !queue->health_check.ended;
  uint64_t now = uv_now(&queue->scheduler->loop);
  enum e100_health_check_state state =
      e100_health_check_ends(&queue->health_check, &running->transcript, now, subject->target.settle);
  if (outcome == E100_LIVE_UNREACHED && !first && state != E100_HEALTH_CHECK_AGAIN)
    e100_presence_note(subject, NULL, running->begun, now, false);
  else if (state == E100_HEALTH_CHECK_STOPPED)
    stop(queue);
}

/* ---- what came late, and what the machine bears -----------------------------------------------------------
 */

/* Answers of ours came late while it was played, or it did not come to connect amid others. */
static bool was_late(const struct running *running, enum e100_live_outcome outcome) {
  struct queue *queue = running->queue;
  struct scheduler *scheduler = queue->scheduler;
  const struct e100_client_target *client = &subject_of(queue)->client;
  bool unstarted = outcome == E100_LIVE_UNREACHED && running->amid_others &&
                   uv_now(&scheduler->loop) - running->begun >= client->start;
  unsigned late = e100_lateness_count(&scheduler->lateness);
  if (late == running->late && !unstarted) {
    scheduler->timely++;
    if (scheduler->timely < scheduler->clients_limit || scheduler->clients_limit >= scheduler->survey->jobs)
      return false;
    scheduler->clients_limit++;
    scheduler->timely = 0;
    return false;
  }
  if (late != scheduler->late || (unstarted && !queue->slow)) /* once for all that ran then */
    scheduler->clients_limit = (scheduler->clients + 1) / 2;
  scheduler->late = late;
  scheduler->timely = 0;
  queue->slow |= unstarted;
  return true;
}

/* A client's own clock may have been over before our answer came, and a silence be ours: so a play that was
 * late shows nothing where that matters. It is played again; of clients, with fewer at once. Where each is
 * late, what was found counts, but not that a client did nothing wrong. True: it is not looked at. */
static bool is_put_off(struct running *running, enum e100_live_outcome outcome) {
  struct queue *queue = running->queue;
  struct e100_surveyed_cell *cell = running->cell;
  bool client = is_client(subject_of(queue));
  bool about_silence = queue->round >= AGAIN_AMID_FEW && subject_of(queue)->here == NULL;
  if (client ? !was_late(running, outcome)
             : !about_silence || e100_lateness_count(&queue->scheduler->lateness) == running->late)
    return false;
  if (cell->late < E100_LATE_PLAYS_LIMIT) {
    cell->late++;
    queue->survey->late++;
    queue->scheduler->known++;
    queue->list[queue->put_off++] = (struct put_off){.cell = cell, .purpose = running->purpose};
    return true;
  }
  if (!client || running->purpose != FIRST || outcome == E100_LIVE_UNREACHED)
    return client && running->purpose != FIRST;
  note_play(running);
  subject_of(queue)->reached = true;
  if (cell->count == 0) {
    cell->state = E100_SURVEYED_FAILED;
    (void)snprintf(
        cell->why, sizeof cell->why,
        "it could not be judged: on a machine so busy our answers came later than a client may wait");
  }
  return true;
}

static void look_at(struct running *running, enum e100_live_outcome outcome, const char *why) {
  struct queue *queue = running->queue;
  struct e100_surveyed_subject *subject = subject_of(queue);
  if (subject->here == NULL && !is_client(subject))
    e100_presence_note(subject, running->cell, running->begun, uv_now(&queue->scheduler->loop),
                       outcome != E100_LIVE_UNREACHED);
  if (is_put_off(running, outcome))
    return;
  (void)snprintf(running->cell->why, sizeof running->cell->why, "%s",
                 outcome == E100_LIVE_PLAYED ? "" : why); /* what a program left no place for says nothing */
  if (outcome != E100_LIVE_UNREACHED) {
    subject->reached = true;
    note_play(running);
    queue->health_check.wanted |=
        queue->round == AGAIN_ALONE && queue->health_check.answered &&
        (!e100_cell_answered(&running->transcript) || e100_cell_is_about_time(running->cell));
    return;
  }
  if (running->purpose == FIRST)
    running->cell->state = E100_SURVEYED_FAILED;
  if (!subject->reached)
    (void)snprintf(subject->why, sizeof subject->why, "%s", why);
}

static void on_done(void *user, enum e100_live_outcome outcome, const char *why) {
  struct running *running = user;
  struct queue *queue = running->queue;
  struct scheduler *scheduler = queue->scheduler;
  if (running->purpose == WITNESS)
    hear_witness(running);
  else if (running->purpose == HEALTH_CHECK)
    hear_health_check(running, outcome);
  else
    look_at(running, outcome, why);
  queue->running--;
  scheduler->running--;
  scheduler->clients -= is_client(subject_of(queue)) ? 1 : 0;
  scheduler->done += running->cell == NULL ? 0 : 1;
  if (running->lane != NULL) {
    running->lane->busy = false;
    running->lane->freed = ++queue->freed;
  }
  e100_exchange_free(&running->play);
  e100_exchange_free(&running->transcript);
  free(running);
  if (scheduler->survey->progress != NULL)
    scheduler->survey->progress(scheduler->survey->user, scheduler->done, scheduler->known);
  begin_more(scheduler);
}

/* ---- what comes next --------------------------------------------------------------------------------------
 */

static void play_here(struct running *running, const struct e100_subject *subject) {
  if (e100_play(&running->play, subject, &running->transcript))
    on_done(running, E100_LIVE_PLAYED, "");
  else
    on_done(running, E100_LIVE_UNREACHED, "it could not be started");
}

/* The one that has been free for longest: a program that is late sends on when the exchange is over, and what
 * comes while a lane is free is closed. So all of them come in turn, also for witnesses: a program may give
 * its ports to several workers. */
static struct e100_lane *free_lane(struct queue *queue) {
  struct e100_surveyed_subject *subject = subject_of(queue);
  struct e100_lane *found = NULL;
  for (size_t i = 0; i < subject->lane_count; i++) {
    struct e100_lane *lane = &subject->lanes[i];
    if (!lane->busy && (found == NULL || lane->freed < found->freed))
      found = lane;
  }
  return found;
}

/* The play as it is for the lane, and what for. */
static void make_play(struct running *running) {
  struct e100_surveyed_subject *subject = subject_of(running->queue);
  if (running->purpose == WITNESS) {
    e100_witness_make(subject, running->lane, &running->play);
    return;
  }
  if (running->purpose == HEALTH_CHECK) {
    e100_health_check_make(subject, &running->play);
    return;
  }
  const struct e100_situation *situation =
      &running->queue->survey->situations[running->cell - subject->cells];
  const char *authority = running->lane != NULL ? running->lane->authority : "";
  struct e100_exchange whole;
  e100_exchange_init(&whole);
  (void)e100_map_apply(&subject->map, authority, &situation->play, &whole);
  if (running->purpose == FIRST)
    e100_exchange_copy(&running->cell->play, &whole);
  if (running->purpose == CONTROL)
    (void)e100_without_expectation(&whole, &running->play);
  else
    e100_exchange_copy(&running->play, &whole);
  e100_exchange_free(&whole);
}

/* Exchanges at once. */
static unsigned jobs_of(const struct queue *queue) {
  const struct e100_surveyed_subject *subject = subject_of(queue);
  unsigned most = is_client(subject)        ? E100_CLIENT_JOBS_LIMIT
                  : subject->lane_count > 0 ? (unsigned)subject->lane_count
                                            : E100_JOBS_LIMIT;
  unsigned jobs = queue->survey->jobs < most ? queue->survey->jobs : most;
  if (queue->round == AGAIN_ALONE || queue->slow)
    return 1;
  unsigned few = e100_witness_helps(queue->survey, subject) ? E100_WITNESSED_JOBS : E100_FEW_JOBS;
  return queue->round == AGAIN_AMID_FEW && jobs > few ? few : jobs;
}

static void begin(struct queue *queue, struct e100_surveyed_cell *cell, enum purpose purpose) {
  struct running *running = calloc(1, sizeof *running);
  E100_CHECK(running != NULL, "out of memory");
  struct e100_surveyed_subject *subject = subject_of(queue);
  running->queue = queue;
  running->cell = cell;
  running->purpose = purpose;
  running->target = subject->target;
  running->lane = free_lane(queue);
  if (running->lane != NULL) {
    running->lane->busy = true;
    running->target.address = running->lane->address;
    running->target.listener = running->lane->listener;
  }
  e100_exchange_init(&running->play);
  e100_exchange_init(&running->transcript);
  make_play(running);
  queue->running++;
  queue->scheduler->running++;
  queue->scheduler->clients += is_client(subject) ? 1 : 0;
  running->late = e100_lateness_count(&queue->scheduler->lateness);
  uv_loop_t *loop = &queue->scheduler->loop;
  running->begun = uv_now(loop);
  running->missed = queue->witness.missed;
  queue->latest = purpose == HEALTH_CHECK ? queue->latest : cell;
  queue->health_check.fresh = false;
  if (purpose == WITNESS) {
    e100_witness_begins(&queue->witness, running->begun);
    running->target.brisk = true;
  } else if (purpose == HEALTH_CHECK) {
    queue->health_check.begun = true;
    e100_health_check_target(&running->target);
  } else if (queue->running == 1) {
    e100_witness_wanted(&queue->witness, running->begun);
  }
  running->amid_others = jobs_of(queue) > 1 && subject->here == NULL;
  if (subject->here != NULL)
    play_here(running, subject->here);
  else if (is_client(subject))
    e100_client_play_start(loop, &running->play, &subject->client, &running->transcript, on_done, running);
  else
    e100_live_play_start(loop, &running->play, &running->target, &running->transcript, on_done, running);
}

/* Begins the next situation of the first round; false where none is left. */
static bool begin_first(struct queue *queue) {
  struct e100_survey *survey = queue->survey;
  struct e100_surveyed_subject *subject = subject_of(queue);
  while (queue->next < survey->situation_count) {
    struct e100_surveyed_cell *cell = &subject->cells[queue->next];
    const struct e100_exchange *situation = &survey->situations[queue->next].play;
    queue->next++;
    if (situation->role != subject->role) {
      cell->state = E100_SURVEYED_OTHER;
      queue->scheduler->known--;
      continue;
    }
    const char *lacks = e100_map_apply(&subject->map, "", situation, &cell->play);
    if (is_client(subject) && !e100_client_play_suits(situation, subject->client.command))
      lacks = "several requests";
    if (lacks == NULL) {
      begin(queue, cell, FIRST);
      return true;
    }
    cell->state = E100_SURVEYED_UNSUITED;
    (void)snprintf(cell->why, sizeof cell->why, "%s", lacks);
    queue->scheduler->known--;
  }
  return false;
}

/* A client that asks once is told nothing of expectations. */
static bool can_be_controlled(const struct e100_surveyed_subject *subject) {
  return !is_client(subject) || !e100_command_asks_once(subject->client.command);
}

/* How often what was found in a situation is played in this round: confirm - 1 times in all, and once without
 * expectation. Programs of a client share nothing, and lanes no connection; but what is about a silence is
 * played with few others, and once alone, or before witnesses, so that nobody is blamed who serves one after
 * the other. */
static unsigned plays_of(const struct queue *queue, const struct e100_surveyed_cell *cell) {
  const struct e100_surveyed_subject *subject = subject_of(queue);
  unsigned all = queue->survey->confirm;
  bool at_once = is_client(subject) || (subject->lane_count > 1 && !e100_cell_is_about_time(cell));
  if (cell->count == 0)
    return 0;
  if (cell->retried || cell->retaken || (subject->lane_count <= 1 && !at_once))
    return queue->round == AGAIN_ALONE ? all + e100_cell_added(cell) : 0;
  if (at_once)
    return queue->round == AGAIN_AT_ONCE ? all : 0;
  if (queue->round == AGAIN_ALONE)
    return e100_cell_is_in_doubt(cell) ? 1 : 0;
  return queue->round != AGAIN_AMID_FEW ? 0 : e100_witness_helps(queue->survey, subject) ? all : all - 1;
}

/* Amid others it got no answer, and showed nothing: what it shows alone takes the place of that. */
static bool is_to_be_played_alone(const struct queue *queue, const struct e100_surveyed_cell *cell) {
  return queue->round == AGAIN_ALONE && cell->state == E100_SURVEYED_PLAYED && cell->unanswered &&
         cell->count == 0 && !cell->retaken && !cell->apart;
}

/* Plays what was found again, and what could not be played. */
static bool begin_again(struct queue *queue) {
  struct e100_survey *survey = queue->survey;
  for (; queue->next < survey->situation_count; queue->next++, queue->repeated = 0) {
    struct e100_surveyed_cell *cell = &subject_of(queue)->cells[queue->next];
    if (cell->state == E100_SURVEYED_FAILED && !cell->retried && queue->round == AGAIN_ALONE) {
      cell->retried = true;
      queue->scheduler->known++;
      begin(queue, cell, FIRST);
      return true;
    }
    if (is_to_be_played_alone(queue, cell)) {
      cell->retaken = true;
      queue->scheduler->known++;
      begin(queue, cell, FIRST);
      return true;
    }
    while (queue->repeated < plays_of(queue, cell)) {
      unsigned plays = plays_of(queue, cell);
      bool control =
          queue->repeated == plays - 1 && (queue->round != AGAIN_ALONE || plays >= survey->confirm);
      struct e100_exchange none;
      queue->repeated++;
      e100_exchange_init(&none);
      bool asks = can_be_controlled(subject_of(queue)) && e100_without_expectation(&cell->play, &none);
      e100_exchange_free(&none);
      if (control && !asks)
        continue;
      queue->scheduler->known++;
      begin(queue, cell, control ? CONTROL : AGAIN);
      return true;
    }
    if (queue->round == AGAIN_ALONE && !is_client(subject_of(queue)) && survey->jobs > 1 &&
        e100_cell_is_retaken(cell)) {
      queue->repeated = 0;
      queue->scheduler->known++;
      begin(queue, cell, FIRST);
      return true;
    }
  }
  return false;
}

/* A program of which not one octet came in the first round is none that can be judged, and not looked at
 * again: what was found is forgotten. */
static void leave_if_mute(struct queue *queue) {
  struct e100_surveyed_subject *subject = subject_of(queue);
  uint8_t party = (uint8_t)e100_role_party((enum e100_role)subject->role);
  bool played = false;
  if (queue->health_check.answered)
    return;
  for (size_t i = 0; i < queue->survey->situation_count; i++) {
    const struct e100_exchange *transcript = &subject->cells[i].transcript;
    if (subject->cells[i].state == E100_SURVEYED_FAILED) /* that it went may be why */
      return;
    played |= subject->cells[i].state == E100_SURVEYED_PLAYED;
    for (uint32_t j = 0; j < transcript->step_count; j++)
      if (transcript->steps[j].kind == E100_STEP_DELIVER && transcript->steps[j].from == party)
        return;
  }
  if (!played)
    return;
  for (size_t i = 0; i < queue->survey->situation_count; i++) {
    subject->cells[i].state = E100_SURVEYED_PENDING;
    subject->cells[i].count = 0;
  }
  subject->reached = false;
  (void)snprintf(
      subject->why, sizeof subject->why, "it has not sent one octet in any situation: does it speak HTTP%s?",
      subject->client.tls ? " over TLS, and trust the certificate in $E100_CA" : ", and without TLS");
}

/* Nobody is there: the rest is not tried. */
static bool is_lost(const struct queue *queue) {
  const struct e100_surveyed_subject *subject = &queue->survey->subjects[queue->subject];
  return !subject->reached && subject->why[0] != '\0';
}

static bool bears_another(const struct queue *queue) {
  const struct scheduler *scheduler = queue->scheduler;
  return !is_client(subject_of(queue)) || scheduler->clients < scheduler->clients_limit;
}

static void on_pace(uv_timer_t *timer) {
  begin_more(timer->data);
}

/* Whether a health check is due now, or is to be waited for: before everything, and then by itself. */
static bool waits_for_health_check(struct queue *queue, bool *begun) {
  struct e100_health_check *health_check = &queue->health_check;
  struct scheduler *scheduler = queue->scheduler;
  if (!e100_health_check_helps(subject_of(queue)) || (health_check->begun && !health_check->wanted))
    return false;
  if (queue->running > 0)
    return health_check->begun;
  uint64_t now = uv_now(&scheduler->loop);
  if (now < health_check->not_before) {
    (void)uv_timer_start(&scheduler->pace, on_pace, health_check->not_before - now, 0);
    return true;
  }
  begin(queue, NULL, HEALTH_CHECK);
  *begun = true;
  return true;
}

static bool begin_one(struct queue *queue) {
  while (!is_lost(queue) && !queue->survey->interrupted && queue->round < ROUNDS) {
    if (queue->running >= jobs_of(queue) || !bears_another(queue))
      return false;
    bool begun = false;
    if (waits_for_health_check(queue, &begun))
      return begun;
    if (queue->round == AGAIN_AMID_FEW && queue->running > 0 && !queue->witness.under_way &&
        e100_witness_helps(queue->survey, subject_of(queue))) {
      begin(queue, NULL, WITNESS);
      return true;
    }
    if (queue->put_off > 0) {
      const struct put_off again = queue->list[--queue->put_off];
      begin(queue, again.cell, again.purpose);
      return true;
    }
    if (queue->round == ONCE ? begin_first(queue) : begin_again(queue))
      return true;
    if (queue->running > 0)
      return false;
    if (queue->round == ONCE)
      leave_if_mute(queue);
    queue->health_check.wanted = !queue->health_check.fresh && !is_lost(queue);
    if (queue->health_check.wanted && e100_health_check_helps(subject_of(queue)))
      continue;
    queue->round++;
    queue->next = 0;
  }
  return false;
}

/* Whether another connection may begin now; else the timer calls again. */
static bool in_pace(struct scheduler *scheduler) {
  unsigned rate = scheduler->survey->rate;
  if (rate == 0)
    return true;
  uv_update_time(&scheduler->loop);
  uint64_t now = uv_now(&scheduler->loop);
  if (now < scheduler->may_begin) {
    (void)uv_timer_start(&scheduler->pace, on_pace, scheduler->may_begin - now, 0);
    return false;
  }
  scheduler->may_begin = now + (1000 + rate - 1) / rate;
  return true;
}

/* One play of each program, as far as they may begin; false where none did, or it is too early. */
static bool begin_some(struct scheduler *scheduler) {
  bool any = false;
  size_t count = scheduler->survey->subject_count;
  for (size_t i = 0; i < count && scheduler->running < scheduler->survey->jobs; i++) {
    if (!in_pace(scheduler))
      return false;
    any |= begin_one(&scheduler->queues[scheduler->turn++ % count]);
  }
  return any;
}

static void begin_more(struct scheduler *scheduler) {
  if (scheduler->beginning)
    return;
  scheduler->beginning = true;
  while (begin_some(scheduler)) {
  }
  scheduler->beginning = false;
}

void e100_survey_run(struct e100_survey *survey) {
  struct scheduler *scheduler = calloc(1, sizeof *scheduler);
  E100_CHECK(scheduler != NULL && uv_loop_init(&scheduler->loop) == 0, "a loop can be made");
  scheduler->survey = survey;
  scheduler->known = survey->subject_count * survey->situation_count;
  (void)uv_timer_init(&scheduler->loop, &scheduler->pace);
  scheduler->pace.data = scheduler;
  scheduler->clients_limit = survey->client_jobs < survey->jobs ? survey->client_jobs : survey->jobs;
  e100_lateness_begin(&scheduler->lateness, &scheduler->loop);
  for (size_t i = 0; i < survey->subject_count; i++) {
    struct e100_surveyed_subject *subject = &survey->subjects[i];
    for (size_t j = 0; j < subject->lane_count; j++)
      subject->lanes[j].listener = e100_listener_adopt(&scheduler->loop, subject->lanes[j].upstream);
    scheduler->queues[i] = (struct queue){.survey = survey, .scheduler = scheduler, .subject = i};
    subject->cells = calloc(survey->situation_count, sizeof *subject->cells);
    E100_CHECK(subject->cells != NULL || survey->situation_count == 0, "out of memory");
    for (size_t j = 0; j < survey->situation_count; j++) {
      e100_exchange_init(&subject->cells[j].play);
      e100_exchange_init(&subject->cells[j].transcript);
    }
  }
  begin_more(scheduler);
  (void)uv_run(&scheduler->loop, UV_RUN_DEFAULT);
  uv_close((uv_handle_t *)&scheduler->pace, NULL);
  e100_lateness_end(&scheduler->lateness);
  for (size_t i = 0; i < survey->subject_count; i++)
    for (size_t j = 0; j < survey->subjects[i].lane_count; j++)
      e100_listener_close(survey->subjects[i].lanes[j].listener);
  (void)uv_run(&scheduler->loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&scheduler->loop) == 0, "a survey leaves nothing in its loop");
  free(scheduler);
}
