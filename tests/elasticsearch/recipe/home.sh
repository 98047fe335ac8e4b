#!/usr/bin/env bash
# home.sh VERSION JAVA_HOME plain|tls OUT: lay out an Elasticsearch home from Maven Central's jars.
#   plain  the stock Netty transport (7.17.29 and later)
#   tls    the stock Netty transport behind JDK TLS, with an emulated cross-cluster key check (8.19.x and 9.5.x);
#          `transport.type: tls` in elasticsearch.yml switches it on, `netty4` leaves the node without TLS
set -euo pipefail
version=$1 java_home=$2 flavour=$3 out=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
netty=transport-netty4; [[ $version == 7.* ]] && netty=transport-netty4-client
lib=$out/lib module=$out/modules/transport
mkdir -p "$lib" "$module" "$out/plugins" "$out/main"

copy() { mvn -q -B "$@" -f "$here/pom.xml" dependency:copy-dependencies -Des="$version" -Dnetty=$netty -DoutputDirectory="$lib"; }
copy -o >/dev/null 2>&1 || copy          # what Maven already has needs no network
mv "$lib"/netty-* "$lib"/transport-netty4-* "$lib"/elasticsearch-ssl-config-* "$module/"

compile() { "$java_home/bin/javac" -proc:none -nowarn -cp "$lib/*:$module/*" "$@"; }
compile -d "$out/main" "$here/lab/RealNode.java"
descriptor=$module/plugin-descriptor.properties
if ! unzip -p "$module"/transport-netty4-*.jar META-INF/es-plugins/transport-netty4/plugin-descriptor.properties > "$descriptor" 2>/dev/null; then
  class=org.elasticsearch.transport.netty4.Netty4Plugin; [[ $version == 7.* ]] && class=org.elasticsearch.transport.Netty4Plugin
  printf '%s\n' 'description=Netty transport' "version=$version" name=transport-netty4 java.version=1.8 \
    "elasticsearch.version=$version" "classname=$class" > "$descriptor"
fi
if [[ $flavour == tls ]]; then
  compile -d "$out/classes" "$here/lab/TlsTransportPlugin.java" "$here/lab/CrossClusterKeys.java"
  "$java_home/bin/jar" cf "$module/lab.jar" -C "$out/classes" .
  sed -i -e 's/^classname=.*/classname=lab.TlsTransportPlugin/' -e '/^modulename/d' "$descriptor"
fi
