/* docs_command.c - writes the documents that are made of rules, tables, faults and cases, or says which
 * of them are stale. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "report/documents.h"

struct documents {
  const char *folder;
  bool check;
  size_t count;
  size_t stale; /* written anew, or found stale */
};

struct noting {
  struct e100_case_notes *notes;
  size_t skip; /* octets of a path before what documents say of it: "cases/origin/..." */
};

static int note_case(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct noting *noting = user;
  e100_case_notes_add(noting->notes, source->path + noting->skip, exchange);
  return E100_EXIT_FINE;
}

/* The cases below CORPUS, in its folders cases and found. */
static int read_corpus(const char *corpus, struct e100_case_notes *notes) {
  static const char *const folders[] = {"cases", "found"};
  struct e100_text path = {0};
  size_t count = 0;
  int code = E100_EXIT_FINE;
  for (size_t i = 0; i < sizeof folders / sizeof folders[0] && code == E100_EXIT_FINE; i++) {
    e100_path_in(&path, corpus, folders[i]);
    struct noting noting = {.notes = notes, .skip = path.length - strlen(folders[i])};
    if (e100_is_folder(path.text))
      code = e100_each_exchange(path.text, note_case, &noting, &count);
  }
  if (code == E100_EXIT_FINE && count == 0) {
    e100_complain(corpus, "has no cases for the documents to link to; name a corpus with --corpus");
    code = E100_EXIT_CANNOT;
  }
  e100_text_free(&path);
  return code;
}

/* What is at PATH now; an absent file is an empty one. False after a message. */
static bool read_present(const char *path, struct e100_text *out) {
  return access(path, F_OK) != 0 || e100_file_read(path, out);
}

static bool same(const struct e100_text *a, const struct e100_text *b) {
  return a->length == b->length && (a->length == 0 || memcmp(a->text, b->text, a->length) == 0);
}

static int make(struct documents *documents, const struct e100_document *document,
                const struct e100_case_notes *notes) {
  struct e100_text path = {0};
  struct e100_text wanted = {0};
  struct e100_text present = {0};
  int code = E100_EXIT_FINE;
  e100_path_in(&path, documents->folder, document->name);
  document->write(notes, &wanted);
  documents->count++;
  if (!read_present(path.text, &present)) {
    code = E100_EXIT_CANNOT;
  } else if (!same(&present, &wanted)) {
    documents->stale++;
    if (documents->check)
      e100_complain(path.text, "is stale; make it anew with: expect100 docs %s", documents->folder);
    else if (!e100_file_write(path.text, wanted.text, wanted.length))
      code = E100_EXIT_CANNOT;
  }
  e100_text_free(&path);
  e100_text_free(&wanted);
  e100_text_free(&present);
  return code;
}

static int make_all(struct documents *documents, const struct e100_case_notes *notes) {
  int code = E100_EXIT_FINE;
  for (size_t i = 0; e100_document_at(i) != NULL && code == E100_EXIT_FINE; i++)
    code = make(documents, e100_document_at(i), notes);
  if (code != E100_EXIT_FINE)
    return code;
  printf("%zu documents, %zu %s\n", documents->count, documents->stale,
         documents->check ? "stale" : "written");
  return documents->check && documents->stale > 0 ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

int e100_cli_docs(int argc, char **argv) {
  struct documents documents = {0};
  const char *corpus = NULL;
  const struct e100_option options[] = {
      {"check", NULL, "write nothing; exit code 1 where one of them is stale", &documents.check, NULL},
      {"corpus", "DIR", "the corpus that they link to; default DIR/../corpus", NULL, &corpus},
  };
  const struct e100_usage usage = {
      .command = "docs",
      .operands = "DIR",
      .sentence = "Writes the documents that are made of rules, tables, faults and cases to DIR.",
      .details = "DIR is the folder docs of a source tree. What is not stale is left alone.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands != 1) {
    e100_complain(NULL, "docs: name one folder to write to; see expect100 docs --help");
    return E100_EXIT_CANNOT;
  }
  struct e100_case_notes notes = {0};
  struct e100_text beside = {0};
  documents.folder = argv[1];
  e100_path_in(&beside, argv[1], "../corpus");
  code = read_corpus(corpus != NULL ? corpus : beside.text, &notes);
  if (code == E100_EXIT_FINE && !documents.check && !e100_folder_make(argv[1]))
    code = E100_EXIT_CANNOT;
  if (code == E100_EXIT_FINE)
    code = make_all(&documents, &notes);
  e100_case_notes_free(&notes);
  e100_text_free(&beside);
  return code;
}
