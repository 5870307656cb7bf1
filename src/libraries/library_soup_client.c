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
  REQUESTS_LIMIT = 64, /* that are under way */
  PIECE_LIMIT = 8192,  /* octets of content that the application reads at once */
  SOURCES_LIMIT = 64,  /* turns of its loop in one of ours */
  ENDING_LIMIT = 4096, /* ... until it has given up everything */
  NAP = 20,            /* microseconds that are given to a thread */
  NAPS_LIMIT = 50      /* ... in one turn */
};

struct client;

struct asked {
  struct client *client; /* NULL: the place is free */
  SoupMessage *message;  /* NULL: the library does not have it yet */
  GCancellable *giving_up;
  GInputStream *content;  /* of the request; NULL: none */
  GInputStream *response; /* content of the response; NULL: none yet */
  struct e100_library_request request;
  int link;        /* -1: none yet */
  uint64_t number; /* of those that wait to be begun the lowest comes first */
  bool sent;       /* content, with its end */
  bool dropped;    /* the application is told nothing more */
};

struct client {
  struct e100_client_guest *guest;
  SoupSession *session;
  guint64 connections[E100_LINKS_LIMIT]; /* which one a link is, by the session's numbers */
  struct asked asked[REQUESTS_LIMIT];
  uint64_t count; /* requests so far */
};

/* One process has one loop and, for each number of connections, one session, which are idle between plays: to
 * start one costs more than a play. */
static GMainContext *loop;
static SoupSession *sessions[E100_LINKS_LIMIT + 1];

static const char *version(void) {
  static char text[24];
  (void)g_snprintf(text, sizeof text, "%u.%u.%u", soup_get_major_version(), soup_get_minor_version(),
                   soup_get_micro_version());
  return text;
}

/* ---- connections ----------------------------------------------------------------------------------------
 */

/* The library is about to connect a socket, and does that before anything else. */
static void on_network(SoupMessage *message, GSocketClientEvent event, GIOStream *stream, void *user) {
  const struct asked *asked = user;
  if (event != G_SOCKET_CLIENT_CONNECTING || asked->client->guest->over)
    return;
  int end = g_socket_get_fd(g_socket_connection_get_socket(G_SOCKET_CONNECTION(stream)));
  int link = e100_client_guest_connects(asked->client->guest, end);
  E100_CHECK(link >= 0, "a session keeps to the number of connections that it may have");
  asked->client->connections[link] = soup_message_get_connection_id(message);
}

/* A head goes out: the message has its connection. */
static void on_starting(SoupMessage *message, void *user) {
  struct asked *asked = user;
  guint64 id = soup_message_get_connection_id(message);
  for (uint32_t i = 0; i < asked->client->guest->count; i++)
    if (asked->client->connections[i] == id)
      asked->link = (int)i;
}

/* ---- the application ------------------------------------------------------------------------------------
 */

static void told(const struct asked *asked, enum e100_told what, size_t number) {
  asked->client->guest->happened = true;
  if (!asked->dropped)
    e100_client_guest_told(asked->client->guest, asked->link >= 0 ? (uint32_t)asked->link : 0, what, number);
}

static void forget(struct asked *asked) {
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
  if (asked->message != NULL)
    g_signal_handlers_disconnect_by_data(asked->message, asked);
  g_clear_object(&asked->content);
  g_clear_object(&asked->response);
  g_clear_object(&asked->message);
  g_clear_object(&asked->giving_up);
  e100_library_request_free(&asked->request);
  *asked = (struct asked){.client = NULL};
}

static void give_up(struct asked *asked);

/* The content is owed: something else came in place of the 100. */
static bool owes_content(const struct asked *asked) {
  return asked->content != NULL && !asked->sent;
}

/* After a final response in place of the 100, 3.2.3 waits for another one. Where it means to repeat the
 * request it does that in a read that blocks for ever, so this application gives up what it asked for. */
static void on_head(SoupMessage *message, void *user) {
  struct asked *asked = user;
  if (soup_message_get_status(message) != SOUP_STATUS_MISDIRECTED_REQUEST || !owes_content(asked) ||
      asked->dropped)
    return;
  e100_client_guest_gives_up(asked->client->guest, (uint32_t)asked->link);
  give_up(asked);
}

static void on_interim(SoupMessage *message, void *user) {
  told(user, E100_TOLD_INTERIM, soup_message_get_status(message));
}

static void on_sent(SoupMessage *message, void *user) {
  struct asked *asked = user;
  (void)message;
  asked->sent = true;
}

