"""Finds Docker's buildx plugin for the tests, or fetches it, so that BuildKit is tested on machines without it.

Prints ``BERTH_TEST_BUILDX=…``, the plugin's path; explains itself on stderr. It is never installed: a Debian package is
unpacked into a folder of our own. Where none can be had, says so in one line, and so do the tests.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from engine import say

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "berth-ci"
PLUGIN = CACHE / "docker-buildx"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "trixie"
"""The first Debian that has the package; its static program runs on older ones."""

SECONDS = 180.0
FOLDERS = ("/usr/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/local/lib/docker/cli-plugins")


def main() -> int:
    """Answers the status for the shell: no plugin is no failure."""
    path = os.environ.get("BERTH_TEST_BUILDX") or installed() or fetched()
    if path:
        say(f"buildx: {path}")
        sys.stdout.write(f"BERTH_TEST_BUILDX={shlex.quote(path)}\n")
    return 0


def installed() -> str | None:
    """Where the Docker CLI would find it."""
    own = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "cli-plugins"
    return next(filter(None, (shutil.which("docker-buildx", path=str(each)) for each in (own, *FOLDERS))), None)


def fetched() -> str | None:
    """Out of Debian's package, through apt with lists of our own; None, with a line, where that does not work."""
    if PLUGIN.exists():
        return str(PLUGIN)
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists()):
        say("buildx: not here, and no apt to fetch it with; BuildKit through buildx is not tested")
        return None
    say("fetching docker-buildx")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        try:
            unpacked(Path(folder)).replace(PLUGIN)
        except (OSError, subprocess.SubprocessError, StopIteration) as error:
            say(f"buildx: cannot be fetched ({type(error).__name__}); BuildKit through buildx is not tested")
            return None
    return str(PLUGIN)


def unpacked(folder: Path) -> Path:
    """The plugin in a folder that this makes. Raises ``OSError``, ``SubprocessError`` or ``StopIteration``."""
    for name in ("lists/partial", "cache/archives/partial", "empty"):
        (folder / name).mkdir(parents=True)
    source = folder / "sources.list"
    source.write_text(f"deb [signed-by={KEYRING}] {mirror()} {SUITE} main\n")
    options = {
        "Dir::Etc::sourcelist": source,
        "Dir::Etc::sourceparts": folder / "empty",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "1",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    ran([*apt, "update"], folder)
    ran([*apt, "download", "docker-buildx"], folder)
    ran(["dpkg-deb", "--extract", str(next(folder.glob("docker-buildx_*.deb"))), "tree"], folder)
    return next(
        path for path in folder.glob("tree/usr/**/docker-buildx") if os.access(path, os.X_OK) and path.is_file()
    )


def mirror() -> str:
    """The mirror that this machine uses for Debian, else Debian's own."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("debian*"))]
    lines = [line for file in files if file.exists() for line in file.read_text().splitlines()]
    words = [word.rstrip("/") for line in lines if not line.lstrip().startswith("#") for word in line.split()]
    mirrors = (word for word in words if word.startswith(("http://", "https://")) and word.endswith("/debian"))
    return next(mirrors, "http://deb.debian.org/debian")


def ran(command: list[str], folder: Path) -> None:
    """Runs a program quietly. Raises ``SubprocessError``."""
    subprocess.run(
        command, cwd=folder, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


if __name__ == "__main__":
    sys.exit(main())
