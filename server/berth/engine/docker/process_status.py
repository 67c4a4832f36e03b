"""What the kernel says of a process: ``/proc/{pid}/status`` (``proc(5)``), where the engine is on this machine."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_FIELD = re.compile(r"^(\w+):\s*(.*)$", re.MULTILINE)
_EVERYBODY = ["0", "0", "4294967295"]
"""A user namespace that maps every id to itself: the host's own."""

_CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP"),
    *("LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER"),
    *("SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE"),
    *("SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP"),
    *("MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF"),
    "CHECKPOINT_RESTORE",
)
"""By their numbers, from ``linux/capability.h``."""


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """How the kernel confines a process.

    Attributes:
        capabilities: Numbers of all that it has, may have, or could gain (effective, permitted, inheritable, bounding).
        no_new_privileges: 1 where no program that it starts gains any.
        seccomp: 2 where its kernel calls are filtered.
        uid: Its effective user; None in a user namespace, where the host's number says nothing.
        gid: Its effective group.
    """

    capabilities: frozenset[int]
    no_new_privileges: int
    seccomp: int
    uid: int | None
    gid: int | None

    def named(self, capabilities: Iterable[str]) -> set[int]:
        """The numbers of capabilities by name; an unknown name has none."""
        names = (name.removeprefix("CAP_") for name in capabilities)
        return {_CAPABILITIES.index(name) for name in names if name in _CAPABILITIES}

    def shown(self) -> dict[str, str]:
        """For people and records."""
        return {
            "capabilities": f"{sum(1 << number for number in self.capabilities):016x}",
            "noNewPrivileges": str(self.no_new_privileges),
            "seccomp": str(self.seccomp),
            "uid": "mapped" if self.uid is None else str(self.uid),
        }


def process_status(pid: int, container: str) -> ProcessStatus | None:
    """What the kernel says of a container's main process; None where that cannot be told from here.

    An engine in a virtual machine or on another machine has processes of its own: a number of its means somebody else
    here, so the process has to be in the container's control group.
    """
    if pid <= 1 or not container:
        return None
    folder = PROC / str(pid)
    try:
        if container not in (folder / "cgroup").read_text():
            return None
        text, mapping = (folder / "status").read_text(), (folder / "uid_map").read_text().split()
    except OSError:
        return None
    return _read(dict(_FIELD.findall(text)), mapped=mapping != _EVERYBODY)


def process_environment(pid: int, container: str) -> tuple[bytes, ...]:
    """What a container's main process was started with, ``NAME=value`` each; nothing where that cannot be seen."""
    folder = PROC / str(pid)
    try:
        if pid <= 1 or not container or container not in (folder / "cgroup").read_text():
            return ()
        return tuple(filter(None, (folder / "environ").read_bytes().split(b"\0")))
    except OSError:
        return ()


def _read(fields: dict[str, str], *, mapped: bool) -> ProcessStatus | None:
    try:
        bits = int(fields["CapBnd"], 16) | int(fields["CapEff"], 16) | int(fields["CapPrm"], 16)
        bits |= int(fields["CapInh"], 16) | int(fields.get("CapAmb", "0"), 16)
        uid, gid = int(fields["Uid"].split()[1]), int(fields["Gid"].split()[1])
        return ProcessStatus(
            capabilities=frozenset(number for number in range(bits.bit_length()) if bits >> number & 1),
            no_new_privileges=int(fields["NoNewPrivs"]),
            seccomp=int(fields["Seccomp"]),
            uid=None if mapped else uid,
            gid=None if mapped else gid,
        )
    except (KeyError, IndexError, ValueError):
        return None
