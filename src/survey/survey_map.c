/* survey_map.c - reads maps, and makes situations fit a program. */
#include "survey/survey_map.h"

#include <string.h>
#include <strings.h>

/* ---- reading ------------------------------------------------------------------------------------------ */

static void copy_word(char *to, size_t room, const char *word, size_t length) {
  memcpy(to, word, length < room ? length : room - 1);
  to[length < room ? length : room - 1] = '\0';
}

struct words {
  const char *word[4];
  size_t length[4];
  size_t count;
};

static struct words words_of(const char *line, size_t length) {
  struct words words = {.count = 0};
  const char *hash = memchr(line, '#', length);
  const char *end = hash != NULL ? hash : line + length;
  while (line < end && words.count < 4) {
    size_t blanks = strspn(line, " \t\r");
    line = line + blanks < end ? line + blanks : end;
    size_t word = strcspn(line, " \t\r\n#");
    if (line >= end || word == 0)
      break;
    words.word[words.count] = line;
    words.length[words.count++] = word;
    line += word;
  }
  return words;
}

static bool is_what(const char *word, size_t length) {
  static const char *const known[] = {"accept", "echo", "ignore"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strlen(known[i]) == length && memcmp(known[i], word, length) == 0)
      return true;
  return length == 3 && word[0] >= '2' && word[0] <= '5' && strspn(word, "0123456789") >= 3;
}

static struct e100_map_entry *entry_for(struct e100_map *map, const char *what, size_t length) {
  for (size_t i = 0; i < map->count; i++)
    if (strlen(map->entries[i].what) == length && memcmp(map->entries[i].what, what, length) == 0)
      return &map->entries[i];
  return map->count < E100_MAP_ENTRIES_LIMIT ? &map->entries[map->count++] : NULL;
}

/* A port in a word of a map, or 0. */
static uint16_t port_in(const char *word, size_t length) {
  unsigned value = 0;
  for (size_t i = 0; i < length; i++) {
    if (word[i] < '0' || word[i] > '9' || length > 5)
      return 0;
    value = value * 10 + (unsigned)(word[i] - '0');
  }
  return value < 65536 ? (uint16_t)value : 0;
}

static const char *read_lane(struct e100_map *map, const struct words *words) {
  if (map->lane_count == E100_MAP_LANES_LIMIT)
    return "more lanes than a map may have (E100_MAP_LANES_LIMIT)";
  struct e100_map_lane lane = {.port = port_in(words->word[1], words->length[1]),
                               .upstream = port_in(words->word[2], words->length[2])};
  if (lane.port == 0 || lane.upstream == 0)
    return "a lane is a port of the gateway, and the port of this machine behind it: lane 8081 8101";
  map->lanes[map->lane_count++] = lane;
  return NULL;
}

static const char *read_line(struct e100_map *map, const struct words *words) {
  const char *what = words->word[0];
  for (size_t i = 0; i < words->count; i++)
    if (words->length[i] >= E100_MAP_WORD_LIMIT)
      return "a word is too long (E100_MAP_WORD_LIMIT)";
  if (words->count == 2 && words->length[0] == 4 && memcmp(what, "host", 4) == 0) {
    copy_word(map->host, sizeof map->host, words->word[1], words->length[1]);
    return NULL;
  }
  if (words->count == 2 && words->length[0] == 8 && memcmp(what, "upstream", 8) == 0) {
    copy_word(map->upstream, sizeof map->upstream, words->word[1], words->length[1]);
    return NULL;
  }
  if (words->count == 3 && words->length[0] == 4 && memcmp(what, "lane", 4) == 0)
    return read_lane(map, words);
  if (words->count < 2 || words->count > 3)
    return "a line is WHAT [METHOD] TARGET, host NAME, upstream PORT, or lane PORT UPSTREAM";
  if (!is_what(what, words->length[0]))
    return "what a target does is accept, echo, ignore, or a final status, as in '401 /private'";
  size_t last = words->count - 1;
  if (words->word[last][0] != '/')
    return "a target begins with /";
  if (last == 2 && words->length[1] >= sizeof map->entries[0].method)
    return "a method has at most 15 letters";
  struct e100_map_entry *entry = entry_for(map, what, words->length[0]);
  if (entry == NULL)
    return "more lines than a map may have (E100_MAP_ENTRIES_LIMIT)";
  memset(entry, 0, sizeof *entry);
  copy_word(entry->what, sizeof entry->what, what, words->length[0]);
  copy_word(entry->target, sizeof entry->target, words->word[last], words->length[last]);
  if (last == 2)
    copy_word(entry->method, sizeof entry->method, words->word[1], words->length[1]);
  return NULL;
}

