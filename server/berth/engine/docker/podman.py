"""What Podman's Docker API does otherwise, put right. Seen with Podman 4.3."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from berth.engine.docker.endpoint import Endpoint
from berth.errors import SettingsError
from berth.planning.plan import ContainerPlan

if TYPE_CHECKING:
    from docker import APIClient

STDIN_WRITER = ["/bin/sh", "-c", "exec cat >/proc/1/fd/0"]
"""Writes to a running container's stdin: Podman lets go of it for good when the first attached writer leaves.

The launcher keeps its own stdin open for this, so that the agent sees no end of it meanwhile.
"""

_CATATONIT = [Path(folder) / "catatonit" for folder in ("/usr/libexec/podman", "/usr/lib/podman", "/usr/local/bin")]
_HOST_GATEWAY = "host-gateway"
_HOST_GATEWAY_SINCE = (4, 7)


def has_init(endpoint: Endpoint) -> bool:
    """Whether Podman can put an init before a program: it needs ``catatonit``, which Debian only recommends.

    Its API does not tell, so its usual places are looked at when it runs on this machine; elsewhere it is believed.
    """
    if endpoint.scheme != "unix" or sys.platform != "linux":
        return True
    return any(map(Path.exists, _CATATONIT)) or shutil.which("catatonit") is not None


def refuse_absent_sources(plan: ContainerPlan) -> None:
    """Podman makes a missing bind source as an empty folder of root's; Docker refuses it, and so do we.

    Raises:
        SettingsError: ``bad-mount``.
    """
    for mount in plan.mounts:
        if mount.type == "bind" and not Path(mount.source).exists():
            message = f"The mount source {mount.source} does not exist."
            raise SettingsError("bad-mount", message, "Create it, or correct the volume in the settings.")


def with_host_address(client: "APIClient", plan: ContainerPlan, version: str) -> ContainerPlan:
    """The plan with ``host-gateway`` replaced, which an old Podman writes into ``/etc/hosts`` as it stands. Blocks."""
    if _HOST_GATEWAY not in plan.extra_hosts.values() or _number(version) >= _HOST_GATEWAY_SINCE:
        return plan
    network = client.inspect_network("podman")
    address = str(network["IPAM"]["Config"][0]["Gateway"])
    hosts = {name: address if value == _HOST_GATEWAY else value for name, value in plan.extra_hosts.items()}
    return replace(plan, extra_hosts=hosts)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.partition("-")[0].split(".")[:2] if part.isdigit())
