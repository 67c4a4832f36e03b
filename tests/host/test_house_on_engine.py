"""Measuring, limits and litter on the real engine."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.to_thread
import docker
import pytest
from docker import DockerClient

from berth.engine.docker import DockerEngine
from berth.host import litter
from berth.host.commands import Commands
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol.commands import RemoveArguments, StartArguments
from berth.protocol.housekeeping import DiskArguments, PruneArguments, SetLimitsArguments, WatchStatsArguments
from berth.protocol.session import State
from tests.host.test_host import Editor
from tests.sessions.on_engine import IMAGE, SECONDS

pytestmark = [pytest.mark.anyio, pytest.mark.engine]

SCRIPT = 'head -c 3000000 /dev/zero > "$HOME"/made; echo ready; while read -r line; do echo $line; done'
MIB = 2**20


class Home:
    """A host on the real engine, its commands, an editor, and somebody who looks from outside."""

    def __init__(self, host: Host, editor: Editor, outside: DockerClient) -> None:
        self.host = host
        self.editor = editor
        self.outside = outside
        self.commands = Commands(host)

    async def start(self) -> str:
        session = f"t{secrets.token_hex(4)}"
        await self.commands.start(self.editor, StartArguments(session=session))
        await self.editor.until(lambda: self.host.info(session).state is State.IDLE, SECONDS)
        return session


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    workspace, state = tmp_path / "workspace", StateFolder(tmp_path / "state")
    for path in (workspace, state.sessions, state.accounts, state.trust):
        path.mkdir(parents=True, exist_ok=True)
    editor = Editor(workspace)
    command = ["/bin/sh", "-c", SCRIPT]
    editor.settings = {
        "agent": "script",
        "agents": {"script": {"command": command, "dialect": "lines"}},
        "docker": {"defaultImage": IMAGE, "login": "none", "network": {"mode": "open"}},
    }
    outside = await anyio.to_thread.run_sync(lambda: docker.from_env(version="auto"))
    async with open_host(DockerEngine, state) as host:
        host.attach(editor)
        made = Home(host, editor, outside)
        yield made
        for session in host.sessions():
            await made.commands.remove(editor, RemoveArguments(session=session.info.id, force=True))
    outside.close()


async def test_docker_ps_finds_sessions_by_name_and_label(home: Home) -> None:
    session = await home.start()
    found = home.outside.containers.list(filters={"label": "dev.berth"})
    assert f"berth-workspace-{session}" in [container.name for container in found]
    [own] = home.outside.containers.list(filters={"label": f"dev.berth.session={session}"})
    assert own.id == home.host.info(session).container


async def test_a_session_is_measured_while_somebody_looks(home: Home) -> None:
    session = await home.start()
    await home.commands.watch_stats(home.editor, WatchStatsArguments(session=session))
    await home.editor.until(lambda: len(home.editor.stats) >= 2, SECONDS)
    stats = home.editor.stats[-1]
    assert stats.memory is not None
    assert 0 < stats.memory < 200 * MIB
    assert stats.cpu is not None
    assert stats.pids is not None
    assert stats.received is not None


async def test_limits_of_a_running_session_change_in_the_kernel(home: Home) -> None:
    session = await home.start()
    arguments = SetLimitsArguments(session=session, memory="200m", cpus=0.5, pids=77)
    await home.commands.set_limits(home.editor, arguments)
    container = home.outside.containers.get(home.host.info(session).container or "")
    limits = container.attrs["HostConfig"]
    assert (limits["Memory"], limits["NanoCpus"], limits["PidsLimit"]) == (200 * MIB, 500_000_000, 77)
    await home.commands.watch_stats(home.editor, WatchStatsArguments(session=session))
    await home.editor.until(lambda: home.editor.stats, SECONDS)
    assert home.editor.stats[-1].memory_limit == 200 * MIB


async def test_the_disk_report_measures_what_a_session_wrote(home: Home) -> None:
    session = await home.start()
    report = await home.commands.disk(home.editor, DiskArguments())
    [container] = [item for item in report.items if item.session == session]
    assert container.size is not None
    volumes = {item.name: item for item in report.items if item.what == "volume"}
    [own] = [item for name, item in volumes.items() if name.endswith(f"-{session}")]
    assert own.used
    assert own.size is not None
    assert own.size >= 3_000_000


async def test_what_a_killed_host_left_is_told_and_then_removed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litter, "YOUNG_SECONDS", -1.0)
    session = await home.start()
    name = f"berth-workspace-{session}"
    container = home.outside.containers.get(name)
    volume = next(mount["Name"] for mount in container.attrs["Mounts"] if mount["Type"] == "volume")
    lost = home.host._sessions.pop(session)
    await anyio.Path(lost.record.folder).rename(home.host.folder.root / "away")
    # only what this test made may go: this engine is not the test's alone
    seen = await home.host.leftovers._look(None)
    verdicts = {each.item.name: each for each in litter.litter(seen, force=True)}
    assert not verdicts[name].goes
    assert verdicts[name].item.why == "it still runs"
    assert volume not in verdicts
    container.kill()
    container.wait()
    dry = await home.commands.prune(home.editor, PruneArguments(force=True))
    assert name in [item.name for item in dry.removed]
    assert dry.size > 0
    assert home.outside.containers.get(name).status == "exited"
    remove = home.host.leftovers._remove
    seen = await home.host.leftovers._look(None)
    [leftover] = [each for each in litter.litter(seen, force=True) if each.item.name == name]
    assert await remove(leftover) == ""
    seen = await home.host.leftovers._look(None)
    [own] = [each for each in litter.litter(seen, force=False) if each.item.name == volume]
    assert own.item.why == "the HOME of a session that is gone"
    assert await remove(own) == ""
    with pytest.raises(docker.errors.NotFound):
        home.outside.volumes.get(volume)
