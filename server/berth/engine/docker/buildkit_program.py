"""Which program here can drive the engine's BuildKit: the buildx plugin, else a Docker CLI with a client of its own."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SECONDS = 10.0
"""A program that does not tell its version in this time is not used."""

RAWJSON = (0, 13)
"""The first buildx with ``--progress=rawjson``."""

LEGACY = (18, 9), (23, 0)
"""Docker CLIs with a BuildKit client of their own: from the first, before the second."""

PLUGIN = "docker-buildx"
PLUGIN_FOLDERS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
    "/opt/homebrew/lib/docker/cli-plugins",
)
"""Where the Docker CLI looks for plugins, after the user's own folders; the last is Homebrew's."""

_VERSION = re.compile(r"\bv?(\d+)\.(\d+)\.\d+")


@dataclass(frozen=True, slots=True)
class BuildkitProgram:
    """A program and what it is asked for progress. ``flags`` are those that only buildx has."""

    argv: tuple[str, ...]
    progress: Literal["rawjson", "plain"]
    flags: tuple[str, ...]

    @property
    def is_buildx(self) -> bool:
        """Not the Docker CLI's own client, which has no ``--cache-to`` among others."""
        return bool(self.flags)


def find_program(environment: Mapping[str, str], home: Path) -> BuildkitProgram | None:
    """The best program here; None where there is none. Blocks.

    The plugin is run by itself, without the Docker CLI in front of it: one process, which one signal ends.
    """
    for path in _plugins(environment, home):
        version = _version((path, "version"), environment)
        if version is not None:
            progress: Literal["rawjson", "plain"] = "rawjson" if version >= RAWJSON else "plain"
            return BuildkitProgram((path, "build"), progress, ("--builder=default", "--load"))
    docker = shutil.which("docker", path=environment.get("PATH"))
    version = _version((docker, "--version"), environment) if docker else None
    if docker and version is not None and LEGACY[0] <= version < LEGACY[1]:
        return BuildkitProgram((docker, "build"), "plain", ())
    return None


def _plugins(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    folder = Path(environment.get("DOCKER_CONFIG") or home / ".docker")
    extra = _config(folder).get("cliPluginsExtraDirs")
    folders = [str(each) for each in extra] if isinstance(extra, list) else []
    for each in (*folders, str(folder / "cli-plugins"), *PLUGIN_FOLDERS):
        if found := shutil.which(PLUGIN, path=each):
            yield found
    if found := shutil.which(PLUGIN, path=environment.get("PATH")):
        yield found


def _config(folder: Path) -> dict[str, Any]:
    try:
        value = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _version(argv: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, int] | None:
    """Major and minor version; None where the program does not run or tells none."""
    plain = {name: environment[name] for name in ("PATH", "HOME", "DOCKER_CONFIG") if name in environment}
    try:
        done = subprocess.run(
            argv, env=plain, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(done.stdout.decode("utf-8", "replace"))
    return (int(match[1]), int(match[2])) if match else None
