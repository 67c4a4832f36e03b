"""Fetches the user's keys from where the plan says, when a session starts and not before."""

import base64
import importlib
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio
from anyio import to_thread

from berth.errors import SettingsError
from berth.planning.credentials import SHORTEST
from berth.planning.credentials_plan import CredentialsPlan, KeySource, PlannedKey
from berth.planning.network_plan import NetworkPlan

COMMAND_SECONDS = 60.0
"""How long a command may take: a person may have to unlock something first."""

MOST_FILE, MOST_CERTIFICATES = 64 * 1024, 600_000
"""Bytes."""

_GIT = ("git", "-C", "/", "credential", "fill")
_KEY = re.compile(rf"[\x21-\x7e]{{{SHORTEST},8192}}", re.ASCII)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII)


async def with_keys(network: NetworkPlan) -> NetworkPlan:
    """The plan with the keys that are fetched, and with the certificates that are believed.

    Raises:
        SettingsError: ``key-unavailable``, without a word of what was read.
    """
    credentials = network.credentials
    if not credentials.keys:
        return network
    keys = [await _fetched(key) for key in credentials.keys]
    certificates = await to_thread.run_sync(_certificates, credentials)
    return replace(network, credentials=replace(credentials, keys=tuple(keys), certificates=certificates))


async def _fetched(key: PlannedKey) -> PlannedKey:
    if key.source is None:
        return key
    try:
        text = await _from(key.source)
    except (OSError, ValueError, TimeoutError, subprocess.SubprocessError) as error:
        raise _unavailable(key, f"failed ({type(error).__name__})") from error
    if not _KEY.fullmatch(text.strip()):
        raise _unavailable(key, f"gave no key: one line of at least {SHORTEST} characters without blanks")
    return replace(key, key=text.strip())


async def _from(source: KeySource) -> str:
    if source.file is not None:
        return await to_thread.run_sync(_read, source.file)
    if source.keyring is not None:
        return await to_thread.run_sync(_from_keyring, *source.keyring)
    if source.git:
        return _basic(await _printed(_GIT, f"protocol=https\nhost={source.git}\n\n"))
    return await _printed(source.command, "")


async def _printed(command: Sequence[str], said: str) -> str:
    """What a program of the user's prints; it is run outside of any workspace."""
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
    with anyio.fail_after(COMMAND_SECONDS):
        done = await anyio.run_process(
            command, input=said.encode(), stderr=subprocess.DEVNULL, cwd=os.path.sep, env=quiet
        )
    return done.stdout[:MOST_FILE].decode()


def _basic(login: str) -> str:
    """User and password of what ``git credential fill`` prints, as a header has them."""
    told = dict(line.split("=", 1) for line in login.splitlines() if "=" in line)
    if not told.get("password"):
        raise ValueError("no login")
    return base64.b64encode(f"{told.get('username', '')}:{told['password']}".encode()).decode()


def _read(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read(MOST_FILE)


def _from_keyring(service: str, user: str) -> str:
    """The entry's secret; empty for none."""
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise SettingsError(
            "key-unavailable",
            "The library that reads the desktop's keyring is not installed.",
            "Install agent-berth[keyring], or use `command` with your keyring's own program.",
        ) from error
    try:
        return str(keyring.get_password(service, user) or "")
    except keyring.errors.KeyringError as error:
        raise ValueError(service) from error


def _certificates(credentials: CredentialsPlan) -> str:
    """The user's own certificates, without what else is in the file."""
    file = credentials.authority
    if file is None or not any(key.url.startswith("https:") for key in credentials.keys):
        return ""
    try:
        found = "\n".join(_CERTIFICATE.findall(file.read_text(encoding="utf-8", errors="replace")))
    except OSError as error:
        raise SettingsError(
            "key-unavailable", f"{file} cannot be read.", "It holds this network's certificates."
        ) from error
    if len(found) > MOST_CERTIFICATES:
        raise SettingsError(
            "key-unavailable", f"{file} is too long.", "Name a file with this network's own certificates."
        )
    return found


def _unavailable(key: PlannedKey, why: str) -> SettingsError:
    sentence = f"The key {key.variable} cannot be had: {key.source} {why}."
    return SettingsError("key-unavailable", sentence, "Look at berth.keys in your own settings.")
