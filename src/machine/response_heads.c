#include "machine/response_heads.h"

#include <string.h>

#include "exchange/impossible.h"
#include "machine/octets.h"

/* The beginning of a status line, to the code: 'd' stands for a digit (RFC 9112 4). */
static const char status_line[] = "HTTP/d.d ddd";
enum { STATUS_LINE_LENGTH = sizeof status_line - 1, AT_MAJOR = 5, AT_MINOR = 7, AT_STATUS = 9 };

/* What the last octets were; below AFTER_CODE, how many octets of the status line there are. */
enum {
  AFTER_CODE = STATUS_LINE_LENGTH,
  IN_REASON,
  STATUS_CR,
  AT_FIRST_LINE, /* where no blank may stand (RFC 9112 2.2) */
  IN_NAME,
  BEFORE_COLON, /* blanks */
  BEFORE_VALUE, /* blanks */
  IN_VALUE,
  VALUE_CR,
  LINE_ENDED, /* unless the next octet is a blank: then it goes on */
  LAST_CR,
  ENDED,
  IMPOSSIBLE /* the octet is not permitted */
};

/* The fields whose values matter here. */
enum { OTHER_FIELD, CONNECTION_FIELD, CODING_FIELD, LENGTH_FIELD };

/* One call to e100_response_reader_take, while it reads a head. */
struct taking {
  struct e100_response_reader *reader;
  const struct e100_head_calls *calls;
  void *user;
};

/* ---- fields ------------------------------------------------------------------------------------------ */

/* No name that matters is longer than there is room, or begins with NUL. */
static void keep_name(struct e100_response_reader *reader, const uint8_t *octets, size_t length) {
  if (length > (size_t)E100_NAME_KEPT - reader->name_length) {
    memset(reader->name, 0, sizeof reader->name);
    reader->name_length = E100_NAME_KEPT;
    return;
  }
  for (size_t i = 0; i < length; i++)
    reader->name[reader->name_length++] = (char)e100_lower(octets[i]);
}

static bool name_is(const struct e100_response_reader *reader, const char *name, size_t length) {
  return reader->name_length == length && memcmp(reader->name, name, length) == 0;
}
#define NAME_IS(reader, literal) name_is(reader, literal, sizeof(literal) - 1)

static void name_ends(struct e100_response_reader *reader) {
  reader->field = OTHER_FIELD;
  if (NAME_IS(reader, "connection"))
    reader->field = CONNECTION_FIELD;
  else if (NAME_IS(reader, "transfer-encoding"))
    reader->field = CODING_FIELD;
  else if (NAME_IS(reader, "content-length"))
    reader->field = LENGTH_FIELD;
  reader->coded = reader->coded || reader->field == CODING_FIELD;
  reader->facts.upgrade = reader->facts.upgrade || NAME_IS(reader, "upgrade");
  reader->name_length = 0;
}

static void take_name(struct taking *taking, const uint8_t *octets, size_t length) {
  keep_name(taking->reader, octets, length);
  if (taking->calls != NULL && taking->calls->field_name != NULL) {
    taking->calls->field_name(taking->user, octets, length);
  }
}

static void take_value(struct taking *taking, const uint8_t *octets, size_t length) {
  struct e100_response_reader *reader = taking->reader;
  if (reader->field == CONNECTION_FIELD)
    e100_options_feed(&reader->options, octets, length);
  else if (reader->field == CODING_FIELD)
    e100_codings_feed(&reader->codings, octets, length);
  else if (reader->field == LENGTH_FIELD)
    e100_length_feed(&reader->length, octets, length);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, octets, length);
  }
}

static void line_ends(struct e100_response_reader *reader) {
  if (reader->field == CONNECTION_FIELD)
    e100_options_line_end(&reader->options);
  else if (reader->field == CODING_FIELD)
    e100_codings_line_end(&reader->codings);
  else if (reader->field == LENGTH_FIELD)
    e100_length_line_end(&reader->length);
}

/* ---- single octets ----------------------------------------------------------------------------------- */

