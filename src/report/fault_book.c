/* fault_book.c - docs/faults.md: what can be wrong with a machine, and which rules see it. */
#include "faults/faults.h"
#include "report/documents.h"
#include "rules/rules.h"

static void write_classes(struct e100_text *out) {
  static const char letters[] = "DLCQ";
  e100_text_format(out,
                   "A fault is the reference machine with one thing wrong. Faults prove the model: it never "
                   "knows them, and each\nmust make it fire one of the rules that are named here, at the "
                   "least. Play against one with\n`expect100 play --subject fault:NAME CASE`.\n\n"
                   "| class | a fault of it | how many |\n| --- | --- | --- |\n");
  for (const char *letter = letters; *letter != '\0'; letter++) {
    unsigned count = 0;
    for (size_t i = 0; e100_fault_at(i) != NULL; i++)
      count += e100_fault_at(i)->class_letter == *letter;
    e100_text_format(out, "| %c | %s | %u |\n", *letter, e100_fault_class_name(*letter), count);
  }
  e100_text_format(
      out,
      "\nClass Q is the control: what such a machine does is permitted, so no violation may be found.\n\n"
      "The kind says what is wrong: a *row* of the table is another one, a *fact* about a head is read\n"
      "wrongly, an *event* is derived wrongly, octets are changed on their way in (*input*) or out\n"
      "(*output*). Precedents are public bugs of that kind, by their numbers in\n[the "
      "corpus](../corpus/README.md#public-bugs).\n\n");
}

static void write_set(struct e100_text *out, const uint16_t set[E100_FAULT_RULES]) {
  for (size_t i = 0; i < E100_FAULT_RULES && set[i] != E100_RULE_NONE; i++) {
    if (i > 0)
      e100_text_format(out, ", ");
    e100_markdown_rule(out, set[i], "rules.md");
  }
}

void e100_write_fault_book(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_markdown_title(out, "The faults", "src/faults/faults.def");
  write_classes(out);
  e100_text_format(out, "| fault | class | kind | what it does | must fire | may fire besides | catalogue | "
                        "precedents |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    e100_text_format(out, "| <a id=\"%s\"></a>%s | %c | %s | ", fault->name, fault->name, fault->class_letter,
                     fault->kind);
    e100_markdown_text(out, fault->text);
    e100_text_format(out, " | ");
    write_set(out, fault->must_fire);
    e100_text_format(out, " | ");
    write_set(out, fault->may_fire);
    e100_text_format(out, " | %s | %s |\n", fault->ids, fault->precedents);
  }
}
