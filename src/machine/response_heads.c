#include "machine/response_heads.h"

#include <string.h>

#include <llhttp.h>

#include "exchange/impossible.h"
#include "machine/octets.h"

_Static_assert(sizeof(llhttp_t) <= E100_LLHTTP_ROOM, "there is room for the state of llhttp");

static llhttp_t *llhttp_of(struct e100_response_reader *reader) {
  return (llhttp_t *)(void *)reader->llhttp.octets;
}

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
enum { OTHER_FIELD, CONNECTION_FIELD };

/* One call to e100_response_reader_take, while it reads a head. */
struct taking {
  struct e100_response_reader *reader;
  const struct e100_head_calls *calls;
  void *user;
  const uint8_t *shown; /* octets from here on are for llhttp; NULL: there are none in this call so far */
  bool head_complete;   /* llhttp says so */
};

/* ---- llhttp ------------------------------------------------------------------------------------------ */

static int on_headers_complete(llhttp_t *llhttp) {
  ((struct taking *)llhttp->data)->head_complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t settings = {.on_headers_complete = on_headers_complete};

/* False where llhttp refuses the octets. */
static bool show(struct taking *taking, const void *octets, size_t length) {
  if (length == 0)
    return true;
  llhttp_t *llhttp = llhttp_of(taking->reader);
  llhttp->data = taking;
  llhttp_errno_t error = llhttp_execute(llhttp, octets, length);
  llhttp->data = NULL;
  llhttp->error_pos = NULL;
  llhttp->reason = NULL;
  return error == HPE_OK || (error == HPE_PAUSED && taking->head_complete);
}

/* No field of these can frame anything (RFC 9112 6.3 items 1 and 2). */
static bool has_no_content(const struct e100_response_reader *reader) {
  unsigned status = reader->facts.status;
  return status < 200 || status == 204 || status == 304 || reader->to_head ||
         (reader->to_connect && status < 300);
}

/* Every head has an llhttp of its own, and the same status line: it makes too much of some others. */
static bool begin_llhttp(struct taking *taking, const uint8_t *after_status_line) {
  static const char plain_status_line[] = "HTTP/1.1 200 OK\r\n";
  if (has_no_content(taking->reader))
    return true;
  llhttp_init(llhttp_of(taking->reader), HTTP_RESPONSE, &settings);
  taking->shown = after_status_line;
  return show(taking, plain_status_line, sizeof plain_status_line - 1);
}

/* Shows what is to be shown up to END; what follows from NEXT on is to be shown, too. */
static bool show_up_to(struct taking *taking, const uint8_t *end, const uint8_t *next) {
  if (has_no_content(taking->reader))
    return true;
  const uint8_t *from = taking->shown;
  taking->shown = next;
  return from == NULL || from >= end || show(taking, from, (size_t)(end - from));
}

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
  reader->field = NAME_IS(reader, "connection") ? CONNECTION_FIELD : OTHER_FIELD;
  reader->coded = reader->coded || NAME_IS(reader, "transfer-encoding");
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
  if (taking->reader->field == CONNECTION_FIELD)
    e100_options_feed(&taking->reader->options, octets, length);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, octets, length);
  }
}

static void line_ends(struct e100_response_reader *reader) {
  if (reader->field == CONNECTION_FIELD)
    e100_options_line_end(&reader->options);
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

/* The fold that AT ends becomes one blank; the CR and LF before it, where this call has them, are not shown.
 */
static bool unfold(struct taking *taking, const uint8_t *at) {
  static const uint8_t blank[] = " ";
  if (taking->reader->field == CONNECTION_FIELD)
    e100_options_feed(&taking->reader->options, blank, 1);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, blank, 1);
  }
  bool shown = taking->shown == NULL || show_up_to(taking, at - 2, at);
  taking->shown = at;
  return shown;
}

/* Octets that were held back, since a fold might have followed, and now are shown. */
static bool show_line_end(struct taking *taking, const uint8_t *at) {
  if (taking->shown != NULL || has_no_content(taking->reader))
    return true;
  taking->shown = at;
  return show(taking, "\r\n", 2);
}