static bool is_digit(uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

/* One more octet of "HTTP/1.1 200". */
static uint8_t status_line_step(struct e100_response_reader *reader, uint8_t octet) {
  struct e100_response_facts *facts = &reader->facts;
  uint8_t place = reader->place;
  char expected = status_line[place];
  if (expected != 'd')
    return octet == (uint8_t)expected ? (uint8_t)(place + 1) : (uint8_t)IMPOSSIBLE;
  if (!is_digit(octet) || (place == AT_STATUS && octet == '0'))
    return IMPOSSIBLE;
  uint8_t value = (uint8_t)(octet - '0');
  if (place == AT_MAJOR)
    facts->major = value;
  else if (place == AT_MINOR)
    facts->minor = value;
  else
    facts->status = (uint16_t)(facts->status * 10 + value);
  return facts->major == 1 ? (uint8_t)(place + 1) : (uint8_t)IMPOSSIBLE;
}

static uint8_t field_step(uint8_t place, uint8_t octet) {
  switch (place) {
  case IN_NAME:
  case BEFORE_COLON:
    if (octet == ':')
      return BEFORE_VALUE;
    return e100_is_blank(octet) ? BEFORE_COLON : IMPOSSIBLE;
  case BEFORE_VALUE:
    if (octet == '\r')
      return VALUE_CR;
    if (octet == '\n' || octet == '\0')
      return IMPOSSIBLE;
    return e100_is_blank(octet) ? BEFORE_VALUE : IN_VALUE;
  case IN_VALUE:
    return octet == '\r' ? VALUE_CR : IMPOSSIBLE;
  case VALUE_CR:
    return octet == '\n' ? LINE_ENDED : IMPOSSIBLE;
  case LINE_ENDED:
    if (e100_is_blank(octet))
      return BEFORE_VALUE;
    if (octet == '\r')
      return LAST_CR;
    return e100_is_token(octet) ? IN_NAME : IMPOSSIBLE;
  default: /* LAST_CR */
    return octet == '\n' ? ENDED : IMPOSSIBLE;
  }
}

/* Where one octet leads that does not go on with a run. */
static uint8_t step(struct e100_response_reader *reader, uint8_t octet) {
  switch (reader->place) {
  case AFTER_CODE: /* the space is often forgotten, and says nothing */
    if (octet == ' ')
      return IN_REASON;
    return octet == '\r' ? STATUS_CR : IMPOSSIBLE;
  case IN_REASON:
    return octet == '\r' ? STATUS_CR : IMPOSSIBLE;
  case STATUS_CR:
    return octet == '\n' ? AT_FIRST_LINE : IMPOSSIBLE;
  case AT_FIRST_LINE:
    if (octet == '\r')
      return LAST_CR;
    return e100_is_token(octet) ? IN_NAME : IMPOSSIBLE;
  default:
    return reader->place < AFTER_CODE ? status_line_step(reader, octet) : field_step(reader->place, octet);
  }
}

/* ---- runs: octets that go on with what the last one was ------------------------------------------------ */

static const uint8_t *after_reason(const uint8_t *at, const uint8_t *end) {
  while (at < end && (*at == '\t' || (*at >= ' ' && *at != 0x7f)))
    at++;
  return at;
}

static const uint8_t *after_name(const uint8_t *at, const uint8_t *end) {
  while (at < end && e100_is_token(*at))
    at++;
  return at;
}

static const uint8_t *after_value(const uint8_t *at, const uint8_t *end) {
  while (at < end && *at != '\r' && *at != '\n' && *at != '\0')
    at++;
  return at;
}

static uint32_t limit_of(const struct e100_response_reader *reader) {
  return reader->place <= IN_REASON ? E100_START_LINE_LIMIT : E100_HEAD_LIMIT;
}

/* Takes a run, where there is one, up to one octet beyond the limit; what comes after it. */
static const uint8_t *take_run(struct taking *taking, const uint8_t *at, const uint8_t *end) {
  const uint8_t *from = at;
  size_t room = (size_t)limit_of(taking->reader) + 1 - taking->reader->octets;
  if ((size_t)(end - at) > room)
    end = at + room;
  switch (taking->reader->place) {
  case IN_REASON:
    return after_reason(at, end);
  case IN_NAME:
    at = after_name(at, end);
    if (at > from)
      take_name(taking, from, (size_t)(at - from));
    return at;
  case IN_VALUE:
    at = after_value(at, end);
    if (at > from)
      take_value(taking, from, (size_t)(at - from));
    return at;
  default:
    return at;
  }
}

/* ---- heads --------------------------------------------------------------------------------------------- */

/* An octet leads to NEXT. */
static void go_to(struct taking *taking, uint8_t next) {
  static const uint8_t blank[] = " ";
  struct e100_response_reader *reader = taking->reader;
  uint8_t last = reader->place;
  reader->place = next;
  if (last == LINE_ENDED && next == BEFORE_VALUE)
    take_value(taking, blank, 1); /* the fold becomes a blank */
  else if (last == LINE_ENDED)
    line_ends(reader);
  else if ((last == IN_NAME || last == BEFORE_COLON) && next == BEFORE_VALUE)
    name_ends(reader);
}

static bool is_beyond_limit(const struct e100_response_reader *reader) {
  return reader->octets > limit_of(reader) || reader->field_lines > E100_FIELD_LINES_LIMIT;
}

/* Takes an octet that does not go on with a run; the first one of a name or a value is left to its run. False
 * where it is wrong. */
static bool take_octet(struct taking *taking, const uint8_t **at) {
  struct e100_response_reader *reader = taking->reader;
  uint8_t next = step(reader, **at);
  if (next == IMPOSSIBLE)
    return false;
  go_to(taking, next);
  if (next == IN_NAME)
    reader->field_lines++;
  if (next == IN_NAME || next == IN_VALUE)
    return true;
  ++*at;
  reader->octets++;
  return true;
}

/* Takes octets of a head, to its end or to the first that is wrong; how many. */
static size_t take_lines(struct taking *taking, const uint8_t *octets, const uint8_t *end) {
  struct e100_response_reader *reader = taking->reader;
  const uint8_t *at = octets;
  while (at < end && reader->place != ENDED && reader->facts.wrong == E100_RESPONSE_SOUND) {
    const uint8_t *from = at;
    at = take_run(taking, at, end);
    reader->octets += (uint32_t)(at - from);
    if (at < end && !is_beyond_limit(reader) && !take_octet(taking, &at))
      reader->facts.wrong = E100_RESPONSE_MALFORMED;
    else if (is_beyond_limit(reader))
      reader->facts.wrong = E100_RESPONSE_TOO_LARGE;
  }
  return (size_t)(at - octets);
}

/* ---- facts -----------------------------------------------------------------------------------------------
 */

/* No field of these can frame anything (RFC 9112 6.3 items 1 and 2). */
static bool has_no_content(const struct e100_response_reader *reader) {
  unsigned status = reader->facts.status;
  return status < 200 || status == 204 || status == 304 || reader->to_head ||
         (reader->to_connect && status < 300);
}

/* Where a message says that it has codings and a length, or codings in HTTP/1.0, an error is right (RFC
 * 9112 6.1, 6.3); and so it is where chunked is the last coding, but not the only chunked (RFC 9112 7.1). */
static void state_framing(struct e100_response_reader *reader) {
  struct e100_response_facts *facts = &reader->facts;
  const struct e100_length_field *length = &reader->length;
  facts->framing = E100_RESPONSE_UNTIL_CLOSE;
  if (reader->coded) {
    bool chunked = e100_codings_are_chunked(&reader->codings);
    if (length->any || facts->minor == 0 || (reader->codings.chunked_last && !chunked))
      facts->wrong = E100_RESPONSE_MALFORMED;
    if (chunked)
      facts->framing = E100_RESPONSE_CHUNKED;
  } else if (length->any) {
    facts->length = length->length;
    facts->framing = facts->length > 0 ? E100_RESPONSE_LENGTH : E100_RESPONSE_NO_CONTENT;
    if (length->wrong)
      facts->wrong = E100_RESPONSE_MALFORMED;
  }
}

static void state_facts(struct e100_response_reader *reader) {
  struct e100_response_facts *facts = &reader->facts;
  bool tunnel = facts->status == 101 || (reader->to_connect && facts->status / 100 == 2);
  facts->interim = facts->status < 200 && !tunnel;
  facts->close = reader->options.close;
  if (tunnel)
    facts->framing = E100_RESPONSE_TUNNEL;
  else if (!has_no_content(reader))
    state_framing(reader);
  facts->persists = !reader->options.close && (facts->minor > 0 || reader->options.keep_alive) &&
                    facts->framing != E100_RESPONSE_UNTIL_CLOSE && !tunnel;
  e100_response_reader_follow(reader);
}

void e100_response_reader_follow(struct e100_response_reader *reader) {
  const struct e100_response_facts *facts = &reader->facts;
  reader->in_content = !facts->interim;
  reader->complete = !facts->interim &&
                     (facts->framing == E100_RESPONSE_NO_CONTENT || facts->framing == E100_RESPONSE_TUNNEL);
  if (facts->framing == E100_RESPONSE_LENGTH)
    e100_content_begin_length(&reader->content, facts->length);
  else if (facts->framing == E100_RESPONSE_CHUNKED)
    e100_content_begin_chunked(&reader->content);
}

/* ---- taking octets ---------------------------------------------------------------------------------------
 */

void e100_response_reader_init(struct e100_response_reader *reader, bool to_head, bool to_connect) {
  memset(reader, 0, sizeof *reader);
  reader->to_head = to_head;
  reader->to_connect = to_connect;
}

bool e100_response_reader_begun(const struct e100_response_reader *reader) {
  return reader->in_content || (reader->place > 0 && reader->place != ENDED);
}

static enum e100_reader_event take_head(struct taking *taking, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  struct e100_response_reader *reader = taking->reader;
  if (reader->place == ENDED)
    e100_response_reader_init(reader, reader->to_head, reader->to_connect);
  *taken = take_lines(taking, octets, octets + length);
  if (taking->calls != NULL && taking->calls->octets != NULL) {
    taking->calls->octets(taking->user, octets, *taken);
  }
  if (reader->facts.wrong == E100_RESPONSE_SOUND && reader->place != ENDED)
    return E100_READ_MORE;
  if (reader->facts.wrong == E100_RESPONSE_SOUND)
    state_facts(reader);
  return E100_READ_HEAD;
}

static enum e100_reader_event take_content(struct e100_response_reader *reader, const uint8_t *octets,
                                           size_t length, size_t *taken, size_t *count) {
  if (reader->facts.framing == E100_RESPONSE_UNTIL_CLOSE) {
    *taken = *count = length;
    return length > 0 ? E100_READ_CONTENT : E100_READ_MORE;
  }
  switch (e100_content_take(&reader->content, octets, length, taken, count)) {
  case E100_CONTENT_GOES_ON:
    return E100_READ_MORE;
  case E100_CONTENT_OCTETS:
    return E100_READ_CONTENT;
  case E100_CONTENT_WHOLE:
    reader->complete = true;
    return E100_READ_COMPLETE;
  default:
    reader->facts.wrong = E100_RESPONSE_MALFORMED;
    return E100_READ_WRONG;
  }
}

enum e100_reader_event e100_response_reader_take(struct e100_response_reader *reader,
                                                 const struct e100_head_calls *calls, void *user,
                                                 const uint8_t *octets, size_t length, size_t *taken,
                                                 const uint8_t **content, size_t *content_length) {
  E100_CHECK(!reader->complete && reader->facts.wrong == E100_RESPONSE_SOUND,
             "a reader that is done takes no octets");
  *content = NULL;
  *content_length = 0;
  if (!reader->in_content) {
    struct taking taking = {.reader = reader, .calls = calls, .user = user};
    return take_head(&taking, octets, length, taken);
  }
  enum e100_reader_event event = take_content(reader, octets, length, taken, content_length);
  if (*content_length > 0)
    *content = octets + *taken - *content_length;
  return event;
}

enum e100_reader_event e100_response_reader_end(struct e100_response_reader *reader) {
  size_t taken = 0, count = 0;
  bool reading = reader->in_content && !reader->complete && reader->facts.wrong == E100_RESPONSE_SOUND;
  if (reading && reader->facts.framing == E100_RESPONSE_UNTIL_CLOSE)
    reader->complete = true;
  else if (reading)
    (void)take_content(reader, NULL, 0, &taken, &count);
  return reader->complete ? E100_READ_COMPLETE : E100_READ_WRONG;
}
