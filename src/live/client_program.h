/* client_program.h - client programs by name: "client:COMMAND" (client_orders.h has the forms of a command).
 */
#ifndef E100_CLIENT_PROGRAM_H
#define E100_CLIENT_PROGRAM_H

#include <stdbool.h>

enum { E100_CLIENT_COMMAND_LIMIT = 1024 /* octets of a command, with the closing NUL */ };

/* The command in NAME, or NULL where it is no "client:COMMAND". */
const char *e100_client_command(const char *name);
/* Makes e100_subject_named know such names, for the role client. Once. */
void e100_client_programs_add(void);
/* How many milliseconds without an octet are a silence for those that are named from now on; 0: as usual. */
void e100_client_programs_settle(unsigned milliseconds);

#endif
