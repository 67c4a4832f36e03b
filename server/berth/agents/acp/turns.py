"""How a turn ended, read from the answer to ``session/prompt``."""

from berth.agents.acp.rpc import AUTH_REQUIRED, Reply
from berth.agents.base import TurnOver
from berth.agents.failures import agent_failure
from berth.agents.lenient import text
from berth.protocol.events import Notice

CANCELLED = "cancelled"
STOPS = {
    "max_tokens": "The agent stopped: the answer reached the model's length limit.",
    "max_turn_requests": "The agent stopped: it reached its limit of model requests in one turn.",
    "refusal": "The agent refused to go on with this prompt.",
}
"""Ends that a person should know of, though the turn is complete."""


def stop_notice(stop_reason: str) -> Notice | None:
    """What a person should know of this end, if anything."""
    message = STOPS.get(stop_reason)
    return Notice(severity="warning", message=message) if message else None


def turn_over(reply: Reply, *, was_cancelled: bool, login_hint: str) -> TurnOver:
    """The end of a turn. After a cancel an error is its outcome, not a fault: some agents answer so."""
    stop_reason = text(reply.result.get("stopReason"))
    if stop_reason == CANCELLED or (was_cancelled and reply.failure):
        return TurnOver("cancelled", CANCELLED)
    if reply.failure is None:
        return TurnOver("complete", stop_reason)
    is_login = reply.failure.code == AUTH_REQUIRED
    error = agent_failure(reply.failure.message, login_hint=login_hint, is_login=is_login)
    return TurnOver("error", "error", error)
