"""What in a finished plan is above the user's own ceilings, whoever asked for it."""

import fnmatch
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from berth.planning.breach import Breach
from berth.planning.forwarding import is_always_forwarded
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.image_plan import ImagePlan
from berth.planning.network_ceilings import network_above
from berth.planning.plan import Mount, SessionPlan
from berth.planning.reason import Reason
from berth.planning.wish import Wish
from berth.settings.image_rules import ImageRule
from berth.settings.origin import Origin, Sourced
from berth.settings.policy import Policy
from berth.settings.quantities import shown_duration, shown_size

N = TypeVar("N", int, float)

_LIMITS = {
    "memory": "memory",
    "cpus": "cpus",
    "pids": "processes",
    "shm": "shared memory",
    "time": "time limit",
    "idle": "idle limit",
    "output": "output a second",
}


def policy_breaches(plan: AnyPlan, policy: Policy, home: Path | None) -> tuple[Breach, ...]:
    """Everything that a ceiling forbids, in the order of the plan. Pure.

    Args:
        plan: The plan.
        policy: The ceilings.
        home: The user's home folder, which ``~`` in them means.
    """
    agents = tuple(_agents(plan, policy.agents))
    if plan.mode == "host":
        return (*agents, *_host(plan, policy))
    return (
        *agents,
        *_images(plan, policy.images),
        *_mounts(plan, policy.mounts, home),
        *_limits(plan, policy),
        *_gpus(plan, policy.gpus),
        *_flags(plan, policy.docker_args),
        *network_above(plan.network, policy.network),
        *_forwarded(plan, policy.forward_env),
    )


def ruled(breaches: Sequence[Breach], policy: Policy) -> tuple[Breach, ...]:
    """Breaches under a policy that lets no workspace have what takes a yes: asking is out of the question then."""
    if policy.workspaces.value != "never":
        return tuple(breaches)
    why = f"berth.policy.workspaces lets no workspace have it ({policy.workspaces.origin.place})"
    return tuple(replace(breach, level="policy", why=why) if breach.level == "ask" else breach for breach in breaches)


def _host(plan: HostSessionPlan, policy: Policy) -> Iterator[Breach]:
    allowed, ceiling = policy.host, policy.resources.time_limit
    if allowed is not None and not allowed.value:
        yield _above(Wish("mode", "host", plan.mode_reason), allowed.origin, "host")
    idle = _over(plan.idle_limit, policy.resources.idle_limit, shown_duration)
    found = {
        "time": (_over(plan.time_limit, ceiling, shown_duration), plan.time_reason),
        "idle": (idle, plan.idle_reason),
    }
    for name, (over, why) in found.items():
        if over is not None:
            yield _above(Wish(_LIMITS[name], over.value, why), over.ceiling, f"resources ({over.most})")


def _agents(plan: AnyPlan, allowed: Sourced[list[str]] | None) -> Iterator[Breach]:
    if allowed is not None and plan.agent.name not in allowed.value:
        yield _above(Wish("agent", plan.agent.name, plan.agent.reason), allowed.origin, "agents")


def _images(plan: SessionPlan, allowed: Sourced[list[str]] | None) -> Iterator[Breach]:
    if allowed is None:
        return
    rule = ImageRule(tuple(allowed.value), "berth.policy.images", allowed.origin)
    for reference in _foreign(plan.image):
        if not rule.allows(reference):
            yield _above(Wish("image", reference, plan.image.reason), allowed.origin, "images")


def _foreign(image: ImagePlan) -> tuple[str, ...]:
    """The images that Berth does not build, of which this one is made."""
    if image.features is not None and image.base is not None:
        return _foreign(image.base)
    if image.recipe is None:
        return (image.reference,)
    return (*image.recipe.bases, *(_foreign(image.base) if image.base else ()))


def _mounts(plan: SessionPlan, allowed: Sourced[list[str]] | None, home: Path | None) -> Iterator[Breach]:
    if allowed is None:
        return
    folders = [plan.workspace, *(_folder(written, home) for written in allowed.value)]
    for mount in plan.container.mounts:
        if _is_asked(mount) and not any(Path(mount.source).is_relative_to(folder) for folder in folders):
            yield _above(Wish(f"mount {mount.target}", mount.source, mount.reason), allowed.origin, "mounts")


def _is_asked(mount: Mount) -> bool:
    """Whether somebody asked for it: the rest is Berth's own."""
    return mount.type == "bind" and mount.reason.layer != "built-in"


def _folder(written: str, home: Path | None) -> Path:
    return home / written[2:] if home and written.startswith("~") else Path(written)


def _limits(plan: SessionPlan, policy: Policy) -> Iterator[Breach]:
    limits, ceilings = plan.container.limits, policy.resources
    over = {
        "memory": _over(limits.memory, ceilings.memory, shown_size),
        "cpus": _over(limits.cpus, ceilings.cpus, "{:g}".format),
        "pids": _over(limits.pids, ceilings.pids, str),
        "shm": _over(limits.shm, ceilings.shm, shown_size),
        "time": _over(limits.time, ceilings.time_limit, shown_duration),
        "idle": _over(limits.idle, ceilings.idle_limit, shown_duration),
        "output": _over(limits.output, ceilings.output, shown_size),
    }
    for name, found in over.items():
        if found is not None:
            asked = plan.container.limit_reasons.get(name, Reason("built-in"))
            yield _above(Wish(_LIMITS[name], found.value, asked), found.ceiling, f"resources ({found.most})")


@dataclass(frozen=True, slots=True)
class _Over:
    """A limit above its ceiling, both for people."""

    value: str
    most: str
    ceiling: Origin


def _over(value: N | None, ceiling: Sourced[N] | None, shown: Callable[[N], str]) -> _Over | None:
    if ceiling is None or value is None or value <= ceiling.value:
        return None
    return _Over(shown(value), shown(ceiling.value), ceiling.origin)


def _gpus(plan: SessionPlan, allowed: Sourced[bool] | None) -> Iterator[Breach]:
    reason = plan.container.limit_reasons.get("gpus")
    if reason is not None and allowed is not None and not allowed.value:
        yield _above(Wish("graphics cards", "asked for", reason), allowed.origin, "gpus")


def _flags(plan: SessionPlan, allowed: Sourced[list[str]] | None) -> Iterator[Breach]:
    for flag in plan.container.asked:
        if allowed is not None and flag.name not in allowed.value:
            yield _above(Wish(f"docker --{flag.name}", flag.shown, flag.reason), allowed.origin, "dockerArgs")


def _forwarded(plan: SessionPlan, allowed: Sourced[list[str]] | None) -> Iterator[Breach]:
    if allowed is None:
        return
    for variable in plan.agent.environment:
        asked = variable.forwarded and not is_always_forwarded(variable.reason)
        sources = variable.taken_from or (variable.name,)
        if asked and not all(_matches(source, allowed.value) for source in sources):
            yield _above(Wish(f"env {variable.name}", "forwarded", variable.reason), allowed.origin, "forwardEnv")


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Of all patterns that match, the last one decides, as in ``forwardEnv`` itself."""
    for pattern in reversed(patterns):
        if fnmatch.fnmatchcase(name, pattern.removeprefix("!")):
            return not pattern.startswith("!")
    return False


def _above(wish: Wish, ceiling: Origin, setting: str) -> Breach:
    return wish.breach("policy", f"berth.policy.{setting} does not allow it ({ceiling.place})")
