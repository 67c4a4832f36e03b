"""Labels on what Berth makes, and the digest that tells whether a container still has the shape of its plan."""

import hashlib
import json
import re
from dataclasses import asdict, replace

import berth
from berth.planning.facts import Facts
from berth.planning.plan import Mount, SessionPlan
from berth.planning.protection import is_protective

LABEL = "dev.berth"
"""Prefix of every label; alone it says that the thing is Berth's."""

SESSION_LABEL = f"{LABEL}.session"
"""The session that a container was made for. A container that waited for its session has none, and its name tells."""

SEAL_LABEL = f"{LABEL}.seal"
"""The proof that a container was made for this session by this user: see :mod:`berth.host.seal`."""

SPARE_LABEL = f"{LABEL}.spare"
"""The host that made a container ahead: see :mod:`berth.planning.spares`."""

EGRESS_LABEL = f"{LABEL}.egress"
"""``proxy`` or ``holder``, on what stands between sessions and the network."""

LANE_LABEL = f"{LABEL}.lane"
"""The way out that a session's container and its holder share."""


def hostname_of(session: str) -> str:
    """``berth-`` and what of the session's id a host name can have, short enough for a prompt."""
    return f"berth-{re.sub(r'[^a-z0-9]+', '-', session.lower())[:12]}".rstrip("-")


def labelled(plan: SessionPlan, facts: Facts) -> SessionPlan:
    """The plan with its container's labels, those among them that prove whose it is."""
    labels = {
        LABEL: "1",
        SESSION_LABEL: facts.session,
        f"{LABEL}.workspace": str(plan.workspace),
        f"{LABEL}.agent": plan.agent.name,
        f"{LABEL}.profile": plan.profile or "",
        f"{LABEL}.plan": fingerprint(plan),
        f"{LABEL}.version": berth.__version__,
        **facts.seal,
    }
    return replace(plan, container=replace(plan.container, labels={**plan.container.labels, **labels}))


def fingerprint(plan: SessionPlan) -> str:
    """A digest of everything that is fixed when a container is made, without secrets and without reasons.

    Equal digests: restarting is enough. Different ones: the session wants a rebuild. What differs between sessions of
    one plan (labels, host name, where the account files lie) is left out, and so are values of variables, which the
    launcher gets anew at every start; their names are in. What protects the workspace's git folders is left out too: an
    agent that adds a worktree would make its own session outdated.
    """
    return hashlib.sha256(json.dumps(shape(plan), sort_keys=True).encode()).hexdigest()[:16]


def shape(plan: SessionPlan) -> dict[str, object]:
    """What :func:`fingerprint` digests, by name, as JSON has it."""
    container = plan.container
    recipe = plan.image.recipe
    fixed = {
        "image": plan.image.reference,
        "arguments": sorted(recipe.arguments.items()) if recipe else None,
        "mode": plan.mode,
        "argv": plan.agent.argv,
        "variables": [variable.name for variable in plan.agent.environment],
        "user": (container.user.uid, container.user.gid, container.user.home, container.user.userns),
        "workdir": container.workdir,
        "mounts": [_fixed(mount) for mount in container.mounts if not is_protective(mount)],
        "tmpfs": [asdict(tmpfs) for tmpfs in container.tmpfs],
        "limits": asdict(container.limits),
        "hosts": sorted(container.extra_hosts.items()),
        "security": (container.cap_drop, container.security_options),
        "asked": [(flag.name, flag.shown) for flag in container.asked],
        "options": asdict(container.options),
        "before": [(command.name, command.argv, command.once, command.background) for command in plan.before],
        "network": plan.network.mode,
        "log": (container.log_max_size, container.log_max_files),
    }
    known: dict[str, object] = json.loads(json.dumps(fixed))
    return known


def _fixed(mount: Mount) -> tuple[object, ...]:
    source = "" if mount.target in ("/etc/passwd", "/etc/group") else mount.source
    return (mount.type, source, mount.target, mount.read_only)
