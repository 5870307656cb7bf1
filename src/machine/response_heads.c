#include "machine/response_heads.h"

#include <string.h>

#include <llhttp.h>

#include "exchange/impossible.h"
#include "machine/field_names.h"
#include "machine/octets.h"
#include "machine/work_arounds.h"

_Static_assert(sizeof(llhttp_t) <= E100_LLHTTP_ROOM, "there is room for the state of llhttp");

static llhttp_t *llhttp_of(struct e100_response_reader *reader) {
  return (llhttp_t *)(void *)reader->llhttp.octets;
}

/* One call to e100_response_reader_take, while it reads a head; `data` of llhttp points here. */
struct taking {
  struct e100_response_reader *reader;
  const struct e100_head_calls *calls;
  void *user;
  struct e100_name_piece name; /* of the present field */
  bool nothing_meant;          /* llhttp was given an octet in place of others */
};

/* ---- what llhttp reports ------------------------------------------------------------------------------- */

static int on_name(llhttp_t *llhttp, const char *at, size_t length) {
  struct taking *taking = llhttp->data;
  e100_name_comes(&taking->reader->name, &taking->name, (const uint8_t *)at, length);
  if (length > 0 && taking->calls != NULL && taking->calls->field_name != NULL) {
    taking->calls->field_name(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

/* llhttp stops behind the name of a field that frames content. */
static int on_name_complete(llhttp_t *llhttp) {
  struct taking *taking = llhttp->data;
  struct e100_response_reader *reader = taking->reader;
  enum e100_field field = e100_name_ends(&reader->name, &taking->name);
  bool coding = field == E100_FIELD_TRANSFER_ENCODING;
  bool frames = coding || field == E100_FIELD_CONTENT_LENGTH;
  reader->field = (uint8_t)(frames || field == E100_FIELD_CONNECTION ? field : E100_FIELD_OTHER);
  reader->coded = reader->coded || coding;
  reader->facts.upgrade = reader->facts.upgrade || field == E100_FIELD_UPGRADE;
  reader->hides = frames && E100_WORKS_AROUND(RESPONSE_FRAMING);
  return reader->hides ? HPE_PAUSED : 0;
}

/* A piece of a value, as it was meant. */
static void take_value(const struct taking *taking, const uint8_t *octets, size_t length) {
  struct e100_response_reader *reader = taking->reader;
  if (reader->field == E100_FIELD_CONNECTION)
    e100_options_feed(&reader->options, octets, length);
  else if (reader->field == E100_FIELD_TRANSFER_ENCODING)
    e100_codings_feed(&reader->codings, octets, length);
  else if (reader->field == E100_FIELD_CONTENT_LENGTH)
    e100_length_feed(&reader->length, octets, length);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, octets, length);
  }
}

static int on_value(llhttp_t *llhttp, const char *at, size_t length) {
  const struct taking *taking = llhttp->data;
  if (!taking->nothing_meant)
    take_value(taking, (const uint8_t *)at, length);
  return 0;
}

static int on_value_complete(llhttp_t *llhttp) {
  struct e100_response_reader *reader = ((const struct taking *)llhttp->data)->reader;
  if (reader->field == E100_FIELD_CONNECTION)
    e100_options_line_end(&reader->options);
  else if (reader->field == E100_FIELD_TRANSFER_ENCODING)
    e100_codings_line_end(&reader->codings);
  else if (reader->field == E100_FIELD_CONTENT_LENGTH)
    e100_length_line_end(&reader->length);
  return 0;
}

static int on_headers_complete(llhttp_t *llhttp) {
  ((const struct taking *)llhttp->data)->reader->head_complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_header_field = on_name,
    .on_header_field_complete = on_name_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
};

/* ---- what llhttp is given ------------------------------------------------------------------------------ */

/* Gives octets to llhttp, up to the end of the head, or behind a name at which it stops; *TOOK is how many.
 * False where it refuses them. */
static bool execute(struct taking *taking, const uint8_t *octets, size_t length, size_t *took) {
  llhttp_t *llhttp = llhttp_of(taking->reader);
  llhttp->data = taking;
  llhttp_errno_t error = llhttp_execute(llhttp, (const char *)octets, length);
  llhttp->data = NULL;
  e100_name_put_away(&taking->reader->name, &taking->name);
  *took = length;
  if (error == HPE_OK)
    return true;
  *took = (size_t)((const uint8_t *)llhttp_get_error_pos(llhttp) - octets);
  llhttp->error_pos = NULL;
  llhttp->reason = NULL;
  if (error != HPE_PAUSED)
    return false;
  if (!taking->reader->head_complete)
    llhttp_resume(llhttp);
  return true;
}

/* In place of a value that frames content llhttp gets one that says nothing, and forgets what it makes of it:
 * it would refuse lengths and codings that do not agree, where there is no content to frame, too. */
static bool give_stand_in(struct taking *taking) {
  static const uint8_t nothing = '0';
  llhttp_t *llhttp = llhttp_of(taking->reader);
  size_t took = 0;
  llhttp->flags &= (uint16_t) ~(F_CHUNKED | F_CONTENT_LENGTH | F_TRANSFER_ENCODING);
  taking->nothing_meant = true;
  bool given = execute(taking, &nothing, 1, &took);
  taking->nothing_meant = false;
  taking->reader->hides = false;
  taking->reader->in_value = false;
  return given;
}

/* Takes what there is of a hidden value, up to its line end, or END. */
static const uint8_t *take_hidden(struct taking *taking, const uint8_t *at, const uint8_t *end) {
  const uint8_t *cr = memchr(at, '\r', (size_t)(end - at));
  const uint8_t *value_end = cr != NULL ? cr : end;
  const uint8_t *from = taking->reader->in_value ? at : e100_after_blanks(at, value_end);
  if (from < value_end) {
    taking->reader->in_value = true;
    take_value(taking, from, (size_t)(value_end - from));
  }
  return value_end;
}

/* Octets that the guard let through; false where llhttp refuses them. */
static bool give(struct taking *taking, const uint8_t *octets, size_t length) {
  const uint8_t *at = octets;
  const uint8_t *end = octets + length;
  bool given = true;
  while (at < end && given) {
    size_t took = 0;
    if (taking->reader->hides) {
      at = take_hidden(taking, at, end);
      given = at == end || give_stand_in(taking);
      continue;
    }
    given = execute(taking, at, (size_t)(end - at), &took);
    at += took;
    if (taking->reader->head_complete)
      return given && at == end;
  }
  return given;
}

/* The octets of a status line, with its minor version at MINOR, if it is there: llhttp knows none above 1. */
static bool give_with_minor(struct taking *taking, const uint8_t *octets, size_t length, size_t minor) {
  static const uint8_t highest = '1';
  if (minor >= length)
    return give(taking, octets, length);
  taking->reader->facts.minor = (uint8_t)(octets[minor] - '0');
  if (octets[minor] <= highest || !E100_WORKS_AROUND(RESPONSE_MINOR))
    return give(taking, octets, length);
  return give(taking, octets, minor) && give(taking, &highest, 1) &&
         give(taking, octets + minor + 1, length - minor - 1);
}

static const uint8_t line_end[] = "\r\n";

/* What the guard took since it was asked last, with the line end that was kept back, and without what VERDICT
 * says that it does not mean. MINOR as above. */
static bool pass_on(struct taking *taking, const uint8_t *octets, size_t length, size_t minor,
                    enum e100_lines_verdict verdict) {
  static const uint8_t blank = ' ';
  struct e100_response_reader *reader = taking->reader;
  size_t before = reader->undecided;
  size_t after = e100_lines_undecided(&reader->lines);
  bool fold = verdict == E100_LINES_FOLD && E100_WORKS_AROUND(RESPONSE_FOLDS);
  bool dropped = verdict == E100_LINES_DROPPED && E100_WORKS_AROUND(RESPONSE_BLANKS);
  if (!E100_WORKS_AROUND(RESPONSE_FOLDS))
    after = 0;
  reader->undecided = (uint8_t)after;
  /* Of the octets that were kept back and these: how many llhttp gets. */
  size_t count = before + length - (fold ? sizeof line_end - 1 : after) - dropped;
  size_t from_before = count < before ? count : before;
  if (from_before > 0 && !give(taking, line_end, from_before))
    return false;
  return give_with_minor(taking, octets, count - from_before, minor) && (!fold || give(taking, &blank, 1));
}

/* ---- heads --------------------------------------------------------------------------------------------- */

void e100_response_reader_init(struct e100_response_reader *reader, bool to_head, bool to_connect) {
  memset(reader, 0, sizeof *reader);
  reader->to_head = to_head;
  reader->to_connect = to_connect;
  e100_lines_begin_response(&reader->lines);
  llhttp_init(llhttp_of(reader), HTTP_RESPONSE, &settings);
  llhttp_set_lenient_headers(llhttp_of(reader), E100_WORKS_AROUND(RESPONSE_FOLDS));
}

/* After an interim response. */
static void begin_next_head(struct e100_response_reader *reader) {
  const struct e100_response_reader last = *reader;
  e100_response_reader_init(reader, last.to_head, last.to_connect);
  if (E100_WORKS_AROUND(RESPONSE_PARSER))
    return;
  reader->llhttp = last.llhttp;
  llhttp_resume(llhttp_of(reader));
}

/* As take_lines, without the guard. */
static size_t take_unguarded(struct taking *taking, const uint8_t *octets, const uint8_t *end) {
  struct e100_response_reader *reader = taking->reader;
  const uint8_t *at = octets;
  while (at < end && !reader->head_complete && reader->facts.wrong == E100_RESPONSE_SOUND) {
    if (!give(taking, at, 1))
      reader->facts.wrong = E100_RESPONSE_MALFORMED;
    at++;
  }
  reader->facts.minor = llhttp_of(reader)->http_minor;
  return (size_t)(at - octets);
}

/* Takes octets of a head, up to its end or the first that is wrong; how many. */
static size_t take_lines(struct taking *taking, const uint8_t *octets, const uint8_t *end) {
  enum { AT_MINOR = 7 };
  struct e100_response_reader *reader = taking->reader;
  enum e100_lines_verdict verdict = E100_LINES_FOLD;
  const uint8_t *at = octets;
  bool given = true;
  if (!E100_WORKS_AROUND(RESPONSE_LINES))
    return take_unguarded(taking, octets, end);
  while (given && (verdict == E100_LINES_FOLD || verdict == E100_LINES_DROPPED)) {
    size_t taken = 0;
    uint32_t before = reader->lines.octets;
    verdict = e100_lines_take(&reader->lines, at, (size_t)(end - at), &taken);
    given = pass_on(taking, at, taken, before <= AT_MINOR ? AT_MINOR - before : SIZE_MAX, verdict);
    at += taken;
  }
  bool ended = verdict == E100_LINES_END;
  bool goes_on = verdict == E100_LINES_GO_ON;
  /* Where one of llhttp and the guard sees the end of the head, and the other does not, nobody knows where it
   * is. */
  if (!given || verdict == E100_LINES_WRONG || ((ended || goes_on) && reader->head_complete != ended))
    reader->facts.wrong = E100_RESPONSE_MALFORMED;
  else if (!ended && !goes_on)
    reader->facts.wrong = E100_RESPONSE_TOO_LARGE;
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

/* As llhttp has it. */
static void take_framing(struct e100_response_reader *reader) {
  const llhttp_t *llhttp = llhttp_of(reader);
  struct e100_response_facts *facts = &reader->facts;
  facts->framing = E100_RESPONSE_UNTIL_CLOSE;
  facts->length = llhttp->content_length;
  if ((llhttp->flags & F_CHUNKED) != 0)
    facts->framing = E100_RESPONSE_CHUNKED;
  else if ((llhttp->flags & F_CONTENT_LENGTH) != 0)
    facts->framing = facts->length > 0 ? E100_RESPONSE_LENGTH : E100_RESPONSE_NO_CONTENT;
}

/* Where a message says that it has codings and a length, or codings in HTTP/1.0, an error is right (RFC
 * 9112 6.1, 6.3); and so it is where chunked is the last coding, but not the only chunked, or has parameters
 * (RFC 9112 7.1). */
static void state_framing(struct e100_response_reader *reader) {
  struct e100_response_facts *facts = &reader->facts;
  const struct e100_length_field *length = &reader->length;
  facts->framing = E100_RESPONSE_UNTIL_CLOSE;
  if (reader->coded) {
    bool chunked = e100_codings_are_chunked(&reader->codings);
    bool doubtful = reader->codings.chunked_with_parameters || (reader->codings.chunked_last && !chunked);
    if (length->any || facts->minor == 0 || doubtful)
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
  const llhttp_t *llhttp = llhttp_of(reader);
  struct e100_response_facts *facts = &reader->facts;
  facts->status = llhttp->status_code;
  facts->major = llhttp->http_major;
  bool tunnel = facts->status == 101 || (reader->to_connect && facts->status / 100 == 2);
  bool keep_alive = reader->options.keep_alive;
  facts->interim = facts->status < 200 && !tunnel;
  facts->close = reader->options.close;
  if (!E100_WORKS_AROUND(RESPONSE_OPTIONS)) { /* as llhttp_should_keep_alive has it */
    keep_alive = (llhttp->flags & F_CONNECTION_KEEP_ALIVE) != 0;
    facts->close = facts->minor > 0 ? (llhttp->flags & F_CONNECTION_CLOSE) != 0 : !keep_alive;
  }
  if (tunnel)
    facts->framing = E100_RESPONSE_TUNNEL;
  else if (!has_no_content(reader) && E100_WORKS_AROUND(RESPONSE_FRAMING))
    state_framing(reader);
  else if (!has_no_content(reader))
    take_framing(reader);
  bool coded_in_10 = reader->coded && facts->minor == 0; /* RFC 9112 6.1 */
  facts->persists = !facts->close && (facts->minor > 0 || keep_alive) && !coded_in_10 &&
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

bool e100_response_reader_begun(const struct e100_response_reader *reader) {
  return reader->in_content || (e100_lines_begun(&reader->lines) && !reader->head_complete);
}

static enum e100_reader_event take_head(struct taking *taking, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  struct e100_response_reader *reader = taking->reader;
  if (reader->head_complete)
    begin_next_head(reader);
  *taken = take_lines(taking, octets, octets + length);
  if (taking->calls != NULL && taking->calls->octets != NULL) {
    taking->calls->octets(taking->user, octets, *taken);
  }
  if (reader->facts.wrong == E100_RESPONSE_SOUND && !reader->head_complete)
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
