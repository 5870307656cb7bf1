/* lookups.c - names that people give, looked up. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/lookups.h"
#include "subjects/chain.h"

static const char *subject_name_at(size_t index) {
  const struct e100_subject *subject = e100_subject_at(index);
  return subject != NULL ? subject->name : NULL;
}

static const char *target_name_at(size_t index) {
  const struct e100_target *target = e100_target_at(index);
  return target != NULL ? target->name : NULL;
}

const char *e100_rule_name_at(size_t index) {
  return index + 1 < E100_RULE_COUNT ? e100_rule((unsigned)index + 1)->id : NULL;
}

/* Once, however many exchanges are to be played against it. */
static void complain_once(const char *name) {
  static char said[256];
  if (strncmp(said, name, sizeof said - 1) == 0)
    return;
  (void)snprintf(said, sizeof said, "%s", name);
  e100_complain_unknown("subject", name, subject_name_at, "expect100 list subjects");
}

/* SOURCE: of which exchange, or NULL. */
static const struct e100_subject *lookup_for(const char *name, enum e100_role role,
                                             const struct e100_source *source) {
  const struct e100_subject *subject = e100_subject_named(name, role);
  if (subject != NULL && subject->role == role)
    return subject;
  const char *plays = NULL;
  for (size_t i = 0; plays == NULL && e100_subject_at(i) != NULL; i++)
    if (strcmp(e100_subject_at(i)->name, name) == 0)
      plays = e100_role_name(e100_subject_at(i)->role);
  if (plays != NULL)
    e100_complain(source != NULL ? source->name : NULL,
                  "subject '%s' plays the %s, and this exchange needs a subject that plays the %s", name,
                  plays, e100_role_name(role));
  else
    complain_once(name);
  return NULL;
}

const struct e100_subject *e100_lookup_subject(const char *name, enum e100_role role) {
  return lookup_for(name, role, NULL);
}

/* Of a chain, whoever has that name: in the middle first. */
static const struct e100_subject *lookup_member(const char *name, enum e100_role role,
                                                const struct e100_source *source) {
  static const enum e100_role ends[] = {E100_ROLE_CLIENT, E100_ROLE_ORIGIN};
  for (size_t i = 0; e100_subject_named(name, role) == NULL && i < sizeof ends / sizeof *ends; i++)
    if (e100_subject_named(name, ends[i]) != NULL)
      return e100_subject_named(name, ends[i]);
  return lookup_for(name, role, source);
}

bool e100_is_about_subject(const struct e100_exchange *play, const struct e100_finding *finding) {
  if (e100_chain_is_meant(play))
    return finding->party != E100_APPLICATION;
  return finding->party == e100_role_party((enum e100_role)play->role);
}

const struct e100_target *e100_lookup_target(const char *name) {
  const struct e100_target *target = e100_target_named(name);
  if (target == NULL)
    e100_complain_unknown("target", name, target_name_at, "expect100 list targets");
  return target;
}

enum e100_rule e100_rule_in_any_case(const char *id) {
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    if (strcasecmp(e100_rule(rule)->id, id) == 0)
      return (enum e100_rule)rule;
  return E100_RULE_NONE;
}

const struct e100_subject *e100_play_named(const char *name, const struct e100_exchange *play,
                                           const struct e100_source *source,
                                           struct e100_exchange *transcript) {
  enum e100_role role = (enum e100_role)play->role;
  bool chain = e100_chain_is_meant(play);
  const struct e100_subject *subject =
      chain ? lookup_member(name, role, source) : lookup_for(name, role, source);
  bool played = false;
  if (subject != NULL && chain) {
    struct e100_chain members = e100_chain_with(play, subject);
    played = e100_chain_play(play, &members, transcript);
  } else if (subject != NULL) {
    played = e100_play(play, subject, transcript);
  }
  if (subject != NULL && !played)
    e100_complain(source->name, "subject '%s' did not start", subject->name);
  return played ? subject : NULL;
}
