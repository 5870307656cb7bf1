/* client_orders.c - requests as lines and variables for a program, and its lines as what an application is
 * told. */
#include "live/client_orders.h"

#include "live/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
  const char *placeholder, *variable;
} placeholders[] = {{"{url}", "E100_URL"},       {"{port}", "E100_PORT"},       {"{method}", "E100_METHOD"},
                    {"{length}", "E100_LENGTH"}, {"{content}", "E100_CONTENT"}, {"{ca}", "E100_CA"}};
/* By which libraries of TLS learn what to trust. */
static const char *const trusting[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
                                       "NODE_EXTRA_CA_CERTS"};
enum { PLACEHOLDERS = sizeof placeholders / sizeof placeholders[0], WORD_LIMIT = 1024 };

static size_t placeholder_at(const char *text) {
  size_t i = 0;
  while (i < PLACEHOLDERS &&
         strncmp(text, placeholders[i].placeholder, strlen(placeholders[i].placeholder)) != 0)
    i++;
  return i;
}

bool e100_command_asks_once(const char *command) {
  for (const char *c = command; *c != '\0'; c++)
    if (placeholder_at(c) < PLACEHOLDERS)
      return true;
  return false;
}

/* Placeholders become variables of the shell: no value is ever read as a part of the command. */
static char *filled_in(const char *command) {
  struct e100_text out = {0};
  e100_text_add(&out, "", 0);
  for (const char *c = command; *c != '\0';) {
    size_t i = placeholder_at(c);
    if (i < PLACEHOLDERS) {
      e100_text_format(&out, "${%s}", placeholders[i].variable);
      c += strlen(placeholders[i].placeholder);
    } else {
      e100_text_add(&out, c++, 1);
    }
  }
  return out.text;
}

/* ---- the request --------------------------------------------------------------------------------------- */

/* A request that an application asks for: pieces of its octets. */
struct asked {
  char method[WORD_LIMIT], target[WORD_LIMIT];
  const char *fields, *content, *end;
};

static const char *next_line(const char *at, const char *end) {
  const char *feed = memchr(at, '\n', (size_t)(end - at));
  return feed != NULL ? feed + 1 : end;
}

static size_t length_of_line(const char *at, const char *next) {
  while (next > at && (next[-1] == '\n' || next[-1] == '\r'))
    next--;
  return (size_t)(next - at);
}

/* A word of the request line, up to a blank; false where it has octets that a line of a driver can't have. */
static bool take_word(const char **at, const char *end, char out[WORD_LIMIT]) {
  size_t length = 0;
  while (*at < end && **at != ' ' && length + 1 < WORD_LIMIT && **at > ' ' && **at < 127)
    out[length++] = *(*at)++;
  out[length] = '\0';
  bool good = length > 0 && *at < end && **at == ' ';
  *at += good ? 1 : 0;
  return good;
}

static bool read_asked(const char *octets, size_t length, struct asked *asked) {
  const char *at = octets;
  asked->end = octets + length;
  if (!take_word(&at, asked->end, asked->method) || !take_word(&at, asked->end, asked->target) ||
      asked->target[0] != '/')
    return false;
  asked->fields = next_line(at, asked->end);
  for (at = asked->fields; at < asked->end; at = next_line(at, asked->end))
    if (length_of_line(at, next_line(at, asked->end)) == 0) {
      asked->content = next_line(at, asked->end);
      return true;
    }
  return false;
}

static bool is_named(const char *line, size_t length, const char *name) {
  size_t name_length = strlen(name);
  return length > name_length && strncasecmp(line, name, name_length) == 0 && line[name_length] == ':';
}

/* Fields that a client makes itself are not given to it. */
static void add_fields(struct e100_text *line, const struct asked *asked) {
  for (const char *at = asked->fields; at < asked->content;) {
    const char *next = next_line(at, asked->end);
    size_t length = length_of_line(at, next);
    if (length > 0 && !is_named(at, length, "Host") && !is_named(at, length, "Content-Length")) {
      e100_text_add(line, "\t", 1);
      e100_text_add(line, at, length);
    }
    at = next;
  }
}

static bool write_content(const char *path, const struct asked *asked) {
  FILE *file = fopen(path, "wb");
  if (file == NULL)
    return false;
  size_t length = (size_t)(asked->end - asked->content);
  bool good = fwrite(asked->content, 1, length, file) == length;
  return fclose(file) == 0 && good;
}

static char *variable(const char *name, const char *value) {
  struct e100_text out = {0};
  e100_text_format(&out, "%s=%s", name, value);
  return out.text;
}

