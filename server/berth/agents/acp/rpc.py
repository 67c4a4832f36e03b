"""JSON-RPC 2.0 seen from one end: what was asked and waits for its answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from berth.agents.frames import Frame, write_frame
from berth.agents.lenient import record, text
from berth.agents.outbox import Outbox

METHOD_NOT_FOUND: Final = -32601
REQUEST_CANCELLED: Final = -32800
AUTH_REQUIRED: Final = -32000

RequestId = int | str
"""Fractions and null are no ids: nothing could be answered to them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An ``error`` of JSON-RPC: its code (0 where there is none), and its words with those of ``data``."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``failure`` is None when it went well."""

    result: Frame = field(default_factory=dict)
    failure: Failure | None = None


Then = Callable[[Reply], None]


class Rpc:
    """Our requests, numbered from ``first_id``, and our answers to the agent's."""

    def __init__(self, outbox: Outbox, *, first_id: int = 1) -> None:
        """Nothing was asked yet."""
        self._outbox = outbox
        self._next = first_id
        self._waiting: dict[RequestId, Then] = {}

    def request(self, method: str, params: Frame, then: Then) -> None:
        """Asks; ``then`` is called with the reply, once."""
        identity, self._next = self._next, self._next + 1
        self._waiting[identity] = then
        self._send({"id": identity, "method": method, "params": params})

    def notify(self, method: str, params: Frame) -> None:
        """Says something that nobody answers."""
        self._send({"method": method, "params": params})

    def answer(self, identity: RequestId, result: Frame) -> None:
        """Answers a request of the agent."""
        self._send({"id": identity, "result": result})

    def refuse(self, identity: RequestId, code: int, message: str) -> None:
        """Answers a request of the agent with an error."""
        self._send({"id": identity, "error": {"code": code, "message": message}})

    def take_reply(self, frame: Frame) -> bool:
        """Hands a reply to whom it is for; False when nobody waits for it."""
        identity = request_id(frame)
        then = self._waiting.pop(identity, None) if identity is not None else None
        if then is None:
            return False
        then(Reply(failure=_failure(frame["error"])) if frame.get("error") else Reply(record(frame.get("result"))))
        return True

    def _send(self, frame: Frame) -> None:
        self._outbox.send(write_frame({"jsonrpc": "2.0", **frame}))


def request_id(frame: Frame) -> RequestId | None:
    """The id of a frame, or None where it has none that can be answered."""
    identity: Any = frame.get("id")
    return identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None


def _failure(error: object) -> Failure:
    code = record(error).get("code")
    message = text(record(error).get("message")) or text(error) or "an error without words"
    data = record(error).get("data")
    details = text(data) or text(record(data).get("details")) or text(record(data).get("message"))
    if details and details not in message:
        message = f"{message}: {details}"
    return Failure(code if isinstance(code, int) else 0, message)
