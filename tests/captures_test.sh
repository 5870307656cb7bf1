#!/usr/bin/env bash
# Captures: what TCP does on its way, several links, cut captures, what is no HTTP, bad files, and bounded memory.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

maker=$source/tests/capture_maker.py
make() { "$maker" "$1" "${3:-$1.pcap}" ${2:+"$2"}; }
judges() {
  local code=$1
  shift
  gives "$code" "$program" judge "$@"
}
violations() { [[ $(grep -c '^violation ' .out || true) == "$1" ]] || wrong "not $1 violations"; }

# One good conversation and one with a breach.
make well
judges 0 well.pcap
prints 'well.pcap: 192.0.2.1:40000 > 192.0.2.2:80: no findings'
silent
make hangs
judges 1 hangs.pcap --ladder
prints 'violation ORIGIN_100_OR_FINAL: request 1, step 2 (settled)'
prints 'silence'
violations 1
judges 1 hangs.pcap --json
prints '"exchange":"hangs.pcap: 192.0.2.1:40000 > 192.0.2.2:80"'
judges 0 hangs.pcap --settle 2000
judges 1 - <hangs.pcap
prints 'standard input: 192.0.2.1'
cp hangs.pcap hangs # told by its octets
judges 1 hangs

# The time that octets travel is no silence of who has not got them.
make slow
judges 0 slow.pcap

# Every kind of link, both families.
for link in vlan cooked cooked2 null raw; do
  make "$link"
  judges 1 "$link.pcap"
  prints '192.0.2.1:40000 > 192.0.2.2:80: no findings'
  prints '[2001:db8::1]:40001 > [2001:db8::2]:80: 1 violation'
done
make pcapng
judges 1 pcapng.pcap
violations 1

# What TCP does on its way changes nothing; nothing is made up where octets are missing.
make disorder
judges 0 disorder.pcap
silent
make interleaved
judges 0 interleaved.pcap
prints '6 exchanges, 0 with findings'
make reset
judges 0 reset.pcap
prints 'note SERVER_CLOSES_IN_STAGES'
make hole
judges 2 hole.pcap
complains 'octets are missing from the capture: what follows is not judged'
violations 0
make snapped
judges 2 snapped.pcap
complains 'only the beginning of a packet'
make late
judges 2 late.pcap
complains '1 connections began before the capture'

# Octets, or an end, that are not there: no silence is made of them, even where only an acknowledgement of the end shows it.
for kind in lost-100 lost-with-its-acknowledgement lost-before-reset lost-content lost-end lost-last reset-behind-a-hole; do
  make "$kind"
  judges 2 "$kind.pcap"
  complains 'octets are missing from the capture: what follows is not judged'
  violations 0
done
make one-way
judges 2 one-way.pcap
complains 'only one of its two ends: what follows is not judged'
violations 0

# A final response may take its time, which the client ends or nobody; a 100 may not.
for kind in slow-final slow-end; do
  make "$kind"
  judges 0 "$kind.pcap"
  silent
done
make slow-100
judges 1 slow-100.pcap
prints 'violation ORIGIN_100_OR_FINAL: request 1, step 2 (settled)'
make gives-up
judges 1 gives-up.pcap
prints 'violation SERVER_ONE_FINAL: request 1, step 2 (settled)'

# Nobody is silent who is let send nothing.
for kind in shut-client shut-server; do
  make "$kind"
  judges 0 "$kind.pcap"
  silent
done
make opens-window
judges 1 opens-window.pcap
violations 1

# What TCP does not take ends and begins nothing, and a new connection of the same ends begins with its SYN.
for kind in stray-reset stray-syn new-syn both-begin; do
  make "$kind"
  judges 1 "$kind.pcap"
  prints 'violation ORIGIN_100_OR_FINAL: request 1, step 2 (settled)'
  violations 1
done
prints '192.0.2.1:40000 > 192.0.2.2:80: 1 violation' # who asks is the client

# Damaged octets are not those that arrived; where no checksum is right, a network card fills them in.
make damaged
judges 0 damaged.pcap
prints 'no findings'
silent
make all-checksums-wrong
judges 1 all-checksums-wrong.pcap
violations 1
make copies
judges 2 copies.pcap
complains 'octets came twice and were not the same'
violations 0
make copy-after-acknowledgement
judges 1 copy-after-acknowledgement.pcap
violations 1

# Octets that come far before those in front of them.
make far-behind
judges 1 far-behind.pcap
prints 'violation ORIGIN_100_OR_FINAL: request 2'
make too-far-behind
judges 2 too-far-behind.pcap
complains 'more octets than are kept came before those in front of them'

