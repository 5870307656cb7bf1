/*
 * ladder_svg.c - draws an exchange as a ladder diagram in SVG.
 *
 * Measures are in pixels. Texts of octets are in a font of fixed width, so that what fits can be counted.
 */
#include "exchange/ladder_svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_inside.h"
#include "exchange/ladder_words.h"
#include "exchange/xml_text.h"

enum {
  FIRST_LINE = 76,       /* the first party's line; left of it are the numbers of the steps */
  TOP = 34,              /* where the lines begin, below the names */
  ROW = 29,              /* from one arrow to the next */
  TEXT_ROW = 14,         /* a further line of text below an arrow */
  SIDE_GAP = 18,         /* from the last line to the notes at its side */
  SIDE_COLUMNS = 46,     /* characters of the notes */
  MARK_COLUMNS = 38,     /* ... of what is found, in capitals */
  CHARACTER_TENTHS = 72, /* the width of a character of 12 pixels, in tenths */
  TEXT_LIMIT = 240,      /* characters of a message */
  TEXT_ROWS = 4,         /* ... and in how many lines */
  ROWS_OF_A_STEP = 24,   /* rows of one delivery; the rest of it is only counted */
  ROWS_BEFORE = 12       /* with a limit: rows that are shown before the first mark */
};

struct drawing {
  const struct e100_exchange *exchange;
  const struct e100_ladder_drawing *wanted;
  struct e100_ladder_lines lines;
  struct e100_listening listening[E100_LINKS_LIMIT][2];
  int column[E100_LADDER_LINES_LIMIT];
  int last;                 /* the column of the last line */
  int width;                /* of the whole, with notes at the side */
  bool noted;               /* there are some */
  int y;                    /* of the row that is drawn */
  int side_end;             /* where what stands at the side of a step ends */
  uint32_t rows, first_row; /* so far; the first that is shown */
  struct e100_text body;
};

const char *e100_ladder_style(void) {
  return ".ladder{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
         "fill:var(--ink,#1c2430)}"
         ".ladder .n{font:600 13px system-ui,sans-serif;text-anchor:middle}"
         ".ladder .i{fill:var(--faint,#6b7480);text-anchor:end}"
         ".ladder .p{stroke:var(--faint,#6b7480);stroke-width:1.5}"
         ".ladder .s{fill:none;stroke:var(--ink,#1c2430);stroke-width:1.5}"
         ".ladder .h{fill:var(--ink,#1c2430)}"
         ".ladder .e{stroke-dasharray:5 4}"
         ".ladder .q{stroke:var(--faint,#6b7480);stroke-width:1;stroke-dasharray:2 5;fill:none}"
         ".ladder .m{text-anchor:middle}"
         ".ladder .r{text-anchor:end}"
         ".ladder .f{fill:var(--faint,#6b7480)}"
         ".ladder .o{font:12px system-ui,sans-serif}"
         ".ladder .b{paint-order:stroke;stroke:var(--paper,#fff);stroke-width:5px;stroke-linejoin:round}"
         ".ladder .x{fill:var(--found,#c3272b);opacity:.1}"
         ".ladder .w{fill:var(--found,#c3272b);font:600 12px system-ui,sans-serif}"
         ".ladder .l0 .s{stroke:var(--link0,#1d5fbf)}.ladder .l0 .h{fill:var(--link0,#1d5fbf)}"
         ".ladder .l1 .s{stroke:var(--link1,#9a5b00)}.ladder .l1 .h{fill:var(--link1,#9a5b00)}"
         ".ladder .l2 .s{stroke:var(--link2,#0f7a5a)}.ladder .l2 .h{fill:var(--link2,#0f7a5a)}"
         ".ladder .l3 .s{stroke:var(--link3,#7b3fb5)}.ladder .l3 .h{fill:var(--link3,#7b3fb5)}"
         ".ladder .l4 .s{stroke:var(--link4,#a3366d)}.ladder .l4 .h{fill:var(--link4,#a3366d)}";
}

/* ---- pieces ----------------------------------------------------------------------------------------- */

