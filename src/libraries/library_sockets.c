/* library_sockets.c - our ends of the connections to libraries. */
#define _GNU_SOURCE /* for O_PATH; NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "libraries/client_library.h"

void e100_library_hang_up(struct e100_library_link *link, bool reset) {
  struct linger now = {.l_onoff = reset ? 1 : 0, .l_linger = 0};
  if (link->socket < 0)
    return;
  if (link->port != 0)
    (void)setsockopt(link->socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(link->socket);
  link->socket = -1;
}

static void note_end(struct e100_library_link *link, enum e100_step_kind how) {
  if (link->ended)
    return;
  link->ended = true;
  if (link->closes)
    link->theirs = -1;
  e100_sink_end(link->sink, link->link, link->closes ? E100_STEP_CLOSE : how);
}

/* The number of a file is soon another one's. */
static bool is_closed(int file, uint64_t inode) {
  struct stat there;
  return fstat(file, &there) != 0 || there.st_ino != inode;
}

bool e100_library_read(struct e100_library_link *link) {
  uint8_t octets[4096];
  if (link->closes && link->socket < 0 && !link->ended && is_closed(link->theirs, link->inode))
    note_end(link, E100_STEP_CLOSE);
  if (link->socket < 0 || link->ended)
    return false;
  ssize_t length = recv(link->socket, octets, sizeof octets, MSG_DONTWAIT);
  if (length > 0) {
    link->received += (uint64_t)length;
    e100_sink_send(link->sink, link->link, octets, (size_t)length);
    if (link->received > E100_LIBRARY_SENT_LIMIT)
      e100_library_hang_up(link, true);
    return true;
  }
  if (length == 0)
    note_end(link, E100_STEP_HALF_CLOSE);
  else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
    note_end(link, E100_STEP_RESET);
  return link->ended;
}

void e100_library_read_all(struct e100_library_link *link) {
  while (e100_library_read(link)) {
  }
}

void e100_library_told(struct e100_library_link *link, enum e100_told told, size_t number) {
  e100_library_read_all(link);
  if (!link->over)
    e100_sink_told(link->sink, link->link, told, (uint32_t)number);
}

void e100_library_decided(struct e100_library_link *link, enum e100_decision what, unsigned status) {
  struct e100_step step = {.what = (uint8_t)what, .status = (uint16_t)status, .link = (uint8_t)link->link};
  if (!link->over)
    e100_sink_decided(link->sink, &step, NULL, 0);
}

/* ---- where client libraries connect to ------------------------------------------------------------------
 */

static int listener = -1;

int e100_client_listener(void) {
  return listener;
}

static bool listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return (size_t)length < sizeof address.sun_path && listener >= 0 &&
         bind(listener, (const struct sockaddr *)&address, sizeof address) == 0 &&
         listen(listener, E100_LINKS_LIMIT) == 0;
}

/* The name is gone at once, and nothing is left behind however the process ends: what was opened there still
 * leads to it. */
const char *e100_client_guest_path(void) {
  static char path[32];
  char folder[E100_LIBRARY_PATH_LIMIT], name[E100_LIBRARY_PATH_LIMIT + 4];
  const char *temporary = getenv("TMPDIR");
  if (path[0] != '\0')
    return path;
  int length =
      snprintf(folder, sizeof folder, "%s/expect100-library-XXXXXX", temporary != NULL ? temporary : "/tmp");
  if ((size_t)length >= sizeof folder || mkdtemp(folder) == NULL)
    return NULL;
  (void)snprintf(name, sizeof name, "%s/s", folder);
  int found = listen_at(name) ? open(name, O_PATH | O_CLOEXEC) : -1;
  (void)unlink(name);
  (void)rmdir(folder);
  if (found < 0)
    return NULL;
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", found);
  return path;
}
