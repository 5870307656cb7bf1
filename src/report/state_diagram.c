/*
 * state_diagram.c - draws a machine from its table.
 *
 * Not drawn: what cannot happen, calls out of place, and events that change nothing.
 */
#include <stdio.h>
#include <string.h>

#include "report/diagram.h"
#include "report/documents.h"

enum {
  LINE = 15,        /* from one line of a label to the next */
  LINES_LIMIT = 10, /* of a label */
  LABEL_ROOM = 160, /* octets of what one label line may hold, with the closing NUL */
  MOVES_LIMIT = 160
};

/* ---- the moves of the table ------------------------------------------------------------------------ */

/* What one source does at some events: the same action, on the way to the same state. A move from a state
 * to itself stands in its box, so that its target is its source. */
struct move {
  uint8_t from; /* as in struct e100_diagram_route */
  uint8_t to;
  uint8_t action;
  uint32_t events; /* set of 1 << event */
};

struct moves {
  size_t count;
  struct move list[MOVES_LIMIT];
};

static bool is_drawn(const struct e100_machine_words *words, const struct e100_row *row) {
  bool idle = row->next == row->state && row->action == words->nothing;
  return e100_row_is_move(words, row) && !idle;
}

/* Every member of FRAME does the same as ROW at its event, and goes to the same state or stays where it is.
 */
static bool is_shared(const struct e100_table *table, const struct e100_diagram_frame *frame,
                      const struct e100_row *row) {
  bool stays = row->next == row->state;
  if ((frame->members & 1U << row->state) == 0)
    return false;
  for (unsigned state = 0; state < table->states; state++) {
    const struct e100_row *other = e100_table_row(table, state, row->event);
    bool alike =
        stays ? other->next == other->state : other->next == row->next && other->next != other->state;
    if ((frame->members & 1U << state) != 0 && (other->action != row->action || !alike))
      return false;
  }
  return true;
}

/* The state itself, or the outermost frame that says the same. */
static uint8_t source_of(const struct e100_diagram *diagram, const struct e100_row *row) {
  const struct e100_table *table = diagram->words->table;
  for (unsigned i = 0; i < diagram->frame_count; i++)
    if (is_shared(table, &diagram->frames[i], row))
      return (uint8_t)(table->states + i);
  return row->state;
}

