/*
 * field_lists.c - reads the values of Expect, Transfer-Encoding, Connection, Upgrade, Content-Length.
 */
#include "model/field_lists.h"

#include <string.h>

#include "model/hash.h"

enum list_state {
  AT_MEMBER,       /* before a member */
  IN_WORD,         /* in its first word */
  AFTER_WORD,      /* whitespace after it */
  AT_VALUE,        /* after "=" */
  IN_VALUE,        /* a token after "=" */
  IN_QUOTES,       /* a quoted string after "=" */
  IN_PAIR,         /* after the backslash in it */
  AFTER_VALUE,     /* after a quoted string, or whitespace after a value */
  AT_PARAMETER,    /* after ";" */
  IN_NAME,         /* a parameter's name */
  AFTER_NAME,      /* whitespace after it: only where the grammar forgives it */
  AT_ARGUMENT,     /* after the parameter's "=" */
  IN_BAD_MEMBER,   /* outside the grammar: skip to the next comma */
  IN_PARAM_QUOTES, /* a quoted string as a parameter's value */
  IN_PARAM_PAIR
};

static bool is_quoted_text(uint8_t octet) {
  return octet == '\t' || (octet >= ' ' && octet != 0x7f);
}

static void add_to_word(struct list_reader *list, uint8_t octet) {
  if (list->word_length < LIST_WORD_LIMIT)
    list->word[list->word_length] = (char)fold_case(octet);
  if (list->word_length <= LIST_WORD_LIMIT)
    list->word_length++;
  list->hash = hash_octet(list->hash, fold_case(octet));
}

static void spoil(struct list_reader *list) {
  list->member |= MEMBER_IS_BAD;
  list->state = IN_BAD_MEMBER;
}

/* The octet before a member, or its first one. */
static void begin_member(struct list_reader *list, uint8_t octet) {
  if (is_space(octet))
    return;
  list->comma = false;
  if (is_token_octet(octet)) {
    list->state = IN_WORD;
    add_to_word(list, octet);
  } else {
    spoil(list);
  }
}

/* After a member's first word, with or without whitespace. */
static void after_word(struct list_reader *list, enum list_grammar grammar, uint8_t octet) {
  if (is_space(octet)) {
    list->state = AFTER_WORD;
  } else if (octet == '=' && grammar == LIST_OF_EXPECTATIONS && list->state == IN_WORD) {
    list->member |= MEMBER_HAS_VALUE;
    list->state = AT_VALUE;
  } else if (octet == ';' && grammar == LIST_OF_CODINGS) {
    list->member |= MEMBER_HAS_PARAMETERS;
    list->state = AT_PARAMETER;
  } else {
    spoil(list);
  }
}

static void after_value(struct list_reader *list, uint8_t octet) {
  if (is_space(octet)) {
    list->state = AFTER_VALUE;
  } else if (octet == ';') {
    list->member |= MEMBER_HAS_PARAMETERS;
    list->state = AT_PARAMETER;
  } else {
    spoil(list);
  }
}

static void at_argument(struct list_reader *list, enum list_grammar grammar, uint8_t octet) {
  if (octet == '"')
    list->state = list->state == AT_VALUE ? IN_QUOTES : IN_PARAM_QUOTES;
  else if (is_token_octet(octet))
    list->state = IN_VALUE;
  else if (!(is_space(octet) && grammar == LIST_OF_CODINGS))
    spoil(list);
}

static void in_parameter(struct list_reader *list, enum list_grammar grammar, uint8_t octet) {
  bool of_codings = grammar == LIST_OF_CODINGS;
  switch (list->state) {
  case AT_PARAMETER:
    if (is_token_octet(octet))
      list->state = IN_NAME;
    else if (!is_space(octet) && (octet != ';' || of_codings)) /* those of a coding are not empty */
      spoil(list);
    break;
  case IN_NAME:
  default:
    if (octet == '=')
      list->state = AT_ARGUMENT;
    else if (is_space(octet) && of_codings)
      list->state = AFTER_NAME;
    else if (!is_token_octet(octet) || list->state == AFTER_NAME)
      spoil(list);
    break;
  }
}

