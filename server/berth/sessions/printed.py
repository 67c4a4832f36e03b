"""What a program printed, apart from its protocol: complaints on stderr, the launcher's report, the last words."""

import codecs
from typing import Literal

import anyio

from berth.engine.base import Output
from berth.engine.launch_output import LaunchOutput, LaunchSignal, Ran, Running
from berth.engine.launch_words import LaunchWords
from berth.errors import BerthError
from berth.protocol.container_events import ImageProgress
from berth.protocol.events import Noise, Notice
from berth.sessions.harmless import without_control
from berth.sessions.record import Record

NOISE_CHARACTERS = 16 * 1024
"""One noise event holds at most this much; more becomes more events."""

LINE_CHARACTERS = 2_000
"""A longer line of a command that goes before the agent is cut."""

LAST_BYTES = 2_048

LAST_LINES = 5


class Printed:
    """Keeps the last words, and publishes stderr as noise.

    ``heeded`` is set when the launcher has shown that it has its payload, ``executed`` when the agent has taken over:
    what goes before it is over.
    """

    def __init__(self, record: Record, words: LaunchWords) -> None:
        """Nothing was printed yet. ``words`` tell people why the launcher failed."""
        self._record = record
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._launch = LaunchOutput(words)
        self._last = {"stdout": b"", "stderr": b""}
        self.failure: BerthError | None = None
        self.heeded, self.executed = anyio.Event(), anyio.Event()

    @property
    def last_words(self) -> str:
        """The last non-empty line on stderr, else on stdout; at most 300 characters."""
        return self.last_lines[-1] if self.last_lines else ""

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The last non-empty lines on stderr, else on stdout; at most :data:`LAST_LINES` of 300 characters."""
        for stream in ("stderr", "stdout"):
            lines = [line.strip() for line in self._last[stream].decode(errors="replace").splitlines()]
            said = [without_control(line)[:300] for line in lines if line]
            if said:
                return tuple(said[-LAST_LINES:])
        return ()

    def add(self, output: Output) -> None:
        """Takes a piece of output. A report of the launcher that it failed stays in :attr:`failure`."""
        data = output.data
        if output.stream == "stderr":
            signals, data = self._launch.receive(data)
            for signal in signals:
                self._take(signal)
            self._publish(self._decoder.decode(data))
        self._remember(output.stream, data)

    def rehearse(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Takes again what an earlier host took, and published."""
        if stream == "stderr":
            signals, data = self._launch.receive(data)
            self.failure = next((signal for signal in signals if isinstance(signal, BerthError)), self.failure)
            if any(signal != "ready" for signal in signals):
                self.heeded.set()
            if "exec" in signals:
                self.executed.set()
            self._decoder.decode(data)
        self._remember(stream, data)

    def launch_failure(self, exit_code: int | None, program: str) -> BerthError | None:
        """Why the program never ran, when that is how the container ended."""
        return self.failure or self._launch.ended(exit_code, program)

    def _remember(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._last[stream] = (self._last[stream] + data[-LAST_BYTES:])[-LAST_BYTES:]

    def _take(self, signal: LaunchSignal) -> None:
        if signal != "ready":
            self.heeded.set()
        match signal:
            case BerthError():
                self.failure = self.failure or signal
            case Running(name, None):
                self._record.update(activity=f"Running {name}")
                self._record.publish(ImageProgress(step=name))
            case Running(name, line):
                self._record.publish(ImageProgress(step=name, log=without_control(line or "")[:LINE_CHARACTERS]))
            case Ran(name, status) if status:
                sentence = f"{name} failed with {status}, and nothing after it ran; the agent starts all the same."
                self._record.publish(Notice(severity="warning", message=sentence))
            case "exec":
                self.executed.set()

    def _publish(self, text: str) -> None:
        for start in range(0, len(text), NOISE_CHARACTERS):
            piece = text[start : start + NOISE_CHARACTERS]
            if piece.strip():
                self._record.publish(Noise(stream="stderr", text=piece))
