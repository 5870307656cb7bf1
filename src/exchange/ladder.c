/*
 * ladder.c - draws an exchange as a ladder diagram: a line for each party, and time runs downwards.
 */
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_inside.h"
#include "exchange/ladder_summary.h"

enum {
  FIRST_LINE = 9,     /* the column of the first party's line; before it are the numbers of the steps */
  GAP_OF_TWO = 70,    /* columns from one line to the next, where there are two */
  GAP_OF_MORE = 50,   /* ... and where there are more */
  ROW_LIMIT = 200,    /* columns of a row without the notes at its side */
  ROWS_OF_A_STEP = 40 /* rows of one delivery; the rest of it is only counted */
};
_Static_assert(FIRST_LINE + 3 * GAP_OF_MORE + 1 <= ROW_LIMIT, "the lines of four parties fit a row");

/* Characters of the drawing, all of which are in Unicode's first plane. */
enum {
  LINE = 0x2502,       /* │ */
  SHAFT = 0x2500,      /* ─ */
  EXPECTED = 0x254c,   /* ╌ */
  HEAD_RIGHT = 0x25b6, /* ▶ */
  HEAD_LEFT = 0x25c0,  /* ◀ */
  DOT = 0x00b7         /* · */
};

struct ladder {
  const struct e100_exchange *exchange;
  const uint8_t *marks;
  struct e100_text *out;
  unsigned line[E100_PARTY_COUNT]; /* the column of each party's line; 0: it has none */
  unsigned last;                   /* the column of the last line */
  enum e100_heard heard[E100_LINKS_LIMIT][2];

  /* The row that is drawn. */
  uint16_t cells[ROW_LIMIT];
  char side[96]; /* the note at its side */
  bool marked;
};

/* ---- rows ------------------------------------------------------------------------------------------- */

static void start_row(struct ladder *ladder) {
  for (unsigned i = 0; i <= ladder->last; i++)
    ladder->cells[i] = ' ';
  for (unsigned party = 0; party < E100_PARTY_COUNT; party++)
    if (ladder->line[party])
      ladder->cells[ladder->line[party]] = LINE;
  ladder->side[0] = '\0';
  ladder->marked = false;
}

static void put_text(struct ladder *ladder, unsigned column, const char *text) {
  for (; *text && column < ROW_LIMIT; text++)
    ladder->cells[column++] = (uint8_t)*text;
}

static void put_number(struct ladder *ladder, uint32_t step) {
  char number[16];
  (void)snprintf(number, sizeof(number), "%5lu", (unsigned long)step + 1);
  put_text(ladder, 0, number);
  ladder->marked = ladder->marks && ladder->marks[step];
}

static void add_character(struct e100_text *out, unsigned character) {
  char octets[3];
  if (character < 0x80) {
    octets[0] = (char)character;
    e100_text_add(out, octets, 1);
  } else if (character < 0x800) {
    octets[0] = (char)(0xc0 | character >> 6);
    octets[1] = (char)(0x80 | (character & 0x3f));
    e100_text_add(out, octets, 2);
  } else {
    octets[0] = (char)(0xe0 | character >> 12);
    octets[1] = (char)(0x80 | (character >> 6 & 0x3f));
    octets[2] = (char)(0x80 | (character & 0x3f));
    e100_text_add(out, octets, 3);
  }
}

static void end_row(struct ladder *ladder) {
  for (unsigned i = 0; i <= ladder->last; i++)
    add_character(ladder->out, ladder->cells[i]);
  if (ladder->side[0])
    e100_text_format(ladder->out, "  %s", ladder->side);
  if (ladder->marked)
    e100_text_add(ladder->out, "  \xe2\x97\x80 finding", strlen("  \xe2\x97\x80 finding"));
  e100_text_add(ladder->out, "\n", 1);
}

/* ---- between two lines -------------------------------------------------------------------------------- */

/* The columns between the lines of two parties, in which an arrow is drawn. */
struct span {
  unsigned left;
  unsigned right;
  bool rightwards; /* from the sender to the receiver */
};

