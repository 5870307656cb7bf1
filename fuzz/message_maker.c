#include "fuzz/message_maker.h"

#include <ctype.h>
#include <string.h>

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))
#define ONE_OF(luck, list) (list)[e100_luck_below(luck, COUNT_OF(list))]

enum {
  RARELY = 12,        /* one in so many pieces is spelled otherwise */
  LENGTH_LIMIT = 24,  /* of content that is only letters */
  MESSAGE_LIMIT = 160 /* of content that is a request */
};

static void add(struct e100_text *out, const char *text) {
  e100_text_add(out, text, strlen(text));
}

/* The first of a list as often as all the others together, and more often where all is plain. */
static const char *usual(struct e100_luck *luck, const char *const *list, size_t count) {
  return list[e100_luck_once_in(luck, luck->plain ? 5 : 2) ? e100_luck_below(luck, count) : 0];
}
#define USUAL(luck, list) usual(luck, list, COUNT_OF(list))

char e100_make_octet(struct e100_luck *luck) {
  static const char octets[] = " \t\r\n,;:=\"\\+-/()[]@05a\0\x7f\x80\xff\v";
  return octets[e100_luck_below(luck, sizeof octets - 1)];
}

/* ---- values ---------------------------------------------------------------------------------------------
 */

static void add_blanks(struct e100_luck *luck, struct e100_text *out, const char *otherwise) {
  static const char *const blanks[] = {"", " ", "\t", "  ", " \t", "\r\n "};
  add(out, e100_luck_rarely(luck, RARELY) ? ONE_OF(luck, blanks) : otherwise);
}

/* A word in another case, now and then: case does not matter for names, codings and expectations. */
static void add_word(struct e100_luck *luck, struct e100_text *out, const char *word) {
  size_t from = out->length;
  add(out, word);
  if (!e100_luck_rarely(luck, RARELY))
    return;
  bool all = e100_luck_once_in(luck, 2);
  bool upper = e100_luck_once_in(luck, 2);
  for (size_t i = from; i < out->length; i++)
    if (all || e100_luck_once_in(luck, 3))
      out->text[i] =
          (char)(upper ? toupper((unsigned char)out->text[i]) : tolower((unsigned char)out->text[i]));
}

static void add_quoted(struct e100_luck *luck, struct e100_text *out, const char *word) {
  static const char *const inside[] = {"", ", ", ";", "\\\"", "a, "};
  add(out, "\"");
  add(out, ONE_OF(luck, inside));
  add(out, word);
  add(out, "\"");
}

static void add_parameter(struct e100_luck *luck, struct e100_text *out, const char *word) {
  static const char *const parameters[] = {";q=0", ";a=b", " ; a=b", ";", "=value", "="};
  if (e100_luck_once_in(luck, 3)) {
    add(out, ";a=");
    add_quoted(luck, out, word);
  } else {
    add(out, ONE_OF(luck, parameters));
  }
}

/* One member of a list: a token, now and then quoted, or with something behind it. */
static void add_member(struct e100_luck *luck, struct e100_text *out, const char *const *words,
                       size_t count) {
  const char *word = usual(luck, words, count);
  if (e100_luck_rarely(luck, 2 * RARELY)) {
    add_quoted(luck, out, word);
    return;
  }
  add_word(luck, out, word);
  if (e100_luck_rarely(luck, 2 * RARELY))
    add_parameter(luck, out, word);
}

static void add_list(struct e100_luck *luck, struct e100_text *out, const char *const *words, size_t count) {
  static const char *const separators[] = {", ", ",", " , ", ",,", "\t,\t", ", ,"};
  if (e100_luck_rarely(luck, 2 * RARELY))
    add(out, ONE_OF(luck, separators));
  add_member(luck, out, words, count);
  while (e100_luck_once_in(luck, 5)) {
    add(out, USUAL(luck, separators));
    add_member(luck, out, words, count);
  }
  if (e100_luck_rarely(luck, 2 * RARELY))
    add(out, ONE_OF(luck, separators));
}

static uint32_t some_length(struct e100_luck *luck) {
  static const uint32_t lengths[] = {5, 1, 0, 10, 3, 16};
  return e100_luck_once_in(luck, 3) ? e100_luck_below(luck, LENGTH_LIMIT) : ONE_OF(luck, lengths);
}