static void on_closed(GObject *response, GAsyncResult *result, void *user) {
  (void)g_input_stream_close_finish(G_INPUT_STREAM(response), result, NULL);
  forget(user);
}

/* ... else it takes a connection for a message, and reads beyond its end: this application closes that
 * connection. */
static void close_response(struct asked *asked) {
  if (owes_content(asked))
    g_cancellable_cancel(asked->giving_up);
  g_input_stream_close_async(asked->response, G_PRIORITY_DEFAULT, asked->giving_up, on_closed, asked);
}

static void read_on(struct asked *asked);

static void on_content(GObject *response, GAsyncResult *result, void *user) {
  struct asked *asked = user;
  gssize length = g_input_stream_read_finish(G_INPUT_STREAM(response), result, NULL);
  if (length > 0) {
    told(asked, E100_TOLD_CONTENT, (size_t)length);
    read_on(asked);
    return;
  }
  told(asked, length == 0 ? E100_TOLD_COMPLETE : E100_TOLD_ABORTED, 0);
  close_response(asked);
}

/* What it is does not matter. */
static void read_on(struct asked *asked) {
  static char piece[PIECE_LIMIT];
  g_input_stream_read_async(asked->response, piece, sizeof piece, G_PRIORITY_DEFAULT, asked->giving_up,
                            on_content, asked);
}

static void on_response(GObject *session, GAsyncResult *result, void *user) {
  struct asked *asked = user;
  asked->response = soup_session_send_finish(SOUP_SESSION(session), result, NULL);
  if (asked->response == NULL) {
    told(asked, E100_TOLD_ABORTED, 0);
    forget(asked);
    return;
  }
  told(asked, E100_TOLD_RESPONSE, soup_message_get_status(asked->message));
  read_on(asked);
}

/* ---- requests -------------------------------------------------------------------------------------------
 */

/* A message has an address, of which it sends the path and the query. Who means to switch to another protocol
 * asks a session in another way, and for WebSocket alone. */
