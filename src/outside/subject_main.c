/* subject_main.c - the replay program of a subject of somebody else's. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/known.h"
#include "outside/outside.h"
#include "outside/subject_inputs.h"
#include "report/finding_text.h"

struct replay {
  const struct e100_subject *subject;
  struct e100_known known;
  const char *seeds; /* the folder to write inputs of an engine to, instead of playing; or NULL */
  const char *cases; /* the folder to write what was found to, as cases; or NULL */
  bool brief;
  size_t played, passed_over, failed, known_only;
  struct e100_exchange play, transcript;
};

static bool ends_in(const char *text, const char *ending) {
  size_t length = strlen(text), its = strlen(ending);
  return length >= its && strcmp(text + length - its, ending) == 0;
}

/* ---- one exchange ------------------------------------------------------------------------------------- */

/* How many findings against the subject are not known; all of them are added to OUT. */
static size_t describe(struct replay *replay, const struct e100_verdict *verdict, const char *path,
                       struct e100_text *out) {
  const struct e100_source source = {.path = path, .name = path};
  size_t fresh = 0;
  e100_known_look(&replay->known, &source);
  for (uint32_t i = 0; i < e100_findings_kept(&verdict->findings); i++) {
    const struct e100_finding *finding = &verdict->findings.list[i];
    if (finding->party != e100_role_party((enum e100_role)replay->transcript.role) ||
        e100_rule_severity(finding->rule) != E100_VIOLATION)
      continue;
    const char *reason = e100_known_reason(&replay->known, &source, &verdict->findings, finding);
    e100_finding_text(&replay->transcript, finding, e100_colours(stdout), out);
    if (reason != NULL)
      e100_text_format(out, "  known      %s\n", reason);
    fresh += reason == NULL;
  }
  return fresh;
}

/* Where DIR has it: the name of PATH, with the ending of a case or without one. */
static void add_path_in(struct e100_text *out, const char *dir, const char *path, const char *ending) {
  const char *name = e100_base_name(path);
  e100_text_format(out, "%s/%.*s%s", dir, (int)(strlen(name) - (ends_in(name, ".case") ? 5 : 0)), name,
                   ending);
}

/* What came to pass, and what was found in it: a case that judge and minimize read. */
static bool write_case(const struct replay *replay, const char *path) {
  struct e100_text text = {0}, to = {0};
  e100_case_print(&replay->transcript, &text);
  add_path_in(&to, replay->cases, path, ".case");
  bool written = e100_file_write(to.text, text.text, text.length);
  e100_text_free(&text);
  e100_text_free(&to);
  return written;
}

