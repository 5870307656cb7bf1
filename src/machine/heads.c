#include "machine/heads.h"

#include <string.h>

#include "exchange/exchange.h"
#include "machine/octets.h"

/* Where the guard stands: what the last octets of the head were. */
enum {
  AT_START, /* before the request line */
  START_CR, /* a CR before the request line */
  IN_START_LINE,
  START_LINE_CR,
  AT_LINE, /* at the beginning of a field line */
  IN_NAME,
  IN_FIELD_VALUE,
  VALUE_CR,
  LAST_CR,  /* the CR of the empty line */
  HEAD_ENDS /* and its LF */
};

/* The fields whose values matter here. */
enum { OTHER_FIELD, EXPECT_FIELD, HOST_FIELD };

/* What one call to llhttp reports to e100_reader_take; `data` of llhttp points here during the call. */
struct taking {
  struct e100_reader *reader;
  const struct e100_head_calls *calls;
  void *user;
  const uint8_t *content;
  size_t content_length;
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
  const struct taking *taking = llhttp->data;
  struct e100_reader *reader = taking->reader;
  if (reader->in_content)
    return 0; /* a trailer: it says nothing about the request (RFC 9110 6.5.1) */
  for (size_t i = 0; i < length && reader->name_length <= E100_NAME_KEPT; i++) {
    if (reader->name_length < E100_NAME_KEPT) {
      reader->name[reader->name_length] = (char)e100_lower((uint8_t)at[i]);
    }
    reader->name_length++;
  }
  if (taking->calls != NULL && taking->calls->field_name != NULL) {
    taking->calls->field_name(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

static bool name_is(const struct e100_reader *reader, const char *name) {
  size_t length = strlen(name);
  return reader->name_length == length && memcmp(reader->name, name, length) == 0;
}

static int on_name_complete(llhttp_t *llhttp) {
  struct e100_reader *reader = ((const struct taking *)llhttp->data)->reader;
  if (reader->in_content)
    return 0;
  reader->field = OTHER_FIELD;
  if (name_is(reader, "expect"))
    reader->field = EXPECT_FIELD;
  if (name_is(reader, "host"))
    reader->field = HOST_FIELD;
  reader->name_length = 0;
  return 0;
}

static int on_value(llhttp_t *llhttp, const char *at, size_t length) {
  const struct taking *taking = llhttp->data;
  struct e100_reader *reader = taking->reader;
  if (reader->in_content)
    return 0;
  if (reader->field == EXPECT_FIELD)
    e100_expect_feed(&reader->expect, (const uint8_t *)at, length);
  if (taking->calls != NULL && taking->calls->field_value != NULL) {
    taking->calls->field_value(taking->user, (const uint8_t *)at, length);
  }
  return 0;
}

static int on_value_complete(llhttp_t *llhttp) {
  struct e100_reader *reader = ((const struct taking *)llhttp->data)->reader;
  if (reader->in_content)
    return 0;
  if (reader->field == EXPECT_FIELD)
    e100_expect_line_end(&reader->expect);
  if (reader->field == HOST_FIELD)
    reader->facts.hosts++;
  return 0;
}

static int on_headers_complete(llhttp_t *llhttp) {
  ((struct taking *)llhttp->data)->head_complete = true;
  return HPE_PAUSED;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length) {
  struct taking *taking = llhttp->data;
  if (length == 0)
    return 0; /* the end of octets that were reported before */
  taking->content = (const uint8_t *)at;
  taking->content_length = length;
  return HPE_PAUSED; /* so that a call reports one thing */
}

static int on_message_complete(llhttp_t *llhttp) {
  ((struct taking *)llhttp->data)->reader->complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_target,
    .on_header_field = on_name,
    .on_header_field_complete = on_name_complete,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void e100_reader_init(struct e100_reader *reader) {
  memset(reader, 0, sizeof *reader);
  llhttp_init(&reader->llhttp, HTTP_REQUEST, &settings);
}

bool e100_reader_begun(const struct e100_reader *reader) {
  return reader->guard > START_CR;
}

/* ---- the guard ---------------------------------------------------------------------------------- */

static uint8_t guard_at_line(uint8_t octet) {
  if (octet == '\r')
    return LAST_CR;
  return e100_is_token(octet) ? IN_NAME : HEAD_ENDS + 1; /* a blank would be a fold (RFC 9112 5.2) */
}

/* The guard's next place, or more than HEAD_ENDS where the octet is not permitted. */
static uint8_t guard_next(uint8_t guard, uint8_t octet) {
  const uint8_t wrong = HEAD_ENDS + 1;
  switch (guard) {
  case AT_START:
    if (octet == '\r')
      return START_CR;
    return e100_is_token(octet) ? IN_START_LINE : wrong;
  case START_CR:
    return octet == '\n' ? AT_START : wrong;
  case IN_START_LINE:
    if (octet == '\r')
      return START_LINE_CR;
    return octet > ' ' || octet == ' ' ? IN_START_LINE : wrong;
  case IN_NAME: /* no blank before the colon (RFC 9112 5.1) */
    if (octet == ':')
      return IN_FIELD_VALUE;
    return e100_is_token(octet) ? IN_NAME : wrong;
  case IN_FIELD_VALUE: /* no NUL, CR or LF in a value (RFC 9110 5.5) */
    if (octet == '\r')
      return VALUE_CR;
    return octet == '\0' || octet == '\n' ? wrong : IN_FIELD_VALUE;
  case START_LINE_CR:
  case VALUE_CR:
    return octet == '\n' ? AT_LINE : wrong;
  case AT_LINE:
    return guard_at_line(octet);
  default: /* LAST_CR */
    return octet == '\n' ? HEAD_ENDS : wrong;
  }
}

/* The status that a limit asks for, or 0. */
static uint16_t over_limit(const struct e100_reader *reader) {
  bool in_start_line = reader->guard == IN_START_LINE;
  if (in_start_line && reader->head_octets > E100_START_LINE_LIMIT)
    return 414;
  if (reader->head_octets > E100_HEAD_LIMIT || reader->field_lines > E100_FIELD_LINES_LIMIT)
    return 431;
  return 0;
}

/* Octets up to the end of the head, or to the first that is not permitted; then facts.wrong is set. */
static size_t guard_head(struct e100_reader *reader, const uint8_t *octets, size_t length) {
  size_t i = 0;
  while (i < length && reader->guard != HEAD_ENDS) {
    uint8_t next = guard_next(reader->guard, octets[i]);
    if (next > HEAD_ENDS) {
      reader->facts.wrong = 400;
      return i;
    }
    i++;
    if (next == AT_START && ++reader->empty_lines > E100_EMPTY_LINES_LIMIT) {
      reader->facts.wrong = 400;
      return i;
    }
    if (next == IN_NAME && reader->guard == AT_LINE)
      reader->field_lines++;
    reader->guard = next;
    reader->head_octets++;
    reader->facts.wrong = over_limit(reader);
    if (reader->facts.wrong != 0)
      return i;
  }
  return i;
}

/* ---- facts --------------------------------------------------------------------------------------- */

/* The status for a head that llhttp refused. */
static uint16_t refused(llhttp_errno_t error) {
  if (error == HPE_INVALID_VERSION)
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

static void state_facts(struct e100_reader *reader) {
  const llhttp_t *llhttp = &reader->llhttp;
  struct e100_request_facts *facts = &reader->facts;
  e100_expect_end(&reader->expect);
  facts->method = method_class(llhttp->method);
  facts->major = llhttp->http_major;
  facts->minor = llhttp->http_minor;
  facts->asks = reader->expect.asks;
  facts->other = reader->expect.other;
  facts->persists = llhttp_should_keep_alive(llhttp) != 0;
  facts->upgrade = llhttp->upgrade != 0 && facts->method != E100_METHOD_CONNECT && facts->minor > 0;
  if ((llhttp->flags & F_TRANSFER_ENCODING) != 0) {
    facts->framing = E100_CONTENT_CHUNKED;
    /* Chunked must be last; and HTTP/1.0 has no transfer codings (RFC 9112 6.1, 6.3). */
    if ((llhttp->flags & F_CHUNKED) == 0 || facts->minor == 0)
      facts->wrong = 400;
  } else if (llhttp->content_length > 0) {
    facts->framing = E100_CONTENT_LENGTH;
    facts->length = llhttp->content_length;
  }
  reader->complete = facts->framing == E100_CONTENT_NONE;
  if (facts->major != 1)
    facts->wrong = 505;
  if (facts->method == E100_METHOD_CONNECT)
    facts->wrong = 501; /* an origin server makes no tunnels */
}

/* ---- taking octets --------------------------------------------------------------------------------- */

/* Gives octets to llhttp; the number that it took. */
static size_t execute(struct taking *taking, const uint8_t *octets, size_t length, llhttp_errno_t *error) {
  llhttp_t *llhttp = &taking->reader->llhttp;
  llhttp->data = taking;
  *error = llhttp_execute(llhttp, (const char *)octets, length);
  llhttp->data = NULL;
  if (*error == HPE_OK)
    return length;
  size_t took = (size_t)((const uint8_t *)llhttp_get_error_pos(llhttp) - octets);
  if (*error == HPE_PAUSED)
    llhttp_resume(llhttp);
  if (*error == HPE_PAUSED_UPGRADE)
    llhttp_resume_after_upgrade(llhttp);
  llhttp->error_pos = NULL;
  llhttp->reason = NULL;
  return took;
}

static enum e100_reader_event take_head(struct taking *taking, const uint8_t *octets, size_t length,
                                        size_t *taken) {
  struct e100_reader *reader = taking->reader;
  size_t passed = guard_head(reader, octets, length);
  *taken = passed;
  if (taking->calls != NULL && taking->calls->octets != NULL) {
    taking->calls->octets(taking->user, octets, passed);
  }
  /* llhttp first, so that its word does not depend on how far the guard could look ahead. */
  llhttp_errno_t error = HPE_OK;
  size_t took = execute(taking, octets, passed, &error);
  bool ended = reader->guard == HEAD_ENDS;
  if (error != HPE_OK && error != HPE_PAUSED) {
    reader->facts.wrong = refused(error);
  } else if (taking->head_complete != ended || took != passed) {
    reader->facts.wrong = 400; /* llhttp and the guard see different heads: nobody knows which */
  } else if (ended && reader->facts.wrong == 0) {
    state_facts(reader);
  } else if (reader->facts.wrong == 0) {
    return E100_READ_MORE;
  }
  reader->in_content = true;
  return E100_READ_HEAD;
}

static enum e100_reader_event take_content(struct taking *taking, const uint8_t *octets, size_t length,
                                           size_t *taken) {
  struct e100_reader *reader = taking->reader;
  llhttp_errno_t error = HPE_OK;
  *taken = execute(taking, octets, length, &error);
  if (taking->content != NULL) {
    reader->framing_octets = 0;
    return E100_READ_CONTENT;
  }
  if (reader->complete)
    return E100_READ_COMPLETE;
  reader->framing_octets += (uint32_t)(*taken > E100_FRAMING_LIMIT ? E100_FRAMING_LIMIT + 1 : *taken);
  bool wrong = (error != HPE_OK && error != HPE_PAUSED) || reader->framing_octets > E100_FRAMING_LIMIT;
  return wrong ? E100_READ_WRONG : E100_READ_MORE;
}

enum e100_reader_event e100_reader_take(struct e100_reader *reader, const struct e100_head_calls *calls,
                                        void *user, const uint8_t *octets, size_t length, size_t *taken,
                                        const uint8_t **content, size_t *content_length) {
  struct taking taking = {.reader = reader, .calls = calls, .user = user};
  E100_CHECK(!reader->complete && reader->facts.wrong == 0, "a reader that is done takes no octets");
  enum e100_reader_event event = reader->in_content ? take_content(&taking, octets, length, taken)
                                                    : take_head(&taking, octets, length, taken);
  *content = taking.content;
  *content_length = taking.content_length;
  return event;
}
