/*
 * fuzz_supervise.c - the small process between a campaign and an engine, so that nothing is left running.
 *
 * A campaign that is killed cannot clean up, and an engine that is killed leaves its own children behind
 * (AFL++'s persistent child stays stopped for ever). The supervisor collects every orphan below it, is
 * told when its parent dies, and then ends all of them.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <dirent.h>
#include <unistd.h>

#include "cli/fuzz.h"

enum { STARTED_FAILED = 127, ARGUMENTS_BEFORE_PROGRAM = 4 };

/* The parent of process PID; 0: there is no such process. */
static pid_t parent_of(const char *pid) {
  char path[64];
  char text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  /* The name is in parentheses and may hold any character; the state and the parent follow it. */
  const char *after_name = strrchr(text, ')');
  if (after_name == NULL || strlen(after_name) < 5)
    return 0;
  return (pid_t)strtol(after_name + 4, NULL, 10);
}

static void kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL)
    return;
  for (struct dirent *entry; (entry = readdir(processes)) != NULL;)
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == getpid())
      kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
  closedir(processes);
}

/* Children of those that die become ours, so this goes on until there are none. */
static void kill_all_below(void) {
  for (;;) {
    kill_children();
    int status = 0;
    if (waitpid(-1, &status, 0) < 0 && errno == ECHILD)
      return;
  }
}

_Noreturn static void become_program(char **command, const sigset_t *before, bool fixed_addresses) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigprocmask(SIG_SETMASK, before, NULL);
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none); /* the artifact says all that a core file could, in less room */
  if (fixed_addresses && personality(ADDR_NO_RANDOMIZE) < 0)
    e100_complain(NULL, "the addresses of programs cannot be fixed here: %s", strerror(errno));
  execv(command[0], command);
  e100_complain(command[0], "cannot be started: %s", strerror(errno));
  _exit(STARTED_FAILED);
}

/* Gives what the supervisor ends with once the program has ended. */
static int watch(pid_t program, pid_t campaign, const sigset_t *signals) {
  for (;;) {
    siginfo_t signal;
    if (sigwaitinfo(signals, &signal) < 0)
      continue;
    if (signal.si_signo == SIGUSR1 || getppid() != campaign) {
      kill_all_below();
      return 128 + SIGKILL;
    }
    if (signal.si_signo == SIGINT || signal.si_signo == SIGTERM)
      kill(program, signal.si_signo);
    int status = 0;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended != program)
        continue;
      kill_all_below();
      return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
  }
}

int e100_child_supervise(int argc, char **argv) {
  if (argc <= ARGUMENTS_BEFORE_PROGRAM)
    return E100_EXIT_CANNOT;
  pid_t campaign = (pid_t)strtol(argv[2], NULL, 10);
  bool fixed_addresses = argv[3][0] == '1';

  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  for (size_t i = 0; i < 5; i++)
    sigaddset(&signals, (int[]){SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGUSR1}[i]);
  sigprocmask(SIG_BLOCK, &signals, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGHUP);
  if (getppid() != campaign) /* it died before we could ask to be told */
    return E100_EXIT_CANNOT;

  pid_t program = fork();
  if (program == 0)
    become_program(argv + ARGUMENTS_BEFORE_PROGRAM, &before, fixed_addresses);
  if (program < 0) {
    e100_complain(NULL, "no further process can be started: %s", strerror(errno));
    return STARTED_FAILED;
  }
  /* The campaign reads to the end of the program's output, so the supervisor holds no copy of it. */
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  _exit(watch(program, campaign, &signals));
}
