/* server_library.c - what all server libraries in this process share: turning the loop, the subject. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libraries/server_library.h"

/* One play against a library. */
struct guest {
  const struct e100_server_library *library;
  void *server;
  uint32_t count;
  struct e100_library_link links[E100_LINKS_LIMIT];
};

unsigned e100_library_status_of(const char *target) {
  if (target[0] != '/' || strspn(target + 1, "0123456789") != 3 || strlen(target) != 4)
    return 0;
  unsigned status = (unsigned)strtoul(target + 1, NULL, 10);
  return status >= 200 && status < 600 ? status : 0;
}

/* Turns the library's loop until nothing happens any more. */
static void turn_until_quiet(struct guest *guest) {
  unsigned quiet = 0;
  for (unsigned turn = 0; turn < E100_LIBRARY_TURNS_LIMIT && quiet < guest->library->quiet_turns; turn++) {
    bool moved = guest->library->turn(guest->server);
    for (uint32_t i = 0; i < guest->count; i++)
      moved |= e100_library_read(&guest->links[i]);
    quiet = moved ? 0 : quiet + 1;
  }
}

static bool connect_link(struct guest *guest, uint32_t link, struct e100_sink *sink) {
  struct e100_library_link *fresh = &guest->links[link];
  *fresh = (struct e100_library_link){.socket = -1, .link = link, .sink = sink};
  if (!guest->library->connect(guest->server, fresh))
    return false;
  turn_until_quiet(guest);
  return true;
}

/* ---- the subject ----------------------------------------------------------------------------------------
 */

static void forget(struct guest *guest, uint32_t link) {
  e100_library_hang_up(&guest->links[link], true);
  guest->library->forget(guest->server, &guest->links[link]);
}

static void close_guest(void *self) {
  struct guest *guest = self;
  for (uint32_t i = 0; i < guest->count; i++) {
    guest->links[i].over = true;
    e100_library_hang_up(&guest->links[i], true);
  }
  turn_until_quiet(guest); /* the library sees that they are gone, and frees what it holds */
  for (uint32_t i = 0; i < guest->count; i++)
    forget(guest, i);
  free(guest);
}

static void *open_guest(const struct e100_subject *subject, const struct e100_setup *setup,
                        struct e100_sink *sink) {
  struct guest *guest = calloc(1, sizeof *guest);
  E100_CHECK(guest != NULL, "out of memory");
  guest->library = subject->data;
  guest->server = guest->library->start();
  bool good = guest->server != NULL;
  while (good && guest->count < setup->exchange->link_count) {
    good = connect_link(guest, guest->count, sink);
    guest->count++;
  }
  if (good)
    return guest;
  if (guest->server != NULL)
    close_guest(guest);
  else
    free(guest);
  return NULL;
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct guest *guest = self;
  struct e100_library_link *to = &guest->links[link];
  for (unsigned turn = 0; length > 0 && to->socket >= 0 && turn < E100_LIBRARY_TURNS_LIMIT; turn++) {
    ssize_t sent = send(to->socket, octets, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      break; /* the library has ended the connection: turning tells how */
    if (sent > 0) {
      octets += sent;
      length -= (size_t)sent;
    }
    if (length > 0)
      turn_until_quiet(guest);
  }
  turn_until_quiet(guest);
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct guest *guest = self;
  struct e100_library_link *at = &guest->links[link];
  struct e100_sink *sink = at->sink;
  if (how == E100_STEP_OPEN) {
    forget(guest, link);
    (void)connect_link(guest, link, sink);
    return;
  }
  if (how == E100_STEP_HALF_CLOSE && at->socket >= 0)
    (void)shutdown(at->socket, SHUT_WR);
  else
    e100_library_hang_up(at, how == E100_STEP_RESET);
  turn_until_quiet(guest);
}

static bool no_timer(void *self, enum e100_timer timer) {
  (void)self, (void)timer;
  return false;
}

static uint32_t none_armed(const void *self) {
  (void)self;
  return 0;
}

/* The application of a library decides by itself. */
static bool no_decision(void *self, const struct e100_step *step, const uint8_t *octets) {
  (void)self, (void)step, (void)octets;
  return false;
}

static void settle(void *self) {
  turn_until_quiet(self);
}

static uint32_t no_state(const void *self) {
  (void)self;
  return 0;
}

struct e100_subject e100_server_library_subject(const struct e100_server_library *library) {
  return (struct e100_subject){.version = E100_SUBJECT_VERSION,
                               .role = E100_ROLE_ORIGIN,
                               .abilities = E100_SHOWS_APPLICATION | E100_IS_FOREIGN,
                               .data = library,
                               .open = open_guest,
                               .deliver = deliver,
                               .ended = ended,
                               .timer = no_timer,
                               .armed = none_armed,
                               .decide = no_decision,
                               .settle = settle,
                               .close = close_guest,
                               .state = no_state};
}
