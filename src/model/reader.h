/*
 * reader.h - the model's own HTTP/1 reader: request heads, response heads, content and trailers.
 *
 * Written from RFC 9112 (2.2, 3 to 7) and RFC 9110 (5, 8.6). A reader takes octets one delivery after
 * the other, holds a fixed number of octets whatever comes, and what it reads does not depend on where
 * the deliveries are cut.
 *
 * Malformed octets do not stop it. Where the RFCs permit one reading only, and that is to reject the
 * message, it sets HEAD_MALFORMED (or one of the facts with a stricter rule of its own). Where they
 * permit several, it sets HEAD_SEVERAL and goes on with the one that accepts the message: to reject it is
 * what any server may do with any request, so the accepting reading is the one to follow. Where the
 * readings disagree on where a message ends, it sets HEAD_BLURRED: from there on nobody can know.
 */
#ifndef E100_MODEL_READER_H
#define E100_MODEL_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/field_lists.h"
#include "model/host_value.h"

/* What a head says. */
enum head_fact {
  HEAD_ASKS = 1 << 0,       /* Expect follows the grammar and has the member 100-continue */
  HEAD_MAY_ASK = 1 << 1,    /* Expect is outside the grammar: nobody knows what it asks */
  HEAD_OTHER = 1 << 2,      /* Expect has a member that is not 100-continue */
  HEAD_BELOW_11 = 1 << 3,   /* HTTP/1.0 */
  HEAD_CLOSE = 1 << 4,      /* Connection has the option close */
  HEAD_KEEP_ALIVE = 1 << 5, /* ... keep-alive */
  HEAD_UPGRADE = 1 << 6,    /* Upgrade names a protocol */
  HEAD_OF_HEAD = 1 << 7,    /* the method is HEAD */
  HEAD_OF_CONNECT = 1 << 8, /* the method is CONNECT */
  HEAD_LENGTH = 1 << 9,     /* Content-Length is there */
  HEAD_CODING = 1 << 10,    /* Transfer-Encoding is there */
  HEAD_CHUNKED = 1 << 11,   /* ... and chunked is its last coding */
  HEAD_LENGTH_BAD = 1 << 12,
  HEAD_CODING_BAD = 1 << 13,   /* Transfer-Encoding without chunked at the end */
  HEAD_CODING_OTHER = 1 << 14, /* a coding besides chunked */
  HEAD_FOLDED = 1 << 15,       /* a field line is continued on the next line */
  HEAD_SPACE_BEFORE_COLON = 1 << 16,
  HEAD_MALFORMED = 1 << 17, /* outside the grammar: RFC 9112 2.2 says it should be rejected */
  HEAD_SEVERAL = 1 << 18,
  HEAD_BLURRED = 1 << 19,
  HEAD_LONE_LF = 1 << 20,         /* a line feed alone was taken for a line end */
  HEAD_EMPTY_LINES = 1 << 21,     /* empty lines came before it */
  HEAD_NO_SPACE = 1 << 22,        /* a status-line without the space after the status code */
  HEAD_HOST = 1 << 23,            /* Host is there */
  HEAD_HOST_BAD = 1 << 24,        /* ... several times, or its value is none */
  HEAD_UPGRADE_OPTION = 1 << 25,  /* Connection has the option upgrade */
  HEAD_TE_CHUNKED = 1 << 29,      /* TE has the member chunked, with a weight or not */
  HEAD_NAMES_FOR_ALL = 1 << 28,   /* Connection names a field that is for every recipient, besides Expect */
  HEAD_EXPECTS_NOTHING = 1 << 27, /* Expect is there, and its list has no member */
  HEAD_CODING_BLURS = 1 << 26 /* the codings have readings that disagree on the end, where codings count */
};

/* What a head says besides: of interest to those who judge its sender, or compare it with what was passed on.
 */
