import pytest

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import ContextBlock, Prompt, TurnOver
from berth.protocol.events import Noise, Notice, PartDelta, PartStarted, Raw, ThoughtDelta, UsageUpdated
from berth.protocol.tool_events import ToolEnded
from tests.agents.peer import AcpPeer, of

BLOCK = ContextBlock("x = 1\n", "a.py", "file:///workspace/a.py", "text/x-python", unsaved=True)


def prompted(*context: ContextBlock, embedded: bool = False) -> AcpPeer:
    peer = AcpPeer(AcpDialect())
    peer.shake_hands(promptCapabilities={"embeddedContext": embedded})
    peer.took(peer.dialect.prompt(Prompt("do it", context)))
    return peer


def chunk(text: str, variant: str = "agent_message_chunk", **fields: str) -> dict[str, object]:
    update = {"sessionUpdate": variant, "content": {"type": "text", "text": text}, **fields}
    return {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s1", "update": update}}


def test_an_unsaved_buffer_goes_in_as_an_embedded_resource() -> None:
    resource = {"uri": BLOCK.uri, "mimeType": "text/x-python", "text": "x = 1\n"}
    assert prompted(BLOCK, embedded=True).last()["params"] == {
        "sessionId": "s1",
        "prompt": [{"type": "text", "text": "do it"}, {"type": "resource", "resource": resource}],
    }


def test_an_agent_without_embedded_context_gets_it_as_text() -> None:
    block = prompted(BLOCK).last()["params"]["prompt"][1]
    assert block["type"] == "text"
    assert block["text"].endswith("not saved yet:\n```\nx = 1\n```\n")


def test_plain_text_context_is_text_for_every_agent() -> None:
    assert prompted(ContextBlock("E501", "Problems"), embedded=True).last()["params"]["prompt"][1]["type"] == "text"


def test_neighbouring_chunks_are_one_delta_of_one_part() -> None:
    assert prompted().feed(chunk("Hel"), chunk("lo"), chunk("")) == [
        PartStarted(part="p1"),
        PartDelta(part="p1", text="Hello"),
    ]


def test_thought_and_message_are_different_parts() -> None:
    signals = prompted().feed(chunk("hm", "agent_thought_chunk"), chunk("Yes"), chunk("so", "agent_thought_chunk"))
    assert [started.of for started in of(signals, PartStarted)] == ["thought", "message", "thought"]
    assert [delta.part for delta in of(signals, ThoughtDelta)] == ["p1", "p3"]


def test_another_message_id_begins_another_part() -> None:
    signals = prompted().feed(chunk("a", messageId="m1"), chunk("b", messageId="m1"), chunk("c", messageId="m2"))
    assert [(delta.part, delta.text) for delta in of(signals, PartDelta)] == [("p1", "ab"), ("p2", "c")]


def test_a_new_turn_begins_a_new_part() -> None:
    peer = prompted()
    peer.feed(chunk("one"))
    peer.reply({"stopReason": "end_turn"})
    peer.took(peer.dialect.prompt(Prompt("again")))
    assert [delta.part for delta in of(peer.feed(chunk("two")), PartDelta)] == ["p2"]


def test_content_that_is_no_text_is_named_and_kept_raw() -> None:
    image = {"type": "image", "mimeType": "image/png", "data": "AAAA"}
    signals = prompted().update("agent_message_chunk", content=image)
    assert of(signals, PartDelta)[0].text == "[image image/png]"
    assert of(signals, Raw)


def test_updates_between_turns_are_told() -> None:
    peer = AcpPeer(AcpDialect())
    peer.shake_hands()
    assert of(peer.feed(chunk("by the way")), PartDelta)


def test_the_end_of_a_turn_carries_the_agents_word_and_tokens() -> None:
    signals = prompted().reply({"stopReason": "end_turn", "usage": {"inputTokens": 3, "outputTokens": 4}})
    assert of(signals, TurnOver) == [TurnOver("complete", "end_turn")]
    assert of(signals, UsageUpdated)[0].usage.output_tokens == 4


@pytest.mark.parametrize("reason", ["max_tokens", "max_turn_requests", "refusal"])
def test_an_early_end_is_complete_with_a_notice(reason: str) -> None:
    signals = prompted().reply({"stopReason": reason})
    assert of(signals, TurnOver) == [TurnOver("complete", reason)]
    assert of(signals, Notice)


def test_an_error_ends_the_turn_with_words_for_a_person() -> None:
    (over,) = of(prompted().fail(-32603, "API Error: 529 Overloaded"), TurnOver)
    assert over.error is not None
    assert (over.state, over.error.kind) == ("error", "agent-refused")
    assert "Overloaded" in over.error.message


def test_a_login_that_ran_out_is_named_so() -> None:
    (over,) = of(prompted().fail(-32000, "Authentication required"), TurnOver)
    assert over.error is not None
    assert over.error.kind == "login-needed"


def test_cancel_is_said_once_and_the_turn_ends_when_the_agent_obeys() -> None:
    peer = prompted()
    assert peer.took(peer.dialect.cancel()) == []
    peer.took(peer.dialect.cancel())
    assert [frame["method"] for frame in peer.written[-2:]] == ["session/prompt", "session/cancel"]
    peer.update("agent_message_chunk", content={"type": "text", "text": "still"})
    prompt = next(frame for frame in peer.written if frame["method"] == "session/prompt")
    signals = peer.feed({"jsonrpc": "2.0", "id": prompt["id"], "result": {"stopReason": "cancelled"}})
    assert of(signals, TurnOver) == [TurnOver("cancelled", "cancelled")]


def test_an_error_after_a_cancel_is_the_cancel() -> None:
    peer = prompted()
    peer.took(peer.dialect.cancel())
    prompt = next(frame for frame in peer.written if frame["method"] == "session/prompt")
    signals = peer.feed({"jsonrpc": "2.0", "id": prompt["id"], "error": {"code": -32800, "message": "aborted"}})
    assert of(signals, TurnOver) == [TurnOver("cancelled", "cancelled")]


def test_cancel_between_turns_says_nothing() -> None:
    peer = prompted()
    peer.reply({"stopReason": "end_turn"})
    assert peer.dialect.cancel().output == b""


def test_a_second_prompt_in_a_turn_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="TURN"):
        prompted().dialect.prompt(Prompt("me too"))


