#include "machine/forwarding.h"

#include <string.h>

#include "machine/host_field.h"
#include "machine/octets.h"
#include "machine/outgoing.h"

static size_t length_of(struct e100_part part) {
  return (size_t)(part.to - part.from);
}

static bool is_same(struct e100_part part, const char *lower) {
  for (size_t i = 0; i < length_of(part); i++) {
    if (e100_lower(part.from[i]) != (uint8_t)lower[i])
      return false;
  }
  return true;
}

/* Whether PART is LITERAL, which is in lower case. Most differ in length. */
#define PART_IS(part, literal) (length_of(part) == sizeof(literal) - 1 && is_same(part, literal))

/* ---- what is asked of a head --------------------------------------------------------------------------- */

/* The places FROM to TO of HEAD. */
static struct e100_part part_of(const struct e100_whole_head *head, size_t from, size_t to) {
  return (struct e100_part){head->octets + from, head->octets + to};
}

static struct e100_part name_of(const struct e100_whole_head *head, const struct e100_field_line *line) {
  return part_of(head, line->from, line->name_end);
}

/* Whether one of the members of a list is NAME, in any letter case. */
static bool lists(struct e100_part list, struct e100_part name) {
  struct e100_part member;
  while (e100_next_member(&list, &member)) {
    size_t length = length_of(member);
    size_t same = 0;
    if (length == length_of(name)) {
      while (same < length && e100_lower(member.from[same]) == e100_lower(name.from[same]))
        same++;
      if (same == length)
        return true;
    }
  }
  return false;
}

static bool is_listed(const struct e100_whole_head *head, struct e100_part name) {
  for (unsigned i = 0; i < head->line_count; i++) {
    const struct e100_field_line *line = &head->lines[i];
    if (line->field == E100_FIELD_CONNECTION && lists(e100_value_of(head, line), name))
      return true;
  }
  return false;
}

/* Most heads have no field line Connection. */
static inline bool nominates(const struct e100_whole_head *head, struct e100_part name) {
  return head->options && is_listed(head, name);
}

bool e100_head_nominates(const struct e100_whole_head *head, const char *lower) {
  const uint8_t *octets = (const uint8_t *)lower;
  return nominates(head, (struct e100_part){octets, octets + strlen(lower)});
}

bool e100_head_nominates_fields(const struct e100_whole_head *head) {
  struct e100_part member;
  for (unsigned i = 0; i < head->line_count; i++) {
    if (head->lines[i].field != E100_FIELD_CONNECTION)
      continue;
    struct e100_part rest = e100_value_of(head, &head->lines[i]);
    while (e100_next_member(&rest, &member)) {
      if (length_of(member) > 0 && !PART_IS(member, "close"))
        return true;
    }
  }
  return false;
}

static struct e100_part target_of(const struct e100_whole_head *head) {
  bool there = head->first_blank < head->start_end;
  return part_of(head, head->first_blank + (there ? 1U : 0U), head->next_blank);
}

bool e100_head_has_three_words(const struct e100_whole_head *head) {
  const uint8_t *second = head->octets + head->next_blank;
  const uint8_t *end = head->octets + head->start_end;
  if (head->first_blank == head->start || head->next_blank <= head->first_blank + 1U || second == end)
    return false;
  return memchr(second + 1, ' ', (size_t)(end - second - 1)) == NULL;
}

bool e100_head_codes_otherwise(const struct e100_whole_head *head) {
  struct e100_part member;
  bool other = false;
  unsigned codings = 0;
  for (unsigned i = 0; i < head->line_count; i++) {
    if (head->lines[i].field != E100_FIELD_TRANSFER_ENCODING)
      continue;
    struct e100_part rest = e100_value_of(head, &head->lines[i]);
    while (e100_next_member(&rest, &member)) {
      codings += length_of(member) > 0; /* an empty member is none (RFC 9110 5.6.1.2) */
      other = other || (length_of(member) > 0 && !PART_IS(member, "chunked"));
    }
  }
  return other || codings > 1;
}

static bool is_letter(uint8_t octet) {
  octet = e100_lower(octet);
  return octet >= 'a' && octet <= 'z';
}

/* The scheme of a target in absolute form (RFC 3986 3.1); empty where there is none. */
static struct e100_part scheme_of(struct e100_part target) {
  static const uint8_t inner[] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '.'};
  const uint8_t *end = target.from;
  while (end < target.to &&
         (is_letter(*end) || (end > target.from && memchr(inner, *end, sizeof inner) != NULL)))
    end++;
  bool there = end < target.to && *end == ':';
  return (struct e100_part){target.from, there ? end : target.from};
}