enum head_note {
  NOTE_EMPTY_MEMBER = 1 << 0,   /* a field line with a list has an empty member */
  NOTE_NAMES_EXPECT = 1 << 1,   /* Connection names Expect */
  NOTE_OF_TRACE = 1 << 2,       /* the method is TRACE */
  NOTE_IDEMPOTENT = 1 << 3,     /* ... known to be idempotent (RFC 9110 9.2.2) */
  NOTE_NOT_IDEMPOTENT = 1 << 4, /* ... known not to be */
  NOTE_VIA = 1 << 5,            /* Via is there */
  NOTE_OF_ONE_HOP = 1 << 6,     /* Keep-Alive or Proxy-Connection is there */
  NOTE_EXPECT = 1 << 7,         /* Expect is there, whatever it says */
  NOTE_HUGE_LENGTH = 1 << 8,    /* Content-Length is more than anybody can count */
  NOTE_MANY_NAMES = 1 << 9,     /* more fields, or connection options, than are remembered */
  NOTE_MANY_EMPTIES = 1 << 10,  /* Expect has more empty members than every recipient takes */
  NOTE_CONTROL = 1 << 11,       /* a field value has a control that a recipient may keep (RFC 9110 5.5) */
  NOTE_PART_IS_100 = 1 << 12,   /* Expect has 100-continue between its commas, quoted or not */
  NOTE_PARTS_ARE_100 = 1 << 13, /* ... several times */
  NOTE_UPGRADE = 1 << 14,       /* Upgrade names a protocol: kept with what came back */
  NOTE_UNSAFE = 1 << 15,        /* the method is known to change something: PUT, DELETE, POST, PATCH */
  NOTE_CHUNKED_TWICE = 1 << 16, /* chunked is there more than once */
  NOTE_SOME_LENGTH = 1 << 17,   /* Content-Length is more than 0 */
  NOTE_VIA_10 = 1 << 18,        /* the last member of Via has HTTP/1.0 */
  NOTE_VIA_11 = 1 << 19,        /* ... HTTP/1.1 */
  NOTE_LIST_IN_LINES = 1 << 20, /* a list has several field lines */
  NOTE_ASKS_IN_VAIN = 1 << 21,  /* an application asks for a 100, and gives no content that could be sent */
  NOTE_ODD_OPTION = 1 << 22,    /* Connection has a member that is no token: nobody knows what it says */
  NOTE_HOST_IS_WRONG = 1 << 23, /* an application gives no Host that is needed, or one that is none */
  NOTE_CREDENTIALS = 1 << 24,   /* a request has Authorization or Proxy-Authorization */
  NOTE_UPGRADE_ALONE = 1 << 25, /* an application gives Upgrade without the connection option */
  NOTE_ODD_CODING = 1 << 26,    /* Transfer-Encoding has a member outside the grammar */
  NOTE_NO_VERSION = 1 << 27,    /* the version of a request is none that there is */
  NOTE_TE_ALONE = 1 << 28,      /* a head, or an application, has TE without the connection option */
  NOTE_CHUNKED_WITH = 1 << 29,  /* chunked has a parameter, which recipients should take for an error */
  NOTE_CLOSE = 1 << 30          /* Connection has the option close: kept with what came back */
};

enum {
  PROTOCOLS_LIMIT = 3, /* protocols of an Upgrade field that are remembered */
  OPTIONS_LIMIT = 4,   /* connection options that are remembered, besides close */
  NAMES_LIMIT = 24     /* field names that are remembered while a head is looked at */
};

struct head {
  uint32_t facts; /* set of enum head_fact */
  uint32_t notes; /* set of enum head_note */
  uint16_t status;
  uint8_t major, minor;
  uint8_t protocols;                  /* named by Upgrade; PROTOCOLS_LIMIT + 1 for more than are remembered */
  uint32_t protocol[PROTOCOLS_LIMIT]; /* hashes of their names */
  uint8_t via_runs;                   /* in Via: of members in a row with the same protocol */
  uint8_t options;                    /* connection options that are remembered */
  uint32_t option[OPTIONS_LIMIT];     /* hashes of their names */
  uint32_t method, target;            /* hashes; of an absolute target: of its path and query */
  uint32_t authority, host; /* what an absolute target names, and Host (host_named); 0: none, or unknown */
  uint64_t mark;            /* the value of E100-Mark: up to 8 letters and digits; 0: none */
  uint64_t length;          /* with HEAD_LENGTH */
};

/* Lists that are only looked at for empty members. */
enum section_list { LIST_OF_TE, LIST_OF_TRAILER, LIST_OF_VIA, SECTION_LISTS };

/* A header or trailer section that is being read. */
struct section {
  uint8_t state;
  uint8_t field; /* whose value is being read */
  uint8_t name_length;
  char name[19];
  uint8_t names;               /* fields so far, up to NAMES_LIMIT + 1 */
  uint8_t mark_length;         /* octets of the mark that is being read; more than 8: it is none */
  bool marked;                 /* a field line with a mark was begun */
  uint32_t name_hash;          /* of the name that is being read */
  uint32_t found[NAMES_LIMIT]; /* hashes of the names so far; kept until the next section begins */
  bool keeps_lines;            /* the next are kept: in trailers, and in a head where READER->compares */
  uint32_t line;               /* of the name and the value that is being read, without blanks around it */
  uint32_t blanks;             /* in the value, behind its last octet that is none */
  uint32_t
      lines[NAMES_LIMIT]; /* hashes of the field lines, each at the place of its name in FOUND; 0: not kept */
  bool trailers;          /* trailer fields are read and have no effect (RFC 9110 6.5.1) */
  bool any_field;         /* a field line was seen */
  bool misplaced;         /* a trailer field that frames, routes or asks */
  bool cr;                /* the last octet was a CR that may begin a line end */
  struct list_reader expect, coding, connection, upgrade;
  struct part_reader expect_part, coding_part;
  uint8_t te_at;   /* in a member of TE: octets that are as in chunked, or PART_IS_OTHER */
  bool te_chunked; /* ... one was it */
  bool chunked_seen, chunked_last, coding_bad;
  struct length_reader length;
  struct host_reader host;
  struct via_reader via;
  struct member_reader members[SECTION_LISTS];
};

