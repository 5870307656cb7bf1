#!/usr/bin/env bash
# After a survey no process of a recipe runs, no port is taken, and no folder stays: where all goes well, where a program dies,
# where one cannot start, and where somebody interrupts, once or twice, a start or the plays. What is lost with the folder, the
# last lines of its logs, is said where something went wrong.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# The program with recipes of this test besides its own.
mkdir -p bin share tmp
cp "$program" bin/expect100
cp -rL "$(dirname "$program")/../share/expect100" share/expect100
program=$scratch/bin/expect100
recipes=share/expect100/recipes
export TMPDIR=$scratch/tmp

# recipe NAME BODY: a recipe with the function `start`; every one of them writes down its port.
recipe() {
  rm -f "$recipes/$1"
  cat >"$recipes/$1" <<END
#!/usr/bin/env bash
source "$scratch/$recipes/recipe.bash"
install() { :; }
version() { echo "$1"; }
note() { echo "\$port" >>"$scratch/ports"; }
$2
recipe "\$@"
END
  chmod +x "$recipes/$1"
}

# A server that answers nobody, with a child that holds the port, too.
cat >holder.py <<'END'
import os, socket, sys, time
end = socket.socket()
end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
end.bind(("127.0.0.1", int(sys.argv[1])))
end.listen(64)
if sys.argv[2] == "dies":  # in the first play, after what sees that it listens and what it answers first; its child lives on
    if os.fork() == 0:
        end.close()
        time.sleep(1000)
    end.accept()
    first, _ = end.accept()
    first.recv(4096)
    first.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    end.accept()
    sys.exit("out of holders")
if os.fork() == 0:
    time.sleep(1000)
kept = []
while True:
    kept.append(end.accept())
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "accepted"), "a", encoding="ascii") as file:
        file.write("one\n")
END
recipe holds "start() { note; background python3 $scratch/holder.py \"\$port\" holds; }"
recipe dies "start() { note; background python3 $scratch/holder.py \"\$port\" dies; }"
recipe fails "start() { note; background python3 $scratch/holder.py \"\$port\" holds; sleep 0.3; echo 'no such option' >own.log; cannot 'it will not'; }"
recipe hangs "start() { note; background python3 $scratch/holder.py \"\$port\" holds; sleep 0.3; echo hanging >own.log; touch $scratch/hanging; sleep 1000; }"
recipe ends "start() { note; background sh -c 'echo no port for me; exit 1'; }"
recipe lacks "install() { echo no-such-package; }
start() { :; }"
recipe bare "start() { note; [[ :\$PATH: == *:/usr/sbin:* ]] || cannot 'where are servers?'; background perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(shift, INADDR_LOOPBACK)); listen(S, 64); sleep 1000' \"\$port\"; }"
recipe stubborn "start() { note; background bash -c \"trap '' TERM; python3 $scratch/holder.py \$port holds\"; }"

# Everything that was begun has this in its environment.
export E100_LEFTOVERS_MARK=$scratch/mark
marked() { (env -u E100_LEFTOVERS_MARK grep -lzxF "E100_LEFTOVERS_MARK=$E100_LEFTOVERS_MARK" /proc/[0-9]*/environ 2>/dev/null || true) | sed 's|/proc/||; s|/environ||'; }
# Those besides this one and its children, with their commands.
left() {
  local process
  for process in $(marked); do
    [[ $process == "$$" || ! -e /proc/$process || $(ps -o ppid= -p "$process" | tr -d ' ') == "$$" ]] ||
      echo "$process $(tr '\0' ' ' 2>/dev/null <"/proc/$process/cmdline" || true)"
  done
}
none_left() {
  local port
  for ((i = 0; i < 10 && $(left | wc -l) > 0; i++)); do sleep 0.1; done # who is killed takes a moment to go
  [[ -z $(left) ]] || wrong "$1: still running: $(left)"
  [[ -e ports ]] || wrong "$1: no recipe was started"
  while read -r port; do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || wrong "$1: somebody still listens on $port"
  done <ports
  [[ -z $(ls tmp) ]] || wrong "$1: folders stay: $(ls tmp)"
  rm -f ports accepted
}

mkdir situations
cp "$source/corpus/survey/ok-asks-and-waits.case" "$source/corpus/survey-gateway/ok-asks-and-gets-100.case" situations
survey=("$program" survey --settle 100 --out out --situations situations)

# The check sees what it should: a process that is left.
sleep 30 & # of this shell: not counted
setsid sh -c 'sleep 30 & echo $! >left; exec sleep 0' # one whose parent is gone
[[ $(left) == *'sleep 30'* ]] || wrong 'what is left on purpose is not seen'
kill "$(<left)" %1

