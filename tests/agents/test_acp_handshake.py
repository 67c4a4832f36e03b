from typing import Any

import pytest

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import Opening, Prompt, Ready, Refused
from berth.protocol.events import Notice, OptionsChanged, PartDelta, Raw
from berth.protocol.tool_events import ToolStarted
from tests.agents.peer import AcpPeer, of

KEY = {"id": "some-api-key", "name": "API key", "description": "Set SOME_API_KEY"}
BROWSER = {"id": "oauth-personal", "name": "Log in with a browser"}


def opened(resume: str | None = None, auth: list[Any] | None = None, **capabilities: Any) -> AcpPeer:
    """A peer whose initialize was answered."""
    peer = AcpPeer(AcpDialect())
    peer.took(peer.dialect.open(Opening("/workspace", resume)))
    peer.reply({"protocolVersion": 1, "agentCapabilities": capabilities, "authMethods": auth or []})
    return peer


def test_neither_files_nor_terminals_are_offered() -> None:
    peer = opened()
    params = peer.written[0]["params"]
    assert params["protocolVersion"] == 1
    assert set(params["clientCapabilities"]) == {"session"}


def test_ready_names_the_conversation_and_the_agent() -> None:
    peer = AcpPeer(AcpDialect())
    peer.took(peer.dialect.open(Opening("/workspace")))
    peer.reply({"protocolVersion": 1, "agentInfo": {"name": "x", "title": "X", "version": "2"}})
    assert peer.last()["params"] == {"cwd": "/workspace", "mcpServers": []}
    assert peer.reply({"sessionId": "s1"}) == [Ready("s1", resumable=False, agent_title="X", agent_version="2")]


def test_modes_and_options_follow_readiness() -> None:
    modes = {"currentModeId": "ask", "availableModes": [{"id": "ask", "name": "Ask"}]}
    signals = AcpPeer(AcpDialect()).shake_hands({"modes": modes})
    assert [type(signal) for signal in signals] == [Ready, OptionsChanged]


@pytest.mark.parametrize("answer", [{"protocolVersion": 2}, {"protocolVersion": "1"}])
def test_another_protocol_version_is_refused(answer: dict[str, Any]) -> None:
    peer = AcpPeer(AcpDialect())
    peer.took(peer.dialect.open(Opening("/workspace")))
    (refused,) = of(peer.reply(answer), Refused)
    assert refused.error.kind == "unsupported"


def test_an_error_in_the_handshake_is_refused_with_the_agents_words() -> None:
    peer = opened()
    (refused,) = of(peer.fail(-32603, "Internal error", data={"details": "no config"}), Refused)
    assert (refused.error.kind, "no config" in refused.error.message) == ("agent-refused", True)


def test_a_conversation_without_a_name_is_refused() -> None:
    (refused,) = of(opened().reply({}), Refused)
    assert refused.error.kind == "agent-refused"


def test_a_key_from_the_environment_is_tried_once_and_never_a_browser() -> None:
    peer = opened(auth=[BROWSER, KEY])
    peer.fail(-32000, "Authentication required")
    assert (peer.last()["method"], peer.last()["params"]) == ("authenticate", {"methodId": "some-api-key"})
    peer.reply({})
    assert peer.last()["method"] == "session/new"
    (refused,) = of(peer.fail(-32000, "Authentication required"), Refused)
    assert refused.error.kind == "login-needed"


def test_a_missing_login_names_the_ways_to_sign_in() -> None:
    peer = opened(auth=[BROWSER, {**KEY, "id": "chatgpt"}])
    (refused,) = of(peer.fail(-32000, "Authentication required"), Refused)
    assert refused.error.kind == "login-needed"
    assert "Log in with a browser; API key (Set SOME_API_KEY)" in refused.error.hint


def test_a_key_that_is_refused_is_a_missing_login() -> None:
    peer = opened(auth=[KEY])
    peer.fail(-32000, "Authentication required")
    (refused,) = of(peer.fail(-32603, "SOME_API_KEY is not set"), Refused)
    assert (refused.error.kind, "SOME_API_KEY" in refused.error.message) == ("login-needed", True)


def test_resume_is_preferred_to_load() -> None:
    peer = opened("old", loadSession=True, sessionCapabilities={"resume": {}})
    assert peer.last()["method"] == "session/resume"
    assert peer.reply({}) == [Ready("old", resumable=True, resumed=True)]


def test_what_load_repeats_of_the_old_conversation_is_not_told_again() -> None:
    peer = opened("old", loadSession=True)
    assert peer.last()["params"]["sessionId"] == "old"
    peer.update("agent_message_chunk", content={"type": "text", "text": "said before"})
    peer.update("tool_call", toolCallId="t", title="done before")
    assert not of(peer.signals, PartDelta) + of(peer.signals, ToolStarted)
    assert of(peer.reply({}), Ready) == [Ready("old", resumable=True, resumed=True)]


def test_a_conversation_that_cannot_be_resumed_is_begun_anew_with_a_notice() -> None:
    peer = opened("old", loadSession=True)
    assert "gone" in of(peer.fail(-32002, "gone"), Notice)[0].message
    assert peer.last()["method"] == "session/new"
    assert of(peer.reply({"sessionId": "new"}), Ready) == [Ready("new", resumable=True)]


def test_an_agent_that_cannot_resume_is_not_asked_to() -> None:
    assert opened("old").last()["method"] == "session/new"


def test_a_prompt_before_readiness_is_the_callers_mistake() -> None:
    peer = opened()
    with pytest.raises(ValueError, match="OPENING"):
        peer.dialect.prompt(Prompt("early"))


def test_requests_of_the_agent_are_answered_in_the_handshake_too() -> None:
    peer = opened()
    assert of(peer.request("r1", "fs/read_text_file", path="/etc/passwd"), Raw)
    assert (peer.last()["id"], peer.last()["error"]["code"]) == ("r1", -32601)