const char *e100_map_read(struct e100_map *map, const char *text, unsigned *line) {
  for (*line = 1; *text != '\0'; (*line)++) {
    size_t length = strcspn(text, "\n");
    struct words words = words_of(text, length);
    const char *wrong = words.count > 0 ? read_line(map, &words) : NULL;
    if (wrong != NULL)
      return wrong;
    text += length + (text[length] == '\n' ? 1 : 0);
  }
  return NULL;
}

void e100_map_usual(struct e100_map *map, const char *host) {
  *map = (struct e100_map){.count = 2};
  copy_word(map->host, sizeof map->host, host, strlen(host));
  map->entries[0] = (struct e100_map_entry){.what = "accept", .target = "/"};
  map->entries[1] = (struct e100_map_entry){.what = "404", .target = "/expect100/nothing-is-here"};
}

/* ---- making situations fit ---------------------------------------------------------------------- */

static const char example_host[] = "\r\nHost: example.com\r\n";

/* Octets of a delivery, while they are copied. */
struct copying {
  const struct e100_map *map;
  const char *authority; /* of Host, and of targets that have one */
  const uint8_t *at, *end;
  struct e100_text out;
  size_t line; /* where the present line begins in OUT */
  const char *missing;
  bool echoes; /* a target that gives marks back */
};

static bool comes(const struct copying *copying, const char *text) {
  size_t length = strlen(text);
  return (size_t)(copying->end - copying->at) >= length && memcmp(copying->at, text, length) == 0;
}

/* At " /what HTTP/": puts the target that does it, and the method that it wants. */
static bool put_target(struct copying *copying) {
  const char *target = (const char *)copying->at + 2;
  size_t room = (size_t)(copying->end - copying->at) - 2;
  size_t length = 0;
  while (length < room && target[length] != ' ')
    length++;
  if (room - length < 6 || memcmp(target + length, " HTTP/", 6) != 0 || !is_what(target, length))
    return false;
  for (size_t i = 0; i < copying->map->count; i++) {
    const struct e100_map_entry *entry = &copying->map->entries[i];
    if (strlen(entry->what) != length || memcmp(entry->what, target, length) != 0)
      continue;
    size_t method = copying->out.length - copying->line;
    if (entry->method[0] != '\0' && method == 3 && memcmp(copying->out.text + copying->line, "PUT", 3) == 0) {
      copying->out.length = copying->line;
      e100_text_format(&copying->out, "%s", entry->method);
    }
    e100_text_format(&copying->out, " %s", entry->target);
    copying->at += 2 + length;
    copying->echoes |= strcmp(entry->what, "echo") == 0;
    return true;
  }
  copying->missing = target;
  return false;
}

/* At a target in absolute form, or in that of CONNECT: puts the authority of our origin server. */
static bool put_authority(struct copying *copying) {
  if (comes(copying, " http://example.com/")) {
    e100_text_format(&copying->out, " http://%s/", copying->authority);
    copying->at += sizeof " http://example.com/" - 1;
  } else if (comes(copying, " example.com:80 ")) {
    e100_text_format(&copying->out, " %s ", copying->authority);
    copying->at += sizeof " example.com:80 " - 1;
  } else {
    return false;
  }
  return true;
}

static void copy_octets(struct copying *copying) {
  while (copying->at < copying->end && copying->missing == NULL) {
    if (comes(copying, example_host)) {
      e100_text_format(&copying->out, "\r\nHost: %s", copying->authority);
      copying->at += sizeof example_host - 1 - 2; /* the line end stays: another Host may follow */
    } else if (!put_authority(copying) && !(comes(copying, " /") && put_target(copying)) &&
               copying->missing == NULL) {
      e100_text_add(&copying->out, (const char *)copying->at, 1);
      if (*copying->at++ == '\n')
        copying->line = copying->out.length;
    }
  }
}