gives 2 "${survey[@]}" recipe:holds recipe:stubborn
prints "not reached: it has not sent one octet"
[[ $(wc -l <ports) == 2 ]] || wrong 'the recipes did not start'
none_left 'a survey of two'

cp "$source/corpus/survey/ok-asks-twice.case" situations
gives 2 "${survey[@]}" --settle 1000 --jobs 1 recipe:dies recipe:python-http-server
complains 'recipe:dies (dies): 1 situation could not be played: could not connect: connection refused'
complains 'recipe:dies (dies): it was there at first, and went while this was played: asks-and-waits'
complains 'the program dies has ended by itself'
complains 'program.log ends so:'
complains '  out of holders'
prints 'asks-twice                                    !  .'
rm situations/ok-asks-twice.case
none_left 'a program that dies'

gives 2 "${survey[@]}" recipe:fails recipe:python-http-server
complains 'recipe: it will not'
complains 'own.log ends so:'
complains '  no such option'
complains 'recipe:fails: it did not start'
prints 'recipe:python-http-server ('
none_left 'a program that cannot start'

gives 2 "${survey[@]}" recipe:ends
complains 'the program does not listen'
complains '  no port for me'
none_left 'a program that ends at once'

# Packages that cannot be had, a machine without Python, and somebody who does not look where servers are.
mkdir tools
printf '#!/bin/sh\necho "E: Unable to locate package no-such-package"\nexit 100\n' >tools/apt-get
printf '#!/bin/sh\nshift\nexec "$@"\n' >tools/sudo
printf '#!/bin/sh\nexit 127\n' >tools/python3
chmod +x tools/*
gives 2 env "PATH=$PWD/tools:$PATH" "${survey[@]}" recipe:lacks
complains 'could not install no-such-package'
complains '  E: Unable to locate package no-such-package'
gives 2 env "PATH=$PWD/tools:/usr/bin:/bin" "${survey[@]}" recipe:bare
prints 'not reached: it has not sent one octet'
none_left 'a machine without Python'

# interrupted SIGNAL TIMES NAME WHEN...: it is surveyed until the command WHEN succeeds, and then interrupted.
interrupted() {
  local signal=$1 times=$2 name=$3 process code=0
  shift 3
  rm -f hanging
  "${survey[@]}" --settle 30000 "recipe:$name" recipe:holds >.out 2>.err &
  process=$!
  until_there "$@"
  kill -"$signal" "$process"
  if ((times == 2)); then
    sleep 0.2
    kill -"$signal" "$process" || true
  fi
  wait "$process" || code=$?
  ((code == 2 || code > 128)) || wrong "exit code $code after SIG$signal, $times times, with $name"
  none_left "SIG$signal, $times times, with $name"
}
plays() { [[ -e accepted && $(wc -l <accepted) -gt 2 ]]; } # each was looked for once when it was started
interrupted INT 2 holds plays
interrupted TERM 2 holds plays
interrupted HUP 2 holds plays
interrupted INT 1 hangs test -e hanging
complains 'interrupted: nothing was played'
! grep -F 'ends so' .err || wrong 'logs of what was interrupted'
interrupted INT 2 hangs test -e hanging

# Once: what runs is played to its end, and no more begins.
survey+=(--settle 1000)
"${survey[@]}" recipe:holds >.out 2>.err &
process=$!
until_there test -s accepted
kill -INT "$process"
code=0
wait "$process" || code=$?
((code == 2)) || wrong "exit code $code after an interrupt"
complains 'interrupted'
none_left 'an interrupt'

# Real programs, those that are installed.
real=()
for name in nginx:nginx apache:apache2 lighttpd:lighttpd node:node gateway-haproxy:haproxy gateway-nginx:nginx gateway-apache:apache2 \
  gateway-varnish:varnishd gateway-squid:squid gateway-trafficserver:traffic_server proxy-squid:squid proxy-apache:apache2; do
  ! PATH=$PATH:/usr/sbin command -v "${name#*:}" >/dev/null || real+=("recipe:${name%:*}")
done
if ((${#real[@]})); then
  cp "$source/corpus/survey-proxy/ok-asks-and-gets-100.case" situations/ok-of-a-proxy.case
  code=0
  timeout 120 "${survey[@]}" --settle 100 "${real[@]}" >.out 2>.err || code=$?
  ((code < 2)) || wrong "exit code $code with ${real[*]}"
  touch ports
  none_left "${real[*]}"
fi
