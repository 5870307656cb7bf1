/*
 * state_diagram.c - docs/origin-states.svg: the reference origin server, drawn from its table.
 *
 * Where boxes, frames and arrows lie was chosen by hand and is data here; which arrows there are and what
 * they say comes from the table. A frame stands for all states in it: what every one of them does alike
 * is drawn once, from the frame. An arrow without a chosen way is drawn straight.
 *
 * Not drawn: what cannot happen, calls out of place, and events that change nothing.
 */
#include <stdio.h>
#include <string.h>

#include "machine/origin.h"
#include "report/documents.h"

enum {
  WIDTH = 1260,
  HEIGHT = 880,
  LINE = 15,        /* from one line of a label to the next */
  POINTS_LIMIT = 4, /* corners of an arrow, with its ends */
  LINES_LIMIT = 8,  /* of a label */
  LABEL_ROOM = 160, /* octets of what one label line may hold, with the closing NUL */
  MOVES_LIMIT = 128
};

struct place {
  short x, y;
};

struct area {
  short x, y, width, height;
};

static const struct area boxes[E100_ORIGIN_STATES] = {
    [E100_ORIGIN_AWAITED] = {400, 44, 200, 60},    [E100_ORIGIN_ASKED] = {150, 232, 190, 48},
    [E100_ORIGIN_OFFERED] = {394, 408, 200, 48},   [E100_ORIGIN_ENCOURAGED] = {70, 408, 170, 48},
    [E100_ORIGIN_PROCEEDED] = {694, 408, 168, 48}, [E100_ORIGIN_WHOLE] = {1010, 330, 190, 48},
    [E100_ORIGIN_DISCARDING] = {70, 660, 230, 48}, [E100_ORIGIN_LINGERING] = {570, 660, 210, 48},
    [E100_ORIGIN_SWITCHED] = {1052, 530, 174, 48}, [E100_ORIGIN_OVER] = {50, 790, 1180, 48},
};

static const char *const sentences[E100_ORIGIN_STATES] = {
#define STATE(id, text) [E100_##id] = (text),
#include "report/origin_words.def"
};
static const bool sends[E100_ORIGIN_ACTIONS] = {
#define ACTION(id, speaks, text) [E100_##id] = (speaks),
#include "report/origin_words.def"
};

#define STATE_BIT(state) (1U << (state))
enum {
  COMING =
      STATE_BIT(E100_ORIGIN_OFFERED) | STATE_BIT(E100_ORIGIN_ENCOURAGED) | STATE_BIT(E100_ORIGIN_PROCEEDED)
};

/* The outer one first: what it can say is not said again within. */
static const struct frame {
  unsigned members; /* set of 1 << state */
  struct area area;
  const char *name;
} frames[] = {
    {COMING | STATE_BIT(E100_ORIGIN_ASKED), {40, 184, 850, 330}, "content is still to come"},
    {COMING, {56, 366, 818, 132}, "and nobody waits for a 100"},
};
enum { FRAME_COUNT = sizeof frames / sizeof frames[0] };

/* Where an arrow begins: a state, or E100_ORIGIN_STATES + the number of a frame. */
enum { WHILE_COMING = E100_ORIGIN_STATES, ONCE_COMING };

