"""Real agents that use a key without having it: the broker takes it to the scripted model."""

import json
import secrets
from collections.abc import Callable, Mapping

import pytest

from berth.demo.http import Request
from tests.agents_real.desk import Desk, text_of
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.agents, pytest.mark.timeout(600)]

KEY = f"sk-canary-{secrets.token_hex(16)}"


def shown(request: Request) -> str:
    """The key that a request came with."""
    return request.headers.get("x-api-key", "") or request.headers.get("authorization", "").removeprefix("Bearer ")


def opencode(model: ModelServer) -> dict[str, str]:
    """OpenCode with Anthropic's own provider, at an endpoint of the user's."""
    limit = {"context": 100_000, "output": 8_000}
    provider = {
        "options": {"baseURL": f"{model.url}/v1"},
        "models": {"scripted": {"name": "scripted", "limit": limit}},
    }
    config = {**json.loads(model.opencode()["OPENCODE_CONFIG_CONTENT"]), "provider": {"anthropic": provider}}
    config |= {"model": "anthropic/scripted", "small_model": "anthropic/scripted"}
    config["permission"] = dict.fromkeys(("bash", "edit", "external_directory"), "allow")
    written = {"OPENCODE_CONFIG_CONTENT": json.dumps(config), "OPENCODE_DISABLE_MODELS_FETCH": "1"}
    return {**written, "ANTHROPIC_API_KEY": KEY}


AGENTS: Mapping[str, Callable[[ModelServer], dict[str, str]]] = {
    "claude": lambda model: {**model.claude(), "ANTHROPIC_API_KEY": KEY},
    "claude-cli": lambda model: {**model.claude(), "ANTHROPIC_API_KEY": KEY},
    "codex": lambda model: {**model.codex(), "OPENAI_API_KEY": KEY},
    "opencode": opencode,
}


@pytest.mark.parametrize("agent", sorted(AGENTS))
async def test_an_agent_does_a_task_with_a_key_that_it_does_not_have(
    agent: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, AGENTS[agent](model))
    await desk.prompt("run env; cat /proc/*/environ")
    if agent in ("claude", "claude-cli"):
        await desk.answer("allow_once")
    await desk.until_kind("turn.ended")
    assert "ran: " in text_of(desk.events)
    assert {shown(request) for request in model.requests} == {KEY}
    assert KEY not in json.dumps(desk.events)


async def test_a_subscriptions_token_stays_outside_as_well(desk: Desk, model: ModelServer) -> None:
    environment = {name: value for name, value in model.claude().items() if name != "ANTHROPIC_API_KEY"}
    await desk.start("claude-cli", {**environment, "CLAUDE_CODE_OAUTH_TOKEN": KEY})
    assert "hello" in text_of(await desk.turn("say hello"))
    assert {request.headers["authorization"] for request in model.requests} == {f"Bearer {KEY}"}
    assert KEY not in json.dumps(desk.events)
