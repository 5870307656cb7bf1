/*
 * ladder_test.c - the ladder diagram: what it looks like, and that no octets break it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "exchange/ladder_svg.h"
#include "exchange/ladder_summary.h"
#include "tests/exchange_samples.h"

/* clang-format off */
static const char two_parties[] =
    "# The client asks and waits; the origin is silent, and says 100 only once content comes.\n"
    "kind: play\n"
    "role: origin\n"
    "\n"
    "-- client opens --\n"
    "-- client --\n"
    "PUT /upload HTTP/1.1\n"
    "Host: example.com\n"
    "Content-Length: 5\n"
    "Expect: 100-continue\n"
    "\n"
    "-- app< head --\n"
    "-- app> accept --\n"
    "-- quiet --\n"
    "-- settled --\n"
    "-- timer client continue --\n"
    "-- timer origin content --\n"
    "-- await final --\n"
    "-- expect origin --\n"
    "HTTP/1.1 100 Continue\n"
    "\n"
    "-- client --\n"
    "hel\\\n"
    "-- client --\n"
    "loGET / HTTP/1.1\n"
    "Host: a\n"
    "\n"
    "PUT /uplo\\\n"
    "-- client --\n"
    "ad HTTP/1.1\n"
    "\n"
    "-- origin --\n"
    "HTTP/1.1 100 Continue\n"
    "\n"
    "HTTP/1.1 201 Created\n"
    "Content-Length: 10\n"
    "\n"
    "hello\\n\\x00\\xff\\\\y\n"
    "-- app> respond 413 close --\n"
    "too much\n"
    "-- client half-closes --\n"
    "-- origin closes --\n"
    "-- origin resets --\n"
    "-- client resets --\n"
    "-- client --\n"
    "-- findings --\n"
    "request 1, step 4: ORIGIN_100_OR_FINAL\n"
    "request 1, step 17: ORIGIN_NO_WAIT\n";

static const char two_parties_drawn[] =
    "      client                                                                origin\n"
    "         │                                                                     │\n"
    "    1    │─── opens the connection ───────────────────────────────────────────▶│\n"
    "    2    │─── PUT /upload HTTP/1.1, Expect: 100-continue, Content-Length: 5 ──▶│\n"
    "    3    │                                                                     │  app is told a request head\n"
    "    4    │                                                                     │  app accepts the content  ◀ finding\n"
    "    5    │ · · · · · · ·  silence until every timer has fired  · · · · · · · · │\n"
    "    6    │ · · · · · · · · · · · · · ·  silence  · · · · · · · · · · · · · · · │\n"
    "    7    │ (timer fires: continue)                                             │\n"
    "    8    │                                              (timer fires: content) │\n"
    "    9    │ · · · · · · ·  the others wait for a final response · · · · · · · · │\n"
    "   10    │◀╌╌ HTTP/1.1 100 Continue ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│  expected\n"
    "   11    │─── 3 octets of content \"hel\" ──────────────────────────────────────▶│\n"
    "   12    │─── 2 octets of content \"lo\" ───────────────────────────────────────▶│\n"
    "         │─── GET / HTTP/1.1 ─────────────────────────────────────────────────▶│\n"
    "         │─── (incomplete) PUT /uplo ─────────────────────────────────────────▶│\n"
    "   13    │─── 15 octets, the rest of the head \"ad HTTP/1.1\\r\\n\\r\\n\" ──────────▶│\n"
    "   14    │◀── HTTP/1.1 100 Continue ───────────────────────────────────────────│\n"
    "         │◀── HTTP/1.1 201 Created, Content-Length: 10 ────────────────────────│\n"
    "         │◀── 12 octets of content \"hello\\n\\x00\\xff\\y\\r\\n\" ────────────────────│\n"
    "   15    │                                                                     │  app responds 413, 10 octets and closes\n"
    "   16    │── sends no more octets ──|                                          │\n"
    "   17    │                                         X── closes the connection ──│  ◀ finding\n"
    "   18    │                                         X── resets the connection ──│\n"
    "   19    │── resets the connection ──X                                         │\n"
    "   20    │─── (no octets) ────────────────────────────────────────────────────▶│\n"
    "         │                                                                     │\n";

