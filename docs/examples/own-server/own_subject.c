/* own_subject.c - own_server as a subject of expect100: octets go in, and what it does goes to the sink. */
#include <expect100/subject.h>
#include <stdlib.h>

#include "own_server.h"

struct connection {
  struct own_server *server; /* NULL: over */
  struct e100_sink *sink;
  uint32_t link;
};

static void send_octets(void *user, const char *octets, size_t length) {
  const struct connection *connection = user;
  e100_sink_send(connection->sink, connection->link, (const uint8_t *)octets, length);
}

static void ended(void *self, uint32_t link, enum e100_step_kind how) {
  struct connection *connection = (struct connection *)self + link;
  if (how == E100_STEP_HALF_CLOSE && connection->server != NULL)
    e100_sink_end(connection->sink, link, E100_STEP_CLOSE); /* it sends nothing any more, and so do we */
  own_server_free(connection->server);
  connection->server = how == E100_STEP_OPEN ? own_server_new(send_octets, connection) : NULL;
}

static void deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  struct connection *connection = (struct connection *)self + link;
  if (connection->server == NULL || own_server_octets(connection->server, (const char *)octets, length))
    return;
  e100_sink_end(connection->sink, link, E100_STEP_CLOSE);
  own_server_free(connection->server);
  connection->server = NULL;
}

static void *start(const struct e100_subject *subject, const struct e100_setup *setup,
                   struct e100_sink *sink) {
  struct connection *all = calloc(E100_LINKS_LIMIT, sizeof *all);
  (void)subject;
  for (uint32_t link = 0; all != NULL && link < setup->exchange->link_count; link++) {
    all[link] = (struct connection){.sink = sink, .link = link};
    ended(all, link, E100_STEP_OPEN);
  }
  return all;
}

static void finish(void *self) {
  for (uint32_t link = 0; link < E100_LINKS_LIMIT; link++)
    own_server_free(((struct connection *)self + link)->server);
  free(self);
}

const struct e100_subject e100_own_subject = {.version = E100_SUBJECT_VERSION,
                                              .name = "own-server",
                                              .summary = "the server of the guide",
                                              .role = E100_ROLE_ORIGIN,
                                              .abilities = E100_IS_FOREIGN,
                                              .open = start,
                                              .deliver = deliver,
                                              .ended = ended,
                                              .close = finish};
