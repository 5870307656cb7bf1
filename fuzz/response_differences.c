#include "fuzz/response_differences.h"

#include <llhttp.h>
#include <string.h>

#include "fuzz/head_spans.h"
#include "machine/work_arounds.h"

/* ---- looking at responses ---------------------------------------------------------------------------- */

/* A head, with its status line and without its empty line. */
struct response_head {
  struct span text;
  unsigned status;
  size_t next; /* where what follows it begins */
};

static unsigned status_of(struct span line) {
  enum { AT = 9, DIGITS = 3 }; /* behind "HTTP/1.1 " */
  unsigned status = 0;
  for (size_t i = AT; i < AT + DIGITS && i < line.length; i++)
    status = status * 10 + (unsigned)(line.at[i] - '0');
  return status;
}

static struct response_head head_at(const struct e100_two_responses *two, size_t at) {
  struct span text = {two->octets, two->length};
  struct response_head head = {{two->octets + at, 0}, 0, at};
  struct span line = line_at(text, at, &head.next);
  head.status = status_of(line);
  while (line.length > 0 && head.next < two->length)
    line = line_at(text, head.next, &head.next);
  if (head.next > two->length)
    head.next = two->length;
  head.text.length = head.next - at;
  return head;
}

static bool is_interim(const struct response_head *head) {
  return head->status / 100 == 1 && head->status != 101;
}

/* The head that is not one of an interim response. */
static struct response_head last_head(const struct e100_two_responses *two) {
  struct response_head head = head_at(two, 0);
  while (is_interim(&head) && head.next < two->length)
    head = head_at(two, head.next);
  return head;
}

/* The head in which llhttp stopped. */
static struct response_head head_of_error(const struct e100_two_responses *two) {
  struct response_head head = head_at(two, 0);
  while (head.next < two->llhttp.reading.octets && head.next < two->length && is_interim(&head))
    head = head_at(two, head.next);
  return head;
}

/* The line of the octet AT. */
static struct span line_of(const struct e100_two_responses *two, size_t at) {
  struct span text = {two->octets, two->length};
  size_t next = 0;
  struct span line = line_at(text, 0, &next);
  while (next <= at && next < two->length)
    line = line_at(text, next, &next);
  return line;
}

/* The line of the octet at which llhttp stopped. */
static struct span line_of_error(const struct e100_two_responses *two) {
  return line_of(two, two->llhttp.reading.octets);
}

/* The line that it stopped in, or behind. */
static struct span line_before_error(const struct e100_two_responses *two) {
  return line_of(two, two->llhttp.reading.octets > 0 ? two->llhttp.reading.octets - 1 : 0);
}

static bool is_without_content(const struct e100_two_responses *two, unsigned status) {
  return status / 100 == 1 || status == 204 || status == 304 || two->request == E100_ANSWERED_HEAD ||
         (two->request == E100_ANSWERED_CONNECT && status / 100 == 2);
}

static bool is_framing_error(int error) {
  return error == HPE_INVALID_CONTENT_LENGTH || error == HPE_UNEXPECTED_CONTENT_LENGTH ||
         error == HPE_INVALID_TRANSFER_ENCODING;
}

/* ---- out of step ---------------------------------------------------------------------------------------
 *
 * Where llhttp takes octets for content that are none, or for HTTP that are none any more, it reads all that
 * follows from a place where nothing begins. Whatever it makes of that is a consequence: the cause is the
 * head behind which it went astray, and no row that looks at what it stopped at can say anything.
 */

/* It looked for content behind an interim response with a status from FIRST to LAST. */
static bool strays_behind_interim(const struct e100_two_responses *two, unsigned first, unsigned last) {
  const struct e100_llhttp_responses *llhttp = &two->llhttp;
  return llhttp->framed != 0 && llhttp->framed <= two->model.interims && llhttp->framed_status >= first &&
         llhttp->framed_status <= last;
}

/* ... or behind a final one that has none. */
static bool strays_behind_final(const struct e100_two_responses *two) {
  return two->llhttp.framed == two->model.interims + 1 && two->model.final &&
         is_without_content(two, two->model.status);
}

/* It goes on behind a 101, or before what that switches to. */
static bool strays_behind_switch(const struct e100_two_responses *two) {
  const struct e100_llhttp_responses *llhttp = &two->llhttp;
  uint32_t number = two->model.interims + 1;
  bool in_step = llhttp->framed == 0 || llhttp->framed >= number;
  bool tunnel = llhttp->reading.tunnel && llhttp->heads == number && llhttp->framed == 0;
  return two->model.tunnel && two->model.status == 101 && in_step && llhttp->heads >= number && !tunnel;
}

static bool strays(const struct e100_two_responses *two) {
  return strays_behind_interim(two, 100, 199) || strays_behind_final(two) || strays_behind_switch(two);
}

