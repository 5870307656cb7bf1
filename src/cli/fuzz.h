/*
 * fuzz.h - private to src/cli/fuzz*.c: a campaign, and what it is made of.
 *
 * A *lane* is one target under one engine. A *worker* runs one process at a time for some lane. What a
 * process died of becomes a *look* (which cause is it? can it be made smaller?), and a look may become a
 * *finding*, one for each cause. Everything runs in one libuv loop, in one thread.
 *
 * What is never lost: an engine writes an artifact before it dies, and the artifact stays in the out
 * folder until its finding is written; an artifact that nobody looked at is looked at by the next campaign.
 */
#ifndef E100_FUZZ_H
#define E100_FUZZ_H

#include <time.h>
#include <uv.h>

#include "cli/cli.h"
#include "cli/findings_output.h"
#include "fuzz/checks.h"
#include "fuzz/gauge.h"

enum { E100_CAMPAIGN_JSON_VERSION = 1 }; /* docs/campaign.schema.json */

enum {
  E100_ENGINES_LIMIT = 4,
  E100_WORKERS_LIMIT = 256,            /* --jobs */
  E100_CAMPAIGN_FINDINGS_LIMIT = 1000, /* a campaign with so many causes ends */
  E100_FAILED_STARTS_LIMIT = 3,        /* starts without one execution, in a row, before a lane is given up */
  E100_SAME_CRASH_LIMIT = 20,          /* deaths of one cause that cannot be passed over, likewise */
  E100_TAIL_LIMIT = 64 * 1024,         /* octets kept of what a process prints */
  E100_INPUT_LENGTH_LIMIT = 4096       /* octets of an input that the engines make */
};

/* A text of its own, as printf makes it; the caller frees it. */
char *e100_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- fuzz_child.c: processes --------------------------------------------------------------------- */

struct e100_child;
/* The process and everything it started are gone, and all that it printed was read. CHILD is freed
 * after the call. */
typedef void e100_child_done_fn(struct e100_child *child, void *user);

/* A process with its output. Everything but the handles may be read by the owner. */
struct e100_child {
  uv_process_t process;
  uv_pipe_t pipes[2]; /* standard output, standard error */
  uv_timer_t drain;
  unsigned handles; /* not yet closed */
  unsigned ended;   /* streams at their end */
  bool exited, closing;
  int64_t status; /* exit code, or 128 + signal */
  double started;
  e100_child_done_fn *done;
  void *user;

  struct e100_text output; /* standard output whole, up to E100_FILE_LIMIT, where it was asked for */
  bool keep_output;
  struct e100_text tail; /* the last of what it printed, on both streams */
  struct e100_text line[2];

  /* What its lines said; "" where they did not. */
  char cause[E100_CAUSE_LIMIT];
  char summary[E100_CAUSE_LIMIT]; /* a sanitizer's or the engine's own summary, or a failed E100_CHECK */
  char artifact[1024];            /* "Test unit written to" */
  uint64_t corpus;                /* inputs that the engine holds */
};

/* An environment: that of this process, changed. */
struct e100_environment {
  char **list; /* NULL at the end */
  size_t count;
};
void e100_environment_init(struct e100_environment *environment);
void e100_environment_set(struct e100_environment *environment, const char *name, const char *value);
void e100_environment_unset(struct e100_environment *environment, const char *name);
void e100_environment_free(struct e100_environment *environment);

/* Words for a command line. */
struct e100_words {
  char **list; /* NULL at the end */
  size_t count;
};
void e100_words_take(struct e100_words *words, char *word); /* WORD is freed with the words */
#define e100_words_add(words, ...) e100_words_take(words, e100_format(__VA_ARGS__))
void e100_words_free(struct e100_words *words);

/* Starts COMMAND (its first word a path). It dies with this process, whatever happens to this process.
 * NULL after a message. */
struct e100_child *e100_child_start(uv_loop_t *loop, const struct e100_words *command,
                                    const struct e100_environment *environment, bool fixed_addresses,
                                    e100_child_done_fn *done, void *user);
