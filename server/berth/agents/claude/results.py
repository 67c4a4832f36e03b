"""The ``result`` that ends a turn of Claude Code."""

from berth.agents.base import TurnOver
from berth.agents.failures import agent_failure
from berth.agents.frames import Frame
from berth.agents.lenient import number, record, text, whole
from berth.protocol.session import Usage

UNAUTHORISED = (401, 403)


def turn_over(result: Frame, *, was_cancelled: bool) -> TurnOver:
    """How the turn ended. ``is_error`` counts more than ``subtype``: a failed model request is a ``success``, too."""
    subtype = text(result.get("subtype"))
    is_error = result.get("is_error") is True or subtype.startswith("error")
    if was_cancelled and is_error:
        return TurnOver("cancelled", text(result.get("terminal_reason")) or "cancelled")
    if not is_error:
        return TurnOver("complete", text(result.get("stop_reason")) or subtype)
    is_login = result.get("api_error_status") in UNAUTHORISED
    reason = text(result.get("terminal_reason")) or subtype
    return TurnOver("error", reason, agent_failure(result_words(result) or subtype, is_login=is_login))


def result_words(result: Frame) -> str:
    """What a result says went wrong."""
    errors = result.get("errors")
    listed = [text(error) for error in errors] if isinstance(errors, list) else []
    return text(result.get("result")) or "; ".join(filter(None, listed))


def usage_of(result: Frame, used: int | None) -> Usage:
    """Tokens of the turn, cost of the conversation so far; ``used`` tokens stand in the context."""
    tokens = record(result.get("usage"))
    models = record(result.get("modelUsage")).values()
    sizes = [size for size in (whole(record(model).get("contextWindow")) for model in models) if size]
    cost = number(result.get("total_cost_usd"))
    return Usage(
        used=used,
        size=max(sizes, default=None),
        input_tokens=whole(tokens.get("input_tokens")),
        output_tokens=whole(tokens.get("output_tokens")),
        cost=cost,
        currency="USD" if cost is not None else None,
    )
