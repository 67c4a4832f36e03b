"""Connects to a port and proves to be the user's own."""

import socket
import time

from berth.sharing.loopback.note import is_alive, read_note
from berth.sharing.loopback.proof import ANSWER_BYTES, CallersSide, NotProven
from berth.sharing.unreachable import Unreachable

LOOPBACK = "127.0.0.1"


def dial(path: str, within: float) -> socket.socket | None:
    """See :class:`berth.sharing.transports.Transport`. Both ends have proven themselves then."""
    note = read_note(path)
    if note is None or not is_alive(path):
        return None
    try:
        connection = socket.create_connection((LOOPBACK, note.port), timeout=within)
    except ConnectionRefusedError:
        return None
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _prove(connection, CallersSide(note.secret), time.monotonic() + within)
    except ConnectionError:  # it is about to end
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def _prove(connection: socket.socket, side: CallersSide, until: float) -> None:
    """Raises ``TimeoutError``, or ``ConnectionError`` when the host hangs up."""
    connection.sendall(side.hello)
    answer = b""
    while len(answer) < ANSWER_BYTES:
        connection.settimeout(max(0.001, until - time.monotonic()))
        data = connection.recv(ANSWER_BYTES - len(answer))
        if not data:
            raise ConnectionResetError
        answer += data
    try:
        proof = side.proof(answer)
    except NotProven as error:
        raise Unreachable(str(error), "End the host with: berth host stop --force") from None
    connection.sendall(proof)
