from typing import Any

import pytest

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import Answer, Prompt, TurnOver, Withdrawn
from berth.protocol.events import InputRequested, PartDelta
from berth.protocol.session import Option, OptionKind
from berth.protocol.tool_events import DiffContent, Location, TextContent, ToolCall, ToolEnded, ToolStarted, ToolUpdated
from tests.agents.peer import AcpPeer, of

OPTIONS = [
    {"optionId": "all", "name": "Always", "kind": "allow_always"},
    {"optionId": "yes", "name": "Yes", "kind": "allow_once"},
    {"optionId": "no", "name": "No", "kind": "reject_once"},
    {"optionId": "odd", "name": "Odd", "kind": "allow_in_may"},
]
YES = Option(id="yes", name="Yes", kind=OptionKind.ALLOW_ONCE)
NO = Option(id="no", name="No", kind=OptionKind.REJECT_ONCE)


def prompted() -> AcpPeer:
    peer = AcpPeer(AcpDialect())
    peer.shake_hands()
    peer.took(peer.dialect.prompt(Prompt("do it")))
    return peer


def asked(peer: AcpPeer, identity: Any = 7, **call: Any) -> str:
    call = {"toolCallId": "t1", "title": "Write a.txt", "kind": "edit", **call}
    signals = peer.request(identity, "session/request_permission", sessionId="s1", toolCall=call, options=OPTIONS)
    return of(signals, InputRequested)[0].input.request


def told(peer: AcpPeer) -> list[tuple[str, str]]:
    return [(call.kind, call.status) for call in of(peer.signals, ToolCall)]


def test_a_call_is_told_whole_at_each_step() -> None:
    peer = prompted()
    diff = {"type": "diff", "path": "/workspace/a", "oldText": None, "newText": "x"}
    peer.update(
        "tool_call", toolCallId="t1", title="Edit", kind="edit", locations=[{"path": "/workspace/a", "line": 3}]
    )
    peer.update("tool_call_update", toolCallId="t1", status="in_progress", content=[diff])
    peer.update("tool_call_update", toolCallId="t1", status="completed", rawOutput="done")
    started, updated, ended = of(peer.signals, ToolCall)
    assert started == ToolStarted(
        tool="t1", title="Edit", family="edit", status="streaming", locations=(Location(path="/workspace/a", line=3),)
    )
    assert isinstance(updated, ToolUpdated)
    assert isinstance(ended, ToolEnded)
    assert ended.content == (DiffContent(path="/workspace/a", new="x"),)


def test_an_update_that_changes_nothing_is_not_told() -> None:
    peer = prompted()
    peer.update("tool_call", toolCallId="t1", title="Edit")
    assert peer.update("tool_call_update", toolCallId="t1", _meta={"x": 1}, title=None) == []


def test_a_call_that_is_first_heard_of_at_its_end_is_started_and_ended() -> None:
    peer = prompted()
    peer.update("tool_call_update", toolCallId="t1", status="failed", rawOutput={"why": "x"})
    assert told(peer) == [("tool.started", "failed"), ("tool.ended", "failed")]
    assert of(peer.signals, ToolEnded)[0].content == (TextContent(text='{"why": "x"}'),)


def test_unknown_kinds_and_statuses_are_read_as_something_harmless() -> None:
    peer = prompted()
    peer.update(
        "tool_call", toolCallId="t1", title="T", kind="teleport", status="pondering", content=[{"type": "hologram"}]
    )
    (call,) = of(peer.signals, ToolStarted)
    assert (call.family, call.status, call.content) == ("other", "running", (TextContent(text="[hologram]"),))


def test_text_after_a_tool_call_is_a_new_part_but_updates_do_not_tear_one() -> None:
    peer = prompted()
    text = {"type": "text", "text": "a"}
    peer.update("agent_message_chunk", content=text)
    peer.update("tool_call", toolCallId="t1", title="T")
    peer.update("agent_message_chunk", content=text)
    peer.update("tool_call_update", toolCallId="t1", status="completed")
    peer.update("agent_message_chunk", content=text)
    assert [delta.part for delta in of(peer.signals, PartDelta)] == ["p1", "p2", "p2"]


def test_an_ended_call_is_forgotten_with_the_next_turn() -> None:
    peer = prompted()
    peer.update("tool_call", toolCallId="t1", title="T", status="completed")
    peer.reply({"stopReason": "end_turn"})
    peer.took(peer.dialect.prompt(Prompt("again")))
    assert of(peer.update("tool_call", toolCallId="t1", title="T"), ToolStarted)


