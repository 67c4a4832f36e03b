"""A finished plan with what is to be said about it: its breaches, and the yes that it takes."""

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TypeVar

from berth.planning.breaches import breaches
from berth.planning.consent import consent
from berth.planning.host_plan import HostSessionPlan
from berth.planning.plan import SessionPlan
from berth.planning.policy_breaches import policy_breaches, ruled
from berth.settings.origin import Sourced
from berth.settings.policy import Policy

P = TypeVar("P", SessionPlan, HostSessionPlan)


def judged(plan: P, policy: Policy, home: Path | None) -> P:
    """The plan with its breaches and its consent. ``home`` is the user's home folder, which ``~`` in a policy means."""
    found = (*ruled(breaches(plan), policy), *policy_breaches(plan, policy, home))
    with_breaches = replace(plan, breaches=found, policy_digest=policy_digest(policy))
    return replace(with_breaches, consent=consent(with_breaches, policy))


def policy_digest(policy: Policy) -> str:
    """SHA-256 over the ceilings that hold, wherever they are written."""
    return hashlib.sha256(json.dumps(_bare(policy), sort_keys=True, default=str).encode()).hexdigest()


def _bare(value: object) -> object:
    if isinstance(value, Sourced):
        return value.value
    if is_dataclass(value):
        return {field.name: _bare(getattr(value, field.name)) for field in fields(value)}
    return value
