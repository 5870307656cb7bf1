/* relay.c - passes octets between two ends, and writes down what passes. */
#include "record/relay.h"

#include <stdlib.h>
#include <string.h>

#include "live/live_play.h"

enum { READ_ROOM = 65536, CLIENT = 0, SERVER = 1, BACKLOG = 128 };

struct connection;

union socket {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
};

/* One of the two ends of a connection. */
struct end {
  union socket socket;
  struct connection *connection;
  uv_shutdown_t shutting;
  bool open;   /* it can be read and written */
  bool ended;  /* it sends no more */
  bool paused; /* it is not read: the other end is slow */
  bool closed;
};

struct connection {
  struct e100_relay *relay;
  struct connection *next, *before;
  struct end ends[2];
  uv_timer_t timer;
  uv_connect_t connecting;
  uv_getaddrinfo_t resolving;
  unsigned handles, requests; /* that the loop has not closed or finished yet */
  uint32_t number;
  bool over;
  bool doubted; /* the silence is over by the clock; what came meanwhile was not looked at yet */
  struct e100_exchange exchange;
  struct e100_view view;
  struct e100_findings findings;
};

struct e100_relay {
  uv_loop_t *loop;
  struct e100_relay_design design;
  const struct e100_relay_calls *calls;
  void *user;
  union socket listener;
  struct connection *connections;
  unsigned count;
  uint32_t number;
  bool waiting; /* a client waits in the listener's queue */
  bool stopped;
  unsigned users; /* the listener, and connections: the last one frees */
  char room[READ_ROOM];
};

struct write {
  uv_write_t request;
  struct end *to;
  char octets[];
};

static void accept_more(struct e100_relay *relay);

/* ---- writing down ------------------------------------------------------------------------------- */

/* How many of the findings were there before step INDEX: it may have taken back one of them. */
static uint32_t found_before(const struct e100_findings *findings, uint32_t index) {
  uint32_t before = findings->count;
  while (before > 0 && before <= E100_FINDINGS_LIMIT && findings->list[before - 1].step >= index)
    before--;
  return before;
}

/* BEFORE are the findings as they were: those of them that are gone are told. */
static void tell_what_is_gone(const struct connection *connection, const struct e100_findings *before) {
  const struct e100_recorded recorded = {connection->number, &connection->exchange, &connection->findings};
  uint32_t kept = 0;
  for (uint32_t i = 0; i < before->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *now = &connection->findings.list[kept];
    if (kept < connection->findings.count && memcmp(now, &before->list[i], sizeof *now) == 0)
      kept++;
    else if (connection->relay->calls->taken_back != NULL)
      connection->relay->calls->taken_back(connection->relay->user, &recorded, &before->list[i]);
  }
}

static void write_down(struct connection *connection, const struct e100_step *step, const uint8_t *octets) {
  struct e100_exchange *exchange = &connection->exchange;
  if (exchange->truncated)
    return;
  int64_t index = e100_exchange_append(exchange, step, octets, step->length);
  if (index < 0)
    return; /* over a limit: `truncated` is set, and what follows is not known */
  const struct e100_findings before = connection->findings;
  e100_view_step(&connection->view, step, (uint32_t)index, octets, &connection->findings);
  tell_what_is_gone(connection, &before);
  uint32_t found = found_before(&connection->findings, (uint32_t)index);
  if (connection->findings.count > found && connection->relay->calls->found != NULL) {
    const struct e100_recorded recorded = {connection->number, exchange, &connection->findings};
    connection->relay->calls->found(connection->relay->user, &recorded, found);
  }
}

static uint8_t party_of(const struct end *end) {
  return end == &end->connection->ends[CLIENT] ? E100_CLIENT : E100_ORIGIN;
}

static struct end *other_end(struct end *end) {
  return &end->connection->ends[end == &end->connection->ends[CLIENT] ? SERVER : CLIENT];
}

static void write_down_end(struct end *end, enum e100_step_kind how) {
  const struct e100_step step = {.kind = (uint8_t)how, .from = party_of(end)};
  write_down(end->connection, &step, NULL);
}

