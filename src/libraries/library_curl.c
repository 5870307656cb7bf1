/*
 * library_curl.c - libcurl as a client: its multi interface, and sockets that it is given.
 *
 * Nothing leaves the process: its sockets are connected to one of this process. They are acted on only where
 * something can happen on them, so it never asks the kernel which they are.
 * Its wait for a 100 is longer than any play, and ends where the play says so: the option that bounds it is
 * set to nothing then.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "libraries/client_library.h"

enum { WAIT_FOR_100 = 86400000 /* milliseconds: longer than any play */ };

struct asked {
  struct e100_client_asked base;
  CURL *easy;
  struct curl_slist *fields;
  size_t given; /* octets of content */
  bool rest;    /* the second half may go */
  bool paused;  /* ... and is held back */
  bool wanted;  /* content was asked for */
  bool in_head; /* of a response */
  unsigned status;
  unsigned untold; /* a 417 that is not told of before it is known whether the library repeats the request */
  bool answered;   /* a final response was begun */
  bool switched;   /* ... that is no longer HTTP: the application has been told all */
  bool may_wait;   /* it was given an Expect: which values it waits for is its own affair */
};

struct client {
  struct e100_client_guest *guest;
  CURLM *multi;
};

static struct asked *first_asked(const struct client *client) {
  return (struct asked *)client->guest->asked;
}

static struct asked *next_asked(const struct asked *asked) {
  return (struct asked *)asked->base.next;
}

static const char *version(void) {
  return curl_version_info(CURLVERSION_NOW)->version;
}

/* ---- connections ----------------------------------------------------------------------------------------
 */

static int link_of(const struct client *client, curl_socket_t end) {
  for (uint32_t i = 0; i < client->guest->count; i++)
    if (client->guest->links[i].theirs == end)
      return (int)i;
  return -1;
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
  struct client *client = user;
  (void)purpose, (void)address;
  int made = e100_client_guest_socket(client->guest);
  return made >= 0 ? made : CURL_SOCKET_BAD;
}

static int on_close(void *user, curl_socket_t end) {
  struct client *client = user;
  int link = link_of(client, end);
  if (link >= 0)
    e100_client_guest_closed(client->guest, (uint32_t)link);
  return close(end);
}

/* The library says on which socket a request waits for something: that is its connection. */
static int on_socket(CURL *easy, curl_socket_t end, int what, void *user, void *of_socket) {
  struct client *client = user;
  struct asked *asked = NULL;
  (void)of_socket;
  if (what != CURL_POLL_REMOVE && curl_easy_getinfo(easy, CURLINFO_PRIVATE, &asked) == CURLE_OK &&
      asked != NULL)
    asked->base.link = link_of(client, end);
  return 0;
}

/* ---- the application ------------------------------------------------------------------------------------
 */

static void told(const struct asked *asked, enum e100_told what, size_t number) {
  e100_client_asked_told(&asked->base, what, number);
}

static void tell_of_417(struct asked *asked) {
  if (asked->untold != 0)
    told(asked, E100_TOLD_RESPONSE, asked->untold);
  asked->untold = 0;
}

static void tell_of_head(struct asked *asked) {
  if (asked->status < 200) {
    told(asked, E100_TOLD_INTERIM, asked->status);
    asked->answered = asked->switched = asked->status == 101;
    if (asked->switched)
      told(asked, E100_TOLD_COMPLETE, 0);
    return;
  }
  asked->answered = true;
  if (asked->status == 417 && asked->base.request.expects && !asked->wanted)
    asked->untold = asked->status;
  else
    told(asked, E100_TOLD_RESPONSE, asked->status);
}

/* One line of a head, or of a trailer. A status line after a 417 is the answer to a repetition. */
static size_t on_head(char *line, size_t size, size_t count, void *user) {
  struct asked *asked = user;
  size_t length = size * count;
  asked->base.guest->happened = true;
  if (length > 5 && memcmp(line, "HTTP/", 5) == 0 && (!asked->answered || asked->untold != 0)) {
    asked->in_head = true;
    asked->untold = 0;
    asked->answered = false;
  } else if (asked->in_head && length > 0 && (line[0] == '\r' || line[0] == '\n')) {
    long status = 0;
    asked->in_head = false;
    (void)curl_easy_getinfo(asked->easy, CURLINFO_RESPONSE_CODE, &status);
    asked->status = (unsigned)status;
    tell_of_head(asked);
  }
  return length;
}

