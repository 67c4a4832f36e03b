"""Events of a session as a person in a terminal reads them."""

import difflib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from berth.demo.screen import INDENT, Screen

Event = Mapping[str, Any]
DIFF_LINES = 40
"""More of a diff is not shown."""

STEP_CHARACTERS = 90
"""A longer build step is cut."""


class Show:
    """Shows one session's events and measures its phases. ``took`` maps a phase to seconds, in order."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._since = time.monotonic()
        self._tools: dict[str, Event] = {}
        self._building = False
        self._step = ""
        self.took: dict[str, float] = {}
        self._views = self._view_of_kinds()

    def event(self, event: Event) -> None:
        """Shows one event; kinds that say nothing to a person are left out."""
        view = self._views.get(event["kind"])
        if view is not None:
            view(event)

    def phase(self, name: str) -> float:
        """Ends a phase: answers the seconds since the last one ended."""
        now = time.monotonic()
        seconds, self._since = now - self._since, now
        self.took[name] = self.took.get(name, 0.0) + seconds
        return seconds

    def question(self, request: Mapping[str, Any]) -> None:
        """Shows what is asked, with the change it is about."""
        self._screen.step("?", self._screen.paint(request["title"], "bold"))
        tool = self._tools.get(request.get("tool") or "", {})
        for content in tool.get("content", ()):
            if content["type"] == "diff":
                self.diff(content)
            elif content["type"] == "text":
                self._screen.text(content["text"], "dim")

    def diff(self, content: Mapping[str, Any]) -> None:
        """Shows a change to one file."""
        lines = difflib.unified_diff(
            (content.get("old") or "").splitlines(), content["new"].splitlines(), lineterm="", n=2
        )
        self._screen.line(f"{INDENT}  {self._screen.paint(content['path'], 'bold')}")
        for number, line in enumerate(lines):
            if number == DIFF_LINES:
                self._screen.line(f"{INDENT}  …")
                return
            if not line.startswith(("---", "+++", "@@")):
                style = {"+": "green", "-": "red"}.get(line[:1], "dim")
                self._screen.line(f"{INDENT}  {self._screen.paint(line, style)}")

    def _view_of_kinds(self) -> dict[str, Callable[[Event], None]]:
        screen = self._screen
        return {
            "session.state": self._state,
            "image.progress": self._progress,
            "container.state": self._container,
            "turn.started": self._turn_started,
            "turn.ended": self._turn_ended,
            "part.delta": lambda event: screen.text(event["text"]),
            "part.started": lambda _: screen.line(),
            "thought.delta": lambda event: screen.text(event["text"], "dim"),
            "tool.started": self._tool,
            "tool.updated": self._tool,
            "tool.ended": self._tool_ended,
            "files.changed": self._files,
            "stop.step": lambda event: screen.line(f"{INDENT}{event['step']}: {event['outcome'].replace('-', ' ')}"),
            "notice": lambda event: screen.line(f"{INDENT}{event['message']}"),
        }

    def _state(self, event: Event) -> None:
        match event["to"]:
            case "building":
                self._building = True
                self._screen.line(f"{INDENT}{event.get('why') or 'Building the image'}")
            case "starting":
                text = "image built" if self._building else "image is there"
                self._screen.step("✓", text, self.phase("image"))
                self._screen.live("starting the container")
            case "idle" if event["from"] == "starting":
                self._screen.step("✓", "agent ready", self.phase("agent start"))
            case "stopped":
                self._screen.step("✓", "stopped", self.phase("stop"))

    def _progress(self, event: Event) -> None:
        step = _counted(event)
        if event.get("log") is not None:
            self._screen.live(f"{step}  {event['log']}")
        elif self._screen.is_terminal:
            self._screen.live(step)
        elif step != self._step:
            self._step = step
            self._screen.line(f"{INDENT}{step}")

    def _container(self, event: Event) -> None:
        if event["status"] == "started":
            self._screen.step("✓", f"container {str(event.get('container'))[:12]} started", self.phase("container"))
            self._screen.live("waiting for the agent")

    def _turn_started(self, event: Event) -> None:
        self._screen.line()
        self._screen.step(">", self._screen.paint(event["prompt"], "bold"))
        self._screen.live("waiting for the first word")

    def _turn_ended(self, event: Event) -> None:
        good = event["state"] == "complete"
        self._screen.line()
        self._screen.step("✓" if good else "✗", f"turn {event['state']}", self.phase("turn"))
        if event.get("error"):
            self._screen.line(f"{INDENT}{event['error']['message']}")

    def _tool(self, event: Event) -> None:
        self._tools[event["tool"]] = event
        self._screen.live(event["title"])

    def _tool_ended(self, event: Event) -> None:
        known = self._tools.pop(event["tool"], event)
        mark = "✓" if event["status"] == "completed" else "✗"
        self._screen.line()
        self._screen.step(mark, event["title"] or known["title"] or "a tool")

    def _files(self, event: Event) -> None:
        names = ", ".join(Path(path).name for path in event["paths"])
        self._screen.line(f"{INDENT}changed in the workspace: {names or 'nothing'}")


def _counted(event: Event) -> str:
    """A step with its place, on one line of bounded length."""
    words = " ".join(str(event["step"]).split())
    step = words if len(words) <= STEP_CHARACTERS else words[: STEP_CHARACTERS - 1] + "…"
    if not event.get("current"):
        return step
    of = f"/{event['total']}" if event.get("total") else ""
    return f"{event['current']}{of} {step}"