void e100_child_ask_to_stop(struct e100_child *child); /* as Ctrl-C would */
void e100_child_kill(struct e100_child *child);        /* with all that it started */

/* The hidden entry `fuzz --supervise PARENT FIXED PROGRAM ARGS...` that child_start goes through. */
int e100_child_supervise(int argc, char **argv);

/* ---- fuzz_lanes.c: engines, targets, gauges ---------------------------------------------------------- */

struct e100_engine {
  const char *name;  /* for --engine, and of its folder under libexec */
  const char *title; /* for people */
  const char *needs; /* what to do where it is not there */
  bool afl;          /* driven by afl-fuzz; otherwise a libFuzzer program */
  bool usual;        /* part of --engine all */
};
const struct e100_engine *e100_engine_at(size_t index); /* NULL past the last */

struct e100_lane {
  const struct e100_engine *engine;
  char *target;
  bool plays;
  unsigned weight;  /* its share of the time */
  char *key;        /* "origin", "origin@fault%3Anever-100": artifacts of one subject stay together */
  char *program;    /* the target, built for the engine */
  char *seeds;      /* folder, or NULL */
  char *dictionary; /* file, or NULL */
  char *corpus;     /* folder */
  char *artifacts;  /* folder */
  char *afl;        /* folder that afl-fuzz keeps, or NULL */

  uint64_t executions; /* by processes that have ended */
  double busy;         /* seconds that processes ran, all workers together */
  double planned;      /* seconds given to it */
  uint64_t corpus_size;
  double stability; /* percent; negative: unknown */
  double shared;    /* time of day up to which its queue is in the corpus */
  unsigned running; /* workers on it */
  unsigned starts, failed_starts;
  unsigned deaths;  /* of afl-fuzz itself */
  unsigned repeats; /* deaths of a cause that was known already */
  bool stopped;     /* it cannot go on; said why */

  /* AFL++ passes over inputs that crash from the start without keeping them, so they are run first. */
  char **first_inputs;
  size_t first_count, first_next, first_batch;
  unsigned first_tries;
  bool first_listed, first_busy;
};

struct e100_worker {
  struct e100_campaign *campaign;
  unsigned index;
  unsigned group;         /* which of the usual engines it serves; E100_ANY_GROUP: all of them */
  struct e100_lane *lane; /* NULL: idle */
  struct e100_child *child;
  bool first_inputs; /* running the lane's first inputs, not yet the engine */
  double since, until;
  double asked_to_stop; /* 0: not asked */
  unsigned instance;    /* of AFL++ in this lane */
  struct e100_gauge *gauge;
  char *gauge_path;
};
enum { E100_ANY_GROUP = 0xffff };

enum e100_finding_kind {
  E100_FINDING_CAUSE, /* what a target aborted on: a rule, or an invariant */
  E100_FINDING_CRASH, /* a sanitizer, a signal, a failed E100_CHECK */
  E100_FINDING_TIMEOUT,
  E100_FINDING_MEMORY,
  E100_FINDING_UNSTABLE, /* an artifact that shows nothing when it is run again */
};

struct e100_campaign_finding {
  enum e100_finding_kind kind;
  char cause[E100_CAUSE_LIMIT];
  char *target;
  const struct e100_engine *engine;
  bool plays;
  uint64_t executions; /* of its lane when it was seen */
  double seconds;
  char *input;     /* where the input is now; NULL: it could not be kept */
  char *case_path; /* the minimised case; NULL while there is none */
  char *text_path; /* its explanation, or the log of a crash; or NULL */
  char *what;      /* a sentence; or NULL */
  char *party;     /* or NULL */
  char *replay;    /* the command as minimize gave it; or NULL */
  enum e100_rule rule;
  bool waits;                           /* still to be minimised */
  struct json_t *reported, *transcript; /* what minimize says for the findings file; or NULL */
};

struct e100_look;

/* ---- a campaign ------------------------------------------------------------------------------------- */

struct e100_campaign_options {
  double seconds; /* 0: no limit */
  uint64_t runs;  /* for each lane; 0: no limit */
  const char *engine, *target, *subject;
  unsigned jobs;
  uint32_t seed;
  bool no_seeds, json;
  const char *out, *known;
  const char *invocation; /* the command, as a shell reads it */
  struct e100_findings_output output;
};

