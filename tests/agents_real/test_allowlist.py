"""Real agents behind the door, where nobody lists anything: the model's endpoint is the user's own variable."""

import pytest

from tests.agents_real.agents import ENVIRONMENTS
from tests.agents_real.desk import Desk, last, text_of
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.agents, pytest.mark.timeout(600)]


@pytest.mark.parametrize("agent", sorted(ENVIRONMENTS))
async def test_an_agent_reaches_its_model_through_the_door_and_asks_nobody(
    agent: str, desk: Desk, model: ModelServer
) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    events = await desk.turn("hello")
    assert text_of(events)
    assert model.asked
    assert "the network has no way out but its door" in last(desk.events, "isolation.proved")["checks"]
    asked = [event["input"]["request"] for event in desk.events if event["kind"] == "input.requested"]
    assert not [request for request in asked if "network" in request]
