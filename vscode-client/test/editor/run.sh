#!/usr/bin/env bash
# The whole story in a real VS Code (code-server and Chromium), with the real server, engine and agent, and a scripted
# model. Usage: run.sh [PYTHON], the Python that has Berth installed. Pictures of every step land beside this file.
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
  "$python" "$here/clear.py" "$lab/hello-berth"
  [ -n "${BERTH_KEEP_LAB:-}" ] || rm -rf "$lab"
}
trap leave EXIT
trap 'exit 143' TERM INT

mkdir -p "$lab/hello-berth" "$lab/user/User" "$lab/user/Machine" "$lab/extensions" "$lab/state"
printf 'def greet(name: str) -> str:\n    return "Hello, " + name\n\n\nprint(greet("world"))\n' >"$lab/hello-berth/greet.py"

"$python" -m berth.demo.model >"$lab/model" 2>"$lab/model.log" & pids+=($!)
for _ in $(seq 100); do grep -q : "$lab/model" && break; sleep 0.1; done
port=$(grep -o '[0-9]*$' "$lab/model")

echo "{\"berth.serverCommand\": [\"$python\", \"-m\", \"berth\", \"serve\", \"--no-share\"]}" >"$lab/user/Machine/settings.json"
cat >"$lab/user/User/settings.json" <<JSON
{
  "security.workspace.trust.enabled": false,
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
: >"$lab/config.yaml"
code_server=("$cache/node_modules/.bin/code-server" --config "$lab/config.yaml" --user-data-dir "$lab/user" --extensions-dir "$lab/extensions")
export XDG_DATA_HOME=$lab/share XDG_CONFIG_HOME=$lab/config
"${code_server[@]}" --install-extension "$client"/berth-*.vsix >"$lab/install.log" 2>&1 || { cat "$lab/install.log"; exit 1; }

export BERTH_STATE_DIR=$lab/state
ANTHROPIC_BASE_URL=http://host.docker.internal:$port ANTHROPIC_API_KEY=scripted \
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 \
  "${code_server[@]}" --auth none --bind-addr 127.0.0.1:0 --disable-telemetry --disable-update-check \
  --disable-workspace-trust "$lab/hello-berth" >"$lab/code-server.log" 2>&1 & pids+=($!)
for _ in $(seq 300); do grep -q 'HTTP server listening on' "$lab/code-server.log" && break; sleep 0.1; done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$lab/code-server.log" | head -1)

BERTH_PYTHON=$python node "$here/story.mts" "$url" "$lab/hello-berth" "$here/pictures"
