"""What a scripted model is asked and what it says, whatever the API it says it through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered. ``ok`` is False when it failed or the person refused it."""

    text: str
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the model, as far as a script cares.

    Attributes:
        prompt: The last thing the person said, without what the agent program added to it.
        results: What the tools answered since then, oldest first.
        tools: Names of the tools offered; none in a side request (a title, a summary, a quota check).
        folder: The folder the agent works in, as it told the model; empty when it did not.
    """

    prompt: str
    results: tuple[Result, ...]
    tools: frozenset[str]
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words to the person."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """Words the model thinks aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to use, with its input."""

    tool: str
    input: Mapping[str, object]


Block = Text | Thought | Call


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says. ``pause`` is the time between two pieces of it, in seconds."""

    blocks: tuple[Block, ...]
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """The endpoint refuses. ``type`` is the API's name for the error."""

    status: int
    type: str
    message: str


Script = Callable[[Asked], Reply | Failure]
"""Decides what the model says; pure, since what has happened stands in what is asked."""


def pieces(text: str, size: int = 24) -> tuple[str, ...]:
    """Cuts a text into the pieces it is streamed in."""
    return tuple(text[start : start + size] for start in range(0, len(text), size)) or ("",)