/* ---- the end of a connection -------------------------------------------------------------------- */

static void release(struct e100_relay *relay) {
  if (--relay->users == 0)
    free(relay);
}

static void free_unused(struct connection *connection) {
  struct e100_relay *relay = connection->relay;
  if (!connection->over || connection->handles > 0 || connection->requests > 0)
    return;
  if (connection->before != NULL)
    connection->before->next = connection->next;
  else
    relay->connections = connection->next;
  if (connection->next != NULL)
    connection->next->before = connection->before;
  e100_exchange_free(&connection->exchange);
  free(connection);
  relay->count--;
  if (relay->waiting && !relay->stopped)
    accept_more(relay);
  release(relay);
}

static void on_closed(uv_handle_t *handle) {
  struct connection *connection = handle->data;
  connection->handles--;
  free_unused(connection);
}

static void on_end_closed(uv_handle_t *handle) {
  struct end *end = handle->data;
  end->connection->handles--;
  free_unused(end->connection);
}

static void close_end(struct end *end, bool reset) {
  if (end->closed)
    return;
  end->closed = true;
  end->open = false;
  if (!reset || end->socket.handle.type != UV_TCP || uv_tcp_close_reset(&end->socket.tcp, on_end_closed) != 0)
    uv_close(&end->socket.handle, on_end_closed);
}

static void finish(struct connection *connection, const char *why, bool reset) {
  if (connection->over)
    return;
  connection->over = true;
  close_end(&connection->ends[CLIENT], reset);
  close_end(&connection->ends[SERVER], reset);
  uv_close((uv_handle_t *)&connection->timer, on_closed);
  e100_exchange_normalize(&connection->exchange);
  const struct e100_recorded recorded = {connection->number, &connection->exchange, &connection->findings};
  connection->relay->calls->ended(connection->relay->user, &recorded, why);
}

/* ---- passing on --------------------------------------------------------------------------------- */

static void read_on(struct end *end);

static size_t on_their_way(const struct end *end) {
  return uv_stream_get_write_queue_size(&end->socket.stream);
}

static void on_silence(uv_timer_t *timer) {
  static const struct e100_step settled = {.kind = E100_STEP_SETTLED};
  struct connection *connection = timer->data;
  const struct e100_exchange *exchange = &connection->exchange;
  bool silent =
      exchange->step_count == 0 || exchange->steps[exchange->step_count - 1].kind == E100_STEP_SETTLED;
  if (!connection->doubted) { /* a loop that was not run for a while calls timers before it reads */
    connection->doubted = true;
    (void)uv_timer_start(timer, on_silence, E100_LIVE_DOUBT, 0);
    return;
  }
  if (!silent && on_their_way(&connection->ends[CLIENT]) == 0 && on_their_way(&connection->ends[SERVER]) == 0)
    write_down(connection, &settled, NULL);
}

static void wait_for_silence(struct connection *connection) {
  connection->doubted = false;
  if (!connection->over)
    (void)uv_timer_start(&connection->timer, on_silence, connection->relay->design.settle, 0);
}

static void on_written(uv_write_t *request, int status) {
  struct write *write = (struct write *)request;
  struct end *to = write->to;
  struct connection *connection = to->connection;
  (void)status; /* an end that takes no more says so when it is read */
  connection->requests--;
  free(write);
  if (!connection->over && other_end(to)->paused && on_their_way(to) < E100_RELAY_HELD_LIMIT / 2)
    read_on(other_end(to));
  if (!connection->over)
    wait_for_silence(connection);
  free_unused(connection);
}

static void pass_on(struct end *to, const char *octets, size_t length) {
  struct write *write = malloc(sizeof *write + length);
  E100_CHECK(write != NULL, "out of memory");
  memcpy(write->octets, octets, length);
  write->to = to;
  const uv_buf_t buffer = uv_buf_init(write->octets, (unsigned)length);
  if (uv_write(&write->request, &to->socket.stream, &buffer, 1, on_written) == 0)
    to->connection->requests++;
  else
    free(write);
}

