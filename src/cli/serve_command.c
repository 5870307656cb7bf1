/* serve_command.c - the reference origin server behind a socket. */
#include <stdio.h>

#include "cli/cli.h"
#include "serving/reference_server.h"

static void say_port(uint16_t port) {
  printf("tcp:127.0.0.1:%u\n", (unsigned)port);
  (void)fflush(stdout);
}

int e100_cli_serve(int argc, char **argv) {
  const char *port_text = NULL;
  const struct e100_option options[] = {
      {"port", "N", "the port; default 0: one that is free", NULL, &port_text},
  };
  const struct e100_usage usage = {
      .command = "serve",
      .operands = "",
      .sentence = "Serves on 127.0.0.1 as the reference origin server, until it is interrupted.",
      .details =
          "Prints its address. /401, /404, /405, /413 and /ignore answer at once, others take content;\n"
          "E100-Mark is given back. It stands behind gateways in surveys (recipe:gateway-...).\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  uint64_t port = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands > 0) {
    e100_complain(NULL, "serve: it takes no operands; the port is said with --port");
    return E100_EXIT_CANNOT;
  }
  if (port_text != NULL && !e100_option_number("port", port_text, 0, UINT16_MAX, &port))
    return E100_EXIT_CANNOT;
  const char *wrong = e100_reference_serve((uint16_t)port, say_port);
  if (wrong != NULL)
    e100_complain(NULL, "serve: could not listen on port %u of 127.0.0.1: %s; give another with --port",
                  (unsigned)port, wrong);
  return wrong == NULL ? E100_EXIT_FINE : E100_EXIT_CANNOT;
}
