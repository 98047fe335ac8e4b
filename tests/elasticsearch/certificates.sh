#!/usr/bin/env bash
# certificates.sh OUT: the lab's authority with node and client certificates, and a second authority nobody trusts.
# OUT/clients has client certificates, each with one fault or none.
set -euo pipefail
out=$1
mkdir -p "$out" && cd "$out"
quiet() { openssl "$@" 2>openssl.log || { cat openssl.log >&2; exit 1; }; }
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

authority() { # NAME COMMON_NAME
  quiet req -x509 "${key[@]}" -keyout "$1.key" -out "$1.crt" -days 365 -subj "/CN=$2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
certificate() { # AUTHORITY NAME COMMON_NAME ALT_NAMES (may be empty)
  quiet req "${key[@]}" -keyout "$2.key" -out "$2.csr" -subj "/CN=$3"
  quiet x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 14 -out "$2.crt" \
    -extfile <(echo "extendedKeyUsage=serverAuth,clientAuth"; [[ -z $4 ]] || echo "subjectAltName=$4")
}
here=DNS:localhost,IP:127.0.0.1
authority ca "Lab CA"
authority stranger-ca "Stranger CA"
certificate ca remote remote "DNS:remote.lab.example,$here"
certificate ca local local "DNS:local.lab.example,$here"
certificate ca proxy proxy "DNS:remote.lab.example,$here"
certificate ca elsewhere elsewhere DNS:elsewhere.lab.example
certificate stranger-ca stranger stranger "DNS:remote.lab.example,$here"
cat proxy.crt proxy.key > proxy.pem

client() { # AUTHORITY NAME EXTENSIONS [FIRST_DAY LAST_DAY [RSA_BITS]]: days count from today
  local at; at=$(date -u +%s)
  date_of() { date -u -d "@$((at + $1 * 86400))" +%Y%m%d%H%M%SZ; }
  local kind=("${key[@]}"); [[ -z ${6:-} ]] || kind=(-newkey "rsa:$6" -nodes)
  quiet req "${kind[@]}" -keyout "clients/$2.key" -out "$2.csr" -subj "/CN=client-$2"
  : >index.txt
  quiet ca -batch -notext -config <(printf '%s\n' '[ca]' default_ca=lab '[lab]' database=index.txt new_certs_dir=. rand_serial=yes \
    unique_subject=no policy=any '[any]' commonName=supplied) -extfile <(printf '%b' "$3") -in "$2.csr" -out "clients/$2.crt" -md sha256 \
    -cert "$1.crt" -keyfile "$1.key" -startdate "$(date_of "${4:--1}")" -enddate "$(date_of "${5:-90}")"
}
mkdir -p clients
both=extendedKeyUsage=serverAuth,clientAuth
authority namesake-ca "Lab CA"
client ca intermediate "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"
mv clients/intermediate.* .
client ca right $both
client ca expiring $both -1 14
client ca expired $both -30 -1
client ca early $both 1 30
client ca server-only extendedKeyUsage=serverAuth
client ca encipher-only "$both\nkeyUsage=keyEncipherment"
client ca short-key $both -1 90 1024
client stranger-ca stranger $both
client namesake-ca namesake $both
client intermediate alone $both
client intermediate chained $both
cat intermediate.crt >>clients/chained.crt
rm -f ./*.csr ./*.srl ./*.pem.old ./index.txt* ./[0-9A-F]??????????????*.pem openssl.log
