"""The port of a host, where anybody on the machine may knock: nobody gets in who has not read the note."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from berth.sharing.dialling import dial
from berth.sharing.line import Line
from berth.sharing.loopback.knocking import LOOPBACK
from berth.sharing.loopback.note import MOST_BYTES, SECRET_BYTES, Note, read_note, take_life_lock, write_note
from berth.sharing.loopback.proof import ANSWER_BYTES, CallersSide, HostsSide, NotProven
from berth.sharing.preamble import preamble
from berth.sharing.unreachable import Unreachable
from tests.lsp.editor import Editor
from tests.sharing.town import Town, until_gone

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("transport", ["loopback"], indirect=True)]

CONTENT: dict[str, object] = {"want": "status", "version": "1", "pid": 1, "folder": "/", "environment": {}}
PAGE = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n" + b"x" * 200
SECONDS = 15


async def note_of(town: Town, editor: Editor) -> Note:
    await editor.initialize()
    (path,) = town.place.doors()
    note = read_note(path)
    assert note is not None
    return note


@contextmanager
def knocking(note: Note) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, note.port), timeout=SECONDS) as connection:
        yield connection


def heard_to_the_end(connection: socket.socket) -> bytes:
    """All that the host says until it hangs up."""
    heard = b""
    try:
        while data := connection.recv(4096):
            heard += data
    except ConnectionResetError:
        pass  # it hung up before it had read everything
    return heard


def exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += connection.recv(count - len(data))
    return data


@pytest.mark.parametrize(
    "words",
    [b"", b"berth-port 1 ", preamble(CONTENT), PAGE, b"x" * 1_000_000, b"berth-port 2 " + b"0" * 65],
    ids=["nothing", "half", "no proof", "a web page's", "a megabyte", "another format"],
)
async def test_who_does_not_say_hello_hears_nothing(town: Town, words: bytes) -> None:
    def knock(note: Note) -> bytes:
        with knocking(note) as connection:
            try:
                connection.sendall(words)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                return b""  # it hung up while we were still speaking
            return heard_to_the_end(connection)

    async with town.caller() as editor:
        note = await note_of(town, editor)
        assert await to_thread.run_sync(knock, note) == b""
        await editor.alive()


async def test_who_has_another_secret_hears_no_answer(town: Town) -> None:
    def knock(note: Note) -> bytes:
        with knocking(note) as connection:
            connection.sendall(CallersSide(os.urandom(SECRET_BYTES)).hello)
            exactly(connection, ANSWER_BYTES)
            connection.sendall(b"0" * 64 + b"\n" + preamble(CONTENT))
            return heard_to_the_end(connection)

    async with town.caller() as editor:
        assert await to_thread.run_sync(knock, await note_of(town, editor)) == b""
        await editor.alive()


async def test_what_was_overheard_once_opens_nothing_the_second_time(town: Town) -> None:
    def knock(note: Note) -> tuple[bytes, bytes]:
        side = CallersSide(note.secret)
        with knocking(note) as connection:
            connection.sendall(side.hello)
            proof = side.proof(exactly(connection, ANSWER_BYTES))
            connection.sendall(proof + preamble(CONTENT))
            first = heard_to_the_end(connection)
        with knocking(note) as connection:
            connection.sendall(side.hello)
            exactly(connection, ANSWER_BYTES)
            connection.sendall(proof + preamble(CONTENT))
            return first, heard_to_the_end(connection)

    async with town.caller() as editor:
        first, second = await to_thread.run_sync(knock, await note_of(town, editor))
        assert json.loads(first)["pid"]
        assert second == b""


def test_a_proof_sent_back_to_its_maker_proves_nothing(transport: str) -> None:
    del transport
    secret = os.urandom(SECRET_BYTES)
    caller = CallersSide(secret)
    host = HostsSide(secret, caller.hello)
    echoed = host.answer.partition(b" ")[2]
    with pytest.raises(NotProven):
        host.check(echoed)
    host.check(caller.proof(host.answer))


async def test_hundreds_of_silent_connections_keep_no_editor_out(town: Town) -> None:
    async with town.caller() as editor:
        note = await note_of(town, editor)
        with ExitStack() as crowd:
            for _ in range(300):
                crowd.enter_context(await to_thread.run_sync(socket.create_connection, (LOOPBACK, note.port), SECONDS))
            async with town.caller() as other:
                await other.initialize()
                assert len((await town.host())["connections"]) == 2


async def test_a_stranger_at_the_port_learns_nothing_and_is_not_believed(town: Town) -> None:
    path = town.place.door("0" * 8)
    with socket.create_server((LOOPBACK, 0)) as stranger:
        stranger.settimeout(SECONDS)
        write_note(path, Note(stranger.getsockname()[1], os.urandom(SECRET_BYTES), os.getpid()))
        lock = take_life_lock(path)
        assert lock is not None
        try:
            async with anyio.create_task_group() as tasks:
                heard: list[bytes] = []
                tasks.start_soon(to_thread.run_sync, answer_wrongly, stranger, heard)
                with pytest.raises(Unreachable, match="Something else answers"):
                    await to_thread.run_sync(dial, path, SECONDS)
        finally:
            os.close(lock)
            os.unlink(path)  # noqa: PTH108 - pathlib's would need a thread
    (words,) = heard
    assert words == CallersSide(b"").hello[:13] + words[13:]
    assert len(words) == 78


def answer_wrongly(stranger: socket.socket, heard: list[bytes]) -> None:
    connection, _ = stranger.accept()
    with connection:
        connection.settimeout(SECONDS)
        words = connection.recv(4096)
        connection.sendall(b"0" * 64 + b" " + b"0" * 64 + b"\n")
        heard.append(words + heard_to_the_end(connection))


async def test_the_port_of_a_killed_host_is_not_even_knocked_at(town: Town) -> None:
    async with town.caller() as editor:
        note = await note_of(town, editor)
        os.kill(note.pid, signal.SIGKILL)
        assert await editor.status() == 1
        await until_gone(note.pid)
    (path,) = town.place.doors()
    with socket.create_server((LOOPBACK, 0)) as stranger:
        stranger.settimeout(0)
        write_note(path, Note(stranger.getsockname()[1], note.secret, note.pid))
        async with town.caller() as editor:
            assert (await note_of(town, editor)).pid != note.pid
        with pytest.raises(BlockingIOError):
            stranger.accept()


async def test_a_stopped_host_is_told_of_and_can_be_found_by_its_note(town: Town) -> None:
    async with town.caller() as editor:
        note = await note_of(town, editor)
        (path,) = town.place.doors()
        os.kill(note.pid, signal.SIGSTOP)
        try:
            with pytest.raises(TimeoutError):
                await to_thread.run_sync(dial, path, 0.2)
        finally:
            os.kill(note.pid, signal.SIGCONT)
        await editor.alive()


async def test_the_secret_is_in_the_note_alone_and_only_the_user_can_read_that(town: Town) -> None:
    async with town.caller() as editor:
        note = await note_of(town, editor)
        (path,) = town.place.doors()
        secret = note.secret.hex()
        assert (await anyio.Path(path).stat()).st_mode & 0o777 == 0o600
        assert secret not in json.dumps(await to_thread.run_sync(town.hosts))
        assert await to_thread.run_sync(holding, secret.encode(), town) == [Path(path)]
        for name in ("cmdline", "environ"):
            assert secret.encode() not in await anyio.Path(f"/proc/{note.pid}/{name}").read_bytes()
        assert secret not in repr(note)


def holding(secret: bytes, town: Town) -> list[Path]:
    files = [path for folder in (town.folder, town.state) for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if secret in path.read_bytes()]


@pytest.mark.parametrize(
    "content",
    [
        {"want": "serve"},
        {"want": "serve", "stream": 7},
        {"want": "stream"},
        {"want": "stream", "stream": None},
    ],
    ids=str,
)
async def test_an_editor_without_a_stream_is_sent_away(town: Town, content: dict[str, object]) -> None:
    def ask(path: str) -> bytes:
        connection = dial(path, SECONDS)
        assert connection is not None
        with connection:
            Line(connection, path).say(CONTENT | content)
            return heard_to_the_end(connection)

    async with town.caller() as editor:
        await editor.initialize()
        (path,) = town.place.doors()
        assert await to_thread.run_sync(ask, path) == b""
        await editor.alive()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"port": 0, "secret": "' + "00" * 32 + '", "pid": 1}',
        '{"port": "1", "secret": "' + "00" * 32 + '", "pid": 1}',
        '{"port": 1, "secret": "00", "pid": 1}',
        '{"port": 1, "secret": null, "pid": 1}',
        '{"port": 1, "secret": "' + "00" * MOST_BYTES + '", "pid": 1}',
    ],
)
def test_what_is_no_note_is_no_host(tmp_path: Path, transport: str, text: str) -> None:
    del transport
    path = tmp_path / "x.port"
    path.write_text(text)
    assert read_note(str(path)) is None
    assert dial(str(path), SECONDS) is None
