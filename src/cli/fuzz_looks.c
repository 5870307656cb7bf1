/*
 * fuzz_looks.c - what processes died of: which cause is it, and can it be made smaller?
 *
 * A look is one artifact. First it is run once more by itself, unless what it died of is known already;
 * then `expect100 minimize` makes a case of it. One process at a time, so that looking takes no more
 * than one core from fuzzing. An artifact is deleted only once its case is written, or once it turned out
 * to show nothing new.
 */
#include <errno.h>
#include <jansson.h>
#include <sha1.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/fuzz.h"

enum {
  RUN_SECONDS = 30, /* to run one input by itself */
  MINIMIZE_SECONDS = 120,
  STOP_SECONDS = 5,     /* from being asked to stop to being killed */
  FINISH_SECONDS = 300, /* for all that is left at the end of the campaign */
  LAST_SECONDS = 15     /* to run what is left once somebody interrupted */
};

enum stage {
  RUN,       /* with the known causes passed over: does it show something new? */
  RUN_AGAIN, /* with nothing passed over: does it show anything at all? */
  MINIMIZE
};

struct e100_look {
  struct e100_look *next;
  struct e100_lane *lane;
  char *path; /* the artifact */
  enum stage stage;
  char cause[E100_CAUSE_LIMIT]; /* of the finding to minimise for */
};

static struct e100_look *add(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                             enum stage stage) {
  struct e100_look *look = calloc(1, sizeof *look);
  E100_CHECK(look != NULL, "there is memory for a look");
  look->lane = lane;
  look->path = e100_format("%s", path);
  look->stage = stage;
  struct e100_look **at = &campaign->looks;
  /* To learn what it is goes before to make it smaller: targets then stop dying of it. */
  while (*at != NULL && ((*at)->stage != MINIMIZE || stage == MINIMIZE))
    at = &(*at)->next;
  look->next = *at;
  *at = look;
  return look;
}

static void free_look(struct e100_look *look) {
  free(look->path);
  free(look);
}

static bool is_queued(const struct e100_campaign *campaign, const char *path) {
  if (campaign->looked_at != NULL && strcmp(campaign->looked_at->path, path) == 0)
    return true;
  for (const struct e100_look *look = campaign->looks; look != NULL; look = look->next)
    if (strcmp(look->path, path) == 0)
      return true;
  return false;
}

/* ---- findings without a case: sanitizers, time, memory --------------------------------------------------
 */

static const char *kind_word(enum e100_finding_kind kind) {
  switch (kind) {
  case E100_FINDING_TIMEOUT:
    return "timeout";
  case E100_FINDING_MEMORY:
    return "memory";
  case E100_FINDING_UNSTABLE:
    return "unstable";
  case E100_FINDING_CAUSE:
    return "cause";
  default:
    return "crash";
  }
}

/* Moves the artifact among the findings, under a name by its cause, with what the process said. */
static void keep_raw(struct e100_campaign *campaign, struct e100_campaign_finding *finding, const char *path,
                     const struct e100_text *said) {
  char hash[41];
  SHA1Data((const uint8_t *)finding->cause, strlen(finding->cause), hash);
  char *base = e100_format("%s/%s-%s-%.8s", campaign->findings_folder, kind_word(finding->kind),
                           finding->target, hash);
  char *log = e100_format("%s.log", base);
  char *input = e100_format("%s.input", base);
  e100_live_hide(campaign);
  if (said != NULL && said->length > 0 && !e100_file_write(log, said->text, said->length))
    e100_campaign_fail(campaign, NULL, "a finding could not be written; its input stays in %s", path);
  else if (said != NULL && said->length > 0)
    finding->text_path = e100_format("%s", log);
  if (path != NULL && rename(path, input) == 0) {
    free(finding->input);
    finding->input = e100_format("%s", input);
  } else if (path != NULL && errno != ENOENT) {
    e100_campaign_fail(campaign, input, "cannot be written: %s", strerror(errno));
  }
  free(base);
  free(log);
  free(input);
}

static enum e100_finding_kind kind_of(const struct e100_child *child) {
  if (strstr(child->summary, "libFuzzer: timeout") != NULL)
    return E100_FINDING_TIMEOUT;
  if (strstr(child->summary, "libFuzzer: out-of-memory") != NULL)
    return E100_FINDING_MEMORY;
  return E100_FINDING_CRASH;
}