/* The authority of a target in absolute form, which becomes the Host, whatever the scheme is, and which with
 * http is taken off TARGET (RFC 9112 3.2.1, 3.2.2); empty where there is none. */
static struct e100_part take_authority(struct e100_part *target) {
  static const uint8_t slashes[] = {':', '/', '/'};
  struct e100_part none = {target->from, target->from};
  struct e100_part scheme = scheme_of(*target);
  size_t left = (size_t)(target->to - scheme.to);
  if (length_of(scheme) == 0 || left < sizeof slashes || memcmp(scheme.to, slashes, sizeof slashes) != 0)
    return none;
  const uint8_t *begin = scheme.to + sizeof slashes;
  const uint8_t *end = begin;
  while (end < target->to && *end != '/' && *end != '?')
    end++;
  const uint8_t *user = memchr(begin, '@', (size_t)(end - begin));
  struct e100_part authority = {user != NULL ? user + 1 : begin, end};
  if (length_of(authority) > 0 && PART_IS(scheme, "http"))
    target->from = end;
  return authority;
}

static bool is_connect(const struct e100_whole_head *head) {
  struct e100_part method = part_of(head, head->start, head->first_blank);
  return PART_IS(method, "connect");
}

bool e100_head_names_host(const struct e100_whole_head *head) {
  struct e100_part target = target_of(head);
  struct e100_part rest = target;
  struct e100_part authority = take_authority(&rest);
  struct e100_part named = is_connect(head) ? target : authority;
  struct e100_host_field host = {0};
  e100_host_feed(&host, named.from, length_of(named));
  return length_of(named) == 0 || e100_host_is_valid(&host);
}

/* ---- writing ------------------------------------------------------------------------------------------- */

struct writing {
  const struct e100_whole_head *head;
  const struct e100_forwarded *how;
  struct e100_outgoing *outgoing;
  struct e100_part run;       /* octets that go on as they came, and were not written yet */
  struct e100_part authority; /* of a target in absolute form; else empty */
  struct e100_part
      implied; /* what a missing Host must be: the target of CONNECT, else empty (RFC 9112 3.2) */
  bool framed; /* a line that frames the content was written */
  bool hosted; /* a Host was written */
};

/* Lines that go on as they came mostly follow each other. */
static void add_run(struct writing *writing) {
  e100_outgoing_add(writing->outgoing, writing->run.from, length_of(writing->run));
  writing->run.from = writing->run.to;
}

static inline void end_run(struct writing *writing) {
  if (writing->run.from < writing->run.to)
    add_run(writing);
}

static void put(struct writing *writing, struct e100_part part) {
  if (writing->run.to != part.from) {
    end_run(writing);
    writing->run.from = part.from;
  }
  writing->run.to = part.to;
}

#define PUT(writing, literal) (end_run(writing), E100_OUTGOING_ADD((writing)->outgoing, literal))

/* A value in which each fold becomes one blank. */
static void put_unfolded(struct writing *writing, struct e100_part value) {
  const uint8_t *at = value.from;
  while (at < value.to) {
    const uint8_t *end = at;
    while (end < value.to && *end != '\r' && *end != '\n')
      end++;
    put(writing, (struct e100_part){at, end});
    while (end < value.to && (*end == '\r' || *end == '\n' || e100_is_blank(*end)))
      end++;
    if (end < value.to)
      PUT(writing, " ");
    at = end;
  }
}

static void put_field(struct writing *writing, const struct e100_field_line *line) {
  if (line->plain) {
    put(writing, part_of(writing->head, line->from, line->to));
    return;
  }
  put(writing, name_of(writing->head, line));
  PUT(writing, ": ");
  put_unfolded(writing, e100_value_of(writing->head, line));
  PUT(writing, "\r\n");
}

static bool is_number(struct e100_part part) {
  for (const uint8_t *at = part.from; at < part.to; at++) {
    if (*at < '0' || *at > '9')
      return false;
  }
  return part.from < part.to;
}

/* The framing is written once, at the place of the first line that says something about it. */
static void put_framing(struct writing *writing, const struct e100_field_line *line) {
  const struct e100_forwarded *how = writing->how;
  bool stated = how->framing == E100_FORWARD_STATED_LENGTH;
  if (writing->framed || how->framing == E100_FORWARD_NO_FRAMING)
    return;
  if (stated && (line->field != E100_FIELD_CONTENT_LENGTH || !is_number(e100_value_of(writing->head, line))))
    return;
  writing->framed = true;
  if (stated) {
    put_field(writing, line);
  } else if (how->framing == E100_FORWARD_CHUNKED) {
    PUT(writing, "Transfer-Encoding: chunked\r\n");
  } else {
    PUT(writing, "Content-Length: ");
    e100_outgoing_add_number(writing->outgoing, how->length, 10);
  }
}

