/* listener.c - connections that come in, on libuv. */
#include "live/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 256 /* connections that wait to be taken */ };

struct e100_listener {
  uv_tcp_t socket;
  e100_listener_came *came;
  void *user;
  uint16_t port;
};

static const struct e100_stream_calls no_calls = {NULL, NULL, NULL, NULL, NULL};

static void on_connection(uv_stream_t *socket, int status) {
  struct e100_listener *listener = socket->data;
  if (status != 0)
    return;
  if (listener->came != NULL) {
    listener->came(listener->user, listener);
    return;
  }
  struct e100_stream *stream = e100_listener_take(listener, &no_calls, NULL);
  if (stream != NULL)
    e100_stream_close(stream);
}

static void on_closed(uv_handle_t *handle) {
  free(handle->data);
}

/* The port that the kernel has chosen. */
static int learn_port(struct e100_listener *listener) {
  struct sockaddr_in bound;
  int length = sizeof bound;
  int status = uv_tcp_getsockname(&listener->socket, (struct sockaddr *)&bound, &length);
  listener->port = ntohs(bound.sin_port);
  return status;
}

struct e100_listener *e100_listener_open(uv_loop_t *loop, uint16_t port, e100_listener_came *came, void *user,
                                         char *why, size_t room) {
  struct sockaddr_in address;
  struct e100_listener *listener = calloc(1, sizeof *listener);
  E100_CHECK(listener != NULL, "out of memory");
  listener->came = came;
  listener->user = user;
  (void)uv_ip4_addr("127.0.0.1", port, &address);
  (void)uv_tcp_init(loop, &listener->socket);
  listener->socket.data = listener;
  int status = uv_tcp_bind(&listener->socket, (const struct sockaddr *)&address, 0);
  if (status == 0)
    status = uv_listen((uv_stream_t *)&listener->socket, BACKLOG, on_connection);
  if (status == 0)
    status = learn_port(listener);
  if (status == 0)
    return listener;
  (void)snprintf(why, room, "cannot listen on port %u of 127.0.0.1: %s", port, uv_strerror(status));
  e100_listener_close(listener);
  return NULL;
}

/* ---- a port that is bound before there is a loop ------------------------------------------------ */

/* A socket that listens, or -1 with errno. */
static int listen_at(const struct addrinfo *at) {
  const int yes = 1;
  int file = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0)
    return -1;
  (void)setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(file, at->ai_addr, at->ai_addrlen) == 0 && listen(file, BACKLOG) == 0)
    return file;
  int wrong = errno;
  (void)close(file);
  errno = wrong;
  return -1;
}

static uint16_t port_of(int file) {
  struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
  socklen_t length = sizeof name;
  if (getsockname(file, (struct sockaddr *)&name, &length) != 0)
    return 0;
  return name.ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)(const void *)&name)->sin6_port)
                                    : ntohs(((const struct sockaddr_in *)(const void *)&name)->sin_port);
}

int e100_listening_socket(const char *host, uint16_t port, uint16_t *own, char *why, size_t room) {
  const struct addrinfo wanted = {
      .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  char digits[8];
  (void)snprintf(digits, sizeof digits, "%u", (unsigned)port);
  int wrong = getaddrinfo(host, digits, &wanted, &found);
  if (wrong != 0) {
    (void)snprintf(why, room, "cannot listen on %s: %s", host, gai_strerror(wrong));
    return -1;
  }
  int file = listen_at(found);
  if (file < 0)
    (void)snprintf(why, room, "cannot listen on port %u of %s: %s", (unsigned)port, host, strerror(errno));
  else
    *own = port_of(file);
  freeaddrinfo(found);
  return file;
}

struct e100_listener *e100_listener_adopt(uv_loop_t *loop, int socket) {
  struct e100_listener *listener = calloc(1, sizeof *listener);
  E100_CHECK(listener != NULL, "out of memory");
  int file = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  (void)uv_tcp_init(loop, &listener->socket);
  listener->socket.data = listener;
  listener->port = port_of(socket);
  E100_CHECK(file >= 0 && uv_tcp_open(&listener->socket, file) == 0 &&
                 uv_listen((uv_stream_t *)&listener->socket, BACKLOG, on_connection) == 0,
             "a socket that listens can be taken over");
  uv_unref((uv_handle_t *)&listener->socket);
  return listener;
}

void e100_listener_attend(struct e100_listener *listener, e100_listener_came *came, void *user) {
  listener->came = came;
  listener->user = user;
}

uint16_t e100_listener_port(const struct e100_listener *listener) {
  return listener->port;
}

struct e100_stream *e100_listener_take(struct e100_listener *listener, const struct e100_stream_calls *calls,
                                       void *user) {
  return e100_stream_accept((uv_stream_t *)&listener->socket, calls, user);
}

void e100_listener_close(struct e100_listener *listener) {
  uv_close((uv_handle_t *)&listener->socket, on_closed);
}
