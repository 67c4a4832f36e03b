"""Real agents behind the door: the model's endpoint is the user's own variable, and is listed by itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient

from berth.sessions.egress.containers import egress_name
from tests.agents_real.agents import ENVIRONMENTS
from tests.agents_real.desk import Desk, last, text_of
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.agents, pytest.mark.timeout(600)]


@pytest.fixture
def walled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: DockerClient) -> Iterator[None]:
    """Settings of a user who has sessions reach a list; the proxy goes with them."""
    file = tmp_path / "config" / "berth" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"policy": {"workspaces": "allow"}, "docker": {"network": {"mode": "allowlist"}}}))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    for container in engine.containers.list(all=True, filters={"label": "dev.berth.egress=proxy"}):
        if container.name == egress_name(str(tmp_path / "state"), container.attrs["Config"]["Image"]):
            container.remove(force=True)
            engine.volumes.get(container.name).remove()


@pytest.mark.parametrize("agent", sorted(ENVIRONMENTS))
@pytest.mark.usefixtures("walled")
async def test_an_agent_reaches_its_model_through_the_door(agent: str, desk: Desk, model: ModelServer) -> None:
    await desk.start(agent, ENVIRONMENTS[agent](model))
    events = await desk.turn("hello")
    assert text_of(events)
    assert model.asked
    assert "the network has no way out but its door" in last(desk.events, "isolation.proved")["checks"]
