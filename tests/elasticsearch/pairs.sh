#!/usr/bin/env bash
# pairs.sh: links one real node of every release of pairs.txt to every other, and compares with that table what connects
# and what farlink says of each link. One node a release, all on loopback and without TLS; each is linked to all of them,
# itself included. About a minute. FARLINK names the command; default: that of `cargo build`.
# Exit codes: 0 as the table says, 1 another pair connects or is judged so, or a node did not start, 3 a component is missing.
set -euo pipefail
# shellcheck source=bed.sh
source "$(dirname "${BASH_SOURCE[0]}")/bed.sh"
table=$here/pairs.txt
need curl setsid sha256sum
farlink=${FARLINK:-$here/../../target/debug/farlink}
[[ -x $farlink ]] || missing "$farlink (cargo build)"

rows() { grep -Ev '^(#|$|local )' "$table"; }
mapfile -t releases < <(rows | awk '{print $1}')
for release in "${releases[@]}"; do home "$release" plain; done

dir=$(mktemp -d)
trap 'stop "$dir" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
port_names=()
for release in "${releases[@]}"; do port_names+=("${release}_rest" "${release}_transport"); done
choose_ports
for release in "${releases[@]}"; do node "$release" "$release" plain </dev/null; done
for release in "${releases[@]}"; do await "$release" STARTED; done
say "${#releases[@]} nodes serve"

alias_of() { echo "to-${1//./-}"; }
rest() { echo "http://127.0.0.1:${port[${1}_rest]}"; }

link_to_all() { # LOCAL: one request; a node tries each alias in turn before it answers
  local remote settings=''
  for remote in "${releases[@]}"; do
    settings+="${settings:+,}\"$(alias_of "$remote")\":{\"mode\":\"proxy\",\"proxy_address\":\"127.0.0.1:${port[${remote}_transport]}\"}"
  done
  curl -sS --max-time 120 -o "$dir/$1.put.json" -X PUT -H 'Content-Type: application/json' "$(rest "$1")/_cluster/settings" \
    -d "{\"persistent\":{\"cluster\":{\"remote\":{$settings}}}}"
  grep -q '"acknowledged":true' "$dir/$1.put.json" || { say "$1 refused its links: $(cat "$dir/$1.put.json")"; return 1; }
}
jobs=()
for release in "${releases[@]}"; do link_to_all "$release" & jobs+=($!); done
for job in "${jobs[@]}"; do wait "$job"; done

differs=0
while read -r local cells; do
  info=$(curl -sS --max-time 30 "$(rest "$local")/_remote/info")
  judged=$("$farlink" diagnose --cluster "$(rest "$local")" --format short --fail-on never)
  read -ra cells <<<"$cells"
  shown=''
  for i in "${!releases[@]}"; do
    seen=no; [[ $info == *"\"$(alias_of "${releases[i]}")\":{\"connected\":true"* ]] && seen=yes
    said=$(awk -v alias="$(alias_of "${releases[i]}")" '$1 == alias {print $2, $3}' <<<"$judged")
    case $said in
      ok*) said=yes ;;
      'broken version-transport-incompatible') said=no ;;
    esac
    if [[ $said != "${cells[i]}" ]]; then
      say "$local to ${releases[i]}: farlink says \"$said\", and the table ${cells[i]}"; differs=$((differs + 1))
    fi
    shown+=$(printf ' %-8s' "$seen")
    if [[ $seen != "${cells[i]}" ]]; then
      say "$local to ${releases[i]}: connected $seen, and the table says ${cells[i]}"; differs=$((differs + 1))
    fi
  done
  printf '%-8s%s\n' "$local" "$shown"
done < <(rows)
((differs == 0)) || { say "$differs pairs differ from $table"; exit 1; }
say "all $((${#releases[@]} * ${#releases[@]})) pairs are as the table says, and farlink with them"
