"""Spares: containers that were started ahead and wait for a session of their shape. What they are like; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from berth.planning.labels import LABEL, SEAL_LABEL, SESSION_LABEL, SPARE_LABEL, hostname_of
from berth.planning.plan import ContainerPlan, SessionPlan
from berth.planning.reason import BUILT_IN
from berth.planning.reasons import built_in, reason
from berth.planning.spares_plan import SparesPlan
from berth.settings.settings import Settings

COUNT, TOTAL, EXPIRE_AFTER = 1, 3, 1800.0
"""Where nobody says otherwise. One takes 5 MB (docs/benchmarks.md); half an hour spans the pauses of a working day."""

NAME = "berth-spare."
"""What the name of a spare begins with until it is taken: then it has its session's, which never begins like this."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything of a container that is fixed when it is made, but what is one session's: equal or not.

    ``image`` is the image's id. Values of variables are no part of it: those come over the launcher's stdin.
    """

    image: str
    container: ContainerPlan


@dataclass(frozen=True, slots=True)
class Place:
    """What people start again: of one place there is one shape at a time, that of its newest plan."""

    workspace: str
    agent: str
    profile: str | None


def plan_spares(settings: Settings, plan: SessionPlan) -> SparesPlan:
    """How many containers may wait for sessions of this plan."""
    wanted = settings.spares
    return SparesPlan(
        count=wanted.count.value if wanted.count else COUNT,
        total=wanted.total.value if wanted.total else TOTAL,
        expire_after=wanted.expire_after.value if wanted.expire_after else EXPIRE_AFTER,
        paused=wanted.paused.value if wanted.paused else False,
        reason=reason(wanted.count.origin)
        if wanted.count
        else built_in("the next session like this one starts at once"),
        why_none=_why_none(plan),
    )


def shape(plan: SessionPlan, image: str) -> Shape:
    """The shape of a plan's containers when they are made of the image with this id."""
    container = plan.container
    session = container.labels.get(SESSION_LABEL)
    own_host = session is not None and container.hostname == hostname_of(session)
    bare = replace(
        container,
        image="",
        user=replace(container.user, reason=BUILT_IN),
        mounts=tuple(replace(mount, reason=BUILT_IN) for mount in container.mounts),
        labels=_without_session(container.labels),
        hostname="" if own_host else container.hostname,
        limits=replace(container.limits, time=None),
        limit_reasons={},
        asked=(),
    )
    return Shape(image, bare)


def place(plan: SessionPlan) -> Place:
    """The place of a plan."""
    return Place(str(plan.workspace), plan.agent.name, plan.profile)


def spare_container(wanted: Shape, *, spare: str, host: str) -> ContainerPlan:
    """The container of a spare with this id: of no session, and of the host that made it."""
    container = wanted.container
    return replace(
        container,
        image=wanted.image,
        hostname=container.hostname or hostname_of(f"spare-{spare}"),
        labels={**container.labels, SPARE_LABEL: host},
    )


def is_spare(name: str, labels: Mapping[str, str]) -> bool:
    """Whether a container of this name and with these labels waits for its session."""
    return LABEL in labels and SPARE_LABEL in labels and name.startswith(NAME)


def _without_session(labels: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in labels.items() if name not in (SESSION_LABEL, SEAL_LABEL)}


def _why_none(plan: SessionPlan) -> str:
    """Why a second container of this plan cannot wait beside the first."""
    container, options = plan.container, plan.container.options
    network = options.network.network
    if plan.login is not None and plan.login.scope == "none":
        return "Each session has a HOME of its own (berth.docker.login is none)."
    if not container.init:
        return "There is no init in the containers, so that one that waits could not end itself."
    if any(port.host_port for port in options.network.ports):
        return "A port of this machine is published, which only one container can have."
    if network is not None and (network.ipv4 or network.ipv6 or network.link_local or network.aliases):
        return "The container has an address or a name of its own in its network, which only one can have."
    if options.privileges.devices or options.privileges.gpus or container.limits.gpus:
        return "The container has devices, which one that waits would keep."
    if options.life.health is not None:
        return "A health check would run in a container that waits."
    return ""
