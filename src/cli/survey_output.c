/* survey_output.c - what a survey leaves. */
#include "cli/survey_output.h"

#include <stdlib.h>
#include <string.h>

#include "report/finding_text.h"
#include "survey/presence.h"
#include "survey/health_check.h"

/* ---- the cases of findings ---------------------------------------------------------------------- */

/* A name for files: letters, digits and '-' of the program's name, then the situation's. */
static void add_file_name(struct e100_text *out, const char *subject, const char *situation) {
  for (const char *c = subject; *c != '\0'; c++) {
    bool plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.", *c) != NULL;
    e100_text_add(out, plain ? c : "-", 1);
  }
  e100_text_format(out, "-%s.case", situation);
}

/* The transcript as a case that says what was found. */
static void case_text(const struct e100_surveyed_cell *cell, const char *subject, struct e100_text *out) {
  struct e100_exchange written;
  e100_exchange_init(&written);
  e100_exchange_copy(&written, &cell->transcript);
  (void)snprintf(written.title, sizeof written.title, "%.400s\nSeen of %.200s.", cell->play.title, subject);
  written.has_expected = 1;
  uint32_t kept = e100_findings_kept(&cell->verdict.findings);
  for (uint32_t i = 0; i < kept && i < E100_EXPECTED_LIMIT; i++) {
    const struct e100_finding *finding = &cell->verdict.findings.list[i];
    struct e100_expected_finding *expected = &written.expected[written.expected_count++];
    (void)snprintf(expected->rule, sizeof expected->rule, "%s", e100_rule(finding->rule)->id);
    if (written.link_count > 1)
      memcpy(expected->link, written.links[finding->link].name, sizeof expected->link);
    expected->request = finding->request;
    expected->step = finding->step + 1;
  }
  e100_exchange_normalize(&written);
  e100_case_print(&written, out);
  e100_exchange_free(&written);
}

/* ---- one finding -------------------------------------------------------------------------------- */

static void add_sightings(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                          const struct e100_surveyed_finding *surveyed, struct e100_text *out) {
  bool confirmed = e100_survey_confirmed(survey, cell, surveyed);
  unsigned runs = e100_survey_runs(cell, surveyed);
  e100_text_format(out, "  seen       in %u of %u plays%s\n", surveyed->seen, runs,
                   confirmed                ? ""
                   : surveyed->seen == runs ? ": too few for it to count"
                                            : ": it comes and goes, and does not count");
  if (cell->controlled)
    e100_text_format(out, "  control    without the expectation %s\n",
                     surveyed->without_expectation ? "it is the same: this is not about Expect"
                                                   : "it is not there: this is about Expect");
}

/* FINDING counts as confirmed; KNOWN: it is one of the cell at all. */
static bool counts(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                   const struct e100_finding *finding, bool *known) {
  *known = false;
  for (unsigned i = 0; i < cell->count; i++) {
    if (!e100_survey_is_same(&cell->findings[i].finding, finding))
      continue;
    *known = true;
    return e100_survey_confirmed(survey, cell, &cell->findings[i]);
  }
  return false;
}

/* What is marked in the ladder: where something counts, not what comes and goes. */
static void put_marks(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                      struct e100_findings *marked) {
  uint32_t kept = e100_findings_kept(&cell->verdict.findings);
  bool known = false, any = false;
  for (uint32_t i = 0; i < kept; i++)
    any |= counts(survey, cell, &cell->verdict.findings.list[i], &known);
  *marked = (struct e100_findings){0};
  for (uint32_t i = 0; i < kept; i++) {
    const struct e100_finding *finding = &cell->verdict.findings.list[i];
    if (counts(survey, cell, finding, &known) || !any || !known)
      marked->list[marked->count++] = *finding;
  }
}

/* What the ladder marks, and is not held against the program: the situation made its application, or the
 * client, do it. */
static void add_left_out(const struct e100_surveyed_cell *cell, struct e100_text *out) {
  const struct e100_findings *all = &cell->verdict.findings;
  uint32_t kept = e100_findings_kept(all);
  for (uint32_t i = 0; i < kept; i++) {
    const struct e100_finding *finding = &all->list[i];
    bool told = false;
    for (unsigned j = 0; j < cell->count; j++)
      told |= cell->findings[j].finding.party == finding->party;
    if (told)
      continue;
    e100_text_format(out, "\nleft out   %s: ", e100_rule(finding->rule)->id);
    e100_finding_place(&cell->transcript, finding, out);
    e100_text_format(out, "; the %s is to blame, as the situation has it\n", e100_party_name(finding->party));
  }
}

