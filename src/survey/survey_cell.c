/* survey_cell.c - counts what the plays of one situation with one program show. */
#include "survey/survey_cell.h"

#include <stdlib.h>

#include "subjects/awaiting.h"

static bool has(const struct e100_verdict *verdict, const struct e100_finding *finding) {
  uint32_t kept =
      verdict->findings.count < E100_FINDINGS_LIMIT ? verdict->findings.count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept; i++)
    if (e100_survey_is_same(&verdict->findings.list[i], finding))
      return true;
  return false;
}

/* What the program did, and not what the situation made the client do; one of each that is the same. */
static bool is_of_program(enum e100_role role, unsigned party) {
  if (role == E100_ROLE_ORIGIN) /* with its application, which nobody tells from it on a wire */
    return party != E100_CLIENT;
  return party == (unsigned)e100_role_party(role);
}

static uint32_t kept_of(const struct e100_verdict *verdict) {
  return verdict->findings.count < E100_FINDINGS_LIMIT ? verdict->findings.count : E100_FINDINGS_LIMIT;
}

static bool is_silence(const struct e100_exchange *transcript, const struct e100_finding *finding) {
  if (finding->step >= transcript->step_count)
    return false;
  uint8_t kind = transcript->steps[finding->step].kind;
  return kind == E100_STEP_SETTLED || kind == E100_STEP_QUIET;
}

static bool knows(const struct e100_surveyed_cell *cell, const struct e100_finding *finding) {
  for (unsigned i = 0; i < cell->count; i++)
    if (e100_survey_is_same(&cell->findings[i].finding, finding))
      return true;
  return false;
}

/* Adds what is new of a program of ROLE: so often SEEN, and not in plays BEFORE. */
static void add_findings(struct e100_surveyed_cell *cell, enum e100_role role,
                         const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                         unsigned seen, unsigned before) {
  uint32_t kept = kept_of(verdict);
  for (uint32_t i = 0; i < kept && cell->count < E100_SURVEY_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &verdict->findings.list[i];
    if (is_of_program(role, finding->party) && !knows(cell, finding))
      cell->findings[cell->count++] = (struct e100_surveyed_finding){
          .finding = *finding, .seen = seen, .before = before, .silent = is_silence(transcript, finding)};
  }
}

bool e100_cell_is_about_time(const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (cell->findings[i].silent)
      return true;
  return cell->state == E100_SURVEYED_FAILED;
}

bool e100_cell_is_in_doubt(const struct e100_surveyed_cell *cell) {
  for (unsigned i = 0; i < cell->count; i++)
    if (cell->findings[i].seen == e100_survey_runs(cell, &cell->findings[i]) && !cell->findings[i].alone)
      return true;
  return false;
}

bool e100_cell_is_retaken(struct e100_surveyed_cell *cell) {
  if (cell->runs <= 1 || cell->retried || cell->retaken)
    return false;
  unsigned kept = 0;
  unsigned all = cell->count;
  for (unsigned i = 0; i < all; i++) {
    bool by_crowd = !cell->findings[i].alone && (cell->findings[i].silent || cell->unanswered);
    if (by_crowd)
      cell->left_out[cell->left_out_count++] = cell->findings[i];
    else
      cell->findings[kept++] = cell->findings[i];
  }
  cell->count = kept;
  cell->retaken = kept < all && (cell->hides || !cell->alone);
  return cell->retaken;
}

bool e100_cell_answered(const struct e100_exchange *transcript) {
  unsigned party = e100_role_party((enum e100_role)transcript->role);
  return e100_awaited_came(transcript, 0, party, E100_AWAIT_FINAL, UINT32_MAX);
}

bool e100_cell_left_unanswered(const struct e100_exchange *transcript) {
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    if (step->from == E100_CLIENT && (step->kind == E100_STEP_CLOSE || step->kind == E100_STEP_RESET))
      return false;
  }
  return !e100_cell_answered(transcript);
}

