/*
 * response_heads.h - reads the responses to one request, interim ones and the final one, and states the facts
 * that a client, or the client's side of a proxy, acts on (RFC 9112 4, 5, 6.3).
 *
 * Heads are llhttp's, but llhttp has opinions of its own about responses, and breaks rules with them
 * (docs/llhttp.md): it reads content after an interim response, lets one close the connection, and misses
 * chunked before a tab. So it reads one head at a time, behind a guard (lines.h), and what it is not trusted
 * with it does not see (work_arounds.def). The fields that frame content count only where they can (RFC 9112
 * 6.3 items 1 and 2 name where they cannot: 1xx, 204, 304, an answer to HEAD, a tunnel), and nothing of a
 * head is remembered in the next.
 *
 * A line that is folded is one line with a blank in the place of the fold (RFC 9112 5.2), and blanks before a
 * colon are dropped (RFC 9112 5.1). A lone line feed or carriage return, NUL, octets before the status line,
 * and a version that is not HTTP/1 are malformed; HTTP/1.2 and above are read as HTTP/1.1 (RFC 9110 2.5).
 *
 * A reader is plain data without pointers to itself: a memcpy is a snapshot. It keeps no pointer to octets
 * that a caller gave that it would ever follow.
 */
#ifndef E100_RESPONSE_HEADS_H
#define E100_RESPONSE_HEADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/coding_list.h"
#include "machine/content.h"
#include "machine/heads.h"
#include "machine/length_field.h"
#include "machine/lines.h"
#include "machine/name_pieces.h"
#include "machine/option_list.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What follows a head (RFC 9112 6.3). */
enum e100_response_framing {
  E100_RESPONSE_NO_CONTENT,
  E100_RESPONSE_LENGTH,
  E100_RESPONSE_CHUNKED,
  E100_RESPONSE_UNTIL_CLOSE,
  E100_RESPONSE_TUNNEL /* no HTTP any more: 101, or 2xx to CONNECT */
};

enum e100_response_wrong {
  E100_RESPONSE_SOUND,
  E100_RESPONSE_MALFORMED,
  E100_RESPONSE_TOO_LARGE /* beyond a limit: E100_START_LINE_LIMIT, E100_HEAD_LIMIT, E100_FIELD_LINES_LIMIT */
};

/* What a head says. */
struct e100_response_facts {
  uint16_t status;      /* 100 to 999; 0 where the status line is wrong */
  uint8_t major, minor; /* of the HTTP version */
  uint8_t framing;      /* enum e100_response_framing */
  uint8_t wrong;        /* enum e100_response_wrong */
  bool interim;         /* 1xx but for 101: another head follows */
  bool persists;        /* the connection may go on after it (RFC 9112 9.3); says nothing of interim ones */
  bool close;           /* Connection says close */
  bool upgrade;         /* there is a field line Upgrade */
  uint64_t length;      /* octets of content; 0 unless framing is E100_RESPONSE_LENGTH */
};

struct e100_response_reader {
  union {
    uint64_t alignment;
    void *too;
    unsigned char octets[E100_LLHTTP_ROOM];
  } llhttp;                        /* private, as in struct e100_reader */
  struct e100_option_list options; /* of Connection */
  struct e100_coding_list codings; /* of Transfer-Encoding */
  struct e100_length_field length; /* of Content-Length */
  struct e100_response_facts facts;
  struct e100_lines lines; /* of the head */
  struct e100_content content;
  uint8_t field;     /* which field the present value belongs to */
  uint8_t undecided; /* octets of a line end that llhttp was not given yet, as a fold may follow */
  bool hides;        /* llhttp is not given the present value */
  bool in_value;     /* of a hidden field, behind the blanks before it */
  bool to_head;      /* the request was HEAD */
  bool to_connect;   /* ... CONNECT */
  bool coded;        /* there is a field line Transfer-Encoding */
  bool head_complete;
  bool in_content;            /* the final head is complete */
  bool complete;              /* the response is */
  struct e100_kept_name name; /* of the present field, before it is whole */
};

/* Starts a reader for the responses to a request, which was HEAD (TO_HEAD), CONNECT (TO_CONNECT) or neither.
 */
void e100_response_reader_init(struct e100_response_reader *reader, bool to_head, bool to_connect);

/*
 * Takes octets up to the next thing that is complete, and says what that is; *TAKEN is how many it took.
 *
 *   E100_READ_HEAD      `facts` are set. After an interim head the reader goes on with the next one. After a
 *                       final head without content, and after one that opens a tunnel, `complete` is true and
 *                       nothing more may be offered; nor after one that is wrong.
 *   E100_READ_CONTENT   *CONTENT points into OCTETS, *CONTENT_LENGTH says how many. Offer what is left, even
 *                       if that is nothing, until E100_READ_MORE: content may be complete with its last
 * octet. E100_READ_COMPLETE  the content is complete, trailers included. E100_READ_WRONG     the content is
 * malformed; nothing more can be read. E100_READ_MORE      all octets were taken, nothing is complete.
 *
 * Of CALLS, which may be NULL, `octets` gets each head as it came, `field_name` and `field_value` its fields
 * in pieces; a value has a blank for each fold, may have blanks at its end, and is not told where it is
 * empty.
 */
enum e100_reader_event e100_response_reader_take(struct e100_response_reader *reader,
                                                 const struct e100_head_calls *calls, void *user,
                                                 const uint8_t *octets, size_t length, size_t *taken,
                                                 const uint8_t **content, size_t *content_length);

/* Reads what follows a head as `facts` say, once somebody has changed them after E100_READ_HEAD. */
void e100_response_reader_follow(struct e100_response_reader *reader);

/* The connection gives no more octets: E100_READ_COMPLETE where the response is complete, which one until
 * close is by that; E100_READ_WRONG where it is not (RFC 9112 8). */
enum e100_reader_event e100_response_reader_end(struct e100_response_reader *reader);

/* True once an octet of a response was read, and again for each one after an interim response. */
bool e100_response_reader_begun(const struct e100_response_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
