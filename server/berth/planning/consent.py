"""What a person says yes to: everything a workspace asks for, and what that would get hold of."""

import fnmatch
import hashlib
import json
from collections.abc import Iterator

from berth.planning.breach import Consent
from berth.planning.breaches import OWN_VOLUMES
from berth.planning.forwarding import ALWAYS
from berth.planning.host_plan import AnyPlan
from berth.planning.plan import SessionPlan
from berth.settings.policy import Policy

_OWN_LAYERS = frozenset({"built-in"})


def consent(plan: AnyPlan, policy: Policy) -> Consent | None:
    """The yes that a plan needs; None when it asks for nothing that takes one, or the policy gave it already. Pure.

    The place of a wish is shown and not hashed: a comment added above a setting changes nothing.
    """
    wishes = [breach for breach in plan.breaches if breach.level == "ask"]
    if not wishes or policy.workspaces.value == "allow":
        return None
    receives = tuple(_receives(plan))
    hashed = [str(plan.workspace), [(wish.what, wish.value) for wish in wishes], receives]
    digest = hashlib.sha256(json.dumps(hashed, ensure_ascii=True).encode()).hexdigest()
    asks = tuple(f"{wish.what}: {wish.value}" + (f" ({wish.place})" if wish.place else "") for wish in wishes)
    return Consent(digest, asks, receives, policy.trust_for)


def _receives(plan: AnyPlan) -> Iterator[str]:
    """The user's own that is in the container beside the workspace, whoever put it there."""
    if plan.mode == "host":
        yield "all that you can do on this machine: there is no container"
        return
    shared = ", which all workspaces share" if plan.login is not None and plan.login.scope == "user" else ""
    yield f"the agent's HOME with its login ({plan.agent.title}){shared}"
    yield from _variables(plan)
    for mount in plan.container.mounts:
        if mount.reason.layer not in _OWN_LAYERS and not mount.source.startswith(OWN_VOLUMES):
            yield f"mount {mount.source}, {'read-only' if mount.read_only else 'read and write'}"
    for flag in plan.container.asked:
        if flag.restricted:
            yield f"docker --{flag.name} {flag.shown}"


def _variables(plan: SessionPlan) -> Iterator[str]:
    for variable in plan.agent.environment:
        users = variable.forwarded or (variable.reason.trusted and variable.reason.layer not in _OWN_LAYERS)
        if users and not all(map(_is_harmless, variable.taken_from or (variable.name,))):
            source = f" (from {', '.join(variable.taken_from)})" if variable.taken_from else ""
            yield f"env {variable.name}{source}"
    for key in plan.network.credentials.keys:
        yield f"the use of the key {key.variable}, which itself stays outside"


def _is_harmless(name: str) -> bool:
    """Terminal, language, proxies and git's author: no reason to ask again when they come and go."""
    return any(fnmatch.fnmatchcase(name, glob) for glob in ALWAYS)
