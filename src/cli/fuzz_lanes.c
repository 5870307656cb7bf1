/* fuzz_lanes.c - which targets there are under which engines, and how the time is shared among them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/fuzz.h"
#include "cli/lookups.h"
#include "e100_config.h"

enum {
  PLAYING_WEIGHT = 3,    /* of targets that play the subject, against 1 for the others */
  SLICE_SECONDS_LOW = 1, /* a slice of weight 1 */
  SLICE_SECONDS_HIGH = 60
};

static const struct e100_engine engines[] = {
    {"libfuzzer", "libFuzzer",
     "this build has no targets for it: it needs clang (Debian: clang), and a new configure and build", false,
     true},
    {"afl", "AFL++", "it needs AFL++ (Debian: afl++), and a new configure and build for its targets", true,
     true},
    {"msan", "libFuzzer+MSan",
     "this build has no targets for it: it needs clang (Debian: clang), and a build with the preset msan",
     false, false},
};

_Static_assert(sizeof engines / sizeof engines[0] <= E100_ENGINES_LIMIT, "there is room for each engine");

const struct e100_engine *e100_engine_at(size_t index) {
  return index < sizeof engines / sizeof engines[0] ? &engines[index] : NULL;
}

size_t e100_engine_index(const struct e100_engine *engine) {
  return (size_t)(engine - engines);
}

static const char *engine_name_at(size_t index) {
  return e100_engine_at(index) != NULL ? engines[index].name : NULL;
}

static const char *target_name_at(size_t index) {
  const struct e100_target *target = e100_target_at(index);
  return target != NULL ? target->name : NULL;
}

static const char *subject_name_at(size_t index) {
  const struct e100_subject *subject = e100_subject_at(index);
  return subject != NULL ? subject->name : NULL;
}

/* ---- what is there --------------------------------------------------------------------------------- */

static char *program_of(const struct e100_campaign *campaign, const struct e100_engine *engine,
                        const char *target) {
  char *path = e100_format("%s/%s/%s", campaign->libexec, engine->name, target);
  struct stat about;
  if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0)
    return path;
  free(path);
  return NULL;
}

/* The path of a program that is looked for as a shell does, or NULL. */
static char *find_in_path(const char *name) {
  const char *path = getenv("PATH");
  while (path != NULL && *path != '\0') {
    size_t length = strcspn(path, ":");
    char *candidate = e100_format("%.*s/%s", (int)length, path, name);
    if (length > 0 && access(candidate, X_OK) == 0)
      return candidate;
    free(candidate);
    path += length + (path[length] == ':');
  }
  return NULL;
}

static bool engine_is_there(const struct e100_campaign *campaign, const struct e100_engine *engine) {
  if (engine->afl && campaign->afl_fuzz == NULL)
    return false;
  bool there = false;
  for (size_t i = 0; !there && e100_target_at(i) != NULL; i++) {
    char *program = program_of(campaign, engine, e100_target_at(i)->name);
    there = program != NULL;
    free(program);
  }
  return there;
}

/* Bits of the engines to use; 0 after a message. */
static unsigned choose_engines(struct e100_campaign *campaign) {
  const char *wanted = campaign->options.engine;
  bool all = strcmp(wanted, "all") == 0;
  unsigned chosen = 0;
  bool exists = all;
  for (size_t i = 0; e100_engine_at(i) != NULL; i++) {
    const struct e100_engine *engine = &engines[i];
    if (all ? !engine->usual : strcmp(wanted, engine->name) != 0)
      continue;
    exists = true;
    if (engine_is_there(campaign, engine))
      chosen |= 1U << i;
    else if (all)
      e100_complain(NULL, "without %s: %s", engine->title, engine->needs);
    else
      e100_complain(NULL, "--engine %s: %s", wanted, engine->needs);
  }
  if (!exists)
    e100_complain_unknown("engine", wanted, engine_name_at, "expect100 fuzz --help");
  else if (all && chosen == 0)
    e100_complain(NULL, "there is no engine, so there can be no campaign");
  return chosen;
}

/* ---- lanes -------------------------------------------------------------------------------------------- */

/* A name as a part of a path: "fault:x/y" becomes "fault%3Ax%2Fy". */
static char *escape_name(const char *name) {
  struct e100_text out = {0};
  for (const char *c = name; *c != '\0'; c++) {
    if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-' ||
        *c == '_')
      e100_text_add(&out, c, 1);
    else
      e100_text_format(&out, "%%%02X", (unsigned char)*c);
  }
  return out.text != NULL ? out.text : e100_format("%%");
}