def test_an_end_in_mid_turn_is_an_error_that_loses_nothing() -> None:
    peer = prompted()
    peer.update("tool_call", toolCallId="t1", title="Work", status="in_progress")
    peer.feed(b'{"jsonrpc":"2.0","id')
    signals = peer.took(peer.dialect.end())
    assert of(signals, Noise)[0].text == '{"jsonrpc":"2.0","id'
    assert of(signals, ToolEnded)[0].status == "cancelled"
    (over,) = of(signals, TurnOver)
    assert over.error is not None
    assert over.error.kind == "agent-exited"
    assert peer.dialect.end().signals == ()


@pytest.mark.parametrize(
    "line", [b"Loading\n", b"42\n", b'{"id":1}\n', b'{"jsonrpc":"2.0","id":99,"result":{}}\n', b'{"jsonrpc":"2.0"}\n']
)
def test_what_is_not_the_protocol_is_noise(line: bytes) -> None:
    (noise,) = prompted().feed(line)
    assert isinstance(noise, Noise)
    assert noise.text == line.decode().strip()


def test_blank_lines_are_nothing() -> None:
    assert prompted().feed(b"\n \r\n\n") == []


@pytest.mark.parametrize("method", ["fs/write_text_file", "terminal/create", "elicitation/create", "_vendor/ask"])
def test_requests_that_are_not_served_are_refused_and_kept(method: str) -> None:
    peer = prompted()
    assert of(peer.request(0, method), Raw)
    assert (peer.last()["id"], peer.last()["error"]["code"]) == (0, -32601)


def test_unknown_notifications_and_updates_are_kept_raw() -> None:
    peer = prompted()
    frame = {"jsonrpc": "2.0", "method": "_vendor/hello", "params": {"a": 1}}
    assert peer.feed(frame) == [Raw(frame=frame)]
    assert of(peer.update("from_the_future", x=1), Raw)


def test_updates_of_another_conversation_are_kept_raw() -> None:
    frame = chunk("not ours")
    frame["params"] = {**dict(frame["params"]), "sessionId": "other"}  # type: ignore[call-overload]  # JSON by hand
    assert prompted().feed(frame) == [Raw(frame=frame)]


def test_a_huge_line_passes() -> None:
    text = "x" * 32_000_000
    assert of(prompted().feed(chunk(text)), PartDelta)[0].text == text
