/*
 * state_coverage.c - compiled without instrumentation: it is no behaviour of its own.
 *
 * libFuzzer reads an octet array in a section of a special name, and clears it before each run. AFL++
 * has no such thing before 4.34: there we own an array of guards, have AFL++ number them like edges,
 * and count in its map. In a program of neither, the array is ordinary memory.
 */
#include "fuzz/state_coverage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

__attribute__((section("__libfuzzer_extra_counters"), used,
               aligned(8))) static uint8_t counters[E100_COVER_SLOTS];

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the engines' own names. */
extern uint8_t *__afl_area_ptr __attribute__((weak));
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) __attribute__((weak));
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *, size_t)) __attribute__((weak));

static uint32_t guards[E100_COVER_SLOTS];
static bool off;

__attribute__((constructor)) static void number_guards(void) {
  const char *wish = getenv("E100_STATE_COVERAGE");
  off = wish != NULL && strcmp(wish, "off") == 0;
  if (&__afl_area_ptr != NULL && __sanitizer_cov_trace_pc_guard_init != NULL) {
    __sanitizer_cov_trace_pc_guard_init(guards, guards + E100_COVER_SLOTS);
  }
}

void e100_cover(unsigned slot) {
  slot %= E100_COVER_SLOTS;
  if (off)
    return;
  if (&__afl_area_ptr != NULL) {
    __afl_area_ptr[guards[slot]] = 1;
  } else {
    counters[slot] = 1;
  }
}

const char *e100_cover_engine(void) {
  if (&__afl_area_ptr != NULL)
    return guards[0] != guards[1] ? "afl" : "";
  return LLVMFuzzerRunDriver != NULL ? "libfuzzer" : "";
}
