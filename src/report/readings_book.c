/* readings_book.c - docs/readings-and-policies.md: what the RFCs leave open, and what becomes of it here. */
#include <string.h>

#include "report/documents.h"

struct choice {
  unsigned bit;
  const char *name;
  const char *meaning;
};

static const struct choice policies[] = {
#define POLICY(bit, name, meaning) {bit, name, meaning},
#include "exchange/policies.def"
};

static const struct choice readings[] = {
#define READING(bit, name, meaning) {bit, name, meaning},
#include "exchange/policies.def"
};

static const struct {
  const char *ids;
  const char *section;
  const char *kind;
  const char *question;
  const char *resolution;
  const char *cases;
} open_texts[] = {
#define OPEN_TEXT(ids, section, kind, question, resolution, cases) \
  {ids, section, #kind, question, resolution, cases},
#include "rules/open_texts.def"
};

static const char *base_name(const struct e100_case_note *note) {
  const char *slash = strrchr(note->path, '/');
  return slash != NULL ? slash + 1 : note->path;
}

/* A link to the case called NAME (without .case); its bare name where there is none. */
static void write_case_named(struct e100_text *out, const struct e100_case_notes *cases, const char *name,
                             size_t length) {
  for (size_t i = 0; i < cases->count; i++) {
    const char *base = base_name(&cases->list[i]);
    if (strncmp(base, name, length) == 0 && strcmp(base + length, ".case") == 0) {
      e100_text_format(out, "[%.*s](../corpus/%s)", (int)length, name, cases->list[i].path);
      return;
    }
  }
  e100_text_format(out, "%.*s (there is no such case)", (int)length, name);
}

static void write_case_names(struct e100_text *out, const struct e100_case_notes *cases, const char *names) {
  for (const char *at = names; *at != '\0';) {
    size_t length = strcspn(at, " ");
    if (at != names)
      e100_text_format(out, ", ");
    write_case_named(out, cases, at, length);
    at += length + (at[length] == ' ');
  }
}

/* The shortest ways to rows of the table, and what llhttp alone misreads, are there for completeness, not to
 * show what a choice is. */
static bool shows_a_choice(const struct e100_case_note *note) {
  static const char reach[] = "cases/reach/";
  static const char llhttp[] = "cases/llhttp/";
  return strncmp(note->path, reach, sizeof reach - 1) != 0 &&
         strncmp(note->path, llhttp, sizeof llhttp - 1) != 0;
}

static void write_choices(struct e100_text *out, const struct e100_case_notes *cases, bool policy,
                          const struct choice *choices, size_t count) {
  e100_text_format(out, "| name | with it | cases that set it |\n| --- | --- | --- |\n");
  for (size_t i = 0; i < count; i++) {
    e100_text_format(out, "| `%s` | ", choices[i].name);
    e100_markdown_text(out, choices[i].meaning);
    e100_text_format(out, " | ");
    bool first = true;
    for (size_t k = 0; k < cases->count; k++) {
      const struct e100_case_note *note = &cases->list[k];
      uint32_t bits = policy ? note->policy : note->reading;
      if ((bits >> choices[i].bit & 1U) == 0 || !shows_a_choice(note))
        continue;
      e100_text_format(out, "%s", first ? "" : ", ");
      const char *base = base_name(note);
      write_case_named(out, cases, base, strlen(base) - strlen(".case"));
      first = false;
    }
    e100_text_format(out, " |\n");
  }
  e100_text_format(out, "\n");
}

static void write_open_texts(struct e100_text *out, const struct e100_case_notes *cases) {
  static const struct {
    const char *kind;
    const char *heading;
    const char *meaning;
  } kinds[] = {
      {"POLICY", "The machine chooses", "A policy says which; the judge permits either."},
      {"READING", "The judge takes one reading", "It is the one that the text as it stands bears best."},
      {"SET", "The judge follows every permitted reading", "It finds only what none of them excuses."},
      {"SAID", "The judge says it, and calls it no breach", "A note, never a violation."},
  };
  for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
    e100_text_format(out,
                     "### %s\n\n%s\n\n| section | what is open | what becomes of it | cases | catalogue |\n"
                     "| --- | --- | --- | --- | --- |\n",
                     kinds[kind].heading, kinds[kind].meaning);
    for (size_t i = 0; i < sizeof open_texts / sizeof open_texts[0]; i++) {
      if (strcmp(open_texts[i].kind, kinds[kind].kind) != 0)
        continue;
      e100_text_format(out, "| ");
      e100_markdown_section(out, open_texts[i].section);
      e100_text_format(out, " | ");
      e100_markdown_text(out, open_texts[i].question);
      e100_text_format(out, " | ");
      e100_markdown_text(out, open_texts[i].resolution);
      e100_text_format(out, " | ");
      write_case_names(out, cases, open_texts[i].cases);
      e100_text_format(out, " | %s |\n", open_texts[i].ids);
    }
    e100_text_format(out, "\n");
  }
}

