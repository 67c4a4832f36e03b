"""A finished plan with what is to be said about it: its breaches, and the yes that it takes."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from berth.planning.breaches import breaches
from berth.planning.consent import consent
from berth.planning.host_plan import HostSessionPlan
from berth.planning.plan import SessionPlan
from berth.planning.policy_breaches import policy_breaches, ruled
from berth.settings.policy import Policy

P = TypeVar("P", SessionPlan, HostSessionPlan)


def judged(plan: P, policy: Policy, home: Path | None) -> P:
    """The plan with its breaches and its consent. ``home`` is the user's home folder, which ``~`` in a policy means."""
    found = (*ruled(breaches(plan), policy), *policy_breaches(plan, policy, home))
    with_breaches = replace(plan, breaches=found)
    return replace(with_breaches, consent=consent(with_breaches, policy))
