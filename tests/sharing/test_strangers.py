"""Callers that are no relays, folders that are not the user's own, and hosts of other users."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from berth.lsp.hosting import socket_entrance
from berth.lsp.hosting.greeting import Caller
from berth.lsp.hosting.socket_entrance import SocketEntrance
from berth.sharing.dialling import dial
from berth.sharing.place import find_place
from berth.sharing.preamble import MOST_BYTES, BadPreamble, preamble
from berth.sharing.unreachable import Unreachable
from tests.sharing.town import Town

pytestmark = pytest.mark.anyio

NOBODY = 65534
CONTENT = {"want": "status", "version": "1", "pid": 1, "folder": "/", "environment": {}}
BAD = {
    "not a preamble": b"Content-Length: 20\r\n\r\n{}",
    "another format": b"berth 2 2\n{}",
    "too long": b"berth 1 %d\n" % (MOST_BYTES + 1),
    "no end of line": b"berth 1 " + b"1" * 100,
    "a negative length": b"berth 1 -5\n",
    "no JSON": b"berth 1 3\n{{{",
    "no object": b"berth 1 2\n[]",
    "deep nesting": b"berth 1 100000\n" + b"[" * 100000,
    "a field is missing": preamble({key: value for key, value in CONTENT.items() if key != "pid"}),
    "a field is of another type": preamble(CONTENT | {"pid": "1"}),
    "an environment of numbers": preamble(CONTENT | {"environment": {"A": 1}}),
    "no standard input": preamble(CONTENT | {"want": "serve"}),
    "an end in the middle": preamble(CONTENT)[:-5],
    "nothing": b"",
}


@asynccontextmanager
async def caller() -> AsyncIterator[tuple[socket.socket, socket.socket]]:
    """Both ends: the host's, and the caller's."""
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with ours, theirs:
        yield ours, theirs


async def greeted(data: bytes) -> Caller:
    async with caller() as (ours, theirs):
        await to_thread.run_sync(write, theirs, data)
        with anyio.fail_after(10):
            return await SocketEntrance().greet(ours)


def write(connection: socket.socket, data: bytes) -> None:
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
async def test_what_is_no_preamble_is_refused_and_not_repeated(data: bytes) -> None:
    with pytest.raises(BadPreamble) as refused:
        await greeted(data)
    assert len(str(refused.value)) < 80


async def test_a_preamble_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_entrance, "GREETING_SECONDS", 0.05)
    async with caller() as (ours, theirs):
        theirs.sendall(b"berth 1 10\n{")
        with anyio.fail_after(10), pytest.raises(BadPreamble, match="too long"):
            await SocketEntrance().greet(ours)


async def test_a_variable_that_is_not_unicode_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    odd = os.fsdecode(b"caf\xe9")
    found = await greeted(preamble(CONTENT | {"environment": {"ODD": odd}}))
    assert os.fsencode(found.surroundings.environment["ODD"]) == b"caf\xe9"
    assert odd not in repr(found)


async def test_a_host_goes_on_after_every_kind_of_nonsense(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        (path,) = town.place.doors()
        for data in BAD.values():
            await to_thread.run_sync(shout, path, data)
        silent = dial(path, 15)
        assert silent is not None
        with silent:
            await editor.alive()
            assert len((await town.host())["connections"]) == 1


def shout(path: str, data: bytes) -> None:
    """Says something and waits until the host hangs up."""
    connection = dial(path, 15)
    assert connection is not None
    connection.settimeout(15)
    with connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        try:
            assert connection.recv(100) == b""
        except ConnectionResetError:
            return  # it hung up before it had read everything


AS_NOBODY = """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(10)
connection.connect(sys.argv[1])
connection.sendall(bytes.fromhex(sys.argv[2]))
try:
    print("heard", connection.recv(100))
except ConnectionResetError:
    print("heard", b"")
"""


def only_root() -> None:
    if os.getuid() != 0:
        pytest.skip("only root can be another user")


@pytest.mark.parametrize("transport", ["unix"], indirect=True)
async def test_another_user_gets_no_answer_even_where_the_folder_is_open(town: Town) -> None:
    only_root()
    async with town.caller() as editor:
        await editor.initialize()
        (path,) = town.place.doors()
        for opened in (town.folder, Path(path).parent, Path(path)):
            opened.chmod(0o777)
        argv = [sys.executable, "-c", AS_NOBODY, path, preamble(CONTENT).hex()]
        done = await to_thread.run_sync(
            lambda: subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True)
        )
        assert done.stdout == "heard b''\n"
        Path(path).parent.chmod(0o700)
        await editor.alive()


LISTEN = """
import os, socket, sys
os.setgid(65534); os.setuid(65534)
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1]); listener.listen()
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("transport", ["unix"], indirect=True)
def test_a_host_of_another_user_is_not_spoken_to(town: Town) -> None:
    only_root()
    town.folder.chmod(0o777)
    path = str(town.folder / "foreign.sock")
    argv = [sys.executable, "-c", LISTEN, path]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n"
        with pytest.raises(Unreachable, match="belongs to user 65534"):
            dial(path, 15)
        process.kill()


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "berth").mkdir(mode=0o755)
    with pytest.raises(Unreachable, match="open to other users"):
        find_place({"BERTH_RUNTIME_DIR": str(tmp_path / "berth")})


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "berth").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreachable, match="no folder of its own"):
        find_place({"BERTH_RUNTIME_DIR": str(tmp_path / "berth")})


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    only_root()
    (tmp_path / "berth").mkdir(mode=0o700)
    os.chown(tmp_path / "berth", NOBODY, NOBODY)
    with pytest.raises(Unreachable, match="belongs to another user"):
        find_place({"BERTH_RUNTIME_DIR": str(tmp_path / "berth")})


async def test_a_relay_tells_of_a_bad_folder_in_a_sentence_and_ends(town: Town) -> None:
    (town.folder / "berth").mkdir(mode=0o755)
    (town.folder / "berth").chmod(0o755)
    async with town.caller() as editor:
        assert await editor.status() == 1
        await editor.until(lambda: editor.errors.count(b"\n") == 1 or None, seconds=5)
        assert editor.errors.startswith(b"berth: The folder ")
    (town.folder / "berth").chmod(0o700)


@pytest.mark.parametrize("transport", ["unix"], indirect=True)
def test_a_socket_that_nobody_listens_at_is_no_host(town: Town) -> None:
    path = str(town.folder / "stale.sock")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
    assert dial(path, 15) is None
    assert dial(str(town.folder / "absent.sock"), 15) is None