void e100_cell_forget_silences(struct e100_surveyed_cell *cell) {
  unsigned kept = 0;
  for (unsigned i = 0; i < cell->count; i++)
    if (!cell->findings[i].silent)
      cell->findings[kept++] = cell->findings[i];
  cell->count = kept;
}

void e100_cell_first(struct e100_surveyed_cell *cell, enum e100_role role,
                     const struct e100_exchange *transcript, const struct e100_verdict *verdict) {
  e100_exchange_copy(&cell->transcript, transcript);
  cell->verdict = *verdict;
  cell->company = E100_AMID_OTHERS;
  cell->state = E100_SURVEYED_PLAYED;
  cell->runs = 1;
  cell->count = 0;
  add_findings(cell, role, transcript, verdict, 1, 0);
}

/* The verdict has something of the program that the cell has not. */
static bool shows_more(const struct e100_surveyed_cell *cell, enum e100_role role,
                       const struct e100_verdict *verdict) {
  uint32_t kept = kept_of(verdict);
  for (uint32_t i = 0; i < kept; i++)
    if (is_of_program(role, verdict->findings.list[i].party) && !knows(cell, &verdict->findings.list[i]))
      return true;
  return false;
}

void e100_cell_add(struct e100_surveyed_cell *cell, enum e100_role role,
                   const struct e100_exchange *transcript, const struct e100_verdict *verdict) {
  if (cell->company != E100_ALONE && e100_cell_added(cell) == 0 && !cell->apart)
    add_findings(cell, role, transcript, verdict, 0, cell->runs);
  cell->apart = true;
}

unsigned e100_cell_added(const struct e100_surveyed_cell *cell) {
  unsigned before = 0;
  for (unsigned i = 0; i < cell->count; i++)
    before = cell->findings[i].before > before ? cell->findings[i].before : before;
  return before;
}

static unsigned count_of_program(const struct e100_verdict *verdict, enum e100_role role) {
  unsigned count = 0;
  for (uint32_t i = 0; i < kept_of(verdict); i++)
    count += is_of_program(role, verdict->findings.list[i].party) ? 1 : 0;
  return count;
}

/* Where nothing was seen each time, what comes and goes is shown by the play that has it; but what a crowd
 * makes is nothing to show. */
static bool has_something_to_show(const struct e100_surveyed_cell *cell) {
  bool crowd_only = true;
  for (unsigned i = 0; i < cell->count; i++) {
    const struct e100_surveyed_finding *finding = &cell->findings[i];
    if (finding->seen == e100_survey_runs(cell, finding))
      return true;
    crowd_only &= !finding->alone && (finding->silent || cell->unanswered);
  }
  return crowd_only;
}

static void take_step_of(struct e100_surveyed_finding *surveyed, const struct e100_exchange *transcript,
                         const struct e100_verdict *verdict) {
  surveyed->unshown = true;
  for (uint32_t i = 0; i < kept_of(verdict) && surveyed->unshown; i++)
    if (e100_survey_is_same(&verdict->findings.list[i], &surveyed->finding)) {
      surveyed->finding = verdict->findings.list[i];
      surveyed->silent = is_silence(transcript, &surveyed->finding);
      surveyed->unshown = false;
    }
}

void e100_cell_keep(struct e100_surveyed_cell *cell, enum e100_role role,
                    const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                    enum e100_company company) {
  bool better =
      company > cell->company ||
      (company == cell->company && count_of_program(verdict, role) < count_of_program(&cell->verdict, role));
  if (!better || shows_more(cell, role, verdict) || !has_something_to_show(cell))
    return;
  e100_exchange_copy(&cell->transcript, transcript);
  cell->verdict = *verdict;
  cell->company = company;
  for (unsigned i = 0; i < cell->count; i++)
    take_step_of(&cell->findings[i], transcript, verdict);
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
