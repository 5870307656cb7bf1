#!/usr/bin/env bash
# Libraries in this process: the corpus against each, twice alike, with nothing new beside what is known of that
# version.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

plays_of() {
  grep -rl '^kind: play' "$source/corpus/cases" "$source/corpus/found" "$source/corpus/survey-client" "$source/known/cases" | xargs grep -lx "role: $1" | sort
}

# Cases that are for libraries alone: what the reference machines do there is right.
gives 0 "$program" replay "$source/known/cases"
gives 0 "$program" lint "$source/known/cases"

"$program" list subjects >listed
while read -r subject role name version _; do
  mapfile -t plays < <(plays_of "$role")
  ((${#plays[@]} > 200)) || wrong "few cases to play: ${#plays[@]} of the role $role"
  version=${version%,}
  known=$source/known/${subject/:/-}-$version.known
  # A play leaves nothing open behind it, whatever the library does.
  (ulimit -n 64 && exec "$program" play --subject "$subject" --json "${plays[@]}") >first 2>/dev/null || true
  "$program" play --subject "$subject" --json "${plays[@]}" >second 2>/dev/null || true
  (($(wc -l <first) == ${#plays[@]})) || wrong "$subject: not every case was judged"
  cmp -s first second || wrong "$subject: two runs differ"
  # One that did nothing would break no rule.
  python3 -c 'import json, sys
decided = [json.loads(line)["decided"] for line in sys.stdin]
sys.exit(sum(len(rules) > 5 for rules in decided) < len(decided) / 2)' <first || wrong "$subject: little is decided"
  if [[ -f $known ]]; then
    "$program" play --subject "$subject" --known "$known" --fail-on warning --json "${plays[@]}" >third 2>.err || {
      python3 -c 'import json, sys
for line in sys.stdin:
    verdict = json.loads(line)
    for finding in verdict["findings"]:
        if not finding.get("known") and finding["severity"] != "note":
            print(verdict["exchange"].rsplit("/", 1)[1], finding["rule"])' <third >new
      wrong "$subject: not known: $(paste -sd, new)"
    }
    ! grep -q 'matched no finding' .err || wrong "$subject: $known names what is not found any more: $(cat .err)"
  else
    echo "$subject: nothing is known of $name $version: its findings are only compared with themselves"
  fi
done < <(grep '^lib:' listed)

# A library is judged, and promises nothing else: its connections can be closed, reset, and opened anew.
if grep -q '^lib:evhttp' listed; then
  cat >anew.case <<'END'
# The client leaves in the middle, and comes again.
kind: play
role: origin

-- client --
PUT /a HTTP/1.1
Host: a
Content-Length: 9

half\
-- client resets --
-- client opens --
-- client --
GET /404 HTTP/1.1
Host: a
E100-Mark: m7

-- settled --
-- client closes --
END
  gives 0 "$program" play --subject lib:evhttp anew.case
  prints '404'
  prints '4 octets of content "{m7}"'
fi

# A client library: its wait for a 100 ends where the play says so, what comes before there is a connection comes to nobody,
# and a survey needs no time.
if grep -q '^lib:curl' listed; then
  cat >waits.case <<'END'
# The server says something before anybody has connected, and nothing afterwards.
kind: play
role: client

-- origin --
HTTP/1.1 200 OK
Content-Length: 0

-- app> request --
PUT /a HTTP/1.1
Host: a
Expect: 100-continue

hello\
-- settled --
-- timer client continue --
-- origin closes --
END
  gives 0 "$program" play --subject lib:curl waits.case
  prints '(timer fires: continue)'
  prints '5 octets of content "hello"'
  prints 'app is told that no response comes'
  ! grep -q '200 OK' .out || wrong 'octets came where there was no connection'
  gives 1 "$program" survey lib:curl --out out
  prints 'never-100                                     .'
  prints 'refused-with-417                              V'
  prints 'control    without the expectation it is not there: this is about Expect'
  gives 1 "$program" judge out/*refused-with-417.case
  prints 'CLIENT_FINISHES_CONTENT_FIRST'
fi
# libsoup's client makes its sockets itself, writes the end of chunks in a thread, and has no timer for its wait. What comes in
# place of the 100 ends a connection: with another one the next request goes out, and nothing hangs where libsoup would
# repeat the request (421).
if grep -q '^lib:soup-client' listed; then
  cat >waits-on.case <<'END'
# Nobody answers.
kind: play
role: client

-- app> request --
PUT /a HTTP/1.1
Host: a
Expect: 100-continue

hello\
-- timer client continue --
-- quiet --
END
  gives 0 "$program" play --subject lib:soup-client waits-on.case
  prints 'CLIENT_BOUNDED_WAIT'
  ! grep -q 'timer fires' .out || wrong 'there is a timer'
  ! grep -q '"hello"' .out || wrong 'content went out without a 100'
  sed 's/^policy: .*//; s/^role: client$/role: client\npolicy: chunked/' waits-on.case | sed '/^-- timer/,$d' >chunks.case
  cat >>chunks.case <<'END'
-- origin --
HTTP/1.1 100 Continue

-- settled --
-- origin --
HTTP/1.1 200 OK
Content-Length: 0

-- settled --
-- app> request --
GET /b HTTP/1.1
Host: a

-- settled --
END
  gives 0 "$program" play --subject lib:soup-client chunks.case
  prints '5\r\nhello\r\n0\r\n\r\n'
  prints 'GET /b HTTP/1.1'
  ! grep -q 'closes' .out || wrong 'a connection was not kept'
  for status in 200 401 417 421; do
    sed '/^-- timer/,$d' waits-on.case >instead.case
    cat >>instead.case <<END
-- origin --
HTTP/1.1 $status Instead
Content-Length: 2

ok\\
-- settled --
-- app> request --
GET /b HTTP/1.1
Host: a

-- settled --
END
    gives 0 timeout 20 "$program" play --subject lib:soup-client instead.case
    prints 'GET /b HTTP/1.1'
    prints 'closes the connection'
    ((status == 421)) || prints "final response, $status"
  done
  gives 0 "$program" survey lib:soup-client --out out
  prints 'refused-with-413                              .'
  prints 'stray-final                                   w'
fi
# What is left of the octets for a connection that is closed within them does not come on the next one of that link: a library
# gets them in pieces.
{
  cat <<'END'
# No response, and much of it; the next request goes out on another connection.
kind: play
role: client

-- app> request --
GET /a HTTP/1.1
Host: a

-- app> request --
GET /b HTTP/1.1
Host: a

-- origin --
No response

END
  printf 'and more of it\n%.0s' {1..1200}
  cat <<'END'

-- origin --
HTTP/1.1 200 OK
Content-Length: 0

-- settled --
END
} >much.case
for subject in lib:curl lib:soup-client; do
  grep -q "^$subject " listed || continue
  gives 0 "$program" play --subject "$subject" much.case
  prints 'GET /b HTTP/1.1'
  prints 'app is told the final response, 200'
done
if grep -q '^lib:microhttpd' listed; then
  gives 1 "$program" survey lib:microhttpd --out out --json survey.json
  prints 'asks-and-waits                                .'
  prints 'refused-with-413                              .'
fi
gives 2 "$program" survey lib:nothing
complains 'lib:nothing'
