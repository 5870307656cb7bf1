# recipe.bash - what recipes share; each sources it. Nothing here is run by itself.
#
# A recipe has the functions `install` (prints the packages that it needs, one a line), `start` (begins the program in the
# folder `folder` on the port `port`, and writes its process to the file `pid`) and `version`; and it ends with
# `recipe "$@"`. A forward proxy sets `kind=proxy`. A gateway sets `kind=gateway`, listens on each of `ports`, and passes what
# comes there on to the port of `upstreams` that has the same index, with a pool of connections for each: so the exchanges
# of a survey can be played at once.
# shellcheck shell=bash
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where Debian has servers, and who is not root does not look

say() { printf 'expect100: recipe: %s\n' "$*" >&2; }
cannot() {
  say "$@"
  exit 1
}

# tell_logs: what the logs in the folder say last, since they go with it; that of the installation only where there is no other.
tell_logs() {
  local log logs=()
  for log in "$folder"/*.log; do
    [[ ! -s $log || $log == */install.log ]] || logs+=("$log")
  done
  ((${#logs[@]})) || logs=("$folder/install.log")
  for log in "${logs[@]}"; do
    [[ -s $log ]] || continue
    say "${log##*/} ends so:"
    tail -n 10 "$log" | sed 's/^/  /' >&2
  done
}

# tell_why: at the end of a start, the logs where it has failed; not where it was interrupted.
tell_why() {
  case $? in
    0 | 129 | 130 | 143) ;;
    *) tell_logs ;;
  esac
}

# free_ports N: so many ports that nobody listens on now, a line each; such as no kernel takes for the near end of a connection.
# In Perl, which every Debian has.
free_ports() {
  perl -MSocket -e '
    my ($wanted, %held) = @ARGV;
    while (keys %held < $wanted) {
      my $port = 12000 + int rand 20000;
      socket(my $end, PF_INET, SOCK_STREAM, 0) or die "no socket could be made: $!\n";
      $held{$port} = $end if bind($end, sockaddr_in($port, INADDR_LOOPBACK));
    }
    print "$_\n" for keys %held;' "$1"
}

install_missing() {
  local missing=() package apt=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -y -q)
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing these packages: ${missing[*]}"
  # A server that a package would start by itself is not wanted: only the recipe's own. And another may be installing now.
  apt+=(-o DPkg::Lock::Timeout=300 --no-install-recommends)
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || cannot 'installing needs root, or sudo without a password'
    apt=(sudo -n "${apt[@]}")
  fi
  "${apt[@]}" install "${missing[@]}" </dev/null >"$folder/install.log" 2>&1 || {
    "${apt[@]}" update </dev/null >>"$folder/install.log" 2>&1 &&
      "${apt[@]}" install "${missing[@]}" </dev/null >>"$folder/install.log" 2>&1
  } || cannot "could not install ${missing[*]}"
}

# Waits until somebody listens on each port, as long as the program lives.
wait_for_ports() {
  local i
  for ((i = 0; i < 400; i++)); do
    while ((${#awaited[@]})) && (exec 3<>"/dev/tcp/127.0.0.1/${awaited[0]}") 2>/dev/null; do
      awaited=("${awaited[@]:1}")
    done
    ((${#awaited[@]})) || return 0
    kill -0 "$(<"$folder/pid")" 2>/dev/null || break
    sleep 0.05
  done
  cannot 'the program does not listen'
}

# background COMMAND...: begins it in a group of its own, so that all of it can be ended. No signal comes between its start
# and the file that names it.
background() {
  trap '' INT TERM HUP
  (
    trap - INT TERM HUP
    exec setsid "$@"
  ) </dev/null >"$folder/program.log" 2>&1 &
  echo $! >"$folder/pid"
  trap - INT TERM HUP
}

# lives PROCESS: it runs, and is not merely waited for.
lives() {
  local state
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) && [[ $state != [ZX]* ]]
}

# end_group FILE: ends the processes whose group is in FILE, if there is one.
end_group() {
  local process
  process=$(cat "$1" 2>/dev/null) || return 0
  kill -TERM -- "-$process" 2>/dev/null || return 0
  local i
  for ((i = 0; i < 60; i++)); do
    kill -0 -- "-$process" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -KILL -- "-$process" 2>/dev/null || true
}

# For clients: a recipe has `install`, `version`, and `prepare`, which makes what is needed in the folder and prints the command
# of the client; and it ends with `client_recipe "$@"`. The command is a driver (docs/surveying.md): it is started and ended by
# the survey.
client_recipe() {
  folder=${2:?a recipe is called as: NAME start FOLDER, NAME stop FOLDER}
  cd "$folder"
  case $1 in
    start)
      local packages command
      trap tell_why EXIT
      mapfile -t packages < <(install)
      install_missing "${packages[@]}"
      command=$(prepare) || cannot 'its driver could not be made'
      printf 'address client:%s\nversion %s\n' "$command" "$(version)"
      ;;
    stop)
      cd /
      rm -rf "$folder"
      ;;
    *) cannot "it can be started and stopped, and not '$1'" ;;
  esac
}

recipe() {
  folder=${2:?a recipe is called as: NAME start FOLDER, NAME stop FOLDER}
  cd "$folder"
  case $1 in
    start)
      local packages upstreams=(0) ports awaited i
      trap tell_why EXIT
      [[ ${kind:-} != gateway ]] || read -r -a upstreams <<<"${E100_UPSTREAMS:?the ports behind the gateway}"
      mapfile -t ports < <(free_ports "${#upstreams[@]}")
      ((${#ports[@]} == ${#upstreams[@]})) || cannot 'no free ports were found'
      port=${ports[0]}
      mapfile -t packages < <(install)
      install_missing "${packages[@]}"
      start
      awaited=("${ports[@]}")
      wait_for_ports
      [[ ${kind:-} != gateway ]] || echo "upstream ${upstreams[0]}" >>map
      for ((i = 1; i < ${#ports[@]}; i++)); do
        echo "lane ${ports[i]} ${upstreams[i]}" >>map
      done
      printf 'address %s:127.0.0.1:%s\nversion %s\n' "${kind:-tcp}" "$port" "$(version)"
      [[ ! -f map ]] || printf 'map %s/map\n' "$folder"
      touch started
      ;;
    stop)
      if [[ -f started ]] && ! lives "$(<pid)"; then
        say "the program $(basename "$0") has ended by itself"
        tell_logs
      fi
      end_group "$folder/pid"
      cd /
      rm -rf "$folder"
      ;;
    *) cannot "it can be started and stopped, and not '$1'" ;;
  esac
}
