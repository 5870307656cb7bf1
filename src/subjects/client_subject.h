/*
 * client_subject.h - a client's machines, one for each link, with a pool over them, as a subject.
 *
 * The application does what the decisions of the play say: it asks for something (the octets are a head and
 * the whole content, asked.h), or drops a connection. What no connection can take waits, in order.
 *
 * Its `data` is a struct e100_client_variation, which makes another subject of it.
 */
#ifndef E100_CLIENT_SUBJECT_H
#define E100_CLIENT_SUBJECT_H

#include "faults/client_variation.h"
#include "subjects/subject.h"

/* Half of the room is for requests that are made again. */
enum { E100_ASKED_LIMIT = 64 /* requests that wait for a connection */ };

extern const struct e100_subject e100_client_subject_reference;

/* Told of each row that a client's machine takes, where somebody wants to know (state coverage). */
void e100_client_subject_watch(e100_row_watch *watch);

#endif