static void add_number(struct e100_luck *luck, struct e100_text *out, uint32_t number) {
  static const char *const large[] = {"4294967296", "9223372036854775808", "18446744073709551615",
                                      "18446744073709551616", "99999999999999999999"};
  static const char *const before[] = {"0", "+", "-", "000"};
  if (e100_luck_rarely(luck, 4 * RARELY)) {
    add(out, ONE_OF(luck, large));
    return;
  }
  if (e100_luck_rarely(luck, 2 * RARELY))
    add(out, ONE_OF(luck, before));
  e100_text_format(out, "%u", number);
  if (e100_luck_rarely(luck, 3 * RARELY))
    e100_text_format(out, ",%s%u", e100_luck_once_in(luck, 2) ? " " : "",
                     e100_luck_below(luck, 8) ? number : number + 1);
}

/* ---- field lines ------------------------------------------------------------------------------------------
 */

static const char *const expectations[] = {"100-continue",  "token", "200-ok",
                                           "100-continued", "100",   "continue"};
static const char *const codings[] = {"chunked", "gzip", "identity", "deflate", "x"};
static const char *const options[] = {"close", "keep-alive", "Upgrade",       "TE",
                                      "X-A",   "Expect",     "Content-Length"};
static const char *const protocols[] = {"chat", "websocket", "h2c", "chat/2"};
static const char *const hosts[] = {"example.com", "example.org:8080", "[2001:db8::1]", "127.0.0.1:80", "",
                                    "a%20b"};
static const char *const tokens[] = {"token", "a", "Expect", "trailers", "X-A"};

static const struct {
  const char *name;
  const char *const *words; /* NULL: a length */
  size_t count;
  bool single; /* one word and no list */
} fields[] = {
    {"Content-Length", NULL, 0, true},
    {"Expect", expectations, COUNT_OF(expectations), false},
    {"Transfer-Encoding", codings, COUNT_OF(codings), false},
    {"Connection", options, COUNT_OF(options), false},
    {"Host", hosts, COUNT_OF(hosts), true},
    {"Upgrade", protocols, COUNT_OF(protocols), false},
    {"Trailer", tokens, COUNT_OF(tokens), false},
    {"TE", tokens, COUNT_OF(tokens), false},
    {"X-A", tokens, COUNT_OF(tokens), false},
    {"Content-Type", tokens, COUNT_OF(tokens), true},
    {"Via", tokens, COUNT_OF(tokens), false},
};
enum field { LENGTH, EXPECT, CODING, CONNECTION, HOST, UPGRADE };

static void add_line_end(struct e100_luck *luck, struct e100_text *out) {
  static const char *const ends[] = {"\n", "\r", "\r\r\n", "\r\n "};
  add(out, e100_luck_rarely(luck, 8 * RARELY) ? ONE_OF(luck, ends) : "\r\n");
}

/* One octet of what was added from FROM on goes wrong, now and then. */
static void spoil(struct e100_luck *luck, struct e100_text *out, size_t from) {
  if (out->length == from || !e100_luck_rarely(luck, 4 * RARELY))
    return;
  size_t at = from + e100_luck_below(luck, out->length - from);
  if (e100_luck_once_in(luck, 2)) {
    out->text[at] = e100_make_octet(luck);
    return;
  }
  e100_text_add(out, " ", 1);
  memmove(out->text + at + 1, out->text + at, out->length - 1 - at);
  out->text[at] = e100_make_octet(luck);
}

static void begin_line(struct e100_luck *luck, struct e100_text *out, unsigned field) {
  add_word(luck, out, fields[field].name);
  if (e100_luck_rarely(luck, 4 * RARELY))
    add(out, " ");
  add(out, ":");
  add_blanks(luck, out, " ");
}

static void end_line(struct e100_luck *luck, struct e100_text *out, size_t from) {
  add_blanks(luck, out, "");
  spoil(luck, out, from);
  add_line_end(luck, out);
}

