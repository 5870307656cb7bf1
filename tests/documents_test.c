/* The documents: the diagrams can be read, and say what the table says; what is named in them is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "corpus_folder.h"
#include "report/diagram.h"
#include "report/documents.h"

/* ---- the diagram, read back ------------------------------------------------------------------------ */

enum { AREAS = 256 };

struct area {
  int left, top, right, bottom;
  char text[128];
};

struct drawing {
  int width, height;
  size_t texts, boxes, lines;
  struct area text[AREAS];
  struct area box[AREAS];  /* states */
  struct area line[AREAS]; /* straight pieces of arrows, and the sides of frames */
  char all[65536];         /* all texts, for what is looked for */
};

/* A letter's width and height are those of a wide font, so that a browser's choice never makes them
 * larger. */
static void add_text(struct drawing *drawing, const char *line) {
  char class[32];
  char anchor[16];
  int x = 0;
  int y = 0;
  struct area *area = &drawing->text[drawing->texts];
  if (sscanf(line, "<text class=\"%31[^\"]\" x=\"%d\" y=\"%d\" text-anchor=\"%15[^\"]\">%127[^<]", class, &x,
             &y, anchor, area->text) != 5)
    return;
  double letter = strcmp(class, "name") == 0 ? 9.8 : strstr(class, "sends") != NULL ? 7.8 : 7.3;
  int width = (int)((double)strlen(area->text) * letter);
  area->left = strcmp(anchor, "end") == 0 ? x - width : strcmp(anchor, "middle") == 0 ? x - width / 2 : x;
  area->right = area->left + width;
  area->top = y - 10;
  area->bottom = y + 3;
  drawing->texts++;
  size_t length = strlen(drawing->all);
  snprintf(drawing->all + length, sizeof drawing->all - length, "%s\n", area->text);
}

static void add_line(struct drawing *drawing, int x1, int y1, int x2, int y2) {
  drawing->line[drawing->lines++] =
      (struct area){x1 < x2 ? x1 : x2, y1 < y2 ? y1 : y2, x1 < x2 ? x2 : x1, y1 < y2 ? y2 : y1, "a line"};
}

static void add_arrow(struct drawing *drawing, const char *line) {
  int x = 0;
  int y = 0;
  int used = 0;
  if (sscanf(line, "<path class=\"arrow\" d=\"M%d %d%n", &x, &y, &used) != 2)
    return;
  int next_x = 0;
  int next_y = 0;
  int more = 0;
  for (line += used; sscanf(line, " L%d %d%n", &next_x, &next_y, &more) == 2; line += more) {
    add_line(drawing, x, y, next_x, next_y);
    x = next_x;
    y = next_y;
  }
}

static void add_rectangle(struct drawing *drawing, const char *line) {
  char class[32];
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  if (sscanf(line, "<rect class=\"%31[^\"]\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", class, &x, &y,
             &width, &height) != 5)
    return;
  if (strcmp(class, "state") == 0)
    drawing->box[drawing->boxes++] = (struct area){x, y, x + width, y + height, "a state"};
  if (strcmp(class, "frame") == 0) {
    add_line(drawing, x, y, x + width, y);
    add_line(drawing, x, y + height, x + width, y + height);
    add_line(drawing, x, y, x, y + height);
    add_line(drawing, x + width, y, x + width, y + height);
  }
}

static const struct e100_diagram *const diagrams[] = {&e100_origin_diagram, &e100_client_diagram,
                                                      &e100_proxy_diagram};
enum { DIAGRAMS = sizeof diagrams / sizeof diagrams[0] };

