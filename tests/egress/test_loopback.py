"""Services that listen on this machine's loopback address only, from real containers."""

import os
from collections.abc import AsyncIterator

import pytest

from berth.sessions.egress.ways import Way
from tests.egress.field import SAID, Field, field_on, here, victim

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(240)]

HERE = "host.docker.internal"
ASK = r"""
for target; do
  exec 3<>/dev/tcp/127.0.0.1/19128
  printf 'CONNECT %s HTTP/1.1\r\n\r\n' "$target" >&3
  read -r version status rest <&3
  test "$status" = 200 && read -r blank <&3 && read -r said <&3 || said=$(tr -d '\r\n' <&3)
  echo "$status $said"
done
"""


@pytest.fixture
async def ground() -> AsyncIterator[Field]:
    """On Docker. With Podman, what the probes may reach is on loopback too (``test_probes.py``)."""
    async with field_on({name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}) as made:
        yield made


async def asked(ground: Field, way: Way, *targets: str) -> list[str]:
    """What a container gets for each target: the status, and all that comes after it."""
    return (await ground.run(ground.plan(1000), way, "bash", "-c", ASK, "ask", *targets)).splitlines()


async def test_what_a_session_lists_is_reached_and_what_it_does_not_is_refused_though_another_does(
    ground: Field,
) -> None:
    with victim("127.0.0.1") as port, victim("127.0.0.1") as anothers, victim() as on_the_bridge:
        way, _ = await ground.way(here(port), here(on_the_bridge), here(1)), await ground.way(here(anothers))
        targets = [f"{HERE}:{number}" for number in (port, on_the_bridge, anothers, 1)]
        got = await asked(ground, way, *targets, f"localhost:{port}", f"127.0.0.1:{port}")
    assert [each[:3] for each in got] == ["200", "200", "403", "502", "403", "403"]
    assert SAID.decode() in got[0]
    assert SAID.decode() in got[1]
    assert f"may not reach {HERE}:{anothers}" in got[2]
    assert "nothing listens there on this machine's loopback address either" in got[3]
