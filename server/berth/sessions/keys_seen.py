"""Where keys are: which variables of a plan hold one, and whether a container had one before it was given any. Pure."""

import hashlib
import re
from collections.abc import Container, Mapping

from berth.planning.plan import SessionPlan

_KEY = re.compile(r"(_KEY|_TOKEN|_SECRET|_PASSWORD|_PASSPHRASE)$")
"""How variables are called that hold a key."""

LEAST = 8
"""Bytes. What is shorter is a word that stands in many places."""


def keys_inside(plan: SessionPlan) -> tuple[str, ...]:
    """The variables that take a key to the agent, by name. Those of the broker's hold a sentinel and are none."""
    entrusted = {key.variable for key in plan.network.credentials.keys}
    names = (variable.name for variable in plan.agent.environment)
    return tuple(name for name in names if _KEY.search(name) and name not in entrusted)


def keys_before(plan: SessionPlan, digests: Container[str]) -> tuple[str, ...]:
    """The keys, by name, that are among values of which only the digests are known."""
    return tuple(sorted(name for name, value in _keys(plan).items() if digest_of(value.encode()) in digests))


def digest_of(value: bytes) -> str:
    """As values of an environment are compared: SHA-256, in hex."""
    return hashlib.sha256(value).hexdigest()


def _keys(plan: SessionPlan) -> Mapping[str, str]:
    inside = keys_inside(plan)
    values = {variable.name: variable.value for variable in plan.agent.environment if variable.name in inside}
    values |= {key.variable: key.key for key in plan.network.credentials.keys}
    return {name: value for name, value in values.items() if len(value) >= LEAST}
