/*
 * library_soup_client.c - libsoup as a client: a session, whose connections go to a socket of this process.
 *
 * It makes its sockets itself, and says so before it connects one. It gives content when it is asked for by
 * a stream, and writes the last chunk in a thread of its own, which is waited for. It has no timer for its
 * wait for a 100.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <libsoup/soup.h>

#include "libraries/client_library.h"
#include "libraries/soup_content.h"

enum {
  PIECE_LIMIT = 8192,  /* octets of content that the application reads at once */
  SOURCES_LIMIT = 64,  /* turns of its loop in one of ours */
  ENDING_LIMIT = 4096, /* ... until it has given up everything */
  NAP = 20,            /* microseconds that are given to a thread */
  NAPS_LIMIT = 50      /* ... in one turn */
};

struct asked {
  struct e100_client_asked base;
  SoupMessage *message;
  GCancellable *giving_up;
  GInputStream *content;  /* of the request; NULL: none */
  GInputStream *response; /* content of the response; NULL: none yet */
  bool sent;              /* content, with its end */
};

struct client {
  struct e100_client_guest *guest;
  SoupSession *session;
  guint64 connections[E100_LINKS_LIMIT]; /* which one a link is, by the session's numbers */
};

/* A signal of messages, and who hears it. */
struct hearing {
  const char *signal;
  void (*hear)(struct asked *asked, const GValue *values);
};

static struct asked *first_asked(const struct client *client) {
  return (struct asked *)client->guest->asked;
}

static struct asked *next_asked(const struct asked *asked) {
  return (struct asked *)asked->base.next;
}

static struct client *client_of(const struct asked *asked) {
  return asked->base.guest->client;
}

/* One process has one loop and, for each number of connections, one session, which are idle between plays: to
 * start one costs more than a play. */
static GMainContext *loop;
static SoupSession *sessions[E100_LINKS_LIMIT + 1];
static const struct client *playing; /* NULL: no play is on */

static const char *version(void) {
  static char text[24];
  (void)g_snprintf(text, sizeof text, "%u.%u.%u", soup_get_major_version(), soup_get_minor_version(),
                   soup_get_micro_version());
  return text;
}

/* ---- connections ----------------------------------------------------------------------------------------
 */

/* The library is about to connect a socket, and does that before anything else. */
static void on_network(struct asked *asked, const GValue *values) {
  GSocketClientEvent event = (GSocketClientEvent)g_value_get_enum(&values[1]);
  if (event != G_SOCKET_CLIENT_CONNECTING || asked->base.guest->over)
    return;
  GSocketConnection *stream = g_value_get_object(&values[2]);
  int end = g_socket_get_fd(g_socket_connection_get_socket(stream));
  int link = e100_client_guest_connects(asked->base.guest, end);
  E100_CHECK(link >= 0, "a session keeps to the number of connections that it may have");
  client_of(asked)->connections[link] = soup_message_get_connection_id(asked->message);
}

/* A head goes out: the message has its connection. */
static void on_starting(struct asked *asked, const GValue *values) {
  guint64 id = soup_message_get_connection_id(asked->message);
  (void)values;
  for (uint32_t i = 0; i < asked->base.guest->count; i++)
    if (client_of(asked)->connections[i] == id)
      asked->base.link = (int)i;
}

/* ---- the application ------------------------------------------------------------------------------------
 */

static void end(struct asked *asked) {
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
  g_clear_object(&asked->content);
  g_clear_object(&asked->response);
  g_clear_object(&asked->message);
  g_clear_object(&asked->giving_up);
  e100_client_asked_end(&asked->base);
}

/* The content is owed: something else came in place of the 100. */
static bool owes_content(const struct asked *asked) {
  return asked->content != NULL && !asked->sent;
}

/* After a final response in place of the 100, 3.2.3 waits for another one. Where it means to repeat the
 * request it does that in a read that blocks for ever, so this application gives up what it asked for. */
static void on_head(struct asked *asked, const GValue *values) {
  (void)values;
  if (soup_message_get_status(asked->message) != SOUP_STATUS_MISDIRECTED_REQUEST || !owes_content(asked) ||
      asked->base.dropped)
    return;
  e100_client_asked_give_up(&asked->base);
}

static void on_interim(struct asked *asked, const GValue *values) {
  (void)values;
  e100_client_asked_told(&asked->base, E100_TOLD_INTERIM, soup_message_get_status(asked->message));
}

static void on_sent(struct asked *asked, const GValue *values) {
  (void)values;
  asked->sent = true;
}

static void on_closed(GObject *response, GAsyncResult *result, void *user) {
  (void)g_input_stream_close_finish(G_INPUT_STREAM(response), result, NULL);
  end(user);
}

/* ... else it takes a connection for a message, and reads beyond its end: this application closes that
 * connection. */
static void close_response(struct asked *asked) {
  if (owes_content(asked))
    g_cancellable_cancel(asked->giving_up);
  g_input_stream_close_async(asked->response, G_PRIORITY_DEFAULT, asked->giving_up, on_closed, asked);
}

static gboolean on_readable(GObject *response, void *user);

