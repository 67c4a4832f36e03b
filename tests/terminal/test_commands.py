"""What a person or a script does with sessions in a terminal, beside a real editor on the same host."""

import json
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from anyio.abc import Process

from tests.lsp.asking import events, info_is, started
from tests.lsp.editor import REPOSITORY
from tests.sharing.town import Town, is_there, until_gone

pytestmark = pytest.mark.anyio

BERTH = (sys.executable, "-m", "tests.terminal.berth_fake")
ESCAPE = "\x1b"


@dataclass
class Said:
    status: int
    out: str
    err: str


async def berth(town: Town, *arguments: str) -> Said:
    """Runs one command to its end."""
    with anyio.fail_after(30):
        done = await anyio.run_process([*BERTH, *arguments], check=False, env=variables(town), cwd=REPOSITORY)
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def variables(town: Town) -> dict[str, str]:
    return os.environ | town.environment | {"BERTH_STATE_DIR": str(town.state), "PYTHONPATH": str(REPOSITORY)}


async def test_ls_starts_a_host_where_there_is_none(town: Town) -> None:
    assert await berth(town, "ls") == Said(0, "No sessions.\n", "")
    assert (await town.host())["connections"] == []


async def test_ls_shows_a_row_for_each_session_and_json_for_scripts(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        listed = await berth(town, "ls")
        header, row = listed.out.splitlines()
        assert header.split() == ["SESSION", "STATE", "AGENT", "WHERE", "AGE", "FOLDER"]
        assert row.split()[:4] == [session, "Running", "scripted", "berth-test"]
        assert row.endswith(str(tmp_path / "w"))
        (info,) = json.loads((await berth(town, "ls", "--json")).out)
        host = info.pop("host")
        assert host["pid"] == (await town.host())["pid"]
        assert info == (await editor.command("agent.list"))[0]


async def test_stop_waits_until_the_session_is_off_and_rm_removes_it(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        refused = await berth(town, "rm", session)
        assert (refused.status, refused.out) == (1, "")
        assert "still runs" in refused.err
        assert await berth(town, "stop", session[:4]) == Said(0, f"{session} is off.\n", "")
        await editor.until(lambda: info_is(editor, session, "stopped"))
        assert json.loads((await berth(town, "stop", session, "--json")).out)["state"] == "stopped"
        assert await berth(town, "rm", session) == Said(0, f"{session} is removed.\n", "")
        await editor.until(lambda: editor.all("agent/removed"))


async def test_rm_with_force_removes_what_runs(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        assert (await berth(town, "rm", session, "--force")).status == 0
        assert await editor.command("agent.list") == []


async def test_logs_print_the_last_lines_of_the_container(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        lines = (await berth(town, "logs", session)).out.splitlines()
        assert json.loads(lines[-1])["jsonrpc"] == "2.0"
        assert (await berth(town, "logs", session, "-n", "1")).out.splitlines() == lines[-1:]


@pytest.mark.parametrize("command", ["attach", "logs", "stop", "rm"])
async def test_a_session_that_is_not_there_is_told_in_a_sentence(town: Town, command: str) -> None:
    said = await berth(town, command, "nobody")
    assert said == Said(1, "", "berth: There is no session nobody. berth ls shows all there are.\n")


async def test_the_beginning_of_several_ids_is_refused(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        for name in ("twin-a", "twin-b"):
            await started(editor, session=name)
        said = await berth(town, "stop", "twin")
        assert (said.status, "twin-a, twin-b" in said.err) == (1, True)


async def test_sessions_in_a_host_of_another_version_are_listed_and_stopped_too(town: Town, tmp_path: Path) -> None:
    async with town.editor("--code", "0" * 8, workspace=tmp_path / "w") as editor:
        session = await started(editor)
        (info,) = json.loads((await berth(town, "ls", "--json")).out)
        assert info["id"] == session
        assert (await berth(town, "stop", session)).status == 0
        await editor.until(lambda: info_is(editor, session, "stopped"))


class Terminal:
    """A person at a terminal."""

    def __init__(self, process: Process, descriptor: int) -> None:
        self.process = process
        self.shown = ""
        self._descriptor = descriptor
        self._news = anyio.Event()

    async def type(self, text: str) -> None:
        await to_thread.run_sync(os.write, self._descriptor, text.encode())

    async def until(self, text: str) -> None:
        with anyio.move_on_after(20):
            while text not in self.shown:
                self._news = anyio.Event()
                await self._news.wait()
            return
        raise AssertionError(f"{text!r} was not shown, but {self.shown!r}")

    async def read(self) -> None:
        while True:
            await anyio.wait_readable(self._descriptor)
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:
                return  # the program has ended
            self.shown += data.decode(errors="replace").replace("\r\n", "\n")
            self._news.set()


@asynccontextmanager
async def terminal(town: Town, *arguments: str) -> AsyncIterator[Terminal]:
    """Runs a command in a terminal of its own."""
    ours, theirs = pty.openpty()
    ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    process = await anyio.open_process([*BERTH, *arguments], env=variables(town), cwd=REPOSITORY, **ends)  # type: ignore[arg-type]  # of mixed keywords
    os.close(theirs)
    shown = Terminal(process, ours)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(shown.read)
            yield shown
            tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            await process.wait()
            os.close(ours)


async def test_attach_shows_prompts_and_answers_and_ctrl_d_leaves_the_session_running(
    town: Town, tmp_path: Path
) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor)
        async with terminal(town, "attach", session) as person:
            await person.until("Type a prompt")
            await person.type("write a.txt from the terminal\n")
            await editor.until(lambda: info_is(editor, session, "waiting"))
            await person.until("  1  ")
            (question,) = editor.all("agent/session")[-1]["params"]["inputNeeded"]
            names = [option["kind"] for option in question["options"]]
            await person.type(f"{names.index('allow_once') + 1}\n")
            await editor.until(lambda: info_is(editor, session, "idle"))
            assert await anyio.Path(tmp_path / "w" / "a.txt").exists()
            await person.type("say done in the terminal\n")
            await person.until("done in the terminal")
            await person.type("\x04")
            with anyio.fail_after(15):
                assert await person.process.wait() == 0
        assert (await editor.command("agent.list"))[0]["state"] == "idle"


async def test_what_an_agent_prints_commands_no_terminal(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor, prompt=f"say {ESCAPE}[31mred{ESCAPE}]0;title\x07 end-of-it")
        async with terminal(town, "attach", session) as person:
            await person.until("end-of-it")
            assert ESCAPE not in person.shown


async def test_attach_without_a_keyboard_follows_until_the_session_has_ended(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        session = await started(editor, prompt="say first")
        said: list[Said] = []

        async def follow() -> None:
            said.append(await berth(town, "attach", session))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(follow)
            await editor.until(lambda: len(events(editor, session)) > 3)
            await guests(town, 2)
            await editor.command("agent.prompt", {"session": session, "text": "say second"})
            await editor.until(lambda: "second" in json.dumps(events(editor, session)[-3:]))
            await editor.command("agent.stop", {"session": session})
        assert said[0].status == 0
        assert said[0].out.index("first") < said[0].out.index("second")


async def guests(town: Town, count: int) -> None:
    with anyio.fail_after(15):
        while len((await town.host())["connections"]) != count:  # noqa: ASYNC110 - nobody tells when one comes
            await anyio.sleep(0.02)


async def test_a_host_is_not_stopped_under_a_live_session_but_by_force(town: Town, tmp_path: Path) -> None:
    async with town.editor(workspace=tmp_path / "w") as editor:
        await started(editor)
        pid = (await town.host())["pid"]
        refused = await berth(town, "host", "stop")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err == f"berth: The host {pid} has 1 live session. Add --force to end it nevertheless.\n"
        assert is_there(pid)
        assert await berth(town, "host", "stop", "--force") == Said(0, f"The host {pid} has ended.\n", "")
        assert await editor.status() == 1


async def test_a_host_that_does_not_answer_is_ended_by_force(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize()
        pid = (await town.host())["pid"]
        os.kill(pid, signal.SIGSTOP)
        assert "does not answer" in (await berth(town, "host")).out
        assert (await berth(town, "host", "stop")).status == 1
        assert (await berth(town, "host", "stop", "--force")).out == f"The host {pid} has ended.\n"
        await until_gone(pid)


async def test_host_status_shows_process_and_connections(town: Town) -> None:
    assert (await berth(town, "host")).out == "No host runs.\n"
    async with town.caller() as editor:
        await editor.initialize(clientInfo={"name": "Ed", "version": "1"})
        host = await town.host()
        lines = (await berth(town, "host")).out.splitlines()
        assert lines[1].split()[0] == str(host["pid"])
        assert lines[2] == f"  Ed 1 (process {editor.process.pid}, {REPOSITORY})"
        (told,) = json.loads((await berth(town, "host", "status", "--json")).out)
        assert told == host
