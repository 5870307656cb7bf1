/* client_library.c - what all client libraries in this process share: connections, turning the loop, the
 * subject. */
#include "libraries/client_library.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "subjects/client_choices.h"

enum {
  PIECE_LIMIT = 16384, /* octets that arrive at once: what a library reads in one go */
  QUIET_TURNS = 2      /* in a row: with more of them all cases of the corpus come out the same */
};

/* ---- connections ----------------------------------------------------------------------------------------
 */

static bool read_all(struct e100_client_guest *guest) {
  bool any = false;
  for (uint32_t i = 0; i < guest->count; i++)
    while (e100_library_read(&guest->links[i]))
      any = true;
  return any;
}

/* At most one waits to be taken: a library connects its socket before it asks for another one. */
static void take_connections(struct e100_client_guest *guest) {
  for (uint32_t i = 0; i < guest->count; i++) {
    struct e100_library_link *link = &guest->links[i];
    if (link->ended || link->socket >= 0 || link->theirs < 0 || link->taken)
      continue;
    link->socket = accept(e100_client_listener(), NULL, NULL);
    link->taken = link->socket >= 0;
  }
}

/* A link that has no connection, or the number of them; what the library did before is known then. */
static uint32_t free_link(struct e100_client_guest *guest) {
  uint32_t i = 0;
  take_connections(guest);
  (void)read_all(guest);
  while (i < guest->count && !guest->links[i].ended)
    i++;
  return guest->over ? guest->count : i;
}

static void open_link(struct e100_client_guest *guest, uint32_t i, int theirs) {
  e100_library_hang_up(&guest->links[i], false);
  e100_sink_open(guest->sink, i);
  guest->links[i] =
      (struct e100_library_link){.socket = -1, .theirs = theirs, .link = i, .sink = guest->sink};
  guest->happened = true;
}

int e100_client_guest_socket(struct e100_client_guest *guest) {
  uint32_t i = free_link(guest);
  int made = i == guest->count ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made >= 0)
    open_link(guest, i, made);
  return made;
}

int e100_client_guest_connects(struct e100_client_guest *guest, int end) {
  struct stat found;
  uint32_t i = free_link(guest);
  if (i == guest->count || fstat(end, &found) != 0)
    return -1;
  open_link(guest, i, end);
  guest->links[i].closes = true;
  guest->links[i].inode = found.st_ino;
  return (int)i;
}

void e100_client_guest_closed(struct e100_client_guest *guest, uint32_t link) {
  struct e100_library_link *closed = &guest->links[link];
  take_connections(guest);
  if (guest->over)
    return;
  e100_library_read_all(closed);
  if (!closed->ended)
    e100_sink_end(guest->sink, link, E100_STEP_CLOSE);
  closed->ended = true;
  closed->theirs = -1;
  guest->happened = true;
}