enum e100_phase { E100_PHASE_RUNNING, E100_PHASE_STOPPING, E100_PHASE_LOOKING, E100_PHASE_OVER };

struct e100_campaign {
  struct e100_campaign_options options;
  uv_loop_t loop;
  uv_timer_t tick;
  uv_signal_t signals[4];
  enum e100_phase phase;
  unsigned interrupts;
  bool failed;                /* could not run, or not go on: exit 2 */
  bool incomplete;            /* a lane was given up: exit 2 where there are no findings */
  double start, end, stopped; /* seconds of uv_hrtime; END 0: none */
  double ran;                 /* seconds from the start to the last worker's end */
  unsigned long ticks;
  bool fixed_addresses;
  time_t wall_start;

  char *program_folder, *libexec, *afl_fuzz;
  const char *command; /* how people call this program */
  char *seed_folder;   /* one input of 32 zero octets, where there are no seeds */
  char *known_path, *stats_path, *findings_folder;
  int lock, known_fd, stats_fd;

  struct e100_lane *lanes;
  size_t lane_count;
  struct e100_worker *workers;
  size_t worker_count;

  struct e100_campaign_finding *findings;
  size_t finding_count;
  struct e100_text excused; /* causes of --known, one a line */
  struct e100_look *looks;  /* what is still to be looked at, in order */
  struct e100_child *looking;
  struct e100_look *looked_at;
  double looking_since;
  bool looking_asked; /* to stop */
  size_t left_over;   /* artifacts that this campaign does not get to */

  struct json_t *samples; /* numbers for the curves of a report */
  unsigned samples_stride, samples_passed;

  uint8_t pairs[E100_GAUGE_PAIRS], rules[256]; /* reached by processes that have ended */
  uint64_t corpus;                             /* inputs in the out folder */
  bool live, live_shown;
  unsigned width;
  double last_line;
  double rate_at;
  uint64_t rate_base[E100_ENGINES_LIMIT]; /* executions at RATE_AT, by engine */
  double rate[E100_ENGINES_LIMIT];
};

/* Numbers of this moment. */
struct e100_numbers {
  uint64_t executions[E100_ENGINES_LIMIT]; /* by engine, as e100_engine_at counts */
  size_t pairs, pairs_all, rules, rules_all;
};
void e100_campaign_numbers(const struct e100_campaign *campaign, struct e100_numbers *numbers);

double e100_now(void); /* seconds, monotonic */