static void on_shut(uv_shutdown_t *request, int status) {
  struct connection *connection = request->data;
  (void)status;
  connection->requests--;
  free_unused(connection);
}

/* END sends no more: the other one is told the same. */
static void pass_end_on(struct end *end) {
  struct end *to = other_end(end);
  end->ended = true;
  write_down_end(end, E100_STEP_HALF_CLOSE);
  to->shutting.data = end->connection;
  if (to->open && uv_shutdown(&to->shutting, &to->socket.stream, on_shut) == 0)
    end->connection->requests++;
  if (to->ended)
    finish(end->connection, "", false);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct end *end = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(end->connection->relay->room, READ_ROOM);
}

static void on_read(uv_stream_t *handle, ssize_t length, const uv_buf_t *buffer) {
  struct end *end = handle->data;
  struct connection *connection = end->connection;
  if (connection->over || length == 0)
    return;
  if (length == UV_EOF) {
    (void)uv_read_stop(handle);
    pass_end_on(end);
  } else if (length < 0) {
    write_down_end(end, E100_STEP_RESET);
    finish(connection, "", true);
    return;
  } else {
    const struct e100_step step = {.kind = E100_STEP_DELIVER,
                                   .from = party_of(end),
                                   .to = party_of(other_end(end)),
                                   .length = (uint32_t)length};
    write_down(connection, &step, (const uint8_t *)buffer->base);
    pass_on(other_end(end), buffer->base, (size_t)length);
    if (on_their_way(other_end(end)) > E100_RELAY_HELD_LIMIT) {
      end->paused = true;
      (void)uv_read_stop(handle);
    }
  }
  wait_for_silence(connection);
}

static void read_on(struct end *end) {
  end->paused = false;
  if (end->open && !end->ended)
    (void)uv_read_start(&end->socket.stream, on_room, on_read);
}

/* ---- the beginning of a connection -------------------------------------------------------------- */

static void on_connected(uv_connect_t *request, int status) {
  struct connection *connection = request->data;
  connection->requests--;
  if (!connection->over && status != 0) {
    finish(connection, uv_strerror(status), true);
  } else if (!connection->over) {
    for (unsigned i = 0; i < 2; i++) {
      struct end *end = &connection->ends[i];
      end->open = true;
      if (end->socket.handle.type == UV_TCP)
        (void)uv_tcp_nodelay(&end->socket.tcp, 1);
    }
    read_on(&connection->ends[CLIENT]);
    read_on(&connection->ends[SERVER]);
  }
  free_unused(connection);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found) {
  struct connection *connection = request->data;
  connection->requests--;
  if (!connection->over && status == 0)
    status = uv_tcp_connect(&connection->connecting, &connection->ends[SERVER].socket.tcp, found->ai_addr,
                            on_connected);
  if (!connection->over && status == 0)
    connection->requests++;
  uv_freeaddrinfo(found);
  if (!connection->over && status != 0)
    finish(connection, uv_strerror(status), true);
  free_unused(connection);
}

static void connect_to_server(struct connection *connection) {
  const struct e100_address *to = &connection->relay->design.to;
  const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  connection->connecting.data = connection->resolving.data = connection;
  connection->requests++;
  if (to->kind == E100_ADDRESS_UNIX)
    uv_pipe_connect(&connection->connecting, &connection->ends[SERVER].socket.pipe, to->path, on_connected);
  else
    E100_CHECK(uv_getaddrinfo(connection->relay->loop, &connection->resolving, on_resolved, to->host,
                              to->port, &wanted) == 0,
               "a name can be looked up");
}

static void make_socket(uv_loop_t *loop, const struct e100_address *address, union socket *socket) {
  if (address->kind == E100_ADDRESS_UNIX)
    (void)uv_pipe_init(loop, &socket->pipe, 0);
  else
    (void)uv_tcp_init(loop, &socket->tcp);
}

