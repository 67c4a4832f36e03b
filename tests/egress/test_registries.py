"""Registries that files name: what the proxy makes of them, and a whole session that fetches from one after the yes."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from berth.errors import TrustError
from berth.planning.reason import Reason
from berth.planning.registry_files.named import NamedRegistry, Registries
from berth.protocol.session import State
from berth.sessions.egress.orders import set_order
from berth.settings.scopes import ScopedSection
from berth_egress.rules import read_rules
from tests.egress.conversation import asked, stand
from tests.egress.field import BASE
from tests.egress.stand_in import stand_in
from tests.egress.test_sessions import respond
from tests.egress.test_tools import AGENT, START, said_of
from tests.egress.test_upstream import Corporate, corporate
from tests.engine.real_house import RealHouse, real_house
from tests.planning.plans import Case


@pytest.mark.anyio
async def test_a_registry_that_leads_inside_is_refused() -> None:
    async with stand() as server:
        # no file can name localhost: it stands for any name that somebody's resolver leads here
        registry = NamedRegistry("npm", "localhost", server.port, Reason("user", "/home/ada/.npmrc:1"))
        plan = Case(facts={"registries": Registries((registry,))}).plan()
        lane = server.lane()
        lane.change(read_rules(set_order("l", plan.network, hold=0.0)))
        answer = await asked(lane, f"GET http://localhost:{server.port}/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert b"not on the internet" in answer
    assert server.connections == 0


@dataclass
class Company:
    """A house whose user is behind a proxy that knows every name, and takes all of them to one registry."""

    house: RealHouse
    proxy: Corporate

    def settings(self, **network: object) -> None:
        """The user's: an agent that runs what it is told, in Berth's own image."""
        agent = {"command": ["bash", "-c", AGENT], "dialect": "lines"}
        user = {"agent": "tools", "agents": {"tools": agent}, "docker": {"network": network}}
        self.house.editor.settings = ScopedSection(user=user, trusted=True)

    async def begun(self) -> str:
        session = await self.house.start()
        states = (State.WAITING, State.IDLE, State.FAILED)
        await self.house.editor.until(lambda: self.house.host.info(session).state in states, seconds=START)
        return session


@pytest.fixture
async def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Company]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "served").mkdir()
    with stand_in(tmp_path / "served") as port:
        async with corporate(port, address="0.0.0.0") as proxy, real_house(tmp_path, {}) as house:  # noqa: S104 - for the engine's bridge
            inherited = {name: os.environ[name] for name in ("NODE_EXTRA_CA_CERTS",) if name in os.environ}
            own = {"HTTPS_PROXY": f"http://localhost:{proxy.port}", "BERTH_BASE_IMAGE": BASE}
            house.editor.environment = {**house.editor.environment, **inherited, **own}
            (house.workspace / ".npmrc").write_text("registry=http://npm.corp.example/\n")
            try:
                yield Company(house, proxy)
            finally:
                with anyio.CancelScope(shield=True):
                    await house.clear()


NPM = "npm view stand-in version --fetch-retries=0"


@pytest.mark.anyio
@pytest.mark.engine
@pytest.mark.agents
@pytest.mark.timeout(600)
async def test_npm_reaches_the_workspaces_registry_after_the_yes_and_does_not_before(company: Company) -> None:
    company.settings()
    house = company.house
    house.editor.asks = False
    with pytest.raises(TrustError, match=r"npm\.corp\.example"):
        await house.start()
    company.settings(registries=False)
    assert "1.0.0" not in await said_of(house, await company.begun(), NPM)
    assert company.proxy.heads == []
    company.settings()
    house.editor.asks = True
    session = await company.begun()
    [question] = house.host.info(session).input_needed
    await respond(house, session, question.request, "once")
    await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
    assert "1.0.0" in await said_of(house, session, NPM)
    assert {head.split()[1] for head in company.proxy.heads} == {b"npm.corp.example:80"}
