/* library_evhttp.c - libevent's evhttp. It tells an application of whole requests only. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "libraries/server_library.h"

/* One process has one of each, which stays: to start one costs more than a play. */
struct server {
  struct event_base *base;
  struct evhttp *http;
  struct sockaddr_in address;
  struct e100_library_link *links[E100_LINKS_LIMIT];
  bool happened;
};

static const char *version(void) {
  return event_get_version();
}

/* ---- the application --------------------------------------------------------------------------------- */

/* The library knows a connection by its client's port. */
static struct e100_library_link *link_of(struct server *server, struct evhttp_connection *connection) {
  char *address = NULL;
  uint16_t port = 0;
  evhttp_connection_get_peer(connection, &address, &port);
  for (size_t i = 0; i < E100_LINKS_LIMIT; i++)
    if (server->links[i] != NULL && server->links[i]->port == port)
      return server->links[i];
  return NULL;
}

static void answer(struct evhttp_request *request, unsigned status) {
  const char *mark = evhttp_find_header(evhttp_request_get_input_headers(request), "E100-Mark");
  struct evbuffer *content = evbuffer_new();
  if (mark != NULL) {
    evhttp_add_header(evhttp_request_get_output_headers(request), "E100-Mark", mark);
    evbuffer_add_printf(content, "{%s}", mark);
  }
  evhttp_send_reply(request, (int)status, "Answered", content);
  evbuffer_free(content);
}

static void on_request(struct evhttp_request *request, void *user) {
  struct server *server = user;
  struct e100_library_link *link = link_of(server, evhttp_request_get_connection(request));
  const char *target = evhttp_request_get_uri(request);
  unsigned asked = target != NULL ? e100_library_status_of(target) : 0;
  unsigned status = asked != 0 ? asked : 200;
  server->happened = true;
  if (link != NULL) {
    size_t length = evbuffer_get_length(evhttp_request_get_input_buffer(request));
    e100_library_told(link, E100_TOLD_HEAD, 0);
    if (length > 0)
      e100_library_told(link, E100_TOLD_CONTENT, length);
    e100_library_told(link, E100_TOLD_COMPLETE, 0);
    e100_library_decided(link, E100_DECIDE_RESPOND, status);
  }
  answer(request, status);
}

/* Small pieces go out at once, on this end and on those that the listener accepts: with Nagle's algorithm
 * some would wait for a clock. */
static void send_at_once(int socket_made) {
  int on = 1;
  (void)setsockopt(socket_made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* ---- the server -----------------------------------------------------------------------------------------
 */

static int listening(struct sockaddr_in *address) {
  int socket_made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  socklen_t length = sizeof *address;
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (socket_made >= 0)
    send_at_once(socket_made);
  if (socket_made >= 0 && bind(socket_made, (struct sockaddr *)address, length) == 0 &&
      listen(socket_made, E100_LINKS_LIMIT) == 0 &&
      getsockname(socket_made, (struct sockaddr *)address, &length) == 0)
    return socket_made;
  if (socket_made >= 0)
    close(socket_made);
  return -1;
}

static void *start(void) {
  static struct server server;
  if (server.http != NULL)
    return &server;
  server.base = event_base_new();
  struct evhttp *http = server.base != NULL ? evhttp_new(server.base) : NULL;
  int socket_made = listening(&server.address);
  if (http == NULL || socket_made < 0 || evhttp_accept_socket(http, socket_made) != 0)
    return NULL; /* the process ends soon */
  evhttp_set_gencb(http, on_request, &server);
  evhttp_set_max_headers_size(http, 65536);
  evhttp_set_max_body_size(http, E100_OCTETS_LIMIT);
  server.http = http;
  return &server;
}

static bool turn(void *self) {
  struct server *server = self;
  server->happened = false;
  (void)event_base_loop(server->base, EVLOOP_NONBLOCK);
  return server->happened;
}

static bool connect_to(void *self, struct e100_library_link *link) {
  struct server *server = self;
  int socket_made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_made < 0)
    return false;
  send_at_once(socket_made);
  link->socket = socket_made;
  server->links[link->link] = link;
  /* Over the loopback the connection waits in the backlog at once. */
  struct sockaddr_in own;
  socklen_t length = sizeof own;
  if (connect(socket_made, (const struct sockaddr *)&server->address, sizeof server->address) != 0 ||
      getsockname(socket_made, (struct sockaddr *)&own, &length) != 0)
    return false;
  link->port = ntohs(own.sin_port);
  return true;
}

static void forget(void *self, struct e100_library_link *link) {
  struct server *server = self;
  server->links[link->link] = NULL;
}

const struct e100_server_library e100_library_evhttp = {.name = "evhttp",
                                                        .version = version,
                                                        .start = start,
                                                        .connect = connect_to,
                                                        .turn = turn,
                                                        .quiet_turns = E100_LIBRARY_QUIET_TURNS,
                                                        .forget = forget};
