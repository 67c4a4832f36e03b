"""What becomes of a connection: let through to where it said, or refused with a sentence."""

import asyncio
import socket

import pytest

from berth_egress.lane import Lane
from berth_egress.names import Target
from berth_egress.rules import Entry, Rules
from tests.egress.conversation import asked, stand, visiting
from tests.egress.test_hello import built, named

pytestmark = pytest.mark.anyio


def connect(host: str, port: int) -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()


async def test_a_listed_port_carries_anything_both_ways() -> None:
    async with stand() as server:
        answer = await asked(server.lane(server.here()), connect("localhost", server.port) + b"ping")
    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nheard ping"
    assert server.kinds() == ["allowed"]


async def test_a_server_may_speak_first_on_a_listed_port() -> None:
    async with stand(b"SSH-2.0-server\r\n") as server, visiting(server.lane(server.here())) as (reader, writer):
        writer.write(connect("localhost", server.port))
        assert (await reader.readuntil(b"server\r\n")).endswith(b"SSH-2.0-server\r\n")
        writer.write(b"SSH-2.0-client\r\n")
        assert await reader.readuntil(b"client\r\n") == b"heard SSH-2.0-client\r\n"


async def test_what_is_not_listed_is_refused_with_a_sentence_and_not_connected_to() -> None:
    async with stand() as server:
        answer = await asked(server.lane(), connect("localhost", server.port))
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert f"may not reach localhost:{server.port}".encode() in answer
    assert (server.connections, server.kinds()) == (0, ["unknown", "blocked"])


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost"])
async def test_a_name_that_leads_inside_is_refused_unless_it_may(host: str) -> None:
    async with stand() as server:
        answer = await asked(server.lane(server.here(inside=False)), connect(host, server.port))
    assert b"not on the internet" in answer
    assert (server.connections, server.told[-1]["why"]) == (0, "not-public")


async def test_a_greeting_for_the_same_name_goes_through() -> None:
    hello = built(named("localhost"))
    async with stand() as server:
        answer = await asked(server.lane(server.here(opaque=False)), connect("localhost", server.port) + hello)
    assert answer.endswith(b"heard " + hello)


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (built(named("evil.example")), "other-name"),
        (built((10, b"\0\x02\0\x1d")), "other-name"),
        (built(named("localhost"), (0xFE0D, bytes(9))), "not-tls"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "not-tls"),
    ],
)
async def test_another_greeting_than_the_names_never_reaches_the_server(first: bytes, why: str) -> None:
    async with stand() as server:
        answer = await asked(server.lane(server.here(opaque=False)), connect("localhost", server.port) + first)
    assert answer.endswith(bytes.fromhex("15030300020231"))
    assert (server.heard, server.told[-1]["why"]) == ([], why)


async def test_tls_to_a_listed_port_has_the_listed_name_as_well() -> None:
    async with stand() as server:
        lane = server.lane(server.here())
        await asked(lane, connect("localhost", server.port) + built(named("evil.example")))
    assert server.heard == []


async def test_a_server_that_keeps_connections_has_the_client_told_not_to() -> None:
    """The next request would be lost: a connection carries one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbo")
        await writer.drain()
        writer.write(b"dy")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "localhost", 0, family=socket.AF_INET)
    async with server:
        port = server.sockets[0].getsockname()[1]
        told: list[dict[str, object]] = []
        lane = Lane("test", told.append)
        lane.change(Rules(allow=(Entry("localhost", port, opaque=True, inside=True),)))
        async with visiting(lane) as (reader, writer):
            writer.write(f"GET http://localhost:{port}/ HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            answer = await reader.readuntil(b"body")
    assert answer == (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
    )


async def test_a_plain_request_is_passed_on_with_its_own_name_and_nothing_after_it() -> None:
    async with stand() as server:
        url = f"http://localhost:{server.port}"
        request = f"POST {url}/a HTTP/1.1\r\nHost: evil\r\nContent-Length: 4\r\n\r\nbodyGET {url}/b HTTP/1.1\r\n\r\n"
        async with visiting(server.lane(server.here(opaque=False))) as (reader, writer):
            writer.write(request.encode())
            assert (await reader.readuntil(b"body")).startswith(b"heard POST /a HTTP/1.1\r\nHost: localhost:")
    assert b"/b" not in b"".join(server.heard)


async def test_the_canary_is_answered_without_any_rule() -> None:
    async with stand() as server:
        answer = await asked(server.lane(), b"GET http://canary.berth.invalid/ HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert server.told == []


async def test_a_held_request_goes_on_once_a_person_allows_it() -> None:
    async with stand() as server:
        lane = server.lane(hold=10.0)
        async with visiting(lane) as (reader, writer):
            writer.write(connect("localhost", server.port))
            await until(lane, "unknown", server.told)
            lane.change(Rules(allow=(server.here(),)))
            assert b"200" in await reader.readuntil(b"\r\n\r\n")


async def test_a_held_request_is_refused_once_a_person_says_never() -> None:
    async with stand() as server:
        lane = server.lane(hold=10.0)
        async with visiting(lane) as (reader, writer):
            writer.write(connect("localhost", server.port))
            await until(lane, "unknown", server.told)
            lane.change(Rules(deny=(server.here(),), hold=10.0))
            assert b"403" in await reader.readuntil(b"\r\n\r\n")


async def test_a_yes_for_once_ends_by_itself() -> None:
    async with stand() as server:
        lane = server.lane()
        lane.allow_once(server.here(), 30.0)
        assert b"200" in await asked(lane, connect("localhost", server.port) + b"x")
        lane.allow_once(server.here(), -1.0)
        assert b"403" in await asked(lane, connect("localhost", server.port))


async def test_what_is_denied_is_denied_though_it_is_listed() -> None:
    async with stand() as server:
        lane = server.lane(server.here(), deny=(server.here(),))
        lane.allow_once(server.here(), 30.0)
        assert b"403" in await asked(lane, connect("localhost", server.port))


async def test_a_session_that_asks_for_everything_is_told_of_in_bounds() -> None:
    told: list[dict[str, object]] = []
    lane = Lane("test", told.append)
    for number in range(3000):
        lane.told.tell("blocked", host=f"h{number}", port=1, why="not-listed")
        lane.told.tell("blocked", host="same", port=1, why="not-listed")
    assert len(told) < 520
    assert told[-1]["event"] == "overflow"


async def until(lane: Lane, event: str, told: list[dict[str, object]]) -> None:
    async with asyncio.timeout(10):
        while event not in [each["event"] for each in told]:  # noqa: ASYNC110 - the proxy knows nothing of tests
            await asyncio.sleep(0)
    assert lane.rules.hold


def test_a_wildcard_covers_one_label() -> None:
    rules = Rules(allow=(Entry("*.example.com", 443),))
    assert rules.entry(Target("a.example.com", 443))
    for host in ("example.com", "a.b.example.com", "aexample.com"):
        assert rules.entry(Target(host, 443)) is None
    assert rules.entry(Target("a.example.com", 8443)) is None