static bool can_be_asked(const struct e100_library_request *request) {
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
static void give_content(SoupMessage *message, void *user) {
  struct asked *asked = user;
  const struct e100_library_request *request = &asked->request;
  size_t now = request->content_length;
  if (now == 0 && !request->chunked)
    return;
  if (asked->client->guest->halves && now > 1)
    now /= 2;
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
  g_clear_object(&asked->content);
  asked->content = e100_soup_content_new(request->content, request->content_length, now);
  asked->sent = false;
  soup_message_set_request_body(message, NULL, asked->content,
                                request->chunked ? -1 : (gssize)request->content_length);
}

/* An application without content does not ask. */
static void add_fields(const struct asked *asked) {
  const struct e100_library_request *request = &asked->request;
  SoupMessageHeaders *fields = soup_message_get_request_headers(asked->message);
  for (size_t i = 0; i < request->field_count; i++) {
    const struct e100_library_field *field = &request->fields[i];
    bool needless = request->content_length == 0 && g_ascii_strcasecmp(field->name, "Expect") == 0;
    if (!needless && g_ascii_strcasecmp(field->name, "Transfer-Encoding") != 0)
      soup_message_headers_append(fields, field->name, field->value);
  }
}

static bool ask(void *self, struct e100_library_request *request) {
  struct client *client = self;
  if (!can_be_asked(request))
    return false;
  for (size_t i = 0; i < REQUESTS_LIMIT; i++) {
    struct asked *asked = &client->asked[i];
    if (asked->client != NULL)
      continue;
    *asked = (struct asked){.client = client, .request = *request, .link = -1, .number = client->count++};
    return true;
  }
  return false;
}

static void begin(struct asked *asked) {
  bool of_server = strcmp(asked->request.target, "*") == 0;
  GUri *address = address_of(of_server ? "/" : asked->request.target);
  asked->message = of_server ? soup_message_new_options_ping(address)
                             : soup_message_new_from_uri(asked->request.method, address);
  asked->giving_up = g_cancellable_new();
  g_uri_unref(address);
  soup_message_add_flags(asked->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature(asked->message, SOUP_TYPE_AUTH_MANAGER); /* it has no passwords */
  give_content(asked->message, asked);
  add_fields(asked);
  g_signal_connect(asked->message, "network-event", G_CALLBACK(on_network), asked);
  g_signal_connect(asked->message, "starting", G_CALLBACK(on_starting), asked);
  g_signal_connect(asked->message, "restarted", G_CALLBACK(give_content), asked);
  g_signal_connect(asked->message, "wrote-body", G_CALLBACK(on_sent), asked);
  g_signal_connect(asked->message, "got-headers", G_CALLBACK(on_head), asked);
  g_signal_connect(asked->message, "got-informational", G_CALLBACK(on_interim), asked);
  soup_session_send_async(asked->client->session, asked->message, G_PRIORITY_DEFAULT, asked->giving_up,
                          on_response, asked);
  asked->client->guest->happened = true;
}

/* As many requests at once as there are connections; so the application learns of an end before the next one
 * begins. */
static void begin_waiting(struct client *client) {
  struct asked *first = NULL;
  uint32_t begun = 0;
  for (size_t i = 0; i < REQUESTS_LIMIT; i++) {
    struct asked *asked = &client->asked[i];
    begun += asked->message != NULL ? 1 : 0;
    if (asked->client != NULL && asked->message == NULL && (first == NULL || asked->number < first->number))
      first = asked;
  }
  if (first != NULL && begun < client->guest->count)
    begin(first);
}

/* What is held back goes to nobody then. */
static void give_up(struct asked *asked) {
  asked->dropped = true;
  if (asked->message == NULL) {
    forget(asked);
    return;
  }
  g_cancellable_cancel(asked->giving_up);
  if (asked->content != NULL)
    (void)e100_soup_content_give_rest(asked->content);
}

static bool drop(void *self, uint32_t link) {
  struct client *client = self;
  for (size_t i = 0; i < REQUESTS_LIMIT; i++) {
    struct asked *asked = &client->asked[i];
    if (asked->message == NULL || asked->dropped || asked->link != (int)link)
      continue;
    give_up(asked);
    return true;
  }
  return false;
}

/* ---- the loop -------------------------------------------------------------------------------------------
 */

static bool serve(struct client *client) {
  bool any = g_main_context_iteration(loop, FALSE) != FALSE;
  client->guest->happened |= any;
  return any;
}

/* The end of content in chunks is written in a thread. */
static bool is_in_thread(const struct client *client) {
  for (size_t i = 0; i < REQUESTS_LIMIT; i++) {
    const struct asked *asked = &client->asked[i];
    if (asked->content != NULL && asked->request.chunked && !asked->sent && !asked->dropped &&
        e100_soup_content_is_over(asked->content))
      return true;
  }
  return false;
}

static void turn(void *self) {
  struct client *client = self;
  begin_waiting(client);
  for (unsigned i = 0; i < SOURCES_LIMIT && serve(client); i++) {
  }
  for (unsigned i = 0; i < NAPS_LIMIT && is_in_thread(client); i++) {
    client->guest->happened = true;
    if (!serve(client))
      g_usleep(NAP);
  }
}

/* It has no timer for that. */
static bool waits(void *self) {
  (void)self;
  return false;
}

static void stop_waiting(void *self) {
  (void)self;
}

static bool give_rest(void *self) {
  struct client *client = self;
  bool any = false;
  for (size_t i = 0; i < REQUESTS_LIMIT; i++) {
    const struct asked *asked = &client->asked[i];
    if (asked->content != NULL && e100_soup_content_is_wanted(asked->content))
      any |= e100_soup_content_give_rest(asked->content);
  }
  return any;
}

/* ---- the session ----------------------------------------------------------------------------------------
 */

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
  if (loop == NULL)
    loop = g_main_context_new();
  g_main_context_push_thread_default(loop);
  if (sessions[guest->count] == NULL)
    sessions[guest->count] = new_session(guest->count);
  client->guest = guest;
  client->session = sessions[guest->count];
  return client;
}

static bool is_idle(const struct client *client) {
  for (size_t i = 0; i < REQUESTS_LIMIT; i++)
    if (client->asked[i].client != NULL)
      return false;
  return true;
}

/* Its connections are closed, so that the next play begins with an empty pool. */
static void close_client(void *self) {
  struct client *client = self;
  for (size_t i = 0; i < REQUESTS_LIMIT; i++)
    if (client->asked[i].client != NULL)
      give_up(&client->asked[i]);
  soup_session_abort(client->session);
  for (unsigned i = 0; i < ENDING_LIMIT && (serve(client) || !is_idle(client)); i++) {
  }
  E100_CHECK(is_idle(client), "a session can give up its requests");
  soup_session_abort(client->session);
  g_main_context_pop_thread_default(loop);
  free(client);
}

const struct e100_client_library e100_library_soup_client = {.name = "soup-client",
                                                             .version = version,
                                                             .open = open_client,
                                                             .ask = ask,
                                                             .drop = drop,
                                                             .turn = turn,
                                                             .waits = waits,
                                                             .stop_waiting = stop_waiting,
                                                             .give_rest = give_rest,
                                                             .close = close_client};