/* ---- the predicates, each called like its row --------------------------------------------------------- */

/* Of a row about how llhttp gets out of step. */
#define STRAYS(id) static bool id(const struct e100_two_responses *two)

/* Of any other: it can only be asked where both have read the same heads up to there. */
#define EXPLAINS(id)                                              \
  static bool id##_in_step(const struct e100_two_responses *two); \
  static bool id(const struct e100_two_responses *two) {          \
    return !strays(two) && id##_in_step(two);                     \
  }                                                               \
  static bool id##_in_step(const struct e100_two_responses *two)

/* The head of the last interim response that llhttp took, where it takes no other. */
static struct response_head head_of_end(const struct e100_two_responses *two) {
  const struct e100_response_reading *llhttp = &two->llhttp.reading;
  bool refused = two->llhttp.error == HPE_CLOSED_CONNECTION;
  bool dropped = two->llhttp.error == 0 && two->llhttp.begun == llhttp->interims;
  struct response_head head = head_at(two, 0);
  for (uint32_t i = 1; i < llhttp->interims && head.next < two->length; i++)
    head = head_at(two, head.next);
  if (llhttp->interims == 0 || !(refused || dropped))
    head.text.length = 0;
  return head;
}

/* In a field that llhttp takes for Connection. */
static bool any_option(struct span fields, span_test *test) {
  return any_value(fields, "connection", test) || any_folded(fields, "connection", test) ||
         any_value(fields, "proxy-connection", test) || any_folded(fields, "proxy-connection", test);
}

EXPLAINS(interim_closes) {
  struct span head = head_of_end(two).text;
  return !begins(head, "HTTP/1.0") && any_option(head, has_close);
}

EXPLAINS(interim_of_10) {
  return begins(head_of_end(two).text, "HTTP/1.0");
}

STRAYS(interim_content) {
  return strays_behind_interim(two, 104, 199);
}

STRAYS(hundred_content) {
  return strays_behind_interim(two, 100, 103);
}

STRAYS(bodiless_content) {
  return strays_behind_final(two) && (two->model.status == 204 || two->model.status == 304);
}

STRAYS(switch_unsaid) {
  return strays_behind_switch(two);
}

/* Whether the fields of HEAD that frame content would be wrong where there is some, or have several readings.
 */
static bool has_wrong_framing(const struct response_head *head) {
  struct e100_response_reading with_content;
  struct e100_text copy = {0};
  e100_text_add(&copy, "HTTP/1.1 200", strlen("HTTP/1.1 200"));
  if (head->text.length > copy.length)
    e100_text_add(&copy, (const char *)head->text.at + copy.length, head->text.length - copy.length);
  e100_read_responses((const uint8_t *)copy.text, copy.length, false, false, &with_content);
  e100_text_free(&copy);
  return with_content.malformed || with_content.several;
}

EXPLAINS(useless_framing) {
  struct response_head head = head_of_error(two);
  return is_framing_error(two->llhttp.error) && is_without_content(two, head.status) &&
         has_wrong_framing(&head);
}

EXPLAINS(higher_minor) {
  struct response_head head = head_of_error(two);
  return two->llhttp.error == HPE_INVALID_VERSION && begins(head.text, "HTTP/1.") && head.text.length > 7 &&
         head.text.at[7] > '1' && head.text.at[7] <= '9';
}

EXPLAINS(fold) {
  struct span line = line_of_error(two);
  return two->llhttp.error != 0 && is_fold(line);
}

EXPLAINS(blank_before_colon) {
  struct span line = line_of_error(two);
  const uint8_t *colon = line.length > 0 ? memchr(line.at, ':', line.length) : NULL;
  return two->llhttp.error == HPE_INVALID_HEADER_TOKEN && colon != NULL && colon > line.at &&
         is_blank(colon[-1]) && !is_blank(line.at[0]);
}

EXPLAINS(tab_after_length) {
  return two->llhttp.error == HPE_INVALID_CONTENT_LENGTH &&
         is_field(line_before_error(two), "content-length", ends_with_tab);
}

/* llhttp reads on to the end of the connection, where the model sees chunks. */
static bool misses_chunked(const struct e100_two_responses *two) {
  return two->llhttp.reading.until_close && two->model.chunked;
}

EXPLAINS(tab_after_chunked) {
  return misses_chunked(two) && any_value(last_head(two).text, "transfer-encoding", tab_after_chunked_in);
}

static bool has_empty_end(struct span value) {
  while (value.length > 0 && is_blank(value.at[value.length - 1]))
    value.length--;
  return value.length == 0 || value.at[value.length - 1] == ',';
}

