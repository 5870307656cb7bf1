/* survey_command.c - plays a catalogue of situations against programs, and shows what each rule came to. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/survey_output.h"
#include "cli/survey_recipes.h"
#include "live/client_program.h"
#include "live/listener.h"
#include "live/live_subject.h"
#include "live/program.h"
#include "report/documents.h"

/* What was asked for. */
struct asked {
  const char *jobs, *settle, *confirm, *rate, *limit, *wait, *map, *situations, *allow, *upstream;
  struct e100_survey_output output;
};

static bool lost; /* a program could not be started, or nobody can stand behind it: the others go on */
static struct e100_survey survey; /* one in a process: the handler of an interrupt knows it */

static void on_second(int signal_number) {
  e100_programs_kill(); /* NOLINT(bugprone-signal-handler,cert-sig30-c): all that it calls is kill */
  (void)signal(signal_number, SIG_DFL);
  (void)raise(signal_number);
}

static void on_interrupt(int signal_number) {
  survey.interrupted = 1;
  (void)signal(signal_number, on_second); /* ends at once */
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
                                        [E100_ROLE_GATEWAY] = "survey-gateway"};
  bool good = !is_surveyed(E100_ROLE_PROXY);
  if (!good)
    e100_complain(NULL, "no situations for a proxy come with the program; give a folder of cases of the role "
                        "proxy with --situations");
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

/* ---- the programs ---------------------------------------------------------------------------------------
 */

static bool is_allowed(const struct asked *asked, const struct e100_address *address) {
  if (e100_address_is_local(address))
    return true;
  if (asked->allow != NULL && strcmp(asked->allow, address->host) == 0)
    return true;
  e100_complain(NULL, "%s is not this machine; if you may test there, say so: --allow %s", address->host,
                address->host);
  return false;
}

static bool read_map(struct e100_map *map, const char *path) {
  struct e100_text text = {0};
  unsigned line = 0;
  bool good = e100_file_read(path, &text);
  const char *wrong = good ? e100_map_read(map, text.text, &line) : NULL;
  if (wrong != NULL)
    e100_complain(path, "line %u: %s", line, wrong);
  e100_text_free(&text);
  return good && wrong == NULL;
}

/* Where our origin server listens behind the next gateway: a socket, or -1 after a message. */
static int listen_behind(const char *where, uint16_t *port) {
  struct e100_address at;
  char why[256];
  const char *wrong = e100_address_to_listen(where, &at);
  if (wrong != NULL) {
    e100_complain(NULL, "upstream %s: %s", where, wrong);
    return -1;
  }
  int socket = e100_listening_socket(at.host, (uint16_t)strtoul(at.port, NULL, 10), port, why, sizeof why);
  if (socket < 0)
    e100_complain(NULL, "the origin server behind a gateway: %s; give another port with --upstream", why);
  return socket;
}

static void say_upstream(const char *name, uint16_t port) {
  (void)fprintf(stderr, "expect100: survey: the origin server behind %s is played here, on port %u\n", name,
                (unsigned)port);
}

/* A program that is to be surveyed. Its texts stay the caller's; MAP may be NULL. UPSTREAM is a socket that
 * listens for it, or -1. */
struct operand {
  const char *name, *where, *map;
  int upstream;
};

/* Opens the upstream of a gateway that has none yet: as the map says, or the command, or as usual. */
static bool open_upstream(const struct asked *asked, struct e100_surveyed_subject *subject) {
  const char *where = subject->map.upstream[0] != '\0' ? subject->map.upstream : asked->upstream;
  uint16_t port = 0;
  char usual[8];
  if (subject->role == E100_ROLE_ORIGIN || subject->upstream >= 0)
    return true;
  (void)snprintf(usual, sizeof usual, "%u", (unsigned)E100_UPSTREAM_USUAL);
  subject->upstream = listen_behind(where != NULL ? where : usual, &port);
  if (subject->upstream >= 0)
    say_upstream(subject->name, port);
  return subject->upstream >= 0;
}

