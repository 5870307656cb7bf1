/* live_subject.c - a program behind a socket as a subject: each play has connections and a loop of its own.
 */
#include "live/live_subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/listener.h"
#include "live/live_play.h"

enum { NAME_ROOM = E100_HOST_LIMIT + 16 };

struct program {
  char name[NAME_ROOM];
  struct e100_live_target target;
  struct e100_subject subject;
};

static struct program programs[E100_LIVE_SUBJECTS_LIMIT];
static size_t program_count;
static unsigned settle_chosen = E100_SETTLE_USUAL;
static struct e100_address upstream = {.host = "127.0.0.1"};
static int upstream_socket = -1; /* it listens from the first gateway on */

static char left_out[256]; /* of the latest play */

struct ending {
  bool over;
  enum e100_live_outcome outcome;
  char why[256];
};

static void on_done(void *user, enum e100_live_outcome outcome, const char *why) {
  struct ending *ending = user;
  ending->over = true;
  ending->outcome = outcome;
  (void)snprintf(ending->why, sizeof ending->why, "%s", why);
}

static bool play(const struct e100_subject *subject, const struct e100_exchange *exchange,
                 struct e100_exchange *transcript) {
  const struct program *program = subject->data;
  struct ending ending = {.outcome = E100_LIVE_PLAYED};
  uv_loop_t loop;
  E100_CHECK(uv_loop_init(&loop) == 0, "a loop can be made");
  struct e100_live_target target = program->target;
  if (program->subject.role != E100_ROLE_ORIGIN)
    target.listener = e100_listener_adopt(&loop, upstream_socket);
  e100_live_play_start(&loop, exchange, &target, transcript, on_done, &ending);
  while (!ending.over)
    (void)uv_run(&loop, UV_RUN_ONCE);
  if (target.listener != NULL)
    e100_listener_close(target.listener);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&loop) == 0, "a play leaves nothing in its loop");
  bool played = ending.outcome == E100_LIVE_PLAYED;
  (void)snprintf(left_out, sizeof left_out, "%s", played ? ending.why : "");
  if (!played)
    (void)fprintf(stderr, "expect100: %s: %s\n", program->name, ending.why);
  return ending.outcome != E100_LIVE_UNREACHED;
}

/* Our origin server listens, and says so; NULL, or what is wrong. */
static const char *listen_upstream(void) {
  static char why[256];
  uint16_t port = 0;
  if (upstream_socket >= 0)
    return NULL;
  unsigned long wanted =
      upstream.port[0] != '\0' ? strtoul(upstream.port, NULL, 10) : (unsigned long)E100_UPSTREAM_USUAL;
  upstream_socket = e100_listening_socket(upstream.host, (uint16_t)wanted, &port, why, sizeof why);
  if (upstream_socket < 0)
    return why;
  (void)fprintf(stderr, "expect100: the origin server behind it is played here, on %s:%u\n", upstream.host,
                (unsigned)port);
  return NULL;
}

static const struct e100_subject *add_program(const char *name, const struct e100_address *address) {
  struct program *program = &programs[program_count++];
  memcpy(program->name, name, strlen(name) + 1); /* an address that could be read is short */
  program->target = (struct e100_live_target){.address = *address,
                                              .settle = settle_chosen,
                                              .connect = E100_CONNECT_USUAL,
                                              .octets = E100_LIVE_OCTETS_USUAL};
  program->subject = (struct e100_subject){.version = E100_SUBJECT_VERSION,
                                           .name = program->name,
                                           .summary = "a program behind a socket",
                                           .role = (uint8_t)address->role,
                                           .abilities = E100_IS_ASYNCHRONOUS | E100_IS_FOREIGN,
                                           .data = program,
                                           .play = play};
  return &program->subject;
}

static const struct e100_subject *make(const char *name, enum e100_role role) {
  struct e100_address address;
  if (!e100_address_begins(name))
    return NULL;
  for (size_t i = 0; i < program_count; i++)
    if (strcmp(programs[i].name, name) == 0)
      return programs[i].subject.role == role ? &programs[i].subject : NULL;
  const char *wrong = e100_address_read(name, &address);
  if (wrong == NULL && address.role != role)
    return NULL;
  if (wrong == NULL && program_count == E100_LIVE_SUBJECTS_LIMIT)
    wrong = "more addresses than one run may have (E100_LIVE_SUBJECTS_LIMIT)";
  if (wrong == NULL && role != E100_ROLE_ORIGIN)
    wrong = listen_upstream();
  if (wrong != NULL) {
    (void)fprintf(stderr, "expect100: %s: %s\n", name, wrong);
    return NULL;
  }
  return add_program(name, &address);
}

void e100_live_subjects_add(void) {
  e100_subject_maker_add(make);
}

const char *e100_live_subjects_left_out(void) {
  return left_out;
}

void e100_live_subjects_settle(unsigned milliseconds) {
  settle_chosen = milliseconds;
}

const char *e100_live_subjects_upstream(const char *where) {
  return e100_address_to_listen(where, &upstream);
}
