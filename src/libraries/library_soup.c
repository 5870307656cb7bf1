/* library_soup.c - libsoup's server. It tells an application of the head, of each piece of content, and of
 * the end; what it sets before the content is read is the final response instead of a 100. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libsoup/soup.h>

#include "libraries/server_library.h"

enum {
  LINGERING_LIMIT = 16, /* connections that it holds for nobody */
  SOURCES_LIMIT = 64    /* turns of its loop in one of ours */
};

/* One process has one of each, which stays: to start one costs more than a play. */
static struct {
  GMainContext *loop;
  SoupServer *soup;
  struct e100_library_link *links[E100_LINKS_LIMIT];
  GSocketAddress *addresses[E100_LINKS_LIMIT]; /* of the other ends: by them it knows connections */
  GSocket *sockets[E100_LINKS_LIMIT];          /* its own ends; NULL once it has freed them */
  unsigned lingering;
} server;

static const char *version(void) {
  static char text[24];
  (void)g_snprintf(text, sizeof text, "%u.%u.%u", soup_get_major_version(), soup_get_minor_version(),
                   soup_get_micro_version());
  return text;
}

/* ---- the application --------------------------------------------------------------------------------- */

static struct e100_library_link *link_of(SoupServerMessage *message) {
  GSocketAddress *address = soup_server_message_get_remote_address(message);
  for (size_t i = 0; address != NULL && i < E100_LINKS_LIMIT; i++)
    if (server.addresses[i] == address)
      return server.links[i];
  return NULL;
}

static void told(SoupServerMessage *message, enum e100_told what, size_t number) {
  struct e100_library_link *link = link_of(message);
  if (link != NULL)
    e100_library_told(link, what, number);
}

static void decide(SoupServerMessage *message, enum e100_decision what, unsigned status) {
  struct e100_library_link *link = link_of(message);
  if (link != NULL)
    e100_library_decided(link, what, status);
}

static void respond(SoupServerMessage *message, unsigned status) {
  const char *mark =
      soup_message_headers_get_one(soup_server_message_get_request_headers(message), "E100-Mark");
  decide(message, E100_DECIDE_RESPOND, status);
  soup_server_message_set_status(message, status, NULL);
  if (mark == NULL)
    return;
  char *content = g_strdup_printf("{%s}", mark);
  soup_message_headers_replace(soup_server_message_get_response_headers(message), "E100-Mark", mark);
  soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_TAKE, content, strlen(content));
}

static void on_chunk(SoupServerMessage *message, GBytes *chunk, void *user) {
  (void)user;
  if (g_bytes_get_size(chunk) > 0)
    told(message, E100_TOLD_CONTENT, g_bytes_get_size(chunk));
}

/* Whether the application answers at the head. */
static unsigned asked_of(SoupServerMessage *message) {
  return e100_library_status_of(g_uri_get_path(soup_server_message_get_uri(message)));
}

/* At the head. */
static void on_early(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                     void *user) {
  (void)soup, (void)path, (void)query, (void)user;
  told(message, E100_TOLD_HEAD, 0);
  if (asked_of(message) != 0)
    respond(message, asked_of(message));
  else
    decide(message, E100_DECIDE_ACCEPT, 0);
}

/* Once the request is complete; also where the head was answered. */
static void on_request(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                       void *user) {
  (void)soup, (void)path, (void)query, (void)user;
  if (asked_of(message) != 0)
    return;
  told(message, E100_TOLD_COMPLETE, 0);
  /* A 200 to CONNECT would promise a tunnel (RFC 9110 9.3.6). */
  bool tunnel = strcmp(soup_server_message_get_method(message), "CONNECT") == 0;
  respond(message, tunnel ? 501 : 200);
}

static void on_started(SoupServer *soup, SoupServerMessage *message, void *user) {
  (void)soup, (void)user;
  g_signal_connect(message, "got-chunk", G_CALLBACK(on_chunk), NULL);
}

/* ---- the server ------------------------------------------------------------------------------------------
 */

/* One that listens nowhere closes each connection after one request; nobody connects there. */
static bool listen_somewhere(void) {
  return soup_server_listen_local(server.soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL) != FALSE;
}

/* 3.2.3 never closes a connection that its client has ended between two requests (mended in 3.3.0). It goes
 * through all of them for each new one, so a campaign would become slower and slower, and then run out of
 * memory. Nobody is connected now. */
static bool drop_lingering(void) {
  if (server.lingering < LINGERING_LIMIT)
    return true;
  server.lingering = 0;
  soup_server_disconnect(server.soup);
  return listen_somewhere();
}

static void *start(void) {
  if (server.soup != NULL)
    return drop_lingering() ? &server : NULL;
  server.loop = g_main_context_new();
  g_main_context_push_thread_default(server.loop);
  server.soup = soup_server_new(NULL, NULL);
  if (!listen_somewhere())
    return NULL;
  for (unsigned i = 0; i < E100_LINKS_LIMIT; i++)
    server.addresses[i] = g_inet_socket_address_new_from_string("127.0.0.1", i + 1);
  g_signal_connect(server.soup, "request-started", G_CALLBACK(on_started), NULL);
  soup_server_add_early_handler(server.soup, NULL, on_early, NULL, NULL);
  soup_server_add_handler(server.soup, NULL, on_request, NULL, NULL);
  return &server;
}

/* Until nothing of it is ready, which the next turn would find again: then only what comes from us, or the
 * room that we make by reading, gives it anything to do. */
static bool turn(void *self) {
  unsigned done = 0;
  (void)self;
  while (done < SOURCES_LIMIT && g_main_context_iteration(server.loop, FALSE) != FALSE)
    done++;
  return done == SOURCES_LIMIT;
}

/* No reference is held, so it is seen whether the library has freed END. */
static void watch(uint32_t link, GSocket *end) {
  server.sockets[link] = end;
  g_object_add_weak_pointer(G_OBJECT(end), (gpointer *)&server.sockets[link]);
}

static void watch_no_more(uint32_t link) {
  GSocket *end = server.sockets[link];
  if (end == NULL)
    return;
  server.lingering++;
  g_object_remove_weak_pointer(G_OBJECT(end), (gpointer *)&server.sockets[link]);
  server.sockets[link] = NULL;
}

static bool connect_to(void *self, struct e100_library_link *link) {
  int ends[2];
  (void)self;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
    return false;
  link->socket = ends[0];
  GSocket *end = g_socket_new_from_fd(ends[1], NULL);
  if (end == NULL) {
    (void)close(ends[1]);
    return false;
  }
  server.links[link->link] = link;
  watch(link->link, end);
  GSocketConnection *stream = g_socket_connection_factory_create_connection(end);
  bool taken = soup_server_accept_iostream(server.soup, G_IO_STREAM(stream), server.addresses[link->link],
                                           server.addresses[link->link], NULL) != FALSE;
  g_object_unref(stream);
  g_object_unref(end);
  return taken;
}

static void forget(void *self, struct e100_library_link *link) {
  (void)self;
  server.links[link->link] = NULL;
  watch_no_more(link->link);
}

const struct e100_server_library e100_library_soup = {.name = "soup",
                                                      .version = version,
                                                      .start = start,
                                                      .connect = connect_to,
                                                      .turn = turn,
                                                      .quiet_turns = 1,
                                                      .forget = forget};