static void add_one_line(struct e100_luck *luck, struct e100_text *out, unsigned field) {
  size_t from = out->length;
  begin_line(luck, out, field);
  if (fields[field].words == NULL)
    add_number(luck, out, some_length(luck));
  else if (fields[field].single)
    add(out, usual(luck, fields[field].words, fields[field].count));
  else
    add_list(luck, out, fields[field].words, fields[field].count);
  end_line(luck, out, from);
}

/* A field may be in several lines, and a list is all of them (RFC 9110 5.2 and 5.3). */
static void add_line(struct e100_luck *luck, struct e100_text *out, unsigned field) {
  do
    add_one_line(luck, out, field);
  while (e100_luck_rarely(luck, RARELY));
}

static void add_length_line(struct e100_luck *luck, struct e100_text *out, uint32_t length) {
  size_t from = out->length;
  begin_line(luck, out, LENGTH);
  add_number(luck, out, length);
  end_line(luck, out, from);
}

void e100_make_field_line(struct e100_luck *luck, struct e100_text *out) {
  add_line(luck, out, e100_luck_below(luck, e100_luck_once_in(luck, 4) ? COUNT_OF(fields) : UPGRADE + 1));
}

void e100_make_piece(struct e100_luck *luck, struct e100_text *out) {
  static const char *const marks[] = {" ", "\t", ",", ", ", ";", "=", "\"", ":", "\r\n", "\r\n "};
  unsigned field = e100_luck_below(luck, COUNT_OF(fields));
  if (e100_luck_once_in(luck, 3))
    add(out, ONE_OF(luck, marks));
  else if (fields[field].words == NULL)
    add_number(luck, out, some_length(luck));
  else
    add_member(luck, out, fields[field].words, fields[field].count);
}

/* ---- heads ----------------------------------------------------------------------------------------------
 */

static struct e100_made choose_content(struct e100_luck *luck, uint32_t none_in) {
  struct e100_made made = {.framing = E100_MADE_LENGTH, .length = some_length(luck)};
  if (e100_luck_once_in(luck, none_in))
    made.framing = E100_MADE_NO_CONTENT;
  else if (e100_luck_once_in(luck, 4))
    made.framing = E100_MADE_CHUNKED;
  made.has_message = e100_luck_rarely(luck, RARELY);
  if (made.has_message)
    made.length = MESSAGE_LIMIT;
  return made;
}

static void add_framing(struct e100_luck *luck, const struct e100_made *made, struct e100_text *out) {
  if (made->framing == E100_MADE_LENGTH)
    add_length_line(luck, out, made->length);
  else if (made->framing == E100_MADE_CHUNKED)
    add(out, "Transfer-Encoding: chunked\r\n");
}

/* Lines in an order of luck: each is added when its turn comes. */
static void add_request_lines(struct e100_luck *luck, const struct e100_made *made, bool hosted,
                              struct e100_text *out) {
  enum { PARTS = 5 };
  unsigned first = e100_luck_below(luck, PARTS);
  for (unsigned i = 0; i < PARTS; i++) {
    unsigned part = (first + i) % PARTS;
    if (part == 0 && hosted)
      add_line(luck, out, HOST);
    else if (part == 1)
      add_framing(luck, made, out);
    else if (part == 2 && e100_luck_below(luck, 3) > 0)
      add_line(luck, out, EXPECT);
    else if (part == 3 && e100_luck_once_in(luck, 5))
      add_line(luck, out, CONNECTION);
    else if (part == 4 && e100_luck_once_in(luck, 5))
      e100_make_field_line(luck, out);
  }
}

/* Another protocol is asked for, or switched to. */
static const char upgrade[] = "Connection: Upgrade\r\nUpgrade: chat\r\n";