/* An end that is closed with octets unread is a reset for the other one, which has read all that came. */
static void reset(struct e100_library_link *link) {
  e100_library_read_all(link);
  if (link->socket >= 0 && link->theirs >= 0)
    (void)send(link->theirs, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  e100_library_hang_up(link, true);
}

void e100_client_guest_told(struct e100_client_guest *guest, uint32_t link, enum e100_told told,
                            size_t number) {
  guest->happened = true;
  if (guest->over)
    return;
  take_connections(guest); /* what the library did before comes first */
  (void)read_all(guest);
  e100_sink_told(guest->sink, link, told, (uint32_t)number);
}

void e100_client_guest_gives_up(struct e100_client_guest *guest, uint32_t link) {
  const struct e100_step step = {.what = E100_DECIDE_CLOSE, .link = (uint8_t)link};
  if (guest->over)
    return;
  take_connections(guest);
  (void)read_all(guest);
  e100_sink_decided(guest->sink, &step, NULL, 0);
}

/* ---- the subject ----------------------------------------------------------------------------------------
 */

/* Turns the library's loop until nothing happens any more. */
static void turn_until_quiet(struct e100_client_guest *guest) {
  unsigned quiet = 0;
  for (unsigned turn = 0; turn < E100_LIBRARY_TURNS_LIMIT && quiet < QUIET_TURNS; turn++) {
    guest->happened = false;
    guest->library->turn(guest->client);
    take_connections(guest);
    bool moved = read_all(guest) || guest->happened;
    quiet = moved ? 0 : quiet + 1;
  }
}

static void close_guest(void *self) {
  struct e100_client_guest *guest = self;
  guest->over = true;
  guest->library->close(guest->client);
  for (uint32_t i = 0; i < guest->count; i++)
    e100_library_hang_up(&guest->links[i], false);
  free(guest);
}

static void *open_guest(const struct e100_subject *subject, const struct e100_setup *setup,
                        struct e100_sink *sink) {
  struct e100_client_guest *guest = calloc(1, sizeof *guest);
  E100_CHECK(guest != NULL, "out of memory");
  guest->library = subject->data;
  guest->sink = sink;
  guest->chunked = e100_client_is_chunked(setup->policy);
  guest->halves = e100_client_sends_halves(setup->policy);
  guest->count = setup->exchange->link_count;
  for (uint32_t i = 0; i < guest->count; i++) {
    e100_sink_not_open(sink, i);
    guest->links[i] =
        (struct e100_library_link){.socket = -1, .theirs = -1, .link = i, .ended = true, .sink = sink};
  }
  guest->client = guest->library->open(guest);
  if (guest->client != NULL)
    return guest;
  free(guest);
  return NULL;
}

static void tell_of_arrival(struct e100_client_guest *guest, uint32_t link) {
  if (guest->library->arrived != NULL)
    guest->library->arrived(guest->client, link);
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct e100_client_guest *guest = self;
  struct e100_library_link *to = &guest->links[link];
  for (unsigned turn = 0; length > 0 && to->socket >= 0 && turn < E100_LIBRARY_TURNS_LIMIT; turn++) {
    size_t piece = length < PIECE_LIMIT ? length : PIECE_LIMIT;
    ssize_t sent = send(to->socket, octets, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      break; /* the library has ended the connection: turning tells how */
    if (sent > 0) {
      octets += sent;
      length -= (size_t)sent;
    }
    tell_of_arrival(guest, link);
    turn_until_quiet(guest);
  }
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct e100_client_guest *guest = self;
  struct e100_library_link *at = &guest->links[link];
  if (at->socket < 0)
    return;
  if (how == E100_STEP_HALF_CLOSE)
    (void)shutdown(at->socket, SHUT_WR);
  else if (how == E100_STEP_RESET)
    reset(at);
  else
    e100_library_hang_up(at, false);
  tell_of_arrival(guest, link);
  turn_until_quiet(guest);
}

static bool timer(void *self, enum e100_timer which) {
  struct e100_client_guest *guest = self;
  if (which != E100_TIMER_CONTINUE || !guest->library->waits(guest->client))
    return false;
  guest->library->stop_waiting(guest->client);
  turn_until_quiet(guest);
  return true;
}

static uint32_t armed(const void *self) {
  const struct e100_client_guest *guest = self;
  return guest->library->waits(guest->client) ? 1U << E100_TIMER_CONTINUE : 0;
}

static bool decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  struct e100_client_guest *guest = self;
  struct e100_library_request request;
  bool done = false;
  if (step->what == E100_DECIDE_CLOSE) {
    done = guest->library->drop(guest->client, step->link);
  } else if (step->what == E100_DECIDE_REQUEST &&
             e100_library_request_read(&request, octets, step->length, guest->chunked)) {
    done = guest->library->ask(guest->client, &request);
    if (!done)
      e100_library_request_free(&request);
  }
  if (done)
    turn_until_quiet(guest);
  return done;
}

static void settle(void *self) {
  struct e100_client_guest *guest = self;
  bool gave = true;
  for (unsigned turn = 0; gave && turn < E100_LIBRARY_TURNS_LIMIT; turn++) {
    gave =
        guest->library->give_rest(guest->client); /* then the next request may begin, with its first half */
    turn_until_quiet(guest);
  }
}

static uint32_t no_state(const void *self) {
  (void)self;
  return 0;
}

struct e100_subject e100_client_library_subject(const struct e100_client_library *library) {
  return (struct e100_subject){.version = E100_SUBJECT_VERSION,
                               .role = E100_ROLE_CLIENT,
                               .abilities = E100_SHOWS_APPLICATION | E100_HAS_TIMERS | E100_IS_FOREIGN,
                               .data = library,
                               .open = open_guest,
                               .deliver = deliver,
                               .ended = ended,
                               .timer = timer,
                               .armed = armed,
                               .decide = decide,
                               .settle = settle,
                               .close = close_guest,
                               .state = no_state};
}