static const char three_parties[] =
    "kind: play\n"
    "role: proxy\n"
    "links: d1 client>proxy, downstream-long client>proxy, u1 proxy>origin\n"
    "\n"
    "-- client>proxy downstream-long --\n"
    "PUT /upload HTTP/1.1\n"
    "Host: example.com\n"
    "Content-Length: 5\n"
    "Expect: 100-continue\n"
    "\n"
    "-- timer proxy head --\n"
    "-- timer gateway head --\n"
    "-- proxy>origin u1 --\n"
    "PUT /upload HTTP/1.1\n"
    "\n"
    "-- await final downstream-long --\n"
    "-- quiet --\n"
    "-- origin closes u1 --\n"
    "-- proxy resets u1 --\n"
    "-- client half-closes downstream-long --\n"
    "-- client opens downstream-long --\n"
    "-- app> respond 200 d1 --\n";

static const char three_parties_drawn[] =
    "     client d1                           client downstream-long                        proxy                                  origin\n"
    "         │                                       │                                       │                                       │\n"
    "    1    │                                       │─── downstream-long: PUT /upload ─────▶│                                       │\n"
    "         │                                       │    HTTP/1.1,                          │                                       │\n"
    "         │                                       │    Expect: 100-continue,              │                                       │\n"
    "         │                                       │    Content-Length: 5                  │                                       │\n"
    "    2    │                                       │                                       │ (timer fires: head)                   │\n"
    "    3    │                                       │                                       │                                       │  gateway (timer fires: head)\n"
    "    4    │                                       │                                       │─── u1: PUT /upload HTTP/1.1 ─────────▶│\n"
    "    5    │ · · · · · · · · · · · · · · ·  downstream-long: the others wait for a final response  · · · · · · · · · · · · · · · · │\n"
    "    6    │ · · · · · · · · · · · · · · · · · · · │ silence until every timer has fired · │ · · · · · · · · · · · · · · · · · · · │\n"
    "    7    │                                       │                                       │       X── u1: closes the connection ──│\n"
    "    8    │                                       │                                       │── u1: resets the connection ──X       │\n"
    "    9    │                                       │── sends no more octets ──|            │                                       │\n"
    "   10    │                                       │─── opens the connection ─────────────▶│                                       │\n"
    "   11    │ d1: app responds 200                  │                                       │                                       │\n"
    "         │                                       │                                       │                                       │\n";

/* The next client's head goes out where the content of the first is still owed. */
static const char pool[] =
    "kind: judge\n"
    "role: proxy\n"
    "links: d1 client>proxy, d2 client>proxy, u1 proxy>origin\n"
    "shows: SERVER_ONE_FINAL\n"
    "\n"
    "-- client>proxy d1 --\n"
    "PUT /upload HTTP/1.1\n"
    "Host: a.example\n"
    "Expect: 100-continue\n"
    "Content-Length: 99\n"
    "\n"
    "-- proxy>origin u1 --\n"
    "PUT /upload HTTP/1.1\n"
    "Host: a.example\n"
    "Expect: 100-continue\n"
    "Content-Length: 99\n"
    "\n"
    "-- origin>proxy u1 --\n"
    "HTTP/1.1 403 Forbidden\n"
    "Content-Length: 0\n"
    "\n"
    "-- proxy>client d1 --\n"
    "HTTP/1.1 403 Forbidden\n"
    "Content-Length: 0\n"
    "\n"
    "-- client>proxy d2 --\n"
    "GET /inbox HTTP/1.1\n"
    "Host: a.example\n"
    "\n"
    "-- proxy>origin u1 --\n"
    "GET /inbox HTTP/1.1\n"
    "Host: a.example\n"
    "\n"
    "-- settled --\n"
    "-- findings --\n"
    "d2, request 1, step 7: SERVER_ONE_FINAL\n";