/* What no rule is about, though a text asks for it, or somebody may look for it here. */
static void write_what_is_not_judged(struct e100_text *out) {
  static const struct {
    const char *section;
    const char *matter;
  } matters[] = {
      {"RFC 9110 7.6.2", "Max-Forwards: whether it is counted down, and who answers at 0"},
      {"RFC 9110 7.7",
       "a path or query that is changed on its way: such a request is none that came, and what follows "
       "from that is open; and Cache-Control: no-transform"},
      {"RFC 9110 5.1",
       "fields that a proxy leaves out, or changes the value of, where nothing here depends on them"},
      {"RFC 9110 9.1",
       "a method that is written in other letters on its way: such a request is none that came"},
      {"RFC 9112 3.2",
       "the form of a request target (origin, absolute, authority, asterisk), which of them a "
       "method or a proxy needs, and which characters may stand in it, but for controls and blanks"},
      {"RFC 9112 3.2.2", "a Host that a client sends although the target in absolute form says another; what "
                         "a proxy makes of it is judged (PROXY_HOST_OF_TARGET)"},
      {"RFC 9110 8.6", "Content-Length: 0 of a request without content whose method could have some, as PUT"},
      {"RFC 9110 9.3.7", "Content-Type of the content of OPTIONS"},
      {"RFC 9110 15.5",
       "fields that a status needs: WWW-Authenticate of 401, Allow of 405, Proxy-Authenticate of 407, "
       "Upgrade of 426"},
  };
  e100_text_format(
      out, "## What is not judged\n\nOn purpose: it says nothing of where a message ends, of who answers "
           "whom, or of an expectation. No rule\nis about it, so that a clean verdict says nothing of it. "
           "[rules.md](rules.md) has what is judged, and what nobody can see.\n\n");
  for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++) {
    e100_text_format(out, "- %s (", matters[i].matter);
    e100_markdown_section(out, matters[i].section);
    e100_text_format(out, ")\n");
  }
}

void e100_write_readings_book(const struct e100_case_notes *cases, struct e100_text *out) {
  e100_markdown_title(out, "Readings and policies",
                      "src/exchange/policies.def, src/rules/open_texts.def and the cases");
  e100_text_format(
      out, "Two things that are easily mixed up. A **policy** is a choice that a machine may make; it "
           "never changes a\nverdict. A **reading** is how the judge resolves a text that the RFCs "
           "leave open; it is printed with each\nfinding that depends on it. Neither relaxes a MUST or "
           "MUST NOT.\n\n## Policies of the machine\n\nA case sets them with `policy:`.\n\n");
  write_choices(out, cases, true, policies, sizeof policies / sizeof policies[0]);
  e100_text_format(out, "## Readings of the judge\n\nA case sets them with `reading:`.\n\n");
  write_choices(out, cases, false, readings, sizeof readings / sizeof readings[0]);
  e100_text_format(out, "## What is open, and what becomes of it\n\n");
  write_open_texts(out, cases);
  write_what_is_not_judged(out);
}
