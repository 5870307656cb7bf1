/*
 * soup_content.h - the content of a request as libsoup wants it, a stream: all of it at once, or the second
 * half when it is given.
 */
#ifndef E100_SOUP_CONTENT_H
#define E100_SOUP_CONTENT_H

#include <gio/gio.h>
#include <stdbool.h>

/* A stream of LENGTH octets at OCTETS, which stay the caller's and are to outlive it. NOW: of so many of them
 * nothing is held back. */
GInputStream *e100_soup_content_new(const void *octets, size_t length, size_t now);
/* Some of it was read. */
bool e100_soup_content_is_wanted(GInputStream *content);
/* All of it was read, and its end was seen. */
bool e100_soup_content_is_over(GInputStream *content);
/* Holds nothing back any more; true where somebody waits for the rest. */
bool e100_soup_content_give_rest(GInputStream *content);

#endif