static int play(struct replay *replay, const char *path) {
  struct e100_verdict verdict;
  struct e100_text findings = {0}, out = {0};
  if (!e100_play(&replay->play, replay->subject, &replay->transcript)) {
    e100_complain(path, "the subject %s did not start", replay->subject->name);
    return E100_EXIT_CANNOT;
  }
  replay->played++;
  e100_judge(&replay->transcript, &verdict);
  size_t fresh = describe(replay, &verdict, path, &findings);
  replay->failed += fresh > 0;
  replay->known_only += fresh == 0 && findings.length > 0;
  if (findings.length > 0) {
    e100_add_plain(&out, path);
    e100_text_format(&out, "\n");
    e100_add_title(&out, &replay->play, "  ");
    if (!replay->brief && fresh > 0) {
      e100_text_format(&out, "\n");
      e100_marked_ladder(&replay->transcript, &verdict.findings, &out);
      e100_text_format(&out, "\n");
    }
    e100_text_format(&out, "%s\n", findings.text);
    e100_put(&out);
  }
  bool written = replay->cases == NULL || fresh == 0 || write_case(replay, path);
  e100_text_free(&findings);
  if (!written)
    return E100_EXIT_CANNOT;
  return fresh > 0 ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

/* The exchange as an input of an engine, under the name of its case without the ending. */
static int write_seed(struct replay *replay, const char *path) {
  struct e100_text seed = {0}, to = {0};
  e100_text_add(&seed, "", 0);
  add_path_in(&to, replay->seeds, path, "");
  bool written = e100_subject_inputs(replay->subject)->encode(&replay->play, &seed) &&
                 e100_file_write(to.text, seed.text, seed.length);
  replay->played += written;
  e100_text_free(&seed);
  e100_text_free(&to);
  return written ? E100_EXIT_FINE : E100_EXIT_CANNOT;
}

/* ---- files ------------------------------------------------------------------------------------------------
 */

/* A case is played where it is a play for the subject's role; anything else is an input of an engine. */
static int take_file(struct replay *replay, const char *path) {
  struct e100_text text = {0};
  if (!e100_file_read(path, &text))
    return E100_EXIT_CANNOT;
  e100_exchange_clear(&replay->play);
  bool is_case = ends_in(path, ".case");
  const uint8_t *octets = text.length > 0 ? (const uint8_t *)text.text : (const uint8_t *)"";
  bool read = !is_case || e100_case_read(&replay->play, path, &text);
  if (!is_case)
    e100_subject_inputs(replay->subject)->decode(&replay->play, octets, text.length);
  e100_text_free(&text);
  if (!read)
    return E100_EXIT_CANNOT;
  if (replay->play.kind == E100_KIND_PLAY && replay->play.role == replay->subject->role)
    return replay->seeds != NULL ? write_seed(replay, path) : play(replay, path);
  replay->passed_over++;
  return E100_EXIT_FINE;
}

static int take_path(struct replay *replay, const char *path, unsigned depth);

static int take_folder(struct replay *replay, const char *path, unsigned depth) {
  struct dirent **names = NULL;
  int count = scandir(path, &names, NULL, alphasort), code = E100_EXIT_FINE;
  if (count < 0 || depth > E100_FOLDER_DEPTH_LIMIT) {
    e100_complain(path, "the folder cannot be read");
    code = E100_EXIT_CANNOT;
  }
  for (int i = 0; i < count; i++) {
    struct e100_text inner = {0};
    e100_path_in(&inner, path, names[i]->d_name);
    if (names[i]->d_name[0] != '.' && depth <= E100_FOLDER_DEPTH_LIMIT) {
      int worst = take_path(replay, inner.text, depth + 1);
      code = worst > code ? worst : code;
    }
    e100_text_free(&inner);
    free(names[i]);
  }
  free(names);
  return code;
}

static int take_path(struct replay *replay, const char *path, unsigned depth) {
  return e100_is_folder(path) ? take_folder(replay, path, depth) : take_file(replay, path);
}

/* ---- the program ----------------------------------------------------------------------------------------
 */

static int finish(struct replay *replay, int code) {
  if (replay->played == 0 && code != E100_EXIT_CANNOT) {
    e100_complain(NULL, "nothing was played: no case of kind play for a subject of role %s",
                  e100_role_name(replay->subject->role));
    code = E100_EXIT_CANNOT;
  }
  if (replay->seeds != NULL)
    printf("%zu seeds in %s\n", replay->played, replay->seeds);
  else
    printf("%zu played against %s, %zu with findings, %zu with known ones only; %zu passed over\n",
           replay->played, replay->subject->name, replay->failed, replay->known_only, replay->passed_over);
  e100_known_complain_unused(&replay->known);
  return e100_output_finished() ? code : E100_EXIT_CANNOT;
}

/* The cases that people wrote, and those that campaigns found. */
static int take_all(struct replay *replay, const char *data) {
  static const char *const folders[] = {"cases", "found"};
  int code = E100_EXIT_FINE;
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    struct e100_text path = {0};
    e100_path_in(&path, data, folders[i]);
    int worst = take_path(replay, path.text, 0);
    code = worst > code ? worst : code;
    e100_text_free(&path);
  }
  return code;
}

int e100_subject_main(const struct e100_subject *subject, const char *data, int argc, char **argv) {
  const char *known = NULL;
  struct replay replay = {.subject = subject};
  const struct e100_option options[] = {
      {"known", "FILE", "findings that are known: lines CASE RULE # reason", NULL, &known},
      {"seeds", "DIR", "writes the cases as inputs of an engine to DIR, and plays nothing", NULL,
       &replay.seeds},
      {"cases", "DIR", "writes what came to pass where something is found to DIR, as cases", NULL,
       &replay.cases},
      {"brief", NULL, "the findings without ladder diagrams", &replay.brief, NULL},
  };
  const struct e100_usage usage = {
      .command = "replay",
      .program = argv[0],
      .operands = "[CASE|INPUT|DIR]...",
      .sentence = "Plays cases, and inputs of an engine, against the subject, and "
                  "shows what is found.",
      .details = "Default: the cases that came with expect100.\nExit code: 0 nothing "
                 "new, 1 findings, 2 could not run.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0, code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (subject->version != E100_SUBJECT_VERSION || e100_subject_inputs(subject) == NULL) {
    e100_complain(
        NULL,
        "%s is a subject of version %u; this program knows version %d, and needs a role that can be "
        "played",
        subject->name, subject->version, E100_SUBJECT_VERSION);
    return E100_EXIT_CANNOT;
  }
  if ((replay.seeds != NULL && !e100_folder_make(replay.seeds)) ||
      (replay.cases != NULL && !e100_folder_make(replay.cases)))
    return E100_EXIT_CANNOT;
  if (known != NULL && !e100_known_read(&replay.known, known))
    return E100_EXIT_CANNOT;
  e100_exchange_init(&replay.play);
  e100_exchange_init(&replay.transcript);
  code = operands == 0 ? take_all(&replay, data) : E100_EXIT_FINE;
  for (int i = 1; i <= operands; i++) {
    int worst = take_path(&replay, argv[i], 0);
    code = worst > code ? worst : code;
  }
  code = finish(&replay, code);
  e100_exchange_free(&replay.play);
  e100_exchange_free(&replay.transcript);
  e100_known_free(&replay.known);
  return code;
}