static int columns_in(int pixels) {
  return pixels * 10 / CHARACTER_TENTHS;
}

/* Text at X, Y of a class; whoever draws it below lines gives it a border of paper with class b. */
static void put_text(struct drawing *drawing, int x, int y, const char *class, const char *text,
                     size_t length) {
  e100_text_format(&drawing->body, "<text x=\"%d\" y=\"%d\"%s%s%s>", x, y,
                   class[0] != '\0' ? " class=\"" : "", class, class[0] != '\0' ? "\"" : "");
  e100_xml_octets(&drawing->body, text, length);
  e100_text_format(&drawing->body, "</text>");
}

/* An arrow head whose tip is at X. */
static void put_head(struct drawing *drawing, int x, int y, bool rightwards) {
  int back = rightwards ? x - 9 : x + 9;
  e100_text_format(&drawing->body, "<path class=\"h\" d=\"M%d %dL%d %dL%d %dz\"/>", x, y, back, y - 4, back,
                   y + 4);
}

static void put_line(struct drawing *drawing, const char *class, int from, int to, int y) {
  e100_text_format(&drawing->body, "<path class=\"%s\" d=\"M%d %dH%d\"/>", class, from, y, to);
}

/* The ends of an arrow: from the sender's line to the receiver's. */
struct reach {
  int from, to;
};

static struct reach reach_of(const struct drawing *drawing, const struct e100_step *step) {
  const struct e100_link *link = &drawing->exchange->links[step->link];
  int client = drawing->column[drawing->lines.client[step->link]];
  int server = drawing->column[drawing->lines.server[step->link]];
  return step->from == link->server ? (struct reach){server, client} : (struct reach){client, server};
}

/* A drawing of several links shows each in a colour of its own. */
static void begin_link(struct drawing *drawing, const struct e100_step *step) {
  if (drawing->exchange->link_count > 1)
    e100_text_format(&drawing->body, "<g class=\"l%u\">", step->link % 5u);
  else
    e100_text_format(&drawing->body, "<g>");
}

static void end_link(struct drawing *drawing) {
  e100_text_format(&drawing->body, "</g>");
}

static void put_name_of_link(const struct drawing *drawing, const struct e100_step *step, char *text,
                             size_t room) {
  text[0] = '\0';
  if (drawing->exchange->link_count > 1 && e100_step_is_on_link(step))
    (void)snprintf(text, room, "%s: ", drawing->exchange->links[step->link].name);
}

/* ---- rows ------------------------------------------------------------------------------------------- */

/* Moves on to the next row; false where it is not shown. */
static bool next_row(struct drawing *drawing) {
  uint32_t row = drawing->rows++;
  uint32_t limit = drawing->wanted->rows_limit;
  if (row < drawing->first_row || (limit > 0 && row >= drawing->first_row + limit))
    return false;
  drawing->y += ROW;
  return true;
}

static const char *mark_of(const struct drawing *drawing, uint32_t index) {
  return drawing->wanted->marks != NULL ? drawing->wanted->marks[index] : NULL;
}

/* What stands at both sides of a step's first row: its number, and what is found there, BELOW the notes. */
static void put_sides(struct drawing *drawing, uint32_t index, int below) {
  char number[16];
  const char *mark = mark_of(drawing, index);
  (void)snprintf(number, sizeof number, "%lu", (unsigned long)index + 1);
  put_text(drawing, FIRST_LINE - 34, drawing->y + 4, "i", number, strlen(number));
  if (mark == NULL)
    return;
  drawing->noted = true;
  int y = drawing->y + 4 + below;
  e100_text_format(&drawing->body, "<path class=\"w\" d=\"M%d %dl8 -5v10z\"/>", drawing->last + SIDE_GAP - 12,
                   y - 4);
  for (size_t at = 0; mark[at] != '\0'; y += TEXT_ROW) {
    size_t taken = e100_ladder_piece(mark + at, MARK_COLUMNS);
    put_text(drawing, drawing->last + SIDE_GAP, y, "w", mark + at, taken);
    at += taken;
  }
  drawing->side_end = y - TEXT_ROW - 4;
}

