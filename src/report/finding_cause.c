/* finding_cause.c - what makes two findings the same, and how a person calls that. */
#include <stdio.h>
#include <string.h>

#include "report/findings_file.h"

/* FNV-1a, 64 bits: the same on every machine. A NUL ends each word, so that words cannot run into each other.
 */
static uint64_t add_word(uint64_t hash, const char *word) {
  for (size_t i = 0; i <= strlen(word); i++) {
    hash ^= (unsigned char)word[i];
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

void e100_group_id(const char *kind, const char *rule, const char *party, const char *situation,
                   char id[E100_GROUP_ID_ROOM]) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  const char *const words[] = {kind, rule, party, situation};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    hash = add_word(hash, words[i] != NULL ? words[i] : "");
  (void)snprintf(id, E100_GROUP_ID_ROOM, "%016llx", (unsigned long long)hash);
}

void e100_cause_in_words(const char *requirement, const char *text, const char *party,
                         struct e100_text *out) {
  bool forbidden = strstr(requirement, "NOT") != NULL;
  const char *must = strcmp(requirement, "quality") == 0 ? "does well to" : requirement;
  e100_text_format(out, "%s %s %s, and %s", party, must, text, forbidden ? "does" : "does not");
}
