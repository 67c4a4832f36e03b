import io
import os

import pytest

from berth.demo.screen import Screen
from berth.demo.show import Event, Show

WRITE = {
    "kind": "tool.started",
    "tool": "t1",
    "title": "Write hello.md",
    "status": "running",
    "content": [{"type": "diff", "path": "/w/hello.md", "old": "one\ntwo\n", "new": "one\n2\n"}],
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(*events: Event) -> str:
    stream = io.StringIO()
    show = Show(Screen(stream))
    for event in events:
        show.event(event)
    return stream.getvalue()


def test_streamed_pieces_are_one_indented_text() -> None:
    pieces = [{"kind": "part.delta", "part": "p", "text": text} for text in ("Hello ", "world\nand ", "more")]
    assert shown(*pieces) == "  Hello world\n  and more"


def test_a_step_after_text_begins_a_line_of_its_own() -> None:
    text = {"kind": "part.delta", "part": "p", "text": "words"}
    assert "words\n" in shown(text, {**WRITE, "kind": "tool.ended", "status": "completed"})


def test_a_question_shows_the_change_it_is_about() -> None:
    stream = io.StringIO()
    show = Show(Screen(stream))
    show.event(WRITE)
    show.question({"title": "Write hello.md?", "tool": "t1"})
    lines = [line.strip() for line in stream.getvalue().splitlines()]
    assert lines == ["? Write hello.md?", "/w/hello.md", "one", "-two", "+2"]


def test_build_steps_are_lines_where_there_is_no_terminal() -> None:
    step = {"kind": "image.progress", "step": "RUN apt-get", "current": 3, "total": 9}
    assert shown(step, {**step, "log": "Get:1 …"}, {**step, "cached": True}) == "  3/9 RUN apt-get\n"


def test_a_long_build_step_is_one_short_line() -> None:
    said = shown({"kind": "image.progress", "step": "RUN a \\\n  && b" * 50, "current": 1, "total": 2})
    assert said.count("\n") == 1
    assert len(said) < 110


def test_a_live_line_is_replaced_by_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    screen = Screen(stream)
    screen.live("building\nfor long")
    screen.step("✓", "built", 1.5)
    assert stream.getvalue() == "… building for long\r\x1b[K✓ built  1.50 s\n"


def test_colours_are_for_terminals_only() -> None:
    assert Screen(io.StringIO()).paint("x", "red") == "x"


def test_an_unknown_kind_of_event_is_left_out() -> None:
    assert shown({"kind": "something.new"}) == ""


def test_phases_add_up_under_their_names() -> None:
    show = Show(Screen(io.StringIO()))
    show.phase("image")
    show.phase("image")
    assert list(show.took) == ["image"]


def test_a_reader_that_has_gone_away_stops_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        screen = Screen(stream)
        screen.line("to nobody")
        screen.line("still nobody")
    assert not screen.is_terminal
