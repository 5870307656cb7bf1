/* reference_server.c - connections on libuv, each with a reference machine and a small application. */
#include "serving/reference_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

#include "exchange/exchange.h"
#include "machine/origin.h"

enum { BACKLOG = 256, READ_ROOM = 16384 };

/* A piece of a head, gathered; what is longer is cut, and then equals nothing of ours. */
struct piece {
  char text[E100_SERVING_TARGET_LIMIT];
  size_t length;
};

struct connection {
  uv_tcp_t tcp;
  uv_timer_t timer;
  unsigned handles; /* that the loop has not closed yet */
  struct e100_origin origin;
  int timed;       /* the timer that runs, or -1 */
  bool value_read; /* the last piece was of a field's value: the next name is another field's */
  bool answered;   /* at the head already */
  bool half_close; /* once it is sent, no more is */
  uv_shutdown_t shutting;
  struct piece target, name, mark;
  char room[READ_ROOM];
};

struct sending {
  uv_write_t request;
  char octets[];
};

static const struct e100_origin_calls calls;

/* ---- the connection ------------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *handle) {
  struct connection *connection = handle->data;
  if (--connection->handles == 0)
    free(connection);
}

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle))
    uv_close(handle, handle->data != NULL ? on_closed : NULL);
}

static void close_connection(struct connection *connection) {
  close_handle((uv_handle_t *)&connection->tcp, NULL);
  close_handle((uv_handle_t *)&connection->timer, NULL);
}

static void on_written(uv_write_t *request, int status) {
  (void)status; /* reading tells when the client is gone */
  free(request);
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  if (uv_is_closing((uv_handle_t *)&connection->tcp))
    return;
  struct sending *sending = malloc(sizeof *sending + length);
  E100_CHECK(sending != NULL, "out of memory");
  memcpy(sending->octets, octets, length);
  const uv_buf_t buffer = uv_buf_init(sending->octets, (unsigned)length);
  if (uv_write(&sending->request, (uv_stream_t *)&connection->tcp, &buffer, 1, on_written) != 0)
    free(sending);
}

static void on_shut(uv_shutdown_t *request, int status) {
  (void)request, (void)status;
}

static void on_closing_shut(uv_shutdown_t *request, int status) {
  (void)status;
  close_connection(request->data);
}

/* A close waits for the octets that are on their way. */
static void on_end(void *user, bool wholly) {
  struct connection *connection = user;
  uv_stream_t *stream = (uv_stream_t *)&connection->tcp;
  if (uv_is_closing((uv_handle_t *)stream))
    return;
  bool shut = connection->half_close;
  connection->half_close = true;
  connection->shutting.data = connection;
  if (shut || uv_shutdown(&connection->shutting, stream, wholly ? on_closing_shut : on_shut) != 0) {
    if (wholly)
      close_connection(connection);
  }
}

/* ---- the application ----------------------------------------------------------------------------------- */

static void gather(struct piece *piece, const uint8_t *octets, size_t length) {
  size_t room = sizeof piece->text - 1 - piece->length;
  size_t kept = length < room ? length : room;
  memcpy(piece->text + piece->length, octets, kept);
  piece->length += kept;
  piece->text[piece->length] = '\0';
}

static void on_target(void *user, const uint8_t *octets, size_t length) {
  gather(&((struct connection *)user)->target, octets, length);
}

static void on_name(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  if (connection->value_read)
    connection->name.length = 0;
  connection->value_read = false;
  gather(&connection->name, octets, length);
}

static void on_value(void *user, const uint8_t *octets, size_t length) {
  struct connection *connection = user;
  connection->value_read = true;
  if (strcasecmp(connection->name.text, "E100-Mark") == 0)
    gather(&connection->mark, octets, length);
}

static void respond(struct connection *connection, uint16_t status, const char *fields) {
  const struct e100_response response = {.status = status, .fields = fields};
  (void)e100_origin_respond(&connection->origin, &calls, connection, &response);
}

/* The targets that need no content to be answered (RFC 9110 15.5.2, 15.5.6: what their answers must have). */
static bool answers_at_once(struct connection *connection) {
  static const struct {
    const char *target;
    uint16_t status;
    const char *fields;
  } answers[] = {{"/401", 401, "WWW-Authenticate: Basic realm=\"here\"\r\n"},
                 {"/404", 404, NULL},
                 {"/405", 405, "Allow: GET, HEAD\r\n"},
                 {"/413", 413, NULL},
                 {"/ignore", 200, NULL}};
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    if (strcmp(connection->target.text, answers[i].target) == 0) {
      respond(connection, answers[i].status, answers[i].fields);
      return true;
    }
  }
  return false;
}

static void forget_head(struct connection *connection) {
  connection->target = connection->name = connection->mark = (struct piece){.length = 0};
  connection->value_read = connection->answered = false;
}

static void on_head(void *user, const struct e100_request_facts *facts) {
  struct connection *connection = user;
  connection->answered = answers_at_once(connection);
  if (connection->answered)
    forget_head(connection);
  else if (facts->framing != E100_CONTENT_NONE)
    (void)e100_origin_accept(&connection->origin, &calls, connection);
}