/* A band behind all rows of a step with a finding, from its first row at FROM; it is seen through. */
static void put_band(struct drawing *drawing, uint32_t index, int from) {
  if (mark_of(drawing, index) != NULL && drawing->y >= from)
    e100_text_format(&drawing->body,
                     "<rect class=\"x\" x=\"4\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>", from - 17,
                     drawing->width - 8, drawing->y - from + 26);
}

static void put_note(struct drawing *drawing, const char *text) {
  if (text[0] == '\0')
    return;
  drawing->noted = true;
  put_text(drawing, drawing->last + SIDE_GAP, drawing->y + 4, "o", text, strlen(text));
}

/* ---- deliveries --------------------------------------------------------------------------------------- */

/* A message on its arrow; what does not fit stands below it. */
static void draw_arrow(struct drawing *drawing, const struct e100_step *step, const char *text) {
  struct reach reach = reach_of(drawing, step);
  bool rightwards = reach.from < reach.to;
  int left = rightwards ? reach.from : reach.to;
  size_t room = (size_t)columns_in(abs(reach.to - reach.from) - 30);
  int y = drawing->y;
  begin_link(drawing, step);
  put_line(drawing, step->flags & E100_STEP_EXPECTED ? "s e" : "s", reach.from,
           reach.to + (rightwards ? -6 : 6), y);
  put_head(drawing, reach.to - (rightwards ? 1 : -1), y, rightwards);
  for (size_t at = 0, rows = 0; rows == 0 || text[at] != '\0'; rows++) {
    size_t taken = e100_ladder_piece(text + at, room);
    put_text(drawing, left + 12, rows == 0 ? y - 7 : drawing->y + TEXT_ROW - 1, rows == 0 ? "b" : "b f",
             text + at, taken);
    drawing->y += rows > 0 ? TEXT_ROW : 0;
    at += taken;
  }
  end_link(drawing);
}

static void draw_message(struct drawing *drawing, const struct e100_step *step, uint32_t index, bool first,
                         const char *text, bool borrowed) {
  if (!next_row(drawing))
    return;
  const char *note = borrowed                                    ? "looks like a request, but is content: the"
                     : first && step->flags & E100_STEP_EXPECTED ? "expected"
                                                                 : "";
  if (first)
    put_sides(drawing, index, note[0] != '\0' ? (borrowed ? 2 : 1) * TEXT_ROW : 0);
  put_note(drawing, note);
  if (borrowed)
    put_text(drawing, drawing->last + SIDE_GAP, drawing->y + 4 + TEXT_ROW, "o",
             "Content-Length before claims it", 31);
  int noted = drawing->y + (borrowed ? TEXT_ROW : 0);
  draw_arrow(drawing, step, text);
  drawing->y = drawing->y < noted ? noted : drawing->y;
}

static void draw_delivery(struct drawing *drawing, const struct e100_step *step, uint32_t index) {
  bool of_client = step->from == drawing->exchange->links[step->link].client;
  struct e100_ladder_rows rows = {.listening = &drawing->listening[step->link][of_client],
                                  .of_client = of_client,
                                  .most = ROWS_OF_A_STEP,
                                  .octets = e100_step_octets(drawing->exchange, step),
                                  .length = step->length};
  struct reach reach = reach_of(drawing, step);
  char text[TEXT_LIMIT + E100_NAME_LIMIT + 8];
  put_name_of_link(drawing, step, text, sizeof text);
  size_t prefix = strlen(text);
  size_t room = (size_t)columns_in(abs(reach.to - reach.from) - 30) * TEXT_ROWS - prefix;
  bool borrowed = false;
  room = room < TEXT_LIMIT ? room : TEXT_LIMIT;
  while (e100_ladder_next_row(&rows, text + prefix, sizeof text - prefix, room, &borrowed))
    draw_message(drawing, step, index, rows.count == 1, text, borrowed);
}

/* ---- other steps ----------------------------------------------------------------------------------------
 */