static void crash_cause(const struct e100_lane *lane, const struct e100_child *child, char *cause) {
  if (child->summary[0] != '\0') /* a place in the source: the same defect whichever target shows it */
    snprintf(cause, E100_CAUSE_LIMIT, "%s", child->summary);
  else if (child->status > 128)
    snprintf(cause, E100_CAUSE_LIMIT, "%.40s: signal %d", lane->target, (int)child->status - 128);
  else
    snprintf(cause, E100_CAUSE_LIMIT, "%.40s: ended with code %d", lane->target, (int)child->status);
}

/* A cause that is seen once more: the first input is as good as this one. AFL++ goes on after a death;
 * libFuzzer starts anew, and gets nowhere where that happens all the time. */
static void seen_again(struct e100_campaign *campaign, const struct e100_campaign_finding *finding,
                       struct e100_lane *lane, const char *path) {
  if (path != NULL)
    unlink(path);
  if (lane->engine->afl || lane->stopped || ++lane->repeats <= E100_SAME_CRASH_LIMIT)
    return;
  lane->stopped = true;
  campaign->incomplete = true;
  e100_campaign_say(campaign, "%s is not fuzzed any further with %s: it keeps dying of what is known, %s",
                    lane->target, lane->engine->title, finding->cause);
}

static void learn_crash(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                        const struct e100_child *child) {
  char cause[E100_CAUSE_LIMIT];
  crash_cause(lane, child, cause);
  struct e100_campaign_finding *finding = e100_finding_of(campaign, cause);
  if (finding != NULL) {
    seen_again(campaign, finding, lane, path);
    return;
  }
  finding = e100_finding_add(campaign, kind_of(child), cause, lane);
  if (finding == NULL)
    return;
  keep_raw(campaign, finding, path, &child->tail);
  e100_stats_finding(campaign, finding);
}

static void learn_unstable(struct e100_campaign *campaign, struct e100_lane *lane, const char *path) {
  char cause[E100_CAUSE_LIMIT];
  snprintf(cause, sizeof cause, "%.40s: an input that %s died of shows nothing when it is run again",
           lane->target, lane->engine->title);
  struct e100_campaign_finding *finding = e100_finding_of(campaign, cause);
  if (finding != NULL) {
    unlink(path);
    return;
  }
  finding = e100_finding_add(campaign, E100_FINDING_UNSTABLE, cause, lane);
  if (finding == NULL)
    return;
  keep_raw(campaign, finding, path, NULL);
  e100_stats_finding(campaign, finding);
}

/* ---- causes ------------------------------------------------------------------------------------- */

static void learn_cause(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                        const char *cause) {
  struct e100_campaign_finding *finding = e100_finding_of(campaign, cause);
  if (finding != NULL) {
    seen_again(campaign, finding, lane, path);
    return;
  }
  finding = e100_finding_add(campaign, E100_FINDING_CAUSE, cause, lane);
  if (finding == NULL) { /* excused: a target has aborted before it read the file */
    if (path != NULL)
      unlink(path);
    return;
  }
  if (path == NULL) {
    finding->what = e100_format("its input could not be written by %s", lane->engine->title);
    e100_stats_finding(campaign, finding);
    return;
  }
  finding->input = e100_format("%s", path);
  finding->waits = true;
  struct e100_look *look = add(campaign, lane, path, MINIMIZE);
  snprintf(look->cause, sizeof look->cause, "%s", cause);
}

void e100_look_at(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                  const struct e100_child *child) {
  /* Time and memory depend on the machine's load: only what they do again counts. */
  bool certain = child != NULL && (child->cause[0] != '\0' || kind_of(child) == E100_FINDING_CRASH);
  if (certain && child->cause[0] != '\0')
    learn_cause(campaign, lane, path, child->cause);
  else if (certain)
    learn_crash(campaign, lane, path, child);
  else if (path != NULL && !is_queued(campaign, path))
    add(campaign, lane, path, RUN);
}

/* ---- running one input -------------------------------------------------------------------------- */

