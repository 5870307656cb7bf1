/*
 * fault_responses.c - machines whose responses are written wrongly: another version, other lengths, content
 * where there must be none, other line ends.
 */
#include "faults/fault_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_RESPONSE(symbol, function, with)                \
  const struct e100_fault_parts e100_fault_parts_##symbol = { \
      .variation = {.depart = (function), .data = (with)}}

static void put(struct e100_text *out, const void *octets, size_t length) {
  e100_text_add(out, octets, length);
}

static void put_text(struct e100_text *out, const char *text) {
  put(out, text, strlen(text));
}

static bool begins(const uint8_t *octets, size_t length, const char *text) {
  size_t size = strlen(text);
  return length >= size && memcmp(octets, text, size) == 0;
}

static bool is_response(const uint8_t *octets, size_t length) {
  return begins(octets, length, "HTTP/1.1 ");
}

static bool is_100(const uint8_t *octets, size_t length) {
  return begins(octets, length, "HTTP/1.1 100 ");
}

static bool is_final(const uint8_t *octets, size_t length) {
  return length > 9 && is_response(octets, length) && octets[9] != '1';
}

/* The octets of the head, with its empty line; all of them where there is none. */
static size_t head_length(const uint8_t *octets, size_t length) {
  for (size_t i = 0; i + 4 <= length; i++) {
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0)
      return i + 4;
  }
  return length;
}

/* Where the line that begins with NAME begins in the head, or NULL. */
static const uint8_t *line_of(const uint8_t *octets, size_t length, const char *name) {
  const uint8_t *end = octets + head_length(octets, length);
  for (const uint8_t *at = octets; at != NULL && at < end;) {
    if (begins(at, (size_t)(end - at), name))
      return at;
    at = memchr(at, '\n', (size_t)(end - at));
    at = at != NULL ? at + 1 : NULL;
  }
  return NULL;
}

/* ---- the status line -------------------------------------------------------------------------------------
 */

/* Other octets at the beginning of responses that begin with FROM. */
struct beginning {
  const char *from;
  const char *to;
};

static void begin_with(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  const struct beginning *beginning = data;
  size_t from = begins(octets, length, beginning->from) ? strlen(beginning->from) : 0;
  (void)varied, (void)held;
  if (from > 0)
    put_text(out, beginning->to);
  if (length > from)
    put(out, octets + from, length - from);
}

static const struct beginning as_12 = {"HTTP/1.1", "HTTP/1.2"};
PARTS_RESPONSE(http_12, begin_with, &as_12);
static const struct beginning in_lower_case = {"HTTP/1.1", "http/1.1"};
PARTS_RESPONSE(lower_case, begin_with, &in_lower_case);
static const struct beginning hints = {"HTTP/1.1 100 Continue", "HTTP/1.1 103 Early Hints"};
PARTS_RESPONSE(hints_for_100, begin_with, &hints);
static const struct beginning processing = {"HTTP/1.1 100 Continue", "HTTP/1.1 200 Continue"};
PARTS_RESPONSE(final_for_100, begin_with, &processing);
static const struct beginning of_10 = {"HTTP/1.1 100", "HTTP/1.0 100"};
PARTS_RESPONSE(http_10_100, begin_with, &of_10);

/* ---- lengths ------------------------------------------------------------------------------------ */

/* Content-Length differs from what there is by so much, where there is anything. */
static void miscount(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                     struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  static const char name[] = "Content-Length: ";
  const int *difference = data;
  const uint8_t *line = is_final(octets, length) ? line_of(octets, length, name) : NULL;
  size_t content = length - head_length(octets, length);
  (void)varied, (void)held;
  if (line == NULL || content == 0) {
    put(out, octets, length);
    return;
  }
  const uint8_t *end = memchr(line, '\r', length - (size_t)(line - octets));
  put(out, octets, (size_t)(line - octets));
  e100_text_format(out, "%s%zu", name, content + (size_t)*difference);
  put(out, end, length - (size_t)(end - octets));
}

static const int one_more = 1;
PARTS_RESPONSE(too_long, miscount, &one_more);
static const int one_less = -1;
PARTS_RESPONSE(too_short, miscount, &one_less);

/* The response with another length and CONTENT octets of its content. */
static void put_recounted(const uint8_t *octets, size_t length, const uint8_t *line, size_t content,
                          struct e100_text *out) {
  const uint8_t *end = memchr(line, '\r', length - (size_t)(line - octets));
  size_t rest = length - (size_t)(end - octets) - (length - head_length(octets, length));
  put(out, octets, (size_t)(line - octets));
  e100_text_format(out, "Content-Length: %zu", content);
  put(out, end, rest + content);
}

