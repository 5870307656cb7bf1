/*
 * ladder.c - draws an exchange as a ladder diagram: a line for each party, and time runs downwards.
 */
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_inside.h"
#include "exchange/ladder_words.h"

enum {
  FIRST_LINE = 9,        /* the column of the first party's line; before it are the numbers of the steps */
  GAP_OF_TWO = 70,       /* columns from one line to the next, where there are two */
  GAP_OF_THREE = 50,     /* ... three */
  GAP_OF_FOUR = 40,      /* ... four */
  GAP_OF_MORE = 32,      /* ... and where there are more: room for "resets the connection" */
  MORE_ROWS_OF_TEXT = 4, /* rows that the text of one message may take where lines stand close */
  ROW_LIMIT = 300,       /* columns of a row without the notes at its side */
  ROWS_OF_A_STEP = 40    /* rows of one delivery; the rest of it is only counted */
};
_Static_assert(FIRST_LINE + (E100_LADDER_LINES_LIMIT - 1) * GAP_OF_MORE + 1 <= ROW_LIMIT,
               "all lines fit a row");

/* Characters of the drawing, all of which are in Unicode's first plane. */
enum {
  LINE = 0x2502,       /* │ */
  SHAFT = 0x2500,      /* ─ */
  CROSSING = 0x253c,   /* ┼ */
  EXPECTED = 0x254c,   /* ╌ */
  HEAD_RIGHT = 0x25b6, /* ▶ */
  HEAD_LEFT = 0x25c0,  /* ◀ */
  DOT = 0x00b7         /* · */
};

struct ladder {
  const struct e100_exchange *exchange;
  const uint8_t *marks;
  struct e100_text *out;
  struct e100_ladder_lines lines;
  unsigned column[E100_LADDER_LINES_LIMIT];
  unsigned last;                                        /* the column of the last line */
  struct e100_listening listening[E100_LINKS_LIMIT][2]; /* [1]: what the client of the link sends */

  /* The row that is drawn. */
  uint16_t cells[ROW_LIMIT];
  char side[200]; /* the note at its side */
  bool marked;
};

/* ---- rows ------------------------------------------------------------------------------------------- */

