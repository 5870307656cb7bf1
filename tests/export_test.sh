#!/usr/bin/env bash
# An exchange as a capture: with sound checksums, judged as before, and read by other programs where they are here.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

python3 "$source/tests/export_test.py" "$program" "$source/corpus" >/dev/null || wrong 'a case is judged otherwise as a capture'

case=$source/corpus/cases/origin/bad-100-only-after-content.case
gives 0 "$program" export --pcap out.pcap "$case"
silent
python3 - out.pcap <<'END' || wrong 'a checksum is wrong, or a packet'
import struct, sys
octets = open(sys.argv[1], "rb").read()
def total(part):
    part += bytes(len(part) % 2)
    value = sum(struct.unpack(f">{len(part) // 2}H", part))
    while value >> 16:
        value = (value & 0xffff) + (value >> 16)
    return value
at, packets, flags = 24, 0, 0
while at < len(octets):
    length = struct.unpack("<I", octets[at + 8:at + 12])[0]
    packet = octets[at + 16:at + 16 + length]
    assert total(packet[:20]) == 0xffff
    assert total(packet[12:20] + struct.pack(">HH", 6, length - 20) + packet[20:]) == 0xffff
    flags |= packet[33]
    at, packets = at + 16 + length, packets + 1
assert packets > 5 and flags & 2, (packets, flags)
END
if command -v tshark >/dev/null; then
  tshark -r out.pcap -o tcp.check_checksum:TRUE >.out 2>.err || wrong 'tshark does not read it'
  prints 'Continue'
fi
gives 2 "$program" export "$case"
complains '--pcap OUT'
gives 2 "$program" export --pcap nowhere/out.pcap "$case"
gives 2 "$program" export --pcap out.pcap none.case
gives 0 "$program" export --pcap out.pcap "$source/corpus/cases/origin"
complains 'on no wire'
got=0
"$program" judge out.pcap >.out 2>.err || got=$?
[[ $got == 1 ]] || wrong "exit code $got: judge out.pcap"
prints 'violation ORIGIN_100_OR_FINAL'
