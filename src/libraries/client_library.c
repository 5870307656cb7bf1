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
  ASKED_LIMIT = 64     /* requests that are not over: an application asks for no more */
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
  guest->links[i] = (struct e100_library_link){
      .socket = -1, .theirs = theirs, .opened = ++guest->opened, .link = i, .sink = guest->sink};
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

/* ---- requests -------------------------------------------------------------------------------------------
 */

void e100_client_asked_told(const struct e100_client_asked *asked, enum e100_told told, size_t number) {
  struct e100_client_guest *guest = asked->guest;
  guest->happened = true;
  if (asked->dropped || guest->over)
    return;
  take_connections(guest); /* what the library did before comes first */
  (void)read_all(guest);
  e100_sink_told(guest->sink, asked->link >= 0 ? (uint32_t)asked->link : 0, told, (uint32_t)number);
}

static void give_up(struct e100_client_asked *asked) {
  asked->dropped = true;
  asked->guest->library->give_up(asked->guest->client, asked);
}

void e100_client_asked_give_up(struct e100_client_asked *asked) {
  struct e100_client_guest *guest = asked->guest;
  const struct e100_step step = {.what = E100_DECIDE_CLOSE, .link = (uint8_t)asked->link};
  if (!guest->over) {
    take_connections(guest);
    (void)read_all(guest);
    e100_sink_decided(guest->sink, &step, NULL, 0);
  }
  give_up(asked);
}

void e100_client_asked_end(struct e100_client_asked *asked) {
  struct e100_client_asked **at = &asked->guest->asked;
  while (*at != asked)
    at = &(*at)->next;
  *at = asked->next;
  e100_library_request_free(&asked->request);
  free(asked);
}

/* REQUEST is owned here afterwards. */
static bool ask(struct e100_client_guest *guest, const struct e100_library_request *request) {
  struct e100_client_asked **end = &guest->asked;
  unsigned count = 0;
  for (; *end != NULL; end = &(*end)->next)
    count++;
  if (count == ASKED_LIMIT || !guest->library->takes(request))
    return false;
  struct e100_client_asked *asked = calloc(1, guest->library->asked_size);
  E100_CHECK(asked != NULL, "out of memory");
  *asked = (struct e100_client_asked){.guest = guest, .request = *request, .link = -1};
  *end = asked;
  return true;
}

/* As many requests at once as there are connections; so the application learns of an end before the next one
 * begins. NULL: none may begin. */
static struct e100_client_asked *next_to_begin(const struct e100_client_guest *guest) {
  struct e100_client_asked *first = NULL;
  uint32_t begun = 0;
  for (struct e100_client_asked *asked = guest->asked; asked != NULL; asked = asked->next) {
    begun += asked->begun ? 1 : 0;
    if (first == NULL && !asked->begun)
      first = asked;
  }
  return begun < guest->count ? first : NULL;
}

static void begin_one(struct e100_client_guest *guest) {
  struct e100_client_asked *first = next_to_begin(guest);
  if (first == NULL)
    return;
  first->begun = true;
  guest->happened = true;
  guest->library->begin(guest->client, first);
}

static bool drop(struct e100_client_guest *guest, uint32_t link) {
  for (struct e100_client_asked *asked = guest->asked; asked != NULL; asked = asked->next) {
    if (!asked->begun || asked->dropped || asked->link != (int)link)
      continue;
    give_up(asked);
    return true;
  }
  return false;
}

static void give_up_all(struct e100_client_guest *guest) {
  struct e100_client_asked *next = NULL;
  for (struct e100_client_asked *asked = guest->asked; asked != NULL; asked = next) {
    next = asked->next;
    if (asked->begun)
      give_up(asked);
    else
      e100_client_asked_end(asked);
  }
}

/* ---- the subject ----------------------------------------------------------------------------------------
 */

/* Turns the library's loop until nothing happens any more. */
static void turn_until_quiet(struct e100_client_guest *guest) {
  unsigned quiet = 0;
  for (unsigned turn = 0; turn < E100_LIBRARY_TURNS_LIMIT && quiet < guest->library->quiet_turns; turn++) {
    guest->happened = false;
    begin_one(guest);
    bool moved = guest->library->turn(guest->client);
    take_connections(guest);
    moved |= read_all(guest) || next_to_begin(guest) != NULL;
    quiet = moved ? 0 : quiet + 1;
  }
}

static void close_guest(void *self) {
  struct e100_client_guest *guest = self;
  guest->over = true;
  give_up_all(guest);
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

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct e100_client_guest *guest = self;
  struct e100_library_link *to = &guest->links[link];
  uint32_t opened = to->opened;
  for (unsigned turn = 0; length > 0 && to->socket >= 0 && turn < E100_LIBRARY_TURNS_LIMIT; turn++) {
    size_t piece = length < PIECE_LIMIT ? length : PIECE_LIMIT;
    ssize_t sent = send(to->socket, octets, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      break; /* the library has ended the connection: turning tells how */
    if (sent > 0) {
      octets += sent;
      length -= (size_t)sent;
    }
    turn_until_quiet(guest);
    if (to->opened != opened)
      break; /* it has closed that connection and opened another one, on which the rest does not come */
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
  turn_until_quiet(guest);
}

static bool waits(const struct e100_client_guest *guest) {
  return guest->library->waits != NULL && guest->library->waits(guest->client);
}

static bool timer(void *self, enum e100_timer which) {
  struct e100_client_guest *guest = self;
  if (which != E100_TIMER_CONTINUE || !waits(guest))
    return false;
  guest->library->stop_waiting(guest->client);
  turn_until_quiet(guest);
  return true;
}

static uint32_t armed(const void *self) {
  const struct e100_client_guest *guest = self;
  return waits(guest) ? 1U << E100_TIMER_CONTINUE : 0;
}

static bool decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  struct e100_client_guest *guest = self;
  struct e100_library_request request;
  bool done = false;
  if (step->what == E100_DECIDE_CLOSE) {
    done = drop(guest, step->link);
  } else if (step->what == E100_DECIDE_REQUEST &&
             e100_library_request_read(&request, octets, step->length, guest->chunked)) {
    done = ask(guest, &request);
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
