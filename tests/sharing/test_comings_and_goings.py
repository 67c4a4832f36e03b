"""How hosts and relays begin and end. Real processes each time."""

import os
import signal
import sys
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from berth.sharing.asking import ask
from tests.lsp.asking import info_is, started
from tests.lsp.editor import Editor
from tests.sharing.town import Town, until_gone

pytestmark = pytest.mark.anyio

PROGRAM = (sys.executable, "-m", "berth")
TIMES = 20


async def test_shutdown_and_exit_end_a_relay_with_status_0_and_the_host_stays(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        assert await editor.leave() == 0
    assert (await town.host())["connections"] == []


async def test_exit_without_shutdown_ends_a_relay_with_status_1(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        await editor.notify("exit")
        assert await editor.status() == 1


async def test_an_end_of_input_ends_the_connection(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        assert editor.process.stdin is not None
        await editor.process.stdin.aclose()
        assert await editor.status() == 1
    assert (await town.host())["connections"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_to_a_relay_is_an_orderly_goodbye(town: Town, number: signal.Signals) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        editor.process.send_signal(number)
        assert await editor.status() == 0
    assert (await town.host())["connections"] == []


async def test_a_relay_that_is_killed_leaves_no_connection(town: Town) -> None:
    async with town.caller() as editor, town.caller() as other:
        await other.initialize()
        await editor.initialize()
        editor.process.send_signal(signal.SIGKILL)
        await editor.status()
        await connections(town, 1)
        await other.alive()


async def test_a_host_that_is_killed_ends_its_relays_with_a_sentence_and_the_next_one_starts_another(
    town: Town,
) -> None:
    async with town.caller() as one, town.caller() as two:
        for editor in (one, two):
            await editor.initialize()
        pid = (await town.host())["pid"]
        os.kill(pid, signal.SIGKILL)
        for editor in (one, two):
            assert await editor.status() == 1
            await editor.until(lambda: b"host has ended" in editor.errors)  # noqa: B023 - awaited at once
    async with town.caller() as editor:
        await editor.initialize()
        assert (await town.host())["pid"] != pid


async def test_a_host_that_is_terminated_takes_its_socket_away(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        pid = (await town.host())["pid"]
        os.kill(pid, signal.SIGTERM)
        assert await editor.status() == 1
        await until_gone(pid)
    assert list(town.place.doors()) == []


@pytest.mark.timeout(300)
async def test_editors_that_start_at_once_make_one_host(town: Town) -> None:
    pids = set()
    for _ in range(TIMES):
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(come_and_go, town)
        pid = (await town.host())["pid"]
        assert pid not in pids
        pids.add(pid)
        (path,) = town.place.doors()
        await to_thread.run_sync(ask, path, "stop")
        await until_gone(pid)


async def come_and_go(town: Town) -> None:
    """An editor that gets an answer, of a host that need not open anything for it, and leaves."""
    async with town.caller() as editor:
        await editor.alive()
        await editor.notify("exit")
        assert await editor.status() == 1


async def test_an_idle_host_ends_and_one_with_a_live_session_stays(town: Town, tmp_path: Path) -> None:
    town.environment["BERTH_IDLE_EXIT"] = "0"
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        pid = (await town.host())["pid"]
    async with town.editor(workspace=tmp_path / "w") as editor:
        await editor.until(lambda: info_is(editor, session, "idle"))
        assert (await town.host())["pid"] == pid
        await editor.command("agent.stop", {"session": session})
        await editor.until(lambda: info_is(editor, session, "stopped"))
    await until_gone(pid)
    assert list(town.place.doors()) == []


async def test_relays_that_come_while_hosts_end_find_one(town: Town) -> None:
    town.environment["BERTH_IDLE_EXIT"] = "0"
    for _ in range(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(come_and_go, town)


async def test_a_host_of_another_version_without_sessions_is_replaced(town: Town) -> None:
    async with town.caller("--code", "0" * 8) as old:
        await old.initialize()
        async with town.caller() as new:
            await new.initialize()
            assert len(await to_thread.run_sync(town.hosts)) == 2
            (pid,) = [host["pid"] for host in await to_thread.run_sync(town.hosts) if host["started"] == oldest(town)]
            assert await old.leave() == 0
            await until_gone(pid)
            await new.alive()
    assert (await town.host())["pid"] != pid


async def test_a_host_of_another_version_with_sessions_stays_and_people_are_told(town: Town, tmp_path: Path) -> None:
    async with town.editor("--code", "0" * 8, workspace=tmp_path / "w") as old:
        session = await started(old)
        pid = (await town.host())["pid"]
        async with town.editor(workspace=tmp_path / "w") as new:
            message = await new.one(lambda message: message.get("method") == "window/showMessage")
            assert "1 session still runs in another version" in message["params"]["message"]
            assert await new.command("agent.list") == []
            await old.command("agent.stop", {"session": session})
            await old.until(lambda: info_is(old, session, "stopped"))
            assert await old.leave() == 0
            await until_gone(pid)


async def test_a_host_that_cannot_open_says_why_and_the_next_relay_starts_another(town: Town) -> None:
    async with town.caller("--broken") as editor:
        await editor.initialize()
        error = await editor.refused("agent.list")
        assert error["data"]["kind"] == "state-unwritable"
        async with town.caller() as other:
            await other.initialize()
            assert await other.command("agent.list") == []


async def test_a_host_that_does_not_come_up_is_told_in_a_sentence_with_the_place_of_its_last_words(town: Town) -> None:
    async with town.caller("--crash") as editor:
        assert await editor.status(seconds=60) == 1  # three hosts are started
        await editor.until(lambda: editor.errors.endswith(b"\n"))
        sentence, _, place = editor.errors.decode().strip().partition(" It may have said why in ")
        assert sentence == "berth: Berth's host ended before it answered."
        assert await anyio.Path(place).read_text() == "crashed as told\n"


async def connections(town: Town, count: int) -> None:
    """Waits until the host has so many."""
    with anyio.fail_after(15):
        while len((await town.host())["connections"]) != count:  # noqa: ASYNC110 - nobody tells when one goes
            await anyio.sleep(0.02)


def oldest(town: Town) -> int:
    return min(int(host["started"]) for host in town.hosts())


async def test_without_sharing_there_is_no_host(town: Town) -> None:
    town.environment["BERTH_SHARE"] = "0"
    town.command = (*PROGRAM, "serve")
    await answers_alone(town)


async def test_without_sharing_by_flag_there_is_no_host(town: Town) -> None:
    town.command = (*PROGRAM, "serve", "--no-share")
    await answers_alone(town)


async def answers_alone(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        await serves(editor)
        assert list(town.place.doors()) == []
        assert await editor.leave() == 0


async def serves(editor: Editor) -> None:
    assert await editor.command("agent.list") == []
