/* markdown.c - text, links and headings of documents in Markdown. */
#include <stdio.h>
#include <string.h>

#include "report/documents.h"
#include "report/finding_text.h"
#include "rules/rules.h"

void e100_markdown_title(struct e100_text *out, const char *title, const char *from) {
  e100_text_format(out,
                   "# %s\n\n<!-- Made by `expect100 docs` from %s. What is changed here is lost. -->\n\n",
                   title, from);
}

void e100_markdown_text(struct e100_text *out, const char *text) {
  struct e100_text plain = {0};
  e100_text_add(&plain, "", 0);
  e100_add_plain(&plain, text);
  for (size_t i = 0; i < plain.length; i++) {
    if (strchr("\\`*_[]<>|#&", plain.text[i]) != NULL)
      e100_text_add(out, "\\", 1);
    e100_text_add(out, &plain.text[i], 1);
  }
  e100_text_free(&plain);
}

void e100_markdown_link(struct e100_text *out, const char *text, const char *document, const char *anchor) {
  e100_text_format(out, "[%s](%s#%s)", text, document, anchor);
}

void e100_markdown_rule(struct e100_text *out, unsigned rule, const char *document) {
  const char *id = e100_rule(rule)->id;
  char anchor[E100_RULE_NAME_LIMIT];
  size_t length = 0;
  /* A heading's anchor is its text in lower case. */
  for (; id[length] != '\0' && length + 1 < sizeof anchor; length++) {
    bool capital = id[length] >= 'A' && id[length] <= 'Z';
    anchor[length] = (char)(capital ? id[length] + ('a' - 'A') : id[length]);
  }
  anchor[length] = '\0';
  e100_markdown_link(out, id, document, anchor);
}

void e100_markdown_section(struct e100_text *out, const char *section) {
  unsigned number = 0;
  char place[32];
  if (sscanf(section, "RFC %u %31s", &number, place) == 2)
    e100_text_format(out, "[%s](https://www.rfc-editor.org/rfc/rfc%u#section-%s)", section, number, place);
  else
    e100_markdown_text(out, section);
}

void e100_markdown_case(struct e100_text *out, const struct e100_case_note *note) {
  const char *slash = strrchr(note->path, '/');
  const char *name = slash != NULL ? slash + 1 : note->path;
  const char *dot = strrchr(name, '.');
  e100_text_format(out, "[%.*s](../corpus/%s)", (int)(dot != NULL ? dot - name : (long)strlen(name)), name,
                   note->path);
  if (note->title[0] != '\0') {
    e100_text_format(out, ": ");
    e100_markdown_text(out, note->title);
  }
}
