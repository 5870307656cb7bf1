#!/usr/bin/env bash
# A chain of a client, a proxy and an origin server, played as a person does: who has the fault is to blame.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# write_chain ROLE: the client's application asks, with content; its request goes through one of that role.
write_chain() {
  cat >chain.case <<END
# A client's application asks; the request goes on to an origin server.
kind: play
role: $1
links: d1 client>$1, u1 $1>origin
policy: prompt
reading: everybody

-- app> request --
PUT /a HTTP/1.1
Host: h
E100-Mark: a
Expect: 100-continue

{a}12\\
-- quiet --
-- findings --
none
END
}

for role in proxy gateway; do
  write_chain "$role"
  gives 0 "$program" lint chain.case
  silent
  gives 0 "$program" play chain.case
  silent
  prints '│ app asks: PUT /a HTTP/1.1'
  prints '│ d1: app is told the final response, 200'
  prints '│  u1: app is told a request head'
  gives 0 "$program" replay chain.case
  gives 1 "$program" replay --subject fault:never-100 chain.case
done

# blames PARTY FAULT RULE
blames() {
  gives 1 "$program" play --subject "fault:$2" chain.case
  prints "violation $3"
  prints "to blame   $1"
}
write_chain proxy
blames origin never-100 ORIGIN_100_OR_FINAL
blames proxy 100-swallowed PROXY_FORWARDS_INTERIM
blames client interim-is-final CLIENT_TAKES_INTERIM

# Without the reading that judges everybody it is a play like any other: nobody asks the proxy for anything.
sed -i '/^reading:/d' chain.case
gives 0 "$program" play chain.case
if grep -q 'PUT' .out; then wrong 'plays a chain'; fi

# Nobody has that name.
write_chain proxy
gives 2 "$program" play --subject fault:no-such chain.case
complains 'no-such'
