/* survey_cell.c - counts what the plays of one situation with one program show. */
#include "survey/survey_cell.h"

#include <stdlib.h>

static bool is_same(const struct e100_finding *a, const struct e100_finding *b) {
  return a->rule == b->rule && a->party == b->party && a->link == b->link && a->request == b->request;
}

static bool has(const struct e100_verdict *verdict, const struct e100_finding *finding) {
  uint32_t kept =
      verdict->findings.count < E100_FINDINGS_LIMIT ? verdict->findings.count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept; i++)
    if (is_same(&verdict->findings.list[i], finding))
      return true;
  return false;
}

/* What the program did, and not what the situation made the client do; one of each that is the same. */
static bool is_of_program(enum e100_role role, unsigned party) {
  if (role == E100_ROLE_ORIGIN) /* with its application, which nobody tells from it on a wire */
    return party != E100_CLIENT;
  return party == (unsigned)e100_role_party(role);
}

static void keep_findings(struct e100_surveyed_cell *cell, enum e100_role role) {
  const struct e100_findings *all = &cell->verdict.findings;
  uint32_t kept = all->count < E100_FINDINGS_LIMIT ? all->count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept && cell->count < E100_SURVEY_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &all->list[i];
    bool known = !is_of_program(role, finding->party);
    for (unsigned j = 0; j < cell->count; j++)
      known |= is_same(&cell->findings[j].finding, finding);
    if (!known)
      cell->findings[cell->count++] = (struct e100_surveyed_finding){.finding = *finding, .seen = 1};
  }
}

static bool is_about_silence(const struct e100_surveyed_cell *cell, const struct e100_finding *finding) {
  if (finding->step >= cell->transcript.step_count)
    return false;
  uint8_t kind = cell->transcript.steps[finding->step].kind;
  return kind == E100_STEP_SETTLED || kind == E100_STEP_QUIET;
}

bool e100_cell_is_about_time(const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (is_about_silence(cell, &cell->findings[i].finding))
      return true;
  return cell->state == E100_SURVEYED_FAILED;
}

bool e100_cell_is_in_doubt(const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (cell->findings[i].seen == cell->runs && !cell->findings[i].alone)
      return true;
  return false;
}

bool e100_cell_is_retaken(struct e100_surveyed_cell *cell) {
  if (cell->runs <= 1 || cell->retried || cell->retaken)
    return false;
  unsigned kept = 0;
  unsigned all = cell->count;
  for (unsigned i = 0; i < all; i++) {
    bool by_crowd = !cell->findings[i].alone && is_about_silence(cell, &cell->findings[i].finding);
    if (by_crowd)
      cell->left_out[cell->left_out_count++] = cell->findings[i];
    else
      cell->findings[kept++] = cell->findings[i];
  }
  cell->count = kept;
  cell->retaken = kept < all && (cell->hides || !cell->alone);
  return cell->retaken;
}

void e100_cell_first(struct e100_surveyed_cell *cell, enum e100_role role,
                     const struct e100_exchange *transcript, const struct e100_verdict *verdict) {
  e100_exchange_copy(&cell->transcript, transcript);
  cell->verdict = *verdict;
  cell->state = E100_SURVEYED_PLAYED;
  cell->runs = 1;
  cell->count = 0;
  keep_findings(cell, role);
}

/* The verdict has something of the program that the cell has not. */
static bool shows_more(const struct e100_surveyed_cell *cell, enum e100_role role,
                       const struct e100_verdict *verdict) {
  const struct e100_findings *all = &verdict->findings;
  uint32_t kept = all->count < E100_FINDINGS_LIMIT ? all->count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept; i++) {
    bool known = !is_of_program(role, all->list[i].party);
    for (unsigned j = 0; j < cell->count; j++)
      known |= is_same(&cell->findings[j].finding, &all->list[i]);
    if (!known)
      return true;
  }
  return false;
}

void e100_cell_again(struct e100_surveyed_cell *cell, enum e100_role role, const struct e100_verdict *verdict,
                     bool control, enum e100_company company) {
  cell->hides |= !control && shows_more(cell, role, verdict);
  cell->alone |= !control && company == E100_ALONE;
  cell->runs += control ? 0 : 1;
  cell->controlled |= control;
  for (unsigned i = 0; i < cell->count; i++) {
    bool seen = has(verdict, &cell->findings[i].finding);
    cell->findings[i].seen += seen && !control ? 1 : 0;
    cell->findings[i].alone |= seen && !control && company == E100_ALONE;
    cell->findings[i].to_attest |= seen && !control && company == E100_AMID_WITNESSES;
    cell->findings[i].without_expectation |= seen && control;
  }
}

void e100_cell_attest(struct e100_surveyed_cell *cell, bool in_time) {
  for (unsigned i = 0; i < cell->count; i++) {
    cell->findings[i].alone |= in_time && cell->findings[i].to_attest;
    cell->findings[i].to_attest = false;
  }
}

void e100_survey_free(struct e100_survey *survey) {
  for (size_t i = 0; i < survey->subject_count; i++) {
    struct e100_surveyed_subject *subject = &survey->subjects[i];
    for (size_t j = 0; subject->cells != NULL && j < survey->situation_count; j++) {
      e100_exchange_free(&subject->cells[j].play);
      e100_exchange_free(&subject->cells[j].transcript);
    }
    free(subject->cells);
    subject->cells = NULL;
  }
}