static bool in_quoted_string(struct list_reader *list, uint8_t octet) {
  switch (list->state) {
  case IN_QUOTES:
  case IN_PARAM_QUOTES:
    if (octet == '"')
      list->state = AFTER_VALUE;
    else if (octet == '\\')
      list->state = list->state == IN_QUOTES ? IN_PAIR : IN_PARAM_PAIR;
    else if (!is_quoted_text(octet))
      spoil(list);
    return true;
  case IN_PAIR:
  case IN_PARAM_PAIR:
    list->state = list->state == IN_PAIR ? IN_QUOTES : IN_PARAM_QUOTES;
    if (!is_quoted_text(octet))
      spoil(list);
    return true;
  default:
    return false;
  }
}

/* A comma, or the end, where a member may not stop makes it bad. */
static enum list_event stop_member(struct list_reader *list, enum list_grammar grammar) {
  switch (list->state) {
  case AT_MEMBER:
    if (list->empties < UINT8_MAX)
      list->empties++;
    return LIST_GOES_ON;
  case AT_PARAMETER:
    if (grammar == LIST_OF_CODINGS)
      list->member |= MEMBER_IS_BAD;
    return LIST_MEMBER_ENDS;
  case AT_VALUE:
  case AT_ARGUMENT:
  case IN_NAME:
  case AFTER_NAME:
  case IN_QUOTES:
  case IN_PAIR:
  case IN_PARAM_QUOTES:
  case IN_PARAM_PAIR:
    list->member |= MEMBER_IS_BAD;
    return LIST_MEMBER_ENDS;
  default:
    return LIST_MEMBER_ENDS;
  }
}

enum list_event list_octet(struct list_reader *list, enum list_grammar grammar, uint8_t octet) {
  if (in_quoted_string(list, octet))
    return LIST_GOES_ON;
  if (octet == ',') {
    list->comma = true;
    return stop_member(list, grammar);
  }
  switch (list->state) {
  case AT_MEMBER:
    begin_member(list, octet);
    break;
  case IN_WORD:
    if (is_token_octet(octet) || (octet == '/' && grammar == LIST_OF_PROTOCOLS))
      add_to_word(list, octet);
    else
      after_word(list, grammar, octet);
    break;
  case AFTER_WORD:
    after_word(list, grammar, octet);
    break;
  case AT_VALUE:
  case AT_ARGUMENT:
    at_argument(list, grammar, octet);
    break;
  case IN_VALUE:
    if (!is_token_octet(octet))
      after_value(list, octet);
    break;
  case AFTER_VALUE:
    after_value(list, octet);
    break;
  case AT_PARAMETER:
  case IN_NAME:
  case AFTER_NAME:
    in_parameter(list, grammar, octet);
    break;
  default: /* IN_BAD_MEMBER */
    break;
  }
  return LIST_GOES_ON;
}

enum list_event list_end(struct list_reader *list, enum list_grammar grammar) {
  return list->state == AT_MEMBER ? LIST_GOES_ON : stop_member(list, grammar);
}

void list_next(struct list_reader *list) {
  list->state = AT_MEMBER;
  list->word_length = 0;
  list->member = 0;
  list->hash = 0;
}

bool list_word_is(const struct list_reader *list, const char *word) {
  size_t length = strlen(word);
  return list->word_length == length && memcmp(list->word, word, length) == 0;
}

void part_octet(struct part_reader *part, const char *word, uint8_t octet) {
  bool whole = part->at != PART_IS_OTHER && word[part->at] == '\0';
  if (octet == ',') {
    part->times = (uint8_t)(part->times + (whole && part->times < 2));
    part->last = part->at == 0 ? part->last : whole;
    part->at = 0;
    part->ended = false;
  } else if (is_space(octet)) {
    part->ended = part->at > 0;
  } else if (!whole && !part->ended && part->at != PART_IS_OTHER &&
             fold_case(octet) == (uint8_t)word[part->at]) {
    part->at++;
  } else {
    part->at = PART_IS_OTHER;
  }
}

enum length_state { AT_NUMBER, IN_NUMBER, AFTER_NUMBER };

static void number_ends(struct length_reader *length) {
  if (length->members == 0)
    length->value = length->current;
  else if (length->value != length->current)
    length->bad = 1;
  else
    length->several = 1;
  if (length->members < 2)
    length->members++;
  length->current = 0;
}

static void digit(struct length_reader *length, unsigned value) {
  if (length->current > (UINT64_MAX - value) / 10) {
    length->current = UINT64_MAX;
    length->several = 1; /* more than anybody can count: rejected by some, an endless content for others */
  } else {
    length->current = length->current * 10 + value;
  }
  length->state = IN_NUMBER;
}

