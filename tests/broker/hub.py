"""A host of git repositories behind a password: git's own CGI program, and what it was asked."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORIES = ("team/project.git", "team/deeper/project.git", "other/project.git")


@dataclass
class Hub:
    """Where it is, and of each request its line and its ``Authorization``."""

    root: Path
    port: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)


class _Cgi(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        self._run(b"")

    def do_POST(self) -> None:
        self._run(self.rfile.read(int(self.headers["Content-Length"])))

    def _run(self, body: bytes) -> None:
        self.hub.seen.append((f"{self.command} {self.path}", self.headers.get("Authorization", "")))
        path, _, query = self.path.partition("?")
        variables = {
            "GIT_PROJECT_ROOT": str(self.hub.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "ada",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "PATH": os.environ["PATH"],
        }
        program = ["git", "-c", "safe.directory=*", "http-backend"]
        done = subprocess.run(program, input=body, env=variables, capture_output=True, check=True, timeout=30)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in {**fields, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def serving_hub(root: Path) -> Iterator[Hub]:
    hub = Hub(root)
    for name in REPOSITORIES:
        bare = str(root / name)
        subprocess.run(["git", "init", "-q", "--bare", bare], check=True, timeout=30)
        subprocess.run(["git", "-C", bare, "config", "http.receivepack", "true"], check=True, timeout=30)
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Cgi", (_Cgi,), {"hub": hub})) as server:
        hub.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield hub
        server.shutdown()