static struct span span_of(const struct ladder *ladder, const struct e100_step *step) {
  const struct e100_link *link = &ladder->exchange->links[step->link];
  unsigned client = ladder->line[link->client];
  unsigned server = ladder->line[link->server];
  bool client_is_left = client < server;
  return (struct span){.left = (client_is_left ? client : server) + 1,
                       .right = (client_is_left ? server : client) - 1,
                       .rightwards = client_is_left == (step->from != link->server)};
}

static unsigned shaft_of(const struct e100_step *step) {
  return step->flags & E100_STEP_EXPECTED ? EXPECTED : SHAFT;
}

static void put_shaft(struct ladder *ladder, unsigned left, unsigned right, unsigned shaft) {
  for (unsigned i = left; i <= right; i++)
    ladder->cells[i] = (uint16_t)shaft;
}

/* A text on a shaft, with a blank at each side. */
static void put_label(struct ladder *ladder, unsigned column, const char *text) {
  ladder->cells[column - 1] = ' ';
  put_text(ladder, column, text);
  ladder->cells[column + strlen(text)] = ' ';
}

static void put_arrow(struct ladder *ladder, const struct e100_step *step, const char *text) {
  struct span span = span_of(ladder, step);
  put_shaft(ladder, span.left, span.right, shaft_of(step));
  ladder->cells[span.rightwards ? span.right : span.left] = span.rightwards ? HEAD_RIGHT : HEAD_LEFT;
  put_label(ladder, span.left + 4, text);
}

/* How much text an arrow has room for: not the shaft before and behind it, and the blanks. */
static size_t arrow_room(const struct ladder *ladder, const struct e100_step *step) {
  struct span span = span_of(ladder, step);
  return span.right - span.left + 1 - 8;
}

/* A short line from the sender that ends at END, and does not reach the other party. */
static void put_ending(struct ladder *ladder, const struct e100_step *step, const char *text, unsigned end) {
  struct span span = span_of(ladder, step);
  unsigned length = (unsigned)strlen(text);
  unsigned total = length + 7;
  unsigned left = span.rightwards ? span.left : span.right - total + 1;
  put_shaft(ladder, left, left + total - 1, shaft_of(step));
  ladder->cells[span.rightwards ? left + total - 1 : left] = (uint16_t)end;
  put_label(ladder, left + 3 + (span.rightwards ? 0 : 1), text);
}

/* ---- steps -------------------------------------------------------------------------------------------- */

static const char *link_prefix(const struct ladder *ladder, const struct e100_step *step, char *room,
                               size_t size) {
  room[0] = '\0';
  if (ladder->exchange->link_count > 1)
    (void)snprintf(room, size, "%s: ", ladder->exchange->links[step->link].name);
  return room;
}

static void draw_delivery(struct ladder *ladder, const struct e100_step *step, uint32_t index) {
  const uint8_t *octets = e100_step_octets(ladder->exchange, step);
  const struct e100_link *link = &ladder->exchange->links[step->link];
  enum e100_heard *heard = &ladder->heard[step->link][step->from == link->server];
  char text[ROW_LIMIT];
  size_t prefix = strlen(link_prefix(ladder, step, text, sizeof(text)));
  size_t at = 0;
  for (unsigned rows = 0; rows == 0 || at < step->length; rows++) {
    size_t room = arrow_room(ladder, step) - prefix;
    if (step->length == 0)
      (void)snprintf(text + prefix, room + 1, "(no octets)");
    else if (rows == ROWS_OF_A_STEP) {
      (void)snprintf(text + prefix, room + 1, "(%lu more octets)", (unsigned long)(step->length - at));
      at = step->length;
    } else
      at += e100_ladder_summary(heard, octets + at, step->length - at, text + prefix, room);
    start_row(ladder);
    if (rows == 0)
      put_number(ladder, index);
    put_arrow(ladder, step, text);
    if (rows == 0 && step->flags & E100_STEP_EXPECTED)
      (void)snprintf(ladder->side, sizeof(ladder->side), "expected");
    end_row(ladder);
  }
}

