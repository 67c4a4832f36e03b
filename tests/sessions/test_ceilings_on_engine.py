"""Floods on the real engine: paused, told of, asked about, and let go on, with nothing lost and nothing told twice."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from berth.agents.base import Prompt
from berth.planning.plan import SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import CeilingPassed
from berth.protocol.events import PartDelta
from berth.protocol.session import State
from tests.sessions.on_engine import Ground, begun, docker_client, on_ground
from tests.sessions.sessions_on_fake import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(400)]

SECONDS = 120.0

OBEY = 'while read -r line; do eval "$line"; done'
"""An agent that does what it is told."""

LINES = 400_000
FLOOD = f'perl -e \'for (1..{LINES}) {{ print "$_ ", "x" x 190, "\\n" }}\'; echo over'
"""Some 110 MB in the engine's log, which is put aside at 64."""

FILL = "for size in 20 20 20 4; do head -c ${size}000000 /dev/zero >> /home/agent/file; sleep 2; done; echo over"


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with on_ground(tmp_path) as made:
        yield elsewhere(made, "flooded")


def elsewhere(ground: Ground, name: str) -> Ground:
    """The same engine with another workspace: containers are named after it."""
    workspace = ground.workspace.parent / name / name
    workspace.mkdir(parents=True)
    return Ground(ground.engine, ground.labels, workspace)


def limited(plan: SessionPlan, **limits: int) -> SessionPlan:
    changed = replace(plan.container.limits, **limits)  # type: ignore[arg-type]  # each fits its field
    return replace(plan, container=replace(plan.container, limits=changed))


def passed(stage: Stage) -> list[str]:
    return [body.ceiling for body in stage.audience.bodies(CeilingPassed)]


def said(stage: Stage, last: int = 0) -> str:
    return "".join(part.text for part in stage.audience.bodies(PartDelta)[-last:])


def go_on(stage: Stage) -> None:
    [asked] = stage.session.info.input_needed
    assert asked.purpose == "ceiling"
    arguments = RespondArguments(session="s1", request=asked.request, option="go-on")
    stage.session.respond(arguments, by="a person")


@asynccontextmanager
async def neighbour(ground: Ground) -> AsyncIterator[Stage]:
    """Another session on the same engine, which must go on as ever."""
    other = elsewhere(ground, "neighbour")
    async with begun(other, other.plan(OBEY)) as stage:
        yield stage
        stage.session.prompt(Prompt("echo still here"))
        await stage.audience.until(lambda: "still here" in said(stage), SECONDS)
        assert passed(stage) == []


async def test_an_agent_that_prints_without_end_is_paused_and_no_line_is_lost_or_told_twice(ground: Ground) -> None:
    async with begun(ground, ground.plan(OBEY)) as stage, neighbour(ground):
        stage.session.prompt(Prompt(FLOOD))
        while "over" not in said(stage, last=2):
            await stage.audience.until(
                lambda: "over" in said(stage, last=2) or stage.session.info.input_needed, SECONDS
            )
            if stage.session.info.input_needed:
                go_on(stage)
        assert set(passed(stage)) == {"output"}
        numbers = [int(number) for number in re.findall(r"^(\d+) x", said(stage), re.MULTILINE)]
        assert numbers == list(range(1, LINES + 1))


async def test_an_agent_that_fills_its_home_is_paused_before_it_is_full(ground: Ground) -> None:
    plan = limited(ground.with_volume(ground.plan(OBEY), "/home/agent"), keep_free=16 * 2**20)
    volume = plan.container.mounts[-1].source
    await to_thread.run_sync(_small_volume, volume, dict(ground.labels))
    async with begun(ground, plan) as stage, neighbour(ground):
        stage.session.prompt(Prompt(FILL))
        await stage.audience.until(lambda: stage.session.info.input_needed, SECONDS)
        assert passed(stage) == ["disk"]
        assert "/home/agent" in stage.session.info.input_needed[0].title
        assert "over" not in said(stage)
        go_on(stage)
        await stage.audience.until(lambda: "over" in said(stage), SECONDS)
        assert passed(stage) == ["disk"]


async def test_a_fork_bomb_is_paused_at_its_limit(ground: Ground) -> None:
    async with begun(ground, limited(ground.plan(OBEY), pids=40)) as stage, neighbour(ground):
        stage.session.prompt(Prompt("(for i in $(seq 60); do sleep 600 & done) &"))
        await stage.audience.until(lambda: stage.session.info.input_needed, SECONDS)
        assert passed(stage) == ["processes"]
        container = str(stage.session.info.container)
        facts = await ground.engine.inspect(container)
        assert facts is not None
        assert facts.status == "paused"
        [asked] = stage.session.info.input_needed
        arguments = RespondArguments(session="s1", request=asked.request, option="stop")
        stage.session.respond(arguments, by="a person")
        with anyio.fail_after(SECONDS):
            await stage.audience.until(lambda: stage.session.info.state is State.STOPPED, SECONDS)


def _small_volume(name: str, labels: dict[str, str]) -> None:
    """64 MiB in memory, in the place of a disk."""
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=64m,mode=1777"}
    client = docker_client()
    client.volumes.create(name, driver="local", driver_opts=options, labels=labels)
    client.close()
