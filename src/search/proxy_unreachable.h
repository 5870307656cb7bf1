/* proxy_unreachable.h - rows of the proxy's table that nothing takes. */
#ifndef E100_PROXY_UNREACHABLE_H
#define E100_PROXY_UNREACHABLE_H

/* Why nothing takes the row of STATE and EVENT, as a proxy or as a gateway, where there is one client; NULL:
 * it can be taken. */
const char *e100_unreachable_by_proxy(unsigned state, unsigned event);
const char *e100_unreachable_by_gateway(unsigned state, unsigned event);
/* ... as either of them, with whatever clients. */
const char *e100_unreachable_by_anybody(unsigned state, unsigned event);

#endif
