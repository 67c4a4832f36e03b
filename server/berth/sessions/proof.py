"""What is tried in a container before its agent is let go, by the launcher and by the network's holder. Pure.

The launcher proves what only the container's own user can see; :mod:`berth.engine.launcher` says how. A holder tries to
get out of its namespace before the session's containers join it, and only then opens its door.
"""

from berth.planning.host_plan import AnyPlan
from berth.protocol.container_events import IsolationProved
from berth.sessions.keys_seen import keys_inside

MOST_SEALED = 32
"""Paths that are tried: those of a hundred submodules would hold the agent up."""


def sealed_paths(plan: AnyPlan) -> tuple[str, ...]:
    """What must refuse to be written: everything that is mounted read-only, but for sockets."""
    if plan.mode == "host":
        return ()
    mounts = (mount for mount in plan.container.mounts if mount.read_only and not mount.target.endswith(".sock"))
    return tuple(mount.target for mount in mounts)[:MOST_SEALED]


def is_powerless(plan: AnyPlan) -> bool:
    """Whether the container was given no capability, and no way to get one."""
    if plan.mode == "host":
        return False
    container = plan.container
    return "ALL" in container.cap_drop and not container.options.privileges.cap_add


def proof(plan: AnyPlan) -> IsolationProved | None:
    """What held, once the agent runs; None without a container."""
    if plan.mode == "host":
        return None
    user, sealed = plan.container.user, len(sealed_paths(plan))
    checks = [f"the workspace can be written as {user.uid}:{user.gid}"]
    checks += [f"{sealed} read-only paths refuse to be written"] if sealed else []
    checks += ["no capability, and no way to one"] if is_powerless(plan) else []
    if plan.network.mode == "allowlist":
        checks.append("the network has no way out but its door")
    inside = ", ".join(keys_inside(plan))
    checks.append(f"no key was there before; given on purpose: {inside}" if inside else "no key in the environment")
    return IsolationProved(checks=tuple(checks))
