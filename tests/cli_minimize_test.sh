#!/usr/bin/env bash
# Minimising: to a fixed point, with a report that says everything, and never losing what it has.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# One request that a machine which never sends 100 gets wrong, and much that has nothing to do with it.
cat >play.case <<'END'
# A client asks, waits, and sends its content.
kind: play
role: origin

-- client --
GET /first HTTP/1.1
Host: example.com
Accept: */*

-- app> respond 200 --
-- settled --
-- client --
PUT /upload HTTP/1.1
Host: example.com
Accept: text/html
Content-Length: 5
X-Nothing: to see here
Expect: 100-continue

-- app> accept --
-- await 100 --
-- client --
he\
-- client --
llo\
-- app> respond 201 --
-- settled --
-- client --
GET /last HTTP/1.1
Host: example.com

-- app> respond 204 --
-- quiet --
END

# ---- a case, a report, a fixed point ---------------------------------------------------------------
gives 1 "$program" minimize --subject fault:never-100 --out one play.case
prints 'ORIGIN_100_OR_FINAL origin'
prints 'replay  expect100 play --subject fault:never-100 one/'
files=(one/origin-100-or-final-*.case)
small=${files[0]}
[[ ${#files[@]} == 1 && -f $small && -f ${small%.case}.txt && $(find one -type f | wc -l) == 2 ]] ||
  wrong "writes $(ls one)"
(($(wc -c <"$small") < $(wc -c <play.case))) || wrong 'is not smaller'
for text in 'ORIGIN_100_OR_FINAL' 'RFC 9110 10.1.1' 'MUST' 'to blame    origin' 'permitted   ' \
  'subject     fault:never-100' "expect100 play --subject fault:never-100 $small"; do
  grep -q -F -e "$text" "${small%.case}.txt" || wrong "the report does not say: $text"
done
gives 0 "$program" lint "$small"
grep -q '^kind: play$' "$small" || wrong 'is not of kind play'
grep -q '^shows: ORIGIN_100_OR_FINAL$' "$small" || wrong 'does not say what it shows'
gives 1 "$program" play --subject fault:never-100 "$small"
prints 'violation ORIGIN_100_OR_FINAL'
gives 0 "$program" replay --subject fault:never-100 "$small"

gives 1 "$program" minimize --subject fault:never-100 --out two "$small"
diff -r one two | sed '/^[<>] replay /d;/^[0-9c]*$/d;/^---$/d;/^diff /d' | grep . && wrong 'changes at the second time'
gives 1 "$program" minimize --subject fault:never-100 --out again play.case
diff -r one/*.case again/*.case || wrong 'is another case at another time'

# The command that it prints is the one that was asked for, and can be pasted.
gives 1 env E100_COMMAND='./expect100' "$program" minimize --subject fault:never-100 --out "with space's" play.case
prints "replay  ./expect100 play --subject fault:never-100 'with space'\\''s/"

# ---- from the octets of a fuzzer ------------------------------------------------------------------------
"$program" print --as choices-hex play.case |
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' >input
gives 1 "$program" minimize --target origin --subject fault:never-100 --input input --out raw
cmp -s one/*.case raw/*.case || wrong 'is another case from the same exchange'
gives 1 "$program" minimize --target origin --subject fault:never-100 --input input --out raw \
  --cause 'ORIGIN_100_OR_FINAL origin 1'

# ---- a broken invariant: its own command shows it again, and changes nothing ----------------------------
gives 1 "$program" minimize --subject fault:head-in-one-piece --cause 'invariant cut' --out cut play.case
prints "minimize --target origin --cause 'invariant cut' --out cut --subject fault:head-in-one-piece cut/"
cp -r cut cut-before
gives 1 bash -c "\"\$0\" $(sed -n 's/^ *replay *expect100 //p' .out)" "$program"
diff -r cut cut-before || wrong 'changes at the second time'
grep -q '^cause       invariant cut$' cut/*.txt || wrong 'the report does not say the cause'

# ---- nothing to see ----------------------------------------------------------------------------------------
gives 3 "$program" minimize --out none play.case
complains 'play.case: shows nothing to target origin'
gives 3 "$program" minimize --subject fault:never-100 --cause 'SERVER_ONE_FINAL origin 1' --out none play.case
complains 'nothing of the cause SERVER_ONE_FINAL origin 1'
[[ ! -e none ]] || wrong 'writes although there is nothing'

# ---- nowhere to write: the finding itself is printed ----------------------------------------------------------
: >file
gives 2 "$program" minimize --subject fault:never-100 --out file play.case
complains 'file: is a file, and a folder is wanted'
prints '-- client --'
prints 'shows: ORIGIN_100_OR_FINAL'
