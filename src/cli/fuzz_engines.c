/* fuzz_engines.c - how libFuzzer and AFL++ are called, and what AFL++ writes about itself. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/fuzz.h"

enum {
  INPUT_SECONDS_LIMIT = 10, /* one execution; on a busy machine a fair one may take a second */
  MEMORY_LIMIT_MIB = 2048,
  RARE_FEATURE_LIMIT = 15 /* inputs; libFuzzer's own is 255 */
};

static uint64_t runs_left(const struct e100_campaign *campaign, const struct e100_lane *lane) {
  uint64_t done = e100_lane_executions(campaign, lane);
  return campaign->options.runs > done ? campaign->options.runs - done : 1;
}

/* A worker gets other numbers at each start, and the same ones again with the same --seed. */
static uint32_t seed_of(const struct e100_campaign *campaign, const struct e100_worker *worker) {
  uint32_t seed = campaign->options.seed + 1000003U * worker->index + 7919U * worker->lane->starts;
  return seed != 0 ? seed : 1;
}

/* The engines count whole seconds; the campaign itself ends a slice in time. */
static unsigned seconds_left(const struct e100_worker *worker) {
  double left = worker->until - e100_now();
  return left > 0 ? (unsigned)left + 1 : 1;
}

static void libfuzzer_command(const struct e100_campaign *campaign, const struct e100_worker *worker,
                              struct e100_words *words) {
  const struct e100_lane *lane = worker->lane;
  e100_words_add(words, "%s", lane->program);
  e100_words_add(words, "-artifact_prefix=%s/%s-w%u-", lane->artifacts, lane->engine->name, worker->index);
  e100_words_add(words, "-seed=%u", seed_of(campaign, worker));
  e100_words_add(words, "-max_len=%d", E100_INPUT_LENGTH_LIMIT);
  e100_words_add(words, "-timeout=%d", INPUT_SECONDS_LIMIT);
  e100_words_add(words, "-report_slow_units=%d", INPUT_SECONDS_LIMIT);
  e100_words_add(words, "-rss_limit_mb=%d", MEMORY_LIMIT_MIB);
  e100_words_add(words, "-reload=1");
  /* Features that this many inputs have are not rare: libFuzzer looks through all rare ones at each input,
   * and these targets have so many that it did little else. */
  e100_words_add(words, "-entropic_feature_frequency_threshold=%d", RARE_FEATURE_LIMIT);
  e100_words_add(words, "-print_final_stats=1");
  if (worker->until > 0)
    e100_words_add(words, "-max_total_time=%u", seconds_left(worker));
  if (campaign->options.runs > 0)
    e100_words_add(words, "-runs=%llu", (unsigned long long)runs_left(campaign, lane));
  if (lane->dictionary != NULL)
    e100_words_add(words, "-dict=%s", lane->dictionary);
  else /* choices: short inputs already reach everything, and longer ones are no slower to try */
    e100_words_add(words, "-len_control=0");
  e100_words_add(words, "%s", lane->corpus);
  e100_words_add(words, "%s", lane->seeds != NULL ? lane->seeds : campaign->seed_folder);
}

static void afl_command(const struct e100_campaign *campaign, const struct e100_worker *worker,
                        struct e100_words *words) {
  const struct e100_lane *lane = worker->lane;
  e100_words_add(words, "%s", campaign->afl_fuzz);
  e100_words_add(words, "-i");
  e100_words_add(words, "%s", lane->seeds != NULL ? lane->seeds : campaign->seed_folder);
  e100_words_add(words, "-o");
  e100_words_add(words, "%s", lane->afl);
  if (worker->instance == 0) { /* one main instance for a lane, which also reads what libFuzzer found */
    e100_words_add(words, "-M");
    e100_words_add(words, "main");
    e100_words_add(words, "-F");
    e100_words_add(words, "%s", lane->corpus);
  } else {
    e100_words_add(words, "-S");
    e100_words_add(words, "also%u", worker->instance);
  }
  if (worker->until > 0) {
    e100_words_add(words, "-V");
    e100_words_add(words, "%u", seconds_left(worker));
  }
  if (campaign->options.runs > 0) {
    e100_words_add(words, "-E");
    e100_words_add(words, "%llu", (unsigned long long)runs_left(campaign, lane));
  }
  e100_words_add(words, "-G");
  e100_words_add(words, "%d", E100_INPUT_LENGTH_LIMIT);
  e100_words_add(words, "-t");
  e100_words_add(words, "%d", INPUT_SECONDS_LIMIT * 1000);
  e100_words_add(words, "-m");
  e100_words_add(words, "none");
  e100_words_add(words, "-s");
  e100_words_add(words, "%u", seed_of(campaign, worker));
  if (lane->dictionary != NULL) {
    e100_words_add(words, "-x");
    e100_words_add(words, "%s", lane->dictionary);
  }
  e100_words_add(words, "--");
  e100_words_add(words, "%s", lane->program);
}