static void draw_ending(struct ladder *ladder, const struct e100_step *step) {
  char text[64];
  size_t prefix = strlen(link_prefix(ladder, step, text, sizeof(text)));
  const char *words = step->kind == E100_STEP_OPEN         ? "opens the connection"
                      : step->kind == E100_STEP_HALF_CLOSE ? "sends no more octets"
                      : step->kind == E100_STEP_CLOSE      ? "closes the connection"
                                                           : "resets the connection";
  (void)snprintf(text + prefix, sizeof(text) - prefix, "%s", words);
  if (step->kind == E100_STEP_OPEN)
    put_arrow(ladder, step, text);
  else
    put_ending(ladder, step, text, step->kind == E100_STEP_HALF_CLOSE ? '|' : 'X');
  if (step->flags & E100_STEP_EXPECTED)
    (void)snprintf(ladder->side, sizeof(ladder->side), "expected");
}

/* Dots from the first line to the last, with words in their middle. */
static void draw_silence(struct ladder *ladder, const char *words) {
  unsigned length = (unsigned)strlen(words);
  for (unsigned i = FIRST_LINE + 2; i + 1 < ladder->last; i += 2)
    if (ladder->cells[i] == ' ')
      ladder->cells[i] = DOT;
  put_label(ladder, FIRST_LINE + (ladder->last - FIRST_LINE - length) / 2, words);
}

static void draw_timer(struct ladder *ladder, const struct e100_step *step) {
  char text[64];
  unsigned line = ladder->line[step->from];
  (void)snprintf(text, sizeof(text), "(timer fires: %s)", e100_timer_name(step->what));
  if (line == 0) /* a party that is on no link */
    (void)snprintf(ladder->side, sizeof(ladder->side), "%s %s", e100_party_name(step->from), text);
  else if (line == ladder->last)
    put_text(ladder, line - 1 - (unsigned)strlen(text), text);
  else
    put_text(ladder, line + 2, text);
}

static void draw_await(struct ladder *ladder, const struct e100_step *step) {
  static const char *const words[E100_AWAIT_COUNT] = {
      "the others wait for 100", "the others wait for a final response", "the others wait for any response",
      "the others wait for a request head"};
  char text[96];
  size_t prefix = strlen(link_prefix(ladder, step, text, sizeof(text)));
  (void)snprintf(text + prefix, sizeof(text) - prefix, "%s", words[step->what]);
  draw_silence(ladder, text);
}

static void note_told(struct ladder *ladder, const struct e100_step *step) {
  static const char *const words[E100_TOLD_COUNT] = {"a request head",
                                                     "",
                                                     "that the content is complete",
                                                     "that the request is aborted",
                                                     "an interim response",
                                                     "the final response"};
  char prefix[E100_NAME_LIMIT + 4];
  link_prefix(ladder, step, prefix, sizeof(prefix));
  const char *expected = step->flags & E100_STEP_EXPECTED ? ", expected" : "";
  if (step->what == E100_TOLD_CONTENT)
    (void)snprintf(ladder->side, sizeof(ladder->side), "%sapp is told %lu octet%s of content%s", prefix,
                   (unsigned long)step->count, step->count == 1 ? "" : "s", expected);
  else if (e100_step_tells_status(step))
    (void)snprintf(ladder->side, sizeof(ladder->side), "%sapp is told %s, %u%s", prefix, words[step->what],
                   (unsigned)step->status, expected);
  else
    (void)snprintf(ladder->side, sizeof(ladder->side), "%sapp is told %s%s", prefix, words[step->what],
                   expected);
}

/* What a client's application asks for: its request line. */
static void note_request(struct ladder *ladder, const struct e100_step *step, const char *expected) {
  char line[48];
  size_t length = 0;
  const uint8_t *octets = e100_step_octets(ladder->exchange, step);
  while (length < step->length && length < sizeof(line) - 1 && octets[length] >= ' ' &&
         octets[length] <= '~') {
    line[length] = (char)octets[length];
    length++;
  }
  line[length] = '\0';
  (void)snprintf(ladder->side, sizeof(ladder->side), "app asks: %s%s", line, expected);
}

