/*
 * cost.c - one row of the table of costs: does one kind of work, over the same exchanges.
 *
 *   cost rows                    prints the names of the rows
 *   cost ROW TIMES FILE...       does the work of ROW on the play cases among FILEs, TIMES times over, and
 * prints how many octets are delivered to the subject in all of them
 *
 * The cases are those of an origin server, or for a row "client:..." or "proxy:..." those of that role.
 *
 * Only what happens inside e100_cost_measured counts (bench/cost.sh has callgrind collect there): reading the
 * cases does not. One round more than TIMES is done, and counted among the octets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <llhttp.h>

#include "exchange/exchange.h"
#include "fuzz/invariants.h"
#include "model/model.h"
#include "subjects/subject.h"

enum { CASES_LIMIT = 1024, FILE_LIMIT = 1 << 20 };

/* One case, with all that a row may need made ready. */
struct piece {
  struct e100_exchange play;
  struct e100_exchange transcript;
  struct e100_text octets; /* all that is delivered to the subject */
};

static struct piece pieces[CASES_LIMIT];
static unsigned piece_count;
static const struct e100_subject *subject;
static const char *broken; /* what an invariant said: a cost of something broken is no cost */

static enum e100_role role = E100_ROLE_ORIGIN; /* whose cases */

static bool is_delivery(const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER && step->to == e100_role_party(role) &&
         (step->flags & E100_STEP_EXPECTED) == 0;
}

/* ---- the rows ---------------------------------------------------------------------------------------- */

/* The parser with no callbacks, fed as the machine is, one on each link; where it refuses octets it gets no
 * more. */
static void parse(const struct piece *piece, uint64_t round) {
  static const llhttp_settings_t settings;
  llhttp_t llhttp[E100_LINKS_LIMIT];
  bool refused[E100_LINKS_LIMIT] = {false};
  (void)round;
  for (uint32_t link = 0; link < piece->play.link_count; link++) {
    bool asked = piece->play.links[link].server == e100_role_party(role);
    llhttp_init(&llhttp[link], asked ? HTTP_REQUEST : HTTP_RESPONSE, &settings);
  }
  for (uint32_t i = 0; i < piece->play.step_count; i++) {
    const struct e100_step *step = &piece->play.steps[i];
    if (!is_delivery(step) || refused[step->link])
      continue;
    const char *octets = (const char *)e100_step_octets(&piece->play, step);
    refused[step->link] = llhttp_execute(&llhttp[step->link], octets, step->length) != HPE_OK;
  }
}

static void play(const struct piece *piece, uint64_t round) {
  static struct e100_exchange transcript; /* reused, as the fuzz targets do */
  (void)round;
  e100_play(&piece->play, subject, &transcript);
}

static void judge(const struct piece *piece, uint64_t round) {
  static struct e100_verdict verdict;
  (void)round;
  e100_judge(&piece->transcript, &verdict);
}

static void note(const char *otherwise) {
  if (otherwise != NULL)
    broken = otherwise;
}

static void print(const struct piece *piece, uint64_t round) {
  (void)round;
  note(e100_holds_print(&piece->play));
}

static void choices(const struct piece *piece, uint64_t round) {
  (void)round;
  note(e100_holds_choices(&piece->play));
}

static void judge_prefix(const struct piece *piece, uint64_t round) {
  note(e100_holds_judge(&piece->transcript, round));
}

static void heads(const struct piece *piece, uint64_t round) {
  (void)round;
  note(e100_holds_heads((const uint8_t *)piece->octets.text, piece->octets.length, piece->play.reading));
}

