"""What makes two hosts different ones: where things are, and which code runs."""

import hashlib
import os
import sys
from collections.abc import Mapping

import berth

VARIABLES = (
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_RUNTIME_DIR",
    "BERTH_STATE_DIR",
    "BERTH_BUILDER",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
)
"""What a host takes from its own environment: the state folder, the user's settings file, the engine and its builder.

Editors that agree in them share a host. Everything else a session takes from the environment of the editor that asks.
"""


def place_key(environment: Mapping[str, str]) -> str:
    """The same for all environments that agree in :data:`VARIABLES`, as 12 hexadecimal digits."""
    values = [_spelled_out(name, environment.get(name, "")) for name in VARIABLES]
    text = "\0".join(values)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]


def code_key() -> str:
    """The same for the same version of the same code under the same Python, as 8 hexadecimal digits.

    In a checkout every edited file makes another one. Takes 3 ms.
    """
    package = os.path.dirname(os.path.abspath(berth.__file__))
    newest, count = _newest(package)
    parts = (berth.__version__, package, sys.prefix, sys.version, str(newest), str(count))
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:8]


def _spelled_out(name: str, value: str) -> str:
    return os.path.abspath(value) if value and name == "BERTH_STATE_DIR" else value


def _newest(folder: str) -> tuple[int, int]:
    """When the newest Python file below a folder was written, in nanoseconds, and how many there are."""
    newest = count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                below, more = _newest(entry.path)
                newest, count = max(newest, below), count + more
            elif entry.name.endswith(".py"):
                newest, count = max(newest, entry.stat().st_mtime_ns), count + 1
    return newest, count