static const char pool_drawn[] =
    "     client d1                               client d2                                 proxy                                  origin\n"
    "         │                                       │                                       │                                       │\n"
    "    1    │─── d1: PUT /upload HTTP/1.1, Expect: 100-continue, Content-Length: 99 ───────▶│                                       │\n"
    "    2    │                                       │                                       │─── u1: PUT /upload HTTP/1.1, ────────▶│\n"
    "         │                                       │                                       │    Expect: 100-continue,              │\n"
    "         │                                       │                                       │    Content-Length: 99                 │\n"
    "    3    │                                       │                                       │◀── u1: HTTP/1.1 403 Forbidden, ───────│\n"
    "         │                                       │                                       │    Content-Length: 0                  │\n"
    "    4    │◀── d1: HTTP/1.1 403 Forbidden, Content-Length: 0 ─────────────────────────────│                                       │\n"
    "    5    │                                       │─── d2: GET /inbox HTTP/1.1 ──────────▶│                                       │\n"
    "    6    │                                       │                                       │─── u1: 40 octets of content \"GET ────▶│  looks like a request; the Content-Length before makes it content\n"
    "         │                                       │                                       │    /inbox HTTP/1.1\\r\\nHost:           │\n"
    "         │                                       │                                       │    a.example\\r\\n\\r\\n\"                 │\n"
    "    7    │ · · · · · · · · · · · · · · · · · · · │ · · · · · · · silence · · · · · · · · │ · · · · · · · · · · · · · · · · · · · │  ◀ finding\n"
    "         │                                       │                                       │                                       │\n";
/* clang-format on */