static const struct route {
  uint8_t from;
  uint8_t to;
  uint8_t columns; /* characters in a line of the label */
  char anchor;     /* 's': the label begins at `label`; 'e': it ends there */
  struct place label;
  struct place points[POINTS_LIMIT]; /* up to the first {0, 0} */
} routes[] = {
    {E100_ORIGIN_AWAITED,
     E100_ORIGIN_ASKED,
     40,
     's',
     {253, 172},
     {{440, 104}, {440, 140}, {245, 140}, {245, 232}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_OFFERED, 40, 's', {558, 144}, {{550, 104}, {550, 408}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_WHOLE, 40, 's', {610, 50}, {{600, 56}, {1150, 56}, {1150, 330}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_AWAITED, 40, 's', {610, 72}, {{1090, 330}, {1090, 77}, {600, 77}}},
    {E100_ORIGIN_AWAITED,
     E100_ORIGIN_LINGERING,
     40,
     's',
     {610, 114},
     {{600, 98}, {990, 98}, {990, 684}, {780, 684}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_OVER, 52, 's', {20, 35}, {{400, 56}, {12, 56}, {12, 814}, {50, 814}}},
    {E100_ORIGIN_DISCARDING,
     E100_ORIGIN_AWAITED,
     40,
     's',
     {32, 86},
     {{70, 684}, {25, 684}, {25, 92}, {400, 92}}},
    {E100_ORIGIN_ASKED, E100_ORIGIN_ENCOURAGED, 18, 'e', {182, 308}, {{190, 280}, {190, 408}}},
    {E100_ORIGIN_ASKED, E100_ORIGIN_OFFERED, 18, 'e', {422, 308}, {{340, 256}, {430, 256}, {430, 408}}},
    {E100_ORIGIN_OFFERED, E100_ORIGIN_ENCOURAGED, 18, 's', {250, 411}, {{394, 432}, {240, 432}}},
    {E100_ORIGIN_OFFERED, E100_ORIGIN_PROCEEDED, 18, 's', {602, 426}, {{594, 432}, {694, 432}}},
    {WHILE_COMING, E100_ORIGIN_WHOLE, 14, 's', {896, 333}, {{890, 354}, {1010, 354}}},
    {WHILE_COMING, E100_ORIGIN_DISCARDING, 40, 's', {138, 590}, {{130, 514}, {130, 660}}},
    {WHILE_COMING, E100_ORIGIN_OVER, 26, 's', {398, 556}, {{390, 514}, {390, 790}}},
    {WHILE_COMING, E100_ORIGIN_LINGERING, 28, 's', {738, 534}, {{730, 514}, {730, 660}}},
    {ONCE_COMING, E100_ORIGIN_LINGERING, 18, 'e', {612, 610}, {{620, 498}, {620, 660}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_SWITCHED, 20, 's', {1088, 410}, {{1080, 378}, {1080, 530}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_OVER, 24, 's', {1036, 610}, {{1028, 378}, {1028, 790}}},
    {E100_ORIGIN_SWITCHED, E100_ORIGIN_OVER, 24, 'e', {1197, 740}, {{1213, 578}, {1213, 790}}},
    {E100_ORIGIN_DISCARDING, E100_ORIGIN_OVER, 32, 's', {138, 732}, {{130, 708}, {130, 790}}},
    {E100_ORIGIN_LINGERING, E100_ORIGIN_OVER, 34, 's', {658, 740}, {{650, 708}, {650, 790}}},
};

/* ---- the moves of the table ------------------------------------------------------------------------ */

/* What one source does at some events: the same action, on the way to the same state. A move from a state
 * to itself stands in its box, so that its target is its source. */
struct move {
  uint8_t from; /* as in struct route */
  uint8_t to;
  uint8_t action;
  uint32_t events; /* set of 1 << event */
};

struct moves {
  size_t count;
  struct move list[MOVES_LIMIT];
};

static bool is_drawn(const struct e100_row *row) {
  bool idle = row->next == row->state && row->action == E100_DO_NOTHING;
  return row->action != E100_DO_REJECT && row->action != E100_DO_IMPOSSIBLE && !idle;
}

/* Every member of FRAME does the same as ROW at its event, and goes to the same state or stays where it is.
 */
static bool is_shared(const struct e100_table *table, const struct frame *frame, const struct e100_row *row) {
  bool stays = row->next == row->state;
  if ((frame->members & STATE_BIT(row->state)) == 0)
    return false;
  for (unsigned state = 0; state < table->states; state++) {
    const struct e100_row *other = e100_table_row(table, state, row->event);
    bool alike =
        stays ? other->next == other->state : other->next == row->next && other->next != other->state;
    if ((frame->members & STATE_BIT(state)) != 0 && (other->action != row->action || !alike))
      return false;
  }
  return true;
}

/* The state itself, or the outermost frame that says the same. */
static uint8_t source_of(const struct e100_table *table, const struct e100_row *row) {
  for (unsigned i = 0; i < FRAME_COUNT; i++)
    if (is_shared(table, &frames[i], row))
      return (uint8_t)(E100_ORIGIN_STATES + i);
  return row->state;
}

static void add_move(struct moves *moves, const struct e100_table *table, const struct e100_row *row) {
  uint8_t from = source_of(table, row);
  uint8_t to = row->next == row->state ? from : row->next;
  for (size_t i = 0; i < moves->count; i++) {
    struct move *move = &moves->list[i];
    if (move->from == from && move->to == to && move->action == row->action) {
      move->events |= 1U << row->event;
      return;
    }
  }
  E100_CHECK(moves->count < MOVES_LIMIT, "the diagram has room for every move of the table");
  moves->list[moves->count++] = (struct move){from, to, row->action, 1U << row->event};
}

static void collect(struct moves *moves, const struct e100_table *table) {
  moves->count = 0;
  for (unsigned i = 0; i < (unsigned)table->states * table->events; i++)
    if (is_drawn(&table->rows[i]))
      add_move(moves, table, &table->rows[i]);
}

/* ---- labels ----------------------------------------------------------------------------------------------
 */

struct label_line {
  char text[LABEL_ROOM];
  bool sends;
};

struct label {
  size_t count;
  struct label_line lines[LINES_LIMIT];
};

/* A name of the table as words: "APP_ACCEPTS_ALOUD" as "app accepts aloud". */
static void add_words(struct e100_text *out, const char *name) {
  for (const char *c = name; *c != '\0'; c++) {
    char letter = *c == '_' ? ' ' : *c;
    if (letter >= 'A' && letter <= 'Z')
      letter = (char)(letter + ('a' - 'A'));
    e100_text_add(out, &letter, 1);
  }
}

static void next_line(struct label *label, bool accent) {
  E100_CHECK(label->count < LINES_LIMIT, "a label of the diagram has room for its lines");
  label->lines[label->count].text[0] = '\0';
  label->lines[label->count++].sends = accent;
}

/* PART goes on the present line where it fits in COLUMNS, else on the next. */
static void add_part(struct label *label, const char *part, unsigned columns, bool accent) {
  E100_CHECK(part != NULL, "what a label says has a name");
  struct label_line *line = &label->lines[label->count - 1];
  if (line->text[0] != '\0' && strlen(line->text) + 1 + strlen(part) > columns) {
    next_line(label, accent);
    line = &label->lines[label->count - 1];
  }
  size_t length = strlen(line->text);
  E100_CHECK(length + strlen(part) + 2 <= LABEL_ROOM, "a line of a label has room for its words");
  snprintf(line->text + length, LABEL_ROOM - length, "%s%s", length > 0 ? " " : "", part);
}

/* "app closes, client goes: abort and close", broken after commas and after the colon. */
static void add_move_text(struct label *label, const struct e100_table *table, const struct move *move,
                          unsigned columns) {
  struct e100_text part = {0};
  bool acts = move->action != E100_DO_NOTHING;
  next_line(label, sends[move->action]);
  for (unsigned event = 0; event < table->events; event++) {
    if ((move->events & 1U << event) == 0)
      continue;
    bool last = move->events >> event == 1;
    part.length = 0;
    add_words(&part, table->event_names[event]);
    e100_text_format(&part, "%s", !last ? "," : acts ? ":" : "");
    add_part(label, part.text, columns, sends[move->action]);
  }
  if (acts) {
    part.length = 0;
    add_words(&part, table->action_names[move->action]);
    add_part(label, part.text, columns, sends[move->action]);
  }
  e100_text_free(&part);
}

static void collect_label(struct label *label, const struct e100_table *table, const struct moves *moves,
                          unsigned from, unsigned to, unsigned columns) {
  label->count = 0;
  for (size_t i = 0; i < moves->count; i++)
    if (moves->list[i].from == from && moves->list[i].to == to)
      add_move_text(label, table, &moves->list[i], columns);
}

/* ---- drawing
 * ------------------------------------------------------------------------------------------------ */

static void draw_text(struct e100_text *out, const char *class, char anchor, struct place at,
                      const char *text) {
  const char *where = anchor == 'm' ? "middle" : anchor == 'e' ? "end" : "start";
  e100_text_format(out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", class, at.x,
                   at.y, where, text);
}

static void draw_label(struct e100_text *out, const struct label *label, char anchor, struct place at) {
  for (size_t i = 0; i < label->count; i++) {
    draw_text(out, label->lines[i].sends ? "label sends" : "label", anchor, at, label->lines[i].text);
    at.y = (short)(at.y + LINE);
  }
}

static void draw_area(struct e100_text *out, const char *class, struct area area) {
  e100_text_format(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", class,
                   area.x, area.y, area.width, area.height);
}

static struct place middle_of(unsigned node) {
  struct area area = node < E100_ORIGIN_STATES ? boxes[node] : frames[node - E100_ORIGIN_STATES].area;
  return (struct place){(short)(area.x + area.width / 2), (short)(area.y + area.height / 2)};
}

static void draw_arrow(struct e100_text *out, const struct e100_table *table, const struct moves *moves,
                       unsigned from, unsigned to) {
  struct place start = middle_of(from);
  struct place end = middle_of(to);
  struct place half = {(short)((start.x + end.x) / 2), (short)((start.y + end.y) / 2)};
  struct route route = {(uint8_t)from, (uint8_t)to, 40, 's', half, {start, end}};
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
    if (routes[i].from == from && routes[i].to == to)
      route = routes[i];
  e100_text_format(out, "<path class=\"arrow\" d=\"");
  for (size_t i = 0; i < POINTS_LIMIT && (route.points[i].x != 0 || route.points[i].y != 0); i++)
    e100_text_format(out, "%s%d %d", i == 0 ? "M" : " L", route.points[i].x, route.points[i].y);
  e100_text_format(out, "\" marker-end=\"url(#head)\"/>\n");
  struct label label;
  collect_label(&label, table, moves, from, to, route.columns);
  draw_label(out, &label, route.anchor, route.label);
}

/* Moves are in the order of the table, so an arrow is drawn where its first one stands. */
static void draw_arrows(struct e100_text *out, const struct e100_table *table, const struct moves *moves) {
  for (size_t i = 0; i < moves->count; i++) {
    const struct move *move = &moves->list[i];
    bool first = move->from != move->to;
    for (size_t k = 0; k < i && first; k++)
      first = moves->list[k].from != move->from || moves->list[k].to != move->to;
    if (first)
      draw_arrow(out, table, moves, move->from, move->to);
  }
}

static void draw_frame(struct e100_text *out, const struct e100_table *table, const struct moves *moves,
                       unsigned number) {
  const struct frame *frame = &frames[number];
  struct place at = {(short)(frame->area.x + frame->area.width - 12), (short)(frame->area.y + 20)};
  struct label label;
  draw_area(out, "frame", frame->area);
  draw_text(out, "sentence", 'e', at, frame->name);
  collect_label(&label, table, moves, E100_ORIGIN_STATES + number, E100_ORIGIN_STATES + number, 60);
  at.y = (short)(frame->area.y + frame->area.height - 10);
  draw_label(out, &label, 'e', at);
}

static void draw_state(struct e100_text *out, const struct e100_table *table, const struct moves *moves,
                       unsigned state) {
  struct area box = boxes[state];
  E100_CHECK(box.width > 0, "every state has a place in the diagram");
  struct place at = {(short)(box.x + box.width / 2), (short)(box.y + 20)};
  struct label label;
  draw_area(out, "state", box);
  draw_text(out, "name", 'm', at, table->state_names[state]);
  at.y = (short)(at.y + 17);
  draw_text(out, "sentence", 'm', at, sentences[state]);
  at.y = (short)(at.y + 17);
  collect_label(&label, table, moves, state, state, 40);
  draw_label(out, &label, 'm', at);
}

static void draw_beginning(struct e100_text *out) {
  e100_text_format(
      out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
      "aria-labelledby=\"what\">\n"
      "<!-- Made by `expect100 docs` from src/machine/origin_table.c. What is changed here is lost. -->\n"
      "<title id=\"what\">The states of the reference origin server</title>\n"
      "<style>\n"
      "text { font-family: Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif; font-size: 13px; "
      "}\n"
      ".paper { fill: #ffffff; }\n"
      ".state { fill: #eef2f7; stroke: #3b4a5a; stroke-width: 1.5; }\n"
      ".frame { fill: none; stroke: #8795a5; stroke-width: 1.5; stroke-dasharray: 6 4; }\n"
      ".arrow { fill: none; stroke: #3b4a5a; stroke-width: 1.4; }\n"
      ".point { fill: #3b4a5a; }\n"
      ".name { fill: #14202c; font-weight: bold; font-size: 15px; }\n"
      ".sentence { fill: #4a5968; font-style: italic; }\n"
      ".label { fill: #14202c; }\n"
      ".sends { fill: #0a58ca; font-weight: bold; }\n"
      "@media (prefers-color-scheme: dark) {\n"
      ".paper { fill: #0d1117; }\n"
      ".state { fill: #1c2733; stroke: #9fb0c3; }\n"
      ".frame { stroke: #6b7b8d; }\n"
      ".arrow { stroke: #9fb0c3; }\n"
      ".point { fill: #9fb0c3; }\n"
      ".name { fill: #f0f6fc; }\n"
      ".sentence { fill: #b1bfcd; }\n"
      ".label { fill: #e6edf3; }\n"
      ".sends { fill: #79b8ff; }\n"
      "}\n"
      "</style>\n"
      "<defs><marker id=\"head\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8.5\" refY=\"4\" "
      "orient=\"auto\">"
      "<path class=\"point\" d=\"M0 0 L9 4 L0 8 z\"/></marker></defs>\n"
      "<rect class=\"paper\" x=\"0\" y=\"0\" width=\"%d\" height=\"%d\"/>\n",
      WIDTH, HEIGHT, WIDTH, HEIGHT);
}

void e100_write_origin_states(const struct e100_case_notes *cases, struct e100_text *out) {
  const struct e100_table *table = &e100_origin_table;
  struct moves moves;
  (void)cases;
  collect(&moves, table);
  draw_beginning(out);
  for (unsigned i = 0; i < FRAME_COUNT; i++)
    draw_frame(out, table, &moves, i);
  e100_text_format(out, "<circle class=\"point\" cx=\"500\" cy=\"16\" r=\"6\"/>\n"
                        "<path class=\"arrow\" d=\"M500 22 L500 44\" marker-end=\"url(#head)\"/>\n");
  draw_arrows(out, table, &moves);
  for (unsigned state = 0; state < table->states; state++)
    draw_state(out, table, &moves, state);
  draw_text(
      out, "sentence", 's', (struct place){20, HEIGHT - 14},
      "event: action. Blue: octets go to the client. An arrow from a dashed frame holds for every state in "
      "it. Not drawn: calls out of place, and what changes nothing.");
  e100_text_format(out, "</svg>\n");
}