void e100_client_ca_path(const char *folder, char *out, size_t room) {
  (void)snprintf(out, room, "%s/ca.pem", folder);
}

void e100_client_order_path(const char *folder, unsigned number, char *out, size_t room) {
  (void)snprintf(out, room, "%s/content-%u", folder, number);
}

static void set_variables(struct e100_client_order *out, const char *const *values, bool tls) {
  size_t count = 0;
  for (; count < PLACEHOLDERS; count++)
    out->variables[count] = variable(placeholders[count].variable, values[count]);
  for (size_t i = 0; tls && i < sizeof trusting / sizeof trusting[0]; i++)
    out->variables[count++] = variable(trusting[i], values[PLACEHOLDERS - 1]);
}

const char *e100_client_order(const struct e100_exchange *exchange, const struct e100_step *step,
                              const char *command, const struct e100_client_place *place,
                              struct e100_client_order *out) {
  char url[WORD_LIMIT + 64], path[E100_ORDER_FOLDER_LIMIT + 32], ca[sizeof path] = "", text[2][24];
  struct asked asked;
  struct e100_text line = {0};
  memset(out, 0, sizeof *out);
  if (!read_asked((const char *)e100_step_octets(exchange, step), step->length, &asked))
    return "the situation asks for something that a client cannot be told";
  bool none = asked.content == asked.end;
  (void)snprintf(url, sizeof url, "%s://127.0.0.1:%u%s", place->tls ? "https" : "http", place->port,
                 asked.target);
  e100_client_order_path(place->folder, place->number, path, sizeof path);
  (void)snprintf(text[0], sizeof text[0], "%u", place->port);
  (void)snprintf(text[1], sizeof text[1], "%zu", (size_t)(asked.end - asked.content));
  if (!write_content(path, &asked))
    return "a file with the content could not be written";
  if (place->tls)
    e100_client_ca_path(place->folder, ca, sizeof ca);
  if (place->tls && !e100_certificate_write(ca))
    return "a file with the certificate could not be written";
  const char *values[PLACEHOLDERS] = {url, text[0], asked.method, text[1], path, ca};
  set_variables(out, values, place->tls);
  if (e100_command_asks_once(command)) {
    out->command = filled_in(command);
    return NULL;
  }
  e100_text_format(&line, "%s\t%s\t%s", asked.method, url, none ? "-" : path);
  add_fields(&line, &asked);
  e100_text_format(&line, "\n");
  out->line = line.text;
  return NULL;
}

void e100_client_order_free(struct e100_client_order *order) {
  free(order->command);
  free(order->line);
  for (size_t i = 0; i < E100_ORDER_VARIABLES; i++)
    free(order->variables[i]);
  memset(order, 0, sizeof *order);
}

/* ---- what it says ---------------------------------------------------------------------------------------
 */

static bool read_number(const char *text, uint32_t low, uint32_t high, uint32_t *out) {
  char *end = NULL;
  unsigned long value = strtoul(text, &end, 10);
  bool good =
      text[0] >= '0' && text[0] <= '9' && (*end == '\0' || *end == ' ') && value >= low && value <= high;
  *out = good ? (uint32_t)value : 0;
  return good;
}

/* LINE begins with WORD; a colon and why may follow. */
static bool is_word(const char *line, const char *word, const char **rest) {
  size_t length = strlen(word);
  if (strncmp(line, word, length) != 0 || strchr(" :", line[length]) == NULL)
    return false;
  *rest = line[length] == ' ' ? line + length + 1 : line + length;
  return true;
}

bool e100_client_said(const char *line, enum e100_told *told, uint32_t *number) {
  const char *rest = "";
  *number = 0;
  if (is_word(line, "interim", &rest)) {
    *told = E100_TOLD_INTERIM;
    return read_number(rest, 100, 199, number);
  }
  if (is_word(line, "response", &rest)) {
    bool good = read_number(rest, 100, 999, number);
    *told = *number < 200 ? E100_TOLD_INTERIM
                          : E100_TOLD_RESPONSE; /* who takes a 100 for the end says complete */
    return good;
  }
  if (is_word(line, "content", &rest)) {
    *told = E100_TOLD_CONTENT;
    return read_number(rest, 1, E100_OCTETS_LIMIT, number);
  }
  *told = is_word(line, "complete", &rest) ? E100_TOLD_COMPLETE : E100_TOLD_ABORTED;
  return *told == E100_TOLD_COMPLETE || is_word(line, "aborted", &rest);
}

bool e100_client_dropped(const char *line) {
  const char *rest = "";
  return is_word(line, "dropped", &rest);
}
