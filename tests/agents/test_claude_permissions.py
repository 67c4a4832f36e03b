import pytest

from berth.agents.base import Answer, TurnOver, Withdrawn
from berth.protocol.events import InputRequested
from berth.protocol.session import Option, OptionKind
from berth.protocol.tool_events import ToolCall
from tests.agents.claude_peer import asks, prompted, result, use
from tests.agents.peer import of

RULE = {"type": "addRules", "rules": [{"toolName": "Bash", "ruleContent": "ls *"}], "destination": "localSettings"}


def test_an_allowed_tool_gets_its_input_back() -> None:
    peer = prompted()
    use(peer, "Bash", command="ls")
    request = asks(peer)
    signals = peer.took(peer.dialect.respond(request, Answer(Option(id="allow", name="", kind=OptionKind.ALLOW_ONCE))))
    allowed = {"behavior": "allow", "updatedInput": {"command": "ls"}}
    assert peer.last()["response"] == {"subtype": "success", "request_id": "r1", "response": allowed}
    assert of(signals, ToolCall)[0].status == "running"


def test_always_is_offered_by_name_and_kept_to_the_session() -> None:
    peer = prompted()
    request = asks(peer, RULE, {"type": "setMode", "mode": "acceptEdits"})
    option = of(peer.signals, InputRequested)[0].input.options[1]
    assert (option.name, option.kind) == ("Always allow Bash(ls *) in this session", OptionKind.ALLOW_ALWAYS)
    peer.took(peer.dialect.respond(request, Answer(option)))
    assert peer.last()["response"]["response"]["updatedPermissions"] == [{**RULE, "destination": "session"}]


@pytest.mark.parametrize(("answer", "interrupt"), [(Answer(Option(id="reject", name="")), None), (Answer(), True)])
def test_rejected_is_denied_and_unanswered_also_interrupts(answer: Answer, interrupt: bool | None) -> None:  # noqa: FBT001 - a table's column
    peer = prompted()
    peer.took(peer.dialect.respond(asks(peer), answer))
    response = peer.last()["response"]["response"]
    assert (response["behavior"], response.get("interrupt")) == ("deny", interrupt)


def test_always_is_no_answer_where_it_was_not_offered() -> None:
    peer = prompted()
    request = asks(peer)
    with pytest.raises(ValueError, match="q1"):
        peer.dialect.respond(request, Answer(Option(id="always", name="")))
    peer.took(peer.dialect.respond(request, Answer()))


def test_a_cancel_interrupts_and_closes_questions() -> None:
    peer = prompted()
    asks(peer)
    assert peer.took(peer.dialect.cancel()) == [Withdrawn("q1")]
    assert peer.last()["request"] == {"subtype": "interrupt"}
    assert peer.feed({"type": "control_cancel_request", "request_id": "r1"}) == []
    assert result(peer, is_error=True, terminal_reason="aborted_tools") == TurnOver("cancelled", "aborted_tools")


def test_a_question_after_a_cancel_is_denied_and_not_asked() -> None:
    peer = prompted()
    peer.took(peer.dialect.cancel())
    request = {"subtype": "can_use_tool", "tool_name": "Bash", "input": {}}
    assert peer.feed({"type": "control_request", "request_id": "r2", "request": request}) == []
    assert peer.last()["response"]["response"]["behavior"] == "deny"


def test_the_agent_can_take_a_question_back() -> None:
    peer = prompted()
    asks(peer)
    assert peer.feed({"type": "control_cancel_request", "request_id": "r1"}) == [Withdrawn("q1")]
