"""A server on this machine that containers reach, for what is measured through the proxy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Silent(BaseHTTPRequestHandler):
    """Keeps connections open, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def serving(handler: type[Silent]) -> Iterator[int]:
    """Its port while it serves."""
    with ThreadingHTTPServer(("0.0.0.0", 0), handler) as server:  # noqa: S104 - containers are to reach it
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
