/* check_command.c - searches everything that can happen in a conversation with a machine, of each role. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/lookups.h"
#include "subjects/client_choices.h"
#include "subjects/origin_choices.h"

/* ---- what came of it ---------------------------------------------------------------------------- */

/* How many sets of policies are to be searched. */
static size_t sets_of(const struct e100_check *check) {
  return check->all ? e100_policies_sets(check->searched->policies) : 1;
}

unsigned e100_check_rows(const struct e100_check *check) {
  return (unsigned)check->searched->table->states * check->searched->table->events;
}

bool e100_check_row_can(const struct e100_check *check, unsigned row) {
  const struct e100_table *table = check->searched->table;
  return strcmp(table->action_names[table->rows[row].action], "IMPOSSIBLE") != 0;
}

bool e100_check_closed(const struct e100_check *check) {
  for (size_t i = 0; i < check->checked_count; i++)
    if (check->checked[i].end != E100_SEARCH_CLOSED)
      return false;
  return !check->interrupted && check->checked_count == sets_of(check);
}

bool e100_check_is_complete(const struct e100_check *check) {
  return check->reference && check->all && e100_check_closed(check);
}

size_t e100_check_unexplained(const struct e100_check *check) {
  const struct e100_searched *searched = check->searched;
  const unsigned events = searched->table->events;
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  size_t count = 0;
  if (!e100_check_is_complete(check))
    return 0;
  while (searched->answers != NULL &&
         e100_answers_unused(&check->answers, searched->answers, &situation, &answer, &unused))
    count += unused.reason < 0;
  for (size_t i = 0; searched->answers != NULL && i < searched->answers->reason_count; i++)
    count += !e100_answers_reason_is_needed(&check->answers, searched->answers, i);
  for (unsigned row = 0; searched->unreachable != NULL && row < e100_check_rows(check); row++) {
    bool reason = searched->unreachable(row / events, row % events) != NULL;
    count += e100_check_row_can(check, row) && (check->sum.rows[row].taken > 0) == reason;
  }
  return count;
}

/* ---- searching ---------------------------------------------------------------------------------- */

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
  (void)fprintf(stderr, "\r\033[Kcheck: %s, policy %zu of %zu: %llu states, depth %u, %llu transitions",
                e100_role_name(check->searched->role), check->checked_count + 1, sets_of(check),
                (unsigned long long)so_far->states, so_far->depth, (unsigned long long)so_far->transitions);
}

static void end_progress(void) {
  if (isatty(STDERR_FILENO) == 1)
    (void)fprintf(stderr, "\r\033[K");
}

static bool go_on(void *user, const struct e100_search *so_far) {
  show_progress(user, so_far);
  return e100_interrupted == 0;
}

