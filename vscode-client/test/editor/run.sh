#!/usr/bin/env bash
# The whole story in a real VS Code (code-server and Chromium), with the real server, engine and agent, and a scripted
# model. Usage: run.sh [PYTHON], the Python that has Berth installed. Pictures of every step land beside this file.
# STORY names the only part to be told: fresh, daily or flood.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
client=$(cd "$here/../.." && pwd)
python=${1:-$client/../.venv/bin/python}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/berth-code-server
export PATH=$("$client/node.sh" "$python" own):$PATH
"$here/install.sh" "$cache"

lab=$(mktemp -d "${TMPDIR:-/tmp}/berth-vscode-XXXXXX")
pids=()
leave() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 20); do # what ends may have started another server just before
    ours=$(grep -lzs "^BERTH_STATE_DIR=$lab/" /proc/[0-9]*/environ | cut -d/ -f3 || true)
    [ -n "$ours" ] || break
    kill $ours 2>/dev/null || true
    sleep 0.5
  done
  "$python" "$here/clear.py" "$lab/hello-berth"
  [ -n "${BERTH_KEEP_LAB:-}" ] || rm -rf "$lab"
}
trap leave EXIT
trap 'exit 143' TERM INT

mkdir -p "$lab/hello-berth" "$lab/busy-berth"
printf 'def greet(name: str) -> str:\n    return "Hello, " + name\n\n\nprint(greet("world"))\n' >"$lab/hello-berth/greet.py"

"$python" -m berth.demo.model >"$lab/model" 2>"$lab/model.log" & pids+=($!)
for _ in $(seq 100); do grep -qs : "$lab/model" && break; sleep 0.1; done
port=$(grep -o '[0-9]*$' "$lab/model")

export XDG_DATA_HOME=$lab/share XDG_CONFIG_HOME=$lab/config
# The server reaches the engine over a line that the story can cut.
export BERTH_REAL_ENGINE=${DOCKER_HOST:-} STORY_ENGINE=$lab/engine.sock

# Starts a code-server of its own with a package. usage: serve NAME FOLDER PACKAGE TRUST MACHINE-SETTINGS [FLAGS...]
serve() {
  local name=$1 home=$lab/$1 folder=$lab/$2 package=$3 trust=$4 machine=$5
  shift 5
  mkdir -p "$home/User" "$home/Machine"
  echo "$machine" >"$home/Machine/settings.json"
  cat >"$home/User/settings.json" <<JSON
{
  "security.workspace.trust.enabled": $trust,
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "editor.minimap.enabled": false,
  "window.commandCenter": false
}
JSON
  : >"$home/config.yaml"
  local code_server=("$cache/node_modules/.bin/code-server" --config "$home/config.yaml" --user-data-dir "$home" --extensions-dir "$home/extensions")
  "${code_server[@]}" --install-extension "$package" >"$home/install.log" 2>&1 || { cat "$home/install.log"; exit 1; }
  BERTH_STATE_DIR=$lab/state-$name DOCKER_HOST=unix://$STORY_ENGINE ANTHROPIC_BASE_URL=http://host.docker.internal:$port ANTHROPIC_API_KEY=scripted \
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 \
    "${code_server[@]}" --auth none --bind-addr 127.0.0.1:0 --disable-telemetry --disable-update-check \
    "$@" "$folder" >"$home/code-server.log" 2>&1 & pids+=($!)
  for _ in $(seq 300); do grep -qs 'HTTP server listening on' "$home/code-server.log" && break; sleep 0.1; done
  url=$(grep -o 'http://127.0.0.1:[0-9]*' "$home/code-server.log" | head -1)
}

wanted() { [ "${STORY:-$1}" = "$1" ]; }

if wanted fresh; then
  serve fresh hello-berth "$client"/berth-with-server-*.vsix true '{}'
  export STORY_FRESH_URL=$url
fi
if wanted flood; then
  # An agent in memory that can talk very fast, and may; see tests/lsp/serve_fake.py.
  PYTHONPATH=$client/.. serve flood busy-berth "$client"/berth-[0-9]*.vsix false \
    "{\"berth.serverCommand\": [\"$python\", \"-m\", \"tests.lsp.serve_fake\"], \"berth.agent\": \"scripted\", \"berth.agents\": {\"scripted\": {\"command\": [\"scripted\"]}}, \"berth.docker.resources\": {\"output\": \"64m\"}}" \
    --disable-workspace-trust
  export STORY_FLOOD_URL=$url STORY_BUSY=$lab/busy-berth
fi
if wanted daily; then
  serve user hello-berth "$client"/berth-[0-9]*.vsix false "{\"berth.serverCommand\": [\"$python\", \"-m\", \"berth\", \"serve\"]}" --disable-workspace-trust
  export STORY_URL=$url
fi
export STORY_FOLDER=$lab/hello-berth STORY_STATE=$lab/state-user STORY_PICTURES=$here/pictures
rm -rf "$here/pictures"
BERTH_PYTHON=$python node "$here/story.mts"
