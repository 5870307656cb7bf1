/*
 * lookups.h - names that people give, looked up; a wrong one gets a message with what comes close.
 */
#ifndef E100_LOOKUPS_H
#define E100_LOOKUPS_H

#include "cli/cli.h"
#include "fuzz/checks.h"
#include "rules/rules.h"
#include "subjects/subject.h"

/* FINDING, of what PLAY came to, is about whoever was played against, and not what the case made others do.
 * In a chain it makes nobody do anything but the applications. */
bool e100_is_about_subject(const struct e100_exchange *play, const struct e100_finding *finding);

/* Each gives NULL (E100_RULE_NONE) after a message. */
const struct e100_subject *e100_lookup_subject(const char *name, enum e100_role role);
const struct e100_target *e100_lookup_target(const char *name);

/* Plays PLAY, which comes from SOURCE, against the subject of that name and of its role; a chain
 * (subjects/chain.h) with that subject in its place. NULL after a message: there is none, or it did not
 * start. */
const struct e100_subject *e100_play_named(const char *name, const struct e100_exchange *play,
                                           const struct e100_source *source,
                                           struct e100_exchange *transcript);

/* The rule of that id in any letter case, or E100_RULE_NONE; no message. */
enum e100_rule e100_rule_in_any_case(const char *id);

/* The id of the rule of that index, from 0 and without E100_RULE_NONE; NULL past the last. */
const char *e100_rule_name_at(size_t index);

#endif
