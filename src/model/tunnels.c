/*
 * tunnels.c - compares the octets of a tunnel that came with those that were passed on.
 */
#include "model/tunnels.h"

#include <string.h>

#include "model/asking.h"
#include "model/hash.h"
#include "model/passing_on.h"

/* Both sides of a tunnel, of which it is known that they are one. */
struct tunnel {
  bool in_order; /* what goes on is seen after what came */
  const struct conversation *down, *up;
  struct asker *asker; /* of the link to the client: what is on its way */
};

static bool is_tunnel(const struct conversation *c) {
  if (c->direct)
    return c->tunnel_of != 0;
  const struct request *r = c->answered > c->first ? request_at(c, c->answered - 1) : NULL;
  return c->tunnel && !c->blurred && r != NULL && (r->facts & HEAD_OF_CONNECT) != 0;
}

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

/* The tunnel to a destination of which C is one side: the one to the client, where BELOW, or what never was
 * HTTP. */
static bool find_direct_tunnel(const struct court *court, const struct conversation *c, bool below,
                               struct tunnel *tunnel) {
  struct view *v = court->view;
  uint32_t place = below ? c->leads_to : c->tunnel_of;
  if (place == 0 || place == NOBODY_CAN_TELL || !is_tunnel(c))
    return false;
  const struct conversation *other = &v->conversations[place - 1];
  uint32_t back = below ? other->tunnel_of : other->leads_to;
  if (back != court->link + 1)
    return false;
  tunnel->in_order = !asker_of(v, below ? place - 1 : court->link)->order_is_other;
  tunnel->down = below ? c : other;
  tunnel->up = below ? other : c;
  tunnel->asker = asker_of(v, below ? court->link : place - 1);
  return true;
}

/* The tunnel of which C is one side: BELOW, the one to the client, so that its server keeps the tunnel; else
 * the other one, and its client does. Between two who pass on it is either. */
