import pytest

from berth.agents.base import Ready, Refused, TurnOver, Withdrawn
from berth.protocol.events import (
    InputRequested,
    Noise,
    OptionsChanged,
    PartDelta,
    PartStarted,
    ThoughtDelta,
    UsageUpdated,
)
from berth.protocol.session import OptionKind
from berth.protocol.tool_events import DiffContent, ToolEnded
from tests.agents.peer import joined, of
from tests.agents.replay import DIALECTS, replay


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_a_real_agent_becomes_ready_and_prints_no_noise(name: str) -> None:
    peer = replay(name)
    assert of(peer.signals, Ready)
    assert not of(peer.signals, Refused) + of(peer.signals, Noise)
    assert of(peer.signals, OptionsChanged)


@pytest.mark.parametrize("name", sorted(DIALECTS))
@pytest.mark.parametrize("pieces", [1, 7, 4096])
def test_a_real_agent_reads_the_same_in_pieces(name: str, pieces: int) -> None:
    whole, cut = replay(name), replay(name, pieces)
    assert [str(signal) for signal in joined(cut.signals)] == [str(signal) for signal in joined(whole.signals)]
    assert cut.written == whole.written


@pytest.mark.parametrize("name", ["claude-acp", "claude-cli"])
def test_claude_writes_a_file_after_it_was_allowed(name: str) -> None:
    signals = replay(name).signals
    question = of(signals, InputRequested)[0].input
    assert question.title == "Write hello.txt"
    assert {OptionKind.ALLOW_ONCE, OptionKind.REJECT_ONCE} <= {option.kind for option in question.options}
    written = of(signals, ToolEnded)[0]
    assert (written.status, written.family) == ("completed", "edit")
    assert written.content == (DiffContent(path="/workspace/hello.txt", old=None, new="hello from claude\n"),)


@pytest.mark.parametrize("name", ["claude-acp", "claude-cli"])
def test_claude_thinks_is_refused_cancelled_and_fails(name: str) -> None:
    signals = replay(name).signals
    assert "".join(delta.text for delta in of(signals, ThoughtDelta)) == "Let me think about it. "
    assert {"thought", "message"} == {started.of for started in of(signals, PartStarted)}
    states = [over.state for over in of(signals, TurnOver)]
    assert (states[:4], states.count("cancelled"), states[-1]) == (["complete"] * 4, 2, "error")
    assert of(signals, ToolEnded)[1].status == "failed"
    assert of(signals, Withdrawn)
    error = of(signals, TurnOver)[-1].error
    assert error is not None
    assert "scripted refusal" in error.message


@pytest.mark.parametrize("name", ["claude-acp", "claude-cli", "opencode"])
def test_usage_and_cost_are_told(name: str) -> None:
    usage = of(replay(name).signals, UsageUpdated)[-1].usage
    assert usage.cost
    assert (usage.currency, usage.size is not None) == ("USD", True)


def test_claudes_own_protocol_names_its_conversation_with_the_first_prompt() -> None:
    first, second = of(replay("claude-cli").signals, Ready)
    assert first.conversation is None
    assert second.conversation
    assert (second.agent_version, second.resumable) == ("2.1.330", True)


def test_text_that_was_streamed_is_not_said_again() -> None:
    text = "".join(delta.text for delta in of(replay("claude-cli").signals, PartDelta))
    assert text.count("You said something nice.") == 1


def test_opencode_asks_twice_for_one_call_and_the_call_ends_once_a_turn() -> None:
    signals = replay("opencode").signals
    assert [question.input.tool for question in of(signals, InputRequested)][:2] == [of(signals, ToolEnded)[0].tool] * 2
    assert [ended.status for ended in of(signals, ToolEnded)] == ["completed", "failed"]
