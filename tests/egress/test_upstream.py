"""Behind a proxy of the user's own network: what goes through it, what goes past it, and what it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.sessions.egress.orders import set_order
from berth_egress.addresses import parse_networks
from berth_egress.lane import Lane
from berth_egress.names import Target
from berth_egress.rules import Entry, Rules, read_rules
from berth_egress.upstream import Upstream
from tests.egress.client_end import SECONDS
from tests.egress.conversation import Stand, asked, stand
from tests.planning.plans import Case

AUTHORIZATION = "Basic bWU6c2VjcmV0"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass
class Corporate:
    """A proxy that takes every tunnel to one port of this machine, whatever name it was asked for."""

    behind: int
    answers: bytes
    port: int = 0
    heads: list[bytes] = field(default_factory=list)
    left: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        there, back = await asyncio.open_connection("127.0.0.1", self.behind)
        writer.write(self.answers)
        await asyncio.gather(_pour(reader, back), _pour(there, writer), return_exceptions=True)
        for each in (back, writer):
            each.close()
            with contextlib.suppress(OSError):
                await each.wait_closed()
        self.left.release()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.write_eof()


@asynccontextmanager
async def corporate(
    behind: int, answers: bytes = ESTABLISHED, *, address: str = "127.0.0.1"
) -> AsyncIterator[Corporate]:
    made = Corporate(behind, answers)
    server = await asyncio.start_server(made.serve, address, 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
        async with asyncio.timeout(SECONDS):
            for _ in made.heads:
                await made.left.acquire()


def lane(server: Stand, proxy: Corporate, host: str, *past: str) -> Lane:
    made = server.lane()
    upstream = Upstream("127.0.0.1", proxy.port, AUTHORIZATION, past)
    entry = Entry(host, server.port, opaque=True)
    made.change(Rules(allow=(entry,), private=parse_networks(["127.0.0.0/8", "::1/128"]), upstream=upstream))
    return made


def connect(host: str, port: int) -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\n\r\nping".encode()


@pytest.mark.anyio
async def test_what_is_listed_goes_through_it_by_name_and_with_the_users_word_for_it() -> None:
    async with stand() as server, corporate(server.port) as proxy:
        answer = await asked(lane(server, proxy, "only.there.example"), connect("only.there.example", server.port))
    assert answer.endswith(b"heard ping")
    [head] = proxy.heads
    assert head.startswith(f"CONNECT only.there.example:{server.port} HTTP/1.1\r\n".encode())
    assert f"Proxy-Authorization: {AUTHORIZATION}\r\n".encode() in head


@pytest.mark.anyio
async def test_what_is_not_listed_never_reaches_it() -> None:
    async with stand() as server, corporate(server.port) as proxy:
        answer = await asked(lane(server, proxy, "only.there.example"), connect("evil.example", server.port))
    assert (answer[:12], proxy.heads) == (b"HTTP/1.1 403", [])


@pytest.mark.anyio
async def test_names_that_the_user_excepts_go_past_it() -> None:
    async with stand() as server, corporate(server.port) as proxy:
        answer = await asked(lane(server, proxy, "localhost", "localhost"), connect("localhost", server.port))
    assert answer.endswith(b"heard ping")
    assert proxy.heads == []


@pytest.mark.anyio
async def test_what_goes_past_it_is_judged_by_its_address() -> None:
    async with stand() as server, corporate(server.port) as proxy:
        judged = lane(server, proxy, "localhost", "localhost")
        judged.change(replace(judged.rules, private=()))
        answer = await asked(judged, connect("localhost", server.port))
    assert b"not on the internet" in answer
    assert server.connections == 0


@pytest.mark.anyio
async def test_its_refusal_is_passed_on_as_a_sentence() -> None:
    async with stand() as server, corporate(server.port, answers=b"HTTP/1.1 407 No\r\n\r\n") as proxy:
        answer = await asked(lane(server, proxy, "only.there.example"), connect("only.there.example", server.port))
    assert b"the network's own proxy refuses it (407)" in answer


def behind(no_proxy: str) -> Rules:
    """The rules that the proxy is given where the user's variables say so."""
    variables = {"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": no_proxy}
    return read_rules(set_order("l", Case(environment=variables).plan().network, hold=0.0))


@pytest.mark.parametrize(
    ("no_proxy", "host", "past"),
    [
        ("corp.example", "git.corp.example", True),
        (".corp.example", "corp.example", True),
        ("*.corp.example", "git.corp.example", True),
        ("Git.Corp.Example:443", "git.corp.example", True),
        ("a.example, corp.example", "corp.example", True),
        ("corp.example", "evilcorp.example", False),
        ("10.0.0.0/8,::1,127.0.0.1", "corp.example", False),
        ("", "host.docker.internal", True),
        ("", "10.0.0.7", True),
    ],
)
def test_the_users_exceptions_are_read_as_curl_reads_them(no_proxy: str, host: str, *, past: bool) -> None:
    upstream = behind(no_proxy).upstream
    assert upstream is not None
    assert upstream.takes(Target(host, 443)) is not past


def test_an_exception_for_everything_means_no_proxy() -> None:
    assert behind("a.example,*").upstream is None


@given(st.text(alphabet="ab1.*-_:/, \t[]é%", max_size=40))
def test_the_proxy_takes_whatever_the_variable_holds(no_proxy: str) -> None:
    behind(no_proxy)
