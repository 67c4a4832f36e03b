"""The containers of proxy and holders, as plans. Pure."""

import hashlib
from dataclasses import replace

from berth.planning.container_options import ContainerOptions, Network, NetworkOptions, PrivilegeOptions
from berth.planning.forwarding import HOST_NAME
from berth.planning.labels import EGRESS_LABEL, LABEL, LANE_LABEL
from berth.planning.plan import ContainerPlan, Limits, Mount, User
from berth.planning.reasons import built_in

_WHY = built_in("it stands between sessions and the network")
_USER = User(65_532, 65_532, "egress", "/", None, _WHY)
_PROGRAM = ("python3", "-I", "-S", "/opt/berth/egress")
FOLDER = "/run/berth-egress"
"""Where the volume of both is mounted; no session has it."""

DESK_FOLDER = "/run/berth-desk"
"""Where the proxy has the folder of hosts' desks; no session and no holder has it."""


def egress_name(host: str, image: str) -> str:
    """What the proxy of a host (its state folder's name) is called, and its volume: another image, another proxy."""
    return f"berth-egress-{hashlib.sha256(f'{host} {image}'.encode()).hexdigest()[:12]}"


def holder_name(lane: str) -> str:
    """What the holder of a lane is called."""
    return f"berth-holder-{lane}"


def proxy_command() -> tuple[str, ...]:
    """The proxy's main process."""
    return _PROGRAM


def holder_command(lane: str) -> tuple[str, ...]:
    """The main process of a lane's holder."""
    return (*_PROGRAM, "hold", lane)


def proxy_plan(name: str, image: str, desk: str = "") -> ContainerPlan:
    """The proxy: the one of both with a network. 1,000 tunnels of two half-megabyte buffers fit into its memory.

    ``desk`` is the folder of hosts' desks; empty: it has none.
    """
    plan = _plan(name, image, role="proxy", limits=Limits(memory=512 * 1024**2, cpus=2, pids=64, nofile=8192))
    here = (Mount("bind", desk, DESK_FOLDER, read_only=True, reason=_WHY),) if desk else ()
    return replace(plan, mounts=(*plan.mounts, *here))


def holder_plan(name: str, image: str, lane: str) -> ContainerPlan:
    """A holder: no network at all, and a resolver that is not there, so that looking names up fails at once."""
    plan = _plan(name, image, role="holder", limits=Limits(memory=64 * 1024**2, cpus=1, pids=16))
    return replace(plan, labels={**plan.labels, LANE_LABEL: lane, f"{LABEL}.proxy": name})


def _plan(name: str, image: str, *, role: str, limits: Limits) -> ContainerPlan:
    holder = role == "holder"
    options = NetworkOptions(network=Network("none"), dns=("127.0.0.1",)) if holder else NetworkOptions()
    return ContainerPlan(
        image=image,
        user=_USER,
        workdir="/",
        mounts=(Mount("volume", name, FOLDER, read_only=False, reason=_WHY),),
        tmpfs=(),
        limits=limits,
        hostname="berth",
        extra_hosts={} if holder else {HOST_NAME: "host-gateway"},
        labels={LABEL: "1", EGRESS_LABEL: role},
        init=False,
        log_max_size="8m",
        options=ContainerOptions(network=options, privileges=PrivilegeOptions(read_only_root=True)),
    )