static void start_row(struct ladder *ladder) {
  for (unsigned i = 0; i <= ladder->last; i++)
    ladder->cells[i] = ' ';
  for (unsigned i = 0; i < ladder->lines.count; i++)
    ladder->cells[ladder->column[i]] = LINE;
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
  unsigned client = ladder->column[ladder->lines.client[step->link]];
  unsigned server = ladder->column[ladder->lines.server[step->link]];
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
    ladder->cells[i] = (uint16_t)(ladder->cells[i] == LINE ? CROSSING : shaft);
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

static bool passes_a_line(const struct ladder *ladder, struct span span) {
  for (unsigned i = 0; i < ladder->lines.count; i++)
    if (ladder->column[i] > span.left && ladder->column[i] < span.right)
      return true;
  return false;
}

/* A short line from the sender that ends at END, and does not reach the other party; but beyond the line of a
 * third one, whose connection it is not. */
static void put_ending(struct ladder *ladder, const struct e100_step *step, const char *text, unsigned end) {
  struct span span = span_of(ladder, step);
  unsigned length = (unsigned)strlen(text);
  unsigned total = passes_a_line(ladder, span) ? span.right - span.left - 1 : length + 7;
  unsigned left = span.rightwards ? span.left : span.right - total + 1;
  put_shaft(ladder, left, left + total - 1, shaft_of(step));
  ladder->cells[span.rightwards ? left + total - 1 : left] = (uint16_t)end;
  put_label(ladder, left + 3 + (span.rightwards ? 0 : 1), text);
}

/* ---- steps -------------------------------------------------------------------------------------------- */

static const char *link_prefix(const struct ladder *ladder, const struct e100_step *step, char *room,
                               size_t size) {
  room[0] = '\0';
  if (ladder->exchange->link_count > 1 && e100_step_is_on_link(step))
    (void)snprintf(room, size, "%s: ", ladder->exchange->links[step->link].name);
  return room;
}

/* The words of a step, with its link before them where there are several. */
static void words_of(const struct ladder *ladder, const struct e100_step *step, char *text, size_t room) {
  size_t prefix = strlen(link_prefix(ladder, step, text, room));
  e100_ladder_words(ladder->exchange, step, text + prefix, room - prefix);
}

static void put_side(struct ladder *ladder, const char *text) {
  size_t length = strlen(ladder->side);
  (void)snprintf(ladder->side + length, sizeof ladder->side - length, "%s%s", length > 0 ? "; " : "", text);
}

/* A text on an arrow; what it has no room for stands below, between the same lines. */
static void draw_message(struct ladder *ladder, const struct e100_step *step, uint32_t index, bool first,
                         const char *text, bool borrowed) {
  size_t room = arrow_room(ladder, step);
  char piece[ROW_LIMIT];
  for (size_t at = 0; at == 0 || text[at] != '\0';) {
    size_t taken = e100_ladder_piece(text + at, room);
    size_t shown = taken > 1 && text[at + taken - 1] == ' ' ? taken - 1 : taken;
    (void)snprintf(piece, sizeof piece, "%.*s", (int)shown, text + at);
    start_row(ladder);
    if (at == 0) {
      if (first)
        put_number(ladder, index);
      put_arrow(ladder, step, piece);
      if (first && step->flags & E100_STEP_EXPECTED)
        put_side(ladder, "expected");
      if (borrowed)
        put_side(ladder, "looks like a request; the Content-Length before makes it content");
    } else {
      put_text(ladder, span_of(ladder, step).left + 4, piece);
    }
    end_row(ladder);
    at += taken;
  }
}

static void draw_delivery(struct ladder *ladder, const struct e100_step *step, uint32_t index) {
  bool of_client = step->from == ladder->exchange->links[step->link].client;
  struct e100_ladder_rows rows = {.listening = &ladder->listening[step->link][of_client],
                                  .of_client = of_client,
                                  .most = ROWS_OF_A_STEP,
                                  .octets = e100_step_octets(ladder->exchange, step),
                                  .length = step->length};
  char text[ROW_LIMIT];
  size_t prefix = strlen(link_prefix(ladder, step, text, sizeof(text)));
  size_t size = sizeof text - prefix;
  size_t rows_of_text = ladder->lines.count > 2 ? MORE_ROWS_OF_TEXT : 1;
  size_t room = arrow_room(ladder, step) * rows_of_text - prefix;
  bool borrowed = false;
  if (room > size - 1)
    room = size - 1;
  while (e100_ladder_next_row(&rows, text + prefix, size, room, &borrowed))
    draw_message(ladder, step, index, rows.count == 1, text, borrowed);
}

static void draw_ending(struct ladder *ladder, const struct e100_step *step) {
  char text[128];
  words_of(ladder, step, text, sizeof text);
  if (strlen(text) > arrow_room(ladder, step)) /* a long name of a link: the words alone */
    e100_ladder_words(ladder->exchange, step, text, sizeof text);
  if (step->kind == E100_STEP_OPEN) {
    memset(ladder->listening[step->link], 0, sizeof ladder->listening[step->link]); /* owed was owed before */
    put_arrow(ladder, step, text);
  } else
    put_ending(ladder, step, text, step->kind == E100_STEP_HALF_CLOSE ? '|' : 'X');
  if (step->flags & E100_STEP_EXPECTED)
    put_side(ladder, "expected");
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
  char text[128];
  e100_ladder_words(ladder->exchange, step, text, sizeof text);
  int line = e100_ladder_line_of(&ladder->lines, step->from);
  unsigned column = line >= 0 ? ladder->column[line] : 0;
  if (line < 0) /* a party that is on no link */
    (void)snprintf(ladder->side, sizeof(ladder->side), "%s %s", e100_party_name(step->from), text);
  else if (column == ladder->last)
    put_text(ladder, column - 1 - (unsigned)strlen(text), text);
  else
    put_text(ladder, column + 2, text);
}

/* What an application is told or decides: at the line of its party, or at the side where there is no room. */
static void draw_application(struct ladder *ladder, const struct e100_step *step) {
  char text[160];
  unsigned line = e100_ladder_line_of_application(ladder->exchange, &ladder->lines, step);
  unsigned column = ladder->column[line];
  words_of(ladder, step, text, sizeof text);
  size_t length = strlen(text);
  (void)snprintf(text + length, sizeof text - length, "%s",
                 step->flags & E100_STEP_EXPECTED ? ", expected" : "");
  if (column < ladder->last && column + 2 + strlen(text) < ladder->column[line + 1] - 1)
    put_text(ladder, column + 2, text);
  else
    (void)snprintf(ladder->side, sizeof ladder->side, "%s%s%s",
                   column < ladder->last ? ladder->lines.list[line].name : "",
                   column < ladder->last ? "'s " : "", text);
}

static void draw_step(struct ladder *ladder, const struct e100_step *step, uint32_t index) {
  char text[128];
  if (step->kind == E100_STEP_DELIVER) {
    draw_delivery(ladder, step, index);
    return;
  }
  start_row(ladder);
  put_number(ladder, index);
  switch (step->kind) {
  case E100_STEP_SETTLED:
  case E100_STEP_QUIET:
    e100_ladder_words(ladder->exchange, step, text, sizeof text);
    draw_silence(ladder, text);
    break;
  case E100_STEP_AWAIT:
    words_of(ladder, step, text, sizeof text);
    draw_silence(ladder, text);
    break;
  case E100_STEP_TIMER:
    draw_timer(ladder, step);
    break;
  case E100_STEP_TOLD:
  case E100_STEP_DECIDED:
    draw_application(ladder, step);
    break;
  default:
    draw_ending(ladder, step);
    break;
  }
  end_row(ladder);
}

/* ---- the diagram -------------------------------------------------------------------------------------- */

static void place_lines(struct ladder *ladder) {
  static const unsigned gaps[] = {GAP_OF_TWO, GAP_OF_TWO, GAP_OF_TWO, GAP_OF_THREE, GAP_OF_FOUR};
  e100_ladder_lines(ladder->exchange, &ladder->lines);
  unsigned count = ladder->lines.count;
  unsigned gap = count < sizeof gaps / sizeof gaps[0] ? gaps[count] : GAP_OF_MORE;
  for (unsigned i = 0; i < count; i++)
    ladder->last = ladder->column[i] = FIRST_LINE + i * gap;
}

static void draw_names(struct ladder *ladder) {
  unsigned written = 0;
  for (unsigned i = 0; i < ladder->lines.count; i++) {
    const char *name = ladder->lines.list[i].name;
    unsigned length = (unsigned)strlen(name);
    unsigned start = ladder->column[i] - (length < 2 * FIRST_LINE ? length / 2 : FIRST_LINE - 1);
    e100_text_format(ladder->out, "%*s%s", (int)(start - written), "", name);
    written = start + length;
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