EXPLAINS(empty_after_chunked) {
  return misses_chunked(two) && any_value(last_head(two).text, "transfer-encoding", has_empty_end);
}

EXPLAINS(empty_coding) {
  return two->llhttp.error == HPE_INVALID_TRANSFER_ENCODING &&
         is_field(line_before_error(two), "transfer-encoding", is_empty);
}

/* Chunks, as one reads them who does not look at the octets where their lines should end. */
struct chunks {
  struct span trailers; /* from the last size line on; empty: they do not go so far */
  bool other_ends;      /* something else than CRLF ends a line, or a chunk */
};

static bool is_crlf_at(const struct e100_two_responses *two, size_t at) {
  return at + 1 >= two->length || memcmp(two->octets + at, "\r\n", 2) == 0;
}

static int hex_value(uint8_t octet) {
  const char *digits = "0123456789abcdef";
  const char *digit =
      octet != '\0' ? strchr(digits, octet | ('A' <= octet && octet <= 'F' ? 0x20 : 0)) : NULL;
  return digit != NULL ? (int)(digit - digits) : -1;
}

static struct chunks chunks_of(const struct e100_two_responses *two) {
  struct chunks chunks = {{two->octets, 0}, false};
  for (size_t at = last_head(two).next; at < two->length;) {
    size_t line = at;
    size_t size = 0;
    for (; at < two->length && hex_value(two->octets[at]) >= 0 && size < two->length; at++)
      size = size << 4 | (size_t)hex_value(two->octets[at]);
    while (at < two->length && two->octets[at] != '\r')
      at++;
    chunks.other_ends = chunks.other_ends || !is_crlf_at(two, at);
    at += 2 + size;
    if (size == 0) {
      chunks.trailers = (struct span){two->octets + line, two->length - line};
      break;
    }
    chunks.other_ends = chunks.other_ends || !is_crlf_at(two, at);
    at += 2;
  }
  return chunks;
}

EXPLAINS(trailer_field) {
  bool other_end = two->llhttp.reading.close != two->model.close ||
                   two->llhttp.reading.until_close != two->model.until_close;
  if (!other_end || !two->model.chunked)
    return false;
  struct span trailers = chunks_of(two).trailers;
  return any_option(trailers, anything) || any_value(trailers, "transfer-encoding", anything);
}

EXPLAINS(tab_after_option) {
  return two->llhttp.reading.close != two->model.close &&
         any_value(last_head(two).text, "connection", tab_after_option_in);
}

EXPLAINS(option_before_fold) {
  return two->llhttp.reading.close != two->model.close &&
         any_folded(last_head(two).text, "connection", has_any_option);
}

EXPLAINS(close_and_keep_alive) {
  struct response_head head = last_head(two);
  return begins(head.text, "HTTP/1.0") && two->model.close && !two->llhttp.reading.close &&
         any_option(head.text, has_close) && any_value(head.text, "connection", has_keep_alive);
}

EXPLAINS(proxy_connection) {
  struct span head = last_head(two).text;
  return two->llhttp.reading.close != two->model.close &&
         (any_value(head, "proxy-connection", has_any_option) ||
          any_folded(head, "proxy-connection", has_any_option));
}

/* Where the model stopped, and llhttp did not. */
static struct response_head head_of_refusal(const struct e100_two_responses *two) {
  struct response_head head = head_at(two, 0);
  while (head.next < two->model.octets && head.next < two->length && is_interim(&head))
    head = head_at(two, head.next);
  return head;
}

/* Its status line. */
static struct span line_of_refusal(const struct e100_two_responses *two) {
  size_t next = 0;
  return line_at((struct span){two->octets, two->length},
                 (size_t)(head_of_refusal(two).text.at - two->octets), &next);
}

/* Where the status code stands, and no other digit behind it. */
static bool has_three_digits(struct span line) {
  enum { AT = 9, DIGITS = 3 };
  size_t digits = 0;
  while (AT + digits < line.length && line.at[AT + digits] >= '0' && line.at[AT + digits] <= '9')
    digits++;
  return digits == DIGITS;
}

EXPLAINS(fold_in_framing) {
  struct span head = two->llhttp.error != 0 ? head_of_error(two).text : last_head(two).text;
  return (misses_chunked(two) || is_framing_error(two->llhttp.error)) &&
         (any_folded(head, "content-length", anything) || any_folded(head, "transfer-encoding", anything));
}

EXPLAINS(low_status) {
  return two->llhttp.reading.status < 100 && has_three_digits(line_of_refusal(two));
}

EXPLAINS(odd_status) {
  struct span line = line_of_refusal(two);
  return begins(line, "HTTP/1.") && line.length > 8 && line.at[8] == ' ' && !has_three_digits(line);
}

