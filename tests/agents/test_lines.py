import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.agents.base import Answer, ContextBlock, Opening, Prompt, Ready, TurnOver
from berth.agents.lines import LinesDialect
from berth.errors import AgentError
from berth.protocol.events import PartDelta, PartStarted
from tests.agents.peer import joined, of
from tests.agents.slices import sliced


def opened(end_marker: str | None = None) -> LinesDialect:
    dialect = LinesDialect(end_marker=end_marker)
    assert dialect.open(Opening("/workspace")).signals == (Ready(None, resumable=False),)
    return dialect


def test_without_a_marker_a_turn_is_over_as_soon_as_the_prompt_is_written() -> None:
    reaction = opened().prompt(Prompt("do it"))
    assert (reaction.output, reaction.signals) == (b"do it\n", (TurnOver("complete"),))


def test_what_goes_with_a_prompt_follows_it_in_a_fence() -> None:
    prompt = Prompt("do it", [ContextBlock("```\nx", "a.py", "file:///a.py", unsaved=True)])
    assert opened().prompt(prompt).output == (
        b"do it\na.py (file:///a.py), as it is in the editor, not saved yet:\n````\n```\nx\n````\n"
    )


def test_output_is_one_delta_a_call_and_invalid_utf8_is_replaced() -> None:
    dialect = opened()
    reaction = dialect.receive(b"one\ntwo\xff\n\xc3")
    assert reaction.signals == (PartStarted(part="p1"), PartDelta(part="p1", text="one\ntwo\ufffd\n"))
    assert dialect.receive(b"\xa9").signals == (PartDelta(part="p1", text="é"),)


def test_a_marker_on_a_line_of_its_own_ends_the_turn_and_is_not_shown() -> None:
    dialect = opened("<<end>>")
    assert dialect.prompt(Prompt("go")).signals == ()
    signals = dialect.receive(b"see <<end>>\n<<end>> not yet\n<<end>>\nafter\n").signals
    assert [delta.text for delta in of(signals, PartDelta)] == ["see <<end>>\n<<end>> not yet\n", "after\n"]
    assert of(signals, TurnOver) == [TurnOver("complete", "end-marker")]


def test_a_cancelled_turn_still_owes_its_marker() -> None:
    dialect = opened("END")
    dialect.prompt(Prompt("one"))
    assert of(dialect.cancel().signals, TurnOver) == [TurnOver("cancelled", "cancelled")]
    dialect.prompt(Prompt("two"))
    assert of(dialect.receive(b"END\n").signals, TurnOver) == []
    assert of(dialect.receive(b"END\n").signals, TurnOver) == [TurnOver("complete", "end-marker")]


def test_a_marker_without_a_turn_is_text() -> None:
    assert of(opened("END").receive(b"END\n").signals, PartDelta) == [PartDelta(part="p1", text="END\n")]


def test_an_end_in_mid_turn_is_an_error_and_loses_no_text() -> None:
    dialect = opened("END")
    dialect.prompt(Prompt("go"))
    dialect.receive(b"half\nEN")
    reaction = dialect.end()
    assert of(reaction.signals, PartDelta) == [PartDelta(part="p1", text="EN")]
    (over,) = of(reaction.signals, TurnOver)
    assert over.error is not None
    assert (over.state, over.error.kind) == ("error", "agent-exited")


def test_a_plain_program_has_neither_options_nor_questions() -> None:
    dialect = opened()
    with pytest.raises(AgentError, match="no option 'mode'"):
        dialect.set_option("mode", "x")
    with pytest.raises(ValueError, match="q1"):
        dialect.respond("q1", Answer())


def test_calls_out_of_order_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="early"):
        LinesDialect().prompt(Prompt("early"))
    dialect = opened("END")
    dialect.prompt(Prompt("one"))
    with pytest.raises(ValueError, match="second"):
        dialect.prompt(Prompt("second"))


PRINTED = st.lists(st.sampled_from([b"END\n", b"END\r\n", b"EN", b"E", b"\n", b"x", b"\xc3", b"\xa9", b"\xff"]))


@given(sliced(PRINTED.map(b"".join)), st.sampled_from(["END", None]))
def test_signals_do_not_depend_on_how_the_output_was_cut(cut: tuple[bytes, list[bytes]], marker: str | None) -> None:
    whole, pieces = cut
    results = []
    for parts in (pieces, [whole]):
        dialect = opened(marker)
        signals = [*dialect.prompt(Prompt("go")).signals]
        for part in parts:
            signals += dialect.receive(part).signals
        results.append(joined([*signals, *dialect.end().signals]))
    assert str(results[0]) == str(results[1])
