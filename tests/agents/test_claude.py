import pytest

from berth.agents.base import ContextBlock, Prompt, Ready, Refused, TurnOver
from berth.errors import AgentError
from berth.protocol.events import Noise, Notice, OptionsChanged, PartDelta, PlanUpdated, Raw, ThoughtDelta
from berth.protocol.tool_events import DiffContent, TerminalContent, TextContent, ToolCall
from tests.agents.claude_peer import answered, gave, opened, prompted, result, use
from tests.agents.peer import of


def test_a_prompt_is_one_line_with_its_context_as_text() -> None:
    peer = opened()
    answered(peer)
    peer.took(peer.dialect.prompt(Prompt("a\nb", [ContextBlock("x", "a.py", "file:///a.py")])))
    texts = [block["text"] for block in peer.last()["message"]["content"]]
    assert (texts[0], texts[1].startswith("a.py (file:///a.py):\n```\nx")) == ("a\nb", True)


def test_a_resumed_conversation_is_known_from_the_start() -> None:
    (ready,) = of(answered(opened("c1")), Ready)
    assert (ready.conversation, ready.resumed) == ("c1", True)


def test_a_conversation_that_cannot_be_resumed_is_refused_with_the_reason() -> None:
    failed = {"type": "result", "subtype": "error_during_execution", "is_error": True, "errors": ["No conversation c1"]}
    (refused,) = of(opened("c1").feed(failed), Refused)
    assert "No conversation c1" in refused.error.message


def test_a_refused_handshake_is_told() -> None:
    (refused,) = of(answered(opened(), error="Not logged in · Please run /login"), Refused)
    assert refused.error.kind == "login-needed"


def test_text_that_was_not_streamed_is_read_from_the_whole_message() -> None:
    content = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Hello"}]
    signals = prompted().feed({"type": "assistant", "message": {"id": "m1", "content": content}})
    assert (of(signals, ThoughtDelta)[0].text, of(signals, PartDelta)[0].text) == ("hm", "Hello")


def test_what_a_subagent_says_is_thought() -> None:
    content = [{"type": "text", "text": "found it"}]
    frame = {"type": "assistant", "parent_tool_use_id": "t9", "message": {"id": "m2", "content": content}}
    assert of(prompted().feed(frame), ThoughtDelta)[0].text == "found it"


def test_a_file_that_was_overwritten_ends_with_what_was_there_before() -> None:
    peer = prompted()
    use(peer, "Write", file_path="/workspace/a", content="new")
    ended = gave(peer, "ok", detail={"type": "update", "originalFile": "old"})
    assert ended.content == (DiffContent(path="/workspace/a", old="old", new="new"),)


def test_each_edit_of_a_multi_edit_is_a_diff() -> None:
    peer = prompted()
    edits = [{"old_string": "a", "new_string": "b"}, {"old_string": "c", "new_string": "d"}]
    (call,) = of(use(peer, "MultiEdit", file_path="/w/x.py", edits=edits), ToolCall)
    assert call.title == "MultiEdit x.py"
    assert [(diff.old, diff.new) for diff in call.content if isinstance(diff, DiffContent)] == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(("output", "code"), [("Exit code 2\nno such file", 2), ("hi", 0)])
def test_a_command_ends_with_its_output_and_exit_code(output: str, code: int) -> None:
    peer = prompted()
    use(peer, "Bash", command="ls x\n")
    ended = gave(peer, output, is_error=code != 0)
    assert ended.content == (TerminalContent(output=output, exit_code=code),)


def test_a_command_that_never_ran_has_no_exit_code() -> None:
    peer = prompted()
    use(peer, "Bash", command="ls x")
    assert gave(peer, "The user said no.", is_error=True).content == (TextContent(text="The user said no."),)


def test_a_to_do_list_is_a_plan() -> None:
    todos = [{"content": "Look", "status": "completed"}, {"content": "Odd", "status": "?"}]
    (plan,) = of(use(prompted(), "TodoWrite", todos=todos), PlanUpdated)
    assert [entry.content for entry in plan.entries] == ["Look"]


def test_other_control_requests_are_refused_and_kept() -> None:
    peer = prompted()
    frame = {"type": "control_request", "request_id": "r3", "request": {"subtype": "hook_callback"}}
    assert peer.feed(frame) == [Raw(frame=frame)]
    assert (peer.last()["response"]["subtype"], peer.last()["response"]["request_id"]) == ("error", "r3")


def test_a_failed_model_request_is_an_error_though_it_calls_itself_a_success() -> None:
    over = result(prompted(), is_error=True, result="API Error: 529 Overloaded", api_error_status=529)
    assert over.error is not None
    assert (over.state, over.error.kind) == ("error", "agent-refused")


def test_an_unauthorised_model_request_needs_a_login() -> None:
    over = result(prompted(), is_error=True, result="nope", api_error_status=401)
    assert over.error is not None
    assert over.error.kind == "login-needed"


def test_a_result_without_a_turn_is_kept_raw() -> None:
    peer = prompted()
    result(peer)
    assert of(peer.feed({"type": "result", "subtype": "success"}), Raw)


def test_retries_compaction_and_command_output_are_notices() -> None:
    peer = prompted()
    peer.feed({"type": "system", "subtype": "api_retry", "attempt": 2, "max_retries": 10, "error": "rate_limit"})
    peer.feed({"type": "system", "subtype": "compact_boundary"})
    said = "<local-command-stdout>Set model</local-command-stdout>"
    peer.feed({"type": "user", "message": {"content": said}})
    retry, compacted, output = of(peer.signals, Notice)
    assert retry.message == "The model did not answer (rate limit); the agent tries again, 2 of 10."
    assert (compacted.severity, output.message) == ("info", "Set model")


def test_mode_and_model_are_options_and_change_when_the_agent_agrees() -> None:
    peer = prompted()
    peer.took(peer.dialect.set_option("model", "haiku"))
    assert peer.last()["request"] == {"subtype": "set_model", "model": "haiku"}
    answered(peer)
    peer.took(peer.dialect.set_option("mode", "plan"))
    assert of(answered(peer, error="not allowed"), Notice)
    options = of(peer.signals, OptionsChanged)[-1].options
    assert {option.id: option.value for option in options} == {"mode": "default", "model": "haiku"}


@pytest.mark.parametrize(("option", "value"), [("effort", "high"), ("mode", "nope")])
def test_what_claude_does_not_have_is_unsupported(option: str, value: str) -> None:
    with pytest.raises(AgentError, match="has no"):
        prompted().dialect.set_option(option, value)


@pytest.mark.parametrize("line", [b"Loading\n", b'{"a":1}\n', b'{"type":3}\n', b"[]\n"])
def test_what_is_not_the_protocol_is_noise(line: bytes) -> None:
    assert of(prompted().feed(line), Noise)


def test_types_from_the_future_are_kept_raw() -> None:
    frames = [{"type": "from_the_future"}, {"type": "system", "subtype": "from_the_future"}]
    assert prompted().feed(*frames) == [Raw(frame=frame) for frame in frames]


def test_an_end_in_mid_turn_is_an_error() -> None:
    (over,) = of(prompted().dialect.end().signals, TurnOver)
    assert over.error is not None
    assert over.error.kind == "agent-exited"


def test_a_prompt_before_readiness_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="OPENING"):
        opened().dialect.prompt(Prompt("early"))