def test_a_permission_asks_with_kinds_and_starts_the_call_it_is_about() -> None:
    peer = prompted()
    request = asked(peer)
    (question,) = of(peer.signals, InputRequested)
    assert (question.input.title, question.input.tool, request) == ("Write a.txt", "t1", "q1")
    kinds = [option.kind for option in question.input.options]
    assert kinds == [OptionKind.ALLOW_ALWAYS, OptionKind.ALLOW_ONCE, OptionKind.REJECT_ONCE, OptionKind.OTHER]
    assert told(peer) == [("tool.started", "pending-confirmation")]


def test_a_permission_upserts_a_call_that_is_known() -> None:
    peer = prompted()
    peer.update("tool_call", toolCallId="t1", title="Write", status="pending")
    asked(peer)
    assert told(peer) == [("tool.started", "streaming"), ("tool.updated", "pending-confirmation")]


def test_an_allowed_call_runs() -> None:
    peer = prompted()
    signals = peer.took(peer.dialect.respond(asked(peer), Answer(YES)))
    assert peer.last() == {
        "jsonrpc": "2.0",
        "id": 7,
        "result": {"outcome": {"outcome": "selected", "optionId": "yes"}},
    }
    assert [call.status for call in of(signals, ToolUpdated)] == ["running"]


@pytest.mark.parametrize("identity", [0, "a-string", 2**40])
def test_a_rejection_goes_back_under_the_agents_own_id(identity: Any) -> None:
    peer = prompted()
    assert peer.took(peer.dialect.respond(asked(peer, identity), Answer(NO))) == []
    assert (peer.last()["id"], peer.last()["result"]["outcome"]["optionId"]) == (identity, "no")


def test_no_answer_is_cancelled() -> None:
    peer = prompted()
    peer.took(peer.dialect.respond(asked(peer), Answer()))
    assert peer.last()["result"] == {"outcome": {"outcome": "cancelled"}}


def test_answers_to_what_is_not_asked_are_the_callers_mistake() -> None:
    peer = prompted()
    request = asked(peer)
    with pytest.raises(ValueError, match="q1"):
        peer.dialect.respond(request, Answer(Option(id="else", name="Else")))
    peer.took(peer.dialect.respond(request, Answer(NO)))
    with pytest.raises(ValueError, match="q1"):
        peer.dialect.respond(request, Answer(NO))


def test_a_cancel_answers_every_open_question_before_it_is_said() -> None:
    peer = prompted()
    asked(peer, 7)
    asked(peer, 8, toolCallId="t2")
    assert peer.took(peer.dialect.cancel()) == [Withdrawn("q1"), Withdrawn("q2")]
    outcomes = [frame.get("result", {}).get("outcome", {}).get("outcome") for frame in peer.written[-3:]]
    assert outcomes == ["cancelled", "cancelled", None]
    assert peer.last()["method"] == "session/cancel"


def test_a_question_that_comes_after_a_cancel_is_answered_and_not_asked() -> None:
    peer = prompted()
    peer.took(peer.dialect.cancel())
    call = {"toolCallId": "t1", "title": "Late"}
    signals = peer.request(9, "session/request_permission", sessionId="s1", toolCall=call, options=OPTIONS)
    assert (of(signals, InputRequested), peer.last()["result"]) == ([], {"outcome": {"outcome": "cancelled"}})


def test_the_agent_can_take_a_question_back() -> None:
    peer = prompted()
    asked(peer, 7)
    frame = {"jsonrpc": "2.0", "method": "$/cancel_request", "params": {"requestId": 7}}
    assert peer.feed(frame) == [Withdrawn("q1")]
    assert (peer.last()["id"], peer.last()["error"]["code"]) == (7, -32800)


def test_the_end_of_a_turn_closes_its_questions_and_a_broken_one_its_calls() -> None:
    peer = prompted()
    prompt = peer.last()["id"]
    asked(peer)
    signals = peer.feed({"jsonrpc": "2.0", "id": prompt, "error": {"code": 1, "message": "broken"}})
    assert [type(signal) for signal in signals] == [Withdrawn, ToolEnded, TurnOver]
    assert of(signals, ToolEnded)[0].status == "cancelled"
