/* export_command.c - exchanges as a capture for other programs. */
#include "capture/packet_writer.h"
#include "cli/cli.h"

/* What is written, and how much of it has no place on a wire. */
struct exporting {
  struct e100_packet_writer writer;
  uint64_t left_out;
};

static int export_one(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct exporting *exporting = user;
  exporting->left_out += e100_packets_write(&exporting->writer, exchange);
  return e100_was_cut(exchange, source) ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

static int write_out(struct exporting *exporting, const char *path) {
  if (exporting->left_out > 0)
    e100_complain(path,
                  "%llu step%s left out that %s on no wire: timers, the application, or octets after the "
                  "end of a connection",
                  (unsigned long long)exporting->left_out, exporting->left_out == 1 ? " is" : "s are",
                  exporting->left_out == 1 ? "is" : "are");
  if (exporting->writer.full)
    e100_complain(path, "goes over the limit of %d octets; what comes after is not there",
                  E100_WRITTEN_LIMIT);
  bool written = e100_file_write(path, exporting->writer.out.text, exporting->writer.out.length);
  return written && !exporting->writer.full ? E100_EXIT_FINE : E100_EXIT_CANNOT;
}

int e100_cli_export(int argc, char **argv) {
  const char *path = NULL;
  const struct e100_option options[] = {
      {"pcap", "OUT", "the capture to write", NULL, &path},
  };
  const struct e100_usage usage = {
      .command = "export",
      .operands = "--pcap OUT FILE|DIR|-...",
      .sentence = "Writes exchanges as a capture (pcap) that Wireshark and tcpdump show.",
      .details =
          "Reads cases, JSON and JSON Lines. Timers and the application are on no wire: they are left out.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0, code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (path == NULL) {
    e100_complain(NULL, "export: say where to with --pcap OUT; see expect100 export --help");
    return E100_EXIT_CANNOT;
  }
  struct exporting exporting = {.writer = {.time = 1000000}};
  code = e100_each_operand("export", operands, argv, export_one, &exporting);
  if (exporting.writer.out.length > 0) {
    int written = write_out(&exporting, path);
    code = written > code ? written : code;
  }
  e100_text_free(&exporting.writer.out);
  return code;
}
