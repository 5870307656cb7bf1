#!/usr/bin/env bash
# The library as somebody else uses it: installed to a folder of its own, found with pkg-config and with CMake, and
# the example server built on it and tried with curl.
#
#   example_server_test.sh PROGRAM SOURCE
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

build=$(cd "$(dirname "$program")/.." && pwd)
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
compiler=$(cached CMAKE_C_COMPILER)
prefix=$scratch/installed

# ---- installed, and found -------------------------------------------------------------------------------
gives 0 cmake --install "$build" --prefix "$prefix" --component library
example=$prefix/share/doc/expect100/examples/origin-server
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name expect100-origin.pc)")
export PKG_CONFIG_PATH
read -ra found <<<"$(pkg-config --cflags --libs expect100-origin)"
gives 0 "$compiler" -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -o by-pkg-config \
  "$example/origin_server.c" "${found[@]}"
[[ -n $(pkg-config --variable=llhttp expect100-origin) ]] || wrong 'the package does not say which llhttp it has'

# Moved somewhere else, it is found all the same.
mv "$prefix" "$scratch/moved"
example=$scratch/moved/share/doc/expect100/examples/origin-server
gives 0 cmake -S "$example" -B by-cmake "-DCMAKE_PREFIX_PATH=$scratch/moved" "-DCMAKE_C_COMPILER=$compiler"
gives 0 cmake --build by-cmake
[[ -x by-cmake/origin_server ]] || wrong 'CMake built no server'

# Each header stands alone, in C and in C++.
for header in "$scratch"/moved/include/expect100/*.h; do
  printf '#include <expect100/%s>\n' "${header##*/}" >header.c
  gives 0 "$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$scratch/moved/include" header.c
  cp header.c header.cc
  gives 0 "$compiler" -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$scratch/moved/include" \
    header.cc
done

# ---- no heap, no globals, no names but ours -----------------------------------------------------------------
archive=$(find "$scratch/moved" -name libexpect100_origin.a)
if [[ $(cached E100_SANITIZE) == none ]]; then
  strangers=$(nm --undefined-only --format=posix "$archive" | awk 'NF >= 2 {print $1}' | sort -u |
    grep -vxE '_?_?(abort|bcmp|fflush|fprintf|memchr|memcmp|memcpy|memmove|memset|stderr|stdout|strcmp|strlen)(_chk)?|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail' || true)
  [[ -z $strangers ]] || wrong "the library needs more than it says: $strangers"
  writable=$(size -A "$archive" | awk '($1 == ".data" || $1 == ".bss") && $2 > 0')
  [[ -z $writable ]] || wrong "the library has variables: $writable"
fi
others=$(nm --defined-only --extern-only --format=posix "$archive" | awk 'NF >= 2 && $1 !~ /^e100_/ {print $1}')
[[ -z $others ]] || wrong "the library shows names that are not its own: $others"

# ---- the server, with curl ------------------------------------------------------------------------------------
ulimit -c 0
: >server.out # it is looked into before the server has begun
timeout -k 5 120 ./by-cmake/origin_server 0 >server.out 2>server.err &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
for _ in $(seq 100); do
  port=$(sed -n 's/^listening on 127.0.0.1://p' server.out)
  [[ -z $port ]] || break
  sleep 0.1
done
[[ -n $port ]] || wrong 'the server does not say where it listens'

head -c 100 /dev/zero >small
head -c $((2 << 20)) /dev/zero >large
head -c $((5 << 20)) /dev/zero >too-large

# sends FILE OPTION...: with curl, which writes to .err what it sees of both ways.
sends() {
  local file=$1
  shift
  : >server.out.before
  cp server.out server.out.before
  # Patient: beside a build on a busy machine a 100 may take longer than curl's second.
  timeout 60 curl -sS -v --noproxy '*' --max-time 50 --expect100-timeout 40 -o answer -w 'status %{http_code}\n' "$@" \
    --data-binary "@$file" "http://127.0.0.1:$port/upload" >.out 2>.err || echo "curl $?" >>.out
}
heard_100() { grep -q '^< HTTP/1.1 100 Continue' .err || wrong "no 100"; }
no_100() { ! grep -q '^< HTTP/1.1 100' .err || wrong "a 100"; }
status() { prints "status $1"; }
# What the server printed since the last request.
server_said() { tail -n "+$(($(wc -l <server.out.before) + 1))" server.out | grep -q -F -e "$1" || wrong "the server does not say: $1"; }

# Below curl's threshold it does not ask; above it (1 MiB in newer versions, 1,024 octets in older) it does.
sends small
no_100 && status 200
server_said '100 octets'
sends large
heard_100 && status 200
server_said 'AWAITED: HEAD_ASKS, TELL_HEAD'
server_said 'ASKED: APP_ACCEPTS, SEND_100'
server_said '2097152 octets'

# Asking is the client's to choose.
sends large -H 'Expect:'
no_100 && status 200
sends small -H 'Expect: 100-continue'
heard_100 && status 200
sends small -X PUT -H 'Expect: 100-CONTINUE'
heard_100 && status 200
sends small -H 'Expect: something-else' --expect100-timeout 1
no_100 && status 200

# Over the limit: refused before the content is sent, where the client asks and says how much it is.
sends too-large
no_100 && status 413
grep -q 'We are completely uploaded' .err && wrong 'the content was sent all the same'
sends too-large -H 'Transfer-Encoding: chunked' -H 'Expect: 100-continue'
heard_100
server_said 'APP_RESPONDS_LAST'
sends small -H 'Transfer-Encoding: chunked'
status 200
server_said '100 octets'

# No Expect in HTTP/1.0, no content, two requests on one connection, and a head that is refused.
sends small --http1.0 -H 'Expect: 100-continue' --expect100-timeout 1
grep -q '^> POST /upload HTTP/1.0' .err || wrong 'this is no HTTP/1.0'
no_100 && status 200
gives 0 curl -sS --noproxy '*' --max-time 20 -o answer -w 'status %{http_code}\n' "http://127.0.0.1:$port/"
prints 'status 200'
gives 0 curl -sS -v --noproxy '*' --max-time 20 -o answer -o answer -w 'status %{http_code}\n' -T small \
  "http://127.0.0.1:$port/[1-2]"
grep -q 'Re-using existing connection' .err || wrong 'the connection is not used again'
gives 0 curl -sS --noproxy '*' --max-time 20 -o answer -w 'status %{http_code}\n' -H 'Host:' "http://127.0.0.1:$port/"
prints 'status 400'

kill -0 "$server" || wrong 'the server is gone'
[[ ! -s server.err ]] || wrong "the server complains: $(head -c 2000 server.err)"
