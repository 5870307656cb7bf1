/* check_command.c - searches everything that can happen in a conversation with the origin's machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/lookups.h"
#include "search/unreachable_rows.h"
#include "subjects/origin_choices.h"

enum { EVERY_POLICY = 32 /* sets of policies that a machine can have */ };

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
  (void)number;
  interrupted = 1;
}

/* The first signal asks for what was done so far; the next one ends the program at once. */
static void watch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

/* ---- what came of it
 * ---------------------------------------------------------------------------------------- */

bool e100_check_closed(const struct e100_check *check) {
  for (size_t i = 0; i < check->checked_count; i++)
    if (check->checked[i].end != E100_SEARCH_CLOSED)
      return false;
  return !check->interrupted && check->checked_count == (check->all ? EVERY_POLICY : 1);
}

bool e100_check_is_complete(const struct e100_check *check) {
  return check->reference && check->all && e100_check_closed(check);
}

size_t e100_check_unexplained(const struct e100_check *check) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  size_t count = 0;
  if (!e100_check_is_complete(check))
    return 0;
  while (e100_answers_unused(&check->answers, &situation, &answer, &unused))
    count += unused.reason < 0;
  for (size_t i = 0; i < e100_answers_reasons(); i++)
    count += !e100_answers_reason_is_needed(&check->answers, i);
  for (unsigned row = 0; row < E100_SEARCH_ROWS; row++) {
    bool can = check->design.table->rows[row].action != E100_DO_IMPOSSIBLE;
    bool reason = e100_unreachable_row(row / E100_ORIGIN_EVENTS, row % E100_ORIGIN_EVENTS) != NULL;
    count += can && (check->sum.rows[row].taken > 0) == reason;
  }
  return count;
}

/* ---- searching
 * ------------------------------------------------------------------------------------------------ */

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A line on a terminal, which the next one overwrites. */
static void show_progress(const struct e100_check *check, const struct e100_search *so_far) {
  static double shown;
  double now = seconds_now();
  if (isatty(STDERR_FILENO) != 1 || now - shown < 0.2)
    return;
  shown = now;
  (void)fprintf(stderr, "\r\033[Kcheck: policy %zu of %d: %llu states, depth %u, %llu transitions",
                check->checked_count + 1, check->all ? EVERY_POLICY : 1, (unsigned long long)so_far->states,
                so_far->depth, (unsigned long long)so_far->transitions);
}

static void end_progress(void) {
  if (isatty(STDERR_FILENO) == 1)
    (void)fprintf(stderr, "\r\033[K");
}

static bool go_on(void *user, const struct e100_search *so_far) {
  show_progress(user, so_far);
  return interrupted == 0;
}

static bool same_rows(const struct e100_search *breadth, const struct e100_search *depth) {
  for (unsigned row = 0; row < E100_SEARCH_ROWS; row++) {
    bool there = breadth->rows[row].taken > 0 && breadth->rows[row].trace.length <= depth->depth;
    if (there != (depth->rows[row].taken > 0))
      return false;
  }
  return true;
}

static void note_wrong(struct e100_check *check, const struct e100_search *search, uint32_t policy) {
  if (check->wrong != E100_WRONG_NOTHING || search->wrong == E100_WRONG_NOTHING)
    return;
  check->wrong = search->wrong;
  check->found = search->found;
  check->found_policy = policy;
}

/* The same without canonical states, as deep as is quick. */
static void check_depth_first(struct e100_check *check, const struct e100_search_setup *setup,
                              const struct e100_search *breadth, struct e100_checked *checked) {
  static struct e100_search search;
  struct e100_search_setup deep = *setup;
  deep.depth = E100_CHECK_DEPTH_FIRST;
  deep.executions = UINT64_MAX;
  e100_search_depth_first(&deep, &search);
  checked->depth_first = search.transitions;
  note_wrong(check, &search, setup->policy);
  if (search.end == E100_SEARCH_DEEP_ENOUGH && !same_rows(breadth, &search))
    check->rows_differ = true;
}

static void check_policy(struct e100_check *check, uint32_t policy) {
  static struct e100_search search;
  const struct e100_search_setup setup = {.design = &check->design,
                                          .policy = policy,
                                          .depth = check->depth,
                                          .answers = &check->answers,
                                          .go_on = go_on,
                                          .user = check};
  struct e100_checked *checked = &check->checked[check->checked_count];
  double began = seconds_now();
  e100_search_breadth_first(&setup, &search);
  *checked = (struct e100_checked){.policy = policy,
                                   .end = search.end,
                                   .states = search.states,
                                   .transitions = search.transitions,
                                   .depth = search.depth};
  note_wrong(check, &search, policy);
  e100_search_add(&check->sum, check->row_policies, &search, policy);
  if (search.end == E100_SEARCH_CLOSED)
    check_depth_first(check, &setup, &search, checked);
  checked->seconds = seconds_now() - began;
  check->checked_count++;
}

