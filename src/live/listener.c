/* listener.c - connections that come in, on libuv. */
#include "live/listener.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { BACKLOG = 64 /* connections that wait to be taken */ };

struct e100_listener {
  uv_tcp_t socket;
  e100_listener_came *came;
  void *user;
  uint16_t port;
};

static void on_connection(uv_stream_t *socket, int status) {
  struct e100_listener *listener = socket->data;
  if (status == 0)
    listener->came(listener->user, listener);
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