EXPLAINS(other_major) {
  struct span line = line_of_refusal(two);
  return begins(line, "HTTP/0.9 ") || begins(line, "HTTP/2.0 ");
}

EXPLAINS(other_protocol) {
  struct span line = line_of_refusal(two);
  return begins(line, "RTSP/") || begins(line, "ICE/");
}

EXPLAINS(line_before) {
  struct span line = line_of_refusal(two);
  return line.length == 0 || line.at[0] == '\r';
}

/* Behind the status code. */
EXPLAINS(octets_in_reason) {
  enum { AT = 12 };
  struct span line = line_of_refusal(two);
  for (size_t i = AT; i < line.length; i++)
    if ((line.at[i] < ' ' && line.at[i] != '\t') || line.at[i] == 0x7f)
      return true;
  return false;
}

EXPLAINS(chunk_lines) {
  return two->model.final && two->model.chunked && two->model.malformed && chunks_of(two).other_ends;
}

EXPLAINS(empty_name) {
  return !two->model.final && any_line(head_of_refusal(two).text, begins_with_colon);
}

EXPLAINS(blank_in_name) {
  return !two->model.final && any_line(head_of_refusal(two).text, has_blank_in_name);
}

/* ---- the table ------------------------------------------------------------------------------------------
 */

enum { ANY = 0, NEWEST = 999999, LAST_8 = 89999, FIRST_9 = 90000 };
enum { REFUSES = E100_DIFFERENCE_REFUSES, ACCEPTS = E100_DIFFERENCE_ACCEPTS, READS = E100_DIFFERENCE_READS };

enum {
  CONTENT = 0,
#define WORK_AROUND(of, name, does) of##_##name = 1 << E100_AROUND_##of##_##name,
#include "machine/work_arounds.def"
};

static const struct e100_response_difference differences[] = {
#define DIFFERENCE(id, from, to, modes, kinds, section, ids, example, does, around) \
  {{#id, from, to, E100_LLHTTP_##modes, kinds, section, ids, example, sizeof(example) - 1, does, around}, id},
#include "fuzz/response_differences.def"
};
_Static_assert(sizeof differences / sizeof differences[0] <= E100_DIFFERENCES_LIMIT, "the table has room");

const struct e100_response_difference *e100_response_difference_at(size_t index) {
  return index < sizeof differences / sizeof differences[0] ? &differences[index] : NULL;
}

/* ---- comparing ------------------------------------------------------------------------------------------
 */

/* A head that is not yet over may be refused before the model sees its end; and the model overlooks in chunks
 * what a reader may hold to its grammar. */
static bool may_refuse(const struct e100_two_responses *two) {
  bool in_head = !two->model.final && !two->model.tunnel;
  return in_head || (two->llhttp.reading.final && two->model.chunked);
}

enum e100_difference_kind e100_compare_llhttp_responses(const uint8_t *octets, size_t length,
                                                        enum e100_answered request,
                                                        struct e100_two_responses *two) {
  two->octets = octets;
  two->length = length;
  two->request = request;
  e100_llhttp_read_responses(octets, length, request, &two->llhttp);
  e100_read_responses(octets, length, request == E100_ANSWERED_HEAD, request == E100_ANSWERED_CONNECT,
                      &two->model);
  enum e100_difference_kind kind = e100_compare_responses(&two->llhttp.reading, &two->model);
  return kind == E100_DIFFERENCE_REFUSES && may_refuse(two) ? E100_DIFFERENCE_NONE : kind;
}

const struct e100_response_difference *e100_response_explained(const struct e100_two_responses *two,
                                                               enum e100_difference_kind kind) {
  for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
    const struct e100_response_difference *row = &differences[i];
    if ((row->is.kinds & kind) != 0 && e100_difference_applies(&row->is) && row->explains(two))
      return row;
  }
  return NULL;
}

const char *e100_holds_llhttp_responses(const uint8_t *octets, size_t length, enum e100_answered request,
                                        const struct e100_response_difference **row) {
  static const char *const sentences[] = {
      [E100_DIFFERENCE_REFUSES] = "llhttp alone refuses responses that the model reads, and no known "
                                  "difference says so",
      [E100_DIFFERENCE_ACCEPTS] = "llhttp alone accepts a response that must be refused, and no known "
                                  "difference says so",
      [E100_DIFFERENCE_READS] = "llhttp alone reads other responses than the model, and no known difference "
                                "says so",
  };
  struct e100_two_responses two;
  enum e100_difference_kind kind = e100_compare_llhttp_responses(octets, length, request, &two);
  const struct e100_response_difference *found =
      kind == E100_DIFFERENCE_NONE ? NULL : e100_response_explained(&two, kind);
  if (row != NULL)
    *row = found;
  return kind == E100_DIFFERENCE_NONE || found != NULL ? NULL : sentences[kind];
}
