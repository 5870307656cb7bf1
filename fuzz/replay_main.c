/*
 * replay_main.c - runs a fuzz target on files and folders, without any engine.
 *
 * Exit 0: all inputs went through; 2: there were none, or one could not be read. A finding aborts.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_ROOM = 4096, FILE_LIMIT = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool run_file(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  /* Exactly as large as the input, so that the sanitizers see each octet read beyond it. */
  uint8_t *data = size <= FILE_LIMIT ? malloc(size == 0 ? 1 : size) : NULL;
  bool whole = file != NULL && data != NULL && fread(data, 1, size, file) == size;
  if (file != NULL)
    fclose(file);
  if (whole) {
    LLVMFuzzerTestOneInput(data, size);
  } else {
    fprintf(stderr, "replay: %s: cannot be read, or is larger than %d octets\n", path, FILE_LIMIT);
  }
  free(data);
  return whole;
}

static bool run_path(const char *path, size_t *count);

static bool run_folder(const char *path, size_t *count) {
  struct dirent **names = NULL;
  int found = scandir(path, &names, NULL, alphasort);
  bool fine = found >= 0;
  for (int i = 0; i < found; i++) {
    char inner[PATH_ROOM];
    int length = snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
    if (names[i]->d_name[0] != '.' && length > 0 && length < PATH_ROOM) {
      fine = run_path(inner, count) && fine;
    }
    free(names[i]);
  }
  free(names);
  return fine;
}

static bool run_path(const char *path, size_t *count) {
  struct stat status;
  if (stat(path, &status) != 0) {
    fprintf(stderr, "replay: %s: no such file or folder\n", path);
    return false;
  }
  if (S_ISDIR(status.st_mode))
    return run_folder(path, count);
  ++*count;
  return run_file(path, (size_t)status.st_size);
}

int main(int argc, char **argv) {
  size_t count = 0;
  bool fine = true;
  for (int i = 1; i < argc; i++) {
    fine = run_path(argv[i], &count) && fine;
  }
  if (count == 0) {
    fprintf(stderr, "replay: no inputs; give files or folders\n");
    return 2;
  }
  printf("%zu inputs\n", count);
  return fine ? 0 : 2;
}
