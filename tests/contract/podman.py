"""A Podman of the tests' own: private storage, private socket, its Docker API served as long as the tests need it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNTIME = """#!@PYTHON@
# Where the engine may not raise limits, Podman's own defaults keep every container from starting: cap them.
import json, os, resource, sys

def cap(path, process):
    config = json.load(open(path))
    for limit in process(config).get("rlimits", []):
        hard = resource.getrlimit(getattr(resource, limit["type"]))[1]
        if hard != resource.RLIM_INFINITY:
            limit["hard"] = min(limit["hard"], hard)
            limit["soft"] = min(limit["soft"], hard)
    json.dump(config, open(path, "w"))

arguments = sys.argv[1:]
if "--bundle" in arguments:
    cap(arguments[arguments.index("--bundle") + 1] + "/config.json", lambda config: config["process"])
if "--process" in arguments:
    cap(arguments[arguments.index("--process") + 1], lambda config: config)
os.execv("@RUNTIME@", ["@RUNTIME@", *arguments])
"""


def missing() -> str:
    """Why no Podman can be tested here; empty when one can."""
    if shutil.which("podman") is None:
        return "podman is not installed"
    return "" if os.geteuid() == 0 else "a private podman service needs root"


@contextmanager
def podman_service(image: str) -> Iterator[str]:
    """Starts the service, loads an image from the Docker engine into it, and yields its address."""
    folder = Path(tempfile.mkdtemp(prefix="berth-podman-"))
    runtime = folder / "runtime"
    program = shutil.which("crun") or shutil.which("runc") or "runc"
    runtime.write_text(RUNTIME.replace("@PYTHON@", sys.executable).replace("@RUNTIME@", program))
    runtime.chmod(0o755)
    base = [
        *("podman", "--root", str(folder / "root"), "--runroot", str(folder / "run"), "--runtime", str(runtime)),
        *("--cgroup-manager", "cgroupfs", "--events-backend", "file"),
    ]
    address = folder / "podman.sock"
    own = {**os.environ, "TMPDIR": str(folder)}
    log = (folder / "service.log").open("wb")
    service = subprocess.Popen(  # its watchers leave a file where it was started when memory runs out
        [*base, "system", "service", "--time=0", f"unix://{address}"], stderr=log, stdout=log, env=own, cwd=folder
    )
    try:
        _wait_for(address)
        _load(base, image)
        yield f"unix://{address}"
    finally:
        service.terminate()
        service.wait(30)
        log.close()
        subprocess.run([*base, "system", "reset", "--force"], check=False, capture_output=True, timeout=60)
        _end_all_of(folder)
        subprocess.run(["umount", folder / "root" / "overlay"], check=False, capture_output=True, timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _end_all_of(folder: Path) -> None:
    """Ends the watchers of this service's exec sessions, which Podman keeps for five minutes."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in entry.read_bytes():
                os.kill(int(entry.parent.name), signal.SIGKILL)


def _load(base: list[str], image: str) -> None:
    with tempfile.NamedTemporaryFile() as archive:
        subprocess.run(["docker", "save", "-o", archive.name, image], check=True, timeout=120)
        subprocess.run([*base, "load", "-i", archive.name], check=True, capture_output=True, timeout=120)
    listed = subprocess.run([*base, "images", "--format", "json"], check=True, capture_output=True, timeout=60)
    assert json.loads(listed.stdout), "the image was not loaded"


def _wait_for(address: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            if not probe.connect_ex(str(address)):
                return
        assert time.monotonic() < deadline, "the podman service did not come up"
        time.sleep(0.05)
