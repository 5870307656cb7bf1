/* survey_command.c - plays a catalogue of situations against programs, and shows what each rule came to. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/survey_output.h"
#include "cli/survey_programs.h"
#include "cli/survey_recipes.h"
#include "live/program.h"
#include "report/documents.h"

enum { PROGRESS_SECONDS = 30 /* between two lines about how far a survey is, where nobody looks on */ };

/* What was asked for. */
struct asked {
  const char *jobs, *settle, *confirm, *rate, *limit, *wait, *situations;
  bool tls;
  struct e100_survey_programs programs;
  struct e100_survey_output output;
};

static struct e100_survey survey; /* one in a process: the handler of an interrupt knows it */

/* Ends at once; but nothing that was started stays running. */
static void on_second(int signal_number) {
  /* NOLINTBEGIN(bugprone-signal-handler,cert-sig30-c): they call nothing that a handler may not */
  e100_programs_kill();
  e100_recipes_stop_at_once();
  /* NOLINTEND(bugprone-signal-handler,cert-sig30-c) */
  (void)signal(signal_number, SIG_DFL);
  (void)raise(signal_number);
}

static void listen_to_signals(void (*handler)(int)) {
  (void)signal(SIGINT, handler);
  (void)signal(SIGTERM, handler);
  (void)signal(SIGHUP, handler);
}

static void on_interrupt(int signal_number) {
  static const char said[] =
      "expect100: survey: interrupted: what is under way ends; once more to stop at once\n";
  (void)signal_number;
  survey.interrupted = 1;
  ssize_t written = write(STDERR_FILENO, said, sizeof said - 1);
  (void)written;
  e100_recipes_interrupt();     /* NOLINT(bugprone-signal-handler,cert-sig30-c): all that it calls is kill */
  listen_to_signals(on_second); /* NOLINT(bugprone-signal-handler,cert-sig30-c): and signal */
}

/* ---- the catalogue --------------------------------------------------------------------------------------
 */

static bool is_surveyed(uint8_t role) {
  for (size_t i = 0; i < survey.subject_count; i++)
    if (survey.subjects[i].role == role)
      return true;
  return false;
}

static int add_situation(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  (void)user;
  const char *name = e100_base_name(source->name);
  size_t length = strlen(name);
  if (length > 5 && strcmp(name + length - 5, ".case") == 0)
    length -= 5;
  size_t verdict = strncmp(name, "ok-", 3) == 0 ? 3 : strncmp(name, "bad-", 4) == 0 ? 4 : 0;
  name += verdict;
  length -= verdict;
  if (exchange->kind != E100_KIND_PLAY || !is_surveyed(exchange->role))
    return E100_EXIT_FINE;
  if (survey.situation_count == E100_SURVEY_SITUATIONS_LIMIT) {
    e100_complain(source->name,
                  "left out: more situations than a survey may have (E100_SURVEY_SITUATIONS_LIMIT)");
    return E100_EXIT_CANNOT;
  }
  struct e100_situation *grown =
      realloc(survey.situations, (survey.situation_count + 1) * sizeof *survey.situations);
  E100_CHECK(grown != NULL, "out of memory");
  survey.situations = grown;
  struct e100_situation *situation = &survey.situations[survey.situation_count++];
  situation->name = strndup(name, length);
  E100_CHECK(situation->name != NULL, "out of memory");
  e100_exchange_init(&situation->play);
  e100_exchange_copy(&situation->play, exchange);
  return E100_EXIT_FINE;
}

static bool read_folder(const char *folder) {
  size_t count = 0;
  size_t before = survey.situation_count;
  int code = e100_each_exchange(folder, add_situation, NULL, &count);
  if (code == E100_EXIT_FINE && survey.situation_count == before) {
    e100_complain(folder, "there is no situation in it: a case of kind play, and of the role of the program");
    code = E100_EXIT_CANNOT;
  }
  return code == E100_EXIT_FINE;
}

