"""The sentences for plans that are not carried out."""

from collections.abc import Sequence

from berth.errors import TrustError
from berth.planning.breach import Breach
from berth.planning.host_plan import AnyPlan

_ALL = "agent.plan lists everything."


def refuse(plan: AnyPlan) -> None:
    """Refuses a plan with something in it that no yes allows.

    Raises:
        TrustError: ``policy-breach``, with the first thing and its place.
    """
    above = [breach for breach in plan.breaches if breach.level == "policy"]
    if above:
        raise TrustError("policy-breach", _sentence(above), f"Change berth.policy in the user's settings. {_ALL}")
    foreign = [breach for breach in plan.breaches if breach.level == "user"]
    if foreign:
        hint = f"Write it in the user's settings file, or pass it with the request. {_ALL}"
        raise TrustError("policy-breach", _sentence(foreign), hint)


def nobody_to_ask(plan: AnyPlan) -> TrustError:
    """The refusal where no person can be asked."""
    wishes = [breach for breach in plan.breaches if breach.level == "ask"]
    return TrustError(
        "untrusted-workspace",
        f"{_sentence(wishes)[:-1]}, and nobody can be asked for a yes.",
        f"Start it once from an editor that asks, or write it in the user's settings file. {_ALL}",
    )


def _sentence(breaches: Sequence[Breach]) -> str:
    first = breaches[0]
    place = f" ({first.place})" if first.place else ""
    more = f", and {len(breaches) - 1} more" if len(breaches) > 1 else ""
    value = "".join(c if c.isprintable() else "?" for c in first.value[:100])
    shown = f"{first.what}: {value}" if value else first.what
    may = {"ask": "needs a yes", "user": "is the user's own to decide", "policy": "is above the policy"}[first.level]
    return f"“{shown}”{place} {may}: {first.why}{more}."
