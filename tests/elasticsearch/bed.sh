#!/usr/bin/env bash
# bed.sh: real Elasticsearch clusters with healthy and broken links, on loopback.
#   bed.sh prepare [--all]   lay out the homes (cached; --all also 7.17.29, which `start` then runs too)
#   bed.sh start DIR         start the bed into DIR, wait until it serves, write DIR/bed.json
#   bed.sh stop DIR          end what `start` started, by the process ids it recorded
# Exit codes: 0 done, 1 something did not start (its log is named), 2 usage, 3 a component is missing (it is named).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
haproxy_configuration=$here/../real/haproxy.cfg
ready_within=120 # seconds

say() { printf 'bed: %s\n' "$*" >&2; }
missing() { say "missing component: $*"; exit 3; }
need() { local tool; for tool; do command -v "$tool" >/dev/null || missing "$tool (not on PATH)"; done; }

# --- prepare -----------------------------------------------------------------------------------------------------

# The home of a JDK with a compiler whose major version lies between $1 and $2.
jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /-/-)")")")"; do
    [[ -n $candidate && -x $candidate/bin/javac && -x $candidate/bin/java ]] || continue
    version=$("$candidate/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    if [[ -n $version ]] && ((version >= $1 && version <= $2)); then echo "$candidate"; return; fi
  done
  return 1
}

# The JDK for an Elasticsearch version: 9.x needs 21; below 9 the security manager must still exist (gone in 24).
jdk_for() {
  if [[ $1 == 9.* ]]; then jdk 21 99 || missing "a full JDK 21 or later for Elasticsearch $1 (looked at JAVA_HOME, /usr/lib/jvm, /opt, PATH)"
  else jdk 17 23 || missing "a full JDK 17 to 23 for Elasticsearch $1 (looked at JAVA_HOME, /usr/lib/jvm, /opt, PATH)"; fi
}

cache() { # The folder of the homes; another recipe is another folder.
  local key; key=$(cd "$here/recipe" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/farlink/elasticsearch/$key"
}

home() { # VERSION FLAVOUR: lay out one home unless it is there
  local out java draft; out=$(cache)/$1-$2; java=$(jdk_for "$1")
  [[ -d $out ]] && return
  need mvn unzip
  mkdir -p "$(dirname "$out")"
  draft=$(mktemp -d "$out.XXXXXX")
  if ! "$here/recipe/home.sh" "$1" "$java" "$2" "$draft" >"$draft.log" 2>&1; then
    tail -n 20 "$draft.log" >&2; rm -rf "$draft" "$draft.log"
    missing "Elasticsearch $1 ($2): its jars could not be fetched with Maven or its home not built"
  fi
  rm -f "$draft.log"
  mv -T "$draft" "$out" 2>/dev/null || rm -rf "$draft" # another run was first
}

prepare() {
  local job jobs=() wanted=("8.19.21 tls" "9.5.3 tls" "8.14.3 plain")
  case ${1:-} in --all) wanted+=("7.17.29 plain") ;; '') ;; *) usage ;; esac
  need sha256sum
  for job in "${wanted[@]}"; do
    # shellcheck disable=SC2086
    home $job & jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || exit $?; done
  say "homes in $(cache)"
}

# --- ports -------------------------------------------------------------------------------------------------------

# Names of all ports, in the order they are handed out from one free range. `refused` stays without a listener.
port_names=(remote_rest remote_transport remote_cluster_server remote_untrusted remote_elsewhere plain_rest plain_transport
  local_rest local_transport old_rest old_transport twin_rest twin_transport ancient_rest ancient_transport refused
  sni_router sni_router_again pass_through no_backend backend_down backend_refuses http_mode tls_terminating proxy_header_expected
  proxy_header_sent rejecting remote_tls12 local_tls12
  hidden_rest hidden_transport hidden_cluster_server members_differ tls_backend_down)
declare -A port