static void assert_drawn(const char *text, const char *expected) {
  struct e100_exchange exchange;
  struct e100_text drawn = {0};
  uint8_t marks[64] = {0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  for (uint32_t i = 0; i < exchange.expected_count; i++)
    marks[exchange.expected[i].step - 1] = 1;
  e100_ladder_print(&exchange, marks, &drawn);
  assert_string_equal(drawn.text, expected);
  e100_text_free(&drawn);
  e100_exchange_free(&exchange);
}

static void two_parties_face_each_other(void **state) {
  (void)state;
  assert_drawn(two_parties, two_parties_drawn);
}

/* The application stands at the line of its party; what has no room there at the side. */
static const char applications[] = "kind: judge\n"
                                   "role: proxy\n"
                                   "\n"
                                   "-- app> request --\n"
                                   "GET /a HTTP/1.1\n"
                                   "\n"
                                   "-- app< head u1 --\n"
                                   "-- app< response 200 d1 --\n"
                                   "-- app< aborted d1 --\n"
                                   "-- app> request --\n"
                                   "GET /a/path/that/is/longer/than/the/lines/are/apart HTTP/1.1\n"
                                   "\n";
static const char applications_drawn[] =
    "      client                                             proxy                                          "
    "  origin\n"
    "         │                                                 │                                            "
    "     │\n"
    "    1    │ app asks: GET /a HTTP/1.1                       │                                            "
    "     │\n"
    "    2    │                                                 │                                            "
    "     │  u1: app is told a request head\n"
    "    3    │ d1: app is told the final response, 200         │                                            "
    "     │\n"
    "    4    │ d1: app is told that no response comes          │                                            "
    "     │\n"
    "    5    │                                                 │                                            "
    "     │  client's app asks: GET /a/path/that/is/longer/than/the/lines/are/a\n"
    "         │                                                 │                                            "
    "     │\n";

static void an_application_stands_at_its_party(void **state) {
  (void)state;
  assert_drawn(applications, applications_drawn);
}

static void a_proxy_stands_in_the_middle(void **state) {
  (void)state;
  assert_drawn(three_parties, three_parties_drawn);
}

static void two_clients_stand_apart_and_content_is_content(void **state) {
  (void)state;
  assert_drawn(pool, pool_drawn);
}

static void a_new_connection_owes_nothing(void **state) {
  (void)state;
  static const char text[] = "kind: judge\nrole: origin\n\n"
                             "-- client --\nPUT / HTTP/1.1\nContent-Length: 99\n\n"
                             "-- client closes --\n-- client opens --\n"
                             "-- client --\nGET / HTTP/1.1\n\n";
  struct e100_exchange exchange;
  struct e100_text ladder = {0};
  struct e100_text drawing = {0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  assert_int_equal(exchange.step_count, 4);
  e100_ladder_print(&exchange, NULL, &ladder);
  e100_ladder_svg(&exchange, &(struct e100_ladder_drawing){.rows_limit = 0}, &drawing);
  assert_null(strstr(ladder.text, "looks like"));
  assert_non_null(strstr(ladder.text, "GET / HTTP/1.1"));
  assert_null(strstr(drawing.text, "looks like"));
  e100_text_free(&ladder);
  e100_text_free(&drawing);
  e100_exchange_free(&exchange);
}

static void an_interim_response_is_taken_for_the_final_one(void **state) {
  (void)state;
  static const char text[] = "kind: judge\nrole: client\n\n"
                             "-- app< interim 102 --\n-- app< response 200 --\n-- app< interim 103 --\n"
                             "-- app< complete --\n-- app< interim 104 --\n-- app< complete --\n"
                             "-- app< interim 101 --\n-- app< complete --\n";
  struct e100_exchange exchange;
  struct e100_text ladder = {0};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  assert_int_equal(exchange.step_count, 8);
  e100_ladder_print(&exchange, NULL, &ladder);
  assert_non_null(strstr(ladder.text, "an interim response, 102 "));
  assert_non_null(strstr(ladder.text, "an interim response, 103 ")); /* 200 may be what is complete */
  assert_non_null(strstr(ladder.text, "an interim response, 104, as the final one"));
  assert_non_null(strstr(ladder.text, "an interim response, 101 "));
  e100_text_free(&ladder);
  e100_exchange_free(&exchange);
}

/* Characters of a line; also checks that it is UTF-8 without control characters. */
static size_t columns(const char *line, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char octet = (unsigned char)line[i];
    assert_true(octet >= ' ' && octet != 0x7f);
    count += (octet & 0xc0) != 0x80;
  }
  return count;
}

static void no_octets_break_it(void **state) {
  (void)state;
  struct samples samples = {.state = 41};
  struct e100_exchange exchange;
  struct e100_text drawn = {0};
  e100_exchange_init(&exchange);
  for (int i = 0; i < 5000; i++) {
    sample_exchange(&samples, &exchange);
    drawn.length = 0;
    e100_ladder_print(&exchange, NULL, &drawn);
    for (const char *line = drawn.text; *line;) {
      size_t length = strcspn(line, "\n");
      assert_in_range(columns(line, length), 1, 260);
      line += length + 1;
    }
  }
  e100_text_free(&drawn);
  e100_exchange_free(&exchange);
}

/* Whether every element of an SVG ends, text has no markup of its own, and there are no control characters.
 */
static void assert_well_formed(const char *svg) {
  int depth = 0;
  for (const char *c = svg; *c; c++) {
    assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
    assert_int_not_equal(*c, '>'); /* only at the end of a tag, which is passed over below */
    if (*c == '&')
      assert_true(strncmp(c, "&amp;", 5) == 0 || strncmp(c, "&lt;", 4) == 0 || strncmp(c, "&gt;", 4) == 0 ||
                  strncmp(c, "&quot;", 6) == 0 || strncmp(c, "&#39;", 5) == 0);
    if (*c != '<')
      continue;
    bool ends = c[1] == '/';
    const char *tag = c + 1 + ends;
    size_t length = strcspn(tag, "<>");
    assert_int_equal(tag[length], '>');
    assert_true(strncmp(tag, "svg", 3) == 0 || strncmp(tag, "text", 4) == 0 || strncmp(tag, "path", 4) == 0 ||
                strncmp(tag, "rect", 4) == 0 || strncmp(tag, "circle", 6) == 0 || tag[0] == 'g');
    depth += ends ? -1 : tag[length - 1] == '/' ? 0 : 1;
    assert_true(depth >= 0);
    c = tag + length;
  }
  assert_int_equal(depth, 0);
}

static void no_octets_break_the_svg(void **state) {
  (void)state;
  struct samples samples = {.state = 47};
  struct e100_exchange exchange;
  struct e100_text drawn = {0};
  e100_exchange_init(&exchange);
  for (int i = 0; i < 3000; i++) {
    sample_exchange(&samples, &exchange);
    const char *marks[E100_STEPS_LIMIT] = {NULL};
    if (exchange.step_count > 0)
      marks[sample(&samples, exchange.step_count)] = "<RULE> & \"more\"";
    struct e100_ladder_drawing drawing = {
        .marks = marks, .label = "\"'<&>\x01", .rows_limit = sample(&samples, 3) * 5};
    drawn.length = 0;
    e100_ladder_svg(&exchange, &drawing, &drawn);
    assert_well_formed(drawn.text);
  }
  e100_text_free(&drawn);
  e100_exchange_free(&exchange);
}

static void the_svg_says_what_the_text_says(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_text drawn = {0};
  const char *marks[16] = {NULL};
  marks[6] = "SERVER_ONE_FINAL";
  const struct e100_ladder_drawing drawing = {.marks = marks, .label = "the pool"};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)pool, strlen(pool), false, NULL, NULL);
  e100_ladder_svg(&exchange, &drawing, &drawn);
  static const char *const texts[] = {">client d1<",
                                      ">client d2<",
                                      ">proxy<",
                                      ">origin<",
                                      "d1: PUT /upload HTTP/1.1, Expect: 100-continue, Content-Length: 99",
                                      "u1: 40 octets of content &quot;GET /inbox",
                                      "Content-Length before claims it",
                                      ">silence<",
                                      ">SERVER_ONE_FINAL<",
                                      "aria-label=\"the pool\""};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (!strstr(drawn.text, texts[i]))
      fail_msg("the drawing does not say %s", texts[i]);
  e100_text_free(&drawn);
  e100_exchange_free(&exchange);
}

