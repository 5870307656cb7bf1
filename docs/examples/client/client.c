/* client.c - makes requests one after the other, over one connection as long as it lasts, and prints what
 * happens. With a file it sends the file's octets, and asks first (Expect: 100-continue).
 *
 *   client HOST PORT METHOD TARGET [FILE [TIMES]]     exit code: 0 where each answer is 2xx, else 1 or 2 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <expect100/pool.h>

enum {
  LIMIT = 4 << 20 /* octets of a file */,
  WAIT = 1000,
  PATIENCE = 10000 /* milliseconds: for 100, for the rest */
};

struct server {
  struct e100_client client;
  int socket;
  bool done, again; /* with the request; it is to be made again */
  unsigned status;
  uint8_t *file;
  size_t length;
};
static const struct e100_client_calls calls;

static void on_send(void *user, const uint8_t *octets, size_t length) {
  for (ssize_t sent = 0; length > 0 && sent >= 0; octets += sent, length -= (size_t)sent)
    sent = send(((struct server *)user)->socket, octets, length, MSG_NOSIGNAL); /* recv fails then, too */
}

static void on_end(void *user) {
  close(((struct server *)user)->socket);
}

static void on_content_wanted(void *user) {
  struct server *server = user;
  e100_client_content(&server->client, &calls, server, server->file, server->length);
}

static void on_interim(void *user, const struct e100_response_facts *facts) {
  (void)user;
  printf("interim %u\n", facts->status);
}

static void on_response(void *user, const struct e100_response_facts *facts) {
  ((struct server *)user)->status = facts->status;
  printf("response %u\n", facts->status);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  (void)user;
  fwrite(octets, 1, length, stderr);
}

static void on_complete(void *user) {
  ((struct server *)user)->done = true;
}

static void on_aborted(void *user) {
  printf("no response, or only a part of it\n");
  ((struct server *)user)->status = 0;
  ((struct server *)user)->done = true;
}

static void on_unmet(void *user) {
  printf("the expectation is not met\n");
  ((struct server *)user)->again = true;
}

static const struct e100_client_calls calls = {.send = on_send,
                                               .end = on_end,
                                               .content_wanted = on_content_wanted,
                                               .interim = on_interim,
                                               .response = on_response,
                                               .content = on_content,
                                               .complete = on_complete,
                                               .aborted = on_aborted,
                                               .unmet = on_unmet};

static int connect_to(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  int connected = -1;
  if (getaddrinfo(host, port, &hints, &found) != 0)
    return -1;
  for (struct addrinfo *at = found; at != NULL && connected < 0; at = at->ai_next) {
    connected = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (connected >= 0 && connect(connected, at->ai_addr, at->ai_addrlen) < 0) {
      close(connected);
      connected = -1;
    }
  }
  freeaddrinfo(found);
  return connected;
}

/* Until the request is answered, or is to be made again. */
static void converse(struct server *server) {
  while (!server->done && !server->again) {
    uint8_t octets[16384];
    struct pollfd readable = {.fd = server->socket, .events = POLLIN};
    bool waits = e100_client_timer(&server->client) == E100_TIMER_CONTINUE;
    int ready = poll(&readable, 1, waits ? WAIT : PATIENCE);
    ssize_t count = ready > 0 ? recv(server->socket, octets, sizeof octets, 0) : 0;
    if (ready == 0)
      e100_client_timed_out(&server->client, &calls, server);
    else if (count > 0)
      e100_client_octets(&server->client, &calls, server, octets, (size_t)count);
    else if (count == 0)
      e100_client_server_ended(&server->client, &calls, server);
    else if (errno != EINTR)
      e100_client_gone(&server->client, &calls, server);
  }
}

int main(int argc, char **argv) {
  static struct server server;
  const struct e100_client_policy policy = {.close_early = true};
  char fields[300];
  if (argc < 5) {
    fprintf(stderr, "usage: client HOST PORT METHOD TARGET [FILE [TIMES]]\n");
    return 2;
  }
  snprintf(fields, sizeof fields, "Host: %.200s:%.10s\r\n", argv[1], argv[2]);
  struct e100_request request = {.method = argv[3], .target = argv[4], .fields = fields};
  FILE *file = argc > 5 ? fopen(argv[5], "rb") : NULL;
  if (file != NULL && (server.file = malloc(LIMIT)) != NULL) {
    server.length = request.length = fread(server.file, 1, LIMIT, file);
    request.framing = E100_REQUEST_LENGTH;
    fclose(file);
  }
  e100_pool_init(&server.client, 1);
  for (int left = argc > 6 ? atoi(argv[6]) : 1; left > 0; left -= server.done) {
    request.expects = !server.again;
    server.done = server.again = false;
    if (server.client.state == E100_CLIENT_STATE_OVER) {
      server.socket = connect_to(argv[1], argv[2]);
      e100_client_init(&server.client, &e100_client_reference, &policy);
    }
    if (server.socket < 0 || !e100_client_request(&server.client, &calls, &server, &request)) {
      fprintf(stderr, "client: cannot reach %s port %s, or cannot ask for that\n", argv[1], argv[2]);
      return 2;
    }
    converse(&server);
    if (server.done && server.status / 100 != 2)
      return 1;
  }
  if (server.client.state != E100_CLIENT_STATE_OVER)
    e100_client_cancel(&server.client, &calls, &server);
  free(server.file);
  return 0;
}
