"""Settings by chance: ordinary words, hostile ones and nonsense, put together from one number.

One number is one start, so that a finding is told by its number (``python -m tests.security.fuzz --only NUMBER``).
"""

import random
import shlex
import string
from collections.abc import Callable
from typing import Any

from berth.planning.docker_args.flags import FLAGS
from tests.engine.docker_cases import CASES
from tests.security.hostile import FLAGS as HOSTILE_FLAGS
from tests.security.hostile import MOUNTS as HOSTILE_MOUNTS
from tests.security.pipeline import Start

_FLAG_NAMES = sorted(FLAGS)
_WORDS = sorted(
    {
        word.partition("=")[2] or word
        for line in HOSTILE_FLAGS.strip().splitlines()
        for word in line.split("|")[0].split()
    }
    | {"1", "512m", "2g", "/x", "/x:ro", "host", "none", "A=1", "x", "all", "true", "0", "-1", "1000:1000", "a=b"}
    | {"size=1g", "80:80", "127.0.0.1", "type=bind,src=./config,dst=/x", "type=tmpfs,dst=/s", "KILL", "/dev/null"}
)
_HOSTILE_LINES = [line.split("|")[0] for line in HOSTILE_FLAGS.strip().splitlines() if "'" not in line.split("|")[0]]
_SOURCES = sorted({line.split("|")[0].strip().partition(":")[0] for line in HOSTILE_MOUNTS.strip().splitlines()})
_PLAIN = ["./config", "data", "/srv/data", "/home/ada/project", "./.vscode"]
_TARGETS = [
    *["/x", "/y", "/opt/z"] * 5,
    "/x",
    "/workspace",
    "/proc",
    "/etc",
    "/home/agent",
    "/home/agent/.npm",
    "/var/lib/x",
    "/",
    "rel",
    "/a//b/../c",
]
_MODES = [*["", ":ro", ":rw"] * 6, ":z", ":rshared", ":ro,rw"]
_VARIABLES = [
    "A",
    "NODE_ENV",
    "LD_PRELOAD",
    "node_options",
    "HOME",
    "PATH",
    "ANTHROPIC_BASE_URL",
    "BASH_ENV",
    "a-b",
    "",
]
_PATTERNS = [*["SECRET_*", "*", "!A", "EDITOR_VALUE", "LD_*", "ANTHROPIC_API_KEY"] * 4, "["]
_SIZES = [*["512m", "2g", "256m", "1g", "99999g"] * 4, "0", "-1", "1k", "", "x"]
_NOISE = string.printable + "\0\x1b\u202e\u200bé🙂"
_RESOURCES: dict[str, list[Any]] = {
    "memory": _SIZES,
    "shm": _SIZES,
    "cpus": [*[0.5, 2, 1e3] * 6, 0, -1, "all"],
    "pids": [*[64, 1000] * 6, 0, -1, 10**9],
}
_RESOURCES |= {"timeLimit": [*["1h", "30m"] * 6, "0s", "x"], "gpus": [*["all", 1, ["0"]] * 6, []]}
_NETWORK_MODES = [*["allowlist"] * 4, "open", "none", "host", "bridge", ""]
_HOSTS = ["a.example", "*.a.example", "npm", "apt", "a.example:22", "10.0.0.7", "[::1]:80", "host.docker.internal:5432"]
_HOSTS += ["*.example", "169.254.169.254", "0x7f.1", "a..b", "evil.example:0", ""]
_LAYERS = ["user", "workspace", "workspace", "editor"]


def start_of(number: int) -> Start:
    """The start of a number. The same number is the same start."""
    chance = random.Random(number)  # noqa: S311 - for tests
    layers = {chance.choice(_LAYERS): _section(chance) for _ in range(chance.randint(1, 2))}
    return Start(layers, _request(chance) if chance.random() < 0.3 else {})