static size_t on_content(char *octets, size_t size, size_t count, void *user) {
  struct asked *asked = user;
  (void)octets;
  tell_of_417(asked);
  if (!asked->switched)
    told(asked, E100_TOLD_CONTENT, size * count);
  return size * count;
}

/* Content: all of it, or the first half until nothing else happens. */
static size_t on_content_wanted(char *room, size_t size, size_t count, void *user) {
  struct asked *asked = user;
  size_t length = asked->base.request.content_length;
  asked->wanted = true;
  if (!asked->rest && asked->base.guest->halves && length > 1)
    length /= 2;
  if (asked->given >= length && length < asked->base.request.content_length) {
    asked->paused = true; /* it may ask for more time and again, and nothing happens */
    return CURL_READFUNC_PAUSE;
  }
  asked->base.guest->happened = true;
  length -= asked->given;
  if (length > size * count)
    length = size * count;
  memcpy(room, asked->base.request.content + asked->given, length);
  asked->given += length;
  return length;
}

/* For a repetition. */
static int on_seek(void *user, curl_off_t offset, int from) {
  struct asked *asked = user;
  if (from != SEEK_SET || offset < 0 || (uint64_t)offset > asked->base.request.content_length)
    return CURL_SEEKFUNC_FAIL;
  asked->given = (size_t)offset;
  return CURL_SEEKFUNC_OK;
}

/* Handles are not used again: 7.88.1 reads freed memory where a response to a second request begins with a
 * folded line (curl's issue 11101). */
static void end(struct client *client, struct asked *asked) {
  (void)curl_multi_remove_handle(client->multi, asked->easy);
  curl_easy_cleanup(asked->easy);
  curl_slist_free_all(asked->fields);
  e100_client_asked_end(&asked->base);
}

/* What a library's application is told at the end: there is a response, or none. */
static void note_finished(struct client *client) {
  int left = 0;
  const CURLMsg *message = curl_multi_info_read(client->multi, &left);
  for (; message != NULL; message = curl_multi_info_read(client->multi, &left)) {
    struct asked *asked = NULL;
    if (message->msg != CURLMSG_DONE ||
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &asked) != CURLE_OK || asked == NULL)
      continue;
    tell_of_417(asked);
    if (!asked->switched)
      told(asked, message->data.result == CURLE_OK ? E100_TOLD_COMPLETE : E100_TOLD_ABORTED, 0);
    end(client, asked);
  }
}

/* ---- requests -------------------------------------------------------------------------------------------
 */

static bool is(const struct e100_library_request *request, const char *method) {
  return strcmp(request->method, method) == 0;
}

/* CONNECT is for proxies; and where it is told of a HEAD, the library sends no content. */
static bool takes(const struct e100_library_request *request) {
  return !is(request, "CONNECT") && !(is(request, "HEAD") && request->content_length > 0);
}

static void add_field(struct asked *asked, const char *format, const char *name, const char *value) {
  struct e100_text line = {0};
  e100_text_format(&line, format, name, value);
  struct curl_slist *longer = curl_slist_append(asked->fields, line.text);
  E100_CHECK(longer != NULL, "out of memory");
  asked->fields = longer;
  e100_text_free(&line);
}

/* The library asks with an expectation of its own before each PUT: this application says what it wants, and
 * asks for nothing where it has no content, as the library sends whatever field it is given. */
static void add_fields(struct asked *asked) {
  const struct e100_library_request *request = &asked->base.request;
  for (size_t i = 0; i < request->field_count; i++) {
    const struct e100_library_field *field = &request->fields[i];
    bool expectation = curl_strequal(field->name, "Expect") != 0;
    if ((expectation && request->content_length == 0) || curl_strequal(field->name, "Transfer-Encoding"))
      continue;
    add_field(asked, field->value[0] != '\0' ? "%s: %s" : "%s;%s", field->name, field->value);
    asked->may_wait |= expectation;
  }
  if (request->chunked)
    add_field(asked, "%s: %s", "Transfer-Encoding", "chunked");
  if (!asked->may_wait)
    add_field(asked, "%s:%s", "Expect", "");
}