struct e100_made e100_make_request_head(struct e100_luck *luck, struct e100_text *out) {
  static const char *const methods[] = {"PUT",    "POST",  "GET",   "HEAD",    "OPTIONS",
                                        "DELETE", "PATCH", "TRACE", "CONNECT", "X"};
  static const char *const targets[] = {"/",     "/upload", "*", "http://example.com/", "example.com:443",
                                        "/a?b=c"};
  static const char *const versions[] = {"HTTP/1.1", "HTTP/1.0", "HTTP/1.2",
                                         "HTTP/2.0", "HTTP/0.9", "http/1.1"};
  struct e100_made made = choose_content(luck, 5);
  size_t from = out->length;
  const char *version = e100_luck_once_in(luck, 6) ? ONE_OF(luck, versions) : versions[0];
  if (e100_luck_once_in(luck, 5))
    version = versions[1];
  e100_text_format(out, "%s %s %s", USUAL(luck, methods),
                   e100_luck_rarely(luck, RARELY) ? ONE_OF(luck, targets) : targets[0], version);
  spoil(luck, out, from);
  add_line_end(luck, out);
  bool needs_no_host = version == versions[1] && e100_luck_once_in(luck, 2);
  add_request_lines(luck, &made, !needs_no_host && !e100_luck_rarely(luck, 2 * RARELY), out);
  made.upgrades = e100_luck_once_in(luck, RARELY);
  if (made.upgrades)
    add(out, upgrade);
  add_line_end(luck, out);
  return made;
}

struct e100_made e100_make_response_head(struct e100_luck *luck, bool interim, struct e100_text *out) {
  static const char *const interims[] = {
      "100 Continue", "103 Early Hints", "102 Processing", "101 Switching Protocols", "199 ", "104 "};
  static const char *const finals[] = {"200 OK",
                                       "201 Created",
                                       "204 No Content",
                                       "205 Reset Content",
                                       "304 Not Modified",
                                       "417 Expectation Failed",
                                       "413 Content Too Large",
                                       "401 Unauthorized",
                                       "500 Internal Server Error",
                                       "302 Found"};
  static const char *const versions[] = {"HTTP/1.1", "HTTP/1.0", "HTTP/1.2"};
  struct e100_made made = choose_content(luck, interim ? 2 : 4);
  if (interim && !e100_luck_rarely(luck, RARELY))
    made.framing = E100_MADE_NO_CONTENT;
  const char *status = interim ? USUAL(luck, interims) : USUAL(luck, finals);
  size_t from = out->length;
  e100_text_format(out, "%s %s", e100_luck_rarely(luck, RARELY) ? ONE_OF(luck, versions) : versions[0],
                   status);
  spoil(luck, out, from);
  add_line_end(luck, out);
  add_framing(luck, &made, out);
  if (status[0] == '1' && status[2] == '1' && !e100_luck_rarely(luck, RARELY)) /* RFC 9110 15.2.2 */
    add(out, upgrade);
  if (e100_luck_once_in(luck, 5))
    add_line(luck, out, CONNECTION);
  if (e100_luck_once_in(luck, 5))
    e100_make_field_line(luck, out);
  add_line_end(luck, out);
  return made;
}

/* ---- content --------------------------------------------------------------------------------------------
 */

/* Exactly LENGTH octets: letters, or a request and letters behind it. */
static void add_octets(struct e100_luck *luck, bool message, uint32_t length, struct e100_text *out) {
  size_t end = out->length + length;
  if (message)
    e100_make_request_head(luck, out);
  while (out->length < end)
    add(out, "o");
  if (out->length > end)
    out->length = end;
  out->text[out->length] = '\0';
}

static void add_chunk(struct e100_luck *luck, bool message, uint32_t length, struct e100_text *out) {
  static const char *const extensions[] = {";name=value", ";name=\"va\\\"lue\"", " ;a", ";"};
  size_t from = out->length;
  e100_text_format(out, e100_luck_rarely(luck, RARELY) ? "0%X" : "%x", length);
  if (e100_luck_rarely(luck, RARELY))
    add(out, ONE_OF(luck, extensions));
  spoil(luck, out, from);
  add_line_end(luck, out);
  if (length > 0) {
    add_octets(luck, message, length, out);
    add_line_end(luck, out);
  }
}

void e100_make_content(struct e100_luck *luck, const struct e100_made *made, struct e100_text *out) {
  if (made->framing == E100_MADE_LENGTH && made->length > 0)
    add_octets(luck, made->has_message, made->length, out);
  if (made->framing != E100_MADE_CHUNKED)
    return;
  for (unsigned chunks = e100_luck_below(luck, 3); chunks > 0; chunks--)
    add_chunk(luck, made->has_message, made->length > 0 ? made->length : 1, out);
  add_chunk(luck, false, 0, out);
  while (e100_luck_once_in(luck, 5))
    e100_make_field_line(luck, out);
  add_line_end(luck, out);
}
