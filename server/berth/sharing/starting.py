"""Starts a host in the background."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from berth.sharing.place import Place
from berth.sharing.transports import transport_of
from berth.sharing.unreachable import Unreachable
from berth.system.locks import lock_within

LOCK_SECONDS = 20.0
"""The lock is held for some milliseconds; whoever holds it longer is stopped."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen


def starter(command: Sequence[str]) -> Callable[[Place, str], None]:
    """Starts hosts with a command, which gets the path of its door, and what it inherits, as further arguments."""
    return lambda place, code: start(place, code, command)


def usual_command(level: str) -> tuple[str, ...]:
    """How Berth starts its own host."""
    return (sys.executable, "-m", "berth", "--log-level", level, "run-host")


def start(place: Place, code: str, command: Sequence[str]) -> None:
    """Starts the host of this code, unless somebody else has just done so.

    It can be dialled when this returns.

    Raises:
        Unreachable: It cannot be started.
    """

    def spawn(arguments: Sequence[str], descriptors: Sequence[int]) -> "Popen[bytes]":
        from berth.sharing.spawning import spawn_detached  # noqa: PLC0415 - takes 10 ms, and most relays find a host

        return spawn_detached([*command, *arguments], descriptors, log=place.log(code))

    path = place.door(code)
    transport = transport_of(path)
    with locked(place):
        if transport.is_alive(path):
            return
        try:
            transport.start(path, spawn)
        except OSError as error:
            raise Unreachable(f"Berth's host cannot be started: {error.strerror}.") from None


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Keeps everybody else from making or taking away a door.

    Raises:
        Unreachable: Somebody holds the lock for too long.
    """
    descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not lock_within(descriptor, LOCK_SECONDS):
            raise Unreachable(f"Somebody holds {place.lock}.", "Look who: fuser -v it, and end it.")
        yield
    finally:
        os.close(descriptor)
