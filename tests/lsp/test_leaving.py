"""How a client can leave, and how the server takes it. The real process each time."""

import os
import signal
import sys
from pathlib import Path

import anyio
import pytest

from tests.lsp.editor import Editor, encode, open_editor

pytestmark = pytest.mark.anyio

LIST = {"command": "agent.list"}


async def test_shutdown_and_exit_end_with_status_0(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        assert await editor.leave() == 0


async def test_exit_without_shutdown_ends_with_status_1(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.notify("exit")
        assert await editor.status() == 1


async def test_exit_before_initialize_ends_with_status_1(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.notify("exit")
        assert await editor.status() == 1


async def test_an_end_of_input_is_as_good_as_exit(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.request("shutdown")
        await close_input(editor)
        assert await editor.status() == 0


async def test_an_end_of_input_without_a_word_is_survived(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.command("agent.list")
        await close_input(editor)
        assert await editor.status() == 1
        assert b"Traceback" not in editor.errors


async def test_an_end_of_input_in_the_middle_of_a_message_is_survived(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.write(b"Content-Length: 1000\r\n\r\n{")
        await close_input(editor)
        assert await editor.status() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_is_an_orderly_goodbye(tmp_path: Path, number: signal.Signals) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.command("agent.list")
        editor.process.send_signal(number)
        assert await editor.status() == 0
        assert b"Traceback" not in editor.errors


async def test_a_signal_before_initialize_is_an_orderly_goodbye(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.alive()
        editor.process.send_signal(signal.SIGTERM)
        assert await editor.status() == 0


async def test_shutdown_with_requests_in_flight_answers_them_all(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        offered: dict[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
        messages: list[object] = [{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": offered}]
        messages += [
            {"jsonrpc": "2.0", "id": n, "method": "workspace/executeCommand", "params": LIST} for n in range(1, 9)
        ]
        messages += [{"jsonrpc": "2.0", "id": 9, "method": "shutdown"}]
        await editor.write(b"".join(encode(message) for message in messages))
        for number in range(1, 10):
            assert "error" not in await editor.reply(number)
        await editor.notify("exit")
        assert await editor.status() == 0


async def test_exit_with_requests_in_flight_ends_without_waiting_for_them(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        await editor.ask("workspace/executeCommand", LIST)
        await editor.ask("shutdown")
        await editor.notify("exit")
        assert await editor.status() == 0


async def test_a_client_that_stopped_reading_does_not_keep_the_server_alive(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.initialize()
        editor.reading = anyio.Event()
        for _ in range(3000):
            await editor.ask("no/suchMethod", {"padding": "x" * 100})
        editor.process.send_signal(signal.SIGTERM)
        assert await editor.status() == 0


async def test_a_host_that_does_not_close_is_left_behind(tmp_path: Path) -> None:
    async with open_editor("--hang", state=tmp_path) as editor:
        await editor.initialize()
        await editor.command("agent.list")
        assert await editor.leave() == 0


async def test_a_host_that_cannot_be_opened_is_the_answer_to_every_command(tmp_path: Path) -> None:
    async with open_editor("--broken", state=tmp_path) as editor:
        await editor.initialize()
        for _ in range(2):
            error = await editor.refused("agent.list")
            assert error["code"] == -32803
            assert error["data"]["kind"] == "state-unwritable"
            assert error["data"]["hint"] == "Free some space."
        assert await editor.leave() == 0


async def test_stray_prints_and_child_processes_touch_neither_end_of_the_wire(tmp_path: Path) -> None:
    async with open_editor("--print", state=tmp_path) as editor:
        await editor.initialize()
        assert await editor.command("agent.list") == []
        await editor.until(
            lambda: all(word in editor.errors for word in (b"stray print", b"stray write", b"stray child"))
        )
        assert await editor.leave() == 0


async def test_input_and_output_can_be_files(tmp_path: Path) -> None:
    offered = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
    goodbye = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
    stdin, stdout = anyio.Path(tmp_path / "in"), anyio.Path(tmp_path / "out")
    await stdin.write_bytes(encode(offered) + encode(goodbye))
    with open(stdin, "rb") as reading, open(stdout, "wb") as writing:  # noqa: ASYNC230, PTH123 - two tiny files
        with anyio.fail_after(20):
            done = await anyio.run_process(
                [sys.executable, "-m", "tests.lsp.serve_fake"],
                stdin=reading,
                stdout=writing,
                env=os.environ | {"BERTH_STATE_DIR": str(tmp_path)},
                check=False,
            )
    assert done.returncode == 0
    assert (await stdout.read_bytes()).count(b"Content-Length") == 2


async def test_an_empty_input_ends_the_server(tmp_path: Path) -> None:
    with anyio.fail_after(20):
        done = await anyio.run_process(
            [sys.executable, "-m", "tests.lsp.serve_fake"],
            stdin=-3,
            env=os.environ | {"BERTH_STATE_DIR": str(tmp_path)},
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == b""


async def close_input(editor: Editor) -> None:
    assert editor.process.stdin is not None
    await editor.process.stdin.aclose()