# What libpcap, or this program, does not read is said with what to do.
make interfaces
judges 2 interfaces.pcap
complains 'tshark -r FILE'
make byte-orders
judges 2 byte-orders.pcap
complains 'editcap FILE OUT'
make wrapped
judges 2 wrapped.pcap
complains 'packets are in another encapsulation (PPPoE, MPLS, GRE or IP in IP)'
make backwards
judges 2 backwards.pcap
complains 'reordercap FILE OUT'
violations 0
make lost-head # each reason by its own name
judges 2 lost-head.pcap
complains '1 connections are not judged from their beginning on: octets are missing from the capture'

# What is no HTTP is said to be so.
make mixed
judges 0 mixed.pcap
complains '1 connections speak TLS'
complains '1 connections speak HTTP/2'
complains '2 connections do not speak HTTP'
prints ':5 > 192.0.2.2:80: no findings'

make others
judges 0 others.pcap
complains '4 connections do not speak HTTP'
violations 0
make prefaced
judges 1 prefaced.pcap
complains '4 connections begin with a preface of the PROXY protocol'
prints '192.0.2.1:1 > 192.0.2.2:80: no findings'
prints '192.0.2.1:2 > 192.0.2.2:80: no findings'
prints '192.0.2.1:3 > 192.0.2.2:80: 1 violation'
violations 1

# The head of a long upload is still there when the finding comes.
make upload
judges 1 upload.pcap --ladder
prints 'violation SERVER_FINAL_AFTER_100: request 1, step 4 (settled)'
prints 'PUT /a HTTP/1.1'
judges 1 upload.pcap --json
prints '"truncated":true'

# A folder is looked through for captures, too.
mkdir -p folder/within
cp hangs.pcap folder/within/
judges 1 folder
prints 'folder/within/hangs.pcap: 192.0.2.1'
violations 1
cp "$source/corpus/cases/origin/bad-no-final.case" folder/
judges 1 folder
violations 2

# Bad files.
: >empty.pcap
judges 2 empty.pcap
complains 'empty.pcap: is no capture that can be read'
echo 'kind: judge' >text.pcap
judges 2 text.pcap
complains 'text.pcap: is no capture that can be read'
head -c 24 well.pcap >header.pcap
judges 2 header.pcap
complains 'holds no TCP connection'
head -c 500 hangs.pcap >cut.pcap
judges 2 cut.pcap
complains 'cannot be read to its end'
judges 2 none.pcap
complains 'none.pcap'
judges 2 well.pcap --seen-by gateway
complains '--seen-by wants client or origin'
{
  head -c 20 well.pcap
  printf '\x7f\0\0\0'
} >link.pcap
judges 2 link.pcap
complains 'link type'
# Octets turned over anywhere give a message or a verdict, never a crash.
python3 - <<'END'
import random
octets = open("disorder.pcap", "rb").read()
for i in range(60):
    broken = bytearray(octets)
    for _ in range(8):
        broken[random.Random(i * 100 + _).randrange(24, len(broken))] ^= 1 << (i % 8)
    open(f"broken{i}.pcap", "wb").write(broken)
END
for file in broken*.pcap; do
  got=0
  timeout 20 "$program" judge "$file" >.out 2>.err || got=$?
  ((got <= 2)) || wrong "exit code $got: $file"
done

# Ten times the exchanges take no more memory, on many connections and on one; each 417 is seen.
peak() {
  local got=0
  python3 - "$program" "$1" >.peak 2>.err <<'END' || got=$?
import resource, subprocess, sys
code = subprocess.run([sys.argv[1], "judge", sys.argv[2]], stdout=open(".out", "w")).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
END
  [[ $got == "$2" ]] || wrong "exit code $got, not $2: $1"
}
for kind in many persistent; do
  make $kind 1000 small.pcap
  make $kind 10000 large.pcap
  code=0
  [[ $kind == many ]] || code=1 # its last exchange hangs
  peak small.pcap $code
  small=$(<.peak)
  peak large.pcap $code
  large=$(<.peak)
  ((large < small + small / 4)) || wrong "$kind: 1,000 exchanges take $small KiB, 10,000 take $large KiB"
  [[ $(grep -c '^note ORIGIN_KNOWS_100_CONTINUE' .out) == 1000 ]] || wrong "$kind: not every 417 is seen"
done
violations 1
prints 'violation ORIGIN_100_OR_FINAL: request 10001'
