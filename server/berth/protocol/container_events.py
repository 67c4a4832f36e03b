"""What becomes of a session's image and container, and of what it may use and reach."""

from collections.abc import Mapping
from typing import Literal

from berth.protocol.event_body import EventBody
from berth.protocol.session import Ceiling, Exit, Health, SessionLimits


class ImageProgress(EventBody):
    """A step of a build or pull. ``current``/``total`` count steps, or layers of a pull.

    ``log`` is one line of the step's own output. ``bytesDone`` of ``bytesTotal`` have been fetched, where that is told.
    """

    kind: Literal["image.progress"] = "image.progress"
    step: str
    current: int | None = None
    total: int | None = None
    cached: bool = False
    log: str | None = None
    bytes_done: int | None = None
    bytes_total: int | None = None


class ContainerState(EventBody):
    """Something happened to the container; in mode ``host`` to the process, and then ``container`` is absent.

    ``spare``: with ``created``, it had been started ahead and waited for a session like this one. ``confinement``: with
    ``started``, what was seen of it before anything of the user's went in: limits as the engine has them, and what the
    kernel says of its first process.
    """

    kind: Literal["container.state"] = "container.state"
    status: Literal["created", "started", "paused", "unpaused", "exited", "removed"]
    container: str | None = None
    image_digest: str | None = None
    spare: bool | None = None
    exit: Exit | None = None
    confinement: Mapping[str, str] | None = None


class IsolationProved(EventBody):
    """What was tried in the container before its agent was let go, and held. A check that fails ends the start."""

    kind: Literal["isolation.proved"] = "isolation.proved"
    checks: tuple[str, ...]


class StopStep(EventBody):
    """One rung of the stop ladder and what came of it."""

    kind: Literal["stop.step"] = "stop.step"
    step: Literal["cancel", "SIGINT", "SIGTERM", "SIGKILL"]
    outcome: Literal["ended", "still-running", "failed"]


class LimitsChanged(EventBody):
    """The session's container has other limits from now on."""

    kind: Literal["limits.changed"] = "limits.changed"
    limits: SessionLimits


class CeilingPassed(EventBody):
    """The session did more than it may, and its container was paused: nothing in it runs until somebody lets it go on.

    ``ceiling``: ``output``, what it printed a second; ``disk``, what is left on a disk that it writes to;
    ``processes``, as many as it may have, and it tried to start more. A question of purpose ``ceiling`` follows.
    """

    kind: Literal["ceiling.passed"] = "ceiling.passed"
    ceiling: Ceiling
    message: str
    hint: str


class HealthChanged(EventBody):
    """What the engine's health check says of the container, where somebody asked for one."""

    kind: Literal["health"] = "health"
    health: Health


class NetworkAllowed(EventBody):
    """The session reached a host for the first time, through Berth's proxy."""

    kind: Literal["network.allowed"] = "network.allowed"
    host: str
    port: int


class NetworkBlocked(EventBody):
    """The session was kept from a host. ``count`` is how often by now; told at the 1st, 10th, 100th time and so on.

    ``why``: ``not-listed``; ``not-public``, the name leads to an address that is not on the internet; ``other-name``,
    the TLS greeting was for another host; ``not-tls``, something else than TLS was spoken, or TLS that hides its name.
    """

    kind: Literal["network.blocked"] = "network.blocked"
    host: str
    port: int
    why: str
    count: int = 1


class CredentialUsed(EventBody):
    """The session used one of the user's keys through the broker. ``name`` is the variable that stands for it.

    ``count`` is how often by now; told at the 1st, 10th, 100th time and so on.
    """

    kind: Literal["credential.used"] = "credential.used"
    name: str
    host: str
    port: int
    count: int = 1


class CredentialWithheld(EventBody):
    """The broker refused a request. ``count`` is how often by now; told at the 1st, 10th, 100th time and so on.

    ``why``: ``request``, it was not written in the one way that is taken; ``sentinel``, it showed something else than
    what stands for a key of the session; ``route``, the key is not for that; ``no-key``, the key is not known now,
    since the broker was started anew; ``unreachable``, ``answer``: the key's host does not answer, or cannot be
    understood.
    """

    kind: Literal["credential.withheld"] = "credential.withheld"
    why: str
    count: int = 1
