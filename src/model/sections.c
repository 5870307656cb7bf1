/*
 * sections.c - reads field lines (RFC 9112 5) and hands the values that matter to their readers.
 */
#include "model/sections.h"

#include <string.h>

#include "model/hash.h"

enum section_state {
  AT_LINE,    /* before a line */
  IN_NAME,    /* in a field name */
  AFTER_NAME, /* whitespace between name and colon */
  IN_VALUE,
  IN_SKIPPED_LINE /* a line that is none, or one that is to be discarded */
};

enum field {
  FIELD_OTHER,
  FIELD_EXPECT,
  FIELD_LENGTH,
  FIELD_CODING,
  FIELD_CONNECTION,
  FIELD_UPGRADE,
  FIELD_HOST,
  FIELD_VIA,
  FIELD_TE,
  FIELD_TRAILER,
  FIELD_MARK
};

void section_begin(struct section *section, bool trailers) {
  memset(section, 0, sizeof *section);
  section->trailers = trailers;
  section->keeps_lines = trailers;
}

static enum field field_named(const struct section *section) {
  static const struct {
    const char *name;
    enum field field;
  } known[] = {
      {"expect", FIELD_EXPECT},
      {"content-length", FIELD_LENGTH},
      {"transfer-encoding", FIELD_CODING},
      {"connection", FIELD_CONNECTION},
      {"upgrade", FIELD_UPGRADE},
      {"host", FIELD_HOST},
      {"via", FIELD_VIA},
      {"te", FIELD_TE},
      {"trailer", FIELD_TRAILER},
      {"e100-mark", FIELD_MARK},
  };
  if (section->trailers)
    return FIELD_OTHER;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (section->name_length == strlen(known[i].name) &&
        memcmp(section->name, known[i].name, section->name_length) == 0)
      return known[i].field;
  return FIELD_OTHER;
}

/* ---- members ------------------------------------------------------------------------------------ */

static void expectation_ends(struct section *section, struct head *head) {
  struct list_reader *list = &section->expect;
  if ((list->member & MEMBER_IS_BAD) != 0)
    head->facts |= HEAD_MAY_ASK | HEAD_OTHER;
  else if ((list->member & MEMBER_HAS_VALUE) == 0 && list_word_is(list, "100-continue"))
    head->facts |= HEAD_ASKS;
  else
    head->facts |= HEAD_OTHER;
}

static void coding_ends(struct section *section, struct head *head) {
  struct list_reader *list = &section->coding;
  bool bad = (list->member & MEMBER_IS_BAD) != 0;
  bool chunked = !bad && list_word_is(list, "chunked");
  section->coding_bad |= bad;
  head->notes |= bad ? (uint32_t)NOTE_ODD_CODING : 0;
  if (chunked && section->chunked_seen) { /* one layer for some, two for others */
    head->facts |= HEAD_SEVERAL | HEAD_CODING_BLURS;
    head->notes |= NOTE_CHUNKED_TWICE;
  }
  if (chunked && (list->member & MEMBER_HAS_PARAMETERS) != 0) {
    head->facts |= HEAD_SEVERAL; /* RFC 9112 7.1: should be an error */
    head->notes |= NOTE_CHUNKED_WITH;
  }
  if (!chunked)
    head->facts |= HEAD_CODING_OTHER;
  section->chunked_seen |= chunked;
  section->chunked_last = chunked;
}

/* Fields of RFC 9110 and 9111 that are for every recipient, besides Expect: none of them is an option
 * (7.6.1). */
