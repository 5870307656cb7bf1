/* case_notes.c - what the documents say about the cases of the corpus. */
#include <stdlib.h>
#include <string.h>

#include "report/documents.h"

static char *copy_of(const char *text, size_t length) {
  char *copy = malloc(length + 1);
  E100_CHECK(copy != NULL, "there is memory for the notes on a case");
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

void e100_case_notes_add(struct e100_case_notes *notes, const char *path,
                         const struct e100_exchange *exchange) {
  if (notes->count == notes->room) {
    size_t room = notes->room == 0 ? 64 : notes->room * 2;
    struct e100_case_note *list = realloc(notes->list, room * sizeof *list);
    E100_CHECK(list != NULL, "there is memory for the notes on the cases");
    notes->list = list;
    notes->room = room;
  }
  struct e100_case_note *note = &notes->list[notes->count++];
  memset(note, 0, sizeof *note);
  note->path = copy_of(path, strlen(path));
  note->title = copy_of(exchange->title, strcspn(exchange->title, "\n"));
  note->policy = exchange->policy;
  note->reading = exchange->reading;
  note->shows_count = exchange->shows_count;
  memcpy(note->shows, exchange->shows, sizeof note->shows);
}

void e100_case_notes_free(struct e100_case_notes *notes) {
  for (size_t i = 0; i < notes->count; i++) {
    free(notes->list[i].path);
    free(notes->list[i].title);
  }
  free(notes->list);
  memset(notes, 0, sizeof *notes);
}