static char *existing(char *path) {
  if (access(path, R_OK) == 0)
    return path;
  free(path);
  return NULL;
}

static char *seeds_for(const struct e100_campaign *campaign, const char *target) {
  if (campaign->options.no_seeds)
    return NULL;
  char *folder = existing(e100_format("%s/%s/seeds/%s", campaign->program_folder, E100_SHARE_FOLDER, target));
  size_t count = 0;
  char **names = folder != NULL ? e100_names_in(folder, &count) : NULL;
  if (names != NULL)
    e100_names_free(names);
  if (count > 0)
    return folder;
  free(folder);
  return NULL;
}

/* Raw octets and text have words of their own; a sequence of choices has them in its decoder. */
static char *dictionary_for(const struct e100_campaign *campaign, const char *target) {
  const char *name = strcmp(target, "raw") == 0 || strcmp(target, "response") == 0 ? "http"
                     : strcmp(target, "expect") == 0                               ? "http"
                     : strcmp(target, "case") == 0                                 ? "case"
                                                                                   : NULL;
  if (name == NULL)
    return NULL;
  return existing(
      e100_format("%s/%s/dictionaries/%s.dict", campaign->program_folder, E100_SHARE_FOLDER, name));
}

/* PROGRAM becomes the lane's own. */
static void add_lane(struct e100_campaign *campaign, const struct e100_engine *engine,
                     const struct e100_target *target, char **program) {
  campaign->lanes = realloc(campaign->lanes, (campaign->lane_count + 1) * sizeof *campaign->lanes);
  E100_CHECK(campaign->lanes != NULL, "there is memory for a lane");
  struct e100_lane *lane = &campaign->lanes[campaign->lane_count++];
  const char *out = campaign->options.out;
  *lane = (struct e100_lane){.engine = engine, .program = *program, .plays = target->plays, .stability = -1};
  *program = NULL;
  lane->target = e100_format("%s", target->name);
  lane->weight = target->plays ? PLAYING_WEIGHT : 1;
  if (target->plays && campaign->options.subject != NULL) {
    char *subject = escape_name(campaign->options.subject);
    lane->key = e100_format("%s@%s", target->name, subject);
    free(subject);
  } else {
    lane->key = e100_format("%s", target->name);
  }
  lane->seeds = seeds_for(campaign, target->name);
  lane->dictionary = dictionary_for(campaign, target->name);
  lane->corpus = e100_format("%s/corpus/%s", out, target->name);
  lane->artifacts = e100_format("%s/artifacts/%s", out, lane->key);
  lane->afl = engine->afl ? e100_format("%s/afl/%s", out, lane->key) : NULL;
}

/* A subject that was asked for is played: targets that play none, or another role, say nothing about it. */
static bool target_is_wanted(const struct e100_campaign *campaign, const struct e100_target *target) {
  const char *wanted = campaign->options.target;
  if (strcmp(wanted, "all") != 0)
    return strcmp(wanted, target->name) == 0;
  const char *subject = campaign->options.subject;
  return subject == NULL ||
         (target->plays && e100_subject_named(subject, (enum e100_role)target->role) != NULL);
}

static bool subject_exists(const char *name) {
  for (unsigned role = 0; role < E100_ROLE_COUNT; role++)
    if (e100_subject_named(name, (enum e100_role)role) != NULL)
      return true;
  e100_complain_unknown("subject", name, subject_name_at, "expect100 list subjects");
  return false;
}

static bool names_are_known(const struct e100_campaign *campaign) {
  const struct e100_campaign_options *options = &campaign->options;
  if (strcmp(options->target, "all") != 0) {
    const struct e100_target *target = e100_target_named(options->target);
    if (target == NULL) {
      e100_complain_unknown("target", options->target, target_name_at, "expect100 list targets");
      return false;
    }
    if (options->subject != NULL && !target->plays) {
      e100_complain(NULL, "the target '%s' plays no subject; leave out --subject, or choose another target",
                    options->target);
      return false;
    }
    if (options->subject != NULL)
      return e100_lookup_subject(options->subject, (enum e100_role)target->role) != NULL;
  }
  return options->subject == NULL || subject_exists(options->subject);
}

