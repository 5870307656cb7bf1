/* client_program.c - a client program as a subject: each play starts it anew, with a port and a loop of its
 * own. */
#include "live/client_program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/client_play.h"
#include "live/live_subject.h"

struct client {
  char name[E100_CLIENT_COMMAND_LIMIT + 8];
  struct e100_client_target target;
  struct e100_subject subject;
};

static unsigned settle_chosen;

struct ending {
  enum e100_live_outcome outcome;
  char why[512];
};

static void on_done(void *user, enum e100_live_outcome outcome, const char *why) {
  struct ending *ending = user;
  ending->outcome = outcome;
  (void)snprintf(ending->why, sizeof ending->why, "%s", why);
}

static bool play(const struct e100_subject *subject, const struct e100_exchange *exchange,
                 struct e100_exchange *transcript) {
  const struct client *client = subject->data;
  struct ending ending = {.outcome = E100_LIVE_PLAYED};
  uv_loop_t loop;
  if (!e100_client_play_suits(exchange, client->target.command)) {
    (void)fprintf(stderr, "expect100: %s: it makes one request, and the exchange asks for several\n",
                  client->name);
    return false;
  }
  (void)signal(SIGPIPE, SIG_IGN);
  E100_CHECK(uv_loop_init(&loop) == 0, "a loop can be made");
  e100_client_play_start(&loop, exchange, &client->target, transcript, on_done, &ending);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&loop) == 0, "a play leaves nothing in its loop");
  if (ending.outcome != E100_LIVE_PLAYED)
    (void)fprintf(stderr, "expect100: %s: %s\n", client->name, ending.why);
  return ending.outcome != E100_LIVE_UNREACHED;
}

const char *e100_client_command(const char *name) {
  return strncmp(name, "client:", 7) == 0 ? name + 7 : NULL;
}

static const struct e100_subject *make(const char *name, enum e100_role role) {
  static struct client *clients[E100_LIVE_SUBJECTS_LIMIT];
  static size_t count;
  const char *command = e100_client_command(name);
  if (role != E100_ROLE_CLIENT || command == NULL)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (strcmp(clients[i]->name, name) == 0)
      return &clients[i]->subject;
  if (command[0] == '\0' || strlen(command) >= E100_CLIENT_COMMAND_LIMIT ||
      count == E100_LIVE_SUBJECTS_LIMIT) {
    (void)fprintf(stderr,
                  "expect100: %.60s: a client is client:COMMAND, with at most %d octets, and %d of them\n",
                  name, E100_CLIENT_COMMAND_LIMIT - 1, E100_LIVE_SUBJECTS_LIMIT);
    return NULL;
  }
  struct client *client = calloc(1, sizeof *client);
  E100_CHECK(client != NULL, "out of memory");
  memcpy(client->name, name, strlen(name) + 1);
  client->target =
      (struct e100_client_target){.command = client->name + 7,
                                  .settle = settle_chosen != 0 ? settle_chosen : E100_CLIENT_SETTLE_USUAL,
                                  .patience = E100_CLIENT_PATIENCE_USUAL,
                                  .start = E100_CLIENT_START_USUAL,
                                  .octets = E100_LIVE_OCTETS_USUAL};
  client->subject = (struct e100_subject){.version = E100_SUBJECT_VERSION,
                                          .name = client->name,
                                          .summary = "a client program",
                                          .role = E100_ROLE_CLIENT,
                                          .abilities = E100_IS_ASYNCHRONOUS | E100_IS_FOREIGN,
                                          .data = client,
                                          .play = play};
  clients[count++] = client;
  return &client->subject;
}

void e100_client_programs_add(void) {
  e100_subject_maker_add(make);
}

void e100_client_programs_settle(unsigned milliseconds) {
  settle_chosen = milliseconds;
}
