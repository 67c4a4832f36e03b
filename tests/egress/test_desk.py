"""The host's desk: the proxy is led to services on loopback that a session lists, and to no others."""

import asyncio
import logging
import os
import socket
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from berth.planning.network_plan import NetworkPlan
from berth.sessions.egress.orders import set_order
from berth_egress.desk import Desk as DeskSeen
from berth_egress.desk import NotLed, read_desk
from tests.egress.at_the_desk import hosted
from tests.egress.client_end import SECONDS
from tests.egress.conversation import stand
from tests.egress.field import here

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="engines elsewhere lead to loopback by themselves"),
]


async def said(seen: DeskSeen, port: int, data: bytes = b"ping") -> bytes:
    """All that a service answers."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(sock=await seen.connection(port))
        with closing(writer):
            writer.write(data)
            writer.write_eof()
            return await reader.read()


async def test_a_service_that_is_listed_is_reached_and_each_direction_ends_alone(tmp_path: Path) -> None:
    async with stand() as service, hosted(tmp_path) as host:
        assert await said(await host.seen(here(service.port)), service.port) == b"heard ping"


async def test_a_service_that_speaks_first_is_heard_from_its_first_byte(tmp_path: Path) -> None:
    async with stand(b"SSH-2.0\r\n") as service, hosted(tmp_path) as host:
        assert await said(await host.seen(here(service.port)), service.port, b"") == b"SSH-2.0\r\n"


async def test_much_is_carried_whole(tmp_path: Path) -> None:
    data = os.urandom(4 * 1024 * 1024)
    async with stand() as service, hosted(tmp_path) as host:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(
                sock=await (await host.seen(here(service.port))).connection(service.port)
            )
            with closing(writer):
                writer.write(data)
                writer.write_eof()
                heard = await reader.read()
    assert heard.replace(b"heard ", b"") == data.replace(b"heard ", b"")


async def test_a_service_on_the_other_loopback_address_is_reached(tmp_path: Path) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"six")
        writer.close()

    server = await asyncio.start_server(greet, "::1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, hosted(tmp_path) as host:
        assert await said(await host.seen(here(port)), port, b"") == b"six"


async def test_what_only_another_session_lists_is_refused_and_not_connected_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with stand() as listed, stand() as other, hosted(tmp_path) as host:
        seen = await host.seen(here(listed.port))
        assert await said(await host.seen(here(other.port), lane="other"), other.port) == b"heard ping"
        with caplog.at_level(logging.WARNING), pytest.raises(NotLed, match="does not lead"):
            await seen.connection(other.port)
    assert other.connections == 1
    assert "not listed" in caplog.text


async def test_a_session_that_is_gone_is_led_nowhere(tmp_path: Path) -> None:
    async with stand() as service, hosted(tmp_path) as host:
        seen = await host.seen(here(service.port))
        host.desk.forget("one")
        with pytest.raises(NotLed, match="does not lead"):
            await seen.connection(service.port)
    assert service.connections == 0


async def test_a_port_at_which_nobody_listens_is_said_to_be_one(tmp_path: Path) -> None:
    async with hosted(tmp_path) as host:
        with pytest.raises(NotLed, match="nothing listens there"):
            await (await host.seen(here(1))).connection(1)


async def test_without_its_host_nothing_is_led_anywhere_and_the_socket_is_gone(tmp_path: Path) -> None:
    async with stand() as service:
        async with hosted(tmp_path) as host:
            seen = await host.seen(here(service.port))
        assert [*host.folder.iterdir()] == []
        with pytest.raises(NotLed, match="only while Berth runs"):
            await seen.connection(service.port)


async def test_the_next_host_leads_by_a_socket_of_its_own(tmp_path: Path) -> None:
    async with stand() as service:
        async with hosted(tmp_path) as first:
            old = await first.seen(here(service.port))
        async with hosted(tmp_path) as second:
            new = await second.seen(here(service.port))
            assert new.path != old.path
            assert await said(new, service.port) == b"heard ping"
            with pytest.raises(NotLed):
                await old.connection(service.port)


async def test_sockets_of_killed_hosts_are_removed_and_those_of_others_are_not(tmp_path: Path) -> None:
    async with hosted(tmp_path) as other:
        kept = Path((await other.seen()).path)
        with socket.socket(socket.AF_UNIX) as killed:
            killed.bind(str(other.folder / "killed"))
        for path in other.folder.iterdir():
            os.utime(path, (0, 0))
        async with hosted(tmp_path) as host:
            own = Path((await host.seen()).path)
            assert {*host.folder.iterdir()} == {kept, own}


async def test_another_user_gets_through_the_folder_to_a_socket_that_it_knows_and_cannot_list_it(
    tmp_path: Path,
) -> None:
    async with hosted(tmp_path) as host:
        modes = [stat.S_IMODE(os.stat(path).st_mode) for path in (host.folder, (await host.seen()).path)]  # noqa: PTH116 - one is a text
    assert modes == [0o711, 0o666]


async def test_where_the_folder_is_not_mounted_that_is_what_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotLed, match="no way of its own"):
        await DeskSeen(str(tmp_path / "desk" / "socket"), "").connection(1)


@pytest.mark.parametrize("words", [b"", b"\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 4096, b"\xff\n"])
async def test_whoever_asks_in_another_way_is_led_nowhere_and_disturbs_nobody(tmp_path: Path, words: bytes) -> None:
    async with stand() as service, hosted(tmp_path) as host:
        seen = await host.seen(here(service.port))
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_unix_connection(seen.path)
            with closing(writer):
                writer.write(words)
                writer.write_eof()
                with suppress(ConnectionResetError):  # it leaves without having heard everything
                    assert await reader.read() in (b"", b"x")
        assert await said(seen, service.port) == b"heard ping"
    assert service.connections == 1


async def test_where_no_socket_can_be_orders_name_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "desk").write_text("in the way")
    async with hosted(tmp_path) as host:
        with caplog.at_level(logging.WARNING):
            order = await host.desk.noted(set_order("one", NetworkPlan("allowlist"), hold=0.0))
        assert await host.desk.open() is None
    assert "desk" not in order
    assert "cannot be led to" in caplog.text


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"socket": "../../run/docker.sock", "token": "0" * 32},
        {"socket": "0" * 16, "token": "0" * 31},
        {"socket": "0" * 16, "token": "0" * 32 + "\n"},
        {"socket": "0" * 16, "token": f"{'0' * 32} 22\n{'0' * 32}"},
    ],
)
def test_the_proxy_knows_a_desk_by_two_words_of_one_spelling(wire: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_desk(wire)
    assert read_desk({"socket": "0" * 16, "token": "0" * 32}).path == "/run/berth-desk/0000000000000000"