/* What a campaign cannot go on from: says it, stops everything; exit 2. */
void e100_campaign_fail(struct e100_campaign *campaign, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A line for people, on stderr. */
void e100_campaign_say(struct e100_campaign *campaign, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Runs a campaign to its end; gives the exit code. */
int e100_campaign_run(const struct e100_campaign_options *options);
void e100_campaign_stop(struct e100_campaign *campaign);

/* fuzz_lanes.c. False after a message. */
bool e100_lanes_find(struct e100_campaign *campaign);
void e100_lanes_free(struct e100_campaign *campaign);
/* What WORKER does next, and for how many seconds; NULL: nothing. */
struct e100_lane *e100_lanes_next(struct e100_campaign *campaign, const struct e100_worker *worker,
                                  double *seconds);
/* Executions with those of processes that still run. */
uint64_t e100_lane_executions(const struct e100_campaign *campaign, const struct e100_lane *lane);
bool e100_lane_finished(const struct e100_campaign *campaign, const struct e100_lane *lane);
size_t e100_engine_index(const struct e100_engine *engine);

/* fuzz_engines.c: how the engines are called. */
void e100_engine_command(const struct e100_campaign *campaign, const struct e100_worker *worker,
                         struct e100_words *words);
void e100_engine_environment(const struct e100_campaign *campaign, const struct e100_lane *lane,
                             const char *gauge, struct e100_environment *environment);
/* Reads what AFL++ wrote since the time of day SINCE. */
void e100_engine_read_stats(struct e100_lane *lane, time_t since);

/* fuzz_workers.c */
bool e100_workers_make(struct e100_campaign *campaign);
void e100_workers_free(struct e100_campaign *campaign);
void e100_workers_tick(struct e100_campaign *campaign);
bool e100_workers_idle(const struct e100_campaign *campaign);
void e100_workers_kill(struct e100_campaign *campaign);

/* fuzz_looks.c: what processes died of. */
/* An input at PATH (in the out folder; it is owned by the look from now on) that LANE died of; CHILD is
 * the process that died, or NULL where it is not known what it said. */
void e100_look_at(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                  const struct e100_child *child);
void e100_looks_tick(struct e100_campaign *campaign);
/* Artifacts that nobody has looked at yet. */
size_t e100_looks_left(const struct e100_campaign *campaign);
bool e100_looks_done(const struct e100_campaign *campaign);
void e100_looks_free(struct e100_campaign *campaign);

/* fuzz_findings.c */
struct e100_campaign_finding *e100_finding_of(struct e100_campaign *campaign, const char *cause);
/* A new finding, also written to the known causes; NULL where it is excused. */
struct e100_campaign_finding *e100_finding_add(struct e100_campaign *campaign, enum e100_finding_kind kind,
                                               const char *cause, const struct e100_lane *lane);
/* Reads the file of excused causes; false after a message. */
bool e100_findings_excuse(struct e100_campaign *campaign, const char *path);
void e100_findings_free(struct e100_campaign *campaign);
/* The command that shows a finding again. */
void e100_finding_replay(const struct e100_campaign *campaign, const struct e100_campaign_finding *finding,
                         struct e100_text *out);

/* fuzz_report.c: the findings file of a campaign. */
/* Keeps the numbers of this moment for the curves; the older ones get fewer as a campaign gets long. */
void e100_campaign_sample(struct e100_campaign *campaign, const struct e100_numbers *numbers);
/* Writes the findings file, and what else was asked for; gives CODE, or E100_EXIT_CANNOT where that failed.
 */
int e100_campaign_report(struct e100_campaign *campaign, int code);

/* fuzz_out.c: the out folder. */
bool e100_out_open(struct e100_campaign *campaign);
void e100_out_close(struct e100_campaign *campaign);
/* Names of what is in a folder, without "." files, sorted; NULL at the end. Free with names_free. */
char **e100_names_in(const char *folder, size_t *count);
void e100_names_free(char **names);
/* The name by content that libFuzzer gives too; false: unreadable. */
bool e100_name_by_content(const char *path, char name[41]);
/* Moves what AFL++ put aside into the lane's artifacts, and what it kept into the corpus. */
void e100_out_take_crashes(struct e100_campaign *campaign, struct e100_lane *lane);
void e100_out_share_queue(struct e100_campaign *campaign, struct e100_lane *lane);
void e100_out_take_leftovers(struct e100_campaign *campaign);
void e100_out_count_corpus(struct e100_campaign *campaign);
/* Appends a line, whole or not at all; false with errno. */
bool e100_out_append(int fd, const char *line, size_t length);
/* Ends the campaign where the disk is full. */
void e100_out_check_room(struct e100_campaign *campaign);
bool e100_out_copy(const char *from, const char *to);

/* fuzz_live.c */
void e100_live_init(struct e100_campaign *campaign);
void e100_live_tick(struct e100_campaign *campaign);
void e100_live_resize(struct e100_campaign *campaign); /* the terminal has another width */
void e100_live_hide(struct e100_campaign *campaign);
void e100_stats_line(struct e100_campaign *campaign);
void e100_stats_finding(struct e100_campaign *campaign, const struct e100_campaign_finding *finding);
void e100_stats_start(struct e100_campaign *campaign);

struct json_t;

/* fuzz_summary.c. Findings as JSON; the caller owns it. */
void e100_set_count(struct json_t *object, const char *name, uint64_t count);
struct json_t *e100_finding_json(const struct e100_campaign *campaign,
                                 const struct e100_campaign_finding *finding);
/* False where standard output did not take it. */
bool e100_summary_print(struct e100_campaign *campaign);

#endif