static void put_host(struct writing *writing, struct e100_part value) {
  if (writing->hosted)
    return;
  writing->hosted = true;
  PUT(writing, "Host: ");
  put(writing, value);
  PUT(writing, "\r\n");
}

/* Whatever Connection says of Host: HTTP/1.1 does not do without. */
static void forward_host(struct writing *writing, const struct e100_field_line *line) {
  if (length_of(writing->authority) > 0) {
    put_host(writing, writing->authority);
  } else {
    writing->hosted = true;
    put_field(writing, line);
  }
}

/* A field that goes on unless Connection nominates it (RFC 9110 7.6.1). */
static void forward_unless_nominated(struct writing *writing, const struct e100_field_line *line) {
  if (!nominates(writing->head, name_of(writing->head, line)))
    put_field(writing, line);
}

static void forward_field(struct writing *writing, const struct e100_field_line *line) {
  const struct e100_forwarded *how = writing->how;
  switch (line->field) {
  case E100_FIELD_CONTENT_LENGTH:
  case E100_FIELD_TRANSFER_ENCODING:
    put_framing(writing, line);
    break;
  case E100_FIELD_HOST:
    forward_host(writing, line);
    break;
  case E100_FIELD_CONNECTION: /* the fields of one hop (RFC 9110 7.6.1) */
  case E100_FIELD_KEEP_ALIVE:
  case E100_FIELD_PROXY_CONNECTION:
  case E100_FIELD_TE:
    break;
  case E100_FIELD_UPGRADE:
    if (how->upgrades)
      put_field(writing, line);
    break;
  case E100_FIELD_EXPECT:
    if (how->response || !how->without_expect)
      forward_unless_nominated(writing, line);
    break;
  default:
    forward_unless_nominated(writing, line);
  }
}

/* ---- start lines --------------------------------------------------------------------------------------- */

static void put_request_line(struct writing *writing) {
  const struct e100_whole_head *head = writing->head;
  struct e100_part target = target_of(head);
  if (target.from == target.to)
    return; /* no request line is like that */
  writing->authority = take_authority(&target);
  if (is_connect(head))
    writing->implied = target;
  put(writing, part_of(head, head->start, head->first_blank + 1U));
  if (target.from == target.to || *target.from == '?')
    PUT(writing, "/"); /* absolute form without a path */
  put(writing, target);
  PUT(writing, " HTTP/1.1\r\n");
}

static void put_status_line(struct writing *writing) {
  const struct e100_whole_head *head = writing->head;
  struct e100_part rest = part_of(head, head->first_blank, head->start_end);
  PUT(writing, "HTTP/1.1");
  if (rest.from == rest.to)
    return; /* no status line is like that */
  enum { CODE = 4 /* octets: the blank and three digits */ };
  bool bare = length_of(rest) <= CODE + 2; /* without the blank behind the code, which the grammar asks for */
  if (bare)
    rest.to = rest.from + CODE;
  put(writing, rest);
  if (bare)
    PUT(writing, " \r\n");
}

static void put_via(struct writing *writing) {
  if (writing->how->minor == 0)
    PUT(writing, "Via: 1.0 expect100\r\n");
  else
    PUT(writing, "Via: 1.1 expect100\r\n");
}

void e100_forward_head(const struct e100_whole_head *head, const struct e100_forwarded *forwarded,
                       e100_send_fn *send, void *user) {
  struct e100_outgoing outgoing;
  struct writing writing = {.head = head, .how = forwarded, .outgoing = &outgoing};
  e100_outgoing_begin(&outgoing, send, user);
  if (forwarded->response)
    put_status_line(&writing);
  else
    put_request_line(&writing);
  for (unsigned i = 0; i < head->line_count; i++) {
    forward_field(&writing, &head->lines[i]);
  }
  if (length_of(writing.authority) > 0)
    put_host(&writing, writing.authority);
  else if (!forwarded->response) /* HTTP/1.0 does without, HTTP/1.1 does not */
    put_host(&writing, writing.implied);
  if (forwarded->with_expect)
    PUT(&writing, "Expect: 100-continue\r\n");
  put_via(&writing);
  if (forwarded->connection != NULL) {
    PUT(&writing, "Connection: ");
    e100_outgoing_add(&outgoing, forwarded->connection, strlen(forwarded->connection));
    E100_OUTGOING_ADD(&outgoing, "\r\n");
  }
  PUT(&writing, "\r\n");
  e100_outgoing_end(&outgoing);
}
