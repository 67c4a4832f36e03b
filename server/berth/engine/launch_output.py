"""Reads what the launcher says on stderr, until the agent takes over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from berth.engine.launch_words import LaunchWords
from berth.engine.launcher import AGENT_MISSING, MARK, NOT_SEALED, NOT_WRITABLE, PAYLOAD_BROKEN, WORKDIR_MISSING
from berth.errors import AgentError, BerthError


@dataclass(frozen=True, slots=True)
class Running:
    """A command that goes before the agent has begun, or has printed ``line``."""

    name: str
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that goes before the agent has ended with ``status``."""

    name: str
    status: int


LaunchSignal = Literal["ready", "exec"] | Running | Ran | BerthError
"""``ready``: it waits for its payload. ``exec``: from here on stderr is the agent's. An error: it has given up."""

LAUNCHER_EXITS = frozenset({PAYLOAD_BROKEN, AGENT_MISSING, WORKDIR_MISSING, NOT_WRITABLE, NOT_SEALED})
"""Exit codes that mean the launcher's own failure, when it had not yet said ``exec``."""


class LaunchOutput:
    """Splits a container's stderr into the launcher's signals and everything else. No I/O; cut the input anywhere.

    Marker lines count only before ``exec``, so an agent that prints one fools nobody. stdout is always the agent's.
    """

    def __init__(self, words: LaunchWords | None = None, *, executed: bool = False) -> None:
        """``executed``: the agent has taken over already, as after adopting a running container.

        ``words`` are for people; a container's when absent.
        """
        self._words = words or LaunchWords()
        self.executed = executed
        self.ready = executed
        self._partial = b""
        self._command = ""

    def receive(self, data: bytes) -> tuple[list[LaunchSignal], bytes]:
        """Takes a chunk of stderr; answers the signals in it, and the bytes that were not the launcher's.

        What a command prints that goes before the agent is a signal, too. It could fake any other signal: then it
        fools those who said yes to it.
        """
        signals: list[LaunchSignal] = []
        foreign: list[bytes] = []
        self._partial += data
        while not self.executed and b"\n" in self._partial:
            line, self._partial = self._partial.split(b"\n", 1)
            signal = self._signal(line.decode("utf-8", "replace"))
            if signal is None and self._command:
                signals.append(Running(self._command, line.decode("utf-8", "replace")))
            elif signal is None:
                foreign.append(line + b"\n")
            else:
                signals.append(signal)
                self.ready = True
                self.executed = signal == "exec"
        if self.executed:
            foreign.append(self._partial)
            self._partial = b""
        return signals, b"".join(foreign)

    def ended(self, exit_code: int | None, program: str) -> BerthError | None:
        """Why a container that ended was not (or no longer) the agent's own doing; None when it was.

        126 and 127 straight after ``exec`` are the shell's word for a program that is there but cannot be executed.
        Before the launcher was ready they are the init's word for a shell that is not there.
        """
        if not self.ready and exit_code in (126, 127):
            return self._words.shell_missing()
        if self.executed and exit_code in (126, 127):
            hint = "Its interpreter may be missing, or it may be built for another architecture."
            return AgentError("agent-exited", f"The program {program!r} exists but could not be executed.", hint)
        if not self.executed:
            return self._words.never_started(exit_code, program)
        return None

    def _signal(self, line: str) -> LaunchSignal | None:
        if not line.startswith(MARK):
            return None
        word, _, what = line.removeprefix(MARK).partition(" ")
        if word == "ready":
            return "ready"
        if word == "exec":
            return "exec"
        if word in ("before", "after"):
            return self._about_command(word, what)
        failure = _FAILURES.get(word)
        return None if failure is None else failure(self._words, what)

    def _about_command(self, word: str, what: str) -> LaunchSignal | None:
        if word == "before":
            self._command = what
            return Running(what)
        status, _, name = what.partition(" ")
        self._command = ""
        return Ran(name, int(status)) if status.isdecimal() else None


_FAILURES: Mapping[str, Callable[[LaunchWords, str], BerthError]] = {
    "agent-missing": lambda words, program: words.agent_missing(program),
    "not-writable": lambda words, path: words.not_writable(path),
    "not-sealed": lambda words, path: words.not_sealed(path),
    "has-powers": lambda words, what: words.has_powers(what),
    "workdir-missing": lambda words, path: words.workdir_missing(path),
    "payload-cut": lambda words, what: words.payload_broken(what),
    "payload-broken": lambda words, what: words.payload_broken(what),
}
