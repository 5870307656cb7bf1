/*
 * client_subject_inside.h - the client's machines that are played, and what is kept of each of their
 * connections; private to src/subjects.
 */
#ifndef E100_CLIENT_SUBJECT_INSIDE_H
#define E100_CLIENT_SUBJECT_INSIDE_H

#include "subjects/asked.h"
#include "subjects/client_subject.h"
#include "subjects/variation_octets.h"

/* One connection: the application's part of it, and octets on both their ways. Its machine stands in the
 * pool. */
struct connection {
  struct party *party;
  uint32_t link;
  uint32_t count;             /* of `asked` */
  struct e100_asked answered; /* the latest, where it is answered, but its content is still to be given */
  const uint8_t *content;     /* of the latest, what is still to be given */
  size_t content_left;
  bool wanted;         /* the machine takes content */
  bool first_half;     /* the first half is given */
  struct e100_way out; /* where a variation looks at octets on their way out */
  uint8_t from_state;  /* before the present row */
  uint8_t event;       /* of the present row */
  uint32_t request;    /* requests that were made */
  uint32_t response;   /* heads that were read */
  uint32_t memory[E100_VARIATION_WORDS];
  struct e100_seen_head seen; /* where a variation looks at heads */
  /* What follows is only as good as the counts before it say. */
  struct e100_asked asked[E100_PIPELINE_LIMIT]; /* what is outstanding, the oldest first */
  uint8_t head[E100_HEAD_KEPT];                 /* room for `seen` */
};

struct party {
  const struct e100_client_variation *variation;
  const struct e100_client_calls *calls;
  struct e100_client_design design;
  struct e100_client_policy policy;
  struct e100_sink *sink;
  bool chunked;
  bool answered_10; /* the server has answered in HTTP/1.0: no chunks for it (RFC 9112 6.1) */
  bool halves;
  struct e100_asked waiting[E100_ASKED_LIMIT]; /* for a connection, the first one first */
  uint32_t waiting_count;
  uint32_t put_back; /* the first so many of them were put back since requests were made last */
  uint32_t count;
  uint32_t own;             /* so many of the first links begin at the client: its pool */
  struct e100_client fresh; /* the machine of a new connection */
  struct e100_client clients[E100_LINKS_LIMIT];
  struct connection connections[];
};

static inline struct e100_client *client_of(const struct connection *connection) {
  return &connection->party->clients[connection->link];
}

/* client_subject_calls.c: what the machines call, without and with octets of heads for a variation. Their
 * user is the connection. */
extern const struct e100_client_calls client_calls;
extern const struct e100_client_calls client_calls_for_variations;
/* What a variation may look at. */
struct e100_client_varied client_varied(struct connection *connection);
/* The octets of the present row go through a variation. */
void client_depart_varied(struct connection *connection);

/* The present row is done. Without a variation its octets have left already. */
static inline void client_depart(struct connection *connection) {
  if (connection->party->variation->depart != NULL)
    client_depart_varied(connection);
  connection->event = E100_CLIENT_EVENTS;
}

/* One more request can wait, and there is still room for those that are made again. */
static inline bool client_has_room(const struct party *party) {
  return party->waiting_count < E100_ASKED_LIMIT - E100_LINKS_LIMIT * E100_PIPELINE_LIMIT / 2;
}

#endif