void length_octet(struct length_reader *length, uint8_t octet) {
  if (octet >= '0' && octet <= '9') {
    if (length->state == AFTER_NUMBER)
      length->bad = 1;
    digit(length, (unsigned)(octet - '0'));
  } else if (is_space(octet)) {
    if (length->state == IN_NUMBER)
      length->state = AFTER_NUMBER;
  } else if (octet == ',') {
    length->several = 1;
    length_end(length);
    length->state = AT_NUMBER;
  } else {
    length->bad = 1;
  }
}

void length_end(struct length_reader *length) {
  if (length->state != AT_NUMBER)
    number_ends(length);
  length->state = AT_NUMBER;
}

/* ---- lists of anything -------------------------------------------------------------------------------- */

static void within_member(struct member_reader *list, bool has_comments, uint8_t octet) {
  if (octet == '"' && list->depth == 0)
    list->quoted = !list->quoted;
  else if (octet == '(' && has_comments && list->depth < UINT8_MAX)
    list->depth++;
  else if (octet == ')' && list->depth > 0)
    list->depth--;
}

void member_octet(struct member_reader *list, bool has_comments, uint8_t octet) {
  bool inside = list->quoted || list->depth > 0;
  bool escaped = list->escaped;
  list->escaped = inside && !escaped && octet == '\\';
  if (octet == ',' && !inside) {
    list->empty = list->empty || !list->member;
    list->comma = true;
    list->member = false;
    return;
  }
  list->member = list->member || !is_space(octet);
  if (!escaped)
    within_member(list, has_comments, octet);
}

bool member_is_missing(const struct member_reader *list) {
  return list->begun == 1 && (list->empty || (list->comma && !list->member));
}

/* ---- Via ---------------------------------------------------------------------------------------- */

enum { VIA_BEFORE_MEMBER, VIA_IN_PROTOCOL, VIA_AFTER_PROTOCOL };

static void comment_octet(struct via_reader *via, uint8_t octet) {
  bool escaped = via->escaped;
  via->escaped = !escaped && octet == '\\';
  if (escaped || (octet != '(' && octet != ')'))
    return;
  if (octet == ')')
    via->depth--;
  else if (via->depth < UINT8_MAX)
    via->depth++;
}

static void protocol_octet(struct via_reader *via, uint8_t octet) {
  if (via->length < sizeof via->protocol)
    via->protocol[via->length] = (char)fold_case(octet);
  if (via->length <= sizeof via->protocol)
    via->length++;
}

static const char via_name[] = "http/"; /* which may be left out */

static void protocol_ends(struct via_reader *via) {
  const size_t named = sizeof via_name - 1;
  size_t length = via->length < sizeof via->protocol ? via->length : sizeof via->protocol;
  size_t i = length > named && memcmp(via->protocol, via_name, named) == 0 ? named : 0;
  uint32_t hash = 1;
  for (; i < length; i++)
    hash = hash_octet(hash, (uint8_t)via->protocol[i]);
  if (via->length > sizeof via->protocol) /* what is kept of it may be another protocol */
    hash = hash_octet(hash, ' ');
  via->runs = (uint8_t)(via->runs + ((via->runs == 0 || hash != via->run) && via->runs < UINT8_MAX));
  via->run = hash;
}

void via_octet(struct via_reader *via, uint8_t octet) {
  if (via->state == VIA_IN_PROTOCOL && (octet == ',' || is_space(octet)))
    protocol_ends(via);
  if (via->depth > 0) {
    comment_octet(via, octet);
  } else if (octet == '(' && via->state == VIA_AFTER_PROTOCOL) {
    via->depth = 1;
  } else if (octet == ',') {
    via->state = VIA_BEFORE_MEMBER;
  } else if (is_space(octet)) {
    via->state = via->state == VIA_IN_PROTOCOL ? VIA_AFTER_PROTOCOL : via->state;
  } else if (via->state != VIA_AFTER_PROTOCOL) {
    via->length = via->state == VIA_BEFORE_MEMBER ? 0 : via->length;
    via->state = VIA_IN_PROTOCOL;
    protocol_octet(via, octet);
  }
}

bool via_is(const struct via_reader *via, const char *version) {
  const size_t named = sizeof via_name - 1, length = strlen(version);
  if (via->length == length)
    return memcmp(via->protocol, version, length) == 0;
  return via->length == named + length && memcmp(via->protocol, via_name, named) == 0 &&
         memcmp(via->protocol + named, version, length) == 0;
}
