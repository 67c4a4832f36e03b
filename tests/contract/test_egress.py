"""Ways out of sessions: proxy and holders do the same on every engine, the fake one's in memory."""

import contextlib
import os
from collections.abc import AsyncIterator

import pytest

from berth.errors import BerthError
from berth.sessions.egress.containers import egress_name, holder_name
from berth.sessions.egress.orders import set_order
from berth.sessions.egress.ways import Way
from tests.contract.conftest import IMAGE, REAL
from tests.contract.podman import missing, podman_service
from tests.egress.field import Field, field_in, field_on, here, on_docker
from tests.fakes.engine import FakeEngine, FakeProcess

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

ASK = r"""
exec 3<>/dev/tcp/127.0.0.1/19128
printf 'CONNECT %s HTTP/1.1\r\n\r\n' "$1" >&3
read -r version status rest <&3
echo "$status"
"""
NOWHERE = here(1, host="localhost")
"""Listed, and nobody listens there: the answer is another one than for what is not listed."""


async def _ask(process: FakeProcess) -> int:
    with contextlib.suppress(ConnectionRefusedError):
        process.print(f"{await process.door(process.argv[-1])}\n")
    return 0


@pytest.fixture(params=["fake", *REAL])
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Field]:
    if request.param == "fake":
        async with FakeEngine({"/bin/sh": _ask}, images=[IMAGE]) as fake, field_in(fake, "berth/egress:test") as made:
            yield made
        return
    with contextlib.ExitStack() as stack:
        environment = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
        if request.param == "podman":
            if missing():
                pytest.skip(f"Podman's Docker API was not tested: {missing()}")
            environment = {"DOCKER_HOST": stack.enter_context(podman_service(await on_docker()))}
        async with field_on(environment) as made:
            yield made


async def asked(ground: Field, way: Way | None, target: str) -> str:
    """The status that a container gets at its door; nothing where it has none."""
    image = IMAGE if isinstance(ground.engine, FakeEngine) else ""
    plan = ground.plan(1000, image=image)
    return (await ground.run(plan, way, "bash", "-c", ASK, "ask", target)).strip()


async def test_what_is_listed_is_let_through_and_what_is_not_is_refused_and_told(ground: Field) -> None:
    way = await ground.way(NOWHERE)
    assert await asked(ground, way, "localhost:1") == "502"
    assert await asked(ground, way, "evil.example:443") == "403"
    assert ("blocked", "evil.example", "not-listed") in ground.kinds()


async def test_the_proxy_answers_to_its_own_name(ground: Field) -> None:
    assert await asked(ground, await ground.way(), "canary.berth.invalid:443") == "204"


async def test_new_rules_hold_as_soon_as_they_are_answered(ground: Field) -> None:
    way = await ground.way()
    assert await asked(ground, way, "localhost:1") == "403"
    await way.proxy.tell(
        {"do": "once", "lane": way.lane, "seconds": 60, "host": "localhost", "port": 1, "inside": True}
    )
    assert await asked(ground, way, "localhost:1") == "502"


async def test_each_way_has_rules_of_its_own(ground: Field) -> None:
    one, other = await ground.way(NOWHERE), await ground.way()
    assert (await asked(ground, one, "localhost:1"), await asked(ground, other, "localhost:1")) == ("502", "403")


async def test_a_way_that_is_closed_takes_its_holder_along_and_no_other(ground: Field) -> None:
    one, other = await ground.way(), await ground.way()
    await ground.ways.close(one)
    assert await ground.engine.inspect(holder_name(one.lane)) is None
    assert await ground.engine.inspect(holder_name(other.lane)) is not None


async def test_a_proxy_that_was_killed_has_its_rules_again(ground: Field) -> None:
    way = await ground.way(NOWHERE)
    await ground.engine.signal(egress_name(ground.host, ground.image), "SIGKILL")
    await ground.engine.wait(egress_name(ground.host, ground.image))
    plan = ground.network(NOWHERE)
    await ground.ways.open_again(way, set_order(way.lane, plan, hold=0.0), ground.told.append)
    assert await asked(ground, way, "localhost:1") == "502"


async def test_nothing_starts_in_the_network_of_a_holder_that_is_gone(ground: Field) -> None:
    way = await ground.way(NOWHERE)
    await ground.engine.remove(way.holder)
    with pytest.raises(BerthError) as caught:
        await asked(ground, way, "localhost:1")
    assert caught.value.kind == "container-gone"


async def test_without_a_way_there_is_no_door(ground: Field) -> None:
    assert not (await asked(ground, None, "localhost:1")).isdigit()
