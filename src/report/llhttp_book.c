/* llhttp_book.c - docs/llhttp.md: what a program reads wrongly that trusts llhttp for all of HTTP. */
#include "fuzz/known_differences.h"
#include "fuzz/response_differences.h"
#include "machine/work_arounds.h"
#include "report/documents.h"

#include <stdio.h>
#include <string.h>

static const struct {
  enum e100_difference_kind kind;
  const char *heading;
  const char *of_requests, *of_responses; /* what it means */
} kinds[] = {
    {E100_DIFFERENCE_ACCEPTS, "Accepts what must be refused",
     "The dangerous ones: two parties that read such a head may not see the same request.",
     "What is no response of HTTP/1 is told as one."},
    {E100_DIFFERENCE_READS, "Reads something else", "Both accept the head, and disagree on what it says.",
     "Both accept the responses, and disagree on what they say, or where they end."},
    {E100_DIFFERENCE_REFUSES, "Refuses what is well-formed", "A client that is right gets an error.",
     "A server that is right is not heard."},
};

static void write_versions(struct e100_text *out, const struct e100_difference_row *row) {
  unsigned first = row->from / 10000;
  unsigned last = row->to / 10000;
  if (first == 0)
    e100_text_format(out, "%s", last < 99 ? "" : "8 and 9");
  else
    e100_text_format(out, "%u and newer", first);
  if (last < 99)
    e100_text_format(out, "%u", last);
  if (row->modes == E100_LLHTTP_LOOSE)
    e100_text_format(out, ", loose");
  if (row->modes == E100_LLHTTP_STRICT)
    e100_text_format(out, ", strict");
}

/* Octets as a case of the corpus spells them, on one line. */
static void write_octets(struct e100_text *out, const char *octets, size_t length) {
  e100_text_format(out, "`");
  for (size_t i = 0; i < length; i++) {
    unsigned char octet = (unsigned char)octets[i];
    if (octet == '\r' || octet == '\n' || octet == '\t')
      e100_text_format(out, "\\%c", octet == '\r' ? 'r' : octet == '\n' ? 'n' : 't');
    else if (octet < 0x20 || octet > 0x7e)
      e100_text_format(out, "\\x%02X", octet);
    else
      e100_text_add(out, (const char *)&octets[i], 1);
  }
  e100_text_format(out, "`");
}

static const struct {
  const char *of, *name, *does;
} work_arounds[] = {
#define WORK_AROUND(of, name, does) {#of, #name, does},
#include "machine/work_arounds.def"
};

/* Of is "request" or "response", and the machine does what INSTEAD says. */
static void write_row(struct e100_text *out, const char *of, const struct e100_difference_row *row,
                      const char *instead) {
  char name[E100_DIFFERENCE_CASE_ROOM];
  e100_difference_case(of, row, name);
  e100_text_format(out, "| `%s` | ", row->id);
  write_versions(out, row);
  e100_text_format(out, " | ");
  write_octets(out, row->example, row->example_length);
  e100_text_format(out, " | ");
  e100_markdown_section(out, row->section);
  e100_text_format(out, "%s%s | ", row->ids[0] != '\0' ? " " : "", row->ids);
  e100_markdown_text(out, row->llhttp_does);
  e100_text_format(out, " | [%s](../corpus/cases/llhttp/%s.case)", instead, name);
  for (size_t i = 0; i < E100_WORK_AROUNDS; i++)
    if ((row->work_arounds >> i & 1U) != 0)
      e100_text_format(out, ", %s", work_arounds[i].name);
  e100_text_format(out, " |\n");
}

static void write_work_arounds(struct e100_text *out, const char *of) {
  e100_text_format(out, "| name | what the reader does |\n| --- | --- |\n");
  for (size_t i = 0; i < E100_WORK_AROUNDS; i++)
    if (strcmp(work_arounds[i].of, of) == 0)
      e100_text_format(out, "| %s | %s |\n", work_arounds[i].name, work_arounds[i].does);
  e100_text_format(out, "\n");
}

static bool is_first_kind(const struct e100_difference_row *row, enum e100_difference_kind kind) {
  return (row->kinds & (unsigned)-(int)row->kinds) == (unsigned)kind;
}

