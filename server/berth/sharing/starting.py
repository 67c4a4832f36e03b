"""Starts a host in the background, with its socket made already."""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import berth
from berth.sharing.dialling import dial
from berth.sharing.keys import VARIABLES
from berth.sharing.place import Place
from berth.sharing.unreachable import Unreachable

LOCK_SECONDS = 20.0
"""The lock is held for some milliseconds; whoever holds it longer is stopped."""

BACKLOG = 128
"""Editors that may wait to be let in, while the host is still importing."""

KEPT = frozenset(
    {
        *VARIABLES,
        *("PATH", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSH_AUTH_SOCK", "VIRTUAL_ENV"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "COLUMNS"),
        *("BERTH_RUNTIME_DIR", "BERTH_IDLE_EXIT", "DBUS_SESSION_BUS_ADDRESS"),
    }
)
KEPT_PREFIXES = ("LC_", "PYTHON", "XDG_", "DOCKER_", "BUILDX_", "BUILDKIT_", "COVERAGE_")
"""What a host gets of the environment of whoever starts it: what it needs itself. It outlives that editor, and the
secrets of one editor are no business of what the host runs for another."""


def starter(command: Sequence[str]) -> Callable[[Place, str], None]:
    """Starts hosts with a command, which gets the descriptor of the listening socket and its path as arguments."""
    return lambda place, code: start(place, code, command)


def usual_command(level: str) -> tuple[str, ...]:
    """How Berth starts its own host."""
    return (sys.executable, "-m", "berth", "--log-level", level, "run-host")


def start(place: Place, code: str, command: Sequence[str]) -> None:
    """Starts the host of this code, unless somebody else has just done so.

    The socket listens when this returns, so that nobody has to wait for the host to come up.

    Raises:
        Unreachable: It cannot be started.
    """
    path = place.socket(code)
    with locked(place):
        probe = dial(path)
        if probe is not None:
            probe.close()
            return
        listener = _listen(path)
        try:
            _spawn([*command, str(listener.fileno()), path], listener, place.log(code))
        except OSError as error:
            os.unlink(path)
            raise Unreachable(f"Berth's host cannot be started: {error.strerror}.") from None
        finally:
            listener.close()


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Keeps everybody else from making or taking away a socket.

    Raises:
        Unreachable: Somebody holds the lock for too long.
    """
    descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, place)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, place: Place) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Unreachable(f"Somebody holds {place.lock}.", "Look who: fuser -v it, and end it.") from None
            time.sleep(0.01)
        else:
            return


def _listen(path: str) -> socket.socket:
    with suppress(FileNotFoundError):  # a host that was killed left it
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        os.chmod(path, 0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Unreachable(f"{path} cannot be made: {error.strerror}.", "Set BERTH_RUNTIME_DIR.") from None
    return listener


def _spawn(argv: Sequence[str], listener: socket.socket, log: str) -> None:
    """A process of its own session, away from our terminal, folder and files."""
    import subprocess  # noqa: PLC0415 - takes 10 ms, and most relays find a host

    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=own_environment(os.environ),
            pass_fds=(listener.fileno(),),
            start_new_session=True,
        )
        child.returncode = 0  # nobody waits for it: it outlives us
    finally:
        os.close(output)


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a host gets of an environment, with paths that hold in its own folder."""
    kept = {name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
    if state := kept.get("BERTH_STATE_DIR"):
        kept["BERTH_STATE_DIR"] = os.path.abspath(state)
    paths = [os.path.abspath(path) for path in kept.get("PYTHONPATH", "").split(os.pathsep) if path]
    package = os.path.dirname(os.path.dirname(os.path.abspath(berth.__file__)))
    if not package.endswith("-packages"):  # a checkout may have been found through the folder we are in
        paths.append(package)
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))} if paths else kept
