/* origin_server.c - takes contents on 127.0.0.1, one connection at a time, and prints what happens.
 *
 *   origin_server [PORT]     port 0: one that is free */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <expect100/origin.h>

enum { LIMIT = 4 << 20 /* octets of content */, PATIENCE = 5 /* seconds */ };

struct client {
  struct e100_origin origin;
  int socket;
  bool over;
  uint64_t content;
};
static const struct e100_origin_calls calls;

static void on_send(void *user, const uint8_t *octets, size_t length) {
  for (ssize_t sent = 0; length > 0 && sent >= 0; octets += sent, length -= (size_t)sent)
    sent = send(((struct client *)user)->socket, octets, length, MSG_NOSIGNAL); /* recv fails then, too */
}

static void on_end(void *user, bool wholly) {
  struct client *client = user;
  shutdown(client->socket, SHUT_WR);
  client->over = wholly;
}

static void on_head(void *user, const struct e100_request_facts *facts) {
  ((struct client *)user)->content = 0;
  if (facts->framing != E100_CONTENT_NONE) /* a Content-Length over the limit got 413 already */
    e100_origin_accept(&((struct client *)user)->origin, &calls, user);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  struct client *client = user;
  (void)octets; /* here they would be kept */
  client->content += length;
  if (client->content > LIMIT) /* chunks do not say beforehand how much it will be */
    e100_origin_respond(&client->origin, &calls, user, &(struct e100_response){.status = 413, .close = true});
}

static void on_complete(void *user) {
  struct client *client = user;
  printf("%llu octets\n", (unsigned long long)client->content);
  e100_origin_respond(&client->origin, &calls, user, &(struct e100_response){.status = 200});
}

static void on_moved(void *user, const struct e100_row *row) {
  const struct e100_table *table = &e100_origin_table;
  (void)user;
  if (row->event != E100_CONTENT_ARRIVES)
    printf("%s: %s, %s\n", table->state_names[row->state], table->event_names[row->event],
           table->action_names[row->action]);
}

static const struct e100_origin_calls calls = {on_send,    on_end,      {0},  NULL,    on_head,
                                               on_content, on_complete, NULL, on_moved};

static void serve(int socket) {
  struct client client = {.socket = socket};
  struct e100_origin_policy policy = {.content_limit = LIMIT};
  struct timeval patience = {.tv_sec = PATIENCE};
  uint8_t octets[16384];
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  e100_origin_init(&client.origin, &e100_origin_reference, &policy);
  for (time_t until = 0; !client.over;) {
    ssize_t count = recv(socket, octets, sizeof octets, 0);
    if (until == 0 && e100_origin_timer(&client.origin) == E100_TIMER_DISCARD)
      until = time(NULL) + PATIENCE; /* octets do not prolong this timer, as they do the others */
    if ((count < 0 && errno == EAGAIN) || (until != 0 && time(NULL) >= until))
      e100_origin_timed_out(&client.origin, &calls, &client);
    else if (count > 0) /* takes them all: each request is answered as soon as it is complete */
      e100_origin_octets(&client.origin, &calls, &client, octets, (size_t)count);
    else if (count == 0)
      e100_origin_half_closed(&client.origin, &calls, &client);
    else
      e100_origin_gone(&client.origin, &calls, &client);
  }
  close(socket);
}

int main(int argc, char **argv) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof name;
  name.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 8080));
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&name, length) < 0 || listen(listener, 8) < 0 ||
      getsockname(listener, (struct sockaddr *)&name, &length) < 0) {
    perror("origin_server: cannot listen on that port of 127.0.0.1; give another");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("listening on 127.0.0.1:%u\n", ntohs(name.sin_port));
  for (int client = accept(listener, NULL, NULL); client >= 0; client = accept(listener, NULL, NULL))
    serve(client);
  return 1;
}
