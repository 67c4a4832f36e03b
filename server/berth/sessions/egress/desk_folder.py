"""The folder in which hosts have the sockets of their desks. Linux only: elsewhere engines run in virtual machines."""

import os
import socket
import sys
import time
from pathlib import Path

_STALE_SECONDS = 60.0
"""A younger socket may be another host's, about to listen."""


def listening(folder: Path, name: str) -> socket.socket:
    """A socket that listens in the folder, which is made, and rid of the sockets of hosts that were killed. Blocks.

    The proxy, which is another user, goes through the folder to a socket that it knows by name (modes 0711 and 0666);
    what is above the folder keeps all others away.

    Raises:
        OSError: It cannot be had.
    """
    if sys.platform != "linux":
        raise NotImplementedError  # nobody asks: Desk.open has no folder elsewhere
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _clear(folder, descriptor)
        made = socket.socket(socket.AF_UNIX)
        made.bind(_place(descriptor, name))
        (folder / name).chmod(0o666)
        made.listen()
        made.setblocking(False)  # noqa: FBT003 - the socket's own interface
        return made
    finally:
        os.close(descriptor)


def _clear(folder: Path, descriptor: int) -> None:
    for path in folder.iterdir():
        if time.time() - path.lstat().st_mtime > _STALE_SECONDS and not _is_alive(_place(descriptor, path.name)):
            path.unlink(missing_ok=True)


def _place(folder: int, name: str) -> str:
    """A path by way of the folder's descriptor: those of sockets may be no longer than 107 bytes."""
    return f"/proc/self/fd/{folder}/{name}"


def _is_alive(path: str) -> bool:
    if sys.platform != "linux":
        raise NotImplementedError  # nobody asks: Desk.open has no folder elsewhere
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return False
        except OSError:
            return True  # busy, say: nobody's to remove
    return True