static bool same_rows(const struct e100_check *check, const struct e100_search *breadth,
                      const struct e100_search *depth) {
  for (unsigned row = 0; row < e100_check_rows(check); row++) {
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
  if (search.end == E100_SEARCH_DEEP_ENOUGH && !same_rows(check, breadth, &search))
    check->rows_differ = true;
}

static void check_policy(struct e100_check *check, uint32_t policy) {
  static struct e100_search search;
  const struct e100_search_setup setup = {.searched = check->searched,
                                          .design = &check->design,
                                          .policy = policy,
                                          .depth = check->depth,
                                          .only = check->only,
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
  bool more = !check->all || e100_policies_at(check->searched->policies, index, &policy);
  while (more && e100_interrupted == 0 && check->wrong == E100_WRONG_NOTHING) {
    E100_CHECK(check->checked_count < E100_CHECK_POLICIES_LIMIT, "there is room for each set of policies");
    check_policy(check, policy);
    more = check->all && e100_policies_at(check->searched->policies, ++index, &policy);
  }
  check->interrupted = e100_interrupted != 0;
  end_progress();
}

/* ---- the command -------------------------------------------------------------------------------- */

/* What was asked for. */
struct asked_for {
  const char *role, *policy, *subject;
  uint32_t clients; /* 0: any */
  uint32_t depth;
  const struct e100_rule_set *only; /* NULL: every rule */
  bool json;
  const char *traces;
};

/* Reads WORDS, joined by commas, into *POLICY; false where the machine of SEARCHED follows one of them not.
 */
static bool policies_named(const struct e100_searched *searched, const char *words, uint32_t *policy) {
  *policy = 0;
  for (const char *word = words;;) {
    char name[32] = "";
    size_t length = strcspn(word, ",");
    if (length < sizeof name)
      memcpy(name, word, length);
    if (!e100_policies_have(searched->policies, name))
      return false;
    *policy |= 1U << e100_policy_named(name);
    if (word[length] == '\0')
      return true;
    word += length + 1;
  }
}

/* Whether a search of SEARCHED can have the policies of WORDS. */
static bool read_policy(struct e100_check *check, const char *words) {
  check->all = strcmp(words, "all") == 0;
  check->policy = 0;
  return check->all || strcmp(words, "none") == 0 || policies_named(check->searched, words, &check->policy);
}

/* The design of a subject that is the reference with another table, or other events. */
static bool read_origin(struct e100_check *check, const struct e100_subject *subject) {
  const struct e100_variation *variation = subject->data;
  check->design.origin = e100_origin_design_of(variation);
  return variation->arrive == NULL && variation->read_facts == NULL && variation->depart == NULL;
}

static bool read_client(struct e100_check *check, const struct e100_subject *subject) {
  const struct e100_client_variation *variation = subject->data;
  check->design.client = e100_client_design_of(variation);
  return variation->arrive == NULL && variation->read_facts == NULL && variation->depart == NULL &&
         !variation->repeats_asking && !variation->reruns;
}

static bool read_proxy(struct e100_check *check, const struct e100_subject *subject) {
  return e100_proxy_making_of(subject->data, &check->design.proxy);
}

static bool read_design(struct e100_check *check, const struct e100_subject *subject) {
  switch (check->searched->role) {
  case E100_ROLE_CLIENT:
    return read_client(check, subject);
  case E100_ROLE_PROXY:
  case E100_ROLE_GATEWAY:
    return read_proxy(check, subject);
  default:
    return read_origin(check, subject);
  }
}

static bool read_subject(struct e100_check *check) {
  const struct e100_subject *subject =
      e100_lookup_subject(check->subject, (enum e100_role)check->searched->role);
  if (subject == NULL)
    return false;
  check->reference = strcmp(check->subject, "reference") == 0;
  if (read_design(check, subject))
    return true;
  e100_complain(NULL,
                "check: subject '%s' changes octets or facts, and only tables and events can be "
                "searched: name a fault of kind row or event (see expect100 list faults)",
                check->subject);
  return false;
}

static int did_not_close(const struct e100_check *check) {
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
  return e100_check_closed(check) ? E100_EXIT_FINE : did_not_close(check);
}

/* Searches one role as ASKED; an exit code, or E100_GO_ON where that role has no such policy. */
static int check_role(const struct e100_searched *searched, const struct asked_for *asked) {
  static struct e100_check check;
  memset(&check, 0, sizeof check);
  check.searched = searched;
  check.subject = asked->subject;
  check.depth = asked->depth;
  check.only = asked->only;
  check.json = asked->json;
  check.traces = asked->traces;
  if (!read_policy(&check, asked->policy))
    return E100_GO_ON;
  if (!read_subject(&check))
    return E100_EXIT_CANNOT;
  search_all(&check);
  int code = finish(&check);
  e100_answers_free(&check.answers);
  return code;
}

static int complain_of_policy(void) {
  e100_complain(NULL, "check: --policy wants all, none, or names of one role joined by commas: see "
                      "docs/case-format.md (prompt is an application, and every decision of one is tried)");
  return E100_EXIT_CANNOT;
}

/* Whether SEARCHED is among what was asked for, whatever the subject. */
static bool is_asked_for(const struct e100_searched *searched, const struct asked_for *asked) {
  uint32_t clients = searched->bounds.clients == 0 ? 1 : searched->bounds.clients;
  bool role = asked->role == NULL || strcmp(e100_role_name(searched->role), asked->role) == 0;
  return role && (asked->clients == 0 || asked->clients == clients);
}

/* Every search of a role that has the subject and the policies; the largest exit code. */
static int check_all(const struct asked_for *asked) {
  int worst = E100_GO_ON;
  bool named = false;
  const struct e100_searched *searched = e100_searched_at(0);
  for (size_t i = 0; searched != NULL && e100_interrupted == 0; searched = e100_searched_at(++i)) {
    if (!is_asked_for(searched, asked))
      continue;
    const struct e100_subject *subject = e100_subject_named(asked->subject, (enum e100_role)searched->role);
    if (subject == NULL || subject->role != searched->role)
      continue;
    named = true;
    int code = check_role(searched, asked);
    worst = code > worst ? code : worst;
  }
  if (!named)
    (void)e100_lookup_subject(
        asked->subject,
        (enum e100_role)(asked->role == NULL ? E100_ROLE_ORIGIN : e100_role_named(asked->role)));
  else if (worst == E100_GO_ON)
    return complain_of_policy();
  return named ? worst : E100_EXIT_CANNOT;
}

static bool read_role(const char *role) {
  int number = role == NULL ? E100_ROLE_ORIGIN : e100_role_named(role);
  if (number >= 0 && e100_searched_of((enum e100_role)number) != NULL)
    return true;
  e100_complain(NULL, "check: --role wants origin, client, proxy or gateway, not '%s'", role);
  return false;
}

static bool read_rule(const char *name, struct e100_rule_set *only) {
  enum e100_rule rule = e100_rule_in_any_case(name);
  if (rule == E100_RULE_NONE)
    e100_complain(NULL, "check: there is no rule '%s': see expect100 list rules", name);
  else
    e100_rule_set_add(only, rule);
  return rule != E100_RULE_NONE;
}

/* ... with two clients only a proxy or gateway is searched. */
static bool read_clients(const char *text, struct asked_for *asked) {
  uint64_t clients = 0;
  if (!e100_option_number("clients", text, 1, 2, &clients))
    return false;
  asked->clients = (uint32_t)clients;
  for (size_t i = 0; e100_searched_at(i) != NULL; i++)
    if (is_asked_for(e100_searched_at(i), asked))
      return true;
  e100_complain(NULL,
                "check: --clients 2 wants --role proxy or gateway: others have one connection of a client");
  return false;
}

int e100_cli_check(int argc, char **argv) {
  struct asked_for asked = {.policy = "all", .subject = "reference"};
  const char *depth = NULL, *clients = NULL, *rule = NULL;
  struct e100_rule_set only = {{0}};
  const struct e100_option options[] = {
      {"role", "ROLE", "whose machine: origin, client, proxy or gateway; default each of them", NULL,
       &asked.role},
      {"policy", "NAME,...", "all (default): every set of policies; none; or one set", NULL, &asked.policy},
      {"subject", "NAME", "which machine; default reference; a fault of kind row or event", NULL,
       &asked.subject},
      {"clients", "N", "of proxies and gateways: 1, or 2 that share a pool; default one after the other",
       NULL, &clients},
      {"rule", "RULE", "only a breach of this rule is wrong", NULL, &rule},
      {"depth", "N", "no longer conversations than of N tokens; it does not close then", NULL, &depth},
      {"traces", "DIR", "write the shortest way to each row of the table, as cases", NULL, &asked.traces},
      {"json", NULL, "the result as one line of JSON for each search", &asked.json, NULL},
  };
  const struct e100_usage usage = {
      .command = "check",
      .operands = "",
      .sentence =
          "Searches everything that can happen in a conversation with a reference machine, within bounds.",
      .details =
          "Breadth first over the states of the machine, its parser included, and of the model's view.\n"
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
  if (!read_role(asked.role) || (clients != NULL && !read_clients(clients, &asked)) ||
      (rule != NULL && !read_rule(rule, &only)))
    return E100_EXIT_CANNOT;
  asked.only = rule == NULL ? NULL : &only;
  asked.depth = (uint32_t)limit;
  e100_interrupts_watch();
  return check_all(&asked);
}
