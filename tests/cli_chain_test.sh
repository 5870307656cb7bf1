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

# What the target of that name finds is written down as what took place, which says by itself who is to blame. Its
# applications ask only for what is sound.
cat >chain.case <<'END'
# A client's application asks; the request goes on to an origin server.
kind: play
role: proxy
policy: prompt
reading: everybody

-- app> request --
PUT /1 HTTP/1.1
Host: h
E100-Mark: m1
Expect: 100-continue
Content-Length: 8

{m1}xxxx\
-- settled --
-- quiet --
END
gives 1 "$program" minimize --target chain --subject fault:100-swallowed --out told chain.case
prints 'PROXY_FORWARDS_INTERIM proxy'
prints 'replay  expect100 judge told/'
told=(told/proxy-forwards-interim-*.case)
grep -q '^kind: judge$' "${told[0]}" || wrong 'is not what took place'
grep -q '^reading: everybody$' "${told[0]}" || wrong 'does not judge everybody'
gives 0 "$program" lint "${told[0]}"
gives 0 "$program" replay "${told[0]}"
gives 1 "$program" judge "${told[0]}"
prints 'violation PROXY_FORWARDS_INTERIM'
prints 'to blame   proxy'