static bool has_room(const char *name) {
  bool room = survey.subject_count < E100_SURVEY_SUBJECTS_LIMIT;
  if (!room)
    e100_complain(NULL, "%s: more programs than a survey may have (E100_SURVEY_SUBJECTS_LIMIT)", name);
  return room;
}

/* Adds a client program that is started by COMMAND, which stays the caller's. */
static bool add_client(const struct operand *operand, const char *command) {
  if (command[0] == '\0')
    e100_complain(NULL, "a client is client:COMMAND, and a command is missing");
  if (command[0] == '\0' || !has_room(operand->name))
    return false;
  struct e100_surveyed_subject *subject = &survey.subjects[survey.subject_count++];
  *subject = (struct e100_surveyed_subject){
      .name = operand->name, .role = E100_ROLE_CLIENT, .upstream = operand->upstream};
  subject->client = (struct e100_client_target){.command = command, .start = E100_CLIENT_START_USUAL};
  return true;
}

/* A library in this process, of whichever role it has; NULL: there is none of that name. */
static const struct e100_subject *library_named(const char *name) {
  for (size_t i = 0; strncmp(name, "lib:", 4) == 0 && e100_subject_at(i) != NULL; i++)
    if (strcmp(e100_subject_at(i)->name, name) == 0)
      return e100_subject_at(i);
  return NULL;
}

/* What the application of a server library does where (docs/libraries.md). */
static const char library_map[] = "accept /\necho /\nignore /200\n401 /401\n404 /404\n405 /405\n413 /413\n";

static bool add_library(const struct operand *operand, const struct e100_subject *library) {
  unsigned line = 0;
  if (!has_room(operand->name))
    return false;
  struct e100_surveyed_subject *subject = &survey.subjects[survey.subject_count++];
  *subject = (struct e100_surveyed_subject){
      .name = operand->name, .role = library->role, .upstream = operand->upstream, .here = library};
  e100_map_usual(&subject->map, "localhost");
  E100_CHECK(e100_map_read(&subject->map, library_map, &line) == NULL, "the map of libraries is right");
  return true;
}

/* False after a message where the survey cannot begin. */
static bool add_subject(const struct asked *asked, const struct operand *operand) {
  struct e100_address address;
  if (e100_client_command(operand->where) != NULL)
    return add_client(operand, e100_client_command(operand->where));
  if (library_named(operand->where) != NULL)
    return add_library(operand, library_named(operand->where));
  const char *wrong = e100_address_read(operand->where, &address);
  if (wrong != NULL) {
    e100_complain(NULL, "%s: %s", operand->where, wrong);
    return false;
  }
  if (!has_room(operand->name))
    return false;
  if (!is_allowed(asked, &address))
    return false;
  struct e100_surveyed_subject *subject = &survey.subjects[survey.subject_count];
  *subject = (struct e100_surveyed_subject){.name = operand->name,
                                            .role = (uint8_t)address.role,
                                            .upstream = operand->upstream,
                                            .target = {.address = address,
                                                       .settle = E100_SETTLE_USUAL,
                                                       .connect = E100_CONNECT_USUAL,
                                                       .octets = E100_LIVE_OCTETS_USUAL}};
  e100_map_usual(&subject->map, address.kind == E100_ADDRESS_UNIX ? "localhost" : address.host);
  if (operand->map != NULL && !read_map(&subject->map, operand->map))
    return false;
  if (open_upstream(asked, subject))
    survey.subject_count++;
  else
    lost = true;
  return true;
}

/* Recipes of gateways are told where to pass requests on. */
static bool add_recipe(const struct asked *asked, const char *text) {
  struct e100_started_recipe *recipe = NULL;
  uint16_t port = 0;
  int upstream = listen_behind("0", &port);
  if (upstream < 0 || !e100_recipe_start(text, port, &recipe)) {
    lost = true;
    if (upstream >= 0)
      (void)close(upstream);
    return true;
  }
  const struct operand operand = {recipe->name, recipe->address, recipe->map, upstream};
  return add_subject(asked, &operand);
}

