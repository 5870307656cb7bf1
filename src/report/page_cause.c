/* page_cause.c - one cause in the HTML report: what happened, what should have, and how to see it again. */
#include <stdlib.h>
#include <string.h>

#include "exchange/ladder_svg.h"
#include "exchange/xml_text.h"
#include "report/exchange_json.h"
#include "report/finding_text.h"
#include "report/page.h"

enum {
  PRECEDENTS_LIMIT = 8,  /* public bugs that are told below a cause */
  OTHERS_LIMIT = 100,    /* further findings of a cause that are listed */
  OTHER_WHAT_LIMIT = 400 /* octets of what is said of one of them; of a longer one nothing is */
};

void e100_page_copied(struct e100_text *out, const char *text) {
  e100_text_format(out, "<div class=\"copied\"><pre tabindex=\"0\">");
  e100_xml_text(out, text);
  e100_text_format(out, "</pre><button type=\"button\" class=\"copy\" hidden>Copy</button></div>");
}

static void add_row(struct e100_text *out, const char *name, const char *text) {
  if (text == NULL || text[0] == '\0')
    return;
  e100_text_format(out, "<dt>%s</dt><dd>", name);
  e100_xml_text(out, text);
  e100_text_format(out, "</dd>");
}

/* ---- precedents -------------------------------------------------------------------------------------------
 */

static bool shows(const struct e100_case_note *note, const char *rule) {
  for (uint32_t i = 0; i < note->shows_count; i++)
    if (strcmp(note->shows[i], rule) == 0)
      return true;
  return false;
}

size_t e100_page_precedents(const struct e100_page *page, const char *rule) {
  size_t count = 0;
  for (size_t i = 0; i < page->precedents->count && rule[0] != '\0'; i++) {
    if (!shows(&page->precedents->list[i], rule) || ++count > PRECEDENTS_LIMIT)
      continue;
    if (count == 1)
      e100_text_format(page->out, "<h3>Public bugs that broke the same rule</h3><ul class=\"plain\">");
    e100_text_format(page->out, "<li>");
    e100_xml_text(page->out, page->precedents->list[i].title);
    e100_text_format(page->out, "</li>");
  }
  if (count > PRECEDENTS_LIMIT)
    e100_text_format(page->out, "<li class=\"faint\">and %zu more: expect100 explain %s</li>",
                     count - PRECEDENTS_LIMIT, rule);
  if (count > 0)
    e100_text_format(page->out, "</ul>");
  return count;
}

/* ---- the drawing ------------------------------------------------------------------------------------------
 */

/* By step, the rules that are broken there, over all findings of a transcript. Owned strings. */
static void mark_steps(const struct e100_report *report, int64_t transcript,
                       const struct e100_exchange *exchange, char **marks) {
  for (size_t i = 0; i < report->finding_count; i++) {
    const struct e100_report_finding *finding = &report->findings[i];
    if (finding->exchange != transcript || finding->step == 0 || finding->step > exchange->step_count)
      continue;
    char **mark = &marks[finding->step - 1];
    struct e100_text text = {0};
    if (*mark != NULL && strstr(*mark, finding->rule) != NULL)
      continue;
    if (*mark != NULL)
      e100_text_format(&text, "%s, ", *mark);
    e100_text_format(&text, "%s", finding->rule);
    free(*mark);
    *mark = text.text;
  }
}

static void draw(struct e100_page *page, const struct e100_report_finding *finding,
                 const struct e100_report_transcript *transcript) {
  struct e100_exchange exchange;
  char reason[128];
  e100_exchange_init(&exchange);
  if (!e100_exchange_read_json(&exchange, transcript->exchange, reason, sizeof reason)) {
    e100_exchange_free(&exchange);
    return;
  }
  char **marks = calloc(exchange.step_count + 1U, sizeof *marks);
  E100_CHECK(marks != NULL, "there is memory for the marks of a drawing");
  mark_steps(page->report, finding->exchange, &exchange, marks);
  struct e100_ladder_drawing drawing = {.marks = (const char *const *)marks,
                                        .label = transcript->title[0] != '\0' ? transcript->title
                                                                              : transcript->name,
                                        .rows_limit = E100_PAGE_ROWS_LIMIT};
  e100_text_format(page->out, "<div class=\"drawing\" tabindex=\"0\" id=\"t%lld\">",
                   (long long)finding->exchange);
  e100_ladder_svg(&exchange, &drawing, page->out);
  e100_text_format(page->out, "</div>");
  for (uint32_t i = 0; i < exchange.step_count; i++)
    free(marks[i]);
  free(marks);
  e100_exchange_free(&exchange);
}

