"""A Docker engine of the tests' own, to be killed in the middle of a build or filled up. Needs root on Linux."""

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import docker

from tests.machine import answers

IMAGE = "berth-test-tiny:1"
PROGRAMS = ("sh", "sleep", "cat", "dd")
STARTING = 40.0
ENDING = 20.0
STOPPING = 60.0


def missing() -> str:
    """Why no second engine can be started here; empty when one can."""
    needed = [name for name in ("dockerd", "ip", "mount", "ldd") if shutil.which(name, path=_path()) is None]
    if needed:
        return f"{', '.join(needed)} is not installed"
    return "" if os.geteuid() == 0 else "a second engine needs root"


@dataclass
class SecondEngine:
    """One engine with its own data, socket and bridge. ``address`` stays the same over restarts."""

    folder: Path
    bridge: str
    daemon: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def address(self) -> str:
        return f"unix://{self.folder}/docker.sock"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        run = self.folder / "run"
        arguments = [
            *("dockerd", f"--data-root={self.folder}/data", f"--exec-root={run}", f"--pidfile={self.folder}/pid"),
            *(f"--host={self.address}", f"--bridge={self.bridge}", "--iptables=false", "--ip-masq=false"),
        ]
        environment = {**os.environ, "PATH": _path()}
        with (self.folder / "log").open("ab") as log:
            self.daemon = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + STARTING
        while not _answers(self.address):
            if time.monotonic() > end or self.daemon.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """Kills it and its containerd, as the kernel does for want of memory. What runs in containers goes on.

        An engine that is started again ends what runs in containers it knows of.
        """
        assert self.daemon is not None
        for process in (*_children(self.daemon.pid), self.daemon.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.daemon.wait(ENDING)
        for left in (self.folder / "pid", self.folder / "run" / "containerd" / "containerd.pid"):
            left.unlink(missing_ok=True)

    def end(self) -> None:
        """Kills it, and what it no longer knows of: the shims of containers whose start it did not survive."""
        self.kill()
        ours = f"{self.folder}/".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes()
                if b"containerd-shim" in words and ours in words:
                    for each in (*_children(int(process.name)), int(process.name)):
                        os.kill(each, signal.SIGKILL)

    def stop(self) -> None:
        """Ends it as the machine's own shutting down would: it stops its containers first."""
        assert self.daemon is not None
        self.daemon.terminate()
        self.daemon.wait(STOPPING)

    def load(self) -> None:
        """Gives it an image with a shell and three programs, of this machine's own files."""
        with contextlib.closing(docker.APIClient(self.address, version="auto")) as client:
            client.import_image_from_data(_tiny(), *IMAGE.split(":"))


@contextmanager
def second_engine(mebibytes: int) -> Iterator[SecondEngine]:
    """Starts one whose disk has so many MiB, and leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="berth-engine-"))
    made = SecondEngine(folder, f"berth{folder.name[-6:]}".lower())
    (folder / "data").mkdir()
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _ran("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "berth-test", str(folder / "data"))
        stack.callback(_unmounted, folder)
        _ran("ip", "link", "add", "name", made.bridge, "type", "bridge")
        stack.callback(_ran, "ip", "link", "del", made.bridge)
        _ran("ip", "address", "add", "10.213.77.1/24", "dev", made.bridge)
        _ran("ip", "link", "set", made.bridge, "up")
        made.start()
        stack.callback(made.end)
        made.load()
        yield made


def _tiny() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        added: set[str] = set()
        for program in PROGRAMS:
            path = os.path.realpath(shutil.which(program) or program)
            listed = subprocess.run(["ldd", path], capture_output=True, check=True).stdout.decode()
            for library in re.findall(r"(/\S+) \(0x", listed):
                if library not in added:
                    added.add(library)
                    tar.add(os.path.realpath(library), arcname=library)
            tar.add(path, arcname=f"/bin/{program}")
    return archive.getvalue()


def _children(process: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found = parents.get(process, [])
    return [each for child in found for each in (*_children(child), child)]


def _answers(address: str) -> bool:
    answers.cache_clear()
    return answers(address)


def _unmounted(folder: Path) -> None:
    """Everything below the folder, the deepest first; containers leave mounts of their own."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((each for each in mounts if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)


def _ran(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PATH": _path()})


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