enum content_state {
  CONTENT_NONE,
  CONTENT_LENGTH,
  CONTENT_CHUNK_SIZE,   /* before the first digit */
  CONTENT_CHUNK_DIGITS, /* after it */
  CONTENT_CHUNK_EXTENSION,
  CONTENT_CHUNK_DATA,
  CONTENT_CHUNK_DATA_END,
  CONTENT_TRAILERS,
  CONTENT_TO_CLOSE,
  CONTENT_COMPLETE,
  CONTENT_BROKEN /* not chunked coding: the end cannot be found any more */
};

enum reader_kind { READS_REQUESTS, READS_RESPONSES };

struct reader {
  uint8_t kind;      /* enum reader_kind */
  uint8_t state;     /* of the start line */
  uint8_t content;   /* enum content_state */
  bool lone_lf;      /* reading: a line feed alone ends a line */
  bool begun;        /* an octet of a head was read, other than of empty lines */
  bool cr;           /* the last octet was a CR that may begin a line end */
  uint8_t at;        /* position in a part of the start line */
  bool compares;     /* set from outside: the field lines of its heads are kept, too */
  uint64_t in_head;  /* of the names in the head that was read last: bits of their hashes */
  bool odd;          /* a chunk extension or a trailer of the content does not follow the grammar, or folds */
  bool padded;       /* whitespace stands in the first line of a chunk */
  bool no_chunk;     /* a letter stands in a chunk-size that no reading of hexadecimal digits takes for one */
  bool huge;         /* a chunk-size is more than anybody can count */
  bool misplaced;    /* a trailer has the name of a field that has to come before the content */
  uint8_t extension; /* place in a chunk extension (chunk_extension.h) */
  struct host_reader authority; /* of an absolute target */
  uint8_t target_part;          /* in which part of the target */
  char method[8];
  uint64_t remaining; /* octets of content, or of the chunk */
  struct head head;   /* the one that is being read, or was read last */
  struct section section;
};

enum reader_event {
  READER_WANTS_MORE, /* all octets were read */
  READER_BEGINS,     /* the first octet of a head; it has not been read yet */
  READER_HEAD,       /* a head is complete: reader->head. Call reader_content to say what follows it */
  READER_CONTENT,    /* octets of content were read: *content of them */
  READER_COMPLETE,   /* the message is complete, trailers included */
  READER_BROKEN,     /* its content is not what its head declared */
  READER_GARBAGE     /* a response does not begin with a status-line; nothing more can be read */
};

void reader_init(struct reader *reader, enum reader_kind kind, bool lone_lf);

/* Reads until something happens, from *OCTETS, and moves *OCTETS on. CONTENT counts octets of content. */
enum reader_event reader_read(struct reader *reader, const uint8_t **octets, const uint8_t *end,
                              uint64_t *content);

/* The head that was just read, or the trailers where some were, has a field of that name (a hash, as those of
 * connection options). */
bool reader_found(const struct reader *reader, uint32_t name);
/* A name with this hash may be in the head that was read last; false: it is not. */
bool reader_may_have_had(const struct reader *reader, uint32_t name);
/* The head that was just read has that field line (a hash, of those that were kept). */
bool reader_has_line(const struct reader *reader, uint32_t line);
/* The hash of a name in lower case. */
uint32_t name_hash(const char *name);

/* Says which content follows the head that was just read. */
void reader_content(struct reader *reader, enum content_state content);

/* A head was begun and is not complete; octets that may be one count. */
bool reader_is_in_head(const struct reader *reader);
/* The octets of a response began with HTTP, in whatever letters, and a slash, whatever followed. */
bool reader_is_in_status_line(const struct reader *reader);
/* An empty line was read, and nothing after it. */
bool reader_is_at_empty_line(const struct reader *reader);
/* ... or several, of which a server may refuse the second (RFC 9112 2.2). */
bool reader_is_behind_empty_lines(const struct reader *reader);
/* The content is in chunks, and its end was not read. */
bool reader_is_in_chunks(const struct reader *reader);
/* All content of the message was read, of which the last chunk says that it is all, but not the end of its
 * trailer section. */
bool reader_has_last_chunk(const struct reader *reader);
/* The content that was read last, or is being read, came to its last chunk. */
bool reader_read_chunks(const struct reader *reader);
/* Reads nothing more. */
bool reader_is_stopped(const struct reader *reader);

#endif
