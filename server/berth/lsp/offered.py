"""Which commands make sense now, by the state of the sessions. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from berth.lsp.answers import answers_to
from berth.protocol.session import InputRequest, SessionInfo, State

SHOWN = 5
"""Sessions of one folder that actions are offered for, the newest first; a menu is no list."""

LOOK_AT_SELECTION = "Look at the selected code. Say in a few words what it does, then wait for what to do with it."
"""The prompt for a selection that comes alone, since a code action cannot ask for one."""

_ENDED = frozenset({State.STOPPED, State.FAILED})
_BUSY = frozenset({State.WORKING, State.WAITING})
_TAKES_PROMPTS = frozenset({State.IDLE, State.WORKING, State.WAITING})


@dataclass(frozen=True, slots=True)
class Selection:
    """A selected stretch of a document: where, in the client's own positions, and its text."""

    uri: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str

    def context(self) -> dict[str, Any]:
        """The selection as a context item on the wire."""
        start, end = ({"line": line, "character": character} for line, character in (self.start, self.end))
        return {"uri": self.uri, "range": {"start": start, "end": end}}


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing a person could do: an ``agent.*`` command with its one argument."""

    title: str
    command: str
    argument: dict[str, Any]


def offered_actions(
    sessions: Sequence[SessionInfo], selection: Selection | None, *, folder: str | None
) -> list[Offered]:
    """What to offer, the most urgent first: open questions, then what to do with running sessions, then new starts."""
    newest = sorted(sessions, key=lambda info: (info.state in _ENDED, -info.started_at))[:SHOWN]
    offered = [action for info in newest for question in info.input_needed for action in _answers(info, question)]
    offered += [action for info in newest for action in _session_actions(info, selection)]
    return [*offered, *_starts(selection, folder)]


def _answers(info: SessionInfo, question: InputRequest) -> Iterator[Offered]:
    for answer in answers_to(question):
        argument: dict[str, Any] = {"session": info.id, "request": question.request}
        if answer.option is not None:
            argument["option"] = answer.option
        if answer.values is not None:
            argument["values"] = answer.values
        yield Offered(f"answer {answer.title} – {question.title}", "agent.respond", argument)


def _session_actions(info: SessionInfo, selection: Selection | None) -> Iterator[Offered]:
    session = {"session": info.id}
    if selection is not None and info.state in _TAKES_PROMPTS:
        yield Offered(f"send the selection to {info.name}", "agent.prompt", {**session, "text": selection.text})
    if info.state in _BUSY:
        yield Offered(f"cancel the turn of {info.name}", "agent.cancel", session)
    yield Offered(f"show transcript of {info.name}", "agent.transcript", session)
    if info.outdated:
        yield Offered(f"rebuild {info.name} with the changed settings", "agent.rebuild", session)
    if info.state in _ENDED:
        yield Offered(f"restart {info.name}", "agent.restart", session)
    elif info.state is not State.STOPPING:
        yield Offered(f"stop {info.name}", "agent.stop", session)


def _starts(selection: Selection | None, folder: str | None) -> Iterator[Offered]:
    where = {} if folder is None else {"workspaceFolder": folder}
    yield Offered("start in container", "agent.start", where)
    if selection is not None:
        yield Offered(
            "start in container with the selection as prompt", "agent.start", {**where, "prompt": selection.text}
        )
        about = {**where, "prompt": LOOK_AT_SELECTION, "context": [selection.context()]}
        yield Offered("start in container on the selected code", "agent.start", about)