static const struct row {
  const char *name;
  void (*work)(const struct piece *piece, uint64_t round);
  enum e100_role role;
} rows[] = {
    {"llhttp", parse, E100_ROLE_ORIGIN},
    {"play", play, E100_ROLE_ORIGIN},
    {"judge", judge, E100_ROLE_ORIGIN},
    {"client:llhttp", parse, E100_ROLE_CLIENT},
    {"client:play", play, E100_ROLE_CLIENT},
    {"client:judge", judge, E100_ROLE_CLIENT},
    {"proxy:llhttp", parse, E100_ROLE_PROXY},
    {"proxy:play", play, E100_ROLE_PROXY},
    {"proxy:judge", judge, E100_ROLE_PROXY},
    {"invariant:print", print, E100_ROLE_ORIGIN},
    {"invariant:choices", choices, E100_ROLE_ORIGIN},
    {"invariant:judge", judge_prefix, E100_ROLE_ORIGIN},
    {"invariant:heads", heads, E100_ROLE_ORIGIN},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* ---- measuring ------------------------------------------------------------------------------------------
 */

/* A row above, or an invariant of what a subject does. */
struct work {
  const struct row *row;
  const struct e100_invariant *invariant;
};

/* Not static and never inlined: callgrind finds it by its name. */
__attribute__((noinline)) void e100_cost_measured(const struct work *work, uint64_t times);

void e100_cost_measured(const struct work *work, uint64_t times) {
  for (uint64_t round = 0; round < times; round++) {
    for (unsigned i = 0; i < piece_count; i++) {
      const struct piece *piece = &pieces[i];
      if (work->row != NULL)
        work->row->work(piece, round);
      else
        note(work->invariant->holds(&piece->play, subject, &piece->transcript, round));
    }
  }
}

static bool find_work(const char *name, struct work *work) {
  static const char prefix[] = "invariant:";
  *work = (struct work){.row = NULL};
  for (unsigned i = 0; i < ROW_COUNT; i++) {
    if (strcmp(rows[i].name, name) == 0)
      work->row = &rows[i];
  }
  for (unsigned i = 0; e100_invariant_at(i) != NULL; i++) {
    const struct e100_invariant *invariant = e100_invariant_at(i);
    if (strncmp(name, prefix, sizeof prefix - 1) == 0 &&
        strcmp(name + sizeof prefix - 1, invariant->name) == 0)
      work->invariant = invariant;
  }
  return work->row != NULL || work->invariant != NULL;
}

/* ---- the cases -------------------------------------------------------------------------------------------
 */

static bool read_case(const char *path, struct e100_exchange *exchange) {
  static uint8_t text[FILE_LIMIT];
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return false;
  size_t length = fread(text, 1, sizeof text, file);
  bool whole = ferror(file) == 0 && feof(file) != 0;
  fclose(file);
  if (whole)
    e100_case_decode(exchange, text, length, true, NULL, NULL);
  return whole;
}

static bool add_piece(const char *path) {
  struct piece *piece = &pieces[piece_count];
  e100_exchange_init(&piece->play);
  e100_exchange_init(&piece->transcript);
  if (!read_case(path, &piece->play))
    return false;
  if (piece->play.kind != E100_KIND_PLAY || piece->play.role != role) {
    e100_exchange_free(&piece->play);
    return true;
  }
  for (uint32_t i = 0; i < piece->play.step_count; i++) {
    const struct e100_step *step = &piece->play.steps[i];
    if (is_delivery(step))
      e100_text_add(&piece->octets, (const char *)e100_step_octets(&piece->play, step), step->length);
  }
  piece_count++;
  return e100_play(&piece->play, subject, &piece->transcript);
}

static int print_rows(void) {
  for (unsigned i = 0; i < ROW_COUNT; i++)
    puts(rows[i].name);
  for (unsigned i = 0; e100_invariant_at(i) != NULL; i++)
    printf("invariant:%s\n", e100_invariant_at(i)->name);
  return 0;
}

static int refuse(const char *what, const char *name) {
  fprintf(stderr, "cost: %s: %s\n", name, what);
  return 2;
}

int main(int argc, char **argv) {
  struct work work;
  uint64_t octets = 0;
  if (argc == 2 && strcmp(argv[1], "rows") == 0)
    return print_rows();
  if (argc < 4)
    return refuse("give rows, or a row, how many times, and cases", argv[0]);
  uint64_t times = strtoull(argv[2], NULL, 10);
  if (!find_work(argv[1], &work))
    return refuse("no such row; `cost rows` lists them", argv[1]);
  role = work.row != NULL ? work.row->role : E100_ROLE_ORIGIN;
  subject = e100_subject_named("reference", role);
  for (int i = 3; i < argc; i++) {
    if (piece_count == CASES_LIMIT)
      return refuse("more cases than there is room for", argv[i]);
    if (!add_piece(argv[i]))
      return refuse("cannot be read, is larger than 1 MiB, or cannot be played", argv[i]);
  }
  for (unsigned i = 0; i < piece_count; i++)
    octets += pieces[i].octets.length;
  if (octets == 0 || times == 0)
    return refuse("there is nothing to do: no octets are delivered", argv[1]);
  e100_cost_measured(&work, times + 1);
  if (broken != NULL)
    return refuse(broken, argv[1]);
  printf("%u cases, %" PRIu64 " octets\n", piece_count, octets * (times + 1));
  return 0;
}