bool e100_lanes_find(struct e100_campaign *campaign) {
  campaign->afl_fuzz = find_in_path("afl-fuzz");
  if (!names_are_known(campaign))
    return false;
  unsigned chosen = choose_engines(campaign);
  if (chosen == 0)
    return false;
  for (size_t t = 0; e100_target_at(t) != NULL; t++) {
    const struct e100_target *target = e100_target_at(t);
    for (size_t e = 0; target_is_wanted(campaign, target) && e100_engine_at(e) != NULL; e++) {
      char *program = (chosen & 1U << e) != 0 ? program_of(campaign, &engines[e], target->name) : NULL;
      if (program != NULL)
        add_lane(campaign, &engines[e], target, &program);
    }
  }
  if (campaign->lane_count == 0)
    e100_complain(NULL, "the target '%s' was not built for this engine; build it, or choose another one",
                  campaign->options.target);
  return campaign->lane_count > 0;
}

void e100_lanes_free(struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->lane_count; i++) {
    struct e100_lane *lane = &campaign->lanes[i];
    char *owned[] = {lane->target,     lane->key,    lane->program,   lane->seeds,
                     lane->dictionary, lane->corpus, lane->artifacts, lane->afl};
    for (size_t j = 0; j < sizeof owned / sizeof owned[0]; j++)
      free(owned[j]);
    if (lane->first_inputs != NULL)
      e100_names_free(lane->first_inputs);
  }
  free(campaign->lanes);
  free(campaign->afl_fuzz);
}

/* ---- sharing the time -----------------------------------------------------------------------------------
 */

uint64_t e100_lane_executions(const struct e100_campaign *campaign, const struct e100_lane *lane) {
  uint64_t executions = lane->executions;
  for (size_t i = 0; i < campaign->worker_count; i++)
    if (campaign->workers[i].lane == lane)
      executions += campaign->workers[i].gauge->executions;
  return executions;
}

bool e100_lane_finished(const struct e100_campaign *campaign, const struct e100_lane *lane) {
  return lane->stopped ||
         (campaign->options.runs > 0 && e100_lane_executions(campaign, lane) >= campaign->options.runs);
}

static bool serves(const struct e100_worker *worker, const struct e100_lane *lane) {
  return worker->group == E100_ANY_GROUP || worker->group == e100_engine_index(lane->engine);
}

/* How long a slice of weight 1 is, so that the lanes' slices together fill the workers' time once, or
 * several times in a long campaign. */
static double slice_unit(const struct e100_campaign *campaign, const struct e100_worker *worker) {
  unsigned weights = 0;
  unsigned workers = 0;
  for (size_t i = 0; i < campaign->lane_count; i++)
    weights += serves(worker, &campaign->lanes[i]) ? campaign->lanes[i].weight : 0;
  for (size_t i = 0; i < campaign->worker_count; i++)
    workers += campaign->workers[i].group == worker->group;
  double unit = campaign->options.seconds * workers / (weights > 0 ? weights : 1);
  return unit < SLICE_SECONDS_LOW ? SLICE_SECONDS_LOW : unit > SLICE_SECONDS_HIGH ? SLICE_SECONDS_HIGH : unit;
}

/* Whether A should go before B: with a number of executions to reach, the one that nobody works on;
 * otherwise the one that has had the least of its share. */
static bool goes_before(const struct e100_campaign *campaign, const struct e100_lane *a,
                        const struct e100_lane *b) {
  if (campaign->options.seconds <= 0 && a->running != b->running)
    return a->running < b->running;
  return a->planned / a->weight < b->planned / b->weight;
}

struct e100_lane *e100_lanes_next(struct e100_campaign *campaign, const struct e100_worker *worker,
                                  double *seconds) {
  struct e100_lane *next = NULL;
  for (size_t i = 0; i < campaign->lane_count; i++) {
    struct e100_lane *lane = &campaign->lanes[i];
    if (!serves(worker, lane) || lane->first_busy || e100_lane_finished(campaign, lane))
      continue;
    if (next == NULL || goes_before(campaign, lane, next))
      next = lane;
  }
  *seconds = 0;
  if (next == NULL || campaign->options.seconds <= 0)
    return next;
  double left = campaign->end - e100_now();
  *seconds = slice_unit(campaign, worker) * next->weight;
  if (*seconds > left)
    *seconds = left;
  return left > 0.2 ? next : NULL;
}
