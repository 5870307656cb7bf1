#include "machine/forwarding.h"

#include <string.h>

#include "machine/host_field.h"
#include "machine/octets.h"
#include "machine/responses.h"

/* Octets of a head, from FROM up to TO. */
struct part {
  const uint8_t *from, *to;
};

struct field {
  struct part name;
  struct part line; /* with its folds, and its CRLF */
  bool folded;
};

static size_t length_of(struct part part) {
  return (size_t)(part.to - part.from);
}

static bool is_same(struct part part, const char *lower) {
  for (size_t i = 0; i < length_of(part); i++) {
    if (e100_lower(part.from[i]) != (uint8_t)lower[i])
      return false;
  }
  return true;
}

/* Whether PART is LITERAL, which is in lower case. Most differ in length. */
#define PART_IS(part, literal) (length_of(part) == sizeof(literal) - 1 && is_same(part, literal))

/* Blanks, and the line ends of folds. */
static bool is_gap(uint8_t octet) {
  return e100_is_blank(octet) || octet == '\r' || octet == '\n';
}

static struct part without_gaps(struct part part) {
  while (part.from < part.to && is_gap(part.from[0]))
    part.from++;
  while (part.from < part.to && is_gap(part.to[-1]))
    part.to--;
  return part;
}

/* ---- the lines of a head ------------------------------------------------------------------------------- */

/* The line that begins at FROM, with its CRLF. */
static struct part line_at(const uint8_t *from, const uint8_t *end) {
  const uint8_t *feed = memchr(from, '\n', (size_t)(end - from));
  return (struct part){from, feed != NULL ? feed + 1 : end};
}

/* The start line; empty lines before it are ignored (RFC 9112 2.2). */
static struct part start_line(const struct e100_whole_head *head) {
  const uint8_t *at = head->octets;
  const uint8_t *end = at + head->length;
  while (at < end && (*at == '\r' || *at == '\n'))
    at++;
  return line_at(at, end);
}

/* The field line that begins at AT, with its folds; false at the empty line. */
static bool field_at(const uint8_t *at, const uint8_t *end, struct field *field) {
  struct part line = line_at(at, end);
  field->folded = line.to < end && e100_is_blank(*line.to);
  while (line.to < end && e100_is_blank(*line.to))
    line.to = line_at(line.to, end).to;
  const uint8_t *colon = memchr(line.from, ':', length_of(line));
  if (colon == NULL)
    return false;
  field->line = line;
  field->name = without_gaps((struct part){line.from, colon});
  return true;
}

/* Without blanks at its ends; a fold in it is still one. */
static struct part value_of(const struct field *field) {
  const uint8_t *at = field->name.to;
  while (*at != ':')
    at++;
  return without_gaps((struct part){at + 1, field->line.to});
}

/* For each field of HEAD. */
#define FOR_EACH_FIELD(field, head)                                                                        \
  for (const uint8_t *at_ = start_line(head).to; field_at(at_, (head)->octets + (head)->length, &(field)); \
       at_ = (field).line.to)

/* ---- what is asked of a head --------------------------------------------------------------------------- */

/* The next member of a list, perhaps an empty one, is taken off LIST; false at its end. */
static bool next_member(struct part *list, struct part *member) {
  if (list->from >= list->to)
    return false;
  const uint8_t *comma = memchr(list->from, ',', length_of(*list));
  const uint8_t *end = comma != NULL ? comma : list->to;
  *member = without_gaps((struct part){list->from, end});
  list->from = end < list->to ? end + 1 : end;
  return true;
}

