"""Floods on the real engine: paused, told of, asked about, resumed, and nothing lost or told twice."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.planning.plan import SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import CeilingPassed, ContainerState
from berth.protocol.events import PartDelta
from berth.protocol.session import State
from berth.agents.base import Prompt
from tests.sessions.on_engine import Ground, begun, on_ground, until
from tests.sessions.sessions_on_fake import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(300)]

SECONDS = 120.0


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with on_ground(tmp_path) as made:
        yield made


def limited(plan: SessionPlan, log: str = "64m", **limits: int) -> SessionPlan:
    changed = replace(plan.container.limits, **limits)  # type: ignore[arg-type]  # each fits its field
    return replace(plan, container=replace(plan.container, limits=changed, log_max_size=log))


async def answered(stage: Stage, option: str, *, passes: int) -> None:
    """Answers the question about the so-manieth pass, once it is asked."""
    await stage.audience.until(lambda: len(stage.audience.bodies(CeilingPassed)) >= passes, SECONDS)
    await stage.audience.until(lambda: stage.session.info.input_needed, SECONDS)
    [asked] = stage.session.info.input_needed
    assert asked.purpose == "ceiling"
    stage.session.respond(RespondArguments(session="s1", request=asked.request, option=option), by="a person")


def said(stage: Stage) -> str:
    return "".join(part.text for part in stage.audience.bodies(PartDelta))


import os, time
COUNT = int(os.environ.get("FLOOD_COUNT", "200000"))
LOG = os.environ.get("FLOOD_LOG", "8m")
OUT = int(os.environ.get("FLOOD_OUT", str(8 << 20)))
PAD = int(os.environ.get("FLOOD_PAD", "190"))
FLOOD = f"while read -r line; do perl -e 'for (1..{COUNT}) {{ print $_, \" \", \"x\" x {PAD}, \"\\n\" }}'; echo over; done"


async def test_an_agent_that_prints_without_end_is_paused_and_no_line_of_it_is_lost(ground: Ground) -> None:
    async with begun(ground, limited(ground.plan(FLOOD), LOG, output=OUT)) as stage:
        stage.session.prompt(Prompt("go"))
        t = time.time()
        def over(): return any("over" in p.text for p in stage.audience.bodies(PartDelta)[-3:])
        while True:
            await stage.audience.until(lambda: over() or stage.session.info.input_needed, SECONDS)
            if not stage.session.info.input_needed: break
            [asked] = stage.session.info.input_needed
            stage.session.respond(RespondArguments(session="s1", request=asked.request, option="go-on"), by="a person")
        numbers = [int(n) for n in re.findall(r"^(\d+) x", said(stage), re.MULTILINE)]
        for e in stage.audience.events:
            if not isinstance(e.body, PartDelta): print(e.at, e.body.kind, getattr(e.body,"status",""), getattr(e.body,"message",""), flush=True)
        print("passes", len(stage.audience.bodies(CeilingPassed)), "numbers", len(numbers), "seconds", time.time() - t)
        assert numbers == list(range(1, COUNT + 1))
