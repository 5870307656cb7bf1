/*
 * heads.h - reads requests, and states the facts that the machine acts on.
 *
 * Heads are llhttp's, but llhttp has opinions of its own, and they differ between its versions
 * (docs/llhttp.md): 8.1.0 hides folded lines and takes a blank before the colon, and every version takes
 * requests of RTSP for requests of HTTP. So every octet of a head passes a guard for the structure of lines
 * first (lines.h); llhttp only ever sees what the guard let through. It is not asked what Connection says
 * (option_list.h), nor which codings there are (coding_list.h), and never sees content and trailers
 * (content.h).
 *
 * A reader is plain data without pointers to itself: a memcpy is a snapshot. It keeps no pointer to octets
 * that a caller gave that it would ever follow.
 */
#ifndef E100_HEADS_H
#define E100_HEADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/coding_list.h"
#include "machine/content.h"
#include "machine/expect_field.h"
#include "machine/host_field.h"
#include "machine/lines.h"
#include "machine/name_pieces.h"
#include "machine/option_list.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { E100_LLHTTP_ROOM = 128 /* octets that llhttp may need for its state */ };

enum e100_content_framing { E100_CONTENT_NONE, E100_CONTENT_LENGTH, E100_CONTENT_CHUNKED };

enum e100_method_class { E100_METHOD_OTHER, E100_METHOD_HEAD, E100_METHOD_CONNECT, E100_METHOD_TRACE };

/* What a head says, as far as an expectation and the framing are concerned. */
struct e100_request_facts {
  uint8_t method;       /* enum e100_method_class */
  uint8_t major, minor; /* of the HTTP version */
  uint8_t framing;      /* enum e100_content_framing */
  bool asks;            /* Expect has the member 100-continue */
  bool other;           /* Expect has another member, or one outside the grammar */
  bool persists;        /* the client lets the connection live on (RFC 9112 9.3) */
  bool upgrade;         /* an upgrade is offered (RFC 9110 7.8) */
  uint16_t wrong;       /* 0, or the status that a malformed head deserves: 400, 414, 431, 501, 505 */
  uint32_t hosts;       /* field lines Host */
  uint64_t length;      /* octets of content; 0 unless framing is E100_CONTENT_LENGTH */
};

/* Pieces of a head as they are read, for an application that wants more than the facts; each may be
 * NULL. A piece is a part: names, values and the target may come in several. */
struct e100_head_calls {
  void (*octets)(void *user, const uint8_t *octets, size_t length); /* the head as it came */
  void (*target)(void *user, const uint8_t *octets, size_t length);
  void (*field_name)(void *user, const uint8_t *octets, size_t length);
  void (*field_value)(void *user, const uint8_t *octets, size_t length);
};

/* What a call to e100_reader_take came upon. */
enum e100_reader_event {
  E100_READ_MORE,     /* all octets were taken, nothing is complete */
  E100_READ_HEAD,     /* a whole head, well-formed or not: `facts` are set */
  E100_READ_CONTENT,  /* octets of content */
  E100_READ_COMPLETE, /* the content is complete */
  E100_READ_WRONG     /* the content is malformed; nothing more can be read */
};

struct e100_reader {
  union {
    uint64_t alignment;
    void *too;
    unsigned char octets[E100_LLHTTP_ROOM];
  } llhttp; /* private: users of this header need no header of llhttp */
  struct e100_expect_field expect;
  struct e100_option_list options; /* of Connection */
  struct e100_host_field host;
  struct e100_coding_list codings; /* of Transfer-Encoding */
  struct e100_request_facts facts;
  struct e100_lines lines; /* of the head */
  struct e100_content content;
  uint8_t field;              /* which field the present value belongs to */
  bool coded;                 /* there is a field line Transfer-Encoding */
  bool protocol;              /* Upgrade has a member that is not empty */
  bool in_value;              /* of a field line, behind the blanks before it */
  bool in_content;            /* the head is complete */
  bool complete;              /* and so is the content */
  struct e100_kept_name name; /* of the present field, before it is whole */
};

/* Starts a reader for the next request. */
void e100_reader_init(struct e100_reader *reader);

/*
 * Takes octets up to the next thing that is complete, and says what that is; *TAKEN is how many it
 * took. With E100_READ_CONTENT, *CONTENT points into OCTETS and *CONTENT_LENGTH says how many.
 * CALLS and USER may be NULL.
 */
enum e100_reader_event e100_reader_take(struct e100_reader *reader, const struct e100_head_calls *calls,
                                        void *user, const uint8_t *octets, size_t length, size_t *taken,
                                        const uint8_t **content, size_t *content_length);

/* True once an octet of a request was read. */
bool e100_reader_begun(const struct e100_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
