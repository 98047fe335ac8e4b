#!/usr/bin/env bash
# certificates.sh OUT: the lab's authority with node and client certificates, and a second authority nobody trusts.
set -euo pipefail
out=$1
mkdir -p "$out" && cd "$out"
quiet() { openssl "$@" 2>openssl.log || { cat openssl.log >&2; exit 1; }; }
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

authority() { # NAME COMMON_NAME
  quiet req -x509 "${key[@]}" -keyout "$1.key" -out "$1.crt" -days 30 -subj "/CN=$2" \
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
certificate ca client farlink ""
certificate stranger-ca stranger stranger "DNS:remote.lab.example,$here"
cat proxy.crt proxy.key > proxy.pem
rm -f ./*.csr ./*.srl openssl.log
