/* survey_outcome.c - what a survey came to. */
#include "survey/survey.h"

#include <string.h>

bool e100_survey_is_same(const struct e100_finding *a, const struct e100_finding *b) {
  return a->rule == b->rule && a->party == b->party && a->link == b->link && a->request == b->request;
}

unsigned e100_survey_runs(const struct e100_surveyed_cell *cell,
                          const struct e100_surveyed_finding *finding) {
  return cell->runs - finding->before;
}

bool e100_survey_confirmed(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                           const struct e100_surveyed_finding *finding) {
  unsigned runs = e100_survey_runs(cell, finding);
  return finding->seen == runs && runs >= survey->confirm;
}

/* Counts first deliveries of the program in TRANSCRIPT: of HTTP/1.0, and of another version. */
static void count_versions(const struct e100_exchange *transcript, unsigned party, size_t *old,
                           size_t *others) {
  static const char version[] = "HTTP/1.0 ";
  static const size_t family = sizeof "HTTP/1." - 1;
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    const uint8_t *octets = e100_step_octets(transcript, step);
    if (step->kind != E100_STEP_DELIVER || step->from != party || step->length < sizeof version - 1 ||
        memcmp(octets, version, family) != 0)
      continue;
    *(memcmp(octets, version, sizeof version - 1) == 0 ? old : others) += 1;
  }
}

bool e100_survey_speaks_10(const struct e100_survey *survey, size_t subject) {
  const struct e100_surveyed_subject *program = &survey->subjects[subject];
  size_t old = 0, others = 0;
  for (size_t i = 0; program->role == E100_ROLE_ORIGIN && i < survey->situation_count; i++)
    if (program->cells[i].state == E100_SURVEYED_PLAYED)
      count_versions(&program->cells[i].transcript, E100_ORIGIN, &old, &others);
  return old > 0 && others == 0;
}

const char *e100_survey_stopped_at(const struct e100_survey *survey, size_t subject) {
  size_t at = survey->subjects[subject].stopped_at;
  return at < survey->situation_count ? survey->situations[at].name : "";
}

bool e100_survey_left_out(const struct e100_surveyed_cell *cell,
                          const struct e100_surveyed_finding *silence) {
  for (unsigned i = 0; i < cell->count; i++)
    if (e100_survey_is_same(&cell->findings[i].finding, &silence->finding))
      return false;
  return true;
}

size_t e100_survey_crowded(const struct e100_survey *survey) {
  size_t count = 0;
  for (size_t i = 0; i < survey->subject_count; i++)
    for (size_t j = 0; j < survey->situation_count; j++) {
      const struct e100_surveyed_cell *cell = &survey->subjects[i].cells[j];
      for (unsigned k = 0; k < cell->left_out_count; k++)
        count += e100_survey_left_out(cell, &cell->left_out[k]) ? 1 : 0;
    }
  return count;
}

/* A rule for clients and proxies says nothing about an origin server, decided or not; and so on. */
static bool binds(unsigned rule, enum e100_role role) {
  switch (e100_rule(rule)->bound) {
  case E100_BOUND_CLIENT: /* who passes requests on is a client, too (RFC 9110 3.7) */
    return role != E100_ROLE_ORIGIN;
  case E100_BOUND_SERVER:
    return role != E100_ROLE_CLIENT;
  case E100_BOUND_ORIGIN:
    return role == E100_ROLE_ORIGIN || role == E100_ROLE_GATEWAY;
  case E100_BOUND_PROXY:
    return role == E100_ROLE_PROXY;
  case E100_BOUND_GATEWAY:
    return role == E100_ROLE_GATEWAY;
  case E100_BOUND_INTERMEDIARY:
    return role == E100_ROLE_PROXY || role == E100_ROLE_GATEWAY;
  default:
    return true;
  }
}

/* Octets of a tunnel are of nobody's HTTP: every rule of who sends them is undecided then, also those that
 * only an application shows, of which a program that passes requests on has none. That says nothing about its
 * rules as a client. */
static bool is_left_open(const struct e100_verdict *verdict, unsigned rule, enum e100_role role) {
  bool nobodys =
      role != E100_ROLE_CLIENT && e100_rule_set_has(&verdict->undecided, E100_CLIENT_TELLS_OF_LOSS);
  return e100_rule_set_has(&verdict->undecided, rule) &&
         !(nobodys && e100_rule(rule)->bound == E100_BOUND_CLIENT);
}

/* Rules about an end that comes or not: a silence leaves it open, as a server may linger. Who has ended other
 * connections has not shown that it ends all of them. */
static bool is_about_an_end(unsigned rule) {
  return rule == E100_SERVER_CLOSES || rule == E100_SERVER_BOTH_LENGTHS_CLOSE ||
         rule == E100_SERVER_10_CODING_CLOSE || rule == E100_PROXY_10_NOT_KEPT;
}

enum e100_rule_state e100_survey_rule(const struct e100_survey *survey, size_t subject, unsigned rule) {
  enum e100_rule_state state = E100_RULE_UNSEEN;
  bool ends = true;
  if (!binds(rule, (enum e100_role)survey->subjects[subject].role))
    return state;
  for (size_t i = 0; i < survey->situation_count; i++) {
    const struct e100_surveyed_cell *cell = &survey->subjects[subject].cells[i];
    enum e100_rule_state here = E100_RULE_UNSEEN;
    if (cell->state != E100_SURVEYED_PLAYED)
      continue;
    bool open = is_left_open(&cell->verdict, rule, (enum e100_role)survey->subjects[subject].role);
    ends &= !open;
    if (open)
      here = E100_RULE_OPEN;
    if (e100_rule_set_has(&cell->verdict.decided, rule))
      here = E100_RULE_KEPT;
    for (unsigned j = 0; j < cell->count; j++)
      if (cell->findings[j].finding.rule == rule)
        here =
            e100_survey_confirmed(survey, cell, &cell->findings[j]) ? E100_RULE_BROKEN : E100_RULE_UNSTEADY;
    state = here > state ? here : state;
  }
  return state == E100_RULE_KEPT && !ends && is_about_an_end(rule) ? E100_RULE_OPEN : state;
}
