"""Keeps the network namespace that a session's containers join, and gives its two doors to the proxy.

A door is a socket that listens on this namespace's loopback address. The socket itself is handed to the proxy, which
accepts the session's connections in its own process: no byte of a session passes through this program, and there is
nothing in it that a session could talk to. When the proxy goes, its doors close with it, and connecting fails at once.
"""

import contextlib
import os
import signal
import socket
import time

DOOR, BROKER = 19128, 19129
"""Loopback ports: of the proxy, and of the broker. Above 1024, since engines differ in who may have those below."""

FOLDER = "/run/berth-egress"
"""Where the volume that holders and proxy share is mounted in both."""

MEETING = f"{FOLDER}/meeting"
_OUTSIDE = (("192.0.2.1", 443), ("2001:db8::1", 443))


def hold(lane: str) -> int:
    """Runs until it is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    os.umask(0o077)
    while True:
        with contextlib.suppress(OSError), _met() as meeting:
            _hand_over(lane, meeting)
            while meeting.recv(1):
                pass
        time.sleep(0.05)


def escapes() -> list[str]:
    """Ways out of this namespace beside the doors. There are none but for loopback, or something is wrong."""
    found = [name for _, name in socket.if_nameindex() if name not in ("lo", "sit0", "tunl0", "ip6tnl0")]
    for host, port in _OUTSIDE:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with contextlib.suppress(OSError), socket.socket(family, kind) as probe:
                probe.settimeout(0.2)
                probe.connect((host, port))
                found.append(host)
    return found


def _met() -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect(MEETING)
    except OSError:
        made.close()
        raise
    return made


def _hand_over(lane: str, meeting: socket.socket) -> None:
    with contextlib.ExitStack() as stack:
        doors = [stack.enter_context(_listening(port)) for port in (DOOR, BROKER)]
        said = f"{lane} {','.join(escapes()) or '-'}\n"
        socket.send_fds(meeting, [said.encode()], [door.fileno() for door in doors])


def _listening(port: int) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen(128)
    return door
