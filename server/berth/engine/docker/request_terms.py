"""What a create request may hold, by the role of its container. Made from the plan alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from berth.planning.labels import EGRESS_LABEL, LANE_LABEL
from berth.planning.plan import ContainerPlan, Mount

Role = Literal["agent", "holder", "proxy", "helper"]
"""``agent``: a session's, or one like it for a login. ``holder``: owns a session's network namespace, and runs nothing
that anybody wrote but Berth. ``proxy``: speaks for sessions to the network. ``helper``: prepares volumes."""

_ROLES: Mapping[str, Role] = {"holder": "holder", "proxy": "proxy"}
JOINS = "container:"
MEMORY_OF_HELPERS = 256 * 1024 * 1024
PIDS_OF_HELPERS = 64


@dataclass(frozen=True, slots=True)
class MountTerms:
    """One mount as it may be asked for. ``kind`` is ``bind`` or ``volume``."""

    kind: str
    source: str
    target: str
    read_only: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What :func:`berth.engine.docker.audit.audited` holds a request to.

    Attributes:
        role: What the container is for.
        image: Its image.
        user: ``uid:gid`` in numbers.
        memory: Bytes, swap included unless a flag says otherwise.
        pids: The most processes.
        mounts: Every mount that may be there.
        flags: Long names of the flags of ``docker run`` that the user's own word put into the plan: they alone loosen.
        capabilities: What may be added to none, as ``CAP_…``.
        healthy: Whether a health check was asked for.
        network: The network that was decided; empty for the engine's own.
        userns: The user namespace mode that was decided (Podman's ``keep-id``); empty for the engine's own.
        joins: The container whose network namespace it shares; empty for none.
        prepares: The role of the container whose volumes a helper prepares: it begins with the same program.
    """

    role: Role
    image: str
    user: str
    memory: int
    pids: int
    mounts: frozenset[MountTerms] = frozenset()
    flags: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    healthy: bool = False
    network: str = ""
    userns: str = ""
    joins: str = ""
    prepares: Role | None = None

    @property
    def of(self) -> Role:
        """Whose image it is made of."""
        return self.prepares or self.role


def terms_of(plan: ContainerPlan) -> Terms:
    """The terms of a plan's container. Its role is a label of Berth's own, which no settings can set.

    So is the lane of a session that reaches the network through a holder: without one it joins no other container.
    """
    flags = _loosened(plan)
    network = plan.options.network.network.target if plan.options.network.network else ""
    return Terms(
        role=_role(plan),
        image=plan.image,
        user=f"{plan.user.uid}:{plan.user.gid}",
        memory=plan.limits.memory,
        pids=plan.limits.pids,
        mounts=frozenset(map(_mount, plan.mounts)),
        flags=frozenset(flags),
        capabilities=frozenset(plan.options.privileges.cap_add) if "cap-add" in flags else frozenset(),
        healthy=plan.options.life.health is not None,
        network=network,
        userns=plan.user.userns or "",
        joins=network.removeprefix(JOINS) if network.startswith(JOINS) and LANE_LABEL in plan.labels else "",
    )


def helper_terms(plan: ContainerPlan, mounts: list[Mount]) -> Terms:
    """The terms of a container that prepares some of a plan's volumes, for which it writes in all of them."""
    return Terms(
        role="helper",
        image=plan.image,
        user=f"{plan.user.uid}:{plan.user.gid}",
        memory=MEMORY_OF_HELPERS,
        pids=PIDS_OF_HELPERS,
        mounts=frozenset(MountTerms(mount.type, mount.source, mount.target, read_only=False) for mount in mounts),
        prepares=_role(plan),
    )


def _role(plan: ContainerPlan) -> Role:
    return _ROLES.get(plan.labels.get(EGRESS_LABEL, ""), "agent")


def _loosened(plan: ContainerPlan) -> set[str]:
    """Flags of the user's own word, and settings of the user's own that mean the same."""
    asked = {flag.name for flag in plan.asked if flag.reason.trusted}
    reasons = {name: plan.limit_reasons.get(name) for name in ("gpus", "network")}
    return asked | {name for name, reason in reasons.items() if reason is not None and reason.trusted}


def _mount(mount: Mount) -> MountTerms:
    return MountTerms(mount.type, mount.source, mount.target, read_only=mount.read_only)