static void add_cell(const struct e100_survey *survey, size_t subject, size_t situation, const char *path,
                     struct e100_text *out) {
  const struct e100_surveyed_cell *cell = &survey->subjects[subject].cells[situation];
  bool colours = e100_colours(stdout);
  struct e100_findings marked;
  put_marks(survey, cell, &marked);
  e100_text_format(out, "%s, %s\n", survey->subjects[subject].name, survey->situations[situation].name);
  e100_add_title(out, &cell->play, "  ");
  e100_text_format(out, "\n");
  e100_marked_ladder(&cell->transcript, &marked, out);
  for (unsigned i = 0; i < cell->count; i++) {
    e100_text_format(out, "\n");
    if (cell->findings[i].unshown)
      e100_text_format(out, "  the play above does not show this one:\n");
    e100_finding_text(&cell->transcript, &cell->findings[i].finding, colours, out);
    add_sightings(survey, cell, &cell->findings[i], out);
  }
  add_left_out(cell, out);
  if (path != NULL)
    e100_text_format(out, "  case       %s\n", path);
  e100_text_format(out, "\n");
}

static bool is_worth_a_case(const struct e100_survey *survey, const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (e100_rule_severity(cell->findings[i].finding.rule) != E100_NOTE ||
        !e100_survey_confirmed(survey, cell, &cell->findings[i]))
      return true;
  return false;
}

/* Prints and writes what was found; false where it could not be written. */
static bool put_findings(const struct e100_survey *survey, const struct e100_survey_output *output) {
  bool good = true;
  for (size_t i = 0; i < survey->subject_count; i++)
    for (size_t j = 0; j < survey->situation_count; j++) {
      const struct e100_surveyed_cell *cell = &survey->subjects[i].cells[j];
      struct e100_text name = {0}, path = {0}, text = {0}, shown = {0};
      if (cell->state != E100_SURVEYED_PLAYED || !is_worth_a_case(survey, cell))
        continue;
      add_file_name(&name, survey->subjects[i].name, survey->situations[j].name);
      e100_path_in(&path, output->out, name.text);
      case_text(cell, survey->subjects[i].name, &text);
      bool written = e100_folder_make(output->out) && e100_file_write(path.text, text.text, text.length);
      good &= written;
      add_cell(survey, i, j, written ? path.text : NULL, &shown);
      e100_put(&shown);
      e100_text_free(&name);
      e100_text_free(&path);
      e100_text_free(&text);
    }
  return good;
}

/* ---- the findings file -------------------------------------------------------------------------- */

static void add_looked_at(const struct e100_survey *survey, size_t subject, size_t situation,
                          struct e100_findings_output *output) {
  const struct e100_surveyed_subject *program = &survey->subjects[subject];
  const struct e100_surveyed_cell *cell = &program->cells[situation];
  struct e100_text name = {0}, text = {0}, replay = {0};
  bool own[E100_FINDINGS_LIMIT] = {false}, fails[E100_FINDINGS_LIMIT] = {false};
  bool failed = false;
  for (uint32_t i = 0; i < e100_findings_kept(&cell->verdict.findings); i++)
    for (unsigned j = 0; j < cell->count; j++) {
      const struct e100_finding *finding = &cell->verdict.findings.list[i];
      const struct e100_finding *counted = &cell->findings[j].finding;
      if (finding->rule != counted->rule || finding->party != counted->party ||
          finding->request != counted->request)
        continue;
      own[i] = true;
      fails[i] = e100_survey_confirmed(survey, cell, &cell->findings[j]) &&
                 e100_rule_severity(finding->rule) == E100_VIOLATION;
      failed |= fails[i];
    }
  e100_text_format(&name, "%s %s", program->name, survey->situations[situation].name);
  case_text(cell, program->name, &text);
  e100_text_format(&replay, "./expect100 survey ");
  e100_shell_word(&replay, program->name);
  const struct e100_looked_at looked = {
      .name = name.text,
      .path = name.text,
      .text = text.text,
      .text_length = text.length,
      .exchange = &cell->play,
      .transcript = cell->state == E100_SURVEYED_PLAYED ? &cell->transcript : NULL,
      .verdict = cell->state == E100_SURVEYED_PLAYED ? &cell->verdict : NULL,
      .own = own,
      .fails = fails,
      .replay = replay.text,
      .result = cell->state == E100_SURVEYED_FAILED   ? E100_RESULT_UNREADABLE
                : cell->state != E100_SURVEYED_PLAYED ? E100_RESULT_SKIPPED
                : failed                              ? E100_RESULT_FAILED
                                                      : E100_RESULT_PASSED};
  e100_findings_file_add(&output->file, &looked);
  e100_text_free(&name);
  e100_text_free(&text);
  e100_text_free(&replay);
}