/* Every octet is accounted for, in pieces of at least one, and no text is longer than its room. */
static void summaries_keep_to_their_room(void **state) {
  (void)state;
  struct samples samples = {.state = 43};
  for (int i = 0; i < 20000; i++) {
    uint8_t octets[400];
    char text[101];
    enum e100_heard heard = E100_HEARD_NOTHING;
    struct e100_head_part part = {.kept = 0};
    size_t length = sample_octets(&samples, octets, sizeof(octets));
    size_t room = 24 + sample(&samples, 70);
    for (size_t at = 0; at < length;) {
      memset(text, 'x', sizeof(text));
      size_t taken = e100_ladder_summary(&heard, &part, octets + at, length - at, text, room);
      assert_in_range(taken, 1, length - at);
      assert_true(memchr(text, '\0', room + 1) != NULL);
      assert_int_equal(text[room + 1], 'x');
      assert_int_equal(columns(text, strlen(text)), strlen(text));
      at += taken;
    }
  }
}

static void assert_summary(const char *octets, size_t room, const char *expected) {
  enum e100_heard heard = E100_HEARD_NOTHING;
  struct e100_head_part part = {.kept = 0};
  char text[200];
  (void)e100_ladder_summary(&heard, &part, (const uint8_t *)octets, strlen(octets), text, room);
  assert_string_equal(text, expected);
}

/* What comes first of OCTETS that were sent behind a head is shown as EXPECTED, and has TAKEN octets. */
static void assert_first(const char *octets, size_t taken, const char *expected) {
  enum e100_heard heard = E100_HEARD_HEAD;
  struct e100_head_part part = {.kept = 0};
  char text[200];
  assert_int_equal(e100_ladder_summary(&heard, &part, (const uint8_t *)octets, strlen(octets), text, 100),
                   taken);
  assert_string_equal(text, expected);
}

/* A method is any token (RFC 9110 9.1). */
static void any_method_begins_a_request(void **state) {
  (void)state;
  assert_summary("T / HTTP/1.1\r\nHost: a\r\n\r\n", 60, "T / HTTP/1.1");
  assert_summary("t /a b HTTP/1.0 \r\nExpect: 100-continue\r\n", 60,
                 "(incomplete) t /a b HTTP/1.0 , Expect: 100-continue");
  assert_summary("M-SEARCH * HTTP/1.1", 60, "(incomplete) M-SEARCH * HTTP/1.1");
  assert_first("a\r\n0\r\n\r\n!#$ /x HTTP/1.1\r\n\r\n", 8, "8 octets of content \"a\\r\\n0\\r\\n\\r\\n\"");
  assert_first("helloGET / HTTP/1.1\r\n\r\n", 5, "5 octets of content \"hello\"");
  /* No method, and a line all the same: its version is no begin of a response. */
  assert_first("(T) / HTTP/1.1\r\n", 16, "16 octets of content \"(T) / HTTP/1.1\\r\\n\"");
  assert_first("is HTTP/1.1 so", 14, "14 octets of content \"is HTTP/1.1 so\"");
  assert_first("a HTTP/1.1 200 OK\r\n", 2, "2 octets of content \"a \"");
  assert_first("T / HTTP/x\r\n", 12, "12 octets of content \"T / HTTP/x\\r\\n\"");
}

