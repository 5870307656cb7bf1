#!/usr/bin/env bash
# curl against the reference origin server: recorded, exported as a capture, judged; and captured by tcpdump where that is
# here and may.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

processes=()
trap 'kill "${processes[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT
head -c 100000 /dev/urandom >content
upload() { curl -s -m 20 -o /dev/null -w '%{http_code}' -T content -H 'Expect: 100-continue' "$1"; }

"$program" serve >served 2>served.err &
processes+=($!)
until_there grep -q '[0-9]:[0-9]' served
server=$(grep -o '127.0.0.1:[0-9]*' served | head -n 1)

"$program" record --listen 127.0.0.1:0 --to "$server" --connections 2 --out recorded.jsonl >relay 2>relay.err &
relay=$!
processes+=("$relay")
until_there grep -q '^listening on' relay
here=$(sed -n 's/^listening on \(127.0.0.1:[0-9]*\),.*/\1/p' relay)
[[ $(upload "http://$here/a") == 200 ]] || wrong 'the upload did not pass'
[[ $(upload "http://$here/413") == 413 ]] || wrong 'the refusal did not pass'
wait "$relay" || wrong 'the relay found something'
gives 0 "$program" export --pcap recorded.pcap recorded.jsonl
gives 0 "$program" judge --ladder recorded.pcap
prints 'PUT /a HTTP/1.1'
prints '100 Continue'
prints '2 exchanges, 0 with findings'

# A capture of the packets themselves.
if [[ $EUID != 0 ]] || ! command -v tcpdump >/dev/null; then
  echo 'tcpdump is not here, or this is not root: nothing is captured'
  exit
fi
tcpdump -i lo -s 0 -U -B 16384 -w - "tcp port ${server##*:}" >captured.pcap 2>captured.err &
capture=$!
processes+=("$capture")
until_there grep -q 'listening on' captured.err
[[ $(upload "http://$server/a") == 200 ]] || wrong 'the upload did not pass'
[[ $(upload "http://$server/404") == 404 ]] || wrong 'the refusal did not pass'
sleep 1
kill -INT "$capture"
wait "$capture" || wrong 'tcpdump failed'
if grep -q '^0 packets dropped' captured.err; then
  gives 0 "$program" judge --ladder captured.pcap
  prints 'PUT /404 HTTP/1.1'
  prints '2 exchanges, 0 with findings'
  silent
fi
