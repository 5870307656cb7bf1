/*
 * tunnels.c - counts the octets of a tunnel that came, and those that were passed on.
 */
#include "model/tunnels.h"

#include <string.h>

#include "model/passing_on.h"

/* Both sides of a tunnel, of which it is known that they are one. */
struct tunnel {
  uint32_t below; /* the link to the client */
  const struct conversation *down, *up;
  struct asker *asker; /* of the link to the client: what is on its way */
};

static bool is_tunnel(const struct conversation *c) {
  const struct request *r = c->answered > c->first ? request_at(c, c->answered - 1) : NULL;
  return c->tunnel && !c->blurred && r != NULL && (r->facts & HEAD_OF_CONNECT) != 0;
}

/* Two of them may both pass on what is in it: whose octets they are is not followed so far. */
static bool is_between_intermediaries(const struct conversation *c) {
  return is_intermediary(c->client) == is_intermediary(c->server);
}

static bool find_tunnel(const struct court *court, const struct conversation *c, struct tunnel *tunnel) {
  struct view *v = court->view;
  if (!v->askers || !is_tunnel(c) || is_between_intermediaries(c))
    return false;
  const struct errand *errand = errand_at(asker_of(v, court->link), c->answered - 1);
  bool below = is_intermediary(c->server);
  const struct tie *tie = below ? &errand->sent_as : &errand->came_as;
  if (tie->match != IS_MATCH)
    return false;
  const struct conversation *other = &v->conversations[tie->link];
  if (is_between_intermediaries(other))
    return false;
  const struct errand *peer = errand_at(asker_of(v, tie->link), tie->number);
  const struct tie *back = below ? &peer->came_as : &peer->sent_as;
  bool mutual = peer->serial != 0 && peer->number == tie->number && back->link == court->link &&
                back->number == errand->number;
  if (!mutual || other->answered + (is_tunnel(other) ? 0u : 1u) != tie->number + 1)
    return false;
  if (asker_of(v, below ? tie->link : court->link)->order_is_other)
    return false; /* what goes on may be seen before what came */
  tunnel->below = below ? court->link : tie->link;
  tunnel->down = below ? c : other;
  tunnel->up = below ? other : c;
  tunnel->asker = asker_of(v, tunnel->below);
  return true;
}

/* Octets were sent before the tunnel began, and were read as another request. */
static bool began_early(const struct conversation *c) {
  return c->requests != c->answered || reader_is_in_head(&c->from_client) ||
         reader_is_at_empty_line(&c->from_client) || reader_is_stopped(&c->from_client);
}

/* What goes up can be compared: none of it was sent before the tunnel began. */
static bool is_counted_up(const struct tunnel *tunnel) {
  return is_tunnel(tunnel->down) && !began_early(tunnel->down) && !began_early(tunnel->up);
}

static void hold(const struct conversation *c, uint8_t actor, bool beyond, const struct court *court) {
  struct judged event = {.event = ON_TUNNEL, .actor = actor, .c = c, .view = court->view};
  event.asker = asker_at(court->view, court->link);
  event.newest = event.request = request_at(c, c->answered - 1);
  event.number = c->answered;
  event.errand = &event.asker->errands[(c->answered - 1) % REMEMBERED_LIMIT];
  event.foreign_content = beyond;
  hold_court(court, &event);
}

static void comes(uint32_t *under_way, uint64_t length) {
  *under_way = length > UINT32_MAX - *under_way ? UINT32_MAX : *under_way + (uint32_t)length;
}

/* True where more is passed on than came. */
static bool goes(uint32_t *under_way, uint64_t length) {
  bool beyond = *under_way != UINT32_MAX && length > *under_way;
  *under_way -= length > *under_way ? *under_way : (uint32_t)length;
  return beyond;
}

void tunnel_is_used(const struct conversation *c, bool by_client, uint64_t length,
                    const struct court *court) {
  struct tunnel tunnel;
  if (length == 0 || !find_tunnel(court, c, &tunnel))
    return;
  uint32_t *under_way = by_client ? &tunnel.asker->tunnel_up : &tunnel.asker->tunnel_down;
  bool passed_on = is_intermediary(by_client ? c->client : c->server);
  if (!passed_on)
    comes(under_way, length);
  else if (!by_client || is_counted_up(&tunnel))
    hold(c, by_client ? c->client : c->server, goes(under_way, length), court);
  tunnel.asker->tunnel_late = false;
}

static bool is_open(const struct conversation *c) {
  return is_tunnel(c) && !c->client_gone && !c->client_half_closed && !c->server_gone;
}

void tunnel_pauses(const struct conversation *c, const struct court *court) {
  struct tunnel tunnel;
  if (!is_intermediary(c->server) || !find_tunnel(court, c, &tunnel) || tunnel.asker->tunnel_late)
    return;
  bool kept = (tunnel.asker->tunnel_up > 0 && is_counted_up(&tunnel)) || tunnel.asker->tunnel_down > 0;
  if (!kept || !is_open(tunnel.down) || !is_open(tunnel.up))
    return;
  hold(c, c->server, true, court);
  tunnel.asker->tunnel_late = true;
}

/* ---- tunnels to the destination itself ---------------------------------------------------------- */

/* The newest request of C is a CONNECT that its server, who passes requests on, has not passed on, and has
 * not refused. */
static bool connects_by_itself(const struct view *v, uint32_t link) {
  const struct conversation *c = &v->conversations[link];
  const struct request *r = newest_request(c);
  if (r == NULL || (r->facts & HEAD_OF_CONNECT) == 0 || (!c->tunnel && waiting_request(c) != r))
    return false;
  const struct errand *errand = &asker_at(v, link)->errands[(c->requests - 1) % REMEMBERED_LIMIT];
  return errand->sent_as.match == NO_MATCH;
}

/* A request waits that C's server may pass on next. */
static bool has_another(const struct view *v, uint32_t link) {
  const struct request *r = waiting_request(&v->conversations[link]);
  return r != NULL && (r->facts & HEAD_OF_CONNECT) == 0;
}

static bool begins_like_connect(const uint8_t *octets, size_t length) {
  static const char method[] = "CONNECT ";
  size_t compared = length < sizeof method - 1 ? length : sizeof method - 1;
  return memcmp(octets, method, compared) == 0;
}

bool tunnel_has_no_request(const struct view *v, const struct conversation *c, const uint8_t *octets,
                           size_t length, bool by_client) {
  bool untouched = c->requests == c->first && !c->responding && !reader_is_in_head(&c->from_client) &&
                   !reader_is_at_empty_line(&c->from_client) && !reader_is_stopped(&c->from_client);
  if (!v->askers || !untouched || length == 0 || !is_intermediary(c->client) ||
      (by_client && begins_like_connect(octets, length)))
    return false;
  bool connects = false;
  for (uint32_t link = 0; link < v->link_count; link++) {
    if (v->conversations[link].server != c->client)
      continue;
    if (has_another(v, link))
      return false;
    connects |= connects_by_itself(v, link);
  }
  return connects;
}