/* Whether one of the members of a list is NAME, in any letter case. */
static bool lists(struct part list, struct part name) {
  struct part member;
  while (next_member(&list, &member)) {
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

/* There is a field line Connection, or one whose name begins so. */
static bool may_have_options(const struct e100_whole_head *head) {
  static const char name[] = "connection";
  const uint8_t *end = head->octets + head->length;
  for (struct part line = start_line(head); end - line.to > (ptrdiff_t)sizeof name;) {
    if (is_same((struct part){line.to, line.to + sizeof name - 1}, name))
      return true;
    line = line_at(line.to, end);
  }
  return false;
}

static bool nominates(const struct e100_whole_head *head, struct part name) {
  struct field field;
  FOR_EACH_FIELD(field, head) {
    if (PART_IS(field.name, "connection") && lists(value_of(&field), name))
      return true;
  }
  return false;
}

bool e100_head_nominates(const struct e100_whole_head *head, const char *lower) {
  const uint8_t *octets = (const uint8_t *)lower;
  return may_have_options(head) && nominates(head, (struct part){octets, octets + strlen(lower)});
}

bool e100_head_has_three_words(const struct e100_whole_head *head) {
  struct part line = start_line(head);
  unsigned blanks = 0;
  const uint8_t *last = line.from;
  for (const uint8_t *at = line.from; at + 2 < line.to; at++) {
    bool other = *at < ' ' || *at == 0x7f;
    if (other || (*at == ' ' && (at == last || at == line.from)))
      return false;
    if (*at == ' ') {
      blanks++;
      last = at + 1; /* another one here would be a second blank */
    }
  }
  return blanks == 2;
}

bool e100_head_codes_otherwise(const struct e100_whole_head *head) {
  struct field field;
  struct part member;
  bool other = false;
  unsigned codings = 0;
  FOR_EACH_FIELD(field, head) {
    if (!PART_IS(field.name, "transfer-encoding"))
      continue;
    struct part rest = value_of(&field);
    while (next_member(&rest, &member)) {
      codings += length_of(member) > 0; /* an empty member is none (RFC 9110 5.6.1.2) */
      other = other || (length_of(member) > 0 && !PART_IS(member, "chunked"));
    }
  }
  return other || codings > 1;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

enum { OWN_LIMIT = 128 /* octets of our own that are sent together */ };

struct writing {
  const struct e100_whole_head *head;
  const struct e100_forwarded *how;
  e100_send_fn *send;
  void *user;
  struct part run;       /* octets that go on as they came, and were not sent yet */
  struct part authority; /* of a target in absolute form; else empty */
  struct part implied;   /* what a missing Host must be: the target of CONNECT, else empty (RFC 9112 3.2) */
  bool options;          /* there may be a field line Connection */
  bool framed;           /* a line that frames the content was written */
  bool hosted;           /* a Host was written */
  uint8_t own[OWN_LIMIT];
  size_t owned;
};

static void flush(struct writing *writing) {
  if (writing->run.from < writing->run.to)
    writing->send(writing->user, writing->run.from, length_of(writing->run));
  writing->run.from = writing->run.to;
}

static void put(struct writing *writing, struct part part) {
  if (writing->run.to != part.from) {
    flush(writing);
    writing->run.from = part.from;
  }
  writing->run.to = part.to;
}

/* At most OWN_LIMIT octets. */
static void put_octets(struct writing *writing, const char *octets, size_t length) {
  if (length > OWN_LIMIT - writing->owned) {
    flush(writing);
    writing->owned = 0;
  }
  uint8_t *own = writing->own + writing->owned;
  memcpy(own, octets, length);
  writing->owned += length;
  put(writing, (struct part){own, own + length});
}

#define PUT(writing, literal) put_octets(writing, literal, sizeof(literal) - 1)

_Static_assert(sizeof "Content-Length: 18446744073709551615\r\n" <= OWN_LIMIT, "each line of our own fits");

static void put_length(struct writing *writing) {
  struct e100_response_head line = {.length = 0};
  e100_add_length_line(&line, writing->how->length);
  put_octets(writing, line.octets, line.length);
}

/* A value in which each fold becomes one blank. */
static void put_unfolded(struct writing *writing, struct part value) {
  const uint8_t *at = value.from;
  while (at < value.to) {
    const uint8_t *end = at;
    while (end < value.to && *end != '\r' && *end != '\n')
      end++;
    put(writing, (struct part){at, end});
    while (end < value.to && is_gap(*end))
      end++;
    if (end < value.to)
      PUT(writing, " ");
    at = end;
  }
}

/* Whether a line is as plain as most are: one line, and no blank before the colon. */
static bool is_plain(const struct field *field) {
  return *field->name.to == ':' && !field->folded && field->line.to[-1] == '\n';
}

static void put_field(struct writing *writing, const struct field *field) {
  if (is_plain(field)) {
    put(writing, field->line);
    return;
  }
  put(writing, field->name);
  PUT(writing, ": ");
  put_unfolded(writing, value_of(field));
  PUT(writing, "\r\n");
}

/* The fields of one hop (RFC 9110 7.6.1). */
static bool is_of_one_hop(const struct writing *writing, struct part name) {
  if (PART_IS(name, "connection") || PART_IS(name, "keep-alive") || PART_IS(name, "proxy-connection") ||
      PART_IS(name, "te"))
    return true;
  if (PART_IS(name, "upgrade"))
    return !writing->how->upgrades;
  return writing->options && nominates(writing->head, name);
}

static bool is_number(struct part part) {
  for (const uint8_t *at = part.from; at < part.to; at++) {
    if (*at < '0' || *at > '9')
      return false;
  }
  return part.from < part.to;
}

/* The framing is written once, at the place of the first line that says something about it. */
static void put_framing(struct writing *writing, const struct field *field) {
  const struct e100_forwarded *how = writing->how;
  bool stated = how->framing == E100_FORWARD_STATED_LENGTH;
  if (writing->framed || how->framing == E100_FORWARD_NO_FRAMING ||
      (stated && (!PART_IS(field->name, "content-length") || !is_number(value_of(field)))))
    return;
  writing->framed = true;
  if (stated)
    put_field(writing, field);
  else if (how->framing == E100_FORWARD_CHUNKED)
    PUT(writing, "Transfer-Encoding: chunked\r\n");
  else
    put_length(writing);
}

static void put_host(struct writing *writing, struct part value) {
  if (writing->hosted)
    return;
  writing->hosted = true;
  PUT(writing, "Host: ");
  put(writing, value);
  PUT(writing, "\r\n");
}

static void forward_field(struct writing *writing, const struct field *field) {
  struct part name = field->name;
  if (PART_IS(name, "content-length") || PART_IS(name, "transfer-encoding")) {
    put_framing(writing, field);
  } else if (PART_IS(name, "expect") && !writing->how->response && writing->how->without_expect) {
    return;
  } else if (length_of(writing->authority) > 0 && PART_IS(name, "host")) {
    put_host(writing, writing->authority);
  } else if (PART_IS(name, "host")) { /* whatever Connection says of it: HTTP/1.1 does not do without */
    writing->hosted = true;
    put_field(writing, field);
  } else if (!is_of_one_hop(writing, name)) {
    put_field(writing, field);
  }
}

/* ---- start lines --------------------------------------------------------------------------------------- */

/* A target in absolute form becomes one in origin form, and its authority the Host (RFC 9112 3.2.1, 3.2.2).
 */
static struct part take_authority(struct writing *writing, struct part target) {
  static const char scheme[] = "http://";
  struct part prefix = {target.from, target.from + sizeof scheme - 1};
  if (length_of(target) < sizeof scheme || !is_same(prefix, scheme))
    return target;
  const uint8_t *end = prefix.to;
  while (end < target.to && *end != '/' && *end != '?')
    end++;
  const uint8_t *user = memchr(prefix.to, '@', (size_t)(end - prefix.to));
  writing->authority = (struct part){user != NULL ? user + 1 : prefix.to, end};
  return length_of(writing->authority) > 0 ? (struct part){end, target.to} : target;
}

bool e100_head_names_host(const struct e100_whole_head *head) {
  struct writing writing = {.head = head};
  struct part line = start_line(head);
  const uint8_t *blank = memchr(line.from, ' ', length_of(line));
  const uint8_t *end = blank != NULL ? memchr(blank + 1, ' ', (size_t)(line.to - blank - 1)) : NULL;
  if (end == NULL)
    return true;
  struct part target = {blank + 1, end};
  (void)take_authority(&writing, target);
  struct part method = {line.from, blank};
  struct part named = PART_IS(method, "connect") ? target : writing.authority;
  struct e100_host_field host = {0};
  e100_host_feed(&host, named.from, length_of(named));
  return length_of(named) == 0 || e100_host_is_valid(&host);
}

static void put_request_line(struct writing *writing, struct part line) {
  const uint8_t *blank = memchr(line.from, ' ', length_of(line));
  const uint8_t *last = line.to;
  while (last > line.from && last[-1] != ' ')
    last--;
  if (blank == NULL || last <= blank + 1)
    return; /* no request line is like that */
  struct part target = take_authority(writing, (struct part){blank + 1, last - 1});
  struct part method = {line.from, blank};
  if (PART_IS(method, "connect"))
    writing->implied = target;
  put(writing, (struct part){line.from, blank + 1});
  if (target.from == target.to || *target.from == '?')
    PUT(writing, "/"); /* absolute form without a path */
  put(writing, target);
  PUT(writing, " HTTP/1.1\r\n");
}

static void put_status_line(struct writing *writing, struct part line) {
  const uint8_t *blank = memchr(line.from, ' ', length_of(line));
  PUT(writing, "HTTP/1.1");
  if (blank == NULL)
    return; /* no status line is like that */
  struct part rest = {blank, line.to};
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
  struct writing writing = {.head = head, .how = forwarded, .send = send, .user = user};
  struct field field;
  struct part start = start_line(head);
  if (forwarded->response)
    put_status_line(&writing, start);
  else
    put_request_line(&writing, start);
  writing.options = may_have_options(head);
  FOR_EACH_FIELD(field, head) {
    forward_field(&writing, &field);
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
    const uint8_t *options = (const uint8_t *)forwarded->connection;
    put(&writing, (struct part){options, options + strlen(forwarded->connection)});
    PUT(&writing, "\r\n");
  }
  PUT(&writing, "\r\n");
  flush(&writing);
}
