# bash completion for expect100, the program and the launcher.

_expect100() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} subcommand="" i
  local program=${COMP_WORDS[0]}
  # Names are asked of the program itself. A launcher that has not built it yet gives few: completing builds
  # nothing. Only the launcher can test.
  local built=$program subcommands=""
  if [[ -f ${program%/*}/CMakeLists.txt ]]; then
    built=${program%/*}/build/bin/expect100
    subcommands="fuzz test packages "
  fi
  subcommands+=$("$built" help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      subcommand=${COMP_WORDS[i]}
      break
    fi
  done

  COMPREPLY=()
  if [[ -z $subcommand ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$subcommands --help" -- "$word")
    return
  fi

  case $before in
    --engine)
      mapfile -t COMPREPLY < <(compgen -W "all afl libfuzzer msan" -- "$word")
      return
      ;;
    --only)
      mapfile -t COMPREPLY < <(compgen -W "libfuzzer-address libfuzzer-undefined libfuzzer-memory libfuzzer-coverage \
        afl-address" -- "$word")
      return
      ;;
    --policy)
      mapfile -t COMPREPLY < <(compgen -W "all none late-100 discard refuse-unknown unasked-100 \
        limit-5 close-early unknown-releases no-wait chunked pipeline halves \
        own-100 collect next-hop-10 own-expectation" -- "$word")
      return
      ;;
    --fail-on)
      mapfile -t COMPREPLY < <(compgen -W "violation warning" -- "$word")
      return
      ;;
    --target | --subject)
      mapfile -t COMPREPLY < <(compgen -W "$("$built" list "${before#--}s" 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
      return
      ;;
    --time | --runs | --jobs | --seed | --depth | --cause | --limit-steps) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$built" "$subcommand" --help 2>/dev/null | grep -o -E -- '--[a-z-]+' | sort -u)" \
      -- "$word")
    return
  fi
  case $subcommand in
    survey) mapfile -t COMPREPLY < <(compgen -W "$("$built" survey recipe:list 2>/dev/null) tcp: tls: unix: client:" -- "$word") ;;
    list) mapfile -t COMPREPLY < <(compgen -W "cases faults rules subjects targets" -- "$word") ;;
    explain)
      mapfile -t COMPREPLY < <(compgen -W "$({ "$built" list rules && "$built" list faults; } 2>/dev/null |
        cut -d ' ' -f 1)" -- "$word")
      ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}

# With a file name as the last resort, and directories followed by a slash.
complete -o filenames -o bashdefault -F _expect100 expect100 ./expect100