choose_ports() { # below the ephemeral range, so that no client socket takes one meanwhile
  local base taken name i
  taken=$({ cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } | awk '{split($2, a, ":"); print a[2]}')
  for _ in {1..50}; do
    base=$((15000 + (RANDOM % 160) * 100))
    for ((i = 0; i < ${#port_names[@]}; i++)); do
      grep -qix "$(printf %04X $((base + i)))" <<<"$taken" && continue 2
    done
    i=0; for name in "${port_names[@]}"; do port[$name]=$((base + i)); i=$((i + 1)); done
    return
  done
  missing "a range of ${#port_names[@]} free ports between 15000 and 31000"
}

# --- processes ---------------------------------------------------------------------------------------------------

# When a process started: tells it from a later one with the same id. Nothing when it has ended.
birth() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'; }

launch() { # NAME COMMAND...: in the background, output in DIR/NAME.log, recorded in DIR/pids
  local name=$1; shift
  setsid "$@" >"$dir/$name.log" 2>&1 </dev/null &
  pid[$name]=$!
  echo "$! $(birth $!) $name" >>"$dir/pids"
}
declare -A pid

signal() { # SIGNAL DIR: to every recorded process that is still the one recorded
  local id born
  while read -r id born _; do
    if [[ $(birth "$id") == "$born" ]]; then kill "-$1" "$id" 2>/dev/null || true; fi
  done <"$2/pids"
}
running() { # DIR: whether any recorded process is left
  local id born
  [[ -f $1/pids ]] || return
  while read -r id born _; do
    if [[ $(birth "$id") == "$born" ]]; then return; fi
  done <"$1/pids"
  return 1
}
stop() {
  [[ -f $1/pids ]] || { say "nothing recorded in $1"; return; }
  signal TERM "$1"
  for _ in {1..100}; do running "$1" || break; sleep 0.1; done
  signal KILL "$1"
  rm -f "$1/pids" "$1/bed.json"
}

# --- nodes -------------------------------------------------------------------------------------------------------

node() { # NAME VERSION FLAVOUR < further settings: configure and launch one node
  local name=$1 version=$2 config=$dir/$1
  mkdir -p "$config"
  { cat <<YML
cluster.name: $name
node.name: $name-1
network.host: 127.0.0.1
http.port: ${port[${name}_rest]}
transport.port: ${port[${name}_transport]}
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
node.processors: 2
path.data: $config/data
path.logs: $config/logs
YML
    cat; } >"$config/elasticsearch.yml"
  cat >"$config/log4j2.properties" <<'LOG'
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] [%node_name] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
LOG
  versions[$name]=$version
  launch "$name" "$here/recipe/node.sh" "$(cache)/$version-$3" "$config" "$(jdk_for "$version")"
}
declare -A versions

certificate_settings() { # SETTING_PREFIX CERTIFICATE
  echo "$1.certificate: $certs/$2.crt"
  echo "$1.key: $certs/$2.key"
  echo "$1.certificate_authorities: [\"$certs/ca.crt\"]"
}

tls12_profile() { # NODE: a second listener of its transport interface that speaks TLS 1.2 only
  echo "transport.profiles.tls12.port: ${port[${1}_tls12]}"
  certificate_settings transport.profiles.tls12.xpack.security.ssl "$1"
  echo "transport.profiles.tls12.xpack.security.ssl.supported_protocols: [TLSv1.2]"
}

start_remote() { # the remote cluster: certificates on 9300's counterpart, API keys on 9443's, and two listeners with other certificates
  node remote 9.5.3 tls < <(
    echo "transport.type: tls"
    certificate_settings xpack.security.transport.ssl remote
    echo "remote_cluster_server.enabled: true"
    echo "remote_cluster.port: ${port[remote_cluster_server]}"
    certificate_settings xpack.security.remote_cluster_server.ssl remote
    echo "transport.profiles.untrusted.port: ${port[remote_untrusted]}"
    certificate_settings transport.profiles.untrusted.xpack.security.ssl stranger
    echo "transport.profiles.elsewhere.port: ${port[remote_elsewhere]}"
    certificate_settings transport.profiles.elsewhere.xpack.security.ssl elsewhere
    tls12_profile remote
    echo 'lab.keys: ["good:s3cret-of-the-good-key:cross_cluster:active", "late:s3cret-of-the-late-key:cross_cluster:expired", "gone:s3cret-of-the-gone-key:cross_cluster:invalidated", "rest:s3cret-of-the-rest-key:rest:active"]'
  )
}
start_hidden() { # answers on its ports, and publishes one where nobody listens, as behind a port mapping that nobody told it of
  node hidden 9.5.3 tls < <(
    echo "transport.type: tls"
    echo "transport.publish_port: ${port[refused]}"
    certificate_settings xpack.security.transport.ssl remote
    echo "remote_cluster_server.enabled: true"
    echo "remote_cluster.port: ${port[hidden_cluster_server]}"
    echo "remote_cluster.publish_port: ${port[refused]}"
    certificate_settings xpack.security.remote_cluster_server.ssl remote
    echo 'lab.keys: ["good:s3cret-of-the-good-key:cross_cluster:active"]'
  )
}
start_local() {
  mkdir -p "$dir/local"
  local alias
  for alias in "${!key_of[@]}"; do echo "cluster.remote.$alias.credentials=$(cat "$dir/keys/${key_of[$alias]}")"; done >"$dir/local/secrets.properties"
  node local 8.19.21 tls < <(
    echo "transport.type: tls"
    certificate_settings xpack.security.transport.ssl local
    tls12_profile local
    echo "xpack.security.remote_cluster_client.ssl.certificate_authorities: [\"$certs/ca.crt\"]"
    echo "cluster.remote.unknown-host.mode: proxy"
    echo "cluster.remote.unknown-host.proxy_address: no-such-host.invalid:${port[remote_transport]}"
    echo "cluster.remote.unknown-host.server_name: remote.lab.example"
  )
}

keys() { # DIR/keys: what the API that creates a key returns as `encoded`
  mkdir -p "$dir/keys"
  local name
  while read -r name; do printf %s "${name#* }" | base64 >"$dir/keys/${name%% *}"; done <<'KEYS'
good good:s3cret-of-the-good-key
wrong-secret good:not-the-secret-of-good
unknown nobody:s3cret-of-the-good-key
expired late:s3cret-of-the-late-key
invalidated gone:s3cret-of-the-gone-key
wrong-type rest:s3cret-of-the-rest-key
KEYS
  chmod 600 "$dir"/keys/*
}
declare -A key_of=([key-healthy]=good [key-healthy-sni]=good [key-wrong-secret]=wrong-secret [key-unknown]=unknown
  [key-expired]=expired [key-invalidated]=invalidated [key-wrong-type]=wrong-type [key-on-transport-port]=good
  [sniff-key-healthy]=good [sniff-key-hidden]=good)

await() { # NAME TEXT: until its log shows TEXT
  local end=$((SECONDS + ready_within))
  while :; do
    [[ -n $(birth "${pid[$1]}") ]] || { tail -n 30 "$dir/$1.log" >&2; say "$1 ended before it was ready: $dir/$1.log"; return 1; }
    if grep -qs -- "$2" "$dir/$1.log"; then return; fi
    ((SECONDS < end)) || { say "$1 not ready within $ready_within s: $dir/$1.log"; return 1; }
    sleep 0.1
  done
}

# --- links -------------------------------------------------------------------------------------------------------

# link LOCAL ALIAS PORT_NAME SERVER_NAME|- FINDING|- [OTHER,FINDINGS]: queues the settings of one alias and its line in bed.json.
# FINDING is what a diagnosis should name as root cause (- for none); the others are acceptable from a weaker vantage point.
link() {
  local settings; settings="\"mode\":\"proxy\",\"proxy_address\":\"127.0.0.1:${port[$3]}\""
  [[ $4 == - ]] || settings+=",\"server_name\":\"$4\""
  queue "$1" "$2" "$settings" "$5" "${6:-}"
}
queue() { # LOCAL ALIAS SETTINGS|- FINDING|- OTHERS
  local key=null model=certificate finding=null others=''
  [[ $3 == - ]] || remotes[$1]+="${remotes[$1]:+,}\"$2\":{$3}"
  [[ -n ${key_of[$2]:-} ]] && { key="\"$dir/keys/${key_of[$2]}\""; model=api-key; }
  [[ $4 == - ]] || finding="\"$4\""
  [[ -z $5 ]] || others="\"${5//,/\",\"}\""
  lines+=("{\"local\":\"$1\",\"alias\":\"$2\",\"model\":\"$model\",\"api_key_file\":$key,\"finding\":$finding,\"also\":[$others]}")
}
declare -A remotes
lines=()

links() {
  local name=remote.lab.example
  link local healthy-direct        remote_transport      $name - 
  queue local healthy-sniff "\"mode\":\"sniff\",\"seeds\":[\"127.0.0.1:${port[remote_transport]}\"]" - ''
  queue local sniff-hidden "\"mode\":\"sniff\",\"seeds\":[\"127.0.0.1:${port[hidden_transport]}\"]" transport-publish-address-unreachable ''
  queue local sniff-key-healthy "\"mode\":\"sniff\",\"seeds\":[\"127.0.0.1:${port[remote_cluster_server]}\"]" - ''
  queue local sniff-key-hidden "\"mode\":\"sniff\",\"seeds\":[\"127.0.0.1:${port[hidden_cluster_server]}\"]" \
    transport-publish-address-unreachable cluster-local-path-differs,cluster-disconnected
  # Its own port: the JDK resumes TLS sessions by dialled address, and sends the resumed session's server name, not the
  # configured one. On one port a wrong name would work as soon as the right one had.
  link local healthy-sni           sni_router_again      $name -
  link local healthy-pass-through  pass_through          $name -
  link local wrong-server-name     sni_router            wrong.lab.example proxy-server-name-unknown
  link local no-server-name        sni_router            -     proxy-server-name-required config-server-name-missing
  link local rest-port             remote_rest           $name transport-rest-endpoint config-rest-port
  link local no-tls                plain_transport       $name tls-not-enabled
  link local no-backend            no_backend            $name proxy-no-backend tcp-closed-on-connect
  link local backend-down          backend_down          $name proxy-no-backend tcp-closed-on-connect
  link local backend-refuses       backend_refuses       $name proxy-no-backend tcp-closed-on-connect,tls-closed
  link local http-mode             http_mode             $name proxy-speaks-http
  link local tls-terminated        tls_terminating       $name proxy-terminates-tls
  link local header-expected       proxy_header_expected $name proxy-protocol-mismatch tls-closed
  link local header-sent           proxy_header_sent     $name proxy-protocol-mismatch tcp-closed-on-connect,proxy-no-backend,tls-closed
  link local rejected              rejecting             $name tcp-reset-on-connect tcp-closed-on-connect,proxy-no-backend,filter-suspected
  link local refused               refused               $name tcp-refused
  queue local unknown-host - dns-name-unknown dns-server-failure
  link local certificate-on-key-port remote_cluster_server $name config-certificate-model-on-api-key-port transport-wrong-port
  link local untrusted             remote_untrusted      $name certificate-untrusted
  link local name-mismatch         remote_elsewhere      $name certificate-name-mismatch
  link local key-healthy           remote_cluster_server $name -
  link local key-healthy-sni       sni_router_again      key.$name - 
  link local key-wrong-secret      remote_cluster_server $name api-key-wrong-secret
  link local key-unknown           remote_cluster_server $name api-key-unknown
  link local key-expired           remote_cluster_server $name api-key-expired
  link local key-invalidated       remote_cluster_server $name api-key-invalidated
  link local key-wrong-type        remote_cluster_server $name api-key-wrong-type
  link local key-on-transport-port remote_transport      $name config-api-key-on-certificate-port transport-wrong-port
  link old   too-far               plain_transport       -     version-transport-incompatible
  link old   healthy               twin_transport        -     -
  [[ -n ${versions[ancient]:-} ]] || return 0
  link ancient too-far             plain_transport       -     version-transport-incompatible
  link ancient healthy             old_transport         -     -
}

put_links() { # LOCAL: all its aliases in one request; a node tries each in turn before it answers
  local answer="$dir/$1.put.json"
  curl -sS --max-time 120 -o "$answer" -X PUT -H 'Content-Type: application/json' \
    "http://127.0.0.1:${port[${1}_rest]}/_cluster/settings" -d "{\"persistent\":{\"cluster\":{\"remote\":{${remotes[$1]}}}}}"
  grep -q '"acknowledged":true' "$answer" || { say "$1 refused its links: $(cat "$answer")"; return 1; }
}

check_links() { # a bed is only worth something when exactly the healthy links are connected
  local line name info alias wanted
  declare -A info_of
  for name in "${!remotes[@]}"; do info_of[$name]=$(curl -sS --max-time 30 "http://127.0.0.1:${port[${name}_rest]}/_remote/info"); done
  for line in "${lines[@]}"; do
    name=${line#*\"local\":\"}; name=${name%%\"*}
    alias=${line#*\"alias\":\"}; alias=${alias%%\"*}
    wanted=false; [[ $line == *'"finding":null'* ]] && wanted=true
    info=${info_of[$name]}
    [[ $info == *"\"$alias\":{\"connected\":$wanted"* ]] || { say "link $alias of $name should have connected: $wanted ($dir/$name.log)"; return 1; }
  done
}

# --- start -------------------------------------------------------------------------------------------------------

start() {
  local name job jobs=()
  need curl openssl haproxy setsid base64
  prepare
  dir=$1
  running "$dir" && { say "a bed runs in $dir already: stop it first"; exit 2; }
  mkdir -p "$dir"; dir=$(cd "$dir" && pwd); certs=$dir/certs
  rm -rf "$dir"/{remote,hidden,plain,local,old,twin,ancient,keys,certs,pids} "$dir"/*.log "$dir"/*.put.json
  trap 'stop "$dir"' EXIT
  choose_ports
  "$here/certificates.sh" "$certs"
  keys
  start_remote
  start_hidden
  start_local
  node plain 9.5.3 tls <<<"transport.type: netty4"
  node old 8.14.3 plain </dev/null
  node twin 8.14.3 plain </dev/null
  if [[ -d $(cache)/7.17.29-plain ]]; then node ancient 7.17.29 plain </dev/null; fi
  CERTIFICATES=$certs
  for name in "${port_names[@]}"; do export "PORT_${name^^}=${port[$name]}"; done
  export CERTIFICATES
  launch haproxy haproxy -db -f "$haproxy_configuration"
  for name in remote hidden plain local old twin ${versions[ancient]:+ancient}; do await "$name" STARTED; done
  await haproxy '' # alive: it ends when it cannot read its configuration or bind a port
  links
  for name in "${!remotes[@]}"; do put_links "$name" & jobs+=($!); done
  for job in "${jobs[@]}"; do wait "$job"; done
  check_links
  write_description
  trap - EXIT
  say "ready: $dir/bed.json"
}

write_description() {
  local name separator=''
  { printf '{"schema":"farlink.bed/1","nodes":{'
    for name in "${!versions[@]}"; do
      printf '%s\n"%s":{"version":"%s","rest":"http://127.0.0.1:%s","transport":%s,"pid":%s,"log":"%s"}' "$separator" "$name" \
        "${versions[$name]}" "${port[${name}_rest]}" "${port[${name}_transport]}" "${pid[$name]}" "$dir/$name.log"
      separator=,
    done
    printf '},\n"haproxy":{"pid":%s,"log":"%s"},\n"ports":{' "${pid[haproxy]}" "$dir/haproxy.log"
    separator=''
    for name in "${port_names[@]}"; do printf '%s"%s":%s' "$separator" "$name" "${port[$name]}"; separator=,; done
    printf '},\n"server_name":"remote.lab.example",\n"files":{"ca":"%s","certificate":"%s","key":"%s","stranger_ca":"%s","api_keys":"%s","clients":"%s"},\n"links":[\n' \
      "$certs/ca.crt" "$certs/clients/right.crt" "$certs/clients/right.key" "$certs/stranger-ca.crt" "$dir/keys" "$certs/clients"
    separator=''
    for name in "${lines[@]}"; do printf '%s%s' "$separator" "$name"; separator=$',\n'; done
    printf '\n]}\n'
  } >"$dir/bed.json.draft"
  mv "$dir/bed.json.draft" "$dir/bed.json"
}

usage() { sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0 # sourced, for what it defines
case ${1:-} in
  prepare) shift; prepare "$@" ;;
  start) [[ $# -eq 2 ]] || usage; start "$2" ;;
  stop) [[ $# -eq 2 ]] || usage; stop "$2" ;;
  *) usage ;;
esac
