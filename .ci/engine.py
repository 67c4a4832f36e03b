"""Finds a container engine for `make`, or starts one where there is none and we may.

Prints ``DOCKER_HOST=…`` for an engine that is not at Docker's own default place, nothing for one that is; explains
itself on stderr. An engine that was there is used as it is: never configured, restarted or stopped. Ours has its own
data root and socket, and only ``engine.py stop`` ends it.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

DATA = Path("/var/lib/berth-engine")
RUN = Path("/run/berth-engine")
OURS = f"unix://{RUN}/docker.sock"
DEFAULT = "unix:///var/run/docker.sock"
STARTING = 60.0  # seconds; a first start in a small virtual machine took 3


class Channel(http.client.HTTPConnection):
    """HTTP to an engine: over its Unix socket, or over TCP. Raises ``ValueError`` for another address."""

    def __init__(self, address: str, *, timeout: float) -> None:
        scheme, _, place = address.partition("://")
        if scheme not in {"unix", "tcp", "http"}:
            raise ValueError(address)
        super().__init__("localhost" if scheme == "unix" else place, timeout=timeout)
        self.path = place if scheme == "unix" else None

    def connect(self) -> None:
        """Connects, to whichever it is."""
        if self.path is None:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def main() -> int:
    """Answers the status for the shell."""
    if sys.argv[1:] == ["stop"]:
        stop()
        return 0
    address = chosen() or found() or started()
    if address is None:
        return 1
    say(f"engine: {address}")
    if address != DEFAULT:
        sys.stdout.write(f"DOCKER_HOST={address}\n")
    return 0


def answers(address: str) -> bool:
    """Whether an engine answers there within five seconds."""
    try:
        channel = Channel(address, timeout=5)
        channel.request("GET", "/_ping")
        return channel.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def chosen() -> str | None:
    """What ``DOCKER_HOST`` names. It was set on purpose, so one that does not answer is not replaced."""
    address = os.environ.get("DOCKER_HOST", "")
    can_ask = address and not address.startswith("ssh://") and not os.environ.get("DOCKER_TLS_VERIFY")
    if can_ask and not answers(address):
        say(f"DOCKER_HOST={address} does not answer. Start that engine, or unset DOCKER_HOST.")
        sys.exit(1)
    return address or None


def found() -> str | None:
    """An engine at one of the places where Docker, Podman or we put one."""
    user = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    home = Path.home()
    places = [DEFAULT, f"unix://{user}/docker.sock", f"unix://{home}/.docker/run/docker.sock", OURS]
    places += [f"unix://{user}/podman/podman.sock", "unix:///run/podman/podman.sock"]
    return next((place for place in places if answers(place)), None)


def started() -> str | None:
    """Starts an engine of our own; None, with what is needed, where that is not ours to do."""
    if not (sys.platform == "linux" and os.getuid() == 0 and shutil.which("apt-get")):
        say("No container engine answers. Start Docker or Podman, or name one with DOCKER_HOST.")
        return None
    install("dockerd", "docker.io")
    install("iptables", "iptables")
    if Path("/run/systemd/system").is_dir() and waited(DEFAULT, 20):  # the package's own service came up
        return DEFAULT
    prepare_cgroups()
    RUN.mkdir(parents=True, exist_ok=True)
    forget_the_dead()
    with (RUN / "dockerd.log").open("ab") as log:
        subprocess.Popen(dockerd(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    if waited(OURS, STARTING):
        return OURS
    say(f"The engine did not start; the end of {RUN}/dockerd.log:")
    say((RUN / "dockerd.log").read_text(errors="replace")[-2000:])
    return None


def forget_the_dead() -> None:
    """Removes the pid files of an engine that was killed: it would not start beside one that it takes for alive.

    A killed process that nobody has reaped still has a folder in ``/proc``, so its state is what counts.
    """
    for file in (RUN / "dockerd.pid", RUN / "exec" / "containerd" / "containerd.pid"):
        if file.exists() and not alive(file.read_text().strip()):
            file.unlink()


def alive(pid: str) -> bool:
    """Whether a process runs, and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def dockerd() -> list[str]:
    """The command line of our engine."""
    path = shutil.which("dockerd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin") or "dockerd"
    places = [f"--data-root={DATA}", f"--exec-root={RUN}/exec", f"--pidfile={RUN}/dockerd.pid", f"--host={OURS}"]
    return [path, *places]


def waited(address: str, seconds: float) -> bool:
    """Waits for an engine to answer; False when it did not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answers(address):
            return True
        time.sleep(0.2)
    return False


def install(program: str, package: str) -> None:
    """Installs a Debian package unless its program is there."""
    if shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
        return
    say(f"installing {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
        command = ["apt-get", "-qq", *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            sys.exit(done.stdout.decode(errors="replace") + f"installing {package} failed")


def prepare_cgroups() -> None:
    """Mounts the cgroup tree where no init did, as in some small virtual machines.

    One tree where the kernel is free to; else one for each controller that is held by such a tree already.
    """
    top = Path("/sys/fs/cgroup")
    if os.path.ismount(top):
        return
    rows = [line.split() for line in Path("/proc/cgroups").read_text().splitlines() if not line.startswith("#")]
    held = [name for name, hierarchy, _, enabled in rows if hierarchy != "0" and enabled == "1"]
    if not held:
        mount("cgroup2", top)
        return
    mount("tmpfs", top)
    for name in held:
        (top / name).mkdir()
        mount("cgroup", top / name, "-o", name)


def mount(kind: str, folder: Path, *options: str) -> None:
    """Mounts a file system of the kernel's own."""
    subprocess.run(["mount", "-t", kind, *options, "none", str(folder)], check=True)


def stop() -> None:
    """Ends our engine, if it runs. Its images stay."""
    file = RUN / "dockerd.pid"
    if not (file.exists() and answers(OURS)):
        return
    os.kill(int(file.read_text()), signal.SIGTERM)
    end = time.monotonic() + 30
    while file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    say("our engine has stopped")


def say(text: str) -> None:
    """Tells the person; stdout belongs to make."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
