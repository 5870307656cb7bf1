/*
 * cut_seeds.c - cuts the seeds of every fuzz target from cases, with nothing but the C library: for builds
 * that have no program of their own (OSS-Fuzz). `expect100 seeds` gives the same files, and empty ones too,
 * which engines pass over.
 *
 *   cut_seeds OUTDIR CASE...      OUTDIR/TARGET/ of every target must be there
 *
 * Exit 0: every case was read, and every target has a seed; 2: not so.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/checks.h"

enum { PATH_ROOM = 4096, CASE_LIMIT = 1024 * 1024, TARGETS_LIMIT = 64 };

static size_t cut_for[TARGETS_LIMIT]; /* seeds of each target */

static bool complain(const char *path, const char *what) {
  fprintf(stderr, "cut_seeds: %s: %s\n", path, what);
  return false;
}

static bool read_case(const char *path, struct e100_exchange *exchange) {
  static char text[CASE_LIMIT];
  FILE *file = fopen(path, "rb");
  size_t length = file != NULL ? fread(text, 1, sizeof text, file) : 0;
  bool whole = file != NULL && !ferror(file) && feof(file);
  if (file != NULL)
    fclose(file);
  if (!whole)
    return complain(path, "cannot be read, or is larger than a case");
  e100_case_decode(exchange, (const uint8_t *)text, length, true, NULL, NULL);
  return true;
}

/* The seed of one target, under the name of the case without its ending. Never two under one name. */
static bool write_seed(const char *out, const char *target, const char *path, const struct e100_text *seed) {
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  int length = dot != NULL && strcmp(dot, ".case") == 0 ? (int)(dot - name) : (int)strlen(name);
  char to[PATH_ROOM];
  int needed = snprintf(to, sizeof to, "%s/%s/%.*s", out, target, length, name);
  if (needed < 0 || needed >= PATH_ROOM)
    return complain(path, "its seed would have too long a path");
  FILE *file = fopen(to, "wbx");
  bool written = file != NULL && fwrite(seed->text, 1, seed->length, file) == seed->length;
  if (file != NULL && fclose(file) != 0)
    written = false;
  return written || complain(to, "cannot be written; its folder must be there, and it must not");
}

static bool cut_case(const char *out, const char *path, struct e100_exchange *exchange) {
  bool fine = read_case(path, exchange);
  struct e100_text seed = {0};
  for (size_t i = 0; fine && i < TARGETS_LIMIT && e100_target_at(i) != NULL; i++) {
    seed.length = 0;
    e100_text_add(&seed, "", 0);
    if (!e100_target_at(i)->encode(exchange, &seed) || seed.length == 0)
      continue;
    fine = write_seed(out, e100_target_at(i)->name, path, &seed);
    cut_for[i] += fine;
  }
  e100_text_free(&seed);
  return fine;
}

static bool all_have_seeds(void) {
  bool all = true;
  for (size_t i = 0; i < TARGETS_LIMIT && e100_target_at(i) != NULL; i++) {
    if (cut_for[i] == 0)
      all = complain(e100_target_at(i)->name, "no case gives this target a seed");
  }
  return all;
}

int main(int argc, char **argv) {
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  bool fine = argc > 2 || complain("usage", "cut_seeds OUTDIR CASE...");
  for (int i = 2; fine && i < argc; i++) {
    e100_exchange_clear(&exchange);
    fine = cut_case(argv[1], argv[i], &exchange);
  }
  e100_exchange_free(&exchange);
  return fine && all_have_seeds() ? 0 : 2;
}
