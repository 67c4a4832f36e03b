"""Stand-ins for what tools fetch from, on one port: a package registry, a git server, a Debian archive, a page."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def stand_in(folder: Path) -> Iterator[int]:
    """Serves all of them from a folder; answers the port."""
    with ThreadingHTTPServer(("0.0.0.0", 0), partial(_Quiet, directory=str(folder))) as server:  # noqa: S104 - for bridges
        server.daemon_threads = True
        port = server.server_address[1]
        (folder / "page").write_text("the page\n")
        _npm(folder, port)
        _git(folder)
        _apt(folder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield port
        finally:
            server.shutdown()


def _npm(folder: Path, port: int) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        content = json.dumps({"name": "stand-in", "version": "1.0.0"}).encode()
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    (folder / "stand-in.tgz").write_bytes(packed.getvalue())
    url = f"http://host.docker.internal:{port}/stand-in.tgz"
    sum_ = hashlib.sha1(packed.getvalue()).hexdigest()  # noqa: S324 - what npm calls it
    version = {"name": "stand-in", "version": "1.0.0", "dist": {"tarball": url, "shasum": sum_}}
    described = {"name": "stand-in", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    (folder / "stand-in").write_text(json.dumps(described))


def _git(folder: Path) -> None:
    work = folder / "work"
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    (work / "file").write_text("cloned\n")
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    for words in (("add", "file"), (*identity, "commit", "-qm", "one"), ("update-server-info",)):
        subprocess.run(["git", "-C", str(work), *words], check=True)
    (work / ".git").rename(folder / "repository.git")


def _apt(folder: Path) -> None:
    archive = folder / "debian"
    archive.mkdir()
    (archive / "Packages.gz").write_bytes(gzip.compress(b""))
    (archive / "Packages").write_bytes(b"")
    sums = "".join(
        f" {hashlib.sha256((archive / name).read_bytes()).hexdigest()} {(archive / name).stat().st_size} {name}\n"
        for name in ("Packages", "Packages.gz")
    )
    (archive / "Release").write_text(f"Date: Sat, 21 Nov 2026 00:00:00 UTC\nSHA256:\n{sums}")