static void write_requests(struct e100_text *out, enum e100_difference_kind kind) {
  for (size_t k = 0; e100_known_difference_at(k) != NULL; k++) {
    const struct e100_known_difference *row = e100_known_difference_at(k);
    char instead[32] = "reads it as it should";
    if (row->machine_answers != 0)
      snprintf(instead, sizeof instead, "answers %u", row->machine_answers);
    if (is_first_kind(&row->is, kind))
      write_row(out, "request", &row->is, instead);
  }
}

static void write_responses(struct e100_text *out, enum e100_difference_kind kind) {
  for (size_t k = 0; e100_response_difference_at(k) != NULL; k++) {
    const struct e100_difference_row *row = &e100_response_difference_at(k)->is;
    bool refuses = row->kinds == E100_DIFFERENCE_ACCEPTS;
    if (is_first_kind(row, kind))
      write_row(out, "response", row, refuses ? "gives up" : "reads it as it should");
  }
}

typedef void rows_writer(struct e100_text *out, enum e100_difference_kind kind);

static void write_table(struct e100_text *out, const char *heading, const char *meaning, const char *machine,
                        enum e100_difference_kind kind, rows_writer *write) {
  e100_text_format(out,
                   "### %s\n\n%s\n\n| row | versions | octets | text | llhttp alone | %s |\n"
                   "| --- | --- | --- | --- | --- | --- |\n",
                   heading, meaning, machine);
  write(out, kind);
  e100_text_format(out, "\n");
}

static const char introduction[] =
    "The reference machines are right in spite of it. This is what a program meets that leaves all of a "
    "request "
    "head, or\n"
    "all responses to a request, to llhttp with its default settings: what it reads otherwise than the model "
    "of "
    "the RFCs.\n\n"
    "Versions: measured with 8.1.0, compiled in its loose mode and in its strict one, and with 9.4.3, which "
    "has\n"
    "only one. A row holds for both modes where none is named. The fuzz targets `raw` and `response` and the "
    "test\n"
    "`llhttp_test` compare the two on every input: a difference that no row explains is a breach. The test "
    "also "
    "fails\n"
    "where a row is never hit, or explains more than one input in a hundred. In the last column is the case "
    "in "
    "which the\n"
    "machine gets the same octets.\n\n"
    "Where the RFCs permit several readings (a folded line of a request, a line feed alone, controls in a "
    "value, "
    "...),\n"
    "llhttp's is one of them, and is not listed; see [readings](readings-and-policies.md).\n\n";

static const char of_requests[] =
    "## Requests\n\n"
    "The reference machine reads heads of requests with llhttp: it guards the structure of lines before "
    "llhttp "
    "sees\n"
    "them (`src/machine/lines.h`), reads Expect, Connection, codings and content by itself, and gives llhttp "
    "another\n"
    "octet where it would misread one (`src/machine/heads.c`). What it does has names; the last column says "
    "which ones "
    "a row\n"
    "needs. The test `request_work_arounds_test` builds the reader with a switch for each: without it, a "
    "campaign "
    "finds the\n"
    "rows again, and with it nothing.\n\n";

static const char of_responses[] =
    "## Responses\n\n"
    "One parser reads the interim responses and the final one, as it would in a client that does nothing "
    "about "
    "it but\n"
    "say, behind the head, that the request was HEAD or CONNECT. The examples answer GET.\n\n"
    "The reference client, and the proxy, read heads of responses with llhttp, too "
    "(`src/machine/response_heads.c`). "
    "What\n"
    "they do about it has names; the last column says which ones a row needs, where that is not that llhttp "
    "never "
    "sees what\n"
    "follows a head. The test `work_arounds_test` builds the reader with a switch for each: without it, a "
    "campaign "
    "finds the\n"
    "rows again, and with it nothing.\n\n";

void e100_write_llhttp_book(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_markdown_title(out, "llhttp alone", "fuzz/known_differences.def and fuzz/response_differences.def");
  e100_text_add(out, introduction, sizeof introduction - 1);
  e100_text_add(out, of_requests, sizeof of_requests - 1);
  write_work_arounds(out, "REQUEST");
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    write_table(out, kinds[i].heading, kinds[i].of_requests, "the machine", kinds[i].kind, write_requests);
  e100_text_add(out, of_responses, sizeof of_responses - 1);
  write_work_arounds(out, "RESPONSE");
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    write_table(out, kinds[i].heading, kinds[i].of_responses, "the client", kinds[i].kind, write_responses);
}
