#!/usr/bin/env bash
# node.sh HOME CONFIG_DIR JAVA_HOME: run one node in the foreground; it prints STARTED when it serves.
# CONFIG_DIR holds elasticsearch.yml, log4j2.properties and, for links with an API key, secrets.properties
# with lines like cluster.remote.ALIAS.credentials=BASE64.
set -euo pipefail
home=$1 config=$2 java_home=$3
if compgen -G "$home/lib/elasticsearch-7.*" >/dev/null; then launch=(-cp "$home/main:$home/lib/*")
else launch=(--module-path "$home/lib" --add-modules=jdk.net,ALL-MODULE-PATH
  --add-exports org.elasticsearch.server/org.elasticsearch.plugins=ALL-UNNAMED
  --add-opens org.elasticsearch.server/org.elasticsearch.plugins=ALL-UNNAMED -cp "$home/main"); fi
major=$("$java_home/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
[[ $major -lt 24 ]] && launch=(-Djava.security.manager=allow "${launch[@]}")
# A short life on a small heap: the first compiler and the serial collector start fastest.
exec "$java_home/bin/java" -Xms128m -Xmx300m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
  -Des.path.home="$home" -Des.path.conf="$config" -Des.distribution.type=zip -Dlog4j2.disable.jmx=true \
  --add-opens=java.base/java.io=ALL-UNNAMED "${launch[@]}" lab.RealNode "$home" "$config"
