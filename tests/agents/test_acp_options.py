from typing import Any

import pytest

from berth.agents.acp.dialect import AcpDialect
from berth.errors import AgentError
from berth.protocol.events import CommandsChanged, Notice, OptionsChanged, PlanUpdated, UsageUpdated
from tests.agents.peer import AcpPeer, of

MODES = {"currentModeId": "ask", "availableModes": [{"id": "ask", "name": "Ask"}, {"id": "code", "name": "Code"}]}
MODELS = {"currentModelId": "big", "availableModels": [{"modelId": "big", "name": "Big"}, {"modelId": "small"}]}
CONFIG: list[dict[str, Any]] = [
    {"id": "fast", "name": "Fast", "type": "boolean", "currentValue": False},
    {
        "id": "effort",
        "name": "Effort",
        "type": "select",
        "category": "thought_level",
        "currentValue": "low",
        "options": [{"group": "g", "name": "G", "options": [{"value": "low", "name": "Low"}, {"value": "high"}]}],
    },
]


def ready(**session: Any) -> AcpPeer:
    peer = AcpPeer(AcpDialect())
    peer.shake_hands(session)
    return peer


def values(peer: AcpPeer) -> dict[str, str]:
    return {option.id: option.value for option in of(peer.signals, OptionsChanged)[-1].options}


def test_modes_models_and_config_options_are_one_list() -> None:
    peer = ready(modes=MODES, models=MODELS, configOptions=CONFIG)
    assert values(peer) == {"mode": "ask", "model": "big", "fast": "false", "effort": "low"}


def test_a_config_option_for_the_mode_replaces_the_older_modes() -> None:
    mode = {"id": "permissions", "name": "Mode", "category": "mode", "currentValue": "a", "options": [{"value": "a"}]}
    assert values(ready(modes=MODES, configOptions=[mode])) == {"permissions": "a"}


@pytest.mark.parametrize(
    ("option", "value", "method", "params"),
    [
        ("mode", "code", "session/set_mode", {"modeId": "code"}),
        ("model", "small", "session/set_model", {"modelId": "small"}),
        ("effort", "high", "session/set_config_option", {"configId": "effort", "value": "high"}),
        ("fast", "true", "session/set_config_option", {"configId": "fast", "type": "boolean", "value": True}),
    ],
)
def test_each_sort_of_option_is_set_its_own_way(option: str, value: str, method: str, params: dict[str, Any]) -> None:
    peer = ready(modes=MODES, models=MODELS, configOptions=CONFIG)
    assert peer.took(peer.dialect.set_option(option, value)) == []
    assert (peer.last()["method"], peer.last()["params"]) == (method, {"sessionId": "s1", **params})


def test_an_option_has_its_new_value_when_the_agent_agrees() -> None:
    peer = ready(modes=MODES)
    peer.took(peer.dialect.set_option("mode", "code"))
    peer.reply({})
    assert values(peer) == {"mode": "code"}
    assert peer.update("current_mode_update", currentModeId="code") == []


def test_the_agents_own_list_counts_after_a_change() -> None:
    peer = ready(configOptions=CONFIG)
    peer.took(peer.dialect.set_option("fast", "true"))
    peer.reply({"configOptions": [{**CONFIG[0], "currentValue": True}]})
    assert values(peer) == {"fast": "true"}


def test_a_refused_change_is_a_notice() -> None:
    peer = ready(modes=MODES)
    peer.took(peer.dialect.set_option("mode", "code"))
    (notice,) = of(peer.fail(-32602, "not now"), Notice)
    assert "mode" in notice.message
    assert values(peer) == {"mode": "ask"}


@pytest.mark.parametrize(("option", "value"), [("nope", "x"), ("mode", "nope"), ("fast", "yes")])
def test_what_the_agent_does_not_have_is_unsupported(option: str, value: str) -> None:
    peer = ready(modes=MODES, configOptions=CONFIG)
    with pytest.raises(AgentError) as raised:
        peer.dialect.set_option(option, value)
    assert raised.value.kind == "unsupported"
    assert "It has: " in raised.value.hint


def test_options_before_readiness_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="NEW"):
        AcpDialect().set_option("mode", "code")


def test_a_config_update_replaces_all() -> None:
    peer = ready(configOptions=CONFIG)
    peer.update("config_option_update", configOptions=CONFIG[:1])
    assert values(peer) == {"fast": "false"}


def test_commands_plan_usage_and_notices_are_told() -> None:
    peer = ready()
    peer.update("available_commands_update", availableCommands=[{"name": "init", "description": "Begins"}, {}])
    peer.update("plan", entries=[{"content": "Look", "status": "completed", "priority": "high"}, {"content": "Sleep"}])
    peer.update("usage_update", used=5, size=10, cost={"amount": 0.5, "currency": "EUR"})
    peer.update("notice", severity="error", title="Careful", description="Hot")
    assert [command.name for command in of(peer.signals, CommandsChanged)[0].commands] == ["init"]
    assert [entry.status for entry in of(peer.signals, PlanUpdated)[0].entries] == ["completed", "pending"]
    usage = of(peer.signals, UsageUpdated)[0].usage
    assert (usage.used, usage.size, usage.cost, usage.currency) == (5, 10, 0.5, "EUR")
    assert of(peer.signals, Notice) == [Notice(severity="error", message="Careful\nHot")]


def test_what_was_told_is_not_told_again() -> None:
    peer = ready()
    for _ in range(2):
        peer.update("usage_update", used=5, size=10)
        peer.update("available_commands_update", availableCommands=[{"name": "init"}])
    assert (len(of(peer.signals, UsageUpdated)), len(of(peer.signals, CommandsChanged))) == (1, 1)


def test_a_failed_compaction_is_a_warning() -> None:
    peer = ready()
    peer.update("compaction_update", compactionId="c", status="failed", error="too small")
    (notice,) = of(peer.signals, Notice)
    assert (notice.severity, notice.message) == ("warning", "The agent could not compact the conversation. too small")
