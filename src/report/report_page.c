/* report_page.c - a report as one page of HTML that needs nothing else. */
#include <stdlib.h>
#include <string.h>

#include "exchange/ladder_svg.h"
#include "exchange/xml_text.h"
#include "page_css.h"
#include "page_js.h"
#include "report/page.h"

/* ---- the head ---------------------------------------------------------------------------------------------
 */

static void add_policy(const struct e100_text *style, struct e100_text *out) {
  e100_text_format(out,
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
  e100_page_hash(out, style->text, style->length);
  e100_text_format(out, "'; script-src '");
  e100_page_hash(out, page_js, strlen(page_js));
  e100_text_format(out, "'; base-uri 'none'; form-action 'none'\">\n");
}

/* The total of findings, in words for a title. */
static void add_total(const struct e100_report *report, struct e100_text *out) {
  uint64_t all = 0;
  for (size_t i = 0; i < report->group_count; i++)
    all += report->groups[i].count;
  if (all == 0)
    e100_text_format(out, "Nothing was found");
  else
    e100_text_format(out, "%llu finding%s of %zu cause%s", (unsigned long long)all, all == 1 ? "" : "s",
                     report->group_count, report->group_count == 1 ? "" : "s");
}

static void add_head(const struct e100_report *report, struct e100_text *out) {
  struct e100_text style = {0};
  e100_text_format(&style, "%s%s", page_css, e100_ladder_style());
  e100_text_format(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  add_policy(&style, out);
  e100_text_format(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>expect100: ");
  add_total(report, out);
  e100_text_format(out, "</title>\n<style>%s</style>\n</head>\n", style.text);
  e100_text_free(&style);
}

/* ---- the summary ------------------------------------------------------------------------------------------
 */

static void add_tile(struct e100_text *out, const char *class, uint64_t count, const char *what) {
  e100_text_format(out, "<li class=\"%s\"><b>%llu</b>%s</li>", class, (unsigned long long)count, what);
}

static void add_tiles(const struct e100_report *report, struct e100_text *out) {
  static const char *const severities[][3] = {{"violation", "violation", "violations"},
                                              {"warning", "warning", "warnings"},
                                              {"note", "note", "notes"}};
  uint64_t exchanges = 0;
  uint64_t passed = 0;
  for (size_t i = 0; i < report->run_count; i++) {
    exchanges += report->runs[i].exchanges;
    passed += report->runs[i].passed;
  }
  e100_text_format(out, "<ul class=\"tiles\">");
  for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++) {
    uint64_t count = e100_report_count(report, severities[i][0]);
    add_tile(out, count > 0 ? severities[i][0] : "none", count, severities[i][count == 1 ? 1 : 2]);
  }
  if (exchanges > 0) {
    add_tile(out, "plain", exchanges, exchanges == 1 ? "exchange" : "exchanges");
    add_tile(out, "plain", passed, "passed");
  }
  e100_text_format(out, "</ul>");
}

static void add_run(const struct e100_report_run *run, struct e100_text *out) {
  e100_text_format(out, "<dl><dt>Command</dt><dd><code>");
  e100_xml_text(out, run->command);
  e100_text_format(out, "</code></dd>");
  if (run->subject[0] != '\0') {
    e100_text_format(out, "<dt>Played against</dt><dd>");
    e100_xml_text(out, run->subject);
    e100_text_format(out, "</dd>");
  }
  e100_text_format(out, "<dt>Made by</dt><dd>");
  e100_xml_text(out, run->tool);
  e100_text_format(out, " ");
  e100_xml_text(out, run->version);
  e100_text_format(out, "</dd>");
  if (run->skipped + run->unreadable > 0)
    e100_text_format(out, "<dt>Not looked at</dt><dd>%llu left out, %llu unreadable</dd>",
                     (unsigned long long)run->skipped, (unsigned long long)run->unreadable);
  if (run->findings_left_out + run->transcripts_left_out > 0)
    e100_text_format(out,
                     "<dt>Only counted</dt><dd>%llu findings, %llu exchanges: over the limits of a findings "
                     "file</dd>",
                     (unsigned long long)run->findings_left_out,
                     (unsigned long long)run->transcripts_left_out);
  e100_text_format(out, "</dl>");
}

/* ---- the findings -----------------------------------------------------------------------------------------
 */

static void add_tools(struct e100_text *out) {
  static const char *const severities[][2] = {
      {"violation", "violations"}, {"warning", "warnings"}, {"note", "notes"}};
  e100_text_format(out, "<div class=\"tools\" hidden><label>Search <input type=\"search\" id=\"search\" "
                        "placeholder=\"rule, situation, words\"></label>");
  for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++)
    e100_text_format(out, "<label><input type=\"checkbox\" value=\"%s\" checked>%s</label>", severities[i][0],
                     severities[i][1]);
  e100_text_format(out, "<button type=\"button\" id=\"open-all\">Open all</button><button type=\"button\" "
                        "id=\"close-all\">Close all</button><span id=\"shown\" class=\"faint\" "
                        "role=\"status\"></span></div>\n");
}

static void add_causes(struct e100_page *page) {
  e100_text_format(page->out, "<section id=\"causes\"><h2>What was found</h2>");
  if (page->report->group_count == 0) {
    e100_text_format(page->out, "<p>Every rule that could be decided was kept.</p></section>");
    return;
  }
  add_tools(page->out);
  size_t shown = 0;
  for (; shown < page->report->group_count && page->out->length < E100_PAGE_LIMIT; shown++)
    e100_page_cause(page, shown);
  if (shown < page->report->group_count)
    e100_text_format(page->out,
                     "<p>%zu more causes are in the findings file: the page has come to its limit.</p>",
                     page->report->group_count - shown);
  e100_text_format(page->out, "</section>");
}

void e100_report_page(const struct e100_report *report, const struct e100_case_notes *precedents,
                      struct e100_text *out) {
  struct e100_page page = {.report = report, .precedents = precedents, .out = out};
  page.drawn = calloc(report->transcript_count + 1, sizeof *page.drawn);
  E100_CHECK(page.drawn != NULL, "there is memory for the exchanges of a page");
  add_head(report, out);
  e100_text_format(out, "<body>\n<a class=\"skip\" href=\"#causes\">To the findings</a>\n<header><h1>");
  add_total(report, out);
  e100_text_format(out, "</h1>");
  for (size_t i = 0; i < report->run_count; i++)
    add_run(&report->runs[i], out);
  add_tiles(report, out);
  e100_text_format(out, "</header>\n<main>\n");
  for (size_t i = 0; i < report->run_count; i++) {
    e100_page_curves(&report->runs[i], out);
    e100_page_survey(&report->runs[i], out);
  }
  add_causes(&page);
  e100_text_format(out,
                   "</main>\n<footer>A finding is a rule that a party broke; a violation breaks a MUST, a "
                   "warning a SHOULD, and a note is about quality. The numbers at the side of a diagram are "
                   "those of the steps; one step is one delivery.</footer>\n<script>%s</script>\n</body>\n"
                   "</html>\n",
                   page_js);
  free(page.drawn);
}
