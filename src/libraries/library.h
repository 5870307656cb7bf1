/*
 * library.h - other people's libraries in this process, as subjects: servers and clients.
 *
 * A library gets connections over sockets of this machine and runs in its own loop, which is turned until
 * nothing is left to do: no threads, and no waiting for a clock. So a silence is exact, and the same input
 * gives the same transcript. Its timers stand still: no input can make them fire, but for a client's wait
 * for a 100, which ends where the input says so.
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
  E100_LIBRARY_QUIET_TURNS = 3,     /* turns in a row in which nothing happened: it has settled, where
                                       it does not say itself that it has nothing left to do */
  E100_LIBRARY_SENT_LIMIT = 1 << 20 /* octets that are read of one connection; then it is reset */
};

/* A connection of a library: our end of it. */
struct e100_library_link {
  int socket;      /* our end; -1: none */
  int theirs;      /* a client library's end, which it owns: by it connections are known */
  bool taken;      /* ... which was connected to ours */
  bool closes;     /* ... and closes when it likes, and never half-closes */
  uint64_t inode;  /* ... of that end, by which it is seen even where ours is gone */
  uint32_t opened; /* ... the number of the connection, from 1 */
  uint32_t link;
  uint16_t port;     /* of our end, where a server library knows connections by it; else 0 */
  uint64_t received; /* octets that the library sent */
  bool ended;        /* the library has ended it */
  bool over;         /* the play is: nothing is told any more */
  struct e100_sink *sink;
};

/* Reads what the library has sent, and tells the sink; true where there was anything. */
bool e100_library_read(struct e100_library_link *link);
/* Reads all that has come. */
void e100_library_read_all(struct e100_library_link *link);
/* The application of a server is told something, or decides; what the library did before comes first. */
void e100_library_told(struct e100_library_link *link, enum e100_told told, size_t number);
void e100_library_decided(struct e100_library_link *link, enum e100_decision what, unsigned status);
/* Closes our end. RESET: so that no connection lingers in the kernel. */
void e100_library_hang_up(struct e100_library_link *link, bool reset);

/* Adds "lib:NAME" for each library of this build to the subjects (e100_subject_add). */
void e100_libraries_add(void);

/* The name of the file of what is known of the subject SUBJECT, in the version that is here:
 * "lib-evhttp-2.1.12-stable.known". NULL: it is no library of this build. */
const char *e100_library_known(const char *subject);

#endif
