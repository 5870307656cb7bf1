/*
 * reader.c - start lines and content; the sections of field lines are in sections.c.
 */
#include "model/reader.h"

#include <string.h>

#include "model/chunk_extension.h"
#include "model/hash.h"
#include "model/sections.h"

enum reader_state {
  AT_START, /* before a request-line or status-line */
  IN_METHOD,
  AT_TARGET,
  IN_TARGET,
  AT_VERSION,
  IN_VERSION,
  AFTER_VERSION,
  IN_BAD_LINE,
  IN_STATUS, /* a status-line, up to the space after the code */
  IN_REASON,
  IN_SECTION,
  IN_CONTENT,
  DEAD /* nothing more is read */
};

/* Where in a target: a scheme and an authority stand before the path of an absolute one (RFC 3986 3). */
enum target_part { AT_SCHEME, IN_SCHEME, BEHIND_COLON, BEHIND_SLASH, IN_AUTHORITY, IN_REST };

/* A status-line up to the space after the code; '1' stands for any digit. */
static const char status_line[] = "HTTP/1.1 111 ";
static const char version[] = "HTTP/1.1";

void reader_init(struct reader *reader, enum reader_kind kind, bool lone_lf) {
  memset(reader, 0, sizeof *reader);
  reader->kind = (uint8_t)kind;
  reader->lone_lf = lone_lf;
}

