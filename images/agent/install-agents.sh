#!/bin/sh
# Installs the named agents from their lock files and puts their commands on the PATH.
#
# Each folder in agents/ has a package.json, whose "berth.commands" maps a command to its program ("{arch}" stands for
# Node's name of the processor), and a package-lock.json with a checksum for every package. Install scripts are not run.
set -eu
cd /opt/berth/agents
arch=$(node -p process.arch)
for agent in "$@"; do
  if [ ! -f "$agent/package-lock.json" ]; then
    echo "There is no agent called '$agent' here; known: $(echo *)." >&2
    exit 1
  fi
  (cd "$agent" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --cache /tmp/npm)
  jq -r '.berth.commands | to_entries[] | .key + " " + .value' "$agent/package.json" | while read -r command program; do
    program=$(echo "$program" | sed "s/{arch}/$arch/")
    chmod a+x "$agent/$program"
    ln -s "/opt/berth/agents/$agent/$program" "/usr/local/bin/$command"
  done
done
for known in *; do
  [ -d "$known/node_modules" ] || rm -rf "$known"
done
# Types and source maps are for compilers and debuggers; Node runs no TypeScript below node_modules.
find . -path '*/node_modules/*' -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete
chmod -R a+rX .
rm -rf /tmp/npm /root/.npm
