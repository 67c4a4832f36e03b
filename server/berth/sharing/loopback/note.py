"""The note in the private folder that says where a host listens, and holds the secret that both ends prove to know."""

import json
import os
import time

from berth.system.locks import lock_within, try_lock

SECRET_BYTES = 32
"""256 random bits, new for each host."""

MOST_BYTES = 4096
"""Of a note; ours have some 150."""

LOCK_SECONDS = 5.0
"""A lock of a host that is gone is held for microseconds, by those who look whether it is free."""

_ALONE = os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0)


class Note:
    """``port`` on 127.0.0.1, the ``secret``, and the ``pid`` of the host. The secret is in no ``repr``."""

    def __init__(self, port: int, secret: bytes, pid: int) -> None:
        self.port = port
        self.secret = secret
        self.pid = pid


def read_note(path: str) -> Note | None:
    """The note; None when there is none, or something else is in its place."""
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES)
        content = json.loads(text)
        port, pid, secret = content["port"], content["pid"], bytes.fromhex(content["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not (isinstance(port, int) and 0 < port < 65536 and isinstance(pid, int) and len(secret) == SECRET_BYTES):
        return None
    return Note(port, secret, pid)


def write_note(path: str, note: Note) -> None:
    """Puts a note in its place, whole. Only the user can read it.

    Raises:
        OSError: It cannot be written.
    """
    fresh = f"{path}.new"
    text = json.dumps({"port": note.port, "secret": note.secret.hex(), "pid": note.pid})
    _remove(fresh)
    with os.fdopen(os.open(fresh, _ALONE | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            os.replace(fresh, path)
        except PermissionError:  # Windows, while somebody reads the old one
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def take_life_lock(path: str) -> int | None:
    """The lock that a host holds for as long as its note is true; None when another host has it. Raises ``OSError``."""
    descriptor = os.open(f"{path}.live", _ALONE, 0o600)
    if lock_within(descriptor, LOCK_SECONDS):
        return descriptor
    os.close(descriptor)
    return None


def is_alive(path: str) -> bool:
    """Whether the host that wrote the note is there: ports of hosts that were killed belong to anybody."""
    if not os.path.exists(path):
        return False
    try:
        descriptor = os.open(f"{path}.live", os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
