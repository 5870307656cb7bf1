/* files.c - reading and writing files so that nothing bad about a file is ever hidden. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

enum { CHUNK = 65536 };

static void complain_open(const char *path, int error) {
  if (error == ENOENT || error == ENOTDIR)
    e100_complain(path, "there is no such file; check the name");
  else if (error == EACCES || error == EPERM)
    e100_complain(path, "may not be read; check its permissions and those of its folder");
  else if (error == ENXIO)
    e100_complain(path, "is a socket or a device without a reader; name a file");
  else
    e100_complain(path, "cannot be opened: %s", strerror(error));
}

/* Whether PATH is a pipe that the shell or somebody else has already connected. */
static bool is_connected_pipe(const char *path) {
  return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0 ||
         strcmp(path, "/dev/stdin") == 0;
}

/*
 * Opens without ever waiting for the other end of a pipe. A named pipe that nobody writes to would be
 * read as an empty file, so that one octet is asked of it: *PUSHED_BACK is that octet, or EOF.
 */
static int open_for_reading(const char *path, int *pushed_back) {
  *pushed_back = EOF;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    complain_open(path, errno);
    return -1;
  }
  struct stat about;
  bool usable = fstat(fd, &about) == 0;
  if (!usable) {
    complain_open(path, errno);
  } else if (S_ISDIR(about.st_mode)) {
    e100_complain(path, "is a folder, and a file is wanted; name the files in it");
    usable = false;
  } else if (S_ISFIFO(about.st_mode) && !is_connected_pipe(path)) {
    unsigned char octet = 0;
    ssize_t got = read(fd, &octet, 1);
    usable = got != 0;
    if (got == 1)
      *pushed_back = octet;
    else if (got == 0)
      e100_complain(path, "is a pipe that nobody writes to; start the writer first, or use - and a |");
  }
  if (usable && fcntl(fd, F_SETFL, 0) == 0)
    return fd;
  close(fd);
  return -1;
}

FILE *e100_file_open(const char *path) {
  if (strcmp(path, "-") == 0)
    return stdin;
  int pushed_back = EOF;
  int fd = open_for_reading(path, &pushed_back);
  if (fd < 0)
    return NULL;
  FILE *file = fdopen(fd, "rb");
  if (file == NULL) {
    complain_open(path, errno);
    close(fd);
  } else if (pushed_back != EOF) {
    (void)ungetc(pushed_back, file);
  }
  return file;
}

bool e100_stream_read(FILE *file, const char *path, struct e100_text *out) {
  char *chunk = malloc(CHUNK);
  E100_CHECK(chunk != NULL, "there is memory for a chunk of a file");
  out->length = 0;
  bool fits = true;
  for (size_t got; fits && (got = fread(chunk, 1, CHUNK, file)) > 0;) {
    fits = out->length + got <= E100_FILE_LIMIT;
    if (fits)
      e100_text_add(out, chunk, got);
  }
  free(chunk);
  e100_text_add(out, "", 0); /* an empty file is NUL-terminated too */
  if (!fits) {
    e100_complain(path, "is larger than the limit of %d octets; cut it into smaller ones", E100_FILE_LIMIT);
  } else if (ferror(file) != 0) {
    e100_complain(path, "cannot be read: %s", strerror(errno));
    fits = false;
  }
  return fits;
}

bool e100_file_read(const char *path, struct e100_text *out) {
  FILE *file = e100_file_open(path);
  bool read = file != NULL && e100_stream_read(file, path, out);
  if (file != NULL && file != stdin)
    (void)fclose(file);
  return read;
}

static void complain_write(const char *path, int error) {
  if (error == ENOSPC || error == EDQUOT)
    e100_complain(path, "cannot be written: the disk is full; make room and start again");
  else if (error == EFBIG)
    e100_complain(path, "cannot be written: it grows over the limit for files; raise it with ulimit -f");
  else if (error == EROFS || error == EACCES || error == EPERM)
    e100_complain(path, "may not be written: %s; name another folder", strerror(error));
  else if (error == ENOENT || error == ENOTDIR)
    e100_complain(path, "cannot be written: its folder is not there; make it first");
  else
    e100_complain(path, "cannot be written: %s", strerror(error));
}

