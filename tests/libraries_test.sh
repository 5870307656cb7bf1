#!/usr/bin/env bash
# Server libraries in this process: the corpus against each, twice alike, with nothing new beside what is known of that
# version.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

mapfile -t plays < <(grep -rl '^kind: play' "$source/corpus/cases" "$source/corpus/found" | xargs grep -lx 'role: origin' | sort)
((${#plays[@]} > 200)) || wrong 'few cases to play'

"$program" list subjects >listed
while read -r subject _ name version _; do
  version=${version%,}
  known=$source/known/${subject/:/-}-$version.known
  "$program" play --subject "$subject" --json "${plays[@]}" >first 2>/dev/null || true
  "$program" play --subject "$subject" --json "${plays[@]}" >second 2>/dev/null || true
  (($(wc -l <first) == ${#plays[@]})) || wrong "$subject: not every case was judged"
  cmp -s first second || wrong "$subject: two runs differ"
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
    ! grep -q 'matched no finding' .err || wrong "$subject: $known names what is not found any more"
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
