"""Nothing gets out of a session's network but through the door, and through the door only to what is listed."""

import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from berth.sessions.egress.ways import Way
from tests.contract.podman import missing, podman_service
from tests.egress.field import Field, field_on, here, on_docker, own_addresses, script, victim
from tests.egress.test_hello import built, named

pytestmark = [pytest.mark.anyio, pytest.mark.engine]

LEAST = 60
NEIGHBOUR = """
import http.server, socket
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
probe.connect(("192.0.2.1", 9))
print(probe.getsockname()[0], flush=True)
http.server.test(http.server.SimpleHTTPRequestHandler, port=8000)
"""
"""Says its address, and then serves at it."""


@pytest.fixture(params=["docker", "podman"])
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Field]:
    with contextlib.ExitStack() as stack:
        if request.param == "podman":
            if missing():
                pytest.skip(f"Podman's Docker API was not tested: {missing()}")
            environment = {"DOCKER_HOST": stack.enter_context(podman_service(await on_docker()))}
        else:
            environment = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
        async with field_on(environment) as made:
            yield made


@pytest.fixture
def port() -> Iterator[int]:
    with victim() as listening:
        yield listening


def targets(neighbour: str, **ports: int) -> dict[str, object]:
    """What is tried: ``victim`` must not be reached, ``listed`` and ``tls`` are listed."""
    return {
        "victim": ports["victim"],
        "addresses": own_addresses(),
        "gateway": f"{neighbour.rpartition('.')[0]}.1",
        "neighbour": neighbour,
        "allowed": f"host.docker.internal:{ports['listed']}",
        "tls": f"host.docker.internal:{ports['tls']}",
        "hello": built(named("evil.example")).hex(),
    }


async def test_nothing_passes_through_the_door_of_a_container_that_waits(ground: Field, port: int) -> None:
    way = await ground.shut_way()
    given = targets("192.0.2.9", victim=port, listed=port, tls=port)
    for more in ({}, {"controls": True}):
        seen = json.loads(await ground.run(ground.plan(1000), way, *script("probes.py", **given, **more)))
        assert {name: result["what"] for name, result in seen.items() if result["out"]} == {}


@pytest.mark.parametrize(("uid", "made"), [(1000, Field.way), (0, Field.way), (1000, Field.waited_way)])
async def test_no_probe_gets_out(ground: Field, port: int, uid: int, made: Callable[..., Awaitable[Way]]) -> None:
    with victim("127.0.0.1") as listed, victim() as tls:
        beside = await ground.begin(ground.plan(1000, network="bridge"), None, "python3", "-c", NEIGHBOUR)
        address = await ground.first_word(beside)
        way = await made(
            ground,
            here(listed),
            *(here(port, host=host, inside=False) for host in ("localhost", "ip6-localhost", "berth")),
            here(tls, opaque=False),
        )
        given = targets(address, victim=port, listed=listed, tls=tls)
        seen = json.loads(await ground.run(ground.plan(uid), way, *script("probes.py", **given)))
        controls = json.loads(await ground.run(ground.plan(uid), way, *script("probes.py", **given, controls=True)))
        open_air = json.loads(await ground.run(ground.plan(uid, network="bridge"), None, *script("probes.py", **given)))
    assert {name: result["what"] for name, result in seen.items() if result["out"]} == {}
    assert len(seen) >= LEAST
    assert controls["what is listed"]["out"], controls
    reached = [name for name, result in open_air.items() if result["out"]]
    assert {"tcp: a neighbour", "udp: DNS of the internet"} <= set(reached), open_air