/* A mark goes back as it came, in the field and in the content. */
static void echo(struct connection *connection) {
  char field[E100_SERVING_TARGET_LIMIT + 16], content[E100_SERVING_TARGET_LIMIT + 2];
  (void)snprintf(field, sizeof field, "E100-Mark: %s\r\n", connection->mark.text);
  int length = snprintf(content, sizeof content, "{%s}", connection->mark.text);
  const struct e100_response response = {
      .status = 200, .fields = field, .content = (const uint8_t *)content, .content_length = (size_t)length};
  (void)e100_origin_respond(&connection->origin, &calls, connection, &response);
}

static void on_complete(void *user) {
  struct connection *connection = user;
  if (connection->mark.length > 0)
    echo(connection);
  else
    respond(connection, 200, NULL);
  forget_head(connection);
}

static const struct e100_origin_calls calls = {
    .send = on_send,
    .end = on_end,
    .head_calls = {.target = on_target, .field_name = on_name, .field_value = on_value},
    .head = on_head,
    .complete = on_complete};

/* ---- the loop --------------------------------------------------------------------------------------------
 */

static void on_time(uv_timer_t *timer);

/* Lets the timer run that the machine wants now; that of DISCARD is not prolonged by octets. */
static void keep_time(struct connection *connection) {
  int wanted = e100_origin_timer(&connection->origin);
  if (uv_is_closing((uv_handle_t *)&connection->timer) ||
      (wanted == connection->timed && wanted == E100_TIMER_DISCARD))
    return;
  connection->timed = wanted;
  if (wanted < 0)
    (void)uv_timer_stop(&connection->timer);
  else
    (void)uv_timer_start(&connection->timer, on_time, E100_SERVING_PATIENCE, 0);
}

static void on_time(uv_timer_t *timer) {
  struct connection *connection = timer->data;
  connection->timed = -1;
  e100_origin_timed_out(&connection->origin, &calls, connection);
  keep_time(connection);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct connection *connection = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(connection->room, sizeof connection->room);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct connection *connection = stream->data;
  if (length > 0) { /* it takes them all: each request is answered once it is complete */
    (void)e100_origin_octets(&connection->origin, &calls, connection, (const uint8_t *)buffer->base,
                             (size_t)length);
  } else if (length == UV_EOF) {
    (void)uv_read_stop(stream);
    e100_origin_half_closed(&connection->origin, &calls, connection);
  } else if (length < 0) {
    e100_origin_gone(&connection->origin, &calls, connection);
    close_connection(connection);
  }
  keep_time(connection);
}

static void on_connection(uv_stream_t *listener, int status) {
  static const struct e100_origin_policy policy = {.discard = true};
  if (status != 0)
    return;
  struct connection *connection = calloc(1, sizeof *connection);
  E100_CHECK(connection != NULL, "out of memory");
  (void)uv_tcp_init(listener->loop, &connection->tcp);
  (void)uv_timer_init(listener->loop, &connection->timer);
  connection->tcp.data = connection->timer.data = connection;
  connection->handles = 2;
  connection->timed = -1;
  e100_origin_init(&connection->origin, &e100_origin_reference, &policy);
  if (uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0) {
    close_connection(connection);
    return;
  }
  (void)uv_tcp_nodelay(&connection->tcp, 1);
  (void)uv_read_start((uv_stream_t *)&connection->tcp, on_room, on_read);
  keep_time(connection);
}

static void on_signal(uv_signal_t *signal, int number) {
  (void)number;
  uv_walk(signal->loop, close_handle, NULL);
}

/* Listens; 0, or an error of libuv's. */
static int listen_on(uv_tcp_t *listener, uint16_t port, uint16_t *out) {
  struct sockaddr_in name;
  int length = sizeof name;
  int wrong = uv_ip4_addr("127.0.0.1", port, &name);
  if (wrong == 0)
    wrong = uv_tcp_bind(listener, (const struct sockaddr *)&name, 0);
  if (wrong == 0)
    wrong = uv_listen((uv_stream_t *)listener, BACKLOG, on_connection);
  if (wrong == 0)
    wrong = uv_tcp_getsockname(listener, (struct sockaddr *)&name, &length);
  *out = ntohs(name.sin_port);
  return wrong;
}

const char *e100_reference_serve(uint16_t port, void (*listening)(uint16_t port)) {
  uv_loop_t loop;
  uv_tcp_t listener = {.data = NULL};
  uv_signal_t signals[2] = {{.data = NULL}, {.data = NULL}};
  static const int numbers[] = {SIGINT, SIGTERM};
  uint16_t own = 0;
  E100_CHECK(uv_loop_init(&loop) == 0, "a loop can be made");
  (void)uv_tcp_init(&loop, &listener);
  for (size_t i = 0; i < 2; i++) {
    (void)uv_signal_init(&loop, &signals[i]);
    (void)uv_signal_start(&signals[i], on_signal, numbers[i]);
  }
  (void)signal(SIGPIPE, SIG_IGN);
  int wrong = listen_on(&listener, port, &own);
  if (wrong == 0)
    listening(own);
  else
    uv_walk(&loop, close_handle, NULL);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&loop) == 0, "a server leaves nothing in its loop");
  return wrong == 0 ? NULL : uv_strerror(wrong);
}