static void after_run(struct e100_campaign *campaign, struct e100_look *look,
                      const struct e100_child *child) {
  struct stat about;
  if (stat(look->path, &about) != 0)
    return;
  if (campaign->phase == E100_PHASE_OVER || campaign->interrupts > 1)
    return; /* killed in a hurry: the next campaign looks */
  bool timed_out = e100_now() - child->started > RUN_SECONDS;
  if (look->stage == RUN_AGAIN && child->status == 0) {
    /* A hang that ends was only slow. */
    if (strstr(look->path, "timeout-") != NULL || strstr(look->path, "oom-") != NULL ||
        strstr(look->path, "-hang-") != NULL)
      unlink(look->path);
    else
      learn_unstable(campaign, look->lane, look->path);
  } else if (look->stage == RUN_AGAIN && child->cause[0] != '\0') {
    unlink(look->path); /* of a known cause only */
  } else if (child->status == 0) {
    add(campaign, look->lane, look->path, RUN_AGAIN);
  } else if (child->cause[0] != '\0') {
    learn_cause(campaign, look->lane, look->path, child->cause);
  } else if (timed_out) {
    struct e100_child said = {.status = child->status};
    snprintf(said.summary, sizeof said.summary, "libFuzzer: timeout");
    learn_crash(campaign, look->lane, look->path, &said);
  } else {
    learn_crash(campaign, look->lane, look->path, child);
  }
}

static struct e100_child *start_run(struct e100_campaign *campaign, const struct e100_look *look,
                                    e100_child_done_fn *done) {
  struct e100_words words = {0};
  struct e100_environment environment;
  e100_words_add(&words, "%s", look->lane->program);
  if (!look->lane->engine->afl) {
    e100_words_add(&words, "-timeout=%d", RUN_SECONDS / 2);
    e100_words_add(&words, "-rss_limit_mb=2048");
  }
  e100_words_add(&words, "%s", look->path);
  e100_engine_environment(campaign, look->lane, NULL, &environment);
  if (look->stage == RUN_AGAIN)
    e100_environment_unset(&environment, "E100_KNOWN");
  struct e100_child *child =
      e100_child_start(&campaign->loop, &words, &environment, campaign->fixed_addresses, done, campaign);
  e100_words_free(&words);
  e100_environment_free(&environment);
  return child;
}

/* ---- minimising --------------------------------------------------------------------------------- */

static struct e100_child *start_minimize(struct e100_campaign *campaign, const struct e100_look *look,
                                         e100_child_done_fn *done) {
  struct e100_words words = {0};
  struct e100_environment environment;
  e100_words_add(&words, "/proc/self/exe"); /* the supervisor is this program too */
  e100_words_add(&words, "minimize");
  e100_words_add(&words, "--target");
  e100_words_add(&words, "%s", look->lane->target);
  if (campaign->options.subject != NULL && look->lane->plays) {
    e100_words_add(&words, "--subject");
    e100_words_add(&words, "%s", campaign->options.subject);
  }
  e100_words_add(&words, "--input");
  e100_words_add(&words, "%s", look->path);
  e100_words_add(&words, "--cause");
  e100_words_add(&words, "%s", look->cause);
  e100_words_add(&words, "--out");
  e100_words_add(&words, "%s", campaign->findings_folder);
  e100_words_add(&words, "--json");
  e100_environment_init(&environment);
  e100_environment_unset(&environment, "E100_KNOWN");
  struct e100_child *child = e100_child_start(&campaign->loop, &words, &environment, false, done, campaign);
  if (child != NULL)
    child->keep_output = true;
  e100_words_free(&words);
  e100_environment_free(&environment);
  return child;
}

static char *member(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? e100_format("%s", text) : NULL;
}

/* What minimize says: {"cause", "rule", "party", "what", "case", "report", "replay"}. */
static bool read_result(struct e100_campaign_finding *finding, const struct e100_child *child) {
  if (child->output.length == 0)
    return false;
  json_t *result = json_loadb(child->output.text, child->output.length, 0, NULL);
  const char *path = json_string_value(json_object_get(result, "case"));
  bool fine = path != NULL && access(path, R_OK) == 0;
  if (fine) {
    finding->case_path = member(result, "case");
    finding->text_path = member(result, "report");
    finding->what = member(result, "what");
    finding->party = member(result, "party");
    finding->replay = member(result, "replay");
    finding->reported = json_incref(json_object_get(result, "finding"));
    finding->transcript = json_incref(json_object_get(result, "transcript"));
    const char *rule = json_string_value(json_object_get(result, "rule"));
    if (rule != NULL)
      finding->rule = e100_rule_named(rule);
  }
  json_decref(result);
  return fine;
}

