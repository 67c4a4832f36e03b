"""Which other processors this machine imitates."""

from collections.abc import Mapping
from pathlib import Path

from berth.engine.docker.endpoint import Endpoint

REGISTERED = Path("/proc/sys/fs/binfmt_misc")

_NAMES: Mapping[str, str] = {
    "qemu-aarch64": "arm64",
    "qemu-arm": "arm",
    "qemu-x86_64": "amd64",
    "qemu-i386": "386",
    "qemu-ppc64le": "ppc64le",
    "qemu-s390x": "s390x",
    "qemu-riscv64": "riscv64",
    "rosetta": "amd64",
}
"""Docker's words for what the usual packages register with the kernel."""


def emulated(endpoint: Endpoint, registered: Path = REGISTERED) -> tuple[str, ...]:
    """The architectures that programs of can run here, by Docker's names; none for an engine elsewhere."""
    if endpoint.scheme != "unix":
        return ()
    return tuple(sorted({word for name, word in _NAMES.items() if (registered / name).exists()}))