/* The octet AT leads to NEXT; false where the head is wrong. */
static bool went(struct taking *taking, uint8_t next, const uint8_t *at) {
  struct e100_response_reader *reader = taking->reader;
  uint8_t last = reader->place;
  reader->place = next;
  if (last == STATUS_CR)
    return begin_llhttp(taking, at + 1);
  if (last == LINE_ENDED && next == BEFORE_VALUE)
    return unfold(taking, at);
  if (last == LINE_ENDED) {
    line_ends(reader);
    if (!show_line_end(taking, at))
      return false;
  }
  if (next == BEFORE_COLON)
    return show_up_to(taking, at, at + 1);
  if ((last == IN_NAME || last == BEFORE_COLON) && next == BEFORE_VALUE)
    name_ends(reader);
  return next != ENDED || show_up_to(taking, at + 1, NULL);
}

static bool is_beyond_limit(const struct e100_response_reader *reader) {
  return reader->octets > limit_of(reader) || reader->field_lines > E100_FIELD_LINES_LIMIT;
}

/* Takes an octet that does not go on with a run; the first one of a name or a value is left to its run. False
 * where it is wrong. */
static bool take_octet(struct taking *taking, const uint8_t **at) {
  struct e100_response_reader *reader = taking->reader;
  uint8_t next = step(reader, **at);
  if (next == IMPOSSIBLE || !went(taking, next, *at))
    return false;
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

/* Shows llhttp what this call has left, but for a line end after which a fold may come. */
static bool show_rest(struct taking *taking, const uint8_t *end) {
  uint8_t place = taking->reader->place;
  unsigned held = place == VALUE_CR ? 1 : place == LINE_ENDED ? 2 : 0;
  if (taking->shown == NULL || end - taking->shown < (ptrdiff_t)held)
    return true;
  return show_up_to(taking, end - held, NULL);
}

/* ---- facts -----------------------------------------------------------------------------------------------
 */

static void state_framing(struct e100_response_reader *reader) {
  const llhttp_t *llhttp = llhttp_of(reader);
  struct e100_response_facts *facts = &reader->facts;
  facts->framing = E100_RESPONSE_UNTIL_CLOSE;
  if (reader->coded) {
    /* HTTP/1.0 has no transfer codings (RFC 9112 6.1); and 8.1.0 overlooks the field where it is empty. */
    if (facts->minor == 0 || (llhttp->flags & F_TRANSFER_ENCODING) == 0)
      facts->wrong = E100_RESPONSE_MALFORMED;
    if ((llhttp->flags & F_CHUNKED) != 0)
      facts->framing = E100_RESPONSE_CHUNKED;
  } else if ((llhttp->flags & F_CONTENT_LENGTH) != 0) {
    facts->length = llhttp->content_length;
    facts->framing = facts->length > 0 ? E100_RESPONSE_LENGTH : E100_RESPONSE_NO_CONTENT;
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

static void begin_head(struct e100_response_reader *reader) {
  memset(&reader->llhttp, 0, sizeof reader->llhttp);
  reader->facts = (struct e100_response_facts){.status = 0};
  reader->options = (struct e100_option_list){.place = 0};
  reader->octets = 0;
  reader->field_lines = 0;
  reader->place = 0;
  reader->name_length = 0;
  reader->field = OTHER_FIELD;
  reader->coded = false;
}

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
    begin_head(reader);
  if (reader->place != VALUE_CR && reader->place != LINE_ENDED && reader->place > STATUS_CR)
    taking->shown = octets;
  *taken = take_lines(taking, octets, octets + length);
  if (taking->calls != NULL && taking->calls->octets != NULL) {
    taking->calls->octets(taking->user, octets, *taken);
  }
  /* llhttp first, so that its word does not depend on how far this reader could look ahead. */
  if (!show_rest(taking, octets + *taken))
    reader->facts.wrong = E100_RESPONSE_MALFORMED;
  if (reader->facts.wrong != E100_RESPONSE_SOUND)
    return E100_READ_HEAD;
  if (reader->place != ENDED)
    return E100_READ_MORE;
  if (taking->head_complete || has_no_content(reader))
    state_facts(reader);
  else
    reader->facts.wrong = E100_RESPONSE_MALFORMED; /* llhttp sees another head: nobody knows which */
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
