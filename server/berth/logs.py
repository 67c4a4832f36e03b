"""Where log records go: stderr for the editor's own log view, and a rotating file in the state folder.

Both are written by threads of their own. An editor that never reads stderr, or a slow disk, then holds up nobody; what
stderr does not take is in the file.
"""

import atexit
import contextlib
import io
import logging
import logging.handlers
import os
import queue
import sys
import threading
from pathlib import Path

FILE_BYTES = 2 * 1024 * 1024
FILES = 3
"""The file is rotated at 2 MiB, three old ones are kept."""

WAITING = 100_000
"""Records that may wait for stderr or the disk; later ones are dropped rather than stop the event loop."""

_LINE = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def log_to_stderr(level: str) -> None:
    """Begins logging to stderr at a level (``debug``, ``info``, ``warning``, ``error``)."""
    logging.getLogger().setLevel(level.upper())
    records = _begin()
    # No logging handler writes to stderr: Python waits for the lock of every handler when it ends.
    threading.Thread(target=_write_to_stderr, args=(records,), name="log to stderr", daemon=True).start()


def log_to_file(path: Path) -> None:
    """Begins logging to a file, which is private to the user. What was logged is written before the process ends."""
    file = _PrivateFile(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
    listener = logging.handlers.QueueListener(_begin(), file)
    listener.start()
    atexit.register(listener.stop)


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only the user can read."""

    def _open(self) -> io.TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return io.TextIOWrapper(os.fdopen(descriptor, "ab"), encoding=self.encoding, errors="backslashreplace")


class _Inlet(logging.handlers.QueueHandler):
    """Hands records to a thread; drops them when it is far behind, since waiting would stop the event loop."""

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            return


def _begin() -> "queue.Queue[logging.LogRecord]":
    records: queue.Queue[logging.LogRecord] = queue.Queue(WAITING)
    inlet = _Inlet(records)
    inlet.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().addHandler(inlet)
    return records


def _write_to_stderr(records: "queue.Queue[logging.LogRecord]") -> None:
    with contextlib.suppress(OSError):
        while True:
            os.write(sys.stderr.fileno(), (records.get().getMessage() + "\n").encode(errors="backslashreplace"))
