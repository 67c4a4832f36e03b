"""Control requests of stream-json, ours and the agent's."""

from collections.abc import Callable
from dataclasses import dataclass, field

from berth.agents.frames import Frame, write_frame
from berth.agents.lenient import record, text
from berth.agents.outbox import Outbox


@dataclass(frozen=True, slots=True)
class ControlReply:
    """What came of a control request of ours. ``error`` is empty when it went well."""

    answer: Frame = field(default_factory=dict)
    error: str = ""


Then = Callable[[ControlReply], None]


class Control:
    """Our control requests, waiting for their answers, and our answers to the agent's."""

    def __init__(self, outbox: Outbox, *, prefix: str) -> None:
        """Nothing was asked yet. ``prefix`` begins the ids of ours."""
        self._outbox = outbox
        self._prefix = prefix
        self._count = 0
        self._waiting: dict[str, Then] = {}

    def request(self, request: Frame, then: Then) -> None:
        """Asks; ``then`` is called with the reply, once."""
        self._count += 1
        identity = f"{self._prefix}c{self._count}"
        self._waiting[identity] = then
        self._send({"type": "control_request", "request_id": identity, "request": request})

    def answer(self, identity: str, response: Frame) -> None:
        """Answers a control request of the agent."""
        self._respond({"subtype": "success", "request_id": identity, "response": response})

    def refuse(self, identity: str, error: str) -> None:
        """Answers a control request of the agent with an error."""
        self._respond({"subtype": "error", "request_id": identity, "error": error})

    def take_reply(self, frame: Frame) -> bool:
        """Hands a ``control_response`` to whom it is for; False when nobody waits for it."""
        response = record(frame.get("response"))
        then = self._waiting.pop(text(response.get("request_id")), None)
        if then is None:
            return False
        is_error = response.get("subtype") == "error"
        error = text(response.get("error")) or "an error without words"
        then(ControlReply(error=error) if is_error else ControlReply(record(response.get("response"))))
        return True

    def _respond(self, response: Frame) -> None:
        self._send({"type": "control_response", "response": response})

    def _send(self, frame: Frame) -> None:
        self._outbox.send(write_frame(frame))
