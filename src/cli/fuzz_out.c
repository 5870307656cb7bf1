/*
 * fuzz_out.c - the out folder: who may use it, what lies where, and moving inputs so that each is at any
 * moment whole in one place at least. Moves are renames and links within the folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sha1.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "cli/fuzz.h"

enum {
  PROBE_OCTETS = 1024 * 1024, /* room that a campaign asks for at its start */
  ROOM_OCTETS = 256 * 1024,   /* and that has to stay: less, and an artifact could get lost */
  YOUNG_MILLISECONDS = 200    /* a file as young as this may still be being written */
};

char *e100_format(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  E100_CHECK(length >= 0, "the format can be printed");
  char *text = malloc((size_t)length + 1);
  E100_CHECK(text != NULL, "there is memory for a name");
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

/* ---- folders ------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char **e100_names_in(const char *folder, size_t *count) {
  size_t room = 64;
  char **names = malloc(room * sizeof *names);
  E100_CHECK(names != NULL, "there is memory for names");
  *count = 0;
  DIR *open_folder = opendir(folder);
  for (struct dirent *entry; open_folder != NULL && (entry = readdir(open_folder)) != NULL;) {
    if (entry->d_name[0] == '.')
      continue;
    if (*count + 1 == room) {
      room *= 2;
      names = realloc(names, room * sizeof *names);
      E100_CHECK(names != NULL, "there is memory for names");
    }
    names[(*count)++] = e100_format("%s", entry->d_name);
  }
  if (open_folder != NULL)
    closedir(open_folder);
  names[*count] = NULL;
  qsort(names, *count, sizeof *names, by_name);
  return names;
}

void e100_names_free(char **names) {
  for (char **name = names; *name != NULL; name++)
    free(*name);
  free(names);
}

static size_t count_in(const char *folder) {
  size_t count = 0;
  DIR *open_folder = opendir(folder);
  if (open_folder == NULL)
    return 0;
  for (struct dirent *entry; (entry = readdir(open_folder)) != NULL;)
    count += entry->d_name[0] != '.';
  closedir(open_folder);
  return count;
}

/* Reads an input; inputs are small, a larger file is left alone. */
static bool read_input(const char *path, struct e100_text *out) {
  out->length = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat about;
  bool fine = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= E100_FILE_LIMIT;
  char chunk[65536];
  for (ssize_t got; fine && (got = read(fd, chunk, sizeof chunk)) != 0;) {
    if (got > 0)
      e100_text_add(out, chunk, (size_t)got);
    else
      fine = errno == EINTR;
  }
  if (fd >= 0)
    close(fd);
  if (fine)
    e100_text_add(out, "", 0);
  return fine;
}

bool e100_name_by_content(const char *path, char name[41]) {
  struct e100_text input = {0};
  bool fine = read_input(path, &input);
  if (fine)
    /* As libFuzzer names its inputs: equal inputs get equal names. */
    SHA1Data((const uint8_t *)input.text, input.length, name);
  e100_text_free(&input);
  return fine;
}

bool e100_out_copy(const char *from, const char *to) {
  struct e100_text input = {0};
  bool fine = read_input(from, &input);
  if (!fine)
    e100_complain(from, "cannot be read: %s", strerror(errno));
  fine = fine && e100_file_write(to, input.text, input.length);
  e100_text_free(&input);
  return fine;
}

static bool is_young(const char *path) {
  struct stat about;
  struct timespec now;
  if (stat(path, &about) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
    return true;
  double age =
      (double)(now.tv_sec - about.st_mtim.tv_sec) * 1e3 + (double)(now.tv_nsec - about.st_mtim.tv_nsec) / 1e6;
  return age >= 0 && age < YOUNG_MILLISECONDS;
}

/* ---- opening ------------------------------------------------------------------------------------------ */

/* Only one campaign at a time: two would take each other's artifacts. */
static bool lock_folder(struct e100_campaign *campaign) {
  char *path = e100_format("%s/.lock", campaign->options.out);
  campaign->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  bool locked = campaign->lock >= 0 && flock(campaign->lock, LOCK_EX | LOCK_NB) == 0;
  if (campaign->lock < 0)
    e100_complain(campaign->options.out, "cannot be written to: %s; choose another folder with --out",
                  strerror(errno));
  else if (!locked)
    e100_complain(campaign->options.out,
                  "another campaign is using this folder; wait for it, or choose another one with --out");
  free(path);
  return locked;
}

/* Room for an artifact and a case has to be there before there is one. */
static bool probe_room(const struct e100_campaign *campaign) {
  char *path = e100_format("%s/.room", campaign->options.out);
  char *octets = calloc(1, PROBE_OCTETS);
  E100_CHECK(octets != NULL, "there is memory to try the folder with");
  bool fine = e100_file_write(path, octets, PROBE_OCTETS);
  if (!fine)
    e100_complain(campaign->options.out, "a campaign needs to write here, and at least %d KiB of room",
                  PROBE_OCTETS / 1024);
  unlink(path);
  free(octets);
  free(path);
  return fine;
}

static int open_for_lines(const char *path, int flags) {
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0666);
  if (fd < 0)
    e100_complain(path, "cannot be written: %s", strerror(errno));
  return fd;
}

static bool make_lane_folders(const struct e100_campaign *campaign) {
  bool fine = true;
  for (size_t i = 0; fine && i < campaign->lane_count; i++) {
    const struct e100_lane *lane = &campaign->lanes[i];
    fine = e100_folder_make(lane->corpus) && e100_folder_make(lane->artifacts) &&
           (lane->afl == NULL || e100_folder_make(lane->afl));
  }
  return fine;
}

bool e100_out_open(struct e100_campaign *campaign) {
  /* As choices, zeros are the simplest exchange; a few of them give an engine places to change. */
  static const char zeros[32] = {0};
  const char *out = campaign->options.out;
  if (!e100_folder_make(out) || !lock_folder(campaign) || !probe_room(campaign))
    return false;
  campaign->findings_folder = e100_format("%s/findings", out);
  campaign->known_path = e100_format("%s/known-causes", out);
  campaign->stats_path = e100_format("%s/stats.jsonl", out);
  campaign->seed_folder = e100_format("%s/work/zeros", out);
  char *seed = e100_format("%s/zeros", campaign->seed_folder);
  bool fine = e100_folder_make(campaign->findings_folder) && e100_folder_make(campaign->seed_folder) &&
              e100_file_write(seed, zeros, sizeof zeros) && make_lane_folders(campaign);
  free(seed);
  /* The report of an earlier campaign would be taken for that of this one, were this one killed. */
  char *report = e100_format("%s/findings.json", out);
  unlink(report);
  free(report);
  /* A campaign starts with nothing known but what it is given: everything that it meets, it reports. */
  if (fine)
    campaign->known_fd = open_for_lines(campaign->known_path, O_TRUNC);
  if (fine && campaign->known_fd >= 0)
    campaign->stats_fd = open_for_lines(campaign->stats_path, 0);
  return fine && campaign->known_fd >= 0 && campaign->stats_fd >= 0;
}

void e100_out_close(struct e100_campaign *campaign) {
  int *fds[] = {&campaign->known_fd, &campaign->stats_fd, &campaign->lock};
  for (size_t i = 0; i < 3; i++)
    if (*fds[i] >= 0)
      close(*fds[i]);
  free(campaign->findings_folder);
  free(campaign->known_path);
  free(campaign->stats_path);
  free(campaign->seed_folder);
}

/* ---- what the engines leave ------------------------------------------------------------------------------
 */

/* Moves one input into the artifacts of its lane and has it looked at. */
static void take_artifact(struct e100_campaign *campaign, struct e100_lane *lane, const char *path,
                          bool is_hang) {
  char name[41];
  if (!e100_name_by_content(path, name))
    return;
  char *to = e100_format("%s/%s-%s%s", lane->artifacts, lane->engine->name, is_hang ? "hang-" : "", name);
  if (rename(path, to) == 0)
    e100_look_at(campaign, lane, to, NULL);
  else
    e100_campaign_fail(campaign, to, "cannot be written: %s", strerror(errno));
  free(to);
}

/* Also folders such as "crashes.2024-..", into which AFL++ moves them when it is resumed. */
static void take_from_instance(struct e100_campaign *campaign, struct e100_lane *lane, const char *instance) {
  size_t count = 0;
  char **folders = e100_names_in(instance, &count);
  for (size_t i = 0; i < count; i++) {
    if (strncmp(folders[i], "crashes", 7) != 0 && strncmp(folders[i], "hangs", 5) != 0)
      continue;
    char *folder = e100_format("%s/%s", instance, folders[i]);
    size_t inputs_count = 0;
    char **inputs = e100_names_in(folder, &inputs_count);
    for (size_t j = 0; j < inputs_count; j++) {
      char *path = e100_format("%s/%s", folder, inputs[j]);
      if (strncmp(inputs[j], "id", 2) == 0 && (lane->running == 0 || !is_young(path)))
        take_artifact(campaign, lane, path, folders[i][0] == 'h');
      free(path);
    }
    e100_names_free(inputs);
    free(folder);
  }
  e100_names_free(folders);
}

void e100_out_take_crashes(struct e100_campaign *campaign, struct e100_lane *lane) {
  if (lane->afl == NULL)
    return;
  size_t count = 0;
  char **instances = e100_names_in(lane->afl, &count);
  for (size_t i = 0; i < count; i++) {
    char *instance = e100_format("%s/%s", lane->afl, instances[i]);
    take_from_instance(campaign, lane, instance);
    free(instance);
  }
  e100_names_free(instances);
}

/* Whether AFL++ found this itself: not a seed, and not taken from others. */
static bool is_own_find(const char *name) {
  return strncmp(name, "id", 2) == 0 && strstr(name, "orig:") == NULL && strstr(name, "sync:") == NULL;
}

static void share_input(struct e100_campaign *campaign, struct e100_lane *lane, const char *path) {
  char name[41];
  if (!e100_name_by_content(path, name))
    return;
  char *to = e100_format("%s/%s", lane->corpus, name);
  struct stat about;
  /* A link is whole at once: libFuzzer, which reads this folder all the time, sees no half of it. Where
   * there are no links, a copy under a passing name does. */
  if (stat(to, &about) != 0 && link(path, to) != 0 && errno != EEXIST && errno != ENOENT &&
      !e100_out_copy(path, to))
    e100_campaign_fail(campaign, lane->corpus, "the corpus cannot be written");
  free(to);
}

static void share_instance(struct e100_campaign *campaign, struct e100_lane *lane, const char *queue,
                           double since) {
  size_t count = 0;
  char **inputs = e100_names_in(queue, &count);
  for (size_t i = 0; i < count && campaign->phase != E100_PHASE_OVER; i++) {
    char *path = e100_format("%s/%s", queue, inputs[i]);
    struct stat about;
    if (is_own_find(inputs[i]) && (lane->running == 0 || !is_young(path)) && stat(path, &about) == 0 &&
        (double)about.st_mtim.tv_sec >= since)
      share_input(campaign, lane, path);
    free(path);
  }
  e100_names_free(inputs);
}

void e100_out_share_queue(struct e100_campaign *campaign, struct e100_lane *lane) {
  if (lane->afl == NULL)
    return;
  double now = (double)time(NULL);
  size_t count = 0;
  char **instances = e100_names_in(lane->afl, &count);
  for (size_t i = 0; i < count; i++) {
    char *queue = e100_format("%s/%s/queue", lane->afl, instances[i]);
    share_instance(campaign, lane, queue, lane->shared);
    free(queue);
  }
  e100_names_free(instances);
  lane->shared = now - 2; /* what was too young this time, and a clock of whole seconds */
}

/* ---- what an earlier campaign left -------------------------------------------------------------- */

static struct e100_lane *lane_for(struct e100_campaign *campaign, const char *key, const char *name) {
  struct e100_lane *any = NULL;
  for (size_t i = 0; i < campaign->lane_count; i++) {
    struct e100_lane *lane = &campaign->lanes[i];
    if (strcmp(lane->key, key) != 0)
      continue;
    if (any == NULL || strncmp(name, lane->engine->name, strlen(lane->engine->name)) == 0)
      any = lane;
  }
  return any;
}

static void take_left_in(struct e100_campaign *campaign, const char *key, size_t *taken) {
  char *folder = e100_format("%s/artifacts/%s", campaign->options.out, key);
  size_t count = 0;
  char **names = e100_names_in(folder, &count);
  for (size_t i = 0; i < count; i++) {
    struct e100_lane *lane = lane_for(campaign, key, names[i]);
    char *path = e100_format("%s/%s", folder, names[i]);
    if (lane != NULL) {
      e100_look_at(campaign, lane, path, NULL);
      (*taken)++;
    } else {
      campaign->left_over++;
    }
    free(path);
  }
  e100_names_free(names);
  free(folder);
}

void e100_out_take_leftovers(struct e100_campaign *campaign) {
  size_t taken = 0;
  for (size_t i = 0; i < campaign->lane_count; i++)
    e100_out_take_crashes(campaign, &campaign->lanes[i]);
  char *folder = e100_format("%s/artifacts", campaign->options.out);
  size_t count = 0;
  char **keys = e100_names_in(folder, &count);
  for (size_t i = 0; i < count; i++)
    take_left_in(campaign, keys[i], &taken);
  e100_names_free(keys);
  free(folder);
  if (taken > 0)
    e100_campaign_say(campaign, "%zu input%s that an earlier campaign left %s looked at first", taken,
                      taken == 1 ? "" : "s", taken == 1 ? "is" : "are");
  if (campaign->left_over > 0)
    e100_campaign_say(
        campaign, "%zu input%s of other targets or subjects: left in %s/artifacts for a campaign with those",
        campaign->left_over, campaign->left_over == 1 ? "" : "s", campaign->options.out);
}

/* ---- while it runs ------------------------------------------------------------------------------ */

bool e100_out_append(int fd, const char *line, size_t length) {
  off_t before = lseek(fd, 0, SEEK_END);
  for (size_t done = 0; done < length;) {
    ssize_t wrote = write(fd, line + done, length - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0) {
      int error = wrote < 0 ? errno : ENOSPC;
      if (ftruncate(fd, before) != 0) /* half a line would spoil the file for its readers */
        error = errno;
      errno = error;
      return false;
    }
    done += (size_t)wrote;
  }
  return true;
}

/* libFuzzer does not tell when it cannot write an input, so a full disk has to be seen from here. */
void e100_out_check_room(struct e100_campaign *campaign) {
  struct statvfs about;
  if (statvfs(campaign->options.out, &about) != 0 || about.f_blocks == 0)
    return;
  if ((uint64_t)about.f_bavail * about.f_frsize < ROOM_OCTETS)
    e100_campaign_fail(
        campaign, campaign->options.out,
        "cannot be written any more: the disk is full; what was found so far is kept, make room "
        "and start again");
}

void e100_out_count_corpus(struct e100_campaign *campaign) {
  campaign->corpus = 0;
  for (size_t i = 0; i < campaign->lane_count; i++) {
    bool counted = false;
    for (size_t j = 0; j < i; j++)
      counted = counted || strcmp(campaign->lanes[j].corpus, campaign->lanes[i].corpus) == 0;
    if (!counted)
      campaign->corpus += count_in(campaign->lanes[i].corpus);
  }
}
