import asyncio

import pytest

from berth.demo.http import Request, Response, serving, whole
from tests.demo.ask import ask

LOCAL = "127.0.0.1"


async def echo(request: Request) -> Response:
    return whole(200, "text/plain", request.body or request.path.encode())


async def raw(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(LOCAL, port)
    writer.write(data)
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.anyio
async def test_a_body_comes_back_as_it_was_sent() -> None:
    async with serving(echo, host=LOCAL) as port:
        said = await ask(port, "POST", "/any?query", {"a": "é" * 100_000})
    assert said.status == 200
    assert len(said.body) > 100_000


@pytest.mark.anyio
async def test_the_query_is_not_part_of_the_path() -> None:
    async with serving(echo, host=LOCAL) as port:
        assert (await ask(port, "GET", "/v1/messages?beta=true")).body == b"/v1/messages"


@pytest.mark.anyio
async def test_a_chunked_request_is_put_together() -> None:
    request = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"
    async with serving(echo, host=LOCAL) as port:
        assert b"\r\n5\r\nabcde\r\n" in await raw(port, request)


@pytest.mark.anyio
async def test_two_requests_share_a_connection() -> None:
    async with serving(echo, host=LOCAL) as port:
        answer = await raw(port, b"GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\n\r\n")
    assert answer.index(b"/one") < answer.index(b"/two")


@pytest.mark.anyio
async def test_head_gets_no_body() -> None:
    async with serving(echo, host=LOCAL) as port:
        answer = await raw(port, b"HEAD / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"G" * 100_000,
        b"GET / HTTP/1.1\r\n",
    ],
)
async def test_nonsense_closes_only_its_own_connection(nonsense: bytes) -> None:
    async with serving(echo, host=LOCAL) as port:
        assert await raw(port, nonsense) == b""
        assert (await ask(port, "GET", "/still")).body == b"/still"
