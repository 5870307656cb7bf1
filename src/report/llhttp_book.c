/* llhttp_book.c - docs/llhttp.md: what a program reads wrongly that trusts llhttp for all of HTTP. */
#include "fuzz/known_differences.h"
#include "report/documents.h"

static const struct {
  enum e100_difference_kind kind;
  const char *heading;
  const char *meaning;
} kinds[] = {
    {E100_DIFFERENCE_ACCEPTS, "Accepts what must be refused",
     "The dangerous ones: two parties that read such a head may not see the same request."},
    {E100_DIFFERENCE_READS, "Reads something else", "Both accept the head, and disagree on what it says."},
    {E100_DIFFERENCE_REFUSES, "Refuses what is well-formed", "A client that is right gets an error."},
};

static void write_versions(struct e100_text *out, const struct e100_known_difference *row) {
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

static void write_row(struct e100_text *out, const struct e100_known_difference *row) {
  e100_text_format(out, "| `%s` | ", row->id);
  write_versions(out, row);
  e100_text_format(out, " | ");
  write_octets(out, row->example, row->example_length);
  e100_text_format(out, " | ");
  e100_markdown_section(out, row->section);
  e100_text_format(out, "%s%s | ", row->ids[0] != '\0' ? " " : "", row->ids);
  e100_markdown_text(out, row->llhttp_does);
  if (row->machine_answers != 0)
    e100_text_format(out, " | answers %u |\n", row->machine_answers);
  else
    e100_text_format(out, " | reads it as it should |\n");
}

void e100_write_llhttp_book(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_markdown_title(out, "llhttp alone", "fuzz/known_differences.def");
  e100_text_format(
      out,
      "The reference machine reads heads with llhttp, and is right in spite of it: it guards the structure "
      "of\n"
      "lines before llhttp sees them (`src/machine/lines.h`), reads Expect and content by itself, and has "
      "no\n"
      "exceptions. This is what a program meets that leaves all of a request head to llhttp with its "
      "default\n"
      "settings: heads that it reads otherwise than the model of the RFCs.\n\n"
      "Versions: measured with 8.1.0, compiled in its loose mode and in its strict one, and with 9.4.3, "
      "which has\n"
      "only one. A row holds for both modes where none is named. The fuzz target `raw` and the test "
      "`llhttp_test`\n"
      "compare the two on every head: a difference that no row explains is a breach. The test also fails "
      "where\n"
      "a row is never hit, or explains more than one head in a hundred.\n\n"
      "Where the RFCs permit several readings (a folded line, a line feed alone, controls in a value, ...),\n"
      "llhttp's is one of them, and is not listed; see [readings](readings-and-policies.md).\n\n");
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    e100_text_format(out,
                     "## %s\n\n%s\n\n| row | versions | octets | text | llhttp alone | the machine |\n"
                     "| --- | --- | --- | --- | --- | --- |\n",
                     kinds[i].heading, kinds[i].meaning);
    for (size_t k = 0; e100_known_difference_at(k) != NULL; k++) {
      const struct e100_known_difference *row = e100_known_difference_at(k);
      enum e100_difference_kind first = row->kinds & (unsigned)-(int)row->kinds;
      if (first == kinds[i].kind)
        write_row(out, row);
    }
    e100_text_format(out, "\n");
  }
}