def _section(chance: random.Random) -> dict[str, Any]:
    docker: dict[str, Any] = {"defaultProfile": "web", "profiles": {"web": _profile(chance)}}
    some: dict[str, Callable[[], Any]] = {
        "defaultImage": lambda: chance.choice([*["node:22"] * 8, "--privileged", "a b", _noise(chance)]),
        "forwardEnv": lambda: _several(chance, _PATTERNS),
        "share": lambda: _several(chance, ["gitconfig", "aws", "ssh-agent"]),
        "login": lambda: chance.choice(["user", "workspace", "none"]),
        "resources": lambda: _resources(chance),
        "network": lambda: _network(chance),
        "allowCustomImages": lambda: chance.choice([True, False]),
    }
    docker |= {key: make() for key, make in some.items() if chance.random() < 0.12}
    section: dict[str, Any] = {"docker": docker}
    if chance.random() < 0.1:
        section["agent"] = chance.choice(["claude", "codex", "gemini", "nobody"])
    if chance.random() < 0.05:
        section["policy"] = {"network": {"mode": chance.choice(_NETWORK_MODES), "hosts": _several(chance, _HOSTS)}}
    if chance.random() < 0.05:
        section[_noise(chance)] = _noise(chance)
    return section


def _profile(chance: random.Random) -> dict[str, Any]:
    some: dict[str, Callable[[], Any]] = {
        "image": lambda: chance.choice([*["node:22", "evil@sha256:" + "a" * 64] * 6, _noise(chance)]),
        "env": lambda: {chance.choice(_VARIABLES): _value(chance) for _ in range(chance.randint(0, 3))},
        "envFile": lambda: chance.choice(["x.env", "x.env", "ld.env", "bare.env", "../x", "nowhere", ""]),
        "forwardEnv": lambda: _several(chance, _PATTERNS),
        "volumes": lambda: [_volume(chance) for _ in range(chance.randint(0, 3))],
        "resources": lambda: _resources(chance),
        "network": lambda: _network(chance),
    }
    found: dict[str, Any] = {key: make() for key, make in some.items() if chance.random() < 0.3}
    if chance.random() < 0.7:
        found["dockerArgs"] = _words(chance)
    return found


def _request(chance: random.Random) -> dict[str, Any]:
    some: dict[str, Callable[[], Any]] = {
        "image": lambda: chance.choice(["node:22", "node:22", "a b"]),
        "dockerArgs": lambda: _words(chance),
        "mounts": lambda: [_volume(chance)],
        "env": lambda: {chance.choice(["A", "LD_PRELOAD", "HOME"]): "1"},
    }
    return {key: make() for key, make in some.items() if chance.random() < 0.5}


def _words(chance: random.Random) -> list[str]:
    if chance.random() < 0.75:
        lines = CASES if chance.random() < 0.7 else _HOSTILE_LINES
        return [word for _ in range(chance.randint(1, 2)) for word in shlex.split(chance.choice(lines))]
    words: list[str] = []
    for _ in range(chance.randint(1, 3)):
        name = f"--{chance.choice(_FLAG_NAMES)}"
        value = chance.choice(_WORDS) if chance.random() < 0.9 else _noise(chance)
        words += [f"{name}={value}"] if chance.random() < 0.6 else [name, value] if chance.random() < 0.7 else [name]
    return words


def _volume(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice([*["npm", "pip", "cargo", "go"] * 3, _noise(chance) or "x"])
    source = chance.choice(_PLAIN if chance.random() < 0.5 else _SOURCES)
    return f"{source}:{chance.choice(_TARGETS)}{chance.choice(_MODES)}"


def _resources(chance: random.Random) -> dict[str, Any]:
    names = _several(chance, sorted(_RESOURCES))
    return {name: chance.choice(_RESOURCES[name]) for name in names}


def _network(chance: random.Random) -> dict[str, Any]:
    lists = {name: _several(chance, _HOSTS) for name in ("allow", "deny") if chance.random() < 0.5}
    return {"mode": chance.choice(_NETWORK_MODES), **lists}


def _several(chance: random.Random, of: list[str]) -> list[str]:
    return [chance.choice(of) for _ in range(chance.randint(0, 3))]


def _value(chance: random.Random) -> str:
    return chance.choice([*["1", "${localEnv:SECRET_ONE}", "x\ny"] * 3, _noise(chance)])


def _noise(chance: random.Random) -> str:
    return "".join(chance.choice(_NOISE) for _ in range(chance.randint(0, 12)))