static bool write_all(int fd, const char *octets, size_t length) {
  while (length > 0) {
    ssize_t wrote = write(fd, octets, length);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      return false;
    octets += wrote;
    length -= (size_t)wrote;
  }
  return true;
}

/* A device, a pipe or a link is written to; only a file of its own may be replaced by another one. */
static bool may_be_replaced(const char *path) {
  struct stat about;
  return lstat(path, &about) != 0 || S_ISREG(about.st_mode);
}

bool e100_file_write(const char *path, const char *octets, size_t length) {
  struct e100_text temporary = {0};
  bool replaces = may_be_replaced(path);
  e100_text_format(&temporary, "%s.%ld.tmp", path, (long)getpid());
  int fd = open(replaces ? temporary.text : path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool written = false;
  if (fd >= 0) {
    written = write_all(fd, octets, length) && (!replaces || fsync(fd) == 0);
    int error = errno;
    if (close(fd) != 0 && written) {
      written = false;
      error = errno;
    }
    errno = error;
    if (replaces)
      written = written && rename(temporary.text, path) == 0;
  }
  if (!written) {
    complain_write(path, errno);
    if (fd >= 0 && replaces)
      unlink(temporary.text);
  }
  e100_text_free(&temporary);
  return written;
}

bool e100_file_may_come(const char *path) {
  struct e100_text folder = {0};
  const char *slash = strrchr(path, '/');
  e100_text_format(&folder, "%.*s",
                   slash == NULL   ? 1
                   : slash == path ? 1
                                   : (int)(slash - path),
                   slash == NULL ? "." : path);
  bool good = !may_be_replaced(path) || access(folder.text, W_OK | X_OK) == 0;
  if (!good)
    complain_write(path, errno);
  e100_text_free(&folder);
  return good;
}

bool e100_is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool e100_is_file(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* One folder; 0, or the reason why it is not there. */
static int make_one_folder(const char *path) {
  if (mkdir(path, 0777) == 0)
    return 0;
  int error = errno;
  return e100_is_folder(path) ? 0 : error;
}

bool e100_folder_make(const char *path) {
  struct e100_text part = {0};
  int error = path[0] == '\0' ? ENOENT : 0;
  for (size_t i = 1; error == 0 && i <= strlen(path); i++) {
    if (path[i] != '/' && path[i] != '\0')
      continue;
    part.length = 0;
    e100_text_add(&part, path, i);
    error = make_one_folder(part.text);
  }
  const char *failed = part.text != NULL ? part.text : path;
  if (error == EEXIST)
    e100_complain(failed, "is a file, and a folder is wanted; name another folder");
  else if (error != 0)
    complain_write(failed, error);
  e100_text_free(&part);
  return error == 0;
}

void e100_path_in(struct e100_text *out, const char *folder, const char *name) {
  size_t length = strlen(folder);
  out->length = 0;
  e100_text_format(out, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/", name);
}

const char *e100_base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

void e100_shell_word(struct e100_text *out, const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
    e100_text_format(out, "%s", word);
    return;
  }
  e100_text_add(out, "'", 1);
  for (const char *c = word; *c != '\0'; c++) {
    if (*c == '\'')
      e100_text_add(out, "'\\''", 4);
    else
      e100_text_add(out, c, 1);
  }
  e100_text_add(out, "'", 1);
}

void e100_put(struct e100_text *out) {
  if (out->length > 0)
    (void)fwrite(out->text, 1, out->length, stdout);
  e100_text_free(out);
}

bool e100_output_finished(void) {
  if (fflush(stdout) == 0 && ferror(stdout) == 0)
    return true;
  e100_complain("standard output", "not everything could be written: %s", strerror(errno));
  return false;
}