static struct drawing *draw(const struct e100_diagram *diagram) {
  static struct drawing drawing;
  struct e100_text out = {0};
  memset(&drawing, 0, sizeof drawing);
  e100_draw_diagram(diagram, &out);
  assert_int_equal(
      sscanf(strstr(out.text, "viewBox"), "viewBox=\"0 0 %d %d", &drawing.width, &drawing.height), 2);
  for (char *line = strtok(out.text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    add_text(&drawing, line);
    add_arrow(&drawing, line);
    add_rectangle(&drawing, line);
  }
  e100_text_free(&out);
  return &drawing;
}

static bool meet(const struct area *a, const struct area *b) {
  return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

static bool lies_in(const struct area *a, const struct area *b) {
  return a->left >= b->left && a->right <= b->right && a->top >= b->top && a->bottom <= b->bottom;
}

/* How many things lie on others in the present drawing. */
static unsigned faults;

static void must_not(bool bad, const struct area *text, const char *what, const struct area *other) {
  if (!bad)
    return;
  print_message("'%s' (%d..%d, %d..%d) %s '%s' (%d..%d, %d..%d): move it\n", text->text, text->left,
                text->right, text->top, text->bottom, what, other->text, other->left, other->right,
                other->top, other->bottom);
  faults++;
}

static void check_text(const struct drawing *drawing, size_t i) {
  const struct area *text = &drawing->text[i];
  struct area paper = {0, 0, drawing->width, drawing->height, "the paper"};
  must_not(!lies_in(text, &paper), text, "is not on", &paper);
  for (size_t k = 0; k < i; k++)
    must_not(meet(text, &drawing->text[k]), text, "overlaps", &drawing->text[k]);
  for (size_t k = 0; k < drawing->boxes; k++)
    must_not(meet(text, &drawing->box[k]) && !lies_in(text, &drawing->box[k]), text, "is half in",
             &drawing->box[k]);
  for (size_t k = 0; k < drawing->lines; k++) {
    struct area line = drawing->line[k];
    line.right++; /* a line has a width */
    line.bottom++;
    must_not(meet(text, &line), text, "is crossed by", &line);
  }
}

/* Arrows may cross, but no two go the same way. */
static void check_line(const struct drawing *drawing, size_t i) {
  const struct area *line = &drawing->line[i];
  for (size_t k = 0; k < drawing->boxes; k++)
    must_not(meet(line, &drawing->box[k]), line, "goes through", &drawing->box[k]);
  for (size_t k = 0; k < i; k++) {
    const struct area *other = &drawing->line[k];
    bool upright = line->left == line->right && other->left == other->right && line->left == other->left;
    bool level = line->top == line->bottom && other->top == other->bottom && line->top == other->top;
    bool together = (upright && line->top < other->bottom && other->top < line->bottom) ||
                    (level && line->left < other->right && other->left < line->right);
    must_not(together, line, "goes along", other);
  }
}

static void nothing_lies_on_anything_else(void **state) {
  (void)state;
  faults = 0;
  for (size_t i = 0; i < DIAGRAMS; i++) {
    const struct drawing *drawing = draw(diagrams[i]);
    assert_int_equal(drawing->boxes, diagrams[i]->words->table->states);
    for (size_t k = 0; k < drawing->texts; k++)
      check_text(drawing, k);
    for (size_t k = 0; k < drawing->lines; k++)
      check_line(drawing, k);
  }
  assert_int_equal(faults, 0);
}

/* A name of the table as the diagram spells it. */
static const char *words(const char *name) {
  static char text[64];
  size_t i = 0;
  for (; name[i] != '\0' && i + 1 < sizeof text; i++)
    text[i] = name[i] == '_' ? ' ' : (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
  text[i] = '\0';
  return text;
}

static void check_names(const struct e100_diagram *diagram) {
  const struct drawing *drawing = draw(diagram);
  const struct e100_machine_words *machine = diagram->words;
  const struct e100_table *table = machine->table;
  for (unsigned i = 0; i < (unsigned)table->states * table->events; i++) {
    const struct e100_row *row = &table->rows[i];
    if (!e100_row_is_move(machine, row) || row->action == machine->nothing)
      continue;
    assert_non_null(strstr(drawing->all, table->state_names[row->state]));
    if (strstr(drawing->all, words(table->event_names[row->event])) == NULL)
      fail_msg("%s does not name the event %s", machine->diagram, table->event_names[row->event]);
    if (strstr(drawing->all, words(table->action_names[row->action])) == NULL)
      fail_msg("%s does not name the action %s", machine->diagram, table->action_names[row->action]);
  }
}

static void a_diagram_names_all_that_happens(void **state) {
  (void)state;
  for (size_t i = 0; i < DIAGRAMS; i++)
    check_names(diagrams[i]);
}

/* Each arrow that the table asks for has a way that was chosen: a straight one would go through boxes. And no
 * way was chosen for an arrow that is not there. */
static void every_arrow_has_a_way(void **state) {
  (void)state;
  for (size_t i = 0; i < DIAGRAMS; i++) {
    struct e100_text out = {0};
    unsigned arrows = 0;
    e100_draw_diagram(diagrams[i], &out);
    for (const char *at = out.text; (at = strstr(at, "<path class=\"arrow\"")) != NULL; at++)
      arrows++;
    e100_text_free(&out);
    assert_int_equal(arrows, diagrams[i]->route_count + 1); /* and the one to the first state */
  }
}

/* ---- the documents ------------------------------------------------------------------------------------- */

static void note(void *user, const char *path, const struct e100_exchange *exchange) {
  e100_case_notes_add(user, path + strlen(E100_TEST_SOURCE "/corpus/"), exchange);
}

static void the_same_data_give_the_same_octets(void **state) {
  (void)state;
  struct e100_case_notes notes = {0};
  assert_true(corpus_each_case(note, &notes) > 0);
  for (size_t i = 0; e100_document_at(i) != NULL; i++) {
    struct e100_text first = {0};
    struct e100_text second = {0};
    e100_document_at(i)->write(&notes, &first);
    e100_document_at(i)->write(&notes, &second);
    assert_true(first.length > 0);
    assert_string_equal(first.text, second.text);
    e100_text_free(&first);
    e100_text_free(&second);
  }
  e100_case_notes_free(&notes);
}

/* Each case that is linked to is there: one that was renamed leaves its old name behind in open_texts.def. */
static void every_case_that_is_named_is_there(void **state) {
  (void)state;
  struct e100_case_notes notes = {0};
  struct e100_text out = {0};
  corpus_each_case(note, &notes);
  e100_write_readings_book(&notes, &out);
  const char *missing = strstr(out.text, "(there is no such case)");
  if (missing != NULL)
    fail_msg("%.*s", 120, missing - 60 > out.text ? missing - 60 : out.text);
  e100_text_free(&out);
  e100_case_notes_free(&notes);
}

static void text_is_shown_as_it_is(void **state) {
  (void)state;
  struct e100_text out = {0};
  e100_markdown_text(&out, "a|b *c* <d> \x01 `e`");
  assert_string_equal(out.text, "a\\|b \\*c\\* \\<d\\> \\\\x01 \\`e\\`");
  e100_text_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_lies_on_anything_else),
      cmocka_unit_test(a_diagram_names_all_that_happens),
      cmocka_unit_test(every_arrow_has_a_way),
      cmocka_unit_test(the_same_data_give_the_same_octets),
      cmocka_unit_test(every_case_that_is_named_is_there),
      cmocka_unit_test(text_is_shown_as_it_is),
  };
  return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