static void summaries_say_what_matters(void **state) {
  (void)state;
  assert_summary("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 60, "GET / HTTP/1.1");
  assert_summary("PUT / HTTP/1.1\r\nContent-length: 5\r\nEXPECT:100-Continue\r\n\r\n", 60,
                 "PUT / HTTP/1.1, EXPECT:100-Continue, Content-length: 5");
  assert_summary("PUT / HTTP/1.1\nExpect : 100-continue\n\n", 60, "PUT / HTTP/1.1, Expect : 100-continue");
  assert_summary("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 60, "HTTP/1.1 100 Continue");
  assert_summary("HTTP/1.1 1", 60, "(incomplete) HTTP/1.1 1");
  assert_summary("GE", 60, "2 octets \"GE\"");
  assert_summary("PUT it down\r\n", 60, "13 octets \"PUT it down\\r\\n\"");
  assert_summary("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 30, "40 octets \"aaaaaaaaaaaaaaaa...");
  assert_summary("\n\n\n\n\n\n\n\n\n\n\n\n\n", 24, "13 octets \"\\n\\n\\n\\n\\n...");
}

/* However a head is cut, the rest of it is no content, and the content that it announces is. */
static void a_head_may_come_in_pieces(void **state) {
  (void)state;
  static const char whole[] = "PUT / HTTP/1.1\r\nContent-Length: 10\r\nHost: a\r\n\r\n";
  for (size_t cut = 15; cut < sizeof whole - 1; cut++) {
    struct e100_exchange exchange;
    struct e100_text drawn = {0};
    char rest[64];
    e100_exchange_init(&exchange);
    struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
    (void)e100_exchange_append(&exchange, &step, (const uint8_t *)whole, cut);
    (void)e100_exchange_append(&exchange, &step, (const uint8_t *)whole + cut, sizeof whole - 1 - cut);
    (void)e100_exchange_append(&exchange, &step, (const uint8_t *)"GET / HTTP/1.1\r\n\r\n", 18);
    e100_ladder_print(&exchange, NULL, &drawn);
    (void)snprintf(rest, sizeof rest, "%zu octet%s, the rest of the head", sizeof whole - 1 - cut,
                   sizeof whole - 1 - cut == 1 ? "" : "s");
    assert_non_null(strstr(drawn.text, rest));
    assert_non_null(strstr(drawn.text, "10 octets of content \"GET / HTTP\""));
    e100_text_free(&drawn);
    e100_exchange_free(&exchange);
  }
}

/* One delivery can hold any number of messages; its drawing ends, and says how much it left out. */
static void many_messages_are_counted(void **state) {
  (void)state;
  struct e100_exchange exchange;
  struct e100_text octets = {0};
  struct e100_text drawn = {0};
  e100_exchange_init(&exchange);
  for (int i = 0; i < 100; i++)
    e100_text_format(&octets, "GET /%02d HTTP/1.1\r\n\r\n", i);
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(&exchange, &step, (const uint8_t *)octets.text, octets.length);
  e100_ladder_print(&exchange, NULL, &drawn);
  assert_non_null(strstr(drawn.text, "GET /39 HTTP/1.1"));
  assert_null(strstr(drawn.text, "GET /40 HTTP/1.1"));
  assert_non_null(strstr(drawn.text, "(1200 more octets)"));
  e100_text_free(&octets);
  e100_text_free(&drawn);
  e100_exchange_free(&exchange);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_parties_face_each_other),
      cmocka_unit_test(a_proxy_stands_in_the_middle),
      cmocka_unit_test(an_application_stands_at_its_party),
      cmocka_unit_test(two_clients_stand_apart_and_content_is_content),
      cmocka_unit_test(a_new_connection_owes_nothing),
      cmocka_unit_test(no_octets_break_the_svg),
      cmocka_unit_test(the_svg_says_what_the_text_says),
      cmocka_unit_test(an_interim_response_is_taken_for_the_final_one),
      cmocka_unit_test(no_octets_break_it),
      cmocka_unit_test(summaries_keep_to_their_room),
      cmocka_unit_test(any_method_begins_a_request),
      cmocka_unit_test(summaries_say_what_matters),
      cmocka_unit_test(a_head_may_come_in_pieces),
      cmocka_unit_test(many_messages_are_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
