/* live_subject.c - a program behind a socket as a subject: each play has connections and a loop of its own.
 */
#include "live/live_subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/live_play.h"

enum { NAME_ROOM = E100_HOST_LIMIT + 16 };

struct program {
  char name[NAME_ROOM];
  struct e100_live_target target;
  struct e100_subject subject;
};

static unsigned settle_chosen = E100_SETTLE_USUAL;

struct ending {
  enum e100_live_outcome outcome;
  char why[256];
};

static void on_done(void *user, enum e100_live_outcome outcome, const char *why) {
  struct ending *ending = user;
  ending->outcome = outcome;
  (void)snprintf(ending->why, sizeof ending->why, "%s", why);
}

static bool play(const struct e100_subject *subject, const struct e100_exchange *exchange,
                 struct e100_exchange *transcript) {
  const struct program *program = subject->data;
  struct ending ending = {.outcome = E100_LIVE_PLAYED};
  uv_loop_t loop;
  E100_CHECK(uv_loop_init(&loop) == 0, "a loop can be made");
  e100_live_play_start(&loop, exchange, &program->target, transcript, on_done, &ending);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&loop) == 0, "a play leaves nothing in its loop");
  if (ending.outcome != E100_LIVE_PLAYED)
    (void)fprintf(stderr, "expect100: %s: %s\n", program->name, ending.why);
  return ending.outcome != E100_LIVE_UNREACHED;
}

static const struct e100_subject *make(const char *name, enum e100_role role) {
  static struct program programs[E100_LIVE_SUBJECTS_LIMIT];
  static size_t count;
  struct e100_address address;
  if (role != E100_ROLE_ORIGIN || !e100_address_begins(name))
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (strcmp(programs[i].name, name) == 0)
      return &programs[i].subject;
  const char *wrong = e100_address_read(name, &address);
  if (wrong == NULL && count == E100_LIVE_SUBJECTS_LIMIT)
    wrong = "more addresses than one run may have (E100_LIVE_SUBJECTS_LIMIT)";
  if (wrong != NULL) {
    (void)fprintf(stderr, "expect100: %s: %s\n", name, wrong);
    return NULL;
  }
  struct program *program = &programs[count++];
  memcpy(program->name, name, strlen(name) + 1); /* an address that could be read is short */
  program->target = (struct e100_live_target){.address = address,
                                              .settle = settle_chosen,
                                              .connect = E100_CONNECT_USUAL,
                                              .octets = E100_LIVE_OCTETS_USUAL};
  program->subject = (struct e100_subject){.version = E100_SUBJECT_VERSION,
                                           .name = program->name,
                                           .summary = "a program behind a socket",
                                           .role = E100_ROLE_ORIGIN,
                                           .abilities = E100_IS_ASYNCHRONOUS | E100_IS_FOREIGN,
                                           .data = program,
                                           .play = play};
  return &program->subject;
}

void e100_live_subjects_add(void) {
  e100_subject_maker_add(make);
}

void e100_live_subjects_settle(unsigned milliseconds) {
  settle_chosen = milliseconds;
}
