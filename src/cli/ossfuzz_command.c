/* ossfuzz_command.c - builds fuzz targets as OSS-Fuzz does, and checks them: a script that came with the
 * program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int e100_cli_ossfuzz(int argc, char **argv) {
  struct e100_text script = {0};
  if (!e100_share_folder("oss-fuzz", &script)) {
    e100_complain(NULL,
                  "ossfuzz: its script is not there (../share/expect100/oss-fuzz); install the whole of "
                  "expect100");
    e100_text_free(&script);
    return E100_EXIT_CANNOT;
  }
  e100_text_format(&script, "/check_builds.sh");
  char **words = calloc((size_t)argc + 1, sizeof *words);
  E100_CHECK(words != NULL, "out of memory");
  words[0] = script.text;
  for (int i = 1; i < argc; i++)
    words[i] = argv[i];
  (void)fflush(NULL);
  (void)execv(script.text, words);
  e100_complain(script.text, "cannot be run: %s; bash has to be there", strerror(errno));
  free(words);
  e100_text_free(&script);
  return E100_EXIT_CANNOT;
}
