/*
 * library.h - other people's server libraries in this process, as subjects.
 *
 * A library gets connections over sockets of this machine and runs in its own loop, which is turned until
 * nothing is left to do: no threads, and no waiting for a clock. So a silence is exact, and the same input
 * gives the same transcript. Its timers stand still: no input can make them fire.
 *
 * The application inside answers each complete request with 200, and with its mark where it has one
 * (docs/case-format.md, "Marks"); to a target that is a slash and a status (/401) it gives that status as
 * soon as the library tells it of the head.
 */
#ifndef E100_LIBRARY_H
#define E100_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "subjects/subject.h"

enum {
  E100_LIBRARY_TURNS_LIMIT = 4096,  /* turns of a library's loop for one step; one that goes on for ever stops
                                       here */
  E100_LIBRARY_QUIET_TURNS = 3,     /* turns in a row in which nothing happened: it has settled */
  E100_LIBRARY_SENT_LIMIT = 1 << 20 /* octets that are read of one connection; then it is reset */
};

/* A connection to a library. */
struct e100_library_link {
  int socket; /* the client's end; -1: none */
  uint32_t link;
  uint16_t port;     /* of the client's end, where the library knows connections by it; else 0 */
  uint64_t received; /* octets that the library sent */
  bool ended;        /* the library has ended it */
  struct e100_sink *sink;
};

/* How a library is used. */
struct e100_library {
  const char *name; /* "evhttp" */
  const char *(*version)(void);
  /* Starts a server; NULL: it cannot. It stays for the rest of the process. */
  void *(*start)(void);
  /* Opens a connection: sets `socket`, and what the library knows it by. */
  bool (*connect)(void *server, struct e100_library_link *link);
  /* Does what can be done at once; true where the application or a connection noticed anything. */
  bool (*turn)(void *server);
  /* Nobody asks for LINK any more. */
  void (*forget)(void *server, struct e100_library_link *link);
};

extern const struct e100_library e100_library_evhttp;
extern const struct e100_library e100_library_microhttpd;

/* The status that TARGET asks for at once, or 0: 200, once the request is complete. */
unsigned e100_library_status_of(const char *target);

/* Adds "lib:NAME" for each library of this build to the subjects (e100_subject_add). */
void e100_libraries_add(void);

#endif
