/*
 * server_library.h - how a server library in this process is used: the interface of four functions.
 *
 * The application inside answers each complete request with 200, and with its mark where it has one
 * (docs/case-format.md, "Marks"); to a target that is a slash and a status (/401) it gives that status as
 * soon as the library tells it of the head.
 */
#ifndef E100_SERVER_LIBRARY_H
#define E100_SERVER_LIBRARY_H

#include "libraries/library.h"

/* How a server library is used. */
struct e100_server_library {
  const char *name; /* "evhttp" */
  const char *(*version)(void);
  /* Starts a server; NULL: it cannot. It stays for the rest of the process. */
  void *(*start)(void);
  /* Opens a connection: sets `socket`, and what the library knows it by. */
  bool (*connect)(void *server, struct e100_library_link *link);
  /* Does what can be done at once; true: there may be more. */
  bool (*turn)(void *server);
  unsigned quiet_turns; /* in a row that leave nothing to do: then it has settled */
  /* Nobody asks for LINK any more. */
  void (*forget)(void *server, struct e100_library_link *link);
};

extern const struct e100_server_library e100_library_evhttp;
extern const struct e100_server_library e100_library_microhttpd;
extern const struct e100_server_library e100_library_soup;

/* The status that TARGET asks for at once, or 0: 200, once the request is complete. */
unsigned e100_library_status_of(const char *target);

/* A subject of LIBRARY, without name and summary. */
struct e100_subject e100_server_library_subject(const struct e100_server_library *library);

#endif
