"""Who commits: what the editor's user told git. Blocking."""

import functools
import subprocess
from collections.abc import Mapping
from pathlib import Path

ASKED = ("PATH", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""What of the editor's environment git is given: where its files are."""

KEPT_ANSWERS = 8
"""Editors with different files that git is not asked again for."""


def git_identity(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The user's own ``user.name`` and ``user.email``. Never asked of a repository: its settings can run programs.

    Git is asked again when one of its files has changed: starting it takes longer than all the rest of a plan.
    """
    given = {"HOME": str(Path.home())} | {name: environment[name] for name in ASKED if environment.get(name)}
    configuration = given.get("XDG_CONFIG_HOME") or Path(given["HOME"]) / ".config"
    files = [Path(given["HOME"]) / ".gitconfig", Path(configuration) / "git" / "config"]
    if named := given.get("GIT_CONFIG_GLOBAL"):
        files.append(Path(named))
    return _ask_git(tuple(sorted(given.items())), tuple(map(_written, files)))


def _written(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


@functools.lru_cache(maxsize=KEPT_ANSWERS)
def _ask_git(given: tuple[tuple[str, str], ...], _: tuple[int, ...]) -> Mapping[str, str]:
    question = ["git", "-C", "/", "config", "--global", "--null", "--get-regexp", r"^user\.(name|email)$"]
    try:
        done = subprocess.run(
            question, env=dict(given), capture_output=True, encoding="utf-8", errors="replace", timeout=2, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    pairs = (entry.partition("\n") for entry in done.stdout.split("\0"))
    return {key: value.strip() for key, _, value in pairs if value.strip()}
