"""``berth serve``: gets the editor's standard input and output to the user's host, and waits until that is done."""

import os
import signal
import socket
import sys
from collections.abc import Sequence

from berth.sharing.dialling import call
from berth.sharing.place import find_place
from berth.sharing.starting import starter
from berth.sharing.transports import transport_of
from berth.sharing.unreachable import Unreachable

LOST = "Berth's host has ended. Start the language server again to begin a new one."


def relay(host_command: Sequence[str], code: str) -> int:
    """Serves the editor through the host of a version, which a command starts when there is none; answers the status.

    0 and 1 as the language server specification has them. 1, with a sentence on stderr, when there is no host or it
    ends: editors then start us again. SIGTERM and SIGINT are a goodbye with status 0.
    """
    try:
        place = find_place(os.environ)
        streams = transport_of(place.door(code)).streams()
        line, _ = call(place, code, starter(host_command), streams.introduce)
    except Unreachable as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"Berth's host cannot be reached: {error.strerror}.")
    streams.begin()
    _leave_on_signals(line.socket)
    answer = line.hear()
    if answer is None:
        return _failed(LOST)
    streams.end()
    status = answer.get("status")
    return status if isinstance(status, int) else 1


def _leave_on_signals(connection: socket.socket) -> None:
    """The host is told by the end of what we have to say; it answers with the status. A second signal kills."""

    def leave(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        connection.shutdown(socket.SHUT_WR)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)


def _failed(sentence: str) -> int:
    sys.stderr.write(f"berth: {sentence}\n")
    return 1
