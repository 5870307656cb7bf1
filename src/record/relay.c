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
  bool slow;    /* a silence passed, which counts only if the client ends it */
  bool sure;    /* it speaks HTTP */
  bool doubted; /* the silence is over by the clock; what came meanwhile was not looked at yet */
  struct e100_exchange exchange;
  struct e100_view view;
  struct e100_findings findings;
  uint32_t told; /* findings that were told */
  enum e100_protocol protocol;
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

static struct e100_recorded recorded(const struct connection *connection) {
  return (struct e100_recorded){connection->number, &connection->exchange, &connection->findings,
                                connection->protocol};
}

static void tell_findings(struct connection *connection) {
  const struct e100_relay *relay = connection->relay;
  const struct e100_recorded now = recorded(connection);
  uint32_t first = connection->told;
  connection->told = connection->findings.count;
  if (connection->told > first && relay->calls->found != NULL)
    relay->calls->found(relay->user, &now, first);
}

static void write_down(struct connection *connection, const struct e100_step *step, const uint8_t *octets) {
  struct e100_exchange *exchange = &connection->exchange;
  if (exchange->truncated)
    return;
  int64_t index = e100_exchange_append(exchange, step, octets, step->length);
  if (index < 0)
    return; /* over a limit: `truncated` is set, and what follows is not known */
  e100_view_step(&connection->view, step, (uint32_t)index, octets, &connection->findings);
  if (connection->sure)
    tell_findings(connection);
}

static const struct e100_step settled = {.kind = E100_STEP_SETTLED};

/* PARTY goes on. Where the server was only slow with a final response, nothing is shown, but if the client
 * does not wait for it: so nothing that was found in a silence is taken back later. */
static void end_silence(struct connection *connection, uint8_t party) {
  if (connection->slow && party == E100_CLIENT)
    write_down(connection, &settled, NULL);
  connection->slow = false;
}

static uint8_t party_of(const struct end *end) {
  return end == &end->connection->ends[CLIENT] ? E100_CLIENT : E100_ORIGIN;
}

static struct end *other_end(struct end *end) {
  return &end->connection->ends[end == &end->connection->ends[CLIENT] ? SERVER : CLIENT];
}

static bool speaks_http(const struct connection *connection) {
  return connection->protocol <= E100_PROTOCOL_HTTP;
}

static void write_down_end(struct end *end, enum e100_step_kind how) {
  const struct e100_step step = {.kind = (uint8_t)how, .from = party_of(end)};
  end_silence(end->connection, step.from);
  if (speaks_http(end->connection))
    write_down(end->connection, &step, NULL);
}

/* Nothing of what is no HTTP is kept. */
static void forget_steps(struct connection *connection) {
  struct e100_exchange *exchange = &connection->exchange;
  const uint8_t seen_by = exchange->seen_by;
  const uint32_t reading = exchange->reading;
  e100_exchange_clear(exchange);
  exchange->seen_by = seen_by;
  exchange->reading = reading;
  connection->findings.count = connection->told = 0;
}

/* Looks at what is not surely HTTP yet; gives how many of the first octets are none of it, though it is. */
static size_t look_at_protocol(struct connection *connection, bool by_client, const uint8_t *octets,
                               size_t length) {
  size_t preface = 0;
  if (connection->protocol == E100_PROTOCOL_UNDECIDED) {
    preface = by_client ? e100_proxy_preface(octets, length) : 0;
    if (preface < length)
      connection->protocol = e100_protocol_of(by_client, octets + preface, length - preface);
  } else if (!by_client && e100_protocol_turns_out_otherwise(&connection->exchange, octets, length)) {
    connection->protocol = E100_PROTOCOL_OTHER;
  }
  connection->sure = !by_client && connection->protocol == E100_PROTOCOL_HTTP;
  if (!speaks_http(connection))
    forget_steps(connection);
  return preface;
}

static void write_down_octets(struct end *end, const uint8_t *octets, size_t length) {
  struct connection *connection = end->connection;
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = party_of(end), .to = party_of(other_end(end))};
  end_silence(connection, step.from);
  if (!connection->sure && speaks_http(connection)) {
    size_t preface = look_at_protocol(connection, step.from == E100_CLIENT, octets, length);
    octets += preface;
    length -= preface;
  }
  step.length = (uint32_t)length;
  if (length > 0 && speaks_http(connection))
    write_down(connection, &step, octets);
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
  tell_findings(connection);
  e100_exchange_normalize(&connection->exchange);
  const struct e100_recorded all = recorded(connection);
  connection->relay->calls->ended(connection->relay->user, &all, why);
}

/* ---- passing on --------------------------------------------------------------------------------- */

static void read_on(struct end *end);

static size_t on_their_way(const struct end *end) {
  return uv_stream_get_write_queue_size(&end->socket.stream);
}

static void on_silence(uv_timer_t *timer) {
  struct connection *connection = timer->data;
  const struct e100_exchange *exchange = &connection->exchange;
  bool silent =
      exchange->step_count == 0 || exchange->steps[exchange->step_count - 1].kind == E100_STEP_SETTLED;
  if (!connection->doubted) { /* a loop that was not run for a while calls timers before it reads */
    connection->doubted = true;
    (void)uv_timer_start(timer, on_silence, E100_LIVE_DOUBT, 0);
    return;
  }
  if (silent || on_their_way(&connection->ends[CLIENT]) > 0 || on_their_way(&connection->ends[SERVER]) > 0)
    return;
  connection->slow = e100_view_owes_final(&connection->view, 0);
  if (!connection->slow)
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
    write_down_octets(end, (const uint8_t *)buffer->base, (size_t)length);
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
