"""A dialect under test and, by hand, the agent on its other side."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from berth.agents.base import Dialect, Opening, Reaction, Signal
from berth.protocol.events import PartDelta, ThoughtDelta

T = TypeVar("T")
Frame = dict[str, Any]


class Peer:
    """Feeds frames to a dialect; keeps what it signalled and what it wrote, decoded."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.signals: list[Signal] = []
        self.written: list[Frame] = []

    def took(self, reaction: Reaction) -> list[Signal]:
        """Notes a reaction; answers its signals."""
        assert reaction.output == b"" or reaction.output.endswith(b"\n")
        self.signals += reaction.signals
        self.written += [json.loads(line) for line in reaction.output.splitlines()]
        return list(reaction.signals)

    def feed(self, *frames: Frame | bytes) -> list[Signal]:
        """The agent prints frames, or bytes as they are, all at once."""
        lines = (frame if isinstance(frame, bytes) else json.dumps(frame).encode() + b"\n" for frame in frames)
        return self.took(self.dialect.receive(b"".join(lines)))

    def last(self) -> Frame:
        """What the dialect wrote last."""
        return self.written[-1]


class AcpPeer(Peer):
    """The same with JSON-RPC round it."""

    def reply(self, result: Any) -> list[Signal]:
        """The agent answers our last request."""
        return self.feed({"jsonrpc": "2.0", "id": self._last_id(), "result": result})

    def fail(self, code: int, message: str, **data: Any) -> list[Signal]:
        """The agent answers our last request with an error."""
        error = {"code": code, "message": message, **data}
        return self.feed({"jsonrpc": "2.0", "id": self._last_id(), "error": error})

    def update(self, variant: str, **fields: Any) -> list[Signal]:
        """The agent reports something of conversation ``s1``."""
        update = {"sessionUpdate": variant, **fields}
        return self.feed(
            {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s1", "update": update}}
        )

    def request(self, identity: Any, method: str, **params: Any) -> list[Signal]:
        """The agent asks something."""
        return self.feed({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})

    def shake_hands(self, session: Frame | None = None, **capabilities: Any) -> list[Signal]:
        """The whole handshake of an agent that needs nothing."""
        self.took(self.dialect.open(Opening("/workspace")))
        self.reply({"protocolVersion": 1, "agentCapabilities": capabilities})
        return self.reply({"sessionId": "s1", **(session or {})})

    def _last_id(self) -> Any:
        return next(frame["id"] for frame in reversed(self.written) if "method" in frame and "id" in frame)


def of(signals: Iterable[Signal], kind: type[T]) -> list[T]:
    """The signals of one kind."""
    return [signal for signal in signals if isinstance(signal, kind)]


def joined(signals: Sequence[Signal]) -> list[Signal]:
    """Signals with neighbouring deltas of one part made one, as slicing may join them differently."""
    result: list[Signal] = []
    for signal in signals:
        last = result[-1] if result else None
        if isinstance(signal, PartDelta | ThoughtDelta) and type(last) is type(signal):
            assert isinstance(last, PartDelta | ThoughtDelta)
            if last.part == signal.part:
                result[-1] = signal.model_copy(update={"text": last.text + signal.text})
                continue
        result.append(signal)
    return result
