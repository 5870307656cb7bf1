/* known.c - findings that somebody knows of. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/known.h"
#include "report/finding_text.h"

static char *copied(const char *text) {
  char *copy = strdup(text);
  E100_CHECK(copy != NULL, "there is memory for a known finding");
  return copy;
}

/* Cuts the blanks around TEXT, in place. */
static char *trimmed(char *text) {
  text += strspn(text, " \t\r");
  size_t length = strlen(text);
  while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
    text[--length] = '\0';
  return text;
}

static bool add_condition(struct e100_known_entry *entry, const char *word) {
  char *end = NULL;
  if (e100_rule_named(word) != E100_RULE_NONE) {
    entry->any_rule = false;
    e100_rule_set_add(&entry->behind, e100_rule_named(word));
    return true;
  }
  unsigned long situation = strtoul(word, &end, 16);
  if (strspn(word, "0123456789abcdef") != strlen(word) || situation > UINT32_MAX)
    return false;
  entry->situations = realloc(entry->situations, (entry->situation_count + 1) * sizeof *entry->situations);
  E100_CHECK(entry->situations != NULL, "there is memory for a known finding");
  entry->situations[entry->situation_count++] = (uint32_t)situation;
  return true;
}

static void free_entry(struct e100_known_entry *entry) {
  free(entry->glob);
  free(entry->reason);
  free(entry->situations);
}

static bool add_entry(struct e100_known *known, unsigned line, char *text) {
  char *hash = strchr(text, '#');
  const char *reason = "";
  if (hash != NULL) {
    *hash = '\0';
    reason = trimmed(hash + 1);
  }
  char *rest = NULL;
  const char *glob = strtok_r(text, " \t\r", &rest);
  const char *rule = strtok_r(NULL, " \t\r", &rest);
  const char *party = strtok_r(NULL, " \t\r", &rest);
  struct e100_known_entry entry = {.party = -1, .line = line, .any_rule = true};
  const char *wrong = NULL;
  for (const char *word = strtok_r(NULL, " \t\r", &rest); word != NULL; word = strtok_r(NULL, " \t\r", &rest))
    if (wrong == NULL && !add_condition(&entry, word))
      wrong = word;
  if (glob == NULL || rule == NULL || wrong != NULL) {
    e100_complain(known->path, "line %u: is not 'CASE-GLOB RULE [PARTY [SITUATION|RULE]...]  # reason'",
                  line);
  } else if (reason[0] == '\0') {
    e100_complain(known->path, "line %u: has no reason; add one after a #", line);
  } else if (e100_rule_named(rule) == E100_RULE_NONE) {
    e100_complain(known->path, "line %u: there is no rule '%s'; see expect100 list rules", line, rule);
  } else if (party != NULL && e100_party_named(party) <= E100_NOBODY) {
    e100_complain(known->path, "line %u: there is no party '%s'; client, origin, proxy or gateway", line,
                  party);
  } else {
    known->entries = realloc(known->entries, (known->count + 1) * sizeof *known->entries);
    E100_CHECK(known->entries != NULL, "there is memory for a known finding");
    entry.glob = copied(glob);
    entry.reason = copied(reason);
    entry.rule = e100_rule_named(rule);
    entry.party = party != NULL ? e100_party_named(party) : -1;
    known->entries[known->count++] = entry;
    return true;
  }
  free_entry(&entry);
  return false;
}

bool e100_known_read(struct e100_known *known, const char *path) {
  struct e100_text text = {0};
  known->path = path;
  bool good = e100_file_read(path, &text);
  if (good && memchr(text.text, '\0', text.length) != NULL) {
    e100_complain(path, "is not a text file; a known finding is a line 'CASE-GLOB RULE [PARTY "
                        "[SITUATION|RULE]...]  # reason'");
    good = false;
  }
  unsigned line = 1;
  for (char *at = text.text; good && *at != '\0'; line++) {
    char *end = at + strcspn(at, "\n");
    char *next = *end == '\n' ? end + 1 : end;
    *end = '\0';
    char *content = trimmed(at);
    if (content[0] != '\0' && content[0] != '#')
      good = add_entry(known, line, content);
    at = next;
  }
  e100_text_free(&text);
  return good;
}

void e100_known_free(struct e100_known *known) {
  for (size_t i = 0; i < known->count; i++)
    free_entry(&known->entries[i]);
  free(known->entries);
  *known = (struct e100_known){0};
}

static bool names(const char *glob, const struct e100_source *source) {
  const char *const candidates[] = {source->name, e100_base_name(source->name), source->path,
                                    e100_base_name(source->path)};
  for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
    if (fnmatch(glob, candidates[i], 0) == 0)
      return true;
  return false;
}

static bool has_situation(const struct e100_known_entry *entry, uint32_t situation) {
  bool any = entry->situation_count == 0;
  for (size_t i = 0; i < entry->situation_count && !any; i++)
    any = entry->situations[i] == situation;
  return any;
}

static bool is_behind(const struct e100_known_entry *entry, const struct e100_findings *findings,
                      const struct e100_finding *finding) {
  bool any = entry->any_rule;
  for (uint32_t i = 0; i < e100_findings_kept(findings) && !any; i++) {
    const struct e100_finding *other = &findings->list[i];
    any = other->party == finding->party && other->step <= finding->step && other->rule != finding->rule &&
          e100_rule_set_has(&entry->behind, other->rule);
  }
  return any;
}

const char *e100_known_reason(struct e100_known *known, const struct e100_source *source,
                              const struct e100_findings *findings, const struct e100_finding *finding) {
  for (size_t i = 0; i < known->count; i++) {
    struct e100_known_entry *entry = &known->entries[i];
    if (entry->rule == finding->rule && (entry->party < 0 || entry->party == finding->party) &&
        has_situation(entry, finding->situation) && is_behind(entry, findings, finding) &&
        names(entry->glob, source)) {
      entry->hits++;
      return entry->reason;
    }
  }
  return NULL;
}

void e100_known_look(struct e100_known *known, const struct e100_source *source) {
  for (size_t i = 0; i < known->count; i++)
    known->entries[i].looked = known->entries[i].looked || names(known->entries[i].glob, source);
}

void e100_known_complain_unused(const struct e100_known *known) {
  const struct e100_known_entry *elsewhere = NULL;
  size_t count = 0;
  for (size_t i = 0; i < known->count; i++) {
    const struct e100_known_entry *entry = &known->entries[i];
    if (entry->hits == 0 && !entry->looked) {
      elsewhere = elsewhere != NULL ? elsewhere : entry;
      count++;
    } else if (entry->hits == 0) {
      e100_complain(known->path, "line %u: matched no finding (%s %s); remove it where it is fixed",
                    entry->line, entry->glob, e100_rule(entry->rule)->id);
    }
  }
  if (count == 1)
    e100_complain(known->path, "line %u: matched no finding (%s %s): no such case was looked at",
                  elsewhere->line, elsewhere->glob, e100_rule(elsewhere->rule)->id);
  else if (count > 1)
    e100_complain(known->path,
                  "%zu entries matched no finding, from line %u (%s) on: no such case was looked at", count,
                  elsewhere->line, elsewhere->glob);
}