/* What every request has. */
static void prepare(struct client *client, struct asked *asked) {
  CURL *easy = asked->easy;
  (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, asked);
  (void)curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1/");
  (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
  (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  (void)curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, e100_client_guest_path());
  (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  (void)curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, (long)WAIT_FOR_100);
  (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, client);
  (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, client);
  (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
  (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, asked);
  (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_content);
  (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, asked);
  (void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_content_wanted);
  (void)curl_easy_setopt(easy, CURLOPT_READDATA, asked);
  (void)curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
  (void)curl_easy_setopt(easy, CURLOPT_SEEKDATA, asked);
}

static void choose_method(struct asked *asked) {
  const struct e100_library_request *request = &asked->base.request;
  CURL *easy = asked->easy;
  curl_off_t length = request->chunked ? -1 : (curl_off_t)request->content_length;
  if (is(request, "POST")) {
    (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, length);
  } else if (is(request, "PUT") || request->content_length > 0) {
    (void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, length);
  } else if (is(request, "HEAD")) {
    (void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  }
  if (!is(request, "POST") && !is(request, "PUT") && !is(request, "HEAD") && !is(request, "GET"))
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
  else if (is(request, "GET") && request->content_length > 0)
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "GET");
}

static void begin(void *self, struct e100_client_asked *base) {
  struct client *client = self;
  struct asked *asked = (struct asked *)base;
  asked->easy = curl_easy_init();
  E100_CHECK(asked->easy != NULL, "out of memory");
  prepare(client, asked);
  choose_method(asked);
  add_fields(asked);
  (void)curl_easy_setopt(asked->easy, CURLOPT_REQUEST_TARGET, asked->base.request.target);
  (void)curl_easy_setopt(asked->easy, CURLOPT_HTTPHEADER, asked->fields);
  (void)curl_easy_setopt(asked->easy, CURLOPT_FORBID_REUSE, asked->base.request.close ? 1L : 0L);
  E100_CHECK(curl_multi_add_handle(client->multi, asked->easy) == CURLM_OK, "a request can be added");
}

static void give_up(void *self, struct e100_client_asked *asked) {
  end(self, (struct asked *)asked);
}

/* ---- the loop -------------------------------------------------------------------------------------------
 */

static bool turn(void *self) {
  struct client *client = self;
  int running = 0;
  (void)curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  for (uint32_t i = 0; i < client->guest->count; i++)
    if (client->guest->links[i].theirs >= 0)
      (void)curl_multi_socket_action(client->multi, client->guest->links[i].theirs,
                                     CURL_CSELECT_IN | CURL_CSELECT_OUT, &running);
  note_finished(client);
  return client->guest->happened;
}

/* The head has left, and no content was asked for yet. */
static bool waits_for_100(const struct asked *asked) {
  return asked->may_wait && asked->base.link >= 0 && !asked->wanted && !asked->answered;
}

static bool waits(void *self) {
  const struct client *client = self;
  for (const struct asked *asked = first_asked(client); asked != NULL; asked = next_asked(asked))
    if (waits_for_100(asked))
      return true;
  return false;
}

static void stop_waiting(void *self) {
  const struct client *client = self;
  for (const struct asked *asked = first_asked(client); asked != NULL; asked = next_asked(asked))
    if (waits_for_100(asked))
      (void)curl_easy_setopt(asked->easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 0L);
}

static bool give_rest(void *self) {
  const struct client *client = self;
  bool any = false;
  for (struct asked *asked = first_asked(client); asked != NULL; asked = next_asked(asked)) {
    asked->rest |= asked->wanted;
    if (!asked->paused)
      continue;
    asked->paused = false;
    (void)curl_easy_pause(asked->easy, CURLPAUSE_CONT);
    any = true;
  }
  return any;
}

static void *open_client(struct e100_client_guest *guest) {
  static bool ready;
  if (e100_client_guest_path() == NULL || (!ready && curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK))
    return NULL;
  ready = true;
  struct client *client = calloc(1, sizeof *client);
  E100_CHECK(client != NULL, "out of memory");
  client->guest = guest;
  client->multi = curl_multi_init();
  E100_CHECK(client->multi != NULL, "out of memory");
  (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
  (void)curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)guest->count);
  return client;
}

static void close_client(void *self) {
  struct client *client = self;
  (void)curl_multi_cleanup(client->multi);
  free(client);
}

const struct e100_client_library e100_library_curl = {
    .name = "curl",
    .version = version,
    .asked_size = sizeof(struct asked),
    .quiet_turns = 2, /* with more of them all cases of the corpus come out the same */
    .open = open_client,
    .takes = takes,
    .begin = begin,
    .give_up = give_up,
    .turn = turn,
    .waits = waits,
    .stop_waiting = stop_waiting,
    .give_rest = give_rest,
    .close = close_client};
