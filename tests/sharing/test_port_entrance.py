"""What happens behind a host's port, without a host: time limits, the full room, streams and their callers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest
from anyio import to_thread

from berth.lsp.hosting import port_entrance, streams
from berth.lsp.hosting.greeting import Caller
from berth.lsp.hosting.port_entrance import PortEntrance
from berth.lsp.hosting.streams import Streams
from berth.lsp.transport.outlet import framed
from berth.lsp.transport.socket_wire import SocketWire
from berth.sharing.loopback.proof import ANSWER_BYTES, CallersSide
from berth.sharing.preamble import BadPreamble, preamble

pytestmark = pytest.mark.anyio

SECRET = b"s" * 32
CONTENT = {"want": "status", "version": "1", "pid": 1, "folder": "/", "environment": {}}


@contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection over the loopback interface: the host's, and the caller's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname(), timeout=15)
        ours, _ = listener.accept()
    ours.settimeout(0)
    with ours, theirs:
        yield ours, theirs


def prove(theirs: socket.socket, content: dict[str, object]) -> None:
    side = CallersSide(SECRET)
    theirs.sendall(side.hello)
    answer = b""
    while len(answer) < ANSWER_BYTES:
        answer += theirs.recv(ANSWER_BYTES)
    theirs.sendall(side.proof(answer) + preamble(content))


async def test_a_caller_who_knows_the_secret_is_let_in() -> None:
    with pair() as (ours, theirs):
        found: list[Caller | None] = []

        async def greet() -> None:
            found.append(await PortEntrance(SECRET).greet(ours))

        with anyio.fail_after(15):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(greet)
                await to_thread.run_sync(prove, theirs, CONTENT)
        (caller,) = found
        assert caller is not None
        assert (caller.want, caller.wire) == ("status", None)


@pytest.mark.parametrize("words", [b"", CallersSide(SECRET).hello], ids=["silent", "no proof"])
async def test_a_proof_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr(port_entrance, "PROOF_SECONDS", 0.05)
    with pair() as (ours, theirs):
        theirs.sendall(words)
        with anyio.fail_after(15), pytest.raises(BadPreamble, match="too long"):
            await PortEntrance(SECRET).greet(ours)


async def test_in_a_full_room_the_oldest_makes_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_entrance, "MOST_UNPROVEN", 1)
    room = PortEntrance(SECRET)
    with pair() as (first, _), pair() as (second, theirs):
        refused = anyio.Event()

        async def wait() -> None:
            with pytest.raises(BadPreamble):
                await room.greet(first)
            refused.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(room.greet, second)
            with anyio.fail_after(4):  # long before its time is over
                await refused.wait()
            await to_thread.run_sync(prove, theirs, CONTENT)


async def test_a_stream_that_nobody_names_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "GREETING_SECONDS", 0.05)
    with pair() as (ours, theirs):
        Streams().offer("a", ours)
        with anyio.fail_after(15):
            assert await to_thread.run_sync(theirs.recv, 1) == b""


async def test_a_name_is_good_for_one_stream() -> None:
    kept = Streams()
    with pair() as (one, _), pair() as (two, _):
        kept.offer("a", one)
        with pytest.raises(BadPreamble):
            kept.offer("a", two)
        assert await kept.take("a") is one


async def test_a_caller_may_come_before_its_stream() -> None:
    kept = Streams()
    with pair() as (ours, _):
        taken: list[socket.socket] = []

        async def take() -> None:
            taken.append(await kept.take("a"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(take)
            await anyio.wait_all_tasks_blocked()
            kept.offer("a", ours)
        assert taken == [ours]


async def test_what_was_written_arrives_though_much_of_what_came_was_never_read() -> None:
    with pair() as (ours, theirs):
        wire = SocketWire(ours)
        outlet = await wire.open_outlet()
        await to_thread.run_sync(theirs.sendall, b"x" * 300_000)
        outlet.send(b"y" * 100_000)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: outlet.close(within=60))
            with anyio.fail_after(15):
                assert await to_thread.run_sync(all_of, theirs) == framed(b"y" * 100_000)


async def test_a_client_may_say_its_last_and_listen_on() -> None:
    with pair() as (ours, theirs):
        wire = SocketWire(ours)
        outlet = await wire.open_outlet()
        theirs.sendall(b"last")
        theirs.shutdown(socket.SHUT_WR)
        with anyio.fail_after(15):
            assert [chunk async for chunk in wire.read_chunks()] == [b"last"]
            outlet.send(b"answer")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: outlet.close(within=60))
                assert await to_thread.run_sync(all_of, theirs) == framed(b"answer")


async def test_a_client_that_has_said_its_last_and_left_is_not_waited_for() -> None:
    with pair() as (ours, theirs):
        wire = SocketWire(ours)
        outlet = await wire.open_outlet()
        theirs.close()
        with anyio.fail_after(15):
            assert [chunk async for chunk in wire.read_chunks()] == []
            await outlet.close(within=60)


def all_of(connection: socket.socket) -> bytes:
    data = b""
    while more := connection.recv(65536):
        data += more
    connection.close()
    return data
