import json

import pytest
from docker import DockerClient

from tests.agents_real.desk import START_SECONDS, Desk, text_of
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.agents, pytest.mark.timeout(600)]

AGENTS = ("claude", "claude-cli")


@pytest.mark.parametrize("agent", AGENTS)
async def test_an_agent_that_crashes_in_mid_turn_fails_the_session_and_can_be_restarted(
    agent: str, desk: Desk, model: ModelServer, engine: DockerClient
) -> None:
    await desk.start(agent, model.claude())
    await desk.prompt("slow and steady")
    await desk.until_kind("part.delta")
    container = engine.containers.get((await desk.info())["container"])
    container.exec_run(["sh", "-c", "kill -9 $(pgrep -f 'claude' | grep -v -e '^1$' -e \"^$$\\$\")"])
    ended = await desk.until_kind("turn.ended")
    failed = await desk.until_state("failed")
    assert ended["state"] == "error"
    assert failed["error"]["kind"] == "agent-exited"
    await desk.command("agent.restart")
    await desk.until_state("idle")
    assert text_of(await desk.turn("say BACK")).endswith("BACK")


@pytest.mark.parametrize("agent", AGENTS)
async def test_a_container_that_is_killed_fails_the_session_and_can_be_restarted(
    agent: str, desk: Desk, model: ModelServer, engine: DockerClient
) -> None:
    await desk.start(agent, model.claude())
    container = (await desk.info())["container"]
    engine.containers.get(container).kill("SIGKILL")
    failed = await desk.until_state("failed")
    assert failed["error"]["kind"] == "agent-exited"
    await desk.command("agent.restart")
    await desk.until_state("idle")
    assert (await desk.info())["container"] == container
    assert text_of(await desk.turn("say BACK")).endswith("BACK")


async def test_a_container_that_is_removed_from_outside_is_told_and_rebuilt(
    desk: Desk, model: ModelServer, engine: DockerClient
) -> None:
    await desk.start("claude", model.claude())
    container = (await desk.info())["container"]
    engine.containers.get(container).remove(force=True)
    await desk.until_state("failed")
    await desk.command("agent.rebuild")
    # the image is built anew, which takes as long as at first where the builder has nothing in its cache
    await desk.until_state("idle", seconds=START_SECONDS)
    assert (await desk.info())["container"] != container


@pytest.mark.parametrize("agent", AGENTS)
async def test_a_session_is_stopped_restarted_and_removed(
    agent: str, desk: Desk, model: ModelServer, engine: DockerClient
) -> None:
    await desk.start(agent, model.claude())
    await desk.turn("say ONE")
    container = (await desk.info())["container"]
    await desk.command("agent.stop")
    await desk.until_state("stopped")
    assert engine.containers.get(container).status == "exited"
    await desk.command("agent.restart")
    await desk.until_state("idle")
    assert text_of(await desk.turn("say TWO")).endswith("TWO")
    await desk.remove()
    desk.session = ""
    assert engine.containers.list(all=True, filters={"id": container}) == []


async def test_a_key_is_nowhere_to_be_seen_from_outside(desk: Desk, model: ModelServer, engine: DockerClient) -> None:
    key = "sk-scripted-7f3a91"
    await desk.start("claude", {**model.claude(), "ANTHROPIC_API_KEY": key})
    await desk.turn("say HELLO")
    container = engine.containers.get((await desk.info())["container"])
    assert key not in json.dumps(container.attrs)
    assert key not in json.dumps(container.top(ps_args="-eo pid,args"))
    assert key not in str(container.logs())
    assert key not in json.dumps(desk.events)


async def test_the_container_is_as_hard_as_was_promised(desk: Desk, model: ModelServer, engine: DockerClient) -> None:
    await desk.start("claude", model.claude())
    container = engine.containers.get((await desk.info())["container"])
    status = container.exec_run(["cat", "/proc/1/status"]).output
    assert isinstance(status, bytes)
    fields = dict(line.split(":\t", 1) for line in status.decode().splitlines() if ":\t" in line)
    owner = desk.workspace.stat()
    assert fields["CapEff"] == fields["CapBnd"] == "0000000000000000"
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"
    assert fields["Uid"].split("\t")[0] == str(owner.st_uid)
    assert container.exec_run(["touch", "/etc/made"]).exit_code != 0
