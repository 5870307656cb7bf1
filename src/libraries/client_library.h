/*
 * client_library.h - how a client library in this process is used.
 *
 * Its application asks for what the play says (app> request), each request once, with all of the library's
 * means: a pool of at most as many connections as the exchange has links, one after the other over the same
 * link where the last connection is gone. It is told what the library says, and nothing is followed or
 * repeated but what the library does by itself. Content is given when the library wants it.
 */
#ifndef E100_CLIENT_LIBRARY_H
#define E100_CLIENT_LIBRARY_H

#include "libraries/library.h"

enum {
  E100_LIBRARY_FIELDS_LIMIT = 64, /* field lines of a request that a library is told of */
  E100_LIBRARY_PATH_LIMIT = 100   /* octets of the path of a folder for a socket, with the closing NUL */
};

/* A field line that an application hands to a library: without blanks around its value. */
struct e100_library_field {
  const char *name, *value;
};

/* A request as an application has it. */
struct e100_library_request {
  const char *method, *target;
  /* As they were asked for, but for Content-Length, which the library makes itself. */
  struct e100_library_field fields[E100_LIBRARY_FIELDS_LIMIT];
  size_t field_count;
  bool expects; /* with 100-continue */
  bool chunked;
  bool close; /* the connection is to be closed afterwards */
  const uint8_t *content;
  size_t content_length;
  char *block; /* what all of these lead into; owned */
};

/* Reads what an application asks for. False: it is no sound request, or one that no application can ask a
 * library for; nothing is owned then. CHUNKED: content goes in chunks. */
bool e100_library_request_read(struct e100_library_request *request, const uint8_t *octets, size_t length,
                               bool chunked);
void e100_library_request_free(struct e100_library_request *request);

/* What an application has asked for, and is not over. A library embeds one, as its first member, in what it
 * keeps of a request. */
struct e100_client_asked {
  struct e100_client_guest *guest;
  struct e100_library_request request;
  int link;                       /* -1: none yet */
  bool begun;                     /* the library has it */
  bool dropped;                   /* the application has given it up, and is told nothing more */
  struct e100_client_asked *next; /* in the order in which they were asked for; NULL: the last */
};

/* A play of a client library: its connections, whose other ends are here, and what was asked for. */
struct e100_client_guest {
  const struct e100_client_library *library;
  void *client; /* the library's */
  struct e100_sink *sink;
  bool chunked, halves; /* policies */
  bool over;            /* the play is: nothing is told any more */
  bool happened;        /* an application was told something, or a connection came or went */
  uint32_t count;
  uint32_t opened; /* connections */
  struct e100_library_link links[E100_LINKS_LIMIT];
  struct e100_client_asked *asked; /* NULL: nothing */
};

/* The path to which a library connects its sockets: of a socket of this process that has no name in any
 * folder. NULL: there can be none. */
const char *e100_client_guest_path(void);
int e100_client_listener(void); /* that socket, once somebody has asked for its path */
/* Gives a socket on a link that has no connection, which the library connects to that path at once; -1 where
 * there is no room. */
int e100_client_guest_socket(struct e100_client_guest *guest);
/* The library has made the socket END, and connects it to that path at once: the link that it is, or -1 where
 * there is none left. When it is closed is seen from this end. */
int e100_client_guest_connects(struct e100_client_guest *guest, int end);
/* The library closes the connection of LINK now: what it sent before is read. Its own end stays open. */
void e100_client_guest_closed(struct e100_client_guest *guest, uint32_t link);
void e100_client_asked_told(const struct e100_client_asked *asked, enum e100_told told, size_t number);
/* The application gives up by itself what it asked for. */
void e100_client_asked_give_up(struct e100_client_asked *asked);
/* It is over, and ASKED is freed. */
void e100_client_asked_end(struct e100_client_asked *asked);

/* How a client library is used. */
struct e100_client_library {
  const char *name; /* "curl" */
  const char *(*version)(void);
  size_t asked_size;    /* octets of what it keeps of a request */
  unsigned quiet_turns; /* in a row that leave nothing to do: then it has settled */
  /* Starts a client with an empty pool; NULL: it cannot. */
  void *(*open)(struct e100_client_guest *guest);
  /* Whether a library can be asked for that. */
  bool (*takes)(const struct e100_library_request *request);
  /* The library has ASKED, which is all zero behind its first member, begin. */
  void (*begin)(void *client, struct e100_client_asked *asked);
  /* The application has given up what was begun: ASKED ends, now or in a later turn. */
  void (*give_up)(void *client, struct e100_client_asked *asked);
  /* Does what can be done at once; true: there may be more. */
  bool (*turn)(void *client);
  /* Something waits for a 100; NULL: there is no timer for that wait. */
  bool (*waits)(void *client);
  /* That wait is over for all that wait. */
  void (*stop_waiting)(void *client);
  /* The second half of content is given now, where it is held back; false: nowhere. */
  bool (*give_rest)(void *client);
  /* All was given up before. */
  void (*close)(void *client);
};

extern const struct e100_client_library e100_library_curl;
extern const struct e100_client_library e100_library_soup_client;

/* A subject of LIBRARY, without name and summary. */
struct e100_subject e100_client_library_subject(const struct e100_client_library *library);

#endif
