/* page_curves.c - the numbers of a campaign as curves, and a survey as a matrix. */
#include <stdio.h>
#include <string.h>

#include "exchange/xml_text.h"
#include "report/page.h"

enum {
  WIDTH = 340,
  HEIGHT = 150,
  LEFT = 44, /* of the field in which a curve is drawn */
  RIGHT = 330,
  TOP = 12,
  BOTTOM = 124,
  POINTS_LIMIT = 240 /* of one curve */
};

/* One curve: what goes to the right, and what goes up. */
struct curve {
  const char *title, *across, *up;
  const char *unit; /* of what goes to the right */
  double most;      /* the end of the scale, where it is known; 0: the largest value */
};

static double number(const json_t *object, const char *name) {
  double value = json_number_value(json_object_get(object, name));
  return value > 0 && value < 1e18 ? value : 0;
}

static double largest(const json_t *samples, const char *name) {
  double most = 0;
  for (size_t i = 0; i < json_array_size(samples); i++) {
    double value = number(json_array_get(samples, i), name);
    most = value > most ? value : most;
  }
  return most;
}

/* 1234567 as "1.23 M". */
static void add_short(struct e100_text *out, double value) {
  if (value < 10000)
    e100_text_format(out, "%.0f", value);
  else if (value < 1e6)
    e100_text_format(out, "%.0f k", value / 1e3);
  else
    e100_text_format(out, "%.2f M", value / 1e6);
}

static double place(double value, double most, int from, int to) {
  return from + (most > 0 ? value / most : 0) * (to - from);
}

static void add_axes(const struct curve *curve, double across, double up, struct e100_text *out) {
  e100_text_format(out, "<path class=\"g\" d=\"M%d %dV%dH%dM%d %dH%d\"/><text class=\"r\" x=\"%d\" y=\"%d\">",
                   LEFT, TOP, BOTTOM, RIGHT, LEFT, TOP, RIGHT, LEFT - 6, TOP + 4);
  add_short(out, up);
  e100_text_format(out,
                   "</text><text class=\"r\" x=\"%d\" y=\"%d\">0</text><text class=\"r\" x=\"%d\" y=\"%d\">",
                   LEFT - 6, BOTTOM + 4, RIGHT, BOTTOM + 17);
  add_short(out, across);
  e100_text_format(out, " %s</text>", curve->unit);
}

/* The curve itself, and a point wherever a finding was added. */
static void add_points(const struct curve *curve, const json_t *samples, double across, double up,
                       struct e100_text *out) {
  size_t count = json_array_size(samples);
  size_t stride = count / POINTS_LIMIT + 1;
  struct e100_text points = {0};
  double findings = 0;
  e100_text_add(&points, "", 0);
  e100_text_format(out, "<path class=\"c\" d=\"");
  for (size_t i = 0; i < count; i++) {
    const json_t *sample = json_array_get(samples, i);
    double x = place(number(sample, curve->across), across, LEFT, RIGHT);
    double y = place(number(sample, curve->up), up, BOTTOM, TOP);
    if (i % stride == 0 || i + 1 == count)
      e100_text_format(out, "%c%.1f %.1f", i == 0 ? 'M' : 'L', x, y);
    if (number(sample, "findings") > findings)
      e100_text_format(&points, "<circle class=\"d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x, y);
    findings = number(sample, "findings");
  }
  e100_text_format(out, "\"/>%s", points.text);
  e100_text_free(&points);
}

static void add_curve(const struct curve *curve, const json_t *samples, struct e100_text *out) {
  double across = largest(samples, curve->across);
  double up = curve->most > 0 ? curve->most : largest(samples, curve->up);
  double end = largest(samples, curve->up);
  struct e100_text said = {0};
  add_short(&said, end);
  if (curve->most > 0)
    e100_text_format(&said, " of %.0f", curve->most);
  e100_text_format(out,
                   "<figure><figcaption><b>%s</b><span>%s</span></figcaption><svg class=\"chart\" "
                   "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over %s: %s at the end\">",
                   curve->title, said.text, WIDTH, HEIGHT, curve->title, curve->across, said.text);
  add_axes(curve, across, up, out);
  add_points(curve, samples, across, up, out);
  e100_text_format(out, "</svg></figure>");
  e100_text_free(&said);
}

void e100_page_curves(const struct e100_report_run *run, struct e100_text *out) {
  const json_t *samples = json_object_get(run->campaign, "samples");
  if (json_array_size(samples) < 2)
    return;
  const struct curve curves[] = {
      {"Pairs reached", "executions", "pairs", "executions", number(run->campaign, "pairs_all")},
      {"Rules decided", "executions", "rules", "executions", number(run->campaign, "rules_all")},
      {"Corpus", "executions", "corpus", "executions", 0},
      {"Executions", "elapsed", "executions", "s", 0}};
  e100_text_format(out, "<section><h2>The campaign</h2><div class=\"charts\">");
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
    add_curve(&curves[i], samples, out);
  e100_text_format(out, "</div><p class=\"faint\">A point on a curve: a finding was added there. A pair is a "
                        "state of the reference machine and an event in it.</p></section>");
}

/* ---- a survey ---------------------------------------------------------------------------------------------
 */

static void add_cell(const json_t *cell, struct e100_text *out) {
  static const char *const kinds[] = {"good", "warning", "bad", "undecided", "none"};
  const char *is = json_string_value(json_object_get(cell, "is"));
  const char *words = json_string_value(json_object_get(cell, "words"));
  const char *kind = "none";
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (is != NULL && strcmp(is, kinds[i]) == 0)
      kind = kinds[i];
  e100_text_format(out, "<td class=\"%s\">", kind);
  e100_xml_text(out, words != NULL && words[0] != '\0' ? words : kind);
  e100_text_format(out, "</td>");
}

void e100_page_survey(const struct e100_report_run *run, struct e100_text *out) {
  const json_t *columns = json_object_get(run->survey, "columns");
  const json_t *rows = json_object_get(run->survey, "rows");
  if (json_array_size(rows) == 0)
    return;
  e100_text_format(out,
                   "<section><h2>The survey</h2><div class=\"scroll\" tabindex=\"0\"><table class=\"matrix\">"
                   "<thead><tr><td></td>");
  for (size_t i = 0; i < json_array_size(columns); i++) {
    const char *name = json_string_value(json_array_get(columns, i));
    e100_text_format(out, "<th scope=\"col\">");
    e100_xml_text(out, name != NULL ? name : "");
    e100_text_format(out, "</th>");
  }
  e100_text_format(out, "</tr></thead><tbody>");
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *cells = json_object_get(row, "cells");
    const char *name = json_string_value(json_object_get(row, "name"));
    e100_text_format(out, "<tr><th scope=\"row\">");
    e100_xml_text(out, name != NULL ? name : "");
    e100_text_format(out, "</th>");
    for (size_t j = 0; j < json_array_size(cells); j++)
      add_cell(json_array_get(cells, j), out);
    e100_text_format(out, "</tr>");
  }
  e100_text_format(out, "</tbody></table></div></section>");
}
