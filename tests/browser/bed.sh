# Sourced by run and pictures: a browser, its driver, and the server; sets $url.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v npm >/dev/null || packages+=(nodejs npm)
packages+=("$@")
if [[ ${#packages[@]} -gt 0 ]]; then
  if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
  else
    printf 'missing packages: %s\n' "${packages[*]}" >&2
    exit 3
  fi
fi
npm ci --prefix tests/browser --silent --no-audit --no-fund

# The one place that says what serves the pages.
cargo build --quiet --locked --example status-page
exec 3< <(exec "${CARGO_TARGET_DIR:-target}/debug/examples/status-page")
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
read -r -t 60 url <&3 || { printf 'the server did not start\n' >&2; exit 1; }
