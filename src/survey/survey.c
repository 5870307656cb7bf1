/* survey.c - schedules the plays of a survey, and counts what they show. */
#include "survey/survey.h"

#include <stdlib.h>
#include <string.h>

#include "live/client_orders.h"

#include "live/listener.h"

enum purpose { FIRST, AGAIN, CONTROL };

struct running;

/* Everything once; then again what was found: at once, and what has to be alone one after the other. */
enum round { ONCE, AGAIN_AT_ONCE, AGAIN_ALONE, ROUNDS };

/* The plays of one program that are still to begin. */
struct queue {
  struct e100_survey *survey;
  struct scheduler *scheduler;
  size_t subject;
  enum round round;
  size_t next;       /* the situation that comes next */
  unsigned repeated; /* after the first round: plays of it that were begun */
  unsigned running;
};

struct scheduler {
  struct e100_survey *survey;
  uv_loop_t loop;
  uv_timer_t pace;
  uint64_t may_begin; /* not before that time of the loop, where a rate is asked for */
  unsigned running;
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

static bool is_same(const struct e100_finding *a, const struct e100_finding *b) {
  return a->rule == b->rule && a->party == b->party && a->link == b->link && a->request == b->request;
}

static bool has(const struct e100_verdict *verdict, const struct e100_finding *finding) {
  uint32_t kept =
      verdict->findings.count < E100_FINDINGS_LIMIT ? verdict->findings.count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept; i++)
    if (is_same(&verdict->findings.list[i], finding))
      return true;
  return false;
}

/* What the program did, and not what the situation made the client do; one of each that is the same. */
static bool is_of_program(enum e100_role role, unsigned party) {
  if (role == E100_ROLE_ORIGIN) /* with its application, which nobody tells from it on a wire */
    return party != E100_CLIENT;
  return party == (unsigned)e100_role_party(role);
}

static void keep_findings(struct e100_surveyed_cell *cell, enum e100_role role) {
  const struct e100_findings *all = &cell->verdict.findings;
  uint32_t kept = all->count < E100_FINDINGS_LIMIT ? all->count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept && cell->count < E100_SURVEY_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &all->list[i];
    bool known = !is_of_program(role, finding->party);
    for (unsigned j = 0; j < cell->count; j++)
      known |= is_same(&cell->findings[j].finding, finding);
    if (!known)
      cell->findings[cell->count++] = (struct e100_surveyed_finding){.finding = *finding, .seen = 1};
  }
}

static bool is_about_silence(const struct e100_surveyed_cell *cell, const struct e100_finding *finding) {
  if (finding->step >= cell->transcript.step_count)
    return false;
  uint8_t kind = cell->transcript.steps[finding->step].kind;
  return kind == E100_STEP_SETTLED || kind == E100_STEP_QUIET;
}

/* A busy machine makes silences, and leaves connections unmade. */
static bool is_about_time(const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (is_about_silence(cell, &cell->findings[i].finding))
      return true;
  return cell->state == E100_SURVEYED_FAILED;
}

/* Silences that were seen while others were played, too, and in no play alone, are those of a busy machine.
 */
static void leave_out_crowded(struct e100_survey *survey, struct e100_surveyed_cell *cell) {
  unsigned kept = 0;
  for (unsigned i = 0; i < cell->count; i++) {
    bool crowded = cell->findings[i].seen == 1 && is_about_silence(cell, &cell->findings[i].finding);
    if (crowded)
      survey->crowded++;
    else
      cell->findings[kept++] = cell->findings[i];
  }
  cell->count = kept;
}

static void note_play(struct running *running) {
  enum e100_role role = (enum e100_role)subject_of(running->queue)->role;
  struct e100_surveyed_cell *cell = running->cell;
  struct e100_verdict verdict;
  e100_judge(&running->transcript, &verdict);
  if (running->purpose == FIRST) {
    e100_exchange_copy(&cell->transcript, &running->transcript);
    cell->verdict = verdict;
    cell->state = E100_SURVEYED_PLAYED;
    cell->runs = 1;
    keep_findings(cell, role);
    return;
  }
  cell->runs += running->purpose == AGAIN ? 1 : 0;
  cell->controlled |= running->purpose == CONTROL;
  for (unsigned i = 0; i < cell->count; i++) {
    bool seen = has(&verdict, &cell->findings[i].finding);
    cell->findings[i].seen += seen && running->purpose == AGAIN ? 1 : 0;
    cell->findings[i].without_expectation |= seen && running->purpose == CONTROL;
  }
  const struct e100_survey *survey = running->queue->survey;
  bool alone = running->queue->round == AGAIN_ALONE && !cell->retried;
  if (alone && survey->jobs > 1 && cell->runs > 1 && cell->runs == survey->confirm)
    leave_out_crowded(running->queue->survey, cell);
}