/* A short line from the sender that does not reach the other party. */
static void draw_ending(struct drawing *drawing, const struct e100_step *step, const char *text) {
  struct reach reach = reach_of(drawing, step);
  bool rightwards = reach.from < reach.to;
  if (step->kind == E100_STEP_OPEN) {
    memset(drawing->listening[step->link], 0, sizeof drawing->listening[step->link]);
    draw_arrow(drawing, step, text);
    return;
  }
  int end = reach.from + (rightwards ? 40 : -40);
  int y = drawing->y;
  begin_link(drawing, step);
  put_line(drawing, step->flags & E100_STEP_EXPECTED ? "s e" : "s", reach.from, end, y);
  if (step->kind == E100_STEP_HALF_CLOSE)
    e100_text_format(&drawing->body, "<path class=\"s\" d=\"M%d %dv12\"/>", end, y - 6);
  else
    e100_text_format(&drawing->body, "<path class=\"s\" d=\"M%d %dl10 10m0 -10l-10 10\"/>", end - 5, y - 5);
  end_link(drawing);
  put_text(drawing, end + (rightwards ? 12 : -12), y + 4, rightwards ? "b" : "b r", text, strlen(text));
}

/* Dots from the first line to the last, with words in their middle. */
static void draw_silence(struct drawing *drawing, const char *text) {
  int middle = (FIRST_LINE + drawing->last) / 2;
  int half = (int)strlen(text) * CHARACTER_TENTHS / 20 + 8;
  put_line(drawing, "q", FIRST_LINE + 8, middle - half, drawing->y);
  put_line(drawing, "q", middle + half, drawing->last - 8, drawing->y);
  put_text(drawing, middle, drawing->y + 4, "b m f", text, strlen(text));
}

static void draw_timer(struct drawing *drawing, const struct e100_step *step, const char *text) {
  int line = e100_ladder_line_of(&drawing->lines, step->from);
  if (line < 0) {
    put_note(drawing, text);
    return;
  }
  bool is_last = drawing->column[line] == drawing->last;
  put_text(drawing, drawing->column[line] + (is_last ? -10 : 10), drawing->y + 4, is_last ? "b r f" : "b f",
           text, strlen(text));
}

/* What the application is told or decides: a point on the line of the party that it belongs to. */
static void draw_application(struct drawing *drawing, const struct e100_step *step, const char *text) {
  unsigned line = e100_ladder_line_of_application(drawing->exchange, &drawing->lines, step);
  int column = drawing->column[line];
  int width = (int)strlen(text) * CHARACTER_TENTHS / 10;
  e100_text_format(&drawing->body, "<circle class=\"h\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>", column, drawing->y);
  if (column < drawing->last && column + 10 + width < drawing->column[line + 1])
    put_text(drawing, column + 10, drawing->y + 4, "b", text, strlen(text));
  else
    put_note(drawing, text);
}

static void draw_other(struct drawing *drawing, const struct e100_step *step, uint32_t index) {
  char text[E100_NAME_LIMIT + 128];
  bool of_link =
      step->kind != E100_STEP_SETTLED && step->kind != E100_STEP_QUIET && step->kind != E100_STEP_TIMER;
  bool noted = step->kind == E100_STEP_TOLD || step->kind == E100_STEP_DECIDED;
  if (!next_row(drawing))
    return;
  put_sides(drawing, index, noted ? TEXT_ROW : 0);
  text[0] = '\0';
  if (of_link)
    put_name_of_link(drawing, step, text, sizeof text);
  size_t prefix = strlen(text);
  e100_ladder_words(drawing->exchange, step, text + prefix, sizeof text - prefix);
  if (step->flags & E100_STEP_EXPECTED && noted)
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), ", expected");
  if (noted)
    draw_application(drawing, step, text);
  else if (step->kind == E100_STEP_TIMER)
    draw_timer(drawing, step, text);
  else if (of_link && step->kind != E100_STEP_AWAIT)
    draw_ending(drawing, step, text);
  else
    draw_silence(drawing, text);
  if (noted && mark_of(drawing, index) != NULL)
    drawing->y += TEXT_ROW;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void place_lines(struct drawing *drawing) {
  static const int gaps[] = {500, 500, 500, 370, 310};
  e100_ladder_lines(drawing->exchange, &drawing->lines);
  unsigned count = drawing->lines.count;
  int gap = count < sizeof gaps / sizeof gaps[0] ? gaps[count] : 260;
  for (unsigned i = 0; i < count; i++)
    drawing->last = drawing->column[i] = FIRST_LINE + (int)i * gap;
  drawing->width = drawing->last + SIDE_GAP + SIDE_COLUMNS * CHARACTER_TENTHS / 10;
}

