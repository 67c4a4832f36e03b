"""Sessions whose keys the broker has, when their host ends and when the broker does."""

import anyio
import docker
import pytest
from anyio import to_thread

from berth.demo.http import serving
from berth.protocol import commands as wire
from berth.protocol.session import State
from tests.broker.test_canary import KEY, Vendor, begun, say, settings
from tests.egress.field import BASE
from tests.egress.test_adoption import Open, is_taken_up, street
from tests.egress.test_sessions import START
from tests.engine.real_house import RealHouse

__all__ = ["street"]

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(240)]


async def begun_with_a_key(house: RealHouse, port: int) -> str:
    house.editor.settings = settings()
    session = await begun(house, port, ANTHROPIC_API_KEY=KEY)
    await say(house, session, "/v1/messages", "asked /v1/messages: HTTP/1.1 200")
    return session


async def test_a_session_that_is_taken_up_uses_its_key_though_nobody_knows_it_any_more(street: Open) -> None:
    vendor = Vendor()
    async with serving(vendor.answer, host="127.0.0.1") as port:
        async with street() as house:
            session = await begun_with_a_key(house, port)
        async with street() as house:
            house.editor.settings = settings()
            await is_taken_up(house, session)
            await say(house, session, "/v1/messages", "asked /v1/messages: HTTP/1.1 200")
    assert vendor.keys == [KEY, KEY]


async def test_a_broker_that_was_lost_has_no_key_until_the_session_is_restarted(street: Open) -> None:
    vendor = Vendor()
    async with serving(vendor.answer, host="0.0.0.0") as port:  # noqa: S104 - the proxy is to reach it
        async with street() as house:
            session = await begun_with_a_key(house, port)
            [proxy] = await house.proxies()
        await _end(proxy)
        async with street() as house:
            house.editor.settings = settings()
            url = f"http://host.docker.internal:{port}"
            without = {"ANTHROPIC_BASE_URL": url, "BERTH_BASE_IMAGE": BASE}
            house.editor.environment = without
            await is_taken_up(house, session)
            await say(house, session, "/v1/messages", "ANTHROPIC_API_KEY is not known now; restart the session")
            house.editor.environment = {**without, "ANTHROPIC_API_KEY": KEY}
            await house.commands.restart(house.editor, wire.SessionArguments(session=session))
            await house.editor.until(lambda: house.host.info(session).state is State.STARTING, seconds=START)
            await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
            await say(house, session, "/v1/messages", "asked /v1/messages: HTTP/1.1 200")
    assert vendor.keys == [KEY, KEY]


async def _end(proxy: str) -> None:
    """Ends the proxy as an engine that is restarted does."""

    def end() -> None:
        client = docker.from_env(timeout=30)
        try:
            client.containers.get(proxy).kill()
        finally:
            client.close()

    with anyio.fail_after(60):
        await to_thread.run_sync(end)
