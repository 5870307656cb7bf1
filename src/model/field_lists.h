/*
 * field_lists.h - the values of the few fields that decide about framing and expectations, read octet
 * by octet: Expect, Transfer-Encoding, Connection, Upgrade, Via (lists) and Content-Length.
 *
 * Several field lines are one value (RFC 9110 5.2), so each reader lives as long as the header section
 * and a further line of the same name enters it as if after a comma.
 */
#ifndef E100_MODEL_FIELD_LISTS_H
#define E100_MODEL_FIELD_LISTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
  LIST_WORD_LIMIT = 16, /* octets kept of a member's first word; longer ones equal no known word */
  /* Empty members that every recipient has to accept. RFC 9110 5.6.1.2 says "a reasonable number". */
  LIST_EMPTY_MEMBERS_LIMIT = 8
};

/* What may follow a member's first word, by field. */
enum list_grammar {
  LIST_OF_EXPECTATIONS, /* token [ "=" ( token / quoted-string ) parameters ], which may be empty */
  LIST_OF_CODINGS,      /* token *( OWS ";" OWS parameter ), whitespace around "=" is bad but readable */
  LIST_OF_OPTIONS,      /* token */
  LIST_OF_PROTOCOLS     /* token [ "/" token ] */
};

/* Flags of the member that is being read. */
enum {
  MEMBER_HAS_VALUE = 1, /* "=" and more follow the first word */
  MEMBER_HAS_PARAMETERS = 2,
  MEMBER_IS_BAD = 4 /* outside the grammar */
};

struct list_reader {
  uint8_t state;
  uint8_t word_length; /* LIST_WORD_LIMIT + 1 for anything longer */
  uint8_t member;      /* flags of the member */
  uint8_t empties;     /* empty members, up to 255 */
  uint8_t begun;       /* some line of the field was seen */
  bool comma;          /* ... and behind its last comma there is no member */
  char word[LIST_WORD_LIMIT];
  uint32_t hash; /* of the first word, letter case folded */
};

/* What an octet did to a list. */
enum list_event { LIST_GOES_ON, LIST_MEMBER_ENDS };

/* Reads one octet of the value; after LIST_MEMBER_ENDS the member can be looked at, and list_next
 * must be called before the next octet. */
enum list_event list_octet(struct list_reader *list, enum list_grammar grammar, uint8_t octet);
/* Ends the value: LIST_MEMBER_ENDS where a member was open. */
enum list_event list_end(struct list_reader *list, enum list_grammar grammar);
void list_next(struct list_reader *list);
/* The first word of the member, compared without letter case; WORD is in lower case. */
bool list_word_is(const struct list_reader *list, const char *word);

/* How often a value has a word between two commas, for somebody who knows nothing of quotes. */
struct part_reader {
  uint8_t at;    /* octets of the part that are as in the word; PART_IS_OTHER: it is something else */
  bool ended;    /* whitespace came after them */
  uint8_t times; /* parts that were it: 0, 1, or 2 for more */
  bool last;     /* the last part that has octets was it */
};
enum { PART_IS_OTHER = UINT8_MAX };

/* Reads one octet of the value; a comma at its end ends the last part. WORD is the same each time, in lower
 * case. */
void part_octet(struct part_reader *part, const char *word, uint8_t octet);

/* Content-Length: a decimal number, or the same number several times (RFC 9110 8.6). */
struct length_reader {
  uint64_t value;   /* of the first member; UINT64_MAX for anything greater */
  uint64_t current; /* of the member that is being read */
  uint8_t state;
  uint8_t members; /* 0, 1, or 2 for more */
  uint8_t bad;     /* not a list of equal numbers */
  uint8_t several; /* RFC 9110 8.6 lets a recipient reject it, or use it */
  uint8_t begun;
};

void length_octet(struct length_reader *length, uint8_t octet);
void length_end(struct length_reader *length);

/* Via: who received the message last, and in which protocol (RFC 9110 7.6.3). */
struct via_reader {
  uint8_t state;
  uint8_t depth;    /* of the comment that is being read */
  bool escaped;     /* ... the octet before was a backslash */
  uint8_t length;   /* octets of the protocol of the last member; more than there is room for: it is longer */
  char protocol[8]; /* ... in lower case */
  uint8_t runs;     /* of members in a row that have the same protocol */
  uint32_t run;     /* ... the hash of the last one's, without HTTP, which may be left out */
};

/* A list of which nothing is asked but whether each member is there. A quoted string may have commas, and so
 * may a comment. */
struct member_reader {
  uint8_t begun; /* lines: 0, 1, or 2 for more */
  bool member;   /* an octet of a member came since the last comma */
  bool comma;    /* a comma came */
  bool empty;    /* an empty member came before one */
  bool quoted, escaped;
  uint8_t depth; /* of the comment */
};

void member_octet(struct member_reader *list, bool has_comments, uint8_t octet);
/* The value was one line, and has an empty member. */
bool member_is_missing(const struct member_reader *list);

void via_octet(struct via_reader *via, uint8_t octet);
/* The last member has the protocol HTTP and VERSION. */
bool via_is(const struct via_reader *via, const char *version);

/* Heads are read with these, octet by octet: one of tchar (RFC 9110 5.6.2). */
static inline bool is_token_octet(uint8_t octet) {
  /* One bit an octet below 128. */
  static const uint32_t tchar[4] = {0x00000000, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff};
  return octet < 128 && (tchar[octet >> 5] >> (octet & 31) & 1u) != 0;
}
/* SP and HTAB: the whitespace of RFC 9110 5.6.3. */
static inline bool is_space(uint8_t octet) {
  return octet == ' ' || octet == '\t';
}
static inline uint8_t fold_case(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A')) : octet;
}

#endif
