"""What a plan may not simply do, for people and for tools."""

from collections.abc import Iterator

from berth.planning.breach import Level
from berth.planning.host_plan import AnyPlan
from berth.planning.markdown import harmless
from berth.protocol.plans import PlanBreach

_HEADINGS: dict[Level, str] = {
    "policy": "## Refused: above the policy",
    "user": "## Refused: the user's own settings only",
    "ask": "## Needs your yes",
}


def shown_breaches(plan: AnyPlan) -> tuple[PlanBreach, ...]:
    """Every breach as it crosses the wire."""
    return tuple(
        PlanBreach(
            what=breach.what,
            value=breach.value,
            level=breach.level,
            layer=breach.layer,
            place=breach.place,
            why=breach.why,
        )
        for breach in plan.breaches
    )


def breach_lines(plan: AnyPlan) -> Iterator[str]:
    """Markdown lines: a heading for each level that has some, and what goes in with a yes."""
    for level, heading in _HEADINGS.items():
        found = [breach for breach in plan.breaches if breach.level == level]
        if found:
            yield from (heading, "")
        for breach in found:
            place = f" ({harmless(breach.place)})" if breach.place else ""
            yield f"- **{harmless(breach.what)}** {harmless(breach.value)}{place}: {harmless(breach.why)}"
        if found:
            yield ""
    if plan.consent is not None:
        yield from ("With a yes go into the container:", "")
        yield from (f"- {harmless(line)}" for line in plan.consent.receives)
        yield ""
