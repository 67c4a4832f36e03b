"""Services that listen on this machine's loopback address only, from real containers."""

import json
import os
from collections.abc import AsyncIterator
from typing import cast

import docker
import pytest
from anyio import to_thread

from berth.sessions.egress.containers import egress_name
from berth.sessions.egress.orders import set_order
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


ATTACK = """
import json, os, socket, sys
given = json.loads(sys.argv[1])

def answer(words):
    with socket.socket(socket.AF_UNIX) as desk:
        desk.connect(f"/run/berth-desk/{given['socket']}")
        desk.sendall(words.encode())
        return desk.recv(1).decode()

def error(attempt):
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "done"

print(json.dumps({
    "listed": answer(f"{given['token']} {given['listed']}\\n"),
    "not listed": answer(f"{given['token']} {given['other']}\\n"),
    "another token": answer(f"{'0' * 32} {given['listed']}\\n"),
    "an address": answer(f"{given['token']} 127.0.0.1:{given['other']}\\n"),
    "by itself": error(lambda: socket.create_connection(("127.0.0.1", given["listed"]), 2)),
    "list": error(lambda: os.listdir("/run/berth-desk")),
    "remove": error(lambda: os.unlink(f"/run/berth-desk/{given['socket']}")),
}))
"""
"""What somebody tries who owns the proxy's container, and has the token of a session."""


async def test_whoever_owns_the_proxys_container_gets_to_what_is_listed_and_no_further(ground: Field) -> None:
    with victim("127.0.0.1") as port, victim("127.0.0.1") as other:
        way = await ground.way(here(port))
        order = await ground.desk.noted(set_order(way.lane, ground.network(here(port)), hold=0.0))
        given = json.dumps({**order["desk"], "listed": port, "other": other})
        seen = await to_thread.run_sync(_in_the_proxy, ground, ("python3", "-c", ATTACK, given))
    refused = dict.fromkeys(("not listed", "another token", "an address"), "x")
    assert seen.pop("remove") == "OSError"  # a file system that is only to be read
    assert seen == {"listed": "y", **refused, "by itself": "ConnectionRefusedError", "list": "PermissionError"}


def _in_the_proxy(ground: Field, command: tuple[str, ...]) -> dict[str, str]:
    client = docker.from_env(timeout=30)
    try:
        done = client.containers.get(egress_name(ground.host, ground.image)).exec_run([*command])
        found: dict[str, str] = json.loads(cast(bytes, done.output))
        return found
    finally:
        client.close()
