"""Labels on what Berth makes, and the digest that tells whether a container still has the shape of its plan."""

import hashlib
import json
from dataclasses import asdict, replace

import berth
from berth.planning.plan import SessionPlan

LABEL = "dev.berth"
"""Prefix of every label; alone it says that the thing is Berth's."""


def labelled(plan: SessionPlan, session: str) -> SessionPlan:
    """The plan with its container's labels."""
    labels = {
        LABEL: "1",
        f"{LABEL}.session": session,
        f"{LABEL}.workspace": str(plan.workspace),
        f"{LABEL}.agent": plan.agent.name,
        f"{LABEL}.profile": plan.profile or "",
        f"{LABEL}.plan": fingerprint(plan),
        f"{LABEL}.version": berth.__version__,
    }
    return replace(plan, container=replace(plan.container, labels={**plan.container.labels, **labels}))


def fingerprint(plan: SessionPlan) -> str:
    """A digest of everything that is fixed when a container is made, without secrets and without reasons.

    Equal digests: restarting is enough. Different ones: the session wants a rebuild. What differs between sessions of
    one plan (labels, host name, where the account files lie) is left out, and so are values of variables, which the
    launcher gets anew at every start; their names are in.
    """
    container = plan.container
    recipe = plan.image.recipe
    shape = {
        "image": plan.image.reference,
        "arguments": sorted(recipe.arguments.items()) if recipe else None,
        "mode": plan.mode,
        "argv": plan.agent.argv,
        "variables": [variable.name for variable in plan.agent.environment],
        "user": (container.user.uid, container.user.gid, container.user.home, container.user.userns),
        "workdir": container.workdir,
        "mounts": [
            (
                mount.type,
                "" if mount.target in ("/etc/passwd", "/etc/group") else mount.source,
                mount.target,
                mount.read_only,
            )
            for mount in container.mounts
        ],
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
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]