/* The drawing of a transcript where it is shown first, and a link to it elsewhere. */
static void add_drawing(struct e100_page *page, const struct e100_report_finding *finding,
                        const struct e100_report_transcript *transcript) {
  if (transcript->exchange == NULL)
    return;
  if (page->drawn[finding->exchange])
    e100_text_format(page->out,
                     "<p><a href=\"#t%lld\">The diagram is the same as above</a>: this exchange shows "
                     "several causes.</p>",
                     (long long)finding->exchange);
  else
    draw(page, finding, transcript);
  page->drawn[finding->exchange] = true;
}

/* ---- facts -------------------------------------------------------------------------------------- */

static void add_permitted(const struct e100_report_finding *finding, struct e100_text *out) {
  if (json_array_size(finding->considered) == 0)
    return;
  e100_text_format(out, "<dt>Permitted instead</dt><dd><ul class=\"permitted\">");
  for (size_t i = 0; i < json_array_size(finding->permitted); i++) {
    e100_text_format(out, "<li>");
    e100_xml_text(out, json_string_value(json_array_get(finding->permitted, i)));
    e100_text_format(out, "</li>");
  }
  if (json_array_size(finding->permitted) == 0)
    e100_text_format(out, "<li>nothing: it was wrong before already</li>");
  e100_text_format(out, "</ul></dd>");
}

static void add_found(const struct e100_report_finding *finding, struct e100_text *out) {
  struct e100_text found = {0};
  if (finding->engine[0] == '\0')
    return;
  e100_text_format(&found, "by %s in target %s, after %llu executions", finding->engine, finding->target,
                   (unsigned long long)finding->executions);
  add_row(out, "Found", found.text);
  e100_text_free(&found);
}

/* How a breach is seen, of a rule that this program knows. */
static void add_seen(const char *id, struct e100_text *out) {
  unsigned rule = e100_rule_named(id);
  if (rule != E100_RULE_NONE)
    add_row(out, "Seen by", e100_seen_sentence(e100_rule(rule)->seen));
}

static void add_facts(const struct e100_report_finding *finding, struct e100_text *out) {
  struct e100_text text = {0};
  e100_text_format(out, "<dl>");
  if (finding->rule[0] != '\0') {
    e100_text_format(&text, "%s, %s %s", finding->rule, finding->requirement, finding->text);
    add_row(out, "Rule", text.text);
    add_row(out, "Written in", finding->section);
    add_seen(finding->rule, out);
  }
  add_row(out, "To blame", finding->party);
  add_row(out, "Situation", finding->situation);
  text.length = 0;
  e100_report_place(finding, &text);
  add_row(out, "Where", text.text);
  add_permitted(finding, out);
  text.length = 0;
  e100_report_words(finding->reading, ", ", &text);
  add_row(out, "Readings", text.text);
  add_row(out, "What", finding->what);
  add_found(finding, out);
  add_row(out, "Known", finding->known);
  add_row(out, "Log", finding->log);
  add_row(out, "Input", finding->input);
  if (!finding->own)
    add_row(out, "Counts", "no: the case made this party do it");
  e100_text_format(out, "</dl>");
  e100_text_free(&text);
}

/* ---- the others of a cause ---------------------------------------------------------------------- */

