/* corpus_folder.h - the cases of the tree, for tests. */
#ifndef E100_CORPUS_FOLDER_H
#define E100_CORPUS_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exchange/exchange.h"

typedef void corpus_case_fn(void *user, const char *path, const struct e100_exchange *exchange);

static inline void corpus_file(const char *path, corpus_case_fn *call, void *user) {
  enum { ROOM = 1 << 20 };
  uint8_t *text = malloc(ROOM);
  FILE *file = fopen(path, "rb");
  E100_CHECK(text != NULL && file != NULL, "a case of the corpus can be read");
  size_t length = fread(text, 1, ROOM, file);
  fclose(file);
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, text, length, false, NULL, NULL);
  call(user, path, &exchange);
  e100_exchange_free(&exchange);
  free(text);
}

static inline unsigned corpus_folder(const char *path, corpus_case_fn *call, void *user) {
  struct dirent **names = NULL;
  int found = scandir(path, &names, NULL, alphasort);
  unsigned count = 0;
  for (int i = 0; i < found; i++) {
    char inner[4096];
    struct stat status;
    const char *name = names[i]->d_name;
    size_t length = strlen(name);
    snprintf(inner, sizeof inner, "%s/%s", path, name);
    if (name[0] != '.' && stat(inner, &status) == 0) {
      if (S_ISDIR(status.st_mode)) {
        count += corpus_folder(inner, call, user);
      } else if (length > 5 && strcmp(name + length - 5, ".case") == 0) {
        corpus_file(inner, call, user);
        count++;
      }
    }
    free(names[i]);
  }
  free(names);
  return count;
}

/* Calls for each case of the corpus, in the order of their names; gives how many there are. */
static inline unsigned corpus_each_case(corpus_case_fn *call, void *user) {
  return corpus_folder(E100_TEST_SOURCE "/corpus", call, user);
}

#endif