/* An octet less than there was, and a length that fits. */
static void cut_content(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                        size_t length, struct e100_text *held, struct e100_text *out) {
  const uint8_t *line = is_final(octets, length) ? line_of(octets, length, "Content-Length: ") : NULL;
  size_t content = length > 0 ? length - head_length(octets, length) : 0;
  (void)data, (void)varied, (void)held;
  if (line != NULL && content > 0)
    put_recounted(octets, length, line, content - 1, out);
  else if (length > 0)
    put(out, octets, length);
}
PARTS_RESPONSE(cut_content, cut_content, NULL);

/* The length of nothing, where nothing is sent. */
static void forget_length(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                          size_t length, struct e100_text *held, struct e100_text *out) {
  const uint8_t *line = is_final(octets, length) ? line_of(octets, length, "Content-Length: ") : NULL;
  size_t content = length > 0 ? length - head_length(octets, length) : 0;
  (void)data, (void)varied, (void)held;
  if (line != NULL && content == 0)
    put_recounted(octets, length, line, 0, out);
  else if (length > 0)
    put(out, octets, length);
}
PARTS_RESPONSE(length_to_head, forget_length, NULL);

/* Content of the server's own in the place of the application's, as long as that. */
static void replace_content(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                            size_t length, struct e100_text *held, struct e100_text *out) {
  size_t head = is_final(octets, length) ? head_length(octets, length) : length;
  (void)data, (void)varied, (void)held;
  if (length > 0)
    put(out, octets, head);
  for (size_t i = head; i < length; i++)
    put_text(out, "-");
}
PARTS_RESPONSE(other_content, replace_content, NULL);

static void leave_length_out(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                             size_t length, struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  const uint8_t *line = is_final(octets, length) ? line_of(octets, length, "Content-Length: ") : NULL;
  const uint8_t *end = line != NULL ? memchr(line, '\n', length - (size_t)(line - octets)) : NULL;
  (void)data, (void)varied, (void)held;
  if (end == NULL) {
    put(out, octets, length);
    return;
  }
  put(out, octets, (size_t)(line - octets));
  put(out, end + 1, length - (size_t)(end + 1 - octets));
}
PARTS_RESPONSE(no_length, leave_length_out, NULL);

/* ---- more than there should be ------------------------------------------------------------------ */

/* Behind the response that begins like this, or behind its status line. */
struct addition {
  const char *to;
  const char *line;    /* of its head, or NULL */
  const char *content; /* behind it, or NULL */
};

static void add(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  const struct addition *addition = data;
  bool meant = begins(octets, length, addition->to);
  const uint8_t *end = meant && addition->line != NULL ? memchr(octets, '\n', length) : NULL;
  size_t line = end != NULL ? (size_t)(end - octets) + 1 : 0;
  (void)varied, (void)held;
  put(out, octets, line);
  if (line > 0)
    put_text(out, addition->line);
  if (length > line)
    put(out, octets + line, length - line);
  if (meant && addition->content != NULL)
    put_text(out, addition->content);
}

