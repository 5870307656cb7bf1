#!/usr/bin/env bash
# Real servers, started by their recipes: nginx, Python's http.server, HAProxy as a gateway and Tinyproxy, where they are
# installed. What they are known to do is found, and nothing stays running.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

gives 0 "$program" survey recipe:list
prints 'recipe:nginx'
recipes=(recipe:python-http-server)
! { command -v nginx || [[ -x /usr/sbin/nginx ]]; } >/dev/null || recipes+=(recipe:nginx)
mkdir temporary
export TMPDIR=$PWD/temporary # of its own: other surveys may begin and end meanwhile

gives 1 "$program" survey "${recipes[@]}" --out out --json survey.json --settle 150
for recipe in "${recipes[@]}"; do
  prints "$recipe ("
done
python3 - "${recipes[@]}" <<'END' || wrong 'what these servers are known to do was not found'
import json, sys
survey = json.load(open("survey.json"))
for recipe in sys.argv[1:]:
    cells = {cell["situation"]: cell for cell in survey["cells"] if cell["subject"].startswith(recipe)}
    broken = {name for name, cell in cells.items()
              for finding in cell["findings"] if finding["confirmed"] and finding["severity"] == "violation"}
    assert "asks-last-in-a-list" in broken, (recipe, broken)
    assert all(cell["state"] in ("played", "unsuited") for cell in cells.values()), recipe
    # What every server does right, or legally.
    for name in ("asks-and-waits", "asks-and-sends-at-once", "asks-twice", "refused-with-401", "does-not-ask"):
        assert name not in broken, (recipe, name)
END

# HAProxy passes the expectation on, the refusal back, and a poisoned connection to nobody; but it takes over the version of a
# client of HTTP/1.0 behind a request in HTTP/1.1.
if { command -v haproxy || [[ -x /usr/sbin/haproxy ]]; } >/dev/null; then
  mkdir situations
  for name in asks-and-gets-100 asks-and-is-refused-with-405 refused-amid-content client-lowers-its-version; do
    cp "$source/corpus/survey-gateway/ok-$name.case" situations
  done
  gives 1 "$program" survey recipe:gateway-haproxy --situations situations --out out --json gateway.json --settle 150
  prints 'u1: PUT /b HTTP/1.0'
  python3 - <<'END' || wrong 'what HAProxy is known to do was not found'
import json
cells = json.load(open("gateway.json"))["cells"]
assert len(cells) == 4 and all(cell["state"] == "played" for cell in cells), cells
broken = {(cell["situation"], f["rule"], f["party"]) for cell in cells for f in cell["findings"] if f["severity"] == "violation"}
assert broken == {("client-lowers-its-version", "INTERMEDIARY_OWN_VERSION", "gateway")}, broken
END
fi

# Tinyproxy keeps the 100 and a refusal back until its client has sent what it was asked for.
if command -v tinyproxy >/dev/null; then
  mkdir for-proxies
  cp "$source"/corpus/survey-proxy/ok-asks-and-{gets-100,is-refused-with-405}.case for-proxies
  gives 1 "$program" survey recipe:proxy-tinyproxy --situations for-proxies --out out --json kept.json --settle 150
  python3 - <<'END' || wrong 'what Tinyproxy is known to keep back was not found'
import json
cells = json.load(open("kept.json"))["cells"]
assert len(cells) == 2 and all(cell["state"] == "played" for cell in cells), cells
broken = {(cell["situation"], f["rule"]) for cell in cells for f in cell["findings"] if f["confirmed"]}
assert ("asks-and-gets-100", "PROXY_FORWARDS_INTERIM") in broken, broken
assert ("asks-and-is-refused-with-405", "INTERMEDIARY_RELAYS_FINAL") in broken, broken
END
fi
[[ -z $(find temporary -name 'expect100-recipe-*') ]] || wrong 'a recipe left its folder'

# Clients: what each of them does right, with what its application saw.
mkdir for-clients
for name in 100-then-final-twice unasked-100 in-chunks; do
  cp "$source/corpus/survey-client/ok-$name.case" for-clients
done
clients=(recipe:client-python-http)
! command -v curl >/dev/null || clients+=(recipe:client-curl)
! command -v java >/dev/null || clients+=(recipe:client-java)
! perl -MLWP::Protocol::https -e 1 2>/dev/null || clients+=(recipe:client-lwp)
! /usr/bin/python3 -c 'import aiohttp' 2>/dev/null || clients+=(recipe:client-aiohttp)
gives 0 "$program" survey "${clients[@]}" --situations for-clients --out out --json clients.json
# Java's trusts have no variable for it: its recipes read the certificate themselves.
! command -v java >/dev/null ||
  gives 0 "$program" survey --tls recipe:client-java --situations for-clients --out out
python3 - "${#clients[@]}" <<'END' || wrong 'what these clients are known to do right was not seen'
import json, sys
survey = json.load(open("clients.json"))
assert len(survey["subjects"]) == int(sys.argv[1])
for subject in survey["subjects"]:
    assert subject["role"] == "client" and subject["rules"]["CLIENT_RESPONSE_TO_ITS_REQUEST"] == "kept", subject
assert all(cell["state"] == "played" and not cell["findings"] for cell in survey["cells"]), survey["cells"]
END
[[ -z $(find temporary -name 'expect100-recipe-*') ]] || wrong 'the recipe of a client left its folder'