static bool add_subjects(const struct asked *asked, int operands, char **argv) {
  bool good = true;
  for (int i = 1; i <= operands && good; i++) {
    const struct operand operand = {argv[i], argv[i], asked->map, -1};
    good = e100_is_recipe(argv[i]) ? add_recipe(asked, argv[i]) : add_subject(asked, &operand);
  }
  if (operands == 0)
    e100_complain(NULL,
                  "name a program to survey: tcp:HOST:PORT, tls:HOST:PORT, unix:PATH, gateway:HOST:PORT, "
                  "client:COMMAND, lib:NAME or recipe:NAME");
  return good && survey.subject_count > 0;
}

static void close_upstreams(void) {
  for (size_t i = 0; i < survey.subject_count; i++)
    if (survey.subjects[i].upstream >= 0)
      (void)close(survey.subjects[i].upstream);
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
  }
  return true;
}

static void show_progress(void *user, size_t done, size_t known) {
  (void)user;
  (void)fprintf(stderr, "\r\033[Ksurvey: %zu of %zu plays", done, known);
}

static int run(struct asked *asked, const char *command) {
  bool terminal = isatty(STDERR_FILENO) == 1;
  survey.progress = terminal ? show_progress : NULL;
  (void)signal(SIGINT, on_interrupt);
  (void)signal(SIGTERM, on_interrupt);
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
      {"map", "FILE", "what the program does where (docs/survey.md)", NULL, &asked.map},
      {"situations", "DIR", "the situations; default those that come with the program", NULL,
       &asked.situations},
      {"jobs", "N", "exchanges at once; default 64", NULL, &asked.jobs},
      {"settle", "MS", "how long a silence is, in milliseconds; default 300, of clients 500", NULL,
       &asked.settle},
      {"wait", "MS", "how long a client may wait before it goes on by itself; default 8000", NULL,
       &asked.wait},
      {"confirm", "N", "times that a finding is seen before it counts; default 3", NULL, &asked.confirm},
      {"rate", "N", "connections that begin in a second, at most; default 0: any", NULL, &asked.rate},
      {"limit", "OCTETS", "taken from the program in one exchange; default 1048576", NULL, &asked.limit},
      {"upstream", "[HOST:]PORT", "behind gateway:HOST:PORT: where our origin server listens; default 8100",
       NULL, &asked.upstream},
      {"allow", "HOST", "one may test HOST, which is not this machine", NULL, &asked.allow},
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
          "PROGRAM is tcp:HOST:PORT, tls:HOST:PORT or unix:PATH; gateway:HOST:PORT, which passes requests on "
          "to\n"
          "our origin server (--upstream); client:COMMAND, which is started against it: COMMAND says {url},\n"
          "{method}, {length} and {content} (a file), or is a driver (docs/survey.md); lib:NAME, a library "
          "in\n"
          "this process (docs/libraries.md); or recipe:NAME, which installs, starts and stops a program of\n"
          "Debian's (recipe:list names them).\n"
          "Exit code: 0 no confirmed violation, 1 there are some, 2 could not run or reach a program.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  if (code == E100_GO_ON && operands == 1 && strcmp(argv[1], "recipe:list") == 0)
    code = e100_recipes_list();
  if (code == E100_GO_ON) {
    bool good = add_subjects(&asked, operands, argv) && read_numbers(&asked) &&
                (asked.situations != NULL ? read_folder(asked.situations) : read_own_situations());
    code = good ? run(&asked, command.text) : E100_EXIT_CANNOT;
    code = lost ? E100_EXIT_CANNOT : code;
    e100_recipes_stop();
    close_upstreams();
    e100_survey_free(&survey);
    free_situations();
  }
  e100_text_free(&command);
  return code;
}
