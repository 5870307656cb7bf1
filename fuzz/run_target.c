#include "fuzz/run_target.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/gauge.h"
#include "fuzz/known_causes.h"
#include "fuzz/state_coverage.h"
#include "libraries/library.h"
#include "subjects/client_subject.h"
#include "subjects/origin_subject.h"
#include "subjects/proxy_subject.h"

/* One process runs one target, so what it keeps between inputs may be its own. */
static struct {
  bool ready;
  const struct e100_subject *subject;
  struct e100_gauge *gauge;
  uint32_t path; /* a hash of the rows of this run */
  struct e100_exchange exchange;
  struct e100_exchange transcript;
} run;

/* What AddressSanitizer holds back of freed memory, unless ASAN_OPTIONS says otherwise. A play frees all that
 * it had at its end, some hundred kilobytes at most, so that this is what a hundred plays freed; the 256
 * megabytes that it takes by itself cost a target a third of its speed. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define E100_HAS_ADDRESS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(E100_HAS_ADDRESS_SANITIZER)
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name */
const char *__asan_default_options(void);

const char *__asan_default_options(void) {
  return "quarantine_size_mb=16";
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#endif

static _Noreturn void refuse(const char *what, const char *name, const char *advice) {
  fprintf(stderr, "expect100: %s %s; %s\n", what, name, advice);
  _exit(2);
}

static struct e100_gauge *map_gauge(const char *path) {
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    refuse("cannot open the gauge", path, "give E100_GAUGE a file, or unset it");
  void *memory = mmap(NULL, sizeof(struct e100_gauge), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED)
    refuse("cannot map the gauge", path, "it may be too small");
  struct e100_gauge *gauge = memory;
  if (gauge->magic != E100_GAUGE_MAGIC || gauge->version != E100_GAUGE_VERSION) {
    refuse("not a gauge of this version:", path, "start the campaign anew");
  }
  return gauge;
}

/* Each machine has numbers of its own for its rows. */
static unsigned first_pair(const struct e100_table *table) {
  enum { PAIRS_OF_CLIENT = 512, PAIRS_OF_PROXY = 1024 };
  if (strcmp(table->name, e100_client_table.name) == 0)
    return PAIRS_OF_CLIENT;
  return strcmp(table->name, e100_proxy_table.name) == 0 ? PAIRS_OF_PROXY : 0;
}

/* Each row counts as itself, and as the end of a path in which a repeated row counts once. */
static void watch(const struct e100_table *table, const struct e100_row *row) {
  unsigned pair = first_pair(table) + (unsigned)row->state * table->events + row->event;
  if (run.gauge != NULL && pair < E100_GAUGE_PAIRS)
    run.gauge->pairs[pair] = 1;
  e100_cover(E100_COVER_PAIRS + pair % E100_COVER_PAIR_COUNT);
  if (run.path % 2048 != pair)
    run.path = run.path * 1021 * 2048 + pair;
  e100_cover(E100_COVER_PATHS + (run.path * 2654435761U >> 8) % E100_COVER_PATH_COUNT);
}

/* What the model writes once, for all views: or the first input that is judged would take another path than
 * when it comes again, and AFL++ sees an unstable target. */
static void prepare_model(void) {
  struct e100_exchange nothing;
  struct e100_verdict verdict;
  e100_exchange_init(&nothing);
  e100_judge(&nothing, &verdict);
  e100_exchange_free(&nothing);
}

static void begin(const struct e100_target *target) {
  const char *gauge = getenv("E100_GAUGE");
  const char *subject = getenv("E100_SUBJECT");
  if (gauge != NULL)
    run.gauge = map_gauge(gauge);
  if (subject == NULL || subject[0] == '\0')
    subject = "reference";
  e100_libraries_add();
  prepare_model();
  (void)e100_cause_is_known(getenv("E100_KNOWN"), "",
                            NULL); /* read before the first input, for the same reason */
  if (target->plays) {
    run.subject = e100_subject_named(subject, (enum e100_role)target->role);
    if (run.subject == NULL)
      refuse("unknown subject", subject, "see `expect100 list subjects`");
  }
  e100_origin_subject_watch(watch);
  e100_client_subject_watch(watch);
  e100_proxy_subject_watch(watch);
  run.ready = true;
}

static void cover_rules(const struct e100_rule_set *decided) {
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++) {
    if (!e100_rule_set_has(decided, rule))
      continue;
    if (run.gauge != NULL && rule < sizeof run.gauge->rules)
      run.gauge->rules[rule] = 1;
    e100_cover(E100_COVER_RULES + rule % E100_COVER_RULE_COUNT);
  }
}

/* A divergence of the model's view from the machine's state is new coverage. */
static void cover_views(uint32_t view_state, uint32_t subject_state) {
  e100_cover(E100_COVER_VIEWS +
             ((view_state * 4096U + subject_state) * 2654435761U >> 12) % E100_COVER_VIEW_COUNT);
}

int e100_run_target(const struct e100_target *target, const uint8_t *data, size_t size) {
  if (!run.ready)
    begin(target);
  struct e100_outcome outcome = {.cover_rules = cover_rules, .cover_views = cover_views};
  run.path = 0;
  if (run.gauge != NULL)
    run.gauge->executions++;
  if (size > E100_INPUT_LIMIT)
    size = E100_INPUT_LIMIT;
  e100_exchange_init(&run.exchange);
  e100_exchange_init(&run.transcript);
  target->decode(&run.exchange, data, size);
  target->check(&run.exchange, run.subject, &run.transcript, &outcome);
  for (uint32_t i = 0; i < outcome.count; i++) {
    if (e100_cause_is_known(getenv("E100_KNOWN"), outcome.list[i].cause, &outcome.list[i].behind))
      continue;
    fprintf(stderr, "expect100: %s\nexpect100: cause %s\n", outcome.list[i].what, outcome.list[i].cause);
    abort();
  }
  /* Memory that had grown for an earlier input would make the same input take another path: each run
   * begins and ends with none, or AFL++ sees an unstable target. */
  e100_exchange_free(&run.exchange);
  e100_exchange_free(&run.transcript);
  return 0;
}