static void on_done(void *user, enum e100_live_outcome outcome, const char *why) {
  struct running *running = user;
  struct queue *queue = running->queue;
  struct scheduler *scheduler = queue->scheduler;
  struct e100_surveyed_subject *subject = subject_of(queue);
  if (outcome == E100_LIVE_UNREACHED) {
    if (running->purpose == FIRST)
      running->cell->state = E100_SURVEYED_FAILED;
    (void)snprintf(running->cell->why, sizeof running->cell->why, "%s", why);
    if (!subject->reached)
      (void)snprintf(subject->why, sizeof subject->why, "%s", why);
  } else {
    subject->reached = true;
    note_play(running);
    (void)snprintf(running->cell->why, sizeof running->cell->why, "%s", why);
  }
  queue->running--;
  scheduler->running--;
  scheduler->done++;
  if (running->lane != NULL)
    running->lane->busy = false;
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

static struct e100_lane *free_lane(struct e100_surveyed_subject *subject) {
  for (size_t i = 0; i < subject->lane_count; i++)
    if (!subject->lanes[i].busy)
      return &subject->lanes[i];
  return NULL;
}

/* The play as it is for the lane, and what for. */
static void make_play(struct running *running) {
  struct e100_surveyed_subject *subject = subject_of(running->queue);
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

static void begin(struct queue *queue, struct e100_surveyed_cell *cell, enum purpose purpose) {
  struct running *running = calloc(1, sizeof *running);
  E100_CHECK(running != NULL, "out of memory");
  struct e100_surveyed_subject *subject = subject_of(queue);
  running->queue = queue;
  running->cell = cell;
  running->purpose = purpose;
  running->target = subject->target;
  running->lane = free_lane(subject);
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
  uv_loop_t *loop = &queue->scheduler->loop;
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

/* In which round a situation is played again: programs of a client share nothing, and lanes no connection. */
static enum round round_of(const struct queue *queue, const struct e100_surveyed_cell *cell) {
  const struct e100_surveyed_subject *subject = subject_of(queue);
  if (cell->retried)
    return AGAIN_ALONE;
  if (is_client(subject))
    return AGAIN_AT_ONCE;
  return subject->lane_count > 1 && !is_about_time(cell) ? AGAIN_AT_ONCE : AGAIN_ALONE;
}

/* Plays what was found again, and what could not be played. */
static bool begin_again(struct queue *queue) {
  struct e100_survey *survey = queue->survey;
  while (queue->next < survey->situation_count) {
    struct e100_surveyed_cell *cell = &subject_of(queue)->cells[queue->next];
    if (queue->repeated == 0 && round_of(queue, cell) != queue->round) {
      queue->next++;
      continue;
    }
    if (cell->state == E100_SURVEYED_FAILED && !cell->retried) {
      cell->retried = true;
      queue->scheduler->known++;
      begin(queue, cell, FIRST);
      return true;
    }
    unsigned plays = cell->count > 0 ? survey->confirm : 0; /* confirm - 1 again, and the control */
    if (queue->repeated < plays) {
      bool control = queue->repeated == 0;
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
    queue->next++;
    queue->repeated = 0;
  }
  return false;
}

/* Nobody is there: the rest is not tried. */
static bool is_lost(const struct queue *queue) {
  const struct e100_surveyed_subject *subject = &queue->survey->subjects[queue->subject];
  return !subject->reached && subject->why[0] != '\0';
}

/* Exchanges at once. */
static unsigned jobs_of(const struct queue *queue) {
  const struct e100_surveyed_subject *subject = subject_of(queue);
  unsigned most = is_client(subject)        ? E100_CLIENT_JOBS_LIMIT
                  : subject->lane_count > 0 ? (unsigned)subject->lane_count
                                            : E100_JOBS_LIMIT;
  unsigned jobs = queue->survey->jobs < most ? queue->survey->jobs : most;
  return queue->round == AGAIN_ALONE ? 1 : jobs;
}

static bool begin_one(struct queue *queue) {
  while (!is_lost(queue) && !queue->survey->interrupted && queue->round < ROUNDS) {
    if (queue->running >= jobs_of(queue))
      return false;
    if (queue->round == ONCE ? begin_first(queue) : begin_again(queue))
      return true;
    if (queue->running > 0)
      return false;
    queue->round++;
    queue->next = 0;
  }
  return false;
}

static void on_pace(uv_timer_t *timer) {
  begin_more(timer->data);
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
  for (size_t i = 0; i < scheduler->survey->subject_count && scheduler->running < scheduler->survey->jobs;
       i++) {
    if (!in_pace(scheduler))
      return false;
    any |= begin_one(&scheduler->queues[i]);
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
  for (size_t i = 0; i < survey->subject_count; i++)
    for (size_t j = 0; j < survey->subjects[i].lane_count; j++)
      e100_listener_close(survey->subjects[i].lanes[j].listener);
  (void)uv_run(&scheduler->loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&scheduler->loop) == 0, "a survey leaves nothing in its loop");
  free(scheduler);
}

void e100_survey_free(struct e100_survey *survey) {
  for (size_t i = 0; i < survey->subject_count; i++) {
    struct e100_surveyed_subject *subject = &survey->subjects[i];
    for (size_t j = 0; subject->cells != NULL && j < survey->situation_count; j++) {
      e100_exchange_free(&subject->cells[j].play);
      e100_exchange_free(&subject->cells[j].transcript);
    }
    free(subject->cells);
    subject->cells = NULL;
  }
}

/* ---- what it came to ---------------------------------------------------------------------------- */

bool e100_survey_confirmed(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                           const struct e100_surveyed_finding *finding) {
  return finding->seen == cell->runs && cell->runs >= survey->confirm;
}

/* A rule for clients and proxies says nothing about an origin server, decided or not; and so on. */
static bool binds(unsigned rule, enum e100_role role) {
  switch (e100_rule(rule)->bound) {
  case E100_BOUND_CLIENT: /* who passes requests on is a client, too (RFC 9110 3.7) */
    return role != E100_ROLE_ORIGIN;
  case E100_BOUND_SERVER:
    return role != E100_ROLE_CLIENT;
  case E100_BOUND_ORIGIN:
    return role == E100_ROLE_ORIGIN || role == E100_ROLE_GATEWAY;
  case E100_BOUND_PROXY:
    return role == E100_ROLE_PROXY;
  case E100_BOUND_GATEWAY:
    return role == E100_ROLE_GATEWAY;
  case E100_BOUND_INTERMEDIARY:
    return role == E100_ROLE_PROXY || role == E100_ROLE_GATEWAY;
  default:
    return true;
  }
}

enum e100_rule_state e100_survey_rule(const struct e100_survey *survey, size_t subject, unsigned rule) {
  enum e100_rule_state state = E100_RULE_UNSEEN;
  if (!binds(rule, (enum e100_role)survey->subjects[subject].role))
    return state;
  for (size_t i = 0; i < survey->situation_count; i++) {
    const struct e100_surveyed_cell *cell = &survey->subjects[subject].cells[i];
    enum e100_rule_state here = E100_RULE_UNSEEN;
    if (cell->state != E100_SURVEYED_PLAYED)
      continue;
    if (e100_rule_set_has(&cell->verdict.undecided, rule))
      here = E100_RULE_OPEN;
    if (e100_rule_set_has(&cell->verdict.decided, rule))
      here = E100_RULE_KEPT;
    for (unsigned j = 0; j < cell->count; j++)
      if (cell->findings[j].finding.rule == rule)
        here =
            e100_survey_confirmed(survey, cell, &cell->findings[j]) ? E100_RULE_BROKEN : E100_RULE_UNSTEADY;
    state = here > state ? here : state;
  }
  return state;
}
