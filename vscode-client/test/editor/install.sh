#!/usr/bin/env bash
# Installs code-server (VS Code for the browser) and Chromium, once. usage: install.sh FOLDER
# node and npm are those on PATH. Needs root on Debian or Ubuntu only for packages that are missing.
set -euo pipefail

CODE_SERVER=4.139.1
folder=$1

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

stamp=$folder/.ready-$CODE_SERVER-$(node -v)
if [ ! -e "$stamp" ]; then
  echo "Installing code-server $CODE_SERVER on Node $(node -v) into $folder (some minutes, 800 MB)"
  rm -rf "$folder"
  mkdir -p "$folder"
  # Its native parts are built against the headers beside this very Node.
  headers=$(node -p 'require("fs").realpathSync(process.execPath).replace(/\/bin\/node$/, "")')
  npm_config_nodedir=$headers npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error \
    "code-server@$CODE_SERVER"
  touch "$stamp"
fi
