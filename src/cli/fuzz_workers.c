/*
 * fuzz_workers.c - each worker runs one process after the other: it starts one for the lane that is next,
 * asks it to stop at the end of its slice, and sees what it died of.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/fuzz.h"

enum {
  STOP_SECONDS = 5,         /* from being asked to stop to being killed */
  LONG_SECONDS = 10,        /* a process that lived so long has started */
  FIRST_INPUTS_BATCH = 256, /* first inputs that one process runs */
  FIRST_INPUT_TRIES = 16    /* causes that one first input may have */
};

/* ---- gauges --------------------------------------------------------------------------------------- */

static bool map_gauge(struct e100_worker *worker) {
  int fd = open(worker->gauge_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  /* Its blocks are taken now: on a full disk, touching a hole in a mapped file would be fatal. */
  int error = fd < 0 ? errno : posix_fallocate(fd, 0, sizeof *worker->gauge);
  void *mapped =
      error == 0 ? mmap(NULL, sizeof *worker->gauge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  if (error == 0 && mapped == MAP_FAILED)
    error = errno;
  if (fd >= 0)
    close(fd);
  if (error != 0) {
    e100_complain(worker->gauge_path, "cannot be written and mapped: %s; choose another folder with --out",
                  strerror(error));
    return false;
  }
  worker->gauge = mapped;
  return true;
}

static void reset_gauge(struct e100_worker *worker) {
  memset(worker->gauge, 0, sizeof *worker->gauge);
  worker->gauge->magic = E100_GAUGE_MAGIC;
  worker->gauge->version = E100_GAUGE_VERSION;
}

/* Adds what the process counted to the lane and to the campaign. */
static void empty_gauge(struct e100_worker *worker) {
  struct e100_campaign *campaign = worker->campaign;
  worker->lane->executions += worker->gauge->executions;
  for (size_t i = 0; i < E100_GAUGE_PAIRS; i++)
    campaign->pairs[i] |= worker->gauge->pairs[i];
  for (size_t i = 0; i < sizeof campaign->rules; i++)
    campaign->rules[i] |= worker->gauge->rules[i];
  reset_gauge(worker);
}

/* The engines that lanes have, each once; gives how many. */
static size_t list_groups(const struct e100_campaign *campaign, unsigned *groups) {
  size_t count = 0;
  for (size_t i = 0; i < campaign->lane_count; i++) {
    unsigned group = (unsigned)e100_engine_index(campaign->lanes[i].engine);
    bool seen = false;
    for (size_t j = 0; j < count; j++)
      seen = seen || groups[j] == group;
    if (!seen)
      groups[count++] = group;
  }
  E100_CHECK(count > 0, "a campaign has a lane");
  return count;
}

bool e100_workers_make(struct e100_campaign *campaign) {
  unsigned groups[E100_ENGINES_LIMIT];
  size_t count = list_groups(campaign, groups);
  size_t jobs = campaign->options.jobs;
  campaign->workers = calloc(jobs, sizeof *campaign->workers);
  E100_CHECK(campaign->workers != NULL, "there is memory for the workers");
  for (size_t i = 0; i < jobs; i++) {
    struct e100_worker *worker = &campaign->workers[i];
    worker->campaign = campaign;
    worker->index = (unsigned)i;
    worker->group = jobs < count ? E100_ANY_GROUP : groups[i % count];
    worker->gauge_path = e100_format("%s/work/gauge-%zu", campaign->options.out, i);
    if (!map_gauge(worker)) {
      free(worker->gauge_path);
      return false;
    }
    reset_gauge(worker);
    campaign->worker_count = i + 1;
  }
  return true;
}

void e100_workers_free(struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->worker_count; i++) {
    struct e100_worker *worker = &campaign->workers[i];
    munmap(worker->gauge, sizeof *worker->gauge);
    unlink(worker->gauge_path);
    free(worker->gauge_path);
  }
  free(campaign->workers);
}

/* ---- the end of a process ------------------------------------------------------------------------------ */

/* A line without what colours it: escape sequences, and other control characters. */
static void say_plain(struct e100_campaign *campaign, const char *line, size_t length) {
  struct e100_text plain = {0};
  for (size_t i = 0; i < length; i++) {
    if (line[i] == '\033' && i + 1 < length && line[i + 1] == '[')
      for (i += 2; i < length && (line[i] < '@' || line[i] > '~');)
        i++;
    else if ((unsigned char)line[i] >= 0x20 && line[i] != 0x7f)
      e100_text_add(&plain, &line[i], 1);
  }
  if (plain.length > 0)
    e100_campaign_say(campaign, "  | %.200s", plain.text);
  e100_text_free(&plain);
}

/* The last lines that a process printed, for people. */
static void say_tail(struct e100_campaign *campaign, const struct e100_child *child) {
  enum { LINES = 12 };
  const char *text = child->tail.text != NULL ? child->tail.text : "";
  const char *from = text + child->tail.length;
  for (unsigned lines = 0; from > text; from--)
    if (from[-1] == '\n' && ++lines > LINES)
      break;
  while (*from != '\0') {
    size_t length = strcspn(from, "\n");
    say_plain(campaign, from, length);
    from += length + (from[length] == '\n');
  }
}

static void give_up_lane(struct e100_campaign *campaign, struct e100_lane *lane, const char *why) {
  if (lane->stopped)
    return;
  lane->stopped = true;
  campaign->incomplete = true;
  e100_campaign_say(campaign, "%s is not fuzzed any further with %s: %s", lane->target, lane->engine->title,
                    why);
}

/* Takes what libFuzzer wrote; slow inputs are no defects. */
static void take_artifacts(struct e100_worker *worker, const struct e100_child *child) {
  struct e100_campaign *campaign = worker->campaign;
  struct e100_lane *lane = worker->lane;
  char *prefix = e100_format("%s-w%u-", lane->engine->name, worker->index);
  size_t count = 0;
  bool taken = false;
  char **names = e100_names_in(lane->artifacts, &count);
  for (size_t i = 0; i < count; i++) {
    if (strncmp(names[i], prefix, strlen(prefix)) != 0)
      continue;
    char *path = e100_format("%s/%s", lane->artifacts, names[i]);
    if (strstr(names[i], "-slow-unit-") != NULL) {
      unlink(path);
    } else {
      e100_look_at(campaign, lane, path, strcmp(path, child->artifact) == 0 ? child : NULL);
      taken = taken || strcmp(path, child->artifact) == 0;
    }
    free(path);
  }
  e100_names_free(names);
  free(prefix);
  if (!taken && child->cause[0] != '\0' && !lane->engine->afl)
    e100_look_at(campaign, lane, NULL, child);
}

static void after_engine(struct e100_worker *worker, struct e100_child *child, uint64_t executed) {
  struct e100_campaign *campaign = worker->campaign;
  struct e100_lane *lane = worker->lane;
  bool asked = worker->asked_to_stop > 0;
  if (lane->engine->afl) {
    e100_engine_read_stats(lane, campaign->wall_start);
  } else {
    if (child->corpus > 0)
      lane->corpus_size = child->corpus;
    take_artifacts(worker, child);
  }
  /* afl-fuzz ends with 0; a target under libFuzzer has executed something before it dies. */
  double lived = e100_now() - worker->since;
  bool failed = lane->engine->afl ? child->status != 0 : executed == 0;
  if (asked)
    return;
  if (!failed) {
    lane->failed_starts = 0;
  } else if (lived > LONG_SECONDS && ++lane->deaths <= E100_SAME_CRASH_LIMIT) {
    e100_campaign_say(campaign, "%s ended with code %lld in %s and is started again", lane->engine->title,
                      (long long)child->status, lane->target);
  } else if (++lane->failed_starts >= E100_FAILED_STARTS_LIMIT) {
    char why[128];
    snprintf(why, sizeof why, "it does not start, or ends again and again, with code %lld. It said:",
             (long long)child->status);
    give_up_lane(campaign, lane, why);
    say_tail(campaign, child);
  }
}

/* The only input of a batch of one died: it becomes an artifact. It is run again where it may have further
 * causes, now that this one is known. */
static void take_first_input(struct e100_worker *worker, const struct e100_child *child) {
  struct e100_campaign *campaign = worker->campaign;
  struct e100_lane *lane = worker->lane;
  const char *input = lane->first_inputs[lane->first_next];
  char name[41];
  if (e100_name_by_content(input, name)) {
    char *copy = e100_format("%s/%s-%s", lane->artifacts, lane->engine->name, name);
    if (e100_out_copy(input, copy))
      e100_look_at(campaign, lane, copy, child);
    else
      e100_campaign_fail(campaign, lane->artifacts, "the out folder cannot be written");
    free(copy);
  }
  if (child->cause[0] != '\0' && ++lane->first_tries < FIRST_INPUT_TRIES)
    return;
  lane->first_tries = 0;
  lane->first_next++;
}

/* AFL++'s driver has run a batch of first inputs. Which one it died of, it cannot be relied on to say: its
 * own output is lost with it. So the batch is halved until it is one input. */
static void after_first_inputs(struct e100_worker *worker, const struct e100_child *child) {
  struct e100_lane *lane = worker->lane;
  lane->first_busy = false;
  if (worker->asked_to_stop > 0)
    return;
  if (child->status == 0) {
    lane->first_next += lane->first_batch;
    lane->first_tries = 0;
    lane->first_batch = FIRST_INPUTS_BATCH;
  } else if (lane->first_batch > 1) {
    size_t rest = lane->first_count - lane->first_next;
    lane->first_batch = (rest < lane->first_batch ? rest : lane->first_batch) / 2;
    lane->first_batch += lane->first_batch == 0;
  } else {
    take_first_input(worker, child);
  }
}

static void start(struct e100_worker *worker, struct e100_lane *lane, double seconds);

/* The rest of its slice belongs to the same lane: the engine died, or has only now its first inputs. */
static void go_on(struct e100_worker *worker, struct e100_lane *lane) {
  enum { SHORTEST = 1 };
  struct e100_campaign *campaign = worker->campaign;
  double left = worker->until - e100_now();
  if (campaign->phase == E100_PHASE_RUNNING && worker->asked_to_stop <= 0 && !lane->first_busy &&
      !e100_lane_finished(campaign, lane) && (worker->until <= 0 || left >= SHORTEST))
    start(worker, lane, worker->until > 0 ? left : 0);
}

static void on_done(struct e100_child *child, void *user) {
  struct e100_worker *worker = user;
  struct e100_campaign *campaign = worker->campaign;
  struct e100_lane *lane = worker->lane;
  double now = e100_now();
  uint64_t executed = worker->gauge->executions;
  empty_gauge(worker);
  lane->busy += now - worker->since;
  if (worker->until > now)
    lane->planned -= worker->until - now;
  lane->running--;
  campaign->ran = now - campaign->start;
  if (worker->first_inputs)
    after_first_inputs(worker, child);
  else
    after_engine(worker, child, executed);
  worker->lane = NULL;
  worker->child = NULL;
  go_on(worker, lane);
}

/* ---- the start of a process -----------------------------------------------------------------------------
 */

static void add_folder(struct e100_lane *lane, const char *folder) {
  size_t count = 0;
  char **names = e100_names_in(folder, &count);
  lane->first_inputs = realloc(lane->first_inputs, (lane->first_count + count + 1) * sizeof *names);
  E100_CHECK(lane->first_inputs != NULL, "there is memory for the names of inputs");
  for (size_t i = 0; i < count; i++)
    lane->first_inputs[lane->first_count++] = e100_format("%s/%s", folder, names[i]);
  lane->first_inputs[lane->first_count] = NULL;
  e100_names_free(names);
}

static void list_first_inputs(const struct e100_campaign *campaign, struct e100_lane *lane) {
  lane->first_listed = true;
  lane->first_batch = FIRST_INPUTS_BATCH;
  add_folder(lane, lane->seeds != NULL ? lane->seeds : campaign->seed_folder);
  size_t count = 0;
  char **instances = e100_names_in(lane->afl, &count);
  for (size_t i = 0; i < count; i++) {
    char *queue = e100_format("%s/%s/queue", lane->afl, instances[i]);
    add_folder(lane, queue);
    free(queue);
  }
  e100_names_free(instances);
}

static void first_inputs_command(const struct e100_lane *lane, struct e100_words *words) {
  e100_words_add(words, "%s", lane->program);
  for (size_t i = lane->first_next; i < lane->first_count && i < lane->first_next + lane->first_batch; i++)
    e100_words_add(words, "%s", lane->first_inputs[i]);
}

/* The smallest number that no other worker of the lane has. */
static unsigned free_instance(const struct e100_worker *worker) {
  const struct e100_campaign *campaign = worker->campaign;
  for (unsigned instance = 0;; instance++) {
    bool taken = false;
    for (size_t i = 0; i < campaign->worker_count; i++) {
      const struct e100_worker *other = &campaign->workers[i];
      taken = taken || (other != worker && other->lane == worker->lane && other->instance == instance);
    }
    if (!taken)
      return instance;
  }
}

static void start(struct e100_worker *worker, struct e100_lane *lane, double seconds) {
  struct e100_campaign *campaign = worker->campaign;
  worker->lane = lane;
  worker->since = e100_now();
  worker->until = seconds > 0 ? worker->since + seconds : 0;
  worker->asked_to_stop = 0;
  worker->instance = free_instance(worker);
  if (lane->engine->afl && !lane->first_listed)
    list_first_inputs(campaign, lane);
  worker->first_inputs = lane->first_next < lane->first_count;

  struct e100_words words = {0};
  struct e100_environment environment;
  if (worker->first_inputs)
    first_inputs_command(lane, &words);
  else
    e100_engine_command(campaign, worker, &words);
  e100_engine_environment(campaign, lane, worker->gauge_path, &environment);
  worker->child =
      e100_child_start(&campaign->loop, &words, &environment, campaign->fixed_addresses, on_done, worker);
  e100_words_free(&words);
  e100_environment_free(&environment);
  if (worker->child == NULL) {
    worker->lane = NULL;
    e100_campaign_fail(campaign, NULL, "no further process can be started; try fewer with --jobs");
    return;
  }
  lane->starts++;
  lane->running++;
  lane->first_busy = worker->first_inputs;
  lane->planned += seconds;
}

/* ---- while it runs ------------------------------------------------------------------------------ */

static void watch(struct e100_worker *worker, double now) {
  struct e100_campaign *campaign = worker->campaign;
  bool over = campaign->phase != E100_PHASE_RUNNING || (worker->until > 0 && now >= worker->until) ||
              e100_lane_finished(campaign, worker->lane);
  if (over && worker->asked_to_stop <= 0) {
    worker->asked_to_stop = now;
    e100_child_ask_to_stop(worker->child);
  } else if (worker->asked_to_stop > 0 && now - worker->asked_to_stop > STOP_SECONDS) {
    e100_child_kill(worker->child);
  }
}

void e100_workers_tick(struct e100_campaign *campaign) {
  double now = e100_now();
  for (size_t i = 0; i < campaign->worker_count; i++) {
    struct e100_worker *worker = &campaign->workers[i];
    if (worker->lane != NULL) {
      watch(worker, now);
    } else if (campaign->phase == E100_PHASE_RUNNING) {
      double seconds = 0;
      struct e100_lane *lane = e100_lanes_next(campaign, worker, &seconds);
      if (lane != NULL)
        start(worker, lane, seconds);
    }
  }
}

bool e100_workers_idle(const struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->worker_count; i++)
    if (campaign->workers[i].lane != NULL)
      return false;
  return true;
}

void e100_workers_kill(struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->worker_count; i++)
    if (campaign->workers[i].child != NULL)
      e100_child_kill(campaign->workers[i].child);
}
