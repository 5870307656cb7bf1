#!/usr/bin/env bash
# The HTML report: one page that needs nothing else, in which nothing runs but what is its own, whatever a case holds;
# in a browser, where there is one.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

page() { python3 "$source/tests/page_checker.py" "$@" >.out 2>.err || wrong "is no page as it should be: $1"; }

# browse FILE: the page as a browser has it once its script has run, to .dom.
browse() {
  timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$scratch/browser" \
    --dump-dom "file://$PWD/$1" >.dom 2>.err || wrong "the browser does not show $1"
}

# ---- a page with a finding: what it says ------------------------------------------------------------------------
write_bad_case bad.case
gives 1 "$program" judge bad.case --findings findings.json
gives 0 "$program" report findings.json --html page.html
page page.html '2 findings of 2 causes' 'origin MUST answer an expectation at once, with 100 or with the final status' \
  'RFC 9110 10.1.1' 'Permitted instead' 'send a final response and close' 'a request waits, content to come, asked, no 100' \
  'expect100 judge --ladder bad.case' 'Content-Length: 5' 'PUT /upload HTTP/1.1, Expect: 100-continue, Content-Length: 5' \
  'The diagram is the same as above'
[[ $(grep -o '<svg class="ladder"' page.html | wc -l) == 1 ]] || wrong 'the same diagram twice'
# Public bugs of the same rule come from the corpus beside the program.
if [[ -d $(dirname "$program")/../share/expect100/cases/precedents ]]; then
  page page.html 'Public bugs that broke the same rule' 'bun (oven-sh/bun#30248)'
fi
gives 0 "$program" judge "$source/corpus/cases/origin/ok-100-after-asking.case" --findings none.json
gives 0 "$program" report none.json --html none.html
page none.html 'Nothing was found'

# ---- hostile values -----------------------------------------------------------------------------------------------
nasty=$'a\n"><script>alert(1)</script><b onclick=alert(1)>'
mkdir "${nasty%%/*}" && mkdir -p "$nasty"
cat >"$nasty/x.case" <<'EOF'
# </title></style><script>alert(2)</script> <img src=x onerror=alert(3)> &lt;b&gt; " ' javascript:alert(4)
kind: judge
role: origin

-- client --
PUT /"><script>alert(5)</script></text></svg><svg onload=alert(6)> HTTP/1.1
Host: </pre><iframe src=//example.com></iframe>
Content-Length: 5
Expect: 100-continue

-- settled --
EOF
printf -- '-- client --\n\001\002\033[31m\342\200\256<b>\302\205\n-- client closes --\n' >>"$nasty/x.case"
gives 1 "$program" judge --fail-on warning "$nasty" --findings nasty.json
gives 0 "$program" report nasty.json --html nasty.html
page nasty.html '"><script>alert(1)</script><b onclick=alert(1)>' '</title></style><script>alert(2)</script> <img' \
  'PUT /"><script>alert(5)</script></text></svg>' '</pre><iframe src=//example.com></iframe>' '\x01\x02\x1B[31m\xE2\x80\xAE<b>'
# What a findings file may hold, too, where nobody expects it.
python3 - <<'EOF'
import json
d = json.load(open("nasty.json"))
evil = '"><script>alert(7)</script>\''
d["command"] = d["subject"] = d["tool"]["name"] = d["tool"]["version"] = evil
ids = {}
for number, group in enumerate(d["groups"]):
    ids[group["id"]] = group["id"] + evil + str(number)
    for name in ("name", "severity", "situation", "party", "rule"):
        group[name] = evil
    group["id"] = ids[group["id"]]
for finding in d["findings"]:
    finding["group"] = ids[finding["group"]]
    for name in ("rule", "section", "text", "requirement", "party", "situation", "known", "engine", "target", "what", "log"):
        finding[name] = evil
    finding["permitted"] = finding["considered"] = finding["reading"] = [evil]