static void add_move(struct moves *moves, const struct e100_diagram *diagram, const struct e100_row *row) {
  uint8_t from = source_of(diagram, row);
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

static void collect(struct moves *moves, const struct e100_diagram *diagram) {
  const struct e100_table *table = diagram->words->table;
  moves->count = 0;
  for (unsigned i = 0; i < (unsigned)table->states * table->events; i++)
    if (is_drawn(diagram->words, &table->rows[i]))
      add_move(moves, diagram, &table->rows[i]);
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
static void add_move_text(struct label *label, const struct e100_machine_words *words,
                          const struct move *move, unsigned columns) {
  const struct e100_table *table = words->table;
  struct e100_text part = {0};
  bool acts = move->action != words->nothing;
  bool sends = words->sends[move->action];
  next_line(label, sends);
  for (unsigned event = 0; event < table->events; event++) {
    if ((move->events & 1U << event) == 0)
      continue;
    bool last = move->events >> event == 1;
    part.length = 0;
    add_words(&part, table->event_names[event]);
    e100_text_format(&part, "%s", !last ? "," : acts ? ":" : "");
    add_part(label, part.text, columns, sends);
  }
  if (acts) {
    part.length = 0;
    add_words(&part, table->action_names[move->action]);
    add_part(label, part.text, columns, sends);
  }
  e100_text_free(&part);
}

/* What is drawn: where everything lies, and what the table says. */
struct sheet {
  const struct e100_diagram *diagram;
  struct moves moves;
};

static void collect_label(struct label *label, const struct sheet *sheet, unsigned from, unsigned to,
                          unsigned columns) {
  label->count = 0;
  for (size_t i = 0; i < sheet->moves.count; i++)
    if (sheet->moves.list[i].from == from && sheet->moves.list[i].to == to)
      add_move_text(label, sheet->diagram->words, &sheet->moves.list[i], columns);
}

/* ---- drawing ------------------------------------------------------------------------------------ */

static void draw_text(struct e100_text *out, const char *class, char anchor, struct e100_place at,
                      const char *text) {
  const char *where = anchor == 'm' ? "middle" : anchor == 'e' ? "end" : "start";
  e100_text_format(out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", class, at.x,
                   at.y, where, text);
}

static void draw_label(struct e100_text *out, const struct label *label, char anchor, struct e100_place at) {
  for (size_t i = 0; i < label->count; i++) {
    draw_text(out, label->lines[i].sends ? "label sends" : "label", anchor, at, label->lines[i].text);
    at.y = (short)(at.y + LINE);
  }
}

static void draw_area(struct e100_text *out, const char *class, struct e100_area area) {
  e100_text_format(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", class,
                   area.x, area.y, area.width, area.height);
}

static struct e100_place middle_of(const struct e100_diagram *diagram, unsigned node) {
  unsigned states = diagram->words->table->states;
  struct e100_area area = node < states ? diagram->boxes[node] : diagram->frames[node - states].area;
  return (struct e100_place){(short)(area.x + area.width / 2), (short)(area.y + area.height / 2)};
}

static struct e100_diagram_route route_of(const struct e100_diagram *diagram, unsigned from, unsigned to) {
  for (unsigned i = 0; i < diagram->route_count; i++)
    if (diagram->routes[i].from == from && diagram->routes[i].to == to)
      return diagram->routes[i];
  struct e100_place start = middle_of(diagram, from);
  struct e100_place end = middle_of(diagram, to);
  struct e100_place half = {(short)((start.x + end.x) / 2), (short)((start.y + end.y) / 2)};
  return (struct e100_diagram_route){(uint8_t)from, (uint8_t)to, 40, 's', half, {start, end}};
}

static void draw_arrow(struct e100_text *out, const struct sheet *sheet, unsigned from, unsigned to) {
  struct e100_diagram_route route = route_of(sheet->diagram, from, to);
  e100_text_format(out, "<path class=\"arrow\" d=\"");
  for (size_t i = 0; i < E100_DIAGRAM_POINTS && (route.points[i].x != 0 || route.points[i].y != 0); i++)
    e100_text_format(out, "%s%d %d", i == 0 ? "M" : " L", route.points[i].x, route.points[i].y);
  e100_text_format(out, "\" marker-end=\"url(#head)\"/>\n");
  struct label label;
  collect_label(&label, sheet, from, to, route.columns);
  draw_label(out, &label, route.anchor, route.label);
}

/* Moves are in the order of the table, so an arrow is drawn where its first one stands. */
static void draw_arrows(struct e100_text *out, const struct sheet *sheet) {
  const struct moves *moves = &sheet->moves;
  for (size_t i = 0; i < moves->count; i++) {
    const struct move *move = &moves->list[i];
    bool first = move->from != move->to;
    for (size_t k = 0; k < i && first; k++)
      first = moves->list[k].from != move->from || moves->list[k].to != move->to;
    if (first)
      draw_arrow(out, sheet, move->from, move->to);
  }
}

static void draw_frame(struct e100_text *out, const struct sheet *sheet, unsigned number) {
  const struct e100_diagram_frame *frame = &sheet->diagram->frames[number];
  unsigned node = sheet->diagram->words->table->states + number;
  struct label label;
  draw_area(out, "frame", frame->area);
  if (frame->name[0] != '\0')
    draw_text(out, "sentence", 's', frame->name_place, frame->name);
  collect_label(&label, sheet, node, node, frame->columns);
  draw_label(out, &label, 's', frame->label_place);
}

static void draw_state(struct e100_text *out, const struct sheet *sheet, unsigned state) {
  const struct e100_machine_words *words = sheet->diagram->words;
  struct e100_area box = sheet->diagram->boxes[state];
  E100_CHECK(box.width > 0, "every state has a place in the diagram");
  struct e100_place at = {(short)(box.x + box.width / 2), (short)(box.y + 20)};
  struct label label;
  draw_area(out, "state", box);
  draw_text(out, "name", 'm', at, words->table->state_names[state]);
  at.y = (short)(at.y + 17);
  draw_text(out, "sentence", 'm', at, words->states[state]);
  at.y = (short)(at.y + 17);
  collect_label(&label, sheet, state, state, 40);
  draw_label(out, &label, 'm', at);
}

static void draw_beginning(const struct e100_diagram *diagram, struct e100_text *out) {
  int width = diagram->width;
  int height = diagram->height;
  e100_text_format(
      out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
      "aria-labelledby=\"what\">\n"
      "<!-- Made by `expect100 docs` from %s. What is changed here is lost. -->\n"
      "<title id=\"what\">The states of %s</title>\n"
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
      width, height, diagram->words->source, diagram->words->name, width, height);
}

void e100_draw_diagram(const struct e100_diagram *diagram, struct e100_text *out) {
  struct sheet sheet = {.diagram = diagram};
  int x = diagram->start_x;
  collect(&sheet.moves, diagram);
  draw_beginning(diagram, out);
  for (unsigned i = 0; i < diagram->frame_count; i++)
    draw_frame(out, &sheet, i);
  e100_text_format(out,
                   "<circle class=\"point\" cx=\"%d\" cy=\"16\" r=\"6\"/>\n"
                   "<path class=\"arrow\" d=\"M%d 22 L%d %d\" marker-end=\"url(#head)\"/>\n",
                   x, x, x, diagram->boxes[0].y);
  draw_arrows(out, &sheet);
  for (unsigned state = 0; state < diagram->words->table->states; state++)
    draw_state(out, &sheet, state);
  draw_text(out, "sentence", 's', (struct e100_place){20, (short)(diagram->height - 14)}, diagram->legend);
  e100_text_format(out, "</svg>\n");
}
