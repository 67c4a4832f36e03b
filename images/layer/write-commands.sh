#!/bin/sh
# Writes the commands of the agents in this image into a folder. Those that are Node programs name Berth's own Node, so
# that it need not be on the PATH, where it would come before or instead of the project's.
set -eu
mkdir -p "$1"
arch=$(node -p process.arch)
for package in /opt/berth/agents/*/package.json; do
  jq -r '.berth.commands | to_entries[] | .key + " " + .value' "$package" | while read -r command program; do
    program=${package%/package.json}/$(echo "$program" | sed "s/{arch}/$arch/")
    if [ "$(head -c 19 "$program" | tr -d '\0')" = '#!/usr/bin/env node' ]; then
      printf '#!/bin/sh\nexec /opt/berth/node/bin/node %s "$@"\n' "$program" >"$1/$command"
      chmod 755 "$1/$command"
    else
      ln -s "$program" "$1/$command"
    fi
  done
done
