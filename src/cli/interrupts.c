/* interrupts.c - SIGINT and SIGTERM, for what can be ended with what it has so far. */
#include "cli/cli.h"

volatile sig_atomic_t e100_interrupted;

static void on_signal(int number) {
  (void)number;
  e100_interrupted = 1;
}

void e100_interrupts_watch(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}
