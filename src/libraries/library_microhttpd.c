/* library_microhttpd.c - GNU libmicrohttpd. It tells an application of the head, of each piece of content,
 * and of the end; to return without a response after the head accepts the content, and the library then says
 * 100. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "libraries/server_library.h"

struct server {
  struct MHD_Daemon *daemon;
  struct e100_library_link *links[E100_LINKS_LIMIT];
  struct e100_library_link *connecting;
  bool happened;
};

static struct server server;

static const char *version(void) {
  return MHD_get_version();
}

/* ---- the application --------------------------------------------------------------------------------- */

static enum MHD_Result respond(struct MHD_Connection *connection, struct e100_library_link *link,
                               unsigned status) {
  const char *mark = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "E100-Mark");
  struct e100_text content = {0};
  e100_text_format(&content, mark != NULL ? "{%s}" : "%s", mark != NULL ? mark : "");
  struct MHD_Response *response =
      MHD_create_response_from_buffer(content.length, content.text, MHD_RESPMEM_MUST_COPY);
  e100_text_free(&content);
  if (response == NULL)
    return MHD_NO;
  if (mark != NULL)
    (void)MHD_add_response_header(response, "E100-Mark", mark);
  e100_library_decided(link, E100_DECIDE_RESPOND, status);
  enum MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

/* Called once with the head, then with each piece of content, then once more. */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *target,
                                  const char *method, const char *protocol, const char *octets,
                                  size_t *length, void **seen) {
  static int told;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  struct e100_library_link *link = info != NULL ? info->socket_context : NULL;
  (void)user, (void)protocol, (void)octets;
  server.happened = true;
  if (link == NULL)
    return MHD_NO;
  if (*seen == NULL) {
    *seen = &told;
    e100_library_told(link, E100_TOLD_HEAD, 0);
    unsigned asked = e100_library_status_of(target);
    if (asked != 0)
      return respond(connection, link, asked);
    e100_library_decided(link, E100_DECIDE_ACCEPT, 0);
    return MHD_YES;
  }
  if (*length > 0) {
    e100_library_told(link, E100_TOLD_CONTENT, *length);
    *length = 0;
    return MHD_YES;
  }
  e100_library_told(link, E100_TOLD_COMPLETE, 0);
  /* A 200 to CONNECT would promise a tunnel (RFC 9110 9.3.6). */
  return respond(connection, link, strcmp(method, "CONNECT") == 0 ? 501 : 200);
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code) {
  (void)user, (void)connection;
  server.happened = true;
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    *context = server.connecting;
}

/* ---- the server -----------------------------------------------------------------------------------------
 */

static void *start(void) {
  if (server.daemon == NULL)
    server.daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, NULL,
                                     MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL, MHD_OPTION_END);
  return server.daemon != NULL ? &server : NULL;
}

static bool turn(void *self) {
  (void)self;
  server.happened = false;
  (void)MHD_run(server.daemon);
  return server.happened;
}

static bool connect_to(void *self, struct e100_library_link *link) {
  int ends[2];
  const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  (void)self;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
    return false;
  link->socket = ends[0];
  server.links[link->link] = link;
  server.connecting = link;
  bool added = MHD_add_connection(server.daemon, ends[1], (const struct sockaddr *)&address,
                                  sizeof address) == MHD_YES;
  (void)MHD_run(server.daemon); /* it sees the connection, and asks whose it is */
  server.connecting = NULL;
  return added; /* where it was not added, the library has closed its end */
}

static void forget(void *self, struct e100_library_link *link) {
  (void)self;
  server.links[link->link] = NULL;
}

const struct e100_server_library e100_library_microhttpd = {.name = "microhttpd",
                                                            .version = version,
                                                            .start = start,
                                                            .connect = connect_to,
                                                            .turn = turn,
                                                            .quiet_turns = E100_LIBRARY_QUIET_TURNS,
                                                            .forget = forget};
