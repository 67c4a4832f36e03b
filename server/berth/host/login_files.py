"""The login that an agent has on this machine, read for the one moment in which it is copied."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from berth.agents.logins import Login
from berth.engine.base import NewFile
from berth.errors import AgentError

MOST_BYTES = 1024 * 1024
"""A login is a few kilobytes; whatever is larger is something else."""


@dataclass(frozen=True, slots=True)
class HostLogin:
    """``files`` are relative to HOME in the container, ``places`` where they are here."""

    files: tuple[NewFile, ...]
    places: tuple[str, ...]


def host_login(login: Login, environment: Mapping[str, str], *, title: str) -> HostLogin:
    """Reads the files of a login. Blocks.

    Raises:
        AgentError: ``login-needed``: the agent has no login here, or one that cannot be read.
    """
    folder = _folder(login, environment)
    found = [(name, folder / name) for name in login.files if (folder / name).is_file()]
    if not found or found[0][0] != login.files[0]:
        sentence = f"{title} has no login on this machine that could be copied: there is no {folder / login.files[0]}."
        raise AgentError("login-needed", sentence, _hint(login))
    files = tuple(NewFile(f"{login.folder}/{name}", _content(path)) for name, path in found)
    return HostLogin(files, tuple(str(path) for _, path in found))


def _folder(login: Login, environment: Mapping[str, str]) -> Path:
    moved = environment.get(login.folder_variable) if login.folder_variable else None
    return Path(moved) if moved else Path(environment.get("HOME") or Path.home()) / login.folder


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AgentError("login-needed", f"{path} cannot be read: {error.strerror}.", "Look at its owner.") from None
    if len(content) > MOST_BYTES:
        raise AgentError("login-needed", f"{path} is larger than any login.", "Log in in the container instead.")
    return content


def _hint(login: Login) -> str:
    kept = " On macOS it may be in the keychain, which Berth does not read." if sys.platform == "darwin" else ""
    return f"Run `{' '.join(login.argv)}` here first, or log in in the container (agent.login without copy).{kept}"