static enum e100_cell kind_of(char letter) {
  switch (letter) {
  case '.':
    return E100_CELL_GOOD;
  case 'n':
  case 'w':
  case '?':
    return E100_CELL_WARNING;
  case 'V':
    return E100_CELL_BAD;
  default:
    return letter == 'o' ? E100_CELL_UNDECIDED : E100_CELL_NONE;
  }
}

static void add_matrix(const struct e100_survey *survey, struct e100_findings_file *file) {
  const char *names[E100_SURVEY_SUBJECTS_LIMIT];
  const char *words[E100_SURVEY_SUBJECTS_LIMIT];
  enum e100_cell kinds[E100_SURVEY_SUBJECTS_LIMIT];
  size_t columns = 0;
  for (size_t i = 0; i < survey->subject_count; i++)
    if (survey->subjects[i].reached)
      names[columns++] = survey->subjects[i].name;
  e100_findings_file_columns(file, names, columns);
  for (size_t j = 0; j < survey->situation_count; j++) {
    columns = 0;
    for (size_t i = 0; i < survey->subject_count; i++) {
      const struct e100_surveyed_cell *cell = &survey->subjects[i].cells[j];
      if (!survey->subjects[i].reached)
        continue;
      kinds[columns] = kind_of(e100_survey_letter(survey, cell));
      words[columns++] = cell->count > 0 ? e100_rule(cell->findings[0].finding.rule)->id : "";
    }
    e100_findings_file_row(file, survey->situations[j].name, kinds, words, columns);
  }
}

/* One that was not reached is told of once, and not for each situation. */
static void add_unreached(const struct e100_surveyed_subject *program, struct e100_findings_output *output) {
  const struct e100_looked_at looked = {
      .name = program->name, .path = program->name, .why = program->why, .result = E100_RESULT_UNREADABLE};
  e100_findings_file_add(&output->file, &looked);
}

static int put_findings_file(const struct e100_survey *survey, struct e100_survey_output *output,
                             const char *command, int code) {
  e100_findings_output_begin(&output->findings, command, NULL);
  if (output->findings.wanted)
    add_matrix(survey, &output->findings.file);
  for (size_t i = 0; output->findings.wanted && i < survey->subject_count; i++) {
    if (!survey->subjects[i].reached)
      add_unreached(&survey->subjects[i], &output->findings);
    for (size_t j = 0; survey->subjects[i].reached && j < survey->situation_count; j++)
      if (survey->subjects[i].cells[j].state != E100_SURVEYED_OTHER)
        add_looked_at(survey, i, j, &output->findings);
  }
  return e100_findings_output_end(&output->findings, code);
}

/* ---- all of it ---------------------------------------------------------------------------------- */

/* Situations that could not be played with a program that was there at first; says so. */
static bool say_failed(const struct e100_survey *survey, size_t subject) {
  const struct e100_surveyed_subject *program = &survey->subjects[subject];
  const char *why = "";
  size_t failed = 0;
  for (size_t i = 0; i < survey->situation_count; i++)
    if (program->cells[i].state == E100_SURVEYED_FAILED) {
      failed++;
      why = program->cells[i].why;
    }
  if (failed > 0 && program->reached)
    e100_complain(NULL, "%s: %zu situation%s could not be played: %s", program->name, failed,
                  failed == 1 ? "" : "s", why);
  char names[512];
  size_t last = e100_presence_lost_in(survey, subject, names, sizeof names);
  if (last > 0)
    e100_complain(NULL, "%s: it was there at first, and went while %s played: %s", program->name,
                  last == 1 ? "this was" : "one of these was", names);
  return failed > 0 || last > 0;
}

/* One that answered at first, and then nobody any more; says so. */
static bool say_stopped(const struct e100_survey *survey, size_t subject) {
  const struct e100_surveyed_subject *program = &survey->subjects[subject];
  if (program->stopped)
    e100_complain(NULL,
                  "%s: it stopped answering at %s%s: a plain request was answered at first, and of %d later "
                  "ones none; what was still to be played was not",
                  program->name, e100_survey_stopped_at(survey, subject),
                  program->stopped_amid ? ", or at one that was played with it" : "",
                  E100_HEALTH_CHECK_TRIES);
  return program->stopped;
}

