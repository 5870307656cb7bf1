/* access_log.c - the common and the combined log format, and JSON Lines with keys that are named. */
#include "cli/access_log.h"

#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { LINE_ROOM = 65536, KEYS = 4, KEY_ROOM = 64 };
enum key { STATUS, ADDRESS, AGENT, UPSTREAM };

struct log {
  bool json;
  char keys[KEYS][KEY_ROOM];
  uint64_t lines, fitting;
};

static bool read_format(struct log *log, const char *format) {
  if (format == NULL || strcmp(format, "combined") == 0 || strcmp(format, "common") == 0)
    return true;
  if (strncmp(format, "json:", 5) != 0)
    return false;
  log->json = true;
  const char *at = format + 5;
  for (unsigned key = 0; key < KEYS && *at != '\0'; key++) {
    size_t length = strcspn(at, ",");
    if (length >= KEY_ROOM)
      return false;
    memcpy(log->keys[key], at, length);
    at += length + (at[length] == ',' ? 1 : 0);
  }
  return log->keys[STATUS][0] != '\0';
}

static void copy(char out[E100_REFUSAL_FIELD_LIMIT], const char *text, size_t length) {
  if (length >= E100_REFUSAL_FIELD_LIMIT)
    length = E100_REFUSAL_FIELD_LIMIT - 1;
  memcpy(out, text, length);
  out[length] = '\0';
}

/* Moves *AT behind a quoted field; gives its inside. A backslash takes the next octet with it. */
static bool quoted(const char **at, const char **inside, size_t *length) {
  if (**at != '"')
    return false;
  const char *end = *at + 1;
  while (*end != '\0' && *end != '"')
    end += end[0] == '\\' && end[1] != '\0' ? 2 : 1;
  *inside = *at + 1;
  *length = (size_t)(end - *inside);
  *at = *end == '"' ? end + 1 : end;
  return *end == '"';
}

/* HOST IDENT USER [TIME] "REQUEST" STATUS SIZE "REFERRER" "AGENT"; gives the status, 0 where it does not fit.
 */
static unsigned read_combined(const char *line, struct e100_refusal *refusal) {
  const char *at = strchr(line, '['), *inside = NULL;
  size_t length = 0;
  copy(refusal->address, line, strcspn(line, " "));
  at = at != NULL ? strstr(at, "] ") : NULL;
  if (at == NULL)
    return 0;
  at += 2;
  if (!quoted(&at, &inside, &length) || *at != ' ' || !isdigit((unsigned char)at[1]))
    return 0;
  char *end = NULL;
  unsigned long status = strtoul(at + 1, &end, 10);
  at = strstr(end, " \"");
  if (at != NULL && (at++, quoted(&at, &inside, &length)) && strncmp(at, " \"", 2) == 0 &&
      (at++, quoted(&at, &inside, &length)) && !(length == 1 && inside[0] == '-'))
    copy(refusal->client, inside, length);
  return status >= 100 && status <= 999 ? (unsigned)status : 0;
}

static void copy_value(const json_t *object, const char *key, char out[E100_REFUSAL_FIELD_LIMIT]) {
  const char *text = key[0] == '\0' ? NULL : json_string_value(json_object_get(object, key));
  if (text != NULL)
    copy(out, text, strlen(text));
}

static unsigned read_json_line(const struct log *log, const char *line, struct e100_refusal *refusal) {
  json_t *object = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
  const json_t *value = json_object_get(object, log->keys[STATUS]);
  json_int_t status = json_integer_value(value);
  if (json_is_string(value))
    status = strtol(json_string_value(value), NULL, 10);
  copy_value(object, log->keys[ADDRESS], refusal->address);
  copy_value(object, log->keys[AGENT], refusal->client);
  copy_value(object, log->keys[UPSTREAM], refusal->server);
  json_decref(object);
  return status >= 100 && status <= 999 ? (unsigned)status : 0;
}

static void take_line(struct log *log, const char *line, struct e100_refusals *refusals) {
  struct e100_refusal refusal = {.asked = E100_ASKED_UNKNOWN, .minor = 1};
  unsigned status = log->json ? read_json_line(log, line, &refusal) : read_combined(line, &refusal);
  log->lines++;
  log->fitting += status != 0;
  refusals->answers += status >= 200;
  if (status == 417)
    e100_refusals_add(refusals, &refusal);
}

static void read_lines(struct log *log, FILE *file, struct e100_refusals *refusals) {
  char line[LINE_ROOM];
  while (fgets(line, sizeof line, file) != NULL) {
    size_t length = strlen(line);
    bool whole = length > 0 && line[length - 1] == '\n';
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] != '\0')
      take_line(log, line, refusals);
    for (int octet = 0; !whole && octet != '\n' && octet != EOF;)
      octet = getc(file); /* the rest of a line that is too long */
  }
}

bool e100_access_log_read(const char *path, const char *format, struct e100_refusals *refusals) {
  struct log log = {0};
  if (!read_format(&log, format)) {
    e100_complain(
        NULL,
        "--log-format wants combined, or json:STATUS,CLIENT,AGENT,UPSTREAM with the log's own keys; "
        "not '%s'",
        format);
    return false;
  }
  FILE *file = e100_file_open(path);
  if (file == NULL)
    return false;
  read_lines(&log, file, refusals);
  bool good = ferror(file) == 0;
  if (file != stdin)
    (void)fclose(file);
  if (!good)
    e100_complain(path, "cannot be read to its end");
  if (log.fitting < log.lines || log.lines == 0)
    e100_complain(path, "%" PRIu64 " of %" PRIu64 " lines do not fit the format; name it with --log-format",
                  log.lines - log.fitting, log.lines);
  return good && log.fitting == log.lines && log.lines > 0;
}
