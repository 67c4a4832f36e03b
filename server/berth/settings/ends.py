"""How sessions end, as it is written and as it comes out of all layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from berth.settings.entries import Entry, highest, within
from berth.settings.origin import Sourced
from berth.settings.quantities import parse_duration
from berth.settings.written import UNSET_IF_EMPTY, Written

ExitRule = Literal["keep", "ask", "stop"]
"""What becomes of a session when its last editor has gone, the mildest first."""

_STRICTNESS: dict[ExitRule, int] = {"keep": 0, "ask": 1, "stop": 2}

LONGEST_RUNG = 600.0
"""Seconds. Whoever waits longer for an agent to end does not want it to end."""

LEAST_KEPT = 3600.0
"""Seconds. Sessions that go sooner than in an hour would be gone before anybody looked at how they ended."""


def _rung(seconds: float) -> float:
    if not 0 <= seconds <= LONGEST_RUNG:
        raise ValueError("must be at most 10m")
    return seconds


def _kept(seconds: float) -> float:
    if not LEAST_KEPT <= seconds <= 3650 * 86_400:
        raise ValueError("must be at least 1h and at most 3650d")
    return seconds


_DURATION = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?[dhmsDHMS])+$"}
Grace = Annotated[float, AfterValidator(_rung), BeforeValidator(parse_duration), WithJsonSchema(_DURATION)]
Kept = Annotated[float, AfterValidator(_kept), BeforeValidator(parse_duration), WithJsonSchema(_DURATION)]


class StopSection(Written):
    """How long each rung of the stop ladder is waited for before the next one."""

    cancel: Annotated[Grace | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long a running turn may take to end once it was cancelled.",
        json_schema_extra={"default": "2s"},
    )
    interrupt: Annotated[Grace | None, UNSET_IF_EMPTY] = Field(
        default=None, description="How long is waited after SIGINT.", json_schema_extra={"default": "5s"}
    )
    terminate: Annotated[Grace | None, UNSET_IF_EMPTY] = Field(
        default=None, description="How long is waited after SIGTERM.", json_schema_extra={"default": "5s"}
    )
    kill: Annotated[Grace | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long the engine may take to end it after SIGKILL.",
        json_schema_extra={"default": "5s"},
    )


class EndsSection(Written):
    """How sessions end."""

    stop: StopSection | None = Field(
        default=None, description="The stop ladder: how long each step is waited for before the next, harder one."
    )
    on_editor_exit: Annotated[ExitRule | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="What becomes of a session when the last editor with its workspace has gone: `keep` it, `stop` it, "
        "or `ask` in the next editor. A workspace may only choose a stricter one than the user.",
        json_schema_extra={"default": "keep"},
    )
    keep_stopped: Annotated[Kept | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long sessions that have ended are kept, such as `30d`; for ever when absent. "
        "The user's own settings only.",
        examples=["30d"],
    )


E = TypeVar("E", bound=EndsSection)


@dataclass(frozen=True, slots=True)
class EndsSettings:
    """What all layers come to. Seconds; None: nobody said."""

    cancel: Sourced[float] | None = None
    interrupt: Sourced[float] | None = None
    terminate: Sourced[float] | None = None
    kill: Sourced[float] | None = None
    on_editor_exit: Sourced[ExitRule] | None = None
    keep_stopped: Sourced[float] | None = None


def merged_ends(entries: Sequence[Entry[E]]) -> EndsSettings:
    """What the layers come to, lowest first."""
    rungs = within(entries, "stop", lambda entry: entry.stop)
    return EndsSettings(
        cancel=highest(rungs, "cancel", lambda entry: entry.cancel),
        interrupt=highest(rungs, "interrupt", lambda entry: entry.interrupt),
        terminate=highest(rungs, "terminate", lambda entry: entry.terminate),
        kill=highest(rungs, "kill", lambda entry: entry.kill),
        on_editor_exit=_exit_rule(entries),
        keep_stopped=highest(entries, "keep_stopped", lambda entry: entry.keep_stopped),
    )


def _exit_rule(entries: Sequence[Entry[E]]) -> Sourced[ExitRule] | None:
    """The highest layer's word, unless it is milder than what only the user can have written."""
    said = _said(entries)
    users = _said([entry for entry in entries if entry.layer.trusted])
    if said is None or users is None:
        return said
    return max(users, said, key=lambda rule: _STRICTNESS[rule.value])


def _said(entries: Sequence[Entry[E]]) -> Sourced[ExitRule] | None:
    return highest(entries, "on_editor_exit", _written_rule)


def _written_rule(entry: EndsSection) -> ExitRule | None:
    return entry.on_editor_exit
