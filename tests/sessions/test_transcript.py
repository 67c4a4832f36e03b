"""What a person reads, and what a hostile agent cannot make them click."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.protocol.container_events import ImageProgress
from berth.protocol.event_body import EventBody
from berth.protocol.events import (
    InputRequested,
    InputResolved,
    Noise,
    PartDelta,
    PartStarted,
    StateChanged,
    ThoughtDelta,
    TurnEnded,
    TurnStarted,
)
from berth.protocol.session import InputRequest, Option, OptionKind, State
from berth.protocol.tool_events import DiffContent, TerminalContent, ToolEnded
from berth.sessions.transcript import Transcript


def read(*bodies: EventBody) -> str:
    transcript = Transcript("/w")
    return "".join(transcript.add(body, 1) for body in bodies)


def said(*texts: str) -> str:
    deltas = [PartDelta(part="p", text=text) for text in texts]
    return read(PartStarted(part="p"), *deltas, TurnEnded(state="complete"))


def test_a_turn_reads_like_a_conversation() -> None:
    option = Option(id="a", name="Allow", kind=OptionKind.ALLOW_ONCE)
    text = read(
        TurnStarted(prompt="Write a greeting", context=("main.py:1-3",)),
        PartStarted(part="p1"),
        PartDelta(part="p1", text="I will write "),
        PartDelta(part="p1", text="it."),
        InputRequested(input=InputRequest(request="r", title="Write hello.txt", options=(option,))),
        InputResolved(request="r", option="a", by="Neovim"),
        ToolEnded(
            tool="t",
            title="Write hello.txt",
            status="completed",
            content=(DiffContent(path="/w/hello.txt", new="hi\n"),),
        ),
        TurnEnded(state="complete", duration=1_500),
    )
    assert "Write a greeting" in text
    assert "- main.py:1-3" in text
    assert "I will write it.\n" in text
    assert "**? Write hello.txt** (Allow)" in text
    assert "*Answered: Allow (Neovim)*" in text
    assert "**✓ Write hello.txt**" in text
    assert "+++ b/hello.txt\n" in text
    assert "+hi" in text
    assert "*Done in 1.5 s*" in text


def test_html_and_command_links_are_dead_text() -> None:
    text = said("<script>x</script> [run](command:workbench.action.quit) [f](file:///etc/passwd)\n")
    assert "<script" not in text
    assert "](command:" not in text
    assert "](file:" not in text


def test_a_command_link_cut_in_two_deltas_is_dead_too() -> None:
    assert "](command:" not in said("[run](comm", "and:x)\n")


def test_code_is_left_as_it_is() -> None:
    assert "vector<int> v;" in said("```cpp\nvector<int> v;\n```\n")


@pytest.mark.parametrize("opening", ["\t```", "``` a`b", "\x1b[0m  x ```", "text ```"])
def test_what_markdown_takes_for_no_fence_leaves_nothing_unescaped(opening: str) -> None:
    assert "<b>" not in said(f"{opening}\n<b>bold</b>\n")


def test_a_long_line_without_an_end_costs_no_more_than_it_is_long() -> None:
    transcript = Transcript()
    transcript.add(PartStarted(part="p"), 1)
    started = time.process_time()
    for _ in range(20_000):
        transcript.add(PartDelta(part="p", text="x" * 50), 1)
    assert time.process_time() - started < 5.0  # the square would be a minute; this is not a benchmark


def test_an_open_code_block_is_closed_before_what_follows() -> None:
    text = read(PartStarted(part="p"), PartDelta(part="p", text="```sh\nls"), TurnEnded(state="cancelled"))
    assert text.count("```") == 2


def test_thoughts_are_quoted() -> None:
    text = read(PartStarted(part="p", of="thought"), ThoughtDelta(part="p", text="hm\nso"), TurnEnded(state="complete"))
    assert "> hm\n" in text
    assert "> so\n" in text


def test_output_cannot_close_its_own_fence() -> None:
    text = read(ToolEnded(tool="t", title="ls", status="completed", content=(TerminalContent(output="```\n# fake"),)))
    assert "````\n```\n# fake\n````" in text


def test_long_output_is_cut_and_says_so() -> None:
    lines = "\n".join(str(n) for n in range(1_000))
    text = read(ToolEnded(tool="t", title="ls", status="completed", content=(TerminalContent(output=lines),)))
    assert "960 more lines" in text


def test_what_an_agent_chats_on_stderr_stays_out() -> None:
    assert read(Noise(stream="stderr", text="durationMs=3")) == ""
    assert "garbage" in read(Noise(stream="stdout", text="garbage"))


def test_a_build_is_one_line_whatever_its_steps() -> None:
    building = StateChanged(from_=State.PLANNED, to=State.BUILDING, why="Preparing the image berth/agent:1")
    text = read(building, ImageProgress(step="RUN make", current=1, total=2), ImageProgress(step="x", log="noise"))
    assert text == "\n*Preparing the image berth/agent:1*\n"


def test_control_characters_are_dropped() -> None:
    assert "\x1b" not in said("\x1b[31mred\x1b[0m\u202e\n")


@given(
    text=st.text(alphabet="ab<>[](): \n`command~#\x1b", max_size=200), cuts=st.lists(st.integers(0, 200), max_size=6)
)
def test_slicing_changes_nothing(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *[cut for cut in cuts if cut < len(text)]})
    pieces = [text[a:b] for a, b in pairwise(places)]
    assert said(*pieces) == said(text)
