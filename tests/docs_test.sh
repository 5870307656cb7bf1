#!/usr/bin/env bash
# The documents that are made are not stale, and a stale one is noticed.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

gives 0 "$program" docs --check "$source/docs"
silent
prints ", 0 stale"

# Written to another place they are the same, and are left alone once they are there.
gives 0 "$program" docs --corpus "$source/corpus" docs
prints ", $(find docs -type f | wc -l) written"
for made in docs/*; do
  cmp "$made" "$source/$made" || wrong "$made differs"
done
gives 0 "$program" docs --corpus "$source/corpus" docs
prints ", 0 written"

# What was changed, or is gone, is stale; nothing is written by --check.
echo "by hand" >>docs/rules.md
rm docs/faults.md
gives 1 "$program" docs --check --corpus "$source/corpus" docs
complains "docs/rules.md: is stale"
complains "docs/faults.md: is stale"
prints ", 2 stale"
[[ ! -e docs/faults.md ]] || wrong "--check wrote a file"
gives 0 "$program" docs --corpus "$source/corpus" docs
prints ", 2 written"

# A link leads to something.
while IFS= read -r path; do
  [[ -e $source/docs/$path ]] || wrong "a link leads nowhere: $path"
done < <(grep -h -o -E '\]\([^)#]+' docs/*.md "$source/docs/architecture.md" | cut -c 3- | grep -v '^https:' | sort -u)

# Every limit of a header is in the table of limits, with its value, and nothing else is.
# shellcheck disable=SC2016 # the backquotes are Markdown's
declared() {
  (cd "$source" && grep -H -o -E '\b[A-Z0-9_]+_LIMIT = [^,/}]+' src/*/*.h fuzz/*.h) |
    sed -E 's/^([^:]+):([A-Z0-9_]+) = (.*[^ ]) *$/| `\2` | \3 | `\1` |/' | sort
}
# shellcheck disable=SC2016
listed() { grep -o -E '^\| `[A-Z0-9_]+_LIMIT` \| [^|]+ \| `[^`]+` \|' "$source/docs/architecture.md" | sort; }
[[ $(declared | wc -l) -gt 20 ]] || wrong "no limits are found in the headers"
diff <(declared) <(listed) || wrong "docs/architecture.md has other limits (>) than the headers (<)"

# What can go wrong.
gives 2 "$program" docs
complains "name one folder"
gives 2 "$program" docs nowhere/docs
complains "has no cases"
mkdir empty
gives 2 "$program" docs --corpus empty docs
complains "has no cases"
rm docs/rules.md
mkdir docs/rules.md
gives 2 "$program" docs --corpus "$source/corpus" docs
complains "is a folder"
printf 'docs: fine\n'
