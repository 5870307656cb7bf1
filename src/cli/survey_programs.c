/* survey_programs.c - makes programs of operands: addresses, maps, recipes, and who stands behind a gateway.
 */
#include "cli/survey_programs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/survey_recipes.h"
#include "live/client_program.h"
#include "live/listener.h"
#include "live/live_subject.h"

/* Sockets on which our origin server listens already: those that a recipe was told of. */
struct sockets {
  size_t count;
  struct e100_upstream {
    int socket; /* -1: it was taken */
    uint16_t port;
  } list[E100_LANES_LIMIT];
};

/* A program that is to be surveyed. Its texts stay the caller's; MAP may be NULL. */
struct operand {
  const char *name, *where, *map;
  struct sockets *sockets; /* behind it; NULL: none yet */
};

static bool is_allowed(const struct e100_survey_programs *programs, const struct e100_address *address) {
  if (e100_address_is_local(address))
    return true;
  if (programs->allow != NULL && strcmp(programs->allow, address->host) == 0)
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

/* ---- who stands behind it ------------------------------------------------------------------------------ */

/* Listens at WHERE: a socket, with its host and port in AT; or -1 after a message. */
static int listen_at(const char *where, struct e100_address *at) {
  char why[256];
  uint16_t port = 0;
  const char *wrong = e100_address_to_listen(where, at);
  if (wrong != NULL) {
    e100_complain(NULL, "upstream %s: %s", where, wrong);
    return -1;
  }
  int socket = e100_listening_socket(at->host, (uint16_t)strtoul(at->port, NULL, 10), &port, why, sizeof why);
  if (socket < 0)
    e100_complain(NULL, "the origin server behind a program: %s; give another port with --upstream", why);
  (void)snprintf(at->port, sizeof at->port, "%u", (unsigned)port);
  return socket;
}

/* Takes the socket of PORT from those that are open already; else listens. -1 after a message. */
static int socket_behind(struct sockets *sockets, uint16_t port) {
  struct e100_address at;
  char where[8];
  for (size_t i = 0; sockets != NULL && i < sockets->count; i++)
    if (sockets->list[i].port == port && sockets->list[i].socket >= 0) {
      int socket = sockets->list[i].socket;
      sockets->list[i].socket = -1;
      return socket;
    }
  (void)snprintf(where, sizeof where, "%u", (unsigned)port);
  return listen_at(where, &at);
}

static void add_lane(struct e100_surveyed_subject *subject, int socket, const struct e100_address *upstream) {
  struct e100_lane *lane = &subject->lanes[subject->lane_count++];
  *lane = (struct e100_lane){.address = subject->target.address, .upstream = socket};
  if (subject->role == E100_ROLE_PROXY)
    (void)snprintf(lane->authority, sizeof lane->authority, strchr(upstream->host, ':') ? "[%s]:%s" : "%s:%s",
                   upstream->host, upstream->port);
}

/* A proxy goes where its requests say. */
static bool chooses_port(const struct e100_survey_programs *programs,
                         const struct e100_surveyed_subject *subject) {
  return subject->role == E100_ROLE_PROXY && programs->upstream == NULL && subject->map.upstream[0] == '\0';
}

/* The first lane is the program's own port; where its requests go, the map says, or the command. */
static bool open_first_lane(const struct e100_survey_programs *programs, const struct operand *operand,
                            struct e100_surveyed_subject *subject) {
  struct e100_address at = {.host = "127.0.0.1"};
  const char *where = subject->map.upstream[0] != '\0' ? subject->map.upstream : programs->upstream;
  int socket = -1;
  char usual[8];
  (void)snprintf(usual, sizeof usual, "%u",
                 subject->role == E100_ROLE_PROXY ? 0U : (unsigned)E100_UPSTREAM_USUAL);
  if (operand->sockets != NULL) {
    (void)snprintf(at.port, sizeof at.port, "%u", (unsigned)operand->sockets->list[0].port);
    socket = socket_behind(operand->sockets, operand->sockets->list[0].port);
  } else {
    socket = listen_at(where != NULL ? where : usual, &at);
  }
  if (socket < 0)
    return false;
  if (operand->sockets == NULL && !chooses_port(programs, subject))
    (void)fprintf(stderr, "expect100: survey: the origin server behind %s is played here, on port %s\n",
                  subject->name, at.port);
  add_lane(subject, socket, &at);
  return true;
}

/* Lanes of a gateway are ports of it. */
static bool open_lanes_of_map(const struct operand *operand, struct e100_surveyed_subject *subject) {
  for (size_t i = 0; i < subject->map.lane_count && subject->lane_count < E100_LANES_LIMIT; i++) {
    const struct e100_map_lane *lane = &subject->map.lanes[i];
    struct e100_address none = {.host = ""};
    int socket = socket_behind(operand->sockets, lane->upstream);
    if (socket < 0)
      return false;
    add_lane(subject, socket, &none);
    struct e100_address *address = &subject->lanes[subject->lane_count - 1].address;
    (void)snprintf(address->port, sizeof address->port, "%u", (unsigned)lane->port);
  }
  return true;
}

/* A proxy goes where a request says: each lane is another origin server. But where the command says which
 * port it is, others may be forbidden. */
static bool open_lanes_of_proxy(struct e100_surveyed_subject *subject) {
  while (subject->lane_count < E100_LANES_LIMIT) {
    struct e100_address at;
    int socket = listen_at("0", &at);
    if (socket < 0)
      return false;
    add_lane(subject, socket, &at);
  }
  return true;
}

static bool open_lanes(const struct e100_survey_programs *programs, const struct operand *operand,
                       struct e100_surveyed_subject *subject) {
  if (subject->role == E100_ROLE_ORIGIN)
    return true;
  if (!open_first_lane(programs, operand, subject))
    return false;
  if (subject->role == E100_ROLE_PROXY)
    return !chooses_port(programs, subject) || open_lanes_of_proxy(subject);
  return open_lanes_of_map(operand, subject);
}

/* ---- programs --------------------------------------------------------------------------------------------
 */

static bool has_room(const struct e100_survey *survey, const char *name) {
  bool room = survey->subject_count < E100_SURVEY_SUBJECTS_LIMIT;
  if (!room)
    e100_complain(NULL, "%s: more programs than a survey may have (E100_SURVEY_SUBJECTS_LIMIT)", name);
  return room;
}

/* Adds a client program that is started by COMMAND, which stays the caller's. */
static bool add_client(struct e100_survey *survey, const struct operand *operand, const char *command) {
  if (command[0] == '\0')
    e100_complain(NULL, "a client is client:COMMAND, and a command is missing");
  if (command[0] == '\0' || !has_room(survey, operand->name))
    return false;
  struct e100_surveyed_subject *subject = &survey->subjects[survey->subject_count++];
  *subject = (struct e100_surveyed_subject){.name = operand->name, .role = E100_ROLE_CLIENT};
  subject->client = (struct e100_client_target){.command = command, .start = E100_CLIENT_START_USUAL};
  return true;
}

static void close_lanes(struct e100_surveyed_subject *subject) {
  for (size_t i = 0; i < subject->lane_count; i++)
    (void)close(subject->lanes[i].upstream);
  subject->lane_count = 0;
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

static bool add_library(struct e100_survey *survey, const struct operand *operand,
                        const struct e100_subject *library) {
  unsigned line = 0;
  if (!has_room(survey, operand->name))
    return false;
  struct e100_surveyed_subject *subject = &survey->subjects[survey->subject_count++];
  *subject = (struct e100_surveyed_subject){.name = operand->name, .role = library->role, .here = library};
  e100_map_usual(&subject->map, "localhost");
  E100_CHECK(e100_map_read(&subject->map, library_map, &line) == NULL, "the map of libraries is right");
  return true;
}

/* False after a message where the survey cannot begin. */
static bool add_subject(struct e100_survey_programs *programs, struct e100_survey *survey,
                        const struct operand *operand) {
  struct e100_address address;
  if (e100_client_command(operand->where) != NULL)
    return add_client(survey, operand, e100_client_command(operand->where));
  if (library_named(operand->where) != NULL)
    return add_library(survey, operand, library_named(operand->where));
  const char *wrong = e100_address_read(operand->where, &address);
  if (wrong != NULL) {
    e100_complain(NULL, "%s: %s", operand->where, wrong);
    return false;
  }
  if (!has_room(survey, operand->name))
    return false;
  if (!is_allowed(programs, &address))
    return false;
  struct e100_surveyed_subject *subject = &survey->subjects[survey->subject_count];
  *subject = (struct e100_surveyed_subject){.name = operand->name,
                                            .role = (uint8_t)address.role,
                                            .target = {.address = address,
                                                       .settle = E100_SETTLE_USUAL,
                                                       .connect = E100_CONNECT_USUAL,
                                                       .octets = E100_LIVE_OCTETS_USUAL}};
  e100_map_usual(&subject->map, address.kind == E100_ADDRESS_UNIX ? "localhost" : address.host);
  if (operand->map != NULL && !read_map(&subject->map, operand->map))
    return false;
  if (open_lanes(programs, operand, subject)) {
    survey->subject_count++;
  } else {
    close_lanes(subject);
    programs->lost = true;
  }
  return true;
}

/* ---- recipes ---------------------------------------------------------------------------------------------
 */

static void close_sockets(struct sockets *sockets) {
  for (size_t i = 0; i < sockets->count; i++)
    if (sockets->list[i].socket >= 0)
      (void)close(sockets->list[i].socket);
  sockets->count = 0;
}

/* Ports for the origin servers behind a gateway: before it starts, as it is told of them. */
static bool open_sockets(struct sockets *sockets, struct e100_text *ports) {
  struct e100_address at;
  sockets->count = 0;
  while (sockets->count < E100_LANES_LIMIT) {
    struct e100_upstream *next = &sockets->list[sockets->count];
    next->socket = listen_at("0", &at);
    if (next->socket < 0)
      return false;
    next->port = (uint16_t)strtoul(at.port, NULL, 10);
    e100_text_format(ports, "%s%s", sockets->count > 0 ? " " : "", at.port);
    sockets->count++;
  }
  return true;
}

/* Recipes of gateways are told where to pass requests on. */
static bool add_recipe(struct e100_survey_programs *programs, struct e100_survey *survey, const char *text) {
  struct e100_started_recipe *recipe = NULL;
  struct e100_text ports = {0};
  struct sockets sockets = {.count = 0};
  bool good = true;
  if (open_sockets(&sockets, &ports) && e100_recipe_start(text, ports.text, &recipe)) {
    bool gateway = strncmp(recipe->address, "gateway:", 8) == 0;
    const struct operand operand = {recipe->name, recipe->address, recipe->map, gateway ? &sockets : NULL};
    good = add_subject(programs, survey, &operand);
  } else {
    programs->lost = true;
  }
  close_sockets(&sockets);
  e100_text_free(&ports);
  return good;
}

bool e100_survey_programs_add(struct e100_survey_programs *programs, struct e100_survey *survey, int operands,
                              char **argv) {
  bool good = true;
  for (int i = 1; i <= operands && good && !survey->interrupted; i++) {
    const struct operand operand = {argv[i], argv[i], programs->map, NULL};
    good = e100_is_recipe(argv[i]) ? add_recipe(programs, survey, argv[i])
                                   : add_subject(programs, survey, &operand);
  }
  if (operands == 0)
    e100_complain(NULL,
                  "name a program to survey: tcp:HOST:PORT, tls:HOST:PORT, unix:PATH, gateway:HOST:PORT, "
                  "proxy:HOST:PORT, client:COMMAND, lib:NAME or recipe:NAME");
  return good && survey->subject_count > 0;
}

void e100_survey_programs_close(struct e100_survey *survey) {
  for (size_t i = 0; i < survey->subject_count; i++)
    close_lanes(&survey->subjects[i]);
}
