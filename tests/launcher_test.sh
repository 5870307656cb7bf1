#!/usr/bin/env bash
# The launcher on machines that lack something: it names what, installs only that and only where it may,
# and otherwise ends with one message. Nothing is installed here: apt is a stand-in that writes down what it
# is asked for, and the launcher sees no other commands than those given to it.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# Its own copy: it takes the folder that it lies in for the tree.
mkdir -m 755 tree tools machine
cp "$source/expect100" tree/
for name in bash env dirname readlink cat grep tail sed mkdir touch rm mv find flock nproc tee; do
  ln -s "$(command -v "$name")" "tools/$name"
done

cat >machine/apt-cache <<'END'
#!/usr/bin/env bash
# Knows every package once lists were fetched; before that all but afl++.
[[ $2 != afl++ || -f $STATE/updated ]] && printf '%s:\n  Installed: (none)\n  Candidate: 1.0\n' "$2"
exit 0
END
cat >machine/apt-get <<'END'
#!/usr/bin/env bash
echo "$*" >>"$STATE/asked"
[[ $1 != update ]] || touch "$STATE/updated"
END
chmod +x machine/*
mkdir -m 777 state
export STATE=$scratch/state E100_BUILD=$scratch/state/build

# With no rights: as somebody else where this is root, and without sudo.
unprivileged=()
[[ $EUID != 0 ]] || unprivileged=(setpriv --reuid=65534 --regid=65534 --clear-groups)
gives 2 "${unprivileged[@]}" env PATH="$scratch/tools" "$scratch/tree/expect100" fuzz
complains "missing (by Debian's package names): cmake ninja-build pkg-config clang libclang-rt-dev llvm libjansson-dev libuv1-dev libmd-dev libpcap-dev libssl-dev;"
complains 'Install them and start again.'
[[ $(wc -l <.err) == 1 ]] || wrong 'more than one message'

# Who asks what this is needs none of it.
gives 0 "${unprivileged[@]}" env PATH="$scratch/tools" "$scratch/tree/expect100" --help
prints './expect100 test [CTEST ARGS]'
[[ ! -s .err ]] || wrong 'help says more than help'
gives 2 "${unprivileged[@]}" env PATH="$scratch/tools" "$scratch/tree/expect100"

# The tests need more; style checkers and AFL++ may be missing.
gives 2 "${unprivileged[@]}" env PATH="$scratch/tools" "$scratch/tree/expect100" test
complains 'libuv1-dev libmd-dev libpcap-dev libssl-dev gcc curl openssl libcmocka-dev shellcheck python3-jsonschema python3-yaml;'

# A build folder that can't be made.
: >state/occupied
gives 2 "${unprivileged[@]}" env PATH="$scratch/tools" E100_BUILD="$STATE/occupied/build" "$scratch/tree/expect100" list
complains "the build folder $STATE/occupied/build can't be made; give another with E100_BUILD=FOLDER"

# With the rights, on Debian: what is missing is named before it is installed, and nothing else is.
if [[ $EUID == 0 ]] && grep -q '^ID=debian' /etc/os-release; then
  rm -rf state/build
  gives 2 env PATH="$scratch/tools:$scratch/machine" "$scratch/tree/expect100" fuzz
  complains 'installing these packages: cmake ninja-build pkg-config clang libclang-rt-dev llvm libjansson-dev libuv1-dev libmd-dev libpcap-dev libssl-dev afl++'
  # This apt installs nothing: the launcher looks again instead of believing it.
  complains 'still missing after installing: cmake ninja-build'
  [[ $(grep -c '^update' state/asked) == 1 ]] || wrong 'the package lists are not fetched once'
  [[ $(grep -c '^install' state/asked) == 1 ]] || wrong 'apt is not asked once'
  grep -q '^install .* cmake ninja-build pkg-config clang libclang-rt-dev llvm libjansson-dev libuv1-dev libmd-dev libpcap-dev libssl-dev afl++$' state/asked ||
    wrong 'apt is asked for something else'
fi
