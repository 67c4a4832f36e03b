"""Registries that files name: what the proxy makes of them, and a whole session that fetches from one after the yes."""

import socketserver
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from berth.errors import TrustError
from berth.planning.reason import Reason
from berth.planning.registry_files.named import NamedRegistry, Registries
from berth.protocol.session import State
from berth.sessions.egress.orders import set_order
from berth_egress.rules import read_rules
from tests.egress.conversation import asked, stand
from tests.egress.field import BASE
from tests.egress.test_sessions import START, answered, respond, say, settings
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


class _Upstream(socketserver.StreamRequestHandler):
    """A proxy of the network's own, which takes a tunnel to anywhere."""

    def handle(self) -> None:
        self.connection.settimeout(10)
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.rfile.read(1)


@contextmanager
def upstream() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("0.0.0.0", 0), _Upstream) as server:  # noqa: S104 - for the engine's bridge
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join(10)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealHouse]:
    """A user without settings in files, behind a proxy that knows every name."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with upstream() as port:
        async with real_house(tmp_path, {}) as made:
            proxy = {"HTTPS_PROXY": f"http://localhost:{port}", "BERTH_BASE_IMAGE": BASE}
            made.editor.environment = {**made.editor.environment, **proxy}
            made.editor.settings = settings()
            try:
                yield made
            finally:
                with anyio.CancelScope(shield=True):
                    await made.clear()


@pytest.mark.anyio
@pytest.mark.engine
@pytest.mark.timeout(240)
async def test_a_registry_of_the_workspaces_is_reached_after_the_yes_and_refused_before(house: RealHouse) -> None:
    (house.workspace / ".npmrc").write_text("registry=https://npm.corp.example/\n")
    house.editor.asks = False
    with pytest.raises(TrustError, match=r"npm\.corp\.example"):
        await house.start()
    house.editor.asks = True
    session = await house.start()
    await house.editor.until(lambda: house.host.info(session).state is State.WAITING, seconds=START)
    [question] = house.host.info(session).input_needed
    await respond(house, session, question.request, "once")
    await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
    await say(house, session, "npm.corp.example:443")
    await answered(house, "npm.corp.example:443", 200)


@pytest.mark.anyio
@pytest.mark.engine
@pytest.mark.timeout(240)
async def test_without_the_files_the_same_registry_is_refused(house: RealHouse) -> None:
    (house.workspace / ".npmrc").write_text("registry=https://npm.corp.example/\n")
    house.editor.settings = settings(registries=False)
    house.editor.asks = False
    session = await house.start()
    await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
    await say(house, session, "npm.corp.example:443")
    await answered(house, "npm.corp.example:443", 403)
