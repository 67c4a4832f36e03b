"""Makes sure that Berth's own image has a base, with a registry or without one.

Prints ``BERTH_BASE_IMAGE=…`` when the base is not the Dockerfile's own default; explains itself on stderr.
"""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

from engine import DEFAULT, Channel, install, say

USUAL = "debian:bookworm-slim"
OURS = "berth-base:bookworm"
PULLING = 30.0  # seconds between two signs of life from a registry

LEFT_OUT = ("doc", "info", "lintian", "locale", "man")
"""Folders of /usr/share that the usual base leaves out too."""


def main() -> int:
    """Answers the status for the shell."""
    if os.environ.get("BERTH_BASE_IMAGE") or os.environ.get("DOCKER_TLS_VERIFY"):
        return 0
    if os.environ.get("DOCKER_HOST", "").startswith("ssh://") or present(USUAL):
        return 0
    if not present(OURS):
        if pulled(USUAL):
            return 0
        made()
    say(f"base image: {OURS}")
    sys.stdout.write(f"BERTH_BASE_IMAGE={OURS}\n")
    return 0


def present(image: str) -> bool:
    """Whether the engine has it."""
    channel = opened(timeout=10)
    channel.request("GET", f"/images/{image}/json")
    return channel.getresponse().status == http.HTTPStatus.OK


def pulled(image: str) -> bool:
    """Tries to pull it."""
    name, _, tag = image.partition(":")
    say(f"pulling {image}")
    try:
        channel = opened(timeout=PULLING)
        channel.request("POST", f"/images/create?fromImage={name}&tag={tag}")
        for line in channel.getresponse():
            if b'"error"' in line:
                break
    except OSError:
        pass  # no registry in reach; whether the image is there decides
    return present(image)


def made() -> None:
    """Makes the same Debian from this machine's mirror."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        say(f"{USUAL} cannot be pulled. Put it into the engine, or name another Debian with BERTH_BASE_IMAGE.")
        sys.exit(1)
    install("mmdebstrap", "mmdebstrap")
    say(f"making {OURS} with mmdebstrap, about 40 s")
    options = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in LEFT_OUT]
    command = ["mmdebstrap", "--quiet", "--variant=minbase", *options, "bookworm", "-", *mirrors()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr) as process:
        imported(OURS, process.stdout or ())
    if process.returncode:
        sys.exit("mmdebstrap failed")


def imported(image: str, archive: Iterable[bytes]) -> None:
    """Gives the engine a root file system as an image."""
    name, _, tag = image.partition(":")
    channel = opened(timeout=600)
    headers = {"Content-Type": "application/x-tar"}
    channel.request("POST", f"/images/create?fromSrc=-&repo={name}&tag={tag}", archive, headers, encode_chunked=True)
    answer = channel.getresponse().read().decode()
    if '"error"' in answer:
        sys.exit(answer)


def mirrors() -> list[str]:
    """The mirrors this machine uses, as sources for bookworm; none on a machine that is no Debian."""
    form = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict[str, str]()
    for origin, label, component, uri in (line.split("|") for line in listed.stdout.splitlines()):
        if origin == "Debian" and component == "main":
            found.setdefault(label, uri)
    suites = {"Debian": ("bookworm", "bookworm-updates"), "Debian-Security": ("bookworm-security",)}
    return [f"deb {found[label]} {suite} main" for label, names in suites.items() if label in found for suite in names]


def opened(*, timeout: float) -> Channel:
    """A channel to the engine in use; ``timeout`` in seconds."""
    return Channel(os.environ.get("DOCKER_HOST", DEFAULT), timeout=timeout)


if __name__ == "__main__":
    sys.exit(main())
