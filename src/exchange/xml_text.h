/*
 * xml_text.h - text for XML and HTML.
 */
#ifndef E100_XML_TEXT_H
#define E100_XML_TEXT_H

#include "exchange/exchange.h"

/*
 * Adds TEXT, which is UTF-8, so that XML, HTML and SVG show it as it is, within elements and within
 * attributes in double quotes. Markup in it stays text. What XML cannot hold (control characters but tab and
 * line end), and what would turn the direction of the text around it, is shown as \xHH,
 * as in the body of a case.
 */
void e100_xml_text(struct e100_text *out, const char *text);

/* The same for at most LENGTH octets of it. */
void e100_xml_octets(struct e100_text *out, const char *text, size_t length);

#endif