static struct connection *new_connection(struct e100_relay *relay) {
  struct connection *connection = calloc(1, sizeof *connection);
  E100_CHECK(connection != NULL, "out of memory");
  connection->relay = relay;
  connection->number = ++relay->number;
  connection->next = relay->connections;
  if (connection->next != NULL)
    connection->next->before = connection;
  relay->connections = connection;
  relay->count++;
  relay->users++;
  connection->handles = 3;
  (void)uv_timer_init(relay->loop, &connection->timer);
  connection->timer.data = connection;
  const struct e100_address *addresses[] = {&relay->design.listen, &relay->design.to};
  for (unsigned i = 0; i < 2; i++) {
    make_socket(relay->loop, addresses[i], &connection->ends[i].socket);
    connection->ends[i].connection = connection;
    connection->ends[i].socket.handle.data = &connection->ends[i];
  }
  e100_exchange_init(&connection->exchange);
  connection->exchange.seen_by = E100_CLIENT;
  connection->exchange.reading = relay->design.reading;
  e100_view_init(&connection->view, &connection->exchange);
  return connection;
}

static void accept_more(struct e100_relay *relay) {
  if (relay->count >= E100_RELAY_CONNECTIONS_LIMIT) {
    relay->waiting = true;
    return;
  }
  relay->waiting = false;
  struct connection *connection = new_connection(relay);
  if (uv_accept(&relay->listener.stream, &connection->ends[CLIENT].socket.stream) == 0)
    connect_to_server(connection);
  else
    finish(connection, "the client is gone", false);
  free_unused(connection);
}

static void on_client(uv_stream_t *listener, int status) {
  struct e100_relay *relay = listener->data;
  if (status == 0 && !relay->stopped)
    accept_more(relay);
}

/* ---- the relay ---------------------------------------------------------------------------------- */

static int listen_there(struct e100_relay *relay) {
  const struct e100_address *at = &relay->design.listen;
  int status = 0;
  make_socket(relay->loop, at, &relay->listener);
  relay->listener.handle.data = relay;
  if (at->kind == E100_ADDRESS_UNIX) {
    status = uv_pipe_bind(&relay->listener.pipe, at->path);
  } else {
    uv_getaddrinfo_t request;
    const struct addrinfo wanted = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    status = uv_getaddrinfo(relay->loop, &request, NULL, at->host, at->port, &wanted);
    if (status == 0)
      status = uv_tcp_bind(&relay->listener.tcp, request.addrinfo->ai_addr, 0);
    if (request.addrinfo != NULL)
      uv_freeaddrinfo(request.addrinfo);
  }
  return status == 0 ? uv_listen(&relay->listener.stream, BACKLOG, on_client) : status;
}

static void on_listener_closed(uv_handle_t *handle) {
  release(handle->data);
}

struct e100_relay *e100_relay_start(uv_loop_t *loop, const struct e100_relay_design *design,
                                    const struct e100_relay_calls *calls, void *user, char why[256]) {
  struct e100_relay *relay = calloc(1, sizeof *relay);
  E100_CHECK(relay != NULL, "out of memory");
  relay->loop = loop;
  relay->design = *design;
  relay->calls = calls;
  relay->user = user;
  relay->users = 1;
  int status = listen_there(relay);
  if (status == 0)
    return relay;
  (void)snprintf(why, 256, "cannot listen there: %s", uv_strerror(status));
  relay->stopped = true;
  uv_close(&relay->listener.handle, on_listener_closed);
  return NULL;
}

unsigned e100_relay_port(const struct e100_relay *relay) {
  struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
  int length = sizeof name;
  if (relay->design.listen.kind == E100_ADDRESS_UNIX ||
      uv_tcp_getsockname(&relay->listener.tcp, (struct sockaddr *)&name, &length) != 0)
    return 0;
  return name.ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)(const void *)&name)->sin6_port)
                                    : ntohs(((const struct sockaddr_in *)(const void *)&name)->sin_port);
}

void e100_relay_stop(struct e100_relay *relay) {
  struct connection *next = NULL;
  relay->stopped = true;
  for (struct connection *connection = relay->connections; connection != NULL; connection = next) {
    next = connection->next;
    finish(connection, "", false);
  }
  uv_close(&relay->listener.handle, on_listener_closed);
}