static const struct addition page = {"HTTP/1.1 100 ", NULL, "<html>go on</html>"};
PARTS_RESPONSE(page_with_100, add, &page);
static const struct addition length_of_204 = {"HTTP/1.1 204 ", "Content-Length: 0\r\n", NULL};
PARTS_RESPONSE(length_204, add, &length_of_204);
static const struct addition content_of_204 = {"HTTP/1.1 204 ", NULL, "done"};
PARTS_RESPONSE(content_204, add, &content_of_204);
static const struct addition chunks_of_204 = {"HTTP/1.1 204 ", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"};
PARTS_RESPONSE(chunks_204, add, &chunks_of_204);
static const struct addition line_end = {"HTTP/1.1 2", NULL, "\r\n"};
PARTS_RESPONSE(line_end_after, add, &line_end);
static const struct addition close_100 = {"HTTP/1.1 100 ", "Connection: close\r\n", NULL};
PARTS_RESPONSE(close_100, add, &close_100);
static const struct addition both = {"HTTP/1.1 2", "Transfer-Encoding: identity\r\n", NULL};
PARTS_RESPONSE(coding_beside_length, add, &both);
static const struct addition folded = {"HTTP/1.1 100 ", "X-Note: to\r\n be continued\r\n", NULL};
PARTS_RESPONSE(folded_100, add, &folded);
static const struct addition blank = {"HTTP/1.1 ", "Server : expect100\r\n", NULL};
PARTS_RESPONSE(blank_in_response, add, &blank);
static const struct addition empty_member = {"HTTP/1.1 2", "Connection: , x-of-one-hop\r\n", NULL};
PARTS_RESPONSE(member_in_response, add, &empty_member);

/* The content of a 205, where the application has none. */
static void fill_205(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                     struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  static const char none[] = "Content-Length: 0\r\n";
  const uint8_t *line = begins(octets, length, "HTTP/1.1 205 ") ? line_of(octets, length, none) : NULL;
  (void)data, (void)varied, (void)held;
  if (line == NULL) {
    put(out, octets, length);
    return;
  }
  put(out, octets, (size_t)(line - octets));
  put_text(out, "Content-Length: 5\r\n");
  const uint8_t *rest = line + sizeof none - 1;
  put(out, rest, length - (size_t)(rest - octets));
  put_text(out, "reset");
}
PARTS_RESPONSE(content_205, fill_205, NULL);

/* ---- line ends ---------------------------------------------------------------------------------- */

static void end_lines_short(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                            size_t length, struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  size_t head = is_response(octets, length) ? head_length(octets, length) : 0;
  (void)data, (void)varied, (void)held;
  for (size_t i = 0; i < head; i++) {
    if (octets[i] != '\r')
      put(out, octets + i, 1);
  }
  if (length > head)
    put(out, octets + head, length - head);
}
PARTS_RESPONSE(short_line_ends, end_lines_short, NULL);

/* ---- chunks ------------------------------------------------------------------------------------- */

/* To whom chunks are sent, and how. */
struct chunks {
  bool to_10;
  const char *after_size; /* octets between the size of a chunk and the end of its line */
  const char *trailers;
};

static void chunk(const void *data, const struct e100_varied *varied, const uint8_t *octets, size_t length,
                  struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  const uint8_t *line = is_final(octets, length) ? line_of(octets, length, "Content-Length: ") : NULL;
  const uint8_t *end = line != NULL ? memchr(line, '\n', length - (size_t)(line - octets)) : NULL;
  size_t head = head_length(octets, length);
  const struct e100_request_facts *facts = &varied->origin->reader.facts;
  const struct chunks *chunks = data;
  (void)held;
  if (end == NULL || (facts->minor == 0) != chunks->to_10 || facts->method == E100_METHOD_HEAD ||
      length == head) {
    put(out, octets, length);
    return;
  }
  put(out, octets, (size_t)(line - octets));
  put_text(out, "Transfer-Encoding: chunked\r\n");
  put(out, end + 1, head - (size_t)(end + 1 - octets));
  e100_text_format(out, "%zx%s\r\n", length - head, chunks->after_size);
  if (length > head)
    put(out, octets + head, length - head);
  e100_text_format(out, "\r\n0%s\r\n%s\r\n", chunks->after_size, chunks->trailers);
}

static const struct chunks to_10 = {true, "", ""};
PARTS_RESPONSE(chunks_to_10, chunk, &to_10);
static const struct chunks length_behind = {false, "", "Content-Length: 1\r\n"};
PARTS_RESPONSE(length_in_trailers, chunk, &length_behind);
static const struct chunks padded = {false, "  ", ""};
PARTS_RESPONSE(sizes_padded, chunk, &padded);

/* ---- 101
 * ------------------------------------------------------------------------------------------------------------
 */

/* Leaves out the line NAME of a 101, or writes another one. */
struct change {
  const char *name;
  const char *instead;
};

static void change_101(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  if (length == 0) /* and there are no octets */
    return;
  const struct change *change = data;
  size_t before = is_100(octets, length) ? head_length(octets, length) : 0;
  bool is_101 = length > before && begins(octets + before, length - before, "HTTP/1.1 101 ");
  const uint8_t *line = is_101 ? line_of(octets + before, length - before, change->name) : NULL;
  const uint8_t *end = line != NULL ? memchr(line, '\n', length - (size_t)(line - octets)) : NULL;
  (void)varied, (void)held;
  if (end == NULL) {
    put(out, octets, length);
    return;
  }
  put(out, octets, (size_t)(line - octets));
  put_text(out, change->instead);
  put(out, end + 1, length - (size_t)(end + 1 - octets));
}

static const struct change no_option = {"Connection: ", ""};
PARTS_RESPONSE(no_option, change_101, &no_option);
static const struct change no_upgrade = {"Upgrade: ", ""};
PARTS_RESPONSE(no_upgrade, change_101, &no_upgrade);
static const struct change another = {"Upgrade: ", "Upgrade: another\r\n"};
PARTS_RESPONSE(another_protocol, change_101, &another);

/* ---- 100, not always ---------------------------------------------------------------------------- */

/* Once a request was refused, no other of the connection gets a 100. */
static void forget_after_refusal(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                                 size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  if (is_final(octets, length) && octets[9] == '4')
    varied->memory[0] = 1;
  if (varied->memory[0] == 0 || !is_100(octets, length))
    put(out, octets, length);
}
PARTS_RESPONSE(no_100_again, forget_after_refusal, NULL);
