#include "machine/heads.h"

#include <string.h>

#include <llhttp.h>

#include "exchange/impossible.h"
#include "machine/field_names.h"
#include "machine/octets.h"
#include "machine/work_arounds.h"

_Static_assert(sizeof(llhttp_t) <= E100_LLHTTP_ROOM, "there is room for the state of llhttp");

static llhttp_t *llhttp_of(struct e100_reader *reader) {
  return (llhttp_t *)(void *)reader->llhttp.octets;
}

/* Version 9 refuses a line Transfer-Encoding without a value, which is a list without members (RFC 9110
 * 5.6.1.2): it stops behind that name, so that it can be given something in place of nothing. */
static bool pauses_at_codings(void) {
  return LLHTTP_VERSION_MAJOR >= 9 && E100_WORKS_AROUND(REQUEST_CODINGS);
}

/* What one call to llhttp reports to e100_reader_take; `data` of llhttp points here during the call. */
struct taking {
  struct e100_reader *reader;
  const struct e100_head_calls *calls;
  void *user;
  struct e100_name_piece name; /* of the present field */
  const uint8_t *meant;        /* the octet of a value in place of the one that llhttp was given, or NULL */
  bool nothing_meant;          /* llhttp was given an octet where there is none */
  bool head_complete;
};

static int on_target(llhttp_t *llhttp, const char *at, size_t length) {
  const struct taking *taking = llhttp->data;
  if (taking->calls != NULL && taking->calls->target != NULL) {
    taking->calls->target(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

static int on_name(llhttp_t *llhttp, const char *at, size_t length) {
  struct taking *taking = llhttp->data;
  e100_name_comes(&taking->reader->name, &taking->name, (const uint8_t *)at, length);
  if (taking->calls != NULL && taking->calls->field_name != NULL) {
    taking->calls->field_name(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

static int on_name_complete(llhttp_t *llhttp) {
  struct taking *taking = llhttp->data;
  struct e100_reader *reader = taking->reader;
  reader->field = (uint8_t)e100_name_ends(&reader->name, &taking->name);
  reader->facts.hosts += reader->field == E100_FIELD_HOST;
  reader->coded = reader->coded || reader->field == E100_FIELD_TRANSFER_ENCODING;
  return pauses_at_codings() && reader->field == E100_FIELD_TRANSFER_ENCODING ? HPE_PAUSED : 0;
}

/* An empty member is none (RFC 9110 5.6.1.2): llhttp takes the field alone for an offer. */
static bool names_protocol(const uint8_t *value, size_t length) {
  size_t i = 0;
  while (i < length && (value[i] == ',' || e100_is_blank(value[i])))
    i++;
  return i < length;
}

/* A piece of a value that matters here. */
static void feed_value(struct e100_reader *reader, const uint8_t *octets, size_t length) {
  switch (reader->field) {
  case E100_FIELD_EXPECT:
    e100_expect_feed(&reader->expect, octets, length);
    break;
  case E100_FIELD_CONNECTION:
    e100_options_feed(&reader->options, octets, length);
    break;
  case E100_FIELD_TRANSFER_ENCODING:
    e100_codings_feed(&reader->codings, octets, length);
    break;
  case E100_FIELD_HOST:
    e100_host_feed(&reader->host, octets, length);
    break;
  case E100_FIELD_UPGRADE:
    reader->protocol = reader->protocol || names_protocol(octets, length);
    break;
  default:
    break;
  }
}

static int on_value(llhttp_t *llhttp, const char *at, size_t length) {
  const struct taking *taking = llhttp->data;
  struct e100_reader *reader = taking->reader;
  reader->in_value = true;
  if (taking->nothing_meant)
    return 0;
  if (taking->meant != NULL)
    at = (const char *)taking->meant;
  feed_value(reader, (const uint8_t *)at, length);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

static int on_value_complete(llhttp_t *llhttp) {
  struct e100_reader *reader = ((const struct taking *)llhttp->data)->reader;
  reader->in_value = false;
  if (reader->field == E100_FIELD_EXPECT)
    e100_expect_line_end(&reader->expect);
  if (reader->field == E100_FIELD_CONNECTION)
    e100_options_line_end(&reader->options);
  if (reader->field == E100_FIELD_TRANSFER_ENCODING)
    e100_codings_line_end(&reader->codings);
  reader->field = E100_FIELD_OTHER; /* until the next name is whole */
  return 0;
}

static int on_headers_complete(llhttp_t *llhttp) {
  ((struct taking *)llhttp->data)->head_complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_target,
    .on_header_field = on_name,
    .on_header_field_complete = on_name_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
};

void e100_reader_init(struct e100_reader *reader) {
  memset(reader, 0, sizeof *reader);
  llhttp_init(llhttp_of(reader), HTTP_REQUEST, &settings);
#if LLHTTP_VERSION_MAJOR >= \
    9 /* which refuses an empty member behind chunked; coding_list.h judges the list */
  llhttp_set_lenient_transfer_encoding(llhttp_of(reader), E100_WORKS_AROUND(REQUEST_CODINGS));
#endif
  e100_lines_begin_head(&reader->lines);
}

bool e100_reader_begun(const struct e100_reader *reader) {
  return e100_lines_begun(&reader->lines);
}

/* ---- facts --------------------------------------------------------------------------------------- */

/* The status for a head that llhttp refused: 505 for a version that is one, but not ours. */
static uint16_t refused(const llhttp_t *llhttp, llhttp_errno_t error) {
  bool ours = llhttp->http_major == 1 && llhttp->http_minor <= 1;
  if (error == HPE_INVALID_VERSION && !ours)
    return 505;
  return error == HPE_INVALID_METHOD ? 501 : 400;
}

static uint8_t method_class(uint8_t method) {
  switch (method) {
  case HTTP_HEAD:
    return E100_METHOD_HEAD;
  case HTTP_CONNECT:
    return E100_METHOD_CONNECT;
  case HTTP_TRACE:
    return E100_METHOD_TRACE;
  default:
    return E100_METHOD_OTHER;
  }
}

/* Chunked at last, or, without REQUEST_CODINGS, what llhttp takes for it: where an upgrade is offered it does
 * not mind what there is. */
static bool codings_are_fine(const struct e100_reader *reader, const llhttp_t *llhttp) {
  if (E100_WORKS_AROUND(REQUEST_CODINGS))
    return e100_codings_are_chunked(&reader->codings);
  return (llhttp->flags & F_CHUNKED) != 0 || llhttp->upgrade != 0;
}

/* How the content is framed (RFC 9112 6.3); sets `wrong` where that cannot be known. */
static void state_framing(struct e100_reader *reader, const llhttp_t *llhttp) {
  struct e100_request_facts *facts = &reader->facts;
  if (reader->coded) {
    facts->framing = E100_CONTENT_CHUNKED;
    e100_content_begin_chunked(&reader->content);
    /* Chunked must be last; and HTTP/1.0 has no transfer codings (RFC 9112 6.1, 6.3). */
    if (!codings_are_fine(reader, llhttp) || facts->minor == 0)
      facts->wrong = 400;
  } else if (llhttp->content_length > 0) {
    facts->framing = E100_CONTENT_LENGTH;
    facts->length = llhttp->content_length;
    e100_content_begin_length(&reader->content, facts->length);
  }
  reader->complete = facts->framing == E100_CONTENT_NONE;
}

/* HTTP/1.0 needs no Host, but what there is has to be one (RFC 9112 3.2). */
static bool host_is_fine(const struct e100_reader *reader) {
  bool there = reader->facts.hosts == 1 || (reader->facts.hosts == 0 && reader->facts.minor == 0);
  return there && e100_host_is_valid(&reader->host);
}

static void state_facts(struct e100_reader *reader) {
  const llhttp_t *llhttp = llhttp_of(reader);
  struct e100_request_facts *facts = &reader->facts;
  e100_expect_end(&reader->expect);
  facts->method = method_class(llhttp->method);
  facts->major = llhttp->http_major;
  facts->minor = llhttp->http_minor;
  facts->asks = reader->expect.asks;
  facts->other = reader->expect.other;
  facts->persists = !reader->options.close && (facts->minor > 0 || reader->options.keep_alive);
  if (!E100_WORKS_AROUND(REQUEST_OPTIONS))
    facts->persists = llhttp_should_keep_alive(llhttp) != 0;
  facts->upgrade =
      llhttp->upgrade != 0 && reader->protocol && facts->method != E100_METHOD_CONNECT && facts->minor > 0;
  state_framing(reader, llhttp);
  if (facts->major != 1 && E100_WORKS_AROUND(REQUEST_MAJOR))
    facts->wrong = 505;
  if (facts->major == 1 && !host_is_fine(reader))
    facts->wrong = 400;
  if (facts->method == E100_METHOD_CONNECT && facts->wrong == 0)
    facts->wrong = 501; /* an origin server makes no tunnels; a proxy may */
}

/* ---- taking octets --------------------------------------------------------------------------------- */

/* Gives octets of a head to llhttp; the number that it took. That may be fewer without an error, behind a
 * name at which it stops. */
static size_t execute_run(struct taking *taking, const uint8_t *octets, size_t length,
                          llhttp_errno_t *error) {
  llhttp_t *llhttp = llhttp_of(taking->reader);
  llhttp->data = taking;
  *error = llhttp_execute(llhttp, (const char *)octets, length);
  llhttp->data = NULL;
  e100_name_put_away(&taking->reader->name, &taking->name);
  if (*error == HPE_OK)
    return length;
  size_t took = (size_t)((const uint8_t *)llhttp_get_error_pos(llhttp) - octets);
  if (*error == HPE_PAUSED && !taking->head_complete) {
    llhttp_resume(llhttp);
    *error = HPE_OK;
  }
  llhttp->error_pos = NULL;
  llhttp->reason = NULL;
  return took;
}

/* The next octet that version 8.1.0 takes wrongly in some value, or END. */
static const uint8_t *next_doubtful(const uint8_t *at, const uint8_t *end) {
  const uint8_t *tab = memchr(at, '\t', (size_t)(end - at));
  const uint8_t *before = tab != NULL ? tab : end;
#if LLHTTP_VERSION_MAJOR < 9
  const uint8_t *comma = memchr(at, ',', (size_t)(before - at));
  before = comma != NULL ? comma : before;
#endif
  return before;
}

/* llhttp gets SP for a tab in Content-Length, which means the same (RFC 9110 5.6.3): version 8.1.0 refuses a
 * tab behind the number. It gets SP for a comma in Transfer-Encoding, of which that version wants none behind
 * chunked: coding_list.h judges the list, and reads what was meant. */
static bool is_given_as_space(const struct e100_reader *reader, uint8_t octet) {
  if (octet == '\t')
    return reader->field == E100_FIELD_CONTENT_LENGTH && reader->in_value && E100_WORKS_AROUND(REQUEST_TABS);
  return reader->field == E100_FIELD_TRANSFER_ENCODING && E100_WORKS_AROUND(REQUEST_CODINGS);
}

/* Behind the name Transfer-Encoding, where llhttp stops. */
static bool is_before_codings(const struct e100_reader *reader) {
  return pauses_at_codings() && reader->field == E100_FIELD_TRANSFER_ENCODING && !reader->in_value;
}

/* A comma says as little as nothing: both are a list without members. */
static void give_empty_list(struct taking *taking, llhttp_errno_t *error) {
  static const uint8_t comma = ',';
  taking->nothing_meant = true;
  (void)execute_run(taking, &comma, 1, error);
  taking->nothing_meant = false;
  taking->reader->in_value = true;
}

/* Gives the next octets to llhttp, up to one that stands for another, and that one. */
static size_t execute_some(struct taking *taking, const uint8_t *at, const uint8_t *end,
                           llhttp_errno_t *error) {
  static const uint8_t space = ' ';
  const uint8_t *doubtful = next_doubtful(at, end);
  size_t took = execute_run(taking, at, (size_t)(doubtful - at), error);
  if (at + took < doubtful || doubtful == end || *error != HPE_OK)
    return took;
  bool given = is_given_as_space(taking->reader, *doubtful);
  taking->meant = given ? doubtful : NULL;
  took += execute_run(taking, given ? &space : doubtful, 1, error);
  taking->meant = NULL;
  return took;
}

static size_t execute(struct taking *taking, const uint8_t *octets, size_t length, llhttp_errno_t *error) {
  const uint8_t *at = octets;
  const uint8_t *end = octets + length;
  while (at < end && *error == HPE_OK) {
    const uint8_t *value = is_before_codings(taking->reader) ? e100_after_blanks(at, end) : at;
    if (value > at)
      at += execute_run(taking, at, (size_t)(value - at), error);
    else if (is_before_codings(taking->reader) && *at == '\r')
      give_empty_list(taking, error);
    else
      at += execute_some(taking, at, end, error);
  }
  return (size_t)(at - octets);
}

/* The status that the guard's verdict asks for, or 0. */
static uint16_t status_of(enum e100_lines_verdict verdict) {
  switch (verdict) {
  case E100_LINES_WRONG:
    return 400;
  case E100_LINES_START_LINE_TOO_LONG:
    return 414;
  case E100_LINES_TOO_MUCH:
    return 431;
  default:
    return 0;
  }
}

/* As take_head, without the guard. */
static enum e100_reader_event take_unguarded(struct taking *taking, const uint8_t *octets, size_t length,
                                             size_t *taken) {
  struct e100_reader *reader = taking->reader;
  llhttp_errno_t error = HPE_OK;
  for (*taken = 0; *taken < length && !taking->head_complete && error == HPE_OK; ++*taken)
    (void)execute(taking, octets + *taken, 1, &error);
  if (!taking->head_complete && error == HPE_OK)
    return E100_READ_MORE;
  reader->in_content = true;
  if (taking->head_complete)
    state_facts(reader);
  else
    reader->facts.wrong = refused(llhttp_of(reader), error);
  return E100_READ_HEAD;
}

static enum e100_reader_event take_head(struct taking *taking, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  struct e100_reader *reader = taking->reader;
  if (!E100_WORKS_AROUND(REQUEST_LINES))
    return take_unguarded(taking, octets, length, taken);
  enum e100_lines_verdict verdict = e100_lines_take(&reader->lines, octets, length, taken);
  if (taking->calls != NULL && taking->calls->octets != NULL) {
    taking->calls->octets(taking->user, octets, *taken);
  }
  /* llhttp first, so that its word does not depend on how far the guard could look ahead. */
  llhttp_errno_t error = HPE_OK;
  size_t took = execute(taking, octets, *taken, &error);
  bool ended = verdict == E100_LINES_END;
  reader->facts.wrong = status_of(verdict);
  if (error != HPE_OK && error != HPE_PAUSED) {
    reader->facts.wrong = refused(llhttp_of(reader), error);
  } else if (reader->facts.wrong == 0) {
    if (taking->head_complete != ended || took != *taken)
      reader->facts.wrong = 400; /* llhttp and the guard see different heads: nobody knows which */
    else if (!ended)
      return E100_READ_MORE;
    else
      state_facts(reader);
  }
  reader->in_content = true;
  return E100_READ_HEAD;
}

static enum e100_reader_event take_content(struct e100_reader *reader, const uint8_t *octets, size_t length,
                                           size_t *taken, size_t *count) {
  switch (e100_content_take(&reader->content, octets, length, taken, count)) {
  case E100_CONTENT_GOES_ON:
    return E100_READ_MORE;
  case E100_CONTENT_OCTETS:
    return E100_READ_CONTENT;
  case E100_CONTENT_WHOLE:
    reader->complete = true;
    return E100_READ_COMPLETE;
  default:
    return E100_READ_WRONG;
  }
}

enum e100_reader_event e100_reader_take(struct e100_reader *reader, const struct e100_head_calls *calls,
                                        void *user, const uint8_t *octets, size_t length, size_t *taken,
                                        const uint8_t **content, size_t *content_length) {
  E100_CHECK(!reader->complete && reader->facts.wrong == 0, "a reader that is done takes no octets");
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