static int count_and_code(const struct e100_survey *survey) {
  size_t violations = 0, unsteady = 0, lost = 0;
  for (size_t i = 0; i < survey->subject_count; i++) {
    bool failed = survey->subjects[i].reached && say_failed(survey, i);
    lost += say_stopped(survey, i) || failed || !survey->subjects[i].reached ? 1 : 0;
    for (size_t j = 0; j < survey->situation_count; j++) {
      const struct e100_surveyed_cell *cell = &survey->subjects[i].cells[j];
      for (unsigned k = 0; k < cell->count; k++) {
        bool confirmed = e100_survey_confirmed(survey, cell, &cell->findings[k]);
        violations +=
            confirmed && e100_rule_severity(cell->findings[k].finding.rule) == E100_VIOLATION ? 1 : 0;
        unsteady += confirmed ? 0 : 1;
      }
    }
  }
  printf("%zu confirmed violation%s, %zu finding%s that come%s and go%s\n", violations,
         violations == 1 ? "" : "s", unsteady, unsteady == 1 ? "" : "s", unsteady == 1 ? "s" : "",
         unsteady == 1 ? "es" : "");
  size_t crowded = e100_survey_crowded(survey);
  if (crowded > 0)
    printf("%zu silence%s came only while other exchanges were played, and never alone: left out (a longer "
           "--settle, or fewer --jobs; --json names them)\n",
           crowded, crowded == 1 ? "" : "s");
  if (survey->unanswered > 0)
    printf("%zu play%s ended before any response while others were played: played again alone\n",
           survey->unanswered, survey->unanswered == 1 ? "" : "s");
  if (survey->late > 0)
    printf("%zu play%s came late, and %s played again: the machine is busy\n", survey->late,
           survey->late == 1 ? "" : "s", survey->late == 1 ? "was" : "were");
  if (lost > 0 || survey->interrupted)
    return E100_EXIT_CANNOT;
  return violations > 0 ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

bool e100_survey_output_begin(struct e100_survey_output *output) {
  struct e100_text text = {0}, wrong = {0};
  bool good = (output->json == NULL || e100_file_may_come(output->json)) &&
              (output->markdown == NULL || e100_file_may_come(output->markdown));
  if (!good || output->compare == NULL)
    return good;
  good = e100_file_read(output->compare, &text);
  output->older = good ? json_loadb(text.text, text.length, 0, NULL) : NULL;
  if (good && output->older == NULL)
    e100_text_format(&wrong, "it is no JSON");
  if (output->older != NULL)
    good = e100_survey_can_be_compared(output->older, &wrong);
  if (wrong.length > 0) {
    e100_complain(output->compare, "%s", wrong.text);
    good = false;
  }
  e100_text_free(&text);
  e100_text_free(&wrong);
  return good;
}

/* With an older survey only what is new fails. */
static int compare(const struct e100_survey *survey, const struct e100_survey_output *output, int code) {
  struct e100_text said = {0};
  e100_text_add(&said, "", 0);
  int fresh = e100_survey_compare(survey, output->older, &said);
  fputs(said.text, stdout);
  e100_text_free(&said);
  printf("%d new in comparison with %s\n", fresh, output->compare);
  return code == E100_EXIT_CANNOT ? code : fresh > 0 ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

static bool write_json(const struct e100_survey *survey, const char *path, const char *command) {
  json_t *document = e100_survey_json(survey, command);
  char *text = json_dumps(document, JSON_INDENT(1));
  E100_CHECK(text != NULL, "out of memory");
  bool written = e100_file_write(path, text, strlen(text));
  free(text);
  json_decref(document);
  return written;
}

static bool write_markdown(const struct e100_survey *survey, const char *path) {
  struct e100_text text = {0};
  e100_survey_matrix(survey, true, &text);
  bool written = e100_file_write(path, text.text, text.length);
  e100_text_free(&text);
  return written;
}

int e100_survey_put(const struct e100_survey *survey, struct e100_survey_output *output,
                    const char *command) {
  struct e100_text matrix = {0};
  bool good = put_findings(survey, output);
  e100_survey_matrix(survey, false, &matrix);
  e100_put(&matrix);
  int code = count_and_code(survey);
  if (output->json != NULL)
    good &= write_json(survey, output->json, command);
  if (output->markdown != NULL)
    good &= write_markdown(survey, output->markdown);
  if (output->older != NULL)
    code = compare(survey, output, code);
  code = put_findings_file(survey, output, command, good ? code : E100_EXIT_CANNOT);
  return e100_output_finished() ? code : E100_EXIT_CANNOT;
}