static bool is_for_everybody(const struct list_reader *option) {
  static const char *const names[] = {
      "cache-control", "content-encoding", "content-length", "content-range", "content-type", "date", "host",
      "range"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (list_word_is(option, names[i]))
      return true;
  return false;
}

static void option_ends(struct section *section, struct head *head) {
  struct list_reader *list = &section->connection;
  if ((list->member & MEMBER_IS_BAD) != 0) {
    head->notes |= NOTE_ODD_OPTION;
    return; /* whether it means anything is open; a server that closes is right in any case */
  }
  if (list_word_is(list, "close")) {
    head->facts |= HEAD_CLOSE;
    head->notes |= NOTE_CLOSE;
    return;
  }
  if (list_word_is(list, "keep-alive"))
    head->facts |= HEAD_KEEP_ALIVE;
  if (list_word_is(list, "upgrade"))
    head->facts |= HEAD_UPGRADE_OPTION;
  if (list_word_is(list, "expect"))
    head->notes |= NOTE_NAMES_EXPECT;
  if (is_for_everybody(list))
    head->facts |= HEAD_NAMES_FOR_ALL;
  if (head->options < OPTIONS_LIMIT)
    head->option[head->options++] = list->hash;
  else
    head->notes |= NOTE_MANY_NAMES;
}

static void protocol_ends(struct section *section, struct head *head) {
  head->facts |= HEAD_UPGRADE;
  head->notes |= NOTE_UPGRADE;
  if (head->protocols < PROTOCOLS_LIMIT)
    head->protocol[head->protocols] = section->upgrade.hash;
  if (head->protocols <= PROTOCOLS_LIMIT)
    head->protocols++;
}

static void member_ends(struct section *section, struct head *head, enum field field,
                        struct list_reader *list) {
  switch (field) {
  case FIELD_EXPECT:
    expectation_ends(section, head);
    break;
  case FIELD_CODING:
    coding_ends(section, head);
    break;
  case FIELD_CONNECTION:
    option_ends(section, head);
    break;
  default:
    protocol_ends(section, head);
    break;
  }
  list_next(list);
}

/* ---- values --------------------------------------------------------------------------------------- */

static struct list_reader *list_of(struct section *section, enum field field) {
  switch (field) {
  case FIELD_EXPECT:
    return &section->expect;
  case FIELD_CODING:
    return &section->coding;
  case FIELD_CONNECTION:
    return &section->connection;
  case FIELD_UPGRADE:
    return &section->upgrade;
  default:
    return NULL;
  }
}

static enum list_grammar grammar_of(enum field field) {
  switch (field) {
  case FIELD_EXPECT:
    return LIST_OF_EXPECTATIONS;
  case FIELD_CODING:
    return LIST_OF_CODINGS;
  case FIELD_CONNECTION:
    return LIST_OF_OPTIONS;
  default:
    return LIST_OF_PROTOCOLS;
  }
}

static bool is_mark_octet(uint8_t octet) {
  octet = fold_case(octet);
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z');
}

/* A mark of ours: up to 8 letters and digits. Anything else is none. */
static void mark_octet(struct section *section, struct head *head, uint8_t octet) {
  if (is_space(octet))
    return;
  if (!is_mark_octet(octet) || section->mark_length >= sizeof head->mark) {
    section->mark_length = sizeof head->mark + 1;
    head->mark = 0;
    return;
  }
  head->mark = head->mark << 8 | octet;
  section->mark_length++;
}

/* NULL: the list of FIELD is read as such, or there is none. */
static struct member_reader *members_of(struct section *section, enum field field) {
  switch (field) {
  case FIELD_TE:
    return &section->members[LIST_OF_TE];
  case FIELD_TRAILER:
    return &section->members[LIST_OF_TRAILER];
  case FIELD_VIA:
    return &section->members[LIST_OF_VIA];
  default:
    return NULL;
  }
}

/* A comma ends the member; what stands in quotes behind its name counts for nothing. */
static void te_octet(struct section *section, uint8_t octet) {
  static const char chunked[] = "chunked";
  if (section->members[LIST_OF_TE].quoted)
    return;
  bool ends = octet == ',' || octet == ';' || is_space(octet);
  section->te_chunked |= ends && section->te_at == sizeof chunked - 1;
  if (octet == ',')
    section->te_at = 0;
  else if (ends)
    section->te_at = section->te_at == 0 ? 0 : PART_IS_OTHER;
  else if (section->te_at < sizeof chunked - 1 && fold_case(octet) == (uint8_t)chunked[section->te_at])
    section->te_at++;
  else
    section->te_at = PART_IS_OTHER;
}

static void known_value_octet(struct section *section, struct head *head, uint8_t octet) {
  enum field field = section->field;
  struct member_reader *members = members_of(section, field);
  if (members != NULL)
    member_octet(members, field == FIELD_VIA, octet);
  if (field == FIELD_TE)
    te_octet(section, octet);
  if (field == FIELD_MARK) {
    mark_octet(section, head, octet);
    return;
  }
  if (field == FIELD_VIA) {
    via_octet(&section->via, octet);
    return;
  }
  if (members != NULL)
    return;
  if (field == FIELD_LENGTH) {
    length_octet(&section->length, octet);
    return;
  }
  if (field == FIELD_HOST) {
    host_octet(&section->host, octet);
    return;
  }
  if (field == FIELD_EXPECT)
    part_octet(&section->expect_part, "100-continue", octet);
  if (field == FIELD_CODING)
    part_octet(&section->coding_part, "chunked", octet);
  struct list_reader *list = list_of(section, field);
  if (list_octet(list, grammar_of(field), octet) == LIST_MEMBER_ENDS)
    member_ends(section, head, field, list);
}

/* Blanks count only where the value goes on behind them. */
static void keep_octet(struct section *section, uint8_t octet) {
  bool begun = (section->line & 1u) != 0;
  if (is_space(octet)) {
    section->blanks += begun;
    return;
  }
  for (; section->blanks > 0; section->blanks--)
    section->line = hash_octet(section->line, ' ') | 1u;
  section->line = hash_octet(section->line, octet) | 1u;
}

static void value_octet(struct section *section, struct head *head, uint8_t octet) {
  if (octet < ' ' && octet != '\t') {
    /* CR, LF and NUL are to be refused or replaced by SP; other controls may be kept (RFC 9110 5.5). */
    head->facts |= HEAD_SEVERAL;
    if (octet == '\0' || octet == '\r')
      octet = ' ';
    else
      head->notes |= NOTE_CONTROL;
  } else if (octet == 0x7f) {
    head->facts |= HEAD_SEVERAL;
    head->notes |= NOTE_CONTROL;
  }
  if (section->keeps_lines)
    keep_octet(section, octet);
  if (section->field != FIELD_OTHER)
    known_value_octet(section, head, octet);
}

static bool is_named(const struct section *section, const char *name) {
  return section->name_length == strlen(name) && memcmp(section->name, name, section->name_length) == 0;
}

/* Fields that are needed before the content, by the classes of RFC 9110 6.5.1. No definition of one of them,
 * there or in RFC 9111 and 9112, permits it in trailers, as those of ETag, Accept-Ranges or
 * Authentication-Info do. Others that nothing permits, either, as Date, are left alone: no class names them,
 * and no harm is done. */
static bool is_for_the_head(const struct section *section) {
  static const char *const names[] = {/* message framing */
                                      "content-length", "transfer-encoding", "trailer",
                                      /* routing, and the connection on which it goes */
                                      "host", "max-forwards", "connection", "upgrade",
                                      /* authentication */
                                      "authorization", "proxy-authorization", "www-authenticate",
                                      "proxy-authenticate",
                                      /* request modifiers: controls, and conditions */
                                      "expect", "te", "range", "if-match", "if-none-match",
                                      "if-modified-since", "if-unmodified-since", "if-range",
                                      /* response controls; of requests, too */
                                      "cache-control", "age", "expires", "location", "retry-after", "vary",
                                      /* content format */
                                      "content-type", "content-encoding", "content-range"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (is_named(section, names[i]))
      return true;
  return false;
}

/* What each hop may write by itself, or may take from trailers by its definition (RFC 9110 6.5.1): that it
 * stands in a head shows nothing. */
static bool is_own_of_hops(const struct section *section) {
  static const char *const names[] = {"via",
                                      "host",
                                      "forwarded",
                                      "x-forwarded-",
                                      "x-real-ip",
                                      "x-request-id",
                                      "date",
                                      "server",
                                      "connection",
                                      "keep-alive",
                                      "content-length",
                                      "transfer-encoding",
                                      "trailer",
                                      "te",
                                      "etag",
                                      "digest",
                                      "content-digest",
                                      "repr-digest",
                                      "accept-ranges",
                                      "authentication-info",
                                      "server-timing",
                                      "cache-status",
                                      "proxy-status",
                                      "age"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t length = strlen(names[i]);
    bool begins = names[i][length - 1] == '-';
    if (section->name_length < length || memcmp(section->name, names[i], length) != 0)
      continue;
    if (begins || section->name_length == length)
      return true;
  }
  return false;
}

static void note_name(struct section *section, struct head *head) {
  static const struct {
    const char *name;
    uint32_t note;
  } noted[] = {{"via", NOTE_VIA}, {"keep-alive", NOTE_OF_ONE_HOP}, {"proxy-connection", NOTE_OF_ONE_HOP}};
  section->line = section->keeps_lines ? section->name_hash & ~1u : 0;
  section->blanks = 0;
  if (section->names < NAMES_LIMIT)
    section->found[section->names++] = section->name_hash;
  else if (!section->trailers)
    head->notes |= NOTE_MANY_NAMES;
  for (size_t i = 0; i < sizeof noted / sizeof *noted && !section->trailers; i++)
    if (is_named(section, noted[i].name))
      head->notes |= noted[i].note;
}

/* A mark is no list: of two nobody knows which one an application takes, so there is none. */
static void mark_begins(struct section *section, struct head *head) {
  if (section->marked) {
    section->mark_length = sizeof head->mark + 1;
    head->mark = 0;
  }
  section->marked = true;
}

/* A field line with a colon begins its value: after a comma, where it is not the first of its name. */
static void begin_value(struct section *section, struct head *head) {
  section->state = IN_VALUE;
  section->any_field = true;
  section->field = (uint8_t)field_named(section);
  if (section->trailers)
    section->misplaced |= is_for_the_head(section);
  note_name(section, head);
  if (section->field == FIELD_MARK) {
    mark_begins(section, head);
    return;
  }
  if (section->field == FIELD_OTHER)
    return;
  struct member_reader *members = members_of(section, section->field);
  if (members != NULL)
    members->begun = (uint8_t)(members->begun + (members->begun < 2));
  if (section->field == FIELD_VIA)
    via_octet(&section->via, ',');
  if (section->field == FIELD_TE)
    te_octet(section, ',');
  if (members != NULL)
    return;
  if (section->field == FIELD_HOST) {
    section->host.bad |= section->host.begun != 0; /* no list: a second line is wrong by itself */
    section->host.begun = 1;
    return;
  }
  uint8_t *begun =
      section->field == FIELD_LENGTH ? &section->length.begun : &list_of(section, section->field)->begun;
  if (*begun != 0)
    known_value_octet(section, head, ',');
  *begun = (uint8_t)(*begun + (*begun < 2)); /* lines: one, or more */
}

/* ---- the end of the section -------------------------------------------------------------------------- */

static void end_lists(struct section *section, struct head *head) {
  for (unsigned field = FIELD_EXPECT; field <= FIELD_UPGRADE; field++) {
    struct list_reader *list = list_of(section, (enum field)field);
    if (list != NULL && list_end(list, grammar_of((enum field)field)) == LIST_MEMBER_ENDS)
      member_ends(section, head, (enum field)field, list);
    if (list != NULL && list->begun == 1 && (list->empties > 0 || list->comma))
      head->notes |= NOTE_EMPTY_MEMBER;
    if (list != NULL && list->begun > 1)
      head->notes |= NOTE_LIST_IN_LINES;
  }
  for (unsigned i = 0; i < SECTION_LISTS; i++)
    head->notes |= member_is_missing(&section->members[i]) ? (uint32_t)NOTE_EMPTY_MEMBER : 0;
  if (section->expect.begun != 0)
    head->notes |= NOTE_EXPECT;
  if (section->expect.begun != 0 && (head->facts & (HEAD_ASKS | HEAD_MAY_ASK | HEAD_OTHER)) == 0)
    head->facts |= HEAD_EXPECTS_NOTHING;
  part_octet(&section->expect_part, "100-continue", ',');
  part_octet(&section->coding_part, "chunked", ',');
  if (section->expect_part.times > 0)
    head->notes |= NOTE_PART_IS_100 | (section->expect_part.times > 1 ? (uint32_t)NOTE_PARTS_ARE_100 : 0u);
}

static void end_codings(const struct section *section, struct head *head) {
  head->facts |= HEAD_CODING;
  /* Outside the grammar, as in quotes that never end, a comma may separate members as well: who knows nothing
   * of quotes finds chunked behind it. */
  if (section->chunked_last || (section->coding_bad && section->coding_part.last)) {
    head->facts |= HEAD_CHUNKED;
    if (section->coding_bad) /* the last coding, or a part of a bad one */
      head->facts |= HEAD_SEVERAL | HEAD_CODING_BLURS;
  } else if ((head->facts & HEAD_CODING_OTHER) != 0) {
    head->facts |= HEAD_CODING_BAD;
  } else { /* a field without a coding: nothing at all, or one without chunked at its end */
    head->facts |= HEAD_SEVERAL | HEAD_CODING_BLURS;
  }
}

/* TE is there, and none of the connection options that are remembered is (RFC 9110 10.1.4). */
static void note_te(const struct section *section, struct head *head) {
  const uint32_t te = name_hash("te");
  bool there = false, option = false;
  for (unsigned i = 0; i < section->names; i++)
    there |= section->found[i] == te;
  for (unsigned i = 0; i < head->options; i++)
    option |= head->option[i] == te;
  if (there && !option)
    head->notes |= NOTE_TE_ALONE;
}

static void end_section(struct section *section, struct head *head) {
  if (section->trailers)
    return;
  end_lists(section, head);
  note_te(section, head);
  te_octet(section, ','); /* its last member is over */
  head->facts |= section->te_chunked ? (uint32_t)HEAD_TE_CHUNKED : 0u;
  if (section->expect.empties > LIST_EMPTY_MEMBERS_LIMIT) {
    head->facts |= HEAD_SEVERAL;
    head->notes |= NOTE_MANY_EMPTIES;
  }
  if ((head->facts & HEAD_MAY_ASK) != 0) /* with a bad member, who knows where the others begin? */
    head->facts &= ~(uint32_t)HEAD_ASKS;
  if (section->coding.begun != 0)
    end_codings(section, head);
  via_octet(&section->via, ','); /* its last member is over */
  if (via_is(&section->via, "1.0"))
    head->notes |= NOTE_VIA_10;
  if (via_is(&section->via, "1.1"))
    head->notes |= NOTE_VIA_11;
  head->via_runs = section->via.runs;
  if (section->host.begun != 0) {
    head->facts |= HEAD_HOST | (host_is_bad(&section->host) ? (uint32_t)HEAD_HOST_BAD : 0u);
    head->host = host_named(&section->host);
  }
  if (section->length.begun != 0) {
    length_end(&section->length);
    head->facts |= HEAD_LENGTH;
    head->length = section->length.value;
    if (head->length > 0)
      head->notes |= NOTE_SOME_LENGTH;
    if (head->length == UINT64_MAX)
      head->notes |= NOTE_HUGE_LENGTH;
    if (section->length.bad != 0 || section->length.members == 0)
      head->facts |= HEAD_LENGTH_BAD;
    else if (section->length.several != 0)
      head->facts |= HEAD_SEVERAL;
  }
}

/* ---- lines --------------------------------------------------------------------------------------------- */

static void skip_line(struct section *section) {
  section->state = IN_SKIPPED_LINE;
  section->field = FIELD_OTHER;
}

static void bad_line(struct section *section, struct head *head) {
  head->facts |= HEAD_MALFORMED;
  skip_line(section);
}

static void add_to_name(struct section *section, uint8_t octet) {
  section->name_hash = hash_octet(section->name_hash, fold_case(octet));
  if (section->name_length < sizeof section->name)
    section->name[section->name_length] = (char)fold_case(octet);
  if (section->name_length <= sizeof section->name)
    section->name_length++;
}

static void begin_line(struct section *section, struct head *head, uint8_t octet) {
  if (is_token_octet(octet)) {
    section->state = IN_NAME;
    section->name_length = 0;
    section->name_hash = 0;
    add_to_name(section, octet);
  } else if (!is_space(octet)) {
    bad_line(section, head);
  } else if (!section->any_field) {
    /* RFC 9112 2.2: reject, or discard such lines up to the first proper field line. */
    head->facts |= HEAD_SEVERAL;
    skip_line(section);
  } else {
    /* RFC 9112 5.2: reject, or read the fold as whitespace. */
    head->facts |= HEAD_FOLDED;
    section->state = IN_VALUE;
    value_octet(section, head, octet);
  }
}

static void line_octet(struct section *section, struct head *head, uint8_t octet) {
  switch (section->state) {
  case AT_LINE:
    begin_line(section, head, octet);
    break;
  case IN_NAME:
    if (is_token_octet(octet))
      add_to_name(section, octet);
    else if (octet == ':')
      begin_value(section, head);
    else if (is_space(octet))
      section->state = AFTER_NAME;
    else
      bad_line(section, head);
    break;
  case AFTER_NAME:
    if (octet == ':') {
      head->facts |= HEAD_SPACE_BEFORE_COLON;
      begin_value(section, head);
    } else if (!is_space(octet)) {
      bad_line(section, head);
    }
    break;
  case IN_VALUE:
    value_octet(section, head, octet);
    break;
  default:
    break;
  }
}

/* An expectation that an intermediary may have of its own, whatever came. */
static bool is_own_expectation(const struct section *section) {
  static const char value[] = "100-continue";
  struct section own = {.line = name_hash("expect") & ~1u};
  for (size_t i = 0; i < sizeof value - 1; i++)
    keep_octet(&own, (uint8_t)value[i]);
  return own.line == section->line;
}

/* Of the last one where there are more than are remembered: none of them is known. */
static void end_value(struct section *section) {
  if (section->keeps_lines && section->names > 0 && section->found[section->names - 1] == section->name_hash)
    section->lines[section->names - 1] =
        is_own_of_hops(section) || is_own_expectation(section) ? 0 : section->line;
}

/* A line ends; true where it was the empty one. */
static bool end_line(struct section *section, struct head *head) {
  switch (section->state) {
  case AT_LINE:
    end_section(section, head);
    return true;
  case IN_NAME:
  case AFTER_NAME:
    bad_line(section, head);
    break;
  case IN_VALUE:
    end_value(section);
    break;
  default:
    break;
  }
  section->state = AT_LINE;
  return false;
}

static void bare_cr(struct section *section, struct head *head) {
  if (section->state == AT_LINE) /* a fold for some, an error for others */
    head->facts |= HEAD_SEVERAL | HEAD_BLURRED;
  if (section->state == IN_VALUE)
    value_octet(section, head, '\r');
  else if (section->state != IN_SKIPPED_LINE)
    bad_line(section, head);
}

static bool section_octet(struct section *section, struct head *head, bool lone_lf, uint8_t octet) {
  if (section->cr) {
    section->cr = false;
    if (octet == '\n')
      return end_line(section, head);
    bare_cr(section, head);
  }
  if (octet == '\r') {
    section->cr = true;
  } else if (octet == '\n') {
    head->facts |= HEAD_LONE_LF | (lone_lf ? 0u : (uint32_t)(HEAD_SEVERAL | HEAD_BLURRED));
    return end_line(section, head);
  } else {
    line_octet(section, head, octet);
  }
  return false;
}

/* Nothing but a control can matter: the value of a field that nobody asks about, or a discarded line. */
static bool is_idle(const struct section *section) {
  bool idle_value = section->state == IN_VALUE && section->field == FIELD_OTHER && !section->keeps_lines;
  return !section->cr && (idle_value || section->state == IN_SKIPPED_LINE);
}

bool section_read(struct section *section, struct head *head, bool lone_lf, const uint8_t **octets,
                  const uint8_t *end) {
  const uint8_t *at = *octets;
  bool complete = false;
  while (at < end && !complete) {
    if (is_idle(section))
      while (at < end && *at >= ' ' && *at != 0x7f)
        at++;
    if (at < end)
      complete = section_octet(section, head, lone_lf, *at++);
  }
  *octets = at;
  return complete;
}