/* With a limit the rows begin shortly before the first mark. A step has at least one row, so steps count. */
static void place_window(struct drawing *drawing) {
  uint32_t steps = drawing->exchange->step_count;
  uint32_t first = 0;
  if (drawing->wanted->rows_limit == 0 || steps <= drawing->wanted->rows_limit)
    return;
  while (first < steps && mark_of(drawing, first) == NULL)
    first++;
  drawing->first_row = first < steps && first > ROWS_BEFORE ? first - ROWS_BEFORE : 0;
}

static void put_left_out(struct drawing *drawing, uint32_t rows) {
  char text[64];
  if (rows == 0)
    return;
  drawing->y += ROW;
  (void)snprintf(text, sizeof text, "%lu row%s left out", (unsigned long)rows, rows == 1 ? "" : "s");
  draw_silence(drawing, text);
}

static void draw_steps(struct drawing *drawing) {
  const struct e100_exchange *exchange = drawing->exchange;
  drawing->y = TOP;
  put_left_out(drawing, drawing->first_row);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    int from = drawing->y + ROW;
    if (exchange->steps[i].kind == E100_STEP_DELIVER)
      draw_delivery(drawing, &exchange->steps[i], i);
    else
      draw_other(drawing, &exchange->steps[i], i);
    if (mark_of(drawing, i) != NULL && drawing->y >= from && drawing->y < drawing->side_end)
      drawing->y = drawing->side_end;
    put_band(drawing, i, from);
  }
  uint32_t limit = drawing->wanted->rows_limit;
  uint32_t shown_to = limit > 0 ? drawing->first_row + limit : drawing->rows;
  put_left_out(drawing, drawing->rows > shown_to ? drawing->rows - shown_to : 0);
  drawing->y += ROW;
}

void e100_ladder_svg(const struct e100_exchange *exchange, const struct e100_ladder_drawing *wanted,
                     struct e100_text *out) {
  struct drawing drawing = {.exchange = exchange, .wanted = wanted};
  place_lines(&drawing);
  place_window(&drawing);
  draw_steps(&drawing);
  if (!drawing.noted)
    drawing.width = drawing.last + FIRST_LINE / 2;
  e100_text_format(
      out,
      "<svg class=\"ladder\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
      "height=\"%d\" role=\"img\" aria-label=\"",
      drawing.width, drawing.y, drawing.width, drawing.y);
  e100_xml_text(out, wanted->label != NULL ? wanted->label : "ladder diagram");
  e100_text_format(out, "\">");
  if (wanted->styled)
    e100_text_format(
        out,
        "<style>%s@media(prefers-color-scheme:dark){svg{--ink:#e4e8ee;--faint:#8d97a5;--paper:#14181f;"
        "--found:#ff7b72;--link0:#7cb0ff;--link1:#e0a458;--link2:#5fd0a8;--link3:#c59cf0;"
        "--link4:#f08bb8;background:#14181f}}</style>",
        e100_ladder_style());
  for (unsigned i = 0; i < drawing.lines.count; i++) {
    const struct e100_ladder_line *line = &drawing.lines.list[i];
    e100_text_format(out, "<text class=\"n\" x=\"%d\" y=\"20\">%s</text><path class=\"p\" d=\"M%d %dV%d\"/>",
                     drawing.column[i], line->name, drawing.column[i], TOP - 4, drawing.y - 6);
  }
  e100_text_add(out, drawing.body.text != NULL ? drawing.body.text : "", drawing.body.length);
  e100_text_format(out, "</svg>");
  e100_text_free(&drawing.body);
}
