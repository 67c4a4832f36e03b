"""How long a plan takes where a team has 1,000 profiles in chains of five: settings read anew, looks named, planned."""

import time
from typing import Any

from berth.planning.needs import needs
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.settings.layers import Layer
from berth.settings.resolve import resolve_settings
from tests.bench.figures import Bar, Figure, summary
from tests.planning.plans import WORKSPACE, Case

PROFILES, CHAIN = 1_000, 5


async def measure(rounds: int) -> list[Figure]:
    profiles = {f"p{number}": profile(number) for number in range(PROFILES)}
    raw = {"docker": {"defaultProfile": f"p{CHAIN - 1}", "profiles": profiles}}
    samples = [once(raw) for _ in range(rounds + 1)][1:]
    return [summary("planning", f"{PROFILES:,} profiles, {CHAIN} deep", samples, "ms", bar=Bar("at most", 50))]


def once(raw: dict[str, Any]) -> float:
    """Milliseconds from the editor's answer to the plan, without the looks at files and engine."""
    facts = Case(files={".env": "A=1\n"})._facts()
    begun = time.perf_counter()
    settings, request = resolve_settings([Layer("editor", raw)]), PlanArguments()
    needs(settings, request, workspace=WORKSPACE, environment=facts.environment)
    plan_session(settings, request, facts)
    return (time.perf_counter() - begun) * 1_000


def profile(number: int) -> dict[str, Any]:
    """One of a chain; every fifth begins a new one."""
    own: dict[str, Any] = {
        "image": f"node:{number}",
        "env": {f"A{number}": "1", "B": "x"},
        "envFile": ".env",
        "volumes": [f"volume{number}:/v/{number}"],
        "resources": {"memory": "2g", "cpus": 1},
    }
    return own if number % CHAIN == 0 else {**own, "extends": f"p{number - 1}"}
