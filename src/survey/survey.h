/*
 * survey.h - plays a catalogue of situations against programs, many at once, and says what each rule came to.
 *
 *  - First each situation is played once, up to `jobs` at a time against one program.
 *  - Then what was found is played again, one at a time, so that a program that serves few connections is not
 *    blamed for making others wait: a finding counts where it is seen each time.
 *  - A program is surveyed in the situations of its role. A client program is started anew for each play.
 *  - Client programs have clocks of their own. How many run at once follows what the machine bears: fewer
 * once answers of ours came late (lateness.h), more while none does. A play that was late is played again;
 * where each is late, the situation could not be judged.
 *  - A subject of this process is played without waiting for a clock, one play after the other.
 *  - What one exchange leaves in the pool of a gateway or proxy would show in another. So each of those that
 * are played at once has a lane of its own: a port of the gateway, and an origin server of ours behind it
 * alone. What is found is played again in lanes, too; but what is about a silence amid few others, as a busy
 * machine makes silences: beside witnesses, who show that the program has time (witness.h). Where it had none
 * for one of them, it is played once more by itself.
 *  - A situation with findings is also played without its expectation: where that shows the same, the fault
 * is not about Expect.
 */
#ifndef E100_SURVEY_H
#define E100_SURVEY_H

#include <signal.h>
#include <uv.h>

#include "live/live_play.h"
#include "live/client_play.h"
#include "model/model.h"
#include "subjects/subject.h"
#include "survey/survey_map.h"

enum {
  E100_SURVEY_SUBJECTS_LIMIT = 64,    /* programs in one survey */
  E100_SURVEY_SITUATIONS_LIMIT = 512, /* situations */
  E100_SURVEY_FINDINGS_LIMIT = 16,    /* findings kept of one situation with one program */
  E100_JOBS_USUAL = 64,               /* exchanges at once */
  E100_JOBS_LIMIT = 1024,
  E100_LANES_LIMIT = 64,       /* ways through one program that passes requests on */
  E100_CLIENT_JOBS_LIMIT = 8,  /* programs of one client at once, whatever `jobs`: each is a process, and a
                                  busy machine makes silences */
  E100_CLIENT_JOBS_A_CORE = 4, /* programs of all clients at once, for each core, at the beginning */
  E100_LATE_PLAYS_LIMIT =
      3,             /* plays of a client in one situation that are played again because they were late */
  E100_FEW_JOBS = 4, /* silences of a program with lanes that are looked at again at once, before each is
                        alone */
  E100_WITNESSED_JOBS = 9, /* ... eight of them, where there is a witness (witness.h), and that */
  E100_CONFIRM_USUAL = 3,  /* times that a finding is seen before it counts */
  E100_CONFIRM_LIMIT = 100
};

struct e100_situation {
  char *name; /* owned: the file's name without its end */
  struct e100_exchange play;
};

/* A finding, and how often it was seen. */
struct e100_surveyed_finding {
  struct e100_finding finding; /* of the first play */
  unsigned seen;               /* in how many of `runs` */
  unsigned before; /* plays amid others before the one alone that showed it first: they do not count */
  bool silent;     /* it is about a silence */
  bool unshown;    /* the transcript that is kept is of a play that has it not */
  bool alone; /* ... in one while nothing else was going on at the program, or it answered all witnesses */
  bool to_attest; /* ... in one before witnesses, of whom the last is still to be heard (witness.h) */
  bool without_expectation; /* the control shows it too */
};

enum e100_surveyed_state {
  E100_SURVEYED_PENDING,
  E100_SURVEYED_PLAYED,
  E100_SURVEYED_UNSUITED, /* the map has no target for it: `why` names what it lacks */
  E100_SURVEYED_FAILED,   /* it could not be played: `why` */
  E100_SURVEYED_OTHER     /* the situation is for programs of another role */
};

/* What was going on at the program during a play. */
enum e100_company {
  E100_AMID_OTHERS,
  E100_AMID_WITNESSES, /* others, but it had time for each witness; the last one is still to be heard */
  E100_ALONE           /* nothing else */
};

/* One situation with one program. */
struct e100_surveyed_cell {
  enum e100_surveyed_state state;
  char why[256];
  unsigned runs; /* plays that took place */
  unsigned late; /* ... and that did not count, as answers of ours came late (lateness.h) */
  bool controlled;
  bool retried;              /* it could not be played at first, and was tried again by itself */
  bool hides;                /* a further play showed what the first, amid others, did not */
  bool alone;                /* a further play took place while nothing else was going on at the program */
  uint64_t began, ended;     /* of the last play that made a connection; see presence.h */
  bool retaken;              /* so a play alone has taken the place of the first */
  bool apart;                /* a play alone was looked at */
  bool unanswered;           /* the first, amid others, ended without a final response */
  struct e100_exchange play; /* as it was adapted */
  enum e100_company
      company; /* of the play that is kept: of the first, or of a later one that shows what counts */
  struct e100_exchange transcript;
  struct e100_verdict verdict;
  unsigned count;
  struct e100_surveyed_finding findings[E100_SURVEY_FINDINGS_LIMIT];
  unsigned left_out_count; /* silences of a busy machine: seen at first, amid others, and in no play alone */
  struct e100_surveyed_finding left_out[E100_SURVEY_FINDINGS_LIMIT];
};