static void add_other(struct e100_page *page, const struct e100_report_finding *finding) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(page->report, finding);
  struct e100_text place = {0};
  e100_text_format(page->out, "<li>");
  e100_xml_text(page->out, transcript != NULL ? transcript->name : "an exchange that was left out");
  e100_report_place(finding, &place);
  e100_text_format(page->out, " <span class=\"faint\">");
  e100_xml_text(page->out, place.text);
  e100_text_format(page->out, "</span>");
  if (strlen(finding->what) <= OTHER_WHAT_LIMIT && finding->what[0] != '\0') {
    e100_text_format(page->out, "<br><span class=\"lines\">");
    e100_xml_text(page->out, finding->what);
    e100_text_format(page->out, "</span>");
  }
  e100_text_format(page->out, "</li>");
  e100_text_free(&place);
}

static void add_others(struct e100_page *page, size_t group, size_t smallest) {
  size_t count = 0;
  for (size_t i = 0; i < page->report->finding_count; i++) {
    const struct e100_report_finding *finding = &page->report->findings[i];
    if (finding->group != group || i == smallest || ++count > OTHERS_LIMIT)
      continue;
    if (count == 1)
      e100_text_format(page->out,
                       "<details><summary>Other findings of this cause (%llu)</summary><ul "
                       "class=\"plain\">",
                       (unsigned long long)page->report->groups[group].count - 1);
    add_other(page, finding);
  }
  if (count > 0)
    e100_text_format(page->out, "</ul></details>");
}

/* ---- the whole cause ---------------------------------------------------------------------------- */

static void add_summary(const struct e100_report_group *group, struct e100_text *out) {
  e100_text_format(out, "<summary><span class=\"times\">%llu&times;</span><span class=\"what\">",
                   (unsigned long long)group->count);
  e100_xml_text(out, group->name);
  e100_text_format(out, "<small>");
  e100_xml_text(out, group->rule[0] != '\0' ? group->rule : group->kind);
  if (group->situation[0] != '\0') {
    e100_text_format(out, " &middot; ");
    e100_xml_text(out, group->situation);
  }
  e100_text_format(out, "</small></span><span class=\"badge\">");
  e100_xml_text(out, group->severity);
  e100_text_format(out, "</span></summary>");
}

static void add_example(struct e100_page *page, const struct e100_report_finding *finding) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(page->report, finding);
  if (transcript == NULL)
    return;
  if (!page->full)
    add_drawing(page, finding, transcript);
  if (transcript->replay[0] != '\0') {
    e100_text_format(page->out, "<h3>See it again</h3>");
    e100_page_copied(page->out, transcript->replay);
  }
  if (page->full) {
    e100_text_format(page->out,
                     "<p class=\"faint\">The page has come to its limit: the diagram and the case are "
                     "shown by the command.</p>");
  } else if (transcript->case_text[0] != '\0') {
    e100_text_format(page->out, "<h3>The case: <code>");
    e100_xml_text(page->out, transcript->path);
    e100_text_format(page->out, "</code></h3>");
    if (strlen(transcript->case_text) <= E100_PAGE_CASE_LIMIT)
      e100_page_copied(page->out, transcript->case_text);
    else
      e100_text_format(page->out, "<p class=\"faint\">It is too long for this page.</p>");
  }
}

/* One of the severities, for a class: the words of a file are not trusted with markup. */
static const char *class_of(const char *severity) {
  static const char *const known[] = {"violation", "warning", "note"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strcmp(severity, known[i]) == 0)
      return known[i];
  return "note";
}

void e100_page_cause(struct e100_page *page, size_t index) {
  const struct e100_report_group *group = &page->report->groups[index];
  page->full = page->full || page->out->length > E100_PAGE_FULL_LIMIT;
  e100_text_format(page->out, "<details class=\"cause %s\" data-severity=\"%s\" id=\"g-",
                   class_of(group->severity), class_of(group->severity));
  e100_xml_text(page->out, group->id);
  e100_text_format(page->out, "\"%s>", index == 0 ? " open" : "");
  add_summary(group, page->out);
  e100_text_format(page->out, "<div class=\"inside\">");
  if (group->smallest >= 0) {
    const struct e100_report_finding *finding = &page->report->findings[group->smallest];
    add_facts(finding, page->out);
    add_example(page, finding);
    if (!page->full)
      (void)e100_page_precedents(page, finding->rule);
    if (!page->full)
      add_others(page, index, (size_t)group->smallest);
  }
  e100_text_format(page->out, "</div></details>\n");
}
