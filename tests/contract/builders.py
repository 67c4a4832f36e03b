"""The ways in which one Docker engine can build, each in an environment that leads to it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from berth.engine.docker.buildkit_program import LEGACY, PLUGIN_FOLDERS, find_program

BUILDERS = ("classic", "buildx", "client")
"""The classic builder; BuildKit through buildx; BuildKit through the client that older Docker CLIs have."""


def builder_environment(builder: str, folder: Path) -> Mapping[str, str] | str:
    """What leads an engine to a builder, in a folder of its own for the Docker CLI; or why that cannot be tested."""
    plain = {name: value for name, value in os.environ.items() if name in ("DOCKER_HOST", "PATH", "HOME")}
    plain["DOCKER_CONFIG"] = str(folder)
    if builder == "classic":
        return {**plain, "BERTH_BUILDER": "classic"}
    plain["BERTH_BUILDER"] = "buildkit"
    return _buildx(plain, folder) if builder == "buildx" else _client(plain)


def _buildx(plain: Mapping[str, str], folder: Path) -> Mapping[str, str] | str:
    plugin = os.environ.get("BERTH_TEST_BUILDX")
    if plugin:
        (folder / "cli-plugins").mkdir(exist_ok=True)
        (folder / "cli-plugins" / "docker-buildx").symlink_to(plugin)
    program = find_program(plain, folder)
    return plain if program and program.is_buildx else "no buildx plugin is here; `make test` fetches one where it can"


def _client(plain: Mapping[str, str]) -> Mapping[str, str] | str:
    if any(shutil.which("docker-buildx", path=folder) for folder in PLUGIN_FOLDERS):
        return "the Docker CLI's own BuildKit client is not used where there is buildx"
    for folder in plain.get("PATH", "").split(os.pathsep):
        program = shutil.which("docker", path=folder)
        said = subprocess.run([program, "--version"], capture_output=True, check=True).stdout if program else b""
        words = said.decode().removeprefix("Docker version ").split(".")
        if len(words) > 2 and LEGACY[0] <= (int(words[0]), int(words[1])) < LEGACY[1]:
            return {**plain, "PATH": folder}
    return "no Docker CLI older than 23 is here, which has a BuildKit client of its own"
