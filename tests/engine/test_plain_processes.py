"""Plain processes as the operating system has them: whole trees, and what becomes of them."""

import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from berth.engine.launcher import launch_command, launch_payload
from berth.engine.process.processes import Processes, open_processes
from berth.engine.process.tree import MARK
from berth.errors import BerthError, WorkspaceError
from berth.planning.host_plan import ProcessPlan

pytestmark = pytest.mark.anyio

SECONDS = 20.0
REPOSITORY = Path(__file__).parents[2]

FAMILY = """
stubborn='trap "" INT TERM HUP; echo pid $$; while :; do sleep 0.1; done'
sh -c "$stubborn" &
sh -c "sh -c '$stubborn' & wait" &
setsid sh -c "$stubborn" &
setsid setsid env -u NOTHING sh -c "$stubborn" >/dev/null 2>&1 &
trap 'exit 3' TERM
echo pid $$
while :; do sleep 0.05; done
"""
"""A child that takes no signal, such a grandchild, and two such that left the group and the session."""


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with open_processes(tmp_path) as processes:
        yield processes


async def launched(processes: Processes, script: str, *, workdir: str = "/", **variables: str) -> str:
    """A process that became this shell script."""
    plan = ProcessPlan(workdir=workdir, inherited={**os.environ, **variables})
    process = await processes.create(plan, name="test", command=launch_command())
    await processes.start(process)
    stdin = await processes.open_input(process)
    await stdin.write(launch_payload({}, ("/bin/sh", "-c", script)))
    return process


async def pids(processes: Processes, process: str, count: int) -> list[int]:
    """Waits until so many processes told who they are."""
    seen = b""
    with anyio.fail_after(SECONDS):
        async with processes.output(process) as outputs:
            async for output in outputs:
                seen += output.data
                found = [int(pid) for pid in re.findall(rb"pid (\d+)\n", seen)]
                if len(found) >= count:
                    return found
    raise AssertionError(seen)


def lives(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(*pids: int) -> None:
    """Waits until they all have ended; nobody tells of the end of somebody else's child."""
    with anyio.fail_after(SECONDS):
        while True:
            if not any(map(lives, pids)):
                return
            await anyio.sleep(0.02)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
async def test_the_end_of_a_process_is_the_end_of_all_that_came_of_it(processes: Processes, name: str) -> None:
    process = await launched(processes, FAMILY)
    family = await pids(processes, process, 4)
    await processes.signal(process, "SIGTERM" if name == "SIGTERM" else "SIGKILL")
    with anyio.fail_after(SECONDS):
        facts = await processes.wait(process)
    assert facts is not None
    assert facts.exit_code == {"SIGTERM": 3, "SIGKILL": 137}[name]
    assert not [pid for pid in family if lives(pid)]
    assert not marked_by(process)


async def test_a_process_that_ends_by_itself_leaves_nothing_behind(processes: Processes) -> None:
    child = "trap '' TERM; echo pid $$; exec sleep 1000"
    process = await launched(processes, 'sh -c "$CHILD" & echo pid $$; read -r line; exit 0', CHILD=child)
    family = await pids(processes, process, 2)
    await (await processes.open_input(process)).write(b"end\n")
    with anyio.fail_after(SECONDS):
        facts = await processes.wait(process)
    assert facts is not None
    assert facts.exit_code == 0
    assert not [pid for pid in family if lives(pid)]


@pytest.mark.parametrize("starter", ["", "setsid -w "])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
async def test_a_signal_reaches_children_too_whatever_group_they_are_in(
    processes: Processes, name: str, starter: str
) -> None:
    child = "trap 'echo child caught; exit 0' INT TERM; echo pid $$; while :; do sleep 0.05; done"
    process = await launched(processes, f"trap 'exit 4' INT TERM; {starter}sh -c \"$CHILD\"; exit 5", CHILD=child)
    await pids(processes, process, 1)
    await processes.signal(process, "SIGINT" if name == "SIGINT" else "SIGTERM")
    with anyio.fail_after(SECONDS):
        facts = await processes.wait(process)
    assert facts is not None
    assert facts.exit_code == 4
    assert b"child caught" in await processes.tail(process, lines=5)


async def test_removing_a_running_process_ends_its_tree(processes: Processes) -> None:
    process = await launched(processes, FAMILY)
    family = await pids(processes, process, 4)
    with anyio.fail_after(SECONDS):
        await processes.remove(process)
    assert not [pid for pid in family if lives(pid)]
    assert await processes.inspect(process) is None


async def test_leaving_the_block_ends_every_process(tmp_path: Path) -> None:
    async with open_processes(tmp_path) as processes:
        families = [await pids(processes, await launched(processes, FAMILY), 4) for _ in range(2)]
    assert not [pid for family in families for pid in family if lives(pid)]


HOST = """
import sys, anyio
from pathlib import Path
from berth.engine.process.processes import open_processes
from tests.engine.test_plain_processes import FAMILY, launched, pids

async def main():
    async with open_processes(Path(sys.argv[1])) as processes:
        print(*await pids(processes, await launched(processes, FAMILY), 4), flush=True)
        await anyio.sleep_forever()

anyio.run(main)
"""


async def test_a_host_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOST, str(tmp_path)]
    async with await anyio.open_process(command, stderr=None, cwd=REPOSITORY) as host:
        assert host.stdout is not None
        with anyio.fail_after(SECONDS):
            line = b""
            while not line.endswith(b"\n"):
                line += await host.stdout.receive()
        host.send_signal(signal.SIGKILL)
        family = [int(pid) for pid in line.split()]
        assert len(family) == 4
        await gone(*family)


