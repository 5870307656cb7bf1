/* print_command.c - an exchange in another form. */
#include <string.h>

#include "cli/cli.h"
#include "exchange/ladder_svg.h"
#include "report/exchange_json.h"

enum { HEX_OCTETS_A_LINE = 32 };

static void as_ladder(const struct e100_exchange *exchange, struct e100_text *out) {
  e100_ladder_print(exchange, NULL, out);
}

static void as_svg(const struct e100_exchange *exchange, struct e100_text *out) {
  const struct e100_ladder_drawing drawing = {.styled = true};
  e100_ladder_svg(exchange, &drawing, out);
  e100_text_add(out, "\n", 1);
}

/* Octets of the fuzzers' input, for a look at them or for xxd -r -p. */
static void as_choices_hex(const struct e100_exchange *exchange, struct e100_text *out) {
  struct e100_text choices = {0};
  e100_choices_encode(exchange, &choices);
  for (size_t i = 0; i < choices.length; i++) {
    bool last = i + 1 == choices.length || (i + 1) % HEX_OCTETS_A_LINE == 0;
    e100_text_format(out, "%02x%s", (unsigned char)choices.text[i], last ? "\n" : "");
  }
  e100_text_free(&choices);
}

static const struct form {
  const char *name;
  void (*print)(const struct e100_exchange *exchange, struct e100_text *out);
} forms[] = {{"case", e100_case_print},
             {"json", e100_exchange_print_json},
             {"jsonl", e100_exchange_print_json_line},
             {"ladder", as_ladder},
             {"svg", as_svg},
             {"choices-hex", as_choices_hex}};

static int print(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  const struct form *form = user;
  struct e100_text out = {0};
  e100_text_add(&out, "", 0);
  form->print(exchange, &out);
  e100_put(&out);
  return e100_was_cut(exchange, source) ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

int e100_cli_print(int argc, char **argv) {
  const char *as = "case";
  const struct e100_option options[] = {
      {"as", "FORM", "case (default), json, jsonl, ladder, svg, choices-hex", NULL, &as},
  };
  const struct e100_usage usage = {.command = "print",
                                   .operands = "FILE|DIR|-...",
                                   .sentence = "Prints exchanges in another form.",
                                   .details = "Reads cases, JSON and JSON Lines.\n",
                                   .options = options,
                                   .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct form form = forms[i];
    if (strcmp(as, form.name) == 0)
      return e100_each_operand("print", operands, argv, print, &form);
  }
  e100_complain(NULL, "print: there is no form '%s'; case, json, jsonl, ladder, svg or choices-hex", as);
  return E100_EXIT_CANNOT;
}
