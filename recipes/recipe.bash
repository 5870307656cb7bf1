# recipe.bash - what recipes share; each sources it. Nothing here is run by itself.
#
# A recipe has the functions `install` (prints the packages that it needs, one a line), `start` (begins the program in the
# folder `folder` on the port `port`, and writes its process to the file `pid`) and `version`; and it ends with
# `recipe "$@"`. A gateway sets `kind=gateway`, and passes requests on to the port that `upstream` prints.
# shellcheck shell=bash
set -euo pipefail

say() { printf 'expect100: recipe: %s\n' "$*" >&2; }
cannot() {
  say "$@"
  exit 1
}

# A port that nobody listens on now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

install_missing() {
  local missing=() package root=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing these packages: ${missing[*]}"
  ((EUID == 0)) || root=(sudo -n)
  # A server that a package would start by itself is not wanted: only the recipe's own.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends \
    "${missing[@]}" </dev/null >"$folder/install.log" 2>&1 || {
    "${root[@]}" apt-get update -q </dev/null >>"$folder/install.log" 2>&1 &&
      "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends \
        "${missing[@]}" </dev/null >>"$folder/install.log" 2>&1
  } || cannot "could not install ${missing[*]}; see $folder/install.log"
}

# Waits until somebody listens on the port, as long as the program lives.
wait_for_port() {
  local i
  for ((i = 0; i < 200; i++)); do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
    kill -0 "$(<"$folder/pid")" 2>/dev/null || break
    sleep 0.05
  done
  tail -n 5 "$folder"/*.log >&2 2>/dev/null || true
  cannot 'the program does not listen'
}

# background COMMAND...: begins it in a group of its own, so that all of it can be ended.
background() {
  setsid "$@" </dev/null >"$folder/program.log" 2>&1 &
  echo $! >"$folder/pid"
}

# For gateways: where they pass requests on to. Our own origin server listens there, played by who calls.
upstream() { echo "${E100_UPSTREAM:?the port behind the gateway}"; }

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
# of the client; and it ends with `client_recipe "$@"`. The command is a driver (docs/survey.md): it is started and ended by
# the survey.
client_recipe() {
  folder=${2:?a recipe is called as: NAME start FOLDER, NAME stop FOLDER}
  cd "$folder"
  case $1 in
    start)
      local packages command
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
      port=$(free_port)
      local packages
      mapfile -t packages < <(install)
      install_missing "${packages[@]}"
      start
      wait_for_port
      printf 'address %s:127.0.0.1:%s\nversion %s\n' "${kind:-tcp}" "$port" "$(version)"
      [[ ! -f map ]] || printf 'map %s/map\n' "$folder"
      ;;
    stop)
      end_group "$folder/pid"
      cd /
      rm -rf "$folder"
      ;;
    *) cannot "it can be started and stopped, and not '$1'" ;;
  esac
}