static bool is_digit(uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

/* Whitespace that RFC 9112 3 lets a recipient take for the space in a request-line. */
static bool is_line_space(uint8_t octet) {
  return octet == ' ' || octet == '\t' || octet == '\v' || octet == '\f' || octet == '\r';
}

static void lone_line_feed(struct reader *reader) {
  reader->head.facts |= HEAD_LONE_LF;
  if (!reader->lone_lf)
    reader->head.facts |= HEAD_SEVERAL | HEAD_BLURRED;
}

/* ---- request-line (RFC 9112 3) ------------------------------------------------------------------ */

static void bad_line(struct reader *reader) {
  reader->head.facts |= HEAD_MALFORMED;
  reader->state = IN_BAD_LINE;
}

static void note_method(struct reader *reader) {
  static const char *const idempotent[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  struct head *head = &reader->head;
  const char *method = reader->method;
  for (size_t i = 0; i < sizeof idempotent / sizeof *idempotent; i++)
    if (strcmp(method, idempotent[i]) == 0)
      head->notes |= NOTE_IDEMPOTENT;
  if (strcmp(method, "PUT") == 0 || strcmp(method, "DELETE") == 0)
    head->notes |= NOTE_UNSAFE;
  if (strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0)
    head->notes |= NOTE_NOT_IDEMPOTENT | NOTE_UNSAFE;
  if (strcmp(method, "TRACE") == 0)
    head->notes |= NOTE_OF_TRACE;
  if (reader->target_part == IN_AUTHORITY) /* an absolute target without a path (RFC 9112 3.2.1) */
    head->target = hash_octet(0, '/');
}

static void end_request_line(struct reader *reader) {
  struct head *head = &reader->head;
  if (reader->state == AT_START) { /* RFC 9112 2.2: at least one empty line should be ignored */
    if ((head->facts & HEAD_EMPTY_LINES) != 0)
      head->facts |= HEAD_SEVERAL;
    head->facts |= HEAD_EMPTY_LINES;
    return;
  }
  if (reader->state == AFTER_VERSION && (head->major != 1 || head->minor > 1))
    head->notes |= NOTE_NO_VERSION;
  if (reader->state != AFTER_VERSION || head->major != 1)
    head->facts |= HEAD_MALFORMED;
  else if (head->minor == 0)
    head->facts |= HEAD_BELOW_11;
  if (strcmp(reader->method, "HEAD") == 0)
    head->facts |= HEAD_OF_HEAD;
  if (strcmp(reader->method, "CONNECT") == 0)
    head->facts |= HEAD_OF_CONNECT;
  note_method(reader);
  head->authority = host_named(&reader->authority);
  reader->state = IN_SECTION;
}

static void in_version(struct reader *reader, uint8_t octet) {
  char wanted = version[reader->at];
  if (wanted == '1' ? !is_digit(octet) : octet != (uint8_t)wanted) {
    bad_line(reader);
    return;
  }
  if (reader->at == 5)
    reader->head.major = (uint8_t)(octet - '0');
  if (reader->at == 7)
    reader->head.minor = (uint8_t)(octet - '0');
  reader->at++;
  if (version[reader->at] == '\0')
    reader->state = AFTER_VERSION;
}

static void in_method(struct reader *reader, uint8_t octet) {
  if (!is_line_space(octet))
    reader->head.method = hash_octet(reader->head.method, octet);
  if (is_line_space(octet))
    reader->state = AT_TARGET;
  else if (is_token_octet(octet) && reader->at + 1u < sizeof reader->method)
    reader->method[reader->at++] = (char)octet;
  else
    reader->method[0] = '\0'; /* longer than HEAD and CONNECT, or no method: neither of them */
  if (!is_line_space(octet) && !is_token_octet(octet))
    bad_line(reader);
}

/* An octet of what may be an authority: its user is nothing that Host names (RFC 9112 3.2). */
static void read_authority(struct reader *reader, uint8_t octet) {
  struct host_reader *authority = &reader->authority;
  if (octet == '@')
    *authority = (struct host_reader){.part = 0};
  else
    host_octet(authority, octet);
}

/* The part of a target that OCTET belongs to, which comes behind one of PART. */
static enum target_part part_of_target(enum target_part part, uint8_t octet) {
  uint8_t small = fold_case(octet);
  bool letter = small >= 'a' && small <= 'z';
  switch (part) {
  case AT_SCHEME:
    return letter ? IN_SCHEME : IN_REST;
  case IN_SCHEME:
    if (octet == ':')
      return BEHIND_COLON;
    return letter || is_digit(octet) || octet == '+' || octet == '-' || octet == '.' ? IN_SCHEME : IN_REST;
  case BEHIND_COLON:
    return octet == '/' ? BEHIND_SLASH : IN_REST;
  case BEHIND_SLASH:
    return octet == '/' ? IN_AUTHORITY : IN_REST;
  case IN_AUTHORITY:
    return octet == '/' || octet == '?' ? IN_REST : IN_AUTHORITY;
  default:
    return IN_REST;
  }
}

/* The same resource is named by its path, or after a scheme and an authority; where no path stands before a
 * query, it is "/" (RFC 9112 3.2.1). */
static void hash_target(struct reader *reader, uint8_t octet) {
  struct head *head = &reader->head;
  enum target_part before = (enum target_part)reader->target_part;
  enum target_part part = part_of_target(before, octet);
  reader->target_part = (uint8_t)part;
  if (before == IN_AUTHORITY && part == IN_REST)
    head->target = octet == '?' ? hash_octet(0, '/') : 0;
  else if (before == IN_AUTHORITY)
    read_authority(reader, octet);
  head->target = hash_octet(head->target, octet);
}

static void in_target(struct reader *reader, uint8_t octet) {
  if (!is_line_space(octet))
    hash_target(reader, octet);
  if (is_line_space(octet))
    reader->state = AT_VERSION;
  else if (octet < ' ' || octet >= 0x7f)
    bad_line(reader);
}

/* A part begins, after its whitespace. */
static void begin_part(struct reader *reader, uint8_t octet, enum reader_state part) {
  reader->state = (uint8_t)part;
  reader->at = 0;
  if (part == IN_METHOD)
    in_method(reader, octet);
  else if (part == IN_TARGET)
    in_target(reader, octet);
  else
    in_version(reader, octet);
}

static void request_line_octet(struct reader *reader, uint8_t octet) {
  bool space = is_line_space(octet);
  /* One SP separates the parts; RFC 9112 3 lets a recipient take more whitespace, and other, for it. */
  if (space && (octet != ' ' || reader->state == AT_START || reader->state == AT_TARGET ||
                reader->state == AT_VERSION || reader->state == AFTER_VERSION))
    reader->head.facts |= HEAD_SEVERAL;
  switch (reader->state) {
  case AT_START:
    if (!space)
      begin_part(reader, octet, IN_METHOD);
    break;
  case IN_METHOD:
    in_method(reader, octet);
    break;
  case AT_TARGET:
    if (!space)
      begin_part(reader, octet, IN_TARGET);
    break;
  case IN_TARGET:
    in_target(reader, octet);
    break;
  case AT_VERSION:
    if (!space)
      begin_part(reader, octet, IN_VERSION);
    break;
  case IN_VERSION:
    in_version(reader, octet);
    break;
  case AFTER_VERSION:
    if (!space)
      bad_line(reader);
    break;
  default: /* IN_BAD_LINE */
    break;
  }
}

/* ---- status-line (RFC 9112 4) --------------------------------------------------------------------- */

static void end_status_line(struct reader *reader) {
  if (reader->state == IN_STATUS)
    reader->head.facts |= HEAD_NO_SPACE;
  reader->state = IN_SECTION;
}

/* False: these octets are not a status-line. */
static bool status_line_octet(struct reader *reader, uint8_t octet) {
  struct head *head = &reader->head;
  if (reader->state == IN_REASON) {
    if ((octet < ' ' && octet != '\t') || octet == 0x7f)
      head->facts |= HEAD_MALFORMED;
    return true;
  }
  char wanted = status_line[reader->at];
  bool letter = wanted >= 'A' && wanted <= 'Z';
  if (letter && octet != (uint8_t)wanted)
    head->facts |= HEAD_MALFORMED; /* the name of a version is case-sensitive (RFC 9112 2.3) */
  if (letter          ? fold_case(octet) != fold_case((uint8_t)wanted)
      : wanted == '1' ? !is_digit(octet)
                      : octet != (uint8_t)wanted)
    return false;
  if (wanted == '/' && (head->facts & HEAD_MALFORMED) != 0) {
    reader->at++;
    return false; /* no status-line, but begun like one */
  }
  if (reader->at == 5)
    head->major = (uint8_t)(octet - '0');
  else if (reader->at == 7)
    head->minor = (uint8_t)(octet - '0');
  else if (wanted == '1')
    head->status = (uint16_t)(head->status * 10 + (octet - '0'));
  reader->at++;
  reader->state = status_line[reader->at] == '\0' ? IN_REASON : IN_STATUS;
  return reader->at < 6 || head->major == 1;
}

/* ---- start lines ------------------------------------------------------------------------------------ */

/* False: not a start line, and nothing that a reader could go on with. */
static bool line_end(struct reader *reader) {
  if (reader->kind == READS_REQUESTS) {
    end_request_line(reader);
    return true;
  }
  bool whole = reader->state == IN_REASON || (reader->state == IN_STATUS && status_line[reader->at] == ' ' &&
                                              status_line[reader->at + 1] == '\0');
  end_status_line(reader);
  return whole;
}

static bool line_octet(struct reader *reader, uint8_t octet) {
  if (reader->kind == READS_RESPONSES)
    return status_line_octet(reader, octet);
  request_line_octet(reader, octet);
  return true;
}

static bool start_octet(struct reader *reader, uint8_t octet) {
  if (reader->cr) {
    reader->cr = false;
    if (octet == '\n')
      return line_end(reader);
    if (!line_octet(reader, '\r'))
      return false;
  }
  if (octet == '\r') {
    reader->cr = true;
    return true;
  }
  if (octet != '\n')
    return line_octet(reader, octet);
  lone_line_feed(reader);
  return line_end(reader);
}

static bool begins_with(const struct reader *reader, uint8_t octet) {
  return reader->kind == READS_RESPONSES || (octet != '\r' && octet != '\n');
}

/* ---- content (RFC 9112 6, 7) ------------------------------------------------------------------------ */

static void next_message(struct reader *reader) {
  reader->state = AT_START;
  reader->begun = false;
  reader->at = 0;
  reader->target_part = AT_SCHEME;
  reader->authority = (struct host_reader){.part = 0};
  memset(reader->method, 0, sizeof reader->method);
  memset(&reader->head, 0, sizeof reader->head);
}

void reader_content(struct reader *reader, enum content_state content) {
  reader->content = (uint8_t)content;
  reader->remaining = content == CONTENT_LENGTH ? reader->head.length : 0;
  reader->state = content == CONTENT_BROKEN ? DEAD : IN_CONTENT;
  reader->cr = false;
  reader->odd = reader->padded = reader->misplaced = reader->no_chunk = reader->huge = false;
}

static int hex_value(uint8_t octet) {
  if (is_digit(octet))
    return octet - '0';
  octet = fold_case(octet);
  return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
}

static void end_size_line(struct reader *reader) {
  reader->odd = reader->odd || !extension_may_end(reader->extension);
  reader->extension = 0;
  if (reader->remaining == 0) {
    section_begin(&reader->section, true);
    reader->content = CONTENT_TRAILERS;
  } else {
    reader->content = CONTENT_CHUNK_DATA;
  }
}

/* Part of a chunk extension. Whitespace outside quotes is for recipients to forgive (RFC 9110 5.6.3). */
static void extension_goes_on(struct reader *reader, uint8_t octet) {
  reader->padded = reader->padded || (is_space(octet) && !extension_is_quoted(reader->extension));
  reader->extension = extension_octet(reader->extension, octet);
}

/* A chunk's first line. Only CRLF ends it: RFC 9112 2.2 forgives lone line feeds in start lines and fields.
 */
static bool size_line_octet(struct reader *reader, uint8_t octet) {
  if (reader->cr) {
    reader->cr = false;
    if (octet != '\n')
      return false;
    end_size_line(reader);
    return true;
  }
  if (octet == '\r') {
    reader->cr = true;
    return reader->content != CONTENT_CHUNK_SIZE;
  }
  int value = hex_value(octet);
  if (reader->content == CONTENT_CHUNK_EXTENSION) {
    extension_goes_on(reader, octet);
    return octet >= ' ' || octet == '\t';
  }
  if (value >= 0) {
    reader->content = CONTENT_CHUNK_DIGITS;
    reader->huge = reader->remaining > UINT64_MAX >> 4;
    if (reader->huge)
      return false; /* in the grammar, and content without an end: what becomes of it nobody knows */
    reader->remaining = reader->remaining << 4 | (uint64_t)value;
    return true;
  }
  if (reader->content == CONTENT_CHUNK_SIZE || (octet != ';' && !is_space(octet))) {
    uint8_t letter = fold_case(octet);
    bool prefix = letter == 'x' && reader->content == CONTENT_CHUNK_DIGITS; /* 0x is taken by some */
    reader->no_chunk = letter >= 'g' && letter <= 'z' && !prefix;
    return false;
  }
  reader->content = CONTENT_CHUNK_EXTENSION;
  extension_goes_on(reader, octet);
  return true;
}

static bool chunk_end_octet(struct reader *reader, uint8_t octet) {
  if (!reader->cr) {
    reader->cr = true;
    return octet == '\r';
  }
  reader->cr = false;
  reader->content = CONTENT_CHUNK_SIZE;
  return octet == '\n';
}

static enum reader_event content_breaks(struct reader *reader) {
  reader->content = CONTENT_BROKEN;
  reader->state = DEAD;
  return READER_BROKEN;
}

/* One octet of chunked coding, neither of chunk data nor of trailers. */
static enum reader_event coding_octet(struct reader *reader, uint8_t octet) {
  bool at_end = reader->content == CONTENT_CHUNK_DATA_END;
  bool good = at_end ? chunk_end_octet(reader, octet) : size_line_octet(reader, octet);
  return good ? READER_WANTS_MORE : content_breaks(reader);
}

static enum reader_event read_trailers(struct reader *reader, const uint8_t **octets, const uint8_t *end) {
  const uint32_t faults =
      HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_SEVERAL | HEAD_LONE_LF | HEAD_FOLDED;
  uint32_t of_head = reader->head.facts;
  reader->head.facts &= ~faults;
  bool complete = section_read(&reader->section, &reader->head, reader->lone_lf, octets, end);
  reader->odd = reader->odd || (reader->head.facts & faults) != 0;
  reader->misplaced = reader->misplaced || reader->section.misplaced;
  reader->head.facts |= of_head;
  if ((reader->head.facts & HEAD_BLURRED) != 0)
    return content_breaks(reader);
  if (complete)
    reader->content = CONTENT_COMPLETE;
  return READER_WANTS_MORE;
}

static enum reader_event counted_content(struct reader *reader, const uint8_t **octets, const uint8_t *end,
                                         uint64_t *content) {
  uint64_t here = (uint64_t)(end - *octets);
  uint64_t taken = here < reader->remaining ? here : reader->remaining;
  *content = taken;
  *octets += taken;
  reader->remaining -= taken;
  if (reader->remaining == 0 && reader->content == CONTENT_CHUNK_DATA)
    reader->content = CONTENT_CHUNK_DATA_END;
  return READER_CONTENT;
}

static enum reader_event read_content(struct reader *reader, const uint8_t **octets, const uint8_t *end,
                                      uint64_t *content) {
  for (;;) {
    if (reader->content == CONTENT_NONE || (reader->content == CONTENT_LENGTH && reader->remaining == 0))
      reader->content = CONTENT_COMPLETE;
    if (reader->content == CONTENT_COMPLETE) {
      next_message(reader);
      return READER_COMPLETE;
    }
    if (*octets == end)
      return READER_WANTS_MORE;
    if (reader->content == CONTENT_TO_CLOSE) {
      *content = (uint64_t)(end - *octets);
      *octets = end;
      return READER_CONTENT;
    }
    if (reader->content == CONTENT_LENGTH || reader->content == CONTENT_CHUNK_DATA)
      return counted_content(reader, octets, end, content);
    enum reader_event event = reader->content == CONTENT_TRAILERS ? read_trailers(reader, octets, end)
                                                                  : coding_octet(reader, *(*octets)++);
    if (event == READER_BROKEN)
      return event;
  }
}

/* ---- messages ------------------------------------------------------------------------------------------ */

static enum reader_event garbage(struct reader *reader) {
  reader->state = DEAD;
  return READER_GARBAGE;
}

static uint64_t bit_of(uint32_t name) {
  return (uint64_t)1 << (name ^ name >> 16) % 64;
}

static void remember_names(struct reader *reader) {
  const struct section *section = &reader->section;
  reader->in_head = (reader->head.notes & NOTE_MANY_NAMES) != 0 ? UINT64_MAX : 0;
  for (unsigned i = 0; i < section->names; i++)
    reader->in_head |= bit_of(section->found[i]);
}

bool reader_may_have_had(const struct reader *reader, uint32_t name) {
  return (reader->in_head & bit_of(name)) != 0;
}

bool reader_has_line(const struct reader *reader, uint32_t line) {
  for (unsigned i = 0; i < reader->section.names; i++)
    if (reader->section.lines[i] == line)
      return true;
  return false;
}

enum reader_event reader_read(struct reader *reader, const uint8_t **octets, const uint8_t *end,
                              uint64_t *content) {
  if (reader->state == IN_CONTENT)
    return read_content(reader, octets, end, content);
  if (reader->state == DEAD)
    *octets = end;
  while (*octets < end) {
    if (!reader->begun && begins_with(reader, **octets)) {
      reader->begun = true;
      return READER_BEGINS;
    }
    if (reader->state != IN_SECTION) {
      if (!start_octet(reader, *(*octets)++))
        return garbage(reader);
      if (reader->state == IN_SECTION) {
        section_begin(&reader->section, false);
        reader->section.keeps_lines = reader->compares;
      }
    } else if (section_read(&reader->section, &reader->head, reader->lone_lf, octets, end)) {
      if (reader->kind == READS_REQUESTS && (reader->head.facts & HEAD_CODING_BLURS) != 0)
        reader->head.facts |= HEAD_BLURRED;
      remember_names(reader);
      return READER_HEAD;
    }
  }
  return READER_WANTS_MORE;
}

/* ---- where it stands ------------------------------------------------------------------------------------
 */

/* Before a head: empty lines, and nothing that makes one wonder whether they are. */
static bool is_before_head(const struct reader *reader) {
  bool plain = (reader->head.facts & ~(uint32_t)HEAD_EMPTY_LINES) == 0;
  return reader->state == AT_START && !reader->begun && !reader->cr && plain;
}

bool reader_is_in_chunks(const struct reader *reader) {
  return reader->content >= CONTENT_CHUNK_SIZE && reader->content <= CONTENT_TRAILERS;
}

bool reader_is_in_head(const struct reader *reader) {
  return reader->state != IN_CONTENT && reader->state != DEAD && !is_before_head(reader);
}

bool reader_is_in_status_line(const struct reader *reader) {
  return reader->kind == READS_RESPONSES && reader->begun && reader->at > 4;
}

bool reader_is_at_empty_line(const struct reader *reader) {
  return is_before_head(reader) && (reader->head.facts & HEAD_EMPTY_LINES) != 0;
}

bool reader_is_behind_empty_lines(const struct reader *reader) {
  const uint32_t lines = HEAD_EMPTY_LINES | HEAD_SEVERAL;
  bool plain = (reader->head.facts & ~lines) == 0 && (reader->head.facts & HEAD_EMPTY_LINES) != 0;
  return reader->state == AT_START && !reader->begun && !reader->cr && plain;
}

bool reader_has_last_chunk(const struct reader *reader) {
  return reader->state == IN_CONTENT && reader->content == CONTENT_TRAILERS;
}

bool reader_read_chunks(const struct reader *reader) {
  return reader->section.trailers;
}

bool reader_is_stopped(const struct reader *reader) {
  return reader->state == DEAD;
}

bool reader_found(const struct reader *reader, uint32_t name) {
  const struct section *section = &reader->section;
  for (unsigned i = 0; i < section->names && i < NAMES_LIMIT; i++)
    if (section->found[i] == name)
      return true;
  return false;
}

uint32_t name_hash(const char *name) {
  uint32_t hash = 0;
  for (; *name != '\0'; name++)
    hash = hash_octet(hash, (uint8_t)*name);
  return hash;
}