/* Those that come with the program, for each role that is surveyed. */
static bool read_own_situations(void) {
  static const char *const folders[] = {[E100_ROLE_ORIGIN] = "survey",
                                        [E100_ROLE_CLIENT] = "survey-client",
                                        [E100_ROLE_PROXY] = "survey-proxy",
                                        [E100_ROLE_GATEWAY] = "survey-gateway"};
  bool good = true;
  for (size_t role = 0; good && role < sizeof folders / sizeof folders[0]; role++) {
    struct e100_text folder = {0};
    if (folders[role] == NULL || !is_surveyed((uint8_t)role))
      continue;
    good = e100_share_folder(folders[role], &folder);
    if (!good)
      e100_complain(
          NULL, "the situations that come with the program are not there; give a folder with --situations");
    good = good && read_folder(folder.text);
    e100_text_free(&folder);
  }
  return good;
}

static void free_situations(void) {
  for (size_t i = 0; i < survey.situation_count; i++) {
    free(survey.situations[i].name);
    e100_exchange_free(&survey.situations[i].play);
  }
  free(survey.situations);
}

/* ---- the options ------------------------------------------------------------------------------------------
 */

static bool number(const char *name, const char *text, uint64_t low, uint64_t high, uint64_t usual,
                   uint64_t *out) {
  *out = usual;
  return text == NULL || e100_option_number(name, text, low, high, out);
}

static bool read_numbers(const struct asked *asked) {
  uint64_t jobs = 0, settle = 0, confirm = 0, rate = 0, limit = 0, wait = 0;
  if (!number("jobs", asked->jobs, 1, E100_JOBS_LIMIT, E100_JOBS_USUAL, &jobs) ||
      !number("settle", asked->settle, 1, E100_SETTLE_LIMIT, E100_SETTLE_USUAL, &settle) ||
      !number("confirm", asked->confirm, 1, E100_CONFIRM_LIMIT, E100_CONFIRM_USUAL, &confirm) ||
      !number("rate", asked->rate, 0, 1000, 0, &rate) ||
      !number("wait", asked->wait, 1, E100_SETTLE_LIMIT, E100_CLIENT_PATIENCE_USUAL, &wait) ||
      !number("limit", asked->limit, 1, E100_OCTETS_LIMIT, E100_LIVE_OCTETS_USUAL, &limit))
    return false;
  survey.jobs = (unsigned)jobs;
  survey.client_jobs =
      asked->jobs != NULL ? survey.jobs : E100_CLIENT_JOBS_A_CORE * uv_available_parallelism();
  survey.confirm = (unsigned)confirm;
  survey.rate = (unsigned)rate;
  for (size_t i = 0; i < survey.subject_count; i++) {
    struct e100_surveyed_subject *subject = &survey.subjects[i];
    bool usual = asked->settle == NULL && subject->role == E100_ROLE_CLIENT;
    subject->target.settle = usual ? E100_CLIENT_SETTLE_USUAL : (unsigned)settle;
    subject->target.octets = limit;
    subject->client.settle = subject->target.settle;
    subject->client.patience = (unsigned)wait;
    subject->client.octets = limit;
    subject->client.tls = asked->tls;
  }
  return true;
}

static void show_progress(void *user, size_t done, size_t known) {
  (void)user;
  (void)fprintf(stderr, "\r\033[Ksurvey: %zu of %zu plays", done, known);
}

/* ... in a log: a line now and then, so that nobody takes a long survey for one that hangs. */
static void log_progress(void *user, size_t done, size_t known) {
  static time_t said;
  struct timespec now = {0};
  (void)user;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  if (said == 0)
    said = now.tv_sec;
  if (now.tv_sec - said < PROGRESS_SECONDS)
    return;
  said = now.tv_sec;
  (void)fprintf(stderr, "survey: %zu of %zu plays\n", done, known);
}