static void read_later(struct asked *asked) {
  GSource *source =
      g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(asked->response), asked->giving_up);
  g_source_set_callback(source, G_SOURCE_FUNC(on_readable), asked, NULL);
  (void)g_source_attach(source, loop);
  g_source_unref(source);
}

/* All that is there now; what it is does not matter. */
static void read_on(struct asked *asked) {
  static char piece[PIECE_LIMIT];
  GPollableInputStream *response = G_POLLABLE_INPUT_STREAM(asked->response);
  GError *error = NULL;
  gssize length = 1;
  while (length > 0) {
    length =
        g_pollable_input_stream_read_nonblocking(response, piece, sizeof piece, asked->giving_up, &error);
    if (length > 0)
      e100_client_asked_told(&asked->base, E100_TOLD_CONTENT, (size_t)length);
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    read_later(asked);
  } else {
    e100_client_asked_told(&asked->base, length == 0 ? E100_TOLD_COMPLETE : E100_TOLD_ABORTED, 0);
    close_response(asked);
  }
  g_clear_error(&error);
}

static gboolean on_readable(GObject *response, void *user) {
  (void)response;
  read_on(user);
  return G_SOURCE_REMOVE;
}

static void on_response(GObject *session, GAsyncResult *result, void *user) {
  struct asked *asked = user;
  asked->response = soup_session_send_finish(SOUP_SESSION(session), result, NULL);
  if (asked->response == NULL) {
    e100_client_asked_told(&asked->base, E100_TOLD_ABORTED, 0);
    end(asked);
    return;
  }
  e100_client_asked_told(&asked->base, E100_TOLD_RESPONSE, soup_message_get_status(asked->message));
  read_on(asked);
}

/* ---- requests -------------------------------------------------------------------------------------------
 */

/* A message has an address, of which it sends the path and the query. Who means to switch to another protocol
 * asks a session in another way, and for WebSocket alone. */
static bool takes(const struct e100_library_request *request) {
  bool of_server = strcmp(request->method, "OPTIONS") == 0 && strcmp(request->target, "*") == 0;
  for (size_t i = 0; i < request->field_count; i++)
    if (g_ascii_strcasecmp(request->fields[i].name, "Upgrade") == 0)
      return false;
  return strcmp(request->method, "CONNECT") != 0 && (request->target[0] == '/' || of_server);
}

static GUri *address_of(const char *target) {
  const char *query = strchr(target, '?');
  char *path = g_strndup(target, query != NULL ? (size_t)(query - target) : strlen(target));
  GUri *address = g_uri_build(SOUP_HTTP_URI_FLAGS, "http", NULL, "127.0.0.1", -1, path,
                              query != NULL ? query + 1 : NULL, NULL);
  g_free(path);
  return address;
}

/* The library wants content anew for each time that it sends a request. */
static void give_content(struct asked *asked, const GValue *values) {
  (void)values;
  const struct e100_library_request *request = &asked->base.request;
  size_t now = request->content_length;
  if (now == 0 && !request->chunked)
    return;
  if (asked->base.guest->halves && now > 1)
    now /= 2;
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
  g_clear_object(&asked->content);
  asked->content = e100_soup_content_new(request->content, request->content_length, now);
  asked->sent = false;
  soup_message_set_request_body(asked->message, NULL, asked->content,
                                request->chunked ? -1 : (gssize)request->content_length);
}

/* An application without content does not ask. */
static void add_fields(const struct asked *asked) {
  const struct e100_library_request *request = &asked->base.request;
  SoupMessageHeaders *fields = soup_message_get_request_headers(asked->message);
  for (size_t i = 0; i < request->field_count; i++) {
    const struct e100_library_field *field = &request->fields[i];
    bool needless = request->content_length == 0 && g_ascii_strcasecmp(field->name, "Expect") == 0;
    if (!needless && g_ascii_strcasecmp(field->name, "Transfer-Encoding") != 0)
      soup_message_headers_append(fields, field->name, field->value);
  }
}