static bool is_of_client(const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER && step->from == E100_CLIENT;
}

/* Octets of a request: a client's, or what its application asks it for. */
static bool is_request(const struct e100_step *step) {
  return is_of_client(step) || (step->kind == E100_STEP_DECIDED && step->what == E100_DECIDE_REQUEST);
}

/* Marks of an origin server are looked for with this reading alone (docs/case-format.md, Marks). */
static void have_marks_judged(struct e100_exchange *play) {
  int everybody = e100_reading_named("everybody");
  E100_CHECK(everybody >= 0, "there is a reading that judges every party");
  if (play->role == E100_ROLE_ORIGIN)
    play->reading |= UINT32_C(1) << everybody;
}

const char *e100_map_apply(const struct e100_map *map, const char *authority,
                           const struct e100_exchange *situation, struct e100_exchange *out) {
  static char missing[16];
  e100_exchange_copy(out, situation);
  out->step_count = out->octet_count = 0;
  for (uint32_t i = 0; i < situation->step_count; i++) {
    const struct e100_step *step = &situation->steps[i];
    const uint8_t *octets = e100_step_octets(situation, step);
    struct copying copying = {.map = map,
                              .authority = authority[0] != '\0' ? authority : map->host,
                              .at = octets,
                              .end = octets + step->length};
    if (!is_of_client(step)) {
      e100_exchange_append(out, step, octets, step->length);
      continue;
    }
    e100_text_add(&copying.out, "", 0);
    copy_octets(&copying);
    e100_exchange_append(out, step, (const uint8_t *)copying.out.text, copying.out.length);
    e100_text_free(&copying.out);
    if (copying.echoes)
      have_marks_judged(out);
    if (copying.missing != NULL) {
      size_t length = strcspn(copying.missing, " ");
      copy_word(missing, sizeof missing, copying.missing, length);
      return missing;
    }
  }
  return NULL;
}

/* ---- the control -------------------------------------------------------------------------------- */

/* What stands in place of the name: as long, and of no meaning. */
#define E100_EXPECT_NAME "Expect"
#define E100_CONTROL_NAME "X-E100"
_Static_assert(sizeof E100_EXPECT_NAME == sizeof E100_CONTROL_NAME, "the line keeps its shape");

static const char *line_end(const char *at, const char *end) {
  const char *feed = memchr(at, '\n', (size_t)(end - at));
  return feed != NULL ? feed + 1 : end;
}

/* The name Expect at the begin of a field line, however it is written. */
static bool names_expect(const char *at, const char *next) {
  return next - at > 7 && strncasecmp(at, E100_EXPECT_NAME, sizeof E100_EXPECT_NAME - 1) == 0 &&
         (at[6] == ':' || at[6] == ' ' || at[6] == '\t');
}

bool e100_without_expectation(const struct e100_exchange *play, struct e100_exchange *out) {
  static const size_t name = sizeof E100_EXPECT_NAME - 1;
  bool any = false;
  e100_exchange_copy(out, play);
  out->step_count = out->octet_count = 0;
  for (uint32_t i = 0; i < play->step_count; i++) {
    const struct e100_step *step = &play->steps[i];
    const char *at = (const char *)e100_step_octets(play, step);
    const char *end = at + step->length;
    struct e100_text kept = {0};
    e100_text_add(&kept, "", 0);
    while (at < end) {
      const char *next = line_end(at, end);
      bool expects = is_request(step) && names_expect(at, next);
      if (expects && is_of_client(step)) {
        e100_text_add(&kept, E100_CONTROL_NAME, name);
        e100_text_add(&kept, at + name, (size_t)(next - at) - name);
      } else if (!expects) {
        e100_text_add(&kept, at, (size_t)(next - at));
      }
      any |= expects;
      at = next;
    }
    e100_exchange_append(out, step, (const uint8_t *)kept.text, kept.length);
    e100_text_free(&kept);
  }
  return any;
}