static void after_minimize(struct e100_campaign *campaign, const struct e100_look *look,
                           const struct e100_child *child) {
  struct e100_campaign_finding *finding = e100_finding_of(campaign, look->cause);
  if (finding == NULL)
    return;
  if (read_result(finding, child)) {
    finding->waits = false;
    free(finding->input);
    finding->input = NULL;
    unlink(look->path);
    e100_campaign_say(campaign, "a case of it is in %s", finding->case_path);
    e100_stats_finding(campaign, finding);
    return;
  }
  if (campaign->interrupts > 0)
    return; /* it stays an artifact: the next campaign makes the case */
  finding->waits = false;
  keep_raw(campaign, finding, look->path, &child->tail);
  if (child->status == E100_EXIT_NOT_REPRODUCED)
    e100_campaign_say(campaign, "%s: the program by itself does not show it; the input is in %s",
                      finding->cause, finding->input != NULL ? finding->input : look->path);
  else
    e100_campaign_say(campaign, "%s: it could not be minimised; the input is in %s", finding->cause,
                      finding->input != NULL ? finding->input : look->path);
  e100_stats_finding(campaign, finding);
}

/* ---- one after the other ------------------------------------------------------------------------ */

static void on_done(struct e100_child *child, void *user) {
  struct e100_campaign *campaign = user;
  struct e100_look *look = campaign->looked_at;
  campaign->looking = NULL;
  campaign->looked_at = NULL;
  if (look->stage == MINIMIZE)
    after_minimize(campaign, look, child);
  else
    after_run(campaign, look, child);
  free_look(look);
  e100_looks_tick(campaign);
}

/* Whether there is still something to do that an interrupt leaves time for. */
static bool is_next_wanted(const struct e100_campaign *campaign) {
  const struct e100_look *next = campaign->looks;
  if (next == NULL || campaign->phase == E100_PHASE_OVER || campaign->failed)
    return false;
  double spent = campaign->phase == E100_PHASE_RUNNING ? 0 : e100_now() - campaign->stopped;
  if (campaign->interrupts == 0)
    return spent < FINISH_SECONDS;
  return campaign->interrupts == 1 && next->stage != MINIMIZE && spent < LAST_SECONDS;
}

static void watch(struct e100_campaign *campaign) {
  double limit = campaign->looked_at->stage == MINIMIZE ? MINIMIZE_SECONDS : RUN_SECONDS;
  double spent = e100_now() - campaign->looking_since;
  if (campaign->interrupts > 0 && campaign->looked_at->stage == MINIMIZE && !campaign->looking_asked) {
    campaign->looking_asked = true;
    campaign->looking_since = e100_now() - limit;
    e100_child_ask_to_stop(campaign->looking);
  } else if (spent > limit + STOP_SECONDS || campaign->interrupts > 1) {
    e100_child_kill(campaign->looking);
  } else if (spent > limit && !campaign->looking_asked) {
    campaign->looking_asked = true;
    e100_child_ask_to_stop(campaign->looking);
  }
}

void e100_looks_tick(struct e100_campaign *campaign) {
  if (campaign->looking != NULL) {
    watch(campaign);
    return;
  }
  if (!is_next_wanted(campaign))
    return;
  struct e100_look *look = campaign->looks;
  campaign->looks = look->next;
  campaign->looked_at = look;
  campaign->looking_since = e100_now();
  campaign->looking_asked = false;
  campaign->looking =
      look->stage == MINIMIZE ? start_minimize(campaign, look, on_done) : start_run(campaign, look, on_done);
  if (campaign->looking == NULL) {
    campaign->looked_at = NULL;
    free_look(look);
    e100_campaign_fail(campaign, NULL, "no further process can be started; try fewer with --jobs");
  }
}

bool e100_looks_done(const struct e100_campaign *campaign) {
  return campaign->looking == NULL && !is_next_wanted(campaign);
}

size_t e100_looks_left(const struct e100_campaign *campaign) {
  size_t left = 0;
  for (const struct e100_look *look = campaign->looks; look != NULL; look = look->next)
    left += look->stage != MINIMIZE;
  return left;
}

void e100_looks_free(struct e100_campaign *campaign) {
  while (campaign->looks != NULL) {
    struct e100_look *look = campaign->looks;
    campaign->looks = look->next;
    free_look(look);
  }
}