void e100_engine_command(const struct e100_campaign *campaign, const struct e100_worker *worker,
                         struct e100_words *words) {
  if (worker->lane->engine->afl)
    afl_command(campaign, worker, words);
  else
    libfuzzer_command(campaign, worker, words);
}

/* What makes afl-fuzz start on any machine: it stops for a core_pattern and a CPU frequency that are not
 * its own business here, and for options of sanitizers that it did not choose. */
static void afl_environment(const struct e100_campaign *campaign, const struct e100_lane *lane,
                            struct e100_environment *environment) {
  static const char *const on[] = {"AFL_NO_UI",           "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES",
                                   "AFL_SKIP_CPUFREQ",    "AFL_TRY_AFFINITY",
                                   "AFL_AUTORESUME",      "AFL_IMPORT_FIRST",
                                   "AFL_NO_CRASH_README", "AFL_SYNC_TIME"};
  for (size_t i = 0; i < sizeof on / sizeof on[0]; i++)
    e100_environment_set(environment, on[i], "1");
  e100_environment_set(environment, "AFL_FORKSRV_INIT_TMOUT", "30000"); /* ms; a busy machine */
  /* libFuzzer's targets have it in them. A build with sanitizers has none. */
  char *mutator = e100_format("%s/afl_mutator.so", campaign->libexec);
  if (access(mutator, R_OK) == 0) {
    e100_environment_set(environment, "AFL_CUSTOM_MUTATOR_LIBRARY", mutator);
    e100_environment_set(environment, "E100_MUTATED_TARGET", lane->target);
  }
  free(mutator);
}

void e100_engine_environment(const struct e100_campaign *campaign, const struct e100_lane *lane,
                             const char *gauge, struct e100_environment *environment) {
  e100_environment_init(environment);
  e100_environment_set(environment, "E100_KNOWN", campaign->known_path);
  if (gauge != NULL)
    e100_environment_set(environment, "E100_GAUGE", gauge);
  else
    e100_environment_unset(environment, "E100_GAUGE");
  if (campaign->options.subject != NULL && lane->plays)
    e100_environment_set(environment, "E100_SUBJECT", campaign->options.subject);
  else
    e100_environment_unset(environment, "E100_SUBJECT");
  if (lane->engine->afl) {
    e100_environment_unset(environment, "ASAN_OPTIONS");
    e100_environment_unset(environment, "MSAN_OPTIONS");
    e100_environment_unset(environment, "UBSAN_OPTIONS");
    afl_environment(campaign, lane, environment);
  } else if (getenv("UBSAN_OPTIONS") == NULL) {
    e100_environment_set(environment, "UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
  }
}

static double stat_of(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *line = text; line != NULL && *line != '\0';) {
    if (strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == ':')) {
      const char *colon = strchr(line, ':');
      return colon != NULL ? strtod(colon + 1, NULL) : -1;
    }
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
  return -1;
}

/* The least stable instance, and the largest queue, stand for the lane. */
void e100_engine_read_stats(struct e100_lane *lane, time_t since) {
  if (lane->afl == NULL)
    return;
  size_t count = 0;
  char **instances = e100_names_in(lane->afl, &count);
  for (size_t i = 0; i < count; i++) {
    char *path = e100_format("%s/%s/fuzzer_stats", lane->afl, instances[i]);
    char text[8192] = "";
    struct stat about;
    FILE *file = stat(path, &about) == 0 && about.st_mtime >= since ? fopen(path, "re") : NULL;
    if (file != NULL) {
      text[fread(text, 1, sizeof text - 1, file)] = '\0';
      fclose(file);
    }
    free(path);
    double stability = stat_of(text, "stability");
    double corpus = stat_of(text, "corpus_count");
    if (stability >= 0 && (lane->stability < 0 || stability < lane->stability))
      lane->stability = stability;
    if (corpus > 0 && corpus > (double)lane->corpus_size)
      lane->corpus_size = (uint64_t)corpus;
  }
  e100_names_free(instances);
}