/* A way through a program that passes requests on: where it listens, and where our origin server does that
 * stands behind this way alone, so that no connection between the two is another lane's. */
struct e100_lane {
  struct e100_address address;
  int upstream;                        /* the socket of our origin server; the caller's */
  char authority[E100_HOST_LIMIT + 8]; /* of a proxy: what requests name, our origin server; else "" */
  struct e100_listener *listener;      /* while the survey runs */
  bool busy;
  uint64_t
      freed; /* when it last became free: of all times that one of the program's did; 0: it was not used */
};

struct e100_surveyed_subject {
  const char *name; /* the caller's */
  uint8_t role;     /* enum e100_role: situations of that role are played */
  struct e100_live_target target;
  struct e100_client_target client; /* in place of it, for role client */
  const struct e100_subject *here;  /* in place of both: one that is played in this process; or NULL */
  size_t lane_count;                /* of gateways and proxies: at least one; else 0 */
  struct e100_lane lanes[E100_LANES_LIMIT];
  struct e100_map map;
  bool reached;         /* at least one connection was made, and an octet came */
  uint64_t alive, lost; /* when the latest play began that made one; and when none could be made any more,
                           or 0: presence.h */
  char why[256];        /* why not */
  bool stopped; /* it answered at first, and then nobody any more (health_check.h): not everything was played
                 */
  bool stopped_amid;                /* ... while many were played */
  size_t stopped_at;                /* the situation, or one of those that were played with it */
  struct e100_surveyed_cell *cells; /* one for each situation; owned */
};

struct e100_survey {
  unsigned jobs, confirm;
  unsigned client_jobs; /* programs of clients at once, at the beginning; at most `jobs` */
  unsigned rate;        /* connections that begin in a second, at most; 0: any */
  size_t situation_count;
  struct e100_situation *situations; /* owned by the caller */
  size_t subject_count;
  struct e100_surveyed_subject subjects[E100_SURVEY_SUBJECTS_LIMIT];
  /* For people; may be NULL. Called after each play: so many of so many are done. */
  void (*progress)(void *user, size_t done, size_t known);
  void *user;
  size_t unanswered; /* first plays amid others that ended without a final response, and were played again
                        alone */
  size_t late;       /* plays that came late where that matters, and were played again */
  volatile sig_atomic_t interrupted; /* a signal handler may set it: no further play begins */
};

/* Runs the survey on a loop of its own, until everything was played. Ends early once `interrupted` is set:
 * what was not played is PENDING. */
void e100_survey_run(struct e100_survey *survey);
void e100_survey_free(struct e100_survey *survey); /* the cells */

/* A and B are the same finding, in whichever plays. */
bool e100_survey_is_same(const struct e100_finding *a, const struct e100_finding *b);
/* Plays that count for FINDING. */
unsigned e100_survey_runs(const struct e100_surveyed_cell *cell, const struct e100_surveyed_finding *finding);
/* A finding counts: it was seen in each of at least `confirm` plays. */
bool e100_survey_confirmed(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                           const struct e100_surveyed_finding *finding);

/* SILENCE, which was left out of CELL, was not found in the play alone either that took the place of the
 * first. */
bool e100_survey_left_out(const struct e100_surveyed_cell *cell, const struct e100_surveyed_finding *silence);
/* How many those are in all cells. */
size_t e100_survey_crowded(const struct e100_survey *survey);
/* Whatever SUBJECT, an origin server, has answered was in HTTP/1.0. */
bool e100_survey_speaks_10(const struct e100_survey *survey, size_t subject);
/* The situation in which SUBJECT stopped answering, or one of those that were played then; or "". */
const char *e100_survey_stopped_at(const struct e100_survey *survey, size_t subject);

/* What a rule came to with a program, over all situations. */
enum e100_rule_state {
  E100_RULE_UNSEEN,
  E100_RULE_OPEN,
  E100_RULE_KEPT,
  E100_RULE_UNSTEADY,
  E100_RULE_BROKEN
};
enum e100_rule_state e100_survey_rule(const struct e100_survey *survey, size_t subject, unsigned rule);

#endif