static int run(struct asked *asked, const char *command) {
  bool terminal = isatty(STDERR_FILENO) == 1;
  survey.progress = terminal ? show_progress : log_progress;
  (void)signal(SIGPIPE, SIG_IGN);
  e100_survey_run(&survey);
  if (terminal)
    (void)fprintf(stderr, "\r\033[K");
  if (survey.interrupted)
    e100_complain(NULL, "survey: interrupted: not everything was played");
  return e100_survey_put(&survey, &asked->output, command);
}

int e100_cli_survey(int argc, char **argv) {
  struct asked asked = {.output = {.out = "expect100-out/survey"}};
  const struct e100_option options[] = {
      {"map", "FILE", "what the program does where (docs/surveying.md)", NULL, &asked.programs.map},
      {"situations", "DIR", "the situations; default those that come with the program", NULL,
       &asked.situations},
      {"jobs", "N", "exchanges at once; default 64, of clients what the machine bears", NULL, &asked.jobs},
      {"settle", "MS", "how long a silence is, in milliseconds; default 300, of clients 500", NULL,
       &asked.settle},
      {"wait", "MS", "how long a client may wait before it goes on by itself; default 8000", NULL,
       &asked.wait},
      {"tls", NULL, "clients are told of https:, and of a certificate that they may trust", &asked.tls, NULL},
      {"confirm", "N", "times that a finding is seen before it counts; default 3", NULL, &asked.confirm},
      {"rate", "N", "connections that begin in a second, at most; default 0: any", NULL, &asked.rate},
      {"limit", "OCTETS", "taken from the program in one exchange; default 1048576", NULL, &asked.limit},
      {"upstream", "[HOST:]PORT", "behind gateway:HOST:PORT: where our origin server listens; default 8100",
       NULL, &asked.programs.upstream},
      {"allow", "HOST", "one may test HOST, which is not this machine", NULL, &asked.programs.allow},
      {"out", "DIR", "where the cases of findings go; default expect100-out/survey", NULL, &asked.output.out},
      {"json", "FILE", "write the survey as JSON", NULL, &asked.output.json},
      {"markdown", "FILE", "write the matrices as Markdown", NULL, &asked.output.markdown},
      {"compare", "FILE", "an older survey's JSON: only what is new fails", NULL, &asked.output.compare},
      E100_FINDINGS_OPTIONS(asked.output.findings),
  };
  const struct e100_usage usage = {
      .command = "survey",
      .operands = "PROGRAM...",
      .sentence = "Plays many situations against programs, and shows which rules each keeps and breaks.",
      .details =
          "PROGRAM is tcp:HOST:PORT, tls:HOST:PORT or unix:PATH; gateway:HOST:PORT or proxy:HOST:PORT, which "
          "passes\n"
          "requests on to our origin server (--upstream); client:COMMAND, which is started against it: "
          "COMMAND "
          "says\n"
          "{url}, {method}, {length} and {content} (a file), or is a driver (docs/surveying.md); lib:NAME, a "
          "library\n"
          "in this process (docs/libraries.md); or recipe:NAME, which installs, starts and stops a program "
          "of\n"
          "Debian's (recipe:list names them).\n"
          "Exit code: 0 no confirmed violation, 1 there are some, 2 could not run or reach a program.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  if (code == E100_GO_ON && operands == 1 && strcmp(argv[1], "recipe:list") == 0)
    code = e100_recipes_list();
  if (code == E100_GO_ON) {
    listen_to_signals(on_interrupt);
    bool good = e100_survey_output_begin(&asked.output) &&
                e100_survey_programs_add(&asked.programs, &survey, operands, argv) && read_numbers(&asked) &&
                (asked.situations != NULL ? read_folder(asked.situations) : read_own_situations());
    if (!good && survey.interrupted)
      e100_complain(NULL, "survey: interrupted: nothing was played");
    code = good ? run(&asked, command.text) : E100_EXIT_CANNOT;
    code = asked.programs.lost ? E100_EXIT_CANNOT : code;
    e100_recipes_stop();
    e100_survey_programs_close(&survey);
    e100_survey_free(&survey);
    free_situations();
    json_decref(asked.output.older);
  }
  e100_text_free(&command);
  return code;
}
