"""What a journal tells a later host of a session, besides its events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from berth.agents.base import Answer, ContextBlock, DialectName, Prompt
from berth.protocol.session import Option, SessionInfo
from berth.sessions.reached import Reached

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Queued:
    """A prompt and the turn it will be."""

    turn: str
    prompt: Prompt

    def note(self) -> dict[str, Any]:
        """As it is written."""
        return asdict(self)

    @classmethod
    def read(cls, content: Content) -> "Queued":
        """As it was written."""
        prompt = content["prompt"]
        return cls(content["turn"], Prompt(prompt["text"], tuple(ContextBlock(**each) for each in prompt["context"])))


@dataclass(frozen=True, slots=True)
class Begun:
    """How a life began. ``prefix`` is that of its dialect's ids, ``since`` where its output begins, ``at`` when it did.

    ``at`` is in Unix milliseconds.
    """

    container: str
    dialect: DialectName
    prefix: str
    workdir: str
    since: str = ""
    resume: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a dialect was told, after so many bytes of stdout, in this turn."""

    after: int
    what: str
    content: dict[str, Any]
    turn: str | None = None


@dataclass
class Past:
    """What is known of a session that an earlier host left."""

    info: dict[str, Any] = field(default_factory=dict)
    reached: Reached = field(default_factory=Reached)
    container: str | None = None
    volume: str | None = None
    life: Begun | None = None
    launched: bool = False
    heard: list[Heard] = field(default_factory=list)
    turns: int = 0
    waiting: list[Queued] = field(default_factory=list)
    running: Queued | None = None
    conversation: str | None = None

    @classmethod
    def told_by(cls, notes: Iterable[tuple[str, Content]], mark: Content) -> "Past":
        """Puts the notes of a journal together. ``mark`` is that of its last batch."""
        past = cls(reached=Reached.read(mark))
        takes: dict[str, Callable[[Content], None]] = {
            "info": past.info.update,
            "housed": past._housed,
            "life": past._lived,
            "launched": past._launched,
            "ended": past._ended,
            "heard": past._heard,
            "queued": past._queued,
            "begun": past._begun,
            "over": past._over,
            "conversation": past._talked,
            "turns": past._counted,
        }
        for kind, content in notes:
            takes[kind](content)
        return past

    def notes(self) -> list[tuple[str, dict[str, Any]]]:
        """The fewest notes that tell the same."""
        told = [*([self.running] if self.running else []), *self.waiting]
        notes: list[tuple[str, dict[str, Any]]] = [
            ("info", self.info),
            ("housed", {"container": self.container, "volume": self.volume}),
            ("turns", {"count": self.turns - len(told)}),
            *(("queued", queued.note()) for queued in told),
            ("conversation", {"id": self.conversation}),
        ]
        if self.running is not None:
            notes.append(("begun", {"turn": self.running.turn}))
        if self.life is not None:
            notes.append(("life", asdict(self.life)))
            notes += [("launched", {})] if self.launched else []
            notes += [("heard", asdict(heard)) for heard in self.heard]
        return notes

    def session_info(self) -> SessionInfo:
        """The session as clients saw it last."""
        return SessionInfo.model_validate(self.info)

    def _housed(self, content: Content) -> None:
        self.container, self.volume = content["container"], content["volume"]

    def _lived(self, content: Content) -> None:
        self.life, self.launched, self.heard = Begun(**content), False, []

    def _launched(self, _: Content) -> None:
        self.launched = True

    def _ended(self, _: Content) -> None:
        self.life, self.launched, self.heard = None, False, []

    def _heard(self, content: Content) -> None:
        self.heard.append(Heard(**content))

    def _queued(self, content: Content) -> None:
        self.turns += 1
        self.waiting.append(Queued.read(content))

    def _begun(self, content: Content) -> None:
        self.running = next(queued for queued in self.waiting if queued.turn == content["turn"])
        self.waiting.remove(self.running)

    def _over(self, _: Content) -> None:
        self.running = None

    def _counted(self, content: Content) -> None:
        self.turns = content["count"]

    def _talked(self, content: Content) -> None:
        self.conversation = content["id"]


def answer_of(content: Content) -> Answer:
    """An answer as :func:`dataclasses.asdict` wrote it."""
    option = Option.model_validate(content["option"]) if content["option"] else None
    return Answer(option=option, values=content["values"])
