"""What was decided: complete, frozen, and impossible to serialise by accident.

A plan carries secrets (values of variables), so nothing here is a wire model and every secret field has ``repr=False``.
What may cross the wire is made by :mod:`berth.planning.explain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from berth.agents.base import DialectName
from berth.planning.agent_layer import AgentLayer
from berth.planning.breach import Breach, Consent
from berth.planning.container_options import ContainerOptions
from berth.planning.ends import Ends
from berth.planning.image_plan import ImagePlan
from berth.planning.login_plan import LoginPlan
from berth.planning.network_plan import OPEN, NetworkPlan
from berth.planning.preparation import Preparation
from berth.planning.reason import BUILT_IN, Reason
from berth.planning.spares_plan import NO_SPARES, SparesPlan
from berth.settings.quantities import Gpus


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable of the agent. ``value`` is a secret until proven otherwise.

    ``forwarded``: the value is the editor's own, and the reason tells who asked for it. ``taken_from`` are the editor's
    variables that are in it, where that is not the one of the same name. ``expands``: ``${containerEnv:NAME}`` in the
    value stands for what the variable is in the container.
    """

    name: str
    value: str = field(repr=False)
    reason: Reason
    forwarded: bool = False
    taken_from: tuple[str, ...] = ()
    expands: bool = False


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount. ``source`` is a host path for ``bind``, a volume's name for ``volume``."""

    type: Literal["bind", "volume"]
    source: str
    target: str
    read_only: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class MountPoint:
    """A path in the workspace that a read-only mount covers: made, empty, where it is not there when a life begins.

    It is taken away again, if it still is empty, when nothing runs in the workspace any more.
    """

    path: Path
    kind: Literal["file", "folder"]


@dataclass(frozen=True, slots=True)
class Tmpfs:
    """A scratch folder in memory, ``nosuid,nodev`` and with ``exec`` (Docker's default ``noexec`` breaks scripts).

    ``size`` in bytes, 0 when none was named. ``options`` are those that somebody wrote, used as they stand instead.
    """

    target: str
    size: int
    mode: int = 0o1777
    options: str | None = None


@dataclass(frozen=True, slots=True)
class AskedFlag:
    """A flag of ``docker run`` that is in the plan. ``shown`` is its value, without what may be secret.

    ``restricted`` is why only the user may use it like this, as the rest of a sentence that begins with "it"; empty
    where anyone may.
    """

    name: str
    shown: str
    reason: Reason
    restricted: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may use. ``memory`` in bytes, swap included; ``cpus`` in cores; ``shm`` in bytes.

    ``time`` is how long it may run from each start, ``idle`` how long it may wait without a turn and without a
    question, in seconds; None: for ever. The session ends itself then.
    ``output``: bytes that it may print a second, on average over a few seconds; ``keep_free``: bytes that are to stay
    free on the disks that it writes to. It is paused where it passes one of these two, and its person asked.
    ``nofile`` stays below 20,000, the hard limit of engines that may not raise their own (nested ones, small machines).
    """

    memory: int
    cpus: float
    pids: int
    shm: int = 64 * 1024 * 1024
    nofile: int = 16_384
    gpus: Gpus | None = None
    time: float | None = None
    idle: float | None = None
    output: int = 8 * 1024 * 1024
    keep_free: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class User:
    """Who runs in the container: numeric, with the names of ``/etc/passwd``. ``userns`` is Podman's ``keep-id``."""

    uid: int
    gid: int
    name: str
    home: str
    userns: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """Which program, how it is spoken to, and with what environment.

    ``argv[0]`` is looked up in the image's PATH, without a container in the editor's. ``asking_mode`` is the value of
    its option ``mode`` that it is put into before its first turn, empty when it may start as it likes.
    ``install_hint`` says how a machine without it gets it. ``reason`` is about the agent's name, ``command_reason``
    about ``argv``, dialect and home.
    """

    name: str
    title: str
    dialect: DialectName
    argv: tuple[str, ...]
    environment: tuple[Variable, ...] = field(repr=False)
    handshake_timeout: float
    reason: Reason
    command_reason: Reason = BUILT_IN
    asking_mode: str = ""
    install_hint: str = ""


@dataclass(frozen=True, slots=True)
class ContainerPlan:
    """The container that the agent's program runs in. Holds no variable's value: those go over the launcher's stdin.

    ``init`` puts the engine's own small init before the agent, so that signals reach it and orphans are reaped.
    ``options`` is what was asked for with flags of ``docker run``, ``asked`` those flags, for people.
    ``limit_reasons`` tells where limits that were asked for came from, by the field of :class:`Limits`;
    ``network`` among them, where a setting chose it.
    """

    image: str
    user: User
    workdir: str
    mounts: tuple[Mount, ...]
    tmpfs: tuple[Tmpfs, ...]
    limits: Limits
    hostname: str
    extra_hosts: Mapping[str, str]
    labels: Mapping[str, str]
    cap_drop: tuple[str, ...] = ("ALL",)
    security_options: tuple[str, ...] = ("no-new-privileges",)
    init: bool = True
    log_max_size: str = "64m"
    log_max_files: int = 3
    limit_reasons: Mapping[str, Reason] = field(default_factory=dict)
    options: ContainerOptions = field(default_factory=ContainerOptions)
    asked: tuple[AskedFlag, ...] = ()

    def reason_of(self, flag: str) -> Reason | None:
        """Why a flag is in the plan: where its last use was written."""
        return next((asked.reason for asked in reversed(self.asked) if asked.name == flag), None)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """An env file that somebody named. ``inside`` the workspace; a file outside is read for the user only."""

    path: Path
    inside: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Everything about one session in a container, decided. Used unchanged by the dry run and the real start.

    A session without one has a :class:`berth.planning.host_plan.HostSessionPlan`. ``borrowed`` is why a profile of the
    user's own is used where a workspace chose or extends it. ``breaches`` is what is in the plan without the right to
    be: see :mod:`berth.planning.breaches`; ``consent`` the yes that it takes. ``agent_layer`` is what is done where the
    image lacks the agent, None where nothing can be; ``login`` where the agent's login is kept. ``before`` runs before
    the agent, ``network`` is what it may reach; ``spares`` are the containers that wait for the next session like this
    one. ``mount_points`` must be there before the container is created or started.
    """

    workspace: Path
    profile: str | None
    mode: Literal["container"]
    image: ImagePlan
    container: ContainerPlan
    agent: AgentPlan
    notes: tuple[str, ...] = ()
    profile_reason: Reason = BUILT_IN
    borrowed: Reason | None = None
    env_files: tuple[NamedFile, ...] = ()
    breaches: tuple[Breach, ...] = ()
    consent: Consent | None = None
    policy_digest: str = ""
    mode_reason: Reason = BUILT_IN
    agent_layer: AgentLayer | None = None
    login: LoginPlan | None = None
    before: tuple[Preparation, ...] = ()
    ends: Ends = field(default_factory=Ends)
    spares: SparesPlan = NO_SPARES
    mount_points: tuple[MountPoint, ...] = ()
    network: NetworkPlan = OPEN

    @property
    def workdir(self) -> str:
        """The folder that the agent starts in, as it sees it."""
        return self.container.workdir

    @property
    def time_limit(self) -> float | None:
        """Seconds that it may run from each start; None: for ever."""
        return self.container.limits.time

    @property
    def idle_limit(self) -> float | None:
        """Seconds that it may wait without a turn and without a question; None: for ever."""
        return self.container.limits.idle
