/*
 * own_server.c - reads one request, answers it, and closes: GET, HEAD, POST, PUT, DELETE, with a
 * Content-Length. What it does not take it refuses, and closes. There is one thing wrong with it.
 */
#include "own_server.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const bad = "400 Bad Request";

enum { HEAD_ROOM = 8192, LENGTH_DIGITS = 18 };

struct own_server {
  own_server_send *send;
  void *user;
  bool in_content;
  bool head_method;
  bool expects;
  unsigned hosts, lengths;
  unsigned long long left; /* octets of content that have not come */
  size_t head_length;
  char head[HEAD_ROOM + 1];
};

static bool answer(struct own_server *server, const char *status, const char *content) {
  char text[256];
  int length =
      snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
               strlen(content), server->head_method ? "" : content);
  server->send(server->user, text, (size_t)length);
  return false;
}

static bool is_token(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (!isalnum((unsigned char)text[i]) && memchr("!#$%&'*+-.^_`|~", text[i], 15) == NULL)
      return false;
  return length > 0;
}

static bool is_value(const char *text) {
  for (; *text != '\0'; text++)
    if ((unsigned char)*text < ' ' && *text != '\t')
      return false;
  return true;
}

/* NULL, or the status with which the request line is refused. */
static const char *read_request_line(struct own_server *server, char *line, bool *http_11) {
  static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
  char *target = strchr(line, ' ');
  char *version = target != NULL ? strchr(target + 1, ' ') : NULL;
  if (version == NULL || !is_token(line, (size_t)(target - line)) || strchr(version + 1, ' ') != NULL)
    return bad;
  *target++ = *version++ = '\0';
  if (strlen(version) != 8 || strncmp(version, "HTTP/", 5) != 0 || !isdigit((unsigned char)version[5]) ||
      version[6] != '.' || !isdigit((unsigned char)version[7]))
    return bad;
  for (const char *at = target; *at != '\0'; at++)
    if (*at <= ' ' || *at == 127)
      return bad;
  if (strncmp(target, "/", 1) != 0 && strncmp(target, "http://", 7) != 0)
    return bad;
  if (version[5] != '1')
    return "505 HTTP Version Not Supported";
  *http_11 = version[7] != '0';
  server->head_method = strcmp(line, "HEAD") == 0;
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
    if (strcmp(line, methods[i]) == 0)
      return NULL;
  return "501 Not Implemented";
}

static const char *read_length(struct own_server *server, const char *value) {
  if (server->lengths++ > 0 || strspn(value, "0123456789") != strlen(value) || *value == '\0')
    return bad;
  if (strlen(value) > LENGTH_DIGITS)
    return "413 Content Too Large";
  server->left = strtoull(value, NULL, 10);
  return NULL;
}

/* A name or an address, and perhaps a port. */
static const char *read_host(struct own_server *server, const char *value) {
  size_t name = strcspn(value, ":");
  if (*value == '[')
    name = strspn(value, "[]0123456789abcdefABCDEF:.");
  else if (strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~") < name)
    return bad;
  const char *port = value + name + (value[name] == ':');
  return server->hosts++ == 0 && strspn(port, "0123456789") == strlen(port) ? NULL : bad;
}

static const char *read_field(struct own_server *server, char *line) {
  char *colon = strchr(line, ':');
  if (colon == NULL || !is_token(line, (size_t)(colon - line)))
    return bad;
  *colon = '\0';
  char *value = colon + 1 + strspn(colon + 1, " \t");
  size_t length = strlen(value);
  while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
    value[--length] = '\0';
  if (!is_value(value))
    return bad;
  if (strcasecmp(line, "host") == 0)
    return read_host(server, value);
  if (strcasecmp(line, "content-length") == 0)
    return read_length(server, value);
  if (strcasecmp(line, "transfer-encoding") == 0)
    return "411 Length Required";
  if (strcasecmp(line, "expect") == 0 && strcmp(value, "100-continue") == 0)
    server->expects = true;
  return NULL;
}

/* The head is whole: its lines, one by one. */
static bool read_head(struct own_server *server) {
  bool http_11 = false;
  const char *refusal = memchr(server->head, '\0', server->head_length) != NULL ? bad : NULL;
  server->head[server->head_length - 2] = '\0'; /* the empty line */
  for (char *line = server->head; refusal != bad && *line != '\0';) {
    char *end = strstr(line, "\r\n");
    *end = '\0';
    const char *why =
        line == server->head ? read_request_line(server, line, &http_11) : read_field(server, line);
    refusal = why != NULL ? why : refusal;
    line = end + 2;
  }
  if (http_11 && server->hosts != 1)
    refusal = bad;
  if (refusal != NULL)
    return answer(server, refusal, "");
  server->in_content = true;
  if (http_11 && server->expects && server->left > 0)
    server->send(server->user, "HTTP/1.1 100 Continue\r\n\r\n", 25);
  return true;
}

struct own_server *own_server_new(own_server_send *send, void *user) {
  struct own_server *server = calloc(1, sizeof *server);
  if (server != NULL) {
    server->send = send;
    server->user = user;
  }
  return server;
}

void own_server_free(struct own_server *server) {
  free(server);
}

bool own_server_octets(struct own_server *server, const char *octets, size_t length) {
  size_t at = 0;
  for (; at < length && !server->in_content; at++) {
    if (server->head_length == HEAD_ROOM)
      return answer(server, "431 Request Header Fields Too Large", "");
    server->head[server->head_length++] = octets[at];
    if (server->head_length == 2 && memcmp(server->head, "\r\n", 2) == 0)
      server->head_length = 0; /* an empty line in front */
    if (server->head_length >= 4 && memcmp(server->head + server->head_length - 4, "\r\n\r\n", 4) == 0 &&
        !read_head(server))
      return false;
  }
  if (!server->in_content)
    return true;
  size_t taken = length - at < server->left ? length - at : (size_t)server->left;
  server->left -= taken;
  return server->left > 0 || answer(server, "200 OK", "thanks\n");
}
