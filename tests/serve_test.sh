#!/usr/bin/env bash
# The reference origin server behind a socket: surveyed it keeps every rule; what it is told wrongly; and it ends when told.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

"$program" serve >address 2>.err &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
until_there grep -q '^tcp:127\.0\.0\.1:[0-9]*$' address
address=$(<address)
cat >map <<'END'
accept /take
echo /echo
ignore /ignore
401 /401
404 /404
405 /405
413 /413
END

gives 0 "$program" survey "$address" --map map --settle 150 --out out --json survey.json
prints '0 confirmed violations'
python3 - <<'END' || wrong 'not every situation was played, or decided rules are missing'
import json
cells = {cell["situation"]: cell for cell in json.load(open("survey.json"))["cells"]}
assert len(cells) > 60
assert all(cell["state"] == "played" for cell in cells.values())
END

# What its targets answer.
answer() { curl -s -o content -D head --max-time 5 -X PUT -H 'Expect: 100-continue' -d content "$@"; }
url=http://${address#tcp:}
for status in 401 404 405 413; do
  answer "$url/$status"
  grep -q "^HTTP/1.1 $status " head || wrong "/$status answers something else"
  ! grep -q '^HTTP/1.1 100' head || wrong "/$status says 100"
done
answer "$url/take"
grep -q '^HTTP/1.1 100' head || wrong 'no 100 to who asks'
answer -H 'E100-Mark: abc' "$url/echo"
[[ $(<content) == '{abc}' ]] || wrong 'the mark is not given back'

gives 2 "$program" serve --port "${address##*:}"
complains "could not listen on port ${address##*:} of 127.0.0.1"
gives 2 "$program" serve --port 70000
gives 2 "$program" serve here
complains 'it takes no operands'

kill -TERM "$server"
code=0
wait "$server" || code=$?
((code == 0)) || wrong "exit code $code when it was told to end"
