/* library_subject.c - what all libraries in this process share: sockets, turning the loop, the subject. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libraries/library.h"

/* One play against a library. */
struct guest {
  const struct e100_library *library;
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

/* ---- sockets ------------------------------------------------------------------------------------------ */

/* A reset, so that no connection lingers in the kernel. */
static void hang_up(struct e100_library_link *link, bool reset) {
  struct linger now = {.l_onoff = reset ? 1 : 0, .l_linger = 0};
  if (link->socket < 0)
    return;
  (void)setsockopt(link->socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(link->socket);
  link->socket = -1;
}

static void note_end(struct e100_library_link *link, enum e100_step_kind how) {
  if (link->ended)
    return;
  link->ended = true;
  e100_sink_end(link->sink, link->link, how);
}

/* Reads what the library has sent; true where there was anything. */
static bool read_some(struct e100_library_link *link) {
  uint8_t octets[4096];
  if (link->socket < 0 || link->ended)
    return false;
  ssize_t length = recv(link->socket, octets, sizeof octets, MSG_DONTWAIT);
  if (length > 0) {
    link->received += (uint64_t)length;
    e100_sink_send(link->sink, link->link, octets, (size_t)length);
    if (link->received > E100_LIBRARY_SENT_LIMIT)
      hang_up(link, true);
    return true;
  }
  if (length == 0)
    note_end(link, E100_STEP_HALF_CLOSE);
  else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
    note_end(link, E100_STEP_RESET);
  return link->ended;
}

/* Turns the library's loop until nothing happens any more. */
static void turn_until_quiet(struct guest *guest) {
  unsigned quiet = 0;
  for (unsigned turn = 0; turn < E100_LIBRARY_TURNS_LIMIT && quiet < E100_LIBRARY_QUIET_TURNS; turn++) {
    bool moved = guest->library->turn(guest->server);
    for (uint32_t i = 0; i < guest->count; i++)
      moved |= read_some(&guest->links[i]);
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
  hang_up(&guest->links[link], true);
  guest->library->forget(guest->server, &guest->links[link]);
}

static void close_guest(void *self) {
  struct guest *guest = self;
  for (uint32_t i = 0; i < guest->count; i++)
    hang_up(&guest->links[i], true);
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
    hang_up(at, how == E100_STEP_RESET);
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

/* ---- the subjects of this build ---------------------------------------------------------------------------
 */

static const struct e100_library *const libraries[] = {
#ifdef E100_HAS_EVHTTP
    &e100_library_evhttp,
#endif
#ifdef E100_HAS_MICROHTTPD
    &e100_library_microhttpd,
#endif
    NULL};

enum { LIBRARIES = sizeof libraries / sizeof libraries[0] };

void e100_libraries_add(void) {
  static struct e100_subject subjects[LIBRARIES];
  static char words[LIBRARIES][2][96];
  static bool done;
  for (size_t i = 0; !done && libraries[i] != NULL; i++) {
    struct e100_text name = {0};
    struct e100_text summary = {0};
    e100_text_format(&name, "lib:%s", libraries[i]->name);
    e100_text_format(&summary, "%s %s, a library in this process", libraries[i]->name,
                     libraries[i]->version());
    E100_CHECK(name.length < sizeof words[i][0] && summary.length < sizeof words[i][1], "names are short");
    memcpy(words[i][0], name.text, name.length + 1);
    memcpy(words[i][1], summary.text, summary.length + 1);
    e100_text_free(&name);
    e100_text_free(&summary);
    subjects[i] = (struct e100_subject){.version = E100_SUBJECT_VERSION,
                                        .name = words[i][0],
                                        .summary = words[i][1],
                                        .role = E100_ROLE_ORIGIN,
                                        .abilities = E100_SHOWS_APPLICATION | E100_IS_FOREIGN,
                                        .data = libraries[i],
                                        .open = open_guest,
                                        .deliver = deliver,
                                        .ended = ended,
                                        .timer = no_timer,
                                        .armed = none_armed,
                                        .decide = no_decision,
                                        .settle = settle,
                                        .close = close_guest,
                                        .state = no_state};
    e100_subject_add(&subjects[i]);
  }
  done = true;
}