static void search_all(struct e100_check *check) {
  uint32_t policy = check->policy;
  size_t index = 0;
  bool more = !check->all || e100_search_policy_at(index, &policy);
  while (more && interrupted == 0 && check->wrong == E100_WRONG_NOTHING) {
    E100_CHECK(check->checked_count < E100_CHECK_POLICIES_LIMIT, "there is room for each set of policies");
    check_policy(check, policy);
    more = check->all && e100_search_policy_at(++index, &policy);
  }
  check->interrupted = interrupted != 0;
  end_progress();
}

/* ---- the command
 * ------------------------------------------------------------------------------------------------ */

static bool read_policy(struct e100_check *check, const char *words) {
  check->all = strcmp(words, "all") == 0;
  check->policy = 0;
  if (check->all || strcmp(words, "none") == 0)
    return true;
  for (const char *word = words;;) {
    char name[32] = "";
    size_t length = strcspn(word, ",");
    if (length < sizeof name)
      memcpy(name, word, length);
    int bit = e100_policy_named(name);
    if (bit < 0 || strcmp(name, "prompt") == 0) {
      e100_complain(NULL,
                    "check: --policy wants all, none, or names joined by commas: late-100, discard, "
                    "refuse-unknown, unasked-100, limit-5 (prompt is an application, and every decision "
                    "of one is tried)");
      return false;
    }
    check->policy |= 1U << bit;
    if (word[length] == '\0')
      return true;
    word += length + 1;
  }
}

/* The design of a subject that is the reference with another table, or other events. */
static bool read_subject(struct e100_check *check) {
  const struct e100_subject *subject = e100_lookup_subject(check->subject, E100_ROLE_ORIGIN);
  if (subject == NULL)
    return false;
  const struct e100_variation *variation = subject->data;
  if (variation->arrive != NULL || variation->read_facts != NULL || variation->depart != NULL) {
    e100_complain(NULL,
                  "check: subject '%s' changes octets or facts, and only tables and events can be "
                  "searched: name a fault of kind row or event (see expect100 list faults)",
                  check->subject);
    return false;
  }
  check->design = e100_origin_design_of(variation);
  check->reference = strcmp(check->subject, "reference") == 0;
  return true;
}

static int finish(struct e100_check *check) {
  size_t written = 0;
  if (check->json)
    e100_check_print_json(check);
  else
    e100_check_print(check);
  if (check->traces != NULL && !e100_check_write_traces(check, &written))
    return E100_EXIT_CANNOT;
  if (check->traces != NULL && !check->json)
    printf("%zu traces in %s\n", written, check->traces);
  if (check->wrong != E100_WRONG_NOTHING || check->rows_differ || e100_check_unexplained(check) > 0)
    return E100_EXIT_FOUND;
  if (e100_check_closed(check))
    return E100_EXIT_FINE;
  if (check->interrupted)
    e100_complain(NULL, "check: interrupted: it did not close");
  else
    e100_complain(NULL, "check: did not close: %s",
                  check->checked[check->checked_count - 1].end == E100_SEARCH_OUT_OF_MEMORY
                      ? "the states need more than E100_SEARCH_MEMORY_LIMIT; make the bounds of the alphabet "
                        "smaller"
                      : "leave out --depth to search everything");
  return E100_EXIT_CANNOT;
}

int e100_cli_check(int argc, char **argv) {
  static struct e100_check check = {.subject = "reference"};
  const char *policy = "all";
  const char *depth = NULL;
  const struct e100_option options[] = {
      {"policy", "NAME,...", "all (default): every set of policies; none; or one set", NULL, &policy},
      {"subject", "NAME", "which machine; default reference; a fault of kind row or event", NULL,
       &check.subject},
      {"depth", "N", "no longer conversations than of N tokens; it does not close then", NULL, &depth},
      {"traces", "DIR", "write the shortest way to each row of the table, as cases", NULL, &check.traces},
      {"json", NULL, "the result as one line of JSON", &check.json, NULL},
  };
  const struct e100_usage usage = {
      .command = "check",
      .operands = "",
      .sentence =
          "Searches everything that can happen in a conversation with the origin's machine, within bounds.",
      .details = "Breadth first over the states of the machine, llhttp included, and of the model's view.\n"
                 "Exit code: 0 closed and nothing wrong, 1 findings, 2 could not, or did not close.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  uint64_t limit = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands > 0) {
    e100_complain(NULL, "check: takes no operand, not '%s'; see expect100 check --help", argv[1]);
    return E100_EXIT_CANNOT;
  }
  if (depth != NULL && !e100_option_number("depth", depth, 1, E100_TRACE_LIMIT, &limit))
    return E100_EXIT_CANNOT;
  check.depth = (uint32_t)limit;
  if (!read_policy(&check, policy) || !read_subject(&check))
    return E100_EXIT_CANNOT;
  watch_signals();
  search_all(&check);
  code = finish(&check);
  e100_answers_free(&check.answers);
  return code;
}