static void note_decided(struct ladder *ladder, const struct e100_step *step) {
  static const char *const words[E100_DECISION_COUNT] = {"accepts the content",
                                                         "",
                                                         "does not meet the expectation",
                                                         "switches protocols",
                                                         "drops the connection",
                                                         "decides later",
                                                         ""};
  char prefix[E100_NAME_LIMIT + 4];
  char content[32] = "";
  link_prefix(ladder, step, prefix, sizeof(prefix));
  const char *closing = step->flags & E100_STEP_CLOSING ? " and closes" : "";
  const char *expected = step->flags & E100_STEP_EXPECTED ? ", expected" : "";
  if (step->length > 0)
    (void)snprintf(content, sizeof(content), ", %lu octet%s", (unsigned long)step->length,
                   step->length == 1 ? "" : "s");
  if (step->what == E100_DECIDE_RESPOND)
    (void)snprintf(ladder->side, sizeof(ladder->side), "%sapp responds %u%s%s%s", prefix,
                   (unsigned)step->status, content, closing, expected);
  else if (step->what == E100_DECIDE_REQUEST)
    note_request(ladder, step, expected);
  else
    (void)snprintf(ladder->side, sizeof(ladder->side), "%sapp %s%s%s", prefix, words[step->what], closing,
                   expected);
}

static void draw_step(struct ladder *ladder, const struct e100_step *step, uint32_t index) {
  if (step->kind == E100_STEP_DELIVER) {
    draw_delivery(ladder, step, index);
    return;
  }
  start_row(ladder);
  put_number(ladder, index);
  switch (step->kind) {
  case E100_STEP_SETTLED:
    draw_silence(ladder, "silence");
    break;
  case E100_STEP_QUIET:
    draw_silence(ladder, "silence until every timer has fired");
    break;
  case E100_STEP_TIMER:
    draw_timer(ladder, step);
    break;
  case E100_STEP_TOLD:
    note_told(ladder, step);
    break;
  case E100_STEP_DECIDED:
    note_decided(ladder, step);
    break;
  case E100_STEP_AWAIT:
    draw_await(ladder, step);
    break;
  default:
    draw_ending(ladder, step);
    break;
  }
  end_row(ladder);
}

/* ---- the diagram -------------------------------------------------------------------------------------- */

/* A line for each party that is on a link, from the client to the origin. */
static void place_lines(struct ladder *ladder) {
  unsigned count = 0;
  bool present[E100_PARTY_COUNT] = {false};
  for (uint32_t i = 0; i < ladder->exchange->link_count; i++) {
    present[ladder->exchange->links[i].client] = true;
    present[ladder->exchange->links[i].server] = true;
  }
  for (unsigned party = 0; party < E100_PARTY_COUNT; party++)
    count += present[party];
  unsigned gap = count > 2 ? GAP_OF_MORE : GAP_OF_TWO;
  unsigned at = FIRST_LINE;
  for (unsigned party = 0; party < E100_PARTY_COUNT; party++) {
    if (!present[party])
      continue;
    ladder->line[party] = at;
    ladder->last = at;
    at += gap;
  }
}

static void draw_names(struct ladder *ladder) {
  unsigned written = 0;
  for (unsigned party = 0; party < E100_PARTY_COUNT; party++) {
    if (!ladder->line[party])
      continue;
    const char *name = e100_party_name(party);
    unsigned start = ladder->line[party] - (unsigned)strlen(name) / 2;
    e100_text_format(ladder->out, "%*s%s", (int)(start - written), "", name);
    written = start + (unsigned)strlen(name);
  }
  e100_text_add(ladder->out, "\n", 1);
}

void e100_ladder_print(const struct e100_exchange *exchange, const uint8_t *marks, struct e100_text *out) {
  struct ladder ladder = {.exchange = exchange, .marks = marks, .out = out};
  place_lines(&ladder);
  draw_names(&ladder);
  start_row(&ladder);
  end_row(&ladder);
  for (uint32_t i = 0; i < exchange->step_count; i++)
    draw_step(&ladder, &exchange->steps[i], i);
  start_row(&ladder);
  end_row(&ladder);
}