static bool find_tunnel(const struct court *court, const struct conversation *c, bool below,
                        struct tunnel *tunnel) {
  struct view *v = court->view;
  if (!v->askers || !is_tunnel(c) || !is_intermediary(below ? c->server : c->client))
    return false;
  if (c->direct || (below && c->leads_to != 0))
    return below != c->direct && find_direct_tunnel(court, c, below, tunnel);
  const struct errand *errand = errand_at(asker_of(v, court->link), c->answered - 1);
  const struct tie *tie = below ? &errand->sent_as : &errand->came_as;
  if (tie->match != IS_MATCH)
    return false;
  const struct conversation *other = &v->conversations[tie->link];
  const struct errand *peer = errand_at(asker_of(v, tie->link), tie->number);
  const struct tie *back = below ? &peer->came_as : &peer->sent_as;
  bool mutual = peer->serial != 0 && peer->number == tie->number && back->link == court->link &&
                back->number == errand->number;
  if (!mutual || other->answered + (is_tunnel(other) ? 0u : 1u) != tie->number + 1)
    return false;
  tunnel->in_order = !asker_of(v, below ? tie->link : court->link)->order_is_other;
  tunnel->down = below ? c : other;
  tunnel->up = below ? other : c;
  tunnel->asker = asker_of(v, below ? court->link : tie->link);
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

/* Where C never was HTTP, the finding is of the CONNECT. */
static void hold(const struct conversation *c, uint8_t actor, bool beyond, const struct court *there) {
  struct court of_connect = *there;
  const struct court *court = &of_connect;
  if (c->direct) {
    of_connect.link = c->tunnel_of - 1u;
    c = &there->view->conversations[of_connect.link];
  }
  if (!is_tunnel(c))
    return;
  struct judged event = {.event = ON_TUNNEL, .actor = actor, .c = c, .view = court->view};
  event.asker = asker_at(court->view, court->link);
  event.newest = event.request = request_at(c, c->answered - 1);
  event.number = c->answered;
  event.errand = &event.asker->errands[(c->answered - 1) % REMEMBERED_LIMIT];
  event.foreign_content = beyond;
  hold_court(court, &event);
}

static void add_octets(uint64_t *count, uint32_t *sum, const uint8_t *octets, uint64_t length) {
  for (uint64_t i = 0; i < length; i++)
    *sum = hash_octet(*sum, octets[i]);
  *count += length;
}

/* As many octets have gone as have come; they are not the same. */
static bool is_changed(const struct tunnel_way *way) {
  return way->came == way->gone && way->came_sum != way->gone_sum;
}

/* What came before does not matter any more. */
static void forget_level(struct tunnel_way *way) {
  if (way->came == way->gone && !is_changed(way))
    *way = (struct tunnel_way){.came = 0};
}

/* Octets go on: more than came, or as many others? Where that may be seen before what came, it is told at the
 * next silence. */
static void goes(const struct conversation *c, uint8_t actor, const struct tunnel *tunnel,
                 struct tunnel_way *way, const struct court *court) {
  bool wrong = tunnel->in_order && (way->gone > way->came || is_changed(way));
  if (tunnel->in_order)
    hold(c, actor, wrong, court);
  if (wrong)
    *way = (struct tunnel_way){.came = 0};
}

/* What the client sends before anybody sees where its CONNECT leads. */
static bool leads_nowhere_yet(const struct conversation *c, const struct court *court) {
  return court->view->askers && !c->direct && c->leads_to == 0 && is_tunnel(c) &&
         is_intermediary(c->server) && connects_by_itself(court->view, court->link);
}

void tunnel_is_used(const struct conversation *c, bool by_client, const uint8_t *octets, uint64_t length,
                    const struct court *court) {
  if (by_client && leads_nowhere_yet(c, court)) {
    struct tunnel_way *way = &asker_of(court->view, court->link)->tunnel_up;
    add_octets(&way->came, &way->came_sum, octets, length);
  }
  for (unsigned below = 0; below < 2 && length > 0; below++) {
    struct tunnel tunnel;
    if (!find_tunnel(court, c, below != 0, &tunnel))
      continue;
    struct tunnel_way *way = by_client ? &tunnel.asker->tunnel_up : &tunnel.asker->tunnel_down;
    bool passed_on = by_client != (below != 0);
    if (!passed_on) {
      add_octets(&way->came, &way->came_sum, octets, length);
    } else if (!by_client || is_counted_up(&tunnel)) {
      add_octets(&way->gone, &way->gone_sum, octets, length);
      goes(c, by_client ? c->client : c->server, &tunnel, way, court);
    }
    forget_level(way);
    tunnel.asker->tunnel_late = false;
  }
}

/* ---- silence ------------------------------------------------------------------------------------- */

static bool is_open(const struct conversation *c) {
  return is_tunnel(c) && !c->client_gone && !c->client_half_closed && !c->server_gone;
}

/* Nobody goes on, and what came is kept, or something else has gone. */
static bool is_wrong(const struct tunnel *tunnel, const struct tunnel_way *way) {
  bool kept = way->came > way->gone && is_open(tunnel->down) && is_open(tunnel->up);
  return kept || way->gone > way->came || is_changed(way);
}

/* What is kept may go yet. */
static void forget_wrong(struct tunnel_way *way) {
  if (way->came <= way->gone)
    *way = (struct tunnel_way){.came = 0};
}

/* One side has closed its connection, and the other one is open: not even half of it is closed. */
static bool is_left_open(const struct tunnel *tunnel) {
  const struct conversation *down = tunnel->down, *up = tunnel->up;
  if (!is_tunnel(down) || !is_tunnel(up))
    return false;
  bool client = (tunnel->asker->tunnel_ends & TUNNEL_CLIENT_CLOSED) != 0;
  bool server = (tunnel->asker->tunnel_ends & TUNNEL_SERVER_CLOSED) != 0;
  return (client && !up->client_gone && !up->client_half_closed && !up->server_gone) ||
         (server && !down->server_gone && !down->client_gone);
}

void tunnel_pauses(const struct conversation *c, bool quiet, const struct court *court) {
  struct tunnel tunnel;
  if (!find_tunnel(court, c, true, &tunnel) || tunnel.asker->tunnel_late)
    return;
  struct asker *asker = tunnel.asker;
  bool wrong = (is_counted_up(&tunnel) && is_wrong(&tunnel, &asker->tunnel_up)) ||
               is_wrong(&tunnel, &asker->tunnel_down) || (quiet && is_left_open(&tunnel));
  if (!wrong)
    return;
  hold(c, c->server, true, court);
  asker->tunnel_late = true;
  forget_wrong(&asker->tunnel_up);
  forget_wrong(&asker->tunnel_down);
}

/* ---- ends ------------------------------------------------------------------------------------------ */

/* A side has closed, and what came from it cannot be sent any more (RFC 9110 9.3.6). */
static bool loses(const struct tunnel *tunnel, bool up) {
  const struct tunnel_way *way = up ? &tunnel->asker->tunnel_up : &tunnel->asker->tunnel_down;
  const struct conversation *down = tunnel->down;
  bool closed = up ? down->client_gone || down->client_half_closed : tunnel->up->server_gone;
  bool reset = (tunnel->asker->tunnel_ends & TUNNEL_RESET) != 0;
  bool moot = up ? tunnel->up->server_gone : down->client_gone;
  return tunnel->in_order && closed && !reset && !moot && way->came > way->gone &&
         (!up || is_counted_up(tunnel));
}

void tunnel_ends(const struct conversation *c, bool by_client, enum e100_step_kind how,
                 const struct court *court) {
  for (unsigned below = 0; below < 2; below++) {
    struct tunnel tunnel;
    if (!find_tunnel(court, c, below != 0, &tunnel))
      continue;
    bool by_who_keeps_it = by_client != (below != 0);
    if (by_who_keeps_it && loses(&tunnel, by_client))
      hold(c, by_client ? c->client : c->server, true, court);
    if (by_who_keeps_it || how == E100_STEP_HALF_CLOSE)
      continue;
    tunnel.asker->tunnel_ends |= by_client ? TUNNEL_CLIENT_CLOSED : TUNNEL_SERVER_CLOSED;
    tunnel.asker->tunnel_ends |= how == E100_STEP_RESET ? TUNNEL_RESET : 0;
  }
}

/* ---- tunnels to the destination itself ---------------------------------------------------------- */

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

void tunnel_is_direct(struct conversation *c, const struct court *court) {
  struct view *v = court->view;
  bool known = c->direct;
  unsigned connects = 0, tunnels = 0;
  struct conversation *down = NULL;
  c->blurred = c->direct = true;
  for (uint32_t link = 0; link < v->link_count && !known; link++) {
    struct conversation *other = &v->conversations[link];
    tunnels += other->client == c->client && other->direct;
    if (other->server != c->client || !connects_by_itself(v, link))
      continue;
    connects++;
    down = other;
  }
  if (known)
    return;
  if (connects == 1 && tunnels == 1 && down->leads_to == 0) {
    c->tunnel_of = (uint8_t)(down - v->conversations + 1);
    down->leads_to = (uint8_t)(court->link + 1);
    return;
  }
  for (uint32_t link = 0; link < v->link_count; link++) { /* a second attempt, or another tunnel */
    struct conversation *other = &v->conversations[link];
    other->tunnel_of = other->client == c->client ? 0 : other->tunnel_of;
    other->leads_to =
        other->server == c->client && connects_by_itself(v, link) ? NOBODY_CAN_TELL : other->leads_to;
  }
}
