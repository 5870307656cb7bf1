/* unreachable_rows.h - rows of the reference's table that nothing can take. */
#ifndef E100_UNREACHABLE_ROWS_H
#define E100_UNREACHABLE_ROWS_H

/* Why nothing takes the row of STATE and EVENT, though it says what would happen; NULL: it can be taken. */
const char *e100_unreachable_row(unsigned state, unsigned event);

#endif