async def test_a_program_that_does_not_read_holds_nobody_up(processes: Processes) -> None:
    process = await launched(processes, "echo pid $$; exec sleep 1000")
    await pids(processes, process, 1)
    stdin = await processes.open_input(process)
    with anyio.move_on_after(0.3) as writing:
        await stdin.write(b"x" * 10_000_000)
    assert writing.cancelled_caught
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(told_to_be_gone, stdin.write(b"x" * 10_000_000))
        await anyio.wait_all_tasks_blocked()
        with anyio.fail_after(SECONDS):
            await processes.signal(process, "SIGKILL")


async def told_to_be_gone(writing: object) -> None:
    with pytest.raises(BerthError) as caught:
        await writing  # type: ignore[misc]  # a coroutine
    assert caught.value.kind == "container-gone"


async def test_no_variable_of_the_payload_is_in_a_command_line(processes: Processes) -> None:
    process = await processes.create(
        ProcessPlan(workdir="/", inherited={"PATH": os.environ["PATH"]}), name="test", command=launch_command()
    )
    await processes.start(process)
    stdin = await processes.open_input(process)
    await stdin.write(launch_payload({"KEY": "canary-value"}, ("/bin/sh", "-c", "echo pid $$; sleep 1000")))
    [pid] = await pids(processes, process, 1)
    assert b"KEY=canary-value" in await anyio.Path(f"/proc/{pid}/environ").read_bytes()
    shown = await printed_by("ps", "-axww", "-o", "args=")
    assert "berth-launcher" in shown or "sleep" in shown
    assert "canary-value" not in shown


async def test_a_working_folder_that_is_gone_is_said_by_name(processes: Processes, tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    process = await processes.create(ProcessPlan(str(absent), {}), name="test", command=launch_command())
    with pytest.raises(WorkspaceError, match="absent") as caught:
        await processes.start(process)
    assert caught.value.kind == "workspace-missing"
    facts = await processes.inspect(process)
    assert facts is not None
    assert facts.status == "created"


async def test_the_shell_is_the_users_own_in_the_workspace(processes: Processes, tmp_path: Path) -> None:
    folder = tmp_path / "a 'folder' -x"
    folder.mkdir()
    plan = ProcessPlan(str(folder), {}, "/bin/pwd")
    argv = processes.shell(await processes.create(plan, name="test", command=launch_command()), {})
    assert (await printed_by(*argv)).strip() == str(folder)


async def test_no_descriptor_is_left_open(processes: Processes) -> None:
    before = descriptors()
    for _ in range(5):
        process = await launched(processes, "echo pid $$")
        with anyio.fail_after(SECONDS):
            await processes.wait(process)
        await processes.remove(process)
    # The keeper's pipe came with the first of them.
    assert descriptors() <= before + 3


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def printed_by(*command: str) -> str:
    with anyio.fail_after(SECONDS):
        return (await anyio.run_process(command)).stdout.decode()


def marked_by(process: str) -> list[str]:
    """Every process that still carries the mark of this one."""
    wanted, found = f"{MARK}={process}".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found += [entry.name] if wanted in (entry / "environ").read_bytes() else []
        except OSError:
            continue
    return found