static void begin(void *self, struct e100_client_asked *base) {
  const struct client *client = self;
  struct asked *asked = (struct asked *)base;
  bool of_server = strcmp(asked->base.request.target, "*") == 0;
  GUri *address = address_of(of_server ? "/" : asked->base.request.target);
  asked->message = of_server ? soup_message_new_options_ping(address)
                             : soup_message_new_from_uri(asked->base.request.method, address);
  asked->giving_up = g_cancellable_new();
  g_uri_unref(address);
  soup_message_add_flags(asked->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature(asked->message, SOUP_TYPE_AUTH_MANAGER); /* it has no passwords */
  give_content(asked, NULL);
  add_fields(asked);
  soup_session_send_async(client->session, asked->message, G_PRIORITY_DEFAULT, asked->giving_up, on_response,
                          asked);
}

/* What is held back goes to nobody then. */
static void give_up(void *self, struct e100_client_asked *base) {
  const struct asked *asked = (struct asked *)base;
  (void)self;
  g_cancellable_cancel(asked->giving_up);
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
}

/* ---- the loop -------------------------------------------------------------------------------------------
 */

static bool serve(void) {
  return g_main_context_iteration(loop, FALSE) != FALSE;
}

/* The end of content in chunks is written in a thread. */
static bool is_in_thread(const struct client *client) {
  for (const struct asked *asked = first_asked(client); asked != NULL; asked = next_asked(asked)) {
    if (asked->content != NULL && asked->base.request.chunked && !asked->sent && !asked->base.dropped &&
        e100_soup_content_is_over(asked->content))
      return true;
  }
  return false;
}

/* Until nothing of its loop is ready, which the next turn would find again: then only what comes from us, or
 * the room that we make by reading, gives it anything to do. */
static bool turn(void *self) {
  const struct client *client = self;
  unsigned done = 0, naps = 0;
  while (done < SOURCES_LIMIT && serve())
    done++;
  for (; naps < NAPS_LIMIT && is_in_thread(client); naps++)
    if (!serve())
      g_usleep(NAP);
  return done == SOURCES_LIMIT || naps > 0;
}

static bool give_rest(void *self) {
  const struct client *client = self;
  bool any = false;
  for (const struct asked *asked = first_asked(client); asked != NULL; asked = next_asked(asked)) {
    if (asked->content != NULL && e100_soup_content_is_wanted(asked->content))
      any |= e100_soup_content_give_rest(asked->content);
  }
  return any;
}

/* ---- the session ----------------------------------------------------------------------------------------
 */

/* What a message says comes to what was asked for: the first of VALUES is that message. */
static gboolean on_signal(GSignalInvocationHint *hint, guint count, const GValue *values, void *handler) {
  const struct hearing *hearing = handler;
  const void *message = g_value_get_object(&values[0]);
  struct asked *asked = playing != NULL ? first_asked(playing) : NULL;
  (void)hint, (void)count;
  while (asked != NULL && asked->message != message)
    asked = next_asked(asked);
  if (asked != NULL)
    hearing->hear(asked, values);
  return TRUE;
}

/* Once for all messages: to connect these signals of each message, and to disconnect them, takes more time.
 */
static void hear_signals(void) {
  static const struct hearing hearings[] = {{"network-event", on_network}, {"starting", on_starting},
                                            {"restarted", give_content},   {"wrote-body", on_sent},
                                            {"got-headers", on_head},      {"got-informational", on_interim}};
  g_type_ensure(SOUP_TYPE_MESSAGE);
  g_type_class_ref(SOUP_TYPE_MESSAGE);
  for (size_t i = 0; i < G_N_ELEMENTS(hearings); i++)
    g_signal_add_emission_hook(g_signal_lookup(hearings[i].signal, SOUP_TYPE_MESSAGE), 0, on_signal,
                               (void *)&hearings[i], NULL);
}

/* Time stands still for it, nobody else is asked the way, and content comes as it is. */
static SoupSession *new_session(uint32_t connections) {
  struct sockaddr_un path = {.sun_family = AF_UNIX};
  (void)g_strlcpy(path.sun_path, e100_client_guest_path(), sizeof path.sun_path);
  GSocketAddress *address = g_socket_address_new_from_native(&path, sizeof path);
  SoupSession *session = soup_session_new_with_options(
      "remote-connectable", address, "proxy-resolver", NULL, "max-conns", (int)connections,
      "max-conns-per-host", (int)connections, "timeout", 0, "idle-timeout", 0, NULL);
  soup_session_remove_feature_by_type(session, SOUP_TYPE_CONTENT_DECODER);
  g_object_unref(address);
  return session;
}

static void *open_client(struct e100_client_guest *guest) {
  if (e100_client_guest_path() == NULL)
    return NULL;
  struct client *client = calloc(1, sizeof *client);
  E100_CHECK(client != NULL, "out of memory");
  if (loop == NULL) {
    loop = g_main_context_new();
    hear_signals();
  }
  g_main_context_push_thread_default(loop);
  if (sessions[guest->count] == NULL)
    sessions[guest->count] = new_session(guest->count);
  client->guest = guest;
  E100_CHECK(playing == NULL, "a session is in one play at a time");
  client->session = sessions[guest->count];
  playing = client;
  return client;
}

/* Its connections are closed, so that the next play begins with an empty pool. */
static void close_client(void *self) {
  struct client *client = self;
  soup_session_abort(client->session);
  for (unsigned i = 0; i < ENDING_LIMIT && (serve() || first_asked(client) != NULL); i++) {
  }
  E100_CHECK(first_asked(client) == NULL, "a session can give up its requests");
  soup_session_abort(client->session);
  g_main_context_pop_thread_default(loop);
  playing = NULL;
  free(client);
}

const struct e100_client_library e100_library_soup_client = {.name = "soup-client",
                                                             .version = version,
                                                             .asked_size = sizeof(struct asked),
                                                             .quiet_turns = 1,
                                                             .open = open_client,
                                                             .takes = takes,
                                                             .begin = begin,
                                                             .give_up = give_up,
                                                             .turn = turn,
                                                             .give_rest = give_rest,
                                                             .close = close_client};