d["transcripts"][0]["replay"] = d["transcripts"][0]["title"] = evil
count = {"executions": 1, "pairs": 1, "rules": 1, "corpus": 1, "findings": 0}
d["campaign"] = {"pairs_all": 113, "rules_all": 38, "samples": [dict(count, elapsed=i, executions=i * 1000, pairs=i, findings=i // 3) for i in range(9)]}
d["survey"] = {"columns": [evil, "b"], "rows": [{"name": evil, "cells": [{"is": evil, "words": evil}, {"is": "bad", "words": "no 100"}]}]}
json.dump(d, open("evil.json", "w"))
d["campaign"]["samples"] = [{"elapsed": -1e300, "executions": 1e300, "pairs": "many"}, None, 7, evil]
d["survey"] = {"columns": evil, "rows": [None, 7, {"cells": evil}, {"name": 1, "cells": [None, evil]}]}
json.dump(d, open("odd.json", "w"))
EOF
gives 0 "$program" report evil.json --html evil.html
page evil.html '"><script>alert(7)</script>' 'Pairs reached' 'no 100' '8 of 113'
[[ $(grep -o '<svg class="chart"' evil.html | wc -l) == 4 ]] || wrong 'other curves'
gives 0 "$program" report odd.json --html odd.html
page odd.html '"><script>alert(7)</script>'
# The checker says no to what is broken on purpose.
for change in 's/<h1>/<h1 onclick="x">/' 's/<h1>/<img><h1>/' 's/<\/style>/ <\/style>/' 's/<\/main>/<script>1<\/script><\/main>/' \
  "s/default-src 'none'/default-src */" 's/href="#causes"/href="https:\/\/example.com"/' 's/<\/h1>//'; do
  sed "$change" page.html >broken.html
  python3 "$source/tests/page_checker.py" broken.html >/dev/null && wrong "takes a page with $change"
done

# ---- a thousand findings ------------------------------------------------------------------------------------------
python3 - <<'EOF'
import copy, json
d = json.load(open("findings.json"))
group, finding, transcript = d["groups"][0], d["findings"][0], d["transcripts"][0]
d["groups"], d["findings"], d["transcripts"] = [], [], []
for number in range(1000):
    # As different as a campaign's causes can be: each has an exchange of its own, with thirty steps.
    one = copy.deepcopy(transcript)
    one["name"] = one["path"] = f"findings/{number}.case"
    one["exchange"]["steps"] = (one["exchange"]["steps"] * 8)[:30]
    one["exchange"]["steps"][0]["octets"] = one["exchange"]["steps"][0]["octets"].replace("/upload", f"/{number}")
    d["transcripts"].append(one)
    d["groups"].append(dict(group, id=f"{number:016x}", situation=f"situation {number}", count=1, kept=1, smallest=number))
    d["findings"].append(dict(finding, group=f"{number:016x}", transcript=number))
json.dump(d, open("thousand.json", "w"))
EOF
gives 0 "$program" report thousand.json --html thousand.html
size=$(wc -c <thousand.html)
((size < 5000000)) || wrong "a page of $size octets"
page thousand.html 'situation 0' 'situation 999' 'The page has come to its limit'
[[ $(grep -o '<details class="cause' thousand.html | wc -l) == 1000 ]] || wrong 'leaves out causes'
# Those of a real run are all drawn.
mkdir many
for number in $(seq 1000); do sed "s|/upload|/$number|" bad.case >"many/$number.case"; done
gives 1 "$program" judge many --findings many.json
gives 0 "$program" report many.json --html many.html
page many.html '2000 findings of 2 causes' 'Other findings of this cause (999)'
(($(wc -c <many.html) < 500000)) || wrong 'grows with findings of one cause'

# ---- long conversations: what is drawn has a limit, around the finding ------------------------------------------------
{
  sed -n '1,/^$/p' bad.case
  for _ in $(seq 300); do printf -- '-- client --\nGET / HTTP/1.1\nHost: a\n\n-- origin --\nHTTP/1.1 200 OK\nContent-Length: 0\n\n'; done
  sed '1,/^$/d' bad.case
} >long.case
gives 1 "$program" judge long.case --findings long.json
gives 0 "$program" report long.json --html long.html
page long.html 'rows left out' 'ORIGIN_100_OR_FINAL' '601'
(($(wc -c <long.html) < 200000)) || wrong 'draws everything'

# ---- in a browser ---------------------------------------------------------------------------------------------------
if command -v chromium >/dev/null; then
  # Without the script the tools stay hidden; with it they are there: the browser took it by its hash.
  for file in page evil thousand; do
    browse "$file.html"
    grep -q '<div class="tools">' .dom || wrong "the script of $file.html does not run"
    [[ $(grep -o '<script' .dom | wc -l) == 1 ]] || wrong "$file.html has another script in the browser"
    ! grep -q -i 'refused\|violates' .err || wrong "the browser refuses something in $file.html"
  done
else
  echo 'chromium is not here: the pages were not opened'
fi
exit 0
