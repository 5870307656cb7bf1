/* libraries_added.c - the libraries of this build, as subjects. */
#include <stdio.h>
#include <string.h>

#include "libraries/client_library.h"
#include "libraries/server_library.h"

static const struct e100_server_library *const servers[] = {
#ifdef E100_HAS_EVHTTP
    &e100_library_evhttp,
#endif
#ifdef E100_HAS_MICROHTTPD
    &e100_library_microhttpd,
#endif
#ifdef E100_HAS_SOUP
    &e100_library_soup,
#endif
    NULL};

static const struct e100_client_library *const clients[] = {
#ifdef E100_HAS_CURL
    &e100_library_curl,
#endif
#ifdef E100_HAS_SOUP
    &e100_library_soup_client,
#endif
    NULL};

enum {
  LIBRARIES = sizeof servers / sizeof servers[0] + sizeof clients / sizeof clients[0],
  WORDS_LIMIT = 96
};

static struct {
  struct e100_subject subject;
  char name[WORDS_LIMIT], summary[WORDS_LIMIT], known[WORDS_LIMIT];
} added[LIBRARIES];

static void add(size_t i, struct e100_subject subject, const char *name, const char *version) {
  int name_length = snprintf(added[i].name, WORDS_LIMIT, "lib:%s", name);
  int length = snprintf(added[i].summary, WORDS_LIMIT, "%s %s, a library in this process", name, version);
  int known = snprintf(added[i].known, WORDS_LIMIT, "lib-%s-%s.known", name, version);
  E100_CHECK(name_length < WORDS_LIMIT && length < WORDS_LIMIT && known < WORDS_LIMIT, "names are short");
  added[i].subject = subject;
  added[i].subject.name = added[i].name;
  added[i].subject.summary = added[i].summary;
  e100_subject_add(&added[i].subject);
}

void e100_libraries_add(void) {
  static bool done;
  size_t count = 0;
  for (size_t i = 0; !done && servers[i] != NULL; i++)
    add(count++, e100_server_library_subject(servers[i]), servers[i]->name, servers[i]->version());
  for (size_t i = 0; !done && clients[i] != NULL; i++)
    add(count++, e100_client_library_subject(clients[i]), clients[i]->name, clients[i]->version());
  done = true;
}

const char *e100_library_known(const char *subject) {
  for (size_t i = 0; i < LIBRARIES && added[i].name[0] != '\0'; i++)
    if (strcmp(added[i].name, subject) == 0)
      return added[i].known;
  return NULL;
}
