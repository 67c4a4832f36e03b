"""Services on this machine's loopback address: reached by one name and the ports that are listed, by no other way."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from berth_egress.lane import Lane
from berth_egress.rules import Entry, Rules
from tests.egress.at_the_desk import hosted
from tests.egress.conversation import Stand, asked, stand, visiting
from tests.egress.field import here
from tests.egress.test_visits import connect

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="engines elsewhere lead to loopback by themselves"),
]

HERE = "host.docker.internal"


def plain(host: str, port: int) -> bytes:
    return f"GET http://{host}:{port}/ HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()


@asynccontextmanager
async def listed(folder: Path, server: Stand) -> AsyncIterator[Lane]:
    """A lane that lists the server's port of this machine."""
    async with hosted(folder) as host:
        yield await host.lane(here(server.port))


@pytest.mark.parametrize("request_for", [connect, plain])
async def test_the_one_name_with_a_listed_port_leads_there(
    tmp_path: Path, request_for: Callable[[str, int], bytes]
) -> None:
    async with stand() as server, listed(tmp_path, server) as lane, visiting(lane) as (reader, writer):
        writer.write(request_for(HERE, server.port) + b"ping")
        assert b"heard " in await reader.readuntil(b"heard ")
    assert server.connections == 1


@pytest.mark.parametrize(
    "name",
    [
        *(
            "localhost",
            "LOCALHOST",
            "localhost.",
            "localhost.localdomain",
            "127.0.0.1",
            "127.1",
            "127.0.0.2",
            "127.0.0.1.",
        ),
        *("2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]"),  # noqa: S104 - asked for, not bound
        *(
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[0:0:0:0:0:0:0:1]",
            "[::1%lo]",
        ),
        *(
            "host.docker.internal.",
            "host.docker.internal..",
            "x.host.docker.internal",
            "host.docker.internal@localhost",
        ),
        *(
            "localhost@host.docker.internal",
            "host.docker.internal%00",
            "host.docker.internal#",
            "h\u03bfst.docker.internal",
        ),
        *("host-docker-internal", "gateway.docker.internal", "host.containers.internal"),
    ],
)
@pytest.mark.parametrize("request_for", [connect, plain])
async def test_no_other_name_of_it_does(tmp_path: Path, name: str, request_for: Callable[[str, int], bytes]) -> None:
    async with stand() as server, listed(tmp_path, server) as lane:
        answer = await asked(lane, request_for(name, server.port))
    assert answer[9:12] in (b"400", b"403"), answer
    assert server.connections == 0


async def test_a_port_that_is_not_listed_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with stand() as server, stand() as other, listed(tmp_path, server) as lane:
        answer = await asked(lane, connect(HERE, other.port))
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert f"may not reach {HERE}:{other.port}".encode() in answer
    assert other.connections == 0


async def test_a_proxy_that_lets_through_more_than_its_host_knows_is_led_no_further(tmp_path: Path) -> None:
    async with stand() as server, stand() as other, listed(tmp_path, server) as lane:
        lane.change(Rules(allow=(Entry(HERE, other.port, opaque=True, inside=True),), desk=lane.rules.desk))
        assert b"HTTP/1.1 502 " in await asked(lane, connect(HERE, other.port))
    assert other.connections == 0


async def test_where_a_listed_service_sends_a_client_on_to_is_judged_anew(tmp_path: Path) -> None:
    async with stand() as other:
        onwards = (
            f"HTTP/1.1 302 Found\r\nLocation: http://localhost:{other.port}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        async with stand(onwards) as server, listed(tmp_path, server) as lane:
            async with visiting(lane) as (reader, writer):
                writer.write(plain(HERE, server.port))
                assert b"Location: http://localhost" in await reader.readuntil(b"\r\n\r\n")
            for name in ("localhost", HERE):
                assert b"HTTP/1.1 403 " in await asked(lane, plain(name, other.port))
    assert other.connections == 0


async def test_a_name_of_somebodys_that_leads_to_loopback_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rebound(_: str, port: int, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async with stand() as server, hosted(tmp_path) as host:
        lane = await host.lane(here(server.port), here(server.port, host="rebind.example", inside=False))
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebound)
        assert b"not on the internet" in await asked(lane, connect("rebind.example", server.port))
        assert server.connections == 0
        async with visiting(lane) as (reader, writer):  # the same port, by its own name: a control
            writer.write(connect(HERE, server.port) + b"ping")
            assert await reader.readuntil(b"heard ping")


async def test_where_nobody_listens_both_ways_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hosted(tmp_path) as host:
        lane = await host.lane(here(1))
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _bridge)
        answer = await asked(lane, connect(HERE, 1))
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert (
        b"Connect call failed ('127.0.0.7', 1)); nothing listens there on this machine's loopback address either."
        in answer
    )


@pytest.mark.parametrize("has_desk", [True, False])
async def test_a_service_that_listens_on_the_bridge_only_is_reached_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_desk: bool
) -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"bridge")
        writer.close()

    server = await asyncio.start_server(serve, BRIDGE, 0)
    port = server.sockets[0].getsockname()[1]
    async with server, hosted(tmp_path) as host:
        lane = await host.lane(here(port))
        if not has_desk:
            lane.change(Rules(allow=lane.rules.allow))
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _bridge)
        async with visiting(lane) as (reader, writer):
            writer.write(connect(HERE, port))
            assert await reader.readuntil(b"bridge")


async def test_a_stream_of_events_comes_as_it_is_said(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await heard.wait()
        writer.write(b"data: 2\n\n")
        writer.close()

    server = await asyncio.start_server(stream, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, hosted(tmp_path) as host, visiting(await host.lane(here(port))) as (reader, writer):
        writer.write(plain(HERE, port))
        assert await reader.readuntil(b"data: 1\n\n")
        heard.set()
        assert await reader.read() == b"data: 2\n\n"


BRIDGE = "127.0.0.7"
"""Stands for the address that this machine has on an engine's bridge: it is not one that the desk connects to."""


async def _bridge(_: str, port: int, **__: object) -> list[object]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (BRIDGE, port))]
